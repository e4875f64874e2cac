//! Before the day: the folder imported, a regulation, open windows, and a password for every student.

use std::collections::{BTreeSet, HashMap};

use aggregates::{
    Event,
    academic_calendar::{AcademicCalendarCommand, Audience, Period, PeriodKind},
    regulation::RegulationCommand,
    shared::{
        CalendarId, Credits, PersonId, RegulationId, Rules, StreamId, SubjectId, TermId, Text,
        Titles, Window,
    },
    stream::StreamEvent,
};
use jiff::{Timestamp, ToSpan, civil::date, tz::TimeZone};
use oqu::{
    cabinet::Cabinet,
    commands::{Actor, Transaction},
    identity::Passwords,
    log::{self, Filter},
    people::{self, PersonWrite},
};
use projections::term::Terms;

use super::campus::Campus;
use crate::{
    Fault,
    house::{House, PASSWORD},
};

const VERSION: &str = "registration day";
/// The folder says nothing of credits that a term may hold: what limits its students is their timetable.
const CREDITS: u16 = 600;
/// How many people are written at once.
const TOGETHER: usize = 500;

/// What the classes, courses and students of a folder are called here.
pub struct Directory {
    /// By class.
    pub streams: Vec<StreamId>,
    /// By class: its subject, and the term it is taught in.
    pub taught: Vec<(SubjectId, TermId)>,
    /// By student.
    pub people: Vec<PersonId>,
}

/// Makes everything ready on an empty database.
pub async fn prepare(house: &House, campus: &Campus) -> Result<Directory, Fault> {
    let database = house.location().open().await?;
    let head = log::head(&database.0).await?.position.0;
    drop(database);
    if head > 0 {
        return Err(format!(
            "the database has {head} events: a registration day begins on an empty one"
        )
        .into());
    }
    let folder = campus.folder.to_str().ok_or("the folder's name is no UTF-8")?;
    house.run(&["import", "oneroster", folder])?;
    let cabinet = Cabinet::open(house.config()).await?;
    let (source, directory) = directory(&cabinet, campus).await?;
    let directory = Directory { people: let_in(&cabinet, campus, &source).await?, ..directory };
    open_windows(&cabinet, &directory).await?;
    cabinet.close().await;
    Ok(directory)
}

/// What classes and courses are called, by the ids that the import derives of theirs; and the folder's name for itself.
async fn directory(cabinet: &Cabinet, campus: &Campus) -> Result<(String, Directory), Fault> {
    let filter = Filter { event_type: Some("StreamImported".into()), ..Filter::default() };
    let (mut imported, mut named) = (HashMap::new(), String::new());
    let mut snapshot = cabinet.database.snapshot().await?;
    log::read_each(&mut snapshot, filter, |event| {
        for recorded in event.decode()? {
            if let Event::Stream(StreamEvent::Imported { stream, card, origin, .. }) =
                recorded.event
            {
                named = origin.source;
                imported.insert(stream, (card.subject, card.term));
            }
        }
        Ok(())
    })
    .await?;
    snapshot.rollback().await?;
    let (mut streams, mut taught) = (vec![], vec![]);
    for class in &campus.classes {
        let stream = StreamId::derived(&["oneroster", &named, &class.id]);
        let about = imported.get(&stream);
        taught.push(*about.ok_or_else(|| format!("the class `{}` was not imported", class.id))?);
        streams.push(stream);
    }
    Ok((named, Directory { streams, taught, people: vec![] }))
}

/// Gives every student a login, the same as in the folder, and the password.
async fn let_in(cabinet: &Cabinet, campus: &Campus, source: &str) -> Result<Vec<PersonId>, Fault> {
    let hash = Passwords::new()?.hash(PASSWORD.to_owned()).await?;
    let mut everybody = vec![];
    for some in campus.students.chunks(TOGETHER) {
        let ids: Vec<_> = some.iter().map(|student| student.id.clone()).collect();
        let known = people::by_external_ids(&cabinet.database, source, &ids).await?;
        let mut written = Transaction::of(Actor::command_line("rush"), vec![]);
        for id in &ids {
            let (person, details) = known.get(id).ok_or_else(|| format!("nobody is `{id}`"))?;
            let details = people::Details { login: Some(id.to_lowercase()), ..details.clone() };
            let password = PersonWrite::Password(*person, hash.clone());
            written.people.extend([PersonWrite::Change(*person, details), password]);
            everybody.push(*person);
        }
        cabinet.execute(written).await?;
    }
    Ok(everybody)
}

/// Publishes the rules, and opens registering and choosing in every term for some hours.
async fn open_windows(cabinet: &Cabinet, directory: &Directory) -> Result<(), Fault> {
    let mut rules = Rules::kazakhstan();
    let limit = Credits::whole(CREDITS);
    (rules.credits.semester, rules.credits.year, rules.credits.summer) = (limit, limit, limit);
    let version = Text::short(VERSION).map_err(|flaw| format!("{flaw:?}"))?;
    let publish = RegulationCommand::Publish { version, effective_from: date(1901, 1, 1), rules };
    let mut acts = vec![publish.of(RegulationId::of(VERSION))];
    let now = Timestamp::now();
    let window = Window { opens_at: now, closes_at: now + 12.hours() };
    let terms: BTreeSet<_> = directory.taught.iter().map(|(_, term)| *term).collect();
    for term in terms {
        let known = cabinet.views.get::<Terms>(&term.to_string()).await?.ok_or("no such term")?;
        for kind in [PeriodKind::Registration, PeriodKind::ChoosingStreams] {
            let (title, titles) = (None, Titles::default());
            let period = Period { kind, title, titles, audience: Audience::default(), window };
            let (year, opens_on) = (known.year, TimeZone::UTC.to_datetime(now).date());
            let set =
                AcademicCalendarCommand::SetPeriod { year, term, period, titles: None, opens_on };
            acts.push(set.of(CalendarId::of(known.year)));
        }
    }
    cabinet.execute(Transaction::of(Actor::command_line("rush"), acts)).await?;
    Ok(())
}
