//! How the API says no: refusals as typed user errors, faults as top-level errors; each with a code
//! of one list, in the reader's language.

use std::fmt::Display;

use aggregates::shared::{Fact, Refusal, TextFlaw};
use async_graphql::{ErrorExtensions, SimpleObject};
use tracing::error;

use super::codes::{ErrorCode, rule_of};
use crate::{
    commands::CommandError,
    database::StoreError,
    identity::policy::Denied,
    messages,
    troubles::{self, Trouble},
};

/// Something that was known when something was decided.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
#[graphql(name = "Fact")]
pub struct FactObject {
    /// What it is, in snake case; stable.
    pub name: String,
    /// What it was, as plain text, never localised.
    pub value: String,
}

impl From<&Fact> for FactObject {
    fn from(fact: &Fact) -> Self {
        Self { name: fact.name.clone(), value: fact.value.clone() }
    }
}

/// Why a command was refused, or what is worth a second look though it was not.
#[derive(Debug, Clone, SimpleObject)]
pub struct UserError {
    /// Stable; branch on it.
    pub code: ErrorCode,
    /// In the reader's language (`Accept-Language`).
    pub message: String,
    /// The input field it concerns, as a path.
    pub field: Option<Vec<String>>,
    /// What it was decided on.
    pub facts: Vec<FactObject>,
    /// Where the rule comes from.
    pub rule: String,
}

impl UserError {
    /// Whether it says that this is somebody else's.
    pub fn is_of_ownership(&self) -> bool {
        self.code.0 == "NOT_YOURS"
    }

    /// Whether another one is for the same reason, by the same facts.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.code == other.code && self.facts == other.facts
    }

    /// A refusal of an aggregate.
    pub fn of(refusal: &Refusal) -> Self {
        Self {
            code: ErrorCode(refusal.code),
            message: messages::message(refusal.code, &refusal.facts),
            field: refusal.field.map(path),
            facts: refusal.facts.iter().map(FactObject::from).collect(),
            rule: refusal.rule.to_owned(),
        }
    }

    /// The same of a stream that the input does not name by a field of its own.
    pub fn of_stream(mut self, stream: &str) -> Self {
        let stream = Fact::new("stream", stream);
        self.facts.push(FactObject::from(&stream));
        let told = [stream, Fact::new("message", &self.message)];
        self.message = messages::message("OF_STREAM", &told);
        self
    }

    /// The same of a student whom a list in the input names.
    pub fn of_student(mut self, student: &str) -> Self {
        let student = Fact::new("student", student);
        self.facts.push(FactObject::from(&student));
        let told = [student, Fact::new("message", &self.message)];
        self.message = messages::message("OF_STUDENT", &told);
        self
    }

    /// The same of an item of a list in the input.
    pub fn of_item(self, list: &str, place: usize) -> Self {
        Self { field: Some(vec![list.to_owned(), place.to_string()]), ..self }
    }

    /// A refusal of the API itself.
    pub fn own(code: &'static str, field: Option<&str>, facts: Vec<Fact>) -> Self {
        Self {
            code: ErrorCode(code),
            message: messages::message(code, &facts),
            field: field.map(path),
            facts: facts.iter().map(FactObject::from).collect(),
            rule: rule_of(code).to_owned(),
        }
    }
}

fn path(field: &str) -> Vec<String> {
    field.split('.').map(str::to_owned).collect()
}

/// Why a resolver stops: the user's error, or a top-level one.
#[derive(Debug)]
pub enum Fault {
    /// Something the user can mend.
    User(Vec<UserError>),
    /// A bug, a limit, or a missing right.
    Top(async_graphql::Error),
}

impl Fault {
    /// A user error of the API's own.
    pub fn user(code: &'static str, field: &str) -> Self {
        Self::User(vec![UserError::own(code, Some(field), vec![])])
    }

    /// The same with facts.
    pub fn with_facts(code: &'static str, field: Option<&str>, facts: Vec<Fact>) -> Self {
        Self::User(vec![UserError::own(code, field, facts)])
    }

    /// A number, or how many there are of something, outside what it may be.
    pub fn out_of_range(field: &str, least: impl Display, most: impl Display) -> Self {
        let facts = vec![Fact::new("least", least), Fact::new("most", most)];
        Self::with_facts("NUMBER_OUT_OF_RANGE", Some(field), facts)
    }

