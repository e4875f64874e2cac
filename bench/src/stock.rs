//! The stock stack: `CqrsFramework` over the adapters' event repositories, `GenericQuery` over their
//! view repositories, a conflict tried again at once.

use std::{
    collections::HashMap,
    path::Path,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use aggregates::{
    Event,
    shared::{Metadata, Position, Recorded, StreamId},
    stream::{Stream, StreamCommand},
};
use cqrs_es::{
    AggregateError, CqrsFramework, EventEnvelope,
    persist::{
        GenericQuery, PersistedEventRepository, PersistedEventStore, QueryReplay, ViewRepository,
    },
};
use oqu::database::Database;
use postgres_es::{PostgresEventRepository, PostgresViewRepository};
use projections::{
    View,
    stream::{StreamDocument, Streams},
};
use serde::{Deserialize, Serialize};
use sqlite_es::{SqliteEventRepository, SqliteViewRepository};
use sqlx::{
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    Fault,
    ledger::Ledger,
    ours::actor,
    stack::{Rebuilt, Sent, Stack, shown},
};

const VIEW: &str = "stream_view";
/// The same, folded from the log.
const REBUILT: &str = "stream_view_rebuilt";
/// As many connections as ours has.
const CONNECTIONS: u32 = 16;

/// Our fold as a view of cqrs-es.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamView(StreamDocument);

impl cqrs_es::View<Stream> for StreamView {
    fn update(&mut self, event: &EventEnvelope<Stream>) {
        let Ok(metadata) = Metadata::from_map(&event.metadata) else { return };
        let recorded = Recorded {
            position: Position::default(),
            recorded_at: jiff::Timestamp::UNIX_EPOCH,
            aggregate_id: event.aggregate_id.clone(),
            sequence: event.sequence as i64,
            metadata: Arc::new(metadata),
            event: Event::Stream(event.payload.clone()),
        };
        Streams::apply(&mut self.0, &event.aggregate_id, &recorded);
    }
}

/// The stock stack over one of the adapters.
pub struct Stock<R, V>
where
    R: PersistedEventRepository,
    V: ViewRepository<StreamView, Stream>,
{
    framework: CqrsFramework<Stream, PersistedEventStore<R, Stream>>,
    /// Over a view of its own, which is empty before.
    replay: QueryReplay<R, GenericQuery<V, StreamView, Stream>, Stream>,
    database: Database,
    metadata: HashMap<String, String>,
    conflicts: AtomicU64,
    ledger: Ledger,
}

/// The stock stack on PostgreSQL.
pub type OnPostgres = Stock<PostgresEventRepository, PostgresViewRepository<StreamView, Stream>>;
/// The stock stack on SQLite.
pub type OnSqlite = Stock<SqliteEventRepository, SqliteViewRepository<StreamView, Stream>>;

impl OnPostgres {
    /// Over that database, with tables as the adapter's documentation says.
    pub async fn open(url: &str) -> Result<Self, Fault> {
        let options = PgConnectOptions::from_str(url)?;
        // As ours: a line is not asked whether it holds before each use.
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).test_before_acquire(false);
        let pool = pool.connect_with(options).await?;
        let tables = format!(
            "CREATE TABLE events (aggregate_type text NOT NULL, aggregate_id text NOT NULL, \
             sequence bigint CHECK (sequence >= 0) NOT NULL, event_type text NOT NULL, \
             event_version text NOT NULL, payload json NOT NULL, metadata json NOT NULL, \
             PRIMARY KEY (aggregate_type, aggregate_id, sequence)); \
             CREATE TABLE {VIEW} (view_id text PRIMARY KEY, \
             version bigint CHECK (version >= 0) NOT NULL, payload json NOT NULL); \
             CREATE TABLE {REBUILT} (view_id text PRIMARY KEY, \
             version bigint CHECK (version >= 0) NOT NULL, payload json NOT NULL)"
        );
        sqlx::raw_sql(&tables).execute(&pool).await?;
        let views = [VIEW, REBUILT];
        let views = views.map(|view| Arc::new(PostgresViewRepository::new(view, pool.clone())));
        let events = || PostgresEventRepository::new(pool.clone());
        Self::over([events(), events()], views, Database::Postgres(pool))
    }
}

