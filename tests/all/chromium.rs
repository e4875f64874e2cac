//! Headless Chromium with JavaScript switched off, driven by its own driver; both end with the test, however it
//! ends.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::prelude::*;

use crate::server::{Server, until};

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
    tab: WebDriver,
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

impl Chromium {
    /// A browser that visits a server.
    pub async fn visiting(server: &Server) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver, of Debian's package chromium-driver: `./test` installs it");
        let said = driver.stdout.take().unwrap();
        let driver = Driver(driver);
        let port = port(said);
        let profile = TempDir::new().unwrap();
        let mut wanted = DesiredCapabilities::chrome();
        for flag in FLAGS {
            wanted.add_arg(flag).unwrap();
        }
        wanted.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        // 2 is "block".
        let preferences = json!({"profile.managed_default_content_settings.javascript": 2});
        wanted.add_experimental_option("prefs", preferences).unwrap();
        let tab = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await.unwrap();
        let origin = server.url().trim_end_matches("/graphql").to_owned();
        let chromium = Self { tab, _driver: driver, _profile: profile, origin };
        chromium.runs_no_script().await;
        chromium
    }

    /// A page that would change, if a script ran, does not.
    async fn runs_no_script(&self) {
        let page = "data:text/html,<title>still</title><noscript><p>off</p></noscript>\
                    <script>document.title='ran'</script>";
        self.tab.goto(page).await.unwrap();
        assert_eq!(self.tab.title().await.unwrap(), "still", "JavaScript is on");
        assert_eq!(self.text("p").await, "off", "JavaScript is on");
    }

    pub async fn goto(&self, path: &str) {
        self.tab.goto(format!("{}{path}", self.origin)).await.unwrap();
    }

    /// The path of the page that is shown, and what it asks.
    pub async fn path(&self) -> String {
        let url = self.tab.current_url().await.unwrap();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{query}", url.path())
    }

    /// What a reader sees of the first element that fits.
    pub async fn text(&self, selector: &str) -> String {
        self.element(selector).await.text().await.unwrap()
    }

    /// The same of each.
    pub async fn texts(&self, selector: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.tab.find_all(By::Css(selector)).await.unwrap() {
            texts.push(element.text().await.unwrap());
        }
        texts
    }

    pub async fn has(&self, selector: &str) -> bool {
        !self.tab.find_all(By::Css(selector)).await.unwrap().is_empty()
    }

    pub async fn fill(&self, selector: &str, text: &str) {
        let field = self.element(selector).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    pub async fn click(&self, selector: &str) {
        self.element(selector).await.click().await.unwrap();
    }

    /// Clicks what leads to another page, and waits until that has taken this one's place.
    pub async fn follow(&self, selector: &str) {
        let page = self.element("html").await;
        self.click(selector).await;
        until("another page", async || page.tag_name().await.is_err()).await;
    }

    /// How an element is drawn.
    pub async fn style(&self, selector: &str, property: &str) -> String {
        self.element(selector).await.css_value(property).await.unwrap()
    }

    async fn element(&self, selector: &str) -> WebElement {
        let found = self.tab.find(By::Css(selector)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("no `{selector}`: {error}: {}", self.tab.source().await.unwrap()),
        }
    }
}

/// The port that the driver says it is on; what else it says is read and let go.
fn port(said: impl Read + Send + 'static) -> u16 {
    let (told, port) = std::sync::mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(said).lines().map_while(Result::ok) {
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                let _ = told.send(port.trim_end_matches('.').parse::<u16>());
            }
        }
    });
    port.recv_timeout(Duration::from_secs(60)).expect("chromedriver does not start").unwrap()
}
