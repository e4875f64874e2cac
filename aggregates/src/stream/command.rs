//! What may be asked of a stream.

use super::StreamCard;
use crate::shared::{EnrollmentId, Origin, PersonId, StreamId};

/// What may be asked of a stream.
#[derive(Debug, Clone, strum::IntoStaticStr)]
#[allow(
    missing_docs,
    reason = "`stream` is the stream, `student` whose seat it is, `enrollment` for what"
)]
pub enum StreamCommand {
    /// Open it.
    Open {
        stream: StreamId,
        /// What it is.
        card: StreamCard,
    },
    /// Take it over from another system; the same card again changes nothing.
    Import {
        stream: StreamId,
        /// What it is.
        card: StreamCard,
        /// Where it comes from.
        origin: Origin,
    },
    /// Add a teacher.
    AssignTeacher {
        stream: StreamId,
        /// Who teaches.
        teacher: PersonId,
    },
    /// Take a seat.
    TakeSeat { stream: StreamId, student: PersonId, enrollment: EnrollmentId },
    /// Give a seat up.
    ReleaseSeat { stream: StreamId, student: PersonId },
    /// Take a seat over from another system, whatever the limit; one that is held stays.
    ImportSeat {
        stream: StreamId,
        student: PersonId,
        enrollment: EnrollmentId,
        /// Where it comes from.
        origin: Origin,
    },
}
