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
    health: Noted,
}

type Noted = Arc<Mutex<BTreeMap<String, Health>>>;

impl Freshness {
    /// Waits until every view that runs has come so far; whether it did in time.
    pub async fn wait_for(&self, position: Position, most: Duration) -> bool {
        let mut reached = self.reached.clone();
        let wait = reached.wait_for(|reached| *reached >= position);
        matches!(tokio::time::timeout(most, wait).await, Ok(Ok(_)))
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
        noted(&self.health).clone()
    }
}

fn noted(health: &Noted) -> MutexGuard<'_, BTreeMap<String, Health>> {
    health.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where the runner notes how the views stand.
pub(super) struct Notes {
    announce: watch::Sender<Position>,
    health: Noted,
}

impl Notes {
    /// Nothing is noted yet.
    pub(super) fn new() -> (Self, Freshness) {
        let (announce, reached) = watch::channel(Position::default());
        let health = Noted::default();
        (Self { announce, health: Arc::clone(&health) }, Freshness { reached, health })
    }

    /// Notes how a view stands; whether that is news.
    pub(super) fn note(&self, view: &AnyView, position: Position, stopped: Option<String>) -> bool {
        let mut health = noted(&self.health);
        let known = health.entry(view.table()).or_default();
        let moved = known.position != position;
        known.position = position;
        let news = moved || (stopped.is_some() && known.stopped != stopped);
        if news {
            known.stopped = stopped;
        }
        news
    }

    pub(super) fn has_stopped(&self, view: &AnyView) -> bool {
        noted(&self.health).get(&view.table()).is_some_and(|view| view.stopped.is_some())
    }

    /// Tells who waits how far every view that runs has come.
    pub(super) fn announce(&self) {
        let health = noted(&self.health);
        let running = health.values().filter(|view| view.stopped.is_none());
        let reached = running.map(|view| view.position).min().unwrap_or_default();
        drop(health);
        self.announce.send_if_modified(|known| std::mem::replace(known, reached) != reached);
    }
}
