//! Individual education plans (manual 2.3.2).

use std::sync::Arc;

use aggregates::{
    iep::Entry,
    shared::{IepId, PersonId, Role},
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use projections::iep::{IepDocument, IepTrails};

use super::{
    calendar::Term,
    enrollments::Enrollment,
    errors::internal,
    iep_trail::{IepRevision, IepSignature, number, signatures},
    iep_warnings::{IepWarning, warnings},
    papers::IepPaper,
    people::{Person, RoleEnum},
    request::{Ask, found, query_id},
    scalars::Credits,
    streams::Stream,
    students::{Student, readable_student},
    study_plan::CreditCount,
    subjects::Subject,
};

/// How a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum IepStatus {
    /// Being put together; waits for the student.
    Open,
    /// Was sent back; waits for the student.
    SentBack,
    /// Waits for the advisor.
    AwaitingAdvisor,
    /// Waits for the registrar.
    AwaitingRegistrar,
    /// All have signed.
    Ready,
}

/// A student's plan for one academic year.
#[derive(Clone)]
pub struct Iep {
    /// Its id.
    pub id: IepId,
    /// The plan with its trail.
    pub document: Arc<IepDocument>,
    /// Its warnings, where they were looked for already.
    pub warned: Option<Arc<[IepWarning]>>,
}

impl Iep {
    /// The plan whose document was read.
    pub fn of(id: IepId, document: Arc<IepDocument>) -> Self {
        Self { id, document, warned: None }
    }

    /// The plan with that id, whoever asks.
    pub async fn load(ctx: &Context<'_>, id: IepId) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<IepTrails>(id).await?;
        Ok(document.map(|document| Self::of(id, document)))
    }

    /// The plan with that id, if its student's record may be read.
    pub async fn readable(ctx: &Context<'_>, id: IepId) -> async_graphql::Result<Option<Self>> {
        let Some(iep) = Self::load(ctx, id).await? else { return Ok(None) };
        readable_student(ctx, iep.owner()?).await??;
        Ok(Some(iep))
    }

    /// Whose it is.
    pub fn owner(&self) -> async_graphql::Result<PersonId> {
        self.document.student.ok_or_else(internal)
    }
}

/// A term of a plan.
#[derive(SimpleObject)]
pub struct IepTerm {
    /// The term.
    term: Term,
    /// How its credits stand.
    credits: CreditCount,
}

#[Object]
impl Iep {
    /// The plan's id.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// How it stands.
    async fn status(&self) -> IepStatus {
        let sent_back = self
            .document
            .newest()
            .is_some_and(|newest| newest.cause == Some(aggregates::iep::RevisionCause::SentBack));
        match self.document.waits_for {
            Some(Role::Student) if sent_back => IepStatus::SentBack,
            Some(Role::Student) => IepStatus::Open,
            Some(Role::Advisor) => IepStatus::AwaitingAdvisor,
            Some(_) => IepStatus::AwaitingRegistrar,
            None => IepStatus::Ready,
        }
    }

    /// Whose signature comes next; none once all have signed.
    async fn waits_for(&self) -> Option<RoleEnum> {
        self.document.waits_for.map(Into::into)
    }

    /// The number of the newest revision: the one to sign.
    async fn revision(&self) -> i32 {
        self.document.newest().map_or(0, |newest| number(newest.number))
    }

    /// The year in which its academic year begins.
    async fn academic_year(&self) -> i32 {
        self.document.year.into()
    }

    /// The version of the regulation it was opened under.
    async fn regulation_version(&self) -> &str {
        &self.document.regulation
    }

    /// Whose it is.
    async fn student(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Student>> {
        Ok(readable_student(ctx, self.owner()?).await?.ok())
    }

    /// Who guides the student.
    async fn advisor(&self) -> Option<Person> {
        self.document.advisor.map(Person)
    }

    /// Its terms, the oldest first.
    async fn terms(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<IepTerm>> {
        let mut terms = Vec::new();
        for plan in self.document.terms.values() {
            let Some(term) = Term::load(ctx, plan.term).await? else { continue };
            let credits = CreditCount::of(plan.limit, self.document.credits(plan.term));
            terms.push(IepTerm { term, credits });
        }
        terms.sort_by_key(|term| (term.term.document.starts_day, term.term.id));
        Ok(terms)
    }

    /// How the credits of the year stand, over the terms that count to it.
    async fn credits(&self) -> CreditCount {
        CreditCount::of(self.document.year_limit, self.document.year_credits())
    }

    /// The subjects of the newest revision.
    async fn entries(&self) -> Vec<IepEntry> {
        let newest = self.document.newest();
        newest
            .into_iter()
            .flat_map(|newest| newest.entries.values())
            .cloned()
            .map(IepEntry)
            .collect()
    }

    /// The chosen streams.
    async fn streams(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Stream>> {
        Stream::each(ctx, self.document.streams.keys().copied()).await
    }

    /// What has gone wrong with its subjects since they were put on it; for the student and the advisor to act on.
    async fn warnings(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<IepWarning>> {
        match &self.warned {
            Some(warned) => Ok(warned.to_vec()),
            None => warnings(ctx, self.owner()?, &self.document).await,
        }
    }

    /// The signatures of the newest revision, first to last.
    async fn signatures(&self) -> Vec<IepSignature> {
        let newest = self.document.newest();
        newest.map(|newest| signatures(&self.document, newest)).unwrap_or_default()
    }

    /// The newest revision as a paper; none before all have signed it.
    async fn paper(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<IepPaper>> {
        match self.document.newest() {
            Some(newest) => IepPaper::of(ctx, self.id, newest),
            None => Ok(None),
        }
    }

    /// The trail: all revisions, the oldest first.
    async fn revisions(&self) -> Vec<IepRevision> {
        IepRevision::all(self.id, &self.document)
    }
}

/// A subject on a plan.
#[derive(Clone)]
pub struct IepEntry(pub Entry);

#[Object]
impl IepEntry {
    /// The subject, as it was then.
    async fn subject(&self) -> Subject {
        Subject::then(self.0.subject, &self.0.code, &self.0.title, self.0.credits)
    }

    /// In which term.
    async fn term(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Term>> {
        Term::load(ctx, self.0.term).await
    }

    /// The subject's credits then.
    async fn credits(&self) -> Credits {
        self.0.credits.into()
    }

    /// The registration.
    async fn enrollment_id(&self) -> ID {
        self.0.enrollment.to_string().into()
    }

    /// The registration, as it stands now.
    async fn enrollment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Enrollment>> {
        Enrollment::load(ctx, self.0.enrollment).await
    }
}

/// Plans by id.
#[derive(Default)]
pub struct IepQueries;

#[Object]
impl IepQueries {
    /// A plan by id.
    async fn iep(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Iep>> {
        found(Iep::readable(ctx, query_id(&id)?).await?).map(Some)
    }
}
