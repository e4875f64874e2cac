//! Headless Chromium with JavaScript switched off, driven by its own driver in the few words of the WebDriver protocol
//! (W3C) that the tests need; both end with the test, however it ends.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use reqwest::{Method, Url};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::server::{Server, text, until};

/// By what the protocol names an element (section 12).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-US",
];

/// A browser. What is dropped first ends first: the session with its browser, then the driver, then the profile.
pub struct Chromium {
    tab: Tab,
    _driver: Driver,
    _profile: TempDir,
    origin: String,
}

struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The session of a browser.
struct Tab {
    http: reqwest::Client,
    port: u16,
    id: String,
}

impl Drop for Tab {
    fn drop(&mut self) {
        let Ok(mut driver) = TcpStream::connect(("127.0.0.1", self.port)) else { return };
        let end = format!(
            "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
            self.id
        );
        // Where the driver is gone its browser is too. It answers when the browser has ended, and keeps the line.
        let _ = driver.set_read_timeout(Some(Duration::from_secs(10)));
        let _ = driver.write_all(end.as_bytes());
        let _ = driver.read(&mut [0; 64]);
    }
}

impl Tab {
    async fn open(port: u16, options: Value) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).build().unwrap();
        let mut tab = Self { http, port, id: String::new() };
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}});
        let opened = tab.ask(Method::POST, "", wanted).await.unwrap();
        tab.id = text(&opened["sessionId"]);
        tab
    }

    /// What the driver says, or why not.
    async fn ask(&self, method: Method, command: &str, body: Value) -> Result<Value, String> {
        let Self { port, id, .. } = self;
        let session = if id.is_empty() { String::new() } else { format!("/{id}") };
        let url = format!("http://127.0.0.1:{port}/session{session}{command}");
        let asked = self.http.request(method.clone(), url);
        let asked = if method == Method::POST { asked.json(&body) } else { asked };
        let answer = asked.send().await.unwrap();
        let done = answer.status().is_success();
        let value = answer.json::<Value>().await.unwrap()["value"].clone();
        if done { Ok(value) } else { Err(value["message"].to_string()) }
    }

    async fn read(&self, what: &str) -> Result<String, String> {
        self.ask(Method::GET, what, Value::Null).await.map(|value| text(&value))
    }

    async fn goto(&self, url: &str) {
        self.ask(Method::POST, "/url", json!({"url": url})).await.unwrap();
    }

    async fn find_all(&self, selector: &str) -> Vec<Element<'_>> {
        let by = json!({"using": "css selector", "value": selector});
        let found = self.ask(Method::POST, "/elements", by).await.unwrap();
        let found = found.as_array().unwrap().iter();
        found.map(|element| Element { tab: self, id: text(&element[ELEMENT]) }).collect()
    }
}

/// An element of a page.
struct Element<'a> {
    tab: &'a Tab,
    id: String,
}

impl Element<'_> {
    async fn read(&self, what: &str) -> Result<String, String> {
        self.tab.read(&format!("/element/{}/{what}", self.id)).await
    }

    async fn does(&self, what: &str, body: Value) {
        let command = format!("/element/{}/{what}", self.id);
        self.tab.ask(Method::POST, &command, body).await.unwrap();
    }
}

impl Chromium {
    /// A browser that visits a server.
    pub async fn visiting(server: &Server) -> Self {
        let (driver, port) = Driver::start();
        let profile = TempDir::new().unwrap();
        let profile_at = format!("--user-data-dir={}", profile.path().display());
        let flags: Vec<_> = FLAGS.iter().copied().chain([profile_at.as_str()]).collect();
        // 2 is "block".
        let preferences = json!({"profile.managed_default_content_settings.javascript": 2});
        let tab = Tab::open(port, json!({"args": flags, "prefs": preferences})).await;
        let origin = server.url().trim_end_matches("/graphql").to_owned();
        let chromium = Self { tab, _driver: driver, _profile: profile, origin };
        chromium.runs_no_script().await;
        chromium
    }

    /// A page that would change, if a script ran, does not.
    async fn runs_no_script(&self) {
        let page = "data:text/html,<title>still</title><noscript><p>off</p></noscript>\
                    <script>document.title='ran'</script>";
        self.tab.goto(page).await;
        assert_eq!(self.tab.read("/title").await.unwrap(), "still", "JavaScript is on");
        assert_eq!(self.text("p").await, "off", "JavaScript is on");
    }

    pub async fn goto(&self, path: &str) {
        self.tab.goto(&format!("{}{path}", self.origin)).await;
    }

    /// The path of the page that is shown, and what it asks.
    pub async fn path(&self) -> String {
        let url: Url = self.tab.read("/url").await.unwrap().parse().unwrap();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{query}", url.path())
    }

    /// What a reader sees of the first element that fits.
    pub async fn text(&self, selector: &str) -> String {
        self.element(selector).await.read("text").await.unwrap()
    }

    /// The same of each.
    pub async fn texts(&self, selector: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.tab.find_all(selector).await {
            texts.push(element.read("text").await.unwrap());
        }
        texts
    }

    pub async fn has(&self, selector: &str) -> bool {
        !self.tab.find_all(selector).await.is_empty()
    }

    pub async fn fill(&self, selector: &str, text: &str) {
        let field = self.element(selector).await;
        field.does("clear", json!({})).await;
        field.does("value", json!({"text": text})).await;
    }

    pub async fn click(&self, selector: &str) {
        self.element(selector).await.does("click", json!({})).await;
    }

    /// Clicks what leads to another page, and waits until that has taken this one's place.
    pub async fn follow(&self, selector: &str) {
        let page = self.element("html").await;
        self.click(selector).await;
        until("another page", async || page.read("name").await.is_err()).await;
    }

    /// Goes back to the page before.
    pub async fn back(&self) {
        let page = self.element("html").await;
        self.tab.ask(Method::POST, "/back", json!({})).await.unwrap();
        until("the page before", async || page.read("name").await.is_err()).await;
    }

    /// How an element is drawn.
    pub async fn style(&self, selector: &str, property: &str) -> String {
        self.element(selector).await.read(&format!("css/{property}")).await.unwrap()
    }

    async fn element(&self, selector: &str) -> Element<'_> {
        match self.tab.find_all(selector).await.into_iter().next() {
            Some(element) => element,
            None => panic!("no `{selector}`: {}", self.tab.read("/source").await.unwrap()),
        }
    }
}

impl Driver {
    /// Starts one. It takes a free port of IPv4 and then the same of IPv6: where somebody else has that, it ends, and
    /// another one is started.
    fn start() -> (Self, u16) {
        for _ in 0..10 {
            let mut driver = Command::new("chromedriver")
                .arg("--port=0")
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("chromedriver, of Debian's package chromium-driver: `./test` installs it");
            let said = driver.stdout.take().unwrap();
            let driver = Self(driver);
            if let Some(port) = port(said) {
                return (driver, port);
            }
        }
        panic!("chromedriver does not start");
    }
}

/// The port that the driver says it is on; what else it says is read and let go. None where it ends.
fn port(said: impl Read + Send + 'static) -> Option<u16> {
    let (told, port) = std::sync::mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(said).lines().map_while(Result::ok) {
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                let _ = told.send(port.trim_end_matches('.').parse::<u16>());
            }
        }
    });
    port.recv_timeout(Duration::from_secs(60)).ok().map(|port| port.unwrap())
}
