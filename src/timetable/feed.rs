//! Somebody's timetable for their calendar program: what was of late, and what is to come.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Display,
};

use aggregates::{
    academic_calendar::PeriodKind,
    shared::{PersonId, Role, SubjectId, Text, Window},
    stream::Sitting,
};
use jiff::{Timestamp, ToSpan};
use projections::{
    account::Accounts,
    student::Students,
    subject::Subjects,
    term::midnight,
    timetable::{About, Entry, EntryKind},
};

use super::{
    icalendar::{Event, calendar},
    of_student, of_teacher,
};
use crate::{
    cabinet::Cabinet,
    database::StoreError,
    messages, people,
    titles::{Titles, local},
};

/// How many days before today are told, and how many from today on.
const DAYS_BEFORE: i64 = 60;
const DAYS_FROM_NOW_ON: i64 = 300;

/// Somebody's timetable as an iCalendar object: what they take, and what they teach; in the language that is asked for,
/// that which they chose where none is, and that of the task where they chose none. It is made anew each day: what has
/// not changed is the same to the byte until midnight.
pub async fn feed(
    cabinet: &Cabinet,
    person: PersonId,
    language: Option<&str>,
) -> Result<String, StoreError> {
    let (database, views, zone) = (&cabinet.database, &cabinet.views, &cabinet.time_zone);
    let document = views.get::<Students>(&person.to_string()).await?.unwrap_or_default();
    let chosen = document.settings.language.map(|language| language.to_string());
    let today = cabinet.today();
    let day = |days: i64| midnight(today.saturating_add(days.days()), zone).unwrap_or_default();
    let within = Window { opens_at: day(-DAYS_BEFORE), closes_at: day(DAYS_FROM_NOW_ON) };
    let account = views.get::<Accounts>(&person.to_string()).await?.unwrap_or_default();
    let mut timetable = of_student(database, views, &document).await?;
    // Who teaches no longer is told of no streams, though the streams still name them.
    if account.roles.contains(&Role::Teacher) {
        let taught = of_teacher(database, views, person).await?;
        timetable.streams.extend(taught.streams);
        timetable.tests.extend(taught.tests);
    }
    let entries = timetable.entries(&within, zone);
    let names = names(cabinet, &entries).await?;
    let made_at: Timestamp = day(0);
    let written = async {
        let titles = titles(cabinet, &entries).await?;
        let event = |entry: &Entry| event(entry, &titles, &names);
        let events: Vec<_> = entries.iter().map(event).collect();
        Ok(calendar(&messages::message("TIMETABLE", &[]), made_at, &events))
    };
    match language.or(chosen.as_deref()) {
        Some(language) => messages::for_reader(Some(language), written).await,
        None => written.await,
    }
}

fn event(
    entry: &Entry,
    titles: &HashMap<SubjectId, String>,
    names: &HashMap<PersonId, String>,
) -> Event {
    let subject = entry.subject.and_then(|subject| titles.get(&subject));
    let subject = subject.map(String::as_str).unwrap_or_default();
    let title = entry.title.as_ref().map(|title| local(title, &entry.titles).to_string());
    let title = title.unwrap_or_default();
    let (summary, location, description) = match &entry.about {
        About::Class { group, room, link, teachers, .. } => {
            let link = link.as_ref().map(ToString::to_string);
            let place = room.clone().or_else(|| link.clone());
            (format!("{subject} ({group})"), place, Some(told(link, None, teachers, names)))
        }
        About::Sitting { group, sitting, teachers, .. } => {
            let Sitting { kind, room, link, note, .. } = sitting;
            let kind = format!("SITTING_KIND_{}", kind.name().to_uppercase());
            let summary = format!("{}: {subject} ({group})", messages::message(&kind, &[]));
            let [room, link, note] = [room, link, note].map(|it| it.as_ref().map(Text::to_string));
            let place = room.or_else(|| link.clone());
            (summary, place, Some(told(link, note, teachers, names)))
        }
        About::Test(_) => (format!("{subject}: {title}"), None, None),
        About::Period {
            kind: PeriodKind::Holidays | PeriodKind::Other, is_titled: true, ..
        } => (title, None, None),
        About::Period { kind, .. } => {
            let code = format!("PERIOD_KIND_{}", kind.name().to_uppercase());
            (format!("{}: {title}", messages::message(&code, &[])), None, None)
        }
    };
    Event {
        uid: format!("{}@oqu", entry.id),
        summary,
        description: description.filter(|text| !text.is_empty()),
        location,
        category: match entry.kind {
            EntryKind::Class => "CLASS",
            EntryKind::Exam => "EXAM",
            EntryKind::Control => "CONTROL",
            EntryKind::Holiday => "HOLIDAY",
            EntryKind::Event => "EVENT",
        },
        window: entry.window,
        // A test is open for longer than it takes.
        busy: matches!(entry.about, About::Class { .. } | About::Sitting { .. }),
    }
}

/// What else there is to know: the address, a note, who teaches.
fn told(
    link: Option<String>,
    note: Option<String>,
    teachers: &[PersonId],
    names: &HashMap<PersonId, String>,
) -> String {
    let teachers = teachers.iter().filter_map(|id| names.get(id)).cloned();
    link.into_iter().chain(note).chain(teachers).collect::<Vec<_>>().join("\n")
}

/// The titles of the subjects in the reader's language.
async fn titles(
    cabinet: &Cabinet,
    entries: &[Entry],
) -> Result<HashMap<SubjectId, String>, StoreError> {
    let subjects = unique(entries.iter().filter_map(|entry| entry.subject));
    let found = cabinet.views.get_many::<Subjects>(&keys(&subjects)).await?;
    let titles = Titles::of(&cabinet.views, subjects.iter().copied()).await?;
    let title = |subject: SubjectId| {
        let card = found.get(&subject.to_string())?.card.as_ref()?;
        Some((subject, titles.title(subject, &card.title).to_string()))
    };
    Ok(subjects.into_iter().filter_map(title).collect())
}

/// The names of the teachers.
async fn names(
    cabinet: &Cabinet,
    entries: &[Entry],
) -> Result<HashMap<PersonId, String>, StoreError> {
    let teachers = entries.iter().flat_map(|entry| match &entry.about {
        About::Class { teachers, .. } | About::Sitting { teachers, .. } => teachers.as_slice(),
        About::Test(_) | About::Period { .. } => &[],
    });
    let teachers: Vec<_> = unique(teachers.copied()).into_iter().collect();
    let found = people::people(&cabinet.database, &teachers).await?;
    Ok(found.into_iter().map(|(id, details)| (id, details.display_name())).collect())
}

fn unique<T: Ord>(all: impl Iterator<Item = T>) -> BTreeSet<T> {
    all.collect()
}

fn keys<T: Display>(ids: &BTreeSet<T>) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
