//! Stream: a group a subject is taught in, with its seats and its timetable.
//!
//! Invariants: never more seats taken than the limit, imported ones aside; one student, one seat.
//!
//! ```text
//! (nothing) --Open--> open --TakeSeat, ReleaseSeat, AssignTeacher--> open
//! ```

mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use command::StreamCommand;
pub use error::StreamError;
pub use event::{StreamCard, StreamEvent, StreamKind};

use crate::shared::PersonId;

/// A group a subject is taught in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stream {
    card: Option<StreamCard>,
    seated: BTreeSet<PersonId>,
}

aggregate!(Stream, "Stream", StreamCommand, StreamEvent, StreamError);

impl Stream {
    fn decide(&self, command: StreamCommand) -> Result<Vec<StreamEvent>, StreamError> {
        Ok(match command {
            StreamCommand::Open { stream, card } => {
                if self.card.is_some() {
                    return Err(StreamError::Exists);
                }
                must_be_sound(&card)?;
                vec![StreamEvent::Opened { stream, card }]
            }
            StreamCommand::Import { stream, card, origin } => {
                must_be_sound(&card)?;
                match &self.card {
                    Some(now) if now.covers(&card) => vec![],
                    _ => vec![StreamEvent::Imported { stream, card, origin }],
                }
            }
            StreamCommand::AssignTeacher { stream, teacher } => {
                let card = self.card()?;
                let known = card.teachers.contains(&teacher);
                let assigned = StreamEvent::TeacherAssigned { stream, teacher };
                (!known).then_some(assigned).into_iter().collect()
            }
            StreamCommand::TakeSeat { stream, student, enrollment } => {
                let card = self.card()?;
                if self.seated.contains(&student) {
                    return Err(StreamError::SeatHeld);
                }
                let taken = self.taken();
                match card.limit {
                    Some(limit) if taken >= limit => {
                        return Err(StreamError::Full { limit, taken });
                    }
                    _ => vec![StreamEvent::SeatTaken { stream, student, enrollment }],
                }
            }
            StreamCommand::ReleaseSeat { stream, student } => {
                self.card()?;
                if !self.seated.contains(&student) {
                    return Err(StreamError::NoSeat);
                }
                vec![StreamEvent::SeatReleased { stream, student }]
            }
            StreamCommand::ImportSeat { stream, student, enrollment, origin } => {
                self.card()?;
                let held = self.seated.contains(&student);
                let seated = StreamEvent::SeatImported { stream, student, enrollment, origin };
                (!held).then_some(seated).into_iter().collect()
            }
        })
    }

    fn evolve(&mut self, event: StreamEvent) {
        match event {
            StreamEvent::Opened { card, .. } => self.card = Some(card),
            StreamEvent::Imported { mut card, .. } => {
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
                self.seated.insert(student);
            }
            StreamEvent::SeatReleased { student, .. } => {
                self.seated.remove(&student);
            }
        }
    }

    fn card(&self) -> Result<&StreamCard, StreamError> {
        self.card.as_ref().ok_or(StreamError::Unknown)
    }

    fn taken(&self) -> u32 {
        u32::try_from(self.seated.len()).unwrap_or(u32::MAX)
    }
}

fn must_be_sound(card: &StreamCard) -> Result<(), StreamError> {
    let reversed = card.meetings.iter().find(|meeting| meeting.ends_at <= meeting.starts_at);
    match reversed {
        Some(meeting) => Err(StreamError::MeetingEndsBeforeItStarts {
            starts_at: meeting.starts_at,
            ends_at: meeting.ends_at,
        }),
        None => Ok(()),
    }
}
