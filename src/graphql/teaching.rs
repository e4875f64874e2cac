//! What somebody teaches: their streams, and their own timetable.

use aggregates::shared::{PersonId, SubjectId, TermId};
use async_graphql::{Context, ID, Object};
use projections::teaching::Teachers;

use super::{
    errors::Fault,
    request::{Ask, query_id, stored},
    scalars::Date,
    streams::Stream,
    timetable::{Asked, TimetableEntry, TimetableFilter, TimetableKind, TimetableSpan, shown},
};
use crate::{
    identity::{policy::may_plan_teaching, teachers_of},
    timetable,
};

/// What somebody teaches.
pub struct Teaching(pub PersonId);

#[Object]
impl Teaching {
    /// Their streams, of a term or of all.
    async fn streams(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of that term.")] term_id: Option<ID>,
    ) -> async_graphql::Result<Vec<Stream>> {
        let term: Option<TermId> = term_id.as_ref().map(query_id).transpose()?;
        let known = ctx.document::<Teachers>(self.0).await?.unwrap_or_default();
        let mut streams = Stream::each(ctx, known.streams.iter().copied()).await?;
        streams.retain(|stream| stream.is_of(self.0, term));
        Ok(streams)
    }

    /// What is on, the earliest first: their classes, the exams and controls of their subjects, and the calendar
    /// as it is for everybody. At the most 366 days.
    async fn timetable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day, or one in the span.")] from: Date,
        #[graphql(desc = "The last day; the first where nothing is said.")] to: Option<Date>,
        #[graphql(desc = "In place of a last day: the day, week or month that `from` is in.")]
        span: Option<TimetableSpan>,
        #[graphql(desc = "Of these kinds; as `filter { kinds }`.")] kinds: Option<
            Vec<TimetableKind>,
        >,
        #[graphql(desc = "What of it.")] filter: Option<TimetableFilter>,
    ) -> async_graphql::Result<Vec<TimetableEntry>> {
        let database = &ctx.services()?.cabinet.database;
        let made_of = timetable::of_teacher(database, ctx.views()?, self.0);
        let filter = filter.unwrap_or_default().with_kinds(kinds);
        shown(ctx, Asked { from, to, span, filter }, made_of).await
    }
}

/// A registrar, or a teacher of the subject in the term: they set its tests and its syllabus.
pub async fn must_plan(
    ctx: &Context<'_>,
    subject: SubjectId,
    term: TermId,
    field: &str,
) -> Result<(), Fault> {
    let teachers = stored(teachers_of(ctx.views()?, subject, term).await)?;
    let may = may_plan_teaching(ctx.viewer()?, &teachers);
    if may { Ok(()) } else { Err(Fault::user("NOT_YOURS", field)) }
}
