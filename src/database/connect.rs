//! Where the database lies, and how it is opened.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    str::FromStr,
    sync::atomic::Ordering,
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tracing::warn;

use super::{Database, MigrateError, SQLITE_HAS_FAILED, StoreError};

/// How often and how long an unreachable PostgreSQL is tried again.
const TRIES: u32 = 6;
const PAUSE: Duration = Duration::from_secs(2);
/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a connection is believed in.
const SILENCE: Duration = Duration::from_secs(1);
/// The advisory lock under which tables of views are built; any number of our own.
const BUILDS_LOCK: i64 = 0x6f71_7502;
const MAX_POSTGRES_CONNECTIONS: u32 = 16;
const MAX_SQLITE_READERS: u32 = 8;
/// How many rows SQLite's thread is ahead of whoever takes them.
const ROWS_READ_AHEAD: usize = 1_000;

/// Where the database lies.
#[derive(Debug, Clone)]
pub enum Location {
    /// SQLite, in the file `oqu.db` of a folder.
    Folder(PathBuf),
    /// PostgreSQL.
    Url(String),
}

/// Why the database can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The folder can't be made or written.
    #[error("the data folder {} can't be written: {source}", folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another process has it.
    #[error("the data folder {} is in use by another oqu process", folder.display())]
    InUse {
        /// Which.
        folder: PathBuf,
    },
    /// There is nothing to read.
    #[error("there is no database in {}", folder.display())]
    Missing {
        /// Which.
        folder: PathBuf,
    },
    /// The URL can't be read.
    #[error("the database URL can't be read: {0}")]
    Url(String),
    /// It can't be reached.
    #[error("the database can't be reached: {0}")]
    Unreachable(sqlx::Error),
    /// PostgreSQL would lose what it acknowledged.
    #[error("PostgreSQL runs with {setting} off and would lose what it acknowledged; turn it on")]
    NotDurable {
        /// Which setting is off.
        setting: &'static str,
    },
    /// Its tables can't be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// Something else.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Location {
    /// Opens the database to write, and brings its tables up to date. On SQLite the returned lock
    /// keeps other processes out for as long as it lives.
    pub async fn open(&self) -> Result<(Database, Option<FolderLock>), ConnectError> {
        let (database, lock) = match self {
            Self::Folder(folder) => {
                let lock = lock(folder)?;
                (open_sqlite(folder, true).await?, Some(lock))
            }
            Self::Url(url) => (open_postgres(url, "60s").await?, None),
        };
        super::migrate::migrate(&database).await?;
        Ok((database, lock))
    }

    /// Opens the database to write to its views, beside a process that has it: they are made of the log, and
    /// each change of theirs is one transaction.
    pub async fn open_views(&self) -> Result<Database, ConnectError> {
        self.open_beside("60s").await
    }

    /// Keeps others from building or dropping tables of views; none while another process does.
    pub async fn lock_builds(&self) -> Result<Option<BuildLock>, ConnectError> {
        match self {
            Self::Folder(folder) => match lock_file(folder, "views.lock") {
                Ok(lock) => Ok(Some(BuildLock::Folder(lock))),
                Err(ConnectError::InUse { .. }) => Ok(None),
                Err(other) => Err(other),
            },
            Self::Url(url) => {
                let options = PgConnectOptions::from_str(url)
                    .map_err(|error| ConnectError::Url(error.to_string()))?;
                let mut connection = options.connect().await.map_err(ConnectError::Unreachable)?;
                let locked = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
                    .bind(BUILDS_LOCK)
                    .fetch_one(&mut connection)
                    .await
                    .map_err(ConnectError::Unreachable)?;
                Ok(if locked { Some(BuildLock::Postgres(connection)) } else { None })
            }
        }
    }

    /// Opens the database to read, beside a process that writes.
    pub async fn open_to_read(&self) -> Result<Database, ConnectError> {
        // A snapshot that is only read holds up nobody, however long its reader pauses (`oqu replay | less`).
        self.open_beside("0").await
    }

    /// Opens a database that is there and up to date; how long it may do nothing, as
    /// [`open_postgres`] has it.
    async fn open_beside(&self, most_idle: &str) -> Result<Database, ConnectError> {
        let database = match self {
            Self::Folder(folder) if !folder.join("oqu.db").exists() => {
                return Err(ConnectError::Missing { folder: folder.clone() });
            }
            Self::Folder(folder) => open_sqlite(folder, false).await?,
            Self::Url(url) => open_postgres(url, most_idle).await?,
        };
        super::migrate::must_be_current(&database).await?;
        Ok(database)
    }
}

impl Database {
    /// An empty database for one's own notes. Without a name, SQLite keeps it in a temporary file
    /// that goes with its only connection, also where the process is killed.
    pub async fn scratch() -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename("")
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .disable_statement_logging();
        // Another connection would be another database.
        let pool = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        Ok(Self::Sqlite { read: pool.clone(), write: pool })
    }
}

