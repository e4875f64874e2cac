//! A registration day: every student of a OneRoster folder signs in and tries, over real HTTP, for all that
//! they want.

mod campus;
mod day;
pub mod greedy;
mod inspect;
mod prepare;
mod report;
mod rows;
mod stock;
mod student;

use std::{path::PathBuf, sync::Arc};

use self::{campus::Campus, day::Day};
use crate::{Fault, house::House, report::Kind};

/// All students of a OneRoster folder sign in and register in the same minutes.
#[derive(clap::Args)]
pub struct Rush {
    /// The folder, with `demands.csv`: which courses each student wants
    folder: PathBuf,
    /// A PostgreSQL of one's own with nothing in it, in place of one that is started for this
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// The kind of database that is started for this
    #[arg(long, conflicts_with = "database_url", default_value = "postgres")]
    database: Kind,
    /// How many students are at it at the same time
    #[arg(long, value_name = "N", default_value_t = 256)]
    students_at_once: usize,
    /// How many of its seats each class has, as a part of them
    #[arg(long, value_name = "PART", value_parser = part)]
    seats: Option<f64>,
    /// Kill the server in the middle (`kill -9`) and start it again
    #[arg(long)]
    kill: bool,
    /// Send the crowd of the fullest classes through the stock cqrs-es stack as well
    #[arg(long)]
    stock: bool,
    /// Where the figures go, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

fn part(text: &str) -> Result<f64, String> {
    let part = text.parse().ok().filter(|part| (0.0..=100.0).contains(part));
    part.ok_or_else(|| "a number from 0 to 100, like 0.6".to_owned())
}

/// All of it; whether everything holds that has to.
pub async fn run(options: Rush) -> Result<bool, Fault> {
    let mut campus = Campus::read(&options.folder, options.seats)?;
    let greedy = greedy::placed(&campus);
    println!(
        "{}: {} students want {} courses; an offline pass places {greedy}",
        options.folder.display(),
        campus.students.len(),
        campus.wishes.len()
    );
    let mut house = House::open(options.database, options.database_url.clone())?;
    let directory = prepare::prepare(&house, &mut campus).await?;
    let stock = match options.stock {
        true => Some(stock::compare(options.database, &campus, options.students_at_once).await?),
        false => None,
    };
    let node = house.start_node()?;
    let day = Arc::new(Day::new(campus, directory, &node.url));
    house.nodes.push(node);
    let outcome = day.run(&mut house, options.students_at_once.max(1), options.kill).await?;
    let found = inspect::inspect(house, &day, &outcome.told).await?;
    let report = report::Report::of(&day, outcome, found, greedy, options.kill, stock);
    report.print(&day.campus);
    if let Some(file) = &options.json {
        std::fs::write(file, serde_json::to_string_pretty(&report)? + "\n")?;
    }
    Ok(report.is_sound())
}
