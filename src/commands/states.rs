//! The states that commands are decided on: held in memory while they are asked for, within a bound,
//! and loaded from the log where they are not.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use aggregates::{Act, Event, State, shared::Metadata};
use hashlink::LruCache;
use uuid::Uuid;

use super::{CommandError, Transaction};
use crate::{
    database::{Database, StoreError},
    log::{NewEvent, Stamp, load_aggregates},
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
    most_bytes: usize,
    /// A state broke while an event was applied to it.
    broken: bool,
}

#[derive(Clone)]
struct Held {
    state: State,
    sequence: i64,
    bytes: usize,
    /// The last batch that changed it.
    changed_by: Number,
    /// It was not loaded, but taken to be new: the append finds out if it is not.
    taken_as_new: bool,
}

/// Why a transaction came to nothing.
#[derive(Debug)]
pub(super) enum Undecided {
    /// It is refused, or a defect.
    Answer(CommandError),
    /// It would be refused by an aggregate that was taken to be new, and has to be looked for.
    TakenAsNew,
}

impl From<Undecided> for CommandError {
    fn from(undecided: Undecided) -> Self {
        match undecided {
            Undecided::Answer(error) => error,
            Undecided::TakenAsNew => Self::Defect("an aggregate was not looked for".into()),
        }
    }
}

impl Default for States {
    fn default() -> Self {
        Self { held: LruCache::new_unbounded(), bytes: 0, most_bytes: MAX_BYTES, broken: false }
    }
}

impl States {
    /// Loads what these transactions touch and is not held, in one read. An aggregate that is begun by
    /// its command is taken to be new, unless all should be looked for.
    pub(super) async fn load<'a>(
        &mut self,
        database: &Database,
        transactions: impl Iterator<Item = &'a Transaction>,
        all: bool,
    ) -> Result<(), StoreError> {
        let mut missing = HashSet::new();
        for act in transactions.flat_map(|transaction| &transaction.acts) {
            let name = name(act);
            if self.held.get(&name).is_some() || missing.contains(&name) {
                continue;
            }
            match act.command.begins() && !all {
                true => self.hold(name, Held { taken_as_new: true, ..Held::new(act)? }),
                false => {
                    missing.insert(name);
                }
            }
        }
        self.fetch(database, missing).await
    }

    /// Loads all that the transaction touches and was taken to be new.
    pub(super) async fn look_for(
        &mut self,
        database: &Database,
        transaction: &Transaction,
    ) -> Result<(), StoreError> {
        let names: HashSet<_> = transaction.acts.iter().map(name).collect();
        let new = |name: &Name| self.held.peek(name).is_some_and(Held::is_taken_as_new);
        let names = names.into_iter().filter(new).collect();
        self.fetch(database, names).await
    }

    async fn fetch(&mut self, database: &Database, names: HashSet<Name>) -> Result<(), StoreError> {
        if names.is_empty() {
            return Ok(());
        }
        let wanted: Vec<_> = names.iter().map(|(kind, id)| (*kind, id.as_str())).collect();
        let events = load_aggregates(database, &wanted).await?;
        let mut loaded = HashMap::new();
        for name in names {
            let held = Held::of_type(name.0)?;
            loaded.insert(name, held);
        }
        for event in events {
            let recorded = event.decode()?;
            let name = (recorded.event.aggregate_type(), event.aggregate_id);
            if let Some(held) = loaded.get_mut(&name) {
                held.state.apply(recorded.event);
                held.sequence = event.sequence;
                held.bytes += event.payload.len();
            }
        }
        loaded.into_iter().for_each(|(name, held)| self.hold(name, held));
        Ok(())
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
    ) -> Result<Vec<NewEvent>, Undecided> {
        let mut before = BTreeMap::new();
        let decided = self.decide_all(transaction, command_id, batch, &mut before);
        if decided.is_err() {
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
    ) -> Result<Vec<NewEvent>, Undecided> {
        let stamp = stamp(transaction, command_id)?;
        let mut written = Vec::new();
        for (place, act) in transaction.acts.iter().enumerate() {
            let name = name(act);
            let held = self.held.peek_mut(&name).ok_or_else(|| defect(&name, "is not loaded"))?;
            let events = held.decide(act)?;
            if events.is_empty() {
                continue;
            }
            // The last act can't be followed by one that refuses.
            let last = place + 1 == transaction.acts.len();
            if !last && !before.contains_key(&name) {
                before.insert(name.clone(), held.clone());
            }
            let bytes = held.bytes;
            for event in events {
                held.sequence += 1;
                let new = NewEvent::new(name.0, &name.1, held.sequence, event.clone(), &stamp);
                let new = new.map_err(|error| defect(&name, &error.to_string()))?;
                held.bytes += new.payload.len();
                written.push(new);
                held.changed_by = batch;
                if catch_unwind(AssertUnwindSafe(|| held.state.apply(event))).is_err() {
                    self.broken = true;
                    return Err(defect(&name, "panicked in apply"));
                }
            }
            self.bytes += held.bytes - bytes;
        }
        Ok(written)
    }

    /// Lets go of the states longest not asked for, down to the bound; never of one that a batch behind
    /// `committed` has changed, because the log does not know of it yet.
    pub(super) fn shrink(&mut self, committed: Number) {
        while self.bytes > self.most_bytes {
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
        }
    }

    /// The same by the names of the log.
    pub(super) fn forget_named(&mut self, names: &[(String, String)]) {
        for (named, id) in names {
            for (kind, _) in Event::CATALOGUE.iter().filter(|(kind, _)| kind == named) {
                self.forget(&[(*kind, id.clone())]);
            }
        }
    }

    /// Lets go of all.
    pub(super) fn clear(&mut self) {
        self.held.clear();
        self.bytes = 0;
        self.broken = false;
    }

    /// Whether nothing can be decided before all is loaded anew.
    pub(super) fn are_broken(&self) -> bool {
        self.broken
    }
}

