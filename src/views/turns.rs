//! Which views this process brings forward: on PostgreSQL one process a view at a time, by advisory locks that
//! end with their connection. They save the double work; what keeps it right is the move of the checkpoints.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use aggregates::shared::Position;
use projections::AnyView;
use sqlx::{Connection, PgConnection, PgPool};
use tokio::time::timeout;
use tracing::{debug, info};

use crate::database::{Database, StoreError, Value, view_tables::Served};

/// How often the locks are looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How long the database may take to say something about them.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a view that has something to fold may stand still before another process takes it: who has its lock
/// hangs.
const HANGS: Duration = Duration::from_secs(2);
/// The advisory locks' class; any number of our own.
const LOCKS: i32 = 0x6f71_7503;

/// Which views this process brings forward.
pub(super) struct Turns {
    locks: Option<Locks>,
    looked: Option<Instant>,
    /// Where views of others stand, and since when.
    stands: HashMap<Arc<str>, (Position, Instant)>,
    /// Taken from who hangs.
    taken: HashSet<Arc<str>>,
}

/// The locks of this process.
struct Locks {
    pool: PgPool,
    connection: Option<PgConnection>,
    held: HashSet<String>,
}

impl Turns {
    /// None is this process's yet, unless nobody else may write.
    pub(super) fn new(database: &Database) -> Self {
        let locks = match database {
            Database::Postgres(pool) => {
                Some(Locks { pool: pool.clone(), connection: None, held: HashSet::new() })
            }
            Database::Sqlite { .. } => None,
        };
        Self { locks, looked: None, stands: HashMap::new(), taken: HashSet::new() }
    }

    /// Takes what nobody has, once in a while; whether it looked.
    pub(super) async fn take(&mut self, views: &[AnyView]) -> bool {
        if self.looked.is_some_and(|looked| looked.elapsed() < LOOK) {
            return false;
        }
        self.looked = Some(Instant::now());
        if let Some(locks) = &mut self.locks {
            locks.take(views).await;
        }
        true
    }

    /// Whether every one of these is this process's by its lock.
    pub(super) fn has_all(&self, views: &[AnyView]) -> bool {
        let locks = self.locks.as_ref();
        locks.is_none_or(|locks| views.iter().all(|view| locks.held.contains(&view.table())))
    }

    /// Whether it is this process's turn to bring the view forward, which stands there.
    pub(super) fn has(&mut self, served: &Served, at: Position, head: Position) -> bool {
        let name = served.view.table();
        if self.locks.as_ref().is_none_or(|locks| locks.held.contains(&name)) {
            return true;
        }
        if self.taken.contains(&served.table) {
            return true;
        }
        let now = (at, Instant::now());
        let stands = self.stands.entry(Arc::clone(&served.table)).or_insert(now);
        if stands.0 != at || at >= head {
            *stands = now;
        }
        let hangs = stands.1.elapsed() >= HANGS;
        if hangs {
            info!(view = name, %at, "whoever brings this view forward hangs; taken over");
            self.taken.insert(Arc::clone(&served.table));
        }
        hangs
    }

    /// Others bring views forward after all.
    pub(super) fn give_back(&mut self) {
        self.taken.clear();
        self.stands.clear();
    }
}

impl Locks {
    async fn take(&mut self, views: &[AnyView]) {
        match timeout(PATIENCE, self.try_to_take(views)).await {
            Ok(Ok(())) => {}
            // The locks are gone with the connection, or will be.
            Ok(Err(cause)) => self.lose(&cause),
            Err(elapsed) => self.lose(&elapsed),
        }
    }

    fn lose(&mut self, cause: &dyn std::fmt::Display) {
        debug!(%cause, "the locks of the views can't be looked at");
        self.connection = None;
        self.held.clear();
    }

    async fn try_to_take(&mut self, views: &[AnyView]) -> Result<(), StoreError> {
        let connection = match &mut self.connection {
            Some(connection) => {
                connection.ping().await?;
                connection
            }
            none => {
                let options = self.pool.connect_options();
                none.insert(PgConnection::connect_with(&options).await?)
            }
        };
        let names = views.iter().map(AnyView::table);
        let wanted: Vec<_> = names.filter(|name| !self.held.contains(name)).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let Value::Text(Some(wanted)) = Value::json(&wanted)? else { return Ok(()) };
        // Materialised: a lock is tried once, and for these names only.
        let sql = "WITH wanted AS MATERIALIZED (SELECT value FROM json_array_elements_text($1::json) \
                   AS list (value)) SELECT value FROM wanted \
                   WHERE pg_try_advisory_lock($2, hashtext(value))";
        let taken: Vec<String> =
            sqlx::query_scalar(sql).bind(wanted).bind(LOCKS).fetch_all(connection).await?;
        if !taken.is_empty() {
            info!(views = taken.len(), "this process brings views forward");
        }
        self.held.extend(taken);
        Ok(())
    }
}
