//! The runner: folds what the log gained into all views, documents and checkpoints in one commit.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use aggregates::shared::{Position, Recorded};
use projections::{AnyView, VIEWS};
use tokio::{sync::watch, task::JoinHandle};
use tracing::{error, warn};

use super::{documents::Documents, fold::decode_readable, store::save};
use crate::{
    database::{Database, Reader, StoreError, Transaction, Value},
    log::{self, Filter, Tail},
};

/// How many events are folded in one commit.
const BATCH: usize = 1_000;
/// How many events of one round are a load: fewer are nothing to wait for, and a full batch means that
/// there is a backlog.
const CROWD: std::ops::Range<i64> = 16..BATCH as i64;
/// How long the runner rests at the most.
const MOST_REST: Duration = Duration::from_millis(50);
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

/// Starts the runner of this process; it ends with the returned task. `tail` has what this process
/// appended, so that it need not be read back.
pub fn start(
    database: Database,
    wake: watch::Receiver<Position>,
    tail: Tail,
) -> (Freshness, JoinHandle<()>) {
    let (announce, reached) = watch::channel(Position::default());
    let health: Arc<Mutex<BTreeMap<String, Health>>> = Arc::default();
    let freshness = Freshness { reached, health: Arc::clone(&health) };
    let documents = Documents::default();
    let runner = Runner { database, tail, announce, health, places: None, documents };
    (freshness, tokio::spawn(runner.run(wake)))
}

struct Runner {
    database: Database,
    tail: Tail,
    announce: watch::Sender<Position>,
    health: Arc<Mutex<BTreeMap<String, Health>>>,
    /// Where the views stood when this process last moved them; none where that has to be read. Whether
    /// it still holds, the checkpoints tell when they are moved.
    places: Option<Places>,
    documents: Documents,
}

/// How far one round went.
enum Advance {
    /// By so many events.
    By(i64),
    /// Somebody else was faster.
    ByOthers,
    /// There was nothing to fold.
    Nothing,
}

/// Views by the place where they stand.
type Places = BTreeMap<Position, Vec<&'static AnyView>>;

impl Runner {
    async fn run(mut self, mut wake: watch::Receiver<Position>) {
        loop {
            let begun = Instant::now();
            match self.advance().await {
                Ok(Advance::By(events)) => {
                    if CROWD.contains(&events) {
                        // Under load it rests as long as it worked: what comes meanwhile is folded
                        // together, and the writer has the machine.
                        tokio::time::sleep(begun.elapsed().min(MOST_REST)).await;
                    }
                    continue;
                }
                Ok(Advance::ByOthers) => continue,
                Ok(Advance::Nothing) => {}
                Err(cause) => {
                    self.places = None;
                    warn!(%cause, "the views can't be brought forward now");
                }
            }
            match tokio::time::timeout(POLL, wake.changed()).await {
                Ok(Ok(())) => {}
                // The writer is gone: nothing more will come from here.
                Ok(Err(_)) => return,
                // Others may have appended, or brought views forward.
                Err(_) => self.places = None,
            }
        }
    }

    /// Brings every view one batch forward. Views that stand at the same place go together, in one commit;
    /// where one of them fails, each goes alone, and one that has stopped is tried again whenever the places
    /// are read.
    async fn advance(&mut self) -> Result<Advance, StoreError> {
        let known = self.places.take();
        let read = known.is_none();
        let places = match known {
            Some(places) => places,
            None => checkpoints(&self.database).await?,
        };
        let (mut reached, mut most) = (Places::new(), 0);
        for (from, views) in places {
            let (running, stopped): (Vec<_>, Vec<_>) =
                views.into_iter().partition(|view| read || !self.has_stopped(view));
            reached.entry(from).or_default().extend(stopped);
            // Somebody else was faster: where they are now has to be read.
            let Some(moved) = self.advance_from(from, running).await? else {
                return Ok(Advance::ByOthers);
            };
            for (to, views) in moved {
                most = most.max(to.0 - from.0);
                reached.entry(to).or_default().extend(views);
            }
        }
        for (place, views) in &reached {
            views.iter().for_each(|view| {
                self.note(view, *place, None);
            });
        }
        self.announce_reached();
        self.places = Some(reached);
        Ok(if most > 0 { Advance::By(most) } else { Advance::Nothing })
    }

