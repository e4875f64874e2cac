//! The database taken away under load and given back: commands fail with a stable code, then work again;
//! nothing is half-written, and the views catch up.

use std::{collections::BTreeMap, time::Duration};

use oqu::config::Config;
use private_postgres::{Cluster, Durability};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;
use url::Url;
use witnesses::{Witnesses, inspect};

use crate::{campus::Campus, common::block_on, line::Line};

tests! {
    sqlite { another_process_that_holds_the_database_holds_nothing_up_for_ever }
    postgres { a_line_that_is_cut_comes_back }
}

const CLIENTS: usize = 8;
/// How long it is away at the least.
const GONE: Duration = Duration::from_secs(3);
/// What a server may say while its database is away. What is *pending* was done before, and what it shows
/// can't be read; what is *timed out* has waited in line longer than a request may take.
const AWAY: [&str; 5] = ["UNAVAILABLE", "OUTCOME_UNKNOWN", "BUSY", "PENDING", "TIMED_OUT"];

/// Whose answers don't wait long for views that can't be written.
fn impatient(config: Config) -> Config {
    Config { freshness_ms: 2_000, ..config }
}

/// Takes it away while clients work, and gives it back after some seconds, when commands have failed.
async fn survives(
    config: &Config,
    campus: &Campus,
    take_away: impl AsyncFnOnce(),
    give_back: impl AsyncFnOnce(),
) {
    let token = campus.registrar.token.clone().unwrap();
    let urls = vec![campus.server.url().to_owned()];
    let witnesses = Witnesses::start(urls, &token, CLIENTS, "command");
    witnesses.more(40).await.unwrap();
    take_away().await;
    let gone = tokio::time::sleep(GONE);
    witnesses.more_failures(&["UNAVAILABLE"], 1).await.unwrap();
    gone.await;
    give_back().await;
    witnesses.more(40).await.unwrap();
    let told = witnesses.stop().await.unwrap();
    let inspection = inspect(&config.location(), &told).await.unwrap();
    assert!(inspection.is_clean(), "{inspection}");
    must_be_clear(&told.failures);
}

/// Every failure has a code that says what is the matter, and the server itself was there all the time.
fn must_be_clear(failures: &BTreeMap<String, usize>) {
    assert!(failures.keys().all(|code| AWAY.contains(&code.as_str())), "{failures:?}");
    println!("{failures:?}");
}

#[test]
fn a_postgres_that_crashes_comes_back() {
    let mut cluster = Cluster::start(Durability::Durable).unwrap();
    let folder = TempDir::new().unwrap();
    let config = Config {
        database_url: Some(cluster.url("postgres")),
        files: Url::from_file_path(folder.path().join("files")).ok(),
        ..Config::default()
    };
    let config = impatient(config);
    block_on(async {
        let campus = Campus::open(&config).await;
        let cluster = std::cell::RefCell::new(&mut cluster);
        survives(
            &config,
            &campus,
            async || cluster.borrow_mut().stop_immediately().unwrap(),
            async || cluster.borrow_mut().restart().unwrap(),
        )
        .await;
    });
}

async fn another_process_that_holds_the_database_holds_nothing_up_for_ever(config: Config) {
    let config = impatient(config);
    let campus = Campus::open(&config).await;
    let file = SqliteConnectOptions::new().filename(config.data.join("oqu.db"));
    let file = file.busy_timeout(Duration::from_secs(60));
    let other = SqliteConnection::connect_with(&file).await.unwrap();
    let other = tokio::sync::Mutex::new(other);
    let run = async |sql| {
        sqlx::raw_sql(sql).execute(&mut *other.lock().await).await.unwrap();
    };
    survives(
        &config,
        &campus,
        async || run("BEGIN IMMEDIATE").await,
        async || {
            run("ROLLBACK").await;
        },
    )
    .await;
}

async fn a_line_that_is_cut_comes_back(config: Config) {
    let line = Line::to(config.database_url.as_deref().unwrap()).await;
    let through = Config { database_url: Some(line.url.clone()), ..impatient(config.clone()) };
    let campus = Campus::open(&through).await;
    survives(&config, &campus, async || line.cut(), async || line.mend()).await;
}
