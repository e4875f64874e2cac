//! How far the views have come, for whoever waits for them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use aggregates::shared::Position;
use projections::AnyView;
use tokio::sync::watch;

/// How a view stands.
#[derive(Debug, Clone, Default)]
pub struct Health {
    /// How far it has come.
    pub position: Position,
    /// On what it stopped, if it did.
    pub stopped: Option<String>,
}

/// How far the views have come, for whoever waits for them.
#[derive(Clone)]
pub struct Freshness {
    reached: watch::Receiver<Position>,
    noted: Noted,
}

/// What the runner has noted.
#[derive(Default)]
struct Known {
    views: BTreeMap<String, Health>,
    /// Whether every view has stopped.
    none_runs: bool,
}

type Noted = Arc<Mutex<Known>>;

impl Freshness {
    /// Waits until every view that runs has come so far; whether it did in time. A view that has stopped is waited
    /// for by nobody: whether it knows enough, [`Self::stands`] tells.
    pub async fn wait_for(&self, position: Position, most: Duration) -> bool {
        let mut reached = self.reached.clone();
        let wait = reached.wait_for(|reached| *reached >= position || noted(&self.noted).none_runs);
        matches!(tokio::time::timeout(most, wait).await, Ok(Ok(_)))
    }

    /// How far one view has come, by its name and version.
    pub fn stands(&self, view: &str) -> Position {
        noted(&self.noted).views.get(view).map(|view| view.position).unwrap_or_default()
    }

    /// How far every view that runs has come.
    pub fn reached(&self) -> Position {
        *self.reached.borrow()
    }

    /// Tells of each move: how far every view that runs has come.
    pub fn watch(&self) -> watch::Receiver<Position> {
        self.reached.clone()
    }

    /// How each view stands, by its name and version.
    pub fn health(&self) -> BTreeMap<String, Health> {
        noted(&self.noted).views.clone()
    }
}

fn noted(noted: &Noted) -> MutexGuard<'_, Known> {
    noted.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where the runner notes how the views stand.
pub(super) struct Notes {
    announce: watch::Sender<Position>,
    noted: Noted,
}

impl Notes {
    /// Nothing is noted yet.
    pub(super) fn new() -> (Self, Freshness) {
        let (announce, reached) = watch::channel(Position::default());
        let noted = Noted::default();
        (Self { announce, noted: Arc::clone(&noted) }, Freshness { reached, noted })
    }

    /// Notes how a view stands; whether that is news.
    pub(super) fn note(&self, view: &AnyView, position: Position, stopped: Option<String>) -> bool {
        let mut noted = noted(&self.noted);
        let known = noted.views.entry(view.table()).or_default();
        let moved = known.position != position;
        known.position = position;
        let news = moved || (stopped.is_some() && known.stopped != stopped);
        if news {
            known.stopped = stopped;
        }
        news
    }

    pub(super) fn has_stopped(&self, view: &AnyView) -> bool {
        noted(&self.noted).views.get(&view.table()).is_some_and(|view| view.stopped.is_some())
    }

    /// Tells who waits how far every view that runs has come. Where none does, that stays as it was.
    pub(super) fn announce(&self) {
        let mut noted = noted(&self.noted);
        let running = noted.views.values().filter(|view| view.stopped.is_none());
        let reached = running.map(|view| view.position).min();
        let none_runs = reached.is_none() && !noted.views.is_empty();
        let ended = none_runs && !noted.none_runs;
        noted.none_runs = none_runs;
        drop(noted);
        self.announce.send_if_modified(|known| {
            let reached = reached.unwrap_or(*known);
            std::mem::replace(known, reached) != reached || ended
        });
    }
}
