//! Holds: what blocks a student from registering until it is lifted, and the registrar's override (manual 2.3.1).

use std::collections::BTreeSet;

use aggregates::{
    enrollment::EnrollmentError,
    iep::Authority,
    shared::{self, Fact, HoldId, PersonId, Refusal, Refuse, SubjectId, TermId},
    student::StudentCommand,
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use projections::student::{self, StudentDocument, Students};

use super::{
    codes::ErrorCode,
    enrollments::{self, Enrollment},
    errors::{FactObject, Fault, UserError},
    grounds::Grounds,
    ieps::Iep,
    mutation::{Done, Plan, run},
    people::Person,
    registration::Asked,
    request::{Ask, found, input_id, long, query_id},
    scalars::DateTime,
};
use crate::{identity::policy::may_hold, messages, people::text_about};

/// What a hold is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "shared::HoldKind")]
pub enum HoldKind {
    /// Money that is owed.
    Debt,
    /// Books that are not given back.
    Library,
    /// A matter of discipline.
    Discipline,
}

/// A hold: it blocks a student from registering and from choosing streams until it is lifted.
pub struct Hold {
    id: HoldId,
    hold: student::Hold,
}

impl Hold {
    /// The holds of a student, the oldest first.
    pub fn all(student: &StudentDocument) -> Vec<Self> {
        let mut all: Vec<_> =
            student.holds.iter().map(|(id, hold)| Self { id: *id, hold: hold.clone() }).collect();
        all.sort_by_key(|hold| (hold.hold.placed_at, hold.id));
        all
    }

    async fn load(
        ctx: &Context<'_>,
        student: PersonId,
        id: HoldId,
    ) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Students>(student).await?;
        let hold = document.and_then(|document| document.holds.get(&id).cloned());
        Ok(hold.map(|hold| Self { id, hold }))
    }
}

#[Object]
impl Hold {
    /// The hold's id.
    async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// What it is for.
    async fn kind(&self) -> HoldKind {
        self.hold.kind.into()
    }

    /// Why; none once the person's data were erased.
    async fn reason(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        ctx.text(self.hold.reason.id).await
    }

    /// Who placed it.
    async fn placed_by(&self) -> Person {
        Person(self.hold.placed_by)
    }

    /// When.
    async fn placed_at(&self) -> DateTime {
        DateTime(self.hold.placed_at)
    }

    /// Who lifted it; none while it blocks.
    async fn lifted_by(&self) -> Option<Person> {
        self.hold.lifted.map(|(by, _)| Person(by))
    }

    /// When; none while it blocks.
    async fn lifted_at(&self) -> Option<DateTime> {
        self.hold.lifted.map(|(_, at)| DateTime(at))
    }
}

/// What a registrar can override: the codes with which a registration is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "shared::Overridable")]
pub enum OverridableReason {
    /// A prerequisite is not passed.
    PrerequisitesMissing,
    /// A corequisite is not registered.
    CorequisiteMissing,
    /// Another subject excludes it.
    SubjectsExclude,
    /// It is for a later year of study.
    YearOfStudyTooLow,
    /// It asks for more credits.
    CreditsTooFew,
    /// It is for another programme.
    ProgrammeNotFitting,
    /// It is for another group.
    GroupNotFitting,
    /// The head of the programme has not approved it.
    ApprovalMissing,
    /// Something else that it asks for is not met.
    RequirementUnmet,
    /// The group of the curriculum has as many subjects as may be chosen.
    GroupIsFull,
    /// The group of the curriculum would go over the credits that may be chosen.
    GroupCreditsOverLimit,
    /// A hold blocks the student.
    RegistrationHeld,
    /// It is not offered in the term.
    SubjectNotOffered,
    /// The term would go over its credits.
    CreditsOverLimit,
    /// The year would go over its credits.
    YearCreditsOverLimit,
}

/// A registrar's override: the student was registered in spite of what spoke against it.
pub struct Override(pub projections::enrollment::Over);

#[Object]
impl Override {
    /// What spoke against it, with the facts of then.
    async fn reasons(&self) -> Vec<OverriddenReason> {
        self.0.reasons.iter().map(OverriddenReason::of).collect()
    }

