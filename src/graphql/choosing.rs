//! Choosing among streams: a seat taken, another given up, in one act (manual 2.4.1).

use std::sync::Arc;

use aggregates::{
    academic_calendar::PeriodKind,
    enrollment::{EnrollmentCommand, StreamSeat},
    iep::{ChosenStream, IepCommand, Placement},
    shared::{EnrollmentId, IepId, PersonId, Role, StreamId},
    stream::{StreamCard, StreamCommand},
};
use async_graphql::{Context, ID, Object};
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    iep::{IepDocument, IepTrails},
    stream::Streams,
    student::Students,
    term::Terms,
};

use super::{
    enrollments::{Enrollment, must_be_theirs},
    errors::{Fault, internal},
    mutation::{Done, Plan, run},
    registration::{Grounds, Year},
    request::{Ask, input_id},
};

input! {
    /// Taking a seat in a stream.
    ChooseStreamInput {
        /// The registration.
        enrollment_id: ID,
        /// The stream.
        stream_id: ID,
    }
}

input! {
    /// Giving a seat in a stream up.
    LeaveStreamInput {
        /// The registration.
        enrollment_id: ID,
        /// The stream.
        stream_id: ID,
    }
}

payload! {
    /// What came of choosing.
    ChooseStreamPayload {
        /// The registration.
        enrollment: Enrollment,
    }
}

payload! {
    /// What came of leaving.
    LeaveStreamPayload {
        /// The registration.
        enrollment: Enrollment,
    }
}

/// Choosing and leaving.
#[derive(Default)]
pub struct ChoosingMutations;

#[Object]
impl ChoosingMutations {
    /// Takes the seat, and gives up the one of the same component that the student has, in one act.
    async fn choose_stream(
        &self,
        ctx: &Context<'_>,
        input: ChooseStreamInput,
    ) -> async_graphql::Result<Option<ChooseStreamPayload>> {
        let done = run(ctx, &input, async {
            let chosen = Chosen::of(ctx, &input.enrollment_id, &input.stream_id).await?;
            chosen.take(ctx).await
        });
        let mut done = done.await?;
        let enrollment = shown(ctx, &mut done).await?;
        Ok(Some(ChooseStreamPayload::of(done, enrollment)))
    }

    /// Gives a seat up.
    async fn leave_stream(
        &self,
        ctx: &Context<'_>,
        input: LeaveStreamInput,
    ) -> async_graphql::Result<Option<LeaveStreamPayload>> {
        let done = run(ctx, &input, async {
            let chosen = Chosen::of(ctx, &input.enrollment_id, &input.stream_id).await?;
            chosen.leave()
        });
        let mut done = done.await?;
        let enrollment = shown(ctx, &mut done).await?;
        Ok(Some(LeaveStreamPayload::of(done, enrollment)))
    }
}

/// A stream beside the registration it is chosen for.
struct Chosen {
    enrollment: EnrollmentId,
    document: Arc<EnrollmentDocument>,
    student: PersonId,
    stream: StreamId,
    card: StreamCard,
    /// The year in which the academic year begins.
    year: i16,
    /// The student's plan of that year, if it is open.
    iep: Option<Arc<IepDocument>>,
}

impl Chosen {
    async fn of(ctx: &Context<'_>, enrollment: &ID, stream: &ID) -> Result<Self, Fault> {
        let enrollment: EnrollmentId = input_id(enrollment, "enrollmentId")?;
        let stream: StreamId = input_id(stream, "streamId")?;
        let document = ctx.document::<Enrollments>(enrollment).await?;
        let unknown = || Fault::user("ENROLLMENT_UNKNOWN", "enrollmentId");
        let document = document.ok_or_else(unknown)?;
        let taken = document.performance.taken.as_ref().ok_or_else(unknown)?;
        let student = taken.student;
        must_be_theirs(ctx.viewer()?, student, "enrollmentId")?;
        let card = ctx.document::<Streams>(stream).await?;
        let card = card.and_then(|known| known.card.clone());
        let card = card.ok_or_else(|| Fault::user("STREAM_UNKNOWN", "streamId"))?;
        let term = ctx.document::<Terms>(taken.term).await?;
        let term = term.ok_or_else(|| Fault::user("TERM_UNKNOWN", "enrollmentId"))?;
        let now = ctx.services()?.cabinet.now();
        let windows = [PeriodKind::ChoosingStreams, PeriodKind::AddDrop];
        let mut windows = windows.iter().filter_map(|kind| term.periods.get(kind));
        let open = windows.any(|window| window.contains(now));
        if !open && !ctx.viewer()?.is(Role::Registrar) {
            return Err(Fault::user("CHOOSING_STREAMS_CLOSED", "streamId"));
        }
        let iep = ctx.document::<IepTrails>(IepId::of(student, term.year)).await?;
        Ok(Self { enrollment, document, student, stream, card, year: term.year, iep })
    }

