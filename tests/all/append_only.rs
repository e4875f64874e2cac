//! The database itself refuses every change of what was written, whoever asks.

use aggregates::shared::{Position, SubjectId};
use oqu::{
    cabinet::Cabinet,
    config::Config,
    database::{Database, StoreError},
    log::{self, Filter, StoredEvent},
};

use crate::common::{ask, assert_dense, create, retitle};

tests! {
    both { events_and_batches_stay_as_they_are, a_key_is_taken_once }
    sqlite {
        a_row_is_not_replaced_by_another_name_of_its_position,
        a_log_of_an_older_version_goes_on,
    }
    postgres { a_replication_role_does_not_help }
}

/// A log of two batches.
async fn two_batches(config: Config) -> Cabinet {
    let cabinet = Cabinet::open(config).await.unwrap();
    let subject = SubjectId::new();
    cabinet.commands.execute(ask([create(subject)])).await.unwrap();
    cabinet.commands.execute(ask([retitle(subject, "Алгебра")])).await.unwrap();
    cabinet
}

async fn events(database: &Database) -> Vec<StoredEvent> {
    let mut snapshot = database.snapshot().await.unwrap();
    log::read(&mut snapshot, &Filter::default(), 100).await.unwrap()
}

/// All that the log holds, as one text.
async fn contents(database: &Database) -> String {
    let mut snapshot = database.snapshot().await.unwrap();
    let batches = log::read_batches(&mut snapshot, 0, 100).await.unwrap();
    format!("{:?} {batches:?}", events(database).await)
}

async fn assert_refused(database: &Database, sql: &str) {
    match database.execute(sql, &[]).await {
        Err(StoreError::Failed(cause)) => {
            let cause = cause.to_string();
            assert!(cause.contains("is append-only"), "{sql}: {cause}");
        }
        other => panic!("{sql}: {other:?}"),
    }
}

async fn assert_conflict(database: &Database, sql: &str) {
    let done = database.execute(sql, &[]).await;
    assert!(matches!(done, Err(StoreError::Conflict(_))), "{sql}: {done:?}");
}

async fn events_and_batches_stay_as_they_are(config: Config) {
    let cabinet = two_batches(config).await;
    let database = &cabinet.database;
    let before = contents(database).await;
    for statement in [
        "UPDATE events SET payload = '{}'",
        "UPDATE events SET position = position + 10 WHERE position = 2",
        "UPDATE events SET recorded_at = 0 WHERE position > 100",
        "DELETE FROM events",
        "DELETE FROM events WHERE position = 1",
        "UPDATE log_batches SET recorded_at = 0",
        "DELETE FROM log_batches WHERE first = 2",
    ] {
        let touches_nothing = statement.contains("> 100");
        if touches_nothing && matches!(database, Database::Sqlite { .. }) {
            continue; // its triggers fire for each row
        }
        assert_refused(database, statement).await;
    }
    if let Database::Postgres(_) = database {
        assert_refused(database, "TRUNCATE events").await;
        assert_refused(database, "TRUNCATE log_batches, events CASCADE").await;
    }
    assert_eq!(contents(database).await, before);
}

const COPY: &str = "SELECT aggregate_type, aggregate_id, sequence, event_type, event_version, \
                    payload, metadata, position, recorded_at FROM events WHERE position = 1";

