//! One event of the history, as it is told. What is stored may be damaged; it is told as it is.

use std::collections::HashMap;

use aggregates::shared::PersonId;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::Names;
use crate::log::StoredEvent;

/// Fields of events that name a person.
const PEOPLE: [&str; 6] = ["student", "person", "advisor", "teacher", "signer", "by"];

/// One event; serialized, it is a line of `--format jsonl`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) position: i64,
    pub(super) recorded_at: Timestamp,
    pub(super) actor: Actor,
    pub(super) role: Option<String>,
    #[serde(rename = "type")]
    pub(super) event_type: String,
    pub(super) version: String,
    pub(super) aggregate: Aggregate,
    pub(super) data: Value,
    pub(super) caused_by: Option<i64>,
    pub(super) correlation: Option<String>,
    pub(super) command_id: Option<String>,
    /// Whose record it belongs to.
    #[serde(skip)]
    pub(super) student: Option<String>,
}

/// Who acted; nobody where it was a policy or the command line.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Actor {
    pub(super) id: Option<String>,
    pub(super) display_name: Option<String>,
}

/// Whose event it is.
#[derive(Debug, Serialize)]
pub(super) struct Aggregate {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) sequence: i64,
}

impl Entry {
    pub(super) fn of(stored: &StoredEvent) -> Self {
        let mut metadata: HashMap<String, String> =
            serde_json::from_str(&stored.metadata).unwrap_or_default();
        Self {
            position: stored.position.0,
            recorded_at: Timestamp::from_microsecond(stored.recorded_at).unwrap_or_default(),
            actor: Actor { id: metadata.remove("actor"), display_name: None },
            role: metadata.remove("role"),
            event_type: stored.event_type.clone(),
            version: stored.event_version.clone(),
            aggregate: Aggregate {
                kind: stored.aggregate_type.clone(),
                id: stored.aggregate_id.clone(),
                sequence: stored.sequence,
            },
            data: inner(&stored.payload),
            caused_by: metadata.remove("caused_by").and_then(|cause| cause.parse().ok()),
            correlation: metadata.remove("correlation"),
            command_id: metadata.remove("command_id"),
            student: stored.student.clone(),
        }
    }

    /// All people that it is about.
    pub(super) fn people(&self) -> impl Iterator<Item = PersonId> {
        let named = PEOPLE.iter().filter_map(|field| self.data.get(field)?.as_str());
        let known = [self.actor.id.as_deref(), self.student.as_deref()].into_iter().flatten();
        known.chain(named).filter_map(|id| id.parse().ok())
    }

    pub(super) fn name_actor(&mut self, names: &Names) {
        self.actor.display_name = self.actor.id.as_ref().and_then(|id| names.get(id)).cloned();
    }
}

/// What a payload says, without the variant's name around it, which is in the type.
fn inner(payload: &str) -> Value {
    match serde_json::from_str(payload) {
        Ok(Value::Object(variant)) if variant.len() == 1 => {
            variant.into_iter().next().map_or(Value::Null, |(_, data)| data)
        }
        Ok(other) => other,
        Err(_) => Value::String(payload.to_owned()),
    }
}
