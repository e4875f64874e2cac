//! The connections that stay open, and how the server lets go of them.

use std::time::Duration;

use futures::{Stream, StreamExt};
use tokio::{sync::mpsc, time::timeout};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

use crate::messages;

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

    /// Runs a stream for a reader in a task of its own, one item ahead of who takes them: a client that is
    /// slow to take holds nothing but that item, no connection to the database above all. It ends where
    /// nobody takes an item for longer than `patience`, nobody is left to, or the server ends.
    pub(super) fn run<T: Send + 'static>(
        &self,
        language: Option<String>,
        patience: Duration,
        items: impl Stream<Item = T> + Send + 'static,
    ) -> ReceiverStream<T> {
        let (sender, taken) = mpsc::channel(1);
        let open = self.clone();
        let running = async move {
            let mut items = std::pin::pin!(items);
            while let Ok(Ok(room)) = timeout(patience, sender.reserve()).await {
                tokio::select! {
                    item = items.next() => match item {
                        Some(item) => room.send(item),
                        None => return,
                    },
                    () = sender.closed() => return,
                    () = open.stopping() => return,
                }
            }
        };
        let running = async move { messages::for_reader(language.as_deref(), running).await };
        tokio::spawn(self.tasks.track_future(running).in_current_span());
        ReceiverStream::new(taken)
    }

    /// Waits until the server wants to end.
    pub async fn stopping(&self) {
        self.stopping.cancelled().await;
    }

    /// Whether the server wants to end.
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
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
