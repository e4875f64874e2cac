//! The waiting list of a stream: first come, first served. A seat that is free while somebody waits is held
//! for the first of them, in the same decision that freed it (manual 2.4.1).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{LineEnd, Stream, StreamError, StreamEvent};
use crate::shared::{EnrollmentId, PersonId, StreamId, WaitingRules};

/// Somebody who waits for a seat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Wish {
    pub student: PersonId,
    enrollment: EnrollmentId,
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

impl Stream {
    pub(super) fn join_line(
        &self,
        (stream, student, enrollment): (StreamId, PersonId, EnrollmentId),
        (rules, regulation): (WaitingRules, String),
    ) -> Result<Vec<StreamEvent>, StreamError> {
        self.card()?;
        if self.seated.contains(&student) {
            return Err(StreamError::SeatHeld);
        }
        if self.wish(student).is_some() {
            return Err(StreamError::WaitingAlready);
        }
        if self.has_free_seat() {
            return Err(StreamError::SeatFree);
        }
        Ok(vec![StreamEvent::LineJoined { stream, student, enrollment, rules, regulation }])
    }

    /// Takes the seat that is held for the student.
    pub(super) fn accept_seat(
        &self,
        stream: StreamId,
        student: PersonId,
        enrollment: EnrollmentId,
        at: Timestamp,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        let wish = self.must_wait(student)?;
        wish.must_be_offered(at)?;
        let seated = StreamEvent::SeatTaken { stream, student, enrollment };
        Ok(vec![wish.ends(stream, LineEnd::Seated), seated])
    }

    /// Takes a seat that is held for nobody, or for the student.
    pub(super) fn take_seat(
        &self,
        stream: StreamId,
        student: PersonId,
        enrollment: EnrollmentId,
        at: Timestamp,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        let limit = self.card()?.limit;
        if self.seated.contains(&student) {
            return Err(StreamError::SeatHeld);
        }
        if self.wish(student).is_some_and(|wish| wish.offered_until.is_some()) {
            return self.accept_seat(stream, student, enrollment, at);
        }
        let (taken, held) = (self.taken(), self.held());
        match limit {
            Some(limit) if taken >= limit => Err(StreamError::Full { limit, taken }),
            Some(_) if !self.has_free_seat() => {
                Err(StreamError::SeatsHeld { held, waiting: count(self.line.len()) - held })
            }
            _ => Ok(vec![StreamEvent::SeatTaken { stream, student, enrollment }]),
        }
    }

    pub(super) fn decline_seat(
        &self,
        stream: StreamId,
        student: PersonId,
        at: Timestamp,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        let wish = self.must_wait(student)?;
        wish.must_be_offered(at)?;
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

    /// A registration that was given up waits no longer.
    pub(super) fn forget_wish(
        &self,
        stream: StreamId,
        enrollment: EnrollmentId,
        at: Timestamp,
    ) -> Vec<StreamEvent> {
        let wish = self.line.iter().find(|wish| wish.enrollment == enrollment);
        self.without(stream, wish, LineEnd::Dropped, at)
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
        if self.line.is_empty() {
            return events;
        }
        let mut after = self.clone();
        events.iter().for_each(|event| after.evolve(event.clone()));
        while let Some(offer) = after.next_offer(stream, at) {
            after.evolve(offer.clone());
            events.push(offer);
        }
        events
    }

    fn next_offer(&self, stream: StreamId, at: Timestamp) -> Option<StreamEvent> {
        let next = self.line.iter().find(|wish| wish.offered_until.is_none())?;
        let (student, enrollment) = (next.student, next.enrollment);
        let holds = SignedDuration::from_secs(next.rules.offer_holds_seconds.into());
        let until = at.checked_add(holds).unwrap_or(Timestamp::MAX);
        let offer = StreamEvent::SeatOffered { stream, student, enrollment, until };
        self.has_free_seat().then_some(offer)
    }

    pub(super) fn wish(&self, student: PersonId) -> Option<&Wish> {
        self.line.iter().find(|wish| wish.student == student)
    }

    fn must_wait(&self, student: PersonId) -> Result<&Wish, StreamError> {
        self.card()?;
        self.wish(student).ok_or(StreamError::NotWaiting)
    }

    /// Whether a seat is neither taken nor held.
    fn has_free_seat(&self) -> bool {
        let limit = self.card.as_ref().and_then(|card| card.limit);
        limit.is_none_or(|limit| self.taken() + self.held() < limit)
    }

    /// How many seats are held for somebody in line.
    fn held(&self) -> u32 {
        count(self.line.iter().filter(|wish| wish.offered_until.is_some()).count())
    }

    pub(super) fn taken(&self) -> u32 {
        count(self.seated.len())
    }

    pub(super) fn evolve_line(&mut self, event: StreamEvent) {
        match event {
            StreamEvent::LineJoined { student, enrollment, rules, .. } => {
                self.line.push(Wish { student, enrollment, rules, offered_until: None });
            }
            StreamEvent::SeatOffered { student, until, .. } => {
                let wish = self.line.iter_mut().find(|wish| wish.student == student);
                if let Some(wish) = wish {
                    wish.offered_until = Some(until);
                }
            }
            StreamEvent::LineLeft { student, .. } => {
                self.line.retain(|wish| wish.student != student);
            }
            _ => {}
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
