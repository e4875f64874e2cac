//! What the head of a programme approves for its students (manual 2.3).

use aggregates::{
    shared::{Fact, PersonId, ProgrammeId, Requirement, Role, SubjectId},
    student::{Programme, StudentCommand},
};
use async_graphql::{Context, ID, Object};
use projections::{
    account::Accounts,
    programme::Programmes,
    student::{self, StudentDocument, Students},
};

use super::{
    catalogue::Offered,
    errors::Fault,
    mutation::{Plan, run},
    people::Person,
    request::{Ask, input_id, long},
    scalars::DateTime,
    subjects::Subject,
};
use crate::{identity::policy::acting_role, people::text_about};

/// A subject that the head of a student's programme approved for them.
pub struct Approval {
    subject: SubjectId,
    approval: student::Approval,
}

impl Approval {
    /// All of a student's, the oldest first.
    pub fn all(student: &StudentDocument) -> Vec<Self> {
        let all = student.approved.iter();
        let mut all: Vec<_> =
            all.map(|(id, approval)| Self { subject: *id, approval: *approval }).collect();
        all.sort_by_key(|approval| (approval.approval.at, approval.subject));
        all
    }

    async fn load(
        ctx: &Context<'_>,
        student: PersonId,
        subject: SubjectId,
    ) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Students>(student).await?;
        let approval = document.and_then(|document| document.approved.get(&subject).copied());
        Ok(approval.map(|approval| Self { subject, approval }))
    }
}

#[Object]
impl Approval {
    /// The subject.
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Subject>> {
        Subject::load(ctx, self.subject).await
    }

    /// By whom.
    async fn by(&self) -> Person {
        Person(self.approval.by)
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.approval.at)
    }
}

input! {
    /// A subject approved for a student.
    ApproveSubjectInput {
        /// The student.
        student_id: ID,
        /// The subject.
        subject_id: ID,
    }
}

payload! {
    /// What came of it.
    ApproveSubjectPayload {
        /// The approval.
        approval: Approval,
    }
}

input! {
    /// An approval that is asked for.
    AskForApprovalInput {
        /// The subject.
        subject_id: ID,
    }
}

input! {
    /// An approval that is taken back.
    WithdrawApprovalInput {
        /// The student.
        student_id: ID,
        /// The subject.
        subject_id: ID,
        /// Why.
        reason: String,
    }
}

payload! {
    /// What came of asking.
    AskForApprovalPayload {
        /// The subject.
        subject: Subject,
    }
}

payload! {
    /// What came of taking it back.
    WithdrawApprovalPayload {
        /// The subject.
        subject: Subject,
    }
}

/// What heads do with their students.
#[derive(Default)]
pub struct ApprovalMutations;

#[Object]
impl ApprovalMutations {
    /// Approves a subject for a student, where it asks for that: the head of the student's programme does, or a
    /// registrar who has it from them.
    async fn approve_subject(
        &self,
        ctx: &Context<'_>,
        input: ApproveSubjectInput,
    ) -> async_graphql::Result<Option<ApproveSubjectPayload>> {
        let done = run(ctx, &input, async {
            let student: PersonId = input_id(&input.student_id, "studentId")?;
            let subject: SubjectId = input_id(&input.subject_id, "subjectId")?;
            let by = must_head(ctx, student).await?;
            if Subject::load(ctx, subject).await?.is_none() {
                return Err(Fault::user("SUBJECT_UNKNOWN", "subjectId"));
            }
            let act = StudentCommand::ApproveSubject { student, subject, by }.of(student);
            Ok(Plan::of(vec![act], student).showing(subject))
        });
        let mut done = done.await?;
        let student = done.shown::<PersonId>(0);
        let load = async |subject| match student {
            Some(student) => Approval::load(ctx, student, subject).await,
            None => Ok(None),
        };
        let approval = done.show(1, load).await?;
        Ok(Some(ApproveSubjectPayload::of(done, approval)))
    }

