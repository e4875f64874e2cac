//! Seats: who has one in a stream, for its teacher's journal. One document a seat, so that a crowd on one
//! stream writes no document that grows with it.

use aggregates::{
    Event,
    shared::{EnrollmentId, PersonId, Recorded, StreamId},
    stream::StreamEvent,
};
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View};

/// One document a seat that was ever taken: a stream and a student.
pub struct Seats;

/// A seat.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SeatDocument {
    /// The stream, while the seat is held: what lists filter by.
    pub held_in: Option<StreamId>,
    /// Whose it is.
    pub student: Option<PersonId>,
    /// The registration that the seat is for.
    pub enrollment: Option<EnrollmentId>,
}

impl View for Seats {
    const NAME: &'static str = "seat";
    const VERSION: u32 = 2;
    const COLUMNS: &'static [Column] = &[Column { name: "held_in", kind: ColumnType::Text }];
    type Document = SeatDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Stream(event) = event else { return vec![] };
        match event {
            StreamEvent::SeatTaken { stream, student, .. }
            | StreamEvent::SeatReleased { stream, student, .. }
            | StreamEvent::SeatImported { stream, student, .. } => {
                vec![format!("{stream}:{student}")]
            }
            _ => vec![],
        }
    }

    fn apply(document: &mut SeatDocument, _: &str, recorded: &Recorded) {
        let Event::Stream(event) = &recorded.event else { return };
        match event {
            StreamEvent::SeatTaken { stream, student, enrollment }
            | StreamEvent::SeatImported { stream, student, enrollment, .. } => {
                document.held_in = Some(*stream);
                document.student = Some(*student);
                document.enrollment = Some(*enrollment);
            }
            StreamEvent::SeatReleased { .. } => document.held_in = None,
            _ => {}
        }
    }
}
