//! Terms: the academic calendar, one document a term.

use std::collections::BTreeMap;

use aggregates::{
    Event,
    academic_calendar::{
        AcademicCalendarEvent, Audience, Cohort, Period, PeriodKind, Term, TermKind,
    },
    shared::{Days, PeriodId, Recorded, Titles, Window},
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
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
    /// The periods that are set.
    pub periods: BTreeMap<PeriodId, Period>,
    /// What lists sort by: the first day, in days since 1970.
    pub starts_day: i64,
}

impl View for Terms {
    const NAME: &'static str = "term";
    const VERSION: u32 = 4;
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
            AcademicCalendarEvent::TermAdded { year, term, .. }
            | AcademicCalendarEvent::TermRevised { year, term } => {
                document.year = *year;
                document.starts_day = day_number(term.starts_on);
                document.term = Some(term.clone());
            }
            AcademicCalendarEvent::PeriodSet { term, period, .. } => {
                document.periods.insert(period.id(*term), period.clone());
            }
            AcademicCalendarEvent::PeriodRemoved { term, period, .. } => {
                document.periods.remove(&period.id(*term));
            }
        }
    }
}

impl TermDocument {
    /// Its days, those with classes among them; none where it is not known.
    pub fn days(&self, zone: &TimeZone) -> Option<Days> {
        Some(self.term.as_ref()?.taught_days(self.periods.values(), zone))
    }

    /// All periods, by their beginning: those that are set, and add/drop as it is where none is set for
    /// everybody.
    pub fn calendar(&self, zone: &TimeZone) -> Vec<(PeriodId, Period)> {
        let set = self.periods.iter().map(|(id, period)| (*id, period.clone()));
        let mut periods: Vec<_> = set.chain(self.first_week(zone)).collect();
        periods.sort_by_key(|(id, period)| (period.window.opens_at, *id));
        periods
    }

    /// The periods that concern somebody. Of what opens and closes they go by what is for them most of all:
    /// who has a window of their own by that one, everybody else by the general one.
    pub fn calendar_of(&self, cohort: &Cohort, zone: &TimeZone) -> Vec<(PeriodId, Period)> {
        let mut theirs = self.calendar(zone);
        theirs.retain(|(_, period)| period.audience.includes(cohort));
        let mut narrowest = BTreeMap::new();
        for (_, Period { kind, audience, .. }) in &theirs {
            let known = narrowest.entry(*kind).or_default();
            *known = audience.narrowness().max(*known);
        }
        theirs.retain(|(_, Period { kind, audience, .. })| {
            kind.adds_up() || narrowest.get(kind) == Some(&audience.narrowness())
        });
        theirs
    }

    /// The window of that kind that somebody goes by at `at`: of several the one that is open, else the next
    /// to open, else the last.
    pub fn window(
        &self,
        kind: PeriodKind,
        cohort: &Cohort,
        zone: &TimeZone,
        at: Timestamp,
    ) -> Option<Window> {
        let mut theirs = self.calendar_of(cohort, zone);
        theirs.retain(|(_, period)| period.kind == kind);
        let open = theirs.iter().find(|(_, period)| period.window.contains(at));
        let next = || theirs.iter().find(|(_, period)| period.window.opens_at > at);
        let period = open.or_else(next).or(theirs.last());
        period.map(|(_, period)| period.window)
    }

    /// Add/drop where none is set for everybody: week 1 of a semester (manual 2.3.2), its first seven days.
    fn first_week(&self, zone: &TimeZone) -> Option<(PeriodId, Period)> {
        let term = self.term.as_ref().filter(|term| term.kind == TermKind::Semester)?;
        let general =
            |period: &Period| period.kind == PeriodKind::AddDrop && period.audience.is_everybody();
        if self.periods.values().any(general) {
            return None;
        }
        let period = Period {
            kind: PeriodKind::AddDrop,
            title: None,
            titles: Titles::default(),
            audience: Audience::default(),
            window: Window {
                opens_at: midnight(term.starts_on, zone)?,
                closes_at: midnight(term.starts_on.checked_add(7.days()).ok()?, zone)?,
            },
        };
        Some((period.id(term.id), period))
    }
}

/// The first instant of a day in a time zone.
pub fn midnight(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(day.at(0, 0, 0, 0)).ok()
}

/// Days since 1970-01-01.
pub fn day_number(day: Date) -> i64 {
    const EPOCH: Date = jiff::civil::date(1970, 1, 1);
    (day - EPOCH).get_days().into()
}

