//! Journals: a student's performance in one term, subject by subject (manual 2.12).

use std::collections::BTreeMap;

use aggregates::{
    Event,
    enrollment::EnrollmentEvent,
    shared::{EnrollmentId, PersonId, Recorded, TermId},
};
use serde::{Deserialize, Serialize};

use crate::{View, performance::Performance};

/// One document a student and term.
pub struct Journals;

/// A student's journal of one term.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct JournalDocument {
    /// An entry a registration that is not given up.
    pub entries: BTreeMap<EnrollmentId, Performance>,
}

/// The key of a student's journal of a term.
pub fn key(student: PersonId, term: TermId) -> String {
    format!("{student}:{term}")
}

impl View for Journals {
    const NAME: &'static str = "journal";
    const VERSION: u32 = 1;
    type Document = JournalDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::Enrollment(
                EnrollmentEvent::StreamChosen { .. } | EnrollmentEvent::StreamLeft { .. },
            ) => vec![],
            Event::Enrollment(event) => vec![key(event.ids().student, event.ids().term)],
            _ => vec![],
        }
    }

    fn apply(document: &mut JournalDocument, _: &str, recorded: &Recorded) {
        let Event::Enrollment(event) = &recorded.event else { return };
        let enrollment = event.ids().enrollment;
        if let EnrollmentEvent::Dropped { .. } = event {
            document.entries.remove(&enrollment);
        } else {
            document.entries.entry(enrollment).or_default().apply(event, recorded);
        }
    }
}
