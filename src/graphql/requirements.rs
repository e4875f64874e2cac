//! What a subject asks of whoever takes it, as it is written and read (manual 2.3).

use aggregates::{
    shared::{self, ProgrammeId, SubjectId},
    subject::SubjectCommand,
};
use async_graphql::{Context, Enum, ID, Object, OneofObject};

use super::{
    catalogue::{Offered, asking, codes, programmes_told},
    errors::Fault,
    mutation::{Plan, run},
    programmes::{Programme, known_programme},
    request::{credits, input_id, short, year_of_study},
    scalars::Credits,
    subjects::{Subject, SubjectPayload, shown},
};

/// What is asked of whoever takes a subject: exactly one of these.
#[derive(Debug, OneofObject)]
pub enum RequirementInput {
    /// Every one of these; nothing is asked where there is none.
    All(Vec<RequirementInput>),
    /// One of these at the least.
    Any(Vec<RequirementInput>),
    /// This must not be so.
    Not(Box<RequirementInput>),
    /// To have passed this subject: a prerequisite.
    PassedId(ID),
    /// To be registered for this subject in the same term: a corequisite.
    RegisteredNowId(ID),
    /// Not to be registered for this subject in the same term.
    NotRegisteredWithId(ID),
    /// To be in this year of study or a later one.
    YearOfStudyAtLeast(i32),
    /// To have gathered so many credits.
    CreditsGathered(Credits),
    /// To study this programme, which is set up or somebody studies.
    InProgrammeId(ID),
    /// To belong to this academic group.
    InGroup(String),
    /// That the head of the student's programme has approved it; with `false`, has not.
    ApprovedByHead(bool),
}

/// What a part of a requirement asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum RequirementKind {
    /// Every one of its parts.
    All,
    /// One of its parts at the least.
    Any,
    /// That its only part is not so.
    Not,
    /// To have passed `subject`.
    Passed,
    /// To be registered for `subject` in the same term.
    RegisteredNow,
    /// Not to be registered for `subject` in the same term.
    NotRegisteredWith,
    /// To be in `yearOfStudy` or a later one.
    YearOfStudyAtLeast,
    /// To have gathered `credits`.
    CreditsGathered,
    /// To study the programme `programmeId`.
    InProgramme,
    /// To belong to `group`.
    InGroup,
    /// That the head of the student's programme has approved it.
    ApprovedByHead,
}

/// What is asked of whoever takes a subject, put together freely.
pub struct Requirement(pub shared::Requirement);

#[Object]
impl Requirement {
    /// What it asks for.
    async fn kind(&self) -> RequirementKind {
        match &self.0 {
            shared::Requirement::All(_) => RequirementKind::All,
            shared::Requirement::Any(_) => RequirementKind::Any,
            shared::Requirement::Not(_) => RequirementKind::Not,
            shared::Requirement::Passed(_) => RequirementKind::Passed,
            shared::Requirement::RegisteredNow(_) => RequirementKind::RegisteredNow,
            shared::Requirement::NotRegisteredWith(_) => RequirementKind::NotRegisteredWith,
            shared::Requirement::YearOfStudyAtLeast(_) => RequirementKind::YearOfStudyAtLeast,
            shared::Requirement::CreditsGathered(_) => RequirementKind::CreditsGathered,
            shared::Requirement::InProgramme(_) => RequirementKind::InProgramme,
            shared::Requirement::InGroup(_) => RequirementKind::InGroup,
            shared::Requirement::ApprovedByHead => RequirementKind::ApprovedByHead,
        }
    }

    /// The parts that it is made of.
    async fn parts(&self) -> Vec<Requirement> {
        self.0.parts().iter().cloned().map(Requirement).collect()
    }

    /// The subject that it names.
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Subject>> {
        match self.0.subject() {
            Some(subject) => Subject::load(ctx, subject).await,
            None => Ok(None),
        }
    }

    /// The least year of study.
    async fn year_of_study(&self) -> Option<i32> {
        match &self.0 {
            shared::Requirement::YearOfStudyAtLeast(least) => Some(i32::from(*least)),
            _ => None,
        }
    }

    /// The least credits gathered.
    async fn credits(&self) -> Option<Credits> {
        match &self.0 {
            shared::Requirement::CreditsGathered(least) => Some((*least).into()),
            _ => None,
        }
    }

