//! The tables of the views that there are: served, replaced, left over; and dropping those that nobody reads.

use std::fmt;

use aggregates::shared::Position;
use projections::AnyView;

use super::saving::Spell;
use crate::{
    database::{BuildLock, Database, Reader, Row, StoreError, Value},
    log,
};

/// How many rows go in one transaction.
const DROPPED_TOGETHER: usize = 5_000;

/// A table of a view.
#[derive(Debug)]
pub struct Table {
    /// The view with its version.
    pub view: String,
    /// The table's name.
    pub name: String,
    /// How far it has come.
    pub position: Position,
    /// What it is there for.
    pub state: State,
}

/// What a view's table is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The view is read from it.
    Served,
    /// Another release reads from it.
    OfNewerRelease,
    /// An older release reads from it, if one runs.
    OfOlderRelease,
    /// Another table took its place.
    Replaced,
    /// It is being built, or was when its builder died.
    HalfBuilt,
}

impl fmt::Display for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Served => "served",
            Self::OfNewerRelease => "served by another release",
            Self::OfOlderRelease => "of an older release",
            Self::Replaced => "replaced",
            Self::HalfBuilt => "half built",
        })
    }
}

/// All tables of views, by name, and where the log ends.
pub async fn tables(
    database: &Database,
    views: &[AnyView],
) -> Result<(Vec<Table>, Position), StoreError> {
    let mut snapshot = database.snapshot().await?;
    let head = log::head_in(&mut snapshot).await?.position;
    let sql = "SELECT c.view, c.position, p.view, \
               COALESCE(c.retired_at, 0) \
               FROM view_checkpoints AS c LEFT JOIN view_pointers AS p ON p.stored_in = c.view \
               ORDER BY c.view";
    let rows = Reader::fetch(&mut snapshot, sql, &[]).await?;
    snapshot.rollback().await?;
    let table = |row: &Row| {
        let (name, pointer) = (row.text(0)?, row.optional_text(2)?);
        let retired = row.int(3)? != 0;
        let state = match &pointer {
            Some(view) => state_of(view, views),
            None if retired => State::Replaced,
            None => State::HalfBuilt,
        };
        let view = pointer.unwrap_or_else(|| versioned(&name).to_owned());
        Ok(Table { view, name, position: Position(row.int(1)?), state })
    };
    Ok((rows.iter().map(table).collect::<Result<_, StoreError>>()?, head))
}

/// Whose a view with that name and version is.
fn state_of(view: &str, views: &[AnyView]) -> State {
    if views.iter().any(|known| known.table() == view) {
        return State::Served;
    }
    let version = |name: &str| view.strip_prefix(name)?.strip_prefix("_v")?.parse::<u32>().ok();
    let older = |known: &AnyView| version(known.name).is_some_and(|found| found < known.version);
    if views.iter().any(older) { State::OfOlderRelease } else { State::OfNewerRelease }
}

/// A table's name without the number of its build: `transcript_v1` of `transcript_v1_2`.
fn versioned(table: &str) -> &str {
    let Some((before, version)) = table.rsplit_once("_v") else { return table };
    let digits = version.find('_').unwrap_or(version.len());
    &table[..before.len() + 2 + digits]
}

/// Drops the tables that nothing of this release reads, nor a newer one; which those were. The lock keeps those
/// that are being built.
pub async fn prune(
    database: &Database,
    _lock: &BuildLock,
    views: &[AnyView],
    dry_run: bool,
) -> Result<Vec<Table>, StoreError> {
    let (mut tables, _) = tables(database, views).await?;
    tables.retain(|table| !matches!(table.state, State::Served | State::OfNewerRelease));
    if !dry_run {
        for table in &tables {
            empty(database, &table.name).await?;
            let mut open = database.begin().await?;
            open.drop_view_table(&table.name).await?;
            open.commit().await?;
        }
    }
    Ok(tables)
}

/// Lets go of all that lies in a table, a part at a time: dropped in one go, a large one would hold SQLite's only
/// writer up until every page of it is overwritten.
async fn empty(database: &Database, table: &str) -> Result<(), StoreError> {
    let Database::Sqlite { .. } = database else { return Ok(()) };
    let documents = format!(
        "DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} LIMIT {DROPPED_TOGETHER})"
    );
    let sources = format!(
        "DELETE FROM view_sources WHERE (stored_in, key, aggregate_type, aggregate_id) IN (SELECT \
         stored_in, key, aggregate_type, aggregate_id FROM view_sources WHERE stored_in = $1 \
         LIMIT {DROPPED_TOGETHER})"
    );
    for (sql, values) in [(documents, vec![]), (sources, vec![Value::from(table)])] {
        let mut gone = 1;
        while gone > 0 {
            let mut spell = Spell::begin(database).await?;
            gone = spell.open.execute(&sql, &values).await?;
            spell.end().await?;
        }
    }
    Ok(())
}
