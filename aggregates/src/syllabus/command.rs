//! What may be asked of a syllabus.

use super::{Content, SyllabusOf};
use crate::shared::{FileId, FileRef, PersonId};

/// A class as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Its number, where it is in the week already; a new class gets the next one.
    pub number: Option<u32>,
    /// What it is.
    pub content: Content,
}

/// What may be asked of a syllabus.
#[derive(Debug, Clone, strum::IntoStaticStr)]
#[allow(missing_docs, reason = "`of` says which syllabus it is")]
pub enum SyllabusCommand {
    /// Set a week, whole; the same again changes nothing.
    SetWeek {
        of: SyllabusOf,
        /// Which week of the term, from 1.
        week: i32,
        /// How many the term has now.
        weeks: u8,
        /// Its classes, in the place of those before.
        classes: Vec<Planned>,
    },
    /// Give a class a file.
    AddFile {
        of: SyllabusOf,
        /// Which class.
        class: u32,
        /// The file.
        file: FileRef,
        /// Whose it is: it goes with what is known of them.
        by: PersonId,
    },
    /// Take a file away.
    RemoveFile {
        of: SyllabusOf,
        /// Which.
        file: FileId,
    },
}
