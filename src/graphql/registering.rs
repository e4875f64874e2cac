//! Registering for one subject, or for several that may ask for one another, in one act (manual 2.3.1).

use aggregates::{
    iep::Authority,
    shared::{EnrollmentId, PersonId, SubjectId, TermId},
};
use async_graphql::{Context, ID, Object};

use super::{
    enrollments::{Enrollment, authority, must_be_theirs},
    errors::{Fault, UserError},
    grounds::Grounds,
    ieps::Iep,
    mutation::{Plan, run},
    registration::Asked,
    request::{Ask, input_id, input_ids},
};

/// How many subjects are registered for at once at the most.
const MOST: usize = 50;

input! {
    /// Registering for several subjects.
    RegisterForSubjectsInput {
        /// The subjects, 50 at the most.
        subject_ids: Vec<ID>,
        /// The term.
        term_id: ID,
        /// For whom, where a registrar registers a student; oneself otherwise.
        student_id: Option<ID>,
        /// Why, where a registrar registers a student outside the windows.
        reason: Option<String>,
    }
}

payload! {
    /// What came of registering for several.
    RegisterForSubjectsPayload {
        /// The registrations, in the order asked.
        enrollments: Vec<Enrollment>,
        /// The plan with the subjects on it.
        iep: Iep,
    }
}

/// Registering for several subjects.
#[derive(Default)]
pub struct RegisteringMutations;

#[Object]
impl RegisteringMutations {
    /// Registers for all of these subjects of a term in one act, or for none: each is decided as taken together with
    /// the others, so that subjects can be taken that ask for one another. A refusal names everything that speaks
    /// against any of them; its `field` ends with the subject's place in the list.
    async fn register_for_subjects(
        &self,
        ctx: &Context<'_>,
        input: RegisterForSubjectsInput,
    ) -> async_graphql::Result<Option<RegisterForSubjectsPayload>> {
        let done = run(ctx, &input, async {
            let viewer = ctx.viewer()?;
            let student: PersonId = match &input.student_id {
                Some(id) => input_id(id, "studentId")?,
                None => viewer.person,
            };
            must_be_theirs(viewer, student, "studentId")?;
            let subjects = input_ids(&input.subject_ids, "subjectIds", MOST)?;
            let term: TermId = input_id(&input.term_id, "termId")?;
            let (by, text) = authority(viewer, student, input.reason.as_deref())?;
            registering(ctx, student, &subjects, term, by).await.map(|plan| plan.writing(text))
        });
        let mut done = done.await?;
        let mut enrollments = Vec::new();
        let subjects = done.showing().saturating_sub(1);
        for place in 0..subjects {
            enrollments.extend(done.show(place, |id| Enrollment::load(ctx, id)).await?);
        }
        let iep = done.show(subjects, |id| Iep::load(ctx, id)).await?;
        let enrollments = (!enrollments.is_empty()).then_some(enrollments);
        Ok(Some(RegisterForSubjectsPayload::of(done, enrollments, iep)))
    }
}

/// Registers for these subjects of a term, each beside the others. What is known to speak against them is refused
/// with all its reasons at once.
pub async fn registering(
    ctx: &Context<'_>,
    student: PersonId,
    subjects: &[SubjectId],
    term: TermId,
    by: Authority,
) -> Result<Plan, Fault> {
    let grounds = Grounds::of_student(ctx, student).await?;
    let asked = Asked::each(ctx, &grounds, subjects, term).await?;
    let asked: Vec<_> = asked.into_iter().map(|one| one.by(by.clone())).collect();
    must_be_allowed(&asked)?;
    let mut acts = Vec::new();
    let mut shows = Vec::new();
    for (place, one) in asked.iter().enumerate() {
        acts.extend(one.acts(one.registration(None), &subjects[..place], None));
        shows.push(EnrollmentId::of(student, subjects[place], term).to_string());
    }
    shows.extend(asked.first().map(|one| one.iep.to_string()));
    Ok(Plan { acts, shows, ..Plan::default() })
}

/// What the views know to speak against them, all of it.
fn must_be_allowed(asked: &[Asked<'_>]) -> Result<(), Fault> {
    let mut told = Vec::new();
    for (place, one) in asked.iter().enumerate() {
        let at = |error: UserError| {
            if asked.len() > 1 { error.of_item("subjectIds", place) } else { error }
        };
        told.extend(one.reasons().iter().map(UserError::of).map(at));
    }
    if told.is_empty() { Ok(()) } else { Err(Fault::User(told)) }
}
