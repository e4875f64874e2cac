//! Why a stream does not do what was asked.

use crate::shared::TimeOfDay;

refusals! {
    /// Why a stream does not do what was asked.
    pub enum StreamError {
        /// There is no such stream.
        Unknown = "STREAM_UNKNOWN", "manual 2.4.1", at "streamId";
        /// The stream is open already.
        Exists = "STREAM_EXISTS", "manual 2.4.1";
        /// All seats are taken.
        Full { limit: u32, taken: u32 } = "STREAM_FULL", "manual 2.4.1", at "streamId";
        /// The student has a seat in this stream already.
        SeatHeld = "SEAT_HELD", "manual 2.4.1", at "streamId";
        /// The student has no seat in this stream.
        NoSeat = "NO_SEAT", "manual 2.4.1", at "streamId";
        /// A meeting ends after it starts.
        MeetingEndsBeforeItStarts { starts_at: TimeOfDay, ends_at: TimeOfDay }
            = "MEETING_ENDS_BEFORE_IT_STARTS", "manual 2.4", at "meetings";
    }
}
