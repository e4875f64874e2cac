//! Students: the record's cover, and what a registrar does with it.

use std::sync::Arc;

use aggregates::{
    account::AccountCommand,
    iep::IepCommand,
    shared::{Fact, PersonId, ProgrammeId, Role},
    student::{Admission, Programme, StudentCommand, StudentStatus},
};
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use projections::{
    enrollment::Enrollments,
    stream::Streams,
    student::{StudentDocument, Students},
};

use super::{
    enrollments::Enrollment,
    errors::{Fault, denied, not_found},
    ieps::Iep,
    journals::{Journal, journals},
    mutation::{Plan, run},
    people::{Person, display_name},
    request::{Ask, found, input_id, long, optional_short, query_id, short},
    scalars::{Date, DateTime, PositionScalar},
    study_plan::StudyPlan,
    transcripts::{Transcript, transcript},
};
use crate::{
    identity::policy::{Denied, may_read_student},
    people::text_about,
};

/// Where a student stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "StudentStatus", remote = "StudentStatus")]
pub enum StudentStatusEnum {
    /// Applied, not admitted yet.
    Applicant,
    /// Studies.
    Studying,
    /// On academic leave.
    OnLeave,
    /// Expelled.
    Expelled,
    /// Graduated.
    Graduated,
}

/// A study programme.
#[derive(SimpleObject)]
#[graphql(name = "Programme")]
pub struct ProgrammeObject {
    /// Its id.
    id: ID,
    /// Its title when the student was admitted.
    title: String,
}

/// A student.
pub struct Student {
    /// The same as the person's.
    pub id: PersonId,
    /// The record's cover.
    pub document: Arc<StudentDocument>,
}

