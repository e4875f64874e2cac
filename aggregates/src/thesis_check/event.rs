//! What can have happened to the checks of a thesis.

use serde::{Deserialize, Serialize};

use crate::shared::{
    Decision, DocumentKind, FileId, FileRef, Language, Percent, PersonId, Text, TextRef, ThesisId,
    ThesisKind, ThesisRules,
};

/// Whose thesis, of what kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thesis {
    /// Its id.
    pub id: ThesisId,
    /// Whose.
    pub student: PersonId,
    /// What kind of work.
    pub kind: ThesisKind,
    /// The title.
    pub title: Text,
    /// Who guides it.
    pub supervisor: Option<PersonId>,
}

/// Which thesis, of whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThesisOf {
    /// The thesis.
    pub id: ThesisId,
    /// Whose.
    pub student: PersonId,
}

named! {
    /// Whether an attempt costs something.
    pub enum Payment {
        /// It is free.
        Free = "free",
        /// It is paid for.
        Paid = "paid",
    }
}

named! {
    /// How staff decided an attempt.
    pub enum Verdict {
        /// The work counts as handed in.
        Passed = "passed",
        /// It does not.
        Failed = "failed",
    }
}

/// What a check says of a work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The share of its text that was found nowhere else.
    pub originality: Percent,
    /// The share that was found in other works.
    pub similarity: Percent,
    /// How many pages it has, where its format says so.
    pub pages: Option<u32>,
    /// How many words.
    pub words: u32,
    /// With how many works it was compared.
    pub compared: u32,
    /// What checked it, with its version.
    pub engine: String,
    /// The works that most was found in, the closest first.
    pub sources: Vec<Source>,
}

/// A work that text was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Whose thesis it is.
    pub thesis: ThesisId,
    /// The share of the checked work that is found in it.
    pub share: Percent,
}

events! {
    /// What can have happened to the checks of a thesis.
    #[allow(missing_docs, reason = "`of` says whose thesis, `attempt` which attempt, from 1")]
    pub enum ThesisCheckEvent, prefix "ThesisCheck" {
        /// The thesis was opened.
        Opened {
            /// Whose, of what kind, under which title.
            thesis: Thesis,
            /// The version of the regulation.
            regulation: String,
            /// Its rules for theses then; they stay with the thesis.
            rules: ThesisRules,
        },
        /// A document was handed in.
        DocumentAdded {
            of: ThesisOf,
            /// Of which kind.
            kind: DocumentKind,
            /// The file.
            file: FileRef,
        },
        /// A document was taken back.
        DocumentRemoved {
            of: ThesisOf,
            /// Which.
            file: FileId,
        },
        /// An attempt was opened.
        AttemptOpened {
            of: ThesisOf,
            attempt: u32,
            /// Whether it costs something.
            payment: Payment,
        },
        /// There are so many attempts from now on.
        AttemptsAllowed {
            of: ThesisOf,
            /// Free ones.
            free: u32,
            /// Paid ones.
            paid: u32,
        },
        /// The work was handed in, or again.
        WorkUploaded {
            of: ThesisOf,
            attempt: u32,
            /// The file.
            file: FileRef,
            /// The language it is written in.
            language: Language,
        },
        /// The receipt of a paid attempt was handed in.
        ReceiptAttached {
            of: ThesisOf,
            attempt: u32,
            /// The file.
            file: FileRef,
        },
        /// The payment has come.
        PaymentConfirmed { of: ThesisOf, attempt: u32 },
        /// The work was sent to the check.
        Sent {
            of: ThesisOf,
            attempt: u32,
            /// The work.
            work: FileRef,
        },
        /// The check is done.
        Reported {
            of: ThesisOf,
            attempt: u32,
            /// What it says.
            report: Report,
        },
        /// The check itself failed: the attempt was given back.
        CheckFailed {
            of: ThesisOf,
            attempt: u32,
            /// Why, by a stable name.
            reason: String,
        },
        /// Staff decided the attempt.
        Decided {
            of: ThesisOf,
            attempt: u32,
            /// How.
            verdict: Verdict,
            /// On which facts.
            decision: Decision,
            /// What staff say to it.
            comment: Option<TextRef>,
        },
        /// All attempts were used without success: the work is not credited.
        NotCredited {
            of: ThesisOf,
            /// How many there were.
            used: u32,
        },
    }
}

impl ThesisCheckEvent {
    /// The file that came in with it.
    pub fn handed_in(&self) -> Option<&FileRef> {
        match self {
            Self::DocumentAdded { file, .. }
            | Self::WorkUploaded { file, .. }
            | Self::ReceiptAttached { file, .. } => Some(file),
            _ => None,
        }
    }

    /// The student whose thesis it is.
    pub fn student(&self) -> Option<PersonId> {
        Some(self.of().student)
    }

    /// Which thesis, of whom.
    pub fn of(&self) -> ThesisOf {
        match self {
            Self::Opened { thesis, .. } => thesis.of(),
            Self::DocumentAdded { of, .. }
            | Self::DocumentRemoved { of, .. }
            | Self::AttemptOpened { of, .. }
            | Self::AttemptsAllowed { of, .. }
            | Self::WorkUploaded { of, .. }
            | Self::ReceiptAttached { of, .. }
            | Self::PaymentConfirmed { of, .. }
            | Self::Sent { of, .. }
            | Self::Reported { of, .. }
            | Self::CheckFailed { of, .. }
            | Self::Decided { of, .. }
            | Self::NotCredited { of, .. } => *of,
        }
    }
}

impl Thesis {
    /// Which thesis, of whom.
    pub fn of(&self) -> ThesisOf {
        ThesisOf { id: self.id, student: self.student }
    }
}
