//! Planning tests: what a teacher of the subject, or a registrar, does (manual 2.13).

use std::collections::BTreeSet;

use aggregates::{
    shared::{self, OptionId, QuestionId, SubjectId, TermId, TestId},
    test::{self, Choice, Key, TestCard, TestCommand},
};
use async_graphql::{Context, ID, InputObject, Object};

use super::{
    errors::Fault,
    journals::MarkKindEnum,
    mutation::{Done, Plan, run},
    request::{self, input_id, long, percent, short},
    scalars::{DateTime, Percent, Points},
    subjects::{known_subject, known_term},
    teaching::must_plan,
    test_cards::{QuestionKind, Test},
};

/// A question with its right answer.
#[derive(Debug, InputObject)]
pub struct QuestionInput {
    /// What is asked.
    prompt: String,
    /// What a right answer is worth.
    points: Points,
    /// The kind of answer.
    kind: QuestionKind,
    /// The options, where some may be chosen.
    #[graphql(default)]
    options: Vec<OptionInput>,
    /// The right number, where one is asked.
    number: Option<f64>,
    /// How far from it an answer may lie.
    #[graphql(default)]
    tolerance: f64,
}

/// An option.
#[derive(Debug, InputObject)]
pub struct OptionInput {
    /// What it says.
    text: String,
    /// Whether it is right.
    right: bool,
}

input! {
    /// A test.
    CreateTestInput {
        /// The subject.
        subject_id: ID,
        /// The term.
        term_id: ID,
        /// What it is.
        test: TestInput,
    }
}

input! {
    /// Another shape of a test, for attempts that start from now on.
    ReviseTestInput {
        /// The test.
        test_id: ID,
        /// What it is.
        test: TestInput,
    }
}

/// What a test is, and the rules of taking it.
#[derive(Debug, InputObject)]
pub struct TestInput {
    /// The title.
    title: String,
    /// What its result is in the journal.
    kind: MarkKindEnum,
    /// The rating period of that mark, 1 or 2, or none.
    period: Option<i32>,
    /// The questions.
    questions: Vec<QuestionInput>,
    /// How many of them an attempt draws; all where nothing is said.
    drawn: Option<u32>,
    /// From when attempts may start.
    opens_at: DateTime,
    /// When it closes: attempts end by then, one that runs when this is changed by what it was told.
    closes_at: DateTime,
    /// How many minutes an attempt takes.
    minutes: u32,
    /// How many attempts a student has.
    #[graphql(default = 1)]
    attempts: u32,
    /// The admission rating that is needed to start.
    needed_rating: Option<Percent>,
    /// The least percent that passes.
    pass_percent: Percent,
    /// Whether somebody watches.
    #[graphql(default)]
    proctored: bool,
}

payload! {
    /// What came of it.
    TestPayload {
        /// The test.
        test: Test,
    }
}

/// Planning tests.
#[derive(Default)]
pub struct TestMutations;

#[Object]
impl TestMutations {
    /// Plans a test.
    async fn create_test(
        &self,
        ctx: &Context<'_>,
        input: CreateTestInput,
    ) -> async_graphql::Result<Option<TestPayload>> {
        let done = run(ctx, &input, async {
            let subject = known_subject(ctx, &input.subject_id, "subjectId").await?;
            let term = known_term(ctx, &input.term_id, "termId").await?;
            must_plan(ctx, subject, term, "subjectId").await?;
            let test = TestId::new();
            let card = card(&input.test, subject, term)?;
            Ok(Plan::of(vec![TestCommand::Create { test, card }.of_new(test)], test))
        });
        shown(ctx, done.await?).await
    }

    /// Changes a test for attempts that start from now on; one that runs stays as it is.
    async fn revise_test(
        &self,
        ctx: &Context<'_>,
        input: ReviseTestInput,
    ) -> async_graphql::Result<Option<TestPayload>> {
        let done = run(ctx, &input, async {
            let test: TestId = input_id(&input.test_id, "testId")?;
            let known = Test::load(ctx, test).await?;
            let known = known.ok_or_else(|| Fault::user("TEST_UNKNOWN", "testId"))?;
            let (subject, term) = (known.card()?.subject, known.card()?.term);
            must_plan(ctx, subject, term, "testId").await?;
            let card = card(&input.test, subject, term)?;
            Ok(Plan::of(vec![TestCommand::Revise { test, card }.of(test)], test))
        });
        shown(ctx, done.await?).await
    }
}

fn card(input: &TestInput, subject: SubjectId, term: TermId) -> Result<TestCard, Fault> {
    let period = input.period.map(u8::try_from).transpose();
    Ok(TestCard {
        subject,
        term,
        title: short(&input.title, "test.title")?,
        kind: input.kind.into(),
        period: period.map_err(|_| Fault::out_of_range("test.period", 0, u8::MAX))?,
        questions: input.questions.iter().map(question).collect::<Result<_, _>>()?,
        drawn: input.drawn,
        window: shared::Window { opens_at: input.opens_at.0, closes_at: input.closes_at.0 },
        minutes: input.minutes,
        attempts: input.attempts,
        needed: input
            .needed_rating
            .map(|needed| percent(needed, "test.neededRating"))
            .transpose()?,
        pass: percent(input.pass_percent, "test.passPercent")?,
        proctored: input.proctored,
    })
}

fn question(input: &QuestionInput) -> Result<test::Question, Fault> {
    let field = "test.questions";
    let number = |value| request::number(value, field);
    let mut options = Vec::new();
    let mut right = BTreeSet::new();
    for option in &input.options {
        let id = OptionId::new();
        options.push(Choice { id, text: short(&option.text, field)? });
        right.extend(option.right.then_some(id));
    }
    let key = match input.kind {
        QuestionKind::Multiple => Key::Multiple { options, right },
        QuestionKind::Single => match (right.pop_first(), right.is_empty()) {
            (Some(right), true) => Key::Single { options, right },
            _ => return Err(Fault::user("TEST_QUESTION_NO_RIGHT_ANSWER", field)),
        },
        QuestionKind::Numeric => Key::Numeric {
            right: match input.number {
                Some(right) => number(right)?,
                None => return Err(Fault::user("TEST_QUESTION_NO_RIGHT_ANSWER", field)),
            },
            tolerance: number(input.tolerance)?,
        },
    };
    let (points, most) = (shared::Score::from_hundredths(input.points.0.0), shared::Score::MOST);
    let points = points.ok_or_else(|| Fault::out_of_range(field, 0, most))?;
    Ok(test::Question { id: QuestionId::new(), prompt: long(&input.prompt, field)?, points, key })
}

async fn shown(ctx: &Context<'_>, mut done: Done) -> async_graphql::Result<Option<TestPayload>> {
    let test = done.show(0, |id| Test::load(ctx, id)).await?;
    Ok(Some(TestPayload::of(done, test)))
}
