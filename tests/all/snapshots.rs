//! Long streams: a cold load reads the state that is kept and what came after it, and is what the log says.

use aggregates::{Event, State, shared::SubjectId, subject::Subject};
use cqrs_es::{
    AggregateContext, EventStore,
    persist::{PersistedEventRepository, PersistedEventStore},
};
use oqu::{
    audit::{Code, audit},
    cabinet::Cabinet,
    commands::CommandError,
    config::Config,
    database::Database,
    log,
};
use postgres_es::PostgresEventRepository;
use serde_json::Value;
use sqlite_es::SqliteEventRepository;

use crate::{
    common::{ask, assert_dense, create, retitle, rows},
    server::until,
};

tests! {
    both {
        a_cold_load_reads_the_snapshot_and_what_came_after,
        a_snapshot_that_is_not_the_logs_is_passed_over_and_made_anew,
        the_stock_snapshot_store_reads_them,
        the_audit_compares_them,
    }
    postgres { nodes_keep_states_side_by_side }
}

const LAST: i64 = 2_001;

/// A subject with a long history, whose state is kept.
async fn long(cabinet: &Cabinet) -> SubjectId {
    let subject = SubjectId::new();
    cabinet.commands.execute(ask([create(subject)])).await.unwrap();
    for part in 0..4 {
        let acts = (0..500).map(|act| retitle(subject, &format!("Алгебра {part} {act}")));
        cabinet.commands.execute(ask(acts)).await.unwrap();
    }
    kept_at(&cabinet.database, LAST).await;
    subject
}

/// Waits until the only state that is kept is of that event.
async fn kept_at(database: &Database, last: i64) {
    let kept = "SELECT last_sequence FROM snapshots";
    until(&format!("a state is kept at {last}"), async || {
        let kept = rows(database, kept).await;
        kept.len() == 1 && kept[0].int(0).unwrap() == last
    })
    .await;
}

async fn retitled(cabinet: &Cabinet, subject: SubjectId, title: &str) -> usize {
    cabinet.commands.execute(ask([retitle(subject, title)])).await.unwrap().events
}

/// What a cold load makes of it and from how many events, beside the fold of all.
async fn loaded(database: &Database, subject: SubjectId) -> (State, usize) {
    let id = subject.to_string();
    let wanted = [("Subject", &*id)];
    let mut state = State::new("Subject").unwrap();
    let read = log::load_states(database, &wanted).await.unwrap();
    for (event, kept) in &read {
        match kept {
            Some(kept) => state = State::read("Subject", kept).unwrap(),
            None => event.events().unwrap().into_iter().for_each(|event| state.apply(event)),
        }
    }
    let mut whole = State::new("Subject").unwrap();
    for event in log::load_aggregates(database, &wanted).await.unwrap() {
        event.events().unwrap().into_iter().for_each(|event| whole.apply(event));
    }
    let json = |state: &State| serde_json::from_str::<Value>(&state.write().unwrap()).unwrap();
    assert_eq!(json(&state), json(&whole));
    (state, read.len())
}

/// Takes the triggers away that keep hands off the log.
async fn unlock(database: &Database) {
    let unlock = database.pick(
        "ALTER TABLE events DISABLE TRIGGER events_append_only",
        "DROP TRIGGER events_no_update",
    );
    database.execute(unlock, &[]).await.unwrap();
}

async fn a_cold_load_reads_the_snapshot_and_what_came_after(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let subject = long(&cabinet).await;
    assert_eq!(loaded(&cabinet.database, subject).await.1, 1);
    for number in 0..20 {
        assert_eq!(retitled(&cabinet, subject, &format!("Геометрия {number}")).await, 1);
    }
    // The event whose state is kept, and the twenty behind it.
    assert_eq!(loaded(&cabinet.database, subject).await.1, 21);
    cabinet.close().await;

    // What lies before it is not even read.
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    unlock(&cabinet.database).await;
    let broken =
        "UPDATE events SET payload = '{}' WHERE aggregate_type = 'Subject' AND sequence = 5";
    cabinet.database.execute(broken, &[]).await.unwrap();
    assert_eq!(retitled(&cabinet, subject, "Геометрия 19").await, 0);
    assert_eq!(retitled(&cabinet, subject, "Алгебра").await, 1);
    assert_eq!(assert_dense(&cabinet.database).await, LAST + 21);
    cabinet.close().await;
    let cabinet = Cabinet::open(config).await.unwrap();
    cabinet.database.execute("DELETE FROM snapshots", &[]).await.unwrap();
    let without = cabinet.commands.execute(ask([retitle(subject, "Геометрия")])).await;
    assert!(matches!(without, Err(CommandError::Defect(_))), "{without:?}");
}

