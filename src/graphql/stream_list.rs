//! Streams by id, and lists of those of a subject in a term (manual 2.4.1).

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};
use projections::{
    listing::Listings,
    stream::{Streams, offering},
};

use super::{
    request::{Ask, found, query_id, stored},
    schema::{Connection, Cursor, PageOf},
    streams::Stream,
};
use crate::database::Value;

/// How many streams are listed under a subject beside its own.
const MOST_LISTED: usize = 1_000;

/// Which streams.
#[derive(InputObject)]
pub struct StreamFilter {
    /// Of which subject.
    subject_id: ID,
    /// In which term.
    term_id: ID,
}

/// Streams by id, and those of a subject in a term.
#[derive(Default)]
pub struct StreamQueries;

#[Object]
impl StreamQueries {
    /// A stream by id.
    async fn stream(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Stream>> {
        found(Stream::load(ctx, query_id(&id)?).await?).map(Some)
    }

    /// The streams of a subject in a term, also those that are listed under it beside their own, by component
    /// and group.
    async fn streams(
        &self,
        ctx: &Context<'_>,
        filter: StreamFilter,
        #[graphql(desc = "How many, 100 at the most.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> async_graphql::Result<Option<Connection<Stream>>> {
        let page = PageOf::asked(first, after.as_deref())?;
        let offering = offering(query_id(&filter.subject_id)?, query_id(&filter.term_id)?);
        let views = ctx.views()?;
        let mut values = vec![offering.into()];
        let total = stored(views.count::<Streams>("offering = $1", &values).await)?;
        let listed = listed(ctx, &values).await?;
        let total = total + i64::try_from(listed.len()).unwrap_or(i64::MAX);
        let condition = match &page.after {
            Some(cursor) => {
                values.extend([cursor.key.as_str().into(), cursor.id.as_str().into()]);
                "offering = $1 AND (sort_key, view_id) > ($2, $3)"
            }
            None => "offering = $1",
        };
        let order = "sort_key, view_id";
        let found = stored(views.list::<Streams>(condition, &values, order, page.first).await)?;
        let own = found.documents.into_iter().filter_map(|(id, document)| {
            Some(Stream { id: id.parse().ok()?, document: Arc::new(document) })
        });
        let place = |stream: &Stream| (stream.document.sort_key.clone(), stream.id.to_string());
        let after = page.after.as_ref().map(|cursor| (cursor.key.clone(), cursor.id.clone()));
        let listed =
            listed.into_iter().filter(|it| after.as_ref().is_none_or(|at| place(it) > *at));
        let mut streams: Vec<_> = own.chain(listed).collect();
        streams.sort_by_cached_key(place);
        let more = found.more || streams.len() > page.first;
        streams.truncate(page.first);
        let nodes = streams.into_iter().map(|stream| {
            let (key, id) = place(&stream);
            (Cursor { key, id }, stream)
        });
        Ok(Some(page.connection(nodes.collect(), more, Some(total))))
    }
}

/// The streams that are listed under a subject beside their own: a few.
async fn listed(ctx: &Context<'_>, offering: &[Value]) -> async_graphql::Result<Vec<Stream>> {
    let views = ctx.views()?;
    let found = views.list::<Listings>("offering = $1", offering, "view_id", MOST_LISTED).await;
    let found = stored(found)?.documents.into_iter();
    Stream::each(ctx, found.filter_map(|(_, listing)| listing.stream)).await
}
