//! The states that commands are decided on: held in memory while they are asked for, within a bound,
//! and loaded from the log where they are not.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use aggregates::{
    Act, Event, State,
    shared::{Metadata, Refusal},
};
use hashlink::LruCache;
use tracing::warn;
use uuid::Uuid;

use super::{CommandError, Transaction};
use crate::{
    database::{Database, StoreError},
    log::{self, NewEvent, Snapshot, Stamp, StoredEvent},
};

/// How much is held, counted as the bytes of the events that the states are made of.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// What a state takes beside its events.
const LEAST_BYTES: usize = 512;

/// An aggregate by type and id.
pub(super) type Name = (&'static str, String);

/// The number of a batch; a later one is decided on what an earlier one leaves.
pub(super) type Number = u64;

/// The states that are held.
pub(super) struct States {
    held: LruCache<Name, Held>,
    bytes: usize,
    /// How many bytes are held at the most.
    most: usize,
    /// A state broke while an event was applied to it.
    broken: bool,
    /// States that are to be kept once the batch that made them is in the log.
    ripe: Vec<(Number, Snapshot)>,
}

#[derive(Clone)]
struct Held {
    state: State,
    sequence: i64,
    /// The sequence at which it was last kept, or was about to be.
    kept: i64,
    bytes: usize,
    /// The last batch that changed it.
    changed_by: Number,
}

/// What was decided on the states as they are held.
pub(super) struct Decided {
    /// What it writes; given away once it is written.
    pub(super) events: Vec<NewEvent>,
    /// How many events it writes, also when they are given away.
    pub(super) count: usize,
    /// Whether an act of it came to nothing: that is only right if nobody else has written meanwhile. What
    /// is written guards itself, by the sequence of its aggregate.
    pub(super) leans: bool,
}

impl Default for States {
    fn default() -> Self {
        Self::within(MAX_BYTES)
    }
}

impl States {
    /// None is held yet, and never more than so many bytes.
    pub(super) fn within(most: usize) -> Self {
        Self { held: LruCache::new_unbounded(), bytes: 0, most, broken: false, ripe: vec![] }
    }

    /// Loads what these transactions touch and is not held, in one read. What is said to be new need not be
    /// looked for: if it is not, the log's keys refuse the append.
    pub(super) async fn load<'a>(
        &mut self,
        database: &Database,
        transactions: impl Iterator<Item = &'a Transaction>,
    ) -> Result<(), StoreError> {
        let mut missing = HashSet::new();
        for act in transactions.flat_map(|transaction| &transaction.acts) {
            let name = name(act);
            if self.held.get(&name).is_some() || missing.contains(&name) {
                continue;
            }
            if act.new {
                let empty = Held::of_type(name.0)?;
                self.hold(name, empty);
            } else {
                missing.insert(name);
            }
        }
        self.fetch(database, missing).await
    }

    async fn fetch(&mut self, database: &Database, names: HashSet<Name>) -> Result<(), StoreError> {
        if names.is_empty() {
            return Ok(());
        }
        let mut loaded = HashMap::new();
        for name in names {
            let held = Held::of_type(name.0)?;
            loaded.insert(name, held);
        }
        let mut unreadable = HashSet::new();
        for (event, kept) in log::load_states(database, &wanted(loaded.keys())).await? {
            let Some(name) = named(&event) else { continue };
            let Some(held) = loaded.get_mut(&name).filter(|_| !unreadable.contains(&name)) else {
                continue;
            };
            match kept {
                None => held.take(&event)?,
                Some(kept) => {
                    if let Err(cause) = held.restore(&event, &kept) {
                        warn!(%cause, kind = name.0, id = name.1, "a snapshot can't be read");
                        unreadable.insert(name);
                    }
                }
            }
        }
        if !unreadable.is_empty() {
            for event in log::load_aggregates(database, &wanted(unreadable.iter())).await? {
                let held = named(&event).and_then(|name| loaded.get_mut(&name));
                held.map_or(Ok(()), |held| held.take(&event))?;
            }
        }
        for (name, held) in loaded {
            self.hold(name.clone(), held);
            // What was read is in the log.
            self.ripen(&name, 0);
        }
        Ok(())
    }

    /// Lays a state aside to be kept, where it has gained enough events.
    fn ripen(&mut self, name: &Name, batch: Number) {
        let Some(held) = self.held.peek_mut(name) else { return };
        if held.sequence - held.kept >= log::EVERY {
            held.kept = held.sequence;
            let snapshot = Snapshot {
                aggregate_type: name.0,
                aggregate_id: name.1.clone(),
                last_sequence: held.sequence,
                state: held.state.clone(),
            };
            self.ripe.push((batch, snapshot));
        }
    }

    /// The states that are to be kept, of the batches that are in the log.
    pub(super) fn take_ripe(&mut self, committed: Number) -> Vec<Snapshot> {
        let ripe = self.ripe.extract_if(.., |(batch, _)| *batch <= committed);
        ripe.map(|(_, snapshot)| snapshot).collect()
    }

    fn hold(&mut self, name: Name, held: Held) {
        self.bytes += held.bytes;
        if let Some(before) = self.held.insert(name, held) {
            self.bytes -= before.bytes;
        }
    }

    /// Decides a transaction: its events, which have happened to the states, or why not; a refused one
    /// leaves every state as it was.
    pub(super) fn decide(
        &mut self,
        transaction: &Transaction,
        command_id: Uuid,
        batch: Number,
    ) -> Result<Decided, CommandError> {
        let mut before = BTreeMap::new();
        let decided = self.decide_all(transaction, command_id, batch, &mut before);
        if decided.is_ok() {
            transaction.acts.iter().map(name).for_each(|name| self.ripen(&name, batch));
        } else {
            for (name, held) in before {
                if let Some(after) = self.held.peek(&name) {
                    self.bytes = self.bytes - after.bytes + held.bytes;
                }
                self.held.insert(name, held);
            }
        }
        decided
    }

    fn decide_all(
        &mut self,
        transaction: &Transaction,
        command_id: Uuid,
        batch: Number,
        before: &mut BTreeMap<Name, Held>,
    ) -> Result<Decided, CommandError> {
        let stamp = stamp(transaction, command_id)?;
        let mut decided = Decided { events: vec![], count: 0, leans: false };
        for (place, act) in transaction.acts.iter().enumerate() {
            let name = name(act);
            let held = self.held.peek_mut(&name).ok_or_else(|| defect(&name, "is not loaded"))?;
            let events = held.decide(act)?;
            decided.leans |= events.is_empty();
            let sequences = held.sequence + 1..;
            let new = events.iter().zip(sequences).map(|(event, sequence)| {
                NewEvent::new(name.0, &name.1, sequence, event.clone(), &stamp)
            });
            let new: Result<Vec<_>, _> = new.collect();
            let new = new.map_err(|error| defect(&name, &error.to_string()))?;
            // The last act can't be followed by one that refuses.
            let last = place + 1 == transaction.acts.len();
            if !last && !events.is_empty() && !before.contains_key(&name) {
                before.insert(name.clone(), held.clone());
            }
            if !events.is_empty() {
                held.changed_by = batch;
            }
            held.sequence += new.len() as i64;
            let bytes: usize = new.iter().map(|event| event.payload.len()).sum();
            held.bytes += bytes;
            self.bytes += bytes;
            decided.count += new.len();
            decided.events.extend(new);
            if events.into_iter().try_for_each(|event| held.apply(event)).is_err() {
                self.broken = true;
                return Err(defect(&name, "panicked in apply"));
            }
        }
        Ok(decided)
    }

    /// Lets go of the states longest not asked for, down to the bound; never of one that a batch behind
    /// `committed` has changed, because the log does not know of it yet.
    pub(super) fn shrink(&mut self, committed: Number) {
        while self.bytes > self.most {
            match self.held.iter().next() {
                Some((_, oldest)) if oldest.changed_by <= committed => {}
                _ => return,
            }
            if let Some((_, gone)) = self.held.remove_lru() {
                self.bytes -= gone.bytes;
            }
        }
    }

    /// Lets go of these states: they are not what the log says.
    pub(super) fn forget<'a>(&mut self, names: impl IntoIterator<Item = &'a Name>) {
        for name in names {
            if let Some(gone) = self.held.remove(name) {
                self.bytes -= gone.bytes;
            }
            self.ripe
                .retain(|(_, ripe)| (ripe.aggregate_type, &ripe.aggregate_id) != (name.0, &name.1));
        }
    }

    /// The same by the names of the log.
    pub(super) fn forget_named(&mut self, names: &[(String, String)]) {
        for (kind, id) in names {
            if let Some(kind) = known(kind) {
                self.forget(&[(kind, id.clone())]);
            }
        }
    }

    /// Lets go of all.
    pub(super) fn clear(&mut self) {
        self.held.clear();
        self.ripe.clear();
        self.bytes = 0;
        self.broken = false;
    }

    /// How many bytes are held.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether that one is held.
    #[cfg(test)]
    pub(super) fn holds(&self, name: &Name) -> bool {
        self.held.contains_key(name)
    }

    /// Whether nothing can be decided before all is loaded anew.
    pub(super) fn are_broken(&self) -> bool {
        self.broken
    }
}

