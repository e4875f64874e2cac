//! GraphQL over WebSocket: any number of operations on one connection
//! (the protocol `graphql-transport-ws` of graphql-ws).

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use aggregates::shared::Fact;
use async_graphql::Response;
use axum::{
    body::Bytes,
    extract::ws::{Message, WebSocket, WebSocketUpgrade},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response as HttpResponse,
};
use futures::{StreamExt, stream};
use serde_json::{Map, Value};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_stream::{StreamMap, wrappers::ReceiverStream};
use tracing::debug;

use super::{
    Shared,
    answer::{Media, Refused, never_ran},
    asked::{self, Parameters},
    execution::{AFTER_POSITION, bearer, follow, text_of, viewer},
    socket_messages::{Ending, Said, acknowledged, complete, next, pong},
    trace::Asker,
};
use crate::troubles;

/// The protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";
/// What of the greeting stands for a header of the same name.
const OF_THE_GREETING: [&str; 3] = ["authorization", "accept-language", AFTER_POSITION];

/// How long a client has to close when the server stops.
const LAST_WORD: Duration = Duration::from_secs(1);

/// Opens a WebSocket, unless a page of another site asks.
pub(super) fn open(
    shared: Shared,
    upgrade: WebSocketUpgrade,
    headers: HeaderMap,
    peer: SocketAddr,
) -> HttpResponse {
    if !origin_is_allowed(&headers, &shared.services.cabinet.config.allowed_origins) {
        return Refused::new(StatusCode::FORBIDDEN, troubles::ORIGIN_NOT_ALLOWED, &[])
            .answer(Media::Json);
    }
    // What is over the limit is heard out and told so, unless it is far over it.
    let most = shared.services.cabinet.config.max_body_bytes.saturating_mul(2);
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(most).max_frame_size(most);
    let open = shared.open.clone();
    upgrade.on_upgrade(move |socket| async move {
        open.count(serve(shared, socket, headers, peer)).await;
    })
}

/// Whether a page of that origin may connect: one of ours, one that is allowed, or no page at all.
/// Browsers send the origin and let nobody change it (RFC 6455, section 10.2).
fn origin_is_allowed(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = text_of(headers, header::HOST.as_str());
    let own = origin.split_once("://").is_some_and(|(_, from)| Some(from) == host);
    own || allowed.iter().any(|allowed| allowed == "*" || allowed == origin)
}

async fn serve(shared: Shared, socket: WebSocket, headers: HeaderMap, peer: SocketAddr) {
    let config = &shared.services.cabinet.config;
    let (patience, most) = (config.patience(), config.max_body_bytes);
    let wire = Wire { socket, patience, most, heard: Instant::now() };
    let mut connection = Connection { shared, wire, headers, peer, operations: StreamMap::new() };
    let open = connection.shared.open.clone();
    let ending = tokio::select! {
        Err(ending) = connection.greet_and_serve() => ending,
        () = open.stopping() => Ending::STOPPING,
    };
    let stopped = async {
        open.stopping().await;
        sleep(LAST_WORD).await;
    };
    tokio::select! {
        () = connection.wire.close(ending.message()) => {}
        () = stopped => debug!("a client did not close before the server's end"),
    }
}

/// What is said and heard.
struct Wire {
    socket: WebSocket,
    /// How long the client may take nothing, or say nothing.
    patience: Duration,
    /// The longest message, in bytes.
    most: usize,
    /// When it was last heard of.
    heard: Instant,
}

impl Wire {
    /// What the client says; none where it only shows that it lives.
    async fn hear(&mut self) -> Result<Option<Said>, Ending> {
        let message = self.socket.recv().await.ok_or(Ending::Gone)?;
        let message = message.map_err(Ending::bad_message)?;
        self.heard = Instant::now();
        match message {
            Message::Text(text) if text.len() > self.most => Err(Ending::TOO_LARGE),
            Message::Text(text) => {
                serde_json::from_str(&text).map(Some).map_err(Ending::bad_message)
            }
            Message::Binary(_) => Err(Ending::bad_message("it is not a text")),
            Message::Ping(_) | Message::Pong(_) => Ok(None),
            Message::Close(_) => Err(Ending::Gone),
        }
    }

    /// Says something; the client has to take it in time.
    async fn say(&mut self, message: Message) -> Result<(), Ending> {
        match timeout(self.patience, self.socket.send(message)).await {
            Ok(sent) => sent.map_err(|_| Ending::Gone),
            Err(_) => Err(Ending::TOO_SLOW),
        }
    }

    /// Says the last message, if the client has not closed itself, and hears it out until both have closed:
    /// a connection that is dropped with something unheard takes what was said with it. Whoever takes too
    /// long gets nothing more.
    async fn close(&mut self, message: Option<Message>) {
        let closing = async {
            let said = match message {
                Some(message) => self.socket.send(message).await.is_ok(),
                None => true,
            };
            while said && matches!(self.socket.recv().await, Some(Ok(_))) {}
        };
        if timeout(self.patience, closing).await.is_err() {
            debug!("a client did not take that its connection ends");
        }
    }
}

