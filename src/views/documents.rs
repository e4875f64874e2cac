//! The documents that were folded last, held as they are: what is folded again and again is neither
//! loaded nor read anew.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use aggregates::shared::{Position, Recorded};

use super::{
    bounded::Bounded,
    fold::{Folded, Open, touched},
    store::{Sources, load, sources},
};
use crate::database::{Database, StoreError, view_tables::Served};

/// How much is held of a view, counted as the bytes of the documents as they are stored.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// What a document takes beside its bytes.
const LEAST_BYTES: usize = 256;

/// Documents by the table that they are served from.
#[derive(Default)]
pub(super) struct Documents(HashMap<Arc<str>, OfView>);

/// The documents of a view by key, as they are where it stood when they were folded.
struct OfView {
    at: Position,
    held: Bounded<Held>,
}

struct Held {
    document: Open,
    /// The aggregates that are known to have fed it.
    sources: HashSet<(&'static str, String)>,
}

impl Documents {
    /// The documents of a view that stands at `from` with the events up to `to`. They count from then on:
    /// if they are not committed, the view has to be forgotten.
    pub(super) async fn fold(
        &mut self,
        database: &Database,
        served: &Served,
        (from, to): (Position, Position),
        events: impl IntoIterator<Item = &Recorded>,
    ) -> Result<(Folded, Sources), StoreError> {
        let of_view = self.0.entry(Arc::clone(&served.table)).or_default();
        if of_view.at != from {
            // Somebody else has folded since.
            *of_view = OfView::default();
        }
        of_view.at = to;
        of_view.fold(database, served, events).await
    }

    /// Lets go of all of these views.
    pub(super) fn forget(&mut self, views: &[Served]) {
        for served in views {
            self.0.remove(&served.table);
        }
    }
}

impl Default for OfView {
    fn default() -> Self {
        Self { at: Position::default(), held: Bounded::new(MAX_BYTES) }
    }
}

impl OfView {
    async fn fold(
        &mut self,
        database: &Database,
        Served { view, table }: &Served,
        events: impl IntoIterator<Item = &Recorded>,
    ) -> Result<(Folded, Sources), StoreError> {
        let touched = touched(view, events)?;
        let mut fed_by = sources(&touched);
        let missing = touched.keys().filter(|key| !self.held.contains(key));
        let missing: Vec<_> = missing.map(String::as_str).collect();
        let stored = load(&mut &*database, table, &missing).await?;
        // Those that are known have been noted.
        fed_by.retain(|(key, kind, id)| {
            let held = self.held.peek(key);
            !held.is_some_and(|held| held.sources.contains(&(*kind, id.clone())))
        });
        let mut folded = Folded::new();
        for (key, events) in touched {
            let mut held = match self.held.remove(&key) {
                Some(held) => held,
                None => Held {
                    document: Open::of(view, &key, stored.get(&key))?,
                    sources: HashSet::new(),
                },
            };
            let after = held.document.fold(view, &key, &events)?;
            let from = (key.clone(), "", String::new());
            let fed = fed_by.range(from..).take_while(|(fed, ..)| *fed == key);
            held.sources.extend(fed.map(|(_, kind, id)| (*kind, id.clone())));
            let bytes = LEAST_BYTES * (1 + held.sources.len()) + after.payload.len();
            folded.insert(key.clone(), after);
            self.held.insert(key, held, bytes);
        }
        Ok((folded, fed_by))
    }
}
