//! Backups: made beside a server that writes, restored elsewhere, and refused where they can't be trusted.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use aggregates::shared::SubjectId;
use oqu::{cabinet::Cabinet, config::Config};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use tokio::task::block_in_place;

use crate::{
    common::{ask, create, rows, with_database},
    papers::{Papers, png},
    program::{answer, run},
    server::{Client, Server, text},
};

tests! {
    sqlite {
        a_backup_of_a_server_that_writes_is_one_moment_of_its_log,
        a_backup_goes_over_nothing,
        what_is_no_whole_backup_is_not_restored,
        a_backup_takes_nothing_to_where_it_does_not_belong,
        a_backup_of_a_newer_version_is_not_restored,
        a_backup_is_restored_into_an_empty_folder,
    }
    postgres {
        postgres_has_tools_of_its_own,
        a_dump_of_postgres_is_the_log_as_it_was,
    }
}

const WRITERS: usize = 4;

/// Another data folder beside that of the test.
fn elsewhere(config: &Config, name: &str) -> Config {
    Config { data: config.data.with_file_name(name), ..config.clone() }
}

fn back_up(config: &Config, file: &Path, more: &[&str]) -> String {
    let arguments = [&["backup", file.to_str().unwrap()], more].concat();
    block_in_place(|| answer(config, &arguments))
}

fn restore(config: &Config, file: &Path) -> String {
    block_in_place(|| answer(config, &["restore", file.to_str().unwrap()]))
}

/// Why it was refused.
fn refused(config: &Config, arguments: &[&str]) -> String {
    let output = run(config, arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?} went on: {said}");
    assert!(said.starts_with("oqu: "), "{said}");
    said
}

fn not_restored(config: &Config, file: &Path) -> String {
    let said = refused(config, &["restore", file.to_str().unwrap()]);
    let left = fs::read_dir(&config.data).into_iter().flatten().flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
    assert!(left.iter().all(|name| name == "oqu.lock"), "{said}: {left:?} are left");
    said
}

/// The head that a backup or an audit names.
fn head(said: &str) -> &str {
    let head = said.lines().find_map(|line| line.strip_prefix("head "));
    head.and_then(|line| line.split(' ').next()).unwrap_or_else(|| panic!("{said}"))
}

fn position(said: &str) -> i64 {
    head(said).split(':').next().unwrap().parse().unwrap()
}

/// Every event with all that the log says of it.
async fn events(config: &Config, until: i64) -> Vec<String> {
    let database = config.location().open_to_read().await.unwrap();
    let sql = format!(
        "SELECT position || recorded_at || aggregate_type || aggregate_id || sequence || event_type \
         || payload || metadata FROM events WHERE position <= {until} ORDER BY position"
    );
    rows(&database, &sql).await.iter().map(|row| row.text(0).unwrap()).collect()
}

async fn write(registrar: Client, number: usize, enough: Arc<AtomicBool>, count: Arc<AtomicUsize>) {
    for next in 0.. {
        if enough.load(Ordering::Relaxed) {
            return;
        }
        let code = format!("{number}-{next}");
        let input = json!({"code": code, "title": "Пән", "credits": 1});
        registrar.ask("CreateSubject", json!({"input": input})).await;
        count.fetch_add(1, Ordering::Relaxed);
    }
}

async fn a_backup_of_a_server_that_writes_is_one_moment_of_its_log(config: Config) {
    let papers = Papers::open(&config).await;
    let variables = json!({"thesis": papers.thesis, "kind": "TITLE_PAGE"});
    let page = papers.student.send_file("AddThesisDocument", variables, "бет.png", &png()).await;
    page.done();
    let documents = papers.seen().await["documents"].clone();
    let page = text(&documents[0]["files"][0]["id"]);
    let (enough, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let writing = (0..WRITERS).map(|number| {
        let registrar = papers.campus.registrar.clone();
        tokio::spawn(write(registrar, number, Arc::clone(&enough), Arc::clone(&count)))
    });
    let writing: Vec<_> = writing.collect();
    let file = config.data.with_file_name("backup.tar");
    let mut said = String::new();
    for round in 0..3 {
        let written = count.load(Ordering::Relaxed);
        while count.load(Ordering::Relaxed) < written + 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let log = papers.campus.auditor.ask("{ log { position } }", json!({})).await;
        said = back_up(&config, &file, if round == 0 { &[] } else { &["--force"] });
        // What was acknowledged before it began is in it.
        assert!(position(&said) >= log["position"].as_i64().unwrap(), "{said}");
    }
    let after = count.load(Ordering::Relaxed);
    while count.load(Ordering::Relaxed) < after + 20 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    enough.store(true, Ordering::Relaxed);
    for writer in writing {
        writer.await.unwrap();
    }
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let auditor = papers.campus.auditor.clone();
    drop(papers);

    let copy = elsewhere(&config, "copy");
    let restored = restore(&copy, &file);
    assert_eq!(head(&restored), head(&said));
    let proof = block_in_place(|| answer(&copy, &["audit", "--expect", head(&said)]));
    assert_eq!(position(&said), events(&copy, i64::MAX).await.len() as i64, "{proof}");
    let begins = events(&config, position(&said)).await;
    assert_eq!(events(&copy, i64::MAX).await, begins);
    assert!(events(&config, i64::MAX).await.len() > begins.len(), "nothing was written beside it");
    // A server goes on with it, and its files are there.
    let server = Server::start(&copy);
    let found = auditor.at(server.url()).file(&page).send().await.unwrap();
    assert_eq!(found.status(), 200);
    assert_eq!(found.bytes().await.unwrap(), png());
    let left = fs::read_dir(file.parent().unwrap()).unwrap().flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name().into_string().unwrap()).collect();
    assert!(left.iter().all(|name| !name.contains("partial")), "{left:?}");
}

