//! The academic calendar: terms and periods (manual 2.9).

use std::sync::Arc;

use aggregates::{
    academic_calendar::{self, TermKind},
    shared::TermId,
};
use async_graphql::{Context, Enum, ID, Object};
use projections::term::{TermDocument, Terms};

use super::{
    local_titles,
    periods::{Period, PeriodKindEnum, periods_of},
    request::{Ask, found, query_id, stored},
    scalars::Date,
    subject_abouts::LocalText,
};
use crate::timetable;

/// What kind of term it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "TermKind", remote = "TermKind")]
pub enum TermKindEnum {
    /// A semester.
    Semester,
    /// The summer term.
    Summer,
    /// A year, or another long period.
    Year,
}

/// A term.
#[derive(Clone)]
pub struct Term {
    /// Its id.
    pub id: TermId,
    /// What the calendar says of it.
    pub document: Arc<TermDocument>,
}

impl Term {
    /// The term with that id.
    pub async fn load(ctx: &Context<'_>, id: TermId) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Terms>(id).await?;
        Ok(document.map(|document| Self { id, document }))
    }

    /// What is said of it.
    pub fn term(&self) -> async_graphql::Result<&academic_calendar::Term> {
        self.document.term.as_ref().ok_or_else(super::errors::internal)
    }

    /// The week of it that is now.
    pub fn week(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<i32>> {
        Ok(self.term()?.days().week_of(ctx.services()?.cabinet.today()))
    }
}

#[Object]
impl Term {
    /// The term's id.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// The title, in whatever language it was typed.
    async fn title(&self) -> async_graphql::Result<String> {
        Ok(self.term()?.title.to_string())
    }

    /// The title in the reader's language (`Accept-Language`): what to show people. Where none is said in that language
    /// it is `title`, and its `language` null.
    async fn local_title(&self) -> async_graphql::Result<LocalText> {
        let term = self.term()?;
        Ok(local_titles::local(&term.title, &term.titles))
    }

    /// What it is called in languages, as far as that is said.
    async fn titles(&self) -> async_graphql::Result<Vec<LocalText>> {
        Ok(local_titles::all(&self.term()?.titles))
    }

    /// The kind.
    async fn kind(&self) -> async_graphql::Result<TermKindEnum> {
        Ok(self.term()?.kind.into())
    }

    /// The first day.
    async fn starts_on(&self) -> async_graphql::Result<Date> {
        Ok(Date(self.term()?.starts_on))
    }

    /// The last day.
    async fn ends_on(&self) -> async_graphql::Result<Date> {
        Ok(Date(self.term()?.ends_on))
    }

    /// How many weeks it has: those of the calendar, from Monday on, the first is the one of its first day.
    async fn weeks(&self) -> async_graphql::Result<i32> {
        Ok(self.term()?.days().weeks())
    }

    /// The week that is now, from 1; none outside the term.
    async fn current_week(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<i32>> {
        self.week(ctx)
    }

    /// The year in which its academic year begins.
    async fn academic_year(&self) -> i32 {
        self.document.year.into()
    }

    /// Its periods, by their beginning.
    async fn periods(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of these kinds.")] kinds: Option<Vec<PeriodKindEnum>>,
        #[graphql(desc = "That are now.")] current: Option<bool>,
    ) -> async_graphql::Result<Vec<Period>> {
        let mut periods = periods_of(ctx, self, None)?;
        periods.retain(|period| period.fits(kinds.as_deref(), current));
        Ok(periods)
    }
}

/// The calendar.
#[derive(Default)]
pub struct CalendarQueries;

#[Object]
impl CalendarQueries {
    /// A term by id.
    async fn term(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Term>> {
        found(Term::load(ctx, query_id(&id)?).await?).map(Some)
    }

    /// The terms of an academic year, or all, the oldest first.
    async fn terms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The year in which the academic year begins.")] academic_year: Option<i32>,
    ) -> async_graphql::Result<Option<Vec<Term>>> {
        let views = ctx.views()?;
        Ok(Some(stored(all_terms(views, academic_year.map(i64::from)).await)?))
    }
}

/// The terms of an academic year, or all, the oldest first.
pub async fn all_terms(
    views: &crate::views::Views,
    year: Option<i64>,
) -> Result<Vec<Term>, crate::database::StoreError> {
    let terms = timetable::terms(views, year).await?.into_iter();
    Ok(terms.map(|(id, document)| Term { id, document: Arc::new(document) }).collect())
}
