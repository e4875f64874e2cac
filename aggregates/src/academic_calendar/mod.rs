//! AcademicCalendar: the terms of one academic year, and when what is open in each.
//!
//! Invariants: a term's last day is not before its first; a period belongs to a known term and is
//! not empty; no two terms that are set up here have one title and the same days; of a term that is
//! revised what belongs within its days stays there; a term has one of the same kind, title and
//! audience; setting it again moves it, and that it was moved or taken out is on record.
//!
//! ```text
//! (nothing) --AddTerm--> has terms --AddTerm, ReviseTerm, SetPeriod, RemovePeriod--> has terms
//! ```

mod command;
mod error;
mod event;
pub(crate) mod past;
mod period;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

pub use command::AcademicCalendarCommand;
pub use error::AcademicCalendarError;
pub use event::{AcademicCalendarEvent, Term, TermKind};
pub use period::{Audience, Cohort, Period, PeriodKind};

use crate::shared::{Called, Days, PeriodId, TermId, Window};

/// The terms of one academic year.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AcademicCalendar {
    terms: BTreeMap<TermId, TermState>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct TermState {
    term: Term,
    periods: BTreeMap<PeriodId, Period>,
}

aggregate!(
    AcademicCalendar,
    "AcademicCalendar",
    AcademicCalendarCommand,
    AcademicCalendarEvent,
    AcademicCalendarError,
    format 3
);

impl AcademicCalendar {
    fn decide(
        &self,
        command: AcademicCalendarCommand,
    ) -> Result<Vec<AcademicCalendarEvent>, AcademicCalendarError> {
        Ok(match command {
            AcademicCalendarCommand::AddTerm { year, term, origin } => {
                must_last(&term)?;
                let known = self.terms.get(&term.id);
                let term = match (known, &origin) {
                    // Where it comes from it is called one thing alone.
                    (Some(known), Some(_)) => Term { titles: known.term.titles.clone(), ..term },
                    _ => term,
                };
                match known {
                    Some(known) if known.term == term => vec![],
                    Some(known) if origin.is_none() => return Err(known.term.is_there()),
                    _ => {
                        // What comes from elsewhere is taken as it is there.
                        if origin.is_none() {
                            self.must_be_another(&term)?;
                        }
                        vec![AcademicCalendarEvent::TermAdded { year, term, origin }]
                    }
                }
            }
            AcademicCalendarCommand::ReviseTerm { year, term, title, titles, starts, ends } => {
                let known = self.term(term)?;
                let mut term = known.term.clone();
                term.title = title.unwrap_or(term.title);
                term.titles = titles.unwrap_or(term.titles);
                term.starts_on = starts.map_or(term.starts_on, |(day, _)| day);
                term.ends_on = ends.map_or(term.ends_on, |(day, _)| day);
                must_last(&term)?;
                known.must_stay_within(starts, ends)?;
                if !known.term.is_as(&term) {
                    self.must_be_another(&term)?;
                }
                let same = known.term == term;
                let revised = AcademicCalendarEvent::TermRevised { year, term };
                (!same).then_some(revised).into_iter().collect()
            }
            AcademicCalendarCommand::SetPeriod { year, term, mut period, titles, opens_on } => {
                let known = self.term(term)?;
                let before = known.periods.get(&period.id(term));
                let titles = titles.or_else(|| before.map(|before| before.titles.clone()));
                period.titles = titles.unwrap_or(period.titles);
                if period.window.is_empty() {
                    let Window { opens_at, closes_at } = period.window;
                    return Err(AcademicCalendarError::PeriodIsEmpty { opens_at, closes_at });
                }
                if period.kind == PeriodKind::Other && period.title.is_none() {
                    return Err(AcademicCalendarError::PeriodUntitled);
                }
                known.must_open_within(&period, opens_on)?;
                let same = before == Some(&period);
                let set = AcademicCalendarEvent::PeriodSet { year, term, period };
                (!same).then_some(set).into_iter().collect()
            }
            AcademicCalendarCommand::RemovePeriod { year, term, period } => {
                let known = self.term(term)?.periods.get(&period);
                let period = known.cloned().ok_or(AcademicCalendarError::PeriodUnknown)?;
                vec![AcademicCalendarEvent::PeriodRemoved { year, term, period }]
            }
        })
    }

