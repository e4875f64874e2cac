//! A folder in OneRoster 1.1 CSV form: its manifest, and which files and columns it has to have.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use aggregates::shared::Text;

use super::table::{Table, TableError};
use crate::messages::message;

/// What a file is about, in the order in which files are imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "named after the files")]
pub enum Kind {
    Orgs,
    AcademicSessions,
    Courses,
    Classes,
    Users,
    Enrollments,
    Categories,
    LineItems,
    Results,
}

/// Files that the standard has and this house has no use for.
const UNUSED: &[&str] =
    &["classResources.csv", "courseResources.csv", "demographics.csv", "resources.csv"];

const MANIFEST: &str = "manifest.csv";

impl Kind {
    pub(super) const ALL: [Self; 9] = [
        Self::Orgs,
        Self::AcademicSessions,
        Self::Courses,
        Self::Classes,
        Self::Users,
        Self::Enrollments,
        Self::Categories,
        Self::LineItems,
        Self::Results,
    ];

    /// The file's name in the manifest.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Orgs => "orgs",
            Self::AcademicSessions => "academicSessions",
            Self::Courses => "courses",
            Self::Classes => "classes",
            Self::Users => "users",
            Self::Enrollments => "enrollments",
            Self::Categories => "categories",
            Self::LineItems => "lineItems",
            Self::Results => "results",
        }
    }

    /// The file's name.
    pub fn file(self) -> String {
        format!("{}.csv", self.name())
    }

    /// Whether a folder makes no sense without it, unless its manifest says that it is absent.
    fn is_required(self) -> bool {
        self <= Self::Users
    }

    /// The columns that a file can't do without. The standard asks for more; what is not read here
    /// may be missing.
    fn required_columns(self) -> &'static [&'static str] {
        match self {
            Self::Orgs => &["sourcedId", "name"],
            Self::AcademicSessions => &["sourcedId", "title", "type", "startDate", "endDate"],
            Self::Courses => &["sourcedId", "title"],
            Self::Classes => &["sourcedId", "title", "courseSourcedId", "termSourcedIds"],
            Self::Users => &["sourcedId", "role", "givenName", "familyName"],
            Self::Enrollments => &["sourcedId", "classSourcedId", "userSourcedId", "role"],
            Self::Categories => &["sourcedId", "title"],
            Self::LineItems => {
                &["sourcedId", "title", "classSourcedId", "resultValueMin", "resultValueMax"]
            }
            Self::Results => {
                &["sourcedId", "lineItemSourcedId", "studentSourcedId", "score", "scoreDate"]
            }
        }
    }

    /// The columns that name rows of other files and are otherwise not read: what they name has to
    /// be there, where the folder has that file.
    pub(super) fn references(self) -> &'static [(&'static str, Kind)] {
        match self {
            Self::Courses => {
                &[("orgSourcedId", Self::Orgs), ("schoolYearSourcedId", Self::AcademicSessions)]
            }
            Self::Classes => &[("schoolSourcedId", Self::Orgs)],
            Self::Users => &[("orgSourcedIds", Self::Orgs)],
            Self::Enrollments => &[("schoolSourcedId", Self::Orgs)],
            Self::LineItems => &[("gradingPeriodSourcedId", Self::AcademicSessions)],
            _ => &[],
        }
    }
}

/// Why a folder can't be imported at all.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It is not there, or can't be listed.
    #[error("the folder {} can't be read: {cause}", folder.display())]
    Unreadable {
        /// Which.
        folder: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A file is missing.
    #[error("{file} is missing")]
    FileMissing {
        /// Which.
        file: String,
    },
    /// A file lacks a column.
    #[error("{file} has no column {column}")]
    ColumnMissing {
        /// Which file.
        file: String,
        /// Which column.
        column: &'static str,
    },
    /// A file can't be read.
    #[error("{file} can't be read: {cause}")]
    File {
        /// Which.
        file: String,
        /// Why.
        cause: TableError,
    },
    /// The manifest can't be read.
    #[error("manifest.csv, line {line}: {reason}")]
    Manifest {
        /// Where.
        line: u64,
        /// Why.
        reason: String,
    },
    /// It is of another version of the standard.
    #[error("the folder is in the form of OneRoster {0}; only 1.1 is read")]
    Version(String),
    /// It has changes only.
    #[error("{file} has changes only (delta); export all of it (bulk)")]
    Delta {
        /// Which file.
        file: String,
    },
    /// Nothing says which system it is from.
    #[error("nothing names the source: no source.systemName in manifest.csv, no row in orgs.csv")]
    NoSource,
}

/// A folder that can be imported.
pub(super) struct Folder {
    path: PathBuf,
    /// The files it has.
    present: BTreeSet<Kind>,
    /// The system it was exported from.
    pub source: String,
    /// The files that are not imported.
    pub ignored: Vec<String>,
}

