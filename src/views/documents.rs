//! The documents that were folded last, held as they are: what is folded again and again is neither
//! loaded nor read anew.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use aggregates::shared::{Position, Recorded};

use super::{
    bounded::Bounded,
    fold::{Folded, Open, to_load, touched},
    store::{Sources, load, sources},
};
use crate::database::{Database, StoreError, view_tables::Served};

/// How much is held of a view, counted as the bytes of the documents as they are stored.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// What a document takes beside its bytes.
const LEAST_BYTES: usize = 256;

/// Documents by the table that they are served from.
pub(super) struct Documents {
    held: HashMap<Arc<str>, OfView>,
    /// How many bytes are held of a view at the most.
    most: usize,
}

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

impl Default for Documents {
    fn default() -> Self {
        Self { held: HashMap::new(), most: MAX_BYTES }
    }
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
        let none = || OfView::new(self.most);
        let of_view = self.held.entry(Arc::clone(&served.table)).or_insert_with(none);
        if of_view.at != from {
            // Somebody else has folded since.
            *of_view = none();
        }
        of_view.at = to;
        of_view.fold(database, served, events).await
    }

    /// Lets go of all of these views.
    pub(super) fn forget(&mut self, views: &[Served]) {
        for served in views {
            self.held.remove(&served.table);
        }
    }
}

impl OfView {
    /// None is held yet, and never more than so many bytes.
    fn new(most: usize) -> Self {
        Self { at: Position::default(), held: Bounded::new(most) }
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
        // What is folded now is taken out first: what is put back meanwhile may crowd out others.
        let taken = touched.keys().filter_map(|key| Some((key.clone(), self.held.remove(key)?)));
        let mut open: HashMap<_, _> = taken.collect();
        let missing = to_load(view, &touched, |key| open.contains_key(key));
        let stored = load(&mut &*database, table, &missing).await?;
        // Those that are known have been noted.
        fed_by.retain(|(key, kind, id)| {
            let held = open.get(key);
            !held.is_some_and(|held| held.sources.contains(&(*kind, id.clone())))
        });
        let mut folded = Folded::new();
        for (key, events) in touched {
            let mut held = match open.remove(&key) {
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
