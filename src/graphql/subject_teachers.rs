//! Who teaches a subject in a term (manual 2.8).

use std::collections::{BTreeMap, BTreeSet};

use aggregates::shared::{PersonId, StreamId, SubjectId, TermId};
use async_graphql::{Context, Object};
use futures::future::try_join_all;
use projections::alphabet::sort_key;

use super::{
    people::{Person, display_name},
    streams::Stream,
};

/// Somebody who teaches a subject in a term.
pub struct SubjectTeacher {
    teacher: PersonId,
    streams: Vec<Stream>,
    teaches_student: bool,
}

/// Who teaches a subject in a term, each once: those of the streams in which somebody sits first, then by name.
pub async fn teachers(
    ctx: &Context<'_>,
    subject: SubjectId,
    term: TermId,
    sits_in: &BTreeSet<StreamId>,
) -> async_graphql::Result<Vec<SubjectTeacher>> {
    let mut taught: BTreeMap<PersonId, Vec<Stream>> = BTreeMap::new();
    for stream in Stream::of_offering(ctx, subject, term).await? {
        for teacher in &stream.card()?.teachers {
            taught.entry(*teacher).or_default().push(stream.clone());
        }
    }
    let names = try_join_all(taught.keys().map(|teacher| display_name(ctx, *teacher))).await?;
    let named = names.iter().zip(taught).map(|(name, (teacher, streams))| {
        let teaches_student = streams.iter().any(|stream| sits_in.contains(&stream.id));
        (sort_key(name), SubjectTeacher { teacher, streams, teaches_student })
    });
    let mut named: Vec<_> = named.collect();
    named.sort_by(|(one, of_one), (other, of_other)| {
        (!of_one.teaches_student, one).cmp(&(!of_other.teaches_student, other))
    });
    Ok(named.into_iter().map(|(_, teacher)| teacher).collect())
}

#[Object]
impl SubjectTeacher {
    /// Who it is.
    async fn person(&self) -> Person {
        Person(self.teacher)
    }

    /// The streams of the subject that they teach in the term, by component and group.
    async fn streams(&self) -> Vec<Stream> {
        self.streams.clone()
    }

    /// Which parts of the subject they teach, as its streams call them: lecture, practice, laboratory.
    async fn components(&self) -> async_graphql::Result<BTreeSet<String>> {
        self.streams.iter().map(|stream| Ok(stream.card()?.component.to_string())).collect()
    }

    /// Whether the student whose card this is sits in one of these streams; false where it is no student's card.
    async fn teaches_student(&self) -> bool {
        self.teaches_student
    }
}
