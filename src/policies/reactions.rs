//! What follows from an event: the log is read behind the views.

use std::{sync::Arc, time::Duration};

use aggregates::shared::{Position, Recorded};
use tracing::{error, warn};

use super::Hindrance;
use crate::{
    cabinet::Cabinet,
    database::{Database, StoreError},
    log::{self, Filter},
    views::decode_all,
};

/// How many events are read together.
const BATCH: usize = 1_000;
/// When it is tried again after a hindrance.
const AGAIN: Duration = Duration::from_secs(1);

/// What follows from one type of event.
pub(super) trait Reaction {
    /// The name of its checkpoint, and of its commands' keys.
    const NAME: &'static str;
    /// The type of event.
    const CAUSE: &'static str;

    /// Does what follows.
    fn react(
        cabinet: &Cabinet,
        recorded: &Recorded,
    ) -> impl Future<Output = Result<(), Hindrance>> + Send;
}

pub(super) async fn run<R: Reaction>(cabinet: Arc<Cabinet>) {
    let mut reached = cabinet.freshness.watch();
    let mut from = None;
    loop {
        match advance::<R>(&cabinet, &mut from).await {
            Ok(true) => continue,
            Ok(false) => {
                if reached.changed().await.is_err() {
                    return;
                }
            }
            Err(cause) => {
                warn!(reaction = R::NAME, %cause, "what follows from the log can't be done now");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}

/// Reacts to the next events that the views know; whether there may be more. The checkpoint moves only
/// where something followed: what nothing follows from is passed over by the index, after a start too.
async fn advance<R: Reaction>(
    cabinet: &Cabinet,
    from: &mut Option<Position>,
) -> Result<bool, Hindrance> {
    let after = match *from {
        Some(from) => from,
        None => checkpoint(&cabinet.database, R::NAME).await?,
    };
    let head = cabinet.freshness.reached();
    let filter = Filter {
        event_type: Some(R::CAUSE.to_owned()),
        after: Some(after),
        until_position: Some(head),
        ..Filter::default()
    };
    let mut snapshot = cabinet.database.snapshot().await?;
    let events = log::read(&mut snapshot, &filter, BATCH).await?;
    snapshot.rollback().await?;
    for event in decode_all(&events)? {
        match R::react(cabinet, &event).await {
            Err(hindrance) if hindrance.passes() => return Err(hindrance),
            Err(cause) => error!(position = %event.position, %cause, "nothing followed from this"),
            Ok(()) => {}
        }
        move_checkpoint(&cabinet.database, R::NAME, event.position).await?;
        // A hindrance at the next one does not bring this one again.
        *from = Some(event.position);
    }
    let more = events.len() == BATCH;
    if !more {
        *from = Some(head.max(after));
    }
    Ok(more)
}

async fn checkpoint(database: &Database, reaction: &str) -> Result<Position, StoreError> {
    let sql = "SELECT position FROM policy_checkpoints WHERE policy = $1";
    let row = database.fetch_one(sql, &[reaction.into()]).await?;
    row.map_or(Ok(Position::default()), |row| row.int(0).map(Position))
}

/// Moves the checkpoint forward, unless another process has come further: what both did was done once,
/// by its key.
async fn move_checkpoint(
    database: &Database,
    reaction: &str,
    to: Position,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO policy_checkpoints (policy, position) VALUES ($1, $2) \
               ON CONFLICT (policy) DO UPDATE SET position = excluded.position \
               WHERE policy_checkpoints.position < excluded.position";
    database.execute(sql, &[reaction.into(), to.0.into()]).await.map(drop)
}
