//! What can have happened to a syllabus.

use serde::{Deserialize, Serialize};

use crate::shared::{FileId, FileRef, PersonId, SubjectId, SyllabusId, TermId, Text};

/// Which syllabus it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyllabusOf {
    /// Its id.
    pub syllabus: SyllabusId,
    /// Of which subject.
    pub subject: SubjectId,
    /// In which term.
    pub term: TermId,
}

impl SyllabusOf {
    /// The syllabus of a subject in a term.
    pub fn of(subject: SubjectId, term: TermId) -> Self {
        Self { syllabus: SyllabusId::of(subject, term), subject, term }
    }
}

/// A class of a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Its number in the syllabus, which it keeps.
    pub number: u32,
    /// What it is.
    pub content: Content,
}

/// What a class is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Which part of taking the subject it belongs to, as its streams call it: lecture, practice, laboratory.
    pub component: Text,
    /// What it is about.
    pub topic: Text,
    /// What is taught and done in it.
    pub text: Option<Text>,
    /// Where more is on the web.
    pub links: Vec<Link>,
    /// Books and papers.
    pub references: Vec<Text>,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Where it leads: an address of the web.
    pub address: Text,
    /// What it is called.
    pub label: Option<Text>,
}

events! {
    /// What can have happened to a syllabus.
    #[allow(missing_docs, reason = "`of` says which syllabus it is")]
    pub enum SyllabusEvent, prefix "Syllabus" {
        /// A week was set.
        WeekSet {
            of: SyllabusOf,
            /// Which week of the term, from 1.
            week: u8,
            /// How many the term had then.
            weeks: u8,
            /// All its classes.
            classes: Vec<Class>,
        },
        /// A class got a file.
        FileAdded {
            of: SyllabusOf,
            /// Which class.
            class: u32,
            /// The file.
            file: FileRef,
            /// Whose it is.
            by: PersonId,
        },
        /// A file was taken away.
        FileRemoved {
            of: SyllabusOf,
            /// Of which class.
            class: u32,
            /// Which.
            file: FileId,
        },
    }
}

impl SyllabusEvent {
    /// A syllabus is nobody's record.
    pub fn student(&self) -> Option<PersonId> {
        None
    }

    /// Which syllabus it is.
    pub fn of(&self) -> SyllabusOf {
        match self {
            Self::WeekSet { of, .. }
            | Self::FileAdded { of, .. }
            | Self::FileRemoved { of, .. } => *of,
        }
    }
}
