//! Attempts at tests: started, answered, handed in; and how a student stands with each test
//! (manual 2.13).

use std::sync::Arc;

use aggregates::{
    shared::{AttemptId, QuestionId},
    test::Question,
    test_attempt::{Answer, Attempt, Ending, Series, TestResult},
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use projections::test_attempt::{Answered, AttemptDocument, Attempts};

use super::{
    errors::internal,
    request::{Ask, found, query_id},
    scalars::{DateTime, Percent, Points},
    students::readable_student,
    test_cards::{QuestionKind, QuestionOption, Test},
};

/// How an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum TestAttemptStatus {
    /// It runs.
    InProgress,
    /// It was handed in.
    Submitted,
    /// Its time is over.
    OutOfTime,
    /// The page of a proctored attempt was closed.
    Abandoned,
}

/// What an attempt came to.
#[derive(Clone, Copy, SimpleObject)]
#[graphql(name = "TestResult")]
pub struct TestResultObject {
    /// The share of the points, in percent.
    percent: Percent,
    /// The points of right answers.
    points: Points,
    /// Whether it passes.
    passed: bool,
}

impl From<&TestResult> for TestResultObject {
    fn from(result: &TestResult) -> Self {
        let (percent, points) = (result.percent.into(), result.points.into());
        Self { percent, points, passed: result.passed }
    }
}

/// A question as it is asked: what is right stays with us.
#[derive(SimpleObject)]
pub struct TestQuestion {
    /// Its id.
    id: ID,
    /// The kind of answer.
    kind: QuestionKind,
    /// What is asked.
    prompt: String,
    /// What a right answer is worth.
    points: Points,
    /// What may be chosen; nothing where a number is asked.
    options: Vec<QuestionOption>,
}

impl From<&Question> for TestQuestion {
    fn from(question: &Question) -> Self {
        Self {
            id: question.id.to_string().into(),
            kind: QuestionKind::from(&question.key),
            prompt: question.prompt.to_string(),
            points: question.points.into(),
            options: question.options().iter().map(QuestionOption::from).collect(),
        }
    }
}

/// What was answered last to a question.
#[derive(SimpleObject)]
pub struct TestAnswer {
    /// Which question.
    question_id: ID,
    /// The client's own counter for the question.
    sequence: u32,
    /// The chosen options; none where a number is asked.
    option_ids: Option<Vec<ID>>,
    /// The number; none where options are asked.
    number: Option<f64>,
}

impl TestAnswer {
    fn of(question: QuestionId, answered: &Answered) -> Self {
        let (option_ids, number) = match &answered.saved.answer {
            Answer::Options(chosen) => {
                (Some(chosen.iter().map(|option| option.to_string().into()).collect()), None)
            }
            Answer::Number(number) => (None, Some(number.to_f64())),
        };
        let sequence = answered.saved.sequence;
        Self { question_id: question.to_string().into(), sequence, option_ids, number }
    }
}

/// An attempt at a test.
pub struct TestAttempt {
    /// Its id.
    pub id: AttemptId,
    /// How it stands.
    pub document: Arc<AttemptDocument>,
}

impl TestAttempt {
    /// The attempt with that id, whoever asks.
    pub async fn load(ctx: &Context<'_>, id: AttemptId) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Attempts>(id).await?;
        Ok(document.map(|document| Self { id, document }))
    }

    /// The attempts with these ids, in their order, whoever asks.
    pub async fn each(ctx: &Context<'_>, ids: &[AttemptId]) -> async_graphql::Result<Vec<Self>> {
        let found = ctx.each::<Attempts, _>(ids.iter().copied()).await?;
        Ok(found.into_iter().map(|(id, document)| Self { id, document }).collect())
    }

    /// The attempt with that id, if its student's record may be read.
    pub async fn readable(ctx: &Context<'_>, id: AttemptId) -> async_graphql::Result<Option<Self>> {
        let Some(attempt) = Self::load(ctx, id).await? else { return Ok(None) };
        readable_student(ctx, attempt.series()?.student).await??;
        Ok(Some(attempt))
    }

