//! What may be asked of a stream.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Leaving, LineEnd, Reservation, Sitting, SittingTimes, Standing, StreamCard};
use crate::shared::{
    EnrollmentId, Meeting, Origin, PersonId, SittingId, StreamId, SubjectId, Text, WaitingRules,
};

/// What may be asked of a stream.
#[derive(Debug, Clone, strum::IntoStaticStr)]
#[allow(
    missing_docs,
    reason = "`stream` is the stream, `student` whose seat it is, `enrollment` for what, `at` now"
)]
pub enum StreamCommand {
    /// Open it.
    Open {
        stream: StreamId,
        /// What it is.
        card: StreamCard,
    },
    /// Take it over from another system: what is said there otherwise than the last time.
    Import {
        stream: StreamId,
        /// What is said of it.
        card: StreamCard,
        /// Whose timetables follow it where its times change: all who have a seat.
        told: BTreeSet<PersonId>,
        /// Where it comes from.
        origin: Origin,
        at: Timestamp,
    },
    /// Add a teacher.
    AssignTeacher {
        stream: StreamId,
        /// Who teaches.
        teacher: PersonId,
    },
    /// Take a seat that is free, or held for the student.
    TakeSeat {
        stream: StreamId,
        student: PersonId,
        enrollment: EnrollmentId,
        /// Of which programme and year the student is.
        standing: Standing,
        at: Timestamp,
    },
    /// Give a seat up.
    ReleaseSeat { stream: StreamId, student: PersonId, at: Timestamp },
    /// Take a seat over from another system, whatever the limit; one that is held stays.
    ImportSeat {
        stream: StreamId,
        student: PersonId,
        enrollment: EnrollmentId,
        /// Where it comes from.
        origin: Origin,
    },
    /// Wait for a seat.
    JoinLine {
        stream: StreamId,
        student: PersonId,
        enrollment: EnrollmentId,
        /// Of which programme and year the student is.
        standing: Standing,
        /// How long an offer is to hold.
        rules: WaitingRules,
        /// The version of the regulation that says so.
        regulation: String,
        at: Timestamp,
    },
    /// Take the seat that is held for the student.
    AcceptSeat { stream: StreamId, student: PersonId, enrollment: EnrollmentId, at: Timestamp },
    /// Leave the seat that is held for the student to the next in line.
    DeclineSeat { stream: StreamId, student: PersonId, at: Timestamp },
    /// Wait no longer.
    LeaveLine { stream: StreamId, student: PersonId, at: Timestamp },
    /// The time of an offer has come.
    LapseOffer { stream: StreamId, student: PersonId, at: Timestamp },
    /// A registration waits no longer.
    ForgetWish {
        stream: StreamId,
        /// Which.
        enrollment: EnrollmentId,
        /// Why.
        why: LineEnd,
        at: Timestamp,
    },
    /// List it under one more subject, whose students share its seats.
    List {
        stream: StreamId,
        /// The subject.
        subject: SubjectId,
    },
    /// Say where it meets: what may change without a change of its times.
    ChangePlace {
        stream: StreamId,
        /// The room of each meeting, in their order.
        rooms: Vec<Option<Text>>,
        /// The address of the online class.
        link: Option<Text>,
    },
    /// Meet at other times.
    ChangeMeetings {
        stream: StreamId,
        /// When and where.
        meetings: Vec<Meeting>,
        /// Whose timetables follow it: all who have a seat.
        told: BTreeSet<PersonId>,
    },
    /// Meet at these times, as whoever chooses it by them knows: else the choice is to be made anew.
    MustMeet {
        stream: StreamId,
        /// When it meets; where, does not matter.
        meetings: Vec<Meeting>,
    },
    /// Schedule a sitting.
    ScheduleSitting {
        stream: StreamId,
        /// Its id.
        sitting: SittingId,
        /// All that is said of it.
        about: Sitting,
        /// When sittings may be.
        times: SittingTimes,
        at: Timestamp,
    },
    /// Say anew when and where a sitting is.
    RescheduleSitting {
        stream: StreamId,
        /// Its id.
        sitting: SittingId,
        /// All that is said of it.
        about: Sitting,
        /// When sittings may be.
        times: SittingTimes,
        at: Timestamp,
    },
    /// Cancel a sitting.
    CancelSitting {
        stream: StreamId,
        /// Its id.
        sitting: SittingId,
    },
    /// Keep seats for some until a time, in place of those that were kept for them; none, to keep none.
    ReserveSeats {
        stream: StreamId,
        /// For whom, how many, until when.
        reservation: Reservation,
        at: Timestamp,
    },
    /// The time of a reservation has come.
    EndReservation {
        stream: StreamId,
        /// For whom it was.
        of: Standing,
        at: Timestamp,
    },
    /// Have another number of seats, or no limit. Below those that are taken and held it is said who gives up theirs,
    /// and of nobody who need not. For whom a seat is held waits again, in their place of the line; nobody behind them
    /// keeps one that could be theirs, so that nobody passes the line.
    ChangeLimit {
        stream: StreamId,
        /// The most seats.
        limit: Option<u32>,
        /// Who gives up what, and why.
        leaving: Vec<Leaving>,
        at: Timestamp,
    },
    /// Close it: nobody has a seat any more, nobody waits.
    Close {
        stream: StreamId,
        /// Who gives up what, and why: all who have a seat, or one that is held for them.
        leaving: Vec<Leaving>,
    },
}
