//! Tests: what each is, and planning them (manual 2.13).

use std::{collections::BTreeSet, sync::Arc};

use aggregates::{
    shared::{self, Number, OptionId, QuestionId, SubjectId, TermId, TestId},
    test::{self, Choice, Key, TestCard, TestCommand},
};
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use projections::{
    stream::{Streams, offering},
    test::{TestDocument, Tests},
};

use super::{
    calendar::Term,
    errors::{Fault, internal},
    journals::MarkKindEnum,
    mutation::{Done, Plan, run},
    request::{Ask, found, input_id, long, query_id, short, stored},
    scalars::{DateTime, Percent, Points},
    subjects::{Subject, known_term},
};
use crate::identity::{Viewer, policy::may_set_tests};

/// The most tests of a student, or streams of a subject in a term, that are looked through.
const MOST_LISTED: usize = 500;

/// What kind of answer a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum QuestionKind {
    /// One of the options.
    Single,
    /// Any number of the options.
    Multiple,
    /// A number.
    Numeric,
}

impl From<&Key> for QuestionKind {
    fn from(key: &Key) -> Self {
        match key {
            Key::Single { .. } => Self::Single,
            Key::Multiple { .. } => Self::Multiple,
            Key::Numeric { .. } => Self::Numeric,
        }
    }
}

/// What may be chosen.
#[derive(SimpleObject)]
pub struct QuestionOption {
    /// Its id.
    id: ID,
    /// What it says.
    text: String,
}

impl From<&Choice> for QuestionOption {
    fn from(choice: &Choice) -> Self {
        Self { id: choice.id.to_string().into(), text: choice.text.to_string() }
    }
}

/// A test.
pub struct Test {
    id: TestId,
    document: Arc<TestDocument>,
}

impl Test {
    /// The test with that id.
    pub async fn load(ctx: &Context<'_>, id: TestId) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Tests>(id).await?;
        Ok(document.map(|document| Self { id, document }))
    }

    /// The tests of these subjects in these terms, by the time they open.
    pub async fn of_offerings(
        ctx: &Context<'_>,
        offerings: &[String],
    ) -> async_graphql::Result<Vec<Self>> {
        let cabinet = &ctx.services()?.cabinet;
        let list = cabinet.database.json_texts("$1");
        let condition = format!("offering IN (SELECT value FROM {list})");
        let wanted = [serde_json::json!(offerings).to_string().into()];
        let order = "opens_at, view_id";
        let found = cabinet.views.list::<Tests>(&condition, &wanted, order, MOST_LISTED);
        let found = stored(found.await)?.documents.into_iter();
        let test = |(id, document): (String, TestDocument)| {
            Ok(Self { id: id.parse()?, document: Arc::new(document) })
        };
        found.map(test).collect()
    }

    /// Its id.
    pub fn test(&self) -> TestId {
        self.id
    }

    /// What it is.
    pub fn card(&self) -> async_graphql::Result<&TestCard> {
        self.document.card.as_ref().ok_or_else(internal)
    }
}

#[Object]
impl Test {
    /// The test's id.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// The title.
    async fn title(&self) -> async_graphql::Result<&str> {
        Ok(self.card()?.title.as_str())
    }

    /// The subject.
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Subject>> {
        Subject::load(ctx, self.card()?.subject).await
    }

