//! How a student stands with each test: passed, not passed, in progress, unavailable and why
//! (manual 2.13).

use std::{collections::HashMap, sync::Arc};

use aggregates::{
    shared::{
        Decision, EnrollmentId, Fact, MarkKind, Outcome, PersonId, Position, Refuse, SeriesId,
    },
    student::StudentStatus,
    test_attempt::Start,
};
use async_graphql::{Context, Enum, Object};
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    stream::offering,
    student::Students,
    test_attempt::{SeriesDocument, TestSeries},
};

use super::{
    errors::{Fault, UserError},
    request::Ask,
    students::Student,
    study_plan::told,
    test_attempts::{TestAttempt, TestResultObject},
    test_cards::Test,
    years::of_term,
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
        let read_at = ctx.services()?.cabinet.freshness.reached();
        let ids: Vec<_> = student.document.enrollments.values().flatten().copied().collect();
        let enrollments = ctx.each::<Enrollments, _>(ids).await?.into_iter();
        let enrollments: HashMap<_, _> = enrollments.filter(|(_, known)| !known.dropped).collect();
        let taken = enrollments.values().filter_map(|known| known.performance.taken.as_ref());
        let offerings: Vec<_> = taken.map(|taken| offering(taken.subject, taken.term)).collect();
        let found = Test::of_offerings(ctx, &offerings).await?;
        let series: Vec<_> =
            found.iter().map(|test| SeriesId::of(student.id, test.test())).collect();
        let series: HashMap<_, _> = ctx.each::<TestSeries, _>(series).await?.into_iter().collect();
        let mut regulations = HashMap::new();
        let mut tests = Vec::new();
        for test in found {
            let card = test.card()?;
            let regulation = match regulations.get(&card.term) {
                Some(known) => Clone::clone(known),
                None => {
                    let version = told(of_term(ctx, card.term).await)?.version;
                    regulations.insert(card.term, version.clone());
                    version
                }
            };
            let enrollment = EnrollmentId::of(student.id, card.subject, card.term);
            let series = series.get(&SeriesId::of(student.id, test.test())).cloned();
            let series = series.unwrap_or_default();
            let enrollment = enrollments.get(&enrollment).cloned();
            let status = student.document.status;
            let known = Known { status, enrollment, regulation, read_at };
            let start = start(ctx, student.id, &test, known)?;
            let forbidden = series.standing().forbids(start.card.attempts, start.at);
            let reasons = forbidden.into_iter().chain(start.reasons());
            let reasons = reasons.map(|reason| UserError::of(&reason.refusal())).collect();
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

/// What a start is decided on, and the number of the attempt that it would be.
pub async fn starting(
    ctx: &Context<'_>,
    student: PersonId,
    test: &Test,
) -> Result<(Start, u32), Fault> {
    let read_at = ctx.services()?.cabinet.freshness.reached();
    let card = test.card()?;
    let series = ctx.document::<TestSeries>(SeriesId::of(student, test.test())).await?;
    let used = series.map_or(0, |series| series.standing().used);
    let enrollment = EnrollmentId::of(student, card.subject, card.term);
    let enrollment = ctx.document::<Enrollments>(enrollment).await?;
    let regulation = of_term(ctx, card.term).await?.version;
    let status = ctx.document::<Students>(student).await?.and_then(|known| known.status);
    let start = start(ctx, student, test, Known { status, enrollment, regulation, read_at })?;
    Ok((start, used.saturating_add(1)))
}

/// What is known of a student and their registration for the subject of a test.
struct Known {
    /// The student's status.
    status: Option<StudentStatus>,
    enrollment: Option<Arc<EnrollmentDocument>>,
    /// The version of the regulation of the term.
    regulation: String,
    /// The log's position that this was read at, or an earlier one.
    read_at: Position,
}

fn start(
    ctx: &Context<'_>,
    student: PersonId,
    test: &Test,
    known: Known,
) -> async_graphql::Result<Start> {
    let cabinet = &ctx.services()?.cabinet;
    let card = test.card()?.clone();
    let Known { status, enrollment, regulation, read_at } = known;
    let performance = enrollment.as_ref().map(|known| &known.performance);
    let ratings = performance.and_then(|performance| performance.ratings.as_ref());
    let rating = ratings.and_then(|ratings| ratings.admission);
    let admitted = ratings.and_then(|ratings| ratings.admitted);
    let grade = performance.and_then(|performance| performance.grade.as_ref());
    let retake = |outcome| card.kind == MarkKind::Retake && outcome == Outcome::Retake;
    let retake_due = grade.is_some_and(|grade| retake(grade.outcome));
    let grade = grade.filter(|_| !retake_due).map(|grade| grade.letter.clone());
    let shown = |rating: Option<_>| rating.map_or("none".to_owned(), |rating| format!("{rating}"));
    let facts = vec![
        Fact::new("status", status.map_or("none", StudentStatus::name)),
        Fact::new(
            "admitted",
            admitted.map_or("unknown".to_owned(), |admitted| admitted.to_string()),
        ),
        Fact::new("rating", shown(rating)),
        Fact::new("needed", shown(card.needed)),
        Fact::new("opens_at", card.window.opens_at),
        Fact::new("closes_at", card.window.closes_at),
        Fact::new("read_at", read_at),
    ];
    let (rule, verdict) = ("test_admission".into(), "allowed".into());
    Ok(Start {
        student,
        test: test.test(),
        enrollment: EnrollmentId::of(student, card.subject, card.term),
        card,
        status,
        dropped: enrollment.as_ref().is_none_or(|known| known.dropped),
        admitted,
        rating,
        grade,
        retake_due,
        at: cabinet.now(),
        decision: Decision { rule, regulation, facts, verdict },
    })
}
