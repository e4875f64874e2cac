//! Writing the file of a backup.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use tar::{Builder, Header};

use super::{
    BackupError, CONTENTS, Claimed, Contents, DATABASE, FILES, FORMAT, Partial, Progress, at,
    hashed::Hashed,
};
use crate::files::place;

/// Writes a backup whole, and puts it on disk.
pub(super) fn pack(
    partial: &Partial,
    head: String,
    files: Option<(PathBuf, Vec<Claimed>)>,
    progress: impl Fn(Progress),
) -> Result<Contents, BackupError> {
    let to = at(&partial.file);
    let mut packing = Packing {
        tar: Builder::new(BufWriter::new(partial.lock.try_clone().map_err(&to)?)),
        done: 0,
        of: 0,
        progress,
    };
    let database = File::open(&partial.database).map_err(at(&partial.database))?;
    packing.of = database.metadata().map_err(at(&partial.database))?.len();
    let database_sha256 = packing.add(Path::new(DATABASE), database).map_err(&to)?;
    let mut contents = Contents {
        format: FORMAT,
        oqu: env!("CARGO_PKG_VERSION").into(),
        head,
        database_sha256,
        files: files.as_ref().map(|_| 0),
        missing: vec![],
        changed: vec![],
    };
    if let Some((folder, claimed)) = files {
        let added = packing.add_files(&folder, claimed, &mut contents)?;
        contents.files = Some(added);
    }
    packing.finish(&contents).map_err(&to)?;
    partial.lock.sync_all().map_err(&to)?;
    Ok(contents)
}

struct Packing<P> {
    tar: Builder<BufWriter<File>>,
    done: u64,
    of: u64,
    progress: P,
}

impl<P: Fn(Progress)> Packing<P> {
    /// Adds the files that the database claims, and notes those that are not as it says; how many it added.
    fn add_files(
        &mut self,
        folder: &Path,
        claimed: Vec<Claimed>,
        contents: &mut Contents,
    ) -> Result<u64, BackupError> {
        let mut added = 0;
        for Claimed { id, sha256 } in claimed {
            let place = place(id);
            let path = folder.join(place.as_ref());
            let file = match File::open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    contents.missing.push(id);
                    continue;
                }
                Err(error) => return Err(at(&path)(error)),
            };
            self.of += file.metadata().map_err(at(&path))?.len();
            let found = self.add(&Path::new(FILES).join(place.as_ref()), file);
            if found.map_err(at(&path))? != sha256 {
                contents.changed.push(id);
            }
            added += 1;
        }
        Ok(added)
    }

    /// Adds a file as long as it is now; the SHA-256 of it.
    fn add(&mut self, name: &Path, file: File) -> io::Result<String> {
        let size = file.metadata()?.len();
        let (done, of, progress) = (self.done, self.of, &self.progress);
        let mut read = Hashed::new(file.take(size), |read| {
            progress(Progress::File(done + read, of));
        });
        self.tar.append_data(&mut header(size), name, &mut read)?;
        self.done += size;
        read.finish(size)
    }

    fn finish(mut self, contents: &Contents) -> io::Result<()> {
        let contents = serde_json::to_vec_pretty(contents)?;
        let mut header = header(contents.len() as u64);
        self.tar.append_data(&mut header, CONTENTS, contents.as_slice())?;
        self.tar.into_inner()?.flush()
    }
}

fn header(size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    header.set_mtime(now.map_or(0, |since| since.as_secs()));
    header
}
