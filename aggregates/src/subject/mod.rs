//! Subject: a subject of the catalogue, with its credits and prerequisites.
//!
//! Invariants: a subject has credits and is never its own prerequisite; what was offered stays
//! offered.
//!
//! ```text
//! (nothing) --Create--> in the catalogue --Revise, Offer--> in the catalogue
//! ```

mod command;
mod error;
mod event;
pub(crate) mod past;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use command::SubjectCommand;
pub use error::SubjectError;
pub use event::{SubjectCard, SubjectEvent};

use crate::shared::{SubjectId, TermId};

/// A subject of the catalogue.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    card: Option<SubjectCard>,
    offered: BTreeSet<TermId>,
}

aggregate!(Subject, "Subject", SubjectCommand, SubjectEvent, SubjectError);

impl Subject {
    fn decide(&self, command: SubjectCommand) -> Result<Vec<SubjectEvent>, SubjectError> {
        Ok(match command {
            SubjectCommand::Create { subject, card } => {
                if self.card.is_some() {
                    return Err(SubjectError::Exists);
                }
                must_be_sound(&card, subject)?;
                vec![SubjectEvent::Created { subject, card }]
            }
            SubjectCommand::Revise { subject, card } => {
                let now = self.card.as_ref().ok_or(SubjectError::Unknown)?;
                must_be_sound(&card, subject)?;
                revised(subject, now, card)
            }
            SubjectCommand::Offer { subject, term } => {
                self.card.as_ref().ok_or(SubjectError::Unknown)?;
                let known = self.offered.contains(&term);
                (!known).then_some(SubjectEvent::Offered { subject, term }).into_iter().collect()
            }
            SubjectCommand::Import { subject, card, origin } => {
                must_be_sound(&card, subject)?;
                match &self.card {
                    None => vec![SubjectEvent::Imported { subject, card, origin }],
                    Some(now) => revised(subject, now, card),
                }
            }
        })
    }

    fn evolve(&mut self, event: SubjectEvent) {
        match event {
            SubjectEvent::Created { card, .. }
            | SubjectEvent::Revised { card, .. }
            | SubjectEvent::Imported { card, .. } => self.card = Some(card),
            SubjectEvent::Offered { term, .. } => {
                self.offered.insert(term);
            }
        }
    }
}

/// The change from one card to another, if there is one.
fn revised(subject: SubjectId, now: &SubjectCard, card: SubjectCard) -> Vec<SubjectEvent> {
    if *now == card {
        return vec![];
    }
    let dropped = now.prerequisites.iter().filter(|old| !card.prerequisites.contains(old));
    let dropped_prerequisites = dropped.copied().collect();
    vec![SubjectEvent::Revised { subject, card, dropped_prerequisites }]
}

fn must_be_sound(card: &SubjectCard, subject: SubjectId) -> Result<(), SubjectError> {
    if card.credits.hundredths() == 0 {
        Err(SubjectError::NoCredits)
    } else if card.prerequisites.contains(&subject) {
        Err(SubjectError::OwnPrerequisite)
    } else {
        Ok(())
    }
}
