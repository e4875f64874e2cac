//! Views built anew: beside what is served, also while others write, and by a release whose fold is another one.

use std::{
    num::NonZeroUsize,
    process::Stdio,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use aggregates::shared::{PersonId, SubjectId};
use oqu::{
    cabinet::Cabinet,
    commands::Commands,
    config::Config,
    database::{Database, StoreError},
    log,
    views::{
        self, Tables, Views,
        build::{self, Bounds},
        inventory,
    },
};
use projections::{AnyView, VIEWS, account::Accounts, subject::Subjects};
use serde_json::json;
use tokio::time::timeout;

use crate::{
    campus::Campus,
    common::{ask, create, open_account, retitle, rows},
    program::{answer, oqu, run},
    server::{text, until},
    views::{University, assert_views_equal_the_fold, caught_up, served_from, study},
};

tests! {
    both {
        a_view_is_built_anew_under_its_readers_and_writers,
        all_views_are_built_in_one_reading,
        what_memory_has_no_room_for_is_saved_and_folded_on,
        people_are_listed_from_the_table_that_is_served,
        a_view_of_a_new_version_is_built_at_the_start,
        two_releases_side_by_side_each_read_their_own,
        a_build_that_fails_leaves_what_is_served,
        the_command_line_lists_builds_and_prunes,
        a_builder_tells_how_far_it_has_come,
        a_builder_that_is_killed_leaves_what_prune_drops,
        nobody_builds_beside_a_builder,
        a_view_without_a_table_is_missed_alone,
        where_every_view_has_stopped_nobody_waits,
    }
}

fn subjects() -> &'static AnyView {
    VIEWS.iter().find(|view| view.name == "subject").unwrap()
}

async fn table_of(database: &Database, view: &AnyView) -> String {
    let mut snapshot = database.snapshot().await.unwrap();
    let table = served_from(&mut snapshot, view).await;
    snapshot.rollback().await.unwrap();
    table
}

