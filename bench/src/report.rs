//! What was measured: the table on the screen, the list in a file.

use serde::Serialize;

use crate::goals::goal;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Work {
    /// Commands on distinct aggregates, 64 at once.
    #[serde(rename = "uncontended_64")]
    #[value(name = "uncontended_64")]
    Uncontended64,
    /// Commands on distinct aggregates, 256 at once.
    #[serde(rename = "uncontended_256")]
    #[value(name = "uncontended_256")]
    Uncontended256,
    /// 64 writers on one stream of 1,000 seats.
    Contended,
    /// A stored view built anew from the log, events a second; the ceiling is reading the log in its order.
    Rebuild,
    /// Commands on an aggregate that has 1,000 events; the ceiling is one that has 10.
    LongAggregate,
    /// One command alone, its view caught up: the median; the ceiling is a bare commit.
    SingleLatency,
}

impl Work {
    /// As the list names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uncontended64 => "uncontended_64",
            Self::Uncontended256 => "uncontended_256",
            Self::Contended => "contended",
            Self::Rebuild => "rebuild",
            Self::LongAggregate => "long_aggregate",
            Self::SingleLatency => "single_latency",
        }
    }
}

/// On which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// PostgreSQL, `fsync` on.
    Postgres,
    /// SQLite, WAL, `synchronous=FULL`.
    Sqlite,
}

impl Kind {
    /// As the list names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
        }
    }
}

/// One measurement.
#[derive(Debug, Clone, Serialize)]
pub struct Measurement {
    /// What was done.
    pub work: Work,
    /// On which database.
    pub database: Kind,
    /// Ours.
    pub ours: f64,
    /// The stock stack's.
    pub stock: f64,
    /// How many times better ours is.
    pub ratio: f64,
    /// What the database can do at the most, in the same unit.
    pub ceiling: f64,
    /// `per_second` or `milliseconds`.
    pub unit: &'static str,
    /// How many acknowledged commands our log or view does not show.
    pub lost: u64,
    /// The same of the stock stack.
    #[serde(skip)]
    pub stock_lost: u64,
}

/// The heading of the table.
pub fn heading() {
    println!(
        "{:<16} {:<9} {:>12} {:>12} {:>9} {:>12} {:<6} {:>12}  {:<13} {:>10}",
        "work", "database", "ours", "stock", "ratio", "goal", "", "ceiling", "unit", "lost (stock)"
    );
}

impl Measurement {
    /// Both stacks at the same work; nothing is lost yet, and no ceiling known.
    pub fn of(work: Work, database: Kind, ours: f64, stock: f64) -> Self {
        let (unit, ratio) = match work {
            Work::SingleLatency => ("milliseconds", stock / ours),
            _ => ("per_second", ours / stock),
        };
        Self { work, database, ours, stock, ratio, ceiling: 0.0, unit, lost: 0, stock_lost: 0 }
    }

    /// A row of the table.
    pub fn print(&self) {
        let goal = goal(self);
        println!(
            "{:<16} {:<9} {:>12.1} {:>12.1} {:>8.1}x {:>12} {:<6} {:>12.1}  {:<13} {:>4} ({})",
            self.work.name(),
            self.database.name(),
            self.ours,
            self.stock,
            self.ratio,
            goal.said,
            if goal.met { "met" } else { "missed" },
            self.ceiling,
            self.unit,
            self.lost,
            self.stock_lost
        );
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    /// What others read of it.
    #[test]
    fn the_list_has_these_keys_and_names() {
        let works = Work::value_variants();
        let named = works.iter().map(|work| serde_json::to_value(work).unwrap_or_default());
        let names = [
            "uncontended_64",
            "uncontended_256",
            "contended",
            "rebuild",
            "long_aggregate",
            "single_latency",
        ];
        assert_eq!(named.collect::<Vec<_>>(), names);
        assert_eq!(works.iter().map(|work| work.name()).collect::<Vec<_>>(), names);
        let measured = Measurement::of(Work::SingleLatency, Kind::Sqlite, 2.0, 8.0);
        let told = serde_json::to_string(&measured).unwrap_or_default();
        assert_eq!(
            told,
            r#"{"work":"single_latency","database":"sqlite","ours":2.0,"stock":8.0,"ratio":4.0,"ceiling":0.0,"unit":"milliseconds","lost":0}"#
        );
    }
}
