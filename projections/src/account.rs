//! Accounts: what each person may act as.

use std::collections::BTreeSet;

use aggregates::{
    Event,
    account::AccountEvent,
    shared::{Recorded, Role},
};
use serde::{Deserialize, Serialize};

use crate::View;

/// One document a person.
pub struct Accounts;

/// What a person may act as.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AccountDocument {
    /// Whether the account is open.
    pub open: bool,
    /// The roles.
    pub roles: BTreeSet<Role>,
    /// Whether the person was erased.
    pub erased: bool,
}

impl View for Accounts {
    const NAME: &'static str = "account";
    const VERSION: u32 = 2;
    const OWN: bool = true;
    type Document = AccountDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Account(event) = event else { return vec![] };
        let person = match event {
            AccountEvent::Opened { person }
            | AccountEvent::RoleGranted { person, .. }
            | AccountEvent::RoleRevoked { person, .. }
            | AccountEvent::Closed { person }
            | AccountEvent::Erased { person, .. } => person,
            // A view of its own.
            AccountEvent::CardSet { .. } => return vec![],
        };
        vec![person.to_string()]
    }

    fn apply(document: &mut AccountDocument, _: &str, recorded: &Recorded) {
        let Event::Account(event) = &recorded.event else { return };
        match event {
            AccountEvent::Opened { .. } => document.open = true,
            AccountEvent::RoleGranted { role, .. } => {
                document.roles.insert(*role);
            }
            AccountEvent::RoleRevoked { role, .. } => {
                document.roles.remove(role);
            }
            AccountEvent::CardSet { .. } => {}
            AccountEvent::Closed { .. } => *document = AccountDocument::default(),
            AccountEvent::Erased { .. } => {
                *document = AccountDocument { erased: true, ..AccountDocument::default() };
            }
        }
    }
}
