//! One client.

use std::{
    sync::{Arc, PoisonError, atomic::Ordering},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{Asker, Failure, Shared, Testimony, ask::text};

/// How often a subject is revised before the next one is entered.
const REVISIONS: usize = 3;
/// How long it waits before it asks again.
const PAUSE: Duration = Duration::from_millis(20);

const CREATE: &str = "mutation($key: String!) { createSubject(input: { code: $key, title: $key, \
    credits: 5, idempotencyKey: $key }) { subject { id } position userErrors { code } } }";
const REVISE: &str = "mutation($key: String!, $subject: ID!) { reviseSubject(input: { \
    subjectId: $subject, code: $key, title: $key, credits: 5, compulsory: true, \
    prerequisiteIds: [], idempotencyKey: $key }) { subject { id } position userErrors { code } } }";

pub(crate) struct Witness {
    asker: Asker,
    name: String,
    /// Which server it asks: the next one after each failure.
    place: usize,
    shared: Arc<Shared>,
    told: Testimony,
}

impl Witness {
    pub(crate) fn new(asker: Asker, place: usize, name: String, shared: Arc<Shared>) -> Self {
        Self { asker, name, place, shared, told: Testimony::default() }
    }

    pub(crate) async fn work(mut self) -> Testimony {
        let mut subject = None;
        for number in 0.. {
            if self.is_stopping() {
                break;
            }
            let key = format!("{}-{number}", self.name);
            subject = match subject {
                Some(subject) if number % (1 + REVISIONS) > 0 => {
                    self.done(REVISE, json!({"key": key, "subject": subject}), key).await
                }
                _ => self.done(CREATE, json!({"key": key}), key).await,
            };
        }
        self.told
    }

    /// Asks until it is done and shown: the subject's id; none where the end came before.
    async fn done(&mut self, query: &str, variables: Value, key: String) -> Option<String> {
        loop {
            let answer = self.asker.ask(&self.url(), query, variables.clone()).await;
            match answer.and_then(|answer| self.note(&key, &answer)) {
                Ok(subject) => return Some(subject),
                Err(failure) => self.shared.note(&failure),
            }
            if self.is_stopping() {
                if !self.told.acknowledged.contains_key(&key) {
                    self.told.in_doubt.insert(key);
                }
                return None;
            }
            self.place += 1;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Remembers an acknowledgement; the subject's id, once the views know of it.
    fn note(&mut self, key: &str, answer: &Value) -> Result<String, Failure> {
        let position = answer["position"].as_i64();
        let position = position.ok_or_else(|| Failure::Code("NO_POSITION".into()))?;
        if !self.told.acknowledged.contains_key(key) {
            self.told.acknowledged.insert(key.to_owned(), position);
            self.shared.acknowledged.fetch_add(1, Ordering::Relaxed);
        }
        match text(&answer["subject"]["id"]) {
            id if id.is_empty() => Err(Failure::Code("PENDING".into())),
            id => Ok(id),
        }
    }

    fn url(&self) -> String {
        let urls = self.shared.urls.read().unwrap_or_else(PoisonError::into_inner);
        urls.get(self.place % urls.len().max(1)).cloned().unwrap_or_default()
    }

    fn is_stopping(&self) -> bool {
        self.shared.stopping.load(Ordering::Relaxed)
    }
}
