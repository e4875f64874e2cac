//! Stream: a group a subject is taught in, with its seats and its timetable.
//!
//! Invariants: never more seats taken and held than the limit, imported ones aside; one student, one seat;
//! no seat is free to somebody who waits without being held for them: nobody passes the line; a seat that is
//! reserved goes to those it is reserved for; a limit is not below the seats, and a closed stream has none; its
//! times change only where it is said whose timetables follow, who are all that have a seat.
//!
//! ```text
//! (nothing) --Open--> open --TakeSeat, ReleaseSeat, AssignTeacher, ReserveSeats, ChangeLimit, ChangeMeetings, ScheduleSitting--> open
//!                      |--Close--> closed
//!
//! a student in the line: (not) --JoinLine--> waits --(a seat is freed)--> offered --AcceptSeat--> seated
//!                          ^                ^--(ChangeLimit takes it back)--|
//!                          ^------ LeaveLine, DeclineSeat, LapseOffer, ForgetWish ------/
//! ```

mod capacity;
mod command;
mod error;
mod event;
mod imported;
mod line;
pub(crate) mod past;
mod reserved;
mod seats;
mod sittings;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use capacity::{GivesUp, Leaving};
pub use command::StreamCommand;
pub use error::StreamError;
pub use event::{LineEnd, StreamCard, StreamEvent, StreamKind};
pub use reserved::{Kept, Reservation, Standing, follow_reserved};
pub use seats::Seats;
pub use sittings::{Sitting, SittingKind, SittingTimes};

use crate::shared::{
    Meeting, PersonId, SittingId, StreamId, SubjectId, Text, TimeOfDay, Weekday, Weeks,
};
use line::Wish;

/// A group a subject is taught in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stream {
    card: Option<StreamCard>,
    /// What another system said of it the last time.
    said: Option<Box<StreamCard>>,
    seated: BTreeSet<PersonId>,
    /// Who waits for a seat, the first to come first.
    line: Vec<Wish>,
    /// For whom a seat was held until a time, and they did not take it: until they wait again or have one.
    lapsed: BTreeMap<PersonId, Timestamp>,
    /// The seats that are kept for some.
    reserved: Vec<Reservation>,
    /// Whose seat, taken or held, is one that is reserved, and for whom.
    on_reserved: BTreeMap<PersonId, Standing>,
    closed: bool,
    /// Under which subjects it is listed beside its own.
    listed: BTreeSet<SubjectId>,
    /// The address of the online class.
    link: Option<Text>,
    /// When and where those are examined who are in it.
    sittings: BTreeMap<SittingId, Sitting>,
}

aggregate!(Stream, "Stream", StreamCommand, StreamEvent, StreamError, format 7);

impl Stream {
    /// How many may have a seat in a stream whose times change: all of their plans follow in one act.
    pub const MOST_TOLD: usize = 2_000;

    /// Who has a seat.
    pub fn seated(&self) -> &BTreeSet<PersonId> {
        &self.seated
    }

