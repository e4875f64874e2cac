//! How a student stands with each test: passed, not passed, in progress, unavailable and why
//! (manual 2.13).

use std::sync::Arc;

use aggregates::{
    shared::{Decision, EnrollmentId, Fact, MarkKind, Outcome, PersonId, Refuse, SeriesId},
    test_attempt::{Start, TestAttemptError},
};
use async_graphql::{Context, Enum, Object};
use projections::{
    enrollment::Enrollments,
    stream::offering,
    test_attempt::{SeriesDocument, TestSeries},
};

use super::{
    errors::{Fault, UserError},
    registration::of_term,
    request::Ask,
    students::Student,
    study_plan::told,
    test_attempts::{TestAttempt, TestResultObject},
    test_cards::Test,
};

/// How a student stands with a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum TestStatus {
    /// Passed.
    Passed,
    /// Not passed (yet).
    NotPassed,
    /// An attempt runs.
    InProgress,
    /// It can't be started now, and was not tried.
    Unavailable,
}

/// A test as it stands for a student.
pub struct StudentTest {
    /// The test.
    pub test: Test,
    series: Arc<SeriesDocument>,
    /// Why it can't be started now.
    reasons: Vec<UserError>,
}

impl StudentTest {
    /// All tests of a student's subjects, by the time they open.
    pub async fn of(ctx: &Context<'_>, student: &Student) -> async_graphql::Result<Vec<Self>> {
        let ids: Vec<_> = student.document.enrollments.values().flatten().copied().collect();
        let enrollments = ctx.each::<Enrollments, _>(ids).await?;
        let taken = enrollments.iter().filter(|(_, known)| !known.dropped);
        let taken = taken.filter_map(|(_, known)| known.performance.taken.as_ref());
        let offerings: Vec<_> = taken.map(|taken| offering(taken.subject, taken.term)).collect();
        let mut tests = Vec::new();
        for test in Test::of_offerings(ctx, &offerings).await? {
            let series = SeriesId::of(student.id, test.test());
            let series = ctx.document::<TestSeries>(series).await?.unwrap_or_default();
            let reasons = reasons(ctx, student.id, &test, &series).await?;
            tests.push(Self { test, series, reasons });
        }
        Ok(tests)
    }

    /// Whether it can be started or gone on with now.
    pub fn is_open(&self) -> bool {
        self.reasons.is_empty() || self.series.running_until.is_some()
    }
}

#[Object]
impl StudentTest {
    /// The test.
    async fn test(&self) -> &Test {
        &self.test
    }

    /// How the student stands with it.
    async fn status(&self) -> TestStatus {
        if self.series.passed {
            TestStatus::Passed
        } else if self.series.running_until.is_some() {
            TestStatus::InProgress
        } else if self.series.attempts.is_empty() && !self.reasons.is_empty() {
            TestStatus::Unavailable
        } else {
            TestStatus::NotPassed
        }
    }

    /// Why it can't be started now, all at once; empty where it can.
    async fn unavailable_because(&self) -> &[UserError] {
        &self.reasons
    }

    /// The attempts, oldest first.
    async fn attempts(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<TestAttempt>> {
        TestAttempt::each(ctx, &self.series.attempts).await
    }

    /// The result that stands, once no further attempt follows.
    async fn result(&self) -> Option<TestResultObject> {
        self.series.concluded.as_ref().map(TestResultObject::from)
    }

    /// Why the journal did not take the result, where it did not.
    async fn mark_refused(&self) -> Option<&str> {
        self.series.mark_refused.as_deref()
    }
}

async fn reasons(
    ctx: &Context<'_>,
    student: PersonId,
    test: &Test,
    series: &SeriesDocument,
) -> async_graphql::Result<Vec<UserError>> {
    let (start, _) = told(starting(ctx, student, test).await)?;
    let used = u32::try_from(series.attempts.len()).unwrap_or(u32::MAX);
    let allowed = start.card.attempts;
    let now = ctx.services()?.cabinet.now();
    let standing = if series.running_until.is_some_and(|until| now <= until) {
        Some(TestAttemptError::AttemptRuns { number: used })
    } else if series.passed {
        Some(TestAttemptError::PassedAlready)
    } else if used >= allowed {
        Some(TestAttemptError::AttemptsUsedUp { used, allowed })
    } else {
        series.concluded.map(|_| TestAttemptError::Concluded)
    };
    let all = standing.into_iter().chain(start.reasons());
    Ok(all.map(|reason| UserError::of(&reason.refusal())).collect())
}

/// What a start is decided on, and the number of the attempt that it would be.
pub async fn starting(
    ctx: &Context<'_>,
    student: PersonId,
    test: &Test,
) -> Result<(Start, u32), Fault> {
    let read_at = ctx.services()?.cabinet.freshness.reached();
    let card = test.card()?.clone();
    let series = ctx.document::<TestSeries>(SeriesId::of(student, test.test())).await?;
    let used = series.map_or(0, |series| series.attempts.len());
    let enrollment = EnrollmentId::of(student, card.subject, card.term);
    let known = ctx.document::<Enrollments>(enrollment).await?;
    let performance = known.as_ref().map(|known| &known.performance);
    let ratings = performance.and_then(|performance| performance.ratings.as_ref());
    let rating = ratings.and_then(|ratings| ratings.admission);
    let grade = performance.and_then(|performance| performance.grade.as_ref());
    let retake = |outcome| card.kind == MarkKind::Retake && outcome == Outcome::Retake;
    let grade = grade.filter(|grade| !retake(grade.outcome)).map(|grade| grade.letter.clone());
    let shown = |rating: Option<_>| rating.map_or("none".to_owned(), |rating| format!("{rating}"));
    let facts = vec![
        Fact::new("rating", shown(rating)),
        Fact::new("needed", shown(card.needed)),
        Fact::new("opens_at", card.window.opens_at),
        Fact::new("closes_at", card.window.closes_at),
        Fact::new("read_at", read_at),
    ];
    let decision = Decision {
        rule: "test_admission".into(),
        regulation: of_term(ctx, card.term).await?.version,
        facts,
        verdict: "allowed".into(),
    };
    let start = Start {
        student,
        test: test.test(),
        card,
        enrollment,
        dropped: known.is_none_or(|known| known.dropped),
        rating,
        grade,
        at: ctx.services()?.cabinet.now(),
        decision,
    };
    Ok((start, u32::try_from(used).unwrap_or(u32::MAX).saturating_add(1)))
}
