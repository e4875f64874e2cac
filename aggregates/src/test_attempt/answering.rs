//! Answers, and what they come to.

use jiff::Timestamp;

use super::{
    Answer, Ending, Running, Saved, TestAttempt, TestAttemptError, TestAttemptEvent, TestResult,
};
use crate::{
    shared::{AttemptId, Percent, QuestionId, Score},
    test::{Key, Question},
};

impl TestAttempt {
    pub(super) fn save_answer(
        &self,
        attempt: AttemptId,
        question: QuestionId,
        sequence: u32,
        answer: Answer,
        at: Timestamp,
    ) -> Result<Vec<TestAttemptEvent>, TestAttemptError> {
        let running = self.in_time(attempt, at)?;
        let drawn = running.attempt.questions.iter().find(|drawn| drawn.id == question);
        must_fit(drawn.ok_or(TestAttemptError::QuestionNotDrawn)?, &answer)?;
        if let Some(known) = running.answers.get(&question) {
            if sequence == known.sequence && answer != known.answer {
                return Err(TestAttemptError::SequenceTaken { sequence });
            }
            if sequence <= known.sequence {
                return Ok(vec![]);
            }
        }
        let series = self.series()?;
        let saved = Saved { sequence, answer };
        Ok(vec![TestAttemptEvent::AnswerSaved { series, attempt, question, saved, at }])
    }

    /// The attempt that runs, run out of its time.
    pub(super) fn run_out(&self) -> Vec<TestAttemptEvent> {
        let ends_at = self.running.as_ref().map(|running| running.attempt.ends_at);
        ends_at.map_or_else(Vec::new, |ends_at| self.end(Ending::OutOfTime, ends_at))
    }

    /// The end of the attempt that runs, and of the series where none may follow.
    pub(super) fn end(&self, ending: Ending, at: Timestamp) -> Vec<TestAttemptEvent> {
        let (Some(series), Some(running)) = (self.series, &self.running) else { return vec![] };
        let attempt = &running.attempt;
        let result = score(running);
        let ended = TestAttemptEvent::Ended { series, attempt: attempt.id, ending, at, result };
        let last = result.passed || attempt.number >= attempt.allowed || at >= series.closes_at;
        let concluded = last.then(|| self.concluded_with(Some(result))).flatten();
        [ended].into_iter().chain(concluded).collect()
    }

    /// The series is over with its best result, the one that ends now included.
    pub(super) fn concluded_with(&self, now: Option<TestResult>) -> Option<TestAttemptEvent> {
        let series = self.series?;
        let results = self.results.values().copied().chain(now);
        // Of two equal ones the earlier stands.
        let result = results.max_by_key(|result| (result.percent, u32::MAX - result.number))?;
        let (title, kind, period) = self.stands_for.clone()?;
        Some(TestAttemptEvent::Concluded { series, result, title, kind, period })
    }
}

/// Whether a question can be answered so.
fn must_fit(question: &Question, answer: &Answer) -> Result<(), TestAttemptError> {
    match (&question.key, answer) {
        (Key::Single { .. }, Answer::Options(chosen)) if chosen.len() > 1 => {
            Err(TestAttemptError::OneOptionAsked { given: chosen.len() })
        }
        (Key::Single { .. } | Key::Multiple { .. }, Answer::Options(chosen)) => {
            let offered = chosen.iter().all(|option| question.offers(*option));
            if offered { Ok(()) } else { Err(TestAttemptError::OptionNotOffered) }
        }
        (Key::Numeric { .. }, Answer::Number(_)) => Ok(()),
        (Key::Numeric { .. }, Answer::Options(_)) => {
            Err(TestAttemptError::WrongKindOfAnswer { asked: "number" })
        }
        (_, Answer::Number(_)) => Err(TestAttemptError::WrongKindOfAnswer { asked: "options" }),
    }
}

fn is_right(question: &Question, answer: &Answer) -> bool {
    match (&question.key, answer) {
        (Key::Single { right, .. }, Answer::Options(chosen)) => {
            chosen.len() == 1 && chosen.contains(right)
        }
        (Key::Multiple { right, .. }, Answer::Options(chosen)) => chosen == right,
        (Key::Numeric { right, tolerance }, Answer::Number(given)) => {
            given.distance(*right) <= tolerance.distance(crate::shared::Number::ZERO)
        }
        _ => false,
    }
}

fn score(running: &Running) -> TestResult {
    let attempt = &running.attempt;
    let right = attempt.questions.iter().filter(|question| {
        let saved = running.answers.get(&question.id);
        saved.is_some_and(|saved| is_right(question, &saved.answer))
    });
    let points: Score = right.map(|question| question.points).sum();
    let of: Score = attempt.questions.iter().map(|question| question.points).sum();
    let percent = Percent::share(points.hundredths(), of.hundredths());
    let passed = percent >= attempt.pass;
    TestResult { number: attempt.number, points, of, percent, passed }
}
