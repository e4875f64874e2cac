//! Reading stored views.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use aggregates::shared::Position;
use projections::{AnyView, View};

use super::{
    Freshness, Tables,
    recent::{Document, Recent},
};
use crate::database::{Database, Reader as _, Row, StoreError, Value, view_tables::pointers};

/// Reads the documents of all views.
#[derive(Clone)]
pub struct Views {
    pub(super) database: Database,
    pub(super) tables: Tables,
    pub(super) recent: Recent,
    least: Option<Least>,
}

/// How much of the log a view has to know that is read.
#[derive(Clone)]
struct Least {
    freshness: Freshness,
    position: Arc<AtomicI64>,
}

/// A page of a list.
pub struct Page<D> {
    /// The documents with their keys.
    pub documents: Vec<(String, D)>,
    /// Whether there are more behind it.
    pub more: bool,
}

impl Views {
    /// Over that database, with the tables that it serves its views from.
    pub fn new(database: Database, tables: Tables) -> Self {
        Self { database, tables, recent: Recent::default(), least: None }
    }

    /// The same for one request, which says how much of the log a view has to know: one that has stopped before is
    /// told as [`StoreError::Behind`], rather than shown as if nothing had happened since.
    pub fn of_request(&self, freshness: Freshness) -> Self {
        Self { least: Some(Least { freshness, position: Arc::default() }), ..self.clone() }
    }

    /// From now on the views that this request reads have to know the log up to there.
    pub fn must_know(&self, position: Position) {
        if let Some(least) = &self.least {
            least.position.fetch_max(position.0, Ordering::Relaxed);
        }
    }

    /// The table that a view (name and version) is served from now.
    pub fn table(&self, view: &str) -> Arc<str> {
        self.tables.of(view)
    }

    /// The document with that key.
    pub async fn get<V: View>(&self, key: &str) -> Result<Option<Arc<V::Document>>, StoreError> {
        Ok(self.get_many::<V>(&[key.to_owned()]).await?.remove(key))
    }

    /// The documents with these keys, as far as there are.
    pub async fn get_many<V: View>(
        &self,
        keys: &[String],
    ) -> Result<HashMap<String, Arc<V::Document>>, StoreError> {
        let view = table::<V>();
        self.must_know_enough(&view)?;
        let table = self.tables.of(&view);
        let held = self.recent.get(&table, keys);
        let mut found = HashMap::new();
        let mut missing = vec![];
        for key in keys {
            match held.documents.get(key) {
                Some(None) => {}
                Some(Some(known)) => match Arc::clone(known).downcast() {
                    Ok(document) => drop(found.insert(key.clone(), document)),
                    Err(_) => missing.push(key.clone()),
                },
                None => missing.push(key.clone()),
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        let read = self.read_many::<V>(&missing).await.inspect_err(|_| self.recent.forget())?;
        if let Some(state) = held.state {
            let kept = missing.into_iter().map(|key| match read.get(&key) {
                Some((document, bytes)) => (key, Some(Arc::clone(document) as Document), *bytes),
                None => (key, None, 0),
            });
            self.recent.keep(&table, state, kept);
        }
        found.extend(read.into_iter().map(|(key, (document, _))| (key, document)));
        Ok(found)
    }

    /// The document with that key as it is stored now, whatever was read before: for what is decided once and for all,
    /// by nobody who waited for a position.
    pub async fn stored<V: View>(&self, key: &str) -> Result<Option<Arc<V::Document>>, StoreError> {
        let mut read = self.read_many::<V>(&[key.to_owned()]).await?;
        Ok(read.remove(key).map(|(document, _)| document))
    }

    /// These from the database, with how many bytes each takes there.
    async fn read_many<V: View>(
        &self,
        keys: &[String],
    ) -> Result<HashMap<String, (Arc<V::Document>, usize)>, StoreError> {
        let keys = Value::json(keys)?;
        let columns = "view_id, CAST(payload AS text)";
        let sql = |table: &str| (&self.database).rows_by_key(columns, table, "view_id");
        let rows = self.fetch::<V>(sql, &[keys]).await?;
        let read = |row: &Row| {
            let (key, document, bytes) = document::<V>(row)?;
            Ok((key, (Arc::new(document), bytes)))
        };
        rows.iter().map(read).collect()
    }

    /// The documents that `condition` lets through, in the order of a column and the key. `values`
    /// fill the condition's placeholders.
    pub async fn list<V: View>(
        &self,
        condition: &str,
        values: &[Value],
        order: &str,
        limit: usize,
    ) -> Result<Page<V::Document>, StoreError> {
        let limit_sql = limit.saturating_add(1);
        let sql = |table: &str| {
            format!(
                "SELECT view_id, CAST(payload AS text) FROM {table} WHERE {condition} \
                 ORDER BY {order} LIMIT {limit_sql}"
            )
        };
        let rows = self.fetch::<V>(sql, values).await?;
        let read = |row: &Row| document::<V>(row).map(|(key, document, _)| (key, document));
        let mut documents: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
        let more = documents.len() > limit;
        documents.truncate(limit);
        Ok(Page { documents, more })
    }

    /// The keys of the documents that `condition` lets through, in their order, so many at the most.
    pub async fn keys<V: View>(
        &self,
        condition: &str,
        values: &[Value],
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let sql = |table: &str| {
            format!("SELECT view_id FROM {table} WHERE {condition} ORDER BY view_id LIMIT {limit}")
        };
        let rows = self.fetch::<V>(sql, values).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// How many documents `condition` lets through.
    pub async fn count<V: View>(
        &self,
        condition: &str,
        values: &[Value],
    ) -> Result<i64, StoreError> {
        let sql = |table: &str| format!("SELECT count(*) FROM {table} WHERE {condition}");
        let rows = self.fetch::<V>(sql, values).await?;
        rows.first().map_or(Ok(0), |row| row.int(0))
    }

    async fn fetch<V: View>(
        &self,
        sql: impl Fn(&str) -> String,
        values: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        let view = table::<V>();
        self.must_know_enough(&view)?;
        let served = self.tables.of(&view);
        let failed = match self.database.fetch(&sql(&served), values).await {
            Err(StoreError::Failed(cause)) => StoreError::Failed(cause),
            read => return read,
        };
        // Another table may have taken its place, and this one be dropped, before this process looked.
        match pointers(&mut &self.database).await?.remove(&view) {
            Some(now) if *now != *served => self.database.fetch(&sql(&now), values).await,
            _ => Err(failed),
        }
    }

    fn must_know_enough(&self, view: &str) -> Result<(), StoreError> {
        match &self.least {
            Some(Least { freshness, position })
                if freshness.stands(view).0 < position.load(Ordering::Relaxed) =>
            {
                Err(StoreError::Behind(view.to_owned()))
            }
            _ => Ok(()),
        }
    }
}

fn table<V: View>() -> String {
    AnyView::of::<V>().table()
}

/// A document with its key, and how many bytes it takes.
fn document<V: View>(row: &Row) -> Result<(String, V::Document, usize), StoreError> {
    let (key, payload) = (row.text(0)?, row.text(1)?);
    let document = serde_json::from_str(&payload)
        .map_err(|error| StoreError::Corrupt(format!("{} {key}: {error}", table::<V>())))?;
    Ok((key, document, payload.len()))
}
