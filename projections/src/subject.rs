//! Subjects: the catalogue, with what each asks for and what asks for it.

use std::collections::BTreeSet;

use aggregates::{
    Event,
    shared::{Recorded, SubjectId, TermId},
    subject::{SubjectCard, SubjectEvent},
};
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View, alphabet::sort_key};

/// One document a subject.
pub struct Subjects;

/// A subject.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SubjectDocument {
    /// What the catalogue says of it; none where only another subject names it.
    pub card: Option<SubjectCard>,
    /// In which terms it is offered.
    pub offered: BTreeSet<TermId>,
    /// Which subjects name it as a prerequisite.
    pub postrequisites: BTreeSet<SubjectId>,
    /// What lists sort by: the code, in the order of the alphabet.
    pub sort_key: String,
}

impl View for Subjects {
    const NAME: &'static str = "subject";
    const VERSION: u32 = 3;
    const COLUMNS: &'static [Column] = &[Column { name: "sort_key", kind: ColumnType::Text }];
    type Document = SubjectDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Subject(event) = event else { return vec![] };
        // What it asks for beside prerequisites, and what it is about, are views of their own.
        if let SubjectEvent::RequirementSet { .. } | SubjectEvent::Described { .. } = event {
            return vec![];
        }
        let mut keys = BTreeSet::from([event.subject()]);
        keys.extend(event.card().iter().flat_map(|card| &card.prerequisites));
        if let SubjectEvent::Revised { dropped_prerequisites, .. } = event {
            keys.extend(dropped_prerequisites);
        }
        keys.iter().map(SubjectId::to_string).collect()
    }

    fn apply(document: &mut SubjectDocument, key: &str, recorded: &Recorded) {
        let Event::Subject(event) = &recorded.event else { return };
        let subject = event.subject();
        match event {
            SubjectEvent::RequirementSet { .. } | SubjectEvent::Described { .. } => {}
            SubjectEvent::Offered { term, .. } => {
                document.offered.insert(*term);
            }
            SubjectEvent::Created { card, .. }
            | SubjectEvent::Revised { card, .. }
            | SubjectEvent::Imported { card, .. } => {
                if subject.to_string() == key {
                    document.sort_key = sort_key(card.code.as_str());
                    document.card = Some(card.clone());
                } else if card.prerequisites.iter().any(|wanted| wanted.to_string() == key) {
                    document.postrequisites.insert(subject);
                } else {
                    document.postrequisites.remove(&subject);
                }
            }
        }
    }
}
