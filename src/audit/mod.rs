//! The audit: proves that nobody touched the log, and that every document of every view is what the
//! log says.
//!
//! All is read in one snapshot, beside whoever writes. The log is read once, in its order: each page
//! is checked, and folded from zero into a scratch database, each view up to its own checkpoint.
//! Then the folded documents are compared with the stored ones, in the order of their keys, and each
//! snapshot with the fold of its aggregate. Memory is bounded by a page, however long the log is.

mod chain;
mod compare;
mod events;
mod findings;
mod report;
mod scratch;
mod snapshots;
mod views;

use std::time::Instant;

pub use findings::{Code, Finding, Findings};
pub use report::{ExpectedHead, Report, ViewReport};

use crate::{
    database::{Database, StoreError, Transaction},
    log::{self, Filter, Head},
};

/// How many events are read at once.
const PAGE: usize = 1_000;

/// How far the audit has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many of so many events are checked and folded.
    Events(u64, u64),
    /// So many of so many views are compared.
    Views(u64, u64),
}

/// Checks the log and the views. It fails only where the database can't be read at all; what it
/// finds wrong is in the report.
pub async fn audit(
    database: &Database,
    expected: Option<ExpectedHead>,
    mut progress: impl FnMut(Progress),
) -> Result<Report, StoreError> {
    let started = Instant::now();
    let mut findings = Findings::default();
    let mut snapshot = database.snapshot().await?;
    let head = head(&mut snapshot, &mut findings).await?;
    let (count, max) = extent(&mut snapshot).await?;
    let mut views = views::Views::open(&mut snapshot, head.position, &mut findings).await?;
    let scratch = scratch::create().await?;
    let mut events = events::Events::default();
    let mut chain = chain::Batches::new(expected);
    let mut after = None;
    loop {
        let page = log::read(&mut snapshot, &Filter { after, ..Filter::default() }, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.position);
        chain.check(&mut snapshot, &page, &mut findings).await?;
        let mut open = scratch.begin().await?;
        let recorded = events.check(&mut open, &page, &mut findings).await?;
        views.fold(&mut open, &recorded, &mut findings).await?;
        open.commit().await?;
        progress(Progress::Events(events.seen, count.unsigned_abs()));
    }
    events.finish(count, max, &mut findings);
    chain.finish(&mut snapshot, &head, max, &mut findings).await?;
    let mut open = scratch.begin().await?;
    let views = views.compare(&mut snapshot, &mut open, &mut findings, &mut progress).await?;
    snapshots::compare(&mut snapshot, &mut findings).await?;
    snapshot.rollback().await?;
    Ok(Report {
        events: count,
        max_position: max,
        chain: head.chain.to_string(),
        aggregates: events.aggregates,
        views,
        findings,
        seconds: started.elapsed().as_secs_f64(),
        head: ExpectedHead { position: head.position, chain: head.chain },
        batches: chain.seen,
    })
}

/// Where the log says that it ends; an unreadable one is a finding, and counts as that of an empty
/// log.
async fn head(open: &mut Transaction, findings: &mut Findings) -> Result<Head, StoreError> {
    match log::head_in(open).await {
        Err(StoreError::Corrupt(cause)) => {
            findings.add(Code::HeadDiffers, format!("the head can't be read: {cause}"));
            Ok(Head::START)
        }
        other => other,
    }
}

/// How many events there are, and the last position.
async fn extent(open: &mut Transaction) -> Result<(i64, i64), StoreError> {
    let rows = open.fetch("SELECT count(*), COALESCE(MAX(position), 0) FROM events", &[]).await?;
    rows.first().map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}
