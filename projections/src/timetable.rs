//! Somebody's timetable (manual 2.4): no view of its own, but what the calendar, the streams and the tests make of
//! a span of time.

use std::collections::BTreeMap;

use aggregates::{
    academic_calendar::{Period, PeriodKind, Term, monday_of},
    shared::{
        MarkKind, Meeting, PeriodId, PersonId, SittingId, StreamId, SubjectId, TermId, TestId,
        Text, TimeOfDay, Weekday, Window,
    },
    stream::{Sitting, SittingKind, StreamCard},
    test::TestCard,
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::{student::StudentDocument, term::TermDocument};

/// What something in a timetable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A class of a stream.
    Class,
    /// An exam or a retake: a sitting, or a test.
    Exam,
    /// Any other test, or a control that is held.
    Control,
    /// Holidays.
    Holiday,
    /// Any other period of the calendar, or a consultation.
    Event,
}

/// Something in a timetable.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The same whenever the timetable is made.
    pub id: String,
    /// What it is.
    pub kind: EntryKind,
    /// From when until when.
    pub window: Window,
    /// The subject, of a class or a test.
    pub subject: Option<SubjectId>,
    /// What it is called, where that is not the subject.
    pub title: Option<Text>,
    /// Where it comes from.
    pub about: About,
}

/// Where an entry comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// A meeting of a stream.
    Class {
        /// The stream.
        stream: StreamId,
        /// The group's name.
        group: Text,
        /// Where.
        room: Option<String>,
        /// The address of the online class.
        link: Option<Text>,
        /// Who teaches.
        teachers: Vec<PersonId>,
    },
    /// A sitting of a stream.
    Sitting {
        /// The stream.
        stream: StreamId,
        /// The group's name.
        group: Text,
        /// All that is said of it.
        sitting: Sitting,
        /// Who teaches.
        teachers: Vec<PersonId>,
    },
    /// A test.
    Test(TestId),
    /// A period of the calendar.
    Period {
        /// The term.
        term: TermId,
        /// Which.
        period: PeriodId,
        /// What it is.
        kind: PeriodKind,
    },
}

/// What somebody's timetable is made of.
#[derive(Debug, Clone, Default)]
pub struct Timetable {
    /// The student whose it is, by whom the calendar's periods go; nothing for a teacher.
    pub student: StudentDocument,
    /// The terms of the calendar.
    pub terms: BTreeMap<TermId, TermDocument>,
    /// The streams that they are in, or teach.
    pub streams: BTreeMap<StreamId, Attended>,
    /// The tests of their subjects.
    pub tests: BTreeMap<TestId, TestCard>,
}

/// A stream that somebody is in, or teaches.
#[derive(Debug, Clone)]
pub struct Attended {
    /// What it is; its subject is the one that a student takes.
    pub card: StreamCard,
    /// The address of the online class.
    pub link: Option<Text>,
    /// When and where those are examined who are in it.
    pub sittings: BTreeMap<SittingId, Sitting>,
}

impl Timetable {
    /// What is on within a span of time, the earliest first.
    pub fn entries(&self, within: &Window, zone: &TimeZone) -> Vec<Entry> {
        let planned = self.planned(zone);
        let holidays = planned.iter().filter(|entry| entry.kind == EntryKind::Holiday);
        let holidays: Vec<_> = holidays.map(|entry| entry.window).collect();
        let mut entries = self.classes(within, zone);
        entries.retain(|class| !holidays.iter().any(|holiday| holiday.overlaps(&class.window)));
        entries.extend(planned.into_iter().filter(|entry| entry.window.overlaps(within)));
        entries.sort_by(|one, other| one.order().cmp(&other.order()));
        entries
    }

