//! Marks, attendance and grades: what teachers and registrars enter (manual 2.12).

use std::sync::Arc;

use aggregates::{
    enrollment::{AttendanceKind, EnrollmentCommand, InForce, NewMark},
    shared::{EnrollmentId, Hundredths, MarkId, PersonId, Role, StreamId},
};
use async_graphql::{Context, Enum, ID, Object};
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    stream::Streams,
};

use super::{
    enrollments::Enrollment,
    errors::{Fault, internal},
    journals::MarkKindEnum,
    mutation::{Done, Plan, run},
    request::{Ask, input_id, long, optional_short, short},
    scalars::{Date, Percent},
    years::of_term,
};
use crate::{identity::policy::may_mark, people::text_about};

/// There or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "AttendanceKind", remote = "AttendanceKind")]
pub enum AttendanceKindEnum {
    /// There.
    Present,
    /// Not there.
    Absent,
    /// Not there, for a good reason.
    Excused,
}

input! {
    /// A mark.
    RecordMarkInput {
        /// The registration.
        enrollment_id: ID,
        /// What it is for. An exam or a retake is graded in the same act.
        kind: MarkKindEnum,
        /// The rating period, 1 or 2, or none (the exam, the retake).
        period: Option<i32>,
        /// What it is called.
        title: Option<String>,
        /// The percent, from 0 to 100.
        percent: Percent,
        /// Its weight among marks of its kind, over 0 and at most 100; 100 where none is stated.
        weight: Option<Percent>,
        /// The day it is for; today where none is stated.
        day: Option<Date>,
    }
}

input! {
    /// Whether a student was in class.
    RecordAttendanceInput {
        /// The registration.
        enrollment_id: ID,
        /// Of which stream.
        stream_id: ID,
        /// Which day; today where none is stated.
        day: Option<Date>,
        /// There or not.
        attendance: AttendanceKindEnum,
    }
}

input! {
    /// Closing a registration without an exam.
    RecordNonAdmissionInput {
        /// The registration.
        enrollment_id: ID,
    }
}

input! {
    /// Another final grade.
    CorrectGradeInput {
        /// The registration.
        enrollment_id: ID,
        /// The final percent.
        percent: Percent,
        /// Why.
        reason: String,
    }
}

input! {
    /// A mark outside the GPA.
    RecordOutsideMarkInput {
        /// The registration.
        enrollment_id: ID,
        /// Its letter (I, P, NP, W).
        letter: String,
    }
}

payload! {
    /// What came of it.
    MarkPayload {
        /// The registration.
        enrollment: Enrollment,
    }
}

/// What teachers and registrars enter.
#[derive(Default)]
pub struct MarkMutations;

#[Object]
impl MarkMutations {
    /// Enters a mark. Marks are never overwritten.
    async fn record_mark(
        &self,
        ctx: &Context<'_>,
        input: RecordMarkInput,
    ) -> async_graphql::Result<Option<MarkPayload>> {
        let done = run(ctx, &input, async {
            let marked = Marked::of(ctx, &input.enrollment_id).await?;
            let today = ctx.services()?.cabinet.today();
            let mark = NewMark {
                id: MarkId::new(),
                kind: input.kind.into(),
                period: input.period,
                title: optional_short(input.title.as_ref(), "title")?,
                percent: input.percent.0,
                weight: input.weight.map(|weight| weight.0),
                day: input.day.map_or(today, |day| day.0),
            };
            let rules = marked.rules(ctx).await?;
            Ok(marked.plan(EnrollmentCommand::RecordMark { mark, today, rules }))
        });
        shown(ctx, done.await?).await
    }

    /// Enters whether a student was in class; entering it again for the day replaces it.
    async fn record_attendance(
        &self,
        ctx: &Context<'_>,
        input: RecordAttendanceInput,
    ) -> async_graphql::Result<Option<MarkPayload>> {
        let done = run(ctx, &input, async {
            let marked = Marked::of(ctx, &input.enrollment_id).await?;
            let stream: StreamId = input_id(&input.stream_id, "streamId")?;
            let today = ctx.services()?.cabinet.today();
            let day = input.day.map_or(today, |day| day.0);
            let attendance = input.attendance.into();
            let record = EnrollmentCommand::RecordAttendance { stream, day, attendance, today };
            Ok(marked.plan(record))
        });
        shown(ctx, done.await?).await
    }

