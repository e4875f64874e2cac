//! What is no error in a stream and yet worth a second look: a teacher of it has another class at the same time, as of a
//! lecture that is held for two streams together, another stream meets in the room, or a class is on none of the term's
//! days (manual 2.4).

use std::collections::BTreeSet;

use aggregates::{
    shared::{Codes, Fact, Meeting, PersonId, StreamId, TermDays},
    stream::StreamCard,
};
use async_graphql::Context;
use projections::{
    room_use::{RoomUses, places_in_term, room_key},
    teaching::Teachers,
};

use super::{
    catalogue::codes,
    conditions::Conditions,
    errors::UserError,
    people::display_name,
    request::{Ask, stored},
    streams::Stream,
    term_warnings::classes_outside,
    years::calendar,
};

/// How many uses of rooms are looked through.
const MOST_USES: usize = 1_000;

/// Where teachers of a stream have a class of another one, where another one meets in its room, and which of its weeks
/// the term has not got, each by itself.
pub async fn warnings(ctx: &Context<'_>, stream: &Stream) -> async_graphql::Result<Vec<UserError>> {
    let (card, mut warnings) = (stream.card()?, Vec::new());
    let (_, terms) = calendar(ctx).await?;
    for teacher in &card.teachers {
        let others = taught_beside(ctx, stream, *teacher).await?;
        let codes = codes_of(ctx, stream, &others).await?;
        let name = display_name(ctx, *teacher).await?;
        for other in &others {
            let teacher = |_: &Meeting, _: &Meeting| Some(Fact::new("teacher", &name));
            let twice = ("TEACHER_TWICE_AT_ONCE", teacher);
            warnings.extend(at_once(stream, other, twice, (&codes, &terms))?);
        }
    }
    let others = meeting_beside(ctx, stream, &terms).await?;
    let codes = codes_of(ctx, stream, &others).await?;
    for other in &others {
        let twice = ("ROOM_TWICE_AT_ONCE", room_of_both);
        warnings.extend(at_once(stream, other, twice, (&codes, &terms))?);
    }
    if let Some(days) = terms.of(card.term) {
        let own = std::iter::once((stream.id, card));
        warnings.extend(classes_outside(own, days, &codes, usize::MAX));
    }
    Ok(warnings)
}

fn room_of_both(ours: &Meeting, theirs: &Meeting) -> Option<Fact> {
    let (room, other) = (ours.room.as_deref()?, theirs.room.as_deref()?);
    (room_key(room) == room_key(other)).then(|| Fact::new("room", room))
}

async fn codes_of(
    ctx: &Context<'_>,
    stream: &Stream,
    others: &[Stream],
) -> async_graphql::Result<Codes> {
    let all = others.iter().chain([stream]).map(|known| Ok(known.card()?.subject));
    codes(ctx, all.collect::<async_graphql::Result<_>>()?).await
}

/// The other streams of the terms that are taught at the same time that were ever to meet in its rooms.
async fn meeting_beside(
    ctx: &Context<'_>,
    stream: &Stream,
    terms: &TermDays,
) -> async_graphql::Result<Vec<Stream>> {
    let card = stream.card()?;
    let rooms: BTreeSet<_> = card.meetings.iter().filter_map(|it| it.room.as_deref()).collect();
    let at_once: BTreeSet<_> = terms.at_once(card.term).collect();
    let places = rooms
        .into_iter()
        .flat_map(|room| at_once.iter().flat_map(move |term| places_in_term(room, *term)));
    let others =
        in_rooms(ctx, places.collect()).await?.into_iter().filter(|other| *other != stream.id);
    let mut others = Stream::each(ctx, others).await?;
    let is_on = |other: &Stream| other.card().is_ok_and(|known| at_once.contains(&known.term));
    others.retain(|other| !other.document.closed && is_on(other));
    Ok(others)
}

/// The streams that are, or were, to meet or to be examined at these places.
pub async fn in_rooms(
    ctx: &Context<'_>,
    places: BTreeSet<String>,
) -> async_graphql::Result<BTreeSet<StreamId>> {
    if places.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut conditions = Conditions::default();
    conditions.among("place", places);
    let (condition, values) = conditions.written();
    let uses = ctx.views()?.list::<RoomUses>(&condition, &values, "view_id", MOST_USES).await;
    Ok(stored(uses)?.documents.into_iter().filter_map(|(_, known)| known.stream).collect())
}

/// What else somebody teaches, in whatever term.
async fn taught_beside(
    ctx: &Context<'_>,
    stream: &Stream,
    teacher: PersonId,
) -> async_graphql::Result<Vec<Stream>> {
    let known = ctx.document::<Teachers>(teacher).await?.unwrap_or_default();
    let others = known.streams.iter().copied().filter(|other| *other != stream.id);
    let mut others = Stream::each(ctx, others.collect::<Vec<_>>().into_iter()).await?;
    others.retain(|other| !other.document.closed && other.is_of(teacher, None));
    Ok(others)
}

/// Where two streams meet at the same time, and have something in common then that they should not.
fn at_once(
    stream: &Stream,
    other: &Stream,
    (code, common): (&'static str, impl Fn(&Meeting, &Meeting) -> Option<Fact>),
    (codes, terms): (&Codes, &TermDays),
) -> async_graphql::Result<Vec<UserError>> {
    let (card, with) = (stream.card()?, other.card()?);
    let (ours, theirs) = ((card.term, &*card.meetings), (with.term, &*with.meetings));
    let warning = |(ours, theirs, both): (&Meeting, &Meeting, Meeting)| {
        let (common, own) = (common(ours, theirs)?, (stream.id, card, ours));
        let met = at_the_same_time(own, (other.id, with, theirs), &both, codes);
        Some(UserError::own(code, None, std::iter::once(common).chain(met).collect()))
    };
    Ok(terms.overlaps(ours, theirs).filter_map(warning).collect())
}

/// What is said of a meeting of a stream at the same time as one of another, and of when both are.
pub fn at_the_same_time(
    (stream, card, ours): (StreamId, &StreamCard, &Meeting),
    (with, other, theirs): (StreamId, &StreamCard, &Meeting),
    both: &Meeting,
    codes: &Codes,
) -> [Fact; 8] {
    let Meeting { weekday, starts_at, ends_at, weeks, .. } = both;
    [
        Fact::new("clashes", theirs.told(codes.of(other.subject))),
        Fact::new("meeting", ours.told(codes.of(card.subject))),
        Fact::new("stream", stream),
        Fact::new("with", with),
        Fact::new("weekday", weekday),
        Fact::new("from", starts_at),
        Fact::new("to", ends_at),
        Fact::new("weeks", weeks),
    ]
}
