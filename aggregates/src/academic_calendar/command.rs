//! What may be asked of an academic calendar.

use jiff::{Timestamp, civil::Date};

use super::{Period, Term};
use crate::shared::{Origin, PeriodId, TermId, Text, Titles};

/// What may be asked of an academic calendar.
#[derive(Debug, Clone, strum::IntoStaticStr)]
pub enum AcademicCalendarCommand {
    /// Add a term; an imported one may also be changed so.
    AddTerm {
        /// The year in which the academic year begins.
        year: i16,
        /// The term.
        term: Term,
        /// Where it comes from, if from another system.
        origin: Option<Origin>,
    },
    /// Say otherwise of a term from now on; what is left out stays.
    ReviseTerm {
        /// The year in which the academic year begins.
        year: i16,
        /// Which.
        term: TermId,
        /// The title.
        title: Option<Text>,
        /// What it is called in languages.
        titles: Option<Titles>,
        /// The first day, with its first instant at the university.
        starts: Option<(Date, Timestamp)>,
        /// The last day, with the instant after it.
        ends: Option<(Date, Timestamp)>,
    },
    /// Set a period of a term; set again, it moves.
    SetPeriod {
        /// The year in which the academic year begins.
        year: i16,
        /// The term.
        term: TermId,
        /// What is from when until when, and for whom.
        period: Period,
        /// What it is called in languages; where nothing is said as before, or as the period has it.
        titles: Option<Titles>,
        /// The day on which it opens at the university.
        opens_on: Date,
    },
    /// Take a period out.
    RemovePeriod {
        /// The year in which the academic year begins.
        year: i16,
        /// The term.
        term: TermId,
        /// Which.
        period: PeriodId,
    },
}
