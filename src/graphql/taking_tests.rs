//! Taking tests: an attempt is started, answered, handed in (manual 2.13).

use aggregates::{
    shared::{AttemptId, OptionId, PersonId, QuestionId, SeriesId, TestId},
    test_attempt::{Answer, TestAttemptCommand},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use jiff::Timestamp;

use super::{
    errors::Fault,
    mutation::{Done, Plan, run},
    request::{Ask, input_id, number},
    scalars::{DateTime, PositionScalar},
    student_tests::starting,
    test_attempts::TestAttempt,
    test_cards::Test,
};

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
        sequence: i32,
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
                sequence: u32::try_from(input.sequence)
                    .map_err(|_| Fault::out_of_range("sequence", 0, i32::MAX))?,
                answer: answer(&input.answer)?,
                at: ctx.services()?.cabinet.now(),
            };
            Ok(Plan::of(vec![save.of(series)], attempt).showing(&*input.question_id))
        });
        let mut done = done.await?;
        let attempt = attempt(ctx, &mut done).await?;
        let stands = attempt.as_ref().zip(done.shown::<QuestionId>(1));
        let stands = stands.and_then(|(attempt, question)| attempt.answer(question));
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
        ended(ctx, input, |attempt, at| TestAttemptCommand::Submit { attempt, at }).await
    }

    /// Reports that the page of a proctored attempt was closed: it can't be gone on with.
    async fn abandon_test_attempt(
        &self,
        ctx: &Context<'_>,
        input: TestAttemptInput,
    ) -> async_graphql::Result<Option<TestAttemptPayload>> {
        ended(ctx, input, |attempt, at| TestAttemptCommand::Abandon { attempt, at }).await
    }
}

/// Ends an attempt of the asker's own, now.
async fn ended(
    ctx: &Context<'_>,
    input: TestAttemptInput,
    command: fn(AttemptId, Timestamp) -> TestAttemptCommand,
) -> async_graphql::Result<Option<TestAttemptPayload>> {
    let done = run(ctx, &input, async {
        let (attempt, series) = own(ctx, &input.attempt_id).await?;
        let at = ctx.services()?.cabinet.now();
        Ok(Plan::of(vec![command(attempt, at).of(series)], attempt))
    });
    shown(ctx, done.await?).await
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
        (None, Some(given)) => number(given, "answer.number").map(Answer::Number),
        (None, None) | (Some(_), Some(_)) => Err(Fault::user("ANSWER_KIND_WRONG", "answer")),
    }
}

async fn attempt(ctx: &Context<'_>, done: &mut Done) -> async_graphql::Result<Option<TestAttempt>> {
    done.show(0, |id| TestAttempt::load(ctx, id)).await
}

async fn shown(
    ctx: &Context<'_>,
    mut done: Done,
) -> async_graphql::Result<Option<TestAttemptPayload>> {
    let attempt = attempt(ctx, &mut done).await?;
    Ok(Some(TestAttemptPayload::of(done, attempt)))
}
