//! Why an attempt at a test can't go on as asked.

use jiff::Timestamp;

use crate::shared::Percent;

refusals! {
    /// Why an attempt at a test can't go on as asked.
    pub enum TestAttemptError {
        /// The student has made no attempt at this test.
        Unknown = "TEST_NOT_ATTEMPTED", "manual 2.13", at "testId";
        /// There is no such attempt.
        AttemptUnknown = "ATTEMPT_UNKNOWN", "manual 2.13", at "attemptId";
        /// Only who studies now takes tests.
        NotStudying { status: &'static str } = "TEST_NOT_STUDYING", "manual 2.13", at "testId";
        /// The student is not registered for the subject.
        NotRegistered = "TEST_NOT_REGISTERED", "manual 2.13", at "testId";
        /// The test is open strictly at its times.
        NotOpen { opens_at: Timestamp, closes_at: Timestamp, now: Timestamp } = "TEST_NOT_OPEN", "manual 2.13", at "testId";
        /// The admission rating that is needed is not reached.
        RatingTooLow { rating: String, needed: Percent } = "TEST_RATING_TOO_LOW", "manual 2.13", at "testId";
        /// The admission rating does not admit to the exam, or is not there yet.
        NotAdmitted { rating: String } = "TEST_NOT_ADMITTED", "manual 2.13", at "testId";
        /// The subject has no grade that could be retaken.
        NothingToRetake = "TEST_NOTHING_TO_RETAKE", "manual 2.13", at "testId";
        /// The subject has its final grade.
        Graded { grade: String } = "TEST_SUBJECT_GRADED", "manual 2.13", at "testId";
        /// Another attempt still runs.
        AttemptRuns { number: u32 } = "ATTEMPT_RUNS", "manual 2.13.3", at "testId";
        /// The test is passed.
        PassedAlready = "TEST_PASSED_ALREADY", "manual 2.13", at "testId";
        /// All attempts are used.
        AttemptsUsedUp { used: u32, allowed: u32 } = "ATTEMPTS_USED_UP", "manual 2.13.3", at "testId";
        /// The result stands: no further attempt follows.
        Concluded = "TEST_CONCLUDED", "manual 2.13", at "testId";
        /// The attempt has ended.
        Over = "ATTEMPT_OVER", "manual 2.13.4", at "attemptId";
        /// The attempt's time is over.
        TimeIsUp { ends_at: Timestamp, now: Timestamp } = "ATTEMPT_TIME_IS_UP", "manual 2.13.4", at "attemptId";
        /// Only the page of a proctored attempt ends it by being closed.
        NotProctored = "ATTEMPT_NOT_PROCTORED", "manual 2.13.3", at "attemptId";
        /// The question was not drawn in this attempt.
        QuestionNotDrawn = "QUESTION_NOT_DRAWN", "manual 2.13.4", at "questionId";
        /// One option is asked.
        OneOptionAsked { given: usize } = "ONE_OPTION_ASKED", "manual 2.13.4", at "answer.optionIds";
        /// The question does not offer this option.
        OptionNotOffered = "OPTION_NOT_OFFERED", "manual 2.13.4", at "answer.optionIds";
        /// The question asks for another kind of answer.
        WrongKindOfAnswer { asked: &'static str } = "ANSWER_KIND_WRONG", "manual 2.13.4", at "answer";
        /// Another answer came under this number: two pages answer at once.
        SequenceTaken { sequence: u32 } = "ANSWER_SEQUENCE_TAKEN", "manual 2.13.4", at "sequence";
    }
}