async fn rebuild(config: &Config, views: &[&'static AnyView]) -> i64 {
    let database = config.location().open_views().await.unwrap();
    let lock = config.location().lock_builds().await.unwrap().unwrap();
    build::build(&database, &lock, views, |_, _| {}).await.unwrap().0
}

async fn prune(config: &Config) -> Vec<String> {
    let database = config.location().open_views().await.unwrap();
    let lock = config.location().lock_builds().await.unwrap().unwrap();
    let gone = inventory::prune(&database, &lock, VIEWS, false).await.unwrap();
    gone.into_iter().map(|table| table.name).collect()
}

/// Whoever writes reads what he wrote, and nobody sees a document missing or as it was before.
async fn a_view_is_built_anew_under_its_readers_and_writers(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let university = University::found(&cabinet).await;
    study(&cabinet, &university, 10).await;
    let all: Vec<_> = (0..500).map(|_| SubjectId::new()).collect();
    let (_, fresh) =
        cabinet.execute(ask(all.iter().map(|subject| create(*subject)))).await.unwrap();
    assert!(fresh);
    let subject = all[0];
    let rounds = AtomicU32::new(0);
    let write = async || {
        let round = rounds.fetch_add(1, Ordering::Relaxed);
        let title = format!("Алгебра {round}");
        let (_, fresh) = cabinet.execute(ask([retitle(subject, &title)])).await.unwrap();
        assert!(fresh);
        let read = cabinet.views.get::<Subjects>(&subject.to_string()).await.unwrap().unwrap();
        assert_eq!(read.card.clone().unwrap().title.as_str(), title);
        let count = cabinet.views.count::<Subjects>("true", &[]).await.unwrap();
        assert_eq!(count, 501);
    };
    // What somebody has changed by hand is made good.
    let harm = "UPDATE subject_v3 SET version = 700, payload = '{}' WHERE view_id <> $1";
    cabinet.database.execute(harm, &[subject.to_string().into()]).await.unwrap();
    let only = [subjects()];
    for table in ["subject_v3_2", "subject_v3_3"] {
        tokio::select! {
            _ = rebuild(&config, &only) => {}
            () = async { loop { write().await } } => {}
        }
        assert_eq!(table_of(&cabinet.database, subjects()).await, table);
        for _ in 0..5 {
            write().await;
        }
    }
    assert_eq!(prune(&config).await, ["subject_v3", "subject_v3_2"]);
    write().await;
    caught_up(&cabinet).await;
    assert_views_equal_the_fold(&cabinet).await;
    assert!(cabinet.freshness.health().values().all(|view| view.stopped.is_none()));
}

async fn all_views_are_built_in_one_reading(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    crate::history::History::write(&cabinet).await;
    let head = caught_up(&cabinet).await;
    let before = sources(&cabinet.database).await;
    assert_eq!(rebuild(&config, &VIEWS.iter().collect::<Vec<_>>()).await, head.0);
    assert_eq!(prune(&config).await.len(), VIEWS.len());
    assert_eq!(sources(&cabinet.database).await, before);
    assert_views_equal_the_fold(&cabinet).await;
}

/// What fed which documents.
async fn sources(database: &Database) -> Vec<[String; 3]> {
    let sql = "SELECT key, aggregate_type, aggregate_id FROM view_sources ORDER BY 1, 2, 3";
    let noted = rows(database, sql).await;
    noted.iter().map(|row| [0, 1, 2].map(|column| row.text(column).unwrap())).collect()
}

async fn what_memory_has_no_room_for_is_saved_and_folded_on(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    crate::history::History::write(&cabinet).await;
    let head = caught_up(&cabinet).await;
    let database = config.location().open_views().await.unwrap();
    let lock = config.location().lock_builds().await.unwrap().unwrap();
    let views: Vec<_> = VIEWS.iter().collect();
    let before = sources(&database).await;
    let bounds = Bounds { page: NonZeroUsize::new(3).unwrap(), held: 0 };
    let built = build::build_within(bounds, &database, &lock, &views, |_, _| {}).await;
    assert_eq!(built.unwrap(), head);
    inventory::prune(&database, &lock, VIEWS, false).await.unwrap();
    assert_eq!(sources(&database).await, before);
    assert_views_equal_the_fold(&cabinet).await;
}

/// As if an older release had been here, whose view of subjects had another version.
async fn grow_old(database: &Database) {
    let older = "UPDATE view_pointers SET view = 'subject_v2' WHERE view = 'subject_v3'";
    assert_eq!(database.execute(older, &[]).await.unwrap(), 1);
}

async fn a_view_of_a_new_version_is_built_at_the_start(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let university = University::found(&cabinet).await;
    study(&cabinet, &university, 5).await;
    caught_up(&cabinet).await;
    grow_old(&cabinet.database).await;
    cabinet.close().await;

    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    assert_eq!(table_of(&cabinet.database, subjects()).await, "subject_v3_2");
    assert_eq!(cabinet.views.count::<Subjects>("true", &[]).await.unwrap(), 1);
    caught_up(&cabinet).await;
    assert_views_equal_the_fold(&cabinet).await;
    // The older release may still run: its table goes only when somebody says so.
    assert_eq!(prune(&config).await, ["subject_v3"]);
    assert_views_equal_the_fold(&cabinet).await;
}

/// An older release goes on with its own table beside us, and each brings forward only what is its own.
async fn two_releases_side_by_side_each_read_their_own(config: Config) {
    {
        let cabinet = Cabinet::open(config.clone()).await.unwrap();
        cabinet.execute(ask([create(SubjectId::new())])).await.unwrap();
        grow_old(&cabinet.database).await;
        cabinet.close().await;
    }
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let old: &'static [AnyView] = vec![AnyView { version: 2, ..*subjects() }].leak();
    let database = cabinet.database.clone();
    let commands = Commands::start(database.clone());
    let read = Views::new(database.clone(), Tables::read(&database).await.unwrap());
    let (head, tail) = (commands.head(), commands.tail());
    let (freshness, _runner) = views::start(&read, old, head, tail, Duration::from_millis(250));
    assert_eq!(&*read.table("subject_v2"), "subject_v3");
    for round in 0..50 {
        let acts = ask([create(SubjectId::new())]);
        let position = if round % 2 == 0 {
            cabinet.execute(acts).await.unwrap().0.position
        } else {
            commands.execute(acts).await.unwrap().position
        };
        assert!(cabinet.wait_for(position).await);
        assert!(freshness.wait_for(position, Duration::from_secs(30)).await);
    }
    for table in ["subject_v3", "subject_v3_2"] {
        assert_eq!(crate::common::count(&database, table).await, 51, "{table}");
    }
    assert_views_equal_the_fold(&cabinet).await;
    assert_eq!(freshness.health().len(), 1);
}

/// A log that a fold can't take is no reason to lose the view that there is.
async fn a_build_that_fails_leaves_what_is_served(config: Config) {
    fn broken(_: &mut projections::AnyDocument, _: &str, _: &aggregates::shared::Recorded) {
        panic!("this fold is broken");
    }
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    cabinet.execute(ask([create(SubjectId::new())])).await.unwrap();
    let view: &'static AnyView = Box::leak(Box::new(AnyView { apply: broken, ..*subjects() }));
    let database = config.location().open_views().await.unwrap();
    let lock = config.location().lock_builds().await.unwrap().unwrap();
    let failed = build::build(&database, &lock, &[view], |_, _| {}).await;
    assert!(matches!(failed, Err(build::BuildError::Store(StoreError::Corrupt(_)))), "{failed:?}");
    assert_eq!(table_of(&cabinet.database, subjects()).await, "subject_v3");
    let (tables, _) = inventory::tables(&database, VIEWS).await.unwrap();
    assert_eq!(tables.len(), VIEWS.len());
    assert_views_equal_the_fold(&cabinet).await;
}

async fn the_command_line_lists_builds_and_prunes(config: Config) {
    // Beside a server, as it is done.
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    crate::history::History::write(&cabinet).await;
    let head = caught_up(&cabinet).await;
    let listed = answer(&config, &["views", "list"]);
    assert_eq!(listed.lines().count(), 1 + VIEWS.len(), "{listed}");
    let built = answer(&config, &["views", "rebuild", "subject", "transcript"]);
    assert!(built.starts_with(&format!("built subject, transcript: {head} events in ")), "{built}");
    let json = answer(&config, &["views", "list", "--json"]);
    let tables: serde_json::Value = serde_json::from_str(&json).unwrap();
    let of = |table: &str| {
        let found = tables.as_array().unwrap().iter().find(|found| found["table"] == table);
        (found.unwrap()["state"].clone(), found.unwrap()["behind"].clone())
    };
    assert_eq!(of("subject_v3"), ("replaced".into(), serde_json::Value::Null));
    assert_eq!(of("subject_v3_2"), ("served".into(), 0.into()));
    assert_eq!(of("journal_v1"), ("served".into(), 0.into()));

    let would = answer(&config, &["views", "prune", "--dry-run"]);
    assert_eq!(would, "would drop subject_v3 (replaced)\nwould drop transcript_v1 (replaced)\n");
    let done = answer(&config, &["views", "prune"]);
    assert_eq!(done, would.replace("would drop", "dropped"));
    assert_eq!(answer(&config, &["views", "prune"]), "nothing to drop\n");
    let all = answer(&config, &["views", "rebuild", "--all"]);
    assert!(all.contains(&format!(": {head} events in ")), "{all}");
    assert!(!run(&config, &["views", "rebuild"]).status.success());
    assert!(!run(&config, &["views", "rebuild", "grades"]).status.success());
    caught_up(&cabinet).await;
    assert_views_equal_the_fold(&cabinet).await;
    cabinet.close().await;
    answer(&config, &["audit"]);
}

/// What the progress bar shows: from a page to the next, up to where the log ends.
async fn a_builder_tells_how_far_it_has_come(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    for _ in 0..10 {
        let acts = (0..600).map(|_| create(SubjectId::new()));
        cabinet.execute(ask(acts)).await.unwrap();
    }
    let database = config.location().open_views().await.unwrap();
    let lock = config.location().lock_builds().await.unwrap().unwrap();
    let mut told = Vec::new();
    let built =
        build::build(&database, &lock, &[subjects()], |at, of| told.push((at.0, of.0))).await;
    assert_eq!(built.unwrap().0, 6_000);
    assert!(told.is_sorted() && told[0].0 < 6_000, "{told:?}");
    assert_eq!((told.last(), told[0].1), (Some(&(6_000, 6_000)), 6_000));
    cabinet.close().await;
}

async fn a_builder_that_is_killed_leaves_what_prune_drops(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let university = University::found(&cabinet).await;
    study(&cabinet, &university, 10).await;
    caught_up(&cabinet).await;
    for pause in [5, 20, 60, 120] {
        let mut builder = oqu(&config, &["views", "rebuild", "--all"]);
        let mut builder = builder.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(pause)).await;
        builder.kill().unwrap();
        builder.wait().unwrap();
        study(&cabinet, &university, 2).await;
        caught_up(&cabinet).await;
        assert_views_equal_the_fold(&cabinet).await;
    }
    until("the lock is free", async || config.location().lock_builds().await.unwrap().is_some())
        .await;
    prune(&config).await;
    let (tables, head) = inventory::tables(&cabinet.database, VIEWS).await.unwrap();
    assert_eq!(tables.len(), VIEWS.len());
    assert_eq!(log::head(&cabinet.database).await.unwrap().position, head);
    assert_views_equal_the_fold(&cabinet).await;
}

