//! A dry run: every row is decided by the same aggregates, on what is in the log and on what the
//! rows before it would have written; that is kept beside the import and forgotten at its end.

use std::collections::{HashMap, HashSet};

use aggregates::{Event, State, shared::Refusal};

use super::{ImportError, entity::Plan, staging::Staging};
use crate::{
    database::{Database, StoreError},
    log::load_aggregates,
};

/// An aggregate by type and id.
pub(super) type Name = (&'static str, String);

/// An event that is not written: aggregate type, aggregate id, payload.
type Kept = (&'static str, String, String);

/// Decides rows and writes nothing.
pub(super) struct Rehearsal {
    staging: Staging,
    /// The log that it starts from; none where there is no database yet.
    log: Option<Database>,
}

impl Rehearsal {
    /// On that log.
    pub(super) fn new(staging: Staging, log: Option<Database>) -> Self {
        Self { staging, log }
    }

    /// What would come of each plan: whether it changes anything, or why it is refused.
    pub(super) async fn execute(
        &self,
        plans: &[&Plan],
    ) -> Result<Vec<Result<bool, Refusal>>, ImportError> {
        let mut states = self.load(plans).await?;
        let mut kept = Vec::new();
        let mut done = Vec::with_capacity(plans.len());
        for plan in plans {
            done.push(match handle(&mut states, plan)? {
                Ok(events) => {
                    let changes = !events.is_empty() || !plan.people.is_empty();
                    kept.extend(events);
                    Ok(changes)
                }
                Err(refusal) => Err(refusal),
            });
        }
        self.staging.rehearse(&kept).await?;
        Ok(done)
    }

    async fn load(&self, plans: &[&Plan]) -> Result<HashMap<Name, State>, ImportError> {
        let acts = plans.iter().flat_map(|plan| &plan.acts);
        let names: HashSet<Name> =
            acts.map(|act| (act.command.aggregate_type(), act.id.clone())).collect();
        self.states(names.into_iter().collect()).await
    }

    /// Aggregates as they would be by now.
    pub(super) async fn states(
        &self,
        names: Vec<Name>,
    ) -> Result<HashMap<Name, State>, ImportError> {
        let mut states = states(self.log.as_ref(), &names).await?;
        let wanted: Vec<_> = names.iter().map(|(kind, id)| (*kind, id.as_str())).collect();
        for (kind, id, payload) in self.staging.rehearsed(&wanted).await? {
            let event = Event::decode(&kind, &payload)
                .map_err(|error| StoreError::Corrupt(error.to_string()))?;
            apply(&mut states, &id, event);
        }
        Ok(states)
    }
}

/// Aggregates as they are in the log.
pub(super) async fn states(
    log: Option<&Database>,
    names: &[Name],
) -> Result<HashMap<Name, State>, ImportError> {
    let mut states = HashMap::new();
    for (kind, id) in names {
        let state = State::new(kind).ok_or_else(|| unknown(kind))?;
        states.insert((*kind, id.clone()), state);
    }
    let wanted: Vec<_> = names.iter().map(|(kind, id)| (*kind, id.as_str())).collect();
    if let Some(log) = log {
        for event in load_aggregates(log, &wanted).await? {
            for read in event.events()? {
                apply(&mut states, &event.aggregate_id, read);
            }
        }
    }
    Ok(states)
}

fn apply(states: &mut HashMap<Name, State>, id: &str, event: Event) {
    if let Some(state) = states.get_mut(&(event.aggregate_type(), id.to_owned())) {
        state.apply(event);
    }
}

/// All of a plan's acts, or none: a refused plan leaves every state as it was.
fn handle(
    states: &mut HashMap<Name, State>,
    plan: &Plan,
) -> Result<Result<Vec<Kept>, Refusal>, ImportError> {
    let mut touched: HashMap<Name, State> = HashMap::new();
    let mut kept = Vec::new();
    for act in &plan.acts {
        let kind = act.command.aggregate_type();
        let name = (kind, act.id.clone());
        let known = states.get(&name).ok_or_else(|| unknown(kind))?;
        let state = touched.entry(name).or_insert_with(|| known.clone());
        match state.handle(act.command.clone()).ok_or_else(|| unknown(kind))? {
            Ok(events) => {
                for event in events {
                    let payload = event.encode();
                    let payload =
                        payload.map_err(|error| ImportError::Defect(error.to_string()))?;
                    kept.push((kind, act.id.clone(), payload));
                }
            }
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    states.extend(touched);
    Ok(Ok(kept))
}

fn unknown(kind: &str) -> ImportError {
    ImportError::Defect(format!("{kind} is not loaded"))
}
