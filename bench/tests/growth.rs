//! The small form of `oqu-bench growth`: real servers on logs of some length, with the memory that they may have. What
//! a command and a query take is printed, and asserted nowhere.

use std::process::Command;

/// What the server may have, in MiB, however long its log is.
const MOST_MEMORY: &str = "256";

fn grow(database: &str) {
    let program = env!("CARGO_BIN_EXE_oqu-bench");
    let sizes = ["--small", "2000", "--events", "50000", "--most-memory", MOST_MEMORY];
    let mut grow = Command::new(program);
    let grown = grow.arg("growth").args(sizes).args(["--database", database]).output();
    let grown = grown.unwrap_or_else(|cause| panic!("{program}: {cause}"));
    let (said, failed) =
        (String::from_utf8_lossy(&grown.stdout), String::from_utf8_lossy(&grown.stderr));
    println!("{said}");
    assert!(grown.status.success(), "{said}{failed}");
}

#[test]
fn a_server_stays_within_its_memory_on_sqlite() {
    grow("sqlite");
}

#[test]
fn a_server_stays_within_its_memory_on_postgres() {
    grow("postgres");
}
