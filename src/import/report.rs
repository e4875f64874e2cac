//! What an import comes to: counts a file, and every row that was not taken.

use std::{
    fmt,
    fs::File,
    io::{self, BufWriter, Write},
    time::Duration,
};

use aggregates::shared::Fact;
use serde::Serialize;

use super::{
    ImportError,
    flaw::BadRow,
    folder::{Kind, why_ignored},
    staging::Staging,
};
use crate::messages::message;

/// How many rejected rows are read at a time.
const PAGE: usize = 1_000;

/// What became of the rows of a file: those read are all others together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Rows read.
    pub read: u64,
    /// Rows that changed something here.
    pub imported: u64,
    /// Rows that said nothing new, or have no record of their own here.
    pub unchanged: u64,
    /// Rows that were not taken.
    pub rejected: u64,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// In which file.
    pub file: String,
    /// The line it begins on, from 1.
    pub line: u64,
    /// The column, by its name in the header.
    pub column: String,
    /// Why.
    pub reason: String,
}

impl Rejected {
    pub(super) fn new(file: String, bad: BadRow) -> Self {
        Self { file, line: bad.line, column: bad.flaw.column, reason: bad.flaw.reason }
    }
}

/// Something about a row that was taken, which wants to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// In which file.
    pub file: String,
    /// The line it begins on, from 1.
    pub line: u64,
    /// What.
    pub reason: String,
}

/// What an import came to.
pub struct Report {
    /// How long it took, the views included.
    pub took: Duration,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Each file of the folder that was read, in the order of the import.
    pub files: Vec<(Kind, Counts)>,
    /// The files that are not imported.
    pub ignored: Vec<String>,
    /// What wants to be looked at, though it was taken.
    pub warnings: Vec<Warning>,
    pub(super) staging: Staging,
}

impl Report {
    /// How many rows were not taken.
    pub fn rejected(&self) -> u64 {
        self.files.iter().map(|(_, counts)| counts.rejected).sum()
    }

    /// Writes it all as JSON, the rejected rows one after another.
    pub async fn write_json(&self, file: File) -> Result<(), ImportError> {
        let mut out = BufWriter::new(file);
        let seconds = (self.took.as_secs_f64() * 1_000.0).round() / 1_000.0;
        write!(out, "{{\n\"seconds\": {seconds},\n\"dryRun\": {},\n\"files\": {{", self.dry_run)?;
        for (place, (kind, counts)) in self.files.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            write!(out, "{comma}\n\"{}\": {}", kind.file(), json(counts)?)?;
        }
        let (ignored, warnings) = (json(&self.ignored)?, json(&self.warnings)?);
        write!(out, "\n}},\n\"ignored\": {ignored},\n\"warnings\": {warnings},\n\"rejected\": [")?;
        let mut after = 0;
        loop {
            let page = self.staging.rejected(after, PAGE).await?;
            let Some((last, ..)) = page.last() else { break };
            let next = *last;
            for (number, file, bad) in page {
                let comma = if number > 1 { "," } else { "" };
                write!(out, "{comma}\n{}", json(&Rejected::new(file, bad))?)?;
            }
            after = next;
        }
        writeln!(out, "\n]\n}}")?;
        Ok(out.flush()?)
    }
}

/// A short table, and which files were left aside.
impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heads = ["FILE", "READ", "IMPORTED", "UNCHANGED", "REJECTED"];
        let [file, read, imported, unchanged, rejected] =
            heads.map(|head| message(&format!("IMPORT_HEAD_{head}"), &[]));
        writeln!(out, "{file:22}{read:>12}{imported:>12}{unchanged:>14}{rejected:>12}")?;
        for (kind, counts) in &self.files {
            let Counts { read, imported, unchanged, rejected } = counts;
            let file = kind.file();
            writeln!(out, "{file:22}{read:>12}{imported:>12}{unchanged:>14}{rejected:>12}")?;
        }
        for file in &self.ignored {
            writeln!(out, "{file}: {}", why_ignored(file))?;
        }
        let key = if self.dry_run { "IMPORT_CHECKED" } else { "IMPORT_DONE" };
        let seconds = Fact::new("seconds", format!("{:.1}", self.took.as_secs_f64()));
        writeln!(out, "{}", message(key, &[seconds]))
    }
}

fn json(value: &impl Serialize) -> io::Result<String> {
    serde_json::to_string(value).map_err(io::Error::from)
}
