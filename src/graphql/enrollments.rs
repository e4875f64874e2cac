//! Registrations: registering for a subject and giving it up (manual 2.3.1).

use std::sync::Arc;

use aggregates::{
    iep::Authority,
    shared::{EnrollmentId, Outcome, PersonId, Role, SubjectId, TermId},
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    student::Students,
};

use super::{
    calendar::Term,
    errors::{Fault, internal},
    giving_up::GivingUp,
    holds::Override,
    ieps::Iep,
    journals::{JournalEntry, Rating},
    lost_seats::LostSeat,
    mutation::{Done, Plan, run},
    open_streams::{MissingComponents, OpenStream, missing_components, open_streams},
    registering::registering,
    registration::openness,
    request::{Ask, found, input_id, long, query_id},
    scalars::{Gpa, Percent},
    streams::Stream,
    students::{Student, readable_student},
    subjects::Subject,
    syllabuses::{Syllabus, may_read},
    transcripts::DecisionObject,
    waiting::Waiting,
};
use crate::{
    identity::{Viewer, policy::may_act_for_student},
    people::{PersonWrite, text_about},
};

/// What became of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum EnrollmentStatus {
    /// No final grade yet.
    Registered,
    /// Given up.
    Dropped,
    /// Passed.
    Passed,
    /// The exam may be taken again.
    RetakeDue,
    /// Without success.
    Failed,
}

/// A final grade.
#[derive(SimpleObject)]
pub struct FinalGrade {
    /// The percent it shows; none for a mark outside the GPA.
    percent: Option<Percent>,
    /// The letter.
    grade: String,
    /// The grade points; none outside the GPA.
    grade_points: Option<Gpa>,
    /// The traditional word.
    word: String,
    /// The ECTS letter.
    ects: Option<String>,
}

impl From<&aggregates::shared::Grade> for FinalGrade {
    fn from(grade: &aggregates::shared::Grade) -> Self {
        Self {
            percent: grade.percent.map(Into::into),
            grade: grade.letter.clone(),
            grade_points: grade.points.map(Into::into),
            word: grade.word.clone(),
            ects: grade.ects.clone(),
        }
    }
}

/// A student's registration for a subject in a term.
#[derive(Clone)]
pub struct Enrollment {
    /// Its id.
    pub id: EnrollmentId,
    /// The registration.
    pub document: Arc<EnrollmentDocument>,
}

impl Enrollment {
    /// The registration with that id, whoever asks.
    pub async fn load(ctx: &Context<'_>, id: EnrollmentId) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Enrollments>(id).await?;
        Ok(document.map(|document| Self { id, document }))
    }

    /// The registrations with these ids, whoever asks.
    pub async fn each(
        ctx: &Context<'_>,
        ids: impl Iterator<Item = EnrollmentId> + Send,
    ) -> async_graphql::Result<Vec<Self>> {
        let found = ctx.each::<Enrollments, _>(ids).await?;
        Ok(found.into_iter().map(|(id, document)| Self { id, document }).collect())
    }

    /// The registration with that id, if its student's record may be read.
    pub async fn readable(
        ctx: &Context<'_>,
        id: EnrollmentId,
    ) -> async_graphql::Result<Option<Self>> {
        let Some(enrollment) = Self::load(ctx, id).await? else { return Ok(None) };
        readable_student(ctx, enrollment.taken()?.student).await??;
        Ok(Some(enrollment))
    }

    /// What it is for.
    pub fn taken(&self) -> async_graphql::Result<&aggregates::enrollment::Taken> {
        self.document.performance.taken.as_ref().ok_or_else(internal)
    }

    /// The subject, as it was then.
    pub fn subject_then(&self) -> async_graphql::Result<Subject> {
        let taken = self.taken()?;
        Ok(Subject::then(taken.subject, &taken.code, &taken.title, taken.credits))
    }

    /// What became of it.
    pub fn standing(&self) -> EnrollmentStatus {
        let grade = self.document.performance.grade.as_ref();
        match grade.map(|grade| grade.outcome) {
            _ if self.document.dropped => EnrollmentStatus::Dropped,
            None => EnrollmentStatus::Registered,
            Some(Outcome::Passed) => EnrollmentStatus::Passed,
            Some(Outcome::Retake) => EnrollmentStatus::RetakeDue,
            Some(Outcome::Failed) => EnrollmentStatus::Failed,
        }
    }

