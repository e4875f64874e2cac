//! The rules of academic_calendar, given / when / then.

use super::{
    AcademicCalendar, AcademicCalendarCommand as Command, AcademicCalendarError,
    AcademicCalendarEvent as Event, PeriodKind, Term, TermKind,
};
use crate::shared::{
    Origin, TermId, Window,
    given::{at, day, given, id, row, text, window},
};

const YEAR: i16 = 2026;

fn autumn() -> TermId {
    id(1)
}

fn term(starts_on: &str, ends_on: &str) -> Term {
    Term {
        id: autumn(),
        title: text("Күзгі семестр"),
        kind: TermKind::Semester,
        starts_on: day(starts_on),
        ends_on: day(ends_on),
    }
}

fn semester() -> Term {
    term("2026-09-01", "2026-12-31")
}

fn added(term: Term, origin: Option<Origin>) -> Event {
    Event::TermAdded { year: YEAR, term, origin }
}

fn has_autumn() -> [Event; 1] {
    [added(semester(), None)]
}

fn period_set(kind: PeriodKind, window: Window) -> Event {
    Event::PeriodSet { year: YEAR, term: autumn(), kind, window }
}

fn add(term: Term, origin: Option<Origin>) -> Command {
    Command::AddTerm { year: YEAR, term, origin }
}

fn set(kind: PeriodKind, window: Window) -> Command {
    Command::SetPeriod { year: YEAR, term: autumn(), kind, window }
}

fn first_week() -> Window {
    window("2026-09-01", "2026-09-08")
}

#[test]
fn a_term_is_added() {
    given::<AcademicCalendar>([]).when(add(semester(), None)).then(has_autumn());
}

#[test]
fn a_term_may_last_one_day() {
    let one_day = term("2026-09-01", "2026-09-01");
    given::<AcademicCalendar>([]).when(add(one_day.clone(), None)).then([added(one_day, None)]);
}

#[test]
fn a_term_never_ends_before_it_starts() {
    given::<AcademicCalendar>([]).when(add(term("2026-09-01", "2026-08-31"), None)).then_refused(
        AcademicCalendarError::TermEndsBeforeItStarts {
            starts_on: day("2026-09-01"),
            ends_on: day("2026-08-31"),
        },
    );
}

#[test]
fn a_term_is_in_the_calendar_once() {
    given::<AcademicCalendar>(has_autumn()).when(add(semester(), None)).then_nothing_happens();
    given::<AcademicCalendar>(has_autumn())
        .when(add(term("2026-09-01", "2027-01-15"), None))
        .then_refused(AcademicCalendarError::TermExists);
}

#[test]
fn an_import_may_change_a_term_and_changes_nothing_the_second_time() {
    let longer = term("2026-09-01", "2027-01-15");
    let changed = added(longer.clone(), Some(row(3)));
    given::<AcademicCalendar>(has_autumn())
        .when(add(longer.clone(), Some(row(3))))
        .then([changed.clone()]);
    given::<AcademicCalendar>(has_autumn())
        .and([changed])
        .when(add(longer, Some(row(3))))
        .then_nothing_happens();
}

#[test]
fn a_period_is_set_for_a_term() {
    given::<AcademicCalendar>(has_autumn())
        .when(set(PeriodKind::AddDrop, first_week()))
        .then([period_set(PeriodKind::AddDrop, first_week())]);
}

#[test]
fn setting_a_period_again_moves_it() {
    let moved = window("2026-09-02", "2026-09-09");
    let already = || {
        given::<AcademicCalendar>(has_autumn()).and([period_set(PeriodKind::AddDrop, first_week())])
    };
    already().when(set(PeriodKind::AddDrop, first_week())).then_nothing_happens();
    already().when(set(PeriodKind::AddDrop, moved)).then([period_set(PeriodKind::AddDrop, moved)]);
}

#[test]
fn periods_of_two_kinds_stand_side_by_side() {
    given::<AcademicCalendar>(has_autumn())
        .and([period_set(PeriodKind::AddDrop, first_week())])
        .when(set(PeriodKind::Study, first_week()))
        .then([period_set(PeriodKind::Study, first_week())]);
}

#[test]
fn a_changed_term_keeps_its_periods() {
    given::<AcademicCalendar>(has_autumn())
        .and([period_set(PeriodKind::AddDrop, first_week())])
        .and([added(term("2026-09-01", "2027-01-15"), Some(row(3)))])
        .when(set(PeriodKind::AddDrop, first_week()))
        .then_nothing_happens();
}

#[test]
fn a_period_belongs_to_a_known_term() {
    given::<AcademicCalendar>([])
        .when(set(PeriodKind::Registration, first_week()))
        .then_refused(AcademicCalendarError::TermUnknown);
}

#[test]
fn a_period_lasts_for_some_time() {
    for closes in ["2026-09-01", "2026-08-31"] {
        given::<AcademicCalendar>(has_autumn())
            .when(set(PeriodKind::Exams, window("2026-09-01", closes)))
            .then_refused(AcademicCalendarError::PeriodIsEmpty {
                opens_at: at("2026-09-01"),
                closes_at: at(closes),
            });
    }
}

#[test]
fn the_first_instant_belongs_to_a_window_and_the_last_does_not() {
    assert!(first_week().contains(at("2026-09-01")));
    assert!(!first_week().contains(at("2026-09-08")));
}
