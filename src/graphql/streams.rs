//! Streams: what there is, and choosing among them (manual 2.4.1).

use std::sync::Arc;

use aggregates::{
    shared::{self, PersonId, Role, StreamId, SubjectId, TermId, Text},
    stream::{Reservation, StreamCard, StreamKind},
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use futures::future::try_join_all;
use projections::{
    alphabet::sort_key,
    offering::Offerings,
    seat::Seats as HeldSeats,
    stream::{StreamDocument, Streams, offering},
};

use super::{
    calendar::Term,
    enrollments::Enrollment,
    errors::{UserError, denied, internal},
    people::{Person, display_name},
    request::{Ask, stored},
    scalars::{DateTime, LocalTime},
    sittings::Sitting,
    stream_warnings::warnings,
    subjects::Subject,
};
use crate::identity::policy::{Denied, may_mark};

/// The kind of classes of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "StreamKind", remote = "StreamKind")]
pub enum StreamKindEnum {
    /// Lectures.
    Lecture,
    /// Practice classes.
    Practice,
    /// Laboratories.
    Laboratory,
    /// Classes of no stated kind.
    Class,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "Weekday", remote = "shared::Weekday")]
#[allow(missing_docs, reason = "the names say it")]
pub enum WeekdayEnum {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// A stream: a group a subject is taught in.
#[derive(Clone)]
pub struct Stream {
    /// Its id.
    pub id: StreamId,
    /// The stream.
    pub document: Arc<StreamDocument>,
}

impl Stream {
    /// The stream with that id.
    pub async fn load(ctx: &Context<'_>, id: StreamId) -> async_graphql::Result<Option<Self>> {
        Ok(ctx.document::<Streams>(id).await?.and_then(|document| Self::now(id, document)))
    }

    /// The stream whose document was read; none where it is not open.
    pub fn now(id: StreamId, document: Arc<StreamDocument>) -> Option<Self> {
        document.card.is_some().then_some(Self { id, document })
    }

    /// The streams with these ids.
    pub async fn each(
        ctx: &Context<'_>,
        ids: impl Iterator<Item = StreamId> + Send,
    ) -> async_graphql::Result<Vec<Self>> {
        let found = ctx.each::<Streams, _>(ids).await?.into_iter();
        Ok(found.filter_map(|(id, document)| Self::now(id, document)).collect())
    }

    /// The open streams in which a subject is taught in a term, its own and those that are listed under it, by
    /// component and group.
    pub async fn of_offering(
        ctx: &Context<'_>,
        subject: SubjectId,
        term: TermId,
    ) -> async_graphql::Result<Vec<Self>> {
        let known = ctx.document::<Offerings>(offering(subject, term)).await?.unwrap_or_default();
        let mut streams = Self::each(ctx, known.streams.iter().copied()).await?;
        streams.retain(|stream| stream.document.teaches(subject, term));
        streams.sort_by(|one, other| one.document.sort_key.cmp(&other.document.sort_key));
        Ok(streams)
    }

    /// Whether that person teaches it, in that term if one is named.
    pub fn is_of(&self, teacher: PersonId, term: Option<TermId>) -> bool {
        self.document.card.as_ref().is_some_and(|card| {
            card.teachers.contains(&teacher) && term.is_none_or(|term| card.term == term)
        })
    }

    /// What it is.
    pub fn card(&self) -> async_graphql::Result<&StreamCard> {
        self.document.card.as_ref().ok_or_else(internal)
    }
}

/// How many seats of a stream are shown.
pub const MOST_SEATS: usize = 100_000;

/// Seats that are kept for a programme, a year of study or both.
#[derive(SimpleObject)]
pub struct ReservedSeats {
    /// What those are called for whom they are.
    name: String,
    /// Of which year of study they are; none for all.
    year_of_study: Option<i32>,
    /// How many.
    seats: i32,
    /// Until when; then they are free for all, who waits first.
    until: DateTime,
}

/// How many seats are taken, and how many wait for one.
#[derive(SimpleObject)]
pub struct Seats {
    /// How many are taken.
    taken: i32,
    /// How many there are; none where there is no limit.
    limit: Option<i32>,
    /// How many are held for those to whom they are offered.
    held: i32,
    /// How many wait for one, those to whom one is offered aside.
    waiting: i32,
    /// The seats that are kept for some.
    reserved: Vec<ReservedSeats>,
}

/// When and where a stream meets.
#[derive(SimpleObject)]
pub struct Meeting {
    /// The day.
    weekday: WeekdayEnum,
    /// From.
    starts_at: LocalTime,
    /// To.
    ends_at: LocalTime,
    /// In which weeks of the term, from 1; none for every week.
    weeks: Option<Vec<i32>>,
    /// Where.
    room: Option<String>,
}

impl ReservedSeats {
    fn of(reservation: &Reservation) -> Self {
        Self {
            name: reservation.name.to_string(),
            year_of_study: reservation.of.year.map(Into::into),
            seats: i32::try_from(reservation.seats).unwrap_or(i32::MAX),
            until: DateTime(reservation.until),
        }
    }
}

impl Meeting {
    /// The meeting as it is shown.
    pub fn of(meeting: &shared::Meeting) -> Self {
        let weeks = meeting.weeks.as_str();
        let numbers = weeks.bytes().zip(1..).filter(|(held, _)| *held == b'1');
        Self {
            weekday: meeting.weekday.into(),
            starts_at: LocalTime(meeting.starts_at),
            ends_at: LocalTime(meeting.ends_at),
            weeks: (!weeks.is_empty()).then(|| numbers.map(|(_, week)| week).collect()),
            room: meeting.room.clone(),
        }
    }
}

#[Object]
impl Stream {
    /// The stream's id.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// The subject.
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Subject>> {
        Subject::load(ctx, self.card()?.subject).await
    }

