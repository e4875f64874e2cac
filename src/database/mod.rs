//! The two databases behind one small interface: SQL with `$1` placeholders goes to both as it is,
//! and where they differ each gets its own text.

mod connect;
pub(crate) mod copy;
mod errors;
mod listed;
mod migrate;
mod pools;
mod rows;
mod statistics;
pub mod view_tables;

use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::{Connection, PgPool, SqlitePool};

pub(crate) use connect::lock as lock_folder;
pub use connect::{BuildLock, ConnectError, FolderLock, Location};
pub use errors::{StoreError, Unwritten};
pub(crate) use listed::listed;
pub use migrate::MigrateError;
pub use pools::Connections;
pub use rows::{Row, Value};
pub use statistics::Growth;

/// A database, open and migrated.
#[derive(Clone)]
pub enum Database {
    /// PostgreSQL.
    Postgres(PgPool),
    /// SQLite: one connection writes, several read beside it.
    Sqlite {
        /// Reads.
        read: SqlitePool,
        /// Writes.
        write: SqlitePool,
    },
}

/// Whether SQLite has failed in this process by something else than a key: from then on the connection that writes
/// is looked at before it is used again.
static SQLITE_HAS_FAILED: AtomicBool = AtomicBool::new(false);

fn noted<T>(result: Result<T, StoreError>) -> Result<T, StoreError> {
    result.inspect_err(|error| {
        if !matches!(error, StoreError::Conflict(_)) {
            SQLITE_HAS_FAILED.store(true, Ordering::Relaxed);
        }
    })
}

/// How SQLite begins what is on disk once it is committed. What a statement would have to put back that fails halfway is
/// kept in memory: in a file, as SQLite does it beyond 64 KiB, each page of a batch is written twice
/// (docs/decisions/0022).
pub(crate) const DURABLE: &str =
    "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; BEGIN IMMEDIATE";
/// How it begins what the log makes anew, of some events.
pub(crate) const FOLD: &str =
    "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; BEGIN IMMEDIATE";
/// The same of all events: a table is indexed or dropped, which would be too much for the memory.
const DERIVED: &str = "PRAGMA synchronous = NORMAL; PRAGMA temp_store = FILE; BEGIN IMMEDIATE";

/// A transaction that writes, or one that reads a single snapshot.
pub enum Transaction {
    /// PostgreSQL.
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
    /// SQLite.
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
}

impl Database {
    /// Whichever text is for this database.
    pub fn pick<T>(&self, postgres: T, sqlite: T) -> T {
        match self {
            Self::Postgres(_) => postgres,
            Self::Sqlite { .. } => sqlite,
        }
    }

    /// Reads.
    pub async fn fetch(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Postgres(pool) => rows::fetch_postgres(pool, sql, values.to_vec()).await,
            Self::Sqlite { read, .. } => rows::fetch_sqlite(read, sql, values.to_vec()).await,
        }
    }

    /// Reads the first row, if there is one.
    pub async fn fetch_one(&self, sql: &str, values: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.fetch(sql, values).await?.into_iter().next())
    }

    /// Writes one statement; how many rows it touched.
    pub async fn execute(&self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        match self {
            Self::Postgres(pool) => rows::execute_postgres(pool, sql, values.to_vec()).await,
            Self::Sqlite { .. } => {
                let mut open = self.begin().await?;
                let touched = open.execute(sql, values).await?;
                open.commit().await?;
                Ok(touched)
            }
        }
    }

    /// Moves what SQLite's write-ahead log holds into the database itself, so that what was overwritten is gone from
    /// both; whether nobody's reading stood in the way.
    pub async fn checkpoint(&self) -> Result<bool, StoreError> {
        let Self::Sqlite { write, .. } = self else { return Ok(true) };
        let rows = rows::fetch_sqlite(write, "PRAGMA wal_checkpoint(TRUNCATE)", vec![]).await?;
        Ok(rows.first().map(|row| row.int(0)).transpose()? == Some(0))
    }

    /// Begins to write: all or nothing, and on disk once it is committed.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        self.begin_with("BEGIN", DURABLE).await
    }

    /// Begins to write what the log makes anew, which is views with their checkpoints. The commit does not
    /// wait for the disk: a crash takes both back together, to where they are folded from again. What is
    /// committed after it by [`begin`](Self::begin) takes it to the disk with it.
    pub async fn begin_derived(&self) -> Result<Transaction, StoreError> {
        let postgres = "BEGIN; SET LOCAL synchronous_commit = off";
        self.begin_with(postgres, DERIVED).await
    }

    async fn begin_with(
        &self,
        postgres: &'static str,
        sqlite: &'static str,
    ) -> Result<Transaction, StoreError> {
        Ok(match self {
            Self::Postgres(pool) => begin_postgres(pool, postgres).await?,
            Self::Sqlite { write, .. } => Transaction::Sqlite(write.begin_with(sqlite).await?),
        })
    }

    /// Begins to read one snapshot, beside whoever writes.
    pub async fn snapshot(&self) -> Result<Transaction, StoreError> {
        Ok(match self {
            Self::Postgres(pool) => {
                begin_postgres(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?
            }
            Self::Sqlite { read, .. } => Transaction::Sqlite(read.begin().await?),
        })
    }
}