    fn decide(&self, command: StreamCommand) -> Result<Vec<StreamEvent>, StreamError> {
        Ok(match command {
            StreamCommand::Open { stream, card } => {
                if let Some(known) = &self.card {
                    return Err(known.opened_already(&card));
                }
                must_be_sound(&card.meetings)?;
                vec![StreamEvent::Opened { stream, card }]
            }
            StreamCommand::Import { stream, card, told, origin, at } => {
                self.import((stream, card), &told, origin, at)?
            }
            StreamCommand::AssignTeacher { stream, teacher } => {
                let card = self.card()?;
                let known = card.teachers.contains(&teacher);
                let assigned = StreamEvent::TeacherAssigned { stream, teacher };
                (!known).then_some(assigned).into_iter().collect()
            }
            StreamCommand::TakeSeat { stream, student, enrollment, standing, at } => {
                let now = self.with_due_offers(stream, at);
                let seated = now.state.take_seat((stream, student, enrollment), standing, at)?;
                now.offers.into_iter().chain(seated).collect()
            }
            StreamCommand::ReleaseSeat { stream, student, at } => {
                self.card()?;
                if !self.seated.contains(&student) {
                    return Err(StreamError::NoSeat);
                }
                let released = StreamEvent::SeatReleased { stream, student, because: None };
                self.with_offers(stream, vec![released], at)
            }
            StreamCommand::ImportSeat { stream, student, enrollment, origin } => {
                self.card()?;
                if self.seated.contains(&student) {
                    return Ok(vec![]);
                }
                let ended = self.wish(student).map(|wish| wish.ends(stream, LineEnd::Seated));
                let seated = StreamEvent::SeatImported { stream, student, enrollment, origin };
                ended.into_iter().chain([seated]).collect()
            }
            StreamCommand::JoinLine {
                stream,
                student,
                enrollment,
                standing,
                rules,
                regulation,
                at,
            } => {
                let now = self.with_due_offers(stream, at);
                let who = (stream, student, enrollment);
                let joined = now.state.join_line(who, standing, (rules, regulation), at)?;
                now.offers.into_iter().chain(joined).collect()
            }
            StreamCommand::AcceptSeat { stream, student, enrollment, at } => {
                self.accept_seat(stream, student, enrollment, at)?
            }
            StreamCommand::DeclineSeat { stream, student, at } => {
                self.decline_seat(stream, student, at)?
            }
            StreamCommand::LeaveLine { stream, student, at } => {
                self.leave_line(stream, student, at)?
            }
            StreamCommand::LapseOffer { stream, student, at } => {
                self.lapse_offer(stream, student, at)
            }
            StreamCommand::ForgetWish { stream, enrollment, why, at } => {
                self.forget_wish(stream, enrollment, why, at)
            }
            StreamCommand::List { stream, subject } => {
                let card = self.card()?;
                if card.subject == subject || self.listed.contains(&subject) {
                    return Err(StreamError::ListedAlready);
                }
                vec![StreamEvent::Listed { stream, subject, term: card.term }]
            }
            StreamCommand::ChangePlace { stream, rooms, link } => {
                self.change_place(stream, rooms, link)?
            }
            StreamCommand::ChangeMeetings { stream, meetings, told } => {
                self.change_meetings(stream, meetings, &told)?
            }
            StreamCommand::MustMeet { meetings, .. } => {
                let same = same_times(&self.card()?.meetings, &meetings);
                return if same { Ok(vec![]) } else { Err(StreamError::MeetingsChanged) };
            }
            StreamCommand::ScheduleSitting { stream, sitting, about, times, at } => {
                self.schedule_sitting((stream, sitting), about, times, at)?
            }
            StreamCommand::RescheduleSitting { stream, sitting, about, times, at } => {
                self.must_have(sitting)?;
                self.schedule_sitting((stream, sitting), about, times, at)?
            }
            StreamCommand::CancelSitting { stream, sitting } => {
                self.cancel_sitting(stream, sitting)?
            }
            StreamCommand::ReserveSeats { stream, reservation, at } => {
                self.reserve_seats(stream, reservation, at)?
            }
            StreamCommand::EndReservation { stream, of, at } => {
                self.end_reservation(stream, of, at)
            }
            StreamCommand::ChangeLimit { stream, limit, leaving, at } => {
                self.change_limit(stream, limit, leaving, at)?
            }
            StreamCommand::Close { stream, leaving } => self.close(stream, leaving)?,
        })
    }

    fn evolve(&mut self, event: StreamEvent) {
        follow_reserved(&mut self.reserved, &mut self.on_reserved, &event);
        match event {
            StreamEvent::Opened { card, .. } => self.card = Some(card),
            StreamEvent::Imported { mut card, said, .. } => {
                self.said = Some(said.unwrap_or_else(|| Box::new(card.clone())));
                // A teacher who came later, by a row of their own, stays.
                let before = self.card.take().map(|card| card.teachers).unwrap_or_default();
                for teacher in before {
                    card.add_teacher(teacher);
                }
                self.card = Some(card);
            }
            StreamEvent::TeacherAssigned { teacher, .. } => {
                if let Some(card) = &mut self.card {
                    card.add_teacher(teacher);
                }
            }
            StreamEvent::SeatTaken { student, .. } | StreamEvent::SeatImported { student, .. } => {
                self.lapsed.remove(&student);
                self.seated.insert(student);
            }
            StreamEvent::SeatReleased { student, .. } => {
                self.seated.remove(&student);
            }
            StreamEvent::LimitChanged { limit, .. } => {
                if let Some(card) = &mut self.card {
                    card.limit = limit;
                }
            }
            StreamEvent::Closed { .. } => self.closed = true,
            StreamEvent::Listed { subject, .. } => {
                self.listed.insert(subject);
            }
            StreamEvent::PlaceChanged { rooms, link, .. } => {
                self.link = link;
                if let Some(card) = &mut self.card {
                    card.move_to(&rooms);
                }
            }
            StreamEvent::MeetingsChanged { meetings, .. } => {
                if let Some(card) = &mut self.card {
                    card.meetings = meetings;
                }
            }
            StreamEvent::SittingScheduled { sitting, about, .. } => {
                self.sittings.insert(sitting, about);
            }
            StreamEvent::SittingCancelled { sitting, .. } => {
                self.sittings.remove(&sitting);
            }
            StreamEvent::SeatsReserved { .. }
            | StreamEvent::ReservationEnded { .. }
            | StreamEvent::ReservedSeatUsed { .. } => {}
            StreamEvent::LineJoined { .. }
            | StreamEvent::SeatOffered { .. }
            | StreamEvent::OfferWithdrawn { .. }
            | StreamEvent::LineLeft { .. } => self.evolve_line(event),
        }
    }

