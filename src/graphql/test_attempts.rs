//! Attempts at tests: started, answered, handed in; and how a student stands with each test
//! (manual 2.13).

use std::sync::Arc;

use aggregates::{
    shared::{AttemptId, Number, OptionId, PersonId, QuestionId, SeriesId, TestId},
    test::Question,
    test_attempt::{Answer, Attempt, Ending, Series, TestAttemptCommand, TestResult},
};
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use projections::test_attempt::{Answered, AttemptDocument, Attempts};

use super::{
    errors::{Fault, internal},
    mutation::{Done, Plan, run},
    request::{Ask, found, input_id, query_id},
    scalars::{DateTime, Percent, Points, PositionScalar},
    student_tests::starting,
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
    id: AttemptId,
    document: Arc<AttemptDocument>,
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

    fn series(&self) -> async_graphql::Result<Series> {
        self.document.series.ok_or_else(internal)
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

/// That an answer is on disk, and where.
#[derive(SimpleObject)]
pub struct AnswerReceipt {
    /// Where in the log.
    position: PositionScalar,
    /// When it was on disk; none while the views are late.
    recorded_at: Option<DateTime>,
}

input! {
    /// Starting an attempt.
    StartTestAttemptInput {
        /// The test.
        test_id: ID,
    }
}

input! {
    /// An answer.
    SaveAnswerInput {
        /// In which attempt.
        attempt_id: ID,
        /// Which question.
        question_id: ID,
        /// The client's own counter for this question: a late or repeated answer changes nothing.
        sequence: u32,
        /// The answer.
        answer: AnswerInput,
    }
}

/// What is answered: options, or a number.
#[derive(Debug, InputObject)]
pub struct AnswerInput {
    /// The chosen options; none takes the answer back.
    option_ids: Option<Vec<ID>>,
    /// The number, to a millionth.
    number: Option<f64>,
}

input! {
    /// What is done with an attempt.
    TestAttemptInput {
        /// Which.
        attempt_id: ID,
    }
}

payload! {
    /// What came of it.
    TestAttemptPayload {
        /// The attempt.
        attempt: TestAttempt,
    }
}

payload! {
    /// What came of an answer.
    SaveAnswerPayload {
        /// That the answer which stands now is on disk: this one, or a newer one where this came late.
        receipt: AnswerReceipt,
        /// The attempt.
        attempt: TestAttempt,
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

/// Taking tests.
#[derive(Default)]
pub struct TestAttemptMutations;

#[Object]
impl TestAttemptMutations {
    /// Starts an attempt; its questions are drawn, and stay.
    async fn start_test_attempt(
        &self,
        ctx: &Context<'_>,
        input: StartTestAttemptInput,
    ) -> async_graphql::Result<Option<TestAttemptPayload>> {
        let done = run(ctx, &input, async {
            let test: TestId = input_id(&input.test_id, "testId")?;
            let student: PersonId = ctx.viewer()?.person;
            let known = Test::load(ctx, test).await?;
            let known = known.ok_or_else(|| Fault::user("TEST_UNKNOWN", "testId"))?;
            let (start, number) = starting(ctx, student, &known).await?;
            let series = SeriesId::of(student, test);
            let attempt = AttemptId::of(series, number);
            Ok(Plan::of(vec![TestAttemptCommand::Start(Box::new(start)).of(series)], attempt))
        });
        shown(ctx, done.await?).await
    }

    /// Saves an answer; acknowledged once it is on disk.
    async fn save_answer(
        &self,
        ctx: &Context<'_>,
        input: SaveAnswerInput,
    ) -> async_graphql::Result<Option<SaveAnswerPayload>> {
        let done = run(ctx, &input, async {
            let (attempt, series) = own(ctx, &input.attempt_id).await?;
            let save = TestAttemptCommand::SaveAnswer {
                attempt,
                question: input_id(&input.question_id, "questionId")?,
                sequence: input.sequence,
                answer: answer(&input.answer)?,
                at: ctx.services()?.cabinet.now(),
            };
            Ok(Plan::of(vec![save.of(series)], attempt).showing(&*input.question_id))
        });
        let done = done.await?;
        let attempt = attempt(ctx, &done).await?;
        let stands = attempt.as_ref().zip(done.shown::<QuestionId>(1));
        let stands = stands.and_then(|(attempt, question)| attempt.document.answers.get(&question));
        let receipt = match (stands, done.position) {
            (Some(stands), Some(_)) => Some(AnswerReceipt {
                position: PositionScalar(stands.position),
                recorded_at: Some(DateTime(stands.recorded_at)),
            }),
            (None, Some(position)) => {
                Some(AnswerReceipt { position: PositionScalar(position), recorded_at: None })
            }
            (_, None) => None,
        };
        Ok(Some(SaveAnswerPayload::of(done, receipt, attempt)))
    }

    /// Hands an attempt in.
    async fn submit_test_attempt(
        &self,
        ctx: &Context<'_>,
        input: TestAttemptInput,
    ) -> async_graphql::Result<Option<TestAttemptPayload>> {
        let done = run(ctx, &input, async {
            let (attempt, series) = own(ctx, &input.attempt_id).await?;
            let at = ctx.services()?.cabinet.now();
            Ok(Plan::of(vec![TestAttemptCommand::Submit { attempt, at }.of(series)], attempt))
        });
        shown(ctx, done.await?).await
    }

    /// Reports that the page of a proctored attempt was closed: it can't be gone on with.
    async fn abandon_test_attempt(
        &self,
        ctx: &Context<'_>,
        input: TestAttemptInput,
    ) -> async_graphql::Result<Option<TestAttemptPayload>> {
        let done = run(ctx, &input, async {
            let (attempt, series) = own(ctx, &input.attempt_id).await?;
            let at = ctx.services()?.cabinet.now();
            Ok(Plan::of(vec![TestAttemptCommand::Abandon { attempt, at }.of(series)], attempt))
        });
        shown(ctx, done.await?).await
    }
}

/// An attempt of the asker's own, with its series.
async fn own(ctx: &Context<'_>, id: &ID) -> Result<(AttemptId, SeriesId), Fault> {
    let attempt: AttemptId = input_id(id, "attemptId")?;
    let known = TestAttempt::load(ctx, attempt).await?;
    let known = known.ok_or_else(|| Fault::user("ATTEMPT_UNKNOWN", "attemptId"))?;
    let series = known.series()?;
    if series.student == ctx.viewer()?.person {
        Ok((attempt, series.id))
    } else {
        Err(Fault::user("NOT_YOURS", "attemptId"))
    }
}

fn answer(input: &AnswerInput) -> Result<Answer, Fault> {
    match (&input.option_ids, input.number) {
        (Some(options), None) => {
            let options = options.iter().map(|id| input_id::<OptionId>(id, "answer.optionIds"));
            Ok(Answer::Options(options.collect::<Result<_, _>>()?))
        }
        (None, Some(number)) => Number::from_f64(number)
            .map(Answer::Number)
            .ok_or_else(|| Fault::user("NUMBER_OUT_OF_RANGE", "answer.number")),
        (None, None) | (Some(_), Some(_)) => Err(Fault::user("ANSWER_KIND_WRONG", "answer")),
    }
}

async fn attempt(ctx: &Context<'_>, done: &Done) -> async_graphql::Result<Option<TestAttempt>> {
    match done.shown(0) {
        Some(id) => TestAttempt::load(ctx, id).await,
        None => Ok(None),
    }
}

async fn shown(ctx: &Context<'_>, done: Done) -> async_graphql::Result<Option<TestAttemptPayload>> {
    let attempt = attempt(ctx, &done).await?;
    Ok(Some(TestAttemptPayload::of(done, attempt)))
}
