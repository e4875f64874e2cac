//! Eight writers, on PostgreSQL on two nodes, against a reader that follows the log: it sees 1, 2, 3, ...
//! and nothing else.

use std::time::Instant;

use aggregates::shared::StreamId;
use futures::future::try_join_all;
use oqu::{
    cabinet::Cabinet,
    commands::{CommandError, Transaction},
    database::Database,
    log,
};

use crate::{Fault, house::House, ours::actor, report::Kind, stack::open};

const WRITERS: i64 = 8;
/// How many events a writer writes at once.
const TOGETHER: i64 = 100;
/// How many positions are read at once.
const PAGE: i64 = 10_000;

/// Lets them race for so many events; whether the reader saw each position once and in order.
pub async fn run(house: &House, events: i64) -> Result<bool, Fault> {
    if events == 0 {
        return Ok(true);
    }
    let mut nodes = vec![Cabinet::open(house.config()).await?];
    if house.kind == Kind::Postgres {
        nodes.push(Cabinet::open(house.config()).await?);
    }
    let begin = Instant::now();
    let reader = house.location().open_to_read().await?;
    let from = log::head(&reader).await?.position.0;
    let each = (events + WRITERS * TOGETHER - 1) / (WRITERS * TOGETHER);
    let until = from + each * WRITERS * TOGETHER;
    let writing = (0..WRITERS as usize).map(|writer| write(&nodes[writer % nodes.len()], each));
    let (written, out_of_order) = tokio::join!(try_join_all(writing), follow(&reader, from, until));
    written?;
    let out_of_order = out_of_order?;
    let (count, seconds) = (until - from, begin.elapsed().as_secs_f64());
    println!(
        "race: {WRITERS} writers on {} nodes wrote {count} events at {:.0} a second; \
         the reader saw {out_of_order} out of order",
        nodes.len(),
        count as f64 / seconds
    );
    Ok(out_of_order == 0)
}

async fn write(node: &Cabinet, times: i64) -> Result<(), Fault> {
    let actor = actor();
    for _ in 0..times {
        let streams = (0..TOGETHER).map(|_| StreamId::new());
        let acts = streams.map(|stream| open(stream, None).of(stream)).collect();
        let transaction = Transaction::of(actor.clone(), acts);
        loop {
            match node.commands.execute(transaction.clone()).await {
                Ok(_) => break,
                Err(CommandError::Busy) => tokio::task::yield_now().await,
                Err(other) => return Err(other.into()),
            }
        }
    }
    Ok(())
}

/// Follows the log up to a position: how many positions came that were not the next one.
async fn follow(database: &Database, mut last: i64, until: i64) -> Result<i64, Fault> {
    let sql =
        format!("SELECT position FROM events WHERE position > $1 ORDER BY position LIMIT {PAGE}");
    let mut out_of_order = 0;
    while last < until {
        for row in database.fetch(&sql, &[last.into()]).await? {
            let position = row.int(0)?;
            out_of_order += i64::from(position != last + 1);
            last = position;
        }
        tokio::task::yield_now().await;
    }
    Ok(out_of_order)
}
