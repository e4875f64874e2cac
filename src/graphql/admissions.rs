//! What a registrar does with a student's record: admission, advisor, leave, expulsion, graduation.

use aggregates::{
    Act,
    account::AccountCommand,
    iep::IepCommand,
    shared::{Fact, PersonId, ProgrammeId, Role},
    student::{Admission, Programme, StudentCommand, YearOfStudy},
};
use async_graphql::{Context, ID, Object};
use projections::{student::Students, term::academic_year};

use super::{
    accounts::{NewPerson, details},
    errors::{Fault, UserError},
    mutation::{Done, Plan, run},
    request::{Ask, found, input_id, long, optional_short, short},
    scalars::Date,
    setting_calendar::read_year,
    students::Student,
    studying_no_longer::{leaves_lines, seats_kept},
};
use crate::people::{PersonWrite, text_about};

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
        /// The faculty, by which the calendar may keep windows.
        faculty: Option<String>,
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
        /// What may be a mistake in what was done all the same.
        warnings: Vec<UserError>,
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

input! {
    /// A student who is back.
    ReturnFromLeaveInput {
        /// The student.
        student_id: ID,
        /// The year of study, from 1, in which they go on; without it they are where they would be without the leave.
        year_of_study: Option<i32>,
        /// The year in which the academic year begins from which on that counts; without it the academic year of today,
        /// which turns in July.
        academic_year: Option<i32>,
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

    /// Sends a student on academic leave. They wait in no line then; the seats that they have stay, and `warnings` names
    /// them (`SEAT_KEPT`).
    async fn take_academic_leave(
        &self,
        ctx: &Context<'_>,
        input: StudentReasonInput,
    ) -> async_graphql::Result<Option<StudentPayload>> {
        let done = run(ctx, &input, async {
            let student = input_id(&input.student_id, "studentId")?;
            let (reason, text) = text_about(student, long(&input.reason, "reason")?.as_str());
            let leave = StudentCommand::TakeLeave { student, reason }.of(student);
            Ok(Plan::of(without_lines(ctx, student, leave).await?, student).writing([text]))
        });
        away(ctx, done.await?).await
    }

    /// Takes a student back from leave: `yearOfStudy` says in which year of study, since a leave is no year of it.
    async fn return_from_leave(
        &self,
        ctx: &Context<'_>,
        input: ReturnFromLeaveInput,
    ) -> async_graphql::Result<Option<StudentPayload>> {
        let done = run(ctx, &input, async {
            let student = input_id(&input.student_id, "studentId")?;
            let academic_year = match input.academic_year {
                Some(year) => read_year(year)?,
                None => academic_year(ctx.services()?.cabinet.today()),
            };
            let into = input
                .year_of_study
                .map(|year| YearOfStudy { academic_year, year_of_study: year_of_study(year) });
            Ok(Plan::of(vec![StudentCommand::Return { student, into }.of(student)], student))
        });
        shown(ctx, done.await?).await
    }

    /// Expels a student. They wait in no line then; the seats that they have stay, and `warnings` names them
    /// (`SEAT_KEPT`).
    async fn expel_student(
        &self,
        ctx: &Context<'_>,
        input: StudentReasonInput,
    ) -> async_graphql::Result<Option<StudentPayload>> {
        let done = run(ctx, &input, async {
            let student = input_id(&input.student_id, "studentId")?;
            let (reason, text) = text_about(student, long(&input.reason, "reason")?.as_str());
            let expel = StudentCommand::Expel { student, reason }.of(student);
            Ok(Plan::of(without_lines(ctx, student, expel).await?, student).writing([text]))
        });
        away(ctx, done.await?).await
    }

    /// Puts on record that a student completed the studies. They wait in no line then; the seats that they have stay, and
    /// `warnings` names them (`SEAT_KEPT`).
    async fn graduate_student(
        &self,
        ctx: &Context<'_>,
        input: StudentInput,
    ) -> async_graphql::Result<Option<StudentPayload>> {
        let done = run(ctx, &input, async {
            let student = input_id(&input.student_id, "studentId")?;
            let graduate = StudentCommand::Graduate { student }.of(student);
            Ok(Plan::of(without_lines(ctx, student, graduate).await?, student))
        });
        away(ctx, done.await?).await
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
        year_of_study: year_of_study(input.year_of_study),
        group: optional_short(input.group.as_ref(), "group")?,
        faculty: optional_short(input.faculty.as_ref(), "faculty")?,
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
            let details = details(NewPerson {
                given_name: input.given_name.as_ref(),
                family_name: input.family_name.as_ref(),
                middle_name: input.middle_name.as_ref(),
                login: input.login.as_ref(),
                iin: input.iin.as_ref(),
                email: input.email.as_ref(),
                phone: input.phone.as_ref(),
            })?;
            Ok(plan.writing([PersonWrite::Create(student, details)]))
        }
    }
}

/// What does not fit is out of the aggregate's range too.
fn year_of_study(stated: i32) -> u8 {
    u8::try_from(stated).unwrap_or(u8::MAX)
}

/// That, with which the student waits in no line any more.
async fn without_lines(ctx: &Context<'_>, student: PersonId, act: Act) -> Result<Vec<Act>, Fault> {
    let lines = leaves_lines(ctx, student).await?;
    Ok(std::iter::once(act).chain(lines).collect())
}

/// The payload of who studies no longer, with the seats that they have all the same.
async fn away(ctx: &Context<'_>, done: Done) -> async_graphql::Result<Option<StudentPayload>> {
    let kept = done.warnings(async |student| seats_kept(ctx, student).await).await;
    let payload = shown(ctx, done).await?;
    Ok(payload.map(|payload| StudentPayload { warnings: Some(kept), ..payload }))
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

/// The payload of what was done with a student.
pub async fn shown(
    ctx: &Context<'_>,
    mut done: Done,
) -> async_graphql::Result<Option<StudentPayload>> {
    let load = async |id| {
        let document = found(ctx.document::<Students>(id).await?)?;
        Ok(Some(Student { id, document }))
    };
    let student = done.show(0, load).await?;
    Ok(Some(StudentPayload::of(done, student, Some(vec![]))))
}
