//! Choosing among streams: a seat taken, another given up, in one act (manual 2.4.1).

use std::sync::Arc;

use aggregates::{
    academic_calendar::PeriodKind,
    enrollment::{EnrollmentCommand, StreamSeat},
    iep::{ChosenStream, IepCommand},
    shared::{EnrollmentId, IepId, PersonId, Role, StreamId},
    stream::{StreamCard, StreamCommand},
};
use async_graphql::{Context, ID, Object};
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    iep::IepTrails,
    stream::Streams,
    term::Terms,
};

use super::{
    enrollments::{Enrollment, must_be_theirs},
    errors::{Fault, internal},
    mutation::{Done, Plan, run},
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
        let done = done.await?;
        let enrollment = shown(ctx, &done).await?;
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
            chosen.leave(ctx).await
        });
        let done = done.await?;
        let enrollment = shown(ctx, &done).await?;
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
    /// The plan it shows on; none for an imported registration.
    iep: Option<IepId>,
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
        let iep = IepId::of(student, term.year);
        let planned = ctx.document::<IepTrails>(iep).await?.is_some_and(|iep| {
            iep.newest().is_some_and(|newest| newest.entries.contains_key(&enrollment))
        });
        let iep = planned.then_some(iep);
        Ok(Self { enrollment, document, student, stream, card, iep })
    }

    async fn take(self, ctx: &Context<'_>) -> Result<Plan, Fault> {
        let Self { enrollment, student, stream, .. } = self;
        let gives_up = self.same_component(ctx).await?;
        let card = self.card;
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
        let taken = self.document.performance.taken.as_ref().ok_or_else(internal)?;
        let (term, code, meetings) = (card.term, taken.code.clone(), card.meetings);
        let placed = ChosenStream { stream, enrollment, term, code, meetings };
        acts.extend(
            self.iep.map(|iep| IepCommand::PlaceStream { stream: placed, gives_up }.of(iep)),
        );
        Ok(Plan::of(acts, enrollment))
    }

    async fn leave(self, ctx: &Context<'_>) -> Result<Plan, Fault> {
        let Self { enrollment, student, stream, .. } = self;
        let mut acts = vec![
            EnrollmentCommand::LeaveStream { stream }.of(enrollment),
            StreamCommand::ReleaseSeat { stream, student }.of(stream),
        ];
        if let Some(iep) = self.iep {
            let placed = ctx.document::<IepTrails>(iep).await?;
            if placed.is_some_and(|placed| placed.streams.contains_key(&stream)) {
                acts.push(IepCommand::LeaveStream { stream }.of(iep));
            }
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

async fn shown(ctx: &Context<'_>, done: &Done) -> async_graphql::Result<Option<Enrollment>> {
    match done.shown(0) {
        Some(id) => Enrollment::load(ctx, id).await,
        None => Ok(None),
    }
}