async fn nobody_builds_beside_a_builder(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let lock = config.location().lock_builds().await.unwrap().unwrap();
    for command in [vec!["views", "rebuild", "--all"], vec!["views", "prune"]] {
        let refused = run(&config, &command);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains("another process is building views"), "{said}");
    }
    drop(lock);
    until("the lock is free", async || config.location().lock_builds().await.unwrap().is_some())
        .await;
    cabinet.close().await;
}

/// What could be waited for is there: nobody waits for as long as an answer may wait, a minute here.
async fn where_every_view_has_stopped_nobody_waits(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let person = PersonId::new();
    cabinet.execute(ask([open_account(person)])).await.unwrap();
    cabinet.database.execute("DELETE FROM view_pointers", &[]).await.unwrap();
    let health = || cabinet.freshness.health();
    until("all have stopped", async || health().values().all(|view| view.stopped.is_some())).await;
    let executed = cabinet.execute(ask([create(SubjectId::new())]));
    let (receipt, _) = timeout(Duration::from_secs(30), executed).await.unwrap().unwrap();
    // Who wants to see it is told that it can't be seen, and others see what there is.
    let views = cabinet.views.of_request(cabinet.freshness.clone());
    let key = person.to_string();
    assert!(views.get::<Accounts>(&key).await.unwrap().is_some());
    views.must_know(receipt.position);
    assert!(matches!(views.get::<Accounts>(&key).await, Err(StoreError::Behind(_))));
    cabinet.close().await;
}

