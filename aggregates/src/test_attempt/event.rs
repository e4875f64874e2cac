//! What can have happened to the attempts at a test.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    shared::{
        AttemptId, Decision, EnrollmentId, MarkId, MarkKind, Number, OptionId, Percent, PersonId,
        QuestionId, Score, SeriesId, SubjectId, TermId, TestId, Text,
    },
    test::Question,
};

/// Whose attempts at what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// The attempts' common id.
    pub id: SeriesId,
    /// Whose.
    pub student: PersonId,
    /// The test.
    pub test: TestId,
    /// The registration that the result belongs to.
    pub enrollment: EnrollmentId,
    /// Its subject.
    pub subject: SubjectId,
    /// Its term.
    pub term: TermId,
    /// When the test's window closes, as the newest attempt found it.
    pub closes_at: Timestamp,
}

/// An attempt as it was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// Its number, from 1.
    pub number: u32,
    /// How many the test allowed then.
    pub allowed: u32,
    /// The test's title then.
    pub title: Text,
    /// What its result is in the journal.
    pub kind: MarkKind,
    /// The rating period of that mark.
    pub period: Option<u8>,
    /// When it started.
    pub starts_at: Timestamp,
    /// When it ends at the latest.
    pub ends_at: Timestamp,
    /// The least percent that passes.
    pub pass: Percent,
    /// Whether somebody watches.
    pub proctored: bool,
    /// The questions, in the order they are asked, with their right answers.
    pub questions: Vec<Question>,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Options; none takes the answer back.
    Options(BTreeSet<OptionId>),
    /// A number.
    Number(Number),
}

/// An answer with its place among the others to the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The asker's own counter for the question.
    pub sequence: u32,
    /// The answer.
    pub answer: Answer,
}

named! {
    /// How an attempt ended.
    pub enum Ending {
        /// It was handed in.
        Submitted = "submitted",
        /// Its time was over.
        OutOfTime = "out_of_time",
        /// The page of a proctored attempt was closed.
        Abandoned = "abandoned",
    }
}

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    /// The attempt's number.
    pub number: u32,
    /// The points of right answers.
    pub points: Score,
    /// The points of all questions.
    pub of: Score,
    /// Their share, rounded half up to a hundredth.
    pub percent: Percent,
    /// Whether it passes.
    pub passed: bool,
}

events! {
    /// What can have happened to the attempts at a test.
    #[allow(missing_docs, reason = "`series` says whose attempts at what")]
    pub enum TestAttemptEvent, prefix "TestAttempt" {
        /// An attempt was started.
        Started {
            series: Series,
            /// The attempt.
            attempt: Attempt,
            /// On which facts.
            decision: Decision,
        },
        /// A question was answered.
        AnswerSaved {
            series: Series,
            /// In which attempt.
            attempt: AttemptId,
            /// Which question.
            question: QuestionId,
            /// The answer.
            saved: Saved,
            /// When it arrived.
            at: Timestamp,
        },
        /// An attempt ended, and was scored.
        Ended {
            series: Series,
            /// Which.
            attempt: AttemptId,
            /// How.
            ending: Ending,
            /// When.
            at: Timestamp,
            /// What it came to.
            result: TestResult,
        },
        /// The test's window was moved: the series goes on until it closes.
        Extended { series: Series },
        /// No further attempt follows: this result stands.
        Concluded {
            series: Series,
            /// The best result.
            result: TestResult,
            /// The test's title.
            title: Text,
            /// What it is in the journal.
            kind: MarkKind,
            /// The rating period of that mark.
            period: Option<u8>,
        },
        /// The mark of the result is in the journal, or was refused there.
        MarkTold {
            series: Series,
            /// The mark's id.
            mark: MarkId,
            /// The code with which it was refused, if it was.
            refused: Option<String>,
        },
    }
}

impl TestAttemptEvent {
    /// The student whose attempts they are.
    pub fn student(&self) -> Option<PersonId> {
        Some(self.series().student)
    }

    /// Whose attempts at what.
    pub fn series(&self) -> Series {
        match self {
            Self::Started { series, .. }
            | Self::AnswerSaved { series, .. }
            | Self::Ended { series, .. }
            | Self::Extended { series }
            | Self::Concluded { series, .. }
            | Self::MarkTold { series, .. } => *series,
        }
    }

    /// The attempt it is about, where it is about one.
    pub fn attempt(&self) -> Option<AttemptId> {
        match self {
            Self::Started { attempt, .. } => Some(attempt.id),
            Self::AnswerSaved { attempt, .. } | Self::Ended { attempt, .. } => Some(*attempt),
            Self::Extended { .. } | Self::Concluded { .. } | Self::MarkTold { .. } => None,
        }
    }
}
