//! Oqu beside the stock cqrs-es stack: the same aggregate, the same database, one run. And Oqu under faults,
//! with a log that has grown long, and on a registration day.

mod ceiling;
mod chaos;
mod chart;
mod engine;
mod goals;
mod growth;
mod house;
mod ledger;
mod load;
mod ours;
mod rebuild;
mod report;
mod rush;
mod settings;
mod stack;
mod stock;

use std::{env, path::PathBuf, process::ExitCode};

use clap::Parser;

/// As the server has it; for both stacks.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What goes wrong in a bench ends it.
type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Measures Oqu's engine.
#[derive(Parser)]
enum Command {
    /// Ours and the stock stack in turn, on PostgreSQL and SQLite
    Engine(Engine),
    /// Servers killed and databases taken away under load: nothing lost, nothing doubled
    Chaos(chaos::Chaos),
    /// A log of millions of events beside one of a hundred thousand
    Growth(growth::Growth),
    /// A registration day: all students of a OneRoster folder at once, over HTTP
    Rush(rush::Rush),
    /// How many wishes of that folder an offline pass places, which `rush` is measured by
    Greedy(rush::greedy::Greedy),
}

/// Ours and the stock stack in turn.
#[derive(clap::Args)]
struct Engine {
    /// All of it in under two minutes
    #[arg(long)]
    quick: bool,
    /// Ours brings all views of the product forward, where the stock stack has one
    #[arg(long)]
    all_views: bool,
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

fn main() -> ExitCode {
    // The servers that are put to the test are this program too.
    if env::args().nth(1).as_deref() == Some(house::AS_OQU) {
        return oqu::cli::main_of(env::args_os().skip(1));
    }
    measure()
}

#[tokio::main]
async fn measure() -> ExitCode {
    let measured = match Command::parse() {
        Command::Engine(options) => engine::run(options).await,
        Command::Chaos(options) => chaos::run(options).await,
        Command::Growth(options) => growth::run(options).await,
        Command::Rush(options) => rush::run(options).await,
        Command::Greedy(options) => rush::greedy::run(&options),
    };
    match measured {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            eprintln!("oqu-bench: {fault}");
            ExitCode::from(2)
        }
    }
}
