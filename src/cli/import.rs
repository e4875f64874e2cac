//! `oqu import`.

use std::{
    env,
    error::Error,
    fs::File,
    path::{Path, PathBuf},
    process::ExitCode,
};

use aggregates::shared::Fact;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Outcome, output};
use crate::{
    cabinet::{Cabinet, time_zone_of},
    config::{Config, Flags},
    database::{ConnectError, Database, Location, MigrateError},
    import::{self, FolderError, ImportError, Rejected, Report, Warning, Watch},
    messages,
};

/// The folder can't be imported at all.
const UNUSABLE: u8 = 2;

/// Take records over from another system
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, clap::Subcommand)]
enum From {
    /// Import a folder of OneRoster 1.1 CSV files
    Oneroster(Oneroster),
}

/// Ends with 0 where every row was taken, with 1 where some were not, with 2 where the folder can't
/// be imported at all.
#[derive(Debug, clap::Args)]
struct Oneroster {
    /// The folder
    folder: PathBuf,
    /// Only check: write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write what became of the rows to a file, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Say what became of the rows in that language: kk, ru or en; that of the environment where it is left out
    #[arg(long, value_name = "LANGUAGE", value_parser = known_language)]
    language: Option<String>,
}

impl Import {
    pub(super) async fn run(self, flags: &Flags) -> Outcome {
        match self.from {
            From::Oneroster(command) => command.run(flags).await,
        }
    }
}

impl Oneroster {
    async fn run(self, flags: &Flags) -> Outcome {
        let language = self.language.clone().or_else(language_of_environment);
        messages::for_reader(language.as_deref(), self.imported(flags)).await
    }

    async fn imported(self, flags: &Flags) -> Outcome {
        let config = Config::load(flags, None)?;
        if let Err(error) = import::check(&self.folder) {
            return Ok(unusable(&error));
        }
        // Better to know now than after the import that it can't be written.
        let file = self.report.as_deref().map(create).transpose()?;
        let mut watch = Progress(ProgressBar::hidden());
        let imported = if self.dry_run {
            let (database, zone) =
                (database_if_any(&config.location()).await?, time_zone_of(&config)?);
            import::rehearse(&self.folder, database, zone, &mut watch).await
        } else {
            let cabinet = Cabinet::open(config).await?;
            let imported = import::import(&self.folder, &cabinet, &mut watch).await;
            cabinet.close().await;
            imported
        };
        watch.0.finish_and_clear();
        match imported {
            Ok(report) => finish(&report, file).await,
            Err(ImportError::Folder(error)) => Ok(unusable(&error)),
            Err(error) => Err(error.into()),
        }
    }
}

fn known_language(name: &str) -> Result<String, String> {
    let mut known = messages::languages();
    match known.find(|known| *known == name) {
        Some(known) => Ok(known.to_owned()),
        None => Err(format!("there are {}", messages::languages().collect::<Vec<_>>().join(", "))),
    }
}

/// The language that the environment says (`kk_KZ.UTF-8`), by the first of its variables that says something.
fn language_of_environment() -> Option<String> {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| env::var(name).ok());
    let locale = said.into_iter().find(|locale| !locale.is_empty())?;
    locale.split(['.', '@']).next().map(|name| name.replace('_', "-"))
}

fn unusable(error: &FolderError) -> ExitCode {
    eprintln!("oqu: {error}");
    ExitCode::from(UNUSABLE)
}

fn create(path: &Path) -> Result<File, Box<dyn Error + Send + Sync>> {
    File::create(path)
        .map_err(|error| format!("the report {} can't be written: {error}", path.display()).into())
}

/// A dry run makes no database: where there is none, it checks against nothing.
async fn database_if_any(location: &Location) -> Result<Option<Database>, ConnectError> {
    match location.open_to_read().await {
        Ok(database) => Ok(Some(database)),
        Err(ConnectError::Missing { .. } | ConnectError::Migrate(MigrateError::Older)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn finish(report: &Report, file: Option<File>) -> Outcome {
    output::print(&report.to_string())?;
    if let Some(file) = file {
        report.write_json(file).await?;
    }
    Ok(if report.rejected() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A bar on standard error, where that is a terminal; rejected rows and warnings go to standard output at once.
struct Progress(ProgressBar);

impl Progress {
    /// Whether anybody reads it or not, the import goes on.
    fn say(&self, said: &str) {
        let _ = self.0.suspend(|| output::print(said));
    }
}

impl Watch for Progress {
    fn file(&mut self, file: &str, bytes: u64) {
        self.0.finish_and_clear();
        self.0 = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr());
        let style = "{msg:22} {bar:40} {percent:>3} %  {elapsed}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(style) {
            self.0.set_style(style);
        }
        self.0.set_message(file.to_owned());
    }

    fn read(&mut self, bytes: u64) {
        self.0.set_position(bytes);
    }

    fn rejected(&mut self, row: &Rejected) {
        let Rejected { file, line, column, reason } = row;
        let facts = [
            Fact::new("file", file),
            Fact::new("line", line),
            Fact::new("column", column),
            Fact::new("reason", reason),
        ];
        self.say(&format!("{}\n", messages::message("IMPORT_REJECTED", &facts)));
    }

    fn warned(&mut self, warning: &Warning) {
        let Warning { file, line, reason } = warning;
        let facts = [Fact::new("file", file), Fact::new("line", line), Fact::new("reason", reason)];
        self.say(&format!("{}\n", messages::message("IMPORT_WARNED", &facts)));
    }

    fn waits_for_views(&mut self) {
        self.0.finish_and_clear();
        self.0 = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        self.0.set_message("waiting for the views");
        self.0.enable_steady_tick(std::time::Duration::from_millis(200));
    }
}
