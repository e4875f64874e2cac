//! What can have happened to a request.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::AddDrop;
use crate::shared::{Language, PersonId, RequestId, TextRef};

/// Which request, of whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestOf {
    /// The request.
    pub request: RequestId,
    /// Whose.
    pub student: PersonId,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// A change of what the student takes.
    AddDrop(AddDrop),
}

impl Matter {
    /// Its kind.
    pub const fn kind(&self) -> RequestKind {
        match self {
            Self::AddDrop(_) => RequestKind::AddDrop,
        }
    }
}

named! {
    /// Which kind of request it is.
    pub enum RequestKind {
        /// A subject swapped, given up or added, or another stream.
        AddDrop = "add_drop",
    }
}

named! {
    /// How a request stands.
    pub enum RequestStatus {
        /// Nothing was decided yet.
        New = "new",
        /// The student took it back.
        Withdrawn = "withdrawn",
        /// It was accepted, and carried out.
        Accepted = "accepted",
        /// It was refused.
        Refused = "refused",
    }
}

events! {
    /// What can have happened to a request.
    #[allow(missing_docs, reason = "`of` says which request of whom, `by` who decided, `at` when")]
    pub enum RequestEvent, prefix "Request" {
        /// It was opened.
        Opened = "2" {
            of: RequestOf,
            /// What is asked for.
            matter: Matter,
            /// What the student says to it.
            comment: Option<TextRef>,
            /// In which language the student wants to be answered.
            language: Language,
            at: Timestamp,
        },
        /// The student took it back.
        Withdrawn { of: RequestOf, at: Timestamp },
        /// It was accepted; what it changes was done in the same transaction.
        Accepted { of: RequestOf, by: PersonId, at: Timestamp },
        /// It was refused.
        Refused {
            of: RequestOf,
            by: PersonId,
            /// Why.
            reason: TextRef,
            at: Timestamp,
        },
    }
}

impl RequestEvent {
    /// The student whose request it is.
    pub fn student(&self) -> Option<PersonId> {
        Some(self.of().student)
    }

    /// Which request, of whom.
    pub fn of(&self) -> RequestOf {
        let (Self::Opened { of, .. }
        | Self::Withdrawn { of, .. }
        | Self::Accepted { of, .. }
        | Self::Refused { of, .. }) = self;
        *of
    }
}
