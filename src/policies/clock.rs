//! The clock: what is due is done, also what became due while no server ran (DESIGN.md section 3).

use std::{collections::HashSet, sync::Arc, time::Duration};

use aggregates::{Act, test_attempt::TestAttemptCommand};
use projections::{
    deadline::{Deadline, DeadlineDocument, Deadlines},
    test::Tests,
};
use tracing::{error, warn};

use super::{Hindrance, transaction};
use crate::cabinet::Cabinet;

/// How many deadlines are looked at together.
const BATCH: usize = 200;
/// How long the clock sleeps at the most: other processes set deadlines too.
const MOST_SLEEP: Duration = Duration::from_secs(1);
/// How long it sleeps at the least.
const LEAST_SLEEP: Duration = Duration::from_millis(5);

/// Deadlines that were refused, with the time they were due: tried again after the next start only.
type GivenUp = HashSet<(String, i64)>;

pub(super) async fn run(cabinet: Arc<Cabinet>) {
    let mut given_up = GivenUp::new();
    let mut reached = cabinet.freshness.watch();
    loop {
        let sleep = match fire_due(&cabinet, &mut given_up).await {
            Ok(sleep) => sleep,
            Err(cause) => {
                warn!(%cause, "the clock can't do what is due now");
                MOST_SLEEP
            }
        };
        // A deadline may have been set meanwhile that is sooner than the next known one.
        let woken = tokio::time::timeout(sleep, reached.changed()).await;
        if let Ok(Err(_)) = woken {
            return;
        }
    }
}

/// Fires what is due, and says how long nothing will be.
async fn fire_due(cabinet: &Cabinet, given_up: &mut GivenUp) -> Result<Duration, Hindrance> {
    let now = cabinet.now().as_microsecond();
    let order = "due, view_id";
    let condition = "due IS NOT NULL";
    let soonest = cabinet.views.list::<Deadlines>(condition, &[], order, BATCH + given_up.len());
    let mut fired = Vec::new();
    for (key, deadline) in soonest.await?.documents {
        let Some(due) = deadline.due.filter(|due| !given_up.contains(&(key.clone(), *due))) else {
            continue;
        };
        if due > now {
            let wait = Duration::from_micros((due - now).unsigned_abs());
            finish(cabinet, fired, given_up).await?;
            return Ok(wait.clamp(LEAST_SLEEP, MOST_SLEEP));
        }
        fired.push((key, due, deadline));
    }
    let sleep = if fired.is_empty() { MOST_SLEEP } else { LEAST_SLEEP };
    finish(cabinet, fired, given_up).await?;
    Ok(sleep)
}

/// Does all of these at once, and waits until the views show it, so that nothing is fired again.
async fn finish(
    cabinet: &Cabinet,
    fired: Vec<(String, i64, DeadlineDocument)>,
    given_up: &mut GivenUp,
) -> Result<(), Hindrance> {
    let done = fired.iter().map(|(key, due, deadline)| fire(cabinet, key, *due, deadline));
    let done = futures::future::join_all(done).await;
    for ((key, due, _), done) in fired.into_iter().zip(done) {
        match done {
            Ok(()) => {}
            Err(hindrance) if hindrance.passes() => return Err(hindrance),
            Err(cause) => {
                error!(%key, %cause, "what was due can't be done");
                given_up.insert((key, due));
            }
        }
    }
    Ok(())
}

async fn fire(
    cabinet: &Cabinet,
    key: &str,
    due: i64,
    deadline: &DeadlineDocument,
) -> Result<(), Hindrance> {
    let Some(what) = &deadline.what else { return Ok(()) };
    let act = act(cabinet, what).await?;
    let asked = transaction("clock", &format!("{key}:{due}"), None, vec![act]);
    let receipt = cabinet.commands.execute(asked).await?;
    cabinet.wait_for(receipt.position).await;
    Ok(())
}

/// What is asked when the time has come.
async fn act(cabinet: &Cabinet, what: &Deadline) -> Result<Act, Hindrance> {
    let at = cabinet.now();
    Ok(match what {
        Deadline::AttemptEnds { series, attempt } => {
            TestAttemptCommand::RunOut { attempt: *attempt, at }.of(*series)
        }
        Deadline::TestCloses { series, test } => {
            let test = cabinet.views.get::<Tests>(&test.to_string()).await?;
            let card = test.and_then(|test| test.card);
            let closes_at = card.map_or(at, |card| card.window.closes_at);
            TestAttemptCommand::Close { closes_at, at }.of(*series)
        }
    })
}
