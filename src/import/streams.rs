//! `classes.csv`: classes become streams, and their subjects are offered in their terms.

use std::collections::{BTreeSet, HashSet};

use aggregates::{
    enrollment::StreamSeat,
    shared::{Credits, Fact, Meeting, StreamId, SubjectId, Text, TimeOfDay, Weekday, Weeks},
    stream::{StreamCard, StreamCommand, StreamKind},
    subject::SubjectCommand,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    ImportError,
    calendar::StagedTerm,
    entity::{Entity, FoundRows, Known, Plan},
    fields::short,
    flaw::Flaw,
    folder::Kind,
    subjects::StagedCourse,
    table::Row,
};

const PARENT: &str = "metadata.parent";

/// A class.
pub(super) struct Class {
    id: String,
    course: String,
    sessions: Vec<String>,
    parent: Option<String>,
    kind: StreamKind,
    configuration: Text,
    component: Text,
    group: Text,
    limit: Option<u32>,
    meetings: Vec<Meeting>,
}

/// What enrollments and line items need of a class.
#[derive(Serialize, Deserialize)]
pub(super) struct StagedClass {
    /// A seat in its stream.
    pub seat: StreamSeat,
    /// The subject's code.
    pub code: Text,
    /// The subject's title.
    pub title: Text,
    /// The subject's credits.
    pub credits: Credits,
    /// The term's first day.
    pub starts_on: Date,
    /// How many seats it has, where they are counted.
    pub limit: Option<u32>,
    /// When it meets.
    pub meetings: Vec<Meeting>,
}

/// What classes refer to.
pub(super) struct Found {
    courses: FoundRows<StagedCourse>,
    sessions: FoundRows<StagedTerm>,
    /// The classes whose parent can't be taken.
    orphans: HashSet<String>,
}

impl Class {
    /// Its id, the id of the class that it can only be taken with, and that of its course.
    pub(super) fn with_parent(&self) -> (String, Option<String>, String) {
        (self.id.clone(), self.parent.clone(), self.course.clone())
    }
}

impl Entity for Class {
    const KIND: Kind = Kind::Classes;
    type Found = Found;

    fn read(row: &Row) -> Result<Self, Flaw> {
        let group = match row.text("classCode")? {
            Some(code) => code,
            None => row.required_text("title")?,
        };
        let component = match row.text("metadata.subpart")? {
            Some(component) => component,
            None => short("classType", row.get("classType").unwrap_or("class"))?,
        };
        let configuration = match row.text("metadata.config")? {
            Some(configuration) => configuration,
            None => short("metadata.config", "1")?,
        };
        row.required("termSourcedIds")?;
        Ok(Self {
            id: row.id("sourcedId")?,
            course: row.id("courseSourcedId")?,
            sessions: row.list("termSourcedIds").map(str::to_owned).collect(),
            parent: row.text(PARENT)?.map(String::from),
            kind: stream_kind(component.as_str()),
            configuration,
            component,
            group,
            limit: limit(row)?,
            meetings: meetings(row)?,
        })
    }

    async fn look_up(rows: &[(Row, Self)], known: &Known) -> Result<Found, ImportError> {
        let courses = rows.iter().map(|(_, class)| class.course.as_str());
        let sessions = rows.iter().flat_map(|(_, class)| &class.sessions).map(String::as_str);
        let classes = rows.iter().map(|(_, class)| class.id.as_str()).collect();
        Ok(Found {
            courses: known.find(Kind::Courses, courses).await?,
            sessions: known.find(Kind::AcademicSessions, sessions).await?,
            orphans: known.staging.unsettled(&classes).await?,
        })
    }

    fn plan(&self, row: &Row, found: &Found, known: &Known) -> Result<Plan, Flaw> {
        let course = found.courses.get("courseSourcedId", &self.course)?;
        let (session, StagedTerm { starts_on, year, .. }) = self.session(found)?;
        let (subject, term) = (known.subject(&self.course), known.term(session));
        let stream = stream(known, &self.id);
        let parent = match &self.parent {
            Some(parent) if found.orphans.contains(&self.id) => {
                return Err(Flaw::of_text(PARENT, "NO_PARENT", parent));
            }
            parent => parent.as_deref().map(|parent| self::stream(known, parent)),
        };
        let card = StreamCard {
            subject,
            term,
            kind: self.kind,
            configuration: self.configuration.clone(),
            component: self.component.clone(),
            group: self.group.clone(),
            parent,
            limit: self.limit,
            meetings: self.meetings.clone(),
            teachers: vec![],
        };
        let seat = StreamSeat {
            stream,
            subject,
            term,
            configuration: self.configuration.clone(),
            component: self.component.clone(),
            parent,
        };
        let origin = known.origin(Self::KIND, row, None);
        let at = Timestamp::now();
        // Whose plans follow it is looked up where it comes to that.
        let told = BTreeSet::new();
        let import = StreamCommand::Import { stream, card, told, origin, at };
        let acts = vec![import.of(stream), offer(subject, term)];
        let StagedCourse { code, title, credits } = course;
        let (code, title, credits) = (code.clone(), title.clone(), *credits);
        let plan = Plan { acts, year: Some(*year), ..Plan::default() };
        let (starts_on, limit, meetings) = (*starts_on, self.limit, self.meetings.clone());
        plan.keeping(&StagedClass { seat, code, title, credits, starts_on, limit, meetings })
    }
}

