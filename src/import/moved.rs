//! A class that meets at other times than before: the plans of all who have a seat in its stream follow in the same
//! act, also where something else of them is at that time; the report says whose (docs/decisions/0018).

use std::collections::{BTreeMap, BTreeSet};

use aggregates::{
    Act, Command, State,
    iep::{IepCommand, Placement},
    shared::{CalendarId, Fact, IepId, PersonId, Refuse, StreamId, TermDays},
    stream::{Stream, StreamCard, StreamCommand, StreamError},
};

use jiff::tz::TimeZone;

use super::{
    ImportError, Warning,
    entity::{Here, Plan},
    flaw::Flaw,
    folder::Kind,
    rehearsal::Name,
    target::{Answer, NotTaken, Target},
};
use crate::{messages::message, people::people};

/// How often it is looked anew who has a seat, where somebody comes or goes meanwhile.
const TRIES: usize = 10;
/// How many plans are read at a time.
const CHUNK: usize = 500;
/// The aggregate of an academic year's terms.
const CALENDAR: &str = "AcademicCalendar";
/// How many of those whose classes clash are named.
const MOST_NAMED: usize = 50;

/// A stream that was moved, with whose plans followed.
pub(super) struct Moved {
    line: u64,
    stream: StreamId,
    year: i16,
    students: BTreeSet<PersonId>,
}

/// Whether it was refused because it moves a stream in which others have seats than it names.
pub(super) fn moves_seats(answer: &Answer) -> bool {
    let code = StreamError::SeatsChanged.refusal().code;
    matches!(answer, Err(NotTaken::Refused(refusal)) if refusal.code == code)
}

impl Target {
    /// Does what was planned with all plans that have to follow, and notes the stream.
    pub(super) async fn attempt_with_plans(
        &mut self,
        plan: &Plan,
        moved: &mut Vec<Moved>,
    ) -> Result<Answer, ImportError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let (plan, followed) = match self.followed(plan).await? {
                Ok(followed) => followed,
                Err(flaw) => return Ok(Err(NotTaken::Flawed(flaw))),
            };
            let answer = self.attempt(&[&plan]).await?.pop();
            let answer = answer.ok_or_else(|| defect("a plan without an answer"))?;
            if moves_seats(&answer) && tries < TRIES {
                continue;
            }
            moved.extend(answer.is_ok().then_some(followed));
            return Ok(answer);
        }
    }

    /// The same with all who have a seat now.
    async fn followed(&self, plan: &Plan) -> Result<Result<(Plan, Moved), Flaw>, ImportError> {
        let Some((year, name, import)) = imported(plan) else {
            return Err(defect("seats of what is no class"));
        };
        let mut states = self.states(vec![name.clone()]).await?;
        let Some(State::Stream(known)) = states.remove(&name) else {
            return Err(defect("a stream that is not loaded"));
        };
        let students = known.seated().clone();
        if students.len() > Stream::MOST_TOLD {
            let facts = [Fact::new("asked", students.len()), Fact::new("most", Stream::MOST_TOLD)];
            return Ok(Err(Flaw::told("sourcedId", "TOO_MANY_SEATED", &facts)));
        }
        let Import { stream, line, card } = import;
        let meetings = known.imported(card).meetings;
        let follow = |student: &PersonId| {
            let meetings = meetings.clone();
            let follow = IepCommand::MoveStream {
                stream,
                meetings,
                terms: TermDays::default(),
                despite_clashes: true,
            };
            follow.of(IepId::of(*student, year))
        };
        let acts =
            students.iter().map(follow).chain(plan.acts.iter().map(|act| telling(act, &students)));
        let plan = Plan { acts: acts.collect(), ..Plan::default() };
        Ok(Ok((plan, Moved { line, stream, year, students })))
    }
}

/// What a plan imports a class with.
struct Import<'a> {
    stream: StreamId,
    line: u64,
    card: &'a StreamCard,
}

