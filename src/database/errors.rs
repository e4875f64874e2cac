//! Why a database did not do what was asked, and whether a commit may have happened that ended so.

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A key exists already: somebody else was faster, or it is taken.
    #[error("a key exists already: {0}")]
    Conflict(String),
    /// It can't be reached, broke off, or has no room.
    #[error("the database can't do it now: {0}")]
    Unavailable(sqlx::Error),
    /// Something else.
    #[error("the database refused: {0}")]
    Failed(sqlx::Error),
    /// What is stored can't be read.
    #[error("what is stored can't be read: {0}")]
    Corrupt(String),
    /// A view knows less of the log than whoever reads it asked for.
    #[error("the view {0} has not come so far")]
    Behind(String),
}

impl StoreError {
    /// Whether it passes when the database is there again: nothing of what was asked is to blame.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error::{Database, Io, PoolClosed, PoolTimedOut, Protocol, Tls, WorkerCrashed};
        match &error {
            Database(inner) if inner.is_unique_violation() => {
                Self::Conflict(key_of(inner.as_ref()))
            }
            // What our own trigger says where a key exists.
            Database(inner) if inner.message().starts_with("UNIQUE constraint failed") => {
                Self::Conflict(inner.message().to_owned())
            }
            Database(inner) if inner.code().is_some_and(|code| is_for_now(&code)) => {
                Self::Unavailable(error)
            }
            Io(_) | Tls(_) | PoolTimedOut | PoolClosed | WorkerCrashed | Protocol(_) => {
                Self::Unavailable(error)
            }
            _ => Self::Failed(error),
        }
    }
}

/// Why a commit did not come about.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    /// Nothing was written.
    #[error(transparent)]
    Refused(#[from] StoreError),
    /// The connection was lost during the commit: it may have been written.
    #[error("the connection was lost during the commit: {0}")]
    Unknown(StoreError),
}

impl Unwritten {
    /// What an error at the commit means: where the database said why, nothing was written, unless it says
    /// itself that it does not know.
    pub fn at_commit(error: StoreError) -> Self {
        match &error {
            StoreError::Conflict(_) => Self::Refused(error),
            // There was no connection to send it on.
            StoreError::Unavailable(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => {
                Self::Refused(error)
            }
            StoreError::Unavailable(sqlx::Error::Database(inner))
            | StoreError::Failed(sqlx::Error::Database(inner))
                if !inner.code().is_some_and(|code| leaves_open(&code)) =>
            {
                Self::Refused(error)
            }
            _ => Self::Unknown(error),
        }
    }
}

/// Whether a commit may have happened that ended so. PostgreSQL (SQLSTATE, five characters): the connection
/// or the server broke (classes 08, 57P, 58, XX), or the outcome is unknown (40003). SQLite (result codes):
/// an error of the disk (10).
fn leaves_open(code: &str) -> bool {
    match code.len() {
        5 => {
            code == "40003" || ["08", "57P", "58", "XX"].iter().any(|class| code.starts_with(class))
        }
        _ => code.parse::<u32>().is_ok_and(|code| code & 0xff == 10),
    }
}

/// What passes: the server is going down or coming up (57P), it lacks room or connections (53), has become
/// one that only reads (25006), ended a conflict (40) or a statement (57014), or a lock is held too long
/// (55P03); in SQLite a lock (5), a disk that fails (10) or is full (13).
fn is_for_now(code: &str) -> bool {
    match code.len() {
        5 => {
            let classes = ["57P", "53", "40"];
            let codes = ["25006", "55P03", "57014"];
            codes.contains(&code) || classes.iter().any(|class| code.starts_with(class))
        }
        _ => code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 10 | 13)),
    }
}

/// The name of the constraint that was broken: PostgreSQL gives it, SQLite names the columns.
fn key_of(error: &dyn sqlx::error::DatabaseError) -> String {
    error.constraint().unwrap_or(error.message()).to_owned()
}
