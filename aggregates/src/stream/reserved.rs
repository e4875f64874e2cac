//! Seats that are reserved for a programme or a year of study until a time (manual 2.4.1).

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{LineEnd, Stream, StreamError, StreamEvent};
use crate::shared::{PersonId, ProgrammeId, StreamId, Text};

/// Of which programme and year of study somebody is; for a reservation, who may be of any where it says none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The programme.
    pub programme: Option<ProgrammeId>,
    /// The year of study.
    pub year: Option<u8>,
}

impl Standing {
    pub(super) fn covers(self, who: Self) -> bool {
        self.programme.is_none_or(|programme| who.programme == Some(programme))
            && self.year.is_none_or(|year| who.year == Some(year))
    }
}

/// Seats that are kept for some until a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// For whom.
    pub of: Standing,
    /// What they are called.
    pub name: Text,
    /// How many.
    pub seats: u32,
    /// Until when.
    pub until: Timestamp,
}

/// What is kept from somebody, told one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept(Vec<String>);

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl Stream {
    pub(super) fn reserve_seats(
        &self,
        stream: StreamId,
        reservation: Reservation,
        at: Timestamp,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        let limit = self.card()?.limit.ok_or(StreamError::NoLimit)?;
        let of = reservation.of;
        let known = self.reserved.iter().any(|known| known.of == of);
        if reservation.seats == 0 {
            let ended = known.then_some(StreamEvent::ReservationEnded { stream, of });
            return Ok(self.with_offers(stream, ended.into_iter().collect(), at));
        }
        if of == Standing::default() {
            return Err(StreamError::ReservedForAll);
        }
        if reservation.until <= at {
            return Err(StreamError::ReservedUntilPast { until: reservation.until });
        }
        let others = self.reserved.iter().filter(|known| known.of != of);
        let reserved =
            others.map(|known| known.seats).sum::<u32>().saturating_add(reservation.seats);
        if reserved > limit {
            return Err(StreamError::ReservedBeyondLimit { reserved, limit });
        }
        let event = StreamEvent::SeatsReserved { stream, reservation };
        Ok(self.with_offers(stream, vec![event], at))
    }

    /// The time of a reservation has come: what is left of it is free for all, those who wait first.
    pub(super) fn end_reservation(
        &self,
        stream: StreamId,
        of: Standing,
        at: Timestamp,
    ) -> Vec<StreamEvent> {
        let over = self.reserved.iter().any(|known| known.of == of && known.until <= at);
        let ended = over.then_some(StreamEvent::ReservationEnded { stream, of });
        self.with_offers(stream, ended.into_iter().collect(), at)
    }

    pub(super) fn reservations(&self) -> Reserved<'_> {
        Reserved { kept: &self.reserved, used: &self.on_reserved }
    }
}

/// What an event changes of the seats that are reserved, and of who has one of them: whoever is offered one and does not
/// take it has it no longer, and of a reservation that has ended all seats are as others.
pub fn follow_reserved(
    reserved: &mut Vec<Reservation>,
    on_reserved: &mut BTreeMap<PersonId, Standing>,
    event: &StreamEvent,
) {
    match event {
        StreamEvent::SeatsReserved { reservation, .. } => {
            reserved.retain(|known| known.of != reservation.of);
            reserved.push(reservation.clone());
        }
        StreamEvent::ReservationEnded { of, .. } => {
            reserved.retain(|known| known.of != *of);
            on_reserved.retain(|_, used| used != of);
        }
        StreamEvent::ReservedSeatUsed { student, of, .. } => {
            on_reserved.insert(*student, *of);
        }
        StreamEvent::SeatReleased { student, .. } | StreamEvent::OfferWithdrawn { student, .. } => {
            on_reserved.remove(student);
        }
        StreamEvent::LineLeft { student, why, .. } if *why != LineEnd::Seated => {
            on_reserved.remove(student);
        }
        _ => {}
    }
}

/// The seats that are reserved, and who has one of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reserved<'a> {
    pub kept: &'a [Reservation],
    pub used: &'a BTreeMap<PersonId, Standing>,
}

impl<'a> Reserved<'a> {
    /// The reservation that somebody's seat counts against, while it has seats left.
    pub fn reserved_for(self, who: Standing, at: Timestamp) -> Option<Standing> {
        self.left(at).find(|(reservation, _)| reservation.of.covers(who)).map(|(kept, _)| kept.of)
    }

    /// How many of the free seats are kept for others.
    pub fn kept_from(self, who: Standing, at: Timestamp) -> u32 {
        self.left_for_others(who, at).map(|(_, left)| left).sum()
    }

    /// The same, with for whom and until when.
    pub fn told_kept_from(self, who: Standing, at: Timestamp) -> Kept {
        let tell = |(kept, left): (&Reservation, u32)| {
            format!("{}: {left} until {}", kept.name, kept.until)
        };
        Kept(self.left_for_others(who, at).map(tell).collect())
    }

    fn left_for_others(
        self,
        who: Standing,
        at: Timestamp,
    ) -> impl Iterator<Item = (&'a Reservation, u32)> {
        self.left(at).filter(move |(reservation, _)| !reservation.of.covers(who))
    }

    /// The reservations that hold now and have seats left, with how many.
    fn left(self, at: Timestamp) -> impl Iterator<Item = (&'a Reservation, u32)> {
        let holding = self.kept.iter().filter(move |kept| at < kept.until);
        holding.filter_map(|kept| {
            let used = self.used.values().filter(|of| **of == kept.of).count();
            let left = usize::try_from(kept.seats).unwrap_or(usize::MAX).saturating_sub(used);
            (left > 0).then(|| (kept, u32::try_from(left).unwrap_or(u32::MAX)))
        })
    }
}
