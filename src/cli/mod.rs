//! The command line: one file a subcommand. Logs go to standard error, answers to standard output.

mod account;
mod audit;
mod backup;
mod demo;
mod import;
mod output;
mod person;
mod replay;
mod schema;
mod serve;
mod text;
mod views;

use std::{ffi::OsString, process::ExitCode};

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
    /// Start the server
    Serve(serve::Serve),
    /// Start the server on a small made-up university
    Demo(demo::Demo),
    /// Make accounts
    Account(account::Account),
    /// Forget people
    Person(person::Person),
    /// Take records over from another system
    Import(import::Import),
    /// Print the history as a timeline, in the order of the log
    Replay(replay::Replay),
    /// Prove the log and the views
    Audit(audit::Audit),
    /// See how the views stand, build them anew, show a document as it stood
    Views(views::Views),
    /// Write the embedded database with its files into one file, beside a running server
    Backup(backup::Backup),
    /// Bring a backup back into an empty data folder
    Restore(backup::Restore),
    /// Print the GraphQL schema
    Schema,
    /// Read the text of a document; what the server starts to read a work
    #[command(hide = true)]
    Text(text::Text),
}

/// Runs what the command line asks for. The runtime is started here, so that the binary's own crate
/// does not compile all of it a second time.
pub fn main() -> ExitCode {
    main_of(std::env::args_os())
}

/// The same of a command line that begins with the program's name.
pub fn main_of(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = Arguments::parse_from(arguments);
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(run(arguments)),
        Err(error) => {
            eprintln!("oqu: the runtime does not start: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> ExitCode {
    let flags = &arguments.flags;
    log_to_standard_error();
    let done = match arguments.command {
        Command::Serve(command) => command.run(flags).await,
        Command::Demo(command) => command.run(flags).await,
        Command::Account(command) => command.run(flags).await,
        Command::Person(command) => command.run(flags).await,
        Command::Schema => schema::run(),
        Command::Text(command) => command.run(),
        Command::Import(command) => command.run(flags).await,
        Command::Replay(command) => command.run(flags).await,
        Command::Audit(command) => command.run(flags).await,
        Command::Views(command) => command.run(flags).await,
        Command::Backup(command) => command.run(flags).await,
        Command::Restore(command) => command.run(flags).await,
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("oqu: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Logs of the server's own doings, or as `RUST_LOG` says.
fn log_to_standard_error() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env();
    let filter = filter.unwrap_or_else(|_| EnvFilter::new("oqu=info,warn"));
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(colours)
        .with_writer(std::io::stderr)
        .init();
}

/// What a subcommand may end with.
pub(crate) type Outcome = Result<ExitCode, Box<dyn std::error::Error + Send + Sync>>;
