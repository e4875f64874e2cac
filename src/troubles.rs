//! What is told beside refusals: what went wrong, is too much or not allowed, each with a code that stays and a
//! message in the reader's language (`locales/*.ftl`).

/// What is told at the top of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    /// Stable; branch on it.
    pub code: &'static str,
    /// The key of its message: the code, where the code says it all.
    pub message: &'static str,
}

/// Each with its code, and its message where several have one code.
macro_rules! troubles {
    ($( $(#[doc = $doc:literal])* $name:ident = $code:literal $(, $message:literal)? ; )*) => {
        $(
            $(#[doc = $doc])*
            pub const $name: Trouble =
                Trouble { code: $code, message: troubles!(@message $code $(, $message)?) };
        )*

        /// All there are.
        pub const ALL: &[Trouble] = &[$($name),*];
    };
    (@message $code:literal) => { $code };
    (@message $code:literal, $message:literal) => { $message };
}

troubles! {
    /// Nobody is signed in.
    UNAUTHENTICATED = "UNAUTHENTICATED";
    /// It is for others.
    FORBIDDEN = "FORBIDDEN";
    /// A query for what there is not.
    NOT_FOUND = "NOT_FOUND";
    /// A file that there is not.
    NO_FILE = "NOT_FOUND", "NOT_FOUND_FILE";
    /// A calendar that there is not.
    NO_CALENDAR = "NOT_FOUND", "NOT_FOUND_CALENDAR";
    /// A paper that there is not.
    NO_PAPER = "NOT_FOUND", "NOT_FOUND_PAPER";
    /// Too many commands wait.
    BUSY = "BUSY";
    /// Too many passwords are looked at.
    SIGN_INS_BUSY = "BUSY", "BUSY_WITH_SIGN_INS";
    /// The database is away.
    UNAVAILABLE = "UNAVAILABLE";
    /// The database took nothing.
    NOTHING_WRITTEN = "UNAVAILABLE", "UNAVAILABLE_TO_WRITE";
    /// The files are away.
    FILES_UNAVAILABLE = "UNAVAILABLE", "UNAVAILABLE_FILES";
    /// It may have been written.
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN";
    /// A defect.
    INTERNAL = "INTERNAL";
    /// A view does not know enough yet.
    NOT_REACHED = "POSITION_NOT_REACHED";
    /// Nor does the log.
    NOT_IN_LOG = "POSITION_NOT_REACHED", "POSITION_NOT_IN_LOG";
    /// Whoever follows has other roles now.
    SUBSCRIBE_AGAIN = "SUBSCRIBE_AGAIN";
    /// Too many papers were asked for that there are not.
    CHECKS_SLOWED = "CHECKS_SLOWED";

    /// An id that is none.
    NO_ID = "BAD_INPUT", "INPUT_NO_ID";
    /// A cursor that is none.
    NO_CURSOR = "BAD_INPUT", "INPUT_NO_CURSOR";
    /// A page of less than nothing.
    FIRST_NEGATIVE = "BAD_INPUT", "INPUT_FIRST_NEGATIVE";
    /// A kind of aggregate that there is not.
    NO_AGGREGATE_TYPE = "BAD_INPUT", "INPUT_NO_AGGREGATE_TYPE";
    /// A kind of event that there is not.
    NO_EVENT_TYPE = "BAD_INPUT", "INPUT_NO_EVENT_TYPE";
    /// A view that there is not.
    NO_VIEW = "BAD_INPUT", "INPUT_NO_VIEW";
    /// A key that is too long for one.
    KEY_TOO_LONG = "BAD_INPUT", "INPUT_KEY_TOO_LONG";
    /// A time and a position.
    TWO_TIMES = "BAD_INPUT", "INPUT_TWO_TIMES";
    /// Days at the end of all calendars.
    DAYS_BEYOND = "BAD_INPUT", "INPUT_DAYS_BEYOND";
    /// A last day and how long.
    TWO_ENDS = "BAD_INPUT", "INPUT_TWO_ENDS";
    /// A last day before the first.
    ENDS_BEFORE_START = "BAD_INPUT", "INPUT_ENDS_BEFORE_START";
    /// Too many days.
    TOO_MANY_DAYS = "BAD_INPUT", "INPUT_TOO_MANY_DAYS";
    /// Too much to look at together.
    TOO_MANY_TOGETHER = "BAD_INPUT", "INPUT_TOO_MANY_TOGETHER";
    /// A language that there is not.
    NO_LANGUAGE = "BAD_INPUT", "INPUT_NO_LANGUAGE";
    /// A place in the log that is none.
    NO_POSITION = "BAD_INPUT", "INPUT_NO_POSITION";
    /// A variable without a value.
    VARIABLE_MISSING = "BAD_INPUT", "INPUT_VARIABLE_MISSING";
    /// A text with U+0000.
    HAS_NUL = "BAD_INPUT", "INPUT_HAS_NUL";
    /// A field without a value.
    FIELD_MISSING = "BAD_INPUT", "INPUT_FIELD_MISSING";
    /// A value that is none of those there are.
    NO_SUCH_VALUE = "BAD_INPUT", "INPUT_NO_SUCH_VALUE";
    /// A value that is none of its type.
    VALUE_UNREADABLE = "BAD_INPUT", "INPUT_UNREADABLE";

    /// A document that can't be read.
    QUERY_UNREADABLE = "BAD_QUERY", "QUERY_UNREADABLE";
    /// One that does not fit the schema, or names no operation.
    QUERY_UNFIT = "BAD_QUERY", "QUERY_UNFIT";
    /// One whose parts lie too deep in one another.
    QUERY_TOO_DEEP = "QUERY_TOO_DEEP";
    /// One that asks for too much.
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX";

    /// A subscription that asks for several things.
    SEVERAL_FIELDS = "BAD_QUERY", "QUERY_OF_SEVERAL_FIELDS";
    /// Too many renamed fields.
    TOO_MANY_ALIASES = "QUERY_TOO_MANY_ALIASES";
    /// A body over the limit.
    BODY_TOO_LARGE = "BODY_TOO_LARGE";
    /// A part of a body over the limit.
    PART_TOO_LARGE = "BODY_TOO_LARGE", "BODY_PART_TOO_LARGE";
    /// A body that is no text.
    BODY_NOT_UTF8 = "BODY_NOT_UTF8";
    /// A body of another kind.
    BODY_NOT_JSON = "BODY_NOT_JSON";
    /// A body that is no request.
    BODY_NOT_GRAPHQL = "BODY_NOT_GRAPHQL";
    /// Files without their header.
    PREFLIGHT_MISSING = "PREFLIGHT_MISSING";
    /// Files that take too long.
    UPLOAD_TOO_SLOW = "UPLOAD_TOO_SLOW";
    /// A mutation by GET.
    BAD_REQUEST_METHOD = "BAD_REQUEST_METHOD";
    /// Answers in a form that there is not.
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE";
    /// A subscription that can't be answered so.
    SUBSCRIPTION_NEEDS_STREAM = "SUBSCRIPTION_NEEDS_STREAM";
    /// A page of another site.
    ORIGIN_NOT_ALLOWED = "ORIGIN_NOT_ALLOWED";
    /// Too much on one connection.
    TOO_MANY_OPERATIONS = "TOO_MANY_OPERATIONS";
    /// It took too long.
    TIMED_OUT = "TIMED_OUT";
    /// A file whose bytes are gone.
    FILE_GONE = "FILE_GONE";
    /// A part of a file that it does not have.
    RANGE_NOT_SATISFIABLE = "RANGE_NOT_SATISFIABLE";
    /// A paper that is none yet.
    PAPER_NOT_READY = "IEP_PAPER_NOT_READY";
}
