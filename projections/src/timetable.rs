//! Somebody's timetable (manual 2.4): no view of its own, but what the calendar, the streams and the tests make of
//! a span of time.

mod classes;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use aggregates::{
    academic_calendar::{Period, PeriodKind},
    shared::{
        MarkKind, PeriodId, PersonId, SittingId, StreamId, SubjectId, TermId, TestId, Text, Titles,
        Window,
    },
    stream::{Sitting, SittingKind, StreamCard},
    test::TestCard,
};
use jiff::{Timestamp, tz::TimeZone};

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
    /// The same in languages, as far as that is said.
    pub titles: Titles,
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
        /// Whether it has a title of its own, and not the term's.
        is_titled: bool,
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
        let mut entries = self.classes(&planned, within, zone);
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
            titles: Titles::default(),
            about: About::Test(*id),
        });
        let sittings = self.streams.iter().flat_map(|(id, attended)| attended.sittings(*id));
        let mut planned: Vec<_> = periods.chain(tests).chain(sittings).collect();
        planned.sort_by(|one, other| one.order().cmp(&other.order()));
        planned
    }
}

impl Entry {
    /// The stream, of a class or a sitting.
    pub fn stream(&self) -> Option<StreamId> {
        match &self.about {
            About::Class { stream, .. } | About::Sitting { stream, .. } => Some(*stream),
            About::Test(_) | About::Period { .. } => None,
        }
    }

    /// Where, of a class or a sitting, as far as known.
    pub fn room(&self) -> Option<&str> {
        match &self.about {
            About::Class { room, .. } => room.as_deref(),
            About::Sitting { sitting, .. } => sitting.room.as_ref().map(Text::as_str),
            About::Test(_) | About::Period { .. } => None,
        }
    }

    /// Who teaches, of a class or a sitting.
    pub fn teachers(&self) -> &[PersonId] {
        match &self.about {
            About::Class { teachers, .. } | About::Sitting { teachers, .. } => teachers,
            About::Test(_) | About::Period { .. } => &[],
        }
    }

    /// Whether these are two sittings, or of two streams, at the same time: nobody can be at both. A class gives way to
    /// a sitting of its own stream.
    pub fn clashes(&self, other: &Self) -> bool {
        let apart = match (&self.about, &other.about) {
            (About::Sitting { .. }, About::Sitting { .. }) => self.id != other.id,
            _ => self.stream().zip(other.stream()).is_some_and(|(one, other)| one != other),
        };
        apart && self.window.overlaps(&other.window)
    }

    fn order(&self) -> (Timestamp, Timestamp, &str) {
        (self.window.opens_at, self.window.closes_at, &self.id)
    }
}

/// What of a timetable, by the ids, clashes with what else of it; that is the earliest first, as entries are.
pub fn clashing(entries: &[Entry]) -> BTreeMap<&str, Vec<&str>> {
    let mut clashing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (number, entry) in entries.iter().enumerate() {
        let later = entries[number + 1..].iter();
        let meanwhile = later.take_while(|later| later.window.opens_at < entry.window.closes_at);
        for other in meanwhile.filter(|other| entry.clashes(other)) {
            clashing.entry(&entry.id).or_default().push(&other.id);
            clashing.entry(&other.id).or_default().push(&entry.id);
        }
    }
    clashing
}

fn of_period(term: TermId, document: &TermDocument, id: PeriodId, period: Period) -> Entry {
    let Period { kind, title, titles, window, .. } = period;
    let is_titled = title.is_some();
    let of_term = || document.term.as_ref().map(|term| (term.title.clone(), term.titles.clone()));
    let (title, titles) = title.map(|title| (title, titles)).or_else(of_term).unzip();
    Entry {
        id: id.to_string(),
        kind: match kind {
            PeriodKind::Holidays => EntryKind::Holiday,
            _ => EntryKind::Event,
        },
        window,
        subject: None,
        title,
        titles: titles.unwrap_or_default(),
        about: About::Period { term, period: id, kind, is_titled },
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
            titles: Titles::default(),
            about: About::Sitting {
                stream,
                group: self.card.group.clone(),
                sitting: sitting.clone(),
                teachers: self.card.teachers.clone(),
            },
        })
    }
}