impl Held {
    fn of_type(kind: &str) -> Result<Self, StoreError> {
        let state = State::new(kind)
            .ok_or_else(|| StoreError::Corrupt(format!("no aggregate type {kind}")))?;
        Ok(Self { state, sequence: 0, kept: 0, bytes: LEAST_BYTES, changed_by: 0 })
    }

    fn decide(&self, act: &Act) -> Result<Vec<Event>, CommandError> {
        let command = act.command.clone();
        // A panic in one command must not take the others with it; deciding only looks.
        let decide = AssertUnwindSafe(|| {
            #[cfg(test)]
            super::tests::decides(&command);
            self.state.decide(command)
        });
        match catch_unwind(decide) {
            Ok(Some(Ok(events))) => Ok(events),
            Ok(Some(Err(refusal))) => {
                Err(CommandError::Refused(Refusal { by: Some(act.id.clone()), ..refusal }))
            }
            Ok(None) => Err(defect(&name(act), "is of another type")),
            Err(_) => Err(defect(&name(act), "panicked in decide")),
        }
    }

    /// Takes what was read of the log.
    fn take(&mut self, event: &StoredEvent) -> Result<(), StoreError> {
        for read in event.events()? {
            self.apply(read).map_err(|()| {
                let (position, kind) = (event.position, &event.aggregate_type);
                StoreError::Corrupt(format!("event {position} breaks {kind}"))
            })?;
        }
        self.sequence = event.sequence;
        self.bytes += event.payload.len();
        Ok(())
    }

