//! Reading stored views.

use std::collections::HashMap;

use projections::View;

use crate::database::{Database, Reader as _, Row, StoreError, Value};

/// Reads the documents of all views.
#[derive(Clone)]
pub struct Views {
    database: Database,
}

/// A page of a list.
pub struct Page<D> {
    /// The documents with their keys.
    pub documents: Vec<(String, D)>,
    /// Whether there are more behind it.
    pub more: bool,
}

impl Views {
    /// Over that database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// The document with that key.
    pub async fn get<V: View>(&self, key: &str) -> Result<Option<V::Document>, StoreError> {
        Ok(self.get_many::<V>(&[key.to_owned()]).await?.remove(key))
    }

    /// The documents with these keys, as far as there are.
    pub async fn get_many<V: View>(
        &self,
        keys: &[String],
    ) -> Result<HashMap<String, V::Document>, StoreError> {
        let keys = Value::json(keys)?;
        let columns = "view_id, CAST(payload AS text)";
        let sql = (&self.database).rows_by_key(columns, &table::<V>(), "view_id");
        let rows = self.database.fetch(&sql, &[keys]).await?;
        rows.iter().map(document::<V>).collect()
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
        let sql = format!(
            "SELECT view_id, CAST(payload AS text) FROM {} WHERE {condition} \
             ORDER BY {order} LIMIT {}",
            table::<V>(),
            limit.saturating_add(1)
        );
        let rows = self.database.fetch(&sql, values).await?;
        let mut documents: Vec<_> = rows.iter().map(document::<V>).collect::<Result<_, _>>()?;
        let more = documents.len() > limit;
        documents.truncate(limit);
        Ok(Page { documents, more })
    }

    /// How many documents `condition` lets through.
    pub async fn count<V: View>(
        &self,
        condition: &str,
        values: &[Value],
    ) -> Result<i64, StoreError> {
        let sql = format!("SELECT count(*) FROM {} WHERE {condition}", table::<V>());
        let row = self.database.fetch_one(&sql, values).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }
}

fn table<V: View>() -> String {
    format!("{}_v{}", V::NAME, V::VERSION)
}

fn document<V: View>(row: &Row) -> Result<(String, V::Document), StoreError> {
    let key = row.text(0)?;
    let document = serde_json::from_str(&row.text(1)?)
        .map_err(|error| StoreError::Corrupt(format!("{} {key}: {error}", table::<V>())))?;
    Ok((key, document))
}
