//! Values that go in and rows that come out, of the few types that both databases have.

use serde::Serialize;
use sqlx::{
    ColumnIndex, Decode, Executor, Postgres, Row as _, Sqlite, Type,
    postgres::{PgArguments, PgRow},
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

use super::StoreError;

/// A value for a placeholder.
#[derive(Debug, Clone)]
pub enum Value {
    /// An integer.
    Int(i64),
    /// A text, or nothing.
    Text(Option<String>),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Value {
    /// Something as a text of JSON.
    pub fn json(value: &(impl Serialize + ?Sized)) -> Result<Self, StoreError> {
        let text = serde_json::to_string(value);
        text.map(Self::from).map_err(|error| StoreError::Corrupt(error.to_string()))
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

/// A row that was read.
pub enum Row {
    /// From PostgreSQL.
    Postgres(PgRow),
    /// From SQLite.
    Sqlite(SqliteRow),
}

impl Row {
    /// The integer in that column, from 0.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.get(column)
    }

    /// The text in that column.
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        self.get(column)
    }

    /// The text in that column, if any.
    pub fn optional_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    /// The bytes in that column.
    pub fn bytes(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        self.get(column)
    }

    fn get<T>(&self, column: usize) -> Result<T, StoreError>
    where
        T: for<'r> Decode<'r, Postgres> + Type<Postgres>,
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite>,
        usize: ColumnIndex<PgRow> + ColumnIndex<SqliteRow>,
    {
        let value = match self {
            Self::Postgres(row) => row.try_get(column),
            Self::Sqlite(row) => row.try_get(column),
        };
        value.map_err(|error| StoreError::Corrupt(error.to_string()))
    }
}

/// With how many values a statement is kept prepared on its connection, at the most: one with more takes long
/// enough by itself, and megabytes.
const MOST_KEPT: usize = 4_096;

macro_rules! driver {
    ($database:ident, $arguments:ty, $bind:ident, $fetch:ident, $execute:ident) => {
        fn $bind<'q>(sql: &'q str, values: Vec<Value>) -> Query<'q, $database, $arguments> {
            let query = sqlx::query(sql).persistent(values.len() <= MOST_KEPT);
            values.into_iter().fold(query, |query, value| match value {
                Value::Int(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            })
        }

        pub(super) async fn $fetch<'c>(
            on: impl Executor<'c, Database = $database>,
            sql: &str,
            values: Vec<Value>,
        ) -> Result<Vec<Row>, StoreError> {
            let rows = $bind(sql, values).fetch_all(on).await?;
            Ok(rows.into_iter().map(Row::$database).collect())
        }

        pub(super) async fn $execute<'c>(
            on: impl Executor<'c, Database = $database>,
            sql: &str,
            values: Vec<Value>,
        ) -> Result<u64, StoreError> {
            Ok($bind(sql, values).execute(on).await?.rows_affected())
        }
    };
}

driver!(Postgres, PgArguments, bind_postgres, fetch_postgres, execute_postgres);
driver!(Sqlite, SqliteArguments<'q>, bind_sqlite, fetch_sqlite, execute_sqlite);
