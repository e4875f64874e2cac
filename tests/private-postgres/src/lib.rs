//! A PostgreSQL server of one's own for the time of a test run: in a temporary folder, on a free port
//! of the loopback interface, gone at the end even where the process that asked for it is killed.

mod programs;

pub use programs::program;

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt,
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

/// How often another port is tried: somebody may take the one that was free a moment ago.
const PORTS: usize = 5;

/// Whether what is committed is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As in production (`fsync = on`).
    Durable,
    /// Lost with the machine (`fsync = off`).
    Volatile,
}

/// A server that runs until it is dropped, or its process ends in whatever way.
#[derive(Debug)]
pub struct Cluster {
    guardian: Child,
    /// Closed to end it all; it closes by itself where this process is killed.
    ask: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    port: u16,
}

impl Cluster {
    /// Makes a cluster and starts its server, set as PostgreSQL comes, but for who may connect. Takes some seconds.
    pub fn start(durability: Durability) -> Result<Self, String> {
        Self::start_with(durability, &[])
    }

    /// The same with other settings: names and values of `postgresql.conf`, without quotes.
    pub fn start_with(durability: Durability, settings: &[(&str, &str)]) -> Result<Self, String> {
        let mut cluster = Self::guarded(durability, settings).map_err(|error| error.to_string())?;
        cluster.ask("make")?;
        let mut tries = 0;
        loop {
            tries += 1;
            cluster.port = free_port().map_err(|error| error.to_string())?;
            match cluster.restart() {
                Ok(()) => return Ok(cluster),
                Err(_) if tries < PORTS => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The URL of a database on it; `postgres` is there from the beginning.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Stops the server as a crash would: what is not in the write-ahead log is lost.
    pub fn stop_immediately(&mut self) -> Result<(), String> {
        self.ask("stop immediate")
    }

    /// Starts the server again after it was stopped, on the same port.
    pub fn restart(&mut self) -> Result<(), String> {
        self.ask(&format!("start {}", self.port))
    }

    fn guarded(durability: Durability, settings: &[(&str, &str)]) -> io::Result<Self> {
        let fsync = match durability {
            Durability::Durable => "on",
            Durability::Volatile => "off",
        };
        let settings = settings.iter().copied().chain([("fsync", fsync)]);
        let settings: String =
            settings.map(|(name, value)| format!("{name} = '{value}'\n")).collect();
        let mut guardian = programs::as_ordinary_user("sh")?
            .args(["-c", include_str!("guardian.sh"), "private-postgres"])
            .arg(programs::folder()?)
            .arg(settings)
            // Ctrl-C reaches the whole group, and the guardian has to outlive us.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let gone = || io::Error::other("the guardian has no pipes");
        let ask = Some(guardian.stdin.take().ok_or_else(gone)?);
        let answers = BufReader::new(guardian.stdout.take().ok_or_else(gone)?);
        Ok(Self { guardian, ask, answers, port: 0 })
    }

    fn ask(&mut self, what: &str) -> Result<(), String> {
        let failed = |why: String| format!("PostgreSQL: `{what}`: {why}");
        let ask = self.ask.as_mut().ok_or_else(|| failed("it is over".into()))?;
        writeln!(ask, "{what}").map_err(|error| failed(error.to_string()))?;
        let mut said = String::new();
        loop {
            let mut line = String::new();
            match self.answers.read_line(&mut line) {
                Err(error) => return Err(failed(error.to_string())),
                Ok(0) => return Err(failed(format!("{said}the guardian is gone"))),
                Ok(_) if line == "ok\n" => return Ok(()),
                Ok(_) if line == "failed\n" => return Err(failed(said)),
                Ok(_) => said.push_str(&line),
            }
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.ask = None;
        // Nobody is left to be told.
        let _ = self.guardian.wait();
    }
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
