//! When the house does not open, and what it says then.

use std::{fs, net::TcpListener, time::Instant};

use aggregates::shared::SubjectId;
use oqu::{
    cabinet::{Cabinet, OpenError},
    config::Config,
    database::{ConnectError, Database, MigrateError},
};
use private_postgres::{Cluster, Durability};
use sqlx::{Connection, PgConnection};

use crate::common::{ask, assert_dense, block_on, create, with_database};

tests! {
    both {
        a_database_of_a_newer_version_is_refused,
        a_database_of_an_older_version_is_not_read,
        what_was_written_is_there_after_a_restart,
        a_reader_opens_beside_the_writer,
    }
    sqlite {
        a_second_process_on_the_same_folder_is_refused,
        a_folder_that_cant_be_made_is_refused,
        a_folder_without_a_database_is_not_read,
    }
    postgres { two_nodes_may_open_an_empty_database_at_once, an_unknown_database_is_refused_at_once }
}

fn refused(opened: Result<Cabinet, OpenError>) -> ConnectError {
    match opened {
        Err(OpenError::Database(cause)) => cause,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it opened"),
    }
}

async fn a_database_of_a_newer_version_is_refused(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let newer = cabinet.database.pick(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'of tomorrow', true, '\\x00', 0)",
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'of tomorrow', true, x'00', 0)",
    );
    cabinet.database.execute(newer, &[]).await.unwrap();
    cabinet.close().await;
    let to_read = config.location().open_to_read().await.map(|_| ()).unwrap_err();
    for cause in [refused(Cabinet::open(config).await), to_read] {
        assert!(
            matches!(cause, ConnectError::Migrate(MigrateError::Newer { found: 9999, .. })),
            "{cause}"
        );
        assert!(cause.to_string().contains("use a newer oqu"), "{cause}");
    }
}

async fn a_database_of_an_older_version_is_not_read(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    for older in [
        "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)",
        "DROP TABLE _sqlx_migrations",
    ] {
        cabinet.database.execute(older, &[]).await.unwrap();
        let cause = config.location().open_to_read().await.map(|_| ()).unwrap_err();
        assert!(matches!(cause, ConnectError::Migrate(MigrateError::Older)), "{cause}");
    }
}

async fn what_was_written_is_there_after_a_restart(config: Config) {
    for round in 1..=3 {
        let cabinet = Cabinet::open(config.clone()).await.unwrap();
        cabinet.commands.execute(ask([create(SubjectId::new())])).await.unwrap();
        assert_eq!(assert_dense(&cabinet.database).await, round);
        cabinet.close().await;
    }
}

async fn a_reader_opens_beside_the_writer(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let reader = config.location().open_to_read().await.unwrap();
    cabinet.commands.execute(ask([create(SubjectId::new())])).await.unwrap();
    assert_eq!(assert_dense(&reader).await, 1);
}

async fn a_second_process_on_the_same_folder_is_refused(config: Config) {
    let first = Cabinet::open(config.clone()).await.unwrap();
    let cause = refused(Cabinet::open(config.clone()).await);
    assert!(matches!(cause, ConnectError::InUse { .. }), "{cause}");
    assert!(cause.to_string().contains("in use by another oqu process"), "{cause}");
    first.close().await;
    Cabinet::open(config).await.unwrap();
}

/// Below a regular file, because nothing else stops root.
async fn a_folder_that_cant_be_made_is_refused(config: Config) {
    let file = config.data.with_file_name("file");
    fs::write(&file, "").unwrap();
    for data in [file.join("data"), file] {
        let cause = refused(Cabinet::open(Config { data, ..config.clone() }).await);
        assert!(matches!(cause, ConnectError::Folder { .. }), "{cause}");
    }
}

async fn a_folder_without_a_database_is_not_read(config: Config) {
    let cause = config.location().open_to_read().await.map(|_| ()).unwrap_err();
    assert!(matches!(cause, ConnectError::Missing { .. }), "{cause}");
    assert!(!config.data.exists(), "looking made the folder");
}

