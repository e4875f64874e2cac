//! Receiving a file: streamed into the store while it is measured, hashed and looked at.

use aggregates::shared::{Digest, FileId, FileKind, FileRef, PersonId};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use jiff::Timestamp;
use object_store::{ObjectStoreExt, WriteMultipart};
use sha2::{Digest as _, Sha256};
use tracing::warn;

use super::{Claim, FileError, Files, PartOf, place, sniff};
use crate::people::{PersonWrite, text_about};

/// How many parts of a file are on their way to the store at once.
const PARTS_AT_ONCE: usize = 2;

/// A file whose bytes are in the store, and that nobody has claimed yet.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its id.
    pub id: FileId,
    /// The name it was sent under.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// How many bytes it has.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

impl Received {
    /// What the event holds that hands it in as somebody's part of something, and what is written with it.
    pub fn handed_in(&self, person: PersonId, part_of: PartOf) -> (FileRef, [PersonWrite; 2]) {
        let (name, text) = text_about(person, &self.name);
        let (id, kind, size, sha256) = (self.id, self.kind, self.size, self.sha256.clone());
        let file = FileRef { id, name, kind, size, sha256 };
        let claim = Claim { file: file.clone(), person, part_of };
        (file, [text, PersonWrite::File(claim)])
    }
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FileFlaw {
    /// Its name can't be one: missing, with a path, or with characters that can't be seen.
    #[error("the file's name can't be one")]
    NameUnsafe,
    /// Its name is longer than file systems take.
    #[error("the file's name is over {most} bytes")]
    NameTooLong {
        /// How many bytes it may have in UTF-8.
        most: usize,
    },
    /// It has no bytes.
    #[error("the file is empty")]
    Empty,
    /// It has more bytes than the most allowed.
    #[error("the file is over {most} bytes")]
    TooLarge {
        /// How many it may have.
        most: u64,
    },
    /// It is of no kind that is taken.
    #[error("the file is of no kind that is taken")]
    UnknownKind,
    /// It broke off on its way.
    #[error("the file broke off: {0}")]
    BrokeOff(String),
    /// It can't be kept.
    #[error(transparent)]
    Store(#[from] FileError),
}

impl Files {
    /// Takes a file of somebody's in, up to so many bytes. One that is not taken leaves nothing behind.
    pub async fn receive<E: std::fmt::Display>(
        &self,
        sender: PersonId,
        name: &str,
        most: u64,
        mut bytes: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Received, FileFlaw> {
        let name = match sound(name) {
            Ok(name) => name.to_owned(),
            Err(flaw) => {
                read_off(&mut bytes).await;
                return Err(flaw);
            }
        };
        let id = FileId::new();
        let row =
            "INSERT INTO files (id, sender, state, received_at) VALUES ($1, $2, 'received', $3)";
        let now = Timestamp::now().as_microsecond();
        let values = [id.to_string().into(), sender.to_string().into(), now.into()];
        self.database.execute(row, &values).await.map_err(FileError::from)?;
        match self.keep(id, most, &mut bytes).await {
            Ok((kind, size, sha256)) => Ok(Received { id, name, kind, size, sha256 }),
            Err(flaw) => {
                if let Err(error) = self.discard(id).await {
                    warn!(%error, file = %id, "a file that was not taken is left to the sweep");
                }
                read_off(&mut bytes).await;
                Err(flaw)
            }
        }
    }

    async fn keep<E: std::fmt::Display>(
        &self,
        id: FileId,
        most: u64,
        bytes: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    ) -> Result<(FileKind, u64, Digest), FileFlaw> {
        let upload =
            self.objects().await?.put_multipart(&place(id)).await.map_err(FileError::from)?;
        let mut upload = WriteMultipart::new(upload);
        match stream(&mut upload, most, bytes).await {
            Ok(measured) => {
                upload.finish().await.map_err(FileError::from)?;
                let (kind, size, sha256) = &measured;
                let row = "UPDATE files SET kind = $2, size = $3, sha256 = $4 WHERE id = $1";
                let size = i64::try_from(*size).unwrap_or(i64::MAX);
                let values = [
                    id.to_string().into(),
                    kind.name().into(),
                    size.into(),
                    sha256.as_str().into(),
                ];
                self.database.execute(row, &values).await.map_err(FileError::from)?;
                Ok(measured)
            }
            Err(flaw) => {
                upload.abort().await.map_err(FileError::from)?;
                Err(flaw)
            }
        }
    }
}

/// Reads what is left, so that the sender gets the answer and not a broken connection.
async fn read_off<E>(bytes: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin)) {
    while let Some(Ok(_)) = bytes.next().await {}
}

/// The most bytes that file systems take for a name.
const MOST_NAME: usize = 255;

/// Format characters and separators of lines (Unicode's categories Cf, Zl and Zp, as far as text has them):
/// they are not seen, and some turn the order of what is.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

/// A name that can be shown and saved under.
fn sound(name: &str) -> Result<&str, FileFlaw> {
    let name = name.trim();
    let unsafe_character = |c: char| c.is_control() || is_unseen(c) || matches!(c, '/' | '\\');
    if name.is_empty() || name == "." || name == ".." || name.contains(unsafe_character) {
        return Err(FileFlaw::NameUnsafe);
    }
    if name.len() > MOST_NAME {
        return Err(FileFlaw::NameTooLong { most: MOST_NAME });
    }
    Ok(name)
}

/// Writes what comes to the store, and says what it was.
async fn stream<E: std::fmt::Display>(
    upload: &mut WriteMultipart,
    most: u64,
    bytes: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
) -> Result<(FileKind, u64, Digest), FileFlaw> {
    let (mut size, mut hash) = (0_u64, Sha256::new());
    let (mut first, mut last) = (Vec::new(), Vec::new());
    while let Some(chunk) = bytes.next().await {
        let chunk = chunk.map_err(|error| FileFlaw::BrokeOff(error.to_string()))?;
        size += chunk.len() as u64;
        if size > most {
            return Err(FileFlaw::TooLarge { most });
        }
        hash.update(&chunk);
        let room = sniff::LOOKED_AT.saturating_sub(first.len());
        first.extend_from_slice(&chunk[..chunk.len().min(room)]);
        last.extend_from_slice(&chunk[chunk.len().saturating_sub(sniff::LOOKED_AT)..]);
        last.drain(..last.len().saturating_sub(sniff::LOOKED_AT));
        upload.wait_for_capacity(PARTS_AT_ONCE).await.map_err(FileError::from)?;
        upload.put(chunk);
    }
    if size == 0 {
        return Err(FileFlaw::Empty);
    }
    let kind = sniff::kind(&first, &last).ok_or(FileFlaw::UnknownKind)?;
    Ok((kind, size, Digest::of_hash(hash)))
}
