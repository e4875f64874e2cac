//! What is no error in a stream and yet worth a second look: a teacher of it has another class at the same time, as of a
//! lecture that is held for two streams together (manual 2.4).

use std::collections::BTreeSet;

use aggregates::shared::{Codes, Fact, Meeting, PersonId};
use async_graphql::Context;
use projections::teaching::Teachers;

use super::{
    catalogue::codes, errors::UserError, people::display_name, request::Ask, streams::Stream,
};

/// Where teachers of a stream have a class of another one, each by itself.
pub async fn warnings(ctx: &Context<'_>, stream: &Stream) -> async_graphql::Result<Vec<UserError>> {
    let mut warnings = Vec::new();
    for teacher in &stream.card()?.teachers {
        let others = taught_beside(ctx, stream, *teacher).await?;
        let all = others.iter().chain([stream]).map(|known| Ok(known.card()?.subject));
        let subjects: BTreeSet<_> = all.collect::<async_graphql::Result<_>>()?;
        let codes = codes(ctx, subjects).await?;
        let name = display_name(ctx, *teacher).await?;
        for other in &others {
            warnings.extend(at_once(stream, other, &name, &codes)?);
        }
    }
    Ok(warnings)
}

/// What else somebody teaches in the stream's term.
async fn taught_beside(
    ctx: &Context<'_>,
    stream: &Stream,
    teacher: PersonId,
) -> async_graphql::Result<Vec<Stream>> {
    let known = ctx.document::<Teachers>(teacher).await?.unwrap_or_default();
    let others = known.streams.iter().copied().filter(|other| *other != stream.id);
    let mut others = Stream::each(ctx, others.collect::<Vec<_>>().into_iter()).await?;
    let term = Some(stream.card()?.term);
    others.retain(|other| !other.document.closed && other.is_of(teacher, term));
    Ok(others)
}

/// Where two streams of a teacher meet at the same time.
fn at_once(
    stream: &Stream,
    other: &Stream,
    teacher: &str,
    codes: &Codes,
) -> async_graphql::Result<Vec<UserError>> {
    let (card, with) = (stream.card()?, other.card()?);
    let pairs =
        card.meetings.iter().flat_map(|ours| with.meetings.iter().map(move |it| (ours, it)));
    let warning = |(ours, theirs): (&Meeting, &Meeting)| {
        let Meeting { weekday, starts_at, ends_at, weeks, .. } = ours.overlap(theirs)?;
        let facts = [
            Fact::new("teacher", teacher),
            Fact::new("clashes", theirs.told(codes.of(with.subject))),
            Fact::new("meeting", ours.told(codes.of(card.subject))),
            Fact::new("stream", stream.id),
            Fact::new("with", other.id),
            Fact::new("weekday", weekday),
            Fact::new("from", starts_at),
            Fact::new("to", ends_at),
            Fact::new("weeks", weeks),
        ];
        Some(UserError::own("TEACHER_TWICE_AT_ONCE", None, facts.into()))
    };
    Ok(pairs.filter_map(warning).collect())
}
