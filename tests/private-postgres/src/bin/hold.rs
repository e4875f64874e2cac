//! Holds a server until it is killed: what the test of its end runs in a process of its own.

use std::{thread::sleep, time::Duration};

use private_postgres::{Cluster, Durability};

fn main() -> Result<(), String> {
    let cluster = Cluster::start(Durability::Volatile)?;
    println!("at {}", cluster.url("postgres"));
    sleep(Duration::from_secs(600));
    Ok(())
}