/// Keeps other processes out of a folder for as long as it lives.
#[derive(Debug)]
pub struct FolderLock(File);

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Closing is not enough: a child process that is just being started holds the file too.
        if let Err(error) = self.0.unlock() {
            warn!(%error, "the data folder's lock ends only with this process");
        }
    }
}

/// Held by whoever builds or drops tables of views, for as long as it lives.
#[derive(Debug)]
pub enum BuildLock {
    /// Beside an embedded database.
    Folder(FolderLock),
    /// An advisory lock, which ends with its connection.
    Postgres(PgConnection),
}

/// Takes a folder to write to its database, for as long as the lock lives; it is made where it is missing.
pub(crate) fn lock(folder: &Path) -> Result<FolderLock, ConnectError> {
    lock_file(folder, "oqu.lock")
}

fn lock_file(folder: &Path, name: &str) -> Result<FolderLock, ConnectError> {
    let unwritable = |source| ConnectError::Folder { folder: folder.to_owned(), source };
    fs::create_dir_all(folder).map_err(unwritable)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(name))
        .map_err(unwritable)?;
    match file.try_lock() {
        Ok(()) => Ok(FolderLock(file)),
        Err(TryLockError::WouldBlock) => Err(ConnectError::InUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(unwritable(source)),
    }
}

async fn open_sqlite(folder: &Path, create: bool) -> Result<Database, ConnectError> {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("oqu.db"))
        .create_if_missing(create)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        // Ids are random, and so are the pages that a commit touches: the longer the write-ahead log may
        // grow, the fewer of them are written into the database twice.
        .pragma("wal_autocheckpoint", "16000")
        // In bytes: what one large transaction made it grow beyond that is given back.
        .pragma("journal_size_limit", "134217728");
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        // There is no line that could be cut.
        .test_before_acquire(false)
        // Where SQLite fails it may have ended the transaction behind sqlx's back, and whoever goes away while one
        // begins leaves it open. To look means to go to the connection's thread and back: where neither can be it is
        // spared.
        .after_release(|connection, _| {
            Box::pin(async move {
                let in_doubt = SQLITE_HAS_FAILED.load(Ordering::Relaxed);
                if !in_doubt && !connection.is_in_transaction() {
                    return Ok(true);
                }
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        // What is deleted is overwritten: an erased person leaves nothing in the file.
        .connect_with(
            options
                .clone()
                .pragma("secure_delete", "ON")
                // In KiB: what a commit touches has to fit, or it is written twice.
                .pragma("cache_size", "-65536"),
        )
        .await
        .map_err(ConnectError::Unreachable)?;
    let read = SqlitePoolOptions::new()
        .max_connections(MAX_SQLITE_READERS)
        .test_before_acquire(false)
        // Whoever reads the log waits for its rows less often than for each few.
        .connect_with(options.pragma("query_only", "ON").row_buffer_size(ROWS_READ_AHEAD))
        .await
        .map_err(ConnectError::Unreachable)?;
    Ok(Database::Sqlite { read, write })
}

/// `most_idle` is how long a transaction may do nothing before PostgreSQL ends it; 0: for ever.
async fn open_postgres(url: &str, most_idle: &str) -> Result<Database, ConnectError> {
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(ConnectError::Url("it does not begin with postgres://".into()));
    }
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| ConnectError::Url(error.to_string()))?
        .options([
            ("synchronous_commit", "on"),
            // Compiling a look-up takes longer than the look-up.
            ("jit", "off"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", most_idle),
        ]);
    let mut tries = 1;
    while let Err(error) = reach(&options).await {
        if tries == TRIES || !may_come_back(&error) {
            return Err(ConnectError::Unreachable(error));
        }
        warn!(%error, tries, of = TRIES, "PostgreSQL can't be reached, trying again");
        tokio::time::sleep(PAUSE).await;
        tries += 1;
    }
    let pool = PgPoolOptions::new()
        .max_connections(MAX_POSTGRES_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        // A question is a round trip: only a line that has been silent for a while is asked whether it holds.
        .test_before_acquire(false)
        .before_acquire(|connection, idle| {
            Box::pin(async move {
                if idle.idle_for > SILENCE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options);
    let database = Database::Postgres(pool);
    must_be_durable(&database).await?;
    Ok(database)
}

/// One connection, outside of any pool: a pool tries again by itself, and does not say why.
async fn reach(options: &PgConnectOptions) -> Result<(), sqlx::Error> {
    let connecting = tokio::time::timeout(PATIENCE, options.connect());
    let too_slow = |_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into());
    connecting.await.map_err(too_slow)??.close().await
}

/// A wrong password will not become right by waiting.
fn may_come_back(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(inner) => inner.code().is_some_and(|code| code.starts_with("57P")),
        _ => true,
    }
}

async fn must_be_durable(database: &Database) -> Result<(), ConnectError> {
    for setting in ["fsync", "full_page_writes"] {
        let row = database.fetch_one("SELECT current_setting($1)", &[setting.into()]).await?;
        let value = row.map(|row| row.text(0)).transpose()?;
        if value.as_deref() != Some("on") {
            return Err(ConnectError::NotDurable { setting });
        }
    }
    Ok(())
}
