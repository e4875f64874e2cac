//! GraphQL over server-sent events, in distinct connections mode: one operation a request
//! (the protocol of graphql-sse).

use std::{convert::Infallible, time::Duration};

use async_graphql::Response;
use axum::response::{
    IntoResponse, Response as HttpResponse, Sse,
    sse::{Event, KeepAlive},
};
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};

use super::{Shared, answer};

/// How often a quiet stream shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Answers with each answer as an event. A client that takes none for long is let go, to come back and go
/// on from its last position.
pub(super) fn streamed(
    shared: &Shared,
    language: Option<String>,
    answers: BoxStream<'static, Response>,
) -> HttpResponse {
    let next = |response: &Response| Event::default().event("next").data(answer::text(response));
    let complete = stream::once(async { Event::default().event("complete").data("") });
    let events = answers.map(move |answer| next(&answer)).chain(complete);
    let patience = shared.services.cabinet.config.patience();
    let events = shared.open.run(language, patience, events).map(Ok::<_, Infallible>);
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}
