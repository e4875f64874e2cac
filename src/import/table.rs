//! One CSV file, read row by row: a bad row is found alone, and the rows behind it are still read.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufRead, BufReader, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};

use aggregates::shared::{Fact, MAX_LONG_TEXT};
use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord};

use super::{
    flaw::{BadRow, Flaw},
    lines::{Lines, MAX_ROW_BYTES, Span},
};

/// The columns of a file, by the names in its first row; upper and lower case are alike.
#[derive(Debug)]
pub(super) struct Header {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Header {
    /// Takes the first row; says which name stands there twice.
    fn new(record: &StringRecord) -> Result<Self, String> {
        let names: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
        let mut places = HashMap::new();
        for (place, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if places.insert(name.to_lowercase(), place).is_some() {
                return Err(name.clone());
            }
        }
        Ok(Self { names, places })
    }

    /// Whether there is such a column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.places.contains_key(&column.to_lowercase())
    }

    fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }
}

/// A row that can be read: as many fields as columns, UTF-8 without U+0000, none over-long.
#[derive(Debug)]
pub(super) struct Row {
    /// The line it begins on, from 1.
    pub line: u64,
    header: Arc<Header>,
    fields: StringRecord,
}

impl Row {
    /// What stands in a column, trimmed; none where it is empty or there is no such column.
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        let place = self.header.places.get(&column.to_lowercase())?;
        self.fields.get(*place).map(str::trim).filter(|text| !text.is_empty())
    }
}

/// Why a file can't be read at all.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file system says no.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The reader says no.
    #[error("{0}")]
    Csv(#[from] csv::Error),
    /// It has no first row that names columns.
    #[error("its first row does not name columns")]
    NoHeader,
    /// Its first row names a column twice.
    #[error("its first row names the column {0} twice")]
    ColumnTwice(String),
}

/// A CSV file that is being read.
pub(super) struct Table {
    path: PathBuf,
    header: Arc<Header>,
    reader: Reader<Lines<File>>,
    /// Where in the file the reader began.
    begins_at: u64,
}

impl Table {
    /// Opens it and reads its header.
    pub(super) fn open(path: &Path) -> Result<Self, TableError> {
        let mut reader = reader(path, 0, 1)?;
        let mut record = ByteRecord::new();
        if !reader.read_byte_record(&mut record)? {
            return Err(TableError::NoHeader);
        }
        let record = StringRecord::from_byte_record(record).map_err(|_| TableError::NoHeader)?;
        let header = Arc::new(Header::new(&record).map_err(TableError::ColumnTwice)?);
        Ok(Self { path: path.to_owned(), header, reader, begins_at: 0 })
    }

    /// Its columns.
    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// How many of its bytes were read.
    pub(super) fn bytes_read(&self) -> u64 {
        self.begins_at + self.reader.position().byte()
    }

    /// The next rows, at most so many; none at the end.
    pub(super) fn chunk(&mut self, most: usize) -> Result<Vec<Result<Row, BadRow>>, TableError> {
        let mut rows = Vec::new();
        while rows.len() < most {
            match self.next()? {
                Some(row) => rows.push(row),
                None => break,
            }
        }
        Ok(rows)
    }

    fn next(&mut self) -> Result<Option<Result<Row, BadRow>>, TableError> {
        let begin = self.reader.position().byte();
        self.reader.get_mut().begin_row(begin);
        let mut record = ByteRecord::new();
        let found = self.reader.read_byte_record(&mut record)?;
        if !found && !self.reader.get_ref().was_cut() {
            return Ok(None);
        }
        let end = self.reader.position().byte();
        let Some(span) = self.reader.get_ref().span(end) else { return Ok(None) };
        let line = span.first.line;
        if span.unclosed {
            self.go_on_behind_first_line(span)?;
            let column = self.unclosed_column(&record);
            let most = [Fact::new("most", MAX_ROW_BYTES)];
            let flaw = match span.second {
                Some(_) => Flaw::told(column, "QUOTE_OPEN", &[]),
                None => Flaw::told(column, "ROW_TOO_LONG", &most),
            };
            return Ok(Some(Err(BadRow::new(line, flaw))));
        }
        let row = self.checked(record).map(|fields| {
            let header = Arc::clone(&self.header);
            Row { line, header, fields }
        });
        Ok(Some(row.map_err(|flaw| BadRow::new(line, flaw))))
    }

    /// The rows that an unclosed quote swallowed are rows of their own: read on at the next line.
    fn go_on_behind_first_line(&mut self, span: Span) -> Result<(), TableError> {
        let (offset, line) = match span.second {
            Some(second) => (self.begins_at + second.offset, second.line),
            None => {
                let mut file = BufReader::new(File::open(&self.path)?);
                file.seek(SeekFrom::Start(self.begins_at + span.first.offset))?;
                let skipped = file.skip_until(b'\n')? as u64;
                (self.begins_at + span.first.offset + skipped, span.first.line + 1)
            }
        };
        self.reader = reader(&self.path, offset, line)?;
        self.begins_at = offset;
        Ok(())
    }

    /// The field that swallowed lines: the first that holds a line end.
    fn unclosed_column(&self, record: &ByteRecord) -> String {
        let place =
            record.iter().position(|field| field.contains(&b'\n') || field.contains(&b'\r'));
        let last = self.header.names.len().saturating_sub(1);
        let place = place.unwrap_or(record.len().saturating_sub(1)).min(last);
        self.header.name(place).to_owned()
    }

    fn checked(&self, record: ByteRecord) -> Result<StringRecord, Flaw> {
        let columns = self.header.names.len();
        if record.len() != columns {
            let place = record.len().min(columns.saturating_sub(1));
            let facts = [Fact::new("fields", record.len()), Fact::new("columns", columns)];
            return Err(Flaw::told(self.header.name(place), "FIELDS", &facts));
        }
        let record = StringRecord::from_byte_record(record).map_err(|error| {
            let column = self.header.name(error.utf8_error().field());
            Flaw::told(column, "NOT_UTF8", &[])
        })?;
        for (place, field) in record.iter().enumerate() {
            let column = self.header.name(place);
            if field.contains('\0') {
                return Err(Flaw::told(column, "HAS_NUL", &[]));
            }
            if field.len() > MAX_LONG_TEXT && field.chars().count() > MAX_LONG_TEXT {
                let most = [Fact::new("most", MAX_LONG_TEXT)];
                return Err(Flaw::told(column, "TOO_LONG", &most));
            }
        }
        Ok(record)
    }
}

/// Reads a file from an offset, which is on that line.
fn reader(path: &Path, offset: u64, line: u64) -> io::Result<Reader<Lines<File>>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).buffer_capacity(64 * 1024);
    Ok(builder.from_reader(Lines::new(file, line)))
}
