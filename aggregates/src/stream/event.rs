//! What can have happened to a stream.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Reservation, Sitting, SittingTimes, Standing, StreamError};
use crate::shared::{
    EnrollmentId, Meeting, Origin, PersonId, SittingId, StreamId, SubjectId, TermId, Text, TextRef,
    WaitingRules,
};

/// The kind of classes of a stream (manual 2.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamKind {
    /// Lectures.
    Lecture,
    /// Practice classes.
    Practice,
    /// Laboratories.
    Laboratory,
    /// Classes of no stated kind.
    Class,
}

named! {
    /// Why somebody waits for a seat no longer.
    pub enum LineEnd {
        /// They have the seat.
        Seated = "seated",
        /// They left the line.
        Withdrew = "withdrew",
        /// They declined the seat that was held for them.
        Declined = "declined",
        /// The seat was held for them as long as it is held, and they did not take it.
        Lapsed = "lapsed",
        /// Their registration was given up.
        Dropped = "dropped",
        /// The stream was closed.
        Closed = "closed",
        /// They study no longer, or are on leave.
        NotStudying = "not_studying",
    }
}

/// What a stream is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamCard {
    /// The subject taught.
    pub subject: SubjectId,
    /// The term.
    pub term: TermId,
    /// The kind of its classes.
    pub kind: StreamKind,
    /// Which way of taking the subject it belongs to: a student takes all of one.
    pub configuration: Text,
    /// Which part of that way it is: a student takes one stream of each.
    pub component: Text,
    /// The group's name.
    pub group: Text,
    /// The stream without which this one can't be taken.
    pub parent: Option<StreamId>,
    /// The most seats; none where there is no limit.
    pub limit: Option<u32>,
    /// When and where it meets.
    pub meetings: Vec<Meeting>,
    /// Who teaches.
    pub teachers: Vec<PersonId>,
}

impl StreamCard {
    /// By what the streams of a subject in a term are told apart, whatever is written in capitals: component and group.
    pub fn name_key(&self) -> String {
        format!("{}\u{1f}{}", self.component, self.group).to_lowercase()
    }

    /// Why another one is not opened as this one.
    pub(super) fn opened_already(&self, other: &Self) -> StreamError {
        let of = |card: &Self| (card.subject, card.term, card.name_key());
        match of(self) == of(other) {
            true => {
                let (component, group) = (other.component.clone(), other.group.clone());
                StreamError::GroupTaken { component, group }
            }
            false => StreamError::Exists,
        }
    }

    /// Adds a teacher who is not there yet.
    pub fn add_teacher(&mut self, teacher: PersonId) {
        if !self.teachers.contains(&teacher) {
            self.teachers.push(teacher);
        }
    }

    /// Moves its meetings to other rooms.
    pub fn move_to(&mut self, rooms: &[Option<Text>]) {
        for (meeting, room) in self.meetings.iter_mut().zip(rooms) {
            meeting.room = room.as_ref().map(ToString::to_string);
        }
    }

    /// Whether `other` says nothing that is not said here: teachers may have been added since.
    pub fn covers(&self, other: &Self) -> bool {
        let mut other = other.clone();
        let known = other.teachers.iter().all(|teacher| self.teachers.contains(teacher));
        other.teachers.clone_from(&self.teachers);
        known && *self == other
    }
}

