//! What a timetable shows.

use aggregates::{
    academic_calendar::{Audience, Term, TermKind},
    shared::{Language, Meeting, Titles, Weekday, Weeks},
    stream::StreamKind,
};

use super::*;

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(number: u16) -> T {
    format!("00000000-0000-4000-8000-{number:012}").parse().unwrap()
}

fn text(text: &str) -> Text {
    Text::short(text).unwrap()
}

fn window(opens: &str, closes: &str) -> Window {
    Window { opens_at: opens.parse().unwrap(), closes_at: closes.parse().unwrap() }
}

/// 2026-09-01 is a Tuesday.
fn autumn(periods: Vec<Period>) -> TermDocument {
    let term = Term {
        id: id(1),
        title: text("Күз"),
        titles: Titles::default(),
        kind: TermKind::Summer,
        starts_on: "2026-09-01".parse().unwrap(),
        ends_on: "2026-11-30".parse().unwrap(),
    };
    let periods = periods.into_iter().map(|period| (period.id(term.id), period)).collect();
    TermDocument { term: Some(term), year: 2026, periods, starts_day: 0 }
}

fn period(kind: PeriodKind, window: Window) -> Period {
    Period { kind, title: None, titles: Titles::default(), audience: Audience::default(), window }
}

fn meeting(weekday: Weekday, from: &str, to: &str, weeks: &str) -> Meeting {
    Meeting {
        weekday,
        starts_at: from.parse().unwrap(),
        ends_at: to.parse().unwrap(),
        weeks: Weeks::parse(weeks).unwrap(),
        room: Some("101".into()),
    }
}

fn timetable(meetings: Vec<Meeting>, periods: Vec<Period>) -> Timetable {
    let card = StreamCard {
        subject: id(2),
        term: id(1),
        kind: StreamKind::Lecture,
        configuration: text("1"),
        component: text("lecture"),
        group: text("А"),
        parent: None,
        limit: None,
        meetings,
        teachers: vec![id(3)],
    };
    let attended = Attended { card, link: None, sittings: BTreeMap::new() };
    Timetable {
        terms: [(id(1), autumn(periods))].into(),
        streams: [(id(4), attended)].into(),
        ..Timetable::default()
    }
}

/// When the classes begin.
fn begin(timetable: &Timetable, within: &Window, zone: &TimeZone) -> Vec<String> {
    let entries = timetable.entries(within, zone).into_iter();
    let classes = entries.filter(|entry| entry.kind == EntryKind::Class);
    classes.map(|class| class.window.opens_at.to_string()).collect()
}

fn september() -> Window {
    window("2026-09-01T00:00Z", "2026-09-29T00:00Z")
}

#[test]
fn a_class_takes_place_in_the_weeks_of_its_term_that_it_is_set_for() {
    let monday = meeting(Weekday::Monday, "09:00", "10:00", "");
    let all = timetable(vec![monday], vec![]);
    // The Monday of week 1 lies before the term.
    let mondays = ["2026-09-07T09:00:00Z", "2026-09-14T09:00:00Z", "2026-09-21T09:00:00Z"];
    assert_eq!(
        begin(&all, &window("2026-08-01T00:00Z", "2026-09-28T00:00Z"), &TimeZone::UTC),
        mondays
    );
    let some = meeting(Weekday::Tuesday, "09:00", "10:00", "1001");
    let some = timetable(vec![some], vec![]);
    let until_the_end = window("2026-08-01T00:00Z", "2027-09-01T00:00Z");
    assert_eq!(
        begin(&some, &until_the_end, &TimeZone::UTC),
        ["2026-09-01T09:00:00Z", "2026-09-22T09:00:00Z"]
    );
    let last = meeting(Weekday::Monday, "09:00", "10:00", "");
    let last = begin(&timetable(vec![last], vec![]), &until_the_end, &TimeZone::UTC);
    assert_eq!(last.last().map(String::as_str), Some("2026-11-30T09:00:00Z"));
    assert_eq!(last.len(), 13);
}

