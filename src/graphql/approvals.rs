//! What the head of a programme approves for its students (manual 2.3).

use aggregates::{
    shared::{PersonId, Role, SubjectId},
    student::StudentCommand,
};
use async_graphql::{Context, ID, Object};
use projections::{
    programme::Programmes,
    student::{self, StudentDocument, Students},
};

use super::{
    errors::Fault,
    mutation::{Plan, run},
    people::Person,
    request::{Ask, input_id},
    scalars::DateTime,
    subjects::Subject,
};

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
            let viewer = ctx.viewer()?;
            let by = viewer.person;
            if !viewer.is(Role::Registrar) && head_of(ctx, student).await? != Some(by) {
                return Err(Fault::user("NOT_YOURS", "studentId"));
            }
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
}

async fn head_of(ctx: &Context<'_>, student: PersonId) -> Result<Option<PersonId>, Fault> {
    let document = ctx.document::<Students>(student).await?;
    let Some(admission) = document.as_ref().and_then(|known| known.admission.as_ref()) else {
        return Ok(None);
    };
    let programme = ctx.document::<Programmes>(admission.programme.id).await?;
    Ok(programme.and_then(|programme| programme.card.as_ref().and_then(|card| card.head)))
}
