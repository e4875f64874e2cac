//! An event as it is read back from the log.

use std::{borrow::Cow, collections::HashMap, fmt, str::FromStr, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{PersonId, Role};
use crate::Event;

/// A place in the log: 1, 2, 3, ... without gaps; 0 is before the first event.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Position(pub i64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Who, why and from where: stored with each event as one flat object of strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// The person who acted; none for a policy.
    pub actor: Option<PersonId>,
    /// The role they acted in.
    pub role: Option<Role>,
    /// The command that wrote it.
    pub command_id: Uuid,
    /// The event that caused the command, where one did.
    pub caused_by: Option<Position>,
    /// What belongs together: one request, one import.
    pub correlation: String,
    /// The program it came from.
    pub client: Option<String>,
}

impl Metadata {
    /// As it is stored, in the shape of cqrs-es's map.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        fn text<T: fmt::Display>(value: Option<T>) -> Option<Cow<'static, str>> {
            value.map(|value| value.to_string().into())
        }
        serde_json::to_string(&Stored {
            actor: text(self.actor),
            caused_by: text(self.caused_by),
            client: self.client.as_deref().map(Cow::from),
            command_id: Some(self.command_id.to_string().into()),
            correlation: Some(self.correlation.as_str().into()),
            role: text(self.role),
        })
    }

    /// As cqrs-es hands it out; says which field is missing or malformed.
    pub fn from_map(map: &HashMap<String, String>) -> Result<Self, String> {
        Self::of(|name| map.get(name).map(String::as_str))
    }

    /// The same from JSON, without a map of it.
    pub fn read(json: &str) -> Result<Self, String> {
        let stored: Stored = serde_json::from_str(json).map_err(|error| error.to_string())?;
        Self::of(|name| match name {
            "actor" => stored.actor.as_deref(),
            "role" => stored.role.as_deref(),
            "command_id" => stored.command_id.as_deref(),
            "caused_by" => stored.caused_by.as_deref(),
            "correlation" => stored.correlation.as_deref(),
            "client" => stored.client.as_deref(),
            _ => None,
        })
    }

    fn of<'a>(field: impl Fn(&str) -> Option<&'a str>) -> Result<Self, String> {
        fn read<T: FromStr>(name: &str, text: Option<&str>) -> Result<Option<T>, String> {
            text.map(|text| text.parse().map_err(|_| format!("metadata.{name}: `{text}`")))
                .transpose()
        }
        let missing = |name| format!("metadata.{name} is missing");
        Ok(Self {
            actor: read("actor", field("actor"))?,
            role: read("role", field("role"))?,
            command_id: read("command_id", field("command_id"))?
                .ok_or_else(|| missing("command_id"))?,
            caused_by: read("caused_by", field("caused_by"))?.map(Position),
            correlation: field("correlation").ok_or_else(|| missing("correlation"))?.to_owned(),
            client: field("client").map(str::to_owned),
        })
    }
}

/// The fields of [`Metadata`] as they lie in the JSON, by the alphabet: equal metadata are equal bytes.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    actor: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    caused_by: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    client: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    command_id: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    correlation: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    role: Option<Cow<'a, str>>,
}

/// An event with its place in the log.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Its place among all events.
    pub position: Position,
    /// When its batch was committed, by the database's clock.
    pub recorded_at: Timestamp,
    /// Whose event it is.
    pub aggregate_id: String,
    /// Its place among its aggregate's events, from 1.
    pub sequence: i64,
    /// Who, why and from where.
    pub metadata: Arc<Metadata>,
    /// What happened.
    pub event: Event,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn metadata_comes_back_as_it_was_stored() {
        let metadata = Metadata {
            actor: Some(PersonId::new()),
            role: Some(Role::Registrar),
            command_id: Uuid::new_v4(),
            caused_by: Some(Position(7)),
            correlation: "request \"1\"".into(),
            client: Some("oqu".into()),
        };
        let json = metadata.to_json().unwrap();
        let (actor, command_id) = (metadata.actor.unwrap(), metadata.command_id);
        assert_eq!(
            json,
            format!(
                r#"{{"actor":"{actor}","caused_by":"7","client":"oqu","command_id":"{command_id}","correlation":"request \"1\"","role":"{}"}}"#,
                Role::Registrar
            )
        );
        let stored: HashMap<_, _> = serde_json::from_str(&json).unwrap();
        assert_eq!(Metadata::from_map(&stored).as_ref(), Ok(&metadata));
        let sorted: BTreeMap<_, _> = stored.iter().collect();
        assert_eq!(json, serde_json::to_string(&sorted).unwrap());
        assert_eq!(Metadata::read(&json), Ok(metadata));
    }
}
