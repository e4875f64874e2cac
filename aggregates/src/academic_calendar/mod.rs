//! AcademicCalendar: the terms of one academic year, and when what is open in each.
//!
//! Invariants: a term's last day is not before its first; a period belongs to a known term and is
//! not empty; setting it again moves it, and both are on record.
//!
//! ```text
//! (nothing) --AddTerm--> has terms --AddTerm, SetPeriod--> has terms
//! ```

mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use command::AcademicCalendarCommand;
pub use error::AcademicCalendarError;
pub use event::{AcademicCalendarEvent, PeriodKind, Term, TermKind};

use crate::shared::{TermId, Window};

/// The terms of one academic year.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AcademicCalendar {
    terms: BTreeMap<TermId, TermState>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct TermState {
    term: Term,
    periods: BTreeMap<PeriodKind, Window>,
}

aggregate!(
    AcademicCalendar,
    "AcademicCalendar",
    AcademicCalendarCommand,
    AcademicCalendarEvent,
    AcademicCalendarError
);

impl AcademicCalendar {
    fn decide(
        &self,
        command: AcademicCalendarCommand,
    ) -> Result<Vec<AcademicCalendarEvent>, AcademicCalendarError> {
        Ok(match command {
            AcademicCalendarCommand::AddTerm { year, term, origin } => {
                if term.ends_on < term.starts_on {
                    return Err(AcademicCalendarError::TermEndsBeforeItStarts {
                        starts_on: term.starts_on,
                        ends_on: term.ends_on,
                    });
                }
                match self.terms.get(&term.id) {
                    Some(known) if known.term == term => vec![],
                    Some(_) if origin.is_none() => return Err(AcademicCalendarError::TermExists),
                    _ => vec![AcademicCalendarEvent::TermAdded { year, term, origin }],
                }
            }
            AcademicCalendarCommand::SetPeriod { year, term, kind, window } => {
                let known = self.terms.get(&term).ok_or(AcademicCalendarError::TermUnknown)?;
                if window.closes_at <= window.opens_at {
                    return Err(AcademicCalendarError::PeriodIsEmpty {
                        opens_at: window.opens_at,
                        closes_at: window.closes_at,
                    });
                }
                let same = known.periods.get(&kind) == Some(&window);
                let set = AcademicCalendarEvent::PeriodSet { year, term, kind, window };
                (!same).then_some(set).into_iter().collect()
            }
        })
    }

    fn evolve(&mut self, event: AcademicCalendarEvent) {
        match event {
            AcademicCalendarEvent::TermAdded { term, .. } => {
                let periods = self.terms.remove(&term.id).map(|known| known.periods);
                let state = TermState { periods: periods.unwrap_or_default(), term };
                self.terms.insert(state.term.id, state);
            }
            AcademicCalendarEvent::PeriodSet { term, kind, window, .. } => {
                if let Some(known) = self.terms.get_mut(&term) {
                    known.periods.insert(kind, window);
                }
            }
        }
    }
}
