//! Building views anew from the log, beside the tables that are served: readers never see one half built. At
//! the end a view's pointer is moved, in one transaction with the last events that the old table has folded.

use std::{collections::HashMap, mem, num::NonZeroUsize, pin::pin};

use aggregates::shared::{Position, Recorded};
use futures::{Stream, StreamExt, stream};
use jiff::Timestamp;
use projections::AnyView;
use tokio::task::spawn_blocking;
use tracing::warn;

use super::{
    decode_all,
    fold::{Open, to_load, touched},
    saving::{Saver, Spell, broken_off, stored},
    store::{Sources, load, save, save_sources, sources},
};
use crate::{
    database::{
        BuildLock, Database, Reader, StoreError, Transaction,
        view_tables::{Served, pointers},
    },
    log::{self, Filter},
};

/// How many events are read together.
const PAGE: NonZeroUsize = NonZeroUsize::new(5_000).unwrap();
/// How many pages are read at once.
const AHEAD: usize = 3;
/// What a document, each event of it, and an aggregate that feeds it are counted as.
const DOCUMENT_BYTES: usize = 512;
const EVENT_BYTES: usize = 256;
const SOURCE_BYTES: usize = 256;
/// How far behind the log's end the pointer is moved: what is still missing is folded in its transaction.
const CLOSE: i64 = 1_000;
/// How often it is tried to come so close, and how far is close enough then: others write as fast as it reads.
const MOST_ROUNDS: usize = 5;
const NEAR: i64 = 20_000;

/// How much is in memory at once.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How many events are read together.
    pub page: NonZeroUsize,
    /// How much is held of all that is built together before some is saved, in bytes, estimated; while that is
    /// saved, as much is folded again.
    pub held: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { page: PAGE, held: 128 * 1024 * 1024 }
    }
}

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
    lock: &BuildLock,
    views: &[&'static AnyView],
    tell: impl FnMut(Position, Position),
) -> Result<Position, BuildError> {
    build_within(Bounds::default(), database, lock, views, tell).await
}

