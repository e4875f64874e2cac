//! The waiting list of a stream: first come, first served. A seat that is free while somebody waits is held
//! for the first of them, in the same decision that freed it (manual 2.4.1).

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{LineEnd, Seats, Standing, Stream, StreamError, StreamEvent};
use crate::shared::{EnrollmentId, PersonId, StreamId, WaitingRules};

/// Somebody who waits for a seat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Wish {
    pub student: PersonId,
    pub enrollment: EnrollmentId,
    pub standing: Standing,
    rules: WaitingRules,
    /// Until when a seat is held for them, if one is.
    pub offered_until: Option<Timestamp>,
}

impl Wish {
    fn must_be_offered(&self, at: Timestamp) -> Result<(), StreamError> {
        match self.offered_until {
            Some(until) if at < until => Ok(()),
            Some(until) => Err(StreamError::OfferLapsed { until }),
            None => Err(StreamError::NotOffered),
        }
    }

    pub fn ends(&self, stream: StreamId, why: LineEnd) -> StreamEvent {
        let (student, enrollment) = (self.student, self.enrollment);
        let offered = self.offered_until.is_some();
        StreamEvent::LineLeft { stream, student, enrollment, offered, why }
    }
}

/// A stream as it is once the offers are made that are due, with these.
pub(super) struct Now<'a> {
    pub state: Cow<'a, Stream>,
    pub offers: Vec<StreamEvent>,
}

