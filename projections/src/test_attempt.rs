//! Attempts at tests: each as its page shows it, and the series of one student and one test
//! (manual 2.13).

use std::collections::BTreeMap;

use aggregates::{
    Event,
    shared::{AttemptId, Position, QuestionId, Recorded},
    test_attempt::{Attempt, Ending, Saved, Series, Standing, TestAttemptEvent, TestResult},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::View;

/// One document an attempt.
pub struct Attempts;

/// An attempt.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AttemptDocument {
    /// Whose at what.
    pub series: Option<Series>,
    /// As it was started.
    pub attempt: Option<Attempt>,
    /// What was answered last to each question.
    pub answers: BTreeMap<QuestionId, Answered>,
    /// How it ended.
    pub ending: Option<Ending>,
    /// What it came to.
    pub result: Option<TestResult>,
}

/// An answer with its receipt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answered {
    /// The answer.
    pub saved: Saved,
    /// Where in the log it is.
    pub position: Position,
    /// When it was on disk.
    pub recorded_at: Timestamp,
}

impl View for Attempts {
    const NAME: &'static str = "test_attempt";
    const VERSION: u32 = 1;
    type Document = AttemptDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::TestAttempt(event) = event else { return vec![] };
        event.attempt().iter().map(AttemptId::to_string).collect()
    }

    fn apply(document: &mut AttemptDocument, _: &str, recorded: &Recorded) {
        let Event::TestAttempt(event) = &recorded.event else { return };
        match event {
            TestAttemptEvent::Started { series, attempt, .. } => {
                document.series = Some(*series);
                document.attempt = Some(attempt.clone());
            }
            TestAttemptEvent::AnswerSaved { question, saved, .. } => {
                let (position, recorded_at) = (recorded.position, recorded.recorded_at);
                let answered = Answered { saved: saved.clone(), position, recorded_at };
                document.answers.insert(*question, answered);
            }
            TestAttemptEvent::Ended { ending, result, .. } => {
                document.ending = Some(*ending);
                document.result = Some(*result);
            }
            TestAttemptEvent::Extended { .. }
            | TestAttemptEvent::Concluded { .. }
            | TestAttemptEvent::MarkTold { .. } => {}
        }
    }
}

/// One document a student and test.
pub struct TestSeries;

/// How a student stands with a test.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SeriesDocument {
    /// The attempts, oldest first.
    pub attempts: Vec<AttemptId>,
    /// Until when the newest runs; none where it has ended.
    pub running_until: Option<Timestamp>,
    /// Whether one has passed.
    pub passed: bool,
    /// The result that stands.
    pub concluded: Option<TestResult>,
    /// With which code its mark was refused in the journal.
    pub mark_refused: Option<String>,
}

impl SeriesDocument {
    /// What decides whether a further attempt may start.
    pub fn standing(&self) -> Standing {
        Standing {
            used: u32::try_from(self.attempts.len()).unwrap_or(u32::MAX),
            running_until: self.running_until,
            passed: self.passed,
            concluded: self.concluded.is_some(),
        }
    }
}

impl View for TestSeries {
    const NAME: &'static str = "test_series";
    const VERSION: u32 = 1;
    type Document = SeriesDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::TestAttempt(TestAttemptEvent::AnswerSaved { .. }) => vec![],
            Event::TestAttempt(event) => vec![event.series().id.to_string()],
            _ => vec![],
        }
    }

    fn apply(document: &mut SeriesDocument, _: &str, recorded: &Recorded) {
        let Event::TestAttempt(event) = &recorded.event else { return };
        match event {
            TestAttemptEvent::Started { attempt, .. } => {
                document.attempts.push(attempt.id);
                document.running_until = Some(attempt.ends_at);
            }
            TestAttemptEvent::Ended { result, .. } => {
                document.running_until = None;
                document.passed |= result.passed;
            }
            TestAttemptEvent::Concluded { result, .. } => document.concluded = Some(*result),
            TestAttemptEvent::MarkTold { refused, .. } => document.mark_refused.clone_from(refused),
            TestAttemptEvent::AnswerSaved { .. } | TestAttemptEvent::Extended { .. } => {}
        }
    }
}
