//! Account: what a person may act as. Logins and passwords lie outside the log.
//!
//! Invariants: roles are granted only to an open account; a closed one has none and stays closed; who
//! was erased stays erased.
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

use crate::shared::Role;

/// What a person may act as.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    standing: Standing,
    roles: BTreeSet<Role>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
enum Standing {
    #[default]
    Unopened,
    Open,
    Closed,
    Erased,
}

aggregate!(Account, "Account", AccountCommand, AccountEvent, AccountError);

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
            }
            AccountEvent::Closed { .. } => {
                self.standing = Standing::Closed;
                self.roles.clear();
            }
            AccountEvent::Erased { .. } => {
                self.standing = Standing::Erased;
                self.roles.clear();
            }
        }
    }

    fn must_be_open(&self) -> Result<(), AccountError> {
        match self.standing {
            Standing::Open => Ok(()),
            Standing::Unopened => Err(AccountError::Unknown),
            Standing::Closed | Standing::Erased => Err(AccountError::Closed),
        }
    }
}