/// A house with some events, and a backup of it.
async fn backed_up(config: &Config) -> PathBuf {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    for _ in 0..20 {
        cabinet.execute(ask([create(SubjectId::new())])).await.unwrap();
    }
    cabinet.close().await;
    let file = config.data.with_file_name("backup.tar");
    back_up(config, &file, &[]);
    file
}

async fn a_backup_goes_over_nothing(config: Config) {
    let file = config.data.with_file_name("backup.tar");
    let name = file.to_str().unwrap();
    let said = refused(&config, &["backup", name]);
    assert!(said.contains("there is no database in"), "{said}");
    fs::write(&file, "precious").unwrap();
    Cabinet::open(config.clone()).await.unwrap().close().await;
    let said = refused(&config, &["backup", name]);
    assert!(said.contains("exists already; --force replaces it"), "{said}");
    assert_eq!(fs::read(&file).unwrap(), b"precious");
    // Another process is at it.
    let partial = file.with_file_name(".backup.tar.partial");
    let other = File::create(&partial).unwrap();
    other.lock().unwrap();
    let said = refused(&config, &["backup", name, "--force"]);
    assert!(said.contains("another process is making"), "{said}");
    assert_eq!(fs::read(&file).unwrap(), b"precious");
    // It was killed: what it left holds nobody up.
    drop(other);
    fs::write(&partial, vec![b'x'; 1_000_000]).unwrap();
    fs::write(file.with_file_name(".backup.tar.partial.db"), "half a database").unwrap();
    back_up(&config, &file, &["--force"]);
    restore(&elsewhere(&config, "copy"), &file);
    let nowhere = config.data.with_file_name("no such folder").join("backup.tar");
    assert!(refused(&config, &["backup", nowhere.to_str().unwrap()]).contains("no such folder"));
}

async fn what_is_no_whole_backup_is_not_restored(config: Config) {
    let file = backed_up(&config).await;
    let copy = elsewhere(&config, "copy");
    let whole = fs::read(&file).unwrap();
    let spoilt = file.with_file_name("spoilt.tar");
    let not_restored = |bytes: &[u8]| {
        fs::write(&spoilt, bytes).unwrap();
        not_restored(&copy, &spoilt)
    };
    for none in [b"".as_slice(), b"some text", &[0; 4096], &whole[512..], &whole[..100]] {
        let said = not_restored(none);
        assert!(said.contains("is no backup of oqu"), "{said}");
    }
    // However it broke off: in the database, behind it, before the end of what it holds.
    let database = fs::metadata(config.data.join("oqu.db")).unwrap().len();
    let end = whole.len() - 1024;
    let lengths = [600, 10_000, database as usize, end - 1024, end - 512];
    for length in lengths.into_iter().filter(|length| *length < end) {
        let said = not_restored(&whole[..length]);
        assert!(said.contains("is damaged"), "{length} of {}: {said}", whole.len());
    }
    // One bit of a document.
    let place = whole.windows(7).position(|bytes| bytes == b"MATH101").unwrap();
    let mut flipped = whole.clone();
    flipped[place] ^= 1;
    let said = not_restored(&flipped);
    assert!(said.contains("its database is not the one that was backed up"), "{said}");
    assert!(refused(&copy, &["restore", "/nowhere.tar"]).contains("/nowhere.tar"));
    restore(&copy, &file);
}