    /// Asks the head of one's programme to approve a subject that asks for that; refused where nobody heads it who may
    /// approve.
    async fn ask_for_approval(
        &self,
        ctx: &Context<'_>,
        input: AskForApprovalInput,
    ) -> async_graphql::Result<Option<AskForApprovalPayload>> {
        let done = run(ctx, &input, async {
            let student = ctx.viewer()?.person;
            let subject: SubjectId = input_id(&input.subject_id, "subjectId")?;
            let known = Offered::load(ctx, subject).await?;
            let known = known.ok_or_else(|| Fault::user("SUBJECT_UNKNOWN", "subjectId"))?;
            let requirement = known.requirement();
            if !requirement.everything().contains(&&Requirement::ApprovedByHead) {
                return Err(Fault::user("APPROVAL_NOT_NEEDED", "subjectId"));
            }
            let programme = programme_of(ctx, student).await?;
            let programme =
                programme.ok_or_else(|| Fault::user("PROGRAMME_UNKNOWN", "subjectId"))?;
            must_be_headed(ctx, &programme).await?;
            let programme = programme.id;
            let ask = StudentCommand::AskForApproval { student, subject, programme };
            Ok(Plan::of(vec![ask.of(student)], subject))
        });
        let mut done = done.await?;
        let subject = done.show(0, |id| Subject::load(ctx, id)).await?;
        Ok(Some(AskForApprovalPayload::of(done, subject)))
    }

    /// Takes an approval back, as the head of the student's programme or a registrar. What was registered on it stays,
    /// and its plan warns of it.
    async fn withdraw_approval(
        &self,
        ctx: &Context<'_>,
        input: WithdrawApprovalInput,
    ) -> async_graphql::Result<Option<WithdrawApprovalPayload>> {
        let done = run(ctx, &input, async {
            let student: PersonId = input_id(&input.student_id, "studentId")?;
            let subject: SubjectId = input_id(&input.subject_id, "subjectId")?;
            let by = must_head(ctx, student).await?;
            let reason = long(&input.reason, "reason")?;
            let (reason, text) = text_about(student, reason.as_str());
            let withdraw = StudentCommand::WithdrawApproval { student, subject, reason, by };
            Ok(Plan::of(vec![withdraw.of(student)], subject).writing([text]))
        });
        let mut done = done.await?;
        let subject = done.show(0, |id| Subject::load(ctx, id)).await?;
        Ok(Some(WithdrawApprovalPayload::of(done, subject)))
    }
}

/// Who acts, where they head the student's programme or are a registrar.
async fn must_head(ctx: &Context<'_>, student: PersonId) -> Result<PersonId, Fault> {
    let viewer = ctx.viewer()?;
    let may = viewer.is(Role::Registrar) || head_of(ctx, student).await? == Some(viewer.person);
    may.then_some(viewer.person).ok_or_else(|| Fault::user("NOT_YOURS", "studentId"))
}

/// There is somebody who could approve it for those of a programme: its head, in a role that may.
async fn must_be_headed(ctx: &Context<'_>, programme: &Programme) -> Result<(), Fault> {
    let head = match head(ctx, programme.id).await? {
        Some(head) => ctx.document::<Accounts>(head).await?,
        None => None,
    };
    if head.is_some_and(|head| acting_role("approveSubject", &head.roles).is_some()) {
        return Ok(());
    }
    let facts = vec![Fact::new("programme", &programme.title)];
    Err(Fault::with_facts("PROGRAMME_HEAD_MISSING", Some("subjectId"), facts))
}

async fn programme_of(
    ctx: &Context<'_>,
    student: PersonId,
) -> async_graphql::Result<Option<Programme>> {
    let document = ctx.document::<Students>(student).await?;
    let admission = document.as_ref().and_then(|known| known.admission.as_ref());
    Ok(admission.map(|admission| admission.programme.clone()))
}

async fn head_of(ctx: &Context<'_>, student: PersonId) -> Result<Option<PersonId>, Fault> {
    match programme_of(ctx, student).await? {
        Some(programme) => head(ctx, programme.id).await,
        None => Ok(None),
    }
}

async fn head(ctx: &Context<'_>, programme: ProgrammeId) -> Result<Option<PersonId>, Fault> {
    let programme = ctx.document::<Programmes>(programme).await?;
    Ok(programme.and_then(|programme| programme.card.as_ref().and_then(|card| card.head)))
}
