//! Enrollments: each registration with its streams and performance.

use std::collections::BTreeSet;

use aggregates::{
    Event,
    enrollment::EnrollmentEvent,
    iep::IepEvent,
    shared::{Decision, Overridden, PersonId, Position, Recorded, StreamId, TextRef},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{View, performance::Performance, wish::TakenAway};

/// One document a registration.
pub struct Enrollments;

/// A registration.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct EnrollmentDocument {
    /// Marks, ratings and grade.
    pub performance: Performance,
    /// Whether it was given up.
    pub dropped: bool,
    /// The streams.
    pub streams: BTreeSet<StreamId>,
    /// The streams whose lines were joined, whether they are waited in still or not.
    pub lines: BTreeSet<StreamId>,
    /// On which facts the student was let in; none for an imported one.
    pub decision: Option<Decision>,
    /// In spite of what a registrar let the student in.
    pub over: Option<Over>,
    /// The seats that a registrar took away, the first first.
    pub lost: Vec<LostSeat>,
    /// Where in the log it was registered, or else given up.
    pub since: Position,
}

/// A seat that a registrar took away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LostSeat {
    /// In which stream.
    pub stream: StreamId,
    /// Why, by whom and when.
    pub taken_away: TakenAway,
}

/// A registrar's override.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Over {
    /// In spite of what.
    pub reasons: Vec<Overridden>,
    /// Why.
    pub because: TextRef,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

impl View for Enrollments {
    const NAME: &'static str = "enrollment";
    const VERSION: u32 = 6;
    type Document = EnrollmentDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::Enrollment(event) => vec![event.ids().enrollment.to_string()],
            Event::Iep(IepEvent::LimitsOverridden { enrollment, .. }) => {
                vec![enrollment.to_string()]
            }
            _ => vec![],
        }
    }

    fn apply(document: &mut EnrollmentDocument, _: &str, recorded: &Recorded) {
        let event = match &recorded.event {
            Event::Enrollment(event) => event,
            Event::Iep(IepEvent::LimitsOverridden { overridden, reason, by, .. }) => {
                return document.override_with(overridden, reason, *by, recorded.recorded_at);
            }
            _ => return,
        };
        match event {
            EnrollmentEvent::Overridden { overridden, reason, by, .. } => {
                document.override_with(overridden, reason, *by, recorded.recorded_at);
            }
            EnrollmentEvent::Registered { decision, .. } => {
                *document = EnrollmentDocument::default();
                document.decision = Some(decision.clone());
                document.since = recorded.position;
            }
            EnrollmentEvent::Imported { .. } => {
                document.dropped = false;
                document.decision = None;
                document.since = recorded.position;
            }
            EnrollmentEvent::Dropped { .. } => {
                document.dropped = true;
                document.since = recorded.position;
                document.streams.clear();
                document.lines.clear();
            }
            EnrollmentEvent::StreamChosen { seat, gives_up, .. } => {
                if let Some(old) = gives_up {
                    document.streams.remove(old);
                }
                document.lines.remove(&seat.stream);
                document.streams.insert(seat.stream);
            }
            EnrollmentEvent::StreamLeft { stream, because, .. } => {
                document.streams.remove(stream);
                document.lost.extend(because.as_ref().map(|because| {
                    let taken_away = TakenAway::of(because, recorded);
                    LostSeat { stream: *stream, taken_away }
                }));
            }
            EnrollmentEvent::LineJoined { stream, .. } => {
                document.lines.insert(*stream);
            }
            _ => {}
        }
        document.performance.apply(event, recorded);
    }
}

impl EnrollmentDocument {
    /// Where in the log the facts stood that it was decided on; where it was registered, if no decision tells.
    pub fn decided_at(&self) -> Position {
        let mut facts = self.decision.iter().flat_map(|decision| &decision.facts);
        let read_at = facts.find(|fact| fact.name == "read_at");
        read_at.and_then(|fact| fact.value.parse().ok()).map_or(self.since, Position)
    }

    /// Registration and plan are overridden in one act, each by its own event.
    fn override_with(
        &mut self,
        overridden: &[Overridden],
        because: &TextRef,
        by: PersonId,
        at: Timestamp,
    ) {
        let new = || Over { reasons: vec![], because: because.clone(), by, at };
        self.over.get_or_insert_with(new).reasons.extend_from_slice(overridden);
    }
}
