//! The newest events of this process, kept in memory: what follows the log need not read them back.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aggregates::shared::{Position, Recorded};
use jiff::Timestamp;

use super::{Head, NewEvent};

/// How many are kept.
const MOST: usize = 4_096;

/// The newest events, without gaps.
#[derive(Clone, Default)]
pub struct Tail(Arc<Mutex<VecDeque<Arc<Recorded>>>>);

impl Tail {
    /// Adds a batch that was appended, which ends at that head.
    pub(crate) fn push(&self, events: Vec<NewEvent>, head: Head) {
        let Ok(recorded_at) = Timestamp::from_microsecond(head.recorded_at) else { return };
        let before = head.position.0 - events.len() as i64;
        let recorded = events.into_iter().zip(1..).map(|(new, place)| {
            Arc::new(Recorded {
                position: Position(before + place),
                recorded_at,
                aggregate_id: new.aggregate_id,
                sequence: new.sequence,
                metadata: Arc::clone(&new.stamp.metadata),
                event: new.event,
            })
        });
        let recorded: Vec<_> = recorded.collect();
        let mut kept = self.kept();
        if kept.back().is_some_and(|last| last.position.0 != before) {
            // Others wrote in between, and what they wrote is not here.
            kept.clear();
        }
        kept.extend(recorded);
        let superfluous = kept.len().saturating_sub(MOST);
        kept.drain(..superfluous);
    }

    /// The events of this process behind that position, at most `limit`; none where the first of them is not here
    /// any more.
    pub fn after(&self, position: Position, limit: usize) -> Option<Vec<Arc<Recorded>>> {
        let kept = self.kept();
        let Some(first) = kept.front() else { return Some(vec![]) };
        let skipped = usize::try_from(position.0 + 1 - first.position.0).ok()?;
        Some(kept.iter().skip(skipped).take(limit).cloned().collect())
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Arc<Recorded>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
