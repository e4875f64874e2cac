//! Snapshots: the states of aggregates with many events, so that a load reads only what came after. They
//! are made from the log, and never believed beyond it.

use std::collections::BTreeMap;

use aggregates::State;

use super::read::{COLUMNS, StoredEvent};
use crate::database::{Database, StoreError, Transaction, Value};

/// How many events an aggregate gains before its state is kept again (docs/decisions/0007).
pub const EVERY: i64 = 256;

/// The state of an aggregate after one of its events.
#[derive(Debug)]
#[allow(missing_docs, reason = "named after the columns")]
pub struct Snapshot {
    pub aggregate_type: &'static str,
    pub aggregate_id: String,
    pub last_sequence: i64,
    pub state: State,
}

/// Keeps states that the log has, an aggregate's in their order, each in the place of the one before. Nobody
/// waits for the disk: one that is lost is made again.
pub async fn keep(database: &Database, snapshots: Vec<Snapshot>) -> Result<(), StoreError> {
    // The newest of each, because a statement may touch a row once; in one order, because another node may
    // lock the same rows.
    let newest: BTreeMap<_, _> = snapshots
        .into_iter()
        .map(|kept| ((kept.aggregate_type, kept.aggregate_id), (kept.last_sequence, kept.state)))
        .collect();
    let written = newest.iter().map(|((kind, id), (last_sequence, state))| {
        state.write().map(|payload| (kind, id, last_sequence, payload, format(kind)))
    });
    let written: Result<Vec<_>, _> = written.collect();
    let written = written.map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let rows = database.pick(
        "SELECT r ->> 0, r ->> 1, (r ->> 2)::bigint, 1, (r ->> 3)::json, (r ->> 4)::bigint \
         FROM json_array_elements($1::json) AS r",
        "SELECT value ->> 0, value ->> 1, value ->> 2, 1, value ->> 3, value ->> 4 \
         FROM json_each($1) WHERE true",
    );
    let sql = format!(
        "INSERT INTO snapshots (aggregate_type, aggregate_id, last_sequence, current_snapshot, \
                                payload, format) {rows} \
         ON CONFLICT (aggregate_type, aggregate_id) DO UPDATE SET \
         last_sequence = excluded.last_sequence, payload = excluded.payload, \
         current_snapshot = snapshots.current_snapshot + 1, format = excluded.format"
    );
    let mut open = database.begin_derived().await?;
    open.execute(&sql, &[Value::json(&written)?]).await?;
    open.commit().await
}

/// The format of the state of an aggregate type; 0, which none has, of an unknown one.
fn format(aggregate_type: &str) -> i64 {
    let known = State::FORMATS.iter().find(|(known, _)| *known == aggregate_type);
    known.map_or(0, |(_, format)| *format)
}

/// An event with the state after it, where that is kept.
pub type WithState = (StoredEvent, Option<String>);

/// What the states of these aggregates (type, id) are made of, each aggregate's in its order, in one read:
/// all events, or those from the event on whose state is kept. A state whose event the log does not have
/// is not one of the log's.
///
/// The joins go by the primary keys even on tables whose statistics are fresh from empty; an `= ANY` was
/// planned as a scan.
pub async fn load_states(
    database: &Database,
    wanted: &[(&str, &str)],
) -> Result<Vec<WithState>, StoreError> {
    let sql = match database {
        Database::Postgres(_) => format!(
            "SELECT e.*, CASE WHEN e.sequence = s.last_sequence THEN CAST(s.payload AS text) END \
             FROM (SELECT wanted ->> 0 AS t, wanted ->> 1 AS i, (wanted ->> 2)::bigint AS f \
                   FROM json_array_elements($1::json) AS wanted) AS q \
             LEFT JOIN LATERAL (SELECT last_sequence, payload FROM snapshots \
                                WHERE aggregate_type = q.t AND aggregate_id = q.i \
                                AND format = q.f AND EXISTS (\
                                SELECT 1 FROM events AS last WHERE last.aggregate_type = q.t \
                                AND last.aggregate_id = q.i \
                                AND last.sequence = last_sequence) LIMIT 1) AS s ON true \
             CROSS JOIN LATERAL (SELECT {COLUMNS} FROM events AS e \
                                 WHERE aggregate_type = q.t AND aggregate_id = q.i \
                                 AND sequence >= COALESCE(s.last_sequence, 1) \
                                 ORDER BY sequence) AS e"
        ),
        Database::Sqlite { .. } => format!(
            "SELECT {COLUMNS}, CASE WHEN e.sequence = s.last_sequence THEN s.payload END \
             FROM (SELECT value ->> 0 AS t, value ->> 1 AS i, value ->> 2 AS f \
                   FROM json_each($1)) AS q \
             LEFT JOIN snapshots AS s ON s.aggregate_type = q.t AND s.aggregate_id = q.i \
                       AND s.format = q.f AND EXISTS (\
                       SELECT 1 FROM events AS last WHERE last.aggregate_type = q.t \
                       AND last.aggregate_id = q.i AND last.sequence = s.last_sequence) \
             CROSS JOIN events AS e \
             WHERE e.aggregate_type = q.t AND e.aggregate_id = q.i \
             AND e.sequence >= COALESCE(s.last_sequence, 1) \
             ORDER BY e.aggregate_type, e.aggregate_id, e.sequence"
        ),
    };
    let wanted: Vec<_> = wanted.iter().map(|(kind, id)| (kind, id, format(kind))).collect();
    let rows = database.fetch(&sql, &[Value::json(&wanted)?]).await?;
    rows.iter().map(|row| Ok((StoredEvent::from_row(row)?, row.optional_text(10)?))).collect()
}

/// A state as it is kept.
#[derive(Debug)]
#[allow(missing_docs, reason = "named after the columns")]
pub struct StoredSnapshot {
    pub aggregate_type: String,
    pub aggregate_id: String,
    pub last_sequence: i64,
    pub payload: String,
    /// Whether it is of the format that is read.
    pub current: bool,
}

/// At most `limit` states behind (type, id), in this order.
pub async fn read_snapshots(
    from: &mut Transaction,
    (kind, id): (&str, &str),
    limit: usize,
) -> Result<Vec<StoredSnapshot>, StoreError> {
    let sql = format!(
        "SELECT aggregate_type, aggregate_id, last_sequence, CAST(payload AS text), format \
         FROM snapshots WHERE (aggregate_type, aggregate_id) > ($1, $2) \
         ORDER BY aggregate_type, aggregate_id LIMIT {limit}"
    );
    let rows = from.fetch(&sql, &[kind.into(), id.into()]).await?;
    let stored = rows.iter().map(|row| {
        let aggregate_type = row.text(0)?;
        Ok(StoredSnapshot {
            current: format(&aggregate_type) == row.int(4)?,
            aggregate_type,
            aggregate_id: row.text(1)?,
            last_sequence: row.int(2)?,
            payload: row.text(3)?,
        })
    });
    stored.collect()
}
