//! The running house: database, writer, views and clock, put together once for the server, the
//! command line and the tests.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aggregates::shared::Position;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use projections::{AnyView, VIEWS};
use tokio::task::JoinHandle;
use tracing::{error, info, warn};

use crate::{
    clock::Clock,
    commands::{CommandError, Commands, Receipt, Transaction},
    config::Config,
    database::{BuildLock, ConnectError, Database, FolderLock, Location, StoreError},
    files::Files,
    originality::{Checker, SharedText},
    people,
    views::{
        self, Followers, Freshness, Tables, Views,
        build::{self, BuildError},
    },
};

/// When it is looked again whether another process has built the views.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// How often it is told how far the views are built.
const TELL: Duration = Duration::from_secs(5);

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
    /// What time it is.
    pub clock: Clock,
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
    /// A view of a new version can't be built.
    #[error("the views can't be built: {0}")]
    Build(#[from] BuildError),
    /// Its time zone.
    #[error("the time zone `{name}` is not known: {cause}")]
    TimeZone {
        /// As configured.
        name: String,
        /// Why not.
        cause: jiff::Error,
    },
}

/// The university's time zone.
pub fn time_zone_of(config: &Config) -> Result<TimeZone, OpenError> {
    TimeZone::get(&config.time_zone)
        .map_err(|cause| OpenError::TimeZone { name: config.time_zone.clone(), cause })
}

impl Cabinet {
    /// Opens the database, and starts the writer and the views on it.
    pub async fn open(config: Config) -> Result<Self, OpenError> {
        Self::with_views(config, VIEWS).await
    }

    /// The same, bringing only these of the views forward.
    pub async fn with_views(config: Config, shown: &'static [AnyView]) -> Result<Self, OpenError> {
        let time_zone = time_zone_of(&config)?;
        let location = config.location();
        let (database, lock) = location.open().await?;
        build_missing(&database, &location).await?;
        let erased = people::erase_again(&database).await?;
        if erased > 0 {
            info!(people = erased, "erased again, as the log says");
            people::overwrite(&database).await?;
        }
        let clock = Clock::of(&database).await?;
        let files = Files::of(&config, database.clone());
        let checker: Checker = Arc::new(SharedText::new(database.clone()));
        let commands = Commands::start(database.clone());
        let views = Views::new(database.clone(), Tables::read(&database).await?);
        let (freshness, runner) = views::start(
            &views,
            shown,
            commands.head(),
            commands.tail(),
            Duration::from_millis(config.poll_ms),
        );
        let followers = Followers::start(database.clone(), freshness.clone());
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
            clock,
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

    /// Now, by the house's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
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

/// Builds the views whose version is new here, before anybody reads them; where another process is at it, waits
/// for it.
async fn build_missing(database: &Database, location: &Location) -> Result<(), OpenError> {
    let mut waits = false;
    let lock = loop {
        if build::missing(database, VIEWS).await?.is_empty() {
            return Ok(());
        }
        if let Some(lock) = location.lock_builds().await? {
            break lock;
        }
        if !std::mem::replace(&mut waits, true) {
            info!("another process is building views");
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    };
    // Another process may have done it before the lock was there.
    let missing = build::missing(database, VIEWS).await?;
    let names: Vec<_> = missing.iter().map(|view| view.table()).collect();
    info!(views = names.join(", "), "building views");
    match build_telling(database, &lock, &missing).await {
        Err(BuildError::Store(cause)) if !cause.is_unavailable() => {
            warn!(%cause, "not all of them can be built: each goes alone");
        }
        built => return Ok(built?),
    }
    for view in missing {
        // Like one that fails on an event later on, it is missed alone: the runner tells of it.
        if let Err(cause) = build_telling(database, &lock, &[view]).await {
            error!(view = view.table(), %cause, "a view can't be built");
        }
    }
    Ok(())
}

async fn build_telling(
    database: &Database,
    lock: &BuildLock,
    views: &[&'static AnyView],
) -> Result<(), BuildError> {
    let mut told = Instant::now();
    let built = build::build(database, lock, views, |at, of| {
        if told.elapsed() >= TELL {
            info!(%at, %of, "building views");
            told = Instant::now();
        }
    });
    let at = built.await?;
    info!(%at, "the views are built");
    Ok(())
}
