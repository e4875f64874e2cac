//! `oqu backup` and `oqu restore`: the embedded database with its files, in one file.

use std::{path::PathBuf, process::ExitCode};

use indicatif::ProgressBar;

use super::{Outcome, output};
use crate::{
    backup::{Contents, Progress, backup, restore},
    config::{Config, Flags},
    files,
};

const BAR: &str = "{msg:21} {wide_bar} {bytes} of {total_bytes} {eta:>5}";

/// What `backup` takes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Also beside a running server. It takes room for the database twice while it is \
                        made. PostgreSQL has tools of its own: see docs/operator.md."
)]
pub(super) struct Backup {
    /// The file to write
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace the file where it exists
    #[arg(long)]
    force: bool,
}

/// What `restore` takes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The data folder must hold no database and no files. What is restored is checked \
                        before, and comes whole or not at all."
)]
pub(super) struct Restore {
    /// The file to read
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Backup {
    pub(super) async fn run(self, flags: &Flags) -> Outcome {
        let config = Config::load(flags, None)?;
        let bar = output::bar(BAR)?;
        let shown = bar.clone();
        let told = move |progress| show(&shown, progress);
        let contents = backup(&config, &self.file, self.force, told).await;
        bar.finish_and_clear();
        let contents = contents?;
        let mut said = format!("{} is written\n{}", self.file.display(), holding(&contents));
        if contents.files.is_none() {
            said.push_str("files lie outside the data folder: back them up with it\n");
        }
        output::print(&said)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Restore {
    pub(super) async fn run(self, flags: &Flags) -> Outcome {
        let config = Config::load(flags, None)?;
        let bar = output::bar(BAR)?;
        let shown = bar.clone();
        let told = move |progress| show(&shown, progress);
        let contents = restore(&config, &self.file, told).await;
        bar.finish_and_clear();
        let contents = contents?;
        let mut said = format!("{} is restored\n{}", config.data.display(), holding(&contents));
        match (contents.files, files::beside(&config)) {
            (None, _) => said.push_str("files lay outside the data folder: restore them too\n"),
            (Some(1..), None) => {
                said.push_str(
                    "files are in the data folder, and `files` is set to another place: ",
                );
                said.push_str("move them there\n");
            }
            _ => {}
        }
        output::print(&said)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What a backup holds, and how a restored copy is held against it.
fn holding(contents: &Contents) -> String {
    let mut said = format!("head {} (for oqu audit --expect)\n", contents.head);
    if let Some(files) = contents.files {
        said.push_str(&format!("files {files}\n"));
    }
    for (ids, what) in
        [(&contents.missing, "gone from the folder"), (&contents.changed, "changed in the folder")]
    {
        for id in ids {
            said.push_str(&format!("file {id} was {what} before\n"));
        }
    }
    said
}

fn show(bar: &ProgressBar, progress: Progress) {
    let (what, done, of) = match progress {
        Progress::Database(done, of) => ("copying the database", done, of),
        Progress::File(done, of) => ("going through it all", done, of),
    };
    output::show(bar, what, done, of);
}