/// The same within other bounds.
pub async fn build_within(
    bounds: Bounds,
    database: &Database,
    _lock: &BuildLock,
    views: &[&'static AnyView],
    mut tell: impl FnMut(Position, Position),
) -> Result<Position, BuildError> {
    let (mut builds, mut saver) = (Vec::new(), Saver::of(database));
    let built = build_all(bounds, database, views, &mut builds, &mut saver, &mut tell).await;
    if built.is_err() {
        saver.stop().await;
        for build in builds {
            if let Err(cause) = build.take_back(database).await {
                warn!(table = %build.served.table, %cause, "what was begun is left for a prune");
            }
        }
    }
    built
}

async fn build_all(
    bounds: Bounds,
    database: &Database,
    views: &[&'static AnyView],
    builds: &mut Vec<Build>,
    saver: &mut Saver,
    tell: &mut impl FnMut(Position, Position),
) -> Result<Position, BuildError> {
    for view in views {
        builds.push(Build::begin(database, view).await?);
    }
    let mut at = Position(0);
    for round in 0.. {
        let head = log::head(database).await?.position;
        let behind = head.0 - at.0;
        if round > 0 && (behind <= CLOSE || (round > MOST_ROUNDS && behind <= NEAR)) {
            break;
        }
        let mut pages = pin!(read_ahead(database, at, head, bounds.page.get()));
        while let Some(page) = pages.next().await {
            let page = page?;
            for build in builds.iter_mut() {
                build.fold(&mut &*database, saver, &page).await?;
            }
            while builds.iter().map(Build::holds).sum::<usize>() > bounds.held
                && let Some(largest) = builds.iter_mut().max_by_key(|build| build.holds())
            {
                largest.let_go(saver).await?;
            }
            at = page.last().map_or(at, |event| event.position);
            tell(at, head);
        }
        for build in builds.iter_mut() {
            build.let_go(saver).await?;
            saver.until_saved().await?;
            if round == 0 {
                build.index(database).await?;
            }
        }
    }
    for build in builds.iter_mut() {
        build.serve(bounds, database, saver, at).await?;
    }
    Ok(at)
}

/// A stretch of the log in its order, a page at a time. Positions have no gaps, so that each page is known before it is
/// read: several are on their way at once, each read and decoded on its own.
fn read_ahead(
    database: &Database,
    from: Position,
    to: Position,
    size: usize,
) -> impl Stream<Item = Result<Vec<Recorded>, StoreError>> {
    let database = database.clone();
    let pages = (from.0..to.0).step_by(size).map(move |after| {
        let until = Position(to.0.min(after + size as i64));
        tokio::spawn(page(database.clone(), Position(after), until))
    });
    stream::iter(pages).buffered(AHEAD).map(|read| read.map_err(broken_off)?)
}

async fn page(
    database: Database,
    after: Position,
    until: Position,
) -> Result<Vec<Recorded>, StoreError> {
    let filter = Filter { after: Some(after), until_position: Some(until), ..Filter::default() };
    let mut snapshot = database.snapshot().await?;
    let events = log::read(&mut snapshot, &filter, (until.0 - after.0) as usize).await?;
    snapshot.rollback().await?;
    spawn_blocking(move || decode_all(&events)).await.map_err(broken_off)?
}

/// A view that is being built.
struct Build {
    served: Served,
    open: HashMap<String, Open>,
    sources: Sources,
    /// What is open, estimated.
    bytes: usize,
    /// Whether the table has documents already, or some are being saved.
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

    /// What it holds in memory, estimated.
    fn holds(&self) -> usize {
        self.bytes + SOURCE_BYTES * self.sources.len()
    }

    /// Folds events into documents, which stay open until they are saved.
    async fn fold(
        &mut self,
        reader: &mut impl Reader,
        saver: &mut Saver,
        events: &[Recorded],
    ) -> Result<(), StoreError> {
        let view = self.view();
        let touched = touched(view, events)?;
        self.sources.extend(sources(&touched));
        let mut stored = HashMap::new();
        if self.saved {
            let missing = to_load(view, &touched, |key| self.open.contains_key(key));
            if !missing.is_empty() {
                saver.until_saved().await?;
                stored = load(reader, &self.served.table, &missing).await?;
            }
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

    /// Makes the indexes, a transaction each.
    async fn index(&self, database: &Database) -> Result<(), StoreError> {
        let Served { view, table } = &self.served;
        for column in view.columns {
            let mut spell = Spell::begin(database).await?;
            spell.open.index_view_table(table, column).await?;
            spell.end().await?;
        }
        Ok(())
    }

    /// Lets go of what is open and what fed it, which is being saved from then on.
    async fn let_go(&mut self, saver: &mut Saver) -> Result<(), StoreError> {
        let (documents, sources) = (self.close(), mem::take(&mut self.sources));
        saver.save(self.served.clone(), documents, sources).await
    }

    /// Lets go of what is open, in the order of the keys: it is about to be saved.
    fn close(&mut self) -> Vec<(String, Open)> {
        self.bytes = 0;
        self.saved = true;
        let mut open: Vec<_> = mem::take(&mut self.open).into_iter().collect();
        open.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        open
    }

    /// Serves the view from the new table, which stands at `at`, once it has all that the old one has.
    async fn serve(
        &mut self,
        bounds: Bounds,
        database: &Database,
        saver: &mut Saver,
        mut at: Position,
    ) -> Result<(), BuildError> {
        let view = self.view();
        let mut open = database.begin().await?;
        let old = pointers(&mut open).await?.remove(&view.table());
        let to = match old {
            Some(old) => retire(&mut open, &old).await?.max(at),
            None => at,
        };
        // All that was let go of is saved by now: nothing is waited for here that would wait for this transaction.
        while at < to {
            let filter = Filter { after: Some(at), until_position: Some(to), ..Filter::default() };
            let events = decode_all(&log::read(&mut open, &filter, bounds.page.get()).await?)?;
            self.fold(&mut open, saver, &events).await?;
            at = events.last().map_or(to, |event| event.position);
        }
        let documents = stored(view, &self.close())?;
        save(&mut open, view, &self.served.table, &documents).await?;
        save_sources(&mut open, &self.served.table, &self.sources).await?;
        let table = &self.served.table;
        let stands = "UPDATE view_checkpoints SET position = $1 WHERE view = $2";
        if open.execute(stands, &[to.0.into(), (&**table).into()]).await? != 1 {
            // The lock was lost, and somebody has dropped what was half built.
            return Err(BuildError::Overtaken(table.to_string()));
        }
        open.point_view_to(view, table).await?;
        Ok(open.commit().await?)
    }

    /// Drops the table, unless it is served by now.
    async fn take_back(&self, database: &Database) -> Result<(), StoreError> {
        let mut open = database.begin_derived().await?;
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

/// The view's name and version; where there is such a table, with a number that none of them has had: the
/// newest that was served is never dropped, and whoever knows an older name never finds another table by it.
async fn free_name(open: &mut Transaction, view: &AnyView) -> Result<String, StoreError> {
    let rows = open.fetch("SELECT view FROM view_checkpoints", &[]).await?;
    let first = view.table();
    let number = |table: &str| match table.strip_prefix(&*first)? {
        "" => Some(1),
        more => more.strip_prefix('_')?.parse::<u32>().ok(),
    };
    let names = rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
    let newest = names.iter().filter_map(|table| number(table)).max();
    Ok(newest.map_or(first.clone(), |newest| format!("{first}_{}", newest + 1)))
}
