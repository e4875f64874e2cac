//! How a student stands with their programme: part by part, what is still missing (manual 2.3).

use std::collections::BTreeSet;

use aggregates::{
    programme::{self, PartStanding, Placed, Studied},
    shared::{self, PersonId, SubjectId},
};
use async_graphql::{Context, Object, SimpleObject};
use projections::{
    student::StudentDocument,
    subject_status::{SubjectStatusDocument, SubjectStatuses},
    transcript::Transcripts,
};

use super::{
    own_curriculum::OwnCurriculum,
    programmes::{CurriculumSubject, Programme, credits_of, local_group},
    request::Ask,
    scalars::Credits,
    subject_abouts::LocalText,
};

/// How a student stands with the curriculum of the year of their admission.
#[derive(SimpleObject)]
pub struct ProgrammeStanding {
    /// The programme.
    programme: Programme,
    /// The first year of admission that the curriculum is for.
    year: i32,
    /// Whether nothing is missing.
    fulfilled: bool,
    /// What is compulsory, and each group.
    parts: Vec<ProgrammePart>,
}

/// How a student stands with a part of a curriculum.
pub struct ProgrammePart {
    group: Option<programme::Group>,
    fulfilled: bool,
    credits: shared::Credits,
    missing_subjects: usize,
    missing_credits: shared::Credits,
    open: Vec<Placed>,
}

impl ProgrammePart {
    fn of(part: PartStanding<'_>) -> Self {
        Self {
            group: part.group.cloned(),
            fulfilled: part.fulfilled,
            credits: part.credits,
            missing_subjects: part.missing_subjects,
            missing_credits: part.missing_credits,
            open: part.open,
        }
    }
}

#[Object]
impl ProgrammePart {
    /// The group's name; none for what is compulsory.
    async fn group(&self) -> Option<&str> {
        self.group.as_ref().map(|group| group.name.as_str())
    }

    /// The group's name in the reader's language, or else `group` with `language` null: what to show people.
    async fn local_group(&self) -> Option<LocalText> {
        self.group.as_ref().map(local_group)
    }

    /// Whether nothing of it is missing.
    async fn fulfilled(&self) -> bool {
        self.fulfilled
    }

    /// The credits gathered that count.
    async fn credits(&self) -> Credits {
        self.credits.into()
    }

    /// How many subjects are missing.
    async fn missing_subjects(&self) -> i32 {
        i32::try_from(self.missing_subjects).unwrap_or(i32::MAX)
    }

    /// How many credits are missing, where the group counts credits.
    async fn missing_credits(&self) -> Credits {
        self.missing_credits.into()
    }

    /// The subjects that are not there: all of them of what is compulsory, else those to choose from.
    async fn open(&self) -> Vec<CurriculumSubject> {
        CurriculumSubject::all(&self.open)
    }
}

/// How a student stands with their programme, where it has a curriculum for them; with `coming`, how they would once
/// those subjects are passed too.
pub async fn programme_standing(
    ctx: &Context<'_>,
    id: PersonId,
    student: &StudentDocument,
    coming: &BTreeSet<SubjectId>,
) -> async_graphql::Result<Option<ProgrammeStanding>> {
    let Some(admission) = &student.admission else { return Ok(None) };
    let Some(own) = OwnCurriculum::of(ctx, student).await? else { return Ok(None) };
    let status = ctx.document::<SubjectStatuses>(id).await?.unwrap_or_default();
    let studied = studied(ctx, id, &status, coming).await?;
    let standing = own.curriculum().standing(&studied);
    let parts: Vec<_> = standing.into_iter().map(ProgrammePart::of).collect();
    Ok(Some(ProgrammeStanding {
        programme: Programme::then(&admission.programme),
        year: own.year.into(),
        fulfilled: parts.iter().all(|part| part.fulfilled),
        parts,
    }))
}

/// The subjects passed with the credits of then, and those to come with the catalogue's.
pub async fn studied(
    ctx: &Context<'_>,
    student: PersonId,
    status: &SubjectStatusDocument,
    coming: &BTreeSet<SubjectId>,
) -> async_graphql::Result<Studied> {
    let passed = status.passed();
    let all: Vec<_> = passed.union(coming).copied().collect();
    let mut studied = credits_of(ctx, &all).await?;
    let transcript = ctx.document::<Transcripts>(student).await?.unwrap_or_default();
    let earned = transcript.grades.iter().filter(|graded| graded.grade.earns_credits);
    let earned = earned.map(|graded| (graded.taken.subject, graded.taken.credits));
    studied.extend(earned.filter(|(subject, _)| passed.contains(subject)));
    Ok(studied)
}
