//! The catalogue as registration reads it: each subject with all that it asks for (manual 2.3.1).

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use aggregates::{
    Act,
    enrollment::Taken,
    shared::{
        Asking, Codes, Credits, EnrollmentId, PersonId, ProgrammeId, Requirement, SubjectId,
        TermId, Text,
    },
    subject::{SubjectCard, SubjectCommand},
};
use async_graphql::Context;
use projections::{
    programme::Programmes,
    requirement::{RequirementDocument, Requirements},
    subject::{SubjectDocument, Subjects},
};

use super::request::{Ask, stored};
use crate::titles::local;

/// How many subjects of the catalogue are looked at: more than any university has.
const MOST_SUBJECTS: usize = 100_000;

/// A subject of the catalogue.
pub struct Offered {
    /// Its id.
    pub id: SubjectId,
    /// What the catalogue says of it.
    pub document: Arc<SubjectDocument>,
    /// What it asks for beside its prerequisites.
    pub beside: Arc<RequirementDocument>,
}

impl Offered {
    /// The subject with that id, if it has a card.
    pub async fn load(ctx: &Context<'_>, id: SubjectId) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Subjects>(id).await?;
        let Some(document) = document.filter(|known| known.card.is_some()) else { return Ok(None) };
        let beside = ctx.document::<Requirements>(id).await?.unwrap_or_default();
        Ok(Some(Self { id, document, beside }))
    }

    /// All of them, by code.
    pub async fn all(ctx: &Context<'_>) -> async_graphql::Result<Vec<Self>> {
        let ids = ctx.views()?.keys::<Subjects>("sort_key <> ''", &[], MOST_SUBJECTS).await;
        let ids = stored(ids)?.iter().map(|id| id.parse()).collect::<Result<Vec<_>, _>>()?;
        Self::these(ctx, ids).await
    }

    /// Those with these ids that have a card, by code.
    pub async fn these(
        ctx: &Context<'_>,
        ids: impl IntoIterator<Item = SubjectId>,
    ) -> async_graphql::Result<Vec<Self>> {
        let mut found = ctx.each::<Subjects, _>(ids).await?;
        found.retain(|(_, document)| document.card.is_some());
        found.sort_by(|(one, of_one), (other, of_other)| {
            (&of_one.sort_key, one).cmp(&(&of_other.sort_key, other))
        });
        Self::each(ctx, found).await
    }

    /// Whether it is offered in a term.
    pub fn is_offered(&self, term: TermId) -> bool {
        self.document.offered.is_empty() || self.document.offered.contains(&term)
    }

    /// These, with what they ask for, in one read.
    async fn each(
        ctx: &Context<'_>,
        subjects: Vec<(SubjectId, Arc<SubjectDocument>)>,
    ) -> async_graphql::Result<Vec<Self>> {
        let ids: Vec<_> = subjects.iter().map(|(id, _)| *id).collect();
        let beside: HashMap<_, _> = ctx.each::<Requirements, _>(ids).await?.into_iter().collect();
        let with = |(id, document)| Self {
            id,
            document,
            beside: beside.get(&id).cloned().unwrap_or_default(),
        };
        Ok(subjects.into_iter().map(with).collect())
    }

    /// The credits it is worth.
    pub fn credits(&self) -> Credits {
        self.document.card.as_ref().map(|card| card.credits).unwrap_or_default()
    }

    /// All that it asks for.
    pub fn requirement(&self) -> Requirement {
        let card = self.document.card.as_ref();
        let beside = self.beside.with_exclusions();
        card.map(|card| card.asks(&beside)).unwrap_or_default()
    }
}

/// The registration that a student would have for a subject in a term.
pub fn taken(student: PersonId, subject: SubjectId, term: TermId, card: &SubjectCard) -> Taken {
    Taken {
        enrollment: EnrollmentId::of(student, subject, term),
        student,
        subject,
        term,
        code: card.code.clone(),
        title: card.title.clone(),
        credits: card.credits,
    }
}

/// The codes of subjects.
pub async fn codes(
    ctx: &Context<'_>,
    subjects: BTreeSet<SubjectId>,
) -> async_graphql::Result<Codes> {
    let found = ctx.each::<Subjects, _>(subjects).await?.into_iter();
    let code = |(id, document): (SubjectId, Arc<SubjectDocument>)| {
        document.card.as_ref().map(|card| (id, card.code.clone()))
    };
    Ok(Codes::of_subjects(found.filter_map(code)))
}

/// The codes of programmes.
pub async fn programme_codes(
    ctx: &Context<'_>,
    programmes: BTreeSet<ProgrammeId>,
) -> async_graphql::Result<BTreeMap<ProgrammeId, Text>> {
    let found = ctx.each::<Programmes, _>(programmes).await?.into_iter();
    Ok(found.filter_map(|(id, known)| Some((id, known.code.clone()?))).collect())
}

/// The codes of programmes with their titles in the reader's language.
pub async fn programmes_told(
    ctx: &Context<'_>,
    programmes: BTreeSet<ProgrammeId>,
) -> async_graphql::Result<BTreeMap<ProgrammeId, Text>> {
    let found = ctx.each::<Programmes, _>(programmes).await?.into_iter();
    let told = found.filter_map(|(id, known)| {
        let (code, card) = (known.code.as_ref()?, known.card.as_ref()?);
        let title = local(&card.title, &card.titles);
        Some((id, Text::long(&format!("{code} ({title})")).ok()?))
    });
    Ok(told.collect())
}

/// What subjects ask for, as far as these lead to them: read level by level; with what holds them to it, so that no two
/// changes at once close a circle.
pub async fn asking(
    ctx: &Context<'_>,
    from: impl IntoIterator<Item = SubjectId>,
) -> async_graphql::Result<(Asking, Vec<Act>)> {
    let (mut asking, mut held) = (Asking::default(), vec![]);
    let mut next: BTreeSet<_> = from.into_iter().collect();
    while !next.is_empty() {
        let found = ctx.each::<Subjects, _>(next).await?;
        next = BTreeSet::new();
        for subject in Offered::each(ctx, found).await? {
            let requirement = subject.requirement();
            next.extend(requirement.awaited());
            asking.requirements.insert(subject.id, requirement);
            let Some(card) = &subject.document.card else { continue };
            asking.codes.subjects.insert(subject.id, card.code.clone());
            let prerequisites = card.prerequisites.clone();
            let requirement = subject.beside.requirement.clone();
            let subject = subject.id;
            held.push(SubjectCommand::MustAsk { subject, prerequisites, requirement }.of(subject));
        }
        next.retain(|id| !asking.requirements.contains_key(id));
    }
    Ok((asking, held))
}
