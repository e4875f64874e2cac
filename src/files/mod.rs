//! Files: the bytes lie in a store of objects (a folder, or S3), a row beside each says whose it is.
//!
//! A file is *received* when its bytes are in the store, and *claimed* when a command's event names it:
//! the row is marked in the transaction that appends the event. What nobody claims is swept away; what
//! belonged to somebody who was erased is marked as *gone*, and swept away too.

mod receive;
mod sniff;

use std::{
    env, fs, io, iter,
    path::{Path as FilePath, PathBuf},
    sync::Arc,
};

use aggregates::shared::{FileId, FileKind, FileRef, PersonId, SyllabusId, TextId, ThesisId};
use futures::stream::BoxStream;
use jiff::{SignedDuration, Timestamp};
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt, local::LocalFileSystem, parse_url_opts,
    path::Path, prefix::PrefixStore,
};
use tokio::sync::OnceCell;
use url::Url;

pub use receive::{FileFlaw, Received};

use crate::{
    config::Config,
    database::{Database, Row, StoreError, Transaction},
};

/// The store of files.
#[derive(Clone)]
pub struct Files {
    location: FilesLocation,
    /// Opened when it is needed first: most commands need none.
    objects: Arc<OnceCell<Arc<dyn ObjectStore>>>,
    database: Database,
}

/// Where the bytes lie.
#[derive(Debug, Clone)]
enum FilesLocation {
    /// In a folder.
    Folder(PathBuf),
    /// In a store that a URL names.
    Url(Url),
}

/// Why a file can't be had.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Its row.
    #[error(transparent)]
    Database(#[from] StoreError),
    /// Its bytes are not there.
    #[error("the file is gone from the store")]
    Gone,
    /// Its bytes are not those that were handed in.
    #[error("the file was changed in the store")]
    Changed,
    /// The store does not answer, or refuses.
    #[error("the store of files: {0}")]
    Store(object_store::Error),
}

impl From<object_store::Error> for FileError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Gone,
            error => Self::Store(error),
        }
    }
}

/// What a file is part of: who may read that may read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartOf {
    /// A thesis.
    Thesis(ThesisId),
    /// A syllabus.
    Syllabus(SyllabusId),
}

/// A file that a command has claimed.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Whose it is: it goes with what is known of them.
    pub person: PersonId,
    /// What it was handed in with.
    pub part_of: PartOf,
    /// The name it was handed in under.
    pub name: TextId,
    /// What it is.
    pub kind: FileKind,
    /// How many bytes it has.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// That an event names a file: written with it.
#[derive(Debug, Clone)]
pub struct Claim {
    /// What the event says of the file.
    pub file: FileRef,
    /// Whose it is: it goes with what is known of them.
    pub person: PersonId,
    /// What it is handed in with.
    pub part_of: PartOf,
}

impl Claim {
    /// Writes it; a file that another command has claimed, or that was swept away meanwhile, is a conflict.
    pub async fn write(&self, open: &mut Transaction) -> Result<(), StoreError> {
        let Self { file, person, part_of } = self;
        let sql = "UPDATE files SET state = 'claimed', person = $2, thesis = $3, syllabus = $4, \
                   name = $5 WHERE id = $1 AND state = 'received'";
        let (thesis, syllabus) = match part_of {
            PartOf::Thesis(thesis) => (Some(thesis.to_string()), None),
            PartOf::Syllabus(syllabus) => (None, Some(syllabus.to_string())),
        };
        let (id, name) = (file.id.to_string(), file.name.id.to_string());
        let person = person.to_string();
        let values = [id.into(), person.into(), thesis.into(), syllabus.into(), name.into()];
        match open.execute(sql, &values).await? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict("files_claimed".into())),
        }
    }
}

impl Files {
    /// The store that the configuration names: a folder beside the database by default.
    pub fn of(config: &Config, database: Database) -> Self {
        Self { location: location(config), objects: Arc::default(), database }
    }

    /// Fails where the store can't be had, or its bucket is none: a server asks before it serves.
    pub async fn reach(&self) -> Result<(), FileError> {
        self.objects().await?.list_with_delimiter(None).await.map_err(FileError::Store)?;
        Ok(())
    }