    /// Brings views that stand at the same place one batch forward: where they stand then; none where
    /// somebody else has moved them.
    async fn advance_from(
        &mut self,
        from: Position,
        views: Vec<&'static AnyView>,
    ) -> Result<Option<Vec<(Position, Vec<&'static AnyView>)>>, StoreError> {
        if views.is_empty() {
            return Ok(Some(vec![]));
        }
        let folded = match self.events_after(from).await {
            Ok(events) => self.fold(&views, from, &events).await,
            Err(cause) => Err(cause),
        };
        match folded {
            Ok(to) => Ok(to.map(|to| vec![(to, views)])),
            Err(StoreError::Unavailable(cause)) => Err(StoreError::Unavailable(cause)),
            Err(_) if views.len() > 1 => {
                let mut moved = vec![];
                for view in views {
                    match Box::pin(self.advance_from(from, vec![view])).await? {
                        Some(alone) => moved.extend(alone),
                        None => return Ok(None),
                    }
                }
                Ok(Some(moved))
            }
            Err(cause) => {
                for view in &views {
                    // Told once: it is tried again, and may go on after a mend.
                    if self.note(view, from, Some(cause.to_string())) {
                        error!(view = view.table(), %from, %cause, "a view has stopped");
                    }
                }
                Ok(Some(vec![(from, views)]))
            }
        }
    }

    /// The next events behind a position, from memory where they are there.
    async fn events_after(&self, from: Position) -> Result<Vec<Arc<Recorded>>, StoreError> {
        let known = self.tail.after(from, BATCH);
        if !known.is_empty() {
            return Ok(known);
        }
        let filter = Filter { after: Some(from), ..Filter::default() };
        let mut snapshot = self.database.snapshot().await?;
        let events = log::read(&mut snapshot, &filter, BATCH).await?;
        snapshot.rollback().await?;
        Ok(decode_readable(&events)?.into_iter().map(Arc::new).collect())
    }

    /// Folds a batch into views that stand at `from`; where they stand then, or none where somebody else
    /// has moved them.
    async fn fold(
        &mut self,
        views: &[&AnyView],
        from: Position,
        events: &[Arc<Recorded>],
    ) -> Result<Option<Position>, StoreError> {
        let Some(to) = events.last().map(|event| event.position) else { return Ok(Some(from)) };
        // Documents change only as checkpoints move: what is held or read here is of `from` if the
        // checkpoints still stand there at the end.
        let moved = self.fold_to(views, from, to, events).await;
        if !matches!(moved, Ok(true)) {
            self.documents.clear();
        }
        Ok(moved?.then_some(to))
    }

    async fn fold_to(
        &mut self,
        views: &[&AnyView],
        from: Position,
        to: Position,
        events: &[Arc<Recorded>],
    ) -> Result<bool, StoreError> {
        let mut folded = Vec::new();
        for view in views {
            let events = events.iter().map(Arc::as_ref);
            let documents = self.documents.fold(&self.database, view, (from, to), events);
            folded.push((view, documents.await?));
        }
        let mut open = self.database.begin_derived().await?;
        if !move_checkpoints(&mut open, views, from, to).await? {
            open.rollback().await?;
            return Ok(false);
        }
        for (view, documents) in &folded {
            save(&mut open, view, documents).await?;
        }
        open.commit().await?;
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

    fn has_stopped(&self, view: &AnyView) -> bool {
        let health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        health.get(&view.table()).is_some_and(|view| view.stopped.is_some())
    }

    fn announce_reached(&self) {
        let health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        let running = health.values().filter(|view| view.stopped.is_none());
        let reached = running.map(|view| view.position).min().unwrap_or_default();
        drop(health);
        self.announce.send_if_modified(|known| std::mem::replace(known, reached) != reached);
    }
}

/// Where each view stands, by what is stored.
async fn checkpoints(database: &Database) -> Result<Places, StoreError> {
    let rows = database.fetch("SELECT view, position FROM view_checkpoints", &[]).await?;
    let mut stored = HashMap::new();
    for row in rows {
        stored.insert(row.text(0)?, Position(row.int(1)?));
    }
    let mut places = Places::new();
    for view in VIEWS {
        let table = view.table();
        let position = stored
            .get(&table)
            .ok_or_else(|| StoreError::Corrupt(format!("{table} has no checkpoint")))?;
        places.entry(*position).or_default().push(view);
    }
    Ok(places)
}

/// Moves the checkpoints of views that stand at the same place, unless somebody else has moved one:
/// whoever also holds a view can't fold twice.
async fn move_checkpoints(
    open: &mut Transaction,
    views: &[&AnyView],
    from: Position,
    to: Position,
) -> Result<bool, StoreError> {
    let tables: Vec<_> = views.iter().map(|view| view.table()).collect();
    let sql = format!(
        "UPDATE view_checkpoints SET position = $1 \
         WHERE position = $3 AND view IN (SELECT value FROM {})",
        open.json_texts("$2")
    );
    let moved = open.execute(&sql, &[to.0.into(), Value::json(&tables)?, from.0.into()]).await?;
    Ok(moved == views.len() as u64)
}
