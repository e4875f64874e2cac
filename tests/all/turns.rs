//! Several nodes on one PostgreSQL: one at a time brings a view forward, another takes over, and whoever wrongly
//! believes to have it can't fold twice.

use std::{collections::BTreeSet, time::Duration};

use aggregates::shared::SubjectId;
use oqu::{cabinet::Cabinet, commands::Commands, config::Config, database::Database};
use projections::VIEWS;
use sqlx::{Connection, PgConnection, postgres::PgListener};

use crate::{
    common::{ask, create, rows},
    server::until,
    views::{University, assert_views_equal_the_fold, caught_up, study},
};

tests! {
    postgres {
        one_node_brings_the_views_forward_and_another_takes_over,
        a_node_that_hangs_is_not_waited_for,
        a_node_that_loses_its_locks_in_the_middle_folds_nothing_twice,
        nodes_tell_each_other_what_has_moved,
        a_node_that_is_told_need_not_look,
        a_node_that_is_told_nothing_looks_by_itself,
    }
}

/// How many views are locked, by each connection that has some.
async fn holders(database: &Database) -> Vec<(i64, i64)> {
    let sql = "SELECT pid::bigint, count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 \
               AND granted AND database = (SELECT oid FROM pg_database \
               WHERE datname = current_database()) GROUP BY pid";
    let found = rows(database, sql).await;
    found.iter().map(|row| (row.int(0).unwrap(), row.int(1).unwrap())).collect()
}

async fn one_holds_all(database: &Database) -> Option<i64> {
    match holders(database).await.as_slice() {
        [(pid, locks)] if *locks == VIEWS.len() as i64 => Some(*pid),
        _ => None,
    }
}

async fn one_node_brings_the_views_forward_and_another_takes_over(config: Config) {
    let first = Cabinet::open(config.clone()).await.unwrap();
    until("the first node has the views", async || one_holds_all(&first.database).await.is_some())
        .await;
    let holder = one_holds_all(&first.database).await;
    let second = Cabinet::open(config.clone()).await.unwrap();
    let university = University::found(&second).await;
    study(&second, &university, 10).await;
    caught_up(&second).await;
    assert_eq!(one_holds_all(&second.database).await, holder);
    first.close().await;
    until("the second node has the views", async || {
        one_holds_all(&second.database).await.is_some_and(|pid| Some(pid) != holder)
    })
    .await;
    study(&second, &university, 10).await;
    caught_up(&second).await;
    assert_views_equal_the_fold(&second).await;
}

/// Somebody has the locks, lives, and does nothing.
async fn a_node_that_hangs_is_not_waited_for(config: Config) {
    let (database, _) = config.location().open().await.unwrap();
    let url = config.database_url.clone().unwrap();
    let mut hung = PgConnection::connect(&url).await.unwrap();
    let sql = "SELECT count(pg_advisory_lock(1869706499, hashtext(view))) FROM view_pointers";
    let locked: i64 = sqlx::query_scalar(sql).fetch_one(&mut hung).await.unwrap();
    assert_eq!(locked, VIEWS.len() as i64);
    assert!(one_holds_all(&database).await.is_some());
    let node = Cabinet::open(Config { freshness_ms: 30_000, ..config }).await.unwrap();
    for _ in 0..3 {
        let (_, fresh) = node.execute(ask([create(SubjectId::new())])).await.unwrap();
        assert!(fresh);
    }
    assert_views_equal_the_fold(&node).await;
    hung.close().await.unwrap();
}

/// The connection that has the locks is cut again and again while its node commits on others.
async fn a_node_that_loses_its_locks_in_the_middle_folds_nothing_twice(config: Config) {
    let nodes = [
        Cabinet::open(config.clone()).await.unwrap(),
        Cabinet::open(config.clone()).await.unwrap(),
    ];
    let university = University::found(&nodes[0]).await;
    let database = &nodes[0].database;
    let mut cut = BTreeSet::new();
    let cutting = async {
        while cut.len() < 4 {
            for (pid, _) in holders(database).await {
                let sql = "SELECT pg_terminate_backend($1::int)::int::bigint";
                database.fetch(sql, &[pid.into()]).await.unwrap();
                cut.insert(pid);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let working = async {
        loop {
            tokio::join!(study(&nodes[0], &university, 3), study(&nodes[1], &university, 3));
        }
    };
    tokio::select! {
        () = cutting => {}
        () = working => {}
    }
    study(&nodes[1], &university, 3).await;
    for node in &nodes {
        caught_up(node).await;
    }
    assert_views_equal_the_fold(&nodes[0]).await;
}

async fn nodes_tell_each_other_what_has_moved(config: Config) {
    let url = config.database_url.clone().unwrap();
    let nodes = [
        Cabinet::open(config.clone()).await.unwrap(),
        Cabinet::open(config.clone()).await.unwrap(),
    ];
    let mut listener = PgListener::connect(&url).await.unwrap();
    listener.listen("oqu").await.unwrap();
    let mut told = BTreeSet::new();
    let heard = async {
        // Both nodes: the one that appended, and the one that brought the views forward or saw it.
        while told.len() < 2 {
            told.insert(listener.recv().await.unwrap().payload().to_owned());
        }
    };
    let working = async {
        loop {
            for node in &nodes {
                let (_, fresh) = node.execute(ask([create(SubjectId::new())])).await.unwrap();
                assert!(fresh);
            }
        }
    };
    let both = async {
        tokio::select! {
            () = heard => {}
            () = working => {}
        }
    };
    tokio::time::timeout(Duration::from_secs(60), both).await.unwrap();
}

/// A node that never looks by itself hears of what another has done, whichever of the two folds the views.
async fn a_node_that_is_told_need_not_look(config: Config) {
    let config = Config { poll_ms: 60 * 60 * 1_000, ..config };
    let nodes = [
        Cabinet::open(config.clone()).await.unwrap(),
        Cabinet::open(config.clone()).await.unwrap(),
    ];
    for round in 0..10 {
        let (here, there) = (&nodes[round % 2], &nodes[(round + 1) % 2]);
        let done = here.commands.execute(ask([create(SubjectId::new())])).await.unwrap();
        assert!(there.wait_for(done.position).await, "{round}");
    }
}

/// Who writes here tells nobody, as if every word of it were lost.
async fn a_node_that_is_told_nothing_looks_by_itself(config: Config) {
    let node = Cabinet::open(config.clone()).await.unwrap();
    let (silent, _) = config.location().open().await.unwrap();
    let commands = Commands::start(silent);
    for round in 0..5 {
        let done = commands.execute(ask([create(SubjectId::new())])).await.unwrap();
        assert!(node.wait_for(done.position).await, "{round}");
    }
}
