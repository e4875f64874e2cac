//! The text of documents that people hand in. What comes from outside may be broken, huge or hostile:
//! whoever calls this runs it apart, with limits on memory and time, and may find that it panicked.

mod docx;
mod pdf;

/// What was read from a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    /// Its text, paragraphs and pages apart by line breaks.
    pub text: String,
    /// How many pages it has, where its format says so.
    pub pages: Option<u32>,
}

/// Why a document can't be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The PDF.
    #[error("the PDF can't be read: {0}")]
    Pdf(String),
    /// The ZIP around a text of Word.
    #[error("the DOCX can't be opened: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// What is in it.
    #[error("the DOCX can't be read: {0}")]
    Xml(#[from] quick_xml::Error),
    /// There is more of it than a text can have.
    #[error("the document is over {most} bytes once unpacked")]
    TooLarge {
        /// The most there may be.
        most: u64,
    },
}

/// The text of a PDF.
pub fn pdf(bytes: &[u8]) -> Result<Plain, Unreadable> {
    pdf::read(bytes)
}

/// Writes a plain DOCX of these paragraphs.
pub fn write_docx(paragraphs: &[String]) -> Result<Vec<u8>, Unreadable> {
    docx::write(paragraphs)
}

/// The text of a DOCX.
pub fn docx(bytes: &[u8]) -> Result<Plain, Unreadable> {
    docx::read(bytes)
}