#[test]
fn a_class_keeps_its_hour_when_the_clocks_change() {
    let berlin = TimeZone::get("Europe/Berlin");
    // Where no zone is known, one that is written out does.
    let berlin = berlin
        .or_else(|_| TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3"))
        .expect("a time zone with summer time");
    let monday = meeting(Weekday::Monday, "09:00", "10:30", "");
    let within = window("2026-10-18T00:00Z", "2026-10-27T00:00Z");
    let entries = timetable(vec![monday], vec![]).entries(&within, &berlin);
    let windows: Vec<_> = entries.iter().map(|entry| entry.window).collect();
    assert_eq!(
        windows,
        [
            window("2026-10-19T07:00Z", "2026-10-19T08:30Z"),
            window("2026-10-26T08:00Z", "2026-10-26T09:30Z"),
        ]
    );
}

#[test]
fn a_class_on_a_holiday_does_not_take_place() {
    let monday = meeting(Weekday::Monday, "09:00", "10:00", "");
    let holiday = |opens, closes| vec![period(PeriodKind::Holidays, window(opens, closes))];
    let kept = ["2026-09-07T09:00:00Z", "2026-09-21T09:00:00Z", "2026-09-28T09:00:00Z"];
    let off = timetable(vec![monday.clone()], holiday("2026-09-14T00:00Z", "2026-09-15T00:00Z"));
    assert_eq!(begin(&off, &september(), &TimeZone::UTC), kept);
    // A holiday that only begins where the class ends is none for it.
    let next = timetable(vec![monday], holiday("2026-09-14T10:00Z", "2026-09-15T00:00Z"));
    assert_eq!(begin(&next, &september(), &TimeZone::UTC).len(), 4);
    let shown = next.entries(&september(), &TimeZone::UTC);
    assert!(shown.iter().any(|entry| entry.kind == EntryKind::Holiday));
}

#[test]
fn classes_are_within_the_time_of_teaching_where_it_is_set() {
    let monday = meeting(Weekday::Monday, "09:00", "10:00", "");
    let study = period(PeriodKind::Study, window("2026-09-08T00:00Z", "2026-09-22T00:00Z"));
    let taught = timetable(vec![monday], vec![study]);
    assert_eq!(
        begin(&taught, &september(), &TimeZone::UTC),
        ["2026-09-14T09:00:00Z", "2026-09-21T09:00:00Z"]
    );
}

#[test]
fn what_only_touches_the_span_is_not_in_it_and_what_reaches_into_it_is() {
    let late = meeting(Weekday::Monday, "23:00", "24:00", "");
    let table = timetable(vec![late], vec![]);
    let almaty = TimeZone::fixed(jiff::tz::offset(5));
    let class = window("2026-09-07T18:00Z", "2026-09-07T19:00Z");
    let found = |within: Window| table.entries(&within, &almaty).len();
    assert_eq!(found(class), 1);
    assert_eq!(found(window("2026-09-07T19:00Z", "2026-09-08T19:00Z")), 0);
    assert_eq!(found(window("2026-09-06T19:00Z", "2026-09-07T18:00Z")), 0);
    assert_eq!(found(window("2026-09-07T18:59:59Z", "2026-09-08T00:00Z")), 1);
}

#[test]
fn a_sitting_takes_place_when_it_is_scheduled_also_on_a_holiday() {
    let mut table = timetable(vec![], vec![]);
    let sitting = |kind, hour: &str| Sitting {
        kind,
        window: window(&format!("2026-09-14T{hour}:00Z"), "2026-09-14T20:00Z"),
        room: Some(text("301")),
        link: None,
        note: None,
    };
    table.streams.values_mut().for_each(|attended| {
        attended.sittings = [
            (id(10), sitting(SittingKind::Consultation, "08")),
            (id(11), sitting(SittingKind::Control, "09")),
            (id(12), sitting(SittingKind::Exam, "10")),
        ]
        .into();
    });
    let kinds = |table: &Timetable| {
        let entries = table.entries(&september(), &TimeZone::UTC).into_iter();
        entries.map(|entry| entry.kind).collect::<Vec<_>>()
    };
    let all = [EntryKind::Event, EntryKind::Control, EntryKind::Exam];
    assert_eq!(kinds(&table), all);
    let holidays = window("2026-09-14T00:00Z", "2026-09-15T00:00Z");
    let holidays = timetable(vec![], vec![period(PeriodKind::Holidays, holidays)]);
    table.terms = holidays.terms;
    assert_eq!(kinds(&table)[1..], all);
}

#[test]
fn entries_are_in_the_order_of_time_and_keep_their_ids() {
    let meetings = vec![
        meeting(Weekday::Monday, "11:00", "12:00", ""),
        meeting(Weekday::Monday, "09:00", "10:00", ""),
    ];
    let week: Titles = [(Language::Russian, text("Неделя"))].into_iter().collect();
    let fair = Period {
        title: Some(text("Апталық")),
        titles: week.clone(),
        ..period(PeriodKind::Other, window("2026-09-07T10:00Z", "2026-09-07T11:00Z"))
    };
    let table = timetable(meetings, vec![fair]);
    let day = window("2026-09-07T00:00Z", "2026-09-08T00:00Z");
    let entries = table.entries(&day, &TimeZone::UTC);
    let kinds: Vec<_> = entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [EntryKind::Class, EntryKind::Event, EntryKind::Class]);
    assert_eq!(entries[1].title, Some(text("Апталық")));
    assert_eq!(entries[1].titles, week);
    assert!(matches!(entries[1].about, About::Period { is_titled: true, .. }));
    let mut moved = table.clone();
    moved.streams.values_mut().for_each(|attended| {
        attended.card.meetings.iter_mut().for_each(|meeting| meeting.room = Some("202".into()));
    });
    let ids = |entries: Vec<Entry>| entries.into_iter().map(|entry| entry.id).collect::<Vec<_>>();
    let once = ids(entries);
    assert_eq!(once, ids(moved.entries(&day, &TimeZone::UTC)));
    let mut unique = once.clone();
    unique.dedup();
    assert_eq!(unique.len(), 3);
}

