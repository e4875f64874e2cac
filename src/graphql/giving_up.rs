//! Giving a registration up: what it does to the registration, to the plan and to the streams, whoever asks for it
//! (manual 2.3.2).

use std::sync::Arc;

use aggregates::{
    Act,
    enrollment::{EnrollmentCommand, EnrollmentError},
    iep::{IepCommand, Openness},
    shared::{EnrollmentId, IepId, PersonId, Refusal, Refuse},
    stream::StreamCommand,
};
use async_graphql::Context;
use jiff::Timestamp;
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    iep::{IepDocument, IepTrails},
    student::{StudentDocument, Students},
    term::{TermDocument, Terms},
};

use super::{
    errors::{Fault, internal},
    registration::may_not_change,
    request::Ask,
};

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
        Ok(Self { enrollment, known, student, about, term, iep, plan })
    }

    /// Whether it is on the student's plan; one that was taken over from another system is not.
    pub fn is_planned(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| plan.holds(self.enrollment))
    }

    /// Everything that speaks against it, by what is known of the registration and of the plan.
    pub fn reasons(&self, openness: &Openness) -> Vec<Refusal> {
        let performance = &self.known.performance;
        let reason = if self.known.dropped {
            Some(EnrollmentError::Dropped)
        } else if let Some(grade) = &performance.grade {
            Some(EnrollmentError::Graded { grade: grade.letter.clone() })
        } else {
            let first = performance.marks.first();
            first.map(|line| EnrollmentError::HasMarks { first: line.mark.kind.name() })
        };
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
        let forget = |stream| StreamCommand::ForgetWish { stream, enrollment, at }.of(stream);
        let forget: Vec<_> = lines.iter().copied().map(forget).collect();
        let mut acts = vec![EnrollmentCommand::Drop { streams, lines }.of(enrollment)];
        if self.is_planned() {
            acts.push(IepCommand::RemoveSubject { enrollment, openness }.of(iep));
        } else {
            // An imported registration is on no plan, but its streams may be in the timetable.
            let placed = self.plan.iter().flat_map(|plan| plan.streams.values());
            let placed = placed.filter(|placed| placed.enrollment == enrollment);
            acts.extend(
                placed.map(|placed| IepCommand::LeaveStream { stream: placed.stream }.of(iep)),
            );
        }
        acts.extend(release.into_iter().chain(forget));
        acts
    }
}
