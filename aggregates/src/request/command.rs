//! What may be asked of a request.

use jiff::Timestamp;

use super::{Matter, RequestOf};
use crate::shared::{Language, PersonId, TextRef};

/// What may be asked of a request.
#[derive(Debug, Clone, strum::IntoStaticStr)]
#[allow(missing_docs, reason = "`by` is who decides, `at` now")]
pub enum RequestCommand {
    /// Open it.
    Open(Opening),
    /// Take it back.
    Withdraw { at: Timestamp },
    /// Accept it; what it changes is done in the same transaction.
    Accept { by: PersonId, at: Timestamp },
    /// Refuse it.
    Refuse {
        by: PersonId,
        /// Why: a refused request always has its reason.
        reason: TextRef,
        at: Timestamp,
    },
}

/// What a request is opened with.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Which request, of whom.
    pub of: RequestOf,
    /// What is asked for.
    pub matter: Matter,
    /// What the student says to it.
    pub comment: Option<TextRef>,
    /// In which language the student wants to be answered.
    pub language: Language,
    /// Now.
    pub at: Timestamp,
}
