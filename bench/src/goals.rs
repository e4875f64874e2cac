//! What the ratios should come to, and what the stock stack was when they were set.

use crate::{
    ceiling::Ceilings,
    report::{Kind, Measurement, Work},
};

/// Whether the stock stack does at least half as well here, against what the machine can do, as it did where the
/// goals were set: so that nobody wins against one that is held back.
pub fn fair(measurement: &Measurement, ceilings: &Ceilings) -> bool {
    let Some((stock, ceiling)) = stock_elsewhere(measurement.work, measurement.database) else {
        return true;
    };
    let here = match (measurement.work, measurement.database) {
        (Work::Rebuild, _) => measurement.ceiling,
        (_, Kind::Postgres) => ceilings.transactions,
        (_, Kind::Sqlite) => ceilings.rows,
    };
    let least = stock / ceiling * here / 2.0;
    let fair = measurement.stock >= least;
    if !fair {
        println!(
            "  FAILED: the stock stack does {:.0}, and {least:.0} at least were due",
            measurement.stock
        );
    }
    fair
}

/// What the stock stack did, and the ceiling beside it, where the goals were set: transactions of one row and events
/// read on PostgreSQL, rows a thousand at a time on SQLite.
fn stock_elsewhere(work: Work, kind: Kind) -> Option<(f64, f64)> {
    match (work, kind) {
        (Work::Uncontended64, Kind::Postgres) => Some((2_530.0, 16_000.0)),
        (Work::Uncontended64, Kind::Sqlite) => Some((2_620.0, 160_000.0)),
        (Work::Contended, Kind::Postgres) => Some((31.0, 16_000.0)),
        (Work::Contended, Kind::Sqlite) => Some((14.0, 160_000.0)),
        (Work::Rebuild, Kind::Postgres) => Some((1_780.0, 306_000.0)),
        (Work::LongAggregate, Kind::Postgres) => Some((270.0, 16_000.0)),
        (Work::LongAggregate, Kind::Sqlite) => Some((250.0, 160_000.0)),
        _ => None,
    }
}

/// What the ratio should come to.
pub fn goal(work: Work, kind: Kind) -> Option<f64> {
    match (work, kind) {
        (Work::Uncontended64, Kind::Postgres) => Some(8.0),
        (Work::Uncontended64, Kind::Sqlite) => Some(12.0),
        (Work::Uncontended256, Kind::Postgres) => Some(12.0),
        (Work::Uncontended256, Kind::Sqlite) => Some(15.0),
        (Work::Contended, Kind::Postgres) => Some(500.0),
        (Work::Contended, Kind::Sqlite) => Some(2_000.0),
        _ => None,
    }
}
