//! What can have happened to an account.

use crate::shared::{PersonId, Role, TextRef};

events! {
    /// What can have happened to an account.
    pub enum AccountEvent, prefix "Account" {
        /// It was opened.
        Opened {
            /// Whose it is.
            person: PersonId,
        },
        /// A role was granted.
        RoleGranted {
            /// Whose account.
            person: PersonId,
            /// Which role.
            role: Role,
        },
        /// A role was taken away.
        RoleRevoked {
            /// Whose account.
            person: PersonId,
            /// Which role.
            role: Role,
        },
        /// Says something else of themself as a teacher from now on; what, lies outside the log.
        CardSet {
            /// Who.
            person: PersonId,
            /// Their card (manual 2.8).
            card: TextRef,
        },
        /// It was closed.
        Closed {
            /// Whose account.
            person: PersonId,
        },
        /// The person was forgotten: name, contacts and texts, which lay outside the log, are gone.
        Erased {
            /// Whom.
            person: PersonId,
            /// Why.
            reason: TextRef,
        },
    }
}

impl AccountEvent {
    /// Account events concern a person as an account, not a student's record.
    pub fn student(&self) -> Option<PersonId> {
        None
    }
}
