//! What can have happened to an academic calendar.

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use super::Period;
use crate::shared::{Origin, PersonId, TermId, Text, Titles};

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
    /// The week of the term that a day is in, from 1; none outside the term. Weeks are those of the calendar, from
    /// Monday on; the first is the one of the term's first day.
    pub fn week_of(&self, day: Date) -> Option<i32> {
        let within = self.starts_on <= day && day <= self.ends_on;
        within.then(|| (monday_of(day) - monday_of(self.starts_on)).get_days() / 7 + 1)
    }

    /// How many weeks it has.
    pub fn weeks(&self) -> i32 {
        self.week_of(self.ends_on).unwrap_or_default()
    }

    /// The first and the last day of a week of that number, as far as it is in the term; none where it is not.
    pub fn days_of(&self, week: u8) -> Option<(Date, Date)> {
        let days = i64::from(week.saturating_sub(1)) * 7;
        let monday = monday_of(self.starts_on).saturating_add(days.days());
        let sunday = monday.saturating_add(6.days());
        let (first, last) = (monday.max(self.starts_on), sunday.min(self.ends_on));
        (first <= last).then_some((first, last))
    }
}

/// The Monday of a day's week.
pub fn monday_of(day: Date) -> Date {
    let since = day.weekday().to_monday_zero_offset();
    day.saturating_sub(i64::from(since).days())
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