    /// Whether the viewer reads all of it that its student reads: not who only teaches the student.
    async fn is_told_to(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let id = self.taken()?.student;
        let Some(document) = ctx.document::<Students>(id).await? else { return Ok(false) };
        Student { id, document }.is_told_to(ctx)
    }
}

#[Object]
impl Enrollment {
    /// The registration's id.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// What became of it.
    async fn status(&self) -> EnrollmentStatus {
        self.standing()
    }

    /// Whose it is.
    async fn student(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Student>> {
        Ok(readable_student(ctx, self.taken()?.student).await?.ok())
    }

    /// The subject, as it was then.
    async fn subject(&self) -> async_graphql::Result<Subject> {
        self.subject_then()
    }

    /// The term.
    async fn term(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Term>> {
        Term::load(ctx, self.taken()?.term).await
    }

    /// The streams.
    async fn streams(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Stream>> {
        Stream::each(ctx, self.document.streams.iter().copied()).await
    }

    /// The streams that can be chosen among, each with everything that speaks against it now; closed ones aside. None for
    /// who only teaches the student.
    async fn open_streams(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<Vec<OpenStream>>> {
        let told = self.is_told_to(ctx).await?;
        if told { open_streams(ctx, self).await.map(Some) } else { Ok(None) }
    }

    /// What is still to be chosen, for each way of taking the subject that fits what is held; nothing once all of one way
    /// is.
    async fn missing_components(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Vec<MissingComponents>> {
        missing_components(ctx, self).await
    }

    /// The streams in whose lines the student waited, and waits, for a seat, the first joined first.
    async fn waiting(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Waiting>> {
        Waiting::of_enrollment(ctx, self.id).await
    }

    /// The seats that a registrar took away, where a limit was lowered or a stream closed, the first first; none for who
    /// only teaches the student.
    async fn lost_seats(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<LostSeat>>> {
        Ok(self.is_told_to(ctx).await?.then(|| LostSeat::all(self)))
    }

    /// The ratings as the newest mark left them.
    async fn rating(&self) -> Rating {
        Rating::of(&self.document.performance)
    }

    /// The final grade.
    #[graphql(name = "final")]
    async fn final_grade(&self) -> Option<FinalGrade> {
        self.document.performance.grade.as_ref().map(FinalGrade::from)
    }

    /// Marks, attendance, ratings and grade as the journal shows them.
    async fn journal(&self) -> JournalEntry {
        JournalEntry(self.document.performance.clone())
    }

    /// On which facts the student was let in; none for an imported registration.
    async fn decision(&self) -> Option<DecisionObject> {
        self.document.decision.as_ref().map(DecisionObject::from)
    }

    /// In spite of what a registrar let the student in, if so; none for who only teaches the student.
    #[graphql(name = "override")]
    async fn over(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Override>> {
        let Some(over) = self.document.over.clone() else { return Ok(None) };
        Ok(self.is_told_to(ctx).await?.then_some(Override(over)))
    }

    /// What is taught in the subject in the term, week by week (manual 2.8); none where nothing is set, or where the
    /// viewer teaches the student something else.
    async fn syllabus(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Syllabus>> {
        let taken = self.taken()?;
        if self.is_told_to(ctx).await? || may_read(ctx, taken.subject, taken.term).await? {
            Syllabus::of(ctx, taken.subject, taken.term).await
        } else {
            Ok(None)
        }
    }
}

/// Registrations by id.
#[derive(Default)]
pub struct EnrollmentQueries;

#[Object]
impl EnrollmentQueries {
    /// A registration by id.
    async fn enrollment(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<Enrollment>> {
        found(Enrollment::readable(ctx, query_id(&id)?).await?).map(Some)
    }
}

input! {
    /// Registering for a subject.
    RegisterForSubjectInput {
        /// The subject.
        subject_id: ID,
        /// The term.
        term_id: ID,
        /// For whom, where a registrar registers a student; oneself otherwise.
        student_id: Option<ID>,
        /// Why, where a registrar registers a student outside the windows.
        reason: Option<String>,
    }
}

input! {
    /// Giving a subject up.
    DropSubjectInput {
        /// The registration.
        enrollment_id: ID,
        /// Why, where a registrar does it outside the windows.
        reason: Option<String>,
    }
}

payload! {
    /// What came of registering.
    RegisterForSubjectPayload {
        /// The registration.
        enrollment: Enrollment,
        /// The plan with the subject on it.
        iep: Iep,
    }
}

payload! {
    /// What came of giving a subject up.
    DropSubjectPayload {
        /// The registration.
        enrollment: Enrollment,
        /// The plan without the subject.
        iep: Iep,
    }
}

/// Registering and giving up.
#[derive(Default)]
pub struct EnrollmentMutations;

#[Object]
impl EnrollmentMutations {
    /// Registers for a subject and puts it on the plan, in one act.
    async fn register_for_subject(
        &self,
        ctx: &Context<'_>,
        input: RegisterForSubjectInput,
    ) -> async_graphql::Result<Option<RegisterForSubjectPayload>> {
        let mut done = run(ctx, &input, registration(ctx, &input)).await?;
        let (enrollment, iep) = shown(ctx, &mut done).await?;
        Ok(Some(RegisterForSubjectPayload::of(done, enrollment, iep)))
    }

    /// Gives a subject up and takes it off the plan, with its seats, in one act.
    async fn drop_subject(
        &self,
        ctx: &Context<'_>,
        input: DropSubjectInput,
    ) -> async_graphql::Result<Option<DropSubjectPayload>> {
        let mut done = run(ctx, &input, giving_up(ctx, &input)).await?;
        let (enrollment, iep) = shown(ctx, &mut done).await?;
        Ok(Some(DropSubjectPayload::of(done, enrollment, iep)))
    }
}

async fn registration(ctx: &Context<'_>, input: &RegisterForSubjectInput) -> Result<Plan, Fault> {
    let viewer = ctx.viewer()?;
    let student: PersonId = match &input.student_id {
        Some(id) => input_id(id, "studentId")?,
        None => viewer.person,
    };
    must_be_theirs(viewer, student, "studentId")?;
    let subject: SubjectId = input_id(&input.subject_id, "subjectId")?;
    let term: TermId = input_id(&input.term_id, "termId")?;
    let (by, text) = authority(viewer, student, input.reason.as_deref())?;
    registering(ctx, student, &[subject], term, by).await.map(|plan| plan.writing(text))
}

async fn giving_up(ctx: &Context<'_>, input: &DropSubjectInput) -> Result<Plan, Fault> {
    let viewer = ctx.viewer()?;
    let given = GivingUp::of(ctx, input_id(&input.enrollment_id, "enrollmentId")?).await?;
    must_be_theirs(viewer, given.student, "enrollmentId")?;
    let (by, text) = authority(viewer, given.student, input.reason.as_deref())?;
    let openness = openness(ctx, &given.term, &given.about, by)?;
    if !given.is_planned() && viewer.person == given.student && !given.known.dropped {
        return Err(Fault::user("SUBJECT_NOT_IN_PLAN", "enrollmentId"));
    }
    let at = openness.at;
    let acts = given.acts(openness, at);
    Ok(Plan::of(acts, given.enrollment).showing(given.iep).writing(text))
}

/// A student's own matter, or a registrar's.
pub fn must_be_theirs(viewer: &Viewer, student: PersonId, field: &str) -> Result<(), Fault> {
    if may_act_for_student(viewer, student) { Ok(()) } else { Err(Fault::user("NOT_YOURS", field)) }
}

/// In whose right subjects are changed: a registrar's, where a registrar gives a reason.
pub fn authority(
    viewer: &Viewer,
    student: PersonId,
    reason: Option<&str>,
) -> Result<(Authority, Option<PersonWrite>), Fault> {
    match reason {
        Some(reason) if viewer.is(Role::Registrar) => {
            let reason = long(reason, "reason")?;
            let (reason, text) = text_about(student, reason.as_str());
            Ok((Authority::Registrar { reason }, Some(text)))
        }
        Some(_) => Err(Fault::user("NOT_YOURS", "reason")),
        None if viewer.person != student => Err(Fault::no_text("reason")),
        None => Ok((Authority::Student, None)),
    }
}

/// The registration and the plan that a payload shows.
pub async fn shown(
    ctx: &Context<'_>,
    done: &mut Done,
) -> async_graphql::Result<(Option<Enrollment>, Option<Iep>)> {
    let enrollment = done.show(0, |id| Enrollment::load(ctx, id)).await?;
    let iep = done.show(1, |id| Iep::load(ctx, id)).await?;
    Ok((enrollment, iep))
}