    fn change_place(
        &self,
        stream: StreamId,
        rooms: Vec<Option<Text>>,
        link: Option<Text>,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        let mut moved = self.card()?.clone();
        must_lead_to_the_web(link.as_ref())?;
        if !rooms.is_empty() && rooms.len() != moved.meetings.len() {
            let (meetings, rooms) = (moved.meetings.len(), rooms.len());
            return Err(StreamError::RoomsMiscounted { meetings, rooms });
        }
        moved.move_to(&rooms);
        let same = self.link == link && self.card.as_ref() == Some(&moved);
        let changed = StreamEvent::PlaceChanged { stream, rooms, link };
        Ok((!same).then_some(changed).into_iter().collect())
    }

    fn change_meetings(
        &self,
        stream: StreamId,
        meetings: Vec<Meeting>,
        told: &BTreeSet<PersonId>,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        let now = &self.card()?.meetings;
        must_be_sound(&meetings)?;
        if self.seated != *told {
            return Err(StreamError::SeatsChanged);
        }
        if meetings.is_empty() && !now.is_empty() && !self.seated.is_empty() {
            return Err(StreamError::MeetingsMissing { taken: self.taken() });
        }
        let same = *now == meetings;
        let changed = StreamEvent::MeetingsChanged { stream, meetings };
        Ok((!same).then_some(changed).into_iter().collect())
    }

    fn card(&self) -> Result<&StreamCard, StreamError> {
        let card = self.card.as_ref().ok_or(StreamError::Unknown)?;
        if self.closed { Err(StreamError::Closed) } else { Ok(card) }
    }
}

/// Whether both are at the same times, whatever their rooms.
fn same_times(some: &[Meeting], others: &[Meeting]) -> bool {
    times(some).eq(times(others))
}

fn times(meetings: &[Meeting]) -> impl Iterator<Item = (Weekday, TimeOfDay, TimeOfDay, &Weeks)> {
    meetings.iter().map(|meeting| {
        let Meeting { weekday, starts_at, ends_at, weeks, .. } = meeting;
        (*weekday, *starts_at, *ends_at, weeks)
    })
}

fn must_lead_to_the_web(link: Option<&Text>) -> Result<(), StreamError> {
    match link.filter(|link| !link.leads_to_the_web()) {
        Some(address) => Err(StreamError::LinkUnfit { address: address.clone() }),
        None => Ok(()),
    }
}

fn must_be_sound(meetings: &[Meeting]) -> Result<(), StreamError> {
    let reversed = meetings.iter().find(|meeting| meeting.ends_at <= meeting.starts_at);
    if let Some(meeting) = reversed {
        let Meeting { starts_at, ends_at, .. } = *meeting;
        return Err(StreamError::MeetingEndsBeforeItStarts { starts_at, ends_at });
    }
    let mut pairs = (1..)
        .zip(meetings)
        .flat_map(|(next, one)| meetings.iter().skip(next).filter_map(|other| one.overlap(other)));
    match pairs.next() {
        Some(Meeting { weekday, starts_at: from, ends_at: to, weeks, .. }) => {
            Err(StreamError::MeetingsOverlap { weekday, from, to, weeks })
        }
        None => Ok(()),
    }
}
