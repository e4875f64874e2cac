//! Views as they stood: at a time or at a place in the log.

use aggregates::shared::{Fact, Position};
use async_graphql::{Context, ID, Object, SimpleObject};
use jiff::Timestamp;
use projections::{AnyView, VIEWS};

use super::{
    errors::{not_reached, top, top_of},
    request::{Ask, stored},
    scalars::{DateTime, Json, PositionScalar},
};
use crate::{log, troubles, views::as_of::position_at};

/// How long a key may be: two ids and a word are shorter.
const MOST_KEY: usize = 200;

/// A view's document as it stood, as it is kept: what today's fold makes of the log up to there.
#[derive(SimpleObject)]
pub struct ViewDocument {
    /// The view.
    view: String,
    /// The version of its fold. Another one may make something else of the same events.
    view_version: i32,
    /// Which document.
    key: ID,
    /// The place in the log that it is of.
    position: PositionScalar,
    /// When the event at that place was recorded; none before the first.
    recorded_at: Option<DateTime>,
    /// How many events it was made of.
    events: i64,
    /// The document; none where nothing had touched it yet.
    document: Option<Json>,
}

/// Views as they stood.
#[derive(Default)]
pub struct AsOfQueries;

#[Object]
impl AsOfQueries {
    /// A document of any view as it stood at a time or at a position; with neither, as it stands. Both together
    /// are refused (`BAD_INPUT`), as is a view that there is not.
    async fn view_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The view's name, as `log { views { name } }` has it before `_v`.")]
        view: String,
        #[graphql(desc = "Which document: as a rule the id of what it is of.")] key: String,
        #[graphql(desc = "As it stood at that time.")] as_of: Option<DateTime>,
        #[graphql(desc = "As it stood at that place in the log.")] as_of_position: Option<
            PositionScalar,
        >,
    ) -> async_graphql::Result<Option<ViewDocument>> {
        let Some(any) = VIEWS.iter().find(|known| known.name == view) else {
            let known: Vec<_> = VIEWS.iter().map(|known| known.name).collect();
            let known = Fact::new("known", known.join(", "));
            return Err(top_of(troubles::NO_VIEW, &[known]));
        };
        if key.len() > MOST_KEY {
            return Err(top(troubles::KEY_TOO_LONG));
        }
        let cabinet = &ctx.services()?.cabinet;
        let until = match asked(ctx, any, as_of, as_of_position).await? {
            Some(until) => until,
            None => stands(ctx, any)?,
        };
        let document = stored(cabinet.views.document_at(any, &key, until).await)?;
        let recorded_at = stored(log::time_of(&cabinet.database, until).await)?;
        Ok(Some(view_document(any, key, until, recorded_at, document)?))
    }
}

fn view_document(
    view: &AnyView,
    key: String,
    position: Position,
    recorded_at: Option<Timestamp>,
    document: Option<crate::views::Stored>,
) -> async_graphql::Result<ViewDocument> {
    let json = document.as_ref().map(|document| serde_json::from_str(&document.payload));
    Ok(ViewDocument {
        view: view.name.to_owned(),
        view_version: i32::try_from(view.version)?,
        key: key.into(),
        position: PositionScalar(position),
        recorded_at: recorded_at.map(DateTime),
        events: document.as_ref().map_or(0, |document| document.version),
        document: json.transpose()?.map(Json),
    })
}

/// The place in the log that was asked for, once the view has come so far; none for now.
pub async fn asked(
    ctx: &Context<'_>,
    view: &AnyView,
    time: Option<DateTime>,
    position: Option<PositionScalar>,
) -> async_graphql::Result<Option<Position>> {
    let cabinet = &ctx.services()?.cabinet;
    let until = match (time, position) {
        (Some(_), Some(_)) => return Err(top(troubles::TWO_TIMES)),
        (Some(time), None) => stored(position_at(&cabinet.database, time.0).await)?,
        (None, Some(position)) => {
            let head = stored(log::head(&cabinet.database).await)?.position;
            position.0.min(head)
        }
        (None, None) => return Ok(None),
    };
    // A view that has stopped is waited for by nobody.
    if !cabinet.wait_for(until).await || stands(ctx, view)? < until {
        return Err(not_reached());
    }
    Ok(Some(until))
}

/// How far the view has come.
pub fn stands(ctx: &Context<'_>, view: &AnyView) -> async_graphql::Result<Position> {
    Ok(ctx.services()?.cabinet.freshness.stands(&view.table()))
}
