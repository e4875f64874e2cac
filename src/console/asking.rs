//! What a page asks the API in this process, for whoever visits.

use aggregates::shared::Position;
use async_graphql::{Request, Variables};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tracing::error;

use super::{failure::Failure, visit::Visit};
use crate::http::{holds_nul, run};

/// Asks one operation with one root field, and reads that field; null where nothing was found.
pub(super) async fn ask<T: DeserializeOwned>(
    visit: &Visit,
    operation: &str,
    variables: Value,
) -> Result<Option<T>, Failure> {
    let variables = Variables::from_json(variables);
    if variables.values().any(holds_nul) {
        return Err(Failure::told("BAD_INPUT"));
    }
    let request = Request::new(operation).variables(variables);
    let answer = run(&visit.shared, request, visit.caller(), visit.after()).await;
    let answer = answer.map_err(|refused| Failure::refused(&refused))?;
    if let Some(failure) = Failure::in_answer(&answer) {
        return Err(failure);
    }
    let read = answer.data.into_json().and_then(|data| {
        let fields = data.as_object().and_then(|fields| fields.values().next().cloned());
        serde_json::from_value(fields.unwrap_or_default())
    });
    read.map_err(|cause| {
        error!(%cause, "a page can't read what it asked for");
        Failure::told("INTERNAL")
    })
}

/// Why something was refused.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Refusal {
    pub code: String,
    pub message: String,
}

/// What came of a mutation.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome {
    #[serde(default)]
    pub position: Option<i64>,
    pub user_errors: Vec<Refusal>,
}

impl Outcome {
    /// The log's end with it, or why it was refused.
    pub fn position(self) -> Result<Position, Vec<Refusal>> {
        match self.position {
            Some(position) if self.user_errors.is_empty() => Ok(Position(position)),
            _ => Err(self.user_errors),
        }
    }
}
