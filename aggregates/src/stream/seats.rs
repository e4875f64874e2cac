//! Whether a seat of a stream is free to somebody (manual 2.4.1).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Reservation, Standing, StreamError, reserved::Reserved};
use crate::shared::PersonId;

/// The seats of a stream as they are known.
#[derive(Debug, Clone, Copy)]
pub struct Seats<'a> {
    /// How many there are; none where there is no limit.
    pub limit: Option<u32>,
    /// How many are taken.
    pub taken: u32,
    /// How many are held for those to whom they are offered.
    pub held: u32,
    /// How many wait, those to whom a seat is offered aside.
    pub waiting: u32,
    /// The seats that are kept for some.
    pub reserved: &'a [Reservation],
    /// Whose seat is one that is reserved, and for whom.
    pub on_reserved: &'a BTreeMap<PersonId, Standing>,
}

impl Seats<'_> {
    /// Why somebody can't take one, if they can't.
    pub fn refused_to(&self, who: Standing, at: Timestamp) -> Option<StreamError> {
        let Self { taken, held, waiting, .. } = *self;
        let limit = self.limit?;
        if taken >= limit {
            return Some(StreamError::Full { limit, taken });
        }
        let free = limit.saturating_sub(taken.saturating_add(held));
        if free == 0 {
            return Some(StreamError::SeatsHeld { held, waiting });
        }
        let reserved = Reserved { kept: self.reserved, used: self.on_reserved };
        let kept = reserved.told_kept_from(who, at);
        (reserved.kept_from(who, at) >= free).then_some(StreamError::SeatsReserved { free, kept })
    }
}
