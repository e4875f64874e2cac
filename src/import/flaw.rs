//! What is wrong with a row.

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flaw {
    /// In which column, by its name in the header.
    pub column: String,
    /// What.
    pub reason: String,
}

impl Flaw {
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
