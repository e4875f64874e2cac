//! Setting programmes up, and what is studied in them (manual 2.3).

use std::collections::BTreeSet;

use aggregates::{
    programme::{self, ProgrammeCard, ProgrammeCommand, ProgrammeError},
    shared::{PersonId, ProgrammeId, Refuse, SubjectId},
};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};

use super::{
    catalogue::codes,
    errors::{Fault, UserError},
    local_titles::{self, LocalTextInput},
    mutation::{Done, Plan, run},
    programmes::{Programme, credits_of},
    request::{self, Ask, input_id, short},
    scalars::Credits,
};

input! {
    /// A programme.
    CreateProgrammeInput {
        /// The code, which never changes; students admitted by it are the programme's.
        code: String,
        /// The title, in whatever language.
        title: String,
        /// What it is called in languages.
        titles: Option<Vec<LocalTextInput>>,
        /// Who heads it.
        head_id: Option<ID>,
    }
}

input! {
    /// What is said of a programme from now on.
    ReviseProgrammeInput {
        /// The programme.
        programme_id: ID,
        /// The title, in whatever language.
        title: String,
        /// What it is called in languages, all of it; left out, that stays as it is.
        titles: Option<Vec<LocalTextInput>>,
        /// Who heads it; left out, that stays as it is, and with null nobody does.
        head_id: MaybeUndefined<ID>,
    }
}

/// A subject in a term of study.
#[derive(Debug, InputObject)]
pub struct CurriculumSubjectInput {
    /// The subject.
    subject_id: ID,
    /// The term of study, from 1.
    study_term: i32,
}

/// A group of which something is chosen: so many subjects, or credits from so many to so many.
#[derive(Debug, InputObject)]
pub struct CurriculumGroupInput {
    /// Its name, in whatever language; no other group of the curriculum has it.
    name: String,
    /// What it is called in languages, all of it; left out, that stays as it is for the group of that name that was set
    /// for the same year.
    names: Option<Vec<LocalTextInput>>,
    /// How many of its subjects have to be passed.
    choose_subjects: Option<i32>,
    /// How many credits have to be gathered at the least, where subjects are not counted.
    credits_from: Option<Credits>,
    /// How many credits count at the most; as many as the least where nothing is stated.
    credits_to: Option<Credits>,
    /// What there is to choose from.
    subjects: Vec<CurriculumSubjectInput>,
}

input! {
    /// What is studied by those who are admitted from a year on.
    SetCurriculumInput {
        /// The programme.
        programme_id: ID,
        /// The first year of admission, by the year in which the academic year begins.
        year: i32,
        /// What everybody studies.
        #[graphql(default)]
        compulsory: Vec<CurriculumSubjectInput>,
        /// Of which something is chosen.
        #[graphql(default)]
        groups: Vec<CurriculumGroupInput>,
    }
}

payload! {
    /// What came of it.
    ProgrammePayload {
        /// The programme.
        programme: Programme,
    }
}

/// What a registrar does with programmes.
#[derive(Default)]
pub struct ProgrammeMutations;

#[Object]
impl ProgrammeMutations {
    /// Sets a programme up. Those who were admitted by its code before belong to it.
    async fn create_programme(
        &self,
        ctx: &Context<'_>,
        input: CreateProgrammeInput,
    ) -> async_graphql::Result<Option<ProgrammePayload>> {
        let done = run(ctx, &input, async {
            let code = short(&input.code, "code")?;
            let programme = ProgrammeId::derived(&[code.as_str()]);
            let title = short(&input.title, "title")?;
            let titles = local_titles::read(input.titles.as_ref(), "titles")?.unwrap_or_default();
            let head = head(ctx, input.head_id.as_ref()).await?;
            let card = ProgrammeCard { title, titles, head };
            let act = ProgrammeCommand::Create { programme, code, card }.of(programme);
            Ok(Plan::of(vec![act], programme))
        });
        shown(ctx, done.await?).await
    }

    /// Changes what is said of a programme.
    async fn revise_programme(
        &self,
        ctx: &Context<'_>,
        input: ReviseProgrammeInput,
    ) -> async_graphql::Result<Option<ProgrammePayload>> {
        let done = run(ctx, &input, async {
            let programme: ProgrammeId = input_id(&input.programme_id, "programmeId")?;
            let title = short(&input.title, "title")?;
            let titles = local_titles::read(input.titles.as_ref(), "titles")?;
            let head = match &input.head_id {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(id) => Some(head(ctx, Some(id)).await?),
            };
            let revise = ProgrammeCommand::Revise { programme, title, titles, head };
            Ok(Plan::of(vec![revise.of(programme)], programme))
        });
        shown(ctx, done.await?).await
    }

