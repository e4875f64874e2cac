//! What may be asked of an account.

use crate::shared::{PersonId, Role, TextRef};

/// What may be asked of an account.
#[derive(Debug, Clone, strum::IntoStaticStr)]
pub enum AccountCommand {
    /// Open it; an open one stays as it is.
    Open {
        /// Whose.
        person: PersonId,
    },
    /// Let the person act in a role; one that is held stays.
    GrantRole {
        /// Whose account.
        person: PersonId,
        /// Which role.
        role: Role,
    },
    /// Take a role away.
    RevokeRole {
        /// Whose account.
        person: PersonId,
        /// Which role.
        role: Role,
    },
    /// Say what a teacher tells of themself; the same card again changes nothing.
    SetCard {
        /// Who.
        person: PersonId,
        /// Their card.
        card: TextRef,
    },
    /// Close it for ever.
    Close {
        /// Whose account.
        person: PersonId,
    },
    /// Forget the person: what lies outside the log about them goes with this.
    Erase {
        /// Whom.
        person: PersonId,
        /// Why.
        reason: TextRef,
    },
}
