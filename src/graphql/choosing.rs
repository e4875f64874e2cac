//! Choosing among streams: seats taken, others given up, in one act (manual 2.4.1).

use std::collections::BTreeSet;

use aggregates::shared::StreamId;
use async_graphql::{Context, ID, Object};

use super::{
    choice::{Named, Way},
    chosen::Chosen,
    enrollments::Enrollment,
    errors::Fault,
    mutation::{Done, Plan, run},
    request::{input_id, input_ids},
};

/// How many streams are chosen at once at the most: more than a subject has components.
pub const MOST_CHOSEN: usize = 20;

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
    /// Taking seats in several streams of a subject.
    ChooseStreamsInput {
        /// The registration.
        enrollment_id: ID,
        /// The streams, 20 at the most: one of each component, all of one configuration.
        stream_ids: Vec<ID>,
        /// The streams of other components that are given up in the same act, as a change to another configuration
        /// asks for.
        leave_ids: Option<Vec<ID>>,
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
    /// What came of choosing several.
    ChooseStreamsPayload {
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
            let stream = input_id(&input.stream_id, "streamId")?;
            choosing(ctx, &input.enrollment_id, &[stream], BTreeSet::new(), Named::One).await
        });
        let mut done = done.await?;
        let enrollment = shown(ctx, &mut done).await?;
        Ok(Some(ChooseStreamPayload::of(done, enrollment)))
    }

    /// Takes several seats, each in place of the one of the same component that the student has, and leaves what else
    /// is named: all of it in one act, or nothing. A refusal names everything that is known to speak against any of them;
    /// its `field` ends with the stream's place in the list.
    async fn choose_streams(
        &self,
        ctx: &Context<'_>,
        input: ChooseStreamsInput,
    ) -> async_graphql::Result<Option<ChooseStreamsPayload>> {
        let done = run(ctx, &input, async {
            let streams = input_ids(&input.stream_ids, "streamIds", MOST_CHOSEN)?;
            let leaves = leaving(input.leave_ids.as_deref(), "leaveIds")?;
            choosing(ctx, &input.enrollment_id, &streams, leaves, Named::Several).await
        });
        let mut done = done.await?;
        let enrollment = shown(ctx, &mut done).await?;
        Ok(Some(ChooseStreamsPayload::of(done, enrollment)))
    }

    /// Gives a seat up.
    async fn leave_stream(
        &self,
        ctx: &Context<'_>,
        input: LeaveStreamInput,
    ) -> async_graphql::Result<Option<LeaveStreamPayload>> {
        let done = run(ctx, &input, async {
            let (chosen, stream) = Chosen::one(ctx, &input.enrollment_id, &input.stream_id).await?;
            chosen.must_be_open()?;
            Ok(chosen.leave(stream))
        });
        let mut done = done.await?;
        let enrollment = shown(ctx, &mut done).await?;
        Ok(Some(LeaveStreamPayload::of(done, enrollment)))
    }
}

async fn choosing(
    ctx: &Context<'_>,
    enrollment: &ID,
    streams: &[StreamId],
    leaves: BTreeSet<StreamId>,
    named: Named,
) -> Result<Plan, Fault> {
    let chosen = Chosen::of(ctx, enrollment, streams).await?;
    chosen.take(ctx, leaves, named, |_| Way::Taken).await
}

/// The streams that are given up beside those that are replaced.
pub fn leaving(ids: Option<&[ID]>, field: &str) -> Result<BTreeSet<StreamId>, Fault> {
    Ok(named(ids, field)?.into_iter().collect())
}

/// The streams that an input may name.
pub fn named(ids: Option<&[ID]>, field: &str) -> Result<Vec<StreamId>, Fault> {
    match ids {
        None | Some([]) => Ok(vec![]),
        Some(ids) => input_ids(ids, field, MOST_CHOSEN),
    }
}

/// The registration that a payload shows.
pub async fn shown(
    ctx: &Context<'_>,
    done: &mut Done,
) -> async_graphql::Result<Option<Enrollment>> {
    done.show(0, |id| Enrollment::load(ctx, id)).await
}