    /// A text that is due, and of which the field has nothing.
    pub fn no_text(field: &str) -> Self {
        Self::with_facts("TEXT_EMPTY", Some(field), vec![Fact::new("field", field)])
    }

    /// A text that is not taken.
    pub fn text(flaw: TextFlaw, field: &str) -> Self {
        match flaw {
            TextFlaw::Empty => Self::no_text(field),
            TextFlaw::Control => Self::user("TEXT_HAS_CONTROL_CHARACTERS", field),
            TextFlaw::TooLong { most, length } => {
                let facts = vec![Fact::new("most", most), Fact::new("length", length)];
                Self::with_facts("TEXT_TOO_LONG", Some(field), facts)
            }
        }
    }
}

impl From<async_graphql::Error> for Fault {
    fn from(error: async_graphql::Error) -> Self {
        Self::Top(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Top(store(&error))
    }
}

impl From<CommandError> for Fault {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Refused(refusal) => Self::User(vec![UserError::of(&refusal)]),
            CommandError::KeyReused => Self::user("IDEMPOTENCY_KEY_REUSED", "idempotencyKey"),
            CommandError::Taken(key) => taken(&key),
            CommandError::Busy => Self::Top(top(troubles::BUSY)),
            CommandError::Unavailable(cause) => {
                error!(%cause, "a command could not be written");
                Self::Top(top(troubles::NOTHING_WRITTEN))
            }
            CommandError::OutcomeUnknown { command_id, .. } => {
                let error = top(troubles::OUTCOME_UNKNOWN);
                Self::Top(
                    error.extend_with(|_, values| values.set("commandId", command_id.to_string())),
                )
            }
            CommandError::Defect(cause) => {
                error!(%cause, "a defect");
                Self::Top(internal())
            }
        }
    }
}

/// A unique key of `persons` that somebody else has.
fn taken(key: &str) -> Fault {
    if key.contains("login") {
        Fault::user("LOGIN_TAKEN", "login")
    } else if key.contains("iin") {
        Fault::user("IIN_TAKEN", "iin")
    } else if key.contains("external_id") {
        Fault::user("EXTERNAL_ID_TAKEN", "externalId")
    } else if key == "files_claimed" {
        Fault::user("FILE_USED", "file")
    } else {
        error!(key, "a key that no rule speaks of is taken");
        Fault::Top(internal())
    }
}

/// A top-level error with its code, in the reader's language.
pub fn top(trouble: Trouble) -> async_graphql::Error {
    top_of(trouble, &[])
}

/// The same with what its message tells.
pub fn top_of(trouble: Trouble, facts: &[Fact]) -> async_graphql::Error {
    coded(trouble.code, messages::message(trouble.message, facts))
}

fn coded(code: &'static str, message: String) -> async_graphql::Error {
    async_graphql::Error::new(message).extend_with(|_, values| values.set("code", code))
}

/// A user error where there is no payload to put it into.
pub fn untold(error: UserError) -> async_graphql::Error {
    coded(error.code.0, error.message)
}

/// What the reader is told of a defect; the log says more.
pub fn internal() -> async_graphql::Error {
    top(troubles::INTERNAL)
}

/// A database that fails.
pub fn store(error: &StoreError) -> async_graphql::Error {
    if let StoreError::Behind(_) = error {
        return not_reached();
    }
    error!(%error, "the database failed");
    match error {
        StoreError::Unavailable(_) => top(troubles::UNAVAILABLE),
        _ => internal(),
    }
}

/// A view that does not know enough of the log.
pub fn not_reached() -> async_graphql::Error {
    top(troubles::NOT_REACHED)
}

/// Whether that is what it says.
pub fn is_not_reached(error: &async_graphql::Error) -> bool {
    let code = error.extensions.as_ref().and_then(|values| values.get("code"));
    code == Some(&troubles::NOT_REACHED.code.into())
}

/// Whoever may not.
pub fn denied(denied: Denied) -> async_graphql::Error {
    top(match denied {
        Denied::Unauthenticated => troubles::UNAUTHENTICATED,
        Denied::Forbidden => troubles::FORBIDDEN,
    })
}

/// An id in a query that nothing has.
pub fn not_found() -> async_graphql::Error {
    top(troubles::NOT_FOUND)
}
