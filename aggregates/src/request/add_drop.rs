//! Add/drop: a subject swapped, given up or added, or another stream (manual 2.16.1, 2.3.2).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::RequestError;
use crate::shared::{EnrollmentId, Position, StreamId, SubjectId, TermId, Window};

/// What a request of kind add/drop asks for, and when it could be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddDrop {
    /// The change.
    pub change: Change,
    /// What the calendar said of its terms when it was asked for.
    pub windows: Vec<Windows>,
    /// The log's position at which that was read, or a later one.
    pub read_at: Position,
}

/// A change of what a student takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A subject is given up and another one taken.
    Swap {
        /// What is given up.
        gives_up: Subject,
        /// What is taken in its place.
        takes: Subject,
        /// The streams that are chosen for it.
        streams: Vec<StreamId>,
    },
    /// A subject is given up.
    GiveUp {
        /// Which.
        gives_up: Subject,
    },
    /// A subject is taken.
    Add {
        /// Which.
        takes: Subject,
        /// The streams that are chosen for it.
        streams: Vec<StreamId>,
    },
    /// Seats are given up for those in other streams of the subject, in one act.
    ChangeStream {
        /// For which subject.
        of: Subject,
        /// The streams that are taken, each in place of another one.
        exchanges: Vec<Exchange>,
        /// The streams that are given up beside these.
        leaves: BTreeSet<StreamId>,
    },
}

/// A stream that is taken in place of one of the same component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The stream that the student is in, if there is one of the component.
    pub from: Option<StreamId>,
    /// The other one.
    pub to: StreamId,
}

/// A subject in a term, with the student's registration for it: the one there is, or the one there would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the types say it")]
pub struct Subject {
    pub enrollment: EnrollmentId,
    pub subject: SubjectId,
    pub term: TermId,
}

/// The windows of a term that a student goes by; none where the calendar has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Windows {
    /// The term.
    pub term: TermId,
    /// When one may register.
    pub registration: Option<Window>,
    /// When one may choose streams.
    pub choosing_streams: Option<Window>,
    /// When one may register and choose again.
    pub add_drop: Option<Window>,
}

impl Change {
    /// The registration that it is about: the one that is given up or kept, else the one that is taken.
    pub fn about(&self) -> EnrollmentId {
        let (Self::Swap { gives_up: about, .. }
        | Self::GiveUp { gives_up: about }
        | Self::Add { takes: about, .. }
        | Self::ChangeStream { of: about, .. }) = self;
        about.enrollment
    }

    /// The subjects that it touches.
    pub fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::Swap { gives_up, takes, .. } => vec![*gives_up, *takes],
            Self::GiveUp { gives_up: one }
            | Self::Add { takes: one, .. }
            | Self::ChangeStream { of: one, .. } => vec![*one],
        }
    }

    /// Its terms, each once.
    pub fn terms(&self) -> Vec<TermId> {
        let mut terms: Vec<_> = self.subjects().iter().map(|subject| subject.term).collect();
        terms.dedup();
        terms
    }

    fn changes_nothing(&self) -> bool {
        match self {
            Self::Swap { gives_up, takes, .. } => gives_up.enrollment == takes.enrollment,
            Self::ChangeStream { exchanges, leaves, .. } => {
                leaves.is_empty() && exchanges.iter().all(|one| one.from == Some(one.to))
            }
            Self::GiveUp { .. } | Self::Add { .. } => false,
        }
    }
}

impl AddDrop {
    /// The windows of a term, as they were when it was asked for.
    pub fn windows(&self, term: TermId) -> Windows {
        let known = self.windows.iter().find(|windows| windows.term == term);
        let none = Windows { term, registration: None, choosing_streams: None, add_drop: None };
        known.cloned().unwrap_or(none)
    }

    /// It is asked for while the calendar lets the student make such a change.
    pub(super) fn must_be_open(&self, at: Timestamp) -> Result<(), RequestError> {
        if self.change.changes_nothing() {
            return Err(RequestError::ChangesNothing);
        }
        let terms = self.change.terms().into_iter();
        terms
            .map(|term| self.windows(term))
            .try_for_each(|windows| self.must_be_within(windows, at))
    }

    fn must_be_within(&self, windows: Windows, now: Timestamp) -> Result<(), RequestError> {
        let Windows { term, registration, choosing_streams, add_drop } = windows;
        let open = |window: Option<Window>| window.is_some_and(|window| window.contains(now));
        let by_oneself = match &self.change {
            Change::ChangeStream { .. } => open(choosing_streams),
            Change::GiveUp { .. } => open(registration),
            Change::Add { takes, streams } | Change::Swap { takes, streams, .. } => {
                let choosing = !streams.is_empty() && takes.term == term;
                open(registration) && (!choosing || open(choosing_streams))
            }
        };
        match add_drop {
            add_drop if open(add_drop) || by_oneself => Ok(()),
            Some(Window { opens_at, closes_at }) => {
                Err(RequestError::AddDropClosed { opens_at, closes_at, now })
            }
            None => Err(RequestError::AddDropNotScheduled { term, now }),
        }
    }
}
