//! Restoring a backup: all of it, checked before, or nothing.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    BackupError, Contents, DATABASE, FILES, Progress, at, claimed, embedded, sync_folder,
    unpack::{Unpacked, unpack},
};
use crate::{
    audit::ExpectedHead,
    config::Config,
    database::{copy, lock_folder},
    log,
};

/// Where a backup is unpacked in the data folder, until it has been checked.
const STAGE: &str = "restoring";
/// What would be gone over, or mixed up with what is restored.
const TAKEN: [(&str, &str); 5] = [
    ("oqu.db", "a database"),
    ("oqu.db-wal", "a database's write-ahead log"),
    ("oqu.db-shm", "a database's index"),
    ("oqu.db-journal", "a database's journal"),
    (FILES, "a folder of files"),
];

/// Restores a backup into a data folder that holds nothing yet, and that nobody uses.
pub async fn restore(
    config: &Config,
    backup: &Path,
    progress: impl Fn(Progress) + Send + 'static,
) -> Result<Contents, BackupError> {
    let folder = embedded(config)?;
    let _lock = lock_folder(&folder)?;
    must_be_empty(&folder)?;
    let stage = Stage::within(&folder)?;
    let (from, into) = (backup.to_owned(), stage.0.clone());
    let unpacked = tokio::task::spawn_blocking(move || unpack(&from, &into, progress)).await??;
    check(backup, &stage.0.join(DATABASE), &unpacked).await?;
    // The database comes last: without it the folder holds nothing.
    if !unpacked.files.is_empty() {
        move_out(&stage.0, &folder, FILES)?;
        sync_folder(&folder)?;
    }
    move_out(&stage.0, &folder, DATABASE)?;
    sync_folder(&folder)?;
    Ok(unpacked.contents)
}

fn must_be_empty(folder: &Path) -> Result<(), BackupError> {
    for (name, what) in TAKEN {
        let path = folder.join(name);
        let there = match fs::read_dir(&path) {
            // The server makes the folder before it holds anything.
            Ok(mut entries) => entries.next().is_some(),
            Err(_) => path.try_exists().map_err(at(&path))?,
        };
        if there {
            return Err(BackupError::NotEmpty { what, folder: folder.to_owned() });
        }
    }
    Ok(())
}

fn move_out(stage: &Path, folder: &Path, name: &str) -> Result<(), BackupError> {
    let to = folder.join(name);
    fs::rename(stage.join(name), &to).map_err(at(&to))
}

/// The folder that a backup is unpacked into; it goes with what is left in it.
struct Stage(PathBuf);

impl Stage {
    fn within(folder: &Path) -> Result<Self, BackupError> {
        let stage = folder.join(STAGE);
        // What one left that was killed.
        remove(&stage).map_err(at(&stage))?;
        fs::create_dir(&stage).map_err(at(&stage))?;
        Ok(Self(stage))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "a folder is left behind");
        }
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Whether what was unpacked is whole, and can be read by this program.
async fn check(backup: &Path, database: &Path, unpacked: &Unpacked) -> Result<(), BackupError> {
    let Unpacked { contents, database_sha256, files } = unpacked;
    let damaged = |why: &str| BackupError::Damaged { file: backup.to_owned(), why: why.into() };
    if contents.database_sha256 != *database_sha256 {
        return Err(damaged("its database is not the one that was backed up"));
    }
    let database = copy::open(database).await?;
    copy::check(&database).await?;
    let head = log::head(&database).await?;
    let head = ExpectedHead { position: head.position, chain: head.chain };
    if head.to_string() != contents.head {
        return Err(damaged("its log does not end where it should"));
    }
    let Some(count) = contents.files else { return Ok(()) };
    if count != files.len() as u64 {
        return Err(damaged("files are missing"));
    }
    for claimed in claimed(&database).await? {
        let as_it_was = match files.get(&claimed.id) {
            Some(found) => *found == claimed.sha256 || contents.changed.contains(&claimed.id),
            None => contents.missing.contains(&claimed.id),
        };
        if !as_it_was {
            return Err(damaged(&format!("the file {} is not as it was", claimed.id)));
        }
    }
    Ok(())
}
