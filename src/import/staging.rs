//! What later files refer to, kept beside the import and not in memory: a temporary database, which
//! SQLite removes when it is closed, however the process ends.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use serde::{Serialize, de::DeserializeOwned};

use super::{flaw::BadRow, folder::Kind};
use crate::database::{Database, Row, StoreError, Value};

const TABLES: &[&str] = &[
    // A row of a file by its id; `data` is what other rows need of it, once it is imported.
    "CREATE TABLE staged (file integer NOT NULL, id text NOT NULL, line integer NOT NULL, \
     data text, PRIMARY KEY (file, id)) STRICT, WITHOUT ROWID",
    "CREATE TABLE rejected (number integer PRIMARY KEY, file text NOT NULL, line integer NOT NULL, \
     column_name text NOT NULL, reason text NOT NULL) STRICT",
    // Classes that can only be taken together with another one.
    "CREATE TABLE parents (class text PRIMARY KEY, parent text, course text, \
     settled integer NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX parents_unsettled ON parents (parent) WHERE settled = 0",
    // Which student has a seat in which class, by the rows that were imported.
    "CREATE TABLE seats (user text NOT NULL, class text NOT NULL, line integer NOT NULL, \
     PRIMARY KEY (user, class)) STRICT, WITHOUT ROWID",
    // What a dry run would have written.
    "CREATE TABLE rehearsed (number integer PRIMARY KEY, kind text NOT NULL, id text NOT NULL, \
     payload text NOT NULL) STRICT",
    "CREATE INDEX rehearsed_by_aggregate ON rehearsed (kind, id, number)",
];

/// Stands for a file where pairs of a line item and a student are noted.
const PAIRS: i64 = -1;

/// How many students are read at a time with all their seats.
const STUDENTS: usize = 500;

/// A seat of a student, with what is kept of its class.
pub(super) struct Seat {
    /// Whose.
    pub user: String,
    /// The class.
    pub class: String,
    /// The line that says so.
    pub line: u64,
    /// What is kept of the class.
    pub data: String,
}

/// The temporary database.
#[derive(Clone)]
pub(super) struct Staging {
    database: Database,
}

/// What became of a row that another one refers to.
pub(super) enum Staged<T> {
    /// It was imported.
    Imported(T),
    /// It stands there, and was not.
    NotImported {
        /// On which line it stands.
        line: u64,
    },
}

impl Staging {
    /// A new one, empty.
    pub(super) async fn open() -> Result<Self, StoreError> {
        let database = Database::scratch().await?;
        for table in TABLES {
            database.execute(table, &[]).await?;
        }
        Ok(Self { database })
    }

    /// Notes ids with the line each stands on, and returns on which line each stood first.
    pub(super) async fn admit(
        &self,
        file: Kind,
        rows: &[(String, u64)],
    ) -> Result<HashMap<String, u64>, StoreError> {
        self.admit_to(number(file), rows).await
    }

    /// The same for pairs of a line item and a student.
    pub(super) async fn admit_pairs(
        &self,
        pairs: &[(String, u64)],
    ) -> Result<HashMap<String, u64>, StoreError> {
        self.admit_to(Value::Int(PAIRS), pairs).await
    }

    async fn admit_to(
        &self,
        file: Value,
        rows: &[(String, u64)],
    ) -> Result<HashMap<String, u64>, StoreError> {
        let sql = "INSERT INTO staged (file, id, line) SELECT $1, value ->> 0, value ->> 1 \
                   FROM json_each($2) WHERE true ON CONFLICT DO NOTHING";
        self.database.execute(sql, &[file.clone(), json(&rows)?]).await?;
        let ids: Vec<_> = rows.iter().map(|(id, _)| id).collect();
        let sql = "SELECT id, line FROM staged \
                   WHERE file = $1 AND id IN (SELECT value FROM json_each($2))";
        let rows = self.database.fetch(sql, &[file, json(&ids)?]).await?;
        rows.iter().map(|row| Ok((row.text(0)?, line(row.int(1)?)))).collect()
    }

    /// Keeps what other rows need of imported ones, by id.
    pub(super) async fn keep(
        &self,
        file: Kind,
        rows: &[(String, String)],
    ) -> Result<(), StoreError> {
        // Never a new row: an UPDATE with a join would read the whole list again for each.
        let sql = "INSERT INTO staged (file, id, line, data) \
                   SELECT $1, value ->> 0, 0, value ->> 1 FROM json_each($2) WHERE true \
                   ON CONFLICT (file, id) DO UPDATE SET data = excluded.data";
        self.database.execute(sql, &[number(file), json(&rows)?]).await?;
        Ok(())
    }

