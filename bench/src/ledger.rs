//! What a stack has acknowledged, and what its log and its view show of that.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use aggregates::shared::StreamId;
use oqu::database::{Database, Row, StoreError, Value};

use crate::{Fault, stack::Stack};

/// How many commands of each stream were acknowledged: the first opened it, each other one took a seat.
pub type Acknowledged = HashMap<StreamId, u64>;

/// How many streams are asked for at once.
const TOGETHER: usize = 10_000;
/// How often they are, where the database is just coming up.
const TRIES: usize = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// Where a stack notes every acknowledgement.
#[derive(Default)]
pub struct Ledger(Mutex<Acknowledged>);

impl Ledger {
    /// Notes commands of a stream.
    pub fn note(&self, stream: StreamId, commands: u64) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *noted.entry(stream).or_default() += commands;
    }

    /// What came since this was asked last.
    pub fn take(&self) -> Acknowledged {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// How many acknowledged commands the log does not show once.
pub async fn missing<S: Stack>(stack: &S, acknowledged: &Acknowledged) -> Result<u64, Fault> {
    let sql = "SELECT aggregate_id, count(*) FROM events WHERE aggregate_type = 'Stream' \
               AND aggregate_id IN (SELECT value FROM {list}) GROUP BY aggregate_id";
    Ok(differing(acknowledged, &found(stack, acknowledged, sql).await?))
}

/// How many acknowledged commands the view or the log does not show once.
pub async fn lost<S: Stack>(stack: &S, acknowledged: &Acknowledged) -> Result<u64, Fault> {
    let taken = stack.database().pick("(payload ->> 'taken')::bigint", "payload ->> 'taken'");
    let sql = format!(
        "SELECT view_id, 1 + {taken} FROM {} WHERE view_id IN (SELECT value FROM {{list}})",
        stack.view()
    );
    let in_view = differing(acknowledged, &found(stack, acknowledged, &sql).await?);
    Ok(in_view.max(missing(stack, acknowledged).await?))
}

/// How many seats were given that there are not.
pub async fn oversold<S: Stack>(
    stack: &S,
    acknowledged: &Acknowledged,
    seats: u32,
) -> Result<u64, Fault> {
    let limit = stack.database().pick(
        "(payload -> 'card' ->> 'limit')::bigint",
        "CAST(payload -> 'card' ->> 'limit' AS integer)",
    );
    let limited = format!(
        "SELECT view_id, {limit} FROM {} WHERE {limit} = {seats} \
         AND view_id IN (SELECT value FROM {{list}})",
        stack.view()
    );
    let limited = found(stack, acknowledged, &limited).await?;
    let taken = "SELECT aggregate_id, count(*) FROM events WHERE event_type = 'StreamSeatTaken' \
                 AND aggregate_type = 'Stream' AND aggregate_id IN (SELECT value FROM {list}) \
                 GROUP BY aggregate_id";
    let taken = found(stack, acknowledged, taken).await?;
    Ok(beyond(&limited, &taken))
}

/// What a statement says of each stream, by its id.
async fn found<S: Stack>(
    stack: &S,
    acknowledged: &Acknowledged,
    sql: &str,
) -> Result<HashMap<String, u64>, Fault> {
    let database = stack.database();
    let sql = sql.replace("{list}", &database.json_texts("$1"));
    let ids: Vec<_> = acknowledged.keys().map(StreamId::to_string).collect();
    let mut found = HashMap::new();
    for some in ids.chunks(TOGETHER) {
        for row in patiently(database, &sql, &[serde_json::to_string(some)?.into()]).await? {
            found.insert(row.text(0)?, row.int(1)?.unsigned_abs());
        }
    }
    Ok(found)
}

/// After a restart each connection that broke off is found out by asking.
async fn patiently(
    database: &Database,
    sql: &str,
    values: &[Value],
) -> Result<Vec<Row>, StoreError> {
    for _ in 0..TRIES {
        match database.fetch(sql, values).await {
            Err(cause) if cause.is_unavailable() => tokio::time::sleep(PAUSE).await,
            asked => return asked,
        }
    }
    database.fetch(sql, values).await
}

/// How many are there too few or too many.
fn differing(acknowledged: &Acknowledged, found: &HashMap<String, u64>) -> u64 {
    let of = |stream: &StreamId| found.get(&stream.to_string()).copied().unwrap_or_default();
    acknowledged.iter().map(|(stream, commands)| commands.abs_diff(of(stream))).sum()
}

/// How many seats were taken beyond the limit.
fn beyond(limits: &HashMap<String, u64>, taken: &HashMap<String, u64>) -> u64 {
    let of = |stream: &String| taken.get(stream).copied().unwrap_or_default();
    limits.iter().map(|(stream, limit)| of(stream).saturating_sub(*limit)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_acknowledgement_is_looked_for() {
        let ledger = Ledger::default();
        let [whole, short, gone, doubled] = [(); 4].map(|()| StreamId::new());
        for stream in [whole, short, gone, doubled, short] {
            ledger.note(stream, 2);
        }
        let acknowledged = ledger.take();
        assert_eq!(acknowledged[&short], 4);
        assert!(ledger.take().is_empty());
        let found = [(whole, 2), (short, 3), (doubled, 3)];
        let found = found.map(|(stream, count)| (stream.to_string(), count)).into();
        assert_eq!(differing(&acknowledged, &found), 1 + 2 + 1);
    }

    #[test]
    fn seats_beyond_the_limit_are_counted() {
        let of =
            |counts: [(&str, u64); 2]| counts.map(|(key, count)| (key.to_owned(), count)).into();
        let limits = of([("full", 1_000), ("over", 1_000)]);
        assert_eq!(beyond(&limits, &of([("full", 1_000), ("over", 1_003)])), 3);
    }
}