    /// Sets what is studied by those who are admitted from a year on, in the place of what was set for that year.
    async fn set_curriculum(
        &self,
        ctx: &Context<'_>,
        input: SetCurriculumInput,
    ) -> async_graphql::Result<Option<ProgrammePayload>> {
        let done = run(ctx, &input, async {
            let programme: ProgrammeId = input_id(&input.programme_id, "programmeId")?;
            // What does not fit is out of the aggregate's range too.
            let year = i16::try_from(input.year).unwrap_or(i16::MAX);
            let mut groups = Vec::new();
            for group in &input.groups {
                groups.push(group.read()?);
            }
            let unsaid = input.groups.iter().filter(|group| group.names.is_none());
            let called_as_before =
                unsaid.map(|group| short(&group.name, "groups")).collect::<Result<_, _>>()?;
            let compulsory = placed(&input.compulsory, "compulsory")?;
            let curriculum = programme::Curriculum { compulsory, groups };
            let subjects: Vec<_> = curriculum.subjects().map(|placed| placed.subject).collect();
            let credits = credits_of(ctx, &subjects).await?;
            if subjects.iter().any(|subject| !credits.contains_key(subject)) {
                return Err(Fault::user("SUBJECT_UNKNOWN", "compulsory"));
            }
            stand_once(ctx, &subjects).await?;
            let command = ProgrammeCommand::SetCurriculum {
                programme,
                year,
                curriculum,
                called_as_before,
                credits,
            };
            Ok(Plan::of(vec![command.of(programme)], programme))
        });
        shown(ctx, done.await?).await
    }
}

/// A subject that stands there twice is refused by its code: the programme knows none.
async fn stand_once(ctx: &Context<'_>, subjects: &[SubjectId]) -> Result<(), Fault> {
    let mut known = BTreeSet::new();
    let Some(twice) = subjects.iter().find(|subject| !known.insert(**subject)) else {
        return Ok(());
    };
    let subject = codes(ctx, BTreeSet::from([*twice])).await?.of(*twice);
    let refusal = ProgrammeError::SubjectTwice { subject }.refusal();
    Err(Fault::User(vec![UserError::of(&refusal)]))
}

/// Who is to head a programme: somebody who is known.
async fn head(ctx: &Context<'_>, head: Option<&ID>) -> Result<Option<PersonId>, Fault> {
    let head: Option<PersonId> = head.map(|id| input_id(id, "headId")).transpose()?;
    if let Some(head) = head
        && ctx.person(head).await?.is_none()
    {
        return Err(Fault::user("NOT_FOUND", "headId"));
    }
    Ok(head)
}

fn placed(
    subjects: &[CurriculumSubjectInput],
    field: &str,
) -> Result<Vec<programme::Placed>, Fault> {
    let read = |placed: &CurriculumSubjectInput| {
        let subject = input_id(&placed.subject_id, field)?;
        // What does not fit is out of the aggregate's range too.
        let term = u8::try_from(placed.study_term).unwrap_or(u8::MAX);
        Ok(programme::Placed { subject, term })
    };
    subjects.iter().map(read).collect()
}

impl CurriculumGroupInput {
    fn read(&self) -> Result<programme::Group, Fault> {
        let credits = |given| request::credits(given, "groups");
        let choice = match (self.choose_subjects, self.credits_from, self.credits_to) {
            (Some(choose), None, None) => {
                let out_of_range = |_| Fault::out_of_range("groups", 1, u8::MAX);
                let choose = u8::try_from(choose).map_err(out_of_range)?;
                programme::Choice::Subjects(choose)
            }
            (None, Some(from), to) => {
                let to = credits(to.unwrap_or(from))?;
                programme::Choice::Credits { from: credits(from)?, to }
            }
            _ => return Err(Fault::user("GROUP_CHOICE_UNCLEAR", "groups")),
        };
        let subjects = placed(&self.subjects, "groups")?;
        let titles = local_titles::read(self.names.as_ref(), "groups")?.unwrap_or_default();
        Ok(programme::Group { name: short(&self.name, "groups")?, titles, choice, subjects })
    }
}

async fn shown(
    ctx: &Context<'_>,
    mut done: Done,
) -> async_graphql::Result<Option<ProgrammePayload>> {
    let programme = done.show(0, |id| Programme::load(ctx, id)).await?;
    Ok(Some(ProgrammePayload::of(done, programme)))
}
