//! Starting an attempt: its questions are drawn, and stay.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{Attempt, Series, Start, TestAttempt, TestAttemptError, TestAttemptEvent};
use crate::{
    shared::{AttemptId, SeriesId},
    test::{Question, TestCard},
};

/// How a student stands with a test: asked by the series itself and, over a view of it, by whoever wants
/// to know beforehand.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// How many attempts were started.
    pub used: u32,
    /// Until when the newest runs, if it has not ended.
    pub running_until: Option<Timestamp>,
    /// Whether one has passed.
    pub passed: bool,
    /// Whether a result stands.
    pub concluded: bool,
}

impl Standing {
    /// Why no further attempt may start at `at`, where the test allows so many.
    pub fn forbids(&self, allowed: u32, at: Timestamp) -> Option<TestAttemptError> {
        let used = self.used;
        if self.running_until.is_some_and(|until| at <= until) {
            Some(TestAttemptError::AttemptRuns { number: used })
        } else if self.passed {
            Some(TestAttemptError::PassedAlready)
        } else if used >= allowed {
            Some(TestAttemptError::AttemptsUsedUp { used, allowed })
        } else {
            self.concluded.then_some(TestAttemptError::Concluded)
        }
    }
}

impl TestAttempt {
    pub(super) fn start(&self, start: Start) -> Result<Vec<TestAttemptEvent>, TestAttemptError> {
        let overdue = self.running.as_ref().is_some_and(|one| one.attempt.ends_at < start.at);
        let ended = if overdue { self.run_out() } else { vec![] };
        let forbidden = self.with(&ended).standing().forbids(start.card.attempts, start.at);
        match forbidden.into_iter().chain(start.reasons()).next() {
            Some(reason) => Err(reason),
            None => Ok(ended.into_iter().chain([started(self.started + 1, start)]).collect()),
        }
    }

    fn standing(&self) -> Standing {
        Standing {
            used: self.started,
            running_until: self.running.as_ref().map(|running| running.attempt.ends_at),
            passed: self.results.values().any(|result| result.passed),
            concluded: self.concluded,
        }
    }
}

fn started(number: u32, start: Start) -> TestAttemptEvent {
    let Start { student, test, card, enrollment, at, decision, .. } = start;
    let id = SeriesId::of(student, test);
    let closes_at = card.window.closes_at;
    let (subject, term) = (card.subject, card.term);
    let series = Series { id, student, test, enrollment, subject, term, closes_at };
    let attempt = AttemptId::of(id, number);
    let questions = draw(&card, attempt);
    TestAttemptEvent::Started {
        series,
        attempt: Attempt {
            id: attempt,
            number,
            allowed: card.attempts,
            title: card.title,
            kind: card.kind,
            period: card.period,
            starts_at: at,
            ends_at: end(at, card.minutes, closes_at),
            pass: card.pass,
            proctored: card.proctored,
            questions,
        },
        decision,
    }
}

/// After so many minutes, or when the window closes.
fn end(at: Timestamp, minutes: u32, closes_at: Timestamp) -> Timestamp {
    let full = at.checked_add(SignedDuration::from_mins(minutes.into())).unwrap_or(closes_at);
    full.min(closes_at)
}

/// The questions of an attempt, in an order of its own: by the SHA-256 of attempt and question, so that
/// the draw can be made again by whoever doubts it.
fn draw(card: &TestCard, attempt: AttemptId) -> Vec<Question> {
    let place = |question: &Question| Sha256::digest(format!("{attempt}:{}", question.id));
    let mut questions = card.questions.clone();
    questions.sort_by_cached_key(place);
    questions.truncate(card.drawn.map_or(questions.len(), |drawn| drawn as usize));
    questions
}
