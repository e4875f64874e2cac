//! Reading the file of a backup: only what a backup holds is taken, and to nowhere else than where it belongs.

use std::{
    collections::{BTreeSet, HashMap},
    fs::{self, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use aggregates::shared::FileId;
use tar::{Archive, Entry, EntryType};

use super::{
    BackupError, CONTENTS, Contents, DATABASE, FILES, FORMAT, Progress, at, hashed::Hashed,
    sync_folder,
};
use crate::files::place;

/// How long the list of what a backup holds may be, in bytes.
const MOST_CONTENTS: u64 = 64 * 1024 * 1024;

/// What was unpacked.
pub(super) struct Unpacked {
    pub(super) contents: Contents,
    pub(super) database_sha256: String,
    /// The SHA-256 of each file.
    pub(super) files: HashMap<FileId, String>,
}

/// Unpacks a backup into an empty folder, and puts all on disk.
pub(super) fn unpack(
    backup: &Path,
    into: &Path,
    progress: impl Fn(Progress),
) -> Result<Unpacked, BackupError> {
    let file = File::open(backup).map_err(at(backup))?;
    let size = file.metadata().map_err(at(backup))?.len();
    let mut unpacking =
        Unpacking { backup, into, size, done: 0, progress, folders: [into.into()].into() };
    let mut archive = Archive::new(BufReader::new(file));
    let entries = archive.entries().map_err(at(backup))?;
    let unpacked = unpacking.read(entries)?;
    unpacking.folders.iter().try_for_each(|folder| sync_folder(folder))?;
    Ok(unpacked)
}

struct Unpacking<'b, P> {
    backup: &'b Path,
    into: &'b Path,
    size: u64,
    done: u64,
    progress: P,
    /// The folders that something was put into.
    folders: BTreeSet<PathBuf>,
}

impl<P: Fn(Progress)> Unpacking<'_, P> {
    fn read(
        &mut self,
        mut entries: tar::Entries<'_, BufReader<File>>,
    ) -> Result<Unpacked, BackupError> {
        let first = entries.next().ok_or_else(|| self.no_backup("it is empty"))?;
        let mut first = first.map_err(|error| self.no_backup(error))?;
        if name(&first) != DATABASE {
            return Err(self.no_backup("it does not begin with a database"));
        }
        let database_sha256 = self.take(&mut first, Path::new(DATABASE))?;
        let mut files = HashMap::new();
        for entry in entries {
            let mut entry = entry.map_err(|error| self.damaged(error))?;
            let name = name(&entry);
            if name == CONTENTS {
                let contents = self.contents(&mut entry)?;
                return Ok(Unpacked { contents, database_sha256, files });
            }
            let id = file_named(&name).ok_or_else(|| self.damaged(format!("it holds `{name}`")))?;
            let sha256 = self.take(&mut entry, &Path::new(FILES).join(place(id).as_ref()))?;
            files.insert(id, sha256);
        }
        Err(self.damaged("it breaks off"))
    }

    /// Takes a file out, to its place; the SHA-256 of it.
    fn take(&mut self, entry: &mut Entry<'_, impl Read>, to: &Path) -> Result<String, BackupError> {
        if entry.header().entry_type() != EntryType::Regular {
            return Err(self.damaged(format!("{} is no file", to.display())));
        }
        let path = self.into.join(to);
        for folder in to.ancestors().skip(1) {
            self.folders.insert(self.into.join(folder));
        }
        let folder = path.parent().unwrap_or(self.into);
        fs::create_dir_all(folder).map_err(at(folder))?;
        let mut file = File::create_new(&path).map_err(at(&path))?;
        let (size, done, of) = (entry.size(), self.done, self.size);
        let progress = &self.progress;
        let mut read = Hashed::new(entry, |read| progress(Progress::File(done + read, of)));
        io::copy(&mut read, &mut file).map_err(at(&path))?;
        file.sync_all().map_err(at(&path))?;
        self.done += size;
        read.finish(size).map_err(|_| self.damaged("it breaks off"))
    }

    fn contents(&self, entry: &mut Entry<'_, impl Read>) -> Result<Contents, BackupError> {
        let mut text = Vec::new();
        entry.take(MOST_CONTENTS).read_to_end(&mut text).map_err(at(self.backup))?;
        let contents: serde_json::Value =
            serde_json::from_slice(&text).map_err(|error| self.damaged(error))?;
        let format = &contents["format"];
        if *format != FORMAT {
            return Err(self.no_backup(format!("its format is {format}, this oqu reads {FORMAT}")));
        }
        serde_json::from_value(contents).map_err(|error| self.damaged(error))
    }

    fn no_backup(&self, why: impl ToString) -> BackupError {
        BackupError::NoBackup { file: self.backup.to_owned(), why: why.to_string() }
    }

    fn damaged(&self, why: impl ToString) -> BackupError {
        BackupError::Damaged { file: self.backup.to_owned(), why: why.to_string() }
    }
}

fn name(entry: &Entry<'_, impl Read>) -> String {
    String::from_utf8_lossy(&entry.path_bytes()).into_owned()
}

/// Which file it is, where the name is one that files have in a backup.
fn file_named(name: &str) -> Option<FileId> {
    let id: FileId = name.rsplit('/').next()?.parse().ok()?;
    (name == format!("{FILES}/{}", place(id))).then_some(id)
}
