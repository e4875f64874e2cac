//! Subject: a subject of the catalogue, with its credits, what it asks of whoever takes it, and what it is about.
//!
//! Invariants: a subject has credits and never asks for itself, nor in a circle for one that asks for it, by what was
//! known of the others when it was saved, nor for two things of which one rules the other out; what was offered stays
//! offered.
//!
//! ```text
//! (nothing) --Create--> in the catalogue --Revise, Require, Offer, Describe--> in the catalogue
//! ```

mod command;
mod error;
mod event;
pub(crate) mod past;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use command::SubjectCommand;
pub use error::SubjectError;
pub use event::{About, SubjectCard, SubjectEvent};

use crate::shared::{Asking, Language, Requirement, SubjectId, TermId};

/// The most competences that are said to be gained.
const MOST_COMPETENCES: usize = 50;

/// A subject of the catalogue.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    card: Option<SubjectCard>,
    requirement: Requirement,
    offered: BTreeSet<TermId>,
    /// What it is about, in the languages in which that is said.
    about: BTreeMap<Language, About>,
}

aggregate!(Subject, "Subject", SubjectCommand, SubjectEvent, SubjectError, format 3);

impl Subject {
    fn decide(&self, command: SubjectCommand) -> Result<Vec<SubjectEvent>, SubjectError> {
        Ok(match command {
            SubjectCommand::Create { subject, card } => {
                if let Some(known) = &self.card {
                    return Err(known.created_already(subject, &card));
                }
                must_be_sound(&card, subject)?;
                vec![SubjectEvent::Created { subject, card }]
            }
            SubjectCommand::Revise { subject, card, asking } => {
                let now = self.card.as_ref().ok_or(SubjectError::Unknown)?;
                must_be_sound(&card, subject)?;
                must_end(subject, &card, &self.requirement, asking)?;
                revised(subject, now, card)
            }
            SubjectCommand::Require { subject, requirement, asking } => {
                let card = self.card.as_ref().ok_or(SubjectError::Unknown)?;
                must_be_meant(&requirement, subject)?;
                must_end(subject, card, &requirement, asking)?;
                self.required(subject, requirement)
            }
            SubjectCommand::MustAsk { prerequisites, requirement, .. } => {
                let card = self.card.as_ref().ok_or(SubjectError::Unknown)?;
                let same = card.prerequisites == prerequisites && self.requirement == requirement;
                return if same { Ok(vec![]) } else { Err(SubjectError::RequirementsChanged) };
            }
            SubjectCommand::Offer { subject, term } => {
                self.card.as_ref().ok_or(SubjectError::Unknown)?;
                let known = self.offered.contains(&term);
                (!known).then_some(SubjectEvent::Offered { subject, term }).into_iter().collect()
            }
            SubjectCommand::Describe { subject, language, about } => {
                self.card.as_ref().ok_or(SubjectError::Unknown)?;
                self.described(subject, language, about)?
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
            SubjectEvent::RequirementSet { requirement, .. } => self.requirement = requirement,
            SubjectEvent::Offered { term, .. } => {
                self.offered.insert(term);
            }
            SubjectEvent::Described { language, about, .. } => {
                if about.is_empty() {
                    self.about.remove(&language);
                } else {
                    self.about.insert(language, about);
                }
            }
        }
    }
}

impl Subject {
    /// The change to another requirement, if it is one.
    fn required(&self, subject: SubjectId, requirement: Requirement) -> Vec<SubjectEvent> {
        if self.requirement == requirement {
            return vec![];
        }
        let named = requirement.subjects();
        let dropped = self.requirement.subjects().into_iter().filter(|old| !named.contains(old));
        let dropped_subjects = dropped.collect();
        vec![SubjectEvent::RequirementSet { subject, requirement, dropped_subjects }]
    }

    /// The change of what is said in a language, if it is one.
    fn described(
        &self,
        subject: SubjectId,
        language: Language,
        about: About,
    ) -> Result<Vec<SubjectEvent>, SubjectError> {
        let (competences, most) = (about.competences.len(), MOST_COMPETENCES);
        if competences > most {
            return Err(SubjectError::CompetencesTooMany { competences, most });
        }
        let same = match self.about.get(&language) {
            Some(now) => *now == about,
            None => about.is_empty(),
        };
        let described = SubjectEvent::Described { subject, language, about };
        Ok((!same).then_some(described).into_iter().collect())
    }
}

impl About {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl SubjectCard {
    /// The code, as those are told apart that differ in more than capitals.
    pub fn code_key(&self) -> String {
        self.code.as_str().to_lowercase()
    }

    /// Why another one is not put into the catalogue under this one's id.
    fn created_already(&self, subject: SubjectId, other: &Self) -> SubjectError {
        match self.code_key() == other.code_key() {
            true => self.has_the_code(subject),
            false => SubjectError::Exists,
        }
    }

    /// Why no other subject has this one's code.
    pub fn has_the_code(&self, subject: SubjectId) -> SubjectError {
        SubjectError::CodeTaken { code: self.code.clone(), title: self.title.clone(), subject }
    }

    /// All that is asked of whoever takes it: its prerequisites, and what it asks for beside them.
    pub fn asks(&self, beside: &Requirement) -> Requirement {
        let prerequisites = self.prerequisites.iter().copied().map(Requirement::Passed);
        Requirement::All(prerequisites.chain([beside.clone()]).collect())
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

fn must_be_meant(requirement: &Requirement, subject: SubjectId) -> Result<(), SubjectError> {
    let (most_parts, most_depth) = (Requirement::MOST_PARTS, Requirement::MOST_DEPTH);
    let (everything, depth) = (requirement.everything(), requirement.depth());
    let parts = everything.len();
    if parts > most_parts || depth > most_depth {
        Err(SubjectError::RequirementTooLarge { parts, depth, most_parts, most_depth })
    } else if everything.contains(&&Requirement::Any(vec![])) {
        Err(SubjectError::RequirementIsEmpty)
    } else if requirement.subjects().contains(&subject) {
        Err(SubjectError::AsksForItself)
    } else {
        Ok(())
    }
}

/// What a subject asks for can be met, and never leads back to it.
fn must_end(
    subject: SubjectId,
    card: &SubjectCard,
    requirement: &Requirement,
    mut asking: Asking,
) -> Result<(), SubjectError> {
    asking.codes.subjects.insert(subject, card.code.clone());
    let asks = card.asks(requirement);
    if let Some(parts) = asks.contradiction() {
        let requirement = Requirement::All(parts.map(Clone::clone).to_vec()).told(&asking.codes);
        return Err(SubjectError::RequirementUnmeetable { requirement });
    }
    match asking.cycle(subject, asks) {
        Some(cycle) => Err(SubjectError::PrerequisiteCycle { cycle }),
        None => Ok(()),
    }
}