#[Object]
impl Student {
    /// The student's id: the person's.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// The name, family name first.
    async fn display_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        display_name(ctx, self.id).await
    }

    /// The person.
    async fn person(&self) -> Person {
        Person(self.id)
    }

    /// Where they stand.
    async fn status(&self) -> Option<StudentStatusEnum> {
        self.document.status.map(Into::into)
    }

    /// The year of study now, from 1; none for an applicant or an imported student.
    async fn year_of_study(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<i32>> {
        let today = ctx.services()?.cabinet.today();
        Ok(self.document.admission.as_ref().map(|admission| {
            let since = academic_year(today) - academic_year(admission.on);
            i32::from(admission.year_of_study) + i32::from(since.max(0))
        }))
    }

    /// The academic group.
    async fn group(&self) -> Option<String> {
        let group = self.document.admission.as_ref().and_then(|admission| admission.group.as_ref());
        group.map(ToString::to_string)
    }

    /// The programme.
    async fn programme(&self) -> Option<ProgrammeObject> {
        self.document.admission.as_ref().map(|admission| ProgrammeObject {
            id: admission.programme.id.to_string().into(),
            title: admission.programme.title.to_string(),
        })
    }

    /// The day of admission.
    async fn admitted_on(&self) -> Option<Date> {
        self.document.admission.as_ref().map(|admission| Date(admission.on))
    }

    /// Who guides them.
    async fn advisor(&self) -> Option<Person> {
        self.document.advisor.map(Person)
    }

    /// What can be taken when, and why not (manual 2.3).
    async fn study_plan(&self) -> StudyPlan<'_> {
        StudyPlan(self)
    }

    /// The individual education plans, the newest first.
    async fn ieps(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Iep>> {
        let mut ieps = Vec::new();
        for id in self.document.ieps.values().rev() {
            ieps.extend(Iep::load(ctx, *id).await?);
        }
        Ok(ieps)
    }

    /// The registrations, given-up ones included.
    async fn enrollments(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Enrollment>> {
        let mut enrollments = Vec::new();
        for id in self.document.enrollments.values().flatten() {
            enrollments.extend(Enrollment::load(ctx, *id).await?);
        }
        Ok(enrollments)
    }

    /// One journal a term, the current one first (manual 2.12).
    async fn journals(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Journal>> {
        journals(ctx, self).await
    }

    /// The transcript (manual 2.15); with `asOf` or `asOfPosition` as it stood then. Both together
    /// are refused.
    async fn transcript(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As it stood then.")] as_of: Option<DateTime>,
        #[graphql(desc = "As it stood at that place in the log.")] as_of_position: Option<
            PositionScalar,
        >,
    ) -> async_graphql::Result<Transcript> {
        transcript(ctx, self.id, as_of, as_of_position).await
    }
}

/// The year in which a day's academic year begins: it turns in July.
pub fn academic_year(day: jiff::civil::Date) -> i16 {
    if day.month() >= 7 { day.year() } else { day.year() - 1 }
}

/// A student whose record may be read, or why not.
pub async fn readable_student(
    ctx: &Context<'_>,
    id: PersonId,
) -> async_graphql::Result<Result<Student, async_graphql::Error>> {
    let viewer = ctx.viewer()?;
    let Some(document) = ctx.document::<Students>(id).await? else {
        return Ok(Err(not_found()));
    };
    let teaches = viewer.is(Role::Teacher) && teaches(ctx, viewer.person, &document).await?;
    let may = document.status.is_some() && may_read_student(viewer, id, document.advisor, teaches);
    Ok(if may { Ok(Student { id, document }) } else { Err(denied(Denied::Forbidden)) })
}

/// Whether somebody teaches a stream that the student is in.
async fn teaches(
    ctx: &Context<'_>,
    teacher: PersonId,
    student: &StudentDocument,
) -> async_graphql::Result<bool> {
    for enrollment in student.enrollments.values().flatten() {
        let Some(enrollment) = ctx.document::<Enrollments>(enrollment).await? else { continue };
        for stream in &enrollment.streams {
            let stream = ctx.document::<Streams>(stream).await?;
            let card = stream.as_ref().and_then(|stream| stream.card.as_ref());
            if card.is_some_and(|card| card.teachers.contains(&teacher)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Which students; all that are set have to fit.
#[derive(Default, InputObject)]
pub struct StudentFilter {
    /// Who has this id in the system they were imported from.
    pub external_id: Option<String>,
    /// Whose advisor this is.
    pub advisor_id: Option<ID>,
    /// Whose name begins so, family name first.
    pub name_prefix: Option<String>,
}

/// Students by id and in lists.
#[derive(Default)]
pub struct StudentQueries;

#[Object]
impl StudentQueries {
    /// A student by id.
    async fn student(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Student>> {
        readable_student(ctx, query_id(&id)?).await?.map(Some)
    }

    /// Students by name. An advisor sees their own, a teacher none but by id.
    async fn students(
        &self,
        ctx: &Context<'_>,
        filter: Option<StudentFilter>,
        #[graphql(desc = "How many, 100 at the most.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> async_graphql::Result<Option<super::schema::Connection<Student>>> {
        super::student_list::students(ctx, filter.unwrap_or_default(), first, after).await.map(Some)
    }
}

input! {
    /// Admitting somebody: an applicant by `personId`, or somebody new by their name.
    AdmitStudentInput {
        /// An applicant who has an account already; without it, a new person is made.
        person_id: Option<ID>,
        /// The given name of a new person.
        given_name: Option<String>,
        /// The family name of a new person.
        family_name: Option<String>,
        /// The middle name or patronymic of a new person.
        middle_name: Option<String>,
        /// The login of a new person; without it, one is set with the one-time access.
        login: Option<String>,
        /// The individual identification number of a new person.
        iin: Option<String>,
        /// The e-mail address of a new person.
        email: Option<String>,
        /// The phone number of a new person.
        phone: Option<String>,
        /// The code of the programme.
        programme_code: String,
        /// The title of the programme.
        programme_title: String,
        /// The year of study, from 1.
        #[graphql(default = 1)]
        year_of_study: i32,
        /// The academic group.
        group: Option<String>,
        /// The day; today where none is stated.
        admitted_on: Option<Date>,
        /// Who guides the student.
        advisor_id: Option<ID>,
    }
}

payload! {
    /// What came of it.
    StudentPayload {
        /// The student.
        student: Student,
    }
}

input! {
    /// Giving a student an advisor, or another one: their plans follow.
    AssignAdvisorInput {
        /// The student.
        student_id: ID,
        /// The advisor.
        advisor_id: ID,
    }
}

input! {
    /// A change of a student's standing that has a reason.
    StudentReasonInput {
        /// The student.
        student_id: ID,
        /// Why.
        reason: String,
    }
}

input! {
    /// A change of a student's standing.
    StudentInput {
        /// The student.
        student_id: ID,
    }
}

/// What a registrar does with a student's record.
#[derive(Default)]
pub struct StudentMutations;

#[Object]
impl StudentMutations {
    /// Admits somebody: an applicant becomes a student in the same account and under the same id.
    async fn admit_student(
        &self,
        ctx: &Context<'_>,
        input: AdmitStudentInput,
    ) -> async_graphql::Result<Option<StudentPayload>> {
        let done = run(ctx, &input, admission(ctx, &input)).await?;
        shown(ctx, done).await
    }

    /// Gives a student an advisor, or another one.
    async fn assign_advisor(
        &self,
        ctx: &Context<'_>,
        input: AssignAdvisorInput,
    ) -> async_graphql::Result<Option<StudentPayload>> {
        let done = run(ctx, &input, async {
            let student: PersonId = input_id(&input.student_id, "studentId")?;
            let advisor = input_id(&input.advisor_id, "advisorId")?;
            must_be_advisor(ctx, advisor).await?;
            let known = ctx.document::<Students>(student).await?;
            let plans = known.iter().flat_map(|known| known.ieps.values());
            let follow = plans.map(|iep| IepCommand::AssignAdvisor { advisor }.of(*iep));
            let assign = StudentCommand::AssignAdvisor { student, advisor }.of(student);
            Ok(Plan::of(std::iter::once(assign).chain(follow).collect(), student))
        });
        shown(ctx, done.await?).await
    }

    /// Sends a student on academic leave.
    async fn take_academic_leave(
        &self,
        ctx: &Context<'_>,
        input: StudentReasonInput,
    ) -> async_graphql::Result<Option<StudentPayload>> {
        let done = run(ctx, &input, async {
            let student = input_id(&input.student_id, "studentId")?;
            let (reason, text) = text_about(student, long(&input.reason, "reason")?.as_str());
            let act = StudentCommand::TakeLeave { student, reason }.of(student);
            Ok(Plan::of(vec![act], student).writing([text]))
        });
        shown(ctx, done.await?).await
    }

    /// Takes a student back from leave.
    async fn return_from_leave(
        &self,
        ctx: &Context<'_>,
        input: StudentInput,
    ) -> async_graphql::Result<Option<StudentPayload>> {
        let done = run(ctx, &input, async {
            let student = input_id(&input.student_id, "studentId")?;
            Ok(Plan::of(vec![StudentCommand::Return { student }.of(student)], student))
        });
        shown(ctx, done.await?).await
    }

    /// Expels a student.
    async fn expel_student(
        &self,
        ctx: &Context<'_>,
        input: StudentReasonInput,
    ) -> async_graphql::Result<Option<StudentPayload>> {
        let done = run(ctx, &input, async {
            let student = input_id(&input.student_id, "studentId")?;
            let (reason, text) = text_about(student, long(&input.reason, "reason")?.as_str());
            let act = StudentCommand::Expel { student, reason }.of(student);
            Ok(Plan::of(vec![act], student).writing([text]))
        });
        shown(ctx, done.await?).await
    }

    /// Puts on record that a student completed the studies.
    async fn graduate_student(
        &self,
        ctx: &Context<'_>,
        input: StudentInput,
    ) -> async_graphql::Result<Option<StudentPayload>> {
        let done = run(ctx, &input, async {
            let student = input_id(&input.student_id, "studentId")?;
            Ok(Plan::of(vec![StudentCommand::Graduate { student }.of(student)], student))
        });
        shown(ctx, done.await?).await
    }
}

async fn admission(ctx: &Context<'_>, input: &AdmitStudentInput) -> Result<Plan, Fault> {
    let known: Option<PersonId> =
        input.person_id.as_ref().map(|id| input_id(id, "personId")).transpose()?;
    let student = known.unwrap_or_else(PersonId::new);
    let code = short(&input.programme_code, "programmeCode")?;
    let programme = Programme {
        id: ProgrammeId::derived(&[code.as_str()]),
        title: short(&input.programme_title, "programmeTitle")?,
    };
    let admission = Admission {
        programme,
        // What does not fit is out of the aggregate's range too.
        year_of_study: u8::try_from(input.year_of_study).unwrap_or(u8::MAX),
        group: optional_short(input.group.as_ref(), "group")?,
        on: match input.admitted_on {
            Some(day) => day.0,
            None => ctx.services()?.cabinet.today(),
        },
    };
    let role = Role::Student;
    let mut acts = vec![
        AccountCommand::Open { person: student }.of(student),
        AccountCommand::GrantRole { person: student, role }.of(student),
        StudentCommand::Admit { student, admission }.of(student),
    ];
    if let Some(advisor) = &input.advisor_id {
        let advisor = input_id(advisor, "advisorId")?;
        must_be_advisor(ctx, advisor).await?;
        acts.push(StudentCommand::AssignAdvisor { student, advisor }.of(student));
    }
    let plan = Plan::of(acts, student);
    match known {
        Some(person) if ctx.person(person).await?.is_none() => {
            Err(Fault::user("NOT_FOUND", "personId"))
        }
        Some(_) => Ok(plan),
        None => {
            let details = super::accounts::details(super::accounts::NewPerson {
                given_name: input.given_name.as_ref(),
                family_name: input.family_name.as_ref(),
                middle_name: input.middle_name.as_ref(),
                login: input.login.as_ref(),
                iin: input.iin.as_ref(),
                email: input.email.as_ref(),
                phone: input.phone.as_ref(),
            })?;
            Ok(plan.writing([crate::people::PersonWrite::Create(student, details)]))
        }
    }
}

async fn must_be_advisor(ctx: &Context<'_>, advisor: PersonId) -> Result<(), Fault> {
    let account = ctx.document::<projections::account::Accounts>(advisor).await?;
    let account = account.ok_or_else(|| Fault::user("NOT_FOUND", "advisorId"))?;
    if account.roles.contains(&Role::Advisor) {
        Ok(())
    } else {
        let facts = vec![Fact::new("role", Role::Advisor)];
        Err(Fault::with_facts("ROLE_NOT_HELD", Some("advisorId"), facts))
    }
}

async fn shown(
    ctx: &Context<'_>,
    done: super::mutation::Done,
) -> async_graphql::Result<Option<StudentPayload>> {
    let student = match done.shown::<PersonId>(0) {
        Some(id) => {
            let document = found(ctx.document::<Students>(id).await?)?;
            Some(Student { id, document })
        }
        None => None,
    };
    Ok(Some(StudentPayload::of(done, student)))
}
