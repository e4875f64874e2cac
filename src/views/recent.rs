//! Documents that were read lately, held as they were read until an event changes them: the terms, streams and
//! plans that thousands ask for in the same minute are not read anew for each.
//!
//! The runner tells of each change before it announces how far a view has come, so that whoever waited for a
//! position reads what it says. Where the runner has not been heard of for a while, what is held is trusted no
//! more; where a read or a round of it fails, it is forgotten: the database may have gone back to what was last on disk.

use std::{
    any::Any,
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use aggregates::shared::Position;

use super::bounded::Bounded;

/// How much is held of a view, counted as the bytes of the documents as they are stored.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// What a document takes beside its bytes.
const LEAST_BYTES: usize = 256;
/// How long what is held is trusted without a word of the runner.
const TRUSTED: Duration = Duration::from_secs(2);

/// A document of some view.
pub type Document = Arc<dyn Any + Send + Sync>;

/// Documents by the table that they were read from. Clones share what they hold.
#[derive(Clone, Default)]
pub(super) struct Recent(Arc<Mutex<Tables>>);

#[derive(Default)]
struct Tables {
    by_name: HashMap<Arc<str>, OfTable>,
    /// When the runner was heard of last; none before it first was.
    heard: Option<Instant>,
    changes: u64,
}

/// Documents of a table by key, none where there is none.
struct OfTable {
    /// Up to where every change is known.
    at: Position,
    /// Another one after each change.
    state: State,
    held: Bounded<Option<Document>>,
}

/// Of what a read was begun: what was read is held only where nothing has changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State(u64);

/// What is held of some keys.
#[derive(Default)]
pub(super) struct Held {
    /// None where it is known that there is none.
    pub(super) documents: HashMap<String, Option<Document>>,
    /// None where nothing may be held.
    pub(super) state: Option<State>,
}

impl Recent {
    /// What is held of these.
    pub(super) fn get(&self, table: &str, keys: &[String]) -> Held {
        let mut tables = self.tables();
        if tables.heard.is_none_or(|heard| heard.elapsed() > TRUSTED) {
            return Held::default();
        }
        let Some(of_table) = tables.by_name.get_mut(table) else { return Held::default() };
        let held =
            keys.iter().filter_map(|key| Some((key.clone(), of_table.held.get(key)?.clone())));
        Held { documents: held.collect(), state: Some(of_table.state) }
    }

    /// Holds what was read, where nothing has changed since `state`: it may be older than the change. It has to be
    /// read from where views are folded, not from a replica.
    pub(super) fn keep(
        &self,
        table: &str,
        state: State,
        read: impl IntoIterator<Item = (String, Option<Document>, usize)>,
    ) {
        let mut tables = self.tables();
        let known = tables.by_name.get_mut(table).filter(|of_table| of_table.state == state);
        let Some(of_table) = known else { return };
        for (key, document, bytes) in read {
            let bytes = LEAST_BYTES + key.len() + bytes;
            of_table.held.insert(key, document, bytes);
        }
    }

    /// The view has moved, and these documents were changed by it. Where it did not stand at `from`, it was moved by
    /// others, and nothing is known of what they changed.
    pub(super) fn moved<'k>(
        &self,
        table: &Arc<str>,
        (from, to): (Position, Position),
        changed: impl IntoIterator<Item = &'k String>,
    ) {
        let mut tables = self.tables();
        tables.heard = Some(Instant::now());
        if from == to && tables.by_name.get(table).is_some_and(|known| known.at == to) {
            return;
        }
        tables.changes += 1;
        let state = State(tables.changes);
        let none = OfTable { at: to, state, held: Bounded::new(MAX_BYTES) };
        let gone = match tables.by_name.get_mut(table) {
            Some(known) if known.at == from => {
                changed.into_iter().for_each(|key| drop(known.held.remove(key)));
                (known.at, known.state) = (to, state);
                None
            }
            Some(known) => Some(mem::replace(known, none)),
            None => tables.by_name.insert(Arc::clone(table), none),
        };
        drop(tables);
        // Many documents may go, while nobody waits for it.
        drop(gone);
    }

    /// The view stands there.
    pub(super) fn stands(&self, table: &Arc<str>, at: Position) {
        self.moved(table, (at, at), []);
    }

    /// Forgets everything, until the runner tells where the views stand.
    pub(super) fn forget(&self) {
        let gone = mem::take(&mut self.tables().by_name);
        drop(gone);
    }

    /// Forgets the tables that views are no longer served from.
    pub(super) fn retain(&self, is_served: impl Fn(&str) -> bool) {
        self.tables().by_name.retain(|table, _| is_served(table));
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// A read that is begun.
    fn read(recent: &Recent) -> State {
        recent.get(TABLE, &[]).state.unwrap()
    }

    fn keep(recent: &Recent, state: State, key: &str) {
        let document: Document = Arc::new(key.to_owned());
        recent.keep(TABLE, state, [(key.to_owned(), Some(document), 10)]);
    }

    fn is_held(recent: &Recent, key: &str) -> bool {
        recent.get(TABLE, &[key.to_owned()]).documents.contains_key(key)
    }

    fn moved(recent: &Recent, from: i64, to: i64, changed: &[&str]) {
        let changed: Vec<_> = changed.iter().map(|key| (*key).to_owned()).collect();
        recent.moved(&TABLE.into(), (Position(from), Position(to)), &changed);
    }

    #[test]
    fn what_an_event_changed_is_read_anew_and_nothing_else() {
        let recent = standing_at(3);
        keep(&recent, read(&recent), "changed");
        keep(&recent, read(&recent), "other");
        moved(&recent, 3, 4, &["changed"]);
        assert!(!is_held(&recent, "changed") && is_held(&recent, "other"));
    }

    #[test]
    fn what_was_read_while_the_view_moved_is_not_held() {
        let recent = standing_at(3);
        let begun = read(&recent);
        moved(&recent, 3, 4, &["changed"]);
        keep(&recent, begun, "changed");
        assert!(!is_held(&recent, "changed"));
    }

    #[test]
    fn nor_is_it_where_the_view_came_back_to_the_same_place() {
        let recent = standing_at(4);
        let begun = read(&recent);
        moved(&recent, 3, 3, &[]);
        moved(&recent, 3, 4, &["changed"]);
        keep(&recent, begun, "changed");
        assert!(!is_held(&recent, "changed"));
    }

    #[test]
    fn what_others_moved_is_forgotten() {
        let recent = standing_at(3);
        keep(&recent, read(&recent), "one");
        recent.stands(&TABLE.into(), Position(3));
        assert!(is_held(&recent, "one"));
        recent.stands(&TABLE.into(), Position(5));
        assert!(!is_held(&recent, "one"));
        keep(&recent, read(&recent), "one");
        moved(&recent, 7, 8, &[]);
        assert!(!is_held(&recent, "one"));
    }

    #[test]
    fn that_there_is_none_is_known_too() {
        let recent = standing_at(3);
        recent.keep(TABLE, read(&recent), [("none".to_owned(), None, 0)]);
        assert!(is_held(&recent, "none"));
        moved(&recent, 3, 4, &["none"]);
        assert!(!is_held(&recent, "none"));
    }

    #[test]
    fn nothing_is_held_before_it_is_told_where_the_view_stands_nor_after_a_failure() {
        assert_eq!(Recent::default().get(TABLE, &[]).state, None);
        let recent = standing_at(3);
        keep(&recent, read(&recent), "one");
        recent.forget();
        assert_eq!(recent.get(TABLE, &["one".to_owned()]).state, None);
        recent.stands(&TABLE.into(), Position(3));
        assert!(!is_held(&recent, "one"));
    }

    #[test]
    fn what_is_held_is_trusted_only_while_the_runner_is_heard_of() {
        let recent = standing_at(3);
        keep(&recent, read(&recent), "one");
        recent.tables().heard = Instant::now().checked_sub(TRUSTED * 2);
        assert_eq!(recent.get(TABLE, &["one".to_owned()]).state, None);
        recent.stands(&TABLE.into(), Position(3));
        assert!(is_held(&recent, "one"));
    }

    #[test]
    fn it_stays_within_its_bound() {
        let recent = standing_at(1);
        let big = |key: &str, bytes| (key.to_owned(), None, bytes);
        let half = MAX_BYTES / 2 - LEAST_BYTES - 5;
        let read = read(&recent);
        recent.keep(TABLE, read, ["one", "two", "three"].map(|key| big(key, half)));
        recent.keep(TABLE, read, [big("huge", MAX_BYTES)]);
        let held = ["one", "two", "three", "huge"].map(|key| is_held(&recent, key));
        assert_eq!(held, [false, true, true, false]);
    }
}