    /// Whatever is set once, not week by week, whenever it is: sittings, tests, holidays and other periods.
    pub fn planned(&self, zone: &TimeZone) -> Vec<Entry> {
        let periods = self.terms.iter().flat_map(|(id, term)| {
            let theirs = term.calendar_of(&self.student.cohort(term.year), zone).into_iter();
            theirs.map(|(period, about)| of_period(*id, term, period, about))
        });
        let tests = self.tests.iter().map(|(id, card)| Entry {
            id: id.to_string(),
            kind: match card.kind {
                MarkKind::Exam | MarkKind::Retake => EntryKind::Exam,
                _ => EntryKind::Control,
            },
            window: card.window,
            subject: Some(card.subject),
            title: Some(card.title.clone()),
            about: About::Test(*id),
        });
        let sittings = self.streams.iter().flat_map(|(id, attended)| attended.sittings(*id));
        let mut planned: Vec<_> = periods.chain(tests).chain(sittings).collect();
        planned.sort_by(|one, other| one.order().cmp(&other.order()));
        planned
    }

    /// The classes of the weeks of each term, where teaching has its time set within that.
    fn classes(&self, within: &Window, zone: &TimeZone) -> Vec<Entry> {
        let mut classes = Vec::new();
        for (stream, attended) in &self.streams {
            let card = &attended.card;
            let Some(document) = self.terms.get(&card.term) else { continue };
            let Some(term) = &document.term else { continue };
            let teaching = self.teaching(document, zone);
            for (place, meeting) in card.meetings.iter().enumerate() {
                for day in days(meeting, term, within, zone) {
                    let window = class_window(meeting, day, zone);
                    let Some(window) = window.filter(|window| window.overlaps(within)) else {
                        continue;
                    };
                    let taught = |teaching: &Window| teaching.contains(window.opens_at);
                    if teaching.is_empty() || teaching.iter().any(taught) {
                        classes.push(class(*stream, attended, (place, meeting), day, window));
                    }
                }
            }
        }
        classes
    }

    fn teaching(&self, term: &TermDocument, zone: &TimeZone) -> Vec<Window> {
        let theirs = term.calendar_of(&self.student.cohort(term.year), zone).into_iter();
        let study = theirs.filter(|(_, period)| period.kind == PeriodKind::Study);
        study.map(|(_, period)| period.window).collect()
    }
}

impl Entry {
    fn order(&self) -> (Timestamp, Timestamp, &str) {
        (self.window.opens_at, self.window.closes_at, &self.id)
    }
}

fn of_period(term: TermId, document: &TermDocument, id: PeriodId, period: Period) -> Entry {
    let Period { kind, title, window, .. } = period;
    Entry {
        id: id.to_string(),
        kind: match kind {
            PeriodKind::Holidays => EntryKind::Holiday,
            _ => EntryKind::Event,
        },
        window,
        subject: None,
        title: title.or_else(|| document.term.as_ref().map(|term| term.title.clone())),
        about: About::Period { term, period: id, kind },
    }
}

impl Attended {
    fn sittings(&self, stream: StreamId) -> impl Iterator<Item = Entry> + '_ {
        self.sittings.iter().map(move |(id, sitting)| Entry {
            id: id.to_string(),
            kind: match sitting.kind {
                SittingKind::Exam => EntryKind::Exam,
                SittingKind::Control => EntryKind::Control,
                SittingKind::Consultation => EntryKind::Event,
            },
            window: sitting.window,
            subject: Some(self.card.subject),
            title: None,
            about: About::Sitting {
                stream,
                group: self.card.group.clone(),
                sitting: sitting.clone(),
                teachers: self.card.teachers.clone(),
            },
        })
    }
}

fn class(
    stream: StreamId,
    Attended { card, link, .. }: &Attended,
    (place, meeting): (usize, &Meeting),
    day: Date,
    window: Window,
) -> Entry {
    Entry {
        id: format!("{stream}-{day}-{place}"),
        kind: EntryKind::Class,
        window,
        subject: Some(card.subject),
        title: None,
        about: About::Class {
            stream,
            group: card.group.clone(),
            room: meeting.room.clone(),
            link: link.clone(),
            teachers: card.teachers.clone(),
        },
    }
}

