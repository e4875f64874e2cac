//! What may be asked of the checks of a thesis.

use super::{Report, Thesis, Verdict};
use crate::shared::{DocumentKind, FileId, FileRef, Language, TextRef, ThesisRules};

/// What may be asked of the checks of a thesis.
#[derive(Debug, Clone, strum::IntoStaticStr)]
pub enum ThesisCheckCommand {
    /// Open the thesis under the rules in force.
    Open {
        /// Whose, of what kind, under which title.
        thesis: Thesis,
        /// The version of the regulation.
        regulation: String,
        /// Its rules for theses, if it has any.
        rules: Option<ThesisRules>,
    },
    /// Hand a document in.
    AddDocument {
        /// Of which kind.
        kind: DocumentKind,
        /// The file.
        file: FileRef,
    },
    /// Take a document back.
    RemoveDocument {
        /// Which file.
        file: FileId,
    },
    /// Hand the work in, or again; the first time opens the first attempt.
    UploadWork {
        /// The file, without title page and appendices.
        file: FileRef,
        /// The language it is written in.
        language: Language,
    },
    /// Open a further attempt: a free one while there are any, then a paid one.
    OpenAttempt,
    /// Set how many attempts there are.
    AllowAttempts {
        /// Free ones.
        free: u32,
        /// Paid ones.
        paid: u32,
    },
    /// Hand in the receipt of a paid attempt.
    AttachReceipt {
        /// The file.
        file: FileRef,
    },
    /// The payment of an attempt has come.
    ConfirmPayment {
        /// Which attempt.
        attempt: u32,
    },
    /// Send the work to the check: it uses up the attempt.
    Send,
    /// The check is done.
    Report {
        /// Of which attempt.
        attempt: u32,
        /// Of which file.
        file: FileId,
        /// What it says.
        report: Report,
    },
    /// The check itself failed: the attempt is given back.
    FailCheck {
        /// Of which attempt.
        attempt: u32,
        /// Of which file.
        file: FileId,
        /// Why, by a stable name.
        reason: String,
    },
    /// Decide an attempt.
    Decide {
        /// Which: the newest, so that a late click can't decide the next one.
        attempt: u32,
        /// How.
        verdict: Verdict,
        /// What staff say to it.
        comment: Option<TextRef>,
    },
}
