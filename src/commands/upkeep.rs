//! What is done beside the commits: nobody waits for it, and what fails is done again another time.

use tracing::warn;

use super::keys;
use crate::{
    database::{Database, StoreError},
    log::{self, Snapshot},
};

/// Keeps the states of long streams.
pub(super) async fn keep_snapshots(database: Database, snapshots: Vec<Snapshot>) {
    told(log::keep(&database, snapshots).await, "states of long streams could not be kept");
}

/// Tells the planner how large the tables are.
pub(super) async fn analyze(database: Database) {
    told(database.analyze().await, "the planner could not be told how large the tables are");
}

/// Forgets idempotency keys past their time.
pub(super) async fn forget_old(database: Database) {
    told(keys::forget_old(&database).await, "old idempotency keys could not be forgotten");
}

fn told(done: Result<(), StoreError>, failed: &'static str) {
    if let Err(cause) = done {
        warn!(%cause, "{failed}");
    }
}