events! {
    /// What can have happened to a stream.
    #[allow(missing_docs, reason = "`stream` is the stream, `student` whose seat it is, `enrollment` for what")]
    pub enum StreamEvent, prefix "Stream" {
        /// It was opened.
        Opened {
            stream: StreamId,
            /// What it is.
            card: StreamCard,
        },
        /// It was taken over, or changed, from another system.
        Imported = "2" {
            stream: StreamId,
            /// What it is.
            card: StreamCard,
            /// What was said of it there, where that is not what it is: it was changed here.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            said: Option<Box<StreamCard>>,
            /// Where it comes from.
            origin: Origin,
        },
        /// A teacher was added.
        TeacherAssigned {
            stream: StreamId,
            /// Who teaches.
            teacher: PersonId,
        },
        /// A seat was taken.
        SeatTaken {
            stream: StreamId,
            student: PersonId,
            enrollment: EnrollmentId,
        },
        /// A seat was given up.
        SeatReleased {
            stream: StreamId,
            student: PersonId,
            /// Why, where a registrar decided so.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            because: Option<TextRef>,
        },
        /// A seat was taken over from another system.
        SeatImported {
            stream: StreamId,
            student: PersonId,
            enrollment: EnrollmentId,
            /// Where it comes from.
            origin: Origin,
        },
        /// Somebody began to wait for a seat, behind all who wait already.
        LineJoined {
            stream: StreamId,
            student: PersonId,
            enrollment: EnrollmentId,
            /// Of which programme and year the student is.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            standing: Option<Standing>,
            /// How long an offer holds.
            rules: WaitingRules,
            /// The version of the regulation that says so.
            regulation: String,
        },
        /// A free seat is held for the first in line.
        SeatOffered {
            stream: StreamId,
            student: PersonId,
            enrollment: EnrollmentId,
            /// Until when.
            until: Timestamp,
        },
        /// A seat is held for somebody no longer, because a registrar decided so: they wait again, in their place of the line.
        OfferWithdrawn {
            stream: StreamId,
            student: PersonId,
            enrollment: EnrollmentId,
            /// Why.
            because: TextRef,
        },
        /// Somebody waits no longer.
        LineLeft = "2" {
            stream: StreamId,
            student: PersonId,
            enrollment: EnrollmentId,
            /// Whether a seat was held for them.
            offered: bool,
            /// Why.
            why: LineEnd,
        },
        /// It is listed under one more subject, whose students share its seats.
        Listed {
            stream: StreamId,
            /// The subject.
            subject: SubjectId,
            /// The term, which is its own.
            term: TermId,
        },
        /// It meets elsewhere.
        PlaceChanged {
            stream: StreamId,
            /// The room of each meeting, in their order.
            rooms: Vec<Option<Text>>,
            /// The address of the online class.
            link: Option<Text>,
        },
        /// It meets at other times from now on.
        MeetingsChanged {
            stream: StreamId,
            /// When and where.
            meetings: Vec<Meeting>,
        },
        /// A sitting was scheduled, or is otherwise from now on.
        SittingScheduled {
            stream: StreamId,
            /// Its id.
            sitting: SittingId,
            /// All that is said of it.
            about: Sitting,
            /// What the calendar said of the times of sittings.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            times: Option<Box<SittingTimes>>,
        },
        /// A sitting does not take place.
        SittingCancelled {
            stream: StreamId,
            /// Its id.
            sitting: SittingId,
        },
        /// Seats are kept for some until a time.
        SeatsReserved {
            stream: StreamId,
            /// For whom, how many, until when.
            reservation: Reservation,
        },
        /// Seats are kept for them no longer.
        ReservationEnded {
            stream: StreamId,
            /// For whom they were.
            of: Standing,
        },
        /// The seat that a student has taken, or is offered, is one of those that are kept.
        ReservedSeatUsed {
            stream: StreamId,
            student: PersonId,
            /// For whom it was kept.
            of: Standing,
        },
        /// It has another number of seats.
        LimitChanged {
            stream: StreamId,
            /// The most seats; none where there is no limit.
            limit: Option<u32>,
        },
        /// It was closed.
        Closed { stream: StreamId },
    }
}

impl StreamEvent {
    /// The student whose seat it is about.
    pub fn student(&self) -> Option<PersonId> {
        match self {
            Self::SeatTaken { student, .. }
            | Self::SeatReleased { student, .. }
            | Self::SeatImported { student, .. }
            | Self::LineJoined { student, .. }
            | Self::SeatOffered { student, .. }
            | Self::OfferWithdrawn { student, .. }
            | Self::LineLeft { student, .. }
            | Self::ReservedSeatUsed { student, .. } => Some(*student),
            _ => None,
        }
    }

    /// The stream it is about.
    pub fn stream(&self) -> StreamId {
        match self {
            Self::Opened { stream, .. }
            | Self::Imported { stream, .. }
            | Self::TeacherAssigned { stream, .. }
            | Self::SeatTaken { stream, .. }
            | Self::SeatReleased { stream, .. }
            | Self::SeatImported { stream, .. }
            | Self::LineJoined { stream, .. }
            | Self::SeatOffered { stream, .. }
            | Self::OfferWithdrawn { stream, .. }
            | Self::LineLeft { stream, .. }
            | Self::Listed { stream, .. }
            | Self::PlaceChanged { stream, .. }
            | Self::MeetingsChanged { stream, .. }
            | Self::SittingScheduled { stream, .. }
            | Self::SittingCancelled { stream, .. }
            | Self::SeatsReserved { stream, .. }
            | Self::ReservationEnded { stream, .. }
            | Self::ReservedSeatUsed { stream, .. }
            | Self::LimitChanged { stream, .. }
            | Self::Closed { stream } => *stream,
        }
    }
}
