//! Tables are brought up to date at start. Those of the views are made from the code: here while the log is
//! empty; once it is not, they have to be built (`views/build.rs`).

use std::borrow::Cow;

use projections::VIEWS;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use tracing::info;

use super::{Database, StoreError, Transaction, view_tables::pointers};

macro_rules! migrations {
    ($($version:literal $name:literal),* $(,)?) => {
        /// (version, name, for PostgreSQL, for SQLite)
        const MIGRATIONS: &[(i64, &str, &str, &str)] = &[ $((
            $version,
            $name,
            include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
            include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
        )),* ];
    };
}

migrations! {
    1 "0001_log",
    2 "0002_people",
    3 "0003_identity",
    4 "0004_views",
    5 "0005_policies",
    6 "0006_files",
    7 "0007_security_journal",
    8 "0008_view_pointers",
    9 "0009_snapshots",
    10 "0010_shut_out",
    13 "0013_calendar_links",
    14 "0014_files_of_syllabuses",
    15 "0015_students_in_parts",
    16 "0016_events_by_position",
}

/// The advisory lock under which the tables of the views are made; any number of our own.
const VIEW_TABLES_LOCK: i64 = 0x6f71_7501;

/// Why the tables can't be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A newer oqu has been here.
    #[error(
        "the database is of a newer version (migration {found}, this oqu knows {known}); use a newer oqu"
    )]
    Newer {
        /// The migration found.
        found: i64,
        /// The newest one known.
        known: i64,
    },
    /// It has to be opened by a server of this version first.
    #[error("the database is of an older version; start `oqu serve` on it once")]
    Older,
    /// Something else.
    #[error("the tables can't be brought up to date: {0}")]
    Failed(#[from] sqlx::migrate::MigrateError),
    /// Something else.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Brings all tables up to date.
pub(super) async fn migrate(database: &Database) -> Result<(), MigrateError> {
    let (migrator, newest) = (migrator(database), newest());
    // A new database has no migrations to look at; a log that is copied takes its time.
    if let Ok(found) = found(database).await
        && found < newest
    {
        info!(found, newest, "the tables are brought up to date");
    }
    let run = match database {
        Database::Postgres(pool) => migrator.run(pool).await,
        Database::Sqlite { write, .. } => migrator.run(write).await,
    };
    run.map_err(|error| match error {
        sqlx::migrate::MigrateError::VersionMissing(found) => {
            MigrateError::Newer { found, known: newest }
        }
        other => MigrateError::Failed(other),
    })?;
    let mut open = database.begin().await?;
    if let Database::Postgres(_) = database {
        // Two processes that start at once would both make them.
        open.execute("SELECT pg_advisory_xact_lock($1)", &[VIEW_TABLES_LOCK.into()]).await?;
    }
    let pointers = pointers(&mut open).await?;
    if log_is_empty(&mut open).await? {
        for view in VIEWS.iter().filter(|view| !pointers.contains_key(&view.table())) {
            let table = view.table();
            if is_there(&mut open, &table).await? {
                // Of a release that had no pointers; it holds nothing.
                open.drop_view_table(&table).await?;
            }
            open.create_view_table(view, &table).await?;
            for column in view.columns {
                open.index_view_table(&table, column).await?;
            }
            open.point_view_to(view, &table).await?;
        }
    }
    Ok(open.commit().await?)
}

async fn log_is_empty(open: &mut Transaction) -> Result<bool, StoreError> {
    let sql = "SELECT position FROM log_head WHERE position = 0";
    Ok(!open.fetch(sql, &[]).await?.is_empty())
}

async fn is_there(open: &mut Transaction, table: &str) -> Result<bool, StoreError> {
    let sql = "SELECT position FROM view_checkpoints WHERE view = $1";
    Ok(!open.fetch(sql, &[table.into()]).await?.is_empty())
}

/// Refuses a database that this version has not brought up to date.
pub(super) async fn must_be_current(database: &Database) -> Result<(), MigrateError> {
    must_not_be_newer(database).await?;
    if found(database).await? < newest() { Err(MigrateError::Older) } else { Ok(()) }
}

/// Refuses a database that a newer version has brought up to date.
pub(super) async fn must_not_be_newer(database: &Database) -> Result<(), MigrateError> {
    let (found, known) = (found(database).await?, newest());
    if found > known { Err(MigrateError::Newer { found, known }) } else { Ok(()) }
}

/// The newest migration of a database.
async fn found(database: &Database) -> Result<i64, MigrateError> {
    match database.fetch("SELECT MAX(version) FROM _sqlx_migrations", &[]).await {
        Ok(rows) => Ok(rows.first().map_or(Ok(0), |row| row.int(0))?),
        Err(StoreError::Failed(_)) => Err(MigrateError::Older),
        Err(other) => Err(other.into()),
    }
}

fn newest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.0).max().unwrap_or_default()
}

fn migrator(database: &Database) -> Migrator {
    let migrations = MIGRATIONS.iter().map(|(version, name, postgres, sqlite)| {
        let sql = database.pick(*postgres, *sqlite);
        Migration::new(
            *version,
            Cow::Borrowed(name),
            MigrationType::Simple,
            Cow::Borrowed(sql),
            false,
        )
    });
    Migrator { migrations: migrations.collect(), ..Migrator::DEFAULT }
}
