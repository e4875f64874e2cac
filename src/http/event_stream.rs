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
use tokio::{sync::mpsc, time::timeout};
use tokio_stream::wrappers::ReceiverStream;

use super::{Shared, answer};
use crate::messages;

/// How often a quiet stream shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Answers with each answer as an event. One is under way and one waits; a client that takes neither for
/// long is let go, to come back and go on from its last position.
pub(super) fn streamed(
    shared: &Shared,
    language: Option<String>,
    answers: BoxStream<'static, Response>,
) -> HttpResponse {
    let next = |response: &Response| Event::default().event("next").data(answer::text(response));
    let complete = stream::once(async { Event::default().event("complete").data("") });
    let mut events = answers.map(move |answer| next(&answer)).chain(complete).boxed();
    let (sender, taken) = mpsc::channel(1);
    let (open, patience) = (shared.open.clone(), shared.patience());
    let sending = async move {
        loop {
            let event = tokio::select! {
                event = events.next() => event,
                () = sender.closed() => return,
                () = open.stopping() => return,
            };
            let Some(event) = event else { return };
            if !matches!(timeout(patience, sender.send(event)).await, Ok(Ok(()))) {
                return;
            }
        }
    };
    let sending = async move { messages::for_reader(language.as_deref(), sending).await };
    tokio::spawn(shared.open.count(sending));
    let events = ReceiverStream::new(taken).map(Ok::<_, Infallible>);
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}
