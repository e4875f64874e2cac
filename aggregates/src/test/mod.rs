//! Test: the questions of one test and the rules of taking it (manual 2.13).
//!
//! Invariants: every question can be answered rightly and is worth something; no attempt draws more
//! questions than there are; a revision concerns attempts that start later, never one that runs.
//!
//! ```text
//! (nothing) --Create--> planned --Revise--> planned
//! ```

mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use command::TestCommand;
pub use error::TestError;
pub use event::{Choice, Key, Question, TestCard, TestEvent};

use crate::shared::OptionId;

/// The most minutes of an attempt: a day.
const MOST_MINUTES: u32 = 24 * 60;
/// The most attempts.
const MOST_ATTEMPTS: u32 = 20;

/// One test.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Test {
    card: Option<TestCard>,
}

aggregate!(Test, "Test", TestCommand, TestEvent, TestError);

impl Test {
    fn decide(&self, command: TestCommand) -> Result<Vec<TestEvent>, TestError> {
        match command {
            TestCommand::Create { test, card } => {
                if self.card.is_some() {
                    return Err(TestError::Exists);
                }
                must_be_sound(&card)?;
                Ok(vec![TestEvent::Created { test, card }])
            }
            TestCommand::Revise { test, card } => {
                let now = self.card.as_ref().ok_or(TestError::Unknown)?;
                must_be_sound(&card)?;
                if (card.subject, card.term) != (now.subject, now.term) {
                    return Err(TestError::Moved);
                }
                let same = *now == card;
                Ok((!same).then_some(TestEvent::Revised { test, card }).into_iter().collect())
            }
        }
    }

    fn evolve(&mut self, event: TestEvent) {
        match event {
            TestEvent::Created { card, .. } | TestEvent::Revised { card, .. } => {
                self.card = Some(card);
            }
        }
    }
}

fn must_be_sound(card: &TestCard) -> Result<(), TestError> {
    let window = card.window;
    if window.is_empty() {
        let (opens_at, closes_at) = (window.opens_at, window.closes_at);
        return Err(TestError::WindowIsEmpty { opens_at, closes_at });
    }
    if !(1..=MOST_MINUTES).contains(&card.minutes) {
        return Err(TestError::MinutesOutOfRange { minutes: card.minutes, most: MOST_MINUTES });
    }
    if !(1..=MOST_ATTEMPTS).contains(&card.attempts) {
        return Err(TestError::AttemptsOutOfRange { attempts: card.attempts, most: MOST_ATTEMPTS });
    }
    let questions = card.questions.len();
    if questions == 0 {
        return Err(TestError::NoQuestions);
    }
    if card.drawn.is_some_and(|drawn| drawn == 0 || drawn as usize > questions) {
        let drawn = card.drawn.unwrap_or_default();
        return Err(TestError::DrawsTooMany { drawn, questions });
    }
    if !card.kind.fits_period(card.period) {
        return Err(TestError::PeriodUnfit { kind: card.kind });
    }
    let mut seen = BTreeSet::new();
    card.questions.iter().zip(1..).try_for_each(|(question, number)| {
        if !seen.insert(question.id) {
            return Err(TestError::Twice { number });
        }
        sound(question, number)
    })
}

fn sound(question: &Question, number: usize) -> Result<(), TestError> {
    if question.points.hundredths() == 0 {
        return Err(TestError::NoPoints { number });
    }
    let options: BTreeSet<_> = question.options().iter().map(|choice| choice.id).collect();
    if options.len() < question.options().len() {
        return Err(TestError::Twice { number });
    }
    let offered = |right: &OptionId| options.contains(right);
    match &question.key {
        Key::Single { options, .. } | Key::Multiple { options, .. } if options.len() < 2 => {
            Err(TestError::OptionsTooFew { number })
        }
        Key::Single { right, .. } if !offered(right) => Err(TestError::NoRightAnswer { number }),
        Key::Multiple { right, .. } if right.is_empty() || !right.iter().all(offered) => {
            Err(TestError::NoRightAnswer { number })
        }
        _ => Ok(()),
    }
}
