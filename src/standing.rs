//! How the house stands: what `/health` and `/metrics` tell.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::timeout;
use tracing::warn;

use crate::{
    cabinet::Cabinet,
    log::{self, Head},
    views::Health,
};

/// How long the database may take to answer: who asks how the house stands wants to know soon.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// How the house stands.
pub struct Standing {
    /// Where the log ends; none where the database did not say so in time.
    pub head: Option<Head>,
    /// How each view stands, by its table.
    pub views: BTreeMap<String, Health>,
}

impl Standing {
    /// How it stands now; told in bounded time, whatever the database does.
    pub async fn of(cabinet: &Cabinet) -> Self {
        let head = match timeout(PATIENCE, log::head(&cabinet.database)).await {
            Ok(Ok(head)) => Some(head),
            Ok(Err(cause)) => {
                warn!(%cause, "the database does not say where the log ends");
                None
            }
            Err(_) => {
                warn!(?PATIENCE, "the database does not answer in time");
                None
            }
        };
        // Read after the head, so that no view seems to lag behind what it was told of since.
        Self { head, views: cabinet.freshness.health() }
    }

    /// What is not as it should be; none where all is well.
    pub fn reasons(&self) -> Vec<String> {
        let away = self.head.is_none().then(|| "the database does not answer".to_owned());
        let stopped = self.views.iter().filter_map(|(name, view)| {
            let cause = view.stopped.as_ref()?;
            Some(format!("the view {name} has stopped at {}: {cause}", view.position))
        });
        away.into_iter().chain(stopped).collect()
    }
}
