//! The real server on a test's database, its accounts, and a client that speaks GraphQL with it.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use oqu::config::Config;
use reqwest::{
    RequestBuilder, StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::program::oqu;

/// What front ends send: each operation by its name.
const OPERATIONS: &str = include_str!("../operations.graphql");
/// The password of every account in these tests.
pub const PASSWORD: &str = "correct horse";

/// The text of an operation, from its first line to the brace that closes it.
pub fn operation(name: &str) -> String {
    let begins = |line: &&str| {
        let kinds = ["query ", "mutation ", "subscription "];
        let named = kinds.iter().find_map(|kind| line.strip_prefix(kind));
        named.and_then(|rest| rest.split([' ', '(']).next()) == Some(name)
    };
    let mut lines = OPERATIONS.lines().skip_while(|line| !begins(line)).peekable();
    assert!(lines.peek().is_some(), "there is no operation {name}");
    let mut text = Vec::new();
    for line in lines {
        text.push(line);
        if line == "}" {
            break;
        }
    }
    text.join("\n")
}

/// Runs `oqu account create` with a password on its standard input.
pub fn create_account(config: &Config, role: &str, login: &str, password: &str) -> Output {
    let mut command = oqu(config, &["account", "create", "--role", role, "--login", login]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that stops before it reads has closed the pipe.
    let _ = writeln!(child.stdin.take().unwrap(), "{password}");
    child.wait_with_output().unwrap()
}

/// An account made at the command line; its person's id.
pub fn account(config: &Config, role: &str, login: &str) -> String {
    let done = create_account(config, role, login, PASSWORD);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

/// A running server; killed when it is dropped.
pub struct Server {
    process: Child,
    url: String,
    http: reqwest::Client,
    log: Arc<Mutex<String>>,
}

impl Server {
    pub fn start(config: &Config) -> Self {
        Self::with(config, &[])
    }

    /// Starts it with settings of its own (`OQU_*`).
    pub fn with(config: &Config, settings: &[(&str, &str)]) -> Self {
        Self::under(config, settings, &[])
    }

    /// Starts it by another program, which gets its command line.
    pub fn under(config: &Config, settings: &[(&str, &str)], starter: &[&str]) -> Self {
        let mut command = started_by(starter, oqu(config, &["serve", "--listen", "127.0.0.1:0"]));
        command.env("OQU_FRESHNESS_MS", config.freshness_ms.to_string());
        command.envs(settings.iter().copied()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let (told, address) = mpsc::channel();
        let log = Arc::new(Mutex::new(String::new()));
        let (lines, kept) = (BufReader::new(process.stderr.take().unwrap()), Arc::clone(&log));
        thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                if let Some((_, url)) = line.split_once("serving GraphQL at ") {
                    let url = url.split(' ').next().unwrap_or_default();
                    let _ = told.send(url.to_owned());
                }
                let mut kept = kept.lock().unwrap();
                kept.push_str(&line);
                kept.push('\n');
            }
        });
        let url = address.recv_timeout(Duration::from_secs(60));
        let url = url.unwrap_or_else(|_| panic!("no server: {}", log.lock().unwrap()));
        Self { process, url, http: reqwest::Client::new(), log }
    }

    /// Somebody who is not signed in.
    pub fn nobody(&self) -> Client {
        let (http, url) = (self.http.clone(), self.url.clone());
        Client { http, url, token: None, id: String::new() }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub async fn sign_in(&self, login: &str) -> Client {
        let nobody = self.nobody();
        let signed_in = nobody.ask("SignIn", json!({"login": login, "password": PASSWORD})).await;
        nobody.with_session(&signed_in["session"])
    }

    /// Ends it as a power cut would end it.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(&mut self) -> ExitStatus {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        self.process.wait().unwrap()
    }

    /// The id of its process.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// How much memory it has now, in bytes.
    pub fn memory(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if thread::panicking() {
            eprintln!("{}", self.log());
        }
    }
}

/// The command, handed to a program that starts it.
fn started_by(starter: &[&str], command: Command) -> Command {
    let [program, arguments @ ..] = starter else { return command };
    let mut started = Command::new(program);
    started.args(arguments).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => started.env(name, value),
            None => started.env_remove(name),
        };
    }
    started.stdin(Stdio::null());
    started
}

/// Somebody with a token.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    pub token: Option<String>,
    /// The person's id.
    pub id: String,
}

