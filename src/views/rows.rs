//! Documents as rows of their view's table: key, version, document, and beside it what lists filter and sort by.

use projections::{AnyView, Column, ColumnType, ColumnValue, columns_of};
use sqlx::{Postgres, postgres::PgArguments, query::Query};

use super::fold::{Folded, Stored};
use crate::database::{StoreError, Value, listed};

/// Some documents of a table.
pub(super) struct Rows<'a> {
    table: &'a str,
    columns: &'static [Column],
    /// Whether none of them is stored yet.
    new: bool,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    key: &'a str,
    stored: &'a Stored,
    columns: Vec<ColumnValue>,
}

impl<'a> Rows<'a> {
    /// These documents, for that table of their view.
    pub(super) fn of(
        view: &AnyView,
        table: &'a str,
        documents: impl IntoIterator<Item = (&'a String, &'a Stored)>,
    ) -> Result<Self, StoreError> {
        let row = |(key, stored): (&'a String, &'a Stored)| {
            let columns = columns_of(view.columns, &stored.payload);
            let columns = columns
                .map_err(|error| StoreError::Corrupt(format!("{} {key}: {error}", view.table())))?;
            Ok(Row { key, stored, columns })
        };
        let rows = documents.into_iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
        let new = rows.iter().all(|row| !row.stored.known);
        Ok(Self { table, columns: view.columns, new, rows })
    }

    /// The new ones and the others apart, as far as there are: to look first takes PostgreSQL as long as to insert.
    pub(super) fn apart(
        view: &AnyView,
        table: &'a str,
        documents: &'a Folded,
    ) -> Result<Vec<Self>, StoreError> {
        let some = |known| documents.iter().filter(move |(_, stored)| stored.known == known);
        let mut both =
            vec![Self::of(view, table, some(false))?, Self::of(view, table, some(true))?];
        both.retain(|rows| !rows.rows.is_empty());
        Ok(both)
    }

    /// What writes the rows that `rows` selects.
    pub(super) fn written(&self, rows: &str) -> String {
        let columns: String = self.names().map(|name| format!(", {name}")).collect();
        let insert =
            format!("INSERT INTO {} (view_id, version, payload{columns}) {rows}", self.table);
        if self.new {
            return insert;
        }
        let columns: String =
            self.names().map(|name| format!(", {name} = excluded.{name}")).collect();
        format!(
            "{insert} ON CONFLICT (view_id) DO UPDATE SET version = excluded.version, \
             payload = excluded.payload{columns}"
        )
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|column| column.name)
    }

    /// How many values a row has: so many placeholders they fill on PostgreSQL, an array each.
    pub(super) fn width(&self) -> usize {
        3 + self.columns.len()
    }

    /// For PostgreSQL: what selects them from its placeholders, an array a column, from that one on.
    pub(super) fn unnested(&self, first: usize) -> String {
        let of = |place: usize, kind| format!("${}::{kind}[]", first + place);
        let mut arrays = vec![of(0, "text"), of(1, "bigint"), of(2, "text")];
        let mut names = String::new();
        for (place, column) in self.columns.iter().enumerate() {
            arrays.push(of(
                3 + place,
                match column.kind {
                    ColumnType::Text => "text",
                    ColumnType::Integer => "bigint",
                },
            ));
            names += &format!(", c{place}");
        }
        let arrays = arrays.join(", ");
        format!("SELECT k, v, p::json{names} FROM unnest({arrays}) AS new (k, v, p{names})")
    }

    /// Fills them.
    pub(super) fn bind<'q>(
        &'q self,
        query: Query<'q, Postgres, PgArguments>,
    ) -> Query<'q, Postgres, PgArguments> {
        let rows = &self.rows;
        let query = query
            .bind(rows.iter().map(|row| row.key).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.stored.version).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.stored.payload.as_str()).collect::<Vec<_>>());
        (0..self.columns.len()).fold(query, |query, place| {
            let values = rows.iter().map(|row| &row.columns[place]);
            match self.columns[place].kind {
                ColumnType::Text => query.bind(values.map(text).collect::<Vec<_>>()),
                ColumnType::Integer => query.bind(values.map(integer).collect::<Vec<_>>()),
            }
        })
    }

    /// For SQLite: tables of them, whose values are put behind those that are there.
    pub(super) fn listed(&self, values: &mut Vec<Value>) -> Vec<String> {
        let before = values.len();
        for Row { key, stored, columns } in &self.rows {
            values.push((*key).into());
            values.push(stored.version.into());
            values.push(stored.payload.as_str().into());
            values.extend(columns.iter().map(|value| match value {
                ColumnValue::Text(text) => text.clone().into(),
                ColumnValue::Integer(integer) => integer.map_or(Value::Text(None), Value::Int),
            }));
        }
        listed(values, before, self.width())
    }
}

fn text(value: &ColumnValue) -> Option<&str> {
    match value {
        ColumnValue::Text(text) => text.as_deref(),
        ColumnValue::Integer(_) => None,
    }
}

fn integer(value: &ColumnValue) -> Option<i64> {
    match value {
        ColumnValue::Integer(integer) => *integer,
        ColumnValue::Text(_) => None,
    }
}
