//! What becomes of the streams of somebody who studies no longer, or goes on leave: they wait in no line, so that the
//! next comes; a seat stays until somebody gives it up for them, and is told (manual 2.4.1).

use std::collections::BTreeSet;

use aggregates::{
    Act,
    shared::{Fact, PersonId},
    stream::{LineEnd, StreamCard, StreamCommand},
};
use async_graphql::Context;
use projections::{enrollment::Enrollments, stream::Streams, student::Students};

use super::{
    calendar::all_terms,
    catalogue::codes,
    errors::{Fault, UserError},
    giving_up::waits,
    request::{Ask, stored},
};

/// How many seats are told.
const MOST_TOLD: usize = 50;

/// Each line in which the student waits is left; a seat that is held for them goes to the next.
pub async fn leaves_lines(ctx: &Context<'_>, student: PersonId) -> Result<Vec<Act>, Fault> {
    let at = ctx.services()?.cabinet.now();
    let known = ctx.document::<Students>(student).await?;
    let taken = known.iter().flat_map(|known| known.enrollments.values().flatten());
    let taken: Vec<_> = taken.copied().collect();
    if taken.is_empty() {
        return Ok(vec![]);
    }
    let why = LineEnd::NotStudying;
    let leave = waits(ctx, &taken).await?.into_iter().map(|(stream, enrollment)| {
        StreamCommand::ForgetWish { stream, enrollment, why, at }.of(stream)
    });
    Ok(leave.collect())
}

/// The seats that the student has all the same in terms that are not over: a warning for each.
pub async fn seats_kept(
    ctx: &Context<'_>,
    student: PersonId,
) -> async_graphql::Result<Vec<UserError>> {
    let today = ctx.services()?.cabinet.today();
    let terms = stored(all_terms(ctx.views()?, None).await)?.into_iter();
    let terms = terms.filter(|term| {
        let days = term.document.term.as_ref().map(|term| term.days());
        days.is_some_and(|days| days.last >= today)
    });
    let known = ctx.document::<Students>(student).await?.unwrap_or_default();
    let taken: Vec<_> = known.enrolled_in(terms.map(|term| term.id)).collect();
    let taken = ctx.each::<Enrollments, _>(taken).await?;
    let streams: BTreeSet<_> =
        taken.iter().flat_map(|(_, taken)| &taken.streams).copied().collect();
    let streams = ctx.each::<Streams, _>(streams).await?.into_iter();
    let streams = streams.filter_map(|(id, known)| Some((id, known.card.clone()?)));
    let streams: Vec<_> = streams.take(MOST_TOLD).collect();
    let codes = codes(ctx, streams.iter().map(|(_, card)| card.subject).collect()).await?;
    let warning = |(stream, card): (_, StreamCard)| {
        let facts = vec![
            Fact::new("subject", codes.of(card.subject)),
            Fact::new("group", card.group),
            Fact::new("stream", stream),
        ];
        UserError::own("SEAT_KEPT", None, facts)
    };
    Ok(streams.into_iter().map(warning).collect())
}
