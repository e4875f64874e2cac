//! The runner: folds what the log gained into all views, documents and checkpoints in one commit.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aggregates::shared::{Position, Recorded};
use projections::AnyView;
use tokio::{sync::watch, task::JoinHandle};
use tracing::{error, warn};

use super::{
    Freshness, Views, bell,
    commit::{Changes, commit},
    documents::Documents,
    fold::decode_readable,
    freshness::Notes,
    tables::{Places, places},
    turns::Turns,
};
use crate::{
    database::{
        Database, StoreError,
        view_tables::{Served, pointers},
    },
    log::{self, Filter, Tail},
};

/// How many events are folded in one commit.
const BATCH: usize = 1_000;
/// How many events of one round are a load: fewer are nothing to wait for, and a full batch means that
/// there is a backlog.
const CROWD: std::ops::Range<i64> = 16..BATCH as i64;
/// How long the runner rests at the most.
const MOST_REST: Duration = Duration::from_millis(50);

/// Starts the runner of this process for these views, and tells `read` of each change; it ends with the returned
/// task. `tail` has what this process appended, so that it need not be read back; every `poll` the log is looked at
/// without being woken, because other processes write too.
pub fn start(
    read: &Views,
    views: &'static [AnyView],
    wake: watch::Receiver<Position>,
    tail: Tail,
    poll: Duration,
) -> (Freshness, JoinHandle<()>) {
    let (notes, freshness) = Notes::new();
    let database = read.database.clone();
    let heard = bell::hang(&database, wake.clone(), freshness.watch());
    let turns = Turns::new(&database);
    let documents = Documents::default();
    let (read, places) = (read.clone(), None);
    let runner = Runner { database, views, read, tail, notes, turns, places, documents };
    (freshness, tokio::spawn(runner.run(wake, heard, poll)))
}

struct Runner {
    database: Database,
    views: &'static [AnyView],
    /// Who reads them.
    read: Views,
    tail: Tail,
    notes: Notes,
    turns: Turns,
    /// Where the views stood when this process last moved them, and where the log ended; none where that has to
    /// be read. Whether it still holds, the checkpoints tell when they are moved.
    places: Option<(Places, Position)>,
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

impl Runner {
    async fn run<T>(
        mut self,
        mut wake: watch::Receiver<Position>,
        mut heard: watch::Receiver<T>,
        poll: Duration,
    ) {
        loop {
            if self.turns.take(self.views).await {
                self.places = None;
            }
            let begun = Instant::now();
            let announced = *wake.borrow();
            match self.advance(announced).await {
                Ok(Advance::By(events)) => {
                    if CROWD.contains(&events) {
                        // Under load it rests as long as it worked: what comes meanwhile is folded
                        // together, and the writer has the machine.
                        tokio::time::sleep(begun.elapsed().min(MOST_REST)).await;
                    }
                    continue;
                }
                Ok(Advance::ByOthers) => {
                    self.turns.give_back();
                    continue;
                }
                Ok(Advance::Nothing) => {}
                Err(cause) => {
                    self.places = None;
                    self.read.recent.forget();
                    warn!(%cause, "the views can't be brought forward now");
                }
            }
            tokio::select! {
                // The writer is gone: nothing more will come from here.
                moved = wake.changed() => if moved.is_err() { return },
                // Others have appended, or brought views forward; or may have.
                _ = heard.changed() => self.places = None,
                () = tokio::time::sleep(poll) => self.places = None,
            }
        }
    }

