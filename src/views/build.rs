//! Building views anew from the log, beside the tables that are served: readers never see one half built. At
//! the end a view's pointer is moved, in one transaction with the last events that the old table has folded.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use aggregates::shared::{Position, Recorded};
use jiff::Timestamp;
use projections::AnyView;
use tokio::{
    sync::mpsc,
    task::{JoinHandle, spawn_blocking},
};

use super::{
    decode_all,
    fold::{Open, Stored, touched},
    store::{Sources, load, save, save_sources, sources},
};
use crate::{
    database::{
        BuildLock, Database, Reader, StoreError, Transaction,
        view_tables::{Served, pointers},
    },
    log::{self, Filter, StoredEvent},
};

/// How many events are read together.
const PAGE: usize = 5_000;
/// How many pages are read ahead.
const AHEAD: usize = 2;
/// How much is held in memory of a view's documents before they are saved, estimated.
const MOST_BYTES: usize = 128 * 1024 * 1024;
/// What a document, and what each event of it, is counted as.
const DOCUMENT_BYTES: usize = 512;
const EVENT_BYTES: usize = 256;
/// How many documents are saved in one transaction: whoever appends meanwhile waits no longer than that.
const SAVED_TOGETHER: usize = 2_000;
/// How far behind the log's end the pointer is moved: what is still missing is folded in its transaction.
const CLOSE: i64 = 1_000;

/// Why a view was not built. What was begun of it has been dropped.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Another table took its place meanwhile.
    #[error("{0} was built by somebody else meanwhile")]
    Overtaken(String),
    /// The log, a fold, or the database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which of these views have no table that is served: those of a new version.
pub async fn missing(
    mut database: &Database,
    views: &'static [AnyView],
) -> Result<Vec<&'static AnyView>, StoreError> {
    let pointers = pointers(&mut database).await?;
    Ok(views.iter().filter(|view| !pointers.contains_key(&view.table())).collect())
}

/// Builds these views anew, in one reading of the log, and serves them from then on; where the log ended then.
/// `tell` hears how far it has come, and where the log ends. The lock keeps others from doing the same.
pub async fn build(
    database: &Database,
    _lock: &BuildLock,
    views: &[&'static AnyView],
    mut tell: impl FnMut(Position, Position),
) -> Result<Position, BuildError> {
    let mut builds = Vec::new();
    for view in views {
        builds.push(Build::begin(database, view).await?);
    }
    match build_all(database, &mut builds, &mut tell).await {
        Ok(at) => Ok(at),
        Err(cause) => {
            for build in builds {
                build.take_back(database).await?;
            }
            Err(cause)
        }
    }
}

async fn build_all(
    database: &Database,
    builds: &mut [Build],
    tell: &mut impl FnMut(Position, Position),
) -> Result<Position, BuildError> {
    let (mut at, mut indexed) = (Position(0), false);
    loop {
        let head = log::head(database).await?.position;
        if indexed && head.0 - at.0 <= CLOSE {
            break;
        }
        let mut pages = read_ahead(database.clone(), at, head);
        while let Some(page) = pages.recv().await {
            let decoded = page?.await;
            let page = decoded.map_err(|error| StoreError::Corrupt(error.to_string()))??;
            for build in builds.iter_mut() {
                build.fold(database, &page).await?;
            }
            at = page.last().map_or(at, |event| event.position);
            tell(at, head);
        }
        for build in builds.iter_mut() {
            build.save(database).await?;
            if !indexed {
                let mut open = database.begin_derived().await?;
                open.index_view_table(build.view(), &build.served.table).await?;
                open.commit().await?;
            }
        }
        indexed = true;
    }
    for build in builds.iter_mut() {
        build.serve(database, at).await?;
    }
    Ok(at)
}

/// A page of the log that is being decoded.
type Page = JoinHandle<Result<Vec<Recorded>, StoreError>>;

/// Reads a stretch of the log in its order, ahead of whoever takes the pages: while one is folded, the next is
/// decoded and the one behind it is read.
fn read_ahead(
    database: Database,
    from: Position,
    to: Position,
) -> mpsc::Receiver<Result<Page, StoreError>> {
    let (send, pages) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let mut at = from;
        while at < to {
            let page = match page_behind(&database, at, to).await {
                Ok(events) => {
                    at = events.last().map_or(to, |event| event.position);
                    Ok(spawn_blocking(move || decode_all(&events)))
                }
                Err(cause) => {
                    at = to;
                    Err(cause)
                }
            };
            if send.send(page).await.is_err() {
                return;
            }
        }
    });
    pages
}

async fn page_behind(
    database: &Database,
    at: Position,
    to: Position,
) -> Result<Vec<StoredEvent>, StoreError> {
    let filter = Filter { after: Some(at), until_position: Some(to), ..Filter::default() };
    let mut snapshot = database.snapshot().await?;
    let events = log::read(&mut snapshot, &filter, PAGE).await?;
    snapshot.rollback().await?;
    Ok(events)
}

/// A view that is being built.
struct Build {
    served: Served,
    open: HashMap<String, Open>,
    sources: Sources,
    /// What is open, estimated.
    bytes: usize,
    /// Whether the table has documents already.
    saved: bool,
}

impl Build {
    /// An empty table beside those there are.
    async fn begin(database: &Database, view: &'static AnyView) -> Result<Self, StoreError> {
        let mut open = database.begin().await?;
        let table = free_name(&mut open, view).await?;
        open.create_view_table(view, &table).await?;
        open.commit().await?;
        Ok(Self {
            served: Served { view, table: table.into() },
            open: HashMap::new(),
            sources: Sources::new(),
            bytes: 0,
            saved: false,
        })
    }

