//! Folding a batch of events into the documents of one view: the same for live views, rebuilds and
//! the audit, whatever the documents are kept in.

use std::collections::{BTreeMap, HashMap};

use aggregates::shared::Recorded;
use projections::AnyView;

use crate::{database::StoreError, log::StoredEvent};

/// A document with how many events it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// How many events touched it.
    pub version: i64,
    /// The document, as JSON.
    pub payload: String,
}

/// The documents that a batch touched, by key.
pub type Folded = BTreeMap<String, Stored>;

/// Reads events as the domain knows them.
pub fn decode_all(events: &[StoredEvent]) -> Result<Vec<Recorded>, StoreError> {
    events.iter().map(StoredEvent::decode).collect()
}

/// Which events touch which documents of a view.
pub fn touched<'a>(
    view: &AnyView,
    events: impl IntoIterator<Item = &'a Recorded>,
) -> BTreeMap<String, Vec<&'a Recorded>> {
    let mut touched: BTreeMap<String, Vec<&Recorded>> = BTreeMap::new();
    for event in events {
        for key in (view.keys)(&event.event) {
            touched.entry(key).or_default().push(event);
        }
    }
    touched
}

/// The documents of a view with these events, from the documents before.
pub fn fold_batch(
    view: &AnyView,
    touched: BTreeMap<String, Vec<&Recorded>>,
    before: &HashMap<String, Stored>,
) -> Result<Folded, StoreError> {
    let folded = touched.into_iter().map(|(key, events)| {
        let known = before.get(&key);
        let payload = view
            .fold(&key, known.map(|known| known.payload.as_str()), &events)
            .map_err(|error| StoreError::Corrupt(format!("{} {key}: {error}", view.table())))?;
        let version = known.map_or(0, |known| known.version) + events.len() as i64;
        Ok((key, Stored { version, payload }))
    });
    folded.collect()
}
