//! What may be asked of an academic calendar.

use super::{Period, Term};
use crate::shared::{Origin, PeriodId, TermId, Window};

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
    /// Say otherwise of a term from now on: its title, its first and its last day.
    ReviseTerm {
        /// The year in which the academic year begins.
        year: i16,
        /// The term as it shall be.
        term: Term,
        /// The same from the first instant of its first day to the last of its last, at the university.
        span: Window,
    },
    /// Set a period of a term; set again, it moves.
    SetPeriod {
        /// The year in which the academic year begins.
        year: i16,
        /// The term.
        term: TermId,
        /// What is from when until when, and for whom.
        period: Period,
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
