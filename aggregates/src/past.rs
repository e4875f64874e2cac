//! Events of old: what lies in the log in a shape that is no longer written, read as what is written now.
//!
//! An aggregate whose events have changed says in its `past.rs` what each former shape says now; [`FORMER`]
//! lists them. What was one event may be several: they share its position and its sequence.

use serde_json::{Value, json};

use crate::{Event, academic_calendar, programme, request, stream, student, subject};

/// Every shape that was written once and is no longer.
pub const FORMER: &[Former] = &[
    academic_calendar::past::PERIOD_REMOVED_1,
    academic_calendar::past::PERIOD_SET_1,
    academic_calendar::past::PERIOD_SET_2,
    academic_calendar::past::TERM_ADDED_1,
    academic_calendar::past::TERM_REVISED_1,
    programme::past::CREATED_1,
    programme::past::CURRICULUM_SET_1,
    programme::past::REVISED_1,
    request::past::OPENED_1,
    stream::past::IMPORTED_1,
    stream::past::LINE_LEFT_1,
    student::past::RETURNED_1,
    student::past::SETTINGS_CHANGED_1,
    subject::past::REVISED_1,
];

/// A shape that was written once.
pub struct Former {
    /// The stored type.
    pub event_type: &'static str,
    /// The version of the shape.
    pub version: &'static str,
    /// What it says in a later one: one event or several, never none.
    pub later: fn(Value) -> Vec<Shape>,
}

/// An event with its shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// The stored type.
    pub event_type: String,
    /// The version of the shape.
    pub version: String,
    /// What happened.
    pub payload: Value,
}

impl Shape {
    /// An event in that shape.
    pub fn of(event_type: &str, version: &str, payload: Value) -> Self {
        Self { event_type: event_type.to_owned(), version: version.to_owned(), payload }
    }

    /// What it says in the shapes that are written now.
    pub fn now(self) -> Vec<Self> {
        match former(&self.event_type, &self.version) {
            Some(former) => (former.later)(self.payload).into_iter().flat_map(Self::now).collect(),
            None => vec![self],
        }
    }
}

/// What was called something once, in whatever language that was typed, is called nothing in languages beside it.
pub(crate) fn without_titles(at: Option<&mut Value>) {
    if let Some(Value::Object(fields)) = at {
        fields.insert("titles".to_owned(), json!({}));
    }
}

fn former(event_type: &str, version: &str) -> Option<&'static Former> {
    FORMER.iter().find(|former| (former.event_type, former.version) == (event_type, version))
}

/// Why an event can't be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// No aggregate has such an event.
    #[error("no event type {0} is known; a newer oqu may have written it")]
    Unknown(String),
    /// It was written by a later version of the program.
    #[error(
        "its version {found} is newer than version {known}, which this oqu knows; use a newer one"
    )]
    Newer {
        /// The version it was written in.
        found: String,
        /// The newest that is known.
        known: &'static str,
    },
    /// Its payload is another event's.
    #[error("its payload is {event_type} version {version}")]
    Another {
        /// The type of the payload.
        event_type: &'static str,
        /// Its version.
        version: &'static str,
    },
    /// Its payload is broken.
    #[error(transparent)]
    Payload(#[from] serde_json::Error),
}

impl Event {
    /// Reads what is stored, in whatever version it was written: at least one event.
    pub fn read(
        aggregate_type: &str,
        event_type: &str,
        version: &str,
        payload: &str,
    ) -> Result<Vec<Self>, Unreadable> {
        if former(event_type, version).is_none() {
            return Ok(vec![Self::read_current(aggregate_type, event_type, version, payload)?]);
        }
        let stored = Shape::of(event_type, version, serde_json::from_str(payload)?);
        let now = stored.now().into_iter().map(|Shape { event_type, version, payload }| {
            Self::read_current(aggregate_type, &event_type, &version, &payload.to_string())
        });
        now.collect()
    }

    fn read_current(
        aggregate_type: &str,
        event_type: &str,
        version: &str,
        payload: &str,
    ) -> Result<Self, Unreadable> {
        let read = Self::decode(aggregate_type, payload);
        let found = read.as_ref().ok().map(Self::type_and_version);
        if found == Some((event_type, version)) {
            return Ok(read?);
        }
        // Only now: it is asked of every event that is read.
        let known = Self::CATALOGUE.iter().flat_map(|(_, types)| *types);
        let Some((_, known)) = known.copied().find(|(known, _)| *known == event_type) else {
            return Err(Unreadable::Unknown(event_type.to_owned()));
        };
        if version.parse::<u32>().ok() > known.parse().ok() {
            return Err(Unreadable::Newer { found: version.to_owned(), known });
        }
        let (event_type, version) = read?.type_and_version();
        Err(Unreadable::Another { event_type, version })
    }
}
