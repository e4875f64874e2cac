//! Deadlines: what happens because time passes, and when (DESIGN.md section 3, *The clock*).

use aggregates::{
    Event,
    shared::{AttemptId, PersonId, Position, Recorded, SeriesId, StreamId, TestId},
    stream::{Standing, StreamEvent},
    test_attempt::TestAttemptEvent,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View};

/// One document a deadline.
pub struct Deadlines;

/// A deadline.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct DeadlineDocument {
    /// When it is due, in microseconds since 1970; none once nothing is left to do.
    pub due: Option<i64>,
    /// What is to be done then.
    pub what: Option<Deadline>,
    /// The event that set it.
    pub set_by: Position,
}

/// What is to be done when a time has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deadline {
    /// An attempt at a test ends.
    AttemptEnds {
        /// Of which series.
        series: SeriesId,
        /// Which.
        attempt: AttemptId,
    },
    /// The window of a test closes for a student who has tried.
    TestCloses {
        /// The student's attempts.
        series: SeriesId,
        /// The test.
        test: TestId,
    },
    /// A seat is held no longer for the one to whom it was offered.
    OfferLapses {
        /// In which stream.
        stream: StreamId,
        /// For whom.
        student: PersonId,
    },
    /// Seats are reserved no longer.
    ReservationEnds {
        /// In which stream.
        stream: StreamId,
        /// For whom they are.
        of: Standing,
    },
}

const ATTEMPT: &str = "attempt:";
const SERIES: &str = "series:";

impl View for Deadlines {
    const NAME: &'static str = "deadline";
    const VERSION: u32 = 4;
    const COLUMNS: &'static [Column] = &[Column { name: "due", kind: ColumnType::Integer }];
    type Document = DeadlineDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::TestAttempt(event) => of_attempts(event),
            Event::Stream(
                StreamEvent::SeatOffered { stream, student, .. }
                | StreamEvent::OfferWithdrawn { stream, student, .. }
                | StreamEvent::LineLeft { stream, student, offered: true, .. },
            ) => vec![format!("offer:{stream}:{student}")],
            Event::Stream(StreamEvent::SeatsReserved { stream, reservation }) => {
                vec![reserved(*stream, reservation.of)]
            }
            Event::Stream(StreamEvent::ReservationEnded { stream, of }) => {
                vec![reserved(*stream, *of)]
            }
            _ => vec![],
        }
    }

    fn apply(document: &mut DeadlineDocument, key: &str, recorded: &Recorded) {
        match &recorded.event {
            Event::TestAttempt(event) => document.follow_attempts(key, event, recorded.position),
            Event::Stream(StreamEvent::SeatOffered { stream, student, until, .. }) => {
                let what = Deadline::OfferLapses { stream: *stream, student: *student };
                document.set(*until, what, recorded.position);
            }
            Event::Stream(StreamEvent::SeatsReserved { stream, reservation }) => {
                let what = Deadline::ReservationEnds { stream: *stream, of: reservation.of };
                document.set(reservation.until, what, recorded.position);
            }
            _ => document.due = None,
        }
    }
}

/// The key of a reservation's end.
fn reserved(stream: StreamId, of: Standing) -> String {
    let programme = of.programme.map(|programme| programme.to_string()).unwrap_or_default();
    format!("reserved:{stream}:{programme}:{}", of.year.unwrap_or_default())
}

fn of_attempts(event: &TestAttemptEvent) -> Vec<String> {
    let series = || format!("{SERIES}{}", event.series().id);
    let attempt = |id: &AttemptId| format!("{ATTEMPT}{id}");
    match event {
        TestAttemptEvent::Started { attempt: started, .. } => {
            vec![attempt(&started.id), series()]
        }
        TestAttemptEvent::Ended { attempt: ended, .. } => vec![attempt(ended)],
        TestAttemptEvent::Extended { .. } | TestAttemptEvent::Concluded { .. } => {
            vec![series()]
        }
        TestAttemptEvent::AnswerSaved { .. } | TestAttemptEvent::MarkTold { .. } => vec![],
    }
}

impl DeadlineDocument {
    fn follow_attempts(&mut self, key: &str, event: &TestAttemptEvent, position: Position) {
        let of_series = event.series();
        let (series, test) = (of_series.id, of_series.test);
        match event {
            TestAttemptEvent::Started { attempt, .. } if key.starts_with(ATTEMPT) => {
                let what = Deadline::AttemptEnds { series, attempt: attempt.id };
                self.set(attempt.ends_at, what, position);
            }
            TestAttemptEvent::Started { .. } | TestAttemptEvent::Extended { .. } => {
                let what = Deadline::TestCloses { series, test };
                self.set(of_series.closes_at, what, position);
            }
            _ => self.due = None,
        }
    }

    fn set(&mut self, due: Timestamp, what: Deadline, by: Position) {
        self.due = Some(due.as_microsecond());
        self.what = Some(what);
        self.set_by = by;
    }
}
