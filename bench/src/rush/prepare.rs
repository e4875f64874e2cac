//! Before the day: the folder imported, a regulation, open windows, and a password for every student.

use std::collections::{BTreeMap, BTreeSet, HashMap};

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
    import::{self, Rejected, Warning, Watch},
    log::{self, Filter},
    people::{self, PersonWrite},
};
use projections::term::Terms;

use super::campus::{Campus, Class};
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
    /// By class, of those that were imported: its subject, and the term it is taught in.
    pub taught: BTreeMap<usize, (SubjectId, TermId)>,
    /// By student, of those who were imported.
    pub people: BTreeMap<usize, PersonId>,
}

/// Tells how far the import is, and what it does not take.
struct Telling;

impl Watch for Telling {
    fn file(&mut self, file: &str, _: u64) {
        println!("importing {file}");
    }

    fn read(&mut self, _: u64) {}

    fn rejected(&mut self, row: &Rejected) {
        let Rejected { file, line, column, reason } = row;
        println!("not imported: {file}, line {line}, {column}: {reason}");
    }

    fn warned(&mut self, _: &Warning) {}

    fn waits_for_views(&mut self) {}
}

/// Makes everything ready on an empty database; classes that the import does not take are left out.
pub async fn prepare(house: &House, campus: &mut Campus) -> Result<Directory, Fault> {
    let database = house.location().open().await?;
    let head = log::head(&database.0).await?.position.0;
    drop(database);
    if head > 0 {
        return Err(format!(
            "the database has {head} events: a registration day begins on an empty one"
        )
        .into());
    }
    let cabinet = Cabinet::open(house.config()).await?;
    println!("{}", import::import(&campus.folder, &cabinet, &mut Telling).await?);
    let (source, directory) = directory(&cabinet, campus).await?;
    let directory = Directory { people: let_in(&cabinet, campus, &source).await?, ..directory };
    open_windows(&cabinet, &directory).await?;
    cabinet.close().await;
    Ok(directory)
}

/// What classes and courses are called, by the ids that the import derives of theirs; and the folder's name for itself.
async fn directory(cabinet: &Cabinet, campus: &mut Campus) -> Result<(String, Directory), Fault> {
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
    let id = |class: &Class| StreamId::derived(&["oneroster", &named, &class.id]);
    let streams: Vec<_> = campus.classes.iter().map(id).collect();
    let mut taught = BTreeMap::new();
    for (class, stream) in streams.iter().enumerate() {
        match imported.get(stream) {
            Some(about) => _ = taught.insert(class, *about),
            None => campus.leave_out(class, "it was not imported".to_owned()),
        }
    }
    if taught.is_empty() {
        return Err("no class was imported".into());
    }
    Ok((named, Directory { streams, taught, people: BTreeMap::new() }))
}

/// Gives every student a login, the same as in the folder, and the password.
async fn let_in(
    cabinet: &Cabinet,
    campus: &Campus,
    source: &str,
) -> Result<BTreeMap<usize, PersonId>, Fault> {
    let hash = Passwords::new()?.hash(PASSWORD.to_owned()).await?;
    let mut everybody = BTreeMap::new();
    let numbered: Vec<_> = campus.students.iter().enumerate().collect();
    for some in numbered.chunks(TOGETHER) {
        let ids: Vec<_> = some.iter().map(|(_, student)| student.id.clone()).collect();
        let known = people::by_external_ids(&cabinet.database, source, &ids).await?;
        let mut written = Transaction::of(Actor::command_line("rush"), vec![]);
        for (number, student) in some {
            let id = &student.id;
            let Some((person, details)) = known.get(id) else { continue };
            let details = people::Details { login: Some(id.to_lowercase()), ..details.clone() };
            let password = PersonWrite::Password(*person, hash.clone());
            written.people.extend([PersonWrite::Change(*person, details), password]);
            everybody.insert(*number, *person);
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
    let terms: BTreeSet<_> = directory.taught.values().map(|(_, term)| *term).collect();
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
