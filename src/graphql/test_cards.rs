//! Tests: what each is, and planning them (manual 2.13).

use std::sync::Arc;

use aggregates::{
    shared::TestId,
    test::{Choice, Key, TestCard},
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use projections::test::{TestDocument, Tests};

use super::{
    calendar::Term,
    errors::internal,
    journals::MarkKindEnum,
    request::{Ask, found, query_id, stored},
    scalars::{DateTime, Percent},
    subjects::Subject,
};
use crate::timetable;

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
        let database = &ctx.services()?.cabinet.database;
        let found = timetable::tests_of(database, ctx.views()?, offerings).await;
        let found = stored(found)?.into_iter();
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

    /// When it closes: attempts end by then, one that runs when this is changed by what it was told.
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