    /// Whose it is, at which test.
    pub fn series(&self) -> async_graphql::Result<Series> {
        self.document.series.ok_or_else(internal)
    }

    /// What was answered last to a question.
    pub fn answer(&self, question: QuestionId) -> Option<&Answered> {
        self.document.answers.get(&question)
    }

    fn attempt(&self) -> async_graphql::Result<&Attempt> {
        self.document.attempt.as_ref().ok_or_else(internal)
    }
}

#[Object]
impl TestAttempt {
    /// The attempt's id.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// How it stands.
    async fn status(&self, ctx: &Context<'_>) -> async_graphql::Result<TestAttemptStatus> {
        let now = ctx.services()?.cabinet.now();
        Ok(match self.document.ending {
            Some(Ending::Submitted) => TestAttemptStatus::Submitted,
            Some(Ending::Abandoned) => TestAttemptStatus::Abandoned,
            Some(Ending::OutOfTime) => TestAttemptStatus::OutOfTime,
            None if now > self.attempt()?.ends_at => TestAttemptStatus::OutOfTime,
            None => TestAttemptStatus::InProgress,
        })
    }

    /// The test.
    async fn test(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Test>> {
        Test::load(ctx, self.series()?.test).await
    }

    /// The test's title, as it was when the attempt started.
    async fn title(&self) -> async_graphql::Result<&str> {
        Ok(self.attempt()?.title.as_str())
    }

    /// Its number, from 1: attempt `number` of `allowed`.
    async fn number(&self) -> async_graphql::Result<u32> {
        Ok(self.attempt()?.number)
    }

    /// How many attempts the test allowed when it started.
    async fn allowed(&self) -> async_graphql::Result<u32> {
        Ok(self.attempt()?.allowed)
    }

    /// When it started.
    async fn starts_at(&self) -> async_graphql::Result<DateTime> {
        Ok(DateTime(self.attempt()?.starts_at))
    }

    /// When it ends at the latest.
    async fn ends_at(&self) -> async_graphql::Result<DateTime> {
        Ok(DateTime(self.attempt()?.ends_at))
    }

    /// The whole seconds that are left; 0 once it has ended.
    async fn remaining_seconds(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        if self.document.ending.is_some() {
            return Ok(0);
        }
        let left = self.attempt()?.ends_at.duration_since(ctx.services()?.cabinet.now());
        Ok(i32::try_from(left.as_secs().max(0)).unwrap_or(i32::MAX))
    }

    /// Whether somebody watches.
    async fn proctored(&self) -> async_graphql::Result<bool> {
        Ok(self.attempt()?.proctored)
    }

    /// The questions, in the order they are asked: the same for as long as there is the attempt.
    async fn questions(&self) -> async_graphql::Result<Vec<TestQuestion>> {
        Ok(self.attempt()?.questions.iter().map(TestQuestion::from).collect())
    }

    /// How many questions have an answer.
    async fn answered(&self) -> i32 {
        let given = |answered: &&Answered| match &answered.saved.answer {
            Answer::Options(chosen) => !chosen.is_empty(),
            Answer::Number(_) => true,
        };
        i32::try_from(self.document.answers.values().filter(given).count()).unwrap_or(i32::MAX)
    }

    /// What was answered last to each question.
    async fn answers(&self) -> Vec<TestAnswer> {
        let answers = self.document.answers.iter();
        answers.map(|(question, answered)| TestAnswer::of(*question, answered)).collect()
    }

    /// What it came to, once it has ended.
    async fn result(&self) -> Option<TestResultObject> {
        self.document.result.as_ref().map(TestResultObject::from)
    }
}

/// Attempts by id.
#[derive(Default)]
pub struct TestAttemptQueries;

#[Object]
impl TestAttemptQueries {
    /// An attempt by id: as it stands, after a reload of the page too.
    async fn test_attempt(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> async_graphql::Result<Option<TestAttempt>> {
        found(TestAttempt::readable(ctx, query_id(&id)?).await?).map(Some)
    }
}
