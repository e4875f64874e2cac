//! A backup of the embedded database in one file, made beside a running server: a tar of the database as of one
//! moment (`oqu.db`), of the files that it claims where they lie beside it (`files/`), and last of all of what
//! the backup holds (`backup.json`), so that one that broke off shows.

mod hashed;
mod pack;
mod restore;
mod unpack;

use std::{
    fs::{self, File, Permissions, TryLockError},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use aggregates::shared::FileId;
use serde::{Deserialize, Serialize};
use tracing::warn;

pub use restore::restore;

use crate::{
    audit::ExpectedHead,
    config::Config,
    database::{ConnectError, Database, Location, StoreError, copy},
    files, log,
};

/// The database in a backup, and in a data folder.
const DATABASE: &str = "oqu.db";
/// The folder of files in a backup, and in a data folder.
const FILES: &str = "files";
/// What the backup holds.
const CONTENTS: &str = "backup.json";
/// The version of a backup's shape.
const FORMAT: u32 = 1;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    format: u32,
    /// The version of the program that made it.
    pub oqu: String,
    /// Where its log ends, as POSITION:CHAIN.
    pub head: String,
    database_sha256: String,
    /// How many files it holds; none where they lie elsewhere.
    pub files: Option<u64>,
    /// Files that the database claims, and that were gone from their folder.
    pub missing: Vec<FileId>,
    /// Files that were not as they were handed in.
    pub changed: Vec<FileId>,
}

