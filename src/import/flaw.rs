//! What is wrong with a row.

use aggregates::shared::Fact;

use super::folder::Kind;
use crate::messages::message;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flaw {
    /// In which column, by its name in the header.
    pub column: String,
    /// What.
    pub reason: String,
}

impl Flaw {
    /// A message of the import's by its key (`IMPORT_...`) with what it tells, in the reader's language.
    pub(super) fn told(column: impl Into<String>, key: &str, facts: &[Fact]) -> Self {
        Self::new(column, message(&format!("IMPORT_{key}"), facts))
    }

    /// A field with a text that is none of what belongs there.
    pub(super) fn of_text(column: impl Into<String>, key: &str, text: &str) -> Self {
        Self::told(column, key, &[Fact::new("text", text)])
    }

    /// A field that has to be there.
    pub(super) fn empty(column: impl Into<String>) -> Self {
        Self::told(column, "EMPTY", &[])
    }

    /// A field that names a row which a file does not have.
    pub(super) fn not_there(column: impl Into<String>, id: &str, kind: Kind) -> Self {
        Self::told(column, "NOT_THERE", &[Fact::new("id", id), Fact::new("file", kind.file())])
    }

    pub(super) fn new(column: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { column: column.into(), reason: reason.into() }
    }
}

/// A row that is not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadRow {
    /// The line it begins on.
    pub line: u64,
    /// What is wrong with it.
    pub flaw: Flaw,
}

impl BadRow {
    pub(super) fn new(line: u64, flaw: Flaw) -> Self {
        Self { line, flaw }
    }
}
