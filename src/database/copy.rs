//! A copy of SQLite's database in a file of its own, as of one moment.

use std::{fs, path::Path, time::Duration};

use sqlx::{
    ConnectOptions, Connection, Executor, Row,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::time::{MissedTickBehavior, interval};

use super::{ConnectError, Database, StoreError, migrate};

/// How often it is told how far a copy has come.
const TELL_EVERY: Duration = Duration::from_millis(200);

/// Copies the database of a folder into an empty file, beside whoever writes to it: one snapshot, in which
/// nothing is left of what was deleted. Tells how many bytes of about how many are written.
pub(crate) async fn write(
    folder: &Path,
    to: &Path,
    told: impl Fn(u64, u64),
) -> Result<(), ConnectError> {
    let from = folder.join("oqu.db");
    if !from.exists() {
        return Err(ConnectError::Missing { folder: folder.to_owned() });
    }
    let options = SqliteConnectOptions::new().filename(from);
    let options = options.busy_timeout(Duration::from_secs(10)).disable_statement_logging();
    let mut connection = options.connect().await.map_err(ConnectError::Unreachable)?;
    let size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
    let size = connection.fetch_one(size).await.map_err(StoreError::from)?;
    let size = size.try_get::<i64, _>(0).map_err(StoreError::from)?.unsigned_abs();
    let path = to.to_str().ok_or_else(|| unwritable(to))?;
    {
        let copying = sqlx::query("VACUUM INTO $1").bind(path).execute(&mut connection);
        let mut copying = std::pin::pin!(copying);
        let mut looks = interval(TELL_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                copied = &mut copying => {
                    copied.map_err(StoreError::from)?;
                    break;
                }
                _ = looks.tick() => told(fs::metadata(to).map_or(0, |file| file.len()), size),
            }
        }
    }
    connection.close().await.map_err(StoreError::from)?;
    Ok(())
}

fn unwritable(to: &Path) -> ConnectError {
    let source = std::io::Error::other("its name is no text");
    ConnectError::Folder { folder: to.to_owned(), source }
}

/// Opens a copy to read; nobody else may have it.
pub(crate) async fn open(copy: &Path) -> Result<Database, ConnectError> {
    let options = SqliteConnectOptions::new().filename(copy).read_only(true).immutable(true);
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options.disable_statement_logging())
        .await
        .map_err(ConnectError::Unreachable)?;
    Ok(Database::Sqlite { read: pool.clone(), write: pool })
}

/// Fails where a copy is no database, not whole, or of a newer version.
pub(crate) async fn check(copy: &Database) -> Result<(), ConnectError> {
    let rows = copy.fetch("PRAGMA integrity_check(1)", &[]).await?;
    let found = rows.first().map(|row| row.text(0)).transpose()?.unwrap_or_default();
    if found != "ok" {
        return Err(StoreError::Corrupt(found).into());
    }
    Ok(migrate::must_not_be_newer(copy).await?)
}
