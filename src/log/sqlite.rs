//! How SQLite appends a batch.

use jiff::Timestamp;

use super::{Head, NewEvent};
use crate::database::{StoreError, Transaction};

/// The head; the open transaction is the only one that writes. The process's clock is the
/// database's.
pub(super) async fn lock_head(open: &mut Transaction) -> Result<Head, StoreError> {
    let sql = "SELECT position, MAX(recorded_at, $1), chain FROM log_head";
    let now = Timestamp::now().as_microsecond();
    super::read::head_of(open.fetch(sql, &[now.into()]).await?)
}

/// The events in one statement, because each call crosses a thread.
pub(super) async fn insert(
    open: &mut Transaction,
    first: i64,
    events: &[NewEvent],
    head: &Head,
    batch: [u8; 32],
) -> Result<(), StoreError> {
    let rows =
        serde_json::to_string(events).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    open.execute(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, \
                             payload, metadata, student, position, recorded_at) \
         SELECT value ->> 'aggregate_type', value ->> 'aggregate_id', value ->> 'sequence', \
                value ->> 'event_type', value ->> 'event_version', value ->> 'payload', \
                value ->> 'metadata', value ->> 'student', $2 + key, $3 \
         FROM json_each($1)",
        &[rows.into(), first.into(), head.recorded_at.into()],
    )
    .await?;
    let chain = head.chain.bytes().to_vec();
    open.execute(
        "INSERT INTO log_batches (first, last, recorded_at, sha256, chain) \
         VALUES ($1, $2, $3, $4, $5)",
        &[
            first.into(),
            head.position.0.into(),
            head.recorded_at.into(),
            batch.to_vec().into(),
            chain.clone().into(),
        ],
    )
    .await?;
    let sql = "UPDATE log_head SET position = $1, recorded_at = $2, chain = $3";
    open.execute(sql, &[head.position.0.into(), head.recorded_at.into(), chain.into()]).await?;
    Ok(())
}
