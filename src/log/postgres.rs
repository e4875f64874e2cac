//! How PostgreSQL appends a batch.

use sqlx::query;

use super::{Head, NewEvent};
use crate::database::{StoreError, Transaction};

/// Locks the head; the time is the greater of the database's clock and the one before.
pub(super) async fn lock_head(open: &mut Transaction) -> Result<Head, StoreError> {
    // The clock is read once the lock is held: a row that was waited for is read again as it is then.
    let sql = "SELECT position, GREATEST(recorded_at, \
               (extract(epoch FROM clock_timestamp()) * 1000000)::bigint), chain \
               FROM log_head FOR UPDATE";
    super::read::head_of(open.fetch(sql, &[]).await?)
}

/// One round trip: the events, the batch and the head.
pub(super) async fn insert(
    open: &mut Transaction,
    first: i64,
    events: &[NewEvent],
    head: &Head,
    batch: [u8; 32],
) -> Result<(), StoreError> {
    const SQL: &str = "\
        WITH head AS (UPDATE log_head SET position = $10, recorded_at = $11, chain = $13), \
        batch AS (INSERT INTO log_batches (first, last, recorded_at, sha256, chain) \
                  VALUES ($9, $10, $11, $12, $13)) \
        INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, \
                            payload, metadata, student, position, recorded_at) \
        SELECT aggregate_type, aggregate_id, sequence, event_type, event_version, \
               payload::json, metadata::json, student, $9 + place - 1, $11 \
        FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], \
                    $7::text[], $8::text[]) WITH ORDINALITY \
             AS new (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, \
                     metadata, student, place)";
    let Transaction::Postgres(open) = open else {
        return Err(StoreError::Corrupt("not PostgreSQL".into()));
    };
    fn column<'a, T>(events: &'a [NewEvent], field: impl Fn(&'a NewEvent) -> T) -> Vec<T> {
        events.iter().map(field).collect()
    }
    query(SQL)
        .bind(column(events, |event| event.aggregate_type))
        .bind(column(events, |event| event.aggregate_id.as_str()))
        .bind(column(events, |event| event.sequence))
        .bind(column(events, |event| event.event_type))
        .bind(column(events, |event| event.event_version))
        .bind(column(events, |event| event.payload.as_str()))
        .bind(column(events, |event| event.metadata.as_str()))
        .bind(column(events, |event| event.student.as_deref()))
        .bind(first)
        .bind(head.position.0)
        .bind(head.recorded_at)
        .bind(batch.as_slice())
        .bind(head.chain.bytes().as_slice())
        .execute(&mut **open)
        .await?;
    Ok(())
}
