//! Approvals that students asked the head of their programme for (manual 2.3.1).

use aggregates::{
    Event,
    shared::{PersonId, ProgrammeId, Recorded, SubjectId},
    student::StudentEvent,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View};

/// One document for a subject whose approval a student ever asked for, or got.
pub struct Approvals;

/// Asking for an approval.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ApprovalDocument {
    /// Who asks.
    pub student: Option<PersonId>,
    /// For which subject.
    pub subject: Option<SubjectId>,
    /// The programme whose head is waited for; none once it was given or declined.
    pub awaited_of: Option<ProgrammeId>,
    /// When it was asked for last.
    pub asked_at: Timestamp,
    /// The same, in microseconds since 1970.
    pub asked: i64,
}

/// The key of what a student asks of a subject.
pub fn approval(student: PersonId, subject: SubjectId) -> String {
    format!("{student}:{subject}")
}

impl View for Approvals {
    const NAME: &'static str = "approval";
    const VERSION: u32 = 2;
    const COLUMNS: &'static [Column] = &[
        Column { name: "awaited_of", kind: ColumnType::Text },
        Column { name: "asked", kind: ColumnType::Integer },
    ];
    type Document = ApprovalDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::Student(
                StudentEvent::ApprovalAsked { student, subject, .. }
                | StudentEvent::SubjectApproved { student, subject, .. }
                | StudentEvent::ApprovalWithdrawn { student, subject, .. },
            ) => vec![approval(*student, *subject)],
            _ => vec![],
        }
    }

    fn apply(document: &mut ApprovalDocument, _: &str, recorded: &Recorded) {
        match &recorded.event {
            Event::Student(StudentEvent::ApprovalAsked { student, subject, programme }) => {
                *document = ApprovalDocument {
                    student: Some(*student),
                    subject: Some(*subject),
                    awaited_of: Some(*programme),
                    asked_at: recorded.recorded_at,
                    asked: recorded.recorded_at.as_microsecond(),
                };
            }
            Event::Student(
                StudentEvent::SubjectApproved { .. } | StudentEvent::ApprovalWithdrawn { .. },
            ) => document.awaited_of = None,
            _ => {}
        }
    }
}