impl Stream {
    /// Seats come to be free with the time too: when they are reserved no longer. Who waits comes first.
    pub(super) fn with_due_offers(&self, stream: StreamId, at: Timestamp) -> Now<'_> {
        let offers = self.with_offers(stream, vec![], at);
        if offers.is_empty() {
            return Now { state: Cow::Borrowed(self), offers };
        }
        let mut state = self.clone();
        offers.iter().for_each(|offer| state.evolve(offer.clone()));
        Now { state: Cow::Owned(state), offers }
    }

    pub(super) fn join_line(
        &self,
        (stream, student, enrollment): (StreamId, PersonId, EnrollmentId),
        standing: Standing,
        (rules, regulation): (WaitingRules, String),
        at: Timestamp,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        self.card()?;
        if self.seated.contains(&student) {
            return Err(StreamError::SeatHeld);
        }
        if self.wish(student).is_some() {
            return Err(StreamError::WaitingAlready);
        }
        if self.seats().is_free_to(standing, at) {
            return Err(StreamError::SeatFree);
        }
        let standing = Some(standing);
        let joined =
            StreamEvent::LineJoined { stream, student, enrollment, standing, rules, regulation };
        Ok(vec![joined])
    }

    /// Takes the seat that is held for the student.
    pub(super) fn accept_seat(
        &self,
        stream: StreamId,
        student: PersonId,
        enrollment: EnrollmentId,
        at: Timestamp,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        let wish = self.must_be_offered(student, at)?;
        let seated = StreamEvent::SeatTaken { stream, student, enrollment };
        Ok(vec![wish.ends(stream, LineEnd::Seated), seated])
    }

    /// Takes a seat that is held for nobody, or for the student.
    pub(super) fn take_seat(
        &self,
        (stream, student, enrollment): (StreamId, PersonId, EnrollmentId),
        standing: Standing,
        at: Timestamp,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        self.card()?;
        if self.seated.contains(&student) {
            return Err(StreamError::SeatHeld);
        }
        if self.wish(student).is_some_and(|wish| wish.offered_until.is_some()) {
            return self.accept_seat(stream, student, enrollment, at);
        }
        if let Some(refused) = self.seats().refused_to(standing, at) {
            return Err(refused);
        }
        let seated = StreamEvent::SeatTaken { stream, student, enrollment };
        let used = self.reserved_used(stream, student, standing, at);
        Ok([seated].into_iter().chain(used).collect())
    }

    pub(super) fn decline_seat(
        &self,
        stream: StreamId,
        student: PersonId,
        at: Timestamp,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        let wish = self.must_be_offered(student, at)?;
        Ok(self.with_offers(stream, vec![wish.ends(stream, LineEnd::Declined)], at))
    }

    pub(super) fn leave_line(
        &self,
        stream: StreamId,
        student: PersonId,
        at: Timestamp,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        let wish = self.must_wait(student)?;
        Ok(self.with_offers(stream, vec![wish.ends(stream, LineEnd::Withdrew)], at))
    }

    /// What was offered until a time that has come goes to the next; what was not, stays.
    pub(super) fn lapse_offer(
        &self,
        stream: StreamId,
        student: PersonId,
        at: Timestamp,
    ) -> Vec<StreamEvent> {
        let lapsed = |wish: &&Wish| wish.offered_until.is_some_and(|until| until <= at);
        self.without(stream, self.wish(student).filter(lapsed), LineEnd::Lapsed, at)
    }

    /// A registration waits no longer.
    pub(super) fn forget_wish(
        &self,
        stream: StreamId,
        enrollment: EnrollmentId,
        why: LineEnd,
        at: Timestamp,
    ) -> Vec<StreamEvent> {
        let wish = self.line.iter().find(|wish| wish.enrollment == enrollment);
        self.without(stream, wish, why, at)
    }

    fn without(
        &self,
        stream: StreamId,
        wish: Option<&Wish>,
        why: LineEnd,
        at: Timestamp,
    ) -> Vec<StreamEvent> {
        let ended = wish.map(|wish| wish.ends(stream, why)).into_iter().collect();
        self.with_offers(stream, ended, at)
    }

    /// These events, and the offers that follow: each seat that is free then goes to the first in line.
    pub(super) fn with_offers(
        &self,
        stream: StreamId,
        mut events: Vec<StreamEvent>,
        at: Timestamp,
    ) -> Vec<StreamEvent> {
        // Most commands free no seat: nothing is copied for them.
        let frees_none = events.is_empty() && self.next_offer(stream, at).is_none();
        if self.line.is_empty() || frees_none {
            return events;
        }
        let mut after = self.clone();
        events.iter().for_each(|event| after.evolve(event.clone()));
        while let Some(offer) = after.next_offer(stream, at) {
            offer.iter().for_each(|event| after.evolve(event.clone()));
            events.extend(offer);
        }
        events
    }

    /// A seat for the first in line to whom one is free.
    fn next_offer(&self, stream: StreamId, at: Timestamp) -> Option<Vec<StreamEvent>> {
        // Counted once: a line may be long.
        let seats = self.seats();
        if seats.left() == Some(0) {
            return None;
        }
        let mut waiting = self.line.iter().filter(|wish| wish.offered_until.is_none());
        let next = waiting.find(|wish| seats.is_free_to(wish.standing, at))?;
        let (student, enrollment) = (next.student, next.enrollment);
        let holds = SignedDuration::from_secs(next.rules.offer_holds_seconds.into());
        let until = at.checked_add(holds).unwrap_or(Timestamp::MAX);
        let offer = StreamEvent::SeatOffered { stream, student, enrollment, until };
        let used = self.reserved_used(stream, student, next.standing, at);
        Some([offer].into_iter().chain(used).collect())
    }

    fn reserved_used(
        &self,
        stream: StreamId,
        student: PersonId,
        standing: Standing,
        at: Timestamp,
    ) -> Option<StreamEvent> {
        let of = self.reservations().reserved_for(standing, at)?;
        Some(StreamEvent::ReservedSeatUsed { stream, student, of })
    }

    pub(super) fn wish(&self, student: PersonId) -> Option<&Wish> {
        self.line.iter().find(|wish| wish.student == student)
    }

    fn must_wait(&self, student: PersonId) -> Result<&Wish, StreamError> {
        self.card()?;
        self.wish(student).ok_or(StreamError::NotWaiting)
    }

    /// The wish of somebody for whom a seat is held. Of whom it was held for it is told, also once it went on to others.
    fn must_be_offered(&self, student: PersonId, at: Timestamp) -> Result<&Wish, StreamError> {
        self.card()?;
        if let Some(until) = self.lapsed.get(&student) {
            return Err(StreamError::OfferLapsed { until: *until });
        }
        let wish = self.must_wait(student)?;
        wish.must_be_offered(at)?;
        Ok(wish)
    }

    fn seats(&self) -> Seats<'_> {
        let held = self.held();
        Seats {
            limit: self.card.as_ref().and_then(|card| card.limit),
            taken: self.taken(),
            held,
            waiting: count(self.line.len()).saturating_sub(held),
            reserved: &self.reserved,
            on_reserved: &self.on_reserved,
        }
    }

    /// How many seats are held for somebody in line.
    pub(super) fn held(&self) -> u32 {
        count(self.line.iter().filter(|wish| wish.offered_until.is_some()).count())
    }

    pub(super) fn taken(&self) -> u32 {
        count(self.seated.len())
    }

    pub(super) fn evolve_line(&mut self, event: StreamEvent) {
        match event {
            StreamEvent::LineJoined { student, enrollment, standing, rules, .. } => {
                let standing = standing.unwrap_or_default();
                let offered_until = None;
                self.lapsed.remove(&student);
                self.line.push(Wish { student, enrollment, standing, rules, offered_until });
            }
            StreamEvent::SeatOffered { student, until, .. } => {
                let wish = self.line.iter_mut().find(|wish| wish.student == student);
                if let Some(wish) = wish {
                    wish.offered_until = Some(until);
                }
            }
            StreamEvent::OfferWithdrawn { student, .. } => {
                let wish = self.line.iter_mut().find(|wish| wish.student == student);
                if let Some(wish) = wish {
                    wish.offered_until = None;
                }
            }
            StreamEvent::LineLeft { student, why, .. } => {
                let held = self.wish(student).and_then(|wish| wish.offered_until);
                self.lapsed
                    .extend(held.filter(|_| why == LineEnd::Lapsed).map(|until| (student, until)));
                self.line.retain(|wish| wish.student != student);
            }
            _ => {}
        }
    }
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
