//! Tables are brought up to date at start; those of the views are made from the code.

use std::borrow::Cow;

use projections::{AnyView, ColumnType, VIEWS};
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::{Database, StoreError};

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
    let migrator = migrator(database);
    let run = match database {
        Database::Postgres(pool) => migrator.run(pool).await,
        Database::Sqlite { write, .. } => migrator.run(write).await,
    };
    run.map_err(|error| match error {
        sqlx::migrate::MigrateError::VersionMissing(found) => {
            MigrateError::Newer { found, known: newest() }
        }
        other => MigrateError::Failed(other),
    })?;
    let mut open = database.begin().await?;
    if let Database::Postgres(_) = database {
        // Two processes that start at once would both make them.
        open.execute("SELECT pg_advisory_xact_lock($1)", &[VIEW_TABLES_LOCK.into()]).await?;
    }
    for view in VIEWS {
        for statement in view_table(database, view) {
            open.execute(&statement, &[]).await?;
        }
    }
    Ok(open.commit().await?)
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

/// What makes a view's table: the shape of the stock view repositories, and for each column that
/// lists use a generated one with an index.
fn view_table(database: &Database, view: &AnyView) -> Vec<String> {
    let table = view.table();
    let columns = view.columns.iter().map(|column| {
        let name = column.name;
        match (database, column.kind) {
            (Database::Postgres(_), ColumnType::Text) => {
                format!(
                    ", {name} text COLLATE \"C\" GENERATED ALWAYS AS (payload ->> '{name}') STORED"
                )
            }
            (Database::Postgres(_), ColumnType::Integer) => {
                format!(
                    ", {name} bigint GENERATED ALWAYS AS ((payload ->> '{name}')::bigint) STORED"
                )
            }
            (Database::Sqlite { .. }, ColumnType::Text) => {
                format!(", {name} text GENERATED ALWAYS AS (payload ->> '{name}') VIRTUAL")
            }
            (Database::Sqlite { .. }, ColumnType::Integer) => {
                format!(", {name} integer GENERATED ALWAYS AS (payload ->> '{name}') VIRTUAL")
            }
        }
    });
    let (id, number, json, strict) = database
        .pick(("text COLLATE \"C\"", "bigint", "json", ""), ("text", "integer", "text", " STRICT"));
    let table_sql = format!(
        "CREATE TABLE IF NOT EXISTS {table} (view_id {id} NOT NULL PRIMARY KEY, \
         version {number} NOT NULL CHECK (version >= 0), payload {json} NOT NULL{}){strict}",
        columns.collect::<String>()
    );
    let indexes = view.columns.iter().map(|column| {
        let name = column.name;
        format!("CREATE INDEX IF NOT EXISTS {table}_{name} ON {table} ({name}, view_id)")
    });
    let checkpoint = format!(
        "INSERT INTO view_checkpoints (view, position) VALUES ('{table}', 0) ON CONFLICT DO NOTHING"
    );
    std::iter::once(table_sql).chain(indexes).chain([checkpoint]).collect()
}
