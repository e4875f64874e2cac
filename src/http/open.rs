//! The connections that stay open, and how the server lets go of them.

use std::time::Duration;

use tokio::time::timeout;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The connections that stay open.
#[derive(Clone, Default)]
pub struct OpenConnections {
    stopping: CancellationToken,
    tasks: TaskTracker,
}

impl OpenConnections {
    /// Counts one in, until it ends.
    pub(super) fn count<T>(
        &self,
        connection: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + Send + 'static {
        self.tasks.track_future(connection)
    }

    /// Waits until the server wants to end.
    pub(super) async fn stopping(&self) {
        self.stopping.cancelled().await;
    }

    /// Tells all to end: their clients go elsewhere, and go on from their last position.
    pub fn end(&self) {
        self.stopping.cancel();
        self.tasks.close();
    }

    /// Waits until they have, for so long at the most; whether they all did.
    pub async fn ended(&self, most: Duration) -> bool {
        timeout(most, self.tasks.wait()).await.is_ok()
    }
}
