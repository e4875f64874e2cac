//! Terms: the academic calendar, one document a term.

use std::collections::BTreeMap;

use aggregates::{
    Event,
    academic_calendar::{AcademicCalendarEvent, PeriodKind, Term},
    shared::{Recorded, Window},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View};

/// One document a term.
pub struct Terms;

/// A term with its periods.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TermDocument {
    /// The term.
    pub term: Option<Term>,
    /// The year in which its academic year begins.
    pub year: i16,
    /// When what is open.
    pub periods: BTreeMap<PeriodKind, Window>,
    /// What lists sort by: the first day, in days since 1970.
    pub starts_day: i64,
}

impl View for Terms {
    const NAME: &'static str = "term";
    const VERSION: u32 = 1;
    const COLUMNS: &'static [Column] = &[
        Column { name: "year", kind: ColumnType::Integer },
        Column { name: "starts_day", kind: ColumnType::Integer },
    ];
    type Document = TermDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::AcademicCalendar(event) = event else { return vec![] };
        vec![event.term().to_string()]
    }

    fn apply(document: &mut TermDocument, _: &str, recorded: &Recorded) {
        let Event::AcademicCalendar(event) = &recorded.event else { return };
        match event {
            AcademicCalendarEvent::TermAdded { year, term, .. } => {
                document.year = *year;
                document.starts_day = day_number(term.starts_on);
                document.term = Some(term.clone());
            }
            AcademicCalendarEvent::PeriodSet { kind, window, .. } => {
                document.periods.insert(*kind, *window);
            }
        }
    }
}

/// Days since 1970-01-01.
pub fn day_number(day: Date) -> i64 {
    const EPOCH: Date = jiff::civil::date(1970, 1, 1);
    (day - EPOCH).get_days().into()
}