async fn a_snapshot_that_is_not_the_logs_is_passed_over_and_made_anew(config: Config) {
    let mut cabinet = Cabinet::open(config.clone()).await.unwrap();
    let subject = long(&cabinet).await;
    for (last, wrong) in (LAST..).zip([
        "last_sequence = 999999, payload = '{\"card\": null, \"offered\": []}'",
        "format = 999, payload = '{\"card\": null, \"offered\": []}'",
        "payload = '[]'",
    ]) {
        let wrong = format!("UPDATE snapshots SET {wrong}");
        cabinet.database.execute(&wrong, &[]).await.unwrap();
        cabinet.close().await;
        cabinet = Cabinet::open(config.clone()).await.unwrap();
        assert_eq!(retitled(&cabinet, subject, &format!("Талдау {last}")).await, 1, "{wrong}");
        kept_at(&cabinet.database, last).await;
        assert_eq!(loaded(&cabinet.database, subject).await.1, 2);
    }
    assert_eq!(assert_dense(&cabinet.database).await, LAST + 3);
}

async fn the_stock_snapshot_store_reads_them(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let subject = long(&cabinet).await;
    retitled(&cabinet, subject, "Геометрия").await;
    let mut ours = Subject::default();
    let id = subject.to_string();
    for event in log::load_aggregates(&cabinet.database, &[("Subject", &id)]).await.unwrap() {
        for event in event.events().unwrap() {
            let Event::Subject(event) = event else { panic!("{event:?}") };
            cqrs_es::Aggregate::apply(&mut ours, event);
        }
    }
    let theirs = match &cabinet.database {
        Database::Postgres(pool) => stock(PostgresEventRepository::new(pool.clone()), &id).await,
        Database::Sqlite { read, .. } => stock(SqliteEventRepository::new(read.clone()), &id).await,
    };
    assert_eq!(theirs, (ours, 1));
}

/// The state by the stock store, and how many events it read behind the snapshot.
async fn stock<R: PersistedEventRepository>(repository: R, id: &str) -> (Subject, usize) {
    let kept = repository.get_snapshot::<Subject>(id).await.unwrap().unwrap();
    let behind = repository.get_last_events::<Subject>(id, kept.current_sequence).await.unwrap();
    let store = PersistedEventStore::<R, Subject>::new_snapshot_store(repository, 256);
    let mut loaded = store.load_aggregate(id).await.unwrap();
    (loaded.aggregate().clone(), behind.len())
}

async fn the_audit_compares_them(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let subject = long(&cabinet).await;
    let receipt = cabinet.commands.execute(ask([retitle(subject, "Геометрия")])).await.unwrap();
    assert!(cabinet.wait_for(receipt.position).await);
    let database = &cabinet.database;
    let found = async || {
        let report = audit(database, None, |_| ()).await.unwrap();
        report.findings.told().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(found().await, []);
    let alter = async |how: &str| {
        database.execute(&format!("UPDATE snapshots SET {how}"), &[]).await.unwrap();
    };
    alter("last_sequence = last_sequence - 1").await;
    assert_eq!(found().await, [Code::SnapshotDiffers]);
    alter("last_sequence = 999999").await;
    assert_eq!(found().await, [Code::SnapshotDiffers]);
    alter("payload = '[]', last_sequence = 5").await;
    assert_eq!(found().await, [Code::SnapshotDiffers]);
    // What no load takes is no finding.
    alter("format = 999").await;
    assert_eq!(found().await, []);
}

/// Each node keeps what it holds, and neither decides on what only the other has seen.
async fn nodes_keep_states_side_by_side(config: Config) {
    let here = Cabinet::open(config.clone()).await.unwrap();
    let there = Cabinet::open(config.clone()).await.unwrap();
    let subject = SubjectId::new();
    here.commands.execute(ask([create(subject)])).await.unwrap();
    for round in 0..6 {
        for (node, cabinet) in [&here, &there].into_iter().enumerate() {
            let acts = (0..150).map(|act| retitle(subject, &format!("{node} {round} {act}")));
            assert_eq!(cabinet.commands.execute(ask(acts)).await.unwrap().events, 150);
        }
    }
    assert_eq!(assert_dense(&here.database).await, 1_801);
    loaded(&here.database, subject).await;
    let third = Cabinet::open(config).await.unwrap();
    assert_eq!(retitled(&third, subject, "1 5 149").await, 0);
}
