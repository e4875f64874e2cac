//! Tells the other processes on one PostgreSQL when the log or the views have moved, and hears it of them
//! (LISTEN, NOTIFY). Whoever misses it looks by himself after a while.

use std::time::{Duration, Instant};

use aggregates::shared::Position;
use sqlx::{
    PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval, sleep},
};
use tracing::debug;
use uuid::Uuid;

use crate::database::Database;

const CHANNEL: &str = "oqu";
/// The least time between two rings: what moves meanwhile is told together.
const PAUSE: Duration = Duration::from_millis(5);
/// How often a process tells that it is there.
const HERE: Duration = Duration::from_secs(10);
/// How long after the last ring somebody is believed to be there; where nobody is, nothing is told.
const GONE: Duration = Duration::from_secs(30);
/// When it is tried again after the database failed.
const AGAIN: Duration = Duration::from_secs(1);

/// Begins to tell and to listen; what it returns changes whenever another process has told something. It ends
/// with the writer or the views of this process.
pub(super) fn hang(
    database: &Database,
    head: watch::Receiver<Position>,
    reached: watch::Receiver<Position>,
) -> watch::Receiver<Option<Instant>> {
    let (tell, heard) = watch::channel(None);
    let me = Uuid::new_v4().to_string();
    match database {
        Database::Postgres(pool) => {
            let listening = tokio::spawn(listen(pool.clone(), me.clone(), tell));
            let (pool, others) = (pool.clone(), heard.clone());
            tokio::spawn(async move {
                ring(pool, me, head, reached, others).await;
                listening.abort();
            });
        }
        Database::Sqlite { .. } => {
            // Nobody else is there; the line is kept open all the same.
            tokio::spawn(async move {
                let mut head = head;
                while head.changed().await.is_ok() {}
                drop(tell);
            });
        }
    }
    heard
}

/// Hears the others.
async fn listen(pool: PgPool, me: String, tell: watch::Sender<Option<Instant>>) {
    loop {
        let heard = listen_until_lost(&pool, &me, &tell).await;
        if let Err(cause) = heard {
            debug!(%cause, "the other processes can't be heard");
        }
        sleep(AGAIN).await;
    }
}

async fn listen_until_lost(
    pool: &PgPool,
    me: &str,
    tell: &watch::Sender<Option<Instant>>,
) -> Result<(), sqlx::Error> {
    // A connection of its own, which no request waits for.
    let options = pool.connect_options().as_ref().clone();
    let own = PgPoolOptions::new().max_connections(1).connect_with(options).await?;
    let mut listener = PgListener::connect_with(&own).await?;
    listener.listen(CHANNEL).await?;
    loop {
        match listener.try_recv().await? {
            Some(told) if told.payload() == me => {}
            // What was told while the line was cut is missed: as if it had been heard.
            Some(_) | None => {
                tell.send_replace(Some(Instant::now()));
            }
        }
    }
}

/// Tells the others, if there are any.
async fn ring(
    pool: PgPool,
    me: String,
    mut head: watch::Receiver<Position>,
    mut reached: watch::Receiver<Position>,
    mut others: watch::Receiver<Option<Instant>>,
) {
    let mut here = interval(HERE);
    here.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut known = false;
    loop {
        let mut must = false;
        tokio::select! {
            moved = head.changed() => if moved.is_err() { return },
            moved = reached.changed() => if moved.is_err() { return },
            heard = others.changed() => {
                if heard.is_err() { return }
                // Whoever has just come has to know that somebody is here.
                must = !known;
                if known { continue }
            }
            _ = here.tick() => must = true,
        }
        known = others.borrow().is_some_and(|heard: Instant| heard.elapsed() < GONE);
        if known || must {
            let sql = "SELECT pg_notify($1, $2)";
            if let Err(cause) = sqlx::query(sql).bind(CHANNEL).bind(&me).execute(&pool).await {
                debug!(%cause, "the other processes can't be told");
                sleep(AGAIN).await;
            }
            sleep(PAUSE).await;
        }
    }
}
