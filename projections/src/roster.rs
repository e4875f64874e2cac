//! Rosters: who has a seat in a stream, for its teacher's journal.

use std::collections::BTreeMap;

use aggregates::{
    Event,
    shared::{EnrollmentId, PersonId, Recorded},
    stream::StreamEvent,
};
use serde::{Deserialize, Serialize};

use crate::View;

/// One document a stream.
pub struct Rosters;

/// Who has a seat in a stream.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RosterDocument {
    /// Each student with the registration that the seat is for.
    pub seats: BTreeMap<PersonId, EnrollmentId>,
}

impl View for Rosters {
    const NAME: &'static str = "roster";
    const VERSION: u32 = 1;
    type Document = RosterDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::Stream(event) if event.student().is_some() => vec![event.stream().to_string()],
            _ => vec![],
        }
    }

    fn apply(document: &mut RosterDocument, _: &str, recorded: &Recorded) {
        let Event::Stream(event) = &recorded.event else { return };
        match event {
            StreamEvent::SeatTaken { student, enrollment, .. }
            | StreamEvent::SeatImported { student, enrollment, .. } => {
                document.seats.insert(*student, *enrollment);
            }
            StreamEvent::SeatReleased { student, .. } => {
                document.seats.remove(student);
            }
            StreamEvent::Opened { .. }
            | StreamEvent::Imported { .. }
            | StreamEvent::TeacherAssigned { .. } => {}
        }
    }
}
