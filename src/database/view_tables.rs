//! The tables of the views: made from the code, and each view found by a pointer, so that it can be built
//! anew beside the table that is served.

use std::{collections::HashMap, sync::Arc};

use projections::{AnyView, Column, ColumnType};

use super::{Reader, StoreError, Transaction};

/// A view with the table that it is served from.
#[derive(Clone)]
pub struct Served {
    /// The view.
    pub view: &'static AnyView,
    /// Its table.
    pub table: Arc<str>,
}

/// From which table each view (name and version) is served, those of other releases too.
pub async fn pointers(reader: &mut impl Reader) -> Result<HashMap<String, String>, StoreError> {
    let rows = reader.fetch("SELECT view, stored_in FROM view_pointers", &[]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

impl Transaction {
    /// Makes an empty table for a view, in the shape of the stock view repositories with a column beside the
    /// document for each that lists use, and its checkpoint at the log's beginning.
    pub async fn create_view_table(
        &mut self,
        view: &AnyView,
        table: &str,
    ) -> Result<(), StoreError> {
        let columns: String = view.columns.iter().map(|column| self.column(column)).collect();
        let (id, number, json, strict) = self.pick(
            ("text COLLATE \"C\"", "bigint", "json", ""),
            ("text", "integer", "text", " STRICT"),
        );
        let create = format!(
            "CREATE TABLE {table} (view_id {id} NOT NULL PRIMARY KEY, \
             version {number} NOT NULL CHECK (version >= 0), payload {json} NOT NULL{columns}){strict}"
        );
        self.execute(&create, &[]).await?;
        let checkpoint = "INSERT INTO view_checkpoints (view, position) VALUES ($1, 0)";
        self.execute(checkpoint, &[table.into()]).await?;
        Ok(())
    }

    /// Makes the index of a view's table over one column: quicker once it is filled.
    pub async fn index_view_table(
        &mut self,
        table: &str,
        column: &Column,
    ) -> Result<(), StoreError> {
        let name = column.name;
        let index = format!("CREATE INDEX {table}_{name} ON {table} ({name}, view_id)");
        self.execute(&index, &[]).await?;
        Ok(())
    }

    /// Drops a view's table with all that is noted of it.
    pub async fn drop_view_table(&mut self, table: &str) -> Result<(), StoreError> {
        // The table first, as whoever folds into it does.
        self.execute(&format!("DROP TABLE IF EXISTS {table}"), &[]).await?;
        for noted in [
            "DELETE FROM view_checkpoints WHERE view = $1",
            "DELETE FROM view_pointers WHERE stored_in = $1",
            "DELETE FROM view_sources WHERE stored_in = $1",
        ] {
            self.execute(noted, &[table.into()]).await?;
        }
        Ok(())
    }

    /// Serves a view from that table, and from no other.
    pub async fn point_view_to(&mut self, view: &AnyView, table: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO view_pointers (view, stored_in) VALUES ($1, $2) \
                   ON CONFLICT (view) DO UPDATE SET stored_in = excluded.stored_in";
        self.execute(sql, &[view.table().into(), table.into()]).await?;
        Ok(())
    }

    fn column(&self, Column { name, kind }: &Column) -> String {
        let (text, integer) = self.pick(("text COLLATE \"C\"", "bigint"), ("text", "integer"));
        match kind {
            ColumnType::Text => format!(", {name} {text}"),
            ColumnType::Integer => format!(", {name} {integer}"),
        }
    }
}
