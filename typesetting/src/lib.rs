//! Papers as PDF: a title, facts, tables, and a code by which anybody may check the paper. It knows nothing of what
//! the paper is about, and the same paper gives the same bytes: no clock and no chance is in them.
//!
//! `layout` puts everything in its place, page by page; `draw` turns the places into a PDF, with the structure that
//! a reading program needs.

mod draw;
mod fonts;
mod layout;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

/// A paper.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The language it is written in, as `kk`.
    pub language: String,
    /// Who stands behind it, above the title.
    pub issuer: Option<String>,
    /// What it is.
    pub title: String,
    /// What it says first, each with its label.
    pub facts: Vec<Fact>,
    /// The parts, each under its heading.
    pub sections: Vec<Section>,
    /// How it may be checked.
    pub check: Check,
    /// What stands at the foot of each page, beside the page's number.
    pub foot: String,
    /// When it came to be as it is; not when it was printed.
    pub dated: Timestamp,
}

/// A fact with its label.
#[derive(Debug, Clone)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// The fact.
    pub value: String,
}

/// A part of a paper.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// The columns of its table, left to right.
    pub columns: Vec<Column>,
    /// The rows, as many cells each as there are columns.
    pub rows: Vec<Vec<String>>,
    /// The row below them.
    pub total: Option<Vec<String>>,
    /// What is said below the table.
    pub note: Option<String>,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// What it holds.
    pub title: String,
    /// How much of the table's width it takes, beside the others.
    pub share: u16,
    /// Whether it holds numbers, which stand at its right edge.
    pub numbers: bool,
}

/// How a paper may be checked.
#[derive(Debug, Clone)]
pub struct Check {
    /// What this is.
    pub heading: String,
    /// What one does with it.
    pub explanation: String,
    /// The code, in letters.
    pub code: String,
    /// The address that tells whether the paper holds; also in the picture.
    pub address: String,
    /// What the picture is, for whoever does not see it.
    pub picture: String,
}

/// Why a paper can't be made.
#[derive(Debug, thiserror::Error)]
pub enum Unprintable {
    /// A font that is built in can't be read.
    #[error("a font can't be read")]
    Font,
    /// The address is too long for a picture.
    #[error("the address can't be drawn: {0}")]
    Address(#[from] qrcode::types::QrError),
    /// The PDF can't be written.
    #[error("the PDF can't be written: {0}")]
    Pdf(String),
}

/// The paper as PDF.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>, Unprintable> {
    draw::written(paper, krilla::configure::Configuration::default())
}
