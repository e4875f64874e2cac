//! From a command to a committed event: the one way in, for GraphQL, import, policies and tests.

mod batch;
mod keys;
mod measures;
mod recovery;
mod states;
#[cfg(test)]
mod tests;
mod upkeep;
mod writer;

use aggregates::{
    Act,
    shared::{PersonId, Position, Refusal, Role},
};
use uuid::Uuid;

pub use keys::answered;
pub use measures::{Measures, SECONDS};
pub use writer::Commands;

use crate::{database::StoreError, people::PersonWrite};

/// A transaction: acts on one or several aggregates, handled in order, all or none.
#[derive(Debug, Clone)]
pub struct Transaction {
    /// What is asked of which aggregate.
    pub acts: Vec<Act>,
    /// What is written about people with it.
    pub people: Vec<PersonWrite>,
    /// Who asks.
    pub actor: Actor,
    /// The key under which the same request is answered the same, and nothing done twice.
    pub key: Option<Key>,
    /// The ids that the answer names, kept with the key.
    pub result_ids: Vec<String>,
    /// The event that caused it, where one did.
    pub caused_by: Option<Position>,
}

/// Who asks, in which role, from where.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Who; none for a policy or the command line.
    pub person: Option<PersonId>,
    /// In which role.
    pub role: Option<Role>,
    /// What belongs together: one request, one import.
    pub correlation: String,
    /// The program it comes from.
    pub client: Option<String>,
}

impl Actor {
    /// Whoever runs the program on its machine.
    pub fn command_line(doing: &str) -> Self {
        Self {
            person: None,
            role: None,
            correlation: Uuid::new_v4().to_string(),
            client: Some(format!("oqu {doing}")),
        }
    }
}

/// An idempotency key with the request it was given for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key, unique for its actor.
    pub key: String,
    /// SHA-256 of the request.
    pub request_sha256: String,
}

impl Transaction {
    /// These acts, asked by that actor.
    pub fn of(actor: Actor, acts: Vec<Act>) -> Self {
        Self { acts, people: vec![], actor, key: None, result_ids: vec![], caused_by: None }
    }
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The command's id, which its events carry.
    pub command_id: Uuid,
    /// The log's end when it was done: a view that has come so far knows of it.
    pub position: Position,
    /// How many events it wrote.
    pub events: usize,
    /// The ids that the answer names: those of the first time, for a request that came again.
    pub result_ids: Vec<String>,
    /// Whether this answers a request that came before under its key: nothing was done now.
    pub again: bool,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A rule forbids it.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// Too many commands wait.
    #[error("too many commands wait; try again in a moment")]
    Busy,
    /// The key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// A login, IIN or external id is taken, by the name of the broken key.
    #[error("taken: {0}")]
    Taken(String),
    /// The server is going down, or the database is away; nothing was written.
    #[error("nothing was written: {0}")]
    Unavailable(String),
    /// The connection was lost during the commit: it may have been written.
    #[error("the outcome of command {command_id} is unknown: {cause}")]
    OutcomeUnknown {
        /// The command's id, which its events carry if they were written.
        command_id: Uuid,
        /// What broke.
        cause: String,
    },
    /// A defect of the program.
    #[error("a defect: {0}")]
    Defect(String),
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        Self::from(&error)
    }
}

impl From<&StoreError> for CommandError {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Conflict(key) => Self::Taken(key.clone()),
            StoreError::Unavailable(_) | StoreError::Behind(_) => {
                Self::Unavailable(error.to_string())
            }
            StoreError::Failed(_) | StoreError::Corrupt(_) => Self::Defect(error.to_string()),
        }
    }
}
