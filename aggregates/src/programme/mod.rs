//! Programme: what is studied, in versions by the year of admission (manual 2.3).
//!
//! Invariants: a subject stands in a curriculum once; what is asked of a group can be chosen from it, by the credits
//! that its subjects had when it was set.
//!
//! ```text
//! (nothing) --Create--> there --Revise, SetCurriculum--> there
//! ```

mod command;
mod error;
mod event;
pub(crate) mod past;
mod standing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use command::ProgrammeCommand;
pub use error::ProgrammeError;
pub use event::{Choice, Curriculum, Group, Place, Placed, ProgrammeCard, ProgrammeEvent};
pub use standing::{PartStanding, Studied};

use crate::shared::{Credits, MostOfGroup, SubjectId, Text};

/// A study programme.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Programme {
    card: Option<ProgrammeCard>,
    curricula: BTreeMap<i16, Curriculum>,
}

aggregate!(Programme, "Programme", ProgrammeCommand, ProgrammeEvent, ProgrammeError, format 2);

impl Programme {
    fn decide(&self, command: ProgrammeCommand) -> Result<Vec<ProgrammeEvent>, ProgrammeError> {
        match command {
            ProgrammeCommand::Create { programme, code, card } => match self.card {
                Some(_) => Err(ProgrammeError::Exists { code }),
                None => Ok(vec![ProgrammeEvent::Created { programme, code, card }]),
            },
            ProgrammeCommand::Revise { programme, title, titles, head } => {
                let known = self.card.as_ref().ok_or(ProgrammeError::Unknown)?;
                let titles = titles.unwrap_or_else(|| known.titles.clone());
                let head = head.unwrap_or(known.head);
                let card = ProgrammeCard { title, titles, head };
                let same = *known == card;
                let revised = ProgrammeEvent::Revised { programme, card };
                Ok((!same).then_some(revised).into_iter().collect())
            }
            ProgrammeCommand::SetCurriculum {
                programme,
                year,
                mut curriculum,
                called_as_before,
                credits,
            } => {
                self.card.as_ref().ok_or(ProgrammeError::Unknown)?;
                if !(1900..=2200).contains(&year) {
                    return Err(ProgrammeError::YearOutOfRange { year });
                }
                curriculum.must_be_sound()?;
                for group in &curriculum.groups {
                    group.must_be_possible(&credits)?;
                }
                let known = self.curricula.get(&year);
                if let Some(known) = known {
                    curriculum.call_as(known, &called_as_before);
                }
                let same = known == Some(&curriculum);
                let set = ProgrammeEvent::CurriculumSet { programme, year, curriculum };
                Ok((!same).then_some(set).into_iter().collect())
            }
        }
    }

    fn evolve(&mut self, event: ProgrammeEvent) {
        match event {
            ProgrammeEvent::Created { card, .. } | ProgrammeEvent::Revised { card, .. } => {
                self.card = Some(card);
            }
            ProgrammeEvent::CurriculumSet { year, curriculum, .. } => {
                self.curricula.insert(year, curriculum);
            }
        }
    }
}

impl Curriculum {
    /// How many subjects a curriculum may have.
    pub const MOST_SUBJECTS: usize = 500;
    /// How many terms of study there may be.
    pub const MOST_TERMS: u8 = 20;

    /// All its subjects.
    pub fn subjects(&self) -> impl Iterator<Item = &Placed> {
        self.compulsory.iter().chain(self.groups.iter().flat_map(|group| &group.subjects))
    }

    /// All its subjects with the group that each is chosen of.
    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        let compulsory = self.compulsory.iter().map(|placed| Place::of(placed, None));
        compulsory.chain(self.groups.iter().flat_map(Group::places))
    }

    /// Where a subject stands in it.
    pub fn place(&self, subject: SubjectId) -> Option<Place<'_>> {
        self.places().find(|place| place.subject == subject)
    }

    /// Calls these groups in languages as another curriculum calls its groups of the same names.
    fn call_as(&mut self, known: &Self, names: &BTreeSet<Text>) {
        for group in self.groups.iter_mut().filter(|group| names.contains(&group.name)) {
            if let Some(known) = known.groups.iter().find(|known| known.name == group.name) {
                group.titles = known.titles.clone();
            }
        }
    }

    fn must_be_sound(&self) -> Result<(), ProgrammeError> {
        let (subjects, most) = (self.subjects().count(), Self::MOST_SUBJECTS);
        if subjects == 0 || subjects > most {
            return Err(ProgrammeError::CurriculumSize { subjects, most });
        }
        let mut known = BTreeSet::new();
        for Placed { subject, term } in self.subjects() {
            if !known.insert(subject) {
                return Err(ProgrammeError::SubjectTwice { subject: subject.to_string() });
            }
            if !(1..=Self::MOST_TERMS).contains(term) {
                return Err(ProgrammeError::TermOutOfRange { term: *term });
            }
        }
        let mut names = BTreeSet::new();
        match self.groups.iter().find(|group| !names.insert(&group.name)) {
            Some(group) => Err(ProgrammeError::GroupTwice { group: group.name.clone() }),
            None => Ok(()),
        }
    }
}

impl<'a> Place<'a> {
    fn of(placed: &Placed, group: Option<&'a Group>) -> Self {
        Self { subject: placed.subject, term: placed.term, group }
    }
}

impl Group {
    fn places(&self) -> impl Iterator<Item = Place<'_>> {
        self.subjects.iter().map(|placed| Place::of(placed, Some(self)))
    }

    /// The most that may be chosen of it.
    pub fn most(&self) -> MostOfGroup {
        match self.choice {
            Choice::Subjects(choose) => MostOfGroup::Subjects(choose),
            Choice::Credits { to, .. } => MostOfGroup::Credits(to),
        }
    }

    fn must_be_possible(
        &self,
        credits: &BTreeMap<SubjectId, Credits>,
    ) -> Result<(), ProgrammeError> {
        let group = self.name.clone();
        match self.choice {
            Choice::Subjects(choose) => {
                let of = self.subjects.len();
                let possible = choose > 0 && usize::from(choose) <= of;
                possible.then_some(()).ok_or(ProgrammeError::ChoiceOfNone { group, choose, of })
            }
            Choice::Credits { from, to } => {
                let worth = self.subjects.iter().filter_map(|placed| credits.get(&placed.subject));
                let of: Credits = worth.copied().sum();
                let possible = from > Credits::default() && from <= to && from <= of;
                possible.then_some(()).ok_or(ProgrammeError::CreditsOfNone { group, from, to, of })
            }
        }
    }
}
