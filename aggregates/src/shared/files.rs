//! Files as events hold them: the bytes lie in the store of files, the name with the texts about people.

use serde::{Deserialize, Serialize};

use super::{Digest, FileId, TextRef};

named! {
    /// What a file is, as its first bytes say.
    pub enum FileKind {
        /// PDF.
        Pdf = "pdf",
        /// Office Open XML text (Word).
        Docx = "docx",
        /// PNG picture.
        Png = "png",
        /// JPEG picture.
        Jpeg = "jpeg",
    }
}

impl FileKind {
    /// The media type (RFC 6838).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// Whether it holds text that can be read.
    pub const fn holds_text(self) -> bool {
        matches!(self, Self::Pdf | Self::Docx)
    }
}

/// A file that was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Where it lies.
    pub id: FileId,
    /// The name it was handed in under.
    pub name: TextRef,
    /// What it is.
    pub kind: FileKind,
    /// How many bytes it has.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub sha256: Digest,
}
