//! The server is there when it should be, and gone when its owner is.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::{
    io::{BufRead, BufReader},
    net::TcpStream,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use private_postgres::{Cluster, Durability};

fn address(url: &str) -> String {
    let rest = url.strip_prefix("postgres://postgres@").unwrap();
    rest.split('/').next().unwrap().to_owned()
}

fn listens(address: &str) -> bool {
    TcpStream::connect(address).is_ok()
}

#[test]
fn it_runs_stops_and_starts_again_at_the_same_address() {
    let mut cluster = Cluster::start(Durability::Volatile).unwrap();
    let address = address(&cluster.url("postgres"));
    assert!(listens(&address));
    cluster.stop_immediately().unwrap();
    assert!(!listens(&address));
    cluster.restart().unwrap();
    assert!(listens(&address));
    drop(cluster);
    assert!(!listens(&address));
}

#[test]
fn it_goes_with_a_process_that_is_killed() {
    let mut owner =
        Command::new(env!("CARGO_BIN_EXE_hold")).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(owner.stdout.take().unwrap()).lines();
    let url = lines.find_map(|line| Some(line.unwrap().strip_prefix("at ")?.to_owned())).unwrap();
    let address = address(&url);
    assert!(listens(&address));
    owner.kill().unwrap();
    owner.wait().unwrap();
    let since = Instant::now();
    while listens(&address) {
        assert!(since.elapsed() < Duration::from_secs(30), "the server outlives its owner");
        sleep(Duration::from_millis(50));
    }
}
