//! Our stack: the writer and the views, as the server runs them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use aggregates::{
    shared::{PersonId, Position, Role, StreamId},
    stream::StreamCommand,
};
use oqu::{
    cabinet::Cabinet,
    commands::{Actor, CommandError, Transaction},
    config::Config,
    database::Database,
    log,
};
use projections::{AnyView, VIEWS, stream::Streams};

use crate::{
    Fault,
    ledger::Ledger,
    rebuild::rebuild,
    stack::{Rebuilt, Sent, Stack, open, shown, take},
};

/// Our stack.
pub struct Ours {
    cabinet: Cabinet,
    actor: Actor,
    /// The newest position.
    acknowledged: AtomicI64,
    ledger: Ledger,
}

/// Who asks, in both stacks.
pub fn actor() -> Actor {
    Actor {
        person: Some(PersonId::new()),
        role: Some(Role::Registrar),
        correlation: uuid::Uuid::new_v4().to_string(),
        client: Some("oqu-bench".into()),
    }
}

impl Ours {
    /// Over that database, with the view of streams, as the stock stack has one, or with all views of the product.
    pub async fn open(config: Config, all_views: bool) -> Result<Self, Fault> {
        const ONE: &[AnyView] = &[AnyView::of::<Streams>()];
        let cabinet = Cabinet::with_views(config, if all_views { VIEWS } else { ONE }).await?;
        Ok(Self {
            cabinet,
            actor: actor(),
            acknowledged: AtomicI64::new(0),
            ledger: Ledger::default(),
        })
    }

    /// Makes sure that the log has so many events at least: streams with the same number of seats taken.
    pub async fn fill(&self, events: i64) -> Result<(), Fault> {
        const SEATS: usize = 19;
        const STREAMS: usize = 25;
        while log::head(&self.cabinet.database).await?.position.0 < events {
            let mut acts = Vec::new();
            let streams = [(); STREAMS].map(|()| StreamId::new());
            for stream in streams {
                acts.push(open(stream, None).of(stream));
                acts.extend((0..SEATS).map(|_| take(stream).of(stream)));
            }
            let transaction = Transaction::of(self.actor.clone(), acts);
            let receipt = self.cabinet.commands.execute(transaction).await?;
            self.acknowledged.fetch_max(receipt.position.0, Ordering::Relaxed);
            streams.iter().for_each(|stream| self.ledger.note(*stream, 1 + SEATS as u64));
        }
        self.settle().await
    }
}

/// The view of streams, in its version.
fn streams() -> String {
    AnyView::of::<Streams>().table()
}

/// The table that the view of streams is served from, whatever this process knew a moment ago.
async fn served(database: &Database) -> Result<String, Fault> {
    let sql = "SELECT stored_in FROM view_pointers WHERE view = $1";
    let row = database
        .fetch_one(sql, &[streams().into()])
        .await?
        .ok_or("the view of streams has no table")?;
    Ok(row.text(0)?)
}

impl Stack for Ours {
    async fn send(&self, stream: StreamId, command: StreamCommand) -> Result<Sent, Fault> {
        loop {
            let act = match command.clone() {
                new @ StreamCommand::Open { .. } => new.of_new(stream),
                other => other.of(stream),
            };
            let transaction = Transaction::of(self.actor.clone(), vec![act]);
            match self.cabinet.commands.execute(transaction).await {
                Ok(receipt) => {
                    self.acknowledged.fetch_max(receipt.position.0, Ordering::Relaxed);
                    self.ledger.note(stream, 1);
                    return Ok(Sent::Done);
                }
                Err(CommandError::Refused(_)) => return Ok(Sent::Refused),
                Err(CommandError::Busy) => tokio::time::sleep(Duration::from_millis(1)).await,
                Err(other) => return Err(other.into()),
            }
        }
    }

    async fn settle(&self) -> Result<(), Fault> {
        let position = Position(self.acknowledged.load(Ordering::Relaxed));
        let fresh = self.cabinet.freshness.wait_for(position, Duration::from_secs(120)).await;
        fresh.then_some(()).ok_or_else(|| "our views did not catch up".into())
    }

    fn database(&self) -> &Database {
        &self.cabinet.database
    }

    fn view(&self) -> Arc<str> {
        self.cabinet.views.table(&streams())
    }

    fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    fn conflicts(&self) -> u64 {
        0
    }

    /// All of the log, as `oqu views rebuild` does it.
    async fn rebuild(&self, _: Duration) -> Result<Rebuilt, Fault> {
        let database = &self.cabinet.database;
        let before = shown(database, &served(database).await?).await?;
        let rate = rebuild(database, &self.cabinet.config.location()).await?;
        let after = shown(database, &served(database).await?).await?;
        Ok(Rebuilt { rate, lost: before.abs_diff(after) })
    }
}