async fn two_nodes_may_open_an_empty_database_at_once(config: Config) {
    let open = || Cabinet::open(config.clone());
    let (first, second, third) = tokio::join!(open(), open(), open());
    for node in [first, second, third] {
        node.unwrap().commands.execute(ask([create(SubjectId::new())])).await.unwrap();
    }
}

async fn an_unknown_database_is_refused_at_once(config: Config) {
    let url = with_database(&config.database_url.clone().unwrap(), "oqu_test_that_is_not_there");
    let since = Instant::now();
    let cause = refused(Cabinet::open(Config { database_url: Some(url), ..config }).await);
    assert!(matches!(cause, ConnectError::Unreachable(_)), "{cause}");
    assert!(since.elapsed().as_secs() < 5, "it was tried again, though waiting does not help");
}

#[test]
fn an_unreachable_postgres_is_tried_again_and_then_refused() {
    // Taken and given back: nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://oqu@127.0.0.1:{port}/oqu");
    let config = Config { database_url: Some(url), ..Config::default() };
    let since = Instant::now();
    let cause = block_on(async { refused(Cabinet::open(config).await) });
    assert!(matches!(cause, ConnectError::Unreachable(_)), "{cause}");
    assert!(cause.to_string().contains("refused"), "it does not say why: {cause}");
    let seconds = since.elapsed().as_secs();
    assert!((5..30).contains(&seconds), "{seconds} seconds");
}

#[test]
fn a_url_that_is_none_is_refused() {
    let config = Config { database_url: Some("mysql://nowhere".into()), ..Config::default() };
    let cause = block_on(async { refused(Cabinet::open(config).await) });
    assert!(matches!(cause, ConnectError::Url(_)), "{cause}");
}

#[test]
fn a_postgres_that_would_lose_what_it_acknowledged_is_refused() {
    let cluster = Cluster::start(Durability::Volatile).unwrap();
    let url = cluster.url("postgres");
    block_on(async {
        let open =
            || Cabinet::open(Config { database_url: Some(url.clone()), ..Config::default() });
        let cause = refused(open().await);
        assert!(matches!(cause, ConnectError::NotDurable { setting: "fsync" }), "{cause}");

        let mut server = PgConnection::connect(&url).await.unwrap();
        for sql in [
            "ALTER SYSTEM SET fsync = on",
            "ALTER SYSTEM SET full_page_writes = off",
            "SELECT pg_reload_conf()",
        ] {
            sqlx::raw_sql(sql).execute(&mut server).await.unwrap();
        }
        let applied = "SELECT current_setting('full_page_writes') || current_setting('fsync')";
        while sqlx::query_scalar::<_, String>(applied).fetch_one(&mut server).await.unwrap()
            != "offon"
        {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let cause = refused(open().await);
        let setting = "full_page_writes";
        assert!(
            matches!(&cause, ConnectError::NotDurable { setting: s } if *s == setting),
            "{cause}"
        );
    });
}

/// A session that says otherwise would acknowledge what is not on disk yet.
#[test]
fn commits_wait_for_the_disk_on_both() {
    crate::common::on_postgres(async |config| {
        let url = config.database_url.clone().unwrap();
        let mut server = PgConnection::connect(&url).await.unwrap();
        let name: String =
            sqlx::query_scalar("SELECT current_database()").fetch_one(&mut server).await.unwrap();
        let lax = format!("ALTER DATABASE {name} SET synchronous_commit = off");
        sqlx::raw_sql(&lax).execute(&mut server).await.unwrap();
        let cabinet = Cabinet::open(config).await.unwrap();
        let row = cabinet.database.fetch_one("SHOW synchronous_commit", &[]).await.unwrap();
        assert_eq!(row.unwrap().text(0).unwrap(), "on");
    });
    crate::common::on_sqlite(async |config| {
        let cabinet = Cabinet::open(config).await.unwrap();
        let Database::Sqlite { write, .. } = &cabinet.database else { panic!() };
        for (pragma, wanted) in [("synchronous", "2"), ("journal_mode", "wal")] {
            let sql = format!("SELECT CAST({pragma} AS text) FROM pragma_{pragma}");
            let set: String = sqlx::query_scalar(&sql).fetch_one(write).await.unwrap();
            assert_eq!(set, wanted, "{pragma}");
        }
    });
}
