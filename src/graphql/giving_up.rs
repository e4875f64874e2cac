//! Giving a registration up: what it does to the registration, to the plan and to the streams, whoever asks for it
//! (manual 2.3.2).

use std::{collections::BTreeSet, sync::Arc};

use aggregates::{
    Act,
    enrollment::{EnrollmentCommand, EnrollmentError},
    iep::{IepCommand, Openness},
    shared::{EnrollmentId, Grade, IepId, PersonId, Refusal, Refuse, StreamId},
    stream::{LineEnd, StreamCommand},
};
use async_graphql::Context;
use jiff::Timestamp;
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    iep::{IepDocument, IepTrails},
    student::{StudentDocument, Students},
    term::{TermDocument, Terms},
    wish::Wishes,
};

use super::{
    conditions::Conditions,
    errors::{Fault, internal},
    registration::may_not_change,
    request::{Ask, stored},
};

/// How many lines are left at once.
const MOST_LINES: usize = 1_000;

/// A registration that is to be given up, with all that it is on.
pub struct GivingUp {
    /// The registration.
    pub enrollment: EnrollmentId,
    /// The same as it stands.
    pub known: Arc<EnrollmentDocument>,
    /// Whose it is.
    pub student: PersonId,
    /// Who that is.
    pub about: Arc<StudentDocument>,
    /// Its term.
    pub term: Arc<TermDocument>,
    /// The plan of its year, whether it is on it or not.
    pub iep: IepId,
    plan: Option<Arc<IepDocument>>,
    /// The lines in which it waits, also where it joined them before registrations knew of that.
    waits: Vec<StreamId>,
}

impl GivingUp {
    /// With everything that decides about it.
    pub async fn of(ctx: &Context<'_>, enrollment: EnrollmentId) -> Result<Self, Fault> {
        let known = ctx.document::<Enrollments>(enrollment).await?;
        let known = known.ok_or_else(|| Fault::user("ENROLLMENT_UNKNOWN", "enrollmentId"))?;
        let taken = known.performance.taken.as_ref().ok_or_else(internal)?;
        let (student, term) = (taken.student, taken.term);
        let term = ctx.document::<Terms>(term).await?;
        let term = term.ok_or_else(|| Fault::user("TERM_UNKNOWN", "enrollmentId"))?;
        let about = ctx.document::<Students>(student).await?.unwrap_or_default();
        let iep = IepId::of(student, term.year);
        let plan = ctx.document::<IepTrails>(iep).await?;
        let waits =
            waits(ctx, &[enrollment]).await?.into_iter().map(|(stream, _)| stream).collect();
        Ok(Self { enrollment, known, student, about, term, iep, plan, waits })
    }

    /// Whether it is on the student's plan; one that was taken over from another system is not.
    pub fn is_planned(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.holds(self.enrollment))
    }

    /// Everything that speaks against it, by what is known of the registration and of the plan.
    pub fn reasons(&self, openness: &Openness) -> Vec<Refusal> {
        let performance = &self.known.performance;
        let reason = closed(&self.known).or_else(|| {
            let first = performance.marks.first();
            first.map(|line| EnrollmentError::HasMarks { first: line.mark.kind.name() })
        });
        let term = performance.taken.as_ref().map(|taken| taken.term);
        let planned = term.filter(|_| self.is_planned());
        let closed = planned.and_then(|term| may_not_change(self.plan.as_deref(), openness, term));
        let reasons = reason.iter().map(Refuse::refusal);
        reasons.chain(closed.iter().map(Refuse::refusal)).collect()
    }

    /// What is asked of the registration, of the plan and of the streams.
    pub fn acts(&self, openness: Openness, at: Timestamp) -> Vec<Act> {
        let Self { enrollment, student, iep, .. } = *self;
        let streams = self.known.streams.clone();
        let release = |stream| StreamCommand::ReleaseSeat { stream, student, at }.of(stream);
        let release: Vec<_> = streams.iter().copied().map(release).collect();
        let lines = self.known.lines.clone();
        let why = LineEnd::Dropped;
        let forget = |stream| StreamCommand::ForgetWish { stream, enrollment, why, at }.of(stream);
        let left: BTreeSet<_> = lines.iter().chain(&self.waits).copied().collect();
        let forget: Vec<_> = left.into_iter().map(forget).collect();
        let mut acts = vec![EnrollmentCommand::Drop { streams, lines }.of(enrollment)];
        if self.is_planned() {
            acts.push(IepCommand::RemoveSubject { enrollment, openness }.of(iep));
        } else {
            // An imported registration is on no plan, but its streams may be in the timetable.
            let left = self.known.streams.iter();
            acts.extend(left.map(|stream| IepCommand::LeaveStream { stream: *stream }.of(iep)));
        }
        acts.extend(release.into_iter().chain(forget));
        acts
    }
}

/// The lines in which these registrations wait, each with which of them.
pub async fn waits(
    ctx: &Context<'_>,
    enrollments: &[EnrollmentId],
) -> Result<Vec<(StreamId, EnrollmentId)>, Fault> {
    let mut conditions = Conditions::default();
    conditions.among("enrollment", enrollments.iter().map(EnrollmentId::to_string));
    let (condition, values) = conditions.written();
    let wishes = ctx.views()?.list::<Wishes>(&condition, &values, "view_id", MOST_LINES).await;
    let wishes = stored(wishes)?.documents.into_iter().filter(|(_, wish)| wish.ended.is_none());
    Ok(wishes.filter_map(|(_, wish)| Some((wish.stream?, wish.enrollment?))).collect())
}

/// Why a registration is changed no more, if it is not.
pub fn closed(known: &EnrollmentDocument) -> Option<EnrollmentError> {
    let graded = |grade: &Grade| EnrollmentError::Graded { grade: grade.letter.clone() };
    let dropped = known.dropped.then_some(EnrollmentError::Dropped);
    dropped.or_else(|| known.performance.grade.as_ref().map(graded))
}