    /// Brings every view whose turn is this process's one batch forward. Views that stand at the same place go
    /// together, in one commit; where one of them fails, each goes alone, and one that has stopped is tried
    /// again whenever the places are read.
    async fn advance(&mut self, announced: Position) -> Result<Advance, StoreError> {
        let known = self.places.take();
        let read = known.is_none();
        let (places, head) = match known {
            Some(known) => known,
            None => self.read_places().await?,
        };
        // What this process has announced is in the log too, whether it is in memory or not.
        let end = head.max(announced);
        let (mut reached, mut most) = (Places::new(), 0);
        for (from, views) in places {
            let (running, resting): (Vec<_>, Vec<_>) = views.into_iter().partition(|served| {
                (read || !self.notes.has_stopped(served.view)) && self.turns.has(served, from, end)
            });
            reached.entry(from).or_default().extend(resting);
            // Somebody else was faster: where they are now has to be read.
            let Some(moved) = self.advance_from(from, end, running).await? else {
                return Ok(Advance::ByOthers);
            };
            for (to, views) in moved {
                most = most.max(to.0 - from.0);
                reached.entry(to).or_default().extend(views);
            }
        }
        for (place, views) in &reached {
            views.iter().for_each(|served| {
                self.notes.note(served.view, *place, None);
            });
        }
        self.notes.announce();
        // Where others bring views forward, that has to be read each time.
        self.places = self.turns.has_all(self.views).then_some((reached, head));
        Ok(if most > 0 { Advance::By(most) } else { Advance::Nothing })
    }

    /// Where the views stand by what is stored. One without a table has stopped, and holds up nobody.
    async fn read_places(&self) -> Result<(Places, Position), StoreError> {
        let standing = places(&self.database, self.views, &self.read.tables).await?;
        let served =
            || standing.places.iter().flat_map(|(at, views)| views.iter().map(|view| (*at, view)));
        self.read.recent.retain(|table| served().any(|(_, known)| *known.table == *table));
        served().for_each(|(at, known)| self.read.recent.stands(&known.table, at));
        for view in standing.missing {
            let cause = "it has no table: it could not be built at the start, or was dropped";
            if self.notes.note(view, Position(0), Some(cause.to_owned())) {
                error!(view = view.table(), cause, "a view has stopped");
            }
        }
        Ok((standing.places, standing.head))
    }

    /// Brings views that stand at the same place one batch forward: where they stand then; none where
    /// somebody else has moved them.
    async fn advance_from(
        &mut self,
        from: Position,
        head: Position,
        views: Vec<Served>,
    ) -> Result<Option<Vec<(Position, Vec<Served>)>>, StoreError> {
        if views.is_empty() {
            return Ok(Some(vec![]));
        }
        // One that did not go on here the last time is tried on the next event alone.
        let stopped = views.len() == 1 && self.notes.has_stopped(views[0].view);
        let most = if stopped { 1 } else { BATCH };
        let folded = match self.events_after(from, head, most).await {
            Ok(events) => match self.fold(&views, from, &events).await {
                Err(cause) if !cause.is_unavailable() && views.len() == 1 => {
                    return self.as_far_as_it_goes(&views[0], from, &events).await;
                }
                folded => folded,
            },
            Err(cause) => Err(cause),
        };
        match folded {
            Ok(to) => Ok(to.map(|to| vec![(to, views)])),
            Err(cause) if cause.is_unavailable() => Err(cause),
            Err(_) if views.len() > 1 => {
                let mut moved = vec![];
                for view in views {
                    match Box::pin(self.advance_from(from, head, vec![view])).await? {
                        Some(alone) => moved.extend(alone),
                        None => return Ok(None),
                    }
                }
                Ok(Some(moved))
            }
            Err(cause) => {
                views.iter().for_each(|served| self.stop(served, from, &cause));
                Ok(Some(vec![(from, views)]))
            }
        }
    }

    /// Brings one view up to the event that it fails on, and says which that is.
    async fn as_far_as_it_goes(
        &mut self,
        served: &Served,
        from: Position,
        events: &[Arc<Recorded>],
    ) -> Result<Option<Vec<(Position, Vec<Served>)>>, StoreError> {
        let (mut at, mut rest) = (from, events);
        let mut step = events.len();
        while let Some(first) = rest.first() {
            let next = up_to(rest, step);
            match self.fold(std::slice::from_ref(served), at, next).await {
                Ok(Some(to)) => (at, rest) = (to, &rest[next.len()..]),
                Ok(None) => return Ok(None),
                Err(cause) if cause.is_unavailable() => return Err(cause),
                Err(_) if step > 1 => step /= 2,
                Err(cause) => {
                    let (kind, _) = first.event.type_and_version();
                    let cause = format!("event {} ({kind}): {cause}", first.position);
                    self.stop(served, at, &cause);
                    break;
                }
            }
        }
        Ok(Some(vec![(at, vec![served.clone()])]))
    }

