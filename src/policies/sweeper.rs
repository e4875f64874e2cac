//! Uploads that no command claimed, and files that belonged to somebody who was erased, are swept away.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use tracing::{info, warn};

use crate::cabinet::Cabinet;

/// How often it sweeps at the least.
const SELDOM: Duration = Duration::from_secs(600);

pub(super) async fn run(cabinet: Arc<Cabinet>) {
    let minutes = cabinet.config.unclaimed_minutes;
    let kept = SignedDuration::from_mins(i64::from(minutes));
    // Where uploads are kept for no time at all, as in a test, it looks every second.
    let pause =
        SELDOM.min(Duration::from_secs(u64::from(minutes) * 60)).max(Duration::from_secs(1));
    loop {
        match cabinet.files.sweep(kept).await {
            Ok(0) => {}
            Ok(files) => info!(files, "swept away"),
            Err(error) => warn!(%error, "files can't be swept away now"),
        }
        tokio::time::sleep(pause).await;
    }
}
