//! Teachers' cards: where what a teacher tells of themself lies, outside the log.

use aggregates::{
    Event,
    account::AccountEvent,
    shared::{PersonId, Recorded, Role, TextRef},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::View;

/// One document somebody who ever had a card.
pub struct TeacherCards;

/// A teacher's card.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TeacherCardDocument {
    /// What it says; none once they teach no longer.
    pub card: Option<TextRef>,
    /// Since when.
    pub changed_at: Timestamp,
}

impl View for TeacherCards {
    const NAME: &'static str = "teacher_card";
    const VERSION: u32 = 1;
    type Document = TeacherCardDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::Account(
                AccountEvent::CardSet { person, .. }
                | AccountEvent::RoleRevoked { person, role: Role::Teacher }
                | AccountEvent::Closed { person }
                | AccountEvent::Erased { person, .. },
            ) => vec![PersonId::to_string(person)],
            _ => vec![],
        }
    }

    fn apply(document: &mut TeacherCardDocument, _: &str, recorded: &Recorded) {
        document.changed_at = recorded.recorded_at;
        document.card = match &recorded.event {
            Event::Account(AccountEvent::CardSet { card, .. }) => Some(card.clone()),
            _ => None,
        };
    }
}
