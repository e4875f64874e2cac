//! One request of a page: who visits, in which language, and what their forms are known by.

use std::{borrow::Borrow, sync::Arc};

use aggregates::shared::Position;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::failure::Failure;
use crate::{
    config::Secret,
    graphql::Caller,
    http::{Asker, Shared, came_by_https, client, sender},
    identity::{Viewer, random_secret},
    messages, people,
};

/// The cookie with the session's token. `__Host-` would not let it be the console's alone, nor work without https.
const COOKIE: &str = "oqu-console";
/// The cookie with a secret that the form of signing in is known by: one of its own, because a link from elsewhere, with
/// which no session's cookie comes, leads to that form.
const BEFORE: &str = "oqu-sign-in";
/// The cookie with the language that was chosen.
const LANGUAGE: &str = "oqu-language";
/// What a form's token is made from, beside the secret.
const LABEL: &str = "oqu console form 1:";
/// How long a chosen language is kept, in seconds: a year.
const KEPT: u32 = 31_536_000;

/// One request of a page.
pub(super) struct Visit {
    pub shared: Shared,
    asker: Asker,
    path: String,
    /// What the address asks for, the language aside.
    asked: Vec<(String, String)>,
    /// The language that the address asks for, if it does.
    chosen: Option<&'static str>,
    language: String,
    secret: Option<String>,
    /// The secret that the form of signing in is known by.
    before: Option<String>,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// Their name.
    pub name: Option<String>,
}

impl Visit {
    pub fn new(shared: Shared, asker: Asker, uri: &Uri) -> Self {
        let query = uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let (language, asked): (Vec<_>, Vec<_>) = pairs.partition(|(name, _)| name == "lang");
        let chosen = language.iter().find_map(|(_, name)| known(name));
        let headers = &asker.headers;
        let kept = cookie(headers, LANGUAGE).and_then(known);
        let language = chosen.or(kept).or(asker.language()).unwrap_or_default().to_owned();
        let secret = |name| cookie(headers, name).filter(|secret| !secret.is_empty());
        let (before, secret) =
            (secret(BEFORE).map(str::to_owned), secret(COOKIE).map(str::to_owned));
        let path = uri.path().to_owned();
        let (viewer, name) = (None, None);
        Self { shared, path, asked, chosen, language, secret, before, viewer, name, asker }
    }

    /// Finds out who it is, by the cookie and by nothing else: a bearer token is for programs.
    pub async fn recognise(&mut self) -> Result<(), Failure> {
        let Some(secret) = &self.secret else { return Ok(()) };
        let services = &self.shared.services;
        let viewer =
            services.sessions.find(secret).await.map_err(|cause| Failure::store(&cause))?;
        let Some(viewer) = viewer else { return Ok(()) };
        let known = people::people(&services.cabinet.database, &[viewer.person]).await;
        let known = known.map_err(|cause| Failure::store(&cause))?;
        self.name = known.get(&viewer.person).map(people::Details::display_name);
        self.viewer = Some(viewer);
        Ok(())
    }

    /// Whoever is signed in, or that they have to.
    pub fn signed_in(&self) -> Result<&Viewer, Failure> {
        self.viewer.as_ref().ok_or_else(|| Failure::SignIn { next: self.here() })
    }

    /// What one request brings, as the API knows it.
    pub fn caller(&self) -> Caller {
        Caller {
            viewer: self.viewer.clone(),
            address: sender(&self.shared, self.asker.peer, &self.asker.headers),
            client: client(&self.asker.headers),
            correlation: self.asker.correlation.clone(),
        }
    }