    async fn objects(&self) -> Result<&dyn ObjectStore, FileError> {
        let open = async || {
            let objects: Arc<dyn ObjectStore> = match &self.location {
                FilesLocation::Folder(path) => Arc::new(folder(path)?),
                FilesLocation::Url(url) => {
                    let (store, prefix) = parse_url_opts(url, store_settings())?;
                    Arc::new(PrefixStore::new(store, prefix))
                }
            };
            Ok(objects)
        };
        self.objects.get_or_try_init(open).await.map(AsRef::as_ref)
    }

    /// A claimed file.
    pub async fn find(&self, id: FileId) -> Result<Option<Claimed>, FileError> {
        let sql = "SELECT person, thesis, name, kind, size, sha256, syllabus FROM files \
                   WHERE id = $1 AND state = 'claimed'";
        let row = self.database.fetch_one(sql, &[id.to_string().into()]).await?;
        Ok(row.as_ref().map(claimed).transpose()?)
    }

    /// Whether the bytes of a file are there.
    pub async fn is_there(&self, id: FileId) -> Result<bool, FileError> {
        match self.objects().await?.head(&place(id)).await.map_err(FileError::from) {
            Ok(_) => Ok(true),
            Err(FileError::Gone) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The bytes of a file, all or from one place up to another.
    pub async fn read(
        &self,
        id: FileId,
        range: Option<std::ops::Range<u64>>,
    ) -> Result<BoxStream<'static, Result<bytes::Bytes, object_store::Error>>, FileError> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        Ok(self.objects().await?.get_opts(&place(id), options).await?.into_stream())
    }

    /// Lets a file go that no command claimed.
    pub async fn discard(&self, id: FileId) -> Result<(), FileError> {
        let sql = "UPDATE files SET state = 'gone' WHERE id = $1 AND state = 'received'";
        match self.database.execute(sql, &[id.to_string().into()]).await? {
            0 => Ok(()),
            _ => self.delete(id).await,
        }
    }

    /// Sweeps away what was received so long ago and is not claimed, and what is gone; how many.
    pub async fn sweep(&self, kept: SignedDuration) -> Result<usize, FileError> {
        let before = (Timestamp::now() - kept).as_microsecond();
        let old = "UPDATE files SET state = 'gone' \
                   WHERE state = 'received' AND state <> 'claimed' AND received_at < $1";
        self.database.execute(old, &[before.into()]).await?;
        self.sweep_gone().await
    }

    /// Sweeps away what is gone; how many files.
    pub async fn sweep_gone(&self) -> Result<usize, FileError> {
        // The index is of what is not claimed, and SQLite takes it only where that is said.
        let gone = "SELECT id FROM files WHERE state = 'gone' AND state <> 'claimed'";
        let gone = self.database.fetch(gone, &[]).await?;
        for row in &gone {
            self.delete(parsed(row, 0, "id")?).await?;
        }
        Ok(gone.len())
    }

    /// Deletes the bytes, then the row: broken off between the two, the sweep comes again.
    async fn delete(&self, id: FileId) -> Result<(), FileError> {
        match self.objects().await?.delete(&place(id)).await.map_err(FileError::from) {
            Ok(()) | Err(FileError::Gone) => {}
            Err(error) => return Err(error),
        }
        self.delete_half(id).await?;
        let sql = "DELETE FROM files WHERE id = $1 AND state = 'gone'";
        self.database.execute(sql, &[id.to_string().into()]).await?;
        Ok(())
    }

    /// Deletes what came of a file whose upload was broken off by the end of the process.
    async fn delete_half(&self, id: FileId) -> Result<(), FileError> {
        let FilesLocation::Folder(folder) = &self.location else { return Ok(()) };
        match tokio::fs::remove_file(folder.join(format!("{}{UNDER_WAY}", place(id)))).await {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                let source = Box::new(source);
                Err(FileError::Store(object_store::Error::Generic { store: "folder", source }))
            }
            _ => Ok(()),
        }
    }
}

