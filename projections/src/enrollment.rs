//! Enrollments: each registration with its streams and performance.

use std::collections::BTreeSet;

use aggregates::{
    Event,
    enrollment::EnrollmentEvent,
    shared::{Decision, Recorded, StreamId},
};
use serde::{Deserialize, Serialize};

use crate::{View, performance::Performance};

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
    /// On which facts the student was let in; none for an imported one.
    pub decision: Option<Decision>,
}

impl View for Enrollments {
    const NAME: &'static str = "enrollment";
    const VERSION: u32 = 1;
    type Document = EnrollmentDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Enrollment(event) = event else { return vec![] };
        vec![event.ids().enrollment.to_string()]
    }

    fn apply(document: &mut EnrollmentDocument, _: &str, recorded: &Recorded) {
        let Event::Enrollment(event) = &recorded.event else { return };
        match event {
            EnrollmentEvent::Registered { decision, .. } => {
                *document = EnrollmentDocument::default();
                document.decision = Some(decision.clone());
            }
            EnrollmentEvent::Imported { .. } => document.dropped = false,
            EnrollmentEvent::Dropped { .. } => {
                document.dropped = true;
                document.streams.clear();
            }
            EnrollmentEvent::StreamChosen { seat, gives_up, .. } => {
                if let Some(old) = gives_up {
                    document.streams.remove(old);
                }
                document.streams.insert(seat.stream);
            }
            EnrollmentEvent::StreamLeft { stream, .. } => {
                document.streams.remove(stream);
            }
            _ => {}
        }
        document.performance.apply(event, recorded);
    }
}
