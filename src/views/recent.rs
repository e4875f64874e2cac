//! Documents that were read lately, held as they were read until an event changes them: the terms, streams and
//! plans that thousands ask for in the same minute are not read anew for each.
//!
//! The runner tells of each change before it announces how far a view has come, so that whoever waited for a
//! position reads what it says. What others have changed is told as soon as this process hears of it; until then
//! it knows no later position either.

use std::{
    any::Any,
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aggregates::shared::Position;

use super::bounded::Bounded;

/// How much is held of a view, counted as the bytes of the documents as they are stored.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// What a document takes beside its bytes.
const LEAST_BYTES: usize = 256;

/// A document of some view.
pub type Document = Arc<dyn Any + Send + Sync>;

/// Documents by the table that they were read from. Clones share what they hold.
#[derive(Clone, Default)]
pub(super) struct Recent(Arc<Mutex<HashMap<Arc<str>, OfTable>>>);

/// Documents of a table by key, none where there is none.
struct OfTable {
    /// Up to where every change is known.
    at: Position,
    held: Bounded<Option<Document>>,
}

/// What is held of some keys.
#[derive(Default)]
pub(super) struct Held {
    pub(super) documents: HashMap<String, Document>,
    /// What has to be read.
    pub(super) missing: Vec<String>,
    /// Where the view stood then; none where the runner has not told yet.
    pub(super) at: Option<Position>,
}

impl Recent {
    /// What is held of these.
    pub(super) fn get(&self, table: &str, keys: &[String]) -> Held {
        let mut tables = self.tables();
        let Some(of_table) = tables.get_mut(table) else {
            return Held { missing: keys.to_vec(), ..Held::default() };
        };
        let mut held = Held { at: Some(of_table.at), ..Held::default() };
        for key in keys {
            match of_table.held.get(key) {
                Some(Some(document)) => {
                    held.documents.insert(key.clone(), Arc::clone(document));
                }
                Some(None) => {}
                None => held.missing.push(key.clone()),
            }
        }
        held
    }

    /// Holds what was read of these, where the view has not moved since it stood at `at`: what was read may be older
    /// than the change that moved it.
    pub(super) fn keep(
        &self,
        table: &str,
        at: Position,
        read: impl IntoIterator<Item = (String, Option<Document>, usize)>,
    ) {
        let mut tables = self.tables();
        let Some(of_table) = tables.get_mut(table).filter(|of_table| of_table.at == at) else {
            return;
        };
        for (key, document, bytes) in read {
            of_table.held.insert(key, document, LEAST_BYTES + bytes);
        }
    }

    /// The view has moved, and these documents were changed by it.
    pub(super) fn moved<'k>(
        &self,
        table: &Arc<str>,
        (from, to): (Position, Position),
        changed: impl Iterator<Item = &'k String>,
    ) {
        let mut tables = self.tables();
        match tables.get_mut(table).filter(|of_table| of_table.at == from) {
            Some(of_table) => {
                changed.for_each(|key| drop(of_table.held.remove(key)));
                of_table.at = to;
            }
            None => drop(tables.insert(Arc::clone(table), OfTable::new(to))),
        }
    }

    /// The view stands there: where it was moved by others, nothing is known of what they changed.
    pub(super) fn stands(&self, table: &Arc<str>, at: Position) {
        let mut tables = self.tables();
        if tables.get(table).is_none_or(|of_table| of_table.at != at) {
            tables.insert(Arc::clone(table), OfTable::new(at));
        }
    }

    fn tables(&self) -> MutexGuard<'_, HashMap<Arc<str>, OfTable>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OfTable {
    fn new(at: Position) -> Self {
        Self { at, held: Bounded::new(MAX_BYTES) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "view_v1";

    fn standing_at(at: i64) -> Recent {
        let recent = Recent::default();
        recent.stands(&TABLE.into(), Position(at));
        recent
    }

    fn keep(recent: &Recent, at: i64, key: &str) {
        let document: Document = Arc::new(key.to_owned());
        recent.keep(TABLE, Position(at), [(key.to_owned(), Some(document), 10)]);
    }

    fn is_held(recent: &Recent, key: &str) -> bool {
        recent.get(TABLE, &[key.to_owned()]).missing.is_empty()
    }

    fn moved(recent: &Recent, from: i64, to: i64, changed: &[&str]) {
        let changed: Vec<_> = changed.iter().map(|key| (*key).to_owned()).collect();
        recent.moved(&TABLE.into(), (Position(from), Position(to)), changed.iter());
    }

    #[test]
    fn what_an_event_changed_is_read_anew_and_nothing_else() {
        let recent = standing_at(3);
        keep(&recent, 3, "changed");
        keep(&recent, 3, "other");
        moved(&recent, 3, 4, &["changed"]);
        assert!(!is_held(&recent, "changed") && is_held(&recent, "other"));
    }

    #[test]
    fn what_was_read_while_the_view_moved_is_not_held() {
        let recent = standing_at(3);
        moved(&recent, 3, 4, &["changed"]);
        keep(&recent, 3, "changed");
        assert!(!is_held(&recent, "changed"));
    }

    #[test]
    fn what_others_moved_is_forgotten() {
        let recent = standing_at(3);
        keep(&recent, 3, "one");
        recent.stands(&TABLE.into(), Position(3));
        assert!(is_held(&recent, "one"));
        recent.stands(&TABLE.into(), Position(5));
        assert!(!is_held(&recent, "one"));
        keep(&recent, 5, "one");
        moved(&recent, 7, 8, &[]);
        assert!(!is_held(&recent, "one"));
    }

    #[test]
    fn that_there_is_none_is_known_too() {
        let recent = standing_at(3);
        recent.keep(TABLE, Position(3), [("none".to_owned(), None, 0)]);
        let held = recent.get(TABLE, &["none".to_owned()]);
        assert!(held.missing.is_empty() && held.documents.is_empty());
        moved(&recent, 3, 4, &["none"]);
        assert!(!is_held(&recent, "none"));
    }

    #[test]
    fn nothing_is_held_before_it_is_told_where_the_view_stands() {
        let recent = Recent::default();
        keep(&recent, 0, "one");
        assert!(!is_held(&recent, "one"));
        assert_eq!(recent.get(TABLE, &["one".to_owned()]).at, None);
    }

    #[test]
    fn it_stays_within_its_bound() {
        let recent = standing_at(1);
        let big = |key: &str| (key.to_owned(), None, MAX_BYTES / 2 - LEAST_BYTES);
        recent.keep(TABLE, Position(1), [big("one"), big("two"), big("three")]);
        assert!(!is_held(&recent, "one") && is_held(&recent, "two") && is_held(&recent, "three"));
    }
}
