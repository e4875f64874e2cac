//! Whoever asks may go at any moment; what they began is ended for them.

use std::{
    pin::pin,
    time::{Duration, Instant},
};

use futures::poll;
use oqu::{cabinet::Cabinet, config::Config};

use crate::{common::rows, server::until};

tests! { postgres { a_transaction_that_is_given_up_while_it_begins_is_ended } }

/// A connection that went back into the pool with a transaction open would swallow what is written on
/// it next.
async fn a_transaction_that_is_given_up_while_it_begins_is_ended(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let database = &cabinet.database;
    for micros in (0..1_500).step_by(10) {
        let patience = Duration::from_micros(micros);
        give_up(patience, database.snapshot()).await;
        give_up(patience, database.begin()).await;
    }
    let open = "SELECT count(*) FROM pg_stat_activity \
                WHERE datname = current_database() AND state = 'idle in transaction'";
    until("every transaction has ended", async || {
        rows(database, open).await[0].int(0).unwrap() == 0
    })
    .await;
}

/// Lets go of a future after that time, which is too short for a timer.
async fn give_up(patience: Duration, future: impl Future) {
    let begun = Instant::now();
    let mut future = pin!(future);
    while begun.elapsed() < patience && poll!(&mut future).is_pending() {
        tokio::task::yield_now().await;
    }
}