/// A tar made by somebody else, of these entries.
fn tar(entries: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, kind, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        // Set by hand: the library writes no name that leads out of a folder.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_cksum();
        tar.append(&header, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

async fn a_backup_takes_nothing_to_where_it_does_not_belong(config: Config) {
    use tar::EntryType::{Regular, Symlink};
    let copy = elsewhere(&config, "copy");
    let file = config.data.with_file_name("made.tar");
    let id = "1919e93a-d117-45ad-8988-93101c593af5";
    for (name, kind) in [
        ("../evil".to_owned(), Regular),
        ("/tmp/evil".to_owned(), Regular),
        (format!("files/../{id}"), Regular),
        (format!("files/{id}"), Regular),
        (format!("files/19/{id}"), Symlink),
        ("oqu.db".to_owned(), Regular),
    ] {
        let made = tar(&[("oqu.db", Regular, b"SQLite"), (&name, kind, b"evil")]);
        File::create(&file).unwrap().write_all(&made).unwrap();
        let said = not_restored(&copy, &file);
        assert!(said.contains("is damaged"), "{name}: {said}");
    }
    let names = fs::read_dir(config.data.parent().unwrap()).unwrap().flatten();
    let names: Vec<_> = names.map(|entry| entry.file_name()).collect();
    assert!(names.iter().all(|name| name != "evil"), "{names:?}");
}

async fn a_backup_of_a_newer_version_is_not_restored(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations \
                 (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'of tomorrow', true, x'00', 0)";
    cabinet.database.execute(newer, &[]).await.unwrap();
    cabinet.close().await;
    let file = config.data.with_file_name("backup.tar");
    back_up(&config, &file, &[]);
    let said = not_restored(&elsewhere(&config, "copy"), &file);
    assert!(said.contains("newer version") && said.contains("9999"), "{said}");
}

async fn a_backup_is_restored_into_an_empty_folder(config: Config) {
    let file = backed_up(&config).await;
    let name = file.to_str().unwrap();
    let before = fs::read(config.data.join("oqu.db")).unwrap();
    let said = refused(&config, &["restore", name]);
    assert!(said.contains("there is a database in"), "{said}");
    assert_eq!(fs::read(config.data.join("oqu.db")).unwrap(), before);
    {
        let _server = Server::start(&config);
        let said = refused(&config, &["restore", name]);
        assert!(said.contains("is in use by another oqu process"), "{said}");
    }
    let copy = elsewhere(&config, "copy");
    for (left, what) in [("oqu.db-wal", "a write-ahead log"), ("files/x", "a file")] {
        let left = copy.data.join(left);
        fs::create_dir_all(left.parent().unwrap()).unwrap();
        fs::write(&left, what).unwrap();
        let said = refused(&copy, &["restore", name]);
        assert!(said.contains("already; a backup is restored into an empty folder"), "{said}");
        fs::remove_file(&left).unwrap();
    }
    // What a restoring left that was killed holds nobody up.
    let stage = copy.data.join("restoring");
    fs::create_dir_all(&stage).unwrap();
    fs::write(stage.join("oqu.db"), "half a database").unwrap();
    restore(&copy, &file);
    assert!(!stage.exists());
    block_in_place(|| answer(&copy, &["audit"]));
}

async fn postgres_has_tools_of_its_own(config: Config) {
    for command in ["backup", "restore"] {
        let said = refused(&config, &[command, "backup.tar"]);
        assert!(
            said.contains("Backups of PostgreSQL") && said.contains("docs/operator.md"),
            "{said}"
        );
    }
    assert!(include_str!("../../docs/operator.md").contains("### Backups of PostgreSQL"));
}

/// As the operator's page says: dumped beside a server, restored into an empty database.
async fn a_dump_of_postgres_is_the_log_as_it_was(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    for _ in 0..20 {
        cabinet.execute(ask([create(SubjectId::new())])).await.unwrap();
    }
    let noted = block_in_place(|| answer(&config, &["audit"]));
    let url = config.database_url.clone().unwrap();
    let name = format!("{}_restored", url.rsplit('/').next().unwrap().split('?').next().unwrap());
    administer(&url, &format!("CREATE DATABASE {name}")).await;
    let copy = Config { database_url: Some(with_database(&url, &name)), ..config.clone() };
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("oqu.dump");
    let mut dump = program("pg_dump");
    well_done(dump.arg("--format=custom").arg("--file").arg(&file).arg(&url));
    let mut restoring = program("pg_restore");
    restoring.args(["--exit-on-error", "--single-transaction", "--no-owner", "--dbname"]);
    well_done(restoring.arg(copy.database_url.as_ref().unwrap()).arg(&file));
    let expected = noted.lines().last().unwrap();
    let proof = block_in_place(|| answer(&copy, &["audit", "--expect", expected]));
    // It goes on where the other ended, and its log is as closed to changes.
    let gone_on = Cabinet::open(copy).await.unwrap();
    let receipt = gone_on.execute(ask([create(SubjectId::new())])).await.unwrap().0;
    assert_eq!(receipt.position.0, 21, "{proof}");
    gone_on.database.execute("DELETE FROM events", &[]).await.unwrap_err();
    gone_on.close().await;
    cabinet.close().await;
    administer(&url, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

async fn administer(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
}

fn well_done(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}

/// One of PostgreSQL's programs.
fn program(name: &str) -> Command {
    Command::new(private_postgres::program(name).unwrap())
}