/// A file that the database claims, with the SHA-256 of what was handed in.
struct Claimed {
    id: FileId,
    sha256: String,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The database is copied: so many bytes of about so many.
    Database(u64, u64),
    /// The backup is written or read: so many bytes of so many, as far as is known.
    File(u64, u64),
}

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// PostgreSQL brings its own.
    #[error(
        "the database is a PostgreSQL: it is backed up and restored with its own tools, as \
         docs/operator.md says under \"Backups of PostgreSQL\""
    )]
    Postgres,
    /// The database.
    #[error(transparent)]
    Database(#[from] ConnectError),
    /// What it holds.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file is there.
    #[error("{} exists already; --force replaces it", file.display())]
    Exists {
        /// Which.
        file: PathBuf,
    },
    /// Another process writes it.
    #[error("another process is making {}", file.display())]
    InUse {
        /// Which.
        file: PathBuf,
    },
    /// There is something that a restored backup would go over.
    #[error("there is {what} in {} already; a backup is restored into an empty folder", folder.display())]
    NotEmpty {
        /// What.
        what: &'static str,
        /// Where.
        folder: PathBuf,
    },
    /// A file can't be read or written.
    #[error("{}: {source}", file.display())]
    Io {
        /// Which.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is something else.
    #[error("{} is no backup of oqu: {why}", file.display())]
    NoBackup {
        /// Which.
        file: PathBuf,
        /// Why.
        why: String,
    },
    /// It is not what was written.
    #[error("the backup {} is damaged: {why}", file.display())]
    Damaged {
        /// Which.
        file: PathBuf,
        /// Why.
        why: String,
    },
    /// A task broke off.
    #[error("it broke off: {0}")]
    BrokeOff(#[from] tokio::task::JoinError),
}

/// What a file's error means.
fn at(file: &Path) -> impl Fn(io::Error) -> BackupError + '_ {
    |source| BackupError::Io { file: file.to_owned(), source }
}

/// Writes a backup into a file, beside whoever writes to the database; one that is there is replaced only where
/// that is asked. Until it is whole it has another name.
pub async fn backup(
    config: &Config,
    target: &Path,
    replace: bool,
    progress: impl Fn(Progress) + Clone + Send + 'static,
) -> Result<Contents, BackupError> {
    let folder = embedded(config)?;
    must_be_free(target, replace)?;
    let partial = Partial::beside(target)?;
    let copied = copy::write(&folder, &partial.database, |done, of| {
        progress(Progress::Database(done, of));
    });
    copied.await?;
    let database = copy::open(&partial.database).await?;
    let head = log::head(&database).await?;
    let head = ExpectedHead { position: head.position, chain: head.chain };
    let claimed = claimed(&database).await?;
    let from = files::beside(config).map(|folder| (folder, claimed));
    let (contents, partial) = tokio::task::spawn_blocking(move || {
        let contents = pack::pack(&partial, head.to_string(), from, progress)?;
        Ok::<_, BackupError>((contents, partial))
    })
    .await??;
    must_be_free(target, replace)?;
    partial.into_place(target)?;
    Ok(contents)
}

fn embedded(config: &Config) -> Result<PathBuf, BackupError> {
    match config.location() {
        Location::Folder(folder) => Ok(folder),
        Location::Url(_) => Err(BackupError::Postgres),
    }
}

fn must_be_free(target: &Path, replace: bool) -> Result<(), BackupError> {
    match target.try_exists().map_err(at(target))? {
        true if !replace => Err(BackupError::Exists { file: target.to_owned() }),
        _ => Ok(()),
    }
}

/// The files that the database claims.
async fn claimed(database: &Database) -> Result<Vec<Claimed>, StoreError> {
    let sql = "SELECT id, sha256 FROM files WHERE state = 'claimed' ORDER BY id";
    let rows = database.fetch(sql, &[]).await?;
    let claimed = rows.iter().map(|row| {
        let id = row.text(0)?;
        let id = id.parse().map_err(|_| StoreError::Corrupt(format!("files.id: `{id}`")))?;
        Ok(Claimed { id, sha256: row.text(1)? })
    });
    claimed.collect()
}

/// A backup that is being written, and the copy of the database that goes into it: both go where it does not
/// come to an end.
struct Partial {
    file: PathBuf,
    database: PathBuf,
    /// Held open and locked, so that no other process writes the same; the lock ends with the process.
    lock: File,
    /// Whether it came to an end, and the backup has its name.
    named: bool,
}

impl Partial {
    fn beside(target: &Path) -> Result<Self, BackupError> {
        let named = |ending: &str| {
            let name = target.file_name().unwrap_or_default().to_string_lossy();
            target.with_file_name(format!(".{name}.{ending}"))
        };
        let (file, database) = (named("partial"), named("partial.db"));
        // It holds what the database holds: nobody else may read it.
        let mut options = File::options();
        options.create(true).truncate(false).write(true).mode(0o600);
        let lock = options.open(&file).map_err(at(&file))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(BackupError::InUse { file: target.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(at(&file)(source)),
        }
        // Whoever had it until now may just have given it its name.
        let ours = lock.metadata().map_err(at(&file))?.ino();
        if !fs::metadata(&file).is_ok_and(|there| there.ino() == ours) {
            return Err(BackupError::InUse { file: target.to_owned() });
        }
        // What one left that was killed is written over.
        lock.set_len(0).map_err(at(&file))?;
        let copy = options.truncate(true).open(&database).map_err(at(&database))?;
        for (opened, path) in [(&lock, &file), (&copy, &database)] {
            opened.set_permissions(Permissions::from_mode(0o600)).map_err(at(path))?;
        }
        Ok(Self { file, database, lock, named: false })
    }
}

impl Partial {
    /// Gives the backup its name. From then on nothing here is ours: somebody may be making the next.
    fn into_place(mut self, target: &Path) -> Result<(), BackupError> {
        fs::remove_file(&self.database).map_err(at(&self.database))?;
        fs::rename(&self.file, target).map_err(at(target))?;
        self.named = true;
        sync_folder(&folder_of(target))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let left = [&self.database, &self.file];
        for left in left.into_iter().filter(|_| !self.named) {
            match fs::remove_file(left) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    warn!(%error, file = %left.display(), "a file is left behind");
                }
                _ => {}
            }
        }
    }
}

fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => ".".into(),
    }
}

/// Puts the names in a folder on disk.
fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
}
