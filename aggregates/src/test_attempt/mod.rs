//! TestAttempt: all attempts of one student at one test (manual 2.13).
//!
//! Invariants: one attempt runs at a time, and no more are started than the test allows; its questions
//! are drawn when it starts and stay; an answer counts only while it runs and only to a question that
//! was drawn; an attempt ends once, and is scored as it ends; once a student has passed, or has no
//! attempt left, or the test's window has closed, the best result concludes the series.
//!
//! ```text
//! (nothing) --Start--> running --Submit, RunOut, Abandon--> ended --Start--> running
//!                      |     ^                              |
//!                      SaveAnswer                           |-- passed, none left, or Close --> concluded
//! ```
//!
//! The table of all transitions is in `docs/state-machines.md`; `tests/test_attempt_walk.rs` walks it.

mod answering;
mod command;
mod error;
mod event;
mod starting;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use command::{Start, TestAttemptCommand};
pub use error::TestAttemptError;
pub use event::{Answer, Attempt, Ending, Saved, Series, TestAttemptEvent, TestResult};
pub use starting::Standing;

use crate::shared::{AttemptId, MarkKind, QuestionId, Text};

/// The attempts of one student at one test.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TestAttempt {
    series: Option<Series>,
    /// How many were started.
    started: u32,
    running: Option<Running>,
    /// The results of those that ended.
    results: BTreeMap<AttemptId, TestResult>,
    /// Under which title and as which mark the result stands.
    stands_for: Option<StandsFor>,
    concluded: bool,
    mark_told: bool,
}

/// A title, and a mark with its rating period.
type StandsFor = (Text, MarkKind, Option<u8>);

/// The attempt that runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Running {
    attempt: Attempt,
    answers: BTreeMap<QuestionId, Saved>,
}

aggregate!(TestAttempt, "TestAttempt", TestAttemptCommand, TestAttemptEvent, TestAttemptError);

impl TestAttempt {
    fn decide(
        &self,
        command: TestAttemptCommand,
    ) -> Result<Vec<TestAttemptEvent>, TestAttemptError> {
        use TestAttemptCommand as Command;
        match command {
            Command::Start(start) => self.start(*start),
            Command::SaveAnswer { attempt, question, sequence, answer, at } => {
                self.save_answer(attempt, question, sequence, answer, at)
            }
            Command::Submit { attempt, at } => {
                self.in_time(attempt, at)?;
                Ok(self.end(Ending::Submitted, at))
            }
            Command::Abandon { attempt, at } => {
                let running = self.in_time(attempt, at)?;
                if !running.attempt.proctored {
                    return Err(TestAttemptError::NotProctored);
                }
                Ok(self.end(Ending::Abandoned, at))
            }
            Command::RunOut { attempt, at } => {
                let due = self.running.as_ref().filter(|running| {
                    running.attempt.id == attempt && running.attempt.ends_at <= at
                });
                Ok(due.map_or_else(Vec::new, |_| self.run_out()))
            }
            Command::Close { closes_at, at } => self.close(closes_at, at),
            Command::NoteMark { mark, refused } => {
                let series = self.series()?;
                if !self.concluded || self.mark_told {
                    return Ok(vec![]);
                }
                Ok(vec![TestAttemptEvent::MarkTold { series, mark, refused }])
            }
        }
    }

    fn evolve(&mut self, event: TestAttemptEvent) {
        match event {
            TestAttemptEvent::Started { series, attempt, .. } => {
                self.series = Some(series);
                self.started = attempt.number;
                self.stands_for = Some((attempt.title.clone(), attempt.kind, attempt.period));
                self.running = Some(Running { attempt, answers: BTreeMap::new() });
            }
            TestAttemptEvent::AnswerSaved { question, saved, .. } => {
                if let Some(running) = &mut self.running {
                    running.answers.insert(question, saved);
                }
            }
            TestAttemptEvent::Ended { attempt, result, .. } => {
                self.running = None;
                self.results.insert(attempt, result);
            }
            TestAttemptEvent::Extended { series } => self.series = Some(series),
            TestAttemptEvent::Concluded { .. } => self.concluded = true,
            TestAttemptEvent::MarkTold { .. } => self.mark_told = true,
        }
    }

    fn series(&self) -> Result<Series, TestAttemptError> {
        self.series.ok_or(TestAttemptError::Unknown)
    }

    /// The attempt with that id, where it runs and its time is not over.
    fn in_time(&self, attempt: AttemptId, at: Timestamp) -> Result<&Running, TestAttemptError> {
        self.series()?;
        let running = match &self.running {
            Some(running) if running.attempt.id == attempt => running,
            _ if self.results.contains_key(&attempt) => return Err(TestAttemptError::Over),
            _ => return Err(TestAttemptError::AttemptUnknown),
        };
        let ends_at = running.attempt.ends_at;
        if at > ends_at {
            return Err(TestAttemptError::TimeIsUp { ends_at, now: at });
        }
        Ok(running)
    }

    /// The window has closed: whatever ran ends, and the best result concludes the series. Where the
    /// window was moved meanwhile, the series goes on until it closes.
    fn close(
        &self,
        closes_at: Timestamp,
        at: Timestamp,
    ) -> Result<Vec<TestAttemptEvent>, TestAttemptError> {
        let series = self.series()?;
        if self.concluded || at < series.closes_at {
            return Ok(vec![]);
        }
        if at < closes_at {
            let series = Series { closes_at, ..series };
            return Ok(vec![TestAttemptEvent::Extended { series }]);
        }
        let ended = self.run_out();
        let then = self.with(&ended);
        let concluded = (!then.concluded).then(|| then.concluded_with(None)).flatten();
        Ok(ended.into_iter().chain(concluded).collect())
    }

    /// As it is once these events have happened too.
    fn with(&self, events: &[TestAttemptEvent]) -> Self {
        let mut then = self.clone();
        events.iter().for_each(|event| then.evolve(event.clone()));
        then
    }
}