    /// The subjects under which it is listed beside its own: their students share its seats.
    async fn listed_under(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Subject>> {
        let mut subjects = Vec::new();
        for subject in &self.document.listed {
            subjects.extend(Subject::load(ctx, *subject).await?);
        }
        Ok(subjects)
    }

    /// The address of the online class.
    async fn online_link(&self) -> Option<&str> {
        self.document.link.as_ref().map(Text::as_str)
    }

    /// The term.
    async fn term(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Term>> {
        Term::load(ctx, self.card()?.term).await
    }

    /// The kind of its classes.
    async fn kind(&self) -> async_graphql::Result<StreamKindEnum> {
        Ok(self.card()?.kind.into())
    }

    /// Which way of taking the subject it belongs to: a student takes all of one.
    async fn configuration(&self) -> async_graphql::Result<String> {
        Ok(self.card()?.configuration.to_string())
    }

    /// Which part of that way it is: a student takes one stream of each.
    async fn component(&self) -> async_graphql::Result<String> {
        Ok(self.card()?.component.to_string())
    }

    /// The group's name.
    async fn group(&self) -> async_graphql::Result<String> {
        Ok(self.card()?.group.to_string())
    }

    /// The stream without which this one can't be taken.
    async fn parent(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Stream>> {
        match self.card()?.parent {
            Some(parent) => Stream::load(ctx, parent).await,
            None => Ok(None),
        }
    }

    /// Who teaches.
    async fn teachers(&self) -> async_graphql::Result<Vec<Person>> {
        Ok(self.card()?.teachers.iter().copied().map(Person).collect())
    }

    /// How many seats are taken, and how many wait for one.
    async fn seats(&self) -> async_graphql::Result<Seats> {
        let number = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        let limit = self.card()?.limit.map(number);
        Ok(Seats {
            taken: number(self.document.taken),
            limit,
            held: number(self.document.held),
            waiting: number(self.document.waiting),
            reserved: self.document.reserved.iter().map(ReservedSeats::of).collect(),
        })
    }

    /// Whether it was closed: nobody has a seat in it any more.
    async fn closed(&self) -> bool {
        self.document.closed
    }

    /// When and where those are examined who are in it, the earliest first.
    async fn sittings(&self) -> Vec<Sitting> {
        let mut sittings: Vec<_> = self.document.sittings.iter().collect();
        sittings.sort_by_key(|(id, sitting)| (sitting.window.opens_at, **id));
        sittings.into_iter().map(|(id, sitting)| Sitting::of(id.to_string(), sitting)).collect()
    }

    /// When and where it meets.
    async fn meetings(&self) -> async_graphql::Result<Vec<Meeting>> {
        Ok(self.card()?.meetings.iter().map(Meeting::of).collect())
    }

    /// What is no error and yet worth a second look: classes that its teachers have at the same time
    /// (`TEACHER_TWICE_AT_ONCE`), streams that meet in one of its rooms then (`ROOM_TWICE_AT_ONCE`), also of another term
    /// that is taught at the same time, and classes in weeks that the term has not got (`CLASSES_OUTSIDE`); for registrars.
    async fn warnings(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<UserError>>> {
        match ctx.viewer()?.is(Role::Registrar) {
            true => warnings(ctx, self).await.map(Some),
            false => Ok(None),
        }
    }

    /// The journal of the stream: the registrations of its students, by name; for its teachers, registrars
    /// and auditors.
    async fn roster(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<Enrollment>>> {
        let viewer = ctx.viewer()?;
        if !may_mark(viewer, &self.card()?.teachers) && !viewer.is(Role::Auditor) {
            return Err(denied(Denied::Forbidden));
        }
        let views = ctx.views()?;
        let of_stream = [self.id.to_string().into()];
        let held = views.list::<HeldSeats>("held_in = $1", &of_stream, "view_id", MOST_SEATS);
        let seats = stored(held.await)?.documents.into_iter();
        let roster = Enrollment::each(ctx, seats.filter_map(|(_, seat)| seat.enrollment)).await?;
        by_name(ctx, roster).await.map(Some)
    }
}

/// Registrations in the order of their students' names.
async fn by_name(
    ctx: &Context<'_>,
    roster: Vec<Enrollment>,
) -> async_graphql::Result<Vec<Enrollment>> {
    let students = roster.iter().map(|enrollment| Ok(enrollment.taken()?.student));
    let students = students.collect::<async_graphql::Result<Vec<_>>>()?;
    let names = students.into_iter().map(|student| display_name(ctx, student));
    let names = try_join_all(names).await?.into_iter().map(|name| sort_key(&name));
    let mut named: Vec<_> = names.zip(roster).collect();
    named.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(named.into_iter().map(|(_, enrollment)| enrollment).collect())
}
