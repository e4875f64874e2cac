//! Loading and saving documents: in the views' tables for the runner, in a scratch database for the
//! audit.

use std::collections::{BTreeSet, HashMap};

use aggregates::shared::Recorded;
use projections::AnyView;
use sqlx::query;

use super::{
    fold::{Folded, Stored, fold_batch, touched},
    rows::Rows,
};
use crate::database::{Reader, StoreError, Transaction, Value};

/// The documents of a view with these events, from those that are stored.
pub(crate) async fn fold_view(
    reader: &mut impl Reader,
    view: &AnyView,
    table: &str,
    events: impl IntoIterator<Item = &Recorded>,
) -> Result<Folded, StoreError> {
    let touched = touched(view, events)?;
    let keys: Vec<_> = touched.keys().map(String::as_str).collect();
    let before = load(reader, table, &keys).await?;
    fold_batch(view, touched, &before)
}

/// The documents with these keys, as far as there are.
pub(super) async fn load(
    reader: &mut impl Reader,
    table: &str,
    keys: &[&str],
) -> Result<HashMap<String, Stored>, StoreError> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let columns = "view_id, version, CAST(payload AS text)";
    let sql = reader.rows_by_key(columns, table, "view_id");
    let rows = reader.fetch(&sql, &[Value::json(keys)?]).await?;
    rows.iter()
        .map(|row| {
            Ok((row.text(0)?, Stored { version: row.int(1)?, payload: row.text(2)?, known: true }))
        })
        .collect()
}

/// Writes the documents of a view into that table.
pub(crate) async fn save(
    open: &mut Transaction,
    view: &AnyView,
    table: &str,
    documents: &Folded,
) -> Result<(), StoreError> {
    match open {
        Transaction::Postgres(open) => {
            for rows in Rows::apart(view, table, documents)? {
                let sql = rows.written(&rows.unnested(1));
                rows.bind(query(&sql)).execute(&mut **open).await?;
            }
        }
        Transaction::Sqlite(_) => {
            let rows = Rows::of(view, table, documents)?;
            let mut values = vec![];
            let tables = rows.listed(&mut values);
            let written = tables.iter().map(|some| rows.written(&format!("SELECT * FROM {some}")));
            let sql = written.collect::<Vec<_>>().join("; ");
            if !sql.is_empty() {
                open.execute(&sql, &values).await?;
            }
        }
    }
    Ok(())
}

/// Which aggregates fed which documents, beside those that the keys name: (key, type, id).
pub(super) type Sources = BTreeSet<(String, &'static str, String)>;

/// The same of these events.
pub(super) fn sources<'a>(
    touched: impl IntoIterator<Item = (&'a String, &'a Vec<&'a Recorded>)>,
) -> Sources {
    let pairs =
        touched.into_iter().flat_map(|(key, events)| events.iter().map(move |event| (key, *event)));
    let foreign = pairs.filter(|(key, event)| !key.split(':').any(|id| id == event.aggregate_id));
    let source = |(key, event): (&String, &Recorded)| {
        (key.clone(), event.event.aggregate_type(), event.aggregate_id.clone())
    };
    foreign.map(source).collect()
}

/// What notes the sources that `rows` selects, with the table of the documents before each.
pub(super) fn note_sources(rows: &str) -> String {
    format!(
        "INSERT INTO view_sources (stored_in, key, aggregate_type, aggregate_id) {rows} \
         ON CONFLICT DO NOTHING"
    )
}

/// Notes them, for who looks for the events of a document.
pub(super) async fn save_sources(
    open: &mut Transaction,
    table: &str,
    sources: &Sources,
) -> Result<(), StoreError> {
    if sources.is_empty() {
        return Ok(());
    }
    let rows = open.pick(
        "SELECT $1, value ->> 0, value ->> 1, value ->> 2 \
         FROM json_array_elements($2::json) AS list (value)",
        // `WHERE true` keeps SQLite from reading ON CONFLICT as part of a join.
        "SELECT $1, value ->> 0, value ->> 1, value ->> 2 FROM json_each($2) WHERE true",
    );
    open.execute(&note_sources(rows), &[table.into(), Value::json(sources)?]).await?;
    Ok(())
}
