//! Saving what a build has folded, and other transactions in which something is written that nobody reads yet.

use std::time::{Duration, Instant};

use futures::future::try_join_all;
use projections::AnyView;
use tokio::task::{JoinError, JoinSet};

use super::{
    fold::{Folded, Open},
    store::{Sources, save, save_sources},
};
use crate::database::{Database, StoreError, Transaction, view_tables::Served};

/// How many documents are saved in one transaction: whoever appends meanwhile waits no longer than that.
const SAVED_TOGETHER: usize = 2_000;
/// How many such transactions go on at once, where several may write.
const LANES: usize = 2;
/// How often a transaction is tried whose database is away, or held by others.
const TRIES: usize = 5;
/// How long it lets others write at the most.
const MOST_PAUSE: Duration = Duration::from_millis(20);

/// Saves what builds let go of, of one at a time, while they go on; where it is dropped, no more.
pub(super) struct Saver {
    database: Database,
    /// One at the most.
    saving: JoinSet<Result<(), StoreError>>,
}

impl Saver {
    pub(super) fn of(database: &Database) -> Self {
        Self { database: database.clone(), saving: JoinSet::new() }
    }

    /// Begins to save documents of a view with what fed them, once what came before is saved.
    pub(super) async fn save(
        &mut self,
        served: Served,
        documents: Vec<(String, Open)>,
        sources: Sources,
    ) -> Result<(), StoreError> {
        self.until_saved().await?;
        self.saving.spawn(save_all(self.database.clone(), served, documents, sources));
        Ok(())
    }

    /// Waits until all that came is saved.
    pub(super) async fn until_saved(&mut self) -> Result<(), StoreError> {
        match self.saving.join_next().await {
            Some(saved) => saved.map_err(broken_off)?,
            None => Ok(()),
        }
    }

    /// Saves no more: nothing is written any more once this has ended.
    pub(super) async fn stop(&mut self) {
        self.saving.shutdown().await;
    }
}

/// What panicked stops a view; what was only given up may be tried again.
pub(super) fn broken_off(cause: JoinError) -> StoreError {
    match cause.is_panic() {
        true => StoreError::Corrupt(cause.to_string()),
        false => StoreError::Unavailable(sqlx::Error::WorkerCrashed),
    }
}

/// Saves documents and what fed them. Where several may write, one part is written out as JSON while another goes in.
async fn save_all(
    database: Database,
    served: Served,
    documents: Vec<(String, Open)>,
    sources: Sources,
) -> Result<(), StoreError> {
    let lanes = database.pick(LANES, 1);
    let parts = |lane| documents.chunks(SAVED_TOGETHER).skip(lane).step_by(lanes);
    let lane = |lane| save_documents(&database, &served, parts(lane));
    try_join_all((0..lanes).map(lane).collect::<Vec<_>>()).await?;
    let sources: Vec<_> = sources.into_iter().collect();
    for some in sources.chunks(SAVED_TOGETHER) {
        let some = some.iter().cloned().collect();
        let mut spell = Spell::begin(&database).await?;
        save_sources(&mut spell.open, &served.table, &some).await?;
        spell.end().await?;
    }
    Ok(())
}

/// Saves documents, a part a transaction; whoever appends comes in between.
async fn save_documents<'a>(
    database: &Database,
    Served { view, table }: &Served,
    parts: impl Iterator<Item = &'a [(String, Open)]>,
) -> Result<(), StoreError> {
    for some in parts {
        let documents = stored(view, some)?;
        let mut spell = Spell::begin(database).await?;
        save(&mut spell.open, view, table, &documents).await?;
        spell.end().await?;
    }
    Ok(())
}

/// Documents as they are to be stored.
pub(super) fn stored(view: &AnyView, documents: &[(String, Open)]) -> Result<Folded, StoreError> {
    let stored = documents.iter().map(|(key, open)| Ok((key.clone(), open.stored(view, key)?)));
    stored.collect()
}

/// A transaction in which something is written that nobody reads yet.
pub(super) struct Spell {
    pub(super) open: Transaction,
    begun: Instant,
}

impl Spell {
    /// Begins, and tries again where others hold the database for too long.
    pub(super) async fn begin(database: &Database) -> Result<Self, StoreError> {
        let begun = Instant::now();
        let mut tries = TRIES;
        loop {
            tries -= 1;
            match database.begin_derived().await {
                Err(StoreError::Unavailable(_)) if tries > 0 => {
                    tokio::time::sleep(MOST_PAUSE).await;
                }
                open => return Ok(Self { open: open?, begun }),
            }
        }
    }

    /// Commits, and lets others write for as long as it took: SQLite has one writer at a time, and who waits for
    /// it looks only now and then.
    pub(super) async fn end(self) -> Result<(), StoreError> {
        let rests = matches!(self.open, Transaction::Sqlite(_));
        self.open.commit().await?;
        if rests {
            tokio::time::sleep(self.begun.elapsed().min(MOST_PAUSE)).await;
        }
        Ok(())
    }
}