impl OnSqlite {
    /// Over a file of that folder, with tables as the adapter's documentation says.
    pub async fn open(folder: &Path) -> Result<Self, Fault> {
        let options = SqliteConnectOptions::new()
            .filename(folder.join("stock.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(30))
            // As ours has it: it is to be held back by nothing but itself.
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "MEMORY")
            .pragma("wal_autocheckpoint", "16000");
        // One: several would wait for each other's lock by sleeping, and be slower.
        let one = || SqlitePoolOptions::new().max_connections(1).test_before_acquire(false);
        let pool = one().connect_with(options.clone()).await?;
        let tables = format!(
            "CREATE TABLE events (aggregate_type text NOT NULL, aggregate_id text NOT NULL, \
             sequence integer CHECK (sequence >= 0) NOT NULL, event_type text NOT NULL, \
             event_version text NOT NULL, payload text NOT NULL, metadata text NOT NULL, \
             PRIMARY KEY (aggregate_type, aggregate_id, sequence)) STRICT; \
             CREATE TABLE {VIEW} (view_id text NOT NULL PRIMARY KEY, \
             version integer CHECK (version >= 0) NOT NULL, payload text NOT NULL) STRICT; \
             CREATE TABLE {REBUILT} (view_id text NOT NULL PRIMARY KEY, \
             version integer CHECK (version >= 0) NOT NULL, payload text NOT NULL) STRICT"
        );
        sqlx::raw_sql(&tables).execute(&pool).await?;
        // It reads the log on one connection while it writes the view on another.
        let reading = one().connect_with(options).await?;
        let views = [VIEW, REBUILT];
        let views = views.map(|view| Arc::new(SqliteViewRepository::new(view, pool.clone())));
        let events = [pool.clone(), reading].map(SqliteEventRepository::new);
        Self::over(events, views, Database::Sqlite { read: pool.clone(), write: pool })
    }
}

impl<R, V> Stock<R, V>
where
    R: PersistedEventRepository + 'static,
    V: ViewRepository<StreamView, Stream> + 'static,
{
    fn over(
        [events, again]: [R; 2],
        [views, anew]: [Arc<V>; 2],
        database: Database,
    ) -> Result<Self, Fault> {
        let query = GenericQuery::<V, StreamView, Stream>::new(views);
        let replay = QueryReplay::new(again, GenericQuery::new(anew));
        let store = PersistedEventStore::new_event_store(events);
        let framework = CqrsFramework::new(store, vec![Box::new(query)], ());
        let actor = actor();
        let metadata = Metadata {
            actor: actor.person,
            role: actor.role,
            command_id: uuid::Uuid::new_v4(),
            caused_by: None,
            correlation: actor.correlation,
            client: actor.client,
        };
        Ok(Self {
            framework,
            replay,
            database,
            metadata: serde_json::from_str(&metadata.to_json()?)?,
            conflicts: AtomicU64::new(0),
            ledger: Ledger::default(),
        })
    }
}

impl<R, V> Stack for Stock<R, V>
where
    R: PersistedEventRepository + 'static,
    V: ViewRepository<StreamView, Stream> + 'static,
{
    async fn send(&self, stream: StreamId, command: StreamCommand) -> Result<Sent, Fault> {
        let id = stream.to_string();
        loop {
            let metadata = self.metadata.clone();
            let done = self.framework.execute_with_metadata(&id, command.clone(), metadata);
            match done.await {
                Ok(()) => {
                    self.ledger.note(stream, 1);
                    return Ok(Sent::Done);
                }
                Err(AggregateError::UserError(_)) => return Ok(Sent::Refused),
                Err(AggregateError::AggregateConflict) => {
                    self.conflicts.fetch_add(1, Ordering::Relaxed);
                }
                Err(other) => return Err(other.into()),
            }
        }
    }

    /// Its view is written before the answer.
    async fn settle(&self) -> Result<(), Fault> {
        Ok(())
    }

    fn database(&self) -> &Database {
        &self.database
    }

    fn view(&self) -> Arc<str> {
        VIEW.into()
    }

    fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    fn conflicts(&self) -> u64 {
        self.conflicts.load(Ordering::Relaxed)
    }

    async fn rebuild(&self, most: Duration) -> Result<Rebuilt, Fault> {
        let begin = Instant::now();
        let ended = tokio::time::timeout(most, self.replay.replay_all()).await;
        let ended = ended.map_or(Ok(false), |done| done.map(|()| true))?;
        let took = begin.elapsed();
        let folded = shown(&self.database, REBUILT).await?;
        // Where it took longer, there is more to come.
        let lost = match ended {
            true => folded.abs_diff(count(&self.database).await?),
            false => 0,
        };
        Ok(Rebuilt { rate: folded as f64 / took.as_secs_f64(), lost })
    }
}

/// How many events there are.
async fn count(database: &Database) -> Result<u64, Fault> {
    let row = database.fetch_one("SELECT count(*) FROM events", &[]).await?.ok_or("no count")?;
    Ok(row.int(0)?.unsigned_abs())
}
