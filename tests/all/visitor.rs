//! Somebody with a browser that runs nothing: it keeps cookies, reads pages, and sends their forms.

use std::{collections::BTreeMap, sync::Mutex};

use reqwest::{
    RequestBuilder, StatusCode,
    header::{self, HeaderMap},
    redirect::Policy,
};

use crate::server::{PASSWORD, Server};

/// Somebody with a browser.
pub struct Visitor {
    http: reqwest::Client,
    origin: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What was shown.
#[derive(Debug)]
pub struct Shown {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Visitor {
    pub fn of(server: &Server) -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        let origin = server.url().trim_end_matches("/graphql").to_owned();
        Self { http, origin, cookies: Mutex::default() }
    }

    /// Somebody who is signed in.
    pub async fn signed_in(server: &Server, login: &str) -> Self {
        let visitor = Self::of(server);
        let shown = visitor.sign_in(login, PASSWORD).await;
        assert_eq!(shown.status, StatusCode::SEE_OTHER, "{}", shown.body);
        visitor
    }

    /// Fills in the form and sends it.
    pub async fn sign_in(&self, login: &str, password: &str) -> Shown {
        let form = self.get("/console/sign-in").await;
        let typed = [("login", login), ("password", password)];
        self.post("/console/sign-in", &[&form.brought("/console/sign-in")[..], &typed].concat())
            .await
    }

    pub async fn get(&self, path: &str) -> Shown {
        self.send(self.http.get(format!("{}{path}", self.origin))).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&'static str, &str)]) -> Shown {
        let mut asked = self.http.get(format!("{}{path}", self.origin));
        for (name, value) in headers {
            asked = asked.header(*name, *value);
        }
        self.send(asked).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Shown {
        self.send(self.http.post(format!("{}{path}", self.origin)).form(form)).await
    }

    async fn send(&self, request: RequestBuilder) -> Shown {
        let cookies = self.cookies();
        let request =
            if cookies.is_empty() { request } else { request.header(header::COOKIE, cookies) };
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for set in headers.get_all(header::SET_COOKIE) {
            let (name, value) = set.to_str().unwrap().split_once('=').unwrap();
            let value = value.split(';').next().unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
            cookies.retain(|_, value| !value.is_empty());
        }
        Shown { status, headers, body: response.text().await.unwrap() }
    }

    /// The cookies as a browser sends them.
    pub fn cookies(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        let pairs = cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }
}

impl Shown {
    /// A header's text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn has(&self, text: &str) -> bool {
        self.body.contains(text)
    }

    /// The text of the page, without its tags.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for part in self.body.split('<') {
            let (_, said) = part.split_once('>').unwrap_or(("", part));
            text.push_str(said);
            text.push(' ');
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What the form that goes to an address brings back by itself, where a page has several the one that does
    /// `deed`.
    pub fn brought(&self, action: &str) -> Vec<(&str, &str)> {
        self.forms(action).into_iter().next().unwrap_or_else(|| panic!("no form: {}", self.body))
    }

    pub fn deed(&self, action: &str, deed: &str) -> Option<Vec<(&str, &str)>> {
        self.forms(action).into_iter().find(|form| form.contains(&("deed", deed)))
    }

    fn forms(&self, action: &str) -> Vec<Vec<(&str, &str)>> {
        let forms =
            self.body.split("<form").skip(1).filter_map(|form| form.split("</form>").next());
        let of_action = forms.filter(|form| attribute(form, "action") == Some(action));
        of_action
            .map(|form| {
                let inputs = form.split("<input ").skip(1);
                let hidden = inputs.filter(|input| attribute(input, "type") == Some("hidden"));
                hidden
                    .filter_map(|input| {
                        Some((attribute(input, "name")?, attribute(input, "value")?))
                    })
                    .collect()
            })
            .collect()
    }
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let tag = tag.split('>').next()?;
    tag.split_once(&format!("{name}=\""))?.1.split('"').next()
}
