//! A CSV file, row by row, as the import reads it: column names in upper or lower case, rows too short or too long among
//! the others.

use std::{collections::HashMap, path::Path};

use csv::{Reader, ReaderBuilder, StringRecord};

use crate::Fault;

/// A row, by the names of its columns.
pub struct Row<'a> {
    columns: &'a HashMap<String, usize>,
    fields: StringRecord,
}

impl Row<'_> {
    /// What stands in a column; none where it is empty or there is no such column.
    pub fn get(&self, column: &str) -> Option<&str> {
        let field = self.fields.get(*self.columns.get(&column.to_lowercase())?)?.trim();
        Some(field).filter(|field| !field.is_empty())
    }

    /// What has to stand there.
    pub fn required(&self, column: &str) -> Result<&str, Fault> {
        self.get(column).ok_or_else(|| format!("a row without `{column}`").into())
    }

    fn line(&self) -> u64 {
        self.fields.position().map_or(0, csv::Position::line)
    }
}

/// A reader of a file.
pub fn open(path: &Path) -> Result<Reader<std::fs::File>, Fault> {
    let opened = ReaderBuilder::new().flexible(true).from_path(path);
    opened.map_err(|cause| format!("{}: {cause}", path.display()).into())
}

/// Shows each row; what is wrong with which of them.
pub fn each(
    path: &Path,
    mut see: impl FnMut(&Row) -> Result<(), Fault>,
) -> Result<Vec<String>, Fault> {
    let mut reader = open(path)?;
    let named = reader.headers()?.iter().enumerate();
    let columns = named.map(|(place, name)| (name.trim().to_lowercase(), place)).collect();
    let mut flaws = vec![];
    for fields in reader.byte_records() {
        let fields = StringRecord::from_byte_record_lossy(fields?);
        let row = Row { columns: &columns, fields };
        if let Err(cause) = see(&row) {
            let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            flaws.push(format!("{file}, line {}: {cause}", row.line()));
        }
    }
    Ok(flaws)
}
