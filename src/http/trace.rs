//! One request in the server's log: a span that every line about it carries, with the correlation id that its
//! events have, and what came of it.

use std::{net::SocketAddr, time::Instant};

use async_graphql::{Request, Response, Value, parser::types::OperationType};
use axum::http::{HeaderMap, header};
use tracing::{Span, debug, field, info_span};
use uuid::Uuid;

use super::{Shared, answer::Refused, asked, execution::text_of};
use crate::messages;

/// Who asks: what a request brings beside what it asks, and what its parts belong together by.
#[derive(Clone)]
pub(crate) struct Asker {
    pub(crate) headers: HeaderMap,
    pub(crate) peer: SocketAddr,
    pub(crate) correlation: String,
}

impl Asker {
    pub(crate) fn new(headers: HeaderMap, peer: SocketAddr) -> Self {
        Self { headers, peer, correlation: Uuid::new_v4().to_string() }
    }

    /// Does something, and tells of it in the language that the headers ask for.
    pub(super) async fn in_their_language<T>(&self, work: impl Future<Output = T>) -> T {
        messages::for_reader(self.language(), work).await
    }

    /// What they say of the language.
    pub(crate) fn language(&self) -> Option<&str> {
        text_of(&self.headers, header::ACCEPT_LANGUAGE.as_str())
    }

    /// The span of the request; its operation is told when it is known.
    pub(crate) fn span(&self, method: &str) -> Span {
        info_span!(
            "request",
            method,
            operation = field::Empty,
            correlation = self.correlation,
            outcome = field::Empty,
        )
    }
}

/// Notes in the span which operation is asked for.
pub(super) fn operation(request: &mut Request) {
    if let Some(name) = asked::operation_name(request) {
        Span::current().record("operation", name);
    }
}

/// A query or a mutation that is run, from when it was read.
pub(super) struct Running {
    kind: &'static str,
    begun: Instant,
}

impl Running {
    pub(super) fn begin(request: &mut Request) -> Self {
        let kind = match asked::operation_type(request) {
            Some(OperationType::Query) => "query",
            Some(OperationType::Mutation) => "mutation",
            Some(OperationType::Subscription) => "subscription",
            None => "unreadable",
        };
        Self { kind, begun: Instant::now() }
    }

    /// It is answered: with a value, with errors, or not at all.
    pub(super) fn end(self, shared: &Shared, answer: &Result<Response, Refused>) {
        let (outcome, code) = match answer {
            Ok(answer) if answer.errors.is_empty() => ("answered", None),
            Ok(answer) => ("errors", code_of(answer)),
            Err(refused) => ("refused", Some(refused.code())),
        };
        shared.requests.answered(self.kind, outcome, self.begun);
        let seconds = self.begun.elapsed().as_secs_f64();
        note(code.unwrap_or(outcome), Some(seconds));
    }
}

/// What is refused before it is run.
pub(super) fn unread(refused: &Refused) {
    note(refused.code(), None);
}

/// It is answered.
pub(crate) fn note(outcome: &str, seconds: Option<f64>) {
    Span::current().record("outcome", outcome);
    debug!(seconds, "request answered");
}

/// The code of the first error.
fn code_of(answer: &Response) -> Option<&str> {
    let extensions = answer.errors.first()?.extensions.as_ref()?;
    match extensions.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}
