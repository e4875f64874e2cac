//! What may be chosen of a group of a student's curriculum (manual 2.3): more than its most is refused, as FenixEdu's
//! selection and credits limits do.

use std::collections::{BTreeMap, BTreeSet};

use super::{Called, Credits, Fact, SubjectId};

/// The most that may be chosen of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MostOfGroup {
    /// So many of its subjects.
    Subjects(u8),
    /// So many credits.
    Credits(Credits),
}

/// The group that a subject is chosen of, and what the student has of it already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElectiveGroup {
    /// Its name.
    pub name: Called,
    /// The most that may be chosen.
    pub most: MostOfGroup,
    /// What there is to choose from.
    pub subjects: BTreeSet<SubjectId>,
    /// Of that, what is passed or in progress in whatever term, the subject asked for aside, each with its credits.
    pub chosen: BTreeMap<SubjectId, Credits>,
}

impl ElectiveGroup {
    /// The same, where the student has a subject too. One of no concern to the group changes nothing.
    pub fn choose(&mut self, subject: SubjectId, credits: Credits) {
        if self.subjects.contains(&subject) {
            self.chosen.entry(subject).or_insert(credits);
        }
    }

    /// The credits chosen.
    pub fn credits(&self) -> Credits {
        self.chosen.values().copied().sum()
    }

    /// What a decision keeps of it.
    pub fn facts(&self) -> Vec<Fact> {
        let (chosen, most) = match self.most {
            MostOfGroup::Subjects(most) => (self.chosen.len().to_string(), most.to_string()),
            MostOfGroup::Credits(most) => (self.credits().to_string(), most.to_string()),
        };
        let counted = [Fact::new("elective_chosen", chosen), Fact::new("elective_most", most)];
        self.name.facts("elective_group").chain(counted).collect()
    }
}
