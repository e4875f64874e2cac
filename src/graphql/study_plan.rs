//! The study plan: what can be taken when, and why not (manual 2.3).

use std::sync::Arc;

use aggregates::{academic_calendar::PeriodKind, enrollment};
use async_graphql::{Context, Enum, Object, SimpleObject};
use projections::term::academic_year;

use super::{
    calendar::{Term, all_terms},
    catalogue::Offered,
    errors::{Fault, UserError},
    grounds::Grounds,
    periods::window_of,
    registration::Asked,
    request::{Ask, stored},
    scalars::{Credits, DateTime},
    students::Student,
    subjects::Subject,
    years::Year,
};

/// How a student stands with a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "enrollment::SubjectStatus")]
pub enum SubjectStatus {
    /// Not taken, or given up.
    NotPassed,
    /// Taken without success.
    Failed,
    /// On the plan, without a grade yet.
    InProgress,
    /// Has a satisfactory grade.
    Passed,
}

/// A student's study plan.
pub struct StudyPlan<'a>(pub &'a Student);

/// A term of the study plan.
#[derive(SimpleObject)]
pub struct StudyPlanTerm {
    /// The term.
    term: Term,
    /// When one may register; none where no window is set.
    registration_window: Option<RegistrationWindow>,
    /// How the credits stand.
    credits: CreditCount,
    /// The subjects that are offered in it or taken in it, by code.
    subjects: Vec<StudyPlanSubject>,
}

/// When one may register.
#[derive(SimpleObject)]
pub struct RegistrationWindow {
    /// From when.
    opens_at: DateTime,
    /// Until when.
    closes_at: DateTime,
    /// Whether it is open now.
    open: bool,
}

/// How credits stand in a term, or in a year (manual 2.3.1).
#[derive(Clone, Copy, SimpleObject)]
#[graphql(name = "CreditCount")]
pub struct CreditCount {
    /// The most credits.
    pub plan: Credits,
    /// The credits gathered on the plan.
    pub fact: Credits,
    /// What is still missing.
    pub remainder: Credits,
}

impl CreditCount {
    /// Of a limit and what is gathered.
    pub fn of(plan: aggregates::shared::Credits, fact: aggregates::shared::Credits) -> Self {
        let remainder = fact.missing_to(plan).into();
        Self { plan: plan.into(), fact: fact.into(), remainder }
    }
}

/// A subject of a term.
#[derive(SimpleObject)]
pub struct StudyPlanSubject {
    /// The subject.
    subject: Subject,
    /// How the student stands with it, over all terms.
    status: SubjectStatus,
    /// Whether it can be registered for now.
    registration: RegistrationVerdict,
}

/// Whether something can be done now, and why not.
#[derive(SimpleObject)]
pub struct RegistrationVerdict {
    /// Whether it can.
    allowed: bool,
    /// Everything that speaks against it, all at once.
    reasons: Vec<UserError>,
}

#[Object]
impl StudyPlan<'_> {
    /// The terms of this academic year and of those to come, and earlier ones with registrations,
    /// the oldest first.
    async fn terms(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<StudyPlanTerm>> {
        let StudyPlan(student) = self;
        let cabinet = &ctx.services()?.cabinet;
        let this_year = academic_year(cabinet.today());
        let terms = stored(all_terms(ctx.views()?, None).await)?;
        let catalogue = Offered::all(ctx).await?;
        let grounds = told(Grounds::of_student(ctx, student.id).await)?;
        let mut plan = Vec::new();
        for term in terms {
            let taken = student.document.enrollments.contains_key(&term.id);
            if !taken && term.document.year < this_year {
                continue;
            }
            plan.extend(term_of(ctx, &grounds, student, term, &catalogue).await?);
        }
        Ok(plan)
    }
}

async fn term_of(
    ctx: &Context<'_>,
    grounds: &Grounds,
    student: &Student,
    term: Term,
    catalogue: &[Offered],
) -> async_graphql::Result<Option<StudyPlanTerm>> {
    // A term without a regulation can't be planned yet.
    let Ok(year) = Year::of(ctx, student.id, term.document.year).await else { return Ok(None) };
    let limit = year.term_limit(term.id).unwrap_or_default();
    let fact = year.iep.as_ref().map(|iep| iep.credits(term.id)).unwrap_or_default();
    let year = Arc::new(year);
    let mut subjects = Vec::new();
    for subject in catalogue {
        let (id, document) = (subject.id, &subject.document);
        let offered = document.offered.is_empty() || document.offered.contains(&term.id);
        let taken = aggregates::shared::EnrollmentId::of(student.id, id, term.id);
        let known = student.document.enrollments.get(&term.id);
        if !offered && !known.is_some_and(|known| known.contains(&taken)) {
            continue;
        }
        let asked = Asked::with(ctx, grounds, Arc::clone(&year), &term, subject).await;
        let Some(asked) = told(asked)? else { continue };
        let reasons: Vec<_> = asked.reasons().iter().map(UserError::of).collect();
        subjects.extend(Subject::now(id, Arc::clone(document)).map(|subject| {
            let allowed = reasons.is_empty();
            StudyPlanSubject {
                subject,
                status: grounds.standing(id).into(),
                registration: RegistrationVerdict { allowed, reasons },
            }
        }));
    }
    let now = ctx.services()?.cabinet.now();
    let window = window_of(ctx, &term.document, &student.document, PeriodKind::Registration)?;
    let registration_window = window.map(|window| RegistrationWindow {
        opens_at: DateTime(window.opens_at),
        closes_at: DateTime(window.closes_at),
        open: window.contains(now),
    });
    let credits = CreditCount::of(limit, fact);
    Ok(Some(StudyPlanTerm { term, registration_window, credits, subjects }))
}

/// In a query there is no payload to put a user error into.
pub fn told<T>(result: Result<T, Fault>) -> async_graphql::Result<T> {
    result.map_err(|fault| match fault {
        Fault::Top(error) => error,
        Fault::User(errors) => {
            errors.into_iter().next().map_or_else(super::errors::internal, super::errors::untold)
        }
    })
}