/// As where it could not be built, or somebody dropped it: the others go on, and the next start builds it.
async fn a_view_without_a_table_is_missed_alone(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    cabinet.execute(ask([create(SubjectId::new())])).await.unwrap();
    let gone = "DELETE FROM view_pointers WHERE view = 'subject_v3'";
    cabinet.database.execute(gone, &[]).await.unwrap();
    let stopped = || cabinet.freshness.health()["subject_v3"].stopped.clone();
    until("it is told", async || stopped().is_some()).await;
    assert!(stopped().unwrap().starts_with("it has no table"));
    let person = PersonId::new();
    let (_, fresh) = cabinet.execute(ask([open_account(person)])).await.unwrap();
    assert!(fresh);
    assert!(cabinet.views.get::<Accounts>(&person.to_string()).await.unwrap().unwrap().open);
    cabinet.close().await;

    let cabinet = Cabinet::open(config).await.unwrap();
    assert_eq!(table_of(&cabinet.database, subjects()).await, "subject_v3_2");
    caught_up(&cabinet).await;
    assert_views_equal_the_fold(&cabinet).await;
}

async fn people_are_listed_from_the_table_that_is_served(config: Config) {
    let campus = Campus::open(&config).await;
    campus.student("Бірінші").await;
    answer(&config, &["views", "rebuild", "student"]);
    campus.student("Екінші").await;
    let listed = campus.registrar.ask("{ students { nodes { displayName } } }", json!({})).await;
    let nodes = listed["nodes"].as_array().unwrap().iter();
    let names: Vec<_> = nodes.map(|student| text(&student["displayName"])).collect();
    assert_eq!(names, ["Бірінші Ерлан", "Екінші Ерлан"]);
}