#[test]
fn classes_and_sittings_clash_at_the_same_time() {
    let mut table = timetable(vec![meeting(Weekday::Monday, "09:00", "10:00", "")], vec![]);
    let mut other = table.streams[&id(4)].clone();
    other.card.meetings = vec![meeting(Weekday::Monday, "09:30", "10:30", "")];
    let of = |opens: &str, closes: &str| {
        let window = window(&format!("2026-09-14T{opens}Z"), &format!("2026-09-14T{closes}Z"));
        Sitting { kind: SittingKind::Exam, window, room: None, link: None, note: None }
    };
    let sittings = [(id(10), of("08:00", "10:00")), (id(11), of("10:00", "11:00"))];
    table.streams.values_mut().for_each(|known| known.sittings = sittings.clone().into());
    other.sittings = [(id(12), of("10:30", "12:00"))].into();
    table.streams.insert(id(5), other);
    let day = window("2026-09-14T00:00Z", "2026-09-15T00:00Z");
    let entries = table.entries(&day, &TimeZone::UTC);
    let clashing = clashing(&entries);
    let of = |id: &str| clashing.get(id).cloned().unwrap_or_default();
    let sitting = |number| id::<SittingId>(number).to_string();
    let class = |number| format!("{}-2026-09-14-0", id::<StreamId>(number));
    let [own, other] = [class(4), class(5)];
    let [first, second, of_other] = [sitting(10), sitting(11), sitting(12)];
    assert_eq!(of(&own), [&*other], "the class of the stream gives way to its sitting");
    assert_eq!(of(&first), [&*other]);
    assert_eq!(of(&other), [&*first, &own, &second]);
    assert_eq!(of(&second), [&*other, &of_other]);
    assert_eq!(of(&of_other), [&*second]);
}
