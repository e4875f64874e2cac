//! What can have happened to a programme.

use serde::{Deserialize, Serialize};

use crate::shared::{Credits, PersonId, ProgrammeId, SubjectId, Text, Titles};

/// What is said of a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgrammeCard {
    /// The title, in whatever language it was typed.
    pub title: Text,
    /// What it is called in languages.
    pub titles: Titles,
    /// Who heads it, and approves where a subject asks for that.
    pub head: Option<PersonId>,
}

/// A subject in a term of study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The subject.
    pub subject: SubjectId,
    /// The term of study, from 1.
    pub term: u8,
}

/// How much of a group has to be passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// So many of its subjects.
    Subjects(u8),
    /// Credits from so many on; more than the most do not count to the programme.
    Credits {
        /// The least.
        from: Credits,
        /// The most that count.
        to: Credits,
    },
}

/// A group of which something is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its name, which no other group of the curriculum has.
    pub name: Text,
    /// What it is called in languages.
    pub titles: Titles,
    /// How much of it has to be passed.
    pub choice: Choice,
    /// What there is to choose from.
    pub subjects: Vec<Placed>,
}

/// What is studied: the version for those who are admitted from a year on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Curriculum {
    /// What everybody studies.
    pub compulsory: Vec<Placed>,
    /// Of which something is chosen.
    pub groups: Vec<Group>,
}

/// Where a subject stands in a curriculum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The subject.
    pub subject: SubjectId,
    /// The term of study, from 1.
    pub term: u8,
    /// The group that it is chosen of; none for what everybody studies.
    pub group: Option<&'a Group>,
}

events! {
    /// What can have happened to a programme.
    #[allow(missing_docs, reason = "`programme` is the programme")]
    pub enum ProgrammeEvent, prefix "Programme" {
        /// It was set up.
        Created = "2" {
            programme: ProgrammeId,
            /// The code, which never changes.
            code: Text,
            /// What is said of it.
            card: ProgrammeCard,
        },
        /// Something else is said of it from now on.
        Revised = "2" {
            programme: ProgrammeId,
            /// What is said of it.
            card: ProgrammeCard,
        },
        /// It was set what is studied by those who are admitted from a year on.
        CurriculumSet = "2" {
            programme: ProgrammeId,
            /// The first year of admission.
            year: i16,
            /// What is studied.
            curriculum: Curriculum,
        },
    }
}

impl ProgrammeEvent {
    /// A programme is nobody's record.
    pub fn student(&self) -> Option<PersonId> {
        None
    }

    /// The programme's id.
    pub fn programme(&self) -> ProgrammeId {
        match self {
            Self::Created { programme, .. }
            | Self::Revised { programme, .. }
            | Self::CurriculumSet { programme, .. } => *programme,
        }
    }
}