    /// The programme.
    async fn programme_id(&self) -> Option<ID> {
        match &self.0 {
            shared::Requirement::InProgramme(programme) => Some(programme.to_string().into()),
            _ => None,
        }
    }

    /// The same with what is said of it; none for one that was never set up here.
    async fn programme(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Programme>> {
        match &self.0 {
            shared::Requirement::InProgramme(programme) => Programme::load(ctx, *programme).await,
            _ => Ok(None),
        }
    }

    /// The academic group.
    async fn group(&self) -> Option<String> {
        match &self.0 {
            shared::Requirement::InGroup(group) => Some(group.to_string()),
            _ => None,
        }
    }

    /// The whole of it as plain text, as facts tell it, with the titles of programmes beside their codes:
    /// `any(passed MATH1, in_programme 6B06101 (Informatics))`.
    async fn text(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        let mut codes = codes(ctx, self.0.subjects()).await?;
        codes.programmes = programmes_told(ctx, self.0.programmes()).await?;
        Ok(self.0.told(&codes))
    }
}

input! {
    /// What a subject asks for beside its prerequisites.
    SetRequirementInput {
        /// The subject.
        subject_id: ID,
        /// All of it, in the place of what it asked for before; without it, nothing.
        requirement: Option<RequirementInput>,
    }
}

/// What a registrar asks of those who take a subject.
#[derive(Default)]
pub struct RequirementMutations;

#[Object]
impl RequirementMutations {
    /// Sets what a subject asks for beside its prerequisites. Subjects that would wait for one another for ever are
    /// refused.
    async fn set_requirement(
        &self,
        ctx: &Context<'_>,
        input: SetRequirementInput,
    ) -> async_graphql::Result<Option<SubjectPayload>> {
        let done = run(ctx, &input, async {
            let subject: SubjectId = input_id(&input.subject_id, "subjectId")?;
            let requirement = match &input.requirement {
                Some(requirement) => requirement.read()?,
                None => shared::Requirement::default(),
            };
            for named in requirement.subjects() {
                if Offered::load(ctx, named).await?.is_none() {
                    return Err(Fault::user("SUBJECT_UNKNOWN", "requirement"));
                }
            }
            for named in requirement.programmes() {
                known_programme(ctx, named, &named.to_string(), "requirement").await?;
            }
            let from = requirement.awaited().into_iter().chain([subject]);
            let (asking, mut acts) = asking(ctx, from).await?;
            acts.push(SubjectCommand::Require { subject, requirement, asking }.of(subject));
            Ok(Plan::of(acts, subject))
        });
        shown(ctx, done.await?).await
    }
}

impl RequirementInput {
    fn read(&self) -> Result<shared::Requirement, Fault> {
        use shared::Requirement as Asked;
        const FIELD: &str = "requirement";
        let subject = |id| input_id::<SubjectId>(id, FIELD);
        let parts =
            |parts: &[Self]| parts.iter().map(Self::read).collect::<Result<Vec<_>, Fault>>();
        Ok(match self {
            Self::All(all) => Asked::All(parts(all)?),
            Self::Any(any) => Asked::Any(parts(any)?),
            Self::Not(part) => Asked::Not(Box::new(part.read()?)),
            Self::PassedId(id) => Asked::Passed(subject(id)?),
            Self::RegisteredNowId(id) => Asked::RegisteredNow(subject(id)?),
            Self::NotRegisteredWithId(id) => Asked::NotRegisteredWith(subject(id)?),
            Self::YearOfStudyAtLeast(year) => {
                Asked::YearOfStudyAtLeast(year_of_study(*year, FIELD)?)
            }
            Self::CreditsGathered(given) => Asked::CreditsGathered(credits(*given, FIELD)?),
            Self::InProgrammeId(id) => Asked::InProgramme(input_id::<ProgrammeId>(id, FIELD)?),
            Self::InGroup(group) => Asked::InGroup(short(group, FIELD)?),
            Self::ApprovedByHead(true) => Asked::ApprovedByHead,
            Self::ApprovedByHead(false) => Asked::Not(Box::new(Asked::ApprovedByHead)),
        })
    }
}
