//! How PostgreSQL appends a batch.

use sqlx::{PgExecutor, query};

use super::{Head, NewEvent, Requests, requests::keeping};
use crate::database::{Row, StoreError, Transaction};

/// Locks the head; the time is the greater of the database's clock and the one before.
pub(super) async fn lock_head(open: &mut Transaction) -> Result<Head, StoreError> {
    // The clock is read once the lock is held: a row that was waited for is read again as it is then.
    let sql = "SELECT position, GREATEST(recorded_at, \
               (extract(epoch FROM clock_timestamp()) * 1000000)::bigint), chain \
               FROM log_head FOR UPDATE";
    super::read::head_of(open.fetch(sql, &[]).await?)
}

/// One round trip: the head is moved, and with it come the batch, its events and the requests that it answers.
/// Whoever else appends waits for the head's row, and then finds it as it is by then. A batch that was shut out
/// writes nothing.
pub(super) async fn append(
    executor: impl PgExecutor<'_>,
    events: &[&NewEvent],
    requests: Option<&Requests>,
    sha256: [u8; 32],
) -> Result<Head, StoreError> {
    const APPEND: &str = "\
        WITH head AS ( \
            UPDATE log_head SET (position, recorded_at, chain) = ( \
                SELECT log_head.position + $9, now.at, \
                       sha256(log_head.chain || int8send(log_head.position + 1) || \
                              int8send(log_head.position + $9) || int8send(now.at) || $10) \
                FROM (SELECT GREATEST(log_head.recorded_at, \
                        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) AS at OFFSET 0) \
                     AS now) \
            WHERE NOT $10 = ANY (shut_out) \
            RETURNING position, recorded_at, chain), \
        batch AS ( \
            INSERT INTO log_batches (first, last, recorded_at, sha256, chain) \
            SELECT position - $9 + 1, position, recorded_at, $10, chain FROM head), \
        new AS ( \
            INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, \
                                payload, metadata, student, position, recorded_at) \
            SELECT aggregate_type, aggregate_id, sequence, event_type, event_version, \
                   payload::json, metadata::json, student, head.position - $9 + place, \
                   head.recorded_at \
            FROM head, unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], \
                              $6::text[], $7::text[], $8::text[]) WITH ORDINALITY \
                 AS new (aggregate_type, aggregate_id, sequence, event_type, event_version, \
                         payload, metadata, student, place))";
    const LIST: &str = "head, json_array_elements($11::json) AS list (value)";
    fn column<'a, T>(events: &[&'a NewEvent], field: impl Fn(&'a NewEvent) -> T) -> Vec<T> {
        events.iter().copied().map(field).collect()
    }
    let kept = match requests {
        Some(_) => format!(", kept AS ({})", keeping(LIST, "head.position", "head.recorded_at")),
        None => String::new(),
    };
    let sql = format!("{APPEND}{kept} SELECT position, recorded_at, chain FROM head");
    let mut statement = query(&sql)
        .bind(column(events, |event| event.aggregate_type))
        .bind(column(events, |event| event.aggregate_id.as_str()))
        .bind(column(events, |event| event.sequence))
        .bind(column(events, |event| event.event_type))
        .bind(column(events, |event| event.event_version))
        .bind(column(events, |event| event.payload.as_str()))
        .bind(column(events, |event| event.metadata()))
        .bind(column(events, |event| event.student.as_deref()))
        .bind(events.len() as i64)
        .bind(sha256.as_slice());
    if let Some(requests) = requests {
        statement = statement.bind(requests.json());
    }
    let row = statement.fetch_one(executor).await?;
    super::read::head_of(vec![Row::Postgres(row)])
}

/// Of those that were shut out the newest 32 are kept: more than may be on their way at once.
pub(super) async fn shut_out(open: &mut Transaction, sha256: [u8; 32]) -> Result<(), StoreError> {
    let sql = "UPDATE log_head SET shut_out = \
               (shut_out || $1::bytea)[GREATEST(1, cardinality(shut_out) - 30):]";
    open.execute(sql, &[sha256.to_vec().into()]).await?;
    Ok(())
}
