//! The clock: what is due is done, also what became due while no server ran (DESIGN.md section 3).

use std::{collections::HashSet, sync::Arc, time::Duration};

use aggregates::{Act, shared::Position, stream::StreamCommand, test_attempt::TestAttemptCommand};
use jiff::Timestamp;
use projections::{
    deadline::{Deadline, Deadlines},
    test::Tests,
};
use tracing::{error, warn};

use super::{Hindrance, transaction};
use crate::cabinet::Cabinet;

/// How many deadlines are looked at together.
const BATCH: usize = 200;
/// How long the clock sleeps at the most: meanwhile a deadline may be set that is sooner than those it
/// knows. What is done late is done as of its time.
const MOST_SLEEP: Duration = Duration::from_secs(1);
/// How long it sleeps at the least.
const LEAST_SLEEP: Duration = Duration::from_millis(5);

/// A deadline, and when it was due.
type Name = (String, i64);
/// Deadlines that were refused: tried again after the next start only.
type GivenUp = HashSet<Name>;

pub(super) async fn run(cabinet: Arc<Cabinet>) {
    let mut given_up = GivenUp::new();
    loop {
        let sleep = fire_due(&cabinet, &mut given_up).await.unwrap_or_else(|cause| {
            warn!(%cause, "the clock can't do what is due now");
            MOST_SLEEP
        });
        tokio::time::sleep(sleep).await;
    }
}

/// Fires what is due, and says how long to sleep until the next.
async fn fire_due(cabinet: &Cabinet, given_up: &mut GivenUp) -> Result<Duration, Hindrance> {
    let now = cabinet.now().as_microsecond();
    let list = async |condition, limit| {
        let order = "due, view_id";
        cabinet.views.list::<Deadlines>(condition, &[now.into()], order, limit).await
    };
    let due = list("due <= $1", BATCH + given_up.len()).await?.documents.into_iter();
    let due: Vec<_> = due
        .filter_map(|(key, deadline)| Some(((key, deadline.due?), deadline.what?, deadline.set_by)))
        .filter(|(name, ..)| !given_up.contains(name))
        .collect();
    if !due.is_empty() {
        finish(cabinet, due, given_up).await?;
        return Ok(LEAST_SLEEP);
    }
    let next = list("due > $1", 1).await?.documents.into_iter().find_map(|(_, next)| next.due);
    let wait = next.map(|next| Duration::from_micros((next - now).unsigned_abs()));
    Ok(wait.map_or(MOST_SLEEP, |wait| wait.clamp(LEAST_SLEEP, MOST_SLEEP)))
}

/// Does all of these at once, and waits until the views show it, so that nothing is fired again.
async fn finish(
    cabinet: &Cabinet,
    due: Vec<(Name, Deadline, Position)>,
    given_up: &mut GivenUp,
) -> Result<(), Hindrance> {
    let done = due.iter().map(|(name, what, set_by)| fire(cabinet, name, what, *set_by));
    let done = futures::future::join_all(done).await;
    for ((name, ..), done) in due.into_iter().zip(done) {
        match done {
            Ok(()) => {}
            Err(hindrance) if hindrance.passes() => return Err(hindrance),
            Err(cause) => {
                error!(key = %name.0, %cause, "what was due can't be done");
                given_up.insert(name);
            }
        }
    }
    Ok(())
}

async fn fire(
    cabinet: &Cabinet,
    (key, due): &Name,
    what: &Deadline,
    set_by: Position,
) -> Result<(), Hindrance> {
    // The clock may have been set back since it was found due, and what is due has no part of a microsecond.
    let due_at = Timestamp::from_microsecond(due + 1).unwrap_or_default();
    let act = act(cabinet, what, cabinet.now().max(due_at)).await?;
    let asked = transaction("clock", &format!("{key}:{due}"), set_by, vec![act]);
    let receipt = cabinet.commands.execute(asked).await?;
    cabinet.wait_for(receipt.position).await;
    Ok(())
}

/// What is asked when the time has come.
async fn act(cabinet: &Cabinet, what: &Deadline, at: Timestamp) -> Result<Act, Hindrance> {
    Ok(match what {
        Deadline::AttemptEnds { series, attempt } => {
            TestAttemptCommand::RunOut { attempt: *attempt, at }.of(*series)
        }
        Deadline::TestCloses { series, test } => {
            let test = cabinet.views.stored::<Tests>(&test.to_string()).await?;
            let card = test.as_ref().and_then(|test| test.card.as_ref());
            let closes_at = card.map_or(at, |card| card.window.closes_at);
            TestAttemptCommand::Close { closes_at, at }.of(*series)
        }
        Deadline::ReservationEnds { stream, of } => {
            StreamCommand::EndReservation { stream: *stream, of: *of, at }.of(*stream)
        }
        Deadline::OfferLapses { stream, student } => {
            StreamCommand::LapseOffer { stream: *stream, student: *student, at }.of(*stream)
        }
    })
}