    /// Closes a registration whose admission rating is too low for the exam: F with 0 percent.
    async fn record_non_admission(
        &self,
        ctx: &Context<'_>,
        input: RecordNonAdmissionInput,
    ) -> async_graphql::Result<Option<MarkPayload>> {
        let done = run(ctx, &input, async {
            let marked = Marked::of(ctx, &input.enrollment_id).await?;
            let rules = marked.rules(ctx).await?;
            Ok(marked.plan(EnrollmentCommand::GradeNotAdmitted { rules }))
        });
        shown(ctx, done.await?).await
    }

    /// Sets another final grade, with a reason; the grade before stays on record.
    async fn correct_grade(
        &self,
        ctx: &Context<'_>,
        input: CorrectGradeInput,
    ) -> async_graphql::Result<Option<MarkPayload>> {
        let done = run(ctx, &input, async {
            let marked = Marked::of(ctx, &input.enrollment_id).await?;
            let reason = long(&input.reason, "reason")?;
            let (reason, text) = text_about(marked.student, reason.as_str());
            let percent: Hundredths = input.percent.0;
            let by = ctx.viewer()?.person;
            let rules = marked.rules(ctx).await?;
            let correct = EnrollmentCommand::CorrectGrade { percent, reason, by, rules };
            Ok(marked.plan(correct).writing([text]))
        });
        shown(ctx, done.await?).await
    }

    /// Gives a mark outside the GPA.
    async fn record_outside_mark(
        &self,
        ctx: &Context<'_>,
        input: RecordOutsideMarkInput,
    ) -> async_graphql::Result<Option<MarkPayload>> {
        let done = run(ctx, &input, async {
            let marked = Marked::of(ctx, &input.enrollment_id).await?;
            let letter = short(&input.letter, "letter")?.into();
            let rules = marked.rules(ctx).await?;
            Ok(marked.plan(EnrollmentCommand::GradeOutside { letter, word: None, rules }))
        });
        shown(ctx, done.await?).await
    }
}

/// A registration that the viewer may mark.
struct Marked {
    enrollment: EnrollmentId,
    student: PersonId,
    document: Arc<EnrollmentDocument>,
}

impl Marked {
    async fn of(ctx: &Context<'_>, id: &ID) -> Result<Self, Fault> {
        let enrollment: EnrollmentId = input_id(id, "enrollmentId")?;
        let document = ctx.document::<Enrollments>(enrollment).await?;
        let unknown = || Fault::user("ENROLLMENT_UNKNOWN", "enrollmentId");
        let document = document.ok_or_else(unknown)?;
        let student = document.performance.taken.as_ref().ok_or_else(internal)?.student;
        let viewer = ctx.viewer()?;
        let mut teachers = Vec::new();
        if !viewer.is(Role::Registrar) {
            for stream in &document.streams {
                let stream = ctx.document::<Streams>(stream).await?;
                let card = stream.as_ref().and_then(|stream| stream.card.as_ref());
                teachers.extend(card.iter().flat_map(|card| card.teachers.iter().copied()));
            }
        }
        if !may_mark(viewer, &teachers) {
            return Err(Fault::user("NOT_YOURS", "enrollmentId"));
        }
        Ok(Self { enrollment, student, document })
    }

    async fn rules(&self, ctx: &Context<'_>) -> Result<InForce, Fault> {
        let taken = self.document.performance.taken.as_ref().ok_or_else(internal)?;
        of_term(ctx, taken.term).await
    }

    fn plan(&self, command: EnrollmentCommand) -> Plan {
        Plan::of(vec![command.of(self.enrollment)], self.enrollment)
    }
}

async fn shown(ctx: &Context<'_>, mut done: Done) -> async_graphql::Result<Option<MarkPayload>> {
    let enrollment = done.show(0, |id| Enrollment::load(ctx, id)).await?;
    Ok(Some(MarkPayload::of(done, enrollment)))
}
