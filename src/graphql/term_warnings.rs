//! What is no error in the days of a term and yet worth a second look: sittings and classes outside them, and students who
//! have two classes at once by them (manual 2.4, 2.9).

use std::collections::BTreeMap;

use aggregates::{
    shared::{Codes, Days, Fact, Meeting, StreamId, TermDays, TermId},
    stream::StreamCard,
};
use async_graphql::Context;
use projections::stream::StreamDocument;

use super::{
    catalogue::codes,
    errors::{UserError, internal},
    sitting_warnings::{open_in, sittings_outside, students_in},
    stream_warnings::at_the_same_time,
    years::calendar,
};

/// Of how many streams it is looked up who is in them.
const MOST_LOOKED_UP: usize = 500;
/// How much is told of each at once.
const MOST_TOLD: usize = 20;

/// What there is to say of a term that has other days: sittings and classes outside them, and classes at once by them.
pub async fn of_days(ctx: &Context<'_>, term: TermId) -> async_graphql::Result<Vec<UserError>> {
    let (_, days) = calendar(ctx).await?;
    let streams = open_in(ctx, term).await?;
    let mut warnings = sittings_outside(ctx, term, &streams).await?;
    let own = days.of(term).ok_or_else(internal)?;
    let codes = codes(ctx, cards(&streams).map(|(_, card)| card.subject).collect()).await?;
    warnings.extend(classes_outside(cards(&streams), own, &codes, MOST_TOLD));
    warnings.extend(at_once(ctx, (term, &streams), &days).await?);
    Ok(warnings)
}

/// The same of a term whose exams are at other times.
pub async fn of_exams(ctx: &Context<'_>, term: TermId) -> async_graphql::Result<Vec<UserError>> {
    sittings_outside(ctx, term, &open_in(ctx, term).await?).await
}

/// The same of a term that is taught at other times.
pub async fn of_teaching(ctx: &Context<'_>, term: TermId) -> async_graphql::Result<Vec<UserError>> {
    let (_, days) = calendar(ctx).await?;
    at_once(ctx, (term, &open_in(ctx, term).await?), &days).await
}

fn cards(streams: &[(StreamId, StreamDocument)]) -> impl Iterator<Item = (StreamId, &StreamCard)> {
    streams.iter().filter_map(|(id, known)| Some((*id, known.card.as_ref()?)))
}

/// The classes of streams of a term that are stated for weeks in which their day is none of its days: the first of them,
/// each with how many there are.
pub fn classes_outside<'c>(
    streams: impl Iterator<Item = (StreamId, &'c StreamCard)>,
    term: Days,
    codes: &Codes,
    most: usize,
) -> Vec<UserError> {
    let each = streams.flat_map(|(id, card)| card.meetings.iter().map(move |it| (id, card, it)));
    let missed = each.filter_map(|(id, card, it)| Some((id, card, it, term.missed_by(it)?)));
    let missed: Vec<_> = missed.collect();
    let count = missed.len();
    let told = missed.into_iter().take(most).map(|(stream, card, meeting, weeks)| {
        let facts = [
            Fact::new("meeting", meeting.told(codes.of(card.subject))),
            Fact::new("group", &card.group),
            Fact::new("weeks", weeks),
            Fact::new("starts_on", term.first),
            Fact::new("ends_on", term.last),
            Fact::new("stream", stream),
            Fact::new("count", count),
        ];
        UserError::own("CLASSES_OUTSIDE", None, facts.into())
    });
    told.collect()
}

/// Whose streams of the term and of another that is taught at the same time meet at once: how many of them, for each
/// two of their classes, the first of these.
async fn at_once(
    ctx: &Context<'_>,
    (term, streams): (TermId, &[(StreamId, StreamDocument)]),
    days: &TermDays,
) -> async_graphql::Result<Vec<UserError>> {
    let (mut warnings, mut looked_up) = (Vec::new(), 0);
    for beside in days.at_once(term).filter(|beside| *beside != term) {
        for (stream, known) in open_in(ctx, beside).await? {
            let Some(card) = &known.card else { continue };
            let met = cards(streams).map(|(id, own)| {
                let theirs = (beside, &*card.meetings);
                let both: Vec<_> = days.overlaps((term, &own.meetings), theirs).collect();
                (id, (own, both))
            });
            let met: BTreeMap<_, _> = met.filter(|(_, (_, both))| !both.is_empty()).collect();
            if met.is_empty() {
                continue;
            }
            warnings.extend(told(ctx, term, &met, (stream, card)).await?);
            looked_up += 1;
            // Where two terms lie one on the other by mistake, all of their students have something at once.
            if warnings.len() >= MOST_TOLD || looked_up == MOST_LOOKED_UP {
                warnings.truncate(MOST_TOLD);
                return Ok(warnings);
            }
        }
    }
    Ok(warnings)
}

/// The streams of the term that meet at the same time as one of another, and when both do.
type Met<'a> = BTreeMap<StreamId, (&'a StreamCard, Vec<(&'a Meeting, &'a Meeting, Meeting)>)>;

/// How many students that one has who are in one of these too.
async fn told(
    ctx: &Context<'_>,
    term: TermId,
    met: &Met<'_>,
    (stream, card): (StreamId, &StreamCard),
) -> async_graphql::Result<Vec<UserError>> {
    let subjects = met.values().map(|(own, _)| own.subject).chain([card.subject]);
    let codes = codes(ctx, subjects.collect()).await?;
    let mut told: Vec<Vec<Fact>> = Vec::new();
    for (id, students) in students_in(ctx, stream, &[term]).await? {
        let Some((own, both)) = met.get(&id) else { continue };
        for (ours, theirs, both) in both {
            let met = at_the_same_time((id, own, ours), (stream, card, theirs), both, &codes);
            let facts = std::iter::once(Fact::new("students", students)).chain(met).collect();
            // A class in two rooms is one.
            if !told.contains(&facts) {
                told.push(facts);
            }
        }
    }
    let told = told.into_iter().map(|facts| UserError::own("STREAMS_AT_ONCE", None, facts));
    Ok(told.collect())
}
