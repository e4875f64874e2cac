//! What can have happened to a subject.

use serde::{Deserialize, Serialize};

use crate::shared::{Credits, Language, Origin, PersonId, Requirement, SubjectId, TermId, Text};

/// What the catalogue says of a subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectCard {
    /// The code (`MATH101`).
    pub code: Text,
    /// The title.
    pub title: Text,
    /// The credits it is worth.
    pub credits: Credits,
    /// Compulsory or elective.
    pub compulsory: bool,
    /// What has to be passed before.
    pub prerequisites: Vec<SubjectId>,
}

/// What a subject is about, in one language (manual 2.8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Its title in that language.
    pub title: Option<Text>,
    /// What is taught.
    pub description: Option<Text>,
    /// What whoever passes it can do.
    pub competences: Vec<Text>,
}

events! {
    /// What can have happened to a subject.
    pub enum SubjectEvent, prefix "Subject" {
        /// It entered the catalogue.
        Created {
            /// Its id.
            subject: SubjectId,
            /// What the catalogue says of it.
            card: SubjectCard,
        },
        /// The catalogue says something else of it from now on.
        Revised = "2" {
            /// Its id.
            subject: SubjectId,
            /// What the catalogue says of it.
            card: SubjectCard,
            /// What it asks for no longer.
            dropped_prerequisites: Vec<SubjectId>,
        },
        /// It asks for this beside its prerequisites from now on.
        RequirementSet {
            /// Its id.
            subject: SubjectId,
            /// All of it.
            requirement: Requirement,
            /// The subjects that it named before, and names no longer.
            dropped_subjects: Vec<SubjectId>,
        },
        /// It is offered in a term.
        Offered {
            /// Its id.
            subject: SubjectId,
            /// The term.
            term: TermId,
        },
        /// In a language this is said of what it is about from now on; nothing at all, where all of it is empty.
        Described {
            /// Its id.
            subject: SubjectId,
            /// In which language.
            language: Language,
            /// All that is said in it.
            about: About,
        },
        /// It was taken over from another system.
        Imported {
            /// Its id.
            subject: SubjectId,
            /// What the catalogue says of it.
            card: SubjectCard,
            /// Where it comes from.
            origin: Origin,
        },
    }
}

impl SubjectEvent {
    /// A subject is nobody's record.
    pub fn student(&self) -> Option<PersonId> {
        None
    }

    /// The subject's id.
    pub fn subject(&self) -> SubjectId {
        match self {
            Self::Created { subject, .. }
            | Self::Revised { subject, .. }
            | Self::RequirementSet { subject, .. }
            | Self::Offered { subject, .. }
            | Self::Described { subject, .. }
            | Self::Imported { subject, .. } => *subject,
        }
    }

    /// What the catalogue says of it since, where that changed.
    pub fn card(&self) -> Option<&SubjectCard> {
        match self {
            Self::Created { card, .. }
            | Self::Revised { card, .. }
            | Self::Imported { card, .. } => Some(card),
            Self::RequirementSet { .. } | Self::Offered { .. } | Self::Described { .. } => None,
        }
    }
}
