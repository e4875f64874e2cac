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
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use url::Url;
use witnesses::{Witnesses, inspect};

use crate::{
    campus::Campus,
    common::with_database,
    server::{Server, account},
};

tests! {
    sqlite { a_full_disk_is_said_and_survived, a_file_that_may_not_grow_is_said_and_survived }
    postgres { a_full_disk_is_said_and_survived }
}

const CLIENTS: usize = 4;
const MEBIBYTE: u64 = 1024 * 1024;
/// How much is left on a disk that is about to be full.
const LEFT: u64 = 384 * 1024;

/// Whose answers don't wait long for views that can't be written.
fn impatient(config: Config) -> Config {
    Config { freshness_ms: 2_000, ..config }
}

/// Clients work until there is no room, and again once there is.
async fn survives(config: &Config, campus: &Campus, take: impl FnOnce(), give: impl FnOnce()) {
    let token = campus.registrar.token.clone().unwrap();
    let urls = vec![campus.server.url().to_owned()];
    let witnesses = Witnesses::start(urls, &token, CLIENTS, "command");
    witnesses.more(20).await.unwrap();
    take();
    witnesses.more_failures("UNAVAILABLE", 10 * CLIENTS).await.unwrap();
    give();
    witnesses.more(40).await.unwrap();
    let told = witnesses.stop().await.unwrap();
    let inspection = inspect(&config.location(), &told).await.unwrap();
    assert!(inspection.is_clean(), "{inspection}");
    let clear = ["UNAVAILABLE", "OUTCOME_UNKNOWN", "PENDING"];
    assert!(told.failures.keys().all(|code| clear.contains(&code.as_str())), "{:?}", told.failures);
    println!("{inspection}, {:?}", told.failures);
}

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

    /// Leaves hardly any room.
    fn fill(&self) {
        let mut ballast = File::create(self.ballast()).unwrap();
        while ballast.write_all(&[0; 4096]).is_ok() {}
        let length = ballast.metadata().unwrap().len();
        ballast.set_len(length.saturating_sub(LEFT)).unwrap();
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

/// Where the test's database lies on a small disk: the embedded one in a folder there, that of PostgreSQL
/// in a tablespace there.
async fn moved_to(disk: &SmallDisk, config: Config) -> Config {
    let Some(url) = &config.database_url else {
        return Config { data: disk.path().join("data"), ..config };
    };
    let name = Url::parse(url).unwrap().path()[1..].to_owned();
    let (small, folder) = (format!("{name}_small"), disk.path().join("tablespace"));
    let folder = folder.display();
    let mut server = PgConnection::connect(url).await.unwrap();
    for sql in [
        // A folder that belongs to the server's user.
        format!("COPY (SELECT 1) TO PROGRAM 'mkdir {folder}'"),
        format!("CREATE TABLESPACE {small} LOCATION '{folder}'"),
        format!("CREATE DATABASE {small} TABLESPACE {small}"),
    ] {
        sqlx::raw_sql(&sql).execute(&mut server).await.unwrap();
    }
    Config { database_url: Some(with_database(url, &small)), ..config }
}

/// Takes the tablespace away again: the server outlives its disk.
async fn dropped(config: &Config) {
    let Some(url) = &config.database_url else { return };
    let small = Url::parse(url).unwrap().path()[1..].to_owned();
    let mut server = PgConnection::connect(&with_database(url, "postgres")).await.unwrap();
    for sql in [format!("DROP DATABASE {small} WITH (FORCE)"), format!("DROP TABLESPACE {small}")] {
        sqlx::raw_sql(&sql).execute(&mut server).await.unwrap();
    }
}

async fn a_full_disk_is_said_and_survived(config: Config) {
    let Some(disk) = SmallDisk::mount(96 * MEBIBYTE) else { return };
    let config = moved_to(&disk, impatient(config)).await;
    let campus = Campus::open(&config).await;
    survives(&config, &campus, || disk.fill(), || disk.make_room()).await;
    drop(campus);
    dropped(&config).await;
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
    survives(&config, &campus, || limit("16384"), || limit("unlimited")).await;
}
