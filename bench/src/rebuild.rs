//! The view of streams built anew, as `oqu views rebuild` does it.

use std::time::Instant;

use oqu::{
    database::{Database, Location},
    views::{build, inventory},
};
use projections::VIEWS;

use crate::Fault;

/// Builds it, beside whoever is served, and drops what it replaced: events a second.
pub async fn rebuild(database: &Database, location: &Location) -> Result<f64, Fault> {
    let view = VIEWS.iter().find(|view| view.name == "stream").ok_or("no view of streams")?;
    let lock = location.lock_builds().await?.ok_or("somebody else builds views")?;
    let begin = Instant::now();
    let at = build::build(database, &lock, &[view], |_, _| {}).await?;
    let rate = at.0 as f64 / begin.elapsed().as_secs_f64();
    inventory::prune(database, &lock, VIEWS, false).await?;
    Ok(rate)
}
