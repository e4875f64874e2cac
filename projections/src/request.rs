//! Requests of students, as their table and the work list of staff show them (manual 2.16).

use aggregates::{
    Event,
    request::{Matter, RequestEvent, RequestKind, RequestStatus},
    shared::{EnrollmentId, Language, PersonId, Recorded, TextRef},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View};

/// One document a request.
pub struct Requests;

/// A request.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RequestDocument {
    /// Whose it is; `None` only before the first event.
    pub student: Option<PersonId>,
    /// How it stands.
    pub status: Option<RequestStatus>,
    /// Of which kind it is.
    pub kind: Option<RequestKind>,
    /// The registration that it is about.
    pub about: Option<EnrollmentId>,
    /// When it was opened, in microseconds since 1970.
    pub opened: i64,
    /// What is asked for.
    pub matter: Option<Matter>,
    /// By the clock by which the calendar's windows were looked at.
    pub asked_at: Timestamp,
    /// What the student says to it.
    pub comment: Option<TextRef>,
    /// In which language the student wants to be answered.
    pub language: Option<Language>,
    /// What became of it.
    pub decided: Option<Decided>,
}

/// What became of a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Decided {
    /// Who decided; none where the student took it back.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// Why it was refused.
    pub reason: Option<TextRef>,
}

impl View for Requests {
    const NAME: &'static str = "request";
    const VERSION: u32 = 3;
    const COLUMNS: &'static [Column] = &[
        Column { name: "student", kind: ColumnType::Text },
        Column { name: "status", kind: ColumnType::Text },
        Column { name: "kind", kind: ColumnType::Text },
        Column { name: "about", kind: ColumnType::Text },
        Column { name: "opened", kind: ColumnType::Integer },
    ];
    const OWN: bool = true;
    type Document = RequestDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::Request(event) => vec![event.of().request.to_string()],
            _ => vec![],
        }
    }

    fn apply(document: &mut RequestDocument, _: &str, recorded: &Recorded) {
        let Event::Request(event) = &recorded.event else { return };
        let (status, decided) = match event {
            RequestEvent::Opened { of, matter, comment, language, at } => {
                let Matter::AddDrop(add_drop) = matter;
                *document = RequestDocument {
                    student: Some(of.student),
                    status: Some(RequestStatus::New),
                    kind: Some(matter.kind()),
                    about: Some(add_drop.change.about()),
                    opened: recorded.recorded_at.as_microsecond(),
                    matter: Some(matter.clone()),
                    asked_at: *at,
                    comment: comment.clone(),
                    language: Some(*language),
                    decided: None,
                };
                return;
            }
            RequestEvent::Withdrawn { at, .. } => {
                (RequestStatus::Withdrawn, Decided { by: None, at: *at, reason: None })
            }
            RequestEvent::Accepted { by, at, .. } => {
                (RequestStatus::Accepted, Decided { by: Some(*by), at: *at, reason: None })
            }
            RequestEvent::Refused { by, reason, at, .. } => {
                let (by, reason) = (Some(*by), Some(reason.clone()));
                (RequestStatus::Refused, Decided { by, at: *at, reason })
            }
        };
        document.status = Some(status);
        document.decided = Some(decided);
    }
}
