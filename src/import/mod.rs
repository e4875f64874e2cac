//! `oqu import oneroster`: another system's records, as OneRoster 1.1 CSV, through the same writer.
//!
//! The files are read in the order in which they refer to one another, a few hundred rows at a time.
//! Each row is read by itself (`fields`), looked up (`staging` has what earlier files said), planned
//! (one file each: `calendar`, `subjects`, `streams`, `users`, `enrollments`, `marks`) and done
//! (`target`). A row that can't be taken is reported and left out; the others go on. What other rows
//! need of a row lies in a temporary database, so that memory does not grow with the files.
//!
//! Everything but a person has an id derived from the source and the id there, and the aggregates
//! answer the same row twice with nothing: so a second run adds nothing, and undoes nothing that was
//! changed here meanwhile. A stream that meets at other times takes the plans of its students along
//! (`moved`), and what rows say together that can't all be so is told (`together`). Rows that are `tobedeleted`
//! (or `inactive`) are left aside and counted as unchanged: nothing is ever deleted here. So are
//! rows that have no record of their own: organisations, categories, line items.

mod calendar;
mod decimal;
mod enrollments;
mod entity;
mod fields;
mod flaw;
mod folder;
mod lines;
mod marks;
mod moved;
mod regulation;
mod rehearsal;
mod report;
mod run;
mod staging;
mod streams;
mod subjects;
mod table;
mod target;
mod together;
mod users;

use std::path::Path;

use jiff::tz::TimeZone;

pub use folder::{FolderError, Kind};
pub use report::{Counts, Rejected, Report, Warning};
pub use table::TableError;

use crate::{
    cabinet::Cabinet,
    commands::CommandError,
    database::{Database, StoreError},
    views::{Tables, Views},
};

/// Why an import does not begin, or ends before its time.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The folder can't be imported at all; nothing was written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file can't be read any further.
    #[error("{file}: {cause}")]
    Table {
        /// Which.
        file: String,
        /// Why.
        cause: TableError,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The writer.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// The report can't be written.
    #[error("the report can't be written: {0}")]
    Report(#[from] std::io::Error),
    /// The views have stopped.
    #[error("the import is in the log, but a view has stopped: {0}")]
    ViewStopped(String),
    /// Final marks need rules, and there are none.
    #[error("a term begins on {day}: {reason}")]
    NoRules {
        /// The term's first day.
        day: String,
        /// Why there are none.
        reason: String,
    },
    /// A defect of the program.
    #[error("a defect: {0}")]
    Defect(String),
}

/// Who looks on while an import runs.
pub trait Watch {
    /// A file of so many bytes is begun.
    fn file(&mut self, file: &str, bytes: u64);
    /// So many of its bytes were read.
    fn read(&mut self, bytes: u64);
    /// A row is not taken.
    fn rejected(&mut self, row: &Rejected);
    /// Something about a row that was taken wants to be looked at.
    fn warned(&mut self, warning: &Warning);
    /// All is written; the views come after it.
    fn waits_for_views(&mut self);
}

/// Imports a folder.
pub async fn import(
    folder: &Path,
    cabinet: &Cabinet,
    watch: &mut dyn Watch,
) -> Result<Report, ImportError> {
    let mut run = run::Run::on_cabinet(folder, cabinet, watch).await?;
    run.all().await?;
    run.wait_for_views(cabinet).await?;
    Ok(run.report())
}

/// Checks a folder against what is in a database of a university in that time zone, or against nothing, and writes
/// nothing.
pub async fn rehearse(
    folder: &Path,
    database: Option<Database>,
    time_zone: TimeZone,
    watch: &mut dyn Watch,
) -> Result<Report, ImportError> {
    let mut run = run::Run::dry(folder, database, time_zone, watch).await?;
    run.all().await?;
    Ok(run.report())
}

/// Checks that a folder can be imported at all, before a database is made for it.
pub fn check(folder: &Path) -> Result<(), FolderError> {
    folder::Folder::open(folder).map(drop)
}

async fn here(database: Database, time_zone: TimeZone) -> Result<entity::Here, StoreError> {
    let tables = Tables::read(&database).await?;
    Ok(entity::Here { views: Views::new(database.clone(), tables), database, time_zone })
}
