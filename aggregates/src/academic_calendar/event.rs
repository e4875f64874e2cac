//! What can have happened to an academic calendar.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::shared::{Origin, PersonId, TermId, Text, Window};

/// What kind of term it is: the regulation limits credits by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermKind {
    /// A semester.
    Semester,
    /// The summer term.
    Summer,
    /// A year, or another long period.
    Year,
}

named! {
    /// What is open in a period (manual 2.9).
    pub enum PeriodKind {
        /// Registering for subjects.
        Registration = "registration",
        /// Choosing streams.
        ChoosingStreams = "choosing_streams",
        /// Re-registration, week 1 of a semester.
        AddDrop = "add_drop",
        /// Teaching.
        Study = "study",
        /// Exams.
        Exams = "exams",
        /// Holidays.
        Holidays = "holidays",
    }
}

/// A term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Its id.
    pub id: TermId,
    /// Its title.
    pub title: Text,
    /// Its kind.
    pub kind: TermKind,
    /// The first day.
    pub starts_on: Date,
    /// The last day.
    pub ends_on: Date,
}

events! {
    /// What can have happened to an academic calendar.
    pub enum AcademicCalendarEvent, prefix "AcademicCalendar" {
        /// A term was added, or an imported one changed.
        TermAdded {
            /// The year in which the academic year begins.
            year: i16,
            /// The term.
            term: Term,
            /// Where it comes from, if from another system.
            origin: Option<Origin>,
        },
        /// It was set when something is open in a term.
        PeriodSet {
            /// The year in which the academic year begins.
            year: i16,
            /// The term.
            term: TermId,
            /// What is open.
            kind: PeriodKind,
            /// From when until when.
            window: Window,
        },
    }
}

impl AcademicCalendarEvent {
    /// A calendar is nobody's record.
    pub fn student(&self) -> Option<PersonId> {
        None
    }

    /// The term it is about.
    pub fn term(&self) -> TermId {
        match self {
            Self::TermAdded { term, .. } => term.id,
            Self::PeriodSet { term, .. } => *term,
        }
    }
}
