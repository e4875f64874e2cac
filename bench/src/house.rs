//! A database with real servers on it, each a process of its own: this program itself, started again as
//! `oqu`.

use std::{
    env, fs,
    fs::File,
    io::Write,
    net::{Ipv4Addr, TcpListener},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use oqu::{config::Config, database::Location};
use private_postgres::Cluster;
use serde_json::json;
use tempfile::TempDir;
use witnesses::Asker;

use crate::{Fault, report::Kind, settings};

/// What starts this program as `oqu`.
pub const AS_OQU: &str = "oqu";
/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";
/// How somebody signs in.
pub const SIGN_IN: &str = "mutation($login: String!, $password: String!) { \
    signIn(input: { login: $login, password: $password }) { session { token } userErrors { code } } }";
/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database with servers on it. Its own things go with it.
pub struct House {
    pub kind: Kind,
    /// The servers that run.
    pub nodes: Vec<Node>,
    /// Its own PostgreSQL, if it is on one.
    pub cluster: Option<Cluster>,
    url: Option<String>,
    folder: TempDir,
}

impl House {
    /// On a database of its own, or that of a URL.
    pub fn open(kind: Kind, url: Option<String>) -> Result<Self, Fault> {
        let cluster = match (kind, &url) {
            (Kind::Postgres, None) => Some(settings::cluster()?),
            _ => None,
        };
        let url = url.or_else(|| cluster.as_ref().map(|cluster| cluster.url("postgres")));
        Ok(Self { kind, nodes: vec![], cluster, url, folder: tempfile::tempdir()? })
    }

    /// How it is configured.
    pub fn config(&self) -> Config {
        Config {
            data: self.folder.path().join("data"),
            database_url: self.url.clone(),
            ..Config::default()
        }
    }

    /// Where its database lies.
    pub fn location(&self) -> Location {
        self.config().location()
    }

    /// `oqu` with these arguments, on this database.
    fn oqu(&self, arguments: &[&str]) -> Result<Command, Fault> {
        let mut command = Command::new(env::current_exe()?);
        command.arg(AS_OQU).args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
        command.env_remove("DATABASE_URL").env("RUST_LOG", "oqu=info,warn");
        let files = self.folder.path().join("files");
        command.env("OQU_FILES", format!("file://{}", files.display()));
        match &self.url {
            Some(url) => command.args(["--database-url", url]),
            None => command.arg("--data").arg(self.config().data),
        };
        Ok(command)
    }

    /// Starts another server.
    pub fn start_node(&self) -> Result<Node, Fault> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let log = self.folder.path().join(format!("server-{port}.log"));
        let listen = format!("127.0.0.1:{port}");
        let mut command = self.oqu(&["serve", "--listen", &listen])?;
        let process = command.stderr(File::create(&log)?).spawn()?;
        let mut node = Node { process, url: format!("http://{listen}/graphql") };
        let begin = Instant::now();
        loop {
            let said = fs::read_to_string(&log)?;
            if said.contains("serving GraphQL at") {
                return Ok(node);
            }
            if node.process.try_wait()?.is_some() || begin.elapsed() > PATIENCE {
                return Err(format!("a server does not start: {said}").into());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Starts as many servers as the kind of database is for.
    pub fn start_nodes(&mut self) -> Result<(), Fault> {
        let most = match self.kind {
            Kind::Postgres => 2,
            Kind::Sqlite => 1,
        };
        while self.nodes.len() < most {
            let node = self.start_node()?;
            self.nodes.push(node);
        }
        Ok(())
    }

    /// Where its servers are asked.
    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(|node| node.url.clone()).collect()
    }

    /// Makes a registrar, before any server runs.
    pub fn registrar(&self) -> Result<String, Fault> {
        let login = format!("registrar-{}", uuid::Uuid::new_v4());
        let create = ["account", "create", "--role", "registrar", "--login", &login];
        let mut child = self.oqu(&create)?.stdin(Stdio::piped()).spawn()?;
        if let Some(mut input) = child.stdin.take() {
            writeln!(input, "{PASSWORD}")?;
        }
        match child.wait()?.success() {
            true => Ok(login),
            false => Err("no account could be made".into()),
        }
    }

    /// Signs somebody in: the token.
    pub async fn sign_in(&self, login: &str) -> Result<String, Fault> {
        let node = self.nodes.first().ok_or("no server runs")?;
        let variables = json!({"login": login, "password": PASSWORD});
        let signed_in = Asker::new(None).ask(&node.url, SIGN_IN, variables).await?;
        let token = signed_in["session"]["token"].as_str().ok_or("no session")?;
        Ok(token.to_owned())
    }
}

/// A server that runs until it is dropped.
pub struct Node {
    process: Child,
    /// Where it is asked.
    pub url: String,
}

impl Node {
    /// `kill -9`.
    pub fn kill(&mut self) {
        // It may have ended by itself; then there is nothing left to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// The most memory that it has had so far, in bytes.
    pub fn most_memory(&self) -> Result<u64, Fault> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = line.ok_or("no VmHWM")?.trim().trim_end_matches(" kB");
        Ok(kibibytes.parse::<u64>()? * 1024)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}
