//! Oqu beside the stock cqrs-es stack: the same aggregate, the same database, one run.

mod ceiling;
mod chart;
mod engine;
mod load;
mod ours;
mod report;
mod stack;
mod stock;

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;

/// What goes wrong in a bench ends it.
type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Measures Oqu's engine.
#[derive(Parser)]
enum Command {
    /// Ours and the stock stack in turn, on PostgreSQL and SQLite
    Engine(Engine),
}

/// Ours and the stock stack in turn.
#[derive(clap::Args)]
struct Engine {
    /// All of it in under two minutes
    #[arg(long)]
    quick: bool,
    /// Where the measurements go, as a JSON list
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Where the chart goes (SVG)
    #[arg(long, value_name = "FILE")]
    chart: Option<PathBuf>,
    /// Only these kinds of work
    #[arg(long, value_name = "WORK")]
    only: Vec<report::Work>,
    /// Only this database
    #[arg(long)]
    database: Option<report::Kind>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Engine(options) = Command::parse();
    match engine::run(options).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            eprintln!("oqu-bench: {fault}");
            ExitCode::from(2)
        }
    }
}