/// Statements that begin and commit by themselves, in one call on the connection of SQLite that writes: what they
/// select. Not given up halfway, whoever asked may be.
pub(crate) async fn at_once(
    write: &SqlitePool,
    sql: String,
    values: Vec<Value>,
) -> Result<Vec<Row>, StoreError> {
    let write = write.clone();
    let done = tokio::spawn(async move {
        let mut connection = write.acquire().await?;
        let done = noted(rows::fetch_sqlite(&mut *connection, &sql, values).await);
        if done.is_err() {
            // Where it was the disk, SQLite may have taken it back by itself; then it is another connection's turn.
            let undone = rows::execute_sqlite(&mut *connection, "ROLLBACK", vec![]).await;
            if undone.is_err() || connection.is_in_transaction() {
                connection.close().await?;
            }
        }
        done
    });
    // Nothing panics in it: the runtime is going down.
    done.await.map_err(|_| StoreError::Unavailable(sqlx::Error::WorkerCrashed))?
}

/// Begins, and is not given up halfway, whoever asked may be: sqlx knows of a transaction only once
/// PostgreSQL has answered, and would put a connection back with one open that nobody ends. What the next
/// one wrote on it would never be committed.
async fn begin_postgres(pool: &PgPool, begin: &'static str) -> Result<Transaction, StoreError> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(begin).await }).await;
    // Nothing panics in it: the runtime is going down.
    let begun = begun.map_err(|_| StoreError::Unavailable(sqlx::Error::WorkerCrashed))?;
    Ok(Transaction::Postgres(begun?))
}

impl Transaction {
    /// Whichever text is for this database.
    pub fn pick<T>(&self, postgres: T, sqlite: T) -> T {
        match self {
            Self::Postgres(_) => postgres,
            Self::Sqlite(_) => sqlite,
        }
    }

    /// Reads.
    pub async fn fetch(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Postgres(open) => rows::fetch_postgres(&mut **open, sql, values.to_vec()).await,
            Self::Sqlite(open) => {
                noted(rows::fetch_sqlite(&mut **open, sql, values.to_vec()).await)
            }
        }
    }

    /// Writes one statement; how many rows it touched.
    pub async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        match self {
            Self::Postgres(open) => rows::execute_postgres(&mut **open, sql, values.to_vec()).await,
            Self::Sqlite(open) => {
                noted(rows::execute_sqlite(&mut **open, sql, values.to_vec()).await)
            }
        }
    }

    /// Puts it on disk.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Postgres(open) => open.commit().await?,
            Self::Sqlite(open) => noted(open.commit().await.map_err(StoreError::from))?,
        }
        Ok(())
    }

    /// Takes it back.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self {
            Self::Postgres(open) => open.rollback().await?,
            Self::Sqlite(open) => open.rollback().await?,
        }
        Ok(())
    }
}

/// What can be read from: one snapshot, or the database as it is by then.
pub trait Reader {
    /// Whichever text is for this database.
    fn pick<T>(&self, postgres: T, sqlite: T) -> T;
    /// Reads.
    fn fetch(
        &mut self,
        sql: &str,
        values: &[Value],
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// A table expression with one column `value`: the texts of a JSON list in a placeholder.
    fn json_texts(&self, placeholder: &str) -> String {
        self.pick(
            format!("json_array_elements_text({placeholder}::json) AS list (value)"),
            format!("json_each({placeholder})"),
        )
    }

    /// A query of the rows of a table that have these keys: the texts of a JSON list in `$1`. PostgreSQL is
    /// asked for one key after another: a join it would plan for a hundred, and read a table of some
    /// thousand rows from end to end for two.
    fn rows_by_key(&self, columns: &str, table: &str, key: &str) -> String {
        self.pick(
            format!(
                "SELECT found.* FROM json_array_elements_text($1::json) AS list (value) CROSS JOIN \
                 LATERAL (SELECT {columns} FROM {table} WHERE {key} = list.value LIMIT 1) AS found"
            ),
            format!(
                "SELECT {columns} FROM {table} WHERE {key} IN (SELECT value FROM json_each($1))"
            ),
        )
    }
}

impl Reader for Transaction {
    fn pick<T>(&self, postgres: T, sqlite: T) -> T {
        Self::pick(self, postgres, sqlite)
    }

    async fn fetch(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        Self::fetch(self, sql, values).await
    }
}

impl Reader for &Database {
    fn pick<T>(&self, postgres: T, sqlite: T) -> T {
        Database::pick(self, postgres, sqlite)
    }

    async fn fetch(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        Database::fetch(self, sql, values).await
    }
}

impl Database {
    /// The same of [`Reader`].
    pub fn json_texts(&self, placeholder: &str) -> String {
        Reader::json_texts(&self, placeholder)
    }
}
