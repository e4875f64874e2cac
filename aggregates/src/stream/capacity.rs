//! What a registrar does with a stream that has students: another limit, and closing it. Who has to leave is
//! named with the reason, or nobody does (manual 2.4.1).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    LineEnd, Standing, Stream, StreamError, StreamEvent,
    line::{Wish, count},
};
use crate::shared::{PersonId, StreamId, TextRef};

/// Somebody who gives something up in a stream because a registrar decides so.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaving {
    /// Who.
    pub student: PersonId,
    /// What.
    pub gives_up: GivesUp,
    /// Why.
    pub because: TextRef,
}

/// What somebody has of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GivesUp {
    /// A seat.
    Seat,
    /// A seat that is held for them: they wait again, in their place of the line.
    Offer,
}

fn each_once(leaving: Vec<Leaving>) -> BTreeMap<PersonId, Leaving> {
    leaving.into_iter().map(|one| (one.student, one)).collect()
}

impl Stream {
    pub(super) fn change_limit(
        &self,
        stream: StreamId,
        limit: Option<u32>,
        leaving: Vec<Leaving>,
        at: Timestamp,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        let now = self.card()?.limit;
        let leaving = each_once(leaving);
        self.must_not_fit(leaving.len(), limit, at)?;
        let mut events = self.leave(stream, leaving)?;
        let then = self.after(&events);
        let (taken, held) = (then.taken(), then.held());
        if let Some(limit) = limit
            && taken.saturating_add(held) > limit
        {
            let (taken, held) = (self.taken(), self.held());
            return Err(StreamError::LimitBelowSeats { limit, taken, held });
        }
        let reserved = then.reservations().kept_from(Standing::default(), at);
        if let Some(limit) = limit
            && taken.saturating_add(held).saturating_add(reserved) > limit
        {
            return Err(StreamError::LimitBelowReserved { limit, taken, held, reserved });
        }
        if limit != now {
            events.push(StreamEvent::LimitChanged { stream, limit });
        }
        Ok(self.with_offers(stream, events, at))
    }

    /// Nobody leaves who need not: no more are named than do not fit any more beside what is kept for some.
    fn must_not_fit(
        &self,
        named: usize,
        limit: Option<u32>,
        at: Timestamp,
    ) -> Result<(), StreamError> {
        let (taken, held) = (self.taken(), self.held());
        let reserved = self.reservations().kept_from(Standing::default(), at);
        let all = taken.saturating_add(held).saturating_add(reserved);
        let needed = limit.map_or(0, |limit| all.saturating_sub(limit));
        let named = count(named);
        if named > needed {
            return Err(StreamError::LeavingNeedless { named, needed, taken, held, reserved });
        }
        Ok(())
    }

    /// Who has a seat, or one that is held for them, is told why they have it no longer; who else waits is told by the end
    /// of their wish.
    pub(super) fn close(
        &self,
        stream: StreamId,
        leaving: Vec<Leaving>,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        self.card()?;
        let leaving = each_once(leaving);
        let offered = self.line.iter().filter(|wish| wish.offered_until.is_some());
        let mut having = self.seated.iter().chain(offered.map(|wish| &wish.student));
        if having.any(|student| !leaving.contains_key(student)) {
            return Err(StreamError::SeatsTaken { taken: self.taken(), held: self.held() });
        }
        let mut events = self.leave(stream, leaving)?;
        let then = self.after(&events);
        events.extend(then.line.iter().map(|wish| wish.ends(stream, LineEnd::Closed)));
        events.push(StreamEvent::Closed { stream });
        Ok(events)
    }

    /// The stream as it is once these have happened.
    fn after(&self, events: &[StreamEvent]) -> Self {
        let mut then = self.clone();
        events.iter().cloned().for_each(|event| then.evolve(event));
        then
    }

    /// Those who leave give up what they have.
    fn leave(
        &self,
        stream: StreamId,
        leaving: BTreeMap<PersonId, Leaving>,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        let offers = leaving.values().filter(|one| one.gives_up == GivesUp::Offer);
        offers
            .map(|one| one.student)
            .try_for_each(|student| self.must_be_last(student, &leaving))?;
        let left = leaving.into_iter().map(|(student, Leaving { gives_up, because, .. })| {
            let is_seated = self.seated.contains(&student);
            match gives_up {
                GivesUp::Seat if is_seated => {
                    Ok(StreamEvent::SeatReleased { stream, student, because: Some(because) })
                }
                GivesUp::Seat => Err(StreamError::NoSeat),
                // They took it since it was looked.
                GivesUp::Offer if is_seated => Err(StreamError::SeatsChanged),
                GivesUp::Offer => {
                    let enrollment = self.held_for(student)?.enrollment;
                    Ok(StreamEvent::OfferWithdrawn { stream, student, enrollment, because })
                }
            }
        });
        left.collect()
    }

    /// Nobody passes the line: who gives up a seat that is held for them is behind all for whom one stays held that could
    /// be theirs.
    fn must_be_last(
        &self,
        student: PersonId,
        leaving: &BTreeMap<PersonId, Leaving>,
    ) -> Result<(), StreamError> {
        let behind = self.line.iter().skip_while(|wish| wish.student != student);
        let Some(standing) = behind.clone().next().map(|wish| wish.standing) else { return Ok(()) };
        let stays =
            |wish: &&Wish| wish.offered_until.is_some() && !leaving.contains_key(&wish.student);
        let theirs =
            |wish: &Wish| self.on_reserved.get(&wish.student).is_none_or(|of| of.covers(standing));
        let passes = behind.skip(1).filter(stays).any(theirs);
        if passes { Err(StreamError::LinePassed) } else { Ok(()) }
    }

    fn held_for(&self, student: PersonId) -> Result<&Wish, StreamError> {
        let wish = self.wish(student).ok_or(StreamError::NotWaiting)?;
        let held = wish.offered_until.is_some();
        held.then_some(wish).ok_or(StreamError::NotOffered)
    }
}
