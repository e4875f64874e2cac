//! What a registration can choose among, and what it still lacks (manual 2.4.1).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aggregates::{shared::Text, stream::StreamCard};
use async_graphql::{Context, SimpleObject};

use super::{
    choice::StreamChoice, chosen::Chosen, enrollments::Enrollment, giving_up::closed,
    streams::Stream, study_plan::told,
};

/// A stream of a registration's subject, beside what speaks against choosing it.
#[derive(SimpleObject)]
pub struct OpenStream {
    /// The stream.
    stream: Stream,
    /// Whether the student is in it.
    held: bool,
    /// Whether it can be chosen now, in place of the one of the same component.
    choice: StreamChoice,
}

/// What is still to be chosen, in one way of taking the subject.
#[derive(Debug, PartialEq, Eq, SimpleObject)]
pub struct MissingComponents {
    /// The way.
    configuration: String,
    /// Its parts of which no stream is chosen yet.
    components: Vec<String>,
}

/// The streams of a registration's subject, those that are closed aside, each with its verdict.
pub async fn open_streams(
    ctx: &Context<'_>,
    enrollment: &Enrollment,
) -> async_graphql::Result<Vec<OpenStream>> {
    let streams = offered(ctx, enrollment).await?;
    let (id, document) = (enrollment.id, Arc::clone(&enrollment.document));
    let ids: Vec<_> = streams.iter().map(|stream| stream.id).collect();
    let chosen = told(Chosen::with(ctx, id, document, &ids).await)?;
    let verdicts = told(chosen.verdicts(ctx).await)?;
    let held = |stream: &Stream| enrollment.document.streams.contains(&stream.id);
    let each = streams.into_iter().zip(verdicts);
    Ok(each.map(|(stream, choice)| OpenStream { held: held(&stream), stream, choice }).collect())
}

/// What a registration still lacks: nothing where it is over.
pub async fn missing_components(
    ctx: &Context<'_>,
    enrollment: &Enrollment,
) -> async_graphql::Result<Vec<MissingComponents>> {
    if closed(&enrollment.document).is_some() {
        return Ok(vec![]);
    }
    let streams = offered(ctx, enrollment).await?;
    let held = Stream::each(ctx, enrollment.document.streams.iter().copied()).await?;
    Ok(missing(cards(&streams), cards(&held)))
}

async fn offered(ctx: &Context<'_>, enrollment: &Enrollment) -> async_graphql::Result<Vec<Stream>> {
    let taken = enrollment.taken()?;
    Stream::of_offering(ctx, taken.subject, taken.term).await
}

/// What these streams are.
pub fn cards(streams: &[Stream]) -> impl Iterator<Item = &StreamCard> {
    streams.iter().filter_map(|stream| stream.document.card.as_ref())
}

/// Of each way that fits what is held the parts that are not; nothing once all of one way is held.
pub fn missing<'c>(
    offered: impl Iterator<Item = &'c StreamCard>,
    held: impl Iterator<Item = &'c StreamCard>,
) -> Vec<MissingComponents> {
    let held: Vec<_> = held.collect();
    let mut ways = BTreeMap::<&Text, BTreeSet<&Text>>::new();
    for card in offered {
        ways.entry(&card.configuration).or_default().insert(&card.component);
    }
    for card in held {
        ways.retain(|configuration, _| **configuration == card.configuration);
        ways.values_mut().for_each(|parts| {
            parts.remove(&card.component);
        });
    }
    if ways.values().any(BTreeSet::is_empty) {
        return vec![];
    }
    let missing = |(configuration, components): (&Text, BTreeSet<&Text>)| MissingComponents {
        configuration: configuration.to_string(),
        components: components.into_iter().map(Text::to_string).collect(),
    };
    ways.into_iter().map(missing).collect()
}

#[cfg(test)]
mod tests {
    use aggregates::{shared::SubjectId, stream::StreamKind};

    use super::*;

    fn card(configuration: &str, component: &str) -> StreamCard {
        StreamCard {
            subject: SubjectId::derived(&["MATH1"]),
            term: aggregates::shared::TermId::derived(&["autumn"]),
            kind: StreamKind::Class,
            configuration: Text::short(configuration).unwrap(),
            component: Text::short(component).unwrap(),
            group: Text::short("A").unwrap(),
            parent: None,
            limit: None,
            teachers: vec![],
            meetings: vec![],
        }
    }

    fn missing_of(offered: &[(&str, &str)], held: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
        let cards = |all: &[(&str, &str)]| {
            all.iter().map(|(way, part)| card(way, part)).collect::<Vec<_>>()
        };
        let (offered, held) = (cards(offered), cards(held));
        let missing = missing(offered.iter(), held.iter()).into_iter();
        missing.map(|missing| (missing.configuration, missing.components)).collect()
    }

    #[test]
    fn what_is_missing_is_told_for_each_way_that_fits_what_is_held() {
        let offered = [
            ("day", "lecture"),
            ("day", "lecture"),
            ("day", "laboratory"),
            ("online", "lecture"),
            ("online", "practice"),
        ];
        let parts = |way: &str, parts: &[&str]| {
            (way.to_owned(), parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(
            missing_of(&offered, &[]),
            [parts("day", &["laboratory", "lecture"]), parts("online", &["lecture", "practice"])],
        );
        let of_day = [("day", "lecture")];
        assert_eq!(missing_of(&offered, &of_day), [parts("day", &["laboratory"])]);
        let whole = [("day", "lecture"), ("day", "laboratory")];
        assert_eq!(missing_of(&offered, &whole), []);
        assert_eq!(missing_of(&[], &[]), []);
    }
}
