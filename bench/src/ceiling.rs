//! What the machine's databases can do at the most: bare statements, no stack.

use std::time::{Duration, Instant};

use futures::future::try_join_all;
use oqu::database::Database;

use crate::{Fault, load::median};

const ROW: &str = "CREATE TABLE bare (id integer, payload text)";
const PAYLOAD: usize = 500;
const BATCH: usize = 1_000;

/// The ceilings of one database.
#[derive(Debug, Clone, Copy)]
pub struct Ceilings {
    /// Transactions of one row a second, 64 clients at once.
    pub transactions: f64,
    /// Rows a second, inserted a thousand at a time.
    pub rows: f64,
    /// The median of a bare commit of one row.
    pub commit: Duration,
    /// Events read and parsed a second; 0 where nothing needs to know.
    pub parsed: f64,
}

impl Ceilings {
    /// Measures them, in a table that is dropped again.
    pub async fn measure(database: &Database, time: Duration) -> Result<Self, Fault> {
        database.execute(ROW, &[]).await?;
        let ceilings = Self {
            transactions: transactions(database, time).await?,
            rows: rows(database, time).await?,
            commit: commit(database).await?,
            parsed: 0.0,
        };
        database.execute("DROP TABLE bare", &[]).await?;
        Ok(ceilings)
    }
}

async fn insert_one(database: &Database, payload: &str) -> Result<(), Fault> {
    let sql = "INSERT INTO bare (id, payload) VALUES ($1, $2)";
    database.execute(sql, &[1.into(), payload.into()]).await?;
    Ok(())
}

async fn transactions(database: &Database, time: Duration) -> Result<f64, Fault> {
    let payload = "x".repeat(PAYLOAD);
    let begin = Instant::now();
    let client = |_| {
        let (database, payload) = (database.clone(), payload.clone());
        tokio::spawn(async move {
            let mut done = 0_u64;
            while begin.elapsed() < time {
                insert_one(&database, &payload).await?;
                done += 1;
            }
            Ok::<_, Fault>(done)
        })
    };
    let done: u64 = try_join_all((0..64).map(client)).await?.into_iter().sum::<Result<_, _>>()?;
    Ok(done as f64 / begin.elapsed().as_secs_f64())
}

async fn rows(database: &Database, time: Duration) -> Result<f64, Fault> {
    let rows = serde_json::to_string(&vec!["x".repeat(PAYLOAD); BATCH])?;
    let list = database.json_texts("$1");
    let sql = format!("INSERT INTO bare (id, payload) SELECT 1, value FROM {list}");
    let begin = Instant::now();
    let mut done = 0;
    while begin.elapsed() < time {
        database.execute(&sql, &[rows.as_str().into()]).await?;
        done += BATCH;
    }
    Ok(done as f64 / begin.elapsed().as_secs_f64())
}

async fn commit(database: &Database) -> Result<Duration, Fault> {
    let payload = "x".repeat(PAYLOAD);
    let mut took = vec![];
    for _ in 0..300 {
        let begin = Instant::now();
        insert_one(database, &payload).await?;
        took.push(begin.elapsed());
    }
    Ok(median(took))
}

/// Events a second that are read and whose payload and metadata are parsed as JSON: what loads an aggregate with each
/// command can't pass it.
pub async fn parsed_read(database: &Database, time: Duration) -> Result<f64, Fault> {
    let sql = "SELECT CAST(payload AS text), CAST(metadata AS text) FROM events LIMIT 1000";
    let (begin, mut read) = (Instant::now(), 0);
    while read == 0 || begin.elapsed() < time {
        let rows = database.fetch(sql, &[]).await?;
        for row in &rows {
            for column in 0..2 {
                std::hint::black_box(serde_json::from_str::<serde_json::Value>(
                    &row.text(column)?,
                )?);
            }
        }
        read += rows.len();
    }
    Ok(read as f64 / begin.elapsed().as_secs_f64())
}

/// Events a second that are read in the order of the log, as they are stored: by PostgreSQL sent to us, by SQLite
/// looked at where they lie.
pub async fn ordered_read(database: &Database) -> Result<f64, Fault> {
    const PAGE: i64 = 10_000;
    let columns = "position, recorded_at, aggregate_type, aggregate_id, sequence, event_type, \
                   event_version, CAST(payload AS text), CAST(metadata AS text)";
    let page = format!("FROM events WHERE position > $1 ORDER BY position LIMIT {PAGE}");
    let sql = database.pick(
        format!("SELECT {columns} {page}"),
        format!(
            "SELECT max(position), sum(length(payload) + length(metadata)) FROM (SELECT * {page})"
        ),
    );
    let head = oqu::log::head(database).await?.position.0;
    let (begin, mut at) = (Instant::now(), 0);
    while at < head {
        let rows = database.fetch(&sql, &[at.into()]).await?;
        at = rows.last().ok_or("the log has a gap")?.int(0)?;
    }
    Ok(head as f64 / begin.elapsed().as_secs_f64())
}
