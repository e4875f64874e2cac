//! The runner: folds what the log gained into all views, documents and checkpoints in one commit.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aggregates::shared::Position;
use projections::{AnyView, VIEWS};
use tokio::{sync::watch, task::JoinHandle};
use tracing::{error, warn};

use super::{
    fold::decode_all,
    store::{fold_view, save},
};
use crate::{
    database::{Database, StoreError, Transaction},
    log::{self, Filter},
};

/// How many events are folded in one commit.
const BATCH: usize = 1_000;
/// How often the log is looked at without being woken: other processes write too.
const POLL: Duration = Duration::from_millis(250);

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
    health: Arc<Mutex<BTreeMap<String, Health>>>,
}

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

    /// How each view stands, by its table.
    pub fn health(&self) -> BTreeMap<String, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Starts the runner of this process; it ends with the returned task.
pub fn start(database: Database, wake: watch::Receiver<Position>) -> (Freshness, JoinHandle<()>) {
    let (announce, reached) = watch::channel(Position::default());
    let health: Arc<Mutex<BTreeMap<String, Health>>> = Arc::default();
    let freshness = Freshness { reached, health: Arc::clone(&health) };
    let runner = Runner { database, announce, health };
    (freshness, tokio::spawn(runner.run(wake)))
}

struct Runner {
    database: Database,
    announce: watch::Sender<Position>,
    health: Arc<Mutex<BTreeMap<String, Health>>>,
}

impl Runner {
    async fn run(self, mut wake: watch::Receiver<Position>) {
        loop {
            match self.advance().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(cause) => warn!(%cause, "the views can't be brought forward now"),
            }
            if let Ok(Err(_)) = tokio::time::timeout(POLL, wake.changed()).await {
                // The writer is gone: nothing more will come from here.
                return;
            }
        }
    }

    /// Brings every view one batch forward; whether there may be more. Views that stand at the same
    /// place go together, in one commit; where one of them fails, each goes alone.
    async fn advance(&self) -> Result<bool, StoreError> {
        let head = log::head(&self.database).await?.position;
        let mut places: BTreeMap<Position, Vec<&AnyView>> = BTreeMap::new();
        for (view, position) in checkpoints(&self.database).await? {
            self.note(view, position, None);
            places.entry(position).or_default().push(view);
        }
        let mut more = false;
        for (from, views) in places.into_iter().filter(|(from, _)| *from < head) {
            more |= match self.fold(&views, from, head).await {
                Ok(advanced) => advanced,
                Err(StoreError::Unavailable(cause)) => return Err(StoreError::Unavailable(cause)),
                Err(_) => self.fold_alone(&views, from, head).await,
            };
        }
        self.announce_reached();
        Ok(more)
    }

    async fn fold_alone(&self, views: &[&AnyView], from: Position, head: Position) -> bool {
        let mut more = false;
        for view in views {
            match self.fold(&[view], from, head).await {
                Ok(advanced) => more |= advanced,
                Err(cause) => {
                    // Told once: it is tried again each time, and may go on after a mend.
                    if self.note(view, from, Some(cause.to_string())) {
                        error!(view = view.table(), %from, %cause, "a view has stopped");
                    }
                }
            }
        }
        more
    }

    /// Folds one batch, up to the head, into views that stand at the same place; false where somebody
    /// else did.
    async fn fold(
        &self,
        views: &[&AnyView],
        from: Position,
        head: Position,
    ) -> Result<bool, StoreError> {
        let filter = Filter { after: Some(from), until_position: Some(head), ..Filter::default() };
        let mut snapshot = self.database.snapshot().await?;
        let events = log::read(&mut snapshot, &filter, BATCH).await?;
        let events = decode_all(&events)?;
        let Some(to) = events.last().map(|event| event.position) else { return Ok(false) };
        let mut folded = Vec::new();
        for view in views {
            folded.push((*view, fold_view(&mut snapshot, view, &events).await?));
        }
        snapshot.rollback().await?;
        let mut open = self.database.begin().await?;
        for (view, documents) in &folded {
            save(&mut open, view, documents).await?;
            if !move_checkpoint(&mut open, view, from, to).await? {
                open.rollback().await?;
                return Ok(true);
            }
        }
        open.commit().await?;
        for view in views {
            self.note(view, to, None);
        }
        Ok(true)
    }

    /// Notes how a view stands; whether that is news.
    fn note(&self, view: &AnyView, position: Position, stopped: Option<String>) -> bool {
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        let known = health.entry(view.table()).or_default();
        let moved = known.position != position;
        known.position = position;
        let news = moved || (stopped.is_some() && known.stopped != stopped);
        if news {
            known.stopped = stopped;
        }
        news
    }

    fn announce_reached(&self) {
        let health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        let running = health.values().filter(|view| view.stopped.is_none());
        let reached = running.map(|view| view.position).min().unwrap_or_default();
        drop(health);
        self.announce.send_if_modified(|known| std::mem::replace(known, reached) != reached);
    }
}

/// How far each view has come, by what is stored.
async fn checkpoints(database: &Database) -> Result<Vec<(&'static AnyView, Position)>, StoreError> {
    let rows = database.fetch("SELECT view, position FROM view_checkpoints", &[]).await?;
    let mut stored = HashMap::new();
    for row in rows {
        stored.insert(row.text(0)?, Position(row.int(1)?));
    }
    let missing =
        |view: &AnyView| StoreError::Corrupt(format!("{} has no checkpoint", view.table()));
    VIEWS
        .iter()
        .map(|view| {
            let position = stored.get(&view.table()).copied();
            position.map(|position| (view, position)).ok_or_else(|| missing(view))
        })
        .collect()
}

/// Moves a checkpoint, unless somebody else has: whoever also holds the view can't fold twice.
async fn move_checkpoint(
    open: &mut Transaction,
    view: &AnyView,
    from: Position,
    to: Position,
) -> Result<bool, StoreError> {
    let sql = "UPDATE view_checkpoints SET position = $1 WHERE view = $2 AND position = $3";
    let moved = open.execute(sql, &[to.0.into(), view.table().into(), from.0.into()]).await?;
    Ok(moved == 1)
}
