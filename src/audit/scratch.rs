//! The scratch database: what the audit has to remember of the log, on disk and not in memory.

use std::collections::HashMap;

use projections::VIEWS;

use crate::database::{Database, StoreError, Transaction};

/// An empty one.
pub(super) async fn create() -> Result<Database, StoreError> {
    let scratch = Database::scratch().await?;
    scratch.execute("CREATE TABLE notes (name text PRIMARY KEY, value text NOT NULL)", &[]).await?;
    for view in VIEWS {
        let columns: String =
            view.columns.iter().map(|column| format!(", {} ANY", column.name)).collect();
        let sql = format!(
            "CREATE TABLE {} (view_id text PRIMARY KEY, version integer NOT NULL, \
             payload text NOT NULL{columns}) STRICT",
            view.table()
        );
        scratch.execute(&sql, &[]).await?;
    }
    Ok(scratch)
}

/// What was noted under these names, as far as anything was.
pub(super) async fn noted(
    open: &mut Transaction,
    names: impl Iterator<Item = String>,
) -> Result<HashMap<String, String>, StoreError> {
    let names: Vec<_> = names.collect();
    // CROSS JOIN: SQLite then looks each name up, and never reads all notes.
    let sql = "SELECT name, notes.value FROM json_each($1) AS asked \
               CROSS JOIN notes ON name = asked.value";
    let rows = open.fetch(sql, &[json(&names)?.into()]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Notes these, in place of what was noted before.
pub(super) async fn note(
    open: &mut Transaction,
    notes: &HashMap<String, String>,
) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO notes SELECT key, value FROM json_each($1)";
    open.execute(sql, &[json(notes)?.into()]).await?;
    Ok(())
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}
