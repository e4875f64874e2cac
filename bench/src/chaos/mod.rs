//! Faults under load, one a round: whatever was acknowledged has to be in the log and in every view,
//! exactly once.

mod race;
mod strike;

use std::{collections::BTreeMap, fs, path::PathBuf, time::Duration};

use rand::Rng;
use serde::Serialize;
use witnesses::{Testimony, Witnesses, inspect};

use self::strike::Strike;
use crate::{Fault, house::House, report::Kind};

/// How many clients there are.
const CLIENTS: usize = 16;

/// Kills servers and takes databases away under load, and counts what is lost or doubled.
#[derive(clap::Args)]
pub struct Chaos {
    /// How often servers are killed on each database; after every second time something else goes wrong
    #[arg(long, default_value_t = 50)]
    rounds: usize,
    /// How many events eight writers race for beside a reader, on each database; 0 for no race
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    race_events: i64,
    /// A PostgreSQL of one's own, in place of one that is started for this
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Only this database
    #[arg(long, conflicts_with = "database_url")]
    database: Option<Kind>,
    /// Where the sums go, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What came of the rounds, one fault each; of several databases, their sum.
#[derive(Debug, Default, Serialize)]
struct Outcome {
    rounds: usize,
    acknowledged: usize,
    lost: usize,
    doubled: usize,
    views_differing: u64,
    /// What else is not as it has to be: gaps, a broken chain.
    #[serde(skip)]
    findings: usize,
}

impl Outcome {
    fn is_sound(&self) -> bool {
        self.lost + self.doubled + self.findings == 0 && self.views_differing == 0
    }

    fn add(&mut self, other: &Self) {
        self.rounds += other.rounds;
        self.acknowledged += other.acknowledged;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.views_differing += other.views_differing;
        self.findings += other.findings;
    }

    fn print(&self, name: &str) {
        println!(
            "{name}: {} rounds, {} commands acknowledged, {} lost, {} doubled, {} documents differ",
            self.rounds, self.acknowledged, self.lost, self.doubled, self.views_differing
        );
    }
}

/// All of it; whether nothing was lost.
pub async fn run(options: Chaos) -> Result<bool, Fault> {
    let kinds = match (&options.database_url, options.database) {
        (Some(_), _) => vec![Kind::Postgres],
        (None, Some(kind)) => vec![kind],
        (None, None) => vec![Kind::Postgres, Kind::Sqlite],
    };
    let (mut sum, mut in_order) = (Outcome::default(), true);
    for kind in kinds {
        let mut house = House::open(kind, options.database_url.clone())?;
        println!("\n{}", kind.name());
        let outcome = rounds(&mut house, options.rounds).await?;
        outcome.print(kind.name());
        sum.add(&outcome);
        house.nodes.clear();
        in_order &= race::run(&house, options.race_events).await?;
    }
    if let Some(file) = &options.json {
        fs::write(file, serde_json::to_string_pretty(&sum)? + "\n")?;
    }
    Ok(sum.is_sound() && in_order)
}

/// So many rounds on one database.
async fn rounds(house: &mut House, kills: usize) -> Result<Outcome, Fault> {
    let login = house.registrar()?;
    house.start_nodes()?;
    let token = house.sign_in(&login).await?;
    let mut told = Testimony::default();
    let strikes = strike::plan(house.kind, house.cluster.is_some(), kills);
    let mut outcome = Outcome { rounds: strikes.len(), ..Outcome::default() };
    for (round, strike) in (1..).zip(&strikes) {
        let name = format!("{login}-{round}");
        told.add(under_load(house, &token, &name, *strike).await?);
        let found = inspect(&house.location(), &told).await?;
        println!("{round:>4}  {:<38} {found}", strike.name());
        outcome.acknowledged = found.acknowledged;
        // What is lost stays lost: the last round tells of all.
        outcome.lost = found.lost.len();
        outcome.doubled = found.doubled.len();
        outcome.views_differing = outcome.views_differing.max(found.views_differing);
        outcome.findings = outcome.findings.max(found.findings.len());
    }
    println!("      failures meanwhile: {}", listed(&told.failures));
    println!("      what happened: {}", listed(&counted(&strikes)));
    Ok(outcome)
}

/// Clients at work, a fault at some moment, and work again after it.
async fn under_load(
    house: &mut House,
    token: &str,
    name: &str,
    strike: Strike,
) -> Result<Testimony, Fault> {
    let witnesses = Witnesses::start(house.urls(), token, CLIENTS, name);
    let enough = rand::rng().random_range(5..300);
    witnesses.more(enough).await?;
    let moment = rand::rng().random_range(0..20_000);
    tokio::time::sleep(Duration::from_micros(moment)).await;
    strike.fall(house).await?;
    witnesses.turn_to(house.urls());
    witnesses.more(2 * CLIENTS).await?;
    witnesses.stop().await
}

/// How often each thing happened.
fn counted(strikes: &[Strike]) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for strike in strikes {
        *times.entry(strike.name().to_owned()).or_default() += 1;
    }
    times
}

fn listed(times: &BTreeMap<String, usize>) -> String {
    let each = times.iter().map(|(what, times)| format!("{what} {times}"));
    each.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_are_of_all_databases() {
        let of = |rounds, acknowledged| Outcome { rounds, acknowledged, ..Outcome::default() };
        let mut sum = of(75, 10);
        sum.add(&of(75, 20));
        let told = serde_json::to_string(&sum).unwrap_or_default();
        let keys = r#"{"rounds":150,"acknowledged":30,"lost":0,"doubled":0,"views_differing":0}"#;
        assert_eq!(told, keys);
        assert!(sum.is_sound());
        sum.add(&Outcome { findings: 1, ..Outcome::default() });
        assert!(!sum.is_sound());
    }
}
