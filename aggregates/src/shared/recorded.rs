//! An event as it is read back from the log.

use std::{collections::HashMap, fmt};

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
    /// As cqrs-es stores it.
    pub fn to_map(&self) -> HashMap<String, String> {
        let optional = [
            ("actor", self.actor.map(|actor| actor.to_string())),
            ("role", self.role.map(|role| role.to_string())),
            ("caused_by", self.caused_by.map(|cause| cause.to_string())),
            ("client", self.client.clone()),
        ];
        let mut map: HashMap<_, _> = optional
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        map.insert("command_id".into(), self.command_id.to_string());
        map.insert("correlation".into(), self.correlation.clone());
        map
    }

    /// As it was stored; says which field is missing or malformed.
    pub fn from_map(map: &HashMap<String, String>) -> Result<Self, String> {
        fn read<T: std::str::FromStr>(
            map: &HashMap<String, String>,
            name: &str,
        ) -> Result<Option<T>, String> {
            map.get(name)
                .map(|text| text.parse().map_err(|_| format!("metadata.{name}: `{text}`")))
                .transpose()
        }
        Ok(Self {
            actor: read(map, "actor")?,
            role: read(map, "role")?,
            command_id: read(map, "command_id")?.ok_or("metadata.command_id is missing")?,
            caused_by: read(map, "caused_by")?.map(Position),
            correlation: read(map, "correlation")?.ok_or("metadata.correlation is missing")?,
            client: read(map, "client")?,
        })
    }
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
    pub metadata: Metadata,
    /// What happened.
    pub event: Event,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_comes_back_as_it_was_stored() {
        let metadata = Metadata {
            actor: Some(PersonId::new()),
            role: Some(Role::Registrar),
            command_id: Uuid::new_v4(),
            caused_by: Some(Position(7)),
            correlation: "request-1".into(),
            client: None,
        };
        assert_eq!(Metadata::from_map(&metadata.to_map()), Ok(metadata));
    }
}