    /// Why it was overridden; none once the person's data were erased.
    async fn reason(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        ctx.text(self.0.because.id).await
    }

    /// By whom.
    async fn by(&self) -> Person {
        Person(self.0.by)
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

/// What spoke against a registration and was overridden.
#[derive(SimpleObject)]
pub struct OverriddenReason {
    /// The code with which it would have been refused.
    code: ErrorCode,
    /// In the reader's language.
    message: String,
    /// What it was decided on.
    facts: Vec<FactObject>,
    /// Where the rule comes from.
    rule: String,
}

impl OverriddenReason {
    fn of(overridden: &shared::Overridden) -> Self {
        let code = overridden.code.name();
        Self {
            code: ErrorCode(code),
            message: messages::message(code, &overridden.facts),
            facts: overridden.facts.iter().map(FactObject::from).collect(),
            rule: overridden.rule.clone(),
        }
    }
}

input! {
    /// Blocking a student.
    PlaceHoldInput {
        /// Whom.
        student_id: ID,
        /// What for.
        kind: HoldKind,
        /// Why.
        reason: String,
    }
}

input! {
    /// Lifting a hold.
    LiftHoldInput {
        /// On whom.
        student_id: ID,
        /// Which.
        hold_id: ID,
    }
}

input! {
    /// Registering a student in spite of what speaks against it.
    OverrideRegistrationInput {
        /// Whom.
        student_id: ID,
        /// For which subject.
        subject_id: ID,
        /// In which term.
        term_id: ID,
        /// In spite of what: each has to speak against it now.
        overrides: Vec<OverridableReason>,
        /// Why.
        reason: String,
    }
}

payload! {
    /// What came of it.
    HoldPayload {
        /// The hold.
        hold: Hold,
    }
}

payload! {
    /// What came of it.
    OverrideRegistrationPayload {
        /// The registration.
        enrollment: Enrollment,
        /// The plan with the subject on it.
        iep: Iep,
    }
}

/// Holds, for those who place and lift them.
#[derive(Default)]
pub struct HoldQueries;

#[Object]
impl HoldQueries {
    /// The holds on a student that the asker may lift, lifted ones included, the oldest first.
    async fn holds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On whom.")] student_id: ID,
    ) -> async_graphql::Result<Option<Vec<Hold>>> {
        let viewer = ctx.viewer()?;
        let document = found(ctx.document::<Students>(query_id::<PersonId>(&student_id)?).await?)?;
        let mut all = Hold::all(&document);
        all.retain(|hold| may_hold(viewer, hold.hold.kind));
        Ok(Some(all))
    }
}

/// Holds and overrides.
#[derive(Default)]
pub struct HoldMutations;

#[Object]
impl HoldMutations {
    /// Blocks a student from registering until the hold is lifted. Debts are the finance officers' matter, the
    /// library's the librarians'; a registrar places any.
    async fn place_hold(
        &self,
        ctx: &Context<'_>,
        input: PlaceHoldInput,
    ) -> async_graphql::Result<Option<HoldPayload>> {
        let done = run(ctx, &input, async {
            let (viewer, kind) = (ctx.viewer()?, input.kind.into());
            if !may_hold(viewer, kind) {
                return Err(Fault::user("NOT_YOURS", "kind"));
            }
            let (student, hold, by) =
                (input_id(&input.student_id, "studentId")?, HoldId::new(), viewer.person);
            let (reason, text) = text_about(student, long(&input.reason, "reason")?.as_str());
            let act = StudentCommand::PlaceHold { student, hold, kind, reason, by }.of(student);
            Ok(Plan::of(vec![act], student).showing(hold).writing([text]))
        });
        shown(ctx, done.await?).await
    }

    /// Lifts a hold.
    async fn lift_hold(
        &self,
        ctx: &Context<'_>,
        input: LiftHoldInput,
    ) -> async_graphql::Result<Option<HoldPayload>> {
        let done = run(ctx, &input, async {
            let viewer = ctx.viewer()?;
            let student: PersonId = input_id(&input.student_id, "studentId")?;
            let hold: HoldId = input_id(&input.hold_id, "holdId")?;
            let known = Hold::load(ctx, student, hold).await?;
            if known.is_some_and(|known| !may_hold(viewer, known.hold.kind)) {
                return Err(Fault::user("NOT_YOURS", "holdId"));
            }
            let by = viewer.person;
            let act = StudentCommand::LiftHold { student, hold, by }.of(student);
            Ok(Plan::of(vec![act], student).showing(hold))
        });
        shown(ctx, done.await?).await
    }

