//! Files: their bytes and names lie outside the log, where they can be erased; the event holds what
//! proves them.

use serde::{Deserialize, Serialize};

use super::{Digest, FileId, TextRef};

/// A file as an event refers to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Where it lies.
    pub id: FileId,
    /// What it is called.
    pub name: TextRef,
    /// What it is, by its bytes and not by its name.
    pub media_type: MediaType,
    /// How many bytes.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub sha256: Digest,
}

named! {
    /// What a file may be.
    pub enum MediaType {
        /// PDF.
        Pdf = "application/pdf",
        /// Office Open XML, a text document.
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        /// A picture.
        Png = "image/png",
        /// A picture.
        Jpeg = "image/jpeg",
    }
}
