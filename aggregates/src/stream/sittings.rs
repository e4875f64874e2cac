//! Sittings: when and where those of a stream are examined (manual 2.4.2).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Stream, StreamError, StreamEvent, must_lead_to_the_web};
use crate::shared::{Position, SittingId, StreamId, Text, Window};

named! {
    /// What a sitting is.
    pub enum SittingKind {
        /// An exam.
        Exam = "exam",
        /// A midterm or another control.
        Control = "control",
        /// A consultation before one.
        Consultation = "consultation",
    }
}

/// When and where those of a stream are examined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// What it is.
    pub kind: SittingKind,
    /// From when until when.
    pub window: Window,
    /// Where.
    pub room: Option<Text>,
    /// The address, where it is online.
    pub link: Option<Text>,
    /// What to know of it: what may be brought along, and so on.
    pub note: Option<Text>,
}

/// What the calendar says of the stream's term, when a sitting is scheduled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SittingTimes {
    /// From the term's first day until its last, or the end of its exams where they follow it.
    pub term: Window,
    /// When exams are held, for whomever; none where the calendar does not say so.
    pub exams: Vec<Window>,
    /// The log's end when that was read.
    pub read_at: Position,
}

impl SittingTimes {
    /// A sitting lies within the term, an exam within the exams where there are such periods.
    pub fn must_hold(&self, about: &Sitting) -> Result<(), StreamError> {
        let Window { opens_at: starts_at, closes_at: ends_at } = about.window;
        let Window { opens_at, closes_at } = self.term;
        if !self.term.covers(&about.window) {
            return Err(StreamError::SittingOutsideTerm {
                starts_at,
                ends_at,
                opens_at,
                closes_at,
            });
        }
        let held = self.exams.iter().any(|exams| exams.covers(&about.window));
        // The period that it comes after, or else the first.
        let nearest = self.exams.iter().filter(|exams| exams.opens_at <= starts_at);
        let nearest = nearest.max_by_key(|exams| exams.opens_at);
        let nearest = nearest.or_else(|| self.exams.iter().min_by_key(|exams| exams.opens_at));
        match nearest {
            Some(&Window { opens_at, closes_at }) if about.kind == SittingKind::Exam && !held => {
                Err(StreamError::ExamOutsideExams { starts_at, ends_at, opens_at, closes_at })
            }
            _ => Ok(()),
        }
    }
}

impl Stream {
    /// How many sittings a stream may have.
    pub const MOST_SITTINGS: usize = 100;
    /// How many hours a sitting lasts at the most: an exam of a whole day, from morning to evening.
    pub const LONGEST_SITTING: i64 = 12;

    pub(super) fn schedule_sitting(
        &self,
        (stream, sitting): (StreamId, SittingId),
        about: Sitting,
        times: SittingTimes,
        at: Timestamp,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        self.card()?;
        must_lead_to_the_web(about.link.as_ref())?;
        let (known, most) = (self.sittings.get(&sitting), Self::MOST_SITTINGS);
        match known {
            Some(known) if *known == about => return Ok(vec![]),
            None if self.sittings.len() >= most => {
                return Err(StreamError::SittingsTooMany { most });
            }
            _ => {}
        }
        // What stays at its time may get another room, whatever the calendar says by now.
        let stays = |known: &Sitting| (known.kind, known.window) == (about.kind, about.window);
        if !known.is_some_and(stays) {
            must_last(about.window)?;
            times.must_hold(&about)?;
            let begun = known.is_some_and(|known| known.window.opens_at == about.window.opens_at);
            must_come(about.window, begun, at)?;
        }
        let times = Some(Box::new(times));
        Ok(vec![StreamEvent::SittingScheduled { stream, sitting, about, times }])
    }

    pub(super) fn cancel_sitting(
        &self,
        stream: StreamId,
        sitting: SittingId,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        self.must_have(sitting)?;
        Ok(vec![StreamEvent::SittingCancelled { stream, sitting }])
    }

    pub(super) fn must_have(&self, sitting: SittingId) -> Result<(), StreamError> {
        self.card()?;
        let known = self.sittings.contains_key(&sitting);
        known.then_some(()).ok_or(StreamError::SittingUnknown)
    }
}

/// A sitting is still to begin; of one that stays at its beginning it is enough that it is still to end.
fn must_come(window: Window, begun: bool, now: Timestamp) -> Result<(), StreamError> {
    let Window { opens_at: starts_at, closes_at: ends_at } = window;
    match now > if begun { ends_at } else { starts_at } {
        true => Err(StreamError::SittingInThePast { starts_at, ends_at, now }),
        false => Ok(()),
    }
}

/// A sitting ends after it begins, and not days later.
fn must_last(window: Window) -> Result<(), StreamError> {
    let Window { opens_at: starts_at, closes_at: ends_at } = window;
    if window.is_empty() {
        return Err(StreamError::SittingIsEmpty { starts_at, ends_at });
    }
    let most_hours = Stream::LONGEST_SITTING;
    match starts_at.duration_until(ends_at) > SignedDuration::from_hours(most_hours) {
        true => Err(StreamError::SittingTooLong { starts_at, ends_at, most_hours }),
        false => Ok(()),
    }
}
