//! What can have happened to an academic calendar.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Period;
use crate::shared::{Days, Origin, PersonId, TermId, Text, Titles};

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

/// A term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Its id.
    pub id: TermId,
    /// Its title, in whatever language it was typed.
    pub title: Text,
    /// What it is called in languages.
    pub titles: Titles,
    /// Its kind.
    pub kind: TermKind,
    /// The first day.
    pub starts_on: Date,
    /// The last day.
    pub ends_on: Date,
}

impl Term {
    /// Its days.
    pub fn days(&self) -> Days {
        Days::between(self.starts_on, self.ends_on)
    }
}

events! {
    /// What can have happened to an academic calendar.
    pub enum AcademicCalendarEvent, prefix "AcademicCalendar" {
        /// A term was added, or an imported one changed.
        TermAdded = "2" {
            /// The year in which the academic year begins.
            year: i16,
            /// The term.
            term: Term,
            /// Where it comes from, if from another system.
            origin: Option<Origin>,
        },
        /// Something else is said of a term from now on.
        TermRevised = "2" {
            /// The year in which the academic year begins.
            year: i16,
            /// The term.
            term: Term,
        },
        /// A period was set, or moved.
        PeriodSet = "3" {
            /// The year in which the academic year begins.
            year: i16,
            /// The term.
            term: TermId,
            /// What is from when until when, and for whom.
            period: Period,
        },
        /// A period was taken out.
        PeriodRemoved = "2" {
            /// The year in which the academic year begins.
            year: i16,
            /// The term.
            term: TermId,
            /// What it was.
            period: Period,
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
            Self::TermAdded { term, .. } | Self::TermRevised { term, .. } => term.id,
            Self::PeriodSet { term, .. } | Self::PeriodRemoved { term, .. } => *term,
        }
    }
}
