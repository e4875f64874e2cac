//! The log, for auditors: its history by filters, and where it ends.

use aggregates::{
    Event,
    shared::{PersonId, Position},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{
    errors::top,
    people::{Person, RoleEnum},
    request::{Ask, query_id, stored},
    scalars::{DateTime, Json, PositionScalar},
    schema::{Connection, Cursor, PageOf},
};
use crate::{
    log::{self, Filter, StoredEvent},
    troubles,
};

/// Which events; all that are set have to fit.
#[derive(Default, InputObject)]
pub struct HistoryFilter {
    /// Of that student's record.
    student_id: Option<ID>,
    /// Of that aggregate type (`Iep`).
    aggregate_type: Option<String>,
    /// Of that aggregate.
    aggregate_id: Option<ID>,
    /// By that person.
    actor_id: Option<ID>,
    /// Of that type (`IepSigned`).
    event_type: Option<String>,
    /// Recorded then or later.
    since: Option<DateTime>,
    /// Recorded then or before.
    until: Option<DateTime>,
    /// Behind that position.
    after_position: Option<PositionScalar>,
    /// Up to that position.
    until_position: Option<PositionScalar>,
}

/// An event of the log.
#[derive(SimpleObject)]
pub struct HistoryEvent {
    /// Its place in the log.
    position: PositionScalar,
    /// When it was recorded.
    recorded_at: DateTime,
    /// Who acted; none for a policy.
    actor: Option<Person>,
    /// In which role.
    role: Option<RoleEnum>,
    /// What happened.
    #[graphql(name = "type")]
    event_type: String,
    /// The version of its shape.
    version: String,
    /// Whose event it is.
    aggregate: HistoryAggregate,
    /// What happened, as it is stored.
    data: Json,
    /// The position of the event that caused it; none for a person's command.
    caused_by: Option<PositionScalar>,
    /// What belongs together: one request, one import.
    correlation: String,
    /// The command that wrote it.
    command_id: ID,
}

/// Whose event it is.
#[derive(SimpleObject)]
pub struct HistoryAggregate {
    /// The aggregate type.
    #[graphql(name = "type")]
    aggregate_type: String,
    /// Which one.
    id: ID,
    /// The event's place among its aggregate's, from 1.
    sequence: i64,
}

/// Where the log ends, and how far the views have come.
#[derive(SimpleObject)]
pub struct LogHead {
    /// The last position; 0 while the log is empty.
    position: PositionScalar,
    /// The hash chain over all batches, in hex: note it elsewhere, and any later change is found.
    chain: String,
    /// When the last batch was recorded.
    recorded_at: Option<DateTime>,
    /// The views.
    views: Vec<ViewHealth>,
}

/// How a view stands.
#[derive(SimpleObject)]
pub struct ViewHealth {
    /// Its name and version.
    name: String,
    /// How far it has come.
    position: PositionScalar,
    /// How many events it is behind.
    lag_events: i64,
    /// Whether it goes on.
    healthy: bool,
    /// On what it stopped.
    stopped_because: Option<String>,
}

/// The log.
#[derive(Default)]
pub struct HistoryQueries;

#[Object]
impl HistoryQueries {
    /// The history, in the order of the log.
    async fn history(
        &self,
        ctx: &Context<'_>,
        filter: HistoryFilter,
        #[graphql(desc = "How many, 100 at the most.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> async_graphql::Result<Option<Connection<HistoryEvent>>> {
        let page = PageOf::asked(first, after.as_deref())?;
        let mut filter = filter_of(filter)?;
        if let Some(cursor) = &page.after {
            let behind = Position(cursor.number()?);
            filter.after = Some(filter.after.map_or(behind, |after| after.max(behind)));
        }
        let database = &ctx.services()?.cabinet.database;
        let mut snapshot = stored(database.snapshot().await)?;
        let mut events = stored(log::read(&mut snapshot, &filter, page.first + 1).await)?;
        stored(snapshot.rollback().await)?;
        let more = events.len() > page.first;
        events.truncate(page.first);
        let nodes = events.iter().map(|event| {
            let key = event.position.to_string();
            Ok((Cursor { key, id: String::new() }, history_event(event)?))
        });
        let nodes = nodes.collect::<async_graphql::Result<_>>()?;
        Ok(Some(page.connection(nodes, more, None)))
    }

    /// Where the log ends, and how far the views have come.
    async fn log(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<LogHead>> {
        let cabinet = &ctx.services()?.cabinet;
        let head = stored(log::head(&cabinet.database).await)?;
        let views = cabinet.freshness.health().into_iter().map(|(name, health)| ViewHealth {
            name,
            position: PositionScalar(health.position),
            lag_events: (head.position.0 - health.position.0).max(0),
            healthy: health.stopped.is_none(),
            stopped_because: health.stopped,
        });
        let recorded_at = (head.position.0 > 0).then_some(head.recorded_at);
        Ok(Some(LogHead {
            position: PositionScalar(head.position),
            chain: head.chain.to_string(),
            recorded_at: recorded_at.map(time).transpose()?,
            views: views.collect(),
        }))
    }
}

fn filter_of(filter: HistoryFilter) -> async_graphql::Result<Filter> {
    let person = |id: Option<ID>| match id {
        Some(id) => query_id::<PersonId>(&id).map(|id| Some(id.to_string())),
        None => Ok(None),
    };
    if let Some(kind) = &filter.aggregate_type
        && !Event::CATALOGUE.iter().any(|(known, _)| known == kind)
    {
        return Err(top(troubles::NO_AGGREGATE_TYPE));
    }
    if let Some(kind) = &filter.event_type {
        let mut known = Event::CATALOGUE.iter().flat_map(|(_, types)| types.iter());
        if !known.any(|(known, _)| known == kind) {
            return Err(top(troubles::NO_EVENT_TYPE));
        }
    }
    Ok(Filter {
        student: person(filter.student_id)?,
        aggregate_type: filter.aggregate_type,
        aggregate_id: match filter.aggregate_id {
            Some(id) => Some(query_id::<uuid::Uuid>(&id)?.to_string()),
            None => None,
        },
        actor: person(filter.actor_id)?,
        event_type: filter.event_type,
        since: filter.since.map(|time| time.0.as_microsecond()),
        until: filter.until.map(|time| time.0.as_microsecond()),
        after: filter.after_position.map(|position| position.0),
        until_position: filter.until_position.map(|position| position.0),
    })
}

fn history_event(stored_event: &StoredEvent) -> async_graphql::Result<HistoryEvent> {
    let metadata = stored(stored_event.metadata())?;
    let payload: serde_json::Value = serde_json::from_str(&stored_event.payload)?;
    // An event is stored as {"Signed": {...}}; the type stands beside it.
    let data = match payload {
        serde_json::Value::Object(fields) if fields.len() == 1 => {
            fields.into_iter().next().map(|(_, data)| data).unwrap_or_default()
        }
        other => other,
    };
    Ok(HistoryEvent {
        position: PositionScalar(stored_event.position),
        recorded_at: DateTime(stored(stored_event.recorded_at())?),
        actor: metadata.actor.map(Person),
        role: metadata.role.map(RoleEnum::from),
        event_type: stored_event.event_type.clone(),
        version: stored_event.event_version.clone(),
        aggregate: HistoryAggregate {
            aggregate_type: stored_event.aggregate_type.clone(),
            id: stored_event.aggregate_id.clone().into(),
            sequence: stored_event.sequence,
        },
        data: Json(data),
        caused_by: metadata.caused_by.map(PositionScalar),
        correlation: metadata.correlation,
        command_id: metadata.command_id.to_string().into(),
    })
}

fn time(microseconds: i64) -> async_graphql::Result<DateTime> {
    Ok(DateTime(jiff::Timestamp::from_microsecond(microseconds)?))
}
