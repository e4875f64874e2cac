//! The event log: dense positions, a hash chain over its batches, and nothing ever changed
//! (DESIGN.md section 3).

mod append;
mod chain;
mod postgres;
mod read;
mod requests;
mod snapshots;
mod sqlite;
mod tail;

pub use append::{NewEvent, Stamp, append, append_alone, lock_head, shut_out};
pub use chain::{BatchHash, Chain};
pub use read::{
    Filter, StoredBatch, StoredEvent, find, head, head_in, load_aggregates, read, read_aggregates,
    read_batches, read_each, recorded_at, time_of, touched,
};
pub use requests::{Requests, keep_requests};
pub use snapshots::{
    EVERY, Snapshot, StoredSnapshot, WithState, keep, load_states, read_snapshots,
};
pub use tail::Tail;

use aggregates::shared::Position;

/// Where the log ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The last position; 0 while it is empty.
    pub position: Position,
    /// When that was committed, in microseconds since 1970.
    pub recorded_at: i64,
    /// The chain over all batches.
    pub chain: Chain,
}

impl Head {
    /// Of an empty log.
    pub const START: Self = Self { position: Position(0), recorded_at: 0, chain: Chain::START };
}
