//! Wishes: who waits for a seat in a stream, since when, and what came of it. One document a wish, so that a
//! crowd in one line writes no document that grows with it.

use aggregates::{
    Event,
    shared::{EnrollmentId, PersonId, Position, Recorded, StreamId, TextRef},
    stream::{LineEnd, StreamEvent},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View};

/// One document for a student who ever waited for a seat in a stream: the last time they did.
pub struct Wishes;

/// Waiting for a seat.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct WishDocument {
    /// The stream and where in the log they joined its line, while they wait: in its order, the line.
    pub in_line: Option<String>,
    /// The stream.
    pub stream: Option<StreamId>,
    /// Who waits.
    pub student: Option<PersonId>,
    /// The registration that the seat would be for.
    pub enrollment: Option<EnrollmentId>,
    /// Where in the log they joined the line: whoever joined before is before them.
    pub joined: Position,
    /// When.
    pub joined_at: Timestamp,
    /// Until when a seat is held for them, or was, if one was.
    pub offered_until: Option<Timestamp>,
    /// Why the last seat that was held for them is held no longer, where a registrar decided so; until the next is.
    pub withdrawn: Option<TakenAway>,
    /// Why they wait no longer.
    pub ended: Option<LineEnd>,
    /// Since when.
    pub ended_at: Option<Timestamp>,
}

impl WishDocument {
    /// Until when a seat was held for them that they did not take in time, if it was why they wait no longer.
    pub fn lapsed(&self) -> Option<Timestamp> {
        self.offered_until.filter(|_| self.ended == Some(LineEnd::Lapsed))
    }
}

/// What a registrar took away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TakenAway {
    /// Why.
    pub because: TextRef,
    /// By whom.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

impl TakenAway {
    /// That reason, by who acted then.
    pub fn of(because: &TextRef, recorded: &Recorded) -> Self {
        let (by, at) = (recorded.metadata.actor, recorded.recorded_at);
        Self { because: because.clone(), by, at }
    }
}

/// The key of a student's wish.
pub fn wish(stream: StreamId, student: PersonId) -> String {
    format!("{stream}:{student}")
}

/// Where somebody is in a line who joined it at that position; what goes before is before it in its order.
pub fn in_line(stream: StreamId, joined: Position) -> String {
    format!("{stream}:{:019}", joined.0)
}

impl View for Wishes {
    const NAME: &'static str = "wish";
    const VERSION: u32 = 2;
    const COLUMNS: &'static [Column] = &[
        Column { name: "in_line", kind: ColumnType::Text },
        Column { name: "enrollment", kind: ColumnType::Text },
    ];
    type Document = WishDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Stream(event) = event else { return vec![] };
        match event {
            StreamEvent::LineJoined { stream, student, .. }
            | StreamEvent::SeatOffered { stream, student, .. }
            | StreamEvent::OfferWithdrawn { stream, student, .. }
            | StreamEvent::LineLeft { stream, student, .. } => vec![wish(*stream, *student)],
            _ => vec![],
        }
    }

    fn apply(document: &mut WishDocument, _: &str, recorded: &Recorded) {
        let Event::Stream(event) = &recorded.event else { return };
        match event {
            StreamEvent::LineJoined { stream, student, enrollment, .. } => {
                *document = WishDocument {
                    in_line: Some(in_line(*stream, recorded.position)),
                    stream: Some(*stream),
                    student: Some(*student),
                    enrollment: Some(*enrollment),
                    joined: recorded.position,
                    joined_at: recorded.recorded_at,
                    ..WishDocument::default()
                };
            }
            StreamEvent::SeatOffered { until, .. } => {
                document.offered_until = Some(*until);
                document.withdrawn = None;
            }
            StreamEvent::OfferWithdrawn { because, .. } => {
                document.offered_until = None;
                document.withdrawn = Some(TakenAway::of(because, recorded));
            }
            StreamEvent::LineLeft { why, .. } => {
                document.in_line = None;
                document.ended = Some(*why);
                document.ended_at = Some(recorded.recorded_at);
            }
            _ => {}
        }
    }
}
