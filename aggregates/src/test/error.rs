//! Why a test can't be as asked.

use jiff::Timestamp;

use crate::shared::MarkKind;

refusals! {
    /// Why a test can't be as asked.
    pub enum TestError {
        /// There is no such test.
        Unknown = "TEST_UNKNOWN", "manual 2.13", at "testId";
        /// The test is planned already.
        Exists = "TEST_EXISTS", "manual 2.13", at "testId";
        /// A test stays with its subject and term.
        Moved = "TEST_MOVED", "manual 2.13", at "subjectId";
        /// The window is over before it begins.
        WindowIsEmpty { opens_at: Timestamp, closes_at: Timestamp } = "TEST_WINDOW_IS_EMPTY", "manual 2.13", at "closesAt";
        /// An attempt takes at least a minute and at most a day.
        MinutesOutOfRange { minutes: u32, most: u32 } = "TEST_MINUTES_OUT_OF_RANGE", "manual 2.13.4", at "minutes";
        /// There is at least one attempt, and an end of them.
        AttemptsOutOfRange { attempts: u32, most: u32 } = "TEST_ATTEMPTS_OUT_OF_RANGE", "manual 2.13", at "attempts";
        /// A midterm or a rating is of a rating period, 1 or 2; an exam is not.
        PeriodUnfit { kind: MarkKind } = "TEST_PERIOD_UNFIT", "manual 2.12", at "period";
        /// A test asks something.
        NoQuestions = "TEST_NO_QUESTIONS", "manual 2.13.4", at "questions";
        /// An attempt draws some questions, and no more than there are.
        DrawsTooMany { drawn: u32, questions: usize } = "TEST_DRAWS_TOO_MANY", "manual 2.13.4", at "drawn";
        /// A right answer is worth something.
        NoPoints { number: usize } = "TEST_QUESTION_NO_POINTS", "manual 2.13.4", at "questions";
        /// There is something to choose from.
        OptionsTooFew { number: usize } = "TEST_QUESTION_OPTIONS_TOO_FEW", "manual 2.13.4", at "questions";
        /// A question stands once in a test, and an option once in a question.
        Twice { number: usize } = "TEST_QUESTION_TWICE", "manual 2.13.4", at "questions";
        /// A question can be answered rightly.
        NoRightAnswer { number: usize } = "TEST_QUESTION_NO_RIGHT_ANSWER", "manual 2.13.4", at "questions";
    }
}
