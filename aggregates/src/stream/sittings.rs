//! Sittings: when and where those of a stream are examined (manual 2.4.2).

use serde::{Deserialize, Serialize};

use super::{Stream, StreamError, StreamEvent, must_lead_to_the_web};
use crate::shared::{SittingId, StreamId, Text, Window};

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

impl Stream {
    /// How many sittings a stream may have.
    pub const MOST_SITTINGS: usize = 100;

    pub(super) fn schedule_sitting(
        &self,
        stream: StreamId,
        sitting: SittingId,
        about: Sitting,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        self.card()?;
        must_lead_to_the_web(about.link.as_ref())?;
        if about.window.is_empty() {
            let Window { opens_at: starts_at, closes_at: ends_at } = about.window;
            return Err(StreamError::SittingIsEmpty { starts_at, ends_at });
        }
        let most = Self::MOST_SITTINGS;
        match self.sittings.get(&sitting) {
            Some(known) if *known == about => Ok(vec![]),
            None if self.sittings.len() >= most => Err(StreamError::SittingsTooMany { most }),
            _ => Ok(vec![StreamEvent::SittingScheduled { stream, sitting, about }]),
        }
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