impl Client {
    /// The same connection, with the token of a session.
    pub fn with_session(&self, session: &Value) -> Self {
        let token = session["token"].as_str().expect("a session").to_owned();
        let id = text(&session["person"]["id"]);
        Self { token: Some(token), id, ..self.clone() }
    }

    /// The same person at another address.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// A request with the token and that body.
    pub fn request(&self, body: impl Into<reqwest::Body>) -> RequestBuilder {
        let request = self.http.post(&self.url).header("content-type", "application/json");
        let request = request.body(body);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// A request of an operation, by its name or its text.
    pub fn operation(&self, query: &str, variables: Value) -> RequestBuilder {
        let query = if query.contains('{') { query.to_owned() } else { operation(query) };
        self.request(json!({"query": query, "variables": variables}).to_string())
    }

    /// A request of an operation with a file for its variable `file`.
    pub fn upload(&self, name: &str, mut variables: Value, file: Part) -> RequestBuilder {
        variables["file"] = Value::Null;
        let operations = json!({"query": operation(name), "variables": variables});
        let map = json!({"0": ["variables.file"]});
        let form = Form::new()
            .text("operations", operations.to_string())
            .text("map", map.to_string())
            .part("0", file);
        let request = self.http.post(&self.url).header("GraphQL-Preflight", "1").multipart(form);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// What the server answers to an operation with a file of that name.
    pub async fn send_file(
        &self,
        query: &str,
        variables: Value,
        name: &str,
        bytes: &[u8],
    ) -> Answer {
        let file = Part::bytes(bytes.to_vec()).file_name(name.to_owned());
        answer(self.upload(query, variables, file)).await.unwrap()
    }

    /// A request of a file.
    pub fn file(&self, id: &str) -> RequestBuilder {
        self.get(&format!("/files/{id}"))
    }

    /// A request of what lies at a path.
    pub fn get(&self, path: &str) -> RequestBuilder {
        let url = self.url.replace("/graphql", path);
        let request = self.http.get(url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// What the server answers to an operation.
    pub async fn send(&self, query: &str, variables: Value) -> Answer {
        answer(self.operation(query, variables)).await.unwrap()
    }

    /// The value of the operation's root field, where nothing was refused.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        self.send(query, variables).await.done()
    }

    /// The same for a reader of that language.
    pub async fn ask_in(&self, language: &str, query: &str, variables: Value) -> Value {
        let request = self.operation(query, variables).header("Accept-Language", language);
        answer(request).await.unwrap().done()
    }

    /// The code with which the operation was refused.
    pub async fn refused(&self, query: &str, variables: Value) -> String {
        self.send(query, variables).await.code()
    }

    /// The user error with which the operation was refused.
    pub async fn user_error(&self, query: &str, variables: Value) -> Value {
        let answer = self.send(query, variables).await;
        let errors = answer.root()["userErrors"].clone();
        assert_eq!(errors.as_array().map(Vec::len), Some(1), "{}", answer.body);
        errors[0].clone()
    }
}

/// Sends a request and reads the answer.
pub async fn answer(request: RequestBuilder) -> Result<Answer, reqwest::Error> {
    let response = request.timeout(Duration::from_secs(90)).send().await?;
    let status = response.status();
    Ok(Answer { status, body: response.json().await? })
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
}

impl Answer {
    /// The value of the only root field.
    pub fn root(&self) -> &Value {
        let fields = self.body["data"].as_object();
        let value = fields.and_then(|fields| fields.values().next());
        value.unwrap_or(&Value::Null)
    }

    /// The same, where there are neither errors nor user errors.
    pub fn done(self) -> Value {
        let root = self.root();
        let refused = root["userErrors"].as_array().is_some_and(|errors| !errors.is_empty());
        assert!(self.body["errors"].is_null() && !refused, "{}", self.body);
        root.clone()
    }

    /// The code of the only error, a top-level one or a user error.
    pub fn code(&self) -> String {
        let top = self.body["errors"].as_array().cloned().unwrap_or_default();
        let user = self.root()["userErrors"].as_array().cloned().unwrap_or_default();
        let codes = top.iter().map(|error| &error["extensions"]["code"]);
        let codes: Vec<_> = codes.chain(user.iter().map(|error| &error["code"])).collect();
        assert_eq!(codes.len(), 1, "{}", self.body);
        text(codes[0])
    }
}

/// The text of a JSON string.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Waits for what is done beside the requests; a loaded machine is slow, not wrong.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..600 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("never: {what}");
}
