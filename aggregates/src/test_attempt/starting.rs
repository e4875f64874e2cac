//! Starting an attempt: its questions are drawn, and stay.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{Attempt, Series, Start, TestAttempt, TestAttemptError, TestAttemptEvent};
use crate::{
    shared::{AttemptId, SeriesId},
    test::{Question, TestCard},
};

impl TestAttempt {
    pub(super) fn start(&self, start: Start) -> Result<Vec<TestAttemptEvent>, TestAttemptError> {
        let ended = match &self.running {
            Some(running) if start.at <= running.attempt.ends_at => {
                return Err(TestAttemptError::AttemptRuns { number: running.attempt.number });
            }
            Some(_) => self.run_out(),
            None => vec![],
        };
        self.with(&ended).must_have_one_left(&start.card)?;
        if let Some(reason) = start.reasons().into_iter().next() {
            return Err(reason);
        }
        Ok(ended.into_iter().chain([started(self.started + 1, start)]).collect())
    }

    fn must_have_one_left(&self, card: &TestCard) -> Result<(), TestAttemptError> {
        let used = self.started;
        if self.results.values().any(|result| result.passed) {
            Err(TestAttemptError::PassedAlready)
        } else if used >= card.attempts {
            Err(TestAttemptError::AttemptsUsedUp { used, allowed: card.attempts })
        } else if self.concluded {
            Err(TestAttemptError::Concluded)
        } else {
            Ok(())
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