    /// What became of rows, by id; none for an id that stands nowhere.
    pub(super) async fn find<T: DeserializeOwned>(
        &self,
        file: Kind,
        ids: &HashSet<&str>,
    ) -> Result<HashMap<String, Staged<T>>, StoreError> {
        let sql = "SELECT id, line, data FROM staged \
                   WHERE file = $1 AND id IN (SELECT value FROM json_each($2))";
        let rows = self.database.fetch(sql, &[number(file), json(ids)?]).await?;
        let found = rows.iter().map(|row| {
            let staged = match row.optional_text(2)? {
                Some(data) => Staged::Imported(serde_json::from_str(&data).map_err(corrupt)?),
                None => Staged::NotImported { line: line(row.int(1)?) },
            };
            Ok((row.text(0)?, staged))
        });
        found.collect()
    }

    /// What is kept of all imported rows of a file; of one with few rows.
    pub(super) async fn all<T: DeserializeOwned>(&self, file: Kind) -> Result<Vec<T>, StoreError> {
        let sql = "SELECT data FROM staged WHERE file = $1 AND data IS NOT NULL";
        let rows = self.database.fetch(sql, &[number(file)]).await?;
        rows.iter().map(|row| serde_json::from_str(&row.text(0)?).map_err(corrupt)).collect()
    }

