//! A disk that is full: commands fail with a stable code, nothing is half-written, and all goes on once
//! there is room.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use oqu::config::Config;
use private_postgres::{Cluster, Durability};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use url::Url;
use witnesses::{Witnesses, inspect};

use crate::{
    campus::Campus,
    common::block_on,
    server::{Server, account},
};

tests! {
    sqlite { a_full_disk_is_said_and_survived, a_file_that_may_not_grow_is_said_and_survived }
}

const CLIENTS: usize = 4;
const MEBIBYTE: u64 = 1024 * 1024;

/// Whose answers don't wait long for views that can't be written: the log still may be, while it has room left
/// in its last page.
fn impatient(config: Config) -> Config {
    Config { freshness_ms: 200, ..config }
}

/// Clients work until there is no room, and again once there is; the server's log says what was wrong.
async fn survives(
    config: &Config,
    campus: &Campus,
    causes: &[&str],
    take: impl FnOnce(),
    give: impl FnOnce(),
) {
    let token = campus.registrar.token.clone().unwrap();
    let urls = vec![campus.server.url().to_owned()];
    let witnesses = Witnesses::start(urls, &token, CLIENTS, "command");
    witnesses.more(20).await.unwrap();
    take();
    // Where the views failed first, there may be room for a command of each client in what they have left.
    witnesses.more_failures(&["UNAVAILABLE", "PENDING"], 10 * CLIENTS).await.unwrap();
    give();
    witnesses.more(40).await.unwrap();
    let told = witnesses.stop().await.unwrap();
    let inspection = inspect(&config.location(), &told).await.unwrap();
    assert!(inspection.is_clean(), "{inspection}");
    let clear = ["UNAVAILABLE", "OUTCOME_UNKNOWN", "PENDING"];
    assert!(told.failures.keys().all(|code| clear.contains(&code.as_str())), "{:?}", told.failures);
    let log = campus.server.log();
    let failed = ["a command could not be written", "the views can't be brought forward"];
    let mut lines = log.lines().filter(|line| failed.iter().any(|what| line.contains(what)));
    let named = lines.find(|line| causes.iter().any(|cause| line.contains(cause)));
    println!("{inspection}, {:?}\n{}", told.failures, named.expect("the log names no cause"));
}

/// How SQLite says that there is no room: where it was, and where a file may not grow.
const SQLITE_IS_FULL: [&str; 2] = ["database or disk is full", "disk I/O error"];

/// A small file system of its own, and what fills it up.
struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// None where this machine lets nobody mount one.
    fn mount(bytes: u64) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        // The database's server is another user.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let mut mount = Command::new("mount");
        let options = format!("size={bytes},mode=777");
        mount.args(["-t", "tmpfs", "-o", &options, "oqu-test"]).arg(folder.path());
        let mounted = mount.output().unwrap();
        if !mounted.status.success() {
            println!("NOT TRIED: {}", String::from_utf8_lossy(&mounted.stderr));
            return None;
        }
        Some(Self { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    /// Leaves no room but what other files have taken already.
    fn fill(&self) {
        let mut ballast = File::create(self.ballast()).unwrap();
        while ballast.write_all(&[0; 4096]).is_ok() {}
    }

    fn make_room(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: what still has a file open there ends a moment later.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

async fn a_full_disk_is_said_and_survived(config: Config) {
    let Some(disk) = SmallDisk::mount(96 * MEBIBYTE) else { return };
    let config = impatient(Config { data: disk.path().join("data"), ..config });
    let campus = Campus::open(&config).await;
    survives(&config, &campus, &SQLITE_IS_FULL, || disk.fill(), || disk.make_room()).await;
}

/// PostgreSQL's database on a small disk: in a tablespace there, of a server of its own, because no checkpoint of
/// such a server ends before there is room again.
#[test]
fn a_full_disk_of_postgres_is_said_and_survived() {
    let Some(disk) = SmallDisk::mount(96 * MEBIBYTE) else { return };
    let folder = TempDir::new().unwrap();
    let cluster = Cluster::start(Durability::Durable).unwrap();
    let config = impatient(Config {
        database_url: Some(cluster.url("small")),
        files: Url::from_file_path(folder.path().join("files")).ok(),
        ..Config::default()
    });
    block_on(async {
        let mut server = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
        let tablespace = disk.path().join("tablespace");
        let tablespace = tablespace.display();
        for sql in [
            // A folder that belongs to the server's user. Nothing is written: who reads nothing may be gone by then.
            format!("COPY (SELECT 1 WHERE false) TO PROGRAM 'mkdir {tablespace}'"),
            format!("CREATE TABLESPACE small LOCATION '{tablespace}'"),
            "CREATE DATABASE small TABLESPACE small".into(),
        ] {
            sqlx::raw_sql(&sql).execute(&mut server).await.unwrap();
        }
        let campus = Campus::open(&config).await;
        let full = ["No space left on device"];
        survives(&config, &campus, &full, || disk.fill(), || disk.make_room()).await;
    });
    // The server before its disk.
    drop(cluster);
}

/// A limit on the size of files is a full disk without one: it can be tried wherever a process runs.
async fn a_file_that_may_not_grow_is_said_and_survived(config: Config) {
    let config = impatient(config);
    account(&config, "administrator", "admin");
    // Without the signal that would end it, a write past the limit fails as on a full disk.
    let ignoring = "trap '' XFSZ; exec \"$0\" \"$@\"";
    let server = Server::under(&config, &[], &["sh", "-c", ignoring]);
    let process = server.process().to_string();
    let campus = Campus::on(server).await;
    let limit = |bytes: &str| {
        let limit = format!("--fsize={bytes}:unlimited");
        let set = Command::new("prlimit").args(["--pid", &process, &limit]).status().unwrap();
        assert!(set.success());
    };
    // Less than what is there: nothing can be appended, and nothing moved on into the database to make room.
    let (take, give) = (|| limit("16384"), || limit("unlimited"));
    survives(&config, &campus, &SQLITE_IS_FULL, take, give).await;
}
