//! The commit of a fold: documents, what fed them, and the checkpoints, all or nothing and in one call, because
//! each is a round trip on PostgreSQL and crosses a thread on SQLite. It does not wait for the disk
//! (docs/decisions/0005).

use aggregates::shared::Position;
use sqlx::{PgPool, SqlitePool, query};

use super::{
    fold::Folded,
    rows::Rows,
    store::{Sources, note_sources},
};
use crate::database::{
    Database, FOLD, Row, StoreError, Value, at_once, listed, view_tables::Served,
};

/// What a fold changes of a view that is served from that table.
pub(super) struct Changes<'a> {
    pub(super) served: &'a Served,
    pub(super) documents: Folded,
    pub(super) sources: Sources,
}

/// Writes what changes and moves the checkpoints of these tables, unless one of them does not stand at `from` any
/// more, or another table has taken its place: whoever also holds a view can't fold twice. Whether it was so.
pub(super) async fn commit(
    database: &Database,
    tables: &[&str],
    places: (Position, Position),
    changes: &[Changes<'_>],
) -> Result<bool, StoreError> {
    match database {
        Database::Postgres(pool) => on_postgres(pool, tables, places, changes).await,
        Database::Sqlite { write, .. } => on_sqlite(write, tables, places, changes).await,
    }
}

/// One statement is one transaction. The checkpoints are locked first: another node that moves some of them is
/// waited for, and then they are found where it has put them.
async fn on_postgres(
    pool: &PgPool,
    tables: &[&str],
    (from, to): (Position, Position),
    changes: &[Changes<'_>],
) -> Result<bool, StoreError> {
    let mut sql = String::from(
        "WITH off AS (SELECT set_config('synchronous_commit', 'off', true) AS value), \
         held AS (SELECT view FROM view_checkpoints WHERE view = ANY ($2::text[]) \
                  AND position = $3 AND retired_at IS NULL FOR UPDATE), \
         moved AS (UPDATE view_checkpoints SET position = $1 WHERE view IN (SELECT view FROM held) \
                   AND (SELECT count(*) FROM held) = cardinality($2::text[]) RETURNING 1)",
    );
    let all = "(SELECT count(*) FROM moved) = cardinality($2::text[])";
    let mut next = 4;
    let mut written = vec![];
    for Changes { served, documents, .. } in changes {
        written.extend(Rows::apart(served.view, &served.table, documents)?);
    }
    for (place, rows) in written.iter().enumerate() {
        let some = rows.written(&format!("{} WHERE {all}", rows.unnested(next)));
        sql += &format!(", into_{place} AS ({some})");
        next += rows.width();
    }
    let sources: Vec<_> = sources(changes).collect();
    if !sources.is_empty() {
        let [stored_in, key, kind, id] = [next, next + 1, next + 2, next + 3];
        let rows = format!(
            "SELECT s, k, t, i FROM unnest(${stored_in}::text[], ${key}::text[], ${kind}::text[], \
             ${id}::text[]) AS new (s, k, t, i) WHERE {all}"
        );
        sql += &format!(", fed AS ({})", note_sources(&rows));
    }
    sql += " SELECT count(*), (SELECT value FROM off) FROM moved";
    let mut statement = query(&sql).bind(to.0).bind(tables).bind(from.0);
    for rows in &written {
        statement = rows.bind(statement);
    }
    if !sources.is_empty() {
        for field in 0..4 {
            statement = statement.bind(sources.iter().map(|row| row[field]).collect::<Vec<_>>());
        }
    }
    let row = Row::Postgres(statement.fetch_one(pool).await?);
    Ok(row.int(0)? > 0)
}

async fn on_sqlite(
    write: &SqlitePool,
    tables: &[&str],
    (from, to): (Position, Position),
    changes: &[Changes<'_>],
) -> Result<bool, StoreError> {
    let (mut values, mut written) = (vec![], vec![]);
    for Changes { served, documents, .. } in changes {
        let rows = Rows::of(served.view, &served.table, documents)?;
        written.push((rows.listed(&mut values), rows));
    }
    let before = values.len();
    values.extend(sources(changes).flatten().map(Value::from));
    let noted = listed(&mut values, before, 4);
    let [reached, of, stood] = [1, 2, 3].map(|place| values.len() + place);
    values.extend([to.0.into(), Value::json(tables)?, from.0.into()]);
    let standing = format!(
        "view IN (SELECT value FROM json_each(${of})) AND position = ${stood} \
         AND retired_at IS NULL"
    );
    let all = format!(
        "(SELECT count(*) FROM view_checkpoints WHERE {standing}) = json_array_length(${of})"
    );
    let mut sql = format!("{FOLD}; ");
    for (tables, rows) in &written {
        for some in tables {
            sql += &format!("{}; ", rows.written(&format!("SELECT * FROM {some} AND {all}")));
        }
    }
    for some in &noted {
        sql += &format!("{}; ", note_sources(&format!("SELECT * FROM {some} AND {all}")));
    }
    sql += &format!(
        "SELECT {all}; UPDATE view_checkpoints SET position = ${reached} WHERE {standing} AND {all}; \
         COMMIT"
    );
    let rows = at_once(write, sql, values).await?;
    Ok(rows.first().map(|row| row.int(0)).transpose()? == Some(1))
}

/// Which aggregates fed which documents of which tables.
fn sources<'a>(changes: &'a [Changes<'a>]) -> impl Iterator<Item = [&'a str; 4]> {
    changes.iter().flat_map(|Changes { served, sources, .. }| {
        sources.iter().map(|(key, kind, id)| [&*served.table, key.as_str(), kind, id.as_str()])
    })
}
