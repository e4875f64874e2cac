//! A decision is a value: what was decided, by which rule, on which facts.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that was known when something was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is, in snake case, stable over time.
    pub name: String,
    /// What it was, as plain text, never in one reader's language.
    pub value: String,
}

impl Fact {
    /// A fact by name, its value as it prints.
    pub fn new(name: &str, value: impl fmt::Display) -> Self {
        Self { name: name.to_owned(), value: value.to_string() }
    }
}

/// How something was decided: kept in the event, shown wherever its result is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The rule, by a stable name.
    pub rule: String,
    /// The version of the regulation it was decided under.
    pub regulation: String,
    /// What went in.
    pub facts: Vec<Fact>,
    /// What came out.
    pub verdict: String,
}

/// A refused command: why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable over time; front ends branch on it, messages are looked up by it.
    pub code: &'static str,
    /// Where the rule comes from.
    pub rule: &'static str,
    /// What it was decided on.
    pub facts: Vec<Fact>,
    /// The input field it concerns, where there is one.
    pub field: Option<&'static str>,
    /// The id of the aggregate that refused, where several were asked.
    pub by: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.code, self.rule)?;
        for fact in &self.facts {
            write!(f, " {}={}", fact.name, fact.value)?;
        }
        Ok(())
    }
}

/// An aggregate whose decisions are pure: it looks at itself and says what happens, or why not.
pub trait Decide: cqrs_es::Aggregate {
    /// The format of the state as it is kept: raised whenever the same events give another one.
    const STATE_FORMAT: i64;
    /// What happens on a command, not applied yet.
    fn decide(&self, command: Self::Command) -> Result<Vec<Self::Event>, Self::Error>;
}

/// A code of refusals.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// The code itself.
    pub code: &'static str,
    /// Where its rule comes from.
    pub rule: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// What every aggregate's error can say of itself.
pub trait Refuse {
    /// All its codes: the source of the API's `ErrorCode`.
    const CODES: &'static [Code];
    /// The refusal with its facts.
    fn refusal(&self) -> Refusal;
}