    /// Takes the state that was kept after an event.
    fn restore(&mut self, event: &StoredEvent, kept: &str) -> Result<(), serde_json::Error> {
        self.state = State::read(&event.aggregate_type, kept)?;
        (self.sequence, self.kept) = (event.sequence, event.sequence);
        self.bytes += kept.len();
        Ok(())
    }

    /// A panic leaves the state broken.
    fn apply(&mut self, event: Event) -> Result<(), ()> {
        let apply = AssertUnwindSafe(|| {
            #[cfg(test)]
            super::tests::applies(&event);
            self.state.apply(event);
        });
        catch_unwind(apply).map_err(|_| ())
    }
}

fn wanted<'a>(names: impl Iterator<Item = &'a Name>) -> Vec<(&'a str, &'a str)> {
    names.map(|(kind, id)| (*kind, id.as_str())).collect()
}

/// The aggregate type of that name.
fn known(kind: &str) -> Option<&'static str> {
    let known = Event::CATALOGUE.iter().map(|(known, _)| *known);
    known.into_iter().find(|known| *known == kind)
}

/// Whose event it is.
fn named(event: &StoredEvent) -> Option<Name> {
    Some((known(&event.aggregate_type)?, event.aggregate_id.clone()))
}

/// The aggregate that an act is for.
pub(super) fn name(act: &Act) -> Name {
    (act.command.aggregate_type(), act.id.clone())
}

fn defect((kind, id): &Name, what: &str) -> CommandError {
    CommandError::Defect(format!("{kind}/{id} {what}"))
}

/// Who, why and from where.
fn stamp(transaction: &Transaction, command_id: Uuid) -> Result<Arc<Stamp>, CommandError> {
    let stamp = Stamp::of(Metadata {
        actor: transaction.actor.person,
        role: transaction.actor.role,
        command_id,
        caused_by: transaction.caused_by,
        correlation: transaction.actor.correlation.clone(),
        client: transaction.actor.client.clone(),
    });
    stamp.map(Arc::new).map_err(|error| CommandError::Defect(error.to_string()))
}
