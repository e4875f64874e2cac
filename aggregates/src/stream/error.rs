//! Why a stream does not do what was asked.

use jiff::Timestamp;

use super::Kept;
use crate::shared::{Text, TimeOfDay, Weekday, Weeks};

refusals! {
    /// Why a stream does not do what was asked.
    pub enum StreamError {
        /// There is no such stream.
        Unknown = "STREAM_UNKNOWN", "manual 2.4.1", at "streamId";
        /// The stream is open already.
        Exists = "STREAM_EXISTS", "manual 2.4.1";
        /// Another stream of the subject's component has this name in the term.
        GroupTaken { component: Text, group: Text } = "STREAM_GROUP_TAKEN", "manual 2.4.1", at "group";
        /// All seats are taken.
        Full { limit: u32, taken: u32 } = "STREAM_FULL", "manual 2.4.1", at "streamId";
        /// The student has a seat in this stream already.
        SeatHeld = "SEAT_HELD", "manual 2.4.1", at "streamId";
        /// The student has no seat in this stream.
        NoSeat = "NO_SEAT", "manual 2.4.1", at "streamId";
        /// The stream is listed under this subject already.
        ListedAlready = "STREAM_LISTED_ALREADY", "manual 2.4.1", at "subjectId";
        /// A room is stated for each meeting, or none.
        RoomsMiscounted { meetings: usize, rooms: usize }
            = "ROOMS_MISCOUNTED", "manual 2.4", at "rooms";
        /// The seats that are left are held for those who wait for one.
        SeatsHeld { held: u32, waiting: u32 } = "SEATS_HELD", "manual 2.4.1", at "streamId";
        /// The seats that are free are kept for others until a time.
        SeatsReserved { free: u32, kept: Kept } = "SEATS_RESERVED", "manual 2.4.1", at "streamId";
        /// A stream without a limit has no seats to keep.
        NoLimit = "STREAM_WITHOUT_LIMIT", "manual 2.4.1", at "streamId";
        /// Seats are kept for some: what is for everybody is kept from nobody.
        ReservedForAll = "RESERVED_FOR_ALL", "manual 2.4.1", at "programmeCode";
        /// More seats would be kept than there are.
        ReservedBeyondLimit { reserved: u32, limit: u32 }
            = "RESERVED_BEYOND_LIMIT", "manual 2.4.1", at "seats";
        /// The time until which seats are to be kept is over.
        ReservedUntilPast { until: Timestamp } = "RESERVED_UNTIL_PAST", "manual 2.4.1", at "until";
        /// More seats are taken and held than there would be: who leaves has to be named.
        LimitBelowSeats { limit: u32, taken: u32, held: u32 }
            = "LIMIT_BELOW_SEATS", "manual 2.4.1", at "limit";
        /// Fewer seats would be left than are kept for some.
        LimitBelowReserved { limit: u32, taken: u32, held: u32, reserved: u32 }
            = "LIMIT_BELOW_RESERVED", "manual 2.4.1", at "limit";
        /// Somebody behind in the line would keep a seat that could be held for who gives theirs up: name them first.
        LinePassed = "LINE_PASSED", "manual 2.4.1", at "leaving";
        /// More are named than do not fit any more.
        LeavingNeedless { named: u32, needed: u32, taken: u32, held: u32, reserved: u32 }
            = "LEAVING_NEEDLESS", "manual 2.4.1", at "leaving";
        /// Students have seats in the stream, or seats are held for them: who leaves has to be named.
        SeatsTaken { taken: u32, held: u32 } = "SEATS_TAKEN", "manual 2.4.1", at "leaving";
        /// The stream was closed.
        Closed = "STREAM_CLOSED", "manual 2.4.1", at "streamId";
        /// The student waits for a seat in this stream already.
        WaitingAlready = "WAITING_ALREADY", "manual 2.4.1", at "streamId";
        /// A seat is free: it can be taken at once.
        SeatFree = "SEAT_FREE", "manual 2.4.1", at "streamId";
        /// The student does not wait for a seat in this stream.
        NotWaiting = "NOT_WAITING", "manual 2.4.1", at "streamId";
        /// No seat is held for the student yet.
        NotOffered = "SEAT_NOT_OFFERED", "manual 2.4.1", at "streamId";
        /// The seat was held for the student until a time that is over.
        OfferLapsed { until: Timestamp } = "OFFER_LAPSED", "manual 2.4.1", at "streamId";
        /// A meeting ends after it starts.
        MeetingEndsBeforeItStarts { starts_at: TimeOfDay, ends_at: TimeOfDay }
            = "MEETING_ENDS_BEFORE_IT_STARTS", "manual 2.4", at "meetings";
        /// Two meetings of the stream would be at the same time.
        MeetingsOverlap { weekday: Weekday, from: TimeOfDay, to: TimeOfDay, weeks: Weeks }
            = "MEETINGS_OVERLAP", "manual 2.4", at "meetings";
        /// The term has no week of a number in which a meeting would be.
        WeekOutOfRange { week: usize, weeks: i32 }
            = "MEETING_WEEK_OUT_OF_RANGE", "manual 2.4", at "meetings";
        /// A stream in which students are is not left without meetings.
        MeetingsMissing { taken: u32 } = "MEETINGS_MISSING", "manual 2.4", at "meetings";
        /// The stream meets at other times by now: look again.
        MeetingsChanged = "MEETINGS_CHANGED", "manual 2.4", at "streamId";
        /// Others have seats by now than those whose timetables would follow: look again.
        SeatsChanged = "SEATS_CHANGED", "manual 2.4", at "streamId";
        /// A sitting is over before it begins.
        SittingIsEmpty { starts_at: Timestamp, ends_at: Timestamp }
            = "SITTING_IS_EMPTY", "manual 2.4.2", at "endsAt";
        /// A sitting lasts longer than a day of exams does.
        SittingTooLong { starts_at: Timestamp, ends_at: Timestamp, most_hours: i64 }
            = "SITTING_TOO_LONG", "manual 2.4.2", at "endsAt";
        /// A sitting lies within the term, or the exams that follow it.
        SittingOutsideTerm {
            starts_at: Timestamp, ends_at: Timestamp, opens_at: Timestamp, closes_at: Timestamp,
        } = "SITTING_OUTSIDE_TERM", "manual 2.4.2", at "startsAt";
        /// An exam lies within a period of exams, where the calendar has one for the term.
        ExamOutsideExams {
            starts_at: Timestamp, ends_at: Timestamp, opens_at: Timestamp, closes_at: Timestamp,
        } = "EXAM_OUTSIDE_EXAMS", "manual 2.4.2", at "startsAt";
        /// A sitting would be in the past: nobody could come.
        SittingInThePast { starts_at: Timestamp, ends_at: Timestamp, now: Timestamp }
            = "SITTING_IN_THE_PAST", "manual 2.4.2", at "startsAt";
        /// The address of an online class leads to no place on the web.
        LinkUnfit { address: Text } = "ONLINE_LINK_UNFIT", "manual 2.4", at "onlineLink";
        /// The stream has as many sittings as it may have.
        SittingsTooMany { most: usize } = "SITTINGS_TOO_MANY", "manual 2.4.2";
        /// The stream has no such sitting.
        SittingUnknown = "SITTING_UNKNOWN", "manual 2.4.2", at "sittingId";
    }
}