/// The year in which a day's academic year begins: it turns in July.
pub fn academic_year(day: Date) -> i16 {
    if day.month() >= 7 { day.year() } else { day.year() - 1 }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use aggregates::shared::{ProgrammeId, TermId, Text};
    use jiff::tz;

    use super::*;

    /// The university's midnight of 1 September is 19:00 UTC the day before.
    fn zone() -> TimeZone {
        TimeZone::fixed(tz::offset(5))
    }

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    fn window(opens: &str, closes: &str) -> Window {
        Window { opens_at: at(opens), closes_at: at(closes) }
    }

    fn september() -> Window {
        window("2026-09-01T00:00Z", "2026-10-01T00:00Z")
    }

    fn of(kind: PeriodKind, programmes: &[ProgrammeId], years: &[u8], window: Window) -> Period {
        let programmes = programmes.iter().copied().collect();
        let years_of_study = years.iter().copied().collect();
        let audience = Audience { programmes, years_of_study, ..Audience::default() };
        Period { kind, title: None, titles: Titles::default(), audience, window }
    }

    fn semester(periods: impl IntoIterator<Item = Period>) -> TermDocument {
        let term = Term {
            id: TermId::derived(&["autumn"]),
            title: Text::short("Күз").unwrap(),
            titles: Titles::default(),
            kind: TermKind::Semester,
            starts_on: "2026-09-01".parse().unwrap(),
            ends_on: "2026-12-31".parse().unwrap(),
        };
        let periods = periods.into_iter().map(|period| (period.id(term.id), period)).collect();
        TermDocument { term: Some(term), year: 2026, periods, starts_day: 0 }
    }

    fn physicist(year_of_study: u8) -> Cohort {
        Cohort {
            faculty: Some(science()),
            programme: Some(physics()),
            year_of_study: Some(year_of_study),
        }
    }

    fn science() -> Text {
        Text::short("Жаратылыстану").unwrap()
    }

    fn in_year(year_of_study: u8) -> Cohort {
        Cohort { year_of_study: Some(year_of_study), ..Cohort::default() }
    }

    fn physics() -> ProgrammeId {
        ProgrammeId::derived(&["physics"])
    }

    #[test]
    fn who_has_a_window_of_their_own_goes_by_it_and_everybody_else_by_the_general_one() {
        let registration = PeriodKind::Registration;
        let day = |day: u8| {
            window(&format!("2026-08-{day:02}T00:00Z"), &format!("2026-08-{:02}T00:00Z", day + 1))
        };
        let (general, second_years, programme, both) = (day(1), day(2), day(3), day(4));
        let (faculty, years_of_faculty) = (day(5), day(6));
        let of_faculty = |years: &[u8], window| {
            let mut period = of(registration, &[], years, window);
            period.audience.faculties.insert(science());
            period
        };
        let term = semester([
            of_faculty(&[], faculty),
            of_faculty(&[4], years_of_faculty),
            of(registration, &[], &[], general),
            of(registration, &[], &[2, 3], second_years),
            of(registration, &[physics()], &[], programme),
            of(registration, &[physics()], &[3], both),
        ]);
        let theirs = |cohort: Cohort| {
            term.window(registration, &cohort, &zone(), at("2026-08-01T00:00Z")).unwrap()
        };
        assert_eq!(theirs(Cohort::default()), general);
        assert_eq!(theirs(in_year(1)), general);
        assert_eq!(theirs(in_year(2)), second_years);
        let of_faculty = |year| Cohort { faculty: Some(science()), ..in_year(year) };
        assert_eq!(theirs(of_faculty(2)), faculty);
        assert_eq!(theirs(of_faculty(4)), years_of_faculty);
        assert_eq!(theirs(physicist(2)), programme);
        assert_eq!(theirs(physicist(4)), programme);
        assert_eq!(theirs(physicist(3)), both);
        // A window of one's own keeps the general one from them, also while it alone is open.
        assert!(!theirs(physicist(2)).contains(general.opens_at));
    }

    #[test]
    fn of_several_windows_the_open_one_counts_then_the_next_then_the_last() {
        let (first, second) = (
            window("2026-08-01T00:00Z", "2026-08-05T00:00Z"),
            window("2026-08-10T00:00Z", "2026-08-12T00:00Z"),
        );
        let again = Period {
            title: Some(Text::short("Қосымша").unwrap()),
            ..of(PeriodKind::Registration, &[], &[], second)
        };
        let term = semester([of(PeriodKind::Registration, &[], &[], first), again]);
        let then = |time: &str| {
            let everybody = Cohort::default();
            term.window(PeriodKind::Registration, &everybody, &zone(), at(time)).unwrap()
        };
        for (time, expected) in [
            ("2026-07-01T00:00Z", first),
            ("2026-08-01T00:00Z", first),
            ("2026-08-04T23:59:59Z", first),
            ("2026-08-05T00:00Z", second),
            ("2026-08-11T00:00Z", second),
            ("2026-08-12T00:00Z", second),
        ] {
            assert_eq!(then(time), expected, "{time}");
        }
    }

    #[test]
    fn add_drop_is_the_first_week_of_a_semester_where_none_is_set_for_everybody() {
        let first_week = window("2026-08-31T19:00Z", "2026-09-07T19:00Z");
        let then = at("2026-09-02T00:00Z");
        let of_all = |term: &TermDocument| {
            term.window(PeriodKind::AddDrop, &Cohort::default(), &zone(), then)
        };
        assert_eq!(of_all(&semester([])), Some(first_week));
        let later = window("2026-09-10T00:00Z", "2026-09-12T00:00Z");
        assert_eq!(of_all(&semester([of(PeriodKind::AddDrop, &[], &[], later)])), Some(later));
        // That somebody has another one says nothing of the others.
        let own = semester([of(PeriodKind::AddDrop, &[], &[1], later)]);
        assert_eq!(of_all(&own), Some(first_week));
        assert_eq!(own.window(PeriodKind::AddDrop, &physicist(1), &zone(), then), Some(later));
        let mut summer = semester([]);
        summer.term.as_mut().unwrap().kind = TermKind::Summer;
        assert_eq!(of_all(&summer), None);
    }

    #[test]
    fn every_holiday_of_somebodys_is_theirs() {
        let holiday = |title: &str, years: &[u8]| Period {
            title: Some(Text::short(title).unwrap()),
            ..of(PeriodKind::Holidays, &[], years, september())
        };
        let term = semester([holiday("Бәрі", &[]), holiday("Бірінші", &[1]), holiday("Екі", &[2])]);
        let mut titles: Vec<_> = term.calendar_of(&physicist(1), &zone()).into_iter().collect();
        titles.retain(|(_, period)| period.kind == PeriodKind::Holidays);
        let mut titles: Vec<_> =
            titles.into_iter().map(|(_, period)| period.title.unwrap().to_string()).collect();
        titles.sort();
        assert_eq!(titles, ["Бірінші", "Бәрі"]);
        assert_eq!(term.calendar(&zone()).len(), 4, "and add/drop");
    }
}
