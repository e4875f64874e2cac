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

impl<'a> Seats<'a> {
    /// How many are neither taken nor held; none where there is no limit.
    pub(super) fn left(&self) -> Option<u32> {
        Some(self.limit?.saturating_sub(self.taken.saturating_add(self.held)))
    }

    /// Whether one of those that are left is not kept for others.
    pub fn is_free_to(&self, who: Standing, at: Timestamp) -> bool {
        self.left().is_none_or(|left| self.reservations().kept_from(who, at) < left)
    }

    /// Why somebody can't take one, if they can't.
    pub fn refused_to(&self, who: Standing, at: Timestamp) -> Option<StreamError> {
        let Self { taken, held, waiting, .. } = *self;
        let (limit, free) = (self.limit?, self.left()?);
        if taken >= limit {
            return Some(StreamError::Full { limit, taken });
        }
        if free == 0 {
            return Some(StreamError::SeatsHeld { held, waiting });
        }
        let kept = || self.reservations().told_kept_from(who, at);
        (!self.is_free_to(who, at)).then(|| StreamError::SeatsReserved { free, kept: kept() })
    }

    fn reservations(&self) -> Reserved<'a> {
        Reserved { kept: self.reserved, used: self.on_reserved }
    }
}