/// The class that a plan imports, as an aggregate, with the year of the plans that follow.
fn imported(plan: &Plan) -> Option<(i16, Name, Import<'_>)> {
    let year = plan.year?;
    plan.acts.iter().find_map(|act| match &act.command {
        Command::Stream(StreamCommand::Import { stream, card, origin, .. }) => {
            let import = Import { stream: *stream, line: origin.line, card };
            Some((year, (act.command.aggregate_type(), act.id.clone()), import))
        }
        _ => None,
    })
}

/// The act, naming those whose timetables follow where it imports a class.
fn telling(act: &Act, students: &BTreeSet<PersonId>) -> Act {
    let mut act = act.clone();
    if let Command::Stream(StreamCommand::Import { told, .. }) = &mut act.command {
        told.clone_from(students);
    }
    act
}

/// Whose plans have something else at the same time as a stream that was moved, also in a term of the academic year before
/// or after: looked for when all classes are where they belong, since the other one may have moved too.
pub(super) async fn clashes(
    target: &Target,
    here: Option<&Here>,
    moved: &[Moved],
) -> Result<Vec<Warning>, ImportError> {
    // Where nothing was, nothing moves.
    let Some(here) = here else { return Ok(vec![]) };
    let mut of_student: BTreeMap<PersonId, Vec<&Moved>> = BTreeMap::new();
    for one in moved {
        for student in &one.students {
            of_student.entry(*student).or_default().push(one);
        }
    }
    let years = moved.iter().flat_map(|one| one.year - 1..=one.year + 1);
    let years: BTreeSet<_> = years.collect();
    let days = days(target, &years, &here.time_zone).await?;
    let mut clashing: BTreeMap<u64, Vec<PersonId>> = BTreeMap::new();
    let of_student: Vec<_> = of_student.into_iter().collect();
    for chunk in of_student.chunks(CHUNK) {
        let plans = |student: &PersonId| {
            years.iter().map(|year| name(IepId::of(*student, *year))).collect::<Vec<_>>()
        };
        let names = chunk.iter().flat_map(|(student, _)| plans(student)).collect();
        let states = target.states(names).await?;
        for (student, moved) in chunk {
            let plans = plans(student);
            let held = plans.iter().filter_map(|plan| match states.get(plan)? {
                State::Iep(plan) => Some(plan.streams()),
                _ => None,
            });
            let held: Vec<_> = held.flatten().collect();
            let clashes = |one: &&&Moved| {
                let own = held.iter().find(|held| held.stream == one.stream);
                own.is_some_and(|own| {
                    let placement = Placement::on_plan((*own).clone(), None, days.clone());
                    let clash = placement.clashes(held.iter().copied()).next();
                    clash.is_some()
                })
            };
            for one in moved.iter().filter(clashes) {
                clashing.entry(one.line).or_default().push(*student);
            }
        }
    }
    let mut warnings = Vec::with_capacity(clashing.len());
    for (line, students) in clashing {
        let reason = told(here, &students).await?;
        warnings.push(Warning { file: Kind::Classes.file(), line, reason });
    }
    Ok(warnings)
}

/// The days of the terms of these academic years.
async fn days(
    target: &Target,
    years: &BTreeSet<i16>,
    zone: &TimeZone,
) -> Result<TermDays, ImportError> {
    let calendars = years.iter().map(|year| (CALENDAR, CalendarId::of(*year).to_string()));
    let calendars = target.states(calendars.collect()).await?;
    let calendars = calendars.values().filter_map(|state| match state {
        State::AcademicCalendar(calendar) => Some(calendar.days(zone)),
        _ => None,
    });
    Ok(calendars.flatten().collect())
}

fn name(plan: IepId) -> Name {
    ("Iep", plan.to_string())
}

async fn told(here: &Here, students: &[PersonId]) -> Result<String, ImportError> {
    let named = &students[..students.len().min(MOST_NAMED)];
    let known = people(&here.database, named).await?;
    let name =
        |id: &PersonId| known.get(id).map_or_else(|| id.to_string(), |who| who.display_name());
    let names: Vec<_> = named.iter().map(name).collect();
    let facts =
        [Fact::new("names", names.join("; ")), Fact::new("more", students.len() - named.len())];
    Ok(message("IMPORT_MOVED_CLASHES", &facts))
}

fn defect(what: &str) -> ImportError {
    ImportError::Defect(what.to_owned())
}
