//! The commands of one batch, handled one after another on the states they find.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

use aggregates::{State, shared::Metadata};
use uuid::Uuid;

use super::{CommandError, Transaction};
use crate::{
    database::{Database, StoreError},
    log::{NewEvent, load_aggregates},
};

/// An aggregate by type and id.
type Name = (&'static str, String);

/// The states that a batch works on.
#[derive(Default)]
pub(super) struct States(HashMap<Name, Loaded>);

#[derive(Clone)]
struct Loaded {
    state: State,
    sequence: i64,
}

impl States {
    /// Loads all aggregates that these transactions touch, in one read.
    pub(super) async fn load<'a>(
        database: &Database,
        transactions: impl Iterator<Item = &'a Transaction>,
    ) -> Result<Self, StoreError> {
        let mut states = HashMap::new();
        for act in transactions.flat_map(|transaction| &transaction.acts) {
            let kind = act.command.aggregate_type();
            let state = State::new(kind)
                .ok_or_else(|| StoreError::Corrupt(format!("no aggregate type {kind}")))?;
            states.entry((kind, act.id.clone())).or_insert(Loaded { state, sequence: 0 });
        }
        let wanted: Vec<_> = states.keys().map(|(kind, id): &Name| (*kind, id.as_str())).collect();
        let events = match wanted.as_slice() {
            [] => vec![],
            wanted => load_aggregates(database, wanted).await?,
        };
        for event in events {
            let recorded = event.decode()?;
            let kind = recorded.event.aggregate_type();
            if let Some(loaded) = states.get_mut(&(kind, event.aggregate_id)) {
                loaded.state.apply(recorded.event);
                loaded.sequence = event.sequence;
            }
        }
        Ok(Self(states))
    }

    /// Handles a transaction: its events, or why not; a refused one leaves every state as it was.
    pub(super) fn handle(
        &mut self,
        transaction: &Transaction,
        command_id: Uuid,
    ) -> Result<Vec<NewEvent>, CommandError> {
        let metadata = Metadata {
            actor: transaction.actor.person,
            role: transaction.actor.role,
            command_id,
            caused_by: transaction.caused_by,
            correlation: transaction.actor.correlation.clone(),
            client: transaction.actor.client.clone(),
        };
        let mut touched: HashMap<Name, Loaded> = HashMap::new();
        let mut written = Vec::new();
        for act in &transaction.acts {
            let name = (act.command.aggregate_type(), act.id.clone());
            let loaded = match touched.get_mut(&name) {
                Some(loaded) => loaded,
                None => {
                    let known = self.0.get(&name).cloned().ok_or_else(|| not_loaded(&name))?;
                    touched.entry(name.clone()).or_insert(known)
                }
            };
            let command = act.command.clone();
            // A panic in one command must not take the others with it; the state it leaves is dropped.
            let handled = catch_unwind(AssertUnwindSafe(|| loaded.state.handle(command)));
            let events = match handled {
                Ok(Some(Ok(events))) => events,
                Ok(Some(Err(refusal))) => return Err(CommandError::Refused(refusal)),
                Ok(None) => return Err(not_loaded(&name)),
                Err(_) => {
                    return Err(CommandError::Defect(format!("{} panicked in handle", name.0)));
                }
            };
            for event in events {
                loaded.sequence += 1;
                let new = NewEvent::new(name.0, &name.1, loaded.sequence, &event, &metadata);
                written.push(new.map_err(|error| CommandError::Defect(error.to_string()))?);
            }
        }
        self.0.extend(touched);
        Ok(written)
    }
}

fn not_loaded((kind, id): &Name) -> CommandError {
    CommandError::Defect(format!("{kind}/{id} is not loaded"))
}
