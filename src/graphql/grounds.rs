//! What is known of a student, whatever they ask for: the facts that registering and choosing are decided on.

use std::{collections::BTreeSet, sync::Arc};

use aggregates::{
    enrollment::SubjectStatus,
    programme::Studied,
    shared::{
        Credits, Demand, HoldKind, Known, PersonId, Position, Refusal, Refuse, Requirement,
        SubjectId, TermId,
    },
    student::StudentStatus,
};
use async_graphql::Context;
use projections::{
    student::{StudentDocument, Students},
    subject_status::{SubjectStatusDocument, SubjectStatuses},
    term::{Terms, academic_year},
};
use tokio::sync::OnceCell;

use super::{
    catalogue::{Offered, codes, programme_codes},
    errors::Fault,
    own_curriculum::OwnCurriculum,
    request::Ask,
    transcripts::credits_earned,
};

/// What is known of a student, whatever they ask for.
pub struct Grounds {
    /// Who.
    pub student: PersonId,
    /// The record's cover.
    pub document: Arc<StudentDocument>,
    /// How they stand with each subject.
    pub status: Arc<SubjectStatusDocument>,
    /// The curriculum they study by.
    pub curriculum: Option<OwnCurriculum>,
    /// What is passed or in progress, with its credits, once a group asks for it.
    pub(super) studied: OnceCell<Studied>,
    /// The credits gathered, once a subject asks for them.
    credits: OnceCell<Credits>,
    /// The log's position that this was read at, or a later one.
    pub read_at: Position,
}

impl Grounds {
    /// Of that student.
    pub async fn of_student(ctx: &Context<'_>, student: PersonId) -> Result<Self, Fault> {
        let read_at = ctx.services()?.cabinet.freshness.reached();
        let document = ctx.document::<Students>(student).await?;
        let document = document.ok_or_else(|| Fault::user("STUDENT_UNKNOWN", "studentId"))?;
        let status = ctx.document::<SubjectStatuses>(student).await?.unwrap_or_default();
        let curriculum = OwnCurriculum::of(ctx, &document).await?;
        let (studied, credits) = (OnceCell::new(), OnceCell::new());
        Ok(Self { student, document, status, curriculum, studied, credits, read_at })
    }

    /// How the student stands with a subject.
    pub fn standing(&self, subject: SubjectId) -> SubjectStatus {
        self.status.status(subject)
    }

    /// The subjects that are in progress, in whatever term.
    pub fn in_progress(&self) -> BTreeSet<SubjectId> {
        let subjects = self.status.subjects.keys().copied();
        subjects.filter(|id| self.standing(*id) == SubjectStatus::InProgress).collect()
    }

    /// The subjects that the student is registered for in a term.
    pub fn registered(&self, term: TermId) -> BTreeSet<SubjectId> {
        self.status.registered(self.student, term)
    }

    /// What blocks the student from registering and choosing.
    pub fn held(&self) -> BTreeSet<HoldKind> {
        self.document.held()
    }

    /// What a subject asks for in a term, and what is known of the student; with `in_progress_counts`, what will be
    /// graded before the term counts as passed.
    pub async fn demand(
        &self,
        ctx: &Context<'_>,
        subject: &Offered,
        term: TermId,
        in_progress_counts: bool,
    ) -> Result<Demand, Fault> {
        let requirement = subject.requirement();
        let mut known = self.known(ctx, &requirement, subject.id, term).await?;
        if in_progress_counts && !requirement.prerequisites().is_empty() {
            known.assumed = self.graded_before(ctx, term).await?;
        }
        let unmet = requirement.unmet(&known).into_iter();
        let named = unmet.chain(beside_prerequisites(&requirement)).flat_map(Requirement::subjects);
        let named = named.chain(requirement.assumed(&known));
        let mut codes = codes(ctx, named.collect()).await?;
        codes.programmes = programme_codes(ctx, requirement.programmes()).await?;
        Ok(Demand { requirement, known, codes })
    }

    /// What is known of the student, as far as the requirement asks.
    async fn known(
        &self,
        ctx: &Context<'_>,
        requirement: &Requirement,
        subject: SubjectId,
        term: TermId,
    ) -> Result<Known, Fault> {
        let admission = self.document.admission.as_ref();
        let of_credits = |part: &&Requirement| matches!(part, Requirement::CreditsGathered(_));
        let credits = if requirement.everything().iter().any(of_credits) {
            let earned = || credits_earned(ctx, self.student);
            *self.credits.get_or_try_init(earned).await?
        } else {
            Credits::default()
        };
        let mut registered = self.registered(term);
        registered.remove(&subject);
        // Of the term asked for: next autumn's students are a year further.
        let term = ctx.document::<Terms>(term).await?;
        let today = ctx.services()?.cabinet.today();
        let year = term.map_or_else(|| academic_year(today), |term| term.year);
        Ok(Known {
            passed: self.status.passed(),
            assumed: BTreeSet::new(),
            registered,
            year_of_study: self.document.year_of_study(year),
            credits,
            programme: admission.map(|admission| admission.programme.id),
            group: admission.and_then(|admission| admission.group.clone()),
            approved: self.document.approved.contains_key(&subject),
        })
    }

    /// The subjects in progress whose terms end before that one begins.
    async fn graded_before(
        &self,
        ctx: &Context<'_>,
        term: TermId,
    ) -> async_graphql::Result<BTreeSet<SubjectId>> {
        let term = ctx.document::<Terms>(term).await?;
        let Some(begins) = term.and_then(|term| Some(term.term.as_ref()?.starts_on)) else {
            return Ok(BTreeSet::new());
        };
        let terms = ctx.each::<Terms, _>(self.document.enrollments.keys().copied()).await?;
        let ended = terms
            .iter()
            .filter(|(_, known)| known.term.as_ref().is_some_and(|about| about.ends_on < begins));
        let taken = ended.filter_map(|(id, _)| self.document.enrollments.get(id));
        Ok(taken.flat_map(|taken| self.status.in_progress(taken)).collect())
    }

    /// Why the student's standing forbids to register, if it does.
    pub fn forbidding_status(&self) -> Option<Refusal> {
        match self.document.status {
            Some(StudentStatus::Studying) => None,
            Some(status) => {
                Some(aggregates::student::StudentError::StatusForbids { status }.refusal())
            }
            None => Some(aggregates::student::StudentError::Unknown.refusal()),
        }
    }
}

/// What a requirement asks for beside the subjects that have to be passed in any case.
pub fn beside_prerequisites(requirement: &Requirement) -> impl Iterator<Item = &Requirement> {
    let parts = requirement.conjuncts().into_iter();
    parts.filter(|part| !matches!(part, Requirement::Passed(_)))
}
