//! The settings that decide on durability and speed, as the very connections have them that write.

use oqu::database::{Database, Reader};
use private_postgres::{Cluster, Durability};

use crate::{Fault, stack::Stack};

/// As the page for operators has it, for both stacks: what is measured is not PostgreSQL's lack of room.
const OF_POSTGRES: &[(&str, &str)] = &[
    ("shared_buffers", "1GB"),
    ("wal_buffers", "64MB"),
    ("max_wal_size", "4GB"),
    ("checkpoint_timeout", "15min"),
];

/// A PostgreSQL to measure on.
pub fn cluster() -> Result<Cluster, String> {
    Cluster::start_with(Durability::Durable, OF_POSTGRES)
}

/// What the connections say that write the log.
pub async fn of_log(database: &Database) -> Result<String, Fault> {
    let (names, size): (Vec<&str>, u32) = match database {
        Database::Postgres(pool) => {
            let durability = ["server_version", "fsync", "synchronous_commit", "full_page_writes"];
            let room = OF_POSTGRES.iter().map(|(name, _)| *name);
            (durability.into_iter().chain(room).collect(), pool.options().get_max_connections())
        }
        Database::Sqlite { write, .. } => (
            vec!["journal_mode", "synchronous", "cache_size", "temp_store", "wal_autocheckpoint"],
            write.options().get_max_connections(),
        ),
    };
    let mut said = vec![format!("{size} connections write")];
    for name in names {
        let value = match database {
            Database::Postgres(pool) => {
                sqlx::query_scalar(&format!("SHOW {name}")).fetch_one(pool).await?
            }
            Database::Sqlite { write, .. } => pragma(write, name).await?,
        };
        said.push(format!("{name} = {value}"));
    }
    Ok(said.join(", "))
}

/// SQLite gives some of them as numbers.
async fn pragma(write: &sqlx::SqlitePool, name: &str) -> Result<String, Fault> {
    let row = sqlx::query(&format!("PRAGMA {name}")).fetch_one(write).await?;
    let number = sqlx::Row::try_get::<i64, _>(&row, 0).map(|number| number.to_string());
    Ok(number.or_else(|_| sqlx::Row::try_get(&row, 0))?)
}

/// What a commit of our views says of its own durability.
pub async fn of_views(database: &Database) -> Result<String, Fault> {
    let (name, sql) = database.pick(
        ("synchronous_commit", "SELECT current_setting('synchronous_commit')"),
        ("synchronous", "SELECT CAST(synchronous AS text) FROM pragma_synchronous"),
    );
    let mut open = database.begin_derived().await?;
    let rows = Reader::fetch(&mut open, sql, &[]).await?;
    open.rollback().await?;
    Ok(format!("{name} = {}", rows.first().ok_or("no setting")?.text(0)?))
}

/// How many bytes an event that opens a stream has.
pub async fn payload<S: Stack>(stack: &S) -> Result<String, Fault> {
    let bytes = |column: &str| {
        stack.database().pick(
            format!("CAST(COALESCE(avg(octet_length(CAST({column} AS text))), 0) AS bigint)"),
            format!("CAST(COALESCE(avg(length(CAST({column} AS blob))), 0) AS integer)"),
        )
    };
    let sql = format!(
        "SELECT {}, {} FROM (SELECT payload, metadata FROM events \
         WHERE event_type = 'StreamOpened' LIMIT 1000) AS opened",
        bytes("payload"),
        bytes("metadata")
    );
    let row = stack.database().fetch_one(&sql, &[]).await?.ok_or("no events")?;
    Ok(format!("{} of payload and {} of metadata", row.int(0)?, row.int(1)?))
}