    /// The term.
    async fn term(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Term>> {
        Term::load(ctx, self.card()?.term).await
    }

    /// What its result is in the journal.
    async fn kind(&self) -> async_graphql::Result<MarkKindEnum> {
        Ok(self.card()?.kind.into())
    }

    /// The rating period of that mark, 1 or 2, or none.
    async fn period(&self) -> async_graphql::Result<Option<i32>> {
        Ok(self.card()?.period.map(Into::into))
    }

    /// From when attempts may start.
    async fn opens_at(&self) -> async_graphql::Result<DateTime> {
        Ok(DateTime(self.card()?.window.opens_at))
    }

    /// When it closes: attempts end by then.
    async fn closes_at(&self) -> async_graphql::Result<DateTime> {
        Ok(DateTime(self.card()?.window.closes_at))
    }

    /// How many minutes an attempt takes.
    async fn minutes(&self) -> async_graphql::Result<u32> {
        Ok(self.card()?.minutes)
    }

    /// How many attempts a student has.
    async fn attempts(&self) -> async_graphql::Result<u32> {
        Ok(self.card()?.attempts)
    }

    /// How many questions an attempt has.
    async fn question_count(&self) -> async_graphql::Result<u32> {
        let card = self.card()?;
        Ok(card.drawn.unwrap_or(u32::try_from(card.questions.len()).unwrap_or(u32::MAX)))
    }

    /// The admission rating that is needed to start.
    async fn needed_rating(&self) -> async_graphql::Result<Option<Percent>> {
        Ok(self.card()?.needed.map(Into::into))
    }

    /// The least percent that passes.
    async fn pass_percent(&self) -> async_graphql::Result<Percent> {
        Ok(self.card()?.pass.into())
    }

    /// Whether somebody watches: then a page that was closed ends the attempt.
    async fn proctored(&self) -> async_graphql::Result<bool> {
        Ok(self.card()?.proctored)
    }
}

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
    /// When it closes: attempts end by then.
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

/// Tests by id.
#[derive(Default)]
pub struct TestQueries;

#[Object]
impl TestQueries {
    /// A test by id.
    async fn test(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Test>> {
        found(Test::load(ctx, query_id(&id)?).await?).map(Some)
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
            let subject: SubjectId = input_id(&input.subject_id, "subjectId")?;
            if Subject::load(ctx, subject).await?.is_none() {
                return Err(Fault::user("SUBJECT_UNKNOWN", "subjectId"));
            }
            let term = known_term(ctx, &input.term_id, "termId").await?;
            must_set_tests(ctx, subject, term, "subjectId").await?;
            let test = TestId::new();
            let card = card(&input.test, subject, term)?;
            Ok(Plan::of(vec![TestCommand::Create { test, card }.of(test)], test))
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
            must_set_tests(ctx, subject, term, "testId").await?;
            let card = card(&input.test, subject, term)?;
            Ok(Plan::of(vec![TestCommand::Revise { test, card }.of(test)], test))
        });
        shown(ctx, done.await?).await
    }
}

/// A registrar, or a teacher of the subject in the term.
async fn must_set_tests(
    ctx: &Context<'_>,
    subject: SubjectId,
    term: TermId,
    field: &str,
) -> Result<(), Fault> {
    let viewer: &Viewer = ctx.viewer()?;
    let views = &ctx.services()?.cabinet.views;
    let wanted = [offering(subject, term).into()];
    let streams = views.list::<Streams>("offering = $1", &wanted, "view_id", MOST_LISTED);
    let streams = stored(streams.await)?.documents;
    let teachers: Vec<_> = streams
        .iter()
        .filter_map(|(_, stream)| stream.card.as_ref())
        .flat_map(|card| card.teachers.iter().copied())
        .collect();
    if may_set_tests(viewer, &teachers) { Ok(()) } else { Err(Fault::user("NOT_YOURS", field)) }
}

fn card(input: &TestInput, subject: SubjectId, term: TermId) -> Result<TestCard, Fault> {
    let out_of_range = |field| Fault::user("NUMBER_OUT_OF_RANGE", field);
    let percent = |percent: Percent, field| {
        shared::Percent::from_hundredths(percent.0.0).ok_or_else(|| out_of_range(field))
    };
    let period = input.period.map(u8::try_from).transpose();
    Ok(TestCard {
        subject,
        term,
        title: short(&input.title, "test.title")?,
        kind: input.kind.into(),
        period: period.map_err(|_| out_of_range("test.period"))?,
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
    let out_of_range = || Fault::user("NUMBER_OUT_OF_RANGE", field);
    let number = |value| Number::from_f64(value).ok_or_else(out_of_range);
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
            right: number(input.number.ok_or_else(out_of_range)?)?,
            tolerance: number(input.tolerance)?,
        },
    };
    let points = shared::Score::from_hundredths(input.points.0.0).ok_or_else(out_of_range)?;
    Ok(test::Question { id: QuestionId::new(), prompt: long(&input.prompt, field)?, points, key })
}

async fn shown(ctx: &Context<'_>, done: Done) -> async_graphql::Result<Option<TestPayload>> {
    let test = match done.shown(0) {
        Some(id) => Test::load(ctx, id).await?,
        None => None,
    };
    Ok(Some(TestPayload::of(done, test)))
}
