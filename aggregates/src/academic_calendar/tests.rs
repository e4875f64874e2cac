//! The rules of academic_calendar, given / when / then.

use jiff::tz::TimeZone;

use super::{
    AcademicCalendar, AcademicCalendarCommand as Command, AcademicCalendarError,
    AcademicCalendarEvent as Event, Audience, Cohort, Period, PeriodKind, Term, TermKind,
};
use crate::shared::{
    Called, Days, Language, Origin, TermId, Titles, Window,
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
        titles: Titles::default(),
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

/// A period for everybody.
fn period(kind: PeriodKind, window: Window) -> Period {
    Period { kind, title: None, titles: Titles::default(), audience: Audience::default(), window }
}

fn titled(kind: PeriodKind, title: &str, window: Window) -> Period {
    Period { title: Some(text(title)), ..period(kind, window) }
}

fn first_years(kind: PeriodKind, window: Window) -> Period {
    let audience = Audience { years_of_study: [1].into(), ..Audience::default() };
    Period { audience, ..period(kind, window) }
}

fn is_set(period: Period) -> Event {
    Event::PeriodSet { year: YEAR, term: autumn(), period }
}

fn period_set(kind: PeriodKind, window: Window) -> Event {
    is_set(period(kind, window))
}

fn add(term: Term, origin: Option<Origin>) -> Command {
    Command::AddTerm { year: YEAR, term, origin }
}

fn set_so(period: Period) -> Command {
    let opens_on = TimeZone::UTC.to_datetime(period.window.opens_at).date();
    Command::SetPeriod { year: YEAR, term: autumn(), period, titles: None, opens_on }
}

fn set(kind: PeriodKind, window: Window) -> Command {
    set_so(period(kind, window))
}

fn remove(period: &Period) -> Command {
    Command::RemovePeriod { year: YEAR, term: autumn(), period: period.id(autumn()) }
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
        .then_refused(autumn_exists());
}

/// Why what it is already is not added.
fn autumn_exists() -> AcademicCalendarError {
    let Term { id, title: name, titles, starts_on, ends_on, .. } = semester();
    let title = Called { name, titles };
    AcademicCalendarError::TermExists { title, starts_on, ends_on, term: id }
}

#[test]
fn no_two_terms_have_one_title_and_the_same_days() {
    let twin = Term { id: id(2), title: text("күзгі семестр"), ..semester() };
    let other_title = Term { title: text("Қысқы семестр"), ..twin.clone() };
    let other_days = Term { ends_on: day("2026-12-30"), ..twin.clone() };
    let with = |term: &Term| given::<AcademicCalendar>(has_autumn()).when(add(term.clone(), None));
    with(&twin).then_refused(autumn_exists());
    with(&other_title).then([added(other_title.clone(), None)]);
    with(&other_days).then([added(other_days.clone(), None)]);
    // Nor does one come to be as another is; where both came so from elsewhere, each may be called something in languages.
    let revise = |title: &str, titles: Option<Titles>| Command::ReviseTerm {
        year: YEAR,
        term: id(2),
        title: Some(text(title)),
        titles,
        starts: None,
        ends: None,
    };
    given::<AcademicCalendar>(has_autumn())
        .and([added(other_title, None)])
        .when(revise("Күзгі семестр", None))
        .then_refused(autumn_exists());
    let imported = added(twin.clone(), Some(row(3)));
    given::<AcademicCalendar>(has_autumn())
        .when(add(twin.clone(), Some(row(3))))
        .then([imported.clone()]);
    let titles: Titles = [(Language::Russian, text("Осенний семестр"))].into_iter().collect();
    let called = Term { titles: titles.clone(), ..twin };
    given::<AcademicCalendar>(has_autumn())
        .and([imported])
        .when(revise("күзгі семестр", Some(titles)))
        .then([Event::TermRevised { year: YEAR, term: called }]);
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
fn each_cohort_may_have_a_window_of_its_own_beside_everybodys() {
    let (general, own) = (first_week(), window("2026-09-02", "2026-09-04"));
    let already = given::<AcademicCalendar>(has_autumn())
        .and([period_set(PeriodKind::Registration, general)]);
    let own = first_years(PeriodKind::Registration, own);
    already.when(set_so(own.clone())).then([is_set(own.clone())]);
    given::<AcademicCalendar>(has_autumn())
        .and([is_set(own)])
        .when(set(PeriodKind::Registration, general))
        .then([period_set(PeriodKind::Registration, general)]);
}

#[test]
fn a_term_has_as_many_holidays_as_have_names() {
    let constitution = titled(PeriodKind::Holidays, "Конституция күні", first_week());
    let republic = titled(PeriodKind::Holidays, "Республика күні", first_week());
    given::<AcademicCalendar>(has_autumn())
        .and([is_set(constitution)])
        .when(set_so(republic.clone()))
        .then([is_set(republic)]);
}

#[test]
fn what_the_university_names_itself_has_a_name() {
    given::<AcademicCalendar>(has_autumn())
        .when(set(PeriodKind::Other, first_week()))
        .then_refused(AcademicCalendarError::PeriodUntitled);
    let fair = titled(PeriodKind::Other, "Ғылым апталығы", first_week());
    given::<AcademicCalendar>(has_autumn()).when(set_so(fair.clone())).then([is_set(fair)]);
}

#[test]
fn a_period_is_taken_out_once_and_what_it_was_is_on_record() {
    let own = first_years(PeriodKind::Registration, first_week());
    let removed = Event::PeriodRemoved { year: YEAR, term: autumn(), period: own.clone() };
    given::<AcademicCalendar>(has_autumn())
        .and([is_set(own.clone())])
        .when(remove(&own))
        .then([removed.clone()]);
    given::<AcademicCalendar>(has_autumn())
        .and([is_set(own.clone()), removed.clone()])
        .when(remove(&own))
        .then_refused(AcademicCalendarError::PeriodUnknown);
    // And may be set again.
    given::<AcademicCalendar>(has_autumn())
        .and([is_set(own.clone()), removed])
        .when(set_so(own.clone()))
        .then([is_set(own)]);
}

#[test]
fn taking_a_cohorts_window_out_leaves_everybodys() {
    let own = first_years(PeriodKind::Registration, first_week());
    given::<AcademicCalendar>(has_autumn())
        .and([is_set(own.clone())])
        .when(remove(&period(PeriodKind::Registration, first_week())))
        .then_refused(AcademicCalendarError::PeriodUnknown);
    given::<AcademicCalendar>([])
        .when(remove(&own))
        .then_refused(AcademicCalendarError::TermUnknown);
}

#[test]
fn a_period_is_the_same_wherever_it_is_moved_and_for_nobody_else() {
    let registration = period(PeriodKind::Registration, first_week());
    let moved = Period { window: window("2026-10-01", "2026-10-02"), ..registration.clone() };
    assert_eq!(registration.id(autumn()), moved.id(autumn()));
    let others = [
        registration.id(id(2)),
        period(PeriodKind::Study, first_week()).id(autumn()),
        titled(PeriodKind::Registration, "Қосымша", first_week()).id(autumn()),
        first_years(PeriodKind::Registration, first_week()).id(autumn()),
        Period {
            audience: Audience { faculties: [text("Физика")].into(), ..Audience::default() },
            ..registration.clone()
        }
        .id(autumn()),
    ];
    assert!(!others.contains(&registration.id(autumn())));
}

#[test]
fn an_audience_is_who_is_in_one_of_its_programmes_and_in_one_of_its_years() {
    let audience = |programmes: &[u16], years: &[u8]| Audience {
        programmes: programmes.iter().map(|number| id(*number)).collect(),
        years_of_study: years.iter().copied().collect(),
        ..Audience::default()
    };
    let physics = text("Физика");
    let faculty = Some(physics.clone());
    let cohort = Cohort { faculty, programme: Some(id(1)), year_of_study: Some(2) };
    for (faculty, years, belongs) in
        [(&physics, &[][..], true), (&text("Химия"), &[], false), (&physics, &[1], false)]
    {
        let faculties = [faculty.clone()].into();
        let audience = Audience { faculties, ..audience(&[], years) };
        assert_eq!(audience.includes(&cohort), belongs, "{faculty} {years:?}");
    }
    for (programmes, years, belongs) in [
        (&[][..], &[][..], true),
        (&[1], &[], true),
        (&[2, 1], &[], true),
        (&[2], &[], false),
        (&[], &[2, 3], true),
        (&[], &[1], false),
        (&[1], &[1], false),
        (&[2], &[2], false),
        (&[1], &[2], true),
    ] {
        assert_eq!(
            audience(programmes, years).includes(&cohort),
            belongs,
            "{programmes:?} {years:?}"
        );
    }
    // Of whom nothing is known belongs to everybody alone.
    let unknown = Cohort::default();
    assert!(audience(&[], &[]).includes(&unknown) && audience(&[], &[]).is_everybody());
    assert!(!audience(&[1], &[]).includes(&unknown) && !audience(&[], &[1]).includes(&unknown));
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
    let second = jiff::SignedDuration::from_secs(1);
    assert!(!first_week().contains(at("2026-09-01") - second));
    assert!(first_week().contains(at("2026-09-01")));
    assert!(first_week().contains(at("2026-09-08") - second));
    assert!(!first_week().contains(at("2026-09-08")));
}

fn revise(starts_on: &str, ends_on: &str, day_after: &str) -> Command {
    let starts = Some((day(starts_on), at(starts_on)));
    let ends = Some((day(ends_on), at(day_after)));
    Command::ReviseTerm { year: YEAR, term: autumn(), title: None, titles: None, starts, ends }
}

fn revised(starts_on: &str, ends_on: &str) -> Event {
    Event::TermRevised { year: YEAR, term: term(starts_on, ends_on) }
}

#[test]
fn what_belongs_within_a_term_begins_in_it() {
    use PeriodKind::{AddDrop, Exams, Registration, Study};
    let late = window("2028-09-01", "2028-09-08");
    let early = window("2026-08-01", "2026-08-08");
    for (kind, window, fits) in [
        (AddDrop, late, false),
        (AddDrop, early, true),
        (Study, early, false),
        (Exams, early, false),
        (Exams, window("2027-01-11", "2027-01-20"), true),
        (Registration, early, true),
    ] {
        let outcome = given::<AcademicCalendar>(has_autumn()).when(set(kind, window));
        if fits {
            outcome.then([period_set(kind, window)]);
        } else {
            let opens_on = TimeZone::UTC.to_datetime(window.opens_at).date();
            let Term { starts_on, mut ends_on, .. } = semester();
            if kind == Exams {
                ends_on = day("2027-07-01");
            }
            outcome.then_refused(AcademicCalendarError::OpensOutsideTerm {
                opens_on,
                starts_on,
                ends_on,
            });
        }
    }
}

#[test]
fn exams_may_follow_a_term_within_half_a_year() {
    let exams = |opens: &str| set(PeriodKind::Exams, window(opens, "2027-08-01"));
    let autumn = || given::<AcademicCalendar>(has_autumn());
    let last = window("2027-07-01", "2027-08-01");
    autumn().when(exams("2027-07-01")).then([period_set(PeriodKind::Exams, last)]);
    autumn().when(exams("2027-07-02")).then_refused(AcademicCalendarError::OpensOutsideTerm {
        opens_on: day("2027-07-02"),
        starts_on: day("2026-09-01"),
        ends_on: day("2027-07-01"),
    });
    // So they are no hindrance where the term is shortened.
    autumn()
        .and([period_set(PeriodKind::Exams, last)])
        .when(revise("2026-09-01", "2026-12-30", "2026-12-31"))
        .then([Event::TermRevised { year: YEAR, term: term("2026-09-01", "2026-12-30") }]);
}

#[test]
fn a_term_is_revised_and_keeps_its_periods() {
    let later = || revise("2026-09-01", "2027-01-15", "2027-01-16");
    given::<AcademicCalendar>(has_autumn())
        .and([period_set(PeriodKind::AddDrop, first_week())])
        .when(later())
        .then([revised("2026-09-01", "2027-01-15")]);
    given::<AcademicCalendar>(has_autumn())
        .and([period_set(PeriodKind::AddDrop, first_week())])
        .and([revised("2026-09-01", "2027-01-15")])
        .when(set(PeriodKind::AddDrop, first_week()))
        .then_nothing_happens();
    given::<AcademicCalendar>(has_autumn())
        .and([revised("2026-09-01", "2027-01-15")])
        .when(later())
        .then_nothing_happens();
    let unknown = AcademicCalendarError::TermUnknown;
    given::<AcademicCalendar>([]).when(later()).then_refused(unknown);
}

#[test]
fn what_is_not_said_of_a_term_stays_whatever_was_said_meanwhile() {
    let said = |title: Option<&str>, ends: Option<&str>| {
        let (title, ends) = (title.map(text), ends.map(|last| (day(last), at(last))));
        Command::ReviseTerm { year: YEAR, term: autumn(), title, titles: None, starts: None, ends }
    };
    let renamed = |ends_on| {
        let term = Term { title: text("Күз"), ..term("2026-09-01", ends_on) };
        Event::TermRevised { year: YEAR, term }
    };
    let prolonged =
        || given::<AcademicCalendar>(has_autumn()).and([revised("2026-09-01", "2027-01-15")]);
    prolonged().when(said(Some("Күз"), None)).then([renamed("2027-01-15")]);
    let then = prolonged().and([renamed("2027-01-15")]);
    then.when(said(None, Some("2027-01-10"))).then([renamed("2027-01-10")]);
}

#[test]
fn a_term_is_not_revised_to_end_before_it_starts() {
    given::<AcademicCalendar>(has_autumn())
        .when(revise("2026-09-01", "2026-08-31", "2026-09-01"))
        .then_refused(AcademicCalendarError::TermEndsBeforeItStarts {
            starts_on: day("2026-09-01"),
            ends_on: day("2026-08-31"),
        });
}

#[test]
fn what_belongs_within_a_term_is_not_left_outside() {
    let holidays = window("2026-12-16", "2026-12-18");
    let has_holidays = || {
        given::<AcademicCalendar>(has_autumn()).and([period_set(PeriodKind::Holidays, holidays)])
    };
    let (kind, Window { opens_at, closes_at }) = (PeriodKind::Holidays, holidays);
    has_holidays()
        .when(revise("2026-09-01", "2026-12-16", "2026-12-17"))
        .then_refused(AcademicCalendarError::PeriodBehindTerm { kind, opens_at, closes_at });
    has_holidays()
        .when(revise("2026-12-17", "2026-12-31", "2027-01-01"))
        .then_refused(AcademicCalendarError::PeriodBeforeTerm { kind, opens_at, closes_at });
    has_holidays()
        .when(revise("2026-12-16", "2026-12-17", "2026-12-18"))
        .then([revised("2026-12-16", "2026-12-17")]);
    // What lies outside already is not in the way of days that come closer to it, nor of a title.
    let later = window("2027-01-18", "2027-01-20");
    given::<AcademicCalendar>(has_autumn())
        .and([period_set(PeriodKind::Exams, later)])
        .when(revise("2026-09-01", "2027-01-10", "2027-01-11"))
        .then([revised("2026-09-01", "2027-01-10")]);
    // Registering is before the term anyway.
    given::<AcademicCalendar>(has_autumn())
        .and([period_set(PeriodKind::Registration, window("2026-08-01", "2026-08-20"))])
        .when(revise("2026-09-08", "2026-12-31", "2027-01-01"))
        .then([revised("2026-09-08", "2026-12-31")]);
}

#[test]
fn classes_are_where_everybody_is_taught_and_wherever_somebody_is_beside() {
    let study = PeriodKind::Study;
    let whole = Days::between(day("2026-09-01"), day("2026-12-31"));
    let taught = |periods: &[Period]| semester().taught_days(periods.iter(), &TimeZone::UTC);
    assert_eq!(taught(&[]), whole);
    let of_some = first_years(study, window("2026-09-01", "2026-11-01"));
    assert_eq!(taught(std::slice::from_ref(&of_some)), whole, "the others are taught all the time");
    let exams = period(PeriodKind::Exams, window("2026-12-16", "2026-12-31"));
    let of_all = period(study, window("2026-09-08", "2026-12-16"));
    let between = |first, last| whole.taught_between(day(first), day(last));
    assert_eq!(taught(&[exams, of_all.clone()]), between("2026-09-08", "2026-12-15"));
    assert_eq!(taught(&[of_some, of_all]), between("2026-09-01", "2026-12-15"));
}

fn in_russian(title: &str) -> Titles {
    [(Language::Russian, text(title))].into_iter().collect()
}

#[test]
fn what_a_term_is_called_in_languages_stays_until_it_is_said_otherwise() {
    let called = |titles| {
        let term = Term { titles, ..semester() };
        Event::TermRevised { year: YEAR, term }
    };
    let say = |titles| {
        let (title, starts, ends) = (None, None, None);
        Command::ReviseTerm { year: YEAR, term: autumn(), title, titles, starts, ends }
    };
    let autumn_titles = || in_russian("Осень");
    given::<AcademicCalendar>(has_autumn())
        .when(say(Some(autumn_titles())))
        .then([called(autumn_titles())]);
    let with_titles = || given::<AcademicCalendar>(has_autumn()).and([called(autumn_titles())]);
    with_titles().when(say(None)).then_nothing_happens();
    let nothing = Titles::default();
    with_titles().when(say(Some(nothing.clone()))).then([called(nothing)]);
    // A folder that is imported again knows of no languages.
    let origin = || Some(row(2));
    with_titles().when(add(semester(), origin())).then_nothing_happens();
    let moved = Term { titles: autumn_titles(), ..term("2026-09-02", "2026-12-31") };
    with_titles()
        .when(add(term("2026-09-02", "2026-12-31"), origin()))
        .then([added(moved, origin())]);
}

#[test]
fn a_period_that_moves_is_called_as_before() {
    let fair = |titles, window| Period { titles, ..titled(PeriodKind::Other, "Апта", window) };
    let say = |titles, window: Window| {
        let opens_on = TimeZone::UTC.to_datetime(window.opens_at).date();
        let period = fair(Titles::default(), window);
        Command::SetPeriod { year: YEAR, term: autumn(), period, titles, opens_on }
    };
    let (first, second) = (first_week(), window("2026-10-01", "2026-10-02"));
    let week = || in_russian("Неделя");
    given::<AcademicCalendar>(has_autumn())
        .when(say(Some(week()), first))
        .then([is_set(fair(week(), first))]);
    let with_titles = || given::<AcademicCalendar>(has_autumn()).and([is_set(fair(week(), first))]);
    with_titles().when(say(None, first)).then_nothing_happens();
    with_titles().when(say(None, second)).then([is_set(fair(week(), second))]);
    let nothing = Titles::default();
    with_titles().when(say(Some(nothing.clone()), first)).then([is_set(fair(nothing, first))]);
}
