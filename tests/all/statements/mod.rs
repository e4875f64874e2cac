//! Every statement that a running server sends goes by an index, on a new database and on a large one.
//!
//! Nothing is copied from the product: the server runs, and what it really sent is looked at.
//! PostgreSQL tells the plan of each statement as it executes it (`auto_explain`); SQLite's statements
//! are logged by their text, and explained beside the server.

mod filling;
mod plans;
mod work;

use std::collections::BTreeSet;

use oqu::{cabinet::Cabinet, config::Config, database::Database};

use self::{
    filling::{analyze, fill, keep_statistics, noticed},
    plans::{Scan, executed, explained_on_postgres, scans_on_sqlite},
    work::Work,
};

tests! {
    both { a_statement_without_an_index_is_found }
    sqlite { no_plan_of_sqlite_scans_what_grows }
    postgres { no_plan_that_postgres_ran_scans_what_grows }
}

/// Statements of the hot path, by what each has in it: where one of them was not seen, the test has
/// not looked at what it is for.
const HOT: [&str; 14] = [
    "INSERT INTO events",
    "INSERT INTO commands",
    "FROM log_head",
    "result_ids",
    "aggregate_type = q.t AND",
    "WHERE position > $1",
    "UPDATE view_checkpoints",
    "ON CONFLICT (view_id) DO UPDATE",
    "AS text) FROM student_v6 WHERE view_id ",
    "FROM room_use_v1 WHERE place IN",
    "FROM stream_v7 WHERE term = ",
    "FROM sessions WHERE token_sha256",
    "FROM persons WHERE id ",
    "DISTINCT aggregate_id, student FROM events",
];

/// How often the work is done before the database grows: PostgreSQL plans a statement anew five times,
/// and then may keep one plan for all values.
const BEFORE: usize = 12;

async fn migrated(config: &Config) -> Database {
    Cabinet::open(config.clone()).await.unwrap().close().await;
    config.location().open().await.unwrap().0
}

fn assert_none(when: &str, scans: &BTreeSet<Scan>) {
    let told: Vec<_> = scans.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{when}:\n{}", told.join("\n"));
}

fn assert_hot(statements: &BTreeSet<String>) {
    for hot in HOT {
        let seen = statements.iter().any(|statement| statement.contains(hot));
        assert!(seen, "no statement with `{hot}` among {}", statements.len());
    }
}

/// The worst that can be: the statistics say that all tables are empty, the server has been at work
/// since they were, and holds its connections and their plans while the tables grow.
async fn no_plan_that_postgres_ran_scans_what_grows(config: Config) {
    let database = migrated(&config).await;
    analyze(&database).await;
    keep_statistics(&database).await;
    let work =
        Work::begin(&explaining(&config), &[("RUST_LOG", "oqu=info,sqlx::postgres::notice=info")])
            .await;
    for _ in 0..BEFORE {
        work.day().await;
    }
    fill(&database).await;
    // The server notices by itself, with the first thing that it writes.
    work.day().await;
    noticed(&database).await;
    for (when, statistics_are_fresh) in [("after it grew", false), ("once analysed", true)] {
        if statistics_are_fresh {
            analyze(&database).await;
        }
        let from = work.log().len();
        work.day().await;
        work.day().await;
        let (statements, scans) = explained_on_postgres(&work.log()[from..]);
        assert_hot(&statements);
        assert_none(when, &scans);
    }
}

async fn no_plan_of_sqlite_scans_what_grows(config: Config) {
    drop(migrated(&config).await);
    let work = Work::begin(&config, &[("RUST_LOG", "oqu=info,sqlx::query=debug")]).await;
    work.day().await;
    work.day().await;
    let statements = executed(&work.log());
    assert_hot(&statements);
    drop(work);
    let database = config.location().open().await.unwrap().0;
    assert_none("on a new database", &scans_on_sqlite(&database, &statements).await);
    fill(&database).await;
    assert_none("after it grew", &scans_on_sqlite(&database, &statements).await);
    analyze(&database).await;
    let fresh = config.location().open_to_read().await.unwrap();
    assert_none("once analysed", &scans_on_sqlite(&fresh, &statements).await);
}

/// The same database, which tells what it does.
fn explaining(config: &Config) -> Config {
    let mut url = url::Url::parse(config.database_url.as_deref().unwrap()).unwrap();
    url.query_pairs_mut().extend_pairs([
        ("options[session_preload_libraries]", "auto_explain"),
        ("options[auto_explain.log_min_duration]", "0"),
        ("options[auto_explain.log_level]", "notice"),
        ("options[auto_explain.log_format]", "json"),
    ]);
    Config { database_url: Some(url.into()), ..config.clone() }
}

/// The test above can fail: what it would have to find, it finds.
async fn a_statement_without_an_index_is_found(config: Config) {
    let database = migrated(&config).await;
    fill(&database).await;
    analyze(&database).await;
    let good = "SELECT payload FROM events WHERE position > 100 AND position <= 110";
    let bad = [
        "SELECT payload FROM events WHERE position > 5 AND metadata ->> 'client' = 'a'",
        "SELECT payload FROM events WHERE recorded_at = 0",
        "SELECT payload FROM events AS e WHERE metadata ->> 'client' = 'a' ORDER BY position",
        "DELETE FROM sessions WHERE expires_at < 0",
        "SELECT payload FROM student_v6 WHERE payload ->> 'status' = 'studying'",
    ];
    assert_none("by the index", &plans::scans(&database, good).await);
    for statement in bad {
        assert!(!plans::scans(&database, statement).await.is_empty(), "{statement}");
    }
}
