//! What a row of each file becomes: read by itself, then looked up, then planned.

use std::collections::{HashMap, HashSet};

use aggregates::{
    Act,
    shared::{Fact, Origin, SubjectId, TermId},
};
use jiff::{civil::Date, tz::TimeZone};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    ImportError,
    flaw::Flaw,
    folder::{Folder, Kind},
    regulation::Regulations,
    staging::{Staged, Staging},
    table::Row,
};
use crate::{
    database::{Database, StoreError},
    people::PersonWrite,
    views::Views,
};

/// A row of one of the files.
pub(super) trait Entity: Sized {
    /// Which file.
    const KIND: Kind;
    /// What rows of a chunk need of others.
    type Found;

    /// Reads the row's fields.
    fn read(row: &Row) -> Result<Self, Flaw>;

    /// Looks up what a chunk of rows refers to.
    async fn look_up(rows: &[(Row, Self)], known: &Known) -> Result<Self::Found, ImportError>;

    /// What has to be done for the row.
    fn plan(&self, row: &Row, found: &Self::Found, known: &Known) -> Result<Plan, Flaw>;
}

/// What has to be done for a row: nothing, where it only says what other rows need.
#[derive(Default)]
pub(super) struct Plan {
    /// What is asked of which aggregate.
    pub acts: Vec<Act>,
    /// What is written about people.
    pub people: Vec<PersonWrite>,
    /// The academic year whose plans follow a class that meets at other times.
    pub year: Option<i16>,
    /// What other rows need of this one, as JSON.
    pub data: String,
}

impl Plan {
    /// These acts.
    pub(super) fn of(acts: Vec<Act>, data: &impl Serialize) -> Result<Self, Flaw> {
        Self { acts, ..Self::default() }.keeping(data)
    }

    /// With what other rows need of this one.
    pub(super) fn keeping(mut self, data: &impl Serialize) -> Result<Self, Flaw> {
        let json = serde_json::to_string(data);
        self.data = json.map_err(|error| Flaw::new("sourcedId", error.to_string()))?;
        Ok(self)
    }

    /// Whether nothing has to be done.
    pub(super) fn is_nothing(&self) -> bool {
        self.acts.is_empty() && self.people.is_empty()
    }
}

/// What all rows may look things up in.
pub(super) struct Known {
    /// The folder.
    pub folder: Folder,
    /// What was imported so far.
    pub staging: Staging,
    /// The rules by day.
    pub regulations: Regulations,
    /// What is here already; none where a dry run has no database.
    pub here: Option<Here>,
}

/// What is here already.
pub(super) struct Here {
    /// The database.
    pub database: Database,
    /// Its views.
    pub views: Views,
    /// The university's time zone.
    pub time_zone: TimeZone,
}

impl Known {
    /// Where a row comes from, and the day it tells of.
    pub(super) fn origin(&self, kind: Kind, row: &Row, day: Option<Date>) -> Origin {
        Origin { source: self.folder.source.clone(), file: kind.file(), line: row.line, day }
    }

    /// The parts that an id of this source is derived from.
    pub(super) fn name<'a>(&'a self, id: &'a str) -> [&'a str; 3] {
        ["oneroster", &self.folder.source, id]
    }

    /// The subject that a course of this source is.
    pub(super) fn subject(&self, course: &str) -> SubjectId {
        SubjectId::derived(&self.name(course))
    }

    /// The term that an academic session of this source is.
    pub(super) fn term(&self, session: &str) -> TermId {
        TermId::derived(&self.name(session))
    }

    /// What became of the rows of a file that these rows name.
    pub(super) async fn find<'a, T: DeserializeOwned>(
        &self,
        kind: Kind,
        ids: impl Iterator<Item = &'a str>,
    ) -> Result<FoundRows<T>, StoreError> {
        let ids: HashSet<&str> = ids.collect();
        Ok(FoundRows { kind, rows: self.staging.find(kind, &ids).await? })
    }
}

/// What became of rows of one file.
pub(super) struct FoundRows<T> {
    kind: Kind,
    rows: HashMap<String, Staged<T>>,
}

impl<T> FoundRows<T> {
    /// The row with that id, which a column names; it has to be imported.
    pub(super) fn get(&self, column: &str, id: &str) -> Result<&T, Flaw> {
        let file = self.kind.file();
        match self.rows.get(id) {
            Some(Staged::Imported(data)) => Ok(data),
            Some(Staged::NotImported { line }) => {
                let facts = [Fact::new("id", id), Fact::new("line", line), Fact::new("file", file)];
                Err(Flaw::told(column, "NOT_IMPORTED", &facts))
            }
            None => Err(Flaw::not_there(column, id, self.kind)),
        }
    }
}
