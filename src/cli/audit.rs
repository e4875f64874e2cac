//! `oqu audit`.

use super::Outcome;
use crate::config::Flags;

/// To be written.
#[derive(Debug, clap::Args)]
pub(super) struct Audit {}

impl Audit {
    pub(super) async fn run(self, _flags: &Flags) -> Outcome {
        Ok(std::process::ExitCode::SUCCESS)
    }
}