impl Class {
    /// The first of its sessions that is known.
    fn session<'a>(&'a self, found: &'a Found) -> Result<(&'a str, &'a StagedTerm), Flaw> {
        let mut flaw = Flaw::empty("termSourcedIds");
        for session in &self.sessions {
            match found.sessions.get("termSourcedIds", session) {
                Ok(term) => return Ok((session, term)),
                Err(unknown) => flaw = unknown,
            }
        }
        Err(flaw)
    }
}

fn offer(subject: SubjectId, term: aggregates::shared::TermId) -> aggregates::Act {
    SubjectCommand::Offer { subject, term }.of(subject)
}

/// The stream that a class of this source is.
fn stream(known: &Known, class: &str) -> StreamId {
    StreamId::derived(&known.name(class))
}

/// The kind of classes, where the part of the course says it.
fn stream_kind(component: &str) -> StreamKind {
    match component.to_lowercase().as_str() {
        "lecture" => StreamKind::Lecture,
        "practice" | "seminar" => StreamKind::Practice,
        "laboratory" | "lab" => StreamKind::Laboratory,
        _ => StreamKind::Class,
    }
}

fn limit(row: &Row) -> Result<Option<u32>, Flaw> {
    const COLUMN: &str = "metadata.capacity";
    let Some(text) = row.get(COLUMN) else { return Ok(None) };
    let limit = text.parse();
    limit.map(Some).map_err(|_| Flaw::of_text(COLUMN, "NO_SEATS", text))
}

/// When the class meets: on each of its days at the same time.
fn meetings(row: &Row) -> Result<Vec<Meeting>, Flaw> {
    let timed = ["metadata.days", "metadata.startTime", "metadata.minutes"];
    if timed.iter().all(|column| row.get(column).is_none()) {
        return Ok(vec![]);
    }
    let days = days(row.required("metadata.days")?)?;
    if days.is_empty() {
        return Ok(vec![]);
    }
    let starts_at = time_of_day(row.required("metadata.startTime")?)?;
    let ends_at = ends_at(starts_at, row.required("metadata.minutes")?)?;
    let weeks = row.get("metadata.weeks").unwrap_or_default();
    let not_weeks = || Flaw::of_text("metadata.weeks", "NO_WEEKS", weeks);
    let weeks = match Weeks::parse(weeks).ok_or_else(not_weeks)? {
        never if never != Weeks::every() && !never.as_str().contains('1') => {
            return Err(Flaw::told("metadata.weeks", "NEVER_MEETS", &[]));
        }
        some => some,
    };
    let room = row.text("location")?.map(String::from);
    let meeting =
        |weekday| Meeting { weekday, starts_at, ends_at, weeks: weeks.clone(), room: room.clone() };
    Ok(days.into_iter().map(meeting).collect())
}

fn days(text: &str) -> Result<Vec<Weekday>, Flaw> {
    if text.len() != 7 || !text.bytes().all(|day| matches!(day, b'0' | b'1')) {
        return Err(Flaw::of_text("metadata.days", "NO_DAYS", text));
    }
    let chosen = Weekday::ALL.into_iter().zip(text.bytes()).filter(|(_, day)| *day == b'1');
    Ok(chosen.map(|(weekday, _)| weekday).collect())
}

fn time_of_day(text: &str) -> Result<TimeOfDay, Flaw> {
    // Spreadsheets drop a leading zero.
    let padded = if text.find(':') == Some(1) { format!("0{text}") } else { text.to_owned() };
    let unreadable = || Flaw::of_text("metadata.startTime", "NO_TIME", text);
    padded.parse().map_err(|()| unreadable())
}

fn ends_at(starts_at: TimeOfDay, minutes: &str) -> Result<TimeOfDay, Flaw> {
    const COLUMN: &str = "metadata.minutes";
    let length: u32 = minutes
        .parse()
        .ok()
        .filter(|length| *length > 0)
        .ok_or_else(|| Flaw::of_text(COLUMN, "NO_MINUTES", minutes))?;
    let end = starts_at.minutes().checked_add(length).and_then(TimeOfDay::from_minutes);
    end.ok_or_else(|| {
        let facts = [Fact::new("minutes", length), Fact::new("starts_at", starts_at)];
        Flaw::told(COLUMN, "PAST_MIDNIGHT", &facts)
    })
}
