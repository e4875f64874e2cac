//! What can have happened to a test.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::shared::{
    MarkKind, Number, OptionId, Percent, PersonId, QuestionId, Score, SubjectId, TermId, TestId,
    Text, Window,
};

/// What a test is, and the rules of taking it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestCard {
    /// The subject.
    pub subject: SubjectId,
    /// The term.
    pub term: TermId,
    /// The title.
    pub title: Text,
    /// What its result is in the journal.
    pub kind: MarkKind,
    /// The rating period of that mark, 1 or 2, or none.
    pub period: Option<u8>,
    /// The questions.
    pub questions: Vec<Question>,
    /// How many of them an attempt draws; all where nothing is said.
    pub drawn: Option<u32>,
    /// When attempts may start; they end with it at the latest.
    pub window: Window,
    /// How long an attempt takes, in minutes.
    pub minutes: u32,
    /// How many attempts a student has.
    pub attempts: u32,
    /// The admission rating that is needed to start.
    pub needed: Option<Percent>,
    /// The least percent that passes.
    pub pass: Percent,
    /// Whether somebody watches: then a page that was closed ends the attempt.
    pub proctored: bool,
}

/// A question with its right answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// What is asked.
    pub prompt: Text,
    /// What a right answer is worth.
    pub points: Score,
    /// What may be answered, and what is right.
    pub key: Key,
}

impl Question {
    /// What may be chosen; nothing where a number is asked.
    pub fn options(&self) -> &[Choice] {
        match &self.key {
            Key::Single { options, .. } | Key::Multiple { options, .. } => options,
            Key::Numeric { .. } => &[],
        }
    }

    /// Whether that option may be chosen.
    pub fn offers(&self, option: OptionId) -> bool {
        self.options().iter().any(|choice| choice.id == option)
    }
}

/// What may be answered, and what is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// One of the options.
    Single {
        /// The options.
        options: Vec<Choice>,
        /// The right one.
        right: OptionId,
    },
    /// Any number of the options.
    Multiple {
        /// The options.
        options: Vec<Choice>,
        /// The right ones: all of them and no others are a right answer.
        right: BTreeSet<OptionId>,
    },
    /// A number.
    Numeric {
        /// The right one.
        right: Number,
        /// How far from it an answer may lie.
        tolerance: Number,
    },
}

/// What may be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its id.
    pub id: OptionId,
    /// What it says.
    pub text: Text,
}

events! {
    /// What can have happened to a test.
    pub enum TestEvent, prefix "Test" {
        /// It was planned.
        Created {
            /// Its id.
            test: TestId,
            /// What it is.
            card: TestCard,
        },
        /// Attempts that start from now on are otherwise.
        Revised {
            /// Its id.
            test: TestId,
            /// What it is.
            card: TestCard,
        },
    }
}

impl TestEvent {
    /// A test is nobody's record.
    pub fn student(&self) -> Option<PersonId> {
        None
    }

    /// The test's id.
    pub fn test(&self) -> TestId {
        match self {
            Self::Created { test, .. } | Self::Revised { test, .. } => *test,
        }
    }

    /// What it is since.
    pub fn card(&self) -> &TestCard {
        match self {
            Self::Created { card, .. } | Self::Revised { card, .. } => card,
        }
    }
}
