//! `oqu replay`.

use super::Outcome;
use crate::config::Flags;

/// To be written.
#[derive(Debug, clap::Args)]
pub(super) struct Replay {}

impl Replay {
    pub(super) async fn run(self, _flags: &Flags) -> Outcome {
        Ok(std::process::ExitCode::SUCCESS)
    }
}