    /// Which of these ids stand in a file.
    pub(super) async fn present(
        &self,
        file: Kind,
        ids: &HashSet<&str>,
    ) -> Result<HashSet<String>, StoreError> {
        let sql = "SELECT id FROM staged \
                   WHERE file = $1 AND id IN (SELECT value FROM json_each($2))";
        let rows = self.database.fetch(sql, &[number(file), json(ids)?]).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// The first day on which any of the imported sessions begins.
    pub(super) async fn first_day(&self, file: Kind) -> Result<Option<Date>, StoreError> {
        let sql = "SELECT MIN(data ->> 'starts_on') FROM staged WHERE file = $1";
        let row = self.database.fetch_one(sql, &[number(file)]).await?;
        let day = row.map(|row| row.optional_text(0)).transpose()?.flatten();
        let day = day.map(|day| day.parse()).transpose();
        day.map_err(|error: jiff::Error| StoreError::Corrupt(error.to_string()))
    }

    /// Notes classes with the class each needs and their course; one that can't be imported itself, and so has none,
    /// settles nothing.
    pub(super) async fn note_parents(
        &self,
        classes: &[(String, Option<String>, Option<String>)],
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO parents (class, parent, course, settled) \
                   SELECT value ->> 0, value ->> 1, value ->> 2, \
                          CASE WHEN value ->> 2 IS NULL THEN -1 ELSE value ->> 1 IS NULL END \
                   FROM json_each($1) WHERE true ON CONFLICT DO NOTHING";
        self.database.execute(sql, &[json(&classes)?]).await?;
        Ok(())
    }

    /// Settles all classes whose parent is settled and of the same course, until there are no more. What stays is a
    /// class whose parent is unknown, of another course, can't be imported, or needs that class in turn.
    pub(super) async fn settle_parents(&self) -> Result<(), StoreError> {
        let sql = "UPDATE parents SET settled = 1 WHERE settled = 0 AND EXISTS \
                   (SELECT 1 FROM parents AS known WHERE known.class = parents.parent \
                    AND known.settled = 1 AND known.course = parents.course)";
        while self.database.execute(sql, &[]).await? > 0 {}
        Ok(())
    }

    /// Which of these classes were noted and not settled.
    pub(super) async fn unsettled(
        &self,
        classes: &HashSet<&str>,
    ) -> Result<HashSet<String>, StoreError> {
        let sql = "SELECT class FROM parents \
                   WHERE settled = 0 AND class IN (SELECT value FROM json_each($1))";
        let rows = self.database.fetch(sql, &[json(classes)?]).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// Notes the seats that rows of students take.
    pub(super) async fn note_seats(&self) -> Result<(), StoreError> {
        let sql = "INSERT INTO seats (user, class, line) \
                   SELECT data ->> 'user', data ->> 'class', line FROM staged \
                   WHERE file = $1 AND data ->> 'user' IS NOT NULL ORDER BY line \
                   ON CONFLICT DO NOTHING";
        self.database.execute(sql, &[number(Kind::Enrollments)]).await?;
        Ok(())
    }

    /// The classes with more students than seats: on which line each stands, which it is, its seats, its students.
    pub(super) async fn overfull(&self) -> Result<Vec<(u64, String, i64, i64)>, StoreError> {
        let sql = "SELECT line, id, data ->> 'limit', students \
                   FROM (SELECT class, count(*) AS students FROM seats GROUP BY class) \
                   JOIN staged ON file = $1 AND id = class \
                   WHERE students > data ->> 'limit' ORDER BY line";
        let rows = self.database.fetch(sql, &[number(Kind::Classes)]).await?;
        let read = |row: &Row| Ok((line(row.int(0)?), row.text(1)?, row.int(2)?, row.int(3)?));
        rows.iter().map(read).collect()
    }

    /// All seats of some of the students behind one, student by student, each in the order of the lines.
    pub(super) async fn seats_behind(&self, user: &str) -> Result<Vec<Seat>, StoreError> {
        let sql = format!(
            "SELECT user, class, seats.line, data FROM seats \
             JOIN staged ON file = $1 AND id = class \
             WHERE user IN (SELECT DISTINCT user FROM seats WHERE user > $2 \
                            ORDER BY user LIMIT {STUDENTS}) \
             ORDER BY user, seats.line"
        );
        let rows = self.database.fetch(&sql, &[number(Kind::Classes), user.into()]).await?;
        let read = |row: &Row| {
            let (user, class, line) = (row.text(0)?, row.text(1)?, line(row.int(2)?));
            Ok(Seat { user, class, line, data: row.text(3)? })
        };
        rows.iter().map(read).collect()
    }

    /// Keeps rejected rows for the report.
    pub(super) async fn reject(&self, file: &str, rows: &[BadRow]) -> Result<(), StoreError> {
        let rows: Vec<_> =
            rows.iter().map(|bad| (bad.line, &bad.flaw.column, &bad.flaw.reason)).collect();
        let sql = "INSERT INTO rejected (file, line, column_name, reason) \
                   SELECT $1, value ->> 0, value ->> 1, value ->> 2 FROM json_each($2)";
        self.database.execute(sql, &[file.into(), json(&rows)?]).await?;
        Ok(())
    }

    /// Rejected rows behind a number, in the order in which they were found: (number, file, row).
    pub(super) async fn rejected(
        &self,
        after: i64,
        most: usize,
    ) -> Result<Vec<(i64, String, BadRow)>, StoreError> {
        let sql = format!(
            "SELECT number, file, line, column_name, reason FROM rejected WHERE number > $1 \
             ORDER BY number LIMIT {most}"
        );
        let rows = self.database.fetch(&sql, &[after.into()]).await?;
        let read = rows.iter().map(|row| {
            let flaw = super::flaw::Flaw::new(row.text(3)?, row.text(4)?);
            Ok((row.int(0)?, row.text(1)?, BadRow::new(line(row.int(2)?), flaw)))
        });
        read.collect()
    }

    /// Keeps events that a dry run does not write: (aggregate type, aggregate id, payload).
    pub(super) async fn rehearse(
        &self,
        events: &[(&'static str, String, String)],
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO rehearsed (kind, id, payload) \
                   SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each($1)";
        self.database.execute(sql, &[json(&events)?]).await?;
        Ok(())
    }

    /// The events of these aggregates (type, id) that a dry run has kept, in their order.
    pub(super) async fn rehearsed(
        &self,
        wanted: &[(&str, &str)],
    ) -> Result<Vec<(String, String, String)>, StoreError> {
        let sql = "SELECT r.kind, r.id, r.payload FROM json_each($1) AS q CROSS JOIN rehearsed AS r \
                   ON r.kind = q.value ->> 0 AND r.id = q.value ->> 1 \
                   ORDER BY r.kind, r.id, r.number";
        let rows = self.database.fetch(sql, &[json(&wanted)?]).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?, row.text(2)?))).collect()
    }
}

fn number(file: Kind) -> Value {
    Value::Int(file as i64)
}

fn line(line: i64) -> u64 {
    u64::try_from(line).unwrap_or_default()
}

fn json<T: Serialize>(value: &T) -> Result<Value, StoreError> {
    Ok(serde_json::to_string(value).map_err(corrupt)?.into())
}

fn corrupt(error: serde_json::Error) -> StoreError {
    StoreError::Corrupt(error.to_string())
}
