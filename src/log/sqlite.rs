//! How SQLite appends a batch.

use aggregates::shared::Position;
use jiff::Timestamp;

use super::{Head, NewEvent};
use crate::database::{StoreError, Transaction, Value};

/// The head; the open transaction is the only one that writes. The process's clock is the
/// database's.
pub(super) async fn lock_head(open: &mut Transaction) -> Result<Head, StoreError> {
    let sql = "SELECT position, MAX(recorded_at, $1), chain FROM log_head";
    let now = Timestamp::now().as_microsecond();
    super::read::head_of(open.fetch(sql, &[now.into()]).await?)
}

/// All in one call, because each call crosses a thread.
pub(super) async fn append(
    open: &mut Transaction,
    events: &[&NewEvent],
    sha256: [u8; 32],
) -> Result<Head, StoreError> {
    const SQL: &str = "\
        INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, \
                            payload, metadata, student, position, recorded_at) \
        SELECT value ->> 'aggregate_type', value ->> 'aggregate_id', value ->> 'sequence', \
               value ->> 'event_type', value ->> 'event_version', value ->> 'payload', \
               value ->> 'metadata', value ->> 'student', $2 + key, $4 \
        FROM json_each($1); \
        INSERT INTO log_batches (first, last, recorded_at, sha256, chain) \
        VALUES ($2, $3, $4, $5, $6); \
        UPDATE log_head SET position = $3, recorded_at = $4, chain = $6";
    let before = lock_head(open).await?;
    let (first, last) = (before.position.0 + 1, before.position.0 + events.len() as i64);
    let chain = before.chain.after(first, last, before.recorded_at, sha256);
    let values = [
        Value::json(events)?,
        first.into(),
        last.into(),
        before.recorded_at.into(),
        sha256.to_vec().into(),
        chain.bytes().to_vec().into(),
    ];
    open.execute(SQL, &values).await?;
    Ok(Head { position: Position(last), recorded_at: before.recorded_at, chain })
}
