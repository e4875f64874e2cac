//! What may be asked of an academic calendar.

use super::{PeriodKind, Term};
use crate::shared::{Origin, TermId, Window};

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
    /// Set when something is open in a term.
    SetPeriod {
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