fn location(config: &Config) -> FilesLocation {
    let folder = config.files.as_ref().map(|url| url.to_file_path().map_err(|()| url.clone()));
    match folder {
        Some(Ok(folder)) => FilesLocation::Folder(folder),
        Some(Err(url)) => FilesLocation::Url(url),
        None => FilesLocation::Folder(config.data.join("files")),
    }
}

/// The folder of files, where it is the one beside the embedded database.
pub fn beside(config: &Config) -> Option<PathBuf> {
    let beside = std::path::absolute(config.data.join("files")).ok()?;
    match location(config) {
        FilesLocation::Folder(folder) if std::path::absolute(&folder).ok()? == beside => {
            Some(folder)
        }
        _ => None,
    }
}

/// What is added to a file's place in a folder while its bytes still come (object_store's way); it is left
/// where the process is killed. A bucket lets go of such by its own rules.
const UNDER_WAY: &str = "#1";

/// The environment's word on stores: `AWS_*` alone, so that a `TOKEN` or a `REGION` of others says nothing.
/// Files are deleted one at a time, by the request that all know who speak S3's language.
fn store_settings() -> impl Iterator<Item = (String, String)> {
    let one_by_one = ("AWS_DISABLE_BULK_DELETE".to_owned(), "true".to_owned());
    let texts = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    iter::once(one_by_one).chain(texts.filter(|(name, _)| name.starts_with("AWS_")))
}

/// A folder, in which what is written is on disk before it is acknowledged.
fn folder(folder: &FilePath) -> Result<LocalFileSystem, FileError> {
    fs::create_dir_all(folder).map_err(|source| {
        FileError::Store(object_store::Error::Generic { store: "folder", source: source.into() })
    })?;
    Ok(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true).with_automatic_cleanup(true))
}

/// Where the bytes of a file lie: not too many in one folder.
pub(crate) fn place(id: FileId) -> Path {
    let id = id.to_string();
    Path::from_iter([&id[..2], &id])
}

fn kind_of(row: &Row) -> Result<FileKind, StoreError> {
    let name = row.text(3)?;
    FileKind::named(&name).ok_or_else(|| StoreError::Corrupt(format!("files.kind: `{name}`")))
}

fn parsed<T: std::str::FromStr>(row: &Row, column: usize, name: &str) -> Result<T, StoreError> {
    let text = row.text(column)?;
    text.parse().map_err(|_| StoreError::Corrupt(format!("files.{name}: `{text}`")))
}

fn claimed(row: &Row) -> Result<Claimed, StoreError> {
    Ok(Claimed {
        person: parsed(row, 0, "person")?,
        part_of: match row.optional_text(6)? {
            Some(_) => PartOf::Syllabus(parsed(row, 6, "syllabus")?),
            None => PartOf::Thesis(parsed(row, 1, "thesis")?),
        },
        name: parsed(row, 2, "name")?,
        kind: kind_of(row)?,
        size: u64::try_from(row.int(4)?).unwrap_or_default(),
        sha256: row.text(5)?,
    })
}

/// Marks files as gone whose rows are missing, so that the sweep takes the bytes where they came back with
/// a store from a backup.
pub async fn forget_named(open: &mut Transaction, files: &[FileId]) -> Result<(), StoreError> {
    for file in files {
        let sql = "INSERT INTO files (id, sender, state, received_at) VALUES ($1, '', 'gone', 0) \
                   ON CONFLICT (id) DO NOTHING";
        open.execute(sql, &[file.to_string().into()]).await?;
    }
    Ok(())
}

/// Marks what belonged to a person as gone, and forgets what their works are compared by; how many
/// files.
pub async fn forget(open: &mut Transaction, person: PersonId) -> Result<u64, StoreError> {
    let person = || person.to_string().into();
    let theirs = "WHERE thesis IN (SELECT thesis FROM files WHERE person = $1)";
    for table in ["fingerprints", "checked_works"] {
        open.execute(&format!("DELETE FROM {table} {theirs}"), &[person()]).await?;
    }
    let sql = "UPDATE files SET state = 'gone' WHERE person = $1 AND state = 'claimed'";
    open.execute(sql, &[person()]).await
}
