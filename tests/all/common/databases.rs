//! A fresh database for each test: SQLite in a temporary folder, and one of a PostgreSQL that runs
//! for this test run only, or is named by `TEST_DATABASE_URL`. There is no way to skip either.

use std::{
    env,
    future::Future,
    process,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use oqu::config::Config;
use private_postgres::{Cluster, Durability};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use url::Url;
use uuid::Uuid;

/// Makes tests of async functions that take a [`Config`]: those of `both` run once on each database.
macro_rules! tests {
    (
        $(both { $($both:ident),* $(,)? })?
        $(sqlite { $($sqlite:ident),* $(,)? })?
        $(postgres { $($postgres:ident),* $(,)? })?
    ) => {
        mod on_sqlite {
            $($( #[test] fn $both() { crate::common::on_sqlite(super::$both) } )*)?
            $($( #[test] fn $sqlite() { crate::common::on_sqlite(super::$sqlite) } )*)?
        }
        mod on_postgres {
            $($( #[test] fn $both() { crate::common::on_postgres(super::$both) } )*)?
            $($( #[test] fn $postgres() { crate::common::on_postgres(super::$postgres) } )*)?
        }
    };
}

/// Runs a test on SQLite.
pub fn on_sqlite<F: Future<Output = ()>>(body: impl FnOnce(Config) -> F) {
    let folder = TempDir::new().unwrap();
    block_on(body(Config { data: folder.path().join("data"), files: given_store(), ..patient() }));
}

/// Runs a test on PostgreSQL.
pub fn on_postgres<F: Future<Output = ()>>(body: impl FnOnce(Config) -> F) {
    let database = PostgresDatabase::create();
    let folder = TempDir::new().unwrap();
    let files = given_store().or(Url::from_file_path(folder.path().join("files")).ok());
    block_on(body(Config { database_url: Some(database.url()), files, ..patient() }));
}

/// A place of its own in the store of files that `TEST_FILES_URL` names, if it names one.
fn given_store() -> Option<Url> {
    let store = env::var("TEST_FILES_URL").ok()?;
    Some(Url::parse(&format!("{store}/{}", Uuid::new_v4())).unwrap())
}

/// A loaded machine is slow, not wrong.
fn patient() -> Config {
    Config { freshness_ms: 60_000, ..Config::default() }
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(2).enable_all().build().unwrap().block_on(future)
}

enum Server {
    Given(String),
    Private(Cluster),
}

/// One for all tests of this run. It goes with the process: a static is never dropped.
static SERVER: LazyLock<Result<Server, String>> =
    LazyLock::new(|| match env::var("TEST_DATABASE_URL") {
        Ok(url) => Ok(Server::Given(url)),
        Err(_) => Cluster::start(Durability::Durable).map(Server::Private),
    });

fn server() -> &'static Server {
    SERVER.as_ref().unwrap_or_else(|why| panic!("no PostgreSQL to test on: {why}"))
}

static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A database of its own; on a server that was given to us it is dropped at the end.
struct PostgresDatabase {
    name: String,
}

impl PostgresDatabase {
    fn create() -> Self {
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("oqu_test_{}_{number}", process::id());
        // One of that name was left by a run that was killed.
        administer(&[&drop_database(&name), &format!("CREATE DATABASE {name}")]);
        Self { name }
    }

    fn url(&self) -> String {
        match server() {
            Server::Given(url) => with_database(url, &self.name),
            Server::Private(cluster) => cluster.url(&self.name),
        }
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        if let Server::Given(_) = server() {
            administer(&[&drop_database(&self.name)]);
        }
    }
}

fn drop_database(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")
}

fn administer(statements: &[&str]) {
    let url = match server() {
        Server::Given(url) => url.clone(),
        Server::Private(cluster) => cluster.url("postgres"),
    };
    block_on(async {
        let mut server = PgConnection::connect(&url).await.unwrap();
        for sql in statements {
            sqlx::raw_sql(sql).execute(&mut server).await.unwrap();
        }
        server.close().await.unwrap();
    });
}

/// The same server, another database.
pub fn with_database(url: &str, name: &str) -> String {
    let (address, options) = url.split_once('?').unwrap_or((url, ""));
    let host = address.find("://").expect("TEST_DATABASE_URL is no URL") + 3;
    let end = address[host..].find('/').map_or(address.len(), |slash| host + slash);
    let separator = if options.is_empty() { "" } else { "?" };
    format!("{}/{name}{separator}{options}", &address[..end])
}

#[test]
fn the_database_in_a_url_is_replaced() {
    let cases = [
        (
            "postgres://me:pw@host:5432/old?sslmode=disable",
            "postgres://me:pw@host:5432/x?sslmode=disable",
        ),
        ("postgres://host/old", "postgres://host/x"),
        ("postgres://host", "postgres://host/x"),
    ];
    for (url, wanted) in cases {
        assert_eq!(with_database(url, "x"), wanted);
    }
}