    /// Registers a student in spite of the reasons that are named, and whatever the windows say; what else speaks
    /// against it is refused, all of it at once. What was overridden stays on record, with the reason. A second
    /// registration and a subject that is passed or in progress can't be overridden.
    async fn override_registration(
        &self,
        ctx: &Context<'_>,
        input: OverrideRegistrationInput,
    ) -> async_graphql::Result<Option<OverrideRegistrationPayload>> {
        let mut done = run(ctx, &input, overriding(ctx, &input)).await?;
        let (enrollment, iep) = enrollments::shown(ctx, &mut done).await?;
        Ok(Some(OverrideRegistrationPayload::of(done, enrollment, iep)))
    }
}

async fn shown(ctx: &Context<'_>, mut done: Done) -> async_graphql::Result<Option<HoldPayload>> {
    let student = done.shown::<PersonId>(0);
    let load = async |hold| match student {
        Some(student) => Hold::load(ctx, student, hold).await,
        None => Ok(None),
    };
    let hold = done.show(1, load).await?;
    Ok(Some(HoldPayload::of(done, hold)))
}

async fn overriding(ctx: &Context<'_>, input: &OverrideRegistrationInput) -> Result<Plan, Fault> {
    let student: PersonId = input_id(&input.student_id, "studentId")?;
    let subject: SubjectId = input_id(&input.subject_id, "subjectId")?;
    let term: TermId = input_id(&input.term_id, "termId")?;
    let reason = long(&input.reason, "reason")?;
    let grounds = Grounds::of_student(ctx, student).await?;
    let asked = Asked::of(ctx, &grounds, subject, term).await?;
    let reasons: BTreeSet<shared::Overridable> =
        input.overrides.iter().map(|reason| (*reason).into()).collect();
    let (because, text) = text_about(student, reason.as_str());
    let asked = asked.by(Authority::Registrar { reason: because.clone() });
    let against = against(&reasons, &asked.reasons());
    if !against.is_empty() {
        return Err(Fault::User(against));
    }
    let over = shared::Override { reasons, because, by: ctx.viewer()?.person };
    let registration = asked.registration(Some(over.clone()));
    let enrollment = registration.taken.enrollment;
    let acts = asked.acts(registration, &[], Some(over));
    Ok(Plan::of(acts, enrollment).showing(asked.iep).writing([text]))
}

/// What speaks against an override of these reasons, all at once: what is still in the way, and what is named and is
/// not. Where something is in the way that can't be overridden, nothing is named too much.
fn against(named: &BTreeSet<shared::Overridable>, in_the_way: &[Refusal]) -> Vec<UserError> {
    let code = |refusal: &Refusal| shared::Overridable::named(refusal.code);
    let overridden = |refusal: &&Refusal| code(refusal).is_some_and(|code| named.contains(&code));
    let still = in_the_way.iter().filter(|refusal| !overridden(refusal)).map(UserError::of);
    let mut against: Vec<_> = still.collect();
    let not_needed = |reason: &'static str| {
        let facts = vec![Fact::new("reason", reason)];
        UserError::own("OVERRIDE_NOT_NEEDED", Some("overrides"), facts)
    };
    if in_the_way.iter().all(|refusal| code(refusal).is_some()) {
        let needless = named.iter().map(|reason| reason.name());
        let needless = needless.filter(|name| in_the_way.iter().all(|other| other.code != *name));
        against.extend(needless.map(not_needed));
    }
    if named.is_empty() && against.is_empty() {
        against.push(not_needed("none"));
    }
    against
}

/// What each of these holds refuses.
pub fn refusals(held: BTreeSet<shared::HoldKind>) -> Vec<Refusal> {
    held.into_iter().map(|hold| EnrollmentError::Held { hold }.refusal()).collect()
}