/// The days of a term on which a meeting takes place, as far as they can matter. Weeks are those of the calendar,
/// from Monday on; the first is the one of the term's first day.
fn days<'a>(
    meeting: &'a Meeting,
    term: &Term,
    within: &Window,
    zone: &TimeZone,
) -> impl Iterator<Item = Date> + 'a {
    let (starts_on, ends_on) = (term.starts_on, term.ends_on);
    let day_of = |instant| zone.to_datetime(instant).date();
    // A class may have begun the day before.
    let from = day_of(within.opens_at).saturating_sub(1.day()).max(starts_on);
    let to = day_of(within.closes_at).min(ends_on);
    let first = monday_of(starts_on);
    let weekday = Weekday::ALL.iter().position(|day| *day == meeting.weekday).unwrap_or_default();
    let skipped = usize::try_from((monday_of(from) - first).get_days() / 7).unwrap_or_default();
    let weeks = (skipped..).map(move |week| {
        let days = i64::try_from(week * 7 + weekday).unwrap_or(i64::MAX);
        (week, first.saturating_add(jiff::Span::new().try_days(days).unwrap_or(7.days())))
    });
    weeks
        .take_while(move |(week, day)| *day <= to && *week < MOST_WEEKS)
        .filter(move |(week, day)| *day >= from && meeting.weeks.holds(*week))
        .map(|(_, day)| day)
}

/// No term has more weeks: a century is out of reach.
const MOST_WEEKS: usize = 5_200;

/// From when until when a class of a day is; none on a day that no clock reaches.
fn class_window(meeting: &Meeting, day: Date, zone: &TimeZone) -> Option<Window> {
    let opens_at = instant(day, meeting.starts_at, zone)?;
    let closes_at = instant(day, meeting.ends_at, zone)?;
    // Where clocks are set forward over all of it, nothing is left.
    (opens_at < closes_at).then_some(Window { opens_at, closes_at })
}

fn instant(day: Date, time: TimeOfDay, zone: &TimeZone) -> Option<Timestamp> {
    let minutes = i64::from(time.minutes());
    let local = day.at(0, 0, 0, 0).checked_add(minutes.minutes()).ok()?;
    zone.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use aggregates::{
        academic_calendar::{Audience, TermKind},
        shared::Weeks,
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
            kind: TermKind::Summer,
            starts_on: "2026-09-01".parse().unwrap(),
            ends_on: "2026-11-30".parse().unwrap(),
        };
        let periods = periods.into_iter().map(|period| (period.id(term.id), period)).collect();
        TermDocument { term: Some(term), year: 2026, periods, starts_day: 0 }
    }

    fn period(kind: PeriodKind, window: Window) -> Period {
        Period { kind, title: None, audience: Audience::default(), window }
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
        let off =
            timetable(vec![monday.clone()], holiday("2026-09-14T00:00Z", "2026-09-15T00:00Z"));
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
        let fair = Period {
            title: Some(text("Апталық")),
            ..period(PeriodKind::Other, window("2026-09-07T10:00Z", "2026-09-07T11:00Z"))
        };
        let table = timetable(meetings, vec![fair]);
        let day = window("2026-09-07T00:00Z", "2026-09-08T00:00Z");
        let entries = table.entries(&day, &TimeZone::UTC);
        let kinds: Vec<_> = entries.iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [EntryKind::Class, EntryKind::Event, EntryKind::Class]);
        assert_eq!(entries[1].title, Some(text("Апталық")));
        let mut moved = table.clone();
        moved.streams.values_mut().for_each(|attended| {
            attended.card.meetings.iter_mut().for_each(|meeting| meeting.room = Some("202".into()));
        });
        let ids =
            |entries: Vec<Entry>| entries.into_iter().map(|entry| entry.id).collect::<Vec<_>>();
        let once = ids(entries);
        assert_eq!(once, ids(moved.entries(&day, &TimeZone::UTC)));
        let mut unique = once.clone();
        unique.dedup();
        assert_eq!(unique.len(), 3);
    }
}
