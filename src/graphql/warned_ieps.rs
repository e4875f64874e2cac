//! The plans that something has gone wrong with, for whoever looks after them (manual 2.3.1).

use std::{collections::HashMap, sync::Arc};

use aggregates::{enrollment::SubjectStatus, shared::PersonId};
use async_graphql::{
    Context, Object, SimpleObject,
    connection::{CursorType, Edge, EmptyFields, PageInfo},
};
use futures::future::try_join_all;
use projections::subject_status::{SubjectStatusDocument, SubjectStatuses};

use super::{
    iep_list::{IepFilter, looked_after, plans},
    iep_warnings::{IepWarning, warnings},
    ieps::Iep,
    request::Ask,
    schema::{Connection, Cursor, PageOf},
};

/// How many plans are looked at for a page.
const MOST_LOOKED_AT: usize = 200;
/// How many of them at the same time: what they ask of a view becomes one read.
const TOGETHER: usize = 50;

/// A page of plans with warnings. So many plans are looked at for one and no more: it may be shorter than was asked
/// for, or empty, while `pageInfo` says that there is a next one.
#[derive(SimpleObject)]
pub struct WarnedIepConnection {
    /// The plans, each with its place.
    edges: Vec<Edge<Cursor, Iep, EmptyFields>>,
    /// The plans.
    nodes: Vec<Iep>,
    /// Where to go on.
    page_info: PageInfo,
}

/// Plans with warnings.
#[derive(Default)]
pub struct WarnedIepQueries;

#[Object]
impl WarnedIepQueries {
    /// The plans that have `warnings`, of whatever year: an advisor sees those of their own students, registrars and
    /// auditors all.
    async fn ieps_with_warnings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many at the most, 100 where more is asked for.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Which of them.")] filter: Option<IepFilter>,
    ) -> async_graphql::Result<Option<WarnedIepConnection>> {
        let page = PageOf::asked(first, after.as_deref())?;
        let (first, continued) = (page.first, page.after.is_some());
        let looked_at = PageOf { first: MOST_LOOKED_AT, ..page };
        let looked_at = plans(ctx, looked_after(ctx)?, filter, looked_at, false).await?;
        let Found { edges, reached, more } = warned(ctx, looked_at, first).await?;
        let nodes = edges.iter().map(|edge| edge.node.clone()).collect();
        let page_info = PageInfo {
            has_previous_page: continued,
            has_next_page: more,
            start_cursor: edges.first().map(|edge| edge.cursor.encode_cursor()),
            end_cursor: reached.or(after),
        };
        Ok(Some(WarnedIepConnection { edges, nodes, page_info }))
    }
}

/// The plans of a page.
struct Found {
    edges: Vec<Edge<Cursor, Iep, EmptyFields>>,
    /// The last one that was looked at for them, if one was.
    reached: Option<String>,
    /// Whether there are more to look at.
    more: bool,
}

/// The first with warnings of the plans that are looked at.
async fn warned(
    ctx: &Context<'_>,
    looked_at: Connection<Iep>,
    first: usize,
) -> async_graphql::Result<Found> {
    let mut found = Found { edges: vec![], reached: None, more: looked_at.has_next_page };
    let statuses = statuses(ctx, looked_at.edges.iter().map(|edge| &edge.node)).await?;
    let mut rest = looked_at.edges.into_iter().peekable();
    while found.edges.len() < first && rest.peek().is_some() {
        let together: Vec<_> = rest.by_ref().take(TOGETHER).collect();
        let each = together.iter().map(|edge| warnings_of(ctx, &statuses, &edge.node));
        let warned = try_join_all(each).await?;
        for (mut edge, warnings) in together.into_iter().zip(warned) {
            if found.edges.len() == first {
                found.more = true;
                break;
            }
            found.reached = Some(edge.cursor.encode_cursor());
            if !warnings.is_empty() {
                edge.node.warned = Some(warnings.into());
                found.edges.push(edge);
            }
        }
    }
    found.more |= rest.peek().is_some();
    Ok(found)
}

type Statuses = HashMap<PersonId, Arc<SubjectStatusDocument>>;

/// How the students of these plans stand with their subjects, in one read.
async fn statuses(
    ctx: &Context<'_>,
    plans: impl Iterator<Item = &Iep>,
) -> async_graphql::Result<Statuses> {
    let students: Vec<_> = plans.filter_map(|plan| plan.document.student).collect();
    Ok(ctx.each::<SubjectStatuses, _>(students).await?.into_iter().collect())
}

/// The warnings of a plan. One without a subject in progress has none, and is looked at no closer.
async fn warnings_of(
    ctx: &Context<'_>,
    statuses: &Statuses,
    plan: &Iep,
) -> async_graphql::Result<Vec<IepWarning>> {
    let Some(student) = plan.document.student else { return Ok(vec![]) };
    let Some(status) = statuses.get(&student) else { return Ok(vec![]) };
    if !plan
        .document
        .entries()
        .any(|entry| status.status(entry.subject) == SubjectStatus::InProgress)
    {
        return Ok(vec![]);
    }
    warnings(ctx, student, &plan.document).await
}
