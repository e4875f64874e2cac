//! The running house: database, writer, views and clock, put together once for the server, the
//! command line and the tests.

use std::{sync::Arc, time::Duration};

use aggregates::shared::Position;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use tokio::task::JoinHandle;
use tracing::info;

use crate::{
    commands::{CommandError, Commands, Receipt, Transaction},
    config::Config,
    database::{ConnectError, Database, FolderLock, StoreError},
    files::Files,
    originality::{Checker, SharedText},
    people,
    views::{self, Followers, Freshness, Views},
};

/// The running house.
pub struct Cabinet {
    /// The configuration.
    pub config: Config,
    /// The database.
    pub database: Database,
    /// Where commands are handed in.
    pub commands: Commands,
    /// Where documents are read.
    pub views: Views,
    /// How far the views have come.
    pub freshness: Freshness,
    /// Who follows the log.
    pub followers: Followers,
    /// The store of files.
    pub files: Files,
    /// What checks theses.
    pub checker: Checker,
    /// The university's time zone.
    pub time_zone: TimeZone,
    runner: JoinHandle<()>,
    /// Keeps other processes out of an embedded database.
    _lock: Option<FolderLock>,
}

/// Why the house does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its database.
    #[error(transparent)]
    Database(#[from] ConnectError),
    /// What it holds.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its time zone.
    #[error("the time zone `{name}` is not known: {cause}")]
    TimeZone {
        /// As configured.
        name: String,
        /// Why not.
        cause: jiff::Error,
    },
}

impl Cabinet {
    /// Opens the database, and starts the writer and the views on it.
    pub async fn open(config: Config) -> Result<Self, OpenError> {
        let time_zone = TimeZone::get(&config.time_zone)
            .map_err(|cause| OpenError::TimeZone { name: config.time_zone.clone(), cause })?;
        let (database, lock) = config.location().open().await?;
        let erased = people::erase_again(&database).await?;
        if erased > 0 {
            info!(people = erased, "erased again, as the log says");
        }
        let files = Files::of(&config, database.clone());
        let checker: Checker = Arc::new(SharedText::new(database.clone()));
        let commands = Commands::start(database.clone());
        let (freshness, runner) = views::start(database.clone(), commands.head(), commands.tail());
        let followers = Followers::start(database.clone(), freshness.clone());
        let views = Views::new(database.clone());
        Ok(Self {
            config,
            database,
            commands,
            views,
            freshness,
            followers,
            files,
            checker,
            time_zone,
            runner,
            _lock: lock,
        })
    }

    /// Does it, and waits until the views know of it; false beside the receipt where they are late.
    pub async fn execute(&self, transaction: Transaction) -> Result<(Receipt, bool), CommandError> {
        let receipt = self.commands.execute(transaction).await?;
        let fresh = self.wait_for(receipt.position).await;
        Ok((receipt, fresh))
    }

    /// Waits until the views have come so far; whether they did in time.
    pub async fn wait_for(&self, position: Position) -> bool {
        let most = Duration::from_millis(self.config.freshness_ms);
        self.freshness.wait_for(position, most).await
    }

    /// Now, by this machine's clock, to the microsecond, as the log keeps times.
    pub fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// Which day it is at the university.
    pub fn today(&self) -> Date {
        self.time_zone.to_datetime(self.now()).date()
    }

    /// Lets go of the database: commands that wait are finished first.
    pub async fn close(self) {
        let Self { commands, runner, database, .. } = self;
        drop(commands);
        // The runner ends when the writer has.
        if let Err(error) = runner.await {
            tracing::error!(%error, "the views did not end cleanly");
        }
        match database {
            Database::Postgres(pool) => pool.close().await,
            Database::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}
