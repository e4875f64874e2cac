//! What is no error in a term that has other days and yet worth a second look: classes that are on none of its days any
//! more, and students who have two classes at once by now (manual 2.4, 2.9).

use std::collections::BTreeMap;

use aggregates::{
    shared::{Codes, Days, Fact, Meeting, StreamId, TermDays, TermId},
    stream::StreamCard,
};
use async_graphql::Context;
use projections::stream::Streams;

use super::{
    catalogue::codes,
    errors::{UserError, internal},
    mutation::Done,
    request::{Ask, stored},
    sitting_warnings::students_in,
    years::calendar,
};

/// How many streams of a term are looked through.
const MOST_STREAMS: usize = 100_000;
/// How much is told of each at once.
const MOST_TOLD: usize = 20;

/// What the days of a term that something was done with leave behind: a warning for each.
pub async fn left_behind(ctx: &Context<'_>, done: &Done) -> Vec<UserError> {
    let Some(term) = done.shown(0) else { return vec![] };
    // What was done is hidden by no error.
    of(ctx, term).await.unwrap_or_default()
}

async fn of(ctx: &Context<'_>, term: TermId) -> async_graphql::Result<Vec<UserError>> {
    let (_, days) = calendar(ctx).await?;
    let own = days.of(term).ok_or_else(internal)?;
    let streams = streams_of(ctx, term).await?;
    let subjects = streams.iter().map(|(_, card)| card.subject).collect();
    let names = codes(ctx, subjects).await?;
    let missed = streams.iter().flat_map(|(stream, card)| missed(*stream, card, own, &names));
    let missed: Vec<_> = missed.collect();
    let count = missed.len();
    let mut warnings: Vec<_> =
        missed.into_iter().take(MOST_TOLD).map(|it| it.told(count)).collect();
    warnings.extend(at_once(ctx, (term, &streams), &days).await?);
    Ok(warnings)
}

/// The open streams of a term.
async fn streams_of(
    ctx: &Context<'_>,
    term: TermId,
) -> async_graphql::Result<Vec<(StreamId, StreamCard)>> {
    let of_term = [term.to_string().into()];
    let streams = ctx.views()?.list::<Streams>("term = $1", &of_term, "view_id", MOST_STREAMS);
    let streams = stored(streams.await)?.documents.into_iter();
    Ok(streams.filter_map(|(id, known)| Some((id.parse().ok()?, known.card?))).collect())
}

/// A class that is stated for weeks in which its day is none of the term's.
pub struct Missed(Vec<Fact>);

impl Missed {
    /// Said, with how many there are like it.
    pub fn told(self, count: usize) -> UserError {
        let facts = self.0.into_iter().chain([Fact::new("count", count)]);
        UserError::own("CLASSES_OUTSIDE", None, facts.collect())
    }
}

/// The classes of a stream like that.
pub fn missed(
    stream: StreamId,
    card: &StreamCard,
    term: Days,
    codes: &Codes,
) -> impl Iterator<Item = Missed> {
    card.meetings.iter().filter_map(move |meeting| {
        let weeks = term.missed_by(meeting)?;
        Some(Missed(vec![
            Fact::new("meeting", meeting.told(codes.of(card.subject))),
            Fact::new("group", &card.group),
            Fact::new("weeks", weeks),
            Fact::new("starts_on", term.first),
            Fact::new("ends_on", term.last),
            Fact::new("stream", stream),
        ]))
    })
}

/// Whose streams of the term and of another that is taught at the same time meet at once: how many of them, for each
/// two of their classes.
async fn at_once(
    ctx: &Context<'_>,
    (term, ours): (TermId, &[(StreamId, StreamCard)]),
    days: &TermDays,
) -> async_graphql::Result<Vec<UserError>> {
    let mut warnings = Vec::new();
    for beside in days.at_once(term).filter(|beside| *beside != term) {
        for (stream, card) in streams_of(ctx, beside).await? {
            let theirs = (beside, &*card.meetings);
            let meeting = ours.iter().map(|(id, own)| {
                let both: Vec<_> = days.overlaps((term, &own.meetings), theirs).collect();
                (*id, (own, both))
            });
            let meeting: BTreeMap<_, _> =
                meeting.filter(|(_, (_, both))| !both.is_empty()).collect();
            if meeting.is_empty() {
                continue;
            }
            let subjects = meeting.values().map(|(own, _)| own.subject).chain([card.subject]);
            let codes = codes(ctx, subjects.collect()).await?;
            for (with, students) in students_in(ctx, stream, &[term]).await? {
                let Some((own, both)) = meeting.get(&with) else { continue };
                let said = |(ours, theirs, both): &(&Meeting, &Meeting, Meeting)| {
                    let Meeting { weekday, starts_at, ends_at, weeks, .. } = both;
                    let facts = [
                        Fact::new("students", students),
                        Fact::new("clashes", theirs.told(codes.of(card.subject))),
                        Fact::new("meeting", ours.told(codes.of(own.subject))),
                        Fact::new("stream", with),
                        Fact::new("with", stream),
                        Fact::new("weekday", weekday),
                        Fact::new("from", starts_at),
                        Fact::new("to", ends_at),
                        Fact::new("weeks", weeks),
                    ];
                    UserError::own("STREAMS_AT_ONCE", None, facts.into())
                };
                warnings.extend(both.iter().map(said));
            }
            // Where two terms lie one on the other by mistake, all of their students have something at once.
            if warnings.len() >= MOST_TOLD {
                warnings.truncate(MOST_TOLD);
                return Ok(warnings);
            }
        }
    }
    Ok(warnings)
}