    fn evolve(&mut self, event: AcademicCalendarEvent) {
        match event {
            AcademicCalendarEvent::TermAdded { term, .. }
            | AcademicCalendarEvent::TermRevised { term, .. } => {
                let periods = self.terms.remove(&term.id).map(|known| known.periods);
                let state = TermState { periods: periods.unwrap_or_default(), term };
                self.terms.insert(state.term.id, state);
            }
            AcademicCalendarEvent::PeriodSet { term, period, .. } => {
                if let Some(known) = self.terms.get_mut(&term) {
                    known.periods.insert(period.id(term), period);
                }
            }
            AcademicCalendarEvent::PeriodRemoved { term, period, .. } => {
                if let Some(known) = self.terms.get_mut(&term) {
                    known.periods.remove(&period.id(term));
                }
            }
        }
    }

    /// The days of its terms.
    pub fn days(&self, zone: &TimeZone) -> impl Iterator<Item = (TermId, Days)> {
        let days = |known: &TermState| known.term.taught_days(known.periods.values(), zone);
        self.terms.iter().map(move |(id, known)| (*id, days(known)))
    }

    /// No other term of the year has its title and its days.
    fn must_be_another(&self, term: &Term) -> Result<(), AcademicCalendarError> {
        let mut others = self.terms.values().map(|known| &known.term);
        let same = others.find(|other| other.id != term.id && other.is_as(term));
        same.map_or(Ok(()), |same| Err(same.is_there()))
    }

    fn term(&self, term: TermId) -> Result<&TermState, AcademicCalendarError> {
        self.terms.get(&term).ok_or(AcademicCalendarError::TermUnknown)
    }
}

impl Term {
    /// Whether both have one title, whatever its capitals, and the same days.
    fn is_as(&self, other: &Self) -> bool {
        self.title.as_str().to_lowercase() == other.title.as_str().to_lowercase()
            && (self.starts_on, self.ends_on) == (other.starts_on, other.ends_on)
    }

    fn is_there(&self) -> AcademicCalendarError {
        let Self { id, starts_on, ends_on, .. } = *self;
        AcademicCalendarError::TermExists {
            title: Called { name: self.title.clone(), titles: self.titles.clone() },
            starts_on,
            ends_on,
            term: id,
        }
    }
}

impl TermState {
    /// What belongs within the days of a term is not left outside by days that come later, or end earlier; exams may
    /// follow them.
    fn must_stay_within(
        &self,
        starts: Option<(Date, Timestamp)>,
        ends: Option<(Date, Timestamp)>,
    ) -> Result<(), AcademicCalendarError> {
        let later = starts.filter(|(day, _)| *day > self.term.starts_on);
        let earlier = ends.filter(|(day, _)| *day < self.term.ends_on);
        let within = self.periods.values().filter(|period| period.kind.is_within_term());
        for Period { kind, window: Window { opens_at, closes_at }, .. } in within {
            let (kind, opens_at, closes_at) = (*kind, *opens_at, *closes_at);
            if later.is_some_and(|(_, from)| opens_at < from) {
                return Err(AcademicCalendarError::PeriodBeforeTerm { kind, opens_at, closes_at });
            }
            let until = earlier.filter(|_| kind != PeriodKind::Exams);
            if until.is_some_and(|(_, until)| closes_at > until) {
                return Err(AcademicCalendarError::PeriodBehindTerm { kind, opens_at, closes_at });
            }
        }
        Ok(())
    }

    /// What belongs within the days of a term begins on one of them; exams may follow them within half a year, and
    /// subjects may change before them.
    fn must_open_within(
        &self,
        period: &Period,
        opens_on: Date,
    ) -> Result<(), AcademicCalendarError> {
        let Term { starts_on, ends_on, .. } = self.term;
        let ends_on = match period.kind {
            PeriodKind::Exams => ends_on.saturating_add(26.weeks()),
            _ => ends_on,
        };
        let early = opens_on < starts_on && period.kind != PeriodKind::AddDrop;
        let outside = period.kind.is_within_term() && (early || opens_on > ends_on);
        let refused = AcademicCalendarError::OpensOutsideTerm { opens_on, starts_on, ends_on };
        if outside { Err(refused) } else { Ok(()) }
    }
}

fn must_last(term: &Term) -> Result<(), AcademicCalendarError> {
    let (starts_on, ends_on) = (term.starts_on, term.ends_on);
    let lasts = starts_on <= ends_on;
    lasts.then_some(()).ok_or(AcademicCalendarError::TermEndsBeforeItStarts { starts_on, ends_on })
}
