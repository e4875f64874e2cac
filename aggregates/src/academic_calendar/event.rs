//! What can have happened to an academic calendar.

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{Period, PeriodKind};
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

    /// The same with classes only in these periods of teaching, where one is for everybody: from the first to the last of
    /// them, whosever they are.
    pub fn taught_days<'p>(
        &self,
        periods: impl Iterator<Item = &'p Period>,
        zone: &TimeZone,
    ) -> Days {
        let teaching: Vec<_> = periods.filter(|period| period.kind == PeriodKind::Study).collect();
        let is_everybodys = teaching.iter().any(|period| period.audience.is_everybody());
        let first = teaching.iter().map(|period| period.window.opens_at).min();
        let last = teaching.iter().map(|period| period.window.closes_at).max();
        let last = last.and_then(|last| last.checked_sub(1.nanosecond()).ok());
        let day_of = |instant| zone.to_datetime(instant).date();
        match first.zip(last).filter(|_| is_everybodys) {
            Some((first, last)) => self.days().taught_between(day_of(first), day_of(last)),
            None => self.days(),
        }
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