impl Folder {
    /// Checks all that can be checked without reading the rows.
    pub(super) fn open(path: &Path) -> Result<Self, FolderError> {
        let files = list(path)?;
        if !files.contains(MANIFEST) {
            return Err(FolderError::FileMissing { file: MANIFEST.into() });
        }
        let manifest = manifest(&path.join(MANIFEST))?;
        let version = manifest.get("oneroster.version").filter(|version| *version != "1.1");
        if let Some(version) = version {
            return Err(FolderError::Version(version.clone()));
        }
        let mut present = BTreeSet::new();
        for kind in Kind::ALL {
            let stated = manifest.get(&format!("file.{}", kind.name()).to_lowercase());
            if is_there(kind, stated.map(String::as_str), &files)? {
                must_have_columns(path, kind)?;
                present.insert(kind);
            }
        }
        let known =
            |file: &String| *file == MANIFEST || Kind::ALL.iter().any(|k| k.file() == *file);
        let ignored = files.iter().filter(|file| !known(file)).cloned().collect();
        let named = manifest.get("source.systemname").and_then(|name| Text::short(name).ok());
        let source = match named {
            Some(name) => name.into(),
            None => first_org(path, present.contains(&Kind::Orgs))?,
        };
        Ok(Self { path: path.to_owned(), present, source, ignored })
    }

    /// Whether it has that file.
    pub(super) fn has(&self, kind: Kind) -> bool {
        self.present.contains(&kind)
    }

    /// Opens a file that it has, and says how many bytes it holds.
    pub(super) fn table(&self, kind: Kind) -> Result<(Table, u64), TableError> {
        let path = self.path.join(kind.file());
        let bytes = fs::metadata(&path)?.len();
        Ok((Table::open(&path)?, bytes))
    }
}

/// Whether a file of the standard is of no use here, or none of its files at all.
pub(super) fn why_ignored(file: &str) -> String {
    let key = if UNUSED.contains(&file) { "IMPORT_FILE_UNUSED" } else { "IMPORT_FILE_UNKNOWN" };
    message(key, &[])
}

fn list(path: &Path) -> Result<BTreeSet<String>, FolderError> {
    let unreadable = |cause| FolderError::Unreadable { folder: path.to_owned(), cause };
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.path().is_file() {
            files.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(files)
}

/// What the manifest says, by property, in lower case.
fn manifest(path: &Path) -> Result<BTreeMap<String, String>, FolderError> {
    let unreadable = |cause| FolderError::File { file: MANIFEST.into(), cause };
    let mut table = Table::open(path).map_err(unreadable)?;
    for column in ["propertyName", "value"] {
        if !table.header().has(column) {
            return Err(FolderError::ColumnMissing { file: MANIFEST.into(), column });
        }
    }
    let mut properties = BTreeMap::new();
    // It has a few dozen properties; a longer one is none.
    for row in table.chunk(1_000).map_err(unreadable)? {
        let row = row.map_err(|bad| FolderError::Manifest {
            line: bad.line,
            reason: format!("{}: {}", bad.flaw.column, bad.flaw.reason),
        })?;
        if let (Some(name), Some(value)) = (row.get("propertyName"), row.get("value")) {
            properties.insert(name.to_lowercase(), value.to_owned());
        }
    }
    Ok(properties)
}

/// Whether a file is there, by the manifest and in truth; one that has to be there must be.
fn is_there(
    kind: Kind,
    stated: Option<&str>,
    files: &BTreeSet<String>,
) -> Result<bool, FolderError> {
    let file = kind.file();
    let there = files.contains(&file);
    match stated.map(str::to_lowercase).as_deref() {
        Some("delta") => Err(FolderError::Delta { file }),
        Some("absent") => Ok(there),
        Some("bulk") if !there => Err(FolderError::FileMissing { file }),
        _ if !there && kind.is_required() => Err(FolderError::FileMissing { file }),
        _ => Ok(there),
    }
}

fn must_have_columns(path: &Path, kind: Kind) -> Result<(), FolderError> {
    let file = kind.file();
    let table = match Table::open(&path.join(&file)) {
        Ok(table) => table,
        Err(cause) => return Err(FolderError::File { file, cause }),
    };
    let mut required = kind.required_columns().iter();
    match required.find(|column| !table.header().has(column)) {
        Some(column) => Err(FolderError::ColumnMissing { file, column }),
        None => Ok(()),
    }
}

fn first_org(path: &Path, has_orgs: bool) -> Result<String, FolderError> {
    if !has_orgs {
        return Err(FolderError::NoSource);
    }
    let unreadable = |cause| FolderError::File { file: Kind::Orgs.file(), cause };
    let mut table = Table::open(&path.join(Kind::Orgs.file())).map_err(unreadable)?;
    let rows = table.chunk(1).map_err(unreadable)?;
    let id = rows.into_iter().flatten().next().and_then(|row| row.id("sourcedId").ok());
    id.ok_or(FolderError::NoSource)
}