impl Held {
    fn new(act: &Act) -> Result<Self, StoreError> {
        Self::of_type(act.command.aggregate_type())
    }

    fn of_type(kind: &str) -> Result<Self, StoreError> {
        let state = State::new(kind)
            .ok_or_else(|| StoreError::Corrupt(format!("no aggregate type {kind}")))?;
        Ok(Self { state, sequence: 0, bytes: LEAST_BYTES, changed_by: 0, taken_as_new: false })
    }

    fn is_taken_as_new(&self) -> bool {
        self.taken_as_new && self.sequence == 0
    }

    fn decide(&self, act: &Act) -> Result<Vec<Event>, Undecided> {
        let command = act.command.clone();
        // A panic in one command must not take the others with it; deciding only looks.
        let decided = catch_unwind(AssertUnwindSafe(|| self.state.decide(command)));
        match decided {
            Ok(Some(Ok(events))) if self.is_taken_as_new() && events.is_empty() => {
                Err(Undecided::TakenAsNew)
            }
            Ok(Some(Ok(events))) => Ok(events),
            Ok(Some(Err(_))) if self.is_taken_as_new() => Err(Undecided::TakenAsNew),
            Ok(Some(Err(refusal))) => Err(Undecided::Answer(CommandError::Refused(refusal))),
            Ok(None) => Err(defect(&name(act), "is of another type")),
            Err(_) => Err(defect(&name(act), "panicked in decide")),
        }
    }
}

/// The aggregate that an act is for.
pub(super) fn name(act: &Act) -> Name {
    (act.command.aggregate_type(), act.id.clone())
}

fn defect((kind, id): &Name, what: &str) -> Undecided {
    Undecided::Answer(CommandError::Defect(format!("{kind}/{id} {what}")))
}

/// Who, why and from where.
fn stamp(transaction: &Transaction, command_id: Uuid) -> Result<Arc<Stamp>, Undecided> {
    let stamp = Stamp::of(Metadata {
        actor: transaction.actor.person,
        role: transaction.actor.role,
        command_id,
        caused_by: transaction.caused_by,
        correlation: transaction.actor.correlation.clone(),
        client: transaction.actor.client.clone(),
    });
    let defect = |error: serde_json::Error| CommandError::Defect(error.to_string());
    stamp.map(Arc::new).map_err(|error| Undecided::Answer(defect(error)))
}
