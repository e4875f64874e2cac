//! What is no error in the days of a term and yet worth a second look: classes that are on none of them, and students who
//! have two classes at once by them (manual 2.4, 2.9).

use std::collections::BTreeMap;

use aggregates::{
    shared::{Codes, Days, Fact, Meeting, StreamId, TermId},
    stream::StreamCard,
};
use async_graphql::Context;

use super::{
    catalogue::codes,
    errors::{UserError, internal},
    sitting_warnings::{open_in, students_in},
    stream_warnings::at_the_same_time,
    years::calendar,
};

/// Of how many streams it is looked up who is in them.
const MOST_LOOKED_UP: usize = 500;
/// How much is told of each at once.
const MOST_TOLD: usize = 20;

/// The classes of a term that are stated for weeks in which their day is none of its days: the first of them.
pub async fn outside(ctx: &Context<'_>, term: TermId) -> async_graphql::Result<Vec<UserError>> {
    let (_, days) = calendar(ctx).await?;
    let days = days.of(term).ok_or_else(internal)?;
    let streams = open_in(ctx, term).await?;
    let cards = streams.iter().filter_map(|(id, known)| Some((*id, known.card.as_ref()?)));
    let codes = codes(ctx, cards.clone().map(|(_, card)| card.subject).collect()).await?;
    let missed: Vec<_> = cards.flat_map(|(id, card)| missed(id, card, days, &codes)).collect();
    let count = missed.len();
    Ok(missed.into_iter().take(MOST_TOLD).map(|missed| missed.told(count)).collect())
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
/// two of their classes, the first of these.
pub async fn at_once(ctx: &Context<'_>, term: TermId) -> async_graphql::Result<Vec<UserError>> {
    let (_, days) = calendar(ctx).await?;
    let beside: Vec<_> = days.at_once(term).filter(|beside| *beside != term).collect();
    if beside.is_empty() {
        return Ok(vec![]);
    }
    let own = open_in(ctx, term).await?;
    let (mut warnings, mut looked_up) = (Vec::new(), 0);
    for beside in beside {
        for (stream, known) in open_in(ctx, beside).await? {
            let Some(card) = &known.card else { continue };
            let own = own.iter().filter_map(|(id, own)| Some((*id, own.card.as_ref()?)));
            let met = own.map(|(id, own)| {
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
