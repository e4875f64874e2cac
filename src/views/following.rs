//! One document followed through the log: each event that touches it, in order, from any place on.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use aggregates::shared::{PersonId, Position, Recorded};
use projections::View;
use tokio::sync::watch;
use tracing::warn;

use super::{Freshness, decode_all};
use crate::{
    database::{Database, StoreError},
    log::{self, Filter},
};

/// How many events are read together; what a follower holds at the most.
const PAGE: usize = 100;
/// When it is tried again after the database failed.
const AGAIN: Duration = Duration::from_secs(1);

/// Which part of the log feeds a document.
pub enum Fed {
    /// One aggregate, by its type and its id.
    ByOne(&'static str, String),
    /// Of all aggregates of a type what concerns a student: a few of the events of each.
    ByStudent(&'static str, PersonId),
}

impl Fed {
    /// By what it is known that more came.
    fn moved_by(&self) -> String {
        match self {
            Self::ByOne(_, id) => id.clone(),
            Self::ByStudent(_, student) => student.to_string(),
        }
    }

    fn filter(&self) -> Filter {
        let (Self::ByOne(kind, _) | Self::ByStudent(kind, _)) = self;
        let filter = Filter { aggregate_type: Some((*kind).to_owned()), ..Filter::default() };
        match self {
            Self::ByOne(_, id) => Filter { aggregate_id: Some(id.clone()), ..filter },
            Self::ByStudent(_, student) => Filter { student: Some(student.to_string()), ..filter },
        }
    }
}

/// Who follows which aggregate: one reading of the log wakes those whom it concerns.
#[derive(Clone)]
pub struct Followers {
    database: Database,
    freshness: Freshness,
    waiting: Arc<Mutex<HashMap<String, watch::Sender<()>>>>,
}

impl Followers {
    /// Starts waking them, until the views of this process end.
    pub fn start(database: Database, freshness: Freshness) -> Self {
        let mut reached = freshness.watch();
        let mut from = *reached.borrow_and_update();
        let followers = Self { database, freshness, waiting: Arc::default() };
        let waking = followers.clone();
        tokio::spawn(async move {
            while reached.changed().await.is_ok() {
                let to = *reached.borrow_and_update();
                while let Err(cause) = waking.wake(from, to).await {
                    warn!(%cause, "those who follow the log can't be told now");
                    tokio::time::sleep(AGAIN).await;
                }
                from = to;
            }
            waking.waiting().clear();
        });
        followers
    }

    /// Follows the document with that key, fed by that part of the log, from behind a position on.
    pub async fn follow<V: View>(
        &self,
        fed: Fed,
        key: String,
        after: Position,
    ) -> Result<Following<V>, StoreError> {
        // Before the first look, so that nothing comes between the two.
        let woken = self.woken(fed.moved_by());
        let (database, freshness) = (self.database.clone(), self.freshness.clone());
        let filter = fed.filter();
        let mut document = None;
        let before = Filter { until_position: Some(after), ..filter.clone() };
        let mut snapshot = database.snapshot().await?;
        log::read_each(&mut snapshot, before, |event| {
            for event in event.decode()? {
                apply::<V>(&mut document, &key, &event);
            }
            Ok(())
        })
        .await?;
        snapshot.rollback().await?;
        let read = VecDeque::new();
        Ok(Following { database, freshness, woken, filter, key, document, read, after })
    }

    async fn wake(&self, from: Position, to: Position) -> Result<(), StoreError> {
        if self.waiting().is_empty() {
            return Ok(());
        }
        let sql = "SELECT DISTINCT aggregate_id, student FROM events \
                   WHERE position > $1 AND position <= $2";
        let moved = self.database.fetch(sql, &[from.0.into(), to.0.into()]).await?;
        let waiting = self.waiting();
        for row in moved {
            for moved in [Some(row.text(0)?), row.optional_text(1)?].into_iter().flatten() {
                if let Some(follower) = waiting.get(&moved) {
                    follower.send_replace(());
                }
            }
        }
        Ok(())
    }

    fn woken(&self, moved_by: String) -> watch::Receiver<()> {
        let mut waiting = self.waiting();
        waiting.retain(|_, sender| sender.receiver_count() > 0);
        waiting.entry(moved_by).or_default().subscribe()
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<String, watch::Sender<()>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A document of a view, followed through the log.
pub struct Following<V: View> {
    database: Database,
    freshness: Freshness,
    woken: watch::Receiver<()>,
    filter: Filter,
    key: String,
    document: Option<V::Document>,
    read: VecDeque<Recorded>,
    after: Position,
}

impl<V: View> Following<V> {
    /// The place in the log that the document is of.
    pub fn position(&self) -> Position {
        self.after
    }

    /// The document at that place; none where nothing had touched it yet.
    pub fn document(&self) -> Option<&V::Document> {
        self.document.as_ref()
    }

    /// Begins with an empty document, where nothing has touched it yet.
    pub fn begin(&mut self) {
        self.document.get_or_insert_default();
    }

    /// Waits for the next event that touches the document, and goes there; false where no more will come.
    /// Given up halfway, it loses nothing.
    pub async fn go_on(&mut self) -> Result<bool, StoreError> {
        loop {
            while let Some(next) = self.read.front() {
                self.after = next.position;
                // What one event of old says now may be several, at one place.
                let here = self.read.partition_point(|event| event.position == self.after);
                let mut touched = false;
                for event in self.read.drain(..here) {
                    touched |= apply::<V>(&mut self.document, &self.key, &event);
                }
                if touched {
                    return Ok(true);
                }
            }
            self.woken.borrow_and_update();
            let filter = Filter {
                after: Some(self.after),
                until_position: Some(self.freshness.reached()),
                ..self.filter.clone()
            };
            let mut snapshot = self.database.snapshot().await?;
            let events = log::read(&mut snapshot, &filter, PAGE).await?;
            snapshot.rollback().await?;
            self.read = decode_all(&events)?.into();
            if self.read.is_empty() && self.woken.changed().await.is_err() {
                return Ok(false);
            }
        }
    }
}

/// Applies an event that touches the document; whether it does.
fn apply<V: View>(document: &mut Option<V::Document>, key: &str, event: &Recorded) -> bool {
    let touches = V::keys(&event.event).iter().any(|touched| touched == key);
    if touches {
        V::apply(document.get_or_insert_default(), key, event);
    }
    touches
}
