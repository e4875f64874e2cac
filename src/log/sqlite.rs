//! How SQLite appends a batch.

use aggregates::shared::Position;
use jiff::Timestamp;
use sqlx::SqlitePool;

use super::{Head, NewEvent, Requests, requests::keeping};
use crate::database::{DURABLE, StoreError, Transaction, Value, at_once, listed};

/// How many values an event has.
const WIDTH: usize = 10;

/// The head; the open transaction is the only one that writes. The process's clock is the
/// database's.
pub(super) async fn lock_head(open: &mut Transaction) -> Result<Head, StoreError> {
    let sql = "SELECT position, MAX(recorded_at, $1), chain FROM log_head";
    let now = Timestamp::now().as_microsecond();
    super::read::head_of(open.fetch(sql, &[now.into()]).await?)
}

/// A batch as it is written behind a head.
struct Writing {
    /// The events, a table for each statement that inserts some.
    events: Vec<String>,
    values: Vec<Value>,
    /// How many of the values are the events'; behind them come those of the batch, and the requests if there are some.
    of_events: usize,
    with_requests: bool,
    /// Where the log ends with it.
    head: Head,
}

impl Writing {
    fn behind(
        before: Head,
        events: &[&NewEvent],
        requests: Option<&Requests>,
        sha256: [u8; 32],
    ) -> Self {
        let (first, last) = (before.position.0 + 1, before.position.0 + events.len() as i64);
        let chain = before.chain.after(first, last, before.recorded_at, sha256);
        let mut values = Vec::new();
        for (event, position) in events.iter().zip(first..) {
            let row: [Value; WIDTH] = [
                event.aggregate_type.into(),
                event.aggregate_id.as_str().into(),
                event.sequence.into(),
                event.event_type.into(),
                event.event_version.into(),
                event.payload.as_str().into(),
                event.metadata().into(),
                event.student.clone().into(),
                position.into(),
                before.recorded_at.into(),
            ];
            values.extend(row);
        }
        let events = listed(&mut values, 0, WIDTH);
        let of_events = values.len();
        values.extend([
            first.into(),
            last.into(),
            before.recorded_at.into(),
            sha256.to_vec().into(),
            chain.bytes().to_vec().into(),
        ]);
        values.extend(requests.map(|requests| Value::from(requests.json())));
        let head = Head { position: Position(last), recorded_at: before.recorded_at, chain };
        Self { events, values, of_events, with_requests: requests.is_some(), head }
    }

    /// What writes it where this holds.
    fn sql(&self, holds: &str) -> String {
        let [first, last, at, sha256, chain, requests] =
            [1, 2, 3, 4, 5, 6].map(|place| self.of_events + place);
        let mut sql = String::new();
        for events in &self.events {
            sql += &format!(
                "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, \
                 event_version, payload, metadata, student, position, recorded_at) \
                 SELECT * FROM {events} AND {holds}; "
            );
        }
        if self.with_requests {
            let list = format!("json_each(${requests}) WHERE {holds}");
            sql += &format!("{}; ", keeping(&list, &format!("${last}"), &format!("${at}")));
        }
        sql + &format!(
            "INSERT INTO log_batches (first, last, recorded_at, sha256, chain) \
             SELECT ${first}, ${last}, ${at}, ${sha256}, ${chain} WHERE {holds}; \
             UPDATE log_head SET position = ${last}, recorded_at = ${at}, chain = ${chain} \
             WHERE {holds}"
        )
    }
}

/// All in one call, because each call crosses a thread.
pub(super) async fn append(
    open: &mut Transaction,
    events: &[&NewEvent],
    requests: Option<&Requests>,
    sha256: [u8; 32],
) -> Result<Head, StoreError> {
    let writing = Writing::behind(lock_head(open).await?, events, requests, sha256);
    open.execute(&writing.sql("true"), &writing.values).await?;
    Ok(writing.head)
}

/// The transaction too in that one call; nothing where the log does not end as it was seen.
pub(super) async fn append_at_once(
    write: &SqlitePool,
    events: &[&NewEvent],
    requests: Option<&Requests>,
    sha256: [u8; 32],
    seen: Head,
) -> Result<Option<Head>, StoreError> {
    let now = Timestamp::now().as_microsecond();
    let before = Head { recorded_at: seen.recorded_at.max(now), ..seen };
    let mut writing = Writing::behind(before, events, requests, sha256);
    let [chain, at] = [1, 2].map(|place| writing.values.len() + place);
    writing.values.extend([seen.chain.bytes().to_vec().into(), seen.recorded_at.into()]);
    let as_seen =
        format!("EXISTS (SELECT 1 FROM log_head WHERE chain = ${chain} AND recorded_at = ${at})");
    let sql = format!(
        "{DURABLE}; {}; \
         SELECT position, recorded_at, chain FROM log_head; COMMIT",
        writing.sql(&as_seen)
    );
    let found = super::read::head_of(at_once(write, sql, writing.values).await?)?;
    Ok((found == writing.head).then_some(writing.head))
}
