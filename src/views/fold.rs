//! Folding a batch of events into the documents of one view: the same for live views, rebuilds and
//! the audit, whatever the documents are kept in.

use std::{
    collections::{BTreeMap, HashMap},
    panic::{AssertUnwindSafe, catch_unwind},
};

use aggregates::shared::Recorded;
use projections::{AnyDocument, AnyView};

use crate::{database::StoreError, log::StoredEvent};

/// A document with how many events it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// How many events touched it.
    pub version: i64,
    /// The document, as JSON.
    pub payload: String,
    /// Whether it was stored before; where not, it is new.
    pub known: bool,
}

/// The documents that a batch touched, by key.
pub type Folded = BTreeMap<String, Stored>;

/// Reads events as the domain knows them.
pub fn decode_all(events: &[StoredEvent]) -> Result<Vec<Recorded>, StoreError> {
    let mut recorded = Vec::with_capacity(events.len());
    for read in StoredEvent::decode_all(events) {
        recorded.extend(read?);
    }
    Ok(recorded)
}

/// The same up to the first that can't be read; an error where that is the very first.
pub(super) fn decode_readable(events: &[StoredEvent]) -> Result<Vec<Recorded>, StoreError> {
    let mut recorded = Vec::with_capacity(events.len());
    for read in StoredEvent::decode_all(events) {
        match read {
            Ok(read) => recorded.extend(read),
            Err(_) if !recorded.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(recorded)
}

/// Which events touch which documents of a view.
pub fn touched<'a>(
    view: &AnyView,
    events: impl IntoIterator<Item = &'a Recorded>,
) -> Result<BTreeMap<String, Vec<&'a Recorded>>, StoreError> {
    let mut touched: BTreeMap<String, Vec<&Recorded>> = BTreeMap::new();
    for event in events {
        for key in unbroken(view, || (view.keys)(&event.event))? {
            touched.entry(key).or_default().push(event);
        }
    }
    Ok(touched)
}

/// Which of the documents that events touch have to be looked for where they are stored: those that are not open, and
/// that their events do not make.
pub(super) fn to_load<'a>(
    view: &AnyView,
    touched: &'a BTreeMap<String, Vec<&Recorded>>,
    is_open: impl Fn(&str) -> bool,
) -> Vec<&'a str> {
    let missing = touched.iter().filter(|(key, events)| !is_open(key) && !view.makes(events));
    missing.map(|(key, _)| key.as_str()).collect()
}

/// A document of a view, open to be folded on.
pub(super) struct Open {
    document: AnyDocument,
    version: i64,
    known: bool,
}

impl Open {
    /// As it is stored; without that, nothing has touched it yet.
    pub(super) fn of(
        view: &AnyView,
        key: &str,
        stored: Option<&Stored>,
    ) -> Result<Self, StoreError> {
        let document = (view.read)(stored.map(|stored| stored.payload.as_str()));
        let document = document.map_err(|error| unreadable(view, key, &error))?;
        let version = stored.map_or(0, |stored| stored.version);
        Ok(Self { document, version, known: stored.is_some() })
    }

    /// With these events, as it is to be stored; it counts as stored from then on.
    pub(super) fn fold(
        &mut self,
        view: &AnyView,
        key: &str,
        events: &[&Recorded],
    ) -> Result<Stored, StoreError> {
        self.apply(view, key, events)?;
        let stored = self.stored(view, key);
        self.known = true;
        stored
    }

    /// Takes these events in.
    pub(super) fn apply(
        &mut self,
        view: &AnyView,
        key: &str,
        events: &[&Recorded],
    ) -> Result<(), StoreError> {
        // What one event of old says now may be several, and is still one.
        self.version += events.chunk_by(|one, next| one.position == next.position).count() as i64;
        unbroken(view, || {
            events.iter().for_each(|event| (view.apply)(&mut self.document, key, event));
        })
    }

    /// As it is to be stored.
    pub(super) fn stored(&self, view: &AnyView, key: &str) -> Result<Stored, StoreError> {
        let payload = (view.write)(&self.document);
        let payload = payload.map_err(|error| unreadable(view, key, &error))?;
        Ok(Stored { version: self.version, payload, known: self.known })
    }
}

fn unreadable(view: &AnyView, key: &str, error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt(format!("{} {key}: {error}", view.table()))
}

/// A panic of a fold stops its view, and nothing else.
fn unbroken<T>(view: &AnyView, fold: impl FnOnce() -> T) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(fold))
        .map_err(|_| StoreError::Corrupt(format!("the fold of {} panicked", view.table())))
}

/// The documents of a view with these events, from the documents before.
pub fn fold_batch(
    view: &AnyView,
    touched: BTreeMap<String, Vec<&Recorded>>,
    before: &HashMap<String, Stored>,
) -> Result<Folded, StoreError> {
    let folded = touched.into_iter().map(|(key, events)| {
        let folded = Open::of(view, &key, before.get(&key))?.fold(view, &key, &events)?;
        Ok((key, folded))
    });
    folded.collect()
}
