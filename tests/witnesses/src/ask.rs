//! One question over HTTP, and how it can fail.

use std::{fmt, time::Duration};

use serde_json::{Value, json};

/// How long an answer is waited for: longer than a server takes to say that its database is away.
const PATIENCE: Duration = Duration::from_secs(90);

/// Somebody who asks, signed in or not.
#[derive(Clone)]
pub struct Asker {
    http: reqwest::Client,
    token: Option<String>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nobody is there, or the line broke off.
    NoAnswer,
    /// The server can't answer, and says why by a stable code.
    Code(String),
    /// A rule forbids it: the code of the first refusal.
    Refused(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer => write!(f, "NO_ANSWER"),
            Self::Code(code) | Self::Refused(code) => write!(f, "{code}"),
        }
    }
}

impl std::error::Error for Failure {}

impl Asker {
    /// With the token of a session.
    pub fn new(token: Option<String>) -> Self {
        Self { http: reqwest::Client::new(), token }
    }

    /// Somebody else, over the same lines.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { http: self.http.clone(), token: Some(token.to_owned()) }
    }

    /// The value of the operation's only root field, where it was neither refused nor failed.
    pub async fn ask(&self, url: &str, query: &str, variables: Value) -> Result<Value, Failure> {
        let mut request = self.http.post(url).timeout(PATIENCE);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let request = request.json(&json!({"query": query, "variables": variables}));
        let response = request.send().await.map_err(|_| Failure::NoAnswer)?;
        let answer: Value = response.json().await.map_err(|_| Failure::NoAnswer)?;
        if let Some(error) = answer["errors"].as_array().and_then(|errors| errors.first()) {
            return Err(Failure::Code(text(&error["extensions"]["code"])));
        }
        let fields = answer["data"].as_object();
        let root = fields.and_then(|fields| fields.values().next()).unwrap_or(&Value::Null);
        match root["userErrors"].as_array().and_then(|errors| errors.first()) {
            Some(error) => Err(Failure::Refused(text(&error["code"]))),
            None => Ok(root.clone()),
        }
    }
}

/// The text of a JSON string.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
