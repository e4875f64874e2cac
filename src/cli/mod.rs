//! The command line: one file a subcommand. Logs go to standard error, answers to standard output.

mod audit;
mod replay;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Flags;

/// The back end of a university's student cabinet.
#[derive(Debug, Parser)]
#[command(name = "oqu", version, about)]
struct Arguments {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the history as a timeline, in the order of the log
    Replay(replay::Replay),
    /// Prove the log and the views
    Audit(audit::Audit),
}

/// Runs what the command line asks for.
pub async fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let flags = &arguments.flags;
    let done = match arguments.command {
        Command::Replay(command) => command.run(flags).await,
        Command::Audit(command) => command.run(flags).await,
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("oqu: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What a subcommand may end with.
pub(crate) type Outcome = Result<ExitCode, Box<dyn std::error::Error + Send + Sync>>;
