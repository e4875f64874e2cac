//! `oqu audit`.

use std::{fs, path::PathBuf, process::ExitCode};

use indicatif::ProgressBar;

use super::{Outcome, output};
use crate::{
    audit::{ExpectedHead, Progress, audit},
    config::{Config, Flags},
};

const BAR: &str = "{msg:20} {wide_bar} {human_pos} of {human_len} {eta:>5}";

/// Prove the log and the views
#[derive(Debug, clap::Args)]
#[command(after_help = "Reads one snapshot, also beside a running server. Ends with 1 where \
                        anything is not as it has to be, and names it.")]
pub(super) struct Audit {
    /// Write the report to a file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// A head that an earlier audit printed: the log still has to lead to it
    #[arg(long, value_name = "POSITION:CHAIN")]
    expect: Option<ExpectedHead>,
}

impl Audit {
    pub(super) async fn run(self, flags: &Flags) -> Outcome {
        let database = Config::load(flags, None)?.location().open_to_read().await?;
        let bar = output::bar(BAR)?;
        let report = audit(&database, self.expect, |progress| show(&bar, progress)).await?;
        bar.finish_and_clear();
        output::print(&report.to_string())?;
        if let Some(file) = &self.json {
            let json = serde_json::to_string_pretty(&report)?;
            fs::write(file, json + "\n")
                .map_err(|error| format!("{} can't be written: {error}", file.display()))?;
        }
        Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

fn show(bar: &ProgressBar, progress: Progress) {
    let (what, done, of) = match progress {
        Progress::Events(done, of) => ("checking the log", done, of),
        Progress::Views(done, of) => ("comparing the views", done, of),
    };
    output::show(bar, what, done, of);
}
