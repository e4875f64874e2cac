//! Account: what a person may act as, and what a teacher tells of themself. Logins and passwords lie outside the log.
//!
//! Invariants: roles are granted only to an open account; a closed one has none and stays closed; who
//! was erased stays erased; only a teacher has a teacher's card.
//!
//! ```text
//! (nothing) --Open--> open --Close--> closed
//!     |                |                |
//!     \----------------+--- Erase ------+--> erased
//! ```

mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use command::AccountCommand;
pub use error::AccountError;
pub use event::AccountEvent;

use crate::shared::{Role, TextRef};

/// What a person may act as.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    standing: Standing,
    roles: BTreeSet<Role>,
    /// What they tell of themself as a teacher.
    card: Option<TextRef>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
enum Standing {
    #[default]
    Unopened,
    Open,
    Closed,
    Erased,
}

aggregate!(Account, "Account", AccountCommand, AccountEvent, AccountError, format 2);

impl Account {
    fn decide(&self, command: AccountCommand) -> Result<Vec<AccountEvent>, AccountError> {
        Ok(match command {
            AccountCommand::Open { person } => match self.standing {
                Standing::Unopened => vec![AccountEvent::Opened { person }],
                Standing::Open => vec![],
                Standing::Closed | Standing::Erased => return Err(AccountError::Closed),
            },
            AccountCommand::GrantRole { person, role } => {
                self.must_be_open()?;
                let held = self.roles.contains(&role);
                (!held).then_some(AccountEvent::RoleGranted { person, role }).into_iter().collect()
            }
            AccountCommand::RevokeRole { person, role } => {
                self.must_be_open()?;
                if !self.roles.contains(&role) {
                    return Err(AccountError::RoleNotHeld { role });
                }
                vec![AccountEvent::RoleRevoked { person, role }]
            }
            AccountCommand::SetCard { person, card } => {
                self.must_be_open()?;
                if !self.roles.contains(&Role::Teacher) {
                    return Err(AccountError::NoTeacher);
                }
                let same = self.card.as_ref() == Some(&card);
                (!same).then_some(AccountEvent::CardSet { person, card }).into_iter().collect()
            }
            AccountCommand::Close { person } => {
                self.must_be_open()?;
                vec![AccountEvent::Closed { person }]
            }
            AccountCommand::Erase { person, reason } => {
                let known = self.standing == Standing::Erased;
                let erased = AccountEvent::Erased { person, reason };
                (!known).then_some(erased).into_iter().collect()
            }
        })
    }

    fn evolve(&mut self, event: AccountEvent) {
        match event {
            AccountEvent::Opened { .. } => self.standing = Standing::Open,
            AccountEvent::RoleGranted { role, .. } => {
                self.roles.insert(role);
            }
            AccountEvent::RoleRevoked { role, .. } => {
                self.roles.remove(&role);
                if role == Role::Teacher {
                    self.card = None;
                }
            }
            AccountEvent::CardSet { card, .. } => self.card = Some(card),
            AccountEvent::Closed { .. } => *self = Self::without(Standing::Closed),
            AccountEvent::Erased { .. } => *self = Self::without(Standing::Erased),
        }
    }

    /// An account of which nothing is left but that it was.
    fn without(standing: Standing) -> Self {
        Self { standing, ..Self::default() }
    }

    fn must_be_open(&self) -> Result<(), AccountError> {
        match self.standing {
            Standing::Open => Ok(()),
            Standing::Unopened => Err(AccountError::Unknown),
            Standing::Closed | Standing::Erased => Err(AccountError::Closed),
        }
    }
}
