//! What follows from an event: the log is read behind the views, each event once.

use std::{sync::Arc, time::Duration};

use aggregates::{
    Event,
    shared::{Position, Recorded},
    test_attempt::TestAttemptEvent,
};
use tracing::{error, warn};

use super::{Hindrance, marks};
use crate::{
    cabinet::Cabinet,
    database::{Database, StoreError},
    log::{self, Filter},
    views::decode_all,
};

/// The name of the checkpoint.
const NAME: &str = "reactions";
/// How many events are read together.
const BATCH: usize = 1_000;
/// When it is tried again after a hindrance.
const AGAIN: Duration = Duration::from_secs(1);

pub(super) async fn run(cabinet: Arc<Cabinet>) {
    let mut reached = cabinet.freshness.watch();
    loop {
        match advance(&cabinet).await {
            Ok(true) => continue,
            Ok(false) => {
                if reached.changed().await.is_err() {
                    return;
                }
            }
            Err(cause) => {
                warn!(%cause, "what follows from the log can't be done now");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}

/// Reacts to the next events that the views know; whether there may be more.
async fn advance(cabinet: &Cabinet) -> Result<bool, Hindrance> {
    let from = checkpoint(&cabinet.database).await?;
    let head = cabinet.freshness.reached();
    if from >= head {
        return Ok(false);
    }
    let filter = Filter { after: Some(from), until_position: Some(head), ..Filter::default() };
    let mut snapshot = cabinet.database.snapshot().await?;
    let events = log::read(&mut snapshot, &filter, BATCH).await?;
    snapshot.rollback().await?;
    let Some(to) = events.last().map(|event| event.position) else { return Ok(false) };
    for event in decode_all(&events)? {
        match react(cabinet, &event).await {
            Err(hindrance) if hindrance.passes() => return Err(hindrance),
            Err(cause) => error!(position = %event.position, %cause, "nothing followed from this"),
            Ok(()) => {}
        }
    }
    move_checkpoint(&cabinet.database, from, to).await?;
    Ok(true)
}

async fn react(cabinet: &Cabinet, recorded: &Recorded) -> Result<(), Hindrance> {
    match &recorded.event {
        Event::TestAttempt(TestAttemptEvent::Concluded { .. }) => {
            marks::enter(cabinet, recorded).await
        }
        _ => Ok(()),
    }
}

async fn checkpoint(database: &Database) -> Result<Position, StoreError> {
    let sql = "SELECT position FROM policy_checkpoints WHERE policy = $1";
    let row = database.fetch_one(sql, &[NAME.into()]).await?;
    row.map_or(Ok(Position::default()), |row| row.int(0).map(Position))
}

/// Moves the checkpoint, unless another process has: what both did was done once, by its key.
async fn move_checkpoint(
    database: &Database,
    from: Position,
    to: Position,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO policy_checkpoints (policy, position) VALUES ($1, $2) \
               ON CONFLICT (policy) DO UPDATE SET position = excluded.position \
               WHERE policy_checkpoints.position = $3";
    database.execute(sql, &[NAME.into(), to.0.into(), from.0.into()]).await.map(drop)
}