    async fn take(self, ctx: &Context<'_>) -> Result<Plan, Fault> {
        super::holds::must_be_free(ctx, self.student).await?;
        let gives_up = self.same_component(ctx).await?;
        let placement = self.placement(ctx, gives_up).await?;
        let Self { enrollment, student, stream, card, .. } = self;
        let seat = StreamSeat {
            stream,
            subject: card.subject,
            term: card.term,
            configuration: card.configuration,
            component: card.component,
            parent: card.parent,
        };
        let mut acts = vec![EnrollmentCommand::ChooseStream { seat, gives_up }.of(enrollment)];
        acts.extend(
            gives_up.map(|old| StreamCommand::ReleaseSeat { stream: old, student }.of(old)),
        );
        acts.push(StreamCommand::TakeSeat { stream, student, enrollment }.of(stream));
        acts.push(IepCommand::PlaceStream(placement).of(IepId::of(student, self.year)));
        Ok(Plan::of(acts, enrollment))
    }

    async fn placement(
        &self,
        ctx: &Context<'_>,
        gives_up: Option<StreamId>,
    ) -> Result<Placement, Fault> {
        let stream = chosen(self.stream, self.enrollment, &self.document, &self.card)?;
        let unplanned = if self.is_planned(self.enrollment) {
            None
        } else {
            let grounds = Grounds::of_student(ctx, self.student).await?;
            Some(Year::of(ctx, self.student, self.year).await?.opening(&grounds))
        };
        Ok(Placement { stream, gives_up, unplanned, imported: self.imported(ctx).await? })
    }

    fn is_planned(&self, enrollment: EnrollmentId) -> bool {
        self.iep.as_ref().is_some_and(|iep| iep.holds(enrollment))
    }

    fn is_placed(&self, stream: &StreamId) -> bool {
        self.iep.as_ref().is_some_and(|iep| iep.streams.contains_key(stream))
    }

    /// The student's streams of the term that are in no plan: those that were taken over from another
    /// system.
    async fn imported(&self, ctx: &Context<'_>) -> Result<Vec<ChosenStream>, Fault> {
        let student = ctx.document::<Students>(self.student).await?.unwrap_or_default();
        let taken = student.enrollments.get(&self.card.term).into_iter().flatten();
        let unplanned: Vec<_> = taken.copied().filter(|taken| !self.is_planned(*taken)).collect();
        let mut imported = Vec::new();
        for (id, document) in ctx.each::<Enrollments, _>(unplanned).await? {
            let held = document.streams.iter().copied().filter(|held| !self.is_placed(held));
            for (held, known) in ctx.each::<Streams, _>(held).await? {
                let card = known.card.as_ref();
                imported.extend(card.map(|card| chosen(held, id, &document, card)).transpose()?);
            }
        }
        Ok(imported)
    }

    fn leave(self) -> Result<Plan, Fault> {
        let Self { enrollment, student, stream, .. } = self;
        let mut acts = vec![
            EnrollmentCommand::LeaveStream { stream }.of(enrollment),
            StreamCommand::ReleaseSeat { stream, student }.of(stream),
        ];
        if self.is_placed(&stream) {
            acts.push(IepCommand::LeaveStream { stream }.of(IepId::of(student, self.year)));
        }
        Ok(Plan::of(acts, enrollment))
    }

    /// The stream of the same component that the student has.
    async fn same_component(&self, ctx: &Context<'_>) -> Result<Option<StreamId>, Fault> {
        for held in &self.document.streams {
            let known = ctx.document::<Streams>(held).await?;
            let card = known.as_ref().and_then(|known| known.card.as_ref());
            let same = card.is_some_and(|card| card.component == self.card.component);
            if same && *held != self.stream {
                return Ok(Some(*held));
            }
        }
        Ok(None)
    }
}

/// A stream with its times, for the timetable.
fn chosen(
    stream: StreamId,
    enrollment: EnrollmentId,
    document: &EnrollmentDocument,
    card: &StreamCard,
) -> Result<ChosenStream, Fault> {
    let taken = document.performance.taken.as_ref().ok_or_else(internal)?;
    let (term, code, meetings) = (card.term, taken.code.clone(), card.meetings.clone());
    Ok(ChosenStream { stream, enrollment, term, code, meetings })
}

async fn shown(ctx: &Context<'_>, done: &mut Done) -> async_graphql::Result<Option<Enrollment>> {
    done.show(0, |id| Enrollment::load(ctx, id)).await
}
