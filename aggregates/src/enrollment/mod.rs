//! Enrollment: one student's registration for one subject in one term, with its streams, marks and
//! final grade.
//!
//! Invariants: one registration a student, subject and term; what speaks against one is met, or overridden by name
//! and on record; one stream of each component, all of
//! one configuration; marks are added, never overwritten; the exam's mark and the final grade are
//! one act; a grade changes only by a retake after FX or by a correction with a reason, and the
//! grade before stays in the log.
//!
//! ```text
//! (nothing) --Register--> registered --exam--> graded: passed | retake | failed
//!      ^                     |  |                             |
//!      |-- Register again    |  |-- not admitted --> failed   |-- retake --> passed | failed
//!      \------- Drop --------/                   graded --CorrectGrade--> graded
//! ```

mod command;
mod error;
mod event;
mod grading;
mod registering;
mod streams;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use command::{Choice, EnrollmentCommand, InForce, NewMark, Registration};
pub use error::EnrollmentError;
pub use event::{
    AttendanceKind, EnrollmentEvent, Ids, Mark, Ratings, StreamSeat, SubjectStatus, Taken,
};
pub use streams::{StreamNames, Wanted};

use crate::shared::{Grade, StreamId};

/// One registration.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Enrollment {
    taken: Option<Taken>,
    dropped: bool,
    streams: BTreeMap<StreamId, StreamSeat>,
    /// The streams whose lines were joined, whether they are waited in still or not.
    lines: BTreeSet<StreamId>,
    marks: Vec<Mark>,
    grade: Option<Grade>,
}

aggregate!(Enrollment, "Enrollment", EnrollmentCommand, EnrollmentEvent, EnrollmentError, format 2);

impl Enrollment {
    fn decide(&self, command: EnrollmentCommand) -> Result<Vec<EnrollmentEvent>, EnrollmentError> {
        use EnrollmentCommand as Command;
        match command {
            Command::Register { registration } => self.register(*registration),
            Command::Drop { streams, lines } => {
                let taken = self.open()?;
                if let Some(mark) = self.marks.first() {
                    return Err(EnrollmentError::HasMarks { first: mark.kind.name() });
                }
                if !self.streams.keys().eq(&streams) || self.lines != lines {
                    return Err(EnrollmentError::StreamsChanged);
                }
                let streams = streams.into_iter().collect();
                Ok(vec![EnrollmentEvent::Dropped { taken: taken.into(), streams }])
            }
            Command::ChooseStreams { choices, leaves, names } => {
                self.choose_streams(choices, &leaves, &names)
            }
            Command::WaitForStream { seat } => {
                let taken = self.must_fit(&seat)?.into();
                Ok(vec![EnrollmentEvent::LineJoined { taken, stream: seat.stream }])
            }
            Command::LeaveStream { stream, names, because } => {
                self.leave_stream(stream, &names, because)
            }
            Command::RecordMark { mark, today, rules } => self.record_mark(mark, today, &rules),
            Command::RecordAttendance { stream, day, attendance, today } => {
                let taken = self.open()?;
                if day > today {
                    return Err(EnrollmentError::DayInFuture { day, today });
                }
                if !self.streams.contains_key(&stream) {
                    return Err(EnrollmentError::StreamNotHeld);
                }
                let taken = taken.into();
                Ok(vec![EnrollmentEvent::AttendanceRecorded { taken, stream, day, attendance }])
            }
            Command::GradeNotAdmitted { rules } => self.grade_not_admitted(&rules),
            Command::CorrectGrade { percent, reason, by, rules } => {
                self.correct_grade(percent, reason, by, &rules)
            }
            Command::GradeOutside { letter, word, rules } => {
                self.open()?;
                self.grade_outside(&letter, word.as_deref(), &rules, None)
            }
            Command::Import { taken, stream, origin } => Ok(self.import(taken, stream, origin)),
            Command::ImportMark { mark, origin } => self.import_mark(mark, origin),
            Command::ImportResult { letter, word, rules, origin } => {
                self.grade_outside(&letter, word.as_deref(), &rules, Some(origin))
            }
        }
    }

    fn evolve(&mut self, event: EnrollmentEvent) {
        match event {
            EnrollmentEvent::Registered { taken, .. } => {
                *self = Self { taken: Some(taken), ..Self::default() };
            }
            EnrollmentEvent::Imported { taken, .. } => {
                self.taken = Some(taken);
                self.dropped = false;
            }
            EnrollmentEvent::Dropped { .. } => {
                self.dropped = true;
                self.streams.clear();
                self.lines.clear();
            }
            EnrollmentEvent::StreamChosen { seat, gives_up, .. } => {
                if let Some(old) = gives_up {
                    self.streams.remove(&old);
                }
                self.lines.remove(&seat.stream);
                self.streams.insert(seat.stream, seat);
            }
            EnrollmentEvent::StreamLeft { stream, .. } => {
                self.streams.remove(&stream);
            }
            EnrollmentEvent::LineJoined { stream, .. } => {
                self.lines.insert(stream);
            }
            EnrollmentEvent::MarkRecorded { mark, .. } => self.marks.push(mark),
            EnrollmentEvent::MarkImported { mark, .. } => {
                self.marks.retain(|known| known.id != mark.id);
                self.marks.push(mark);
            }
            EnrollmentEvent::Overridden { .. } | EnrollmentEvent::AttendanceRecorded { .. } => {}
            EnrollmentEvent::Graded { grade, .. }
            | EnrollmentEvent::GradeCorrected { grade, .. }
            | EnrollmentEvent::ResultImported { grade, .. } => self.grade = Some(grade),
        }
    }

    fn import(
        &self,
        taken: Taken,
        seat: Option<StreamSeat>,
        origin: crate::shared::Origin,
    ) -> Vec<EnrollmentEvent> {
        let known = self.taken.as_ref() == Some(&taken) && !self.dropped;
        let about = (&taken).into();
        let imported = EnrollmentEvent::Imported { taken, origin };
        let chosen = seat
            .filter(|seat| !self.streams.contains_key(&seat.stream))
            .map(|seat| EnrollmentEvent::StreamChosen { taken: about, seat, gives_up: None });
        (!known).then_some(imported).into_iter().chain(chosen).collect()
    }

    /// The registration, where it is neither dropped nor missing.
    fn taken(&self) -> Result<&Taken, EnrollmentError> {
        match &self.taken {
            Some(taken) if !self.dropped => Ok(taken),
            Some(_) => Err(EnrollmentError::Dropped),
            None => Err(EnrollmentError::Unknown),
        }
    }

    /// The registration, where it has no final grade yet.
    fn open(&self) -> Result<&Taken, EnrollmentError> {
        let taken = self.taken()?;
        match &self.grade {
            None => Ok(taken),
            Some(grade) => Err(EnrollmentError::Graded { grade: grade.letter.clone() }),
        }
    }
}
