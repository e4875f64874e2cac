//! Students: the record's cover, and what a registrar does with it.

use std::{collections::BTreeSet, sync::Arc};

use aggregates::{
    shared::{PersonId, Text},
    student::StudentStatus,
};
use async_graphql::{Context, Enum, ID, InputObject, Object};
use projections::{
    student::{StudentDocument, Students},
    term::academic_year,
};

use super::{
    approvals::Approval,
    dashboard::Dashboard,
    enrollments::Enrollment,
    errors::{denied, not_found},
    holds::Hold,
    ieps::Iep,
    journals::{Journal, journals},
    people::{Person, display_name},
    programme_standing::{ProgrammeStanding, programme_standing},
    programmes::Programme,
    request::{Ask, query_id, stored},
    scalars::{Date, DateTime, PositionScalar},
    settings::SettingsObject,
    student_tests::StudentTest,
    study_plan::StudyPlan,
    subject_cards::{SubjectCard, SubjectCardTime},
    theses::Thesis,
    timetable::{Asked, TimetableEntry, TimetableFilter, TimetableKind, TimetableSpan, shown},
    transcripts::{Transcript, transcript},
    waiting::OfferedSeat,
};
use crate::{
    identity::{
        policy::{Denied, may_act_for_student, may_read_student},
        reads_record,
    },
    timetable,
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
        Ok(self.document.year_of_study(academic_year(today)).map(Into::into))
    }

    /// The academic group.
    async fn group(&self) -> Option<String> {
        let group = self.document.admission.as_ref().and_then(|admission| admission.group.as_ref());
        group.map(ToString::to_string)
    }

    /// The programme.
    async fn programme(&self) -> Option<Programme> {
        self.document.admission.as_ref().map(|admission| Programme::then(&admission.programme))
    }

    /// The faculty.
    async fn faculty(&self) -> Option<&str> {
        self.document.admission.as_ref()?.faculty.as_ref().map(Text::as_str)
    }

    /// What is still missing for the programme, part by part; none without a curriculum for the student.
    async fn programme_standing(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<ProgrammeStanding>> {
        programme_standing(ctx, self.id, &self.document, &BTreeSet::new()).await
    }

    /// The subjects that the head of the programme approved.
    async fn approvals(&self) -> Vec<Approval> {
        Approval::all(&self.document)
    }

    /// The day of admission.
    async fn admitted_on(&self) -> Option<Date> {
        self.document.admission.as_ref().map(|admission| Date(admission.on))
    }

    /// What they set for themselves; for the student alone and a registrar.
    async fn settings(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<SettingsObject>> {
        let may = may_act_for_student(ctx.viewer()?, self.id);
        Ok(may.then(|| SettingsObject::from(&self.document.settings)))
    }

    /// What blocks them from registering, and what did, the oldest first; for them, their advisor, registrars and
    /// auditors.
    async fn holds(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<Hold>>> {
        Ok(self.is_told_to(ctx)?.then(|| Hold::all(&self.document)))
    }

    /// The seats that are held for them in the lines where they wait, what runs out first at the beginning.
    async fn seat_offers(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<OfferedSeat>> {
        OfferedSeat::now(ctx, self.id).await
    }

    /// The figures of their first page (manual 2.1).
    async fn dashboard(&self, ctx: &Context<'_>) -> async_graphql::Result<Dashboard<'_>> {
        Dashboard::of(ctx, self).await
    }

    /// The tests of their subjects, by the time they open.
    async fn tests(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<StudentTest>> {
        StudentTest::of(ctx, self).await
    }

    /// What is on, the earliest first: classes, exams, controls, holidays, events of their calendar (manual
    /// 2.4). A class on a holiday does not take place. At the most 366 days.
    async fn timetable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day, or one in the span.")] from: Date,
        #[graphql(desc = "The last day; the first where nothing is said.")] to: Option<Date>,
        #[graphql(desc = "In place of a last day: the day, week or month that `from` is in.")]
        span: Option<TimetableSpan>,
        #[graphql(desc = "Of these kinds; as `filter { kinds }`.")] kinds: Option<
            Vec<TimetableKind>,
        >,
        #[graphql(desc = "What of it.")] filter: Option<TimetableFilter>,
    ) -> async_graphql::Result<Vec<TimetableEntry>> {
        let database = &ctx.services()?.cabinet.database;
        let made_of = timetable::of_student(database, ctx.views()?, &self.document);
        let filter = filter.unwrap_or_default().with_kinds(kinds);
        shown(ctx, Asked { from, to, span, filter }, made_of).await
    }

    /// Their theses, oldest first; for them, their supervisor and staff (manual 2.14).
    async fn theses(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Thesis>> {
        Thesis::of_student(ctx, self.id).await
    }

    /// Who guides them.
    async fn advisor(&self) -> Option<Person> {
        self.document.advisor.map(Person)
    }

    /// What can be taken when, and why not (manual 2.3); none for who only teaches the student.
    async fn study_plan(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<StudyPlan<'_>>> {
        Ok(self.is_told_to(ctx)?.then_some(StudyPlan(self)))
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
        Enrollment::each(ctx, self.document.enrollments.values().flatten().copied()).await
    }

    /// Cards of their subjects, those that were given up aside: the current ones first, then the coming ones, then the
    /// past ones from the newest on (manual 2.8).
    async fn subject_cards(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of that time; all where nothing is said.")] when: Option<SubjectCardTime>,
    ) -> async_graphql::Result<Vec<SubjectCard>> {
        SubjectCard::of(ctx, self, when).await
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

impl Student {
    /// Whether the viewer may know why something is kept from the student: not who only teaches them.
    pub fn is_told_to(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(may_read_student(ctx.viewer()?, self.id, self.document.advisor, false))
    }
}

/// A student whose record may be read, or why not.
pub async fn readable_student(
    ctx: &Context<'_>,
    id: PersonId,
) -> async_graphql::Result<Result<Student, async_graphql::Error>> {
    let Some(document) = ctx.document::<Students>(id).await? else {
        return Ok(Err(not_found()));
    };
    let may = reads_record(ctx.views()?, ctx.viewer()?, id, &document).await;
    Ok(if stored(may)? { Ok(Student { id, document }) } else { Err(denied(Denied::Forbidden)) })
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
