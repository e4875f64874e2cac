//! What may be asked of the attempts at a test.

use jiff::Timestamp;

use super::{Answer, TestAttemptError};
use crate::{
    shared::{
        AttemptId, Decision, EnrollmentId, MarkId, MarkKind, Percent, PersonId, QuestionId, TestId,
        Window,
    },
    student::StudentStatus,
    test::TestCard,
};

/// What may be asked of the attempts at a test.
#[derive(Debug, Clone, strum::IntoStaticStr)]
pub enum TestAttemptCommand {
    /// Start an attempt. One whose time is over ends by it.
    Start(Box<Start>),
    /// Answer a question; a late or repeated answer changes nothing.
    SaveAnswer {
        /// In which attempt.
        attempt: AttemptId,
        /// Which question.
        question: QuestionId,
        /// The asker's own counter for this question.
        sequence: u32,
        /// The answer.
        answer: Answer,
        /// When it arrived.
        at: Timestamp,
    },
    /// Hand the attempt in.
    Submit {
        /// Which.
        attempt: AttemptId,
        /// When.
        at: Timestamp,
    },
    /// The page of a proctored attempt reports that it was closed: it can't be gone on with.
    Abandon {
        /// Which.
        attempt: AttemptId,
        /// When.
        at: Timestamp,
    },
    /// The attempt's time is over; one that has ended stays as it is.
    RunOut {
        /// Which.
        attempt: AttemptId,
        /// When.
        at: Timestamp,
    },
    /// The test's window has closed.
    Close {
        /// When it closes, by what the test is now.
        closes_at: Timestamp,
        /// When.
        at: Timestamp,
    },
    /// The mark of the concluding result is in the journal, or was refused there.
    NoteMark {
        /// The mark's id.
        mark: MarkId,
        /// The code with which it was refused, if it was.
        refused: Option<String>,
    },
}

/// Who starts an attempt at what, and what was known then.
#[derive(Debug, Clone)]
pub struct Start {
    /// Who.
    pub student: PersonId,
    /// Which test.
    pub test: TestId,
    /// What the test is now.
    pub card: TestCard,
    /// The registration that the result belongs to.
    pub enrollment: EnrollmentId,
    /// The student's status.
    pub status: Option<StudentStatus>,
    /// Whether the registration was given up.
    pub dropped: bool,
    /// Whether the admission rating admits to the exam; none while there is none.
    pub admitted: Option<bool>,
    /// The admission rating, as far as there is one.
    pub rating: Option<Percent>,
    /// The letter of the final grade, where the subject has one that no exam can change.
    pub grade: Option<String>,
    /// Whether the grade is one that a retake can change.
    pub retake_due: bool,
    /// When.
    pub at: Timestamp,
    /// These facts as the record keeps them.
    pub decision: Decision,
}

impl Start {
    /// Everything that speaks against it, by what was known.
    pub fn reasons(&self) -> Vec<TestAttemptError> {
        let studies = self.status == Some(StudentStatus::Studying);
        let status = || self.status.map_or("none", StudentStatus::name);
        let away = (!studies).then(|| TestAttemptError::NotStudying { status: status() });
        let dropped = self.dropped.then_some(TestAttemptError::NotRegistered);
        let Window { opens_at, closes_at } = self.card.window;
        let closed = (!self.card.window.contains(self.at)).then_some(TestAttemptError::NotOpen {
            opens_at,
            closes_at,
            now: self.at,
        });
        let reached = |needed| self.rating.is_some_and(|rating| rating >= needed);
        let rating = self.rating.map_or_else(|| "none".to_owned(), |rating| rating.to_string());
        let low = self.card.needed.filter(|needed| !reached(*needed));
        let kept_out = self.card.kind == MarkKind::Exam && self.admitted != Some(true);
        let kept_out = kept_out.then(|| TestAttemptError::NotAdmitted { rating: rating.clone() });
        let low = low.map(|needed| TestAttemptError::RatingTooLow { rating, needed });
        let nothing =
            self.card.kind == MarkKind::Retake && !self.retake_due && self.grade.is_none();
        let nothing = nothing.then_some(TestAttemptError::NothingToRetake);
        let graded = self.grade.clone().map(|grade| TestAttemptError::Graded { grade });
        [away, dropped, closed, kept_out, low, nothing, graded].into_iter().flatten().collect()
    }
}
