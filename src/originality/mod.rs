//! The antiplagiarism check (manual 2.14.1): an interface, and the first checker behind it.

mod reading;
mod shared_text;
mod shingles;

use std::sync::Arc;

use aggregates::{
    shared::{FileId, FileKind, ThesisId},
    thesis_check::Report,
};
use async_trait::async_trait;
use bytes::Bytes;

pub use reading::{Extracted, read_standard_input};
pub use shared_text::SharedText;

use crate::database::StoreError;

/// A work that is to be checked.
#[derive(Debug, Clone)]
pub struct Work {
    /// Which thesis it is.
    pub thesis: ThesisId,
    /// Its file.
    pub file: FileId,
    /// What the file is.
    pub kind: FileKind,
    /// The file's bytes.
    pub bytes: Bytes,
}

/// What checks works. Another engine takes the place of the built-in one by this.
#[async_trait]
pub trait OriginalityCheck: Send + Sync {
    /// Checks a work. Asked again of the same file, it says the same of the same earlier works.
    async fn check(&self, work: Work) -> Result<Report, CheckError>;
}

/// Something that checks works.
pub type Checker = Arc<dyn OriginalityCheck>;

/// Why a check came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The work can't be read: it is the file's fault.
    #[error("the work can't be read: {0}")]
    Unreadable(String),
    /// It took too long to read.
    #[error("the work takes too long to read")]
    TooSlow,
    /// There is no text in it, or next to none.
    #[error("the work has no text")]
    NoText,
    /// The works it is compared with can't be had now.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The checker itself is out of order for now.
    #[error("the checker is out of order: {0}")]
    OutOfOrder(std::io::Error),
}

impl CheckError {
    /// The stable name under which an attempt is given back; none where it is worth another try.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Unreadable(_) => Some("unreadable"),
            Self::TooSlow => Some("too_slow"),
            Self::NoText => Some("no_text"),
            Self::Store(_) | Self::OutOfOrder(_) => None,
        }
    }
}
