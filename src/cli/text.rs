//! `oqu text`: reads a document apart from the server.

use std::process::ExitCode;

use super::Outcome;
use crate::originality::read_standard_input;

/// What `text` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Text {
    /// What the document is: `pdf` or `docx`
    kind: String,
}

impl Text {
    pub(super) fn run(self) -> Outcome {
        read_standard_input(&self.kind)?;
        Ok(ExitCode::SUCCESS)
    }
}
