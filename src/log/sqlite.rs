//! How SQLite appends a batch.

use aggregates::shared::Position;
use jiff::Timestamp;
use sqlx::SqlitePool;

use super::{Head, NewEvent};
use crate::database::{StoreError, Transaction, Value, at_once};

/// The head; the open transaction is the only one that writes. The process's clock is the
/// database's.
pub(super) async fn lock_head(open: &mut Transaction) -> Result<Head, StoreError> {
    let sql = "SELECT position, MAX(recorded_at, $1), chain FROM log_head";
    let now = Timestamp::now().as_microsecond();
    super::read::head_of(open.fetch(sql, &[now.into()]).await?)
}

/// Writes a batch behind the head as it stands, where this holds; `$1` the events, `$2` and `$3` the first and the
/// last position, `$4` the time, `$5` the batch's SHA-256, `$6` the chain.
fn writing(holds: &str) -> String {
    format!(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, \
                            payload, metadata, student, position, recorded_at) \
        SELECT value ->> 'aggregate_type', value ->> 'aggregate_id', value ->> 'sequence', \
               value ->> 'event_type', value ->> 'event_version', value ->> 'payload', \
               value ->> 'metadata', value ->> 'student', $2 + key, $4 \
        FROM json_each($1) WHERE {holds}; \
        INSERT INTO log_batches (first, last, recorded_at, sha256, chain) \
        SELECT $2, $3, $4, $5, $6 WHERE {holds}; \
        UPDATE log_head SET position = $3, recorded_at = $4, chain = $6 WHERE {holds}"
    )
}

/// Its values, and where the log ends with it.
fn written(
    events: &[&NewEvent],
    sha256: [u8; 32],
    before: Head,
) -> Result<(Vec<Value>, Head), StoreError> {
    let (first, last) = (before.position.0 + 1, before.position.0 + events.len() as i64);
    let chain = before.chain.after(first, last, before.recorded_at, sha256);
    let values = vec![
        Value::json(events)?,
        first.into(),
        last.into(),
        before.recorded_at.into(),
        sha256.to_vec().into(),
        chain.bytes().to_vec().into(),
    ];
    Ok((values, Head { position: Position(last), recorded_at: before.recorded_at, chain }))
}

/// All in one call, because each call crosses a thread.
pub(super) async fn append(
    open: &mut Transaction,
    events: &[&NewEvent],
    sha256: [u8; 32],
) -> Result<Head, StoreError> {
    let before = lock_head(open).await?;
    let (values, head) = written(events, sha256, before)?;
    open.execute(&writing("true"), &values).await?;
    Ok(head)
}

/// The transaction too in that one call; nothing where the log does not end as it was seen.
pub(super) async fn append_at_once(
    write: &SqlitePool,
    events: &[&NewEvent],
    sha256: [u8; 32],
    seen: Head,
) -> Result<Option<Head>, StoreError> {
    let now = Timestamp::now().as_microsecond();
    let before = Head { recorded_at: seen.recorded_at.max(now), ..seen };
    let (mut values, head) = written(events, sha256, before)?;
    values.extend([seen.chain.bytes().to_vec().into(), seen.recorded_at.into()]);
    let as_seen = "EXISTS (SELECT 1 FROM log_head WHERE chain = $7 AND recorded_at = $8)";
    let writing = writing(as_seen);
    let sql = format!(
        "PRAGMA synchronous = FULL; BEGIN IMMEDIATE; {writing}; \
         SELECT position, recorded_at, chain FROM log_head; COMMIT"
    );
    let found = super::read::head_of(at_once(write, sql, values).await?)?;
    Ok((found == head).then_some(head))
}
