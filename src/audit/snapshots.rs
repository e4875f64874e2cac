//! The snapshots: each is what the log says of its aggregate at that event.

use std::panic::{AssertUnwindSafe, catch_unwind};

use aggregates::State;
use serde_json::Value;

use super::{Code, Finding, Findings};
use crate::{
    database::{StoreError, Transaction},
    log::{self, Filter, StoredSnapshot},
};

/// How many snapshots are read at once.
const PAGE: usize = 100;

/// Compares every snapshot with the fold of its aggregate's events.
pub(super) async fn compare(
    snapshot: &mut Transaction,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let mut after = (String::new(), String::new());
    loop {
        let page = log::read_snapshots(snapshot, (&after.0, &after.1), PAGE).await?;
        // One of another format is never read.
        for kept in page.iter().filter(|kept| kept.current) {
            if let Some(what) = difference(snapshot, kept).await? {
                let key = format!("{}/{}", kept.aggregate_type, kept.aggregate_id);
                let message =
                    format!("the snapshot of {key} at its event {} {what}", kept.last_sequence);
                let (code, position, view) = (Code::SnapshotDiffers, None, None);
                findings.push(Finding { code, position, view, key: Some(key), message });
            }
        }
        match page.into_iter().next_back() {
            Some(last) => after = (last.aggregate_type, last.aggregate_id),
            None => return Ok(()),
        }
    }
}

/// What is wrong with a snapshot, if anything.
async fn difference(
    snapshot: &mut Transaction,
    kept: &StoredSnapshot,
) -> Result<Option<&'static str>, StoreError> {
    let StoredSnapshot { aggregate_type: kind, aggregate_id: id, .. } = kept;
    let Some(mut state) = State::new(kind) else { return Ok(Some("is of no known aggregate")) };
    let mut seen = 0;
    let mut readable = true;
    let filter = Filter {
        aggregate_type: Some(kind.clone()),
        aggregate_id: Some(id.clone()),
        ..Filter::default()
    };
    log::read_each(snapshot, filter, |event| {
        if event.sequence <= kept.last_sequence {
            seen = event.sequence;
            // An event that can't be read is a finding of its own.
            match event.events() {
                Ok(events) => readable &= fold(&mut state, events),
                Err(_) => readable = false,
            }
        }
        Ok(())
    })
    .await?;
    if seen < kept.last_sequence {
        return Ok(Some("is ahead of the log"));
    }
    if !readable {
        return Ok(Some("can't be compared: the log can't be folded up to there"));
    }
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    let folded = state.write().ok().and_then(|folded| json(&folded));
    Ok((folded.is_none() || folded != json(&kept.payload)).then_some("is not what the log says"))
}

/// Whether it went well: a log that was altered can break a state.
fn fold(state: &mut State, events: Vec<aggregates::Event>) -> bool {
    let fold = || events.into_iter().for_each(|event| state.apply(event));
    catch_unwind(AssertUnwindSafe(fold)).is_ok()
}