    /// What the request brings beside its address.
    pub fn headers(&self) -> &HeaderMap {
        &self.asker.headers
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value of a part of the address.
    pub fn asked(&self, name: &str) -> Option<&str> {
        self.asked.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The position that what is shown has to know of.
    pub fn after(&self) -> Option<Position> {
        self.asked("position")?.parse().ok().map(Position)
    }

    /// What the reader prefers, as `Accept-Language` says it.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// This page's address, the language aside.
    pub fn here(&self) -> String {
        address(&self.path, &self.asked)
    }

    /// The same with another value of a part, or without it.
    pub fn here_with(&self, part: &str, value: Option<&str>) -> String {
        let kept = self.asked.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let kept = kept.filter(|(name, _)| *name != part);
        address(&self.path, kept.chain(value.map(|value| (part, value))))
    }

    /// This page in another language.
    pub fn in_language(&self, language: &str) -> String {
        self.here_with("lang", Some(language))
    }

    /// What the form of signing in brings; with what sets its cookie, for who has none.
    pub fn sign_in_token(&self) -> Result<(String, Option<String>), Failure> {
        if let Some(secret) = &self.before {
            return Ok((form_token(secret), None));
        }
        let secret = random_secret().map_err(|cause| Failure::store(&cause))?;
        let secure = self.secure();
        let cookie =
            format!("{BEFORE}={secret}; Path=/console/sign-in; HttpOnly; SameSite=Strict{secure}");
        Ok((form_token(&secret), Some(cookie)))
    }

    /// What every form of this visitor brings.
    pub fn form_token(&self) -> String {
        self.secret.as_deref().map(form_token).unwrap_or_default()
    }

    /// Whether a form is one that was given to this visitor; how long the answer takes tells nothing.
    pub fn must_be_ours(&self, token: &str) -> Result<(), Failure> {
        must_be(&self.form_token(), token)
    }

    /// The same of the form of signing in.
    pub fn must_be_of_sign_in(&self, token: &str) -> Result<(), Failure> {
        must_be(&self.before.as_deref().map(form_token).unwrap_or_default(), token)
    }

    /// Sets the cookie with the session's token. It goes with the browser, and the session by its own time.
    pub fn cookie(&self, secret: &str) -> String {
        format!("{COOKIE}={secret}; Path=/console; HttpOnly; SameSite=Strict{}", self.secure())
    }

    /// Takes the cookie back.
    pub fn no_cookie(&self) -> String {
        format!("{}; Max-Age=0", self.cookie(""))
    }

    /// Keeps the language that was chosen here.
    pub fn language_cookie(&self) -> Option<String> {
        let chosen = self.chosen?;
        let secure = self.secure();
        Some(format!("{LANGUAGE}={chosen}; Path=/; HttpOnly; SameSite=Lax; Max-Age={KEPT}{secure}"))
    }

    fn secure(&self) -> &'static str {
        let Self { shared, asker, .. } = self;
        let always = shared.services.cabinet.config.secure_cookies;
        if always || came_by_https(shared, asker.peer, &asker.headers) { "; Secure" } else { "" }
    }
}

fn must_be(expected: &str, token: &str) -> Result<(), Failure> {
    let expected = Secret::try_from(expected.to_owned());
    let ours = expected.is_ok_and(|expected| expected.is(token));
    if ours { Ok(()) } else { Err(Failure::foreign_form()) }
}

/// What the forms of a secret's owner bring: nobody makes it without the secret, nor the secret from it.
fn form_token(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::new().chain_update(LABEL).chain_update(secret).finalize())
}

/// The address of a page, with its parts if it has any.
pub(super) fn address<N: AsRef<str>, V: AsRef<str>>(
    path: &str,
    parts: impl IntoIterator<Item: Borrow<(N, V)>>,
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.extend_pairs(parts).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// What every page is made from.
pub(super) type Visitor = axum::Extension<Arc<Visit>>;

fn known(name: &str) -> Option<&'static str> {
    messages::languages().find(|language| *language == name)
}

/// The value of a cookie; those of others may hold whatever they like.
fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let stated = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes);
    let pairs = stated.flat_map(|value| value.split(|byte| *byte == b';'));
    let mut pairs = pairs.filter_map(|pair| std::str::from_utf8(pair).ok()?.split_once('='));
    pairs.find(|(known, _)| known.trim() == name).map(|(_, value)| value.trim())
}