async fn a_key_is_taken_once(config: Config) {
    let cabinet = two_batches(config).await;
    let database = &cabinet.database;
    let before = contents(database).await;
    let columns = "aggregate_type, aggregate_id, sequence, event_type, event_version, payload, \
                   metadata, position, recorded_at";
    let same_sequence = COPY.replace("metadata, position", "metadata, position + 2");
    let same_position = COPY.replace("aggregate_id, sequence", "'another', 1");
    let batch = "INTO log_batches (first, last, recorded_at, sha256, chain) \
                 SELECT first, last, 0, sha256, chain FROM log_batches WHERE first = 1";
    let same_last = batch.replace("SELECT first", "SELECT first + 7");
    for row in [COPY, &same_sequence, &same_position] {
        assert_conflict(database, &format!("INSERT INTO events ({columns}) {row}")).await;
    }
    assert_conflict(database, &format!("INSERT {batch}")).await;
    if let Database::Sqlite { .. } = database {
        for row in [COPY, &same_sequence, &same_position] {
            for verb in ["INSERT OR REPLACE INTO", "REPLACE INTO", "INSERT OR IGNORE INTO"] {
                assert_conflict(database, &format!("{verb} events ({columns}) {row}")).await;
            }
        }
        for row in [batch, &same_last] {
            assert_conflict(database, &format!("INSERT OR REPLACE {row}")).await;
        }
    }
    let upsert = "ON CONFLICT (position) DO UPDATE SET payload = excluded.payload";
    let upsert = format!("INSERT INTO events ({columns}) {COPY} AND true {upsert}");
    let done = database.execute(&upsert, &[]).await;
    assert!(done.is_err(), "{upsert}: {done:?}");
    assert_eq!(contents(database).await, before);
    assert_eq!(log::head(database).await.unwrap().position, Position(2));
}

/// In SQLite a position has other names too.
async fn a_row_is_not_replaced_by_another_name_of_its_position(config: Config) {
    let cabinet = two_batches(config).await;
    let database = &cabinet.database;
    let before = contents(database).await;
    for name in ["rowid", "_rowid_", "oid"] {
        // Of two names in one statement the last counts.
        for (names, values) in [(name.to_owned(), "1"), (format!("position, {name}"), "3, 1")] {
            let replace = format!(
                "INSERT OR REPLACE INTO events (aggregate_type, aggregate_id, sequence, event_type, \
                 event_version, payload, metadata, recorded_at, {names}) \
                 VALUES ('Subject', 'another', 1, 'SubjectCreated', '1', '{{}}', '{{}}', 0, {values})"
            );
            assert_conflict(database, &replace).await;
        }
    }
    assert_eq!(contents(database).await, before);
}

/// Until migration 16 positions were not what the rows of SQLite are ordered by.
async fn a_log_of_an_older_version_goes_on(config: Config) {
    const FIRST: &str = include_str!("../../migrations/sqlite/0001_log.sql");
    let part = |from: &str, to: &str| &FIRST[FIRST.find(from).unwrap()..FIRST.find(to).unwrap()];
    let table = part("CREATE TABLE events", "-- One row a commit");
    let triggers = part("CREATE TRIGGER events_no_update", "CREATE TRIGGER log_batches_no_update");
    let cabinet = two_batches(config.clone()).await;
    let before = contents(&cabinet.database).await;
    let mut open = cabinet.database.begin().await.unwrap();
    for statement in [
        "CREATE TABLE kept AS SELECT * FROM events; DROP TABLE events",
        table,
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, \
         position, recorded_at, student) SELECT aggregate_type, aggregate_id, sequence, event_type, event_version, \
         payload, metadata, position, recorded_at, student FROM kept ORDER BY position DESC",
        "DROP TABLE kept; DELETE FROM _sqlx_migrations WHERE version >= 16",
        triggers,
    ] {
        open.execute(statement, &[]).await.unwrap();
    }
    open.commit().await.unwrap();
    cabinet.close().await;

    let cabinet = Cabinet::open(config).await.unwrap();
    let database = &cabinet.database;
    assert_eq!(contents(database).await, before);
    assert_refused(database, "UPDATE events SET payload = '{}'").await;
    assert_refused(database, "DELETE FROM events WHERE position = 1").await;
    cabinet.commands.execute(ask([create(SubjectId::new())])).await.unwrap();
    assert_eq!(assert_dense(database).await, 3);
}

async fn a_replication_role_does_not_help(config: Config) {
    let cabinet = two_batches(config).await;
    for statement in ["UPDATE events SET payload = '{}'", "DELETE FROM log_batches"] {
        let mut open = cabinet.database.begin().await.unwrap();
        // Only a superuser may; whoever may not can't switch the triggers off either.
        if open.execute("SET LOCAL session_replication_role = replica", &[]).await.is_ok() {
            let done = open.execute(statement, &[]).await;
            assert!(done.is_err_and(|error| error.to_string().contains("append-only")));
        }
    }
}
