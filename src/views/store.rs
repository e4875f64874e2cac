//! Loading and saving documents: in the views' tables for the runner, in a scratch database for the
//! audit.

use std::collections::{BTreeSet, HashMap};

use aggregates::shared::Recorded;
use projections::AnyView;
use sqlx::query;

use super::fold::{Folded, Stored, fold_batch, touched};
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
        .map(|row| Ok((row.text(0)?, Stored { version: row.int(1)?, payload: row.text(2)? })))
        .collect()
}

/// What writes the documents that `rows` selects, whether they are there already or not.
pub(super) fn upsert(table: &str, rows: &str) -> String {
    format!(
        "INSERT INTO {table} (view_id, version, payload) {rows} ON CONFLICT (view_id) DO UPDATE \
         SET version = excluded.version, payload = excluded.payload"
    )
}

/// Writes the documents, in one statement.
pub(crate) async fn save(
    open: &mut Transaction,
    table: &str,
    documents: &Folded,
) -> Result<(), StoreError> {
    if documents.is_empty() {
        return Ok(());
    }
    match open {
        Transaction::Postgres(open) => {
            let columns = "SELECT k, v, p::json FROM unnest($1::text[], $2::bigint[], $3::text[]) \
                           AS new (k, v, p)";
            let payloads: Vec<_> =
                documents.values().map(|stored| stored.payload.as_str()).collect();
            query(&upsert(table, columns))
                .bind(documents.keys().map(String::as_str).collect::<Vec<_>>())
                .bind(documents.values().map(|stored| stored.version).collect::<Vec<_>>())
                .bind(payloads)
                .execute(&mut **open)
                .await?;
        }
        Transaction::Sqlite(_) => {
            let rows = documents.iter().map(|(key, stored)| (key, stored.version, &stored.payload));
            let rows = Value::json(&rows.collect::<Vec<_>>())?;
            // `WHERE true` keeps SQLite from reading ON CONFLICT as part of the join.
            let rows_of =
                "SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each($1) WHERE true";
            open.execute(&upsert(table, rows_of), &[rows]).await?;
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
