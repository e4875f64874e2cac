//! Teaching: the streams that somebody was ever set to teach, one document a teacher. Whether they still do, the
//! stream says.

use std::collections::BTreeSet;

use aggregates::{
    Event,
    shared::{PersonId, Recorded, StreamId},
    stream::StreamEvent,
};
use serde::{Deserialize, Serialize};

use crate::View;

/// One document a teacher.
pub struct Teachers;

/// What somebody teaches.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TeachingDocument {
    /// The streams.
    pub streams: BTreeSet<StreamId>,
}

impl View for Teachers {
    const NAME: &'static str = "teaching";
    const VERSION: u32 = 1;
    type Document = TeachingDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Stream(event) = event else { return vec![] };
        let teachers = match event {
            StreamEvent::Opened { card, .. } | StreamEvent::Imported { card, .. } => {
                card.teachers.as_slice()
            }
            StreamEvent::TeacherAssigned { teacher, .. } => std::slice::from_ref(teacher),
            _ => &[],
        };
        teachers.iter().map(PersonId::to_string).collect()
    }

    fn apply(document: &mut TeachingDocument, _: &str, recorded: &Recorded) {
        if let Event::Stream(event) = &recorded.event {
            document.streams.insert(event.stream());
        }
    }
}