struct Connection {
    shared: Shared,
    wire: Wire,
    headers: HeaderMap,
    peer: SocketAddr,
    /// What each operation has still to answer; at last nothing, which completes it.
    operations: StreamMap<String, ReceiverStream<Option<Response>>>,
}

impl Connection {
    async fn greet_and_serve(&mut self) -> Result<Infallible, Ending> {
        if self.wire.socket.protocol().is_none() {
            return Err(Ending::OTHER_PROTOCOL);
        }
        let greeting = timeout(self.wire.patience, self.greeting()).await;
        let greeting = greeting.map_err(|_| Ending::GREETING_TIMEOUT)??;
        self.take_headers(greeting)?;
        let named = bearer(&self.headers).is_some();
        if named && matches!(viewer(&self.shared, &self.headers).await, Ok(None)) {
            return Err(Ending::NOT_WELCOME);
        }
        self.serve().await
    }

    /// Waits for the greeting.
    async fn greeting(&mut self) -> Result<Map<String, Value>, Ending> {
        loop {
            match self.wire.hear().await? {
                Some(Said::ConnectionInit { payload }) => return Ok(payload.unwrap_or_default()),
                Some(Said::Subscribe { .. }) => return Err(Ending::NOT_GREETED),
                Some(Said::Ping { payload }) => self.wire.say(pong(payload)).await?,
                Some(Said::Complete { .. } | Said::Pong {}) | None => {}
            }
        }
    }

    /// Takes what the greeting says in place of headers, which a page can't set here.
    fn take_headers(&mut self, greeting: Map<String, Value>) -> Result<(), Ending> {
        for (name, value) in greeting {
            let known = OF_THE_GREETING.iter().find(|known| name.eq_ignore_ascii_case(known));
            let Some(known) = known.copied() else { continue };
            let value = match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            let value = HeaderValue::from_str(&value).map_err(Ending::bad_message)?;
            self.headers.insert(known, value);
        }
        Ok(())
    }

    async fn serve(&mut self) -> Result<Infallible, Ending> {
        self.wire.say(acknowledged()).await?;
        let mut looks = interval(self.wire.patience / 2);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                // What was said counts before it is asked how long the client has been silent.
                biased;
                said = self.wire.hear() => {
                    if let Some(said) = said? {
                        self.answer(said).await?;
                    }
                }
                Some((id, answer)) = self.operations.next() => self.pass_on(&id, answer).await?,
                _ = looks.tick() => {
                    if self.wire.heard.elapsed() > self.wire.patience {
                        return Err(Ending::TOO_SLOW);
                    }
                    self.wire.say(Message::Ping(Bytes::new())).await?;
                }
            }
        }
    }

    async fn answer(&mut self, said: Said) -> Result<(), Ending> {
        match said {
            Said::Subscribe { id, payload } => self.run(id, payload).await,
            Said::Complete { id } => {
                self.operations.remove(&id);
                Ok(())
            }
            Said::Ping { payload } => self.wire.say(pong(payload)).await,
            Said::Pong {} => Ok(()),
            Said::ConnectionInit { .. } => Err(Ending::GREETED_TWICE),
        }
    }

    /// Runs an operation beside the others; one that can't run is told so, and the others go on.
    async fn run(&mut self, id: String, parameters: Parameters) -> Result<(), Ending> {
        if self.operations.contains_key(&id) {
            return Err(Ending::id_in_use(&id));
        }
        let config = &self.shared.services.cabinet.config;
        let (most, open) = (config.max_operations, self.operations.len());
        let asker = Asker::new(self.headers.clone(), self.peer);
        let request = async {
            if open >= most {
                let most = Fact::new("most", most);
                return Err(Refused::bad(troubles::TOO_MANY_OPERATIONS, &[most]));
            }
            asked::within_limits(config, parameters.into())
        };
        let request = asker.in_their_language(request).await;
        let span = asker.span("WEBSOCKET");
        let language = asker.language().map(str::to_owned);
        let answers = match request {
            Ok(request) => follow(self.shared.clone(), request, Arc::default(), asker),
            Err(refused) => return self.wire.say(next(&id, &refused.response())).await,
        };
        let answers = answers.map(Some).chain(stream::once(async { None }));
        // The connection is who gives up on a slow client, and tells it so.
        let answers = span.in_scope(|| self.shared.open.run(language, Duration::MAX, answers));
        self.operations.insert(id, answers);
        Ok(())
    }

    /// Passes on what an operation answers.
    async fn pass_on(&mut self, id: &str, answer: Option<Response>) -> Result<(), Ending> {
        let ends = answer.as_ref().is_none_or(never_ran);
        if ends {
            self.operations.remove(id);
        }
        let Some(answer) = answer else { return self.wire.say(complete(id)).await };
        self.wire.say(next(id, &answer)).await
    }
}