    fn view(&self) -> &'static AnyView {
        self.served.view
    }

    /// Folds events into documents, which stay open as long as there is room.
    async fn fold(&mut self, database: &Database, events: &[Recorded]) -> Result<(), StoreError> {
        self.fold_in(&mut &*database, events).await?;
        if self.bytes > MOST_BYTES {
            self.save(database).await?;
        }
        Ok(())
    }

    async fn fold_in(
        &mut self,
        reader: &mut impl Reader,
        events: &[Recorded],
    ) -> Result<(), StoreError> {
        let view = self.view();
        let touched = touched(view, events)?;
        self.sources.extend(sources(&touched));
        let mut stored = HashMap::new();
        if self.saved {
            let missing = touched.keys().filter(|key| !self.open.contains_key(*key));
            let missing: Vec<_> = missing.map(String::as_str).collect();
            stored = load(reader, &self.served.table, &missing).await?;
        }
        for (key, events) in touched {
            self.bytes += EVENT_BYTES * events.len();
            if !self.open.contains_key(&key) {
                self.bytes += DOCUMENT_BYTES + stored.get(&key).map_or(0, |old| old.payload.len());
                self.open.insert(key.clone(), Open::of(view, &key, stored.get(&key))?);
            }
            if let Some(document) = self.open.get_mut(&key) {
                document.apply(view, &key, &events)?;
            }
        }
        Ok(())
    }

    /// Saves and lets go of what is open, a part a transaction; whoever appends comes in between.
    async fn save(&mut self, database: &Database) -> Result<(), StoreError> {
        let mut documents = self.documents()?.into_iter();
        loop {
            let some: BTreeMap<_, _> = documents.by_ref().take(SAVED_TOGETHER).collect();
            if some.is_empty() {
                break;
            }
            let mut open = database.begin_derived().await?;
            save(&mut open, &self.served.table, &some).await?;
            open.commit().await?;
            give_way(database).await;
        }
        let sources: Vec<_> = std::mem::take(&mut self.sources).into_iter().collect();
        for some in sources.chunks(SAVED_TOGETHER) {
            let mut open = database.begin_derived().await?;
            save_sources(&mut open, &self.served.table, &some.iter().cloned().collect()).await?;
            open.commit().await?;
            give_way(database).await;
        }
        Ok(())
    }

    /// What is open, as it is to be stored, in the order of the keys.
    fn documents(&mut self) -> Result<BTreeMap<String, Stored>, StoreError> {
        let view = self.view();
        self.bytes = 0;
        self.saved = true;
        let open = std::mem::take(&mut self.open).into_iter();
        open.map(|(key, document)| {
            let stored = document.stored(view, &key)?;
            Ok((key, stored))
        })
        .collect()
    }

    /// Serves the view from the new table, which stands at `at`, once it has all that the old one has.
    async fn serve(&mut self, database: &Database, at: Position) -> Result<(), BuildError> {
        let view = self.view();
        let mut open = database.begin().await?;
        let old = pointers(&mut open).await?.remove(&view.table());
        let to = match old {
            Some(old) => retire(&mut open, &old).await?.max(at),
            None => at,
        };
        let mut at = at;
        while at < to {
            let filter = Filter { after: Some(at), until_position: Some(to), ..Filter::default() };
            let events = decode_all(&log::read(&mut open, &filter, PAGE).await?)?;
            self.fold_in(&mut open, &events).await?;
            at = events.last().map_or(to, |event| event.position);
        }
        let documents = self.documents()?;
        save(&mut open, &self.served.table, &documents).await?;
        save_sources(&mut open, &self.served.table, &self.sources).await?;
        let table = &self.served.table;
        let stands = "UPDATE view_checkpoints SET position = $1 WHERE view = $2";
        open.execute(stands, &[to.0.into(), (&**table).into()]).await?;
        open.point_view_to(view, table).await?;
        Ok(open.commit().await?)
    }

    /// Drops the table, unless it is served by now.
    async fn take_back(self, database: &Database) -> Result<(), StoreError> {
        let mut open = database.begin().await?;
        let pointers = pointers(&mut open).await?;
        if pointers.get(&self.view().table()).map(String::as_str) != Some(&*self.served.table) {
            open.drop_view_table(&self.served.table).await?;
        }
        open.commit().await
    }
}

/// Nothing is folded into a table from then on; where it stood.
async fn retire(open: &mut Transaction, table: &str) -> Result<Position, BuildError> {
    let sql = "UPDATE view_checkpoints SET retired_at = $1 WHERE view = $2 AND retired_at IS NULL \
               RETURNING position";
    let now = Timestamp::now().as_microsecond();
    let rows = open.fetch(sql, &[now.into(), table.into()]).await?;
    match rows.first() {
        Some(row) => Ok(Position(row.int(0)?)),
        None => Err(BuildError::Overtaken(table.to_owned())),
    }
}

/// The view's name and version; where that is taken, with a number.
async fn free_name(open: &mut Transaction, view: &AnyView) -> Result<String, StoreError> {
    let rows = open.fetch("SELECT view FROM view_checkpoints", &[]).await?;
    let taken: Vec<_> = rows.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
    let first = view.table();
    let others = (2..).map(|number| format!("{first}_{number}"));
    let mut names = std::iter::once(first.clone()).chain(others);
    Ok(names.find(|name| !taken.contains(name)).unwrap_or(first))
}

/// SQLite has one writer at a time, and who waits looks only now and then: a moment in which he finds it free.
async fn give_way(database: &Database) {
    if let Database::Sqlite { .. } = database {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
