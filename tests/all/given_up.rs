//! Whoever asks may go at any moment; what they began is ended for them.

use std::{
    pin::pin,
    time::{Duration, Instant},
};

use aggregates::shared::SubjectId;
use futures::poll;
use oqu::{cabinet::Cabinet, config::Config, database::Database};
use sqlx::{Connection, PgConnection};

use crate::{
    common::{ask, create},
    server::until,
};

tests! {
    sqlite { what_is_given_up_while_it_begins_holds_up_nobody }
    postgres {
        a_transaction_that_is_given_up_while_it_begins_is_ended,
        the_pool_itself_would_leave_it_open,
    }
}

/// Times in which something may be given up before, within and after a BEGIN.
fn patiences() -> impl Iterator<Item = Duration> {
    (0..1_500).step_by(10).map(Duration::from_micros)
}

/// Lets go of a future after that time, which is too short for a timer.
async fn give_up(patience: Duration, future: impl Future) {
    let begun = Instant::now();
    let mut future = pin!(future);
    while begun.elapsed() < patience && poll!(&mut future).is_pending() {
        tokio::task::yield_now().await;
    }
}

/// How many connections do nothing with a transaction open.
async fn left_open(beside: &mut PgConnection) -> i64 {
    let open = "SELECT count(*) FROM pg_stat_activity \
                WHERE datname = current_database() AND state = 'idle in transaction'";
    sqlx::query_scalar(open).fetch_one(beside).await.unwrap()
}

/// A connection that went back into the pool with a transaction open would swallow what is written on
/// it next.
async fn a_transaction_that_is_given_up_while_it_begins_is_ended(config: Config) {
    let mut beside = PgConnection::connect(config.database_url.as_deref().unwrap()).await.unwrap();
    let cabinet = Cabinet::open(config).await.unwrap();
    for patience in patiences() {
        give_up(patience, cabinet.database.snapshot()).await;
        give_up(patience, cabinet.database.begin()).await;
    }
    until("every transaction has ended", async || left_open(&mut beside).await == 0).await;
}

/// There is one connection that writes: left inside a transaction it would refuse every other one.
async fn what_is_given_up_while_it_begins_holds_up_nobody(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    for patience in patiences().chain(patiences()) {
        give_up(patience, cabinet.database.begin()).await;
        let next = cabinet.database.begin().await.unwrap();
        next.rollback().await.unwrap();
    }
    cabinet.commands.execute(ask([create(SubjectId::new())])).await.unwrap();
}

/// The same without our care, so that the test above can fail. Where this fails, sqlx has learned it.
async fn the_pool_itself_would_leave_it_open(config: Config) {
    let mut beside = PgConnection::connect(config.database_url.as_deref().unwrap()).await.unwrap();
    let cabinet = Cabinet::open(config).await.unwrap();
    let Database::Postgres(pool) = &cabinet.database else { unreachable!("it is on PostgreSQL") };
    for patience in patiences().chain(patiences()) {
        give_up(patience, pool.begin_with("BEGIN")).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
        if left_open(&mut beside).await > 0 {
            return;
        }
    }
    panic!("nothing was left open");
}
