//! What the measurements should come to, and what the stock stack was when that was set.

use crate::{
    ceiling::Ceilings,
    report::{Kind, Measurement, Work},
};

/// How much slower than an aggregate with 10 events one with 1,000 may be and still count as fast: two runs of the
/// same differ by as much.
const AS_FAST: f64 = 0.9;

/// Whether the stock stack does at least half as well here, against what the machine can do, as it did where the
/// goals were set: so that nobody wins against one that is held back.
pub fn fair(measurement: &Measurement, ceilings: &Ceilings) -> bool {
    let least = due(measurement, ceilings).unwrap_or_default();
    let fair = measurement.stock >= least;
    if !fair {
        println!(
            "  FAILED: the stock stack does {:.0}, and {least:.0} at least were due",
            measurement.stock
        );
    }
    fair
}

/// What the stock stack has to do at least; none where nothing was measured when the goals were set.
fn due(measurement: &Measurement, ceilings: &Ceilings) -> Option<f64> {
    let (stock, ceiling) = stock_elsewhere(measurement.work, measurement.database)?;
    let here = match (measurement.work, measurement.database) {
        (Work::Rebuild, _) => measurement.ceiling,
        (Work::LongAggregate, _) => ceilings.parsed,
        _ => ceilings.transactions,
    };
    Some(stock / ceiling * here / 2.0)
}

/// What the stock stack did where the goals were set, and beside it what bounds such work on a machine: transactions
/// of one row; on SQLite, where they were not measured, two a command, as it commits twice. A view built anew: events
/// read. With each command on a long aggregate it reads and parses a thousand events.
fn stock_elsewhere(work: Work, kind: Kind) -> Option<(f64, f64)> {
    match (work, kind) {
        (Work::Uncontended64, Kind::Postgres) => Some((2_530.0, 16_000.0)),
        (Work::Uncontended64, Kind::Sqlite) => Some((2_620.0, 2.0 * 2_620.0)),
        (Work::Contended, Kind::Postgres) => Some((31.0, 16_000.0)),
        (Work::Contended, Kind::Sqlite) => Some((14.0, 2.0 * 2_620.0)),
        (Work::Rebuild, Kind::Postgres) => Some((1_780.0, 306_000.0)),
        (Work::LongAggregate, Kind::Postgres) => Some((270.0, 255_000.0)),
        (Work::LongAggregate, Kind::Sqlite) => Some((250.0, 255_000.0)),
        _ => None,
    }
}

/// What a measurement should come to, and whether it does.
#[derive(Debug, PartialEq, Eq)]
pub struct Goal {
    /// In a few words.
    pub said: String,
    /// Whether it is reached.
    pub met: bool,
}

/// The goal of a measurement.
pub fn goal(measurement: &Measurement) -> Goal {
    let Measurement { work, database, ours, ratio, ceiling, .. } = *measurement;
    let times = |least: f64| Goal { said: format!("{least:.0}x stock"), met: ratio >= least };
    let read = |rate: f64, part: f64| Goal {
        said: format!("{rate:.0}, {:.0}%", part * 100.0),
        met: ours >= rate && ours >= part * ceiling,
    };
    match (work, database) {
        (Work::Uncontended64, Kind::Postgres) => times(8.0),
        (Work::Uncontended64, Kind::Sqlite) => times(12.0),
        (Work::Uncontended256, Kind::Postgres) => times(12.0),
        (Work::Uncontended256, Kind::Sqlite) => times(15.0),
        (Work::Contended, Kind::Postgres) => times(500.0),
        (Work::Contended, Kind::Sqlite) => times(2_000.0),
        (Work::Rebuild, Kind::Postgres) => read(80_000.0, 0.25),
        (Work::Rebuild, Kind::Sqlite) => read(150_000.0, 0.09),
        (Work::LongAggregate, _) => {
            Goal { said: "as with 10".into(), met: ours >= AS_FAST * ceiling }
        }
        (Work::SingleLatency, _) => Goal { said: "< 4 commits".into(), met: ours < 4.0 * ceiling },
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn measured(work: Work, database: Kind, ours: f64, stock: f64, ceiling: f64) -> Measurement {
        Measurement { ceiling, ..Measurement::of(work, database, ours, stock) }
    }

    #[test]
    fn the_stock_stack_has_to_do_half_of_what_it_did_against_the_machine() {
        let ceilings = Ceilings {
            transactions: 8_000.0,
            rows: 80_000.0,
            commit: Duration::from_millis(1),
            parsed: 127_500.0,
        };
        let is_fair =
            |work, kind, stock| fair(&measured(work, kind, 0.0, stock, 153_000.0), &ceilings);
        for (work, kind, due) in [
            // Half of it, on a machine that does half.
            (Work::Uncontended64, Kind::Postgres, 2_530.0 / 4.0),
            (Work::Uncontended64, Kind::Sqlite, 8_000.0 / 4.0),
            (Work::LongAggregate, Kind::Sqlite, 250.0 / 4.0),
            (Work::Rebuild, Kind::Postgres, 1_780.0 / 4.0),
        ] {
            assert!(is_fair(work, kind, due), "{work:?}");
            assert!(!is_fair(work, kind, due - 0.1), "{work:?}");
        }
        // Nobody has measured it.
        assert!(is_fair(Work::Uncontended256, Kind::Postgres, 0.0));
        assert!(is_fair(Work::Rebuild, Kind::Sqlite, 0.0));
    }

    #[test]
    fn a_goal_is_met_or_missed() {
        let met = |work, kind, ours, stock, ceiling| {
            goal(&measured(work, kind, ours, stock, ceiling)).met
        };
        assert!(met(Work::Contended, Kind::Postgres, 15_500.0, 31.0, 0.0));
        assert!(!met(Work::Contended, Kind::Sqlite, 15_500.0, 31.0, 0.0));
        // Both the rate and the part of what can be read.
        assert!(met(Work::Rebuild, Kind::Postgres, 80_000.0, 1.0, 320_000.0));
        assert!(!met(Work::Rebuild, Kind::Postgres, 79_999.0, 1.0, 100_000.0));
        assert!(!met(Work::Rebuild, Kind::Postgres, 80_000.0, 1.0, 321_000.0));
        assert!(met(Work::Rebuild, Kind::Sqlite, 153_000.0, 1.0, 1_700_000.0));
        assert!(met(Work::LongAggregate, Kind::Postgres, 950.0, 1.0, 1_000.0));
        assert!(!met(Work::LongAggregate, Kind::Sqlite, 850.0, 1.0, 1_000.0));
        assert!(met(Work::SingleLatency, Kind::Postgres, 1.9, 9.0, 0.5));
        assert!(!met(Work::SingleLatency, Kind::Sqlite, 2.0, 9.0, 0.5));
    }
}