    /// Notes why a view stopped, and tells it once: it is tried again, and may go on after a mend.
    fn stop(&self, served: &Served, at: Position, cause: &impl ToString) {
        let cause = cause.to_string();
        if self.notes.note(served.view, at, Some(cause.clone())) {
            error!(view = served.view.table(), %at, %cause, "a view has stopped");
        }
    }

    /// The next events behind a position, from memory where they are there, up to one that can't be read. The log
    /// ended at `head` when it was looked at; what others have written since is heard of, or looked for in time.
    async fn events_after(
        &self,
        from: Position,
        head: Position,
        most: usize,
    ) -> Result<Vec<Arc<Recorded>>, StoreError> {
        match self.tail.after(from, most) {
            Some(known) if !known.is_empty() || from >= head => return Ok(known),
            _ => {}
        }
        let filter = Filter { after: Some(from), ..Filter::default() };
        let mut snapshot = self.database.snapshot().await?;
        let stored = log::read(&mut snapshot, &filter, most).await?;
        snapshot.rollback().await?;
        Ok(decode_readable(&stored)?.into_iter().map(Arc::new).collect())
    }

    /// Folds a batch into views that stand at `from`; where they stand then, or none where somebody else
    /// has moved them.
    async fn fold(
        &mut self,
        views: &[Served],
        from: Position,
        events: &[Arc<Recorded>],
    ) -> Result<Option<Position>, StoreError> {
        let Some(to) = events.last().map(|event| event.position) else { return Ok(Some(from)) };
        // Documents change only as checkpoints move: what is held or read here is of `from` if the
        // checkpoints still stand there at the end.
        let moved = self.fold_to(views, from, to, events).await;
        if !matches!(moved, Ok(true)) {
            self.documents.forget(views);
        }
        match moved {
            Err(cause) if !cause.is_unavailable() && self.are_served_otherwise(views).await? => {
                Ok(None)
            }
            moved => Ok(moved?.then_some(to)),
        }
    }

    /// Whether one of them has been built anew meanwhile: the table it was served from may be gone.
    async fn are_served_otherwise(&self, views: &[Served]) -> Result<bool, StoreError> {
        let pointers = pointers(&mut &self.database).await?;
        let now = |served: &Served| pointers.get(&served.view.table()).map(String::as_str);
        Ok(views.iter().any(|served| now(served) != Some(&*served.table)))
    }

    async fn fold_to(
        &mut self,
        views: &[Served],
        from: Position,
        to: Position,
        events: &[Arc<Recorded>],
    ) -> Result<bool, StoreError> {
        let mut folded = Vec::new();
        for served in views {
            let events = events.iter().map(Arc::as_ref);
            let documents = self.documents.fold(&self.database, served, (from, to), events);
            let (documents, sources) = documents.await?;
            folded.push(Changes { served, documents, sources });
        }
        let tables: Vec<_> = views.iter().map(|served| &*served.table).collect();
        let moved = commit(&self.database, &tables, (from, to), &folded).await?;
        if moved {
            for (served, changes) in views.iter().zip(&folded) {
                self.read.recent.moved(&served.table, (from, to), changes.documents.keys());
            }
        }
        Ok(moved)
    }
}

/// The first of these events, some `most`, and all that share the place of the last.
fn up_to(events: &[Arc<Recorded>], most: usize) -> &[Arc<Recorded>] {
    let Some(last) = events.get(most.saturating_sub(1)) else { return events };
    &events[..events.partition_point(|event| event.position <= last.position)]
}
