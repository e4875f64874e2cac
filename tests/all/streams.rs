//! Clients that follow: GraphQL over server-sent events, and over WebSocket.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt, net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        handshake::client::Request,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

use crate::server::{Client, operation};

/// Longer than anything takes on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The events of one operation.
pub struct Events {
    response: Response,
    unread: Vec<u8>,
}

impl Events {
    /// Sends a request that accepts events.
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.header("Accept", "text/event-stream").send().await.unwrap();
        let kind = response.headers()["content-type"].to_str().unwrap();
        assert!(kind.starts_with("text/event-stream"), "{kind}");
        Self { response, unread: Vec::new() }
    }

    /// Follows an operation, by its name or its text.
    pub async fn follow(client: &Client, query: &str, variables: Value) -> Self {
        Self::of(client.operation(query, variables)).await
    }

    /// The next event and its data; none where the stream has ended.
    pub async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some(end) = self.unread.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<u8> = self.unread.drain(..end + 2).collect();
                let event = std::str::from_utf8(&event).unwrap();
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
                let Some(name) = field("event:") else { continue };
                let data = field("data:").unwrap_or_default().trim();
                let data = serde_json::from_str(data).unwrap_or_default();
                return Some((name.trim().to_owned(), data));
            }
            let read = timeout(PATIENCE, self.response.chunk()).await.expect("an event in time");
            // A connection that is cut is an end too.
            self.unread.extend_from_slice(&read.ok()??);
        }
    }

    /// The root field of the next answer.
    pub async fn item(&mut self) -> Value {
        let (event, data) = self.next().await.expect("another event");
        assert_eq!(event, "next");
        only_field(&data)
    }

    /// The code with which it ends.
    pub async fn refused(&mut self) -> String {
        let (event, data) = self.next().await.expect("another event");
        assert_eq!(event, "next");
        assert!(data.get("data").is_none(), "{data}");
        self.completed().await;
        code(&data["errors"])
    }

    pub async fn completed(&mut self) {
        let next = self.next().await;
        assert_eq!(next, Some(("complete".to_owned(), Value::Null)));
    }
}

/// A WebSocket.
pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// The request that opens one.
    pub fn request(url: &str) -> Request {
        let mut request = url.replace("http://", "ws://").into_client_request().unwrap();
        let protocol = "graphql-transport-ws".parse().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        request
    }

    /// Opens one, or the status with which it is refused.
    pub async fn open(request: Request) -> Result<Self, u16> {
        let address = request.uri().authority().unwrap().to_string();
        let tcp = TcpStream::connect(address).await.unwrap();
        match client_async(request, tcp).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => {
                Err(answer.status().as_u16())
            }
            Err(other) => panic!("{other}"),
        }
    }

    /// Opens one for that client, greeted.
    pub async fn greeted(client: &Client, url: &str) -> Self {
        let mut socket = Self::open(Self::request(url)).await.unwrap();
        let token = client.token.as_deref().unwrap_or_default();
        let payload = json!({"Authorization": format!("Bearer {token}")});
        socket.say(json!({"type": "connection_init", "payload": payload})).await;
        assert_eq!(socket.hear().await, json!({"type": "connection_ack"}));
        socket
    }

    pub async fn say(&mut self, message: Value) {
        self.send(Message::Text(message.to_string().into())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    /// Follows an operation, by its name or its text, under that id.
    pub async fn follow(&mut self, id: &str, query: &str, variables: Value) {
        let query = if query.contains('{') { query.to_owned() } else { operation(query) };
        let payload = json!({"query": query, "variables": variables});
        self.say(json!({"id": id, "type": "subscribe", "payload": payload})).await;
    }

    /// The next message; the code, where the server closes.
    pub async fn next(&mut self) -> Result<Value, u16> {
        loop {
            let message = timeout(PATIENCE, self.0.next()).await.expect("a message in time");
            match message.expect("the connection is closed with a code").unwrap() {
                Message::Text(text) => return Ok(serde_json::from_str(&text).unwrap()),
                Message::Close(Some(frame)) => return Err(CloseCode::into(frame.code)),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Closes it; the server answers with the same code.
    pub async fn close(mut self) {
        let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
        self.0.close(Some(frame)).await.unwrap();
        assert_eq!(self.next().await, Err(1000));
    }

    /// Reads to the end and says nothing: how many messages came, and the code that the server closed with.
    pub async fn read_out(self) -> (usize, Option<u16>) {
        let mut bytes = Vec::new();
        let mut tcp = self.0.into_inner();
        timeout(PATIENCE, tcp.read_to_end(&mut bytes)).await.expect("an end in time").unwrap();
        let (mut texts, mut code) = (0, None);
        let mut unread = bytes.as_slice();
        // Frames of a server, unmasked (RFC 6455, section 5.2).
        while let [first, length, rest @ ..] = unread {
            let extended = match length {
                126 => 2,
                127 => 8,
                _ => 0,
            };
            let number =
                |bytes: &[u8]| bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            let (stated, rest) = rest.split_at(extended);
            let length = if extended == 0 { usize::from(*length) } else { number(stated) };
            let (payload, rest) = rest.split_at(length);
            match first & 0x0f {
                0x1 => texts += 1,
                0x8 => code = Some(number(&payload[..2]) as u16),
                _ => {}
            }
            unread = rest;
        }
        (texts, code)
    }

    pub async fn hear(&mut self) -> Value {
        self.next().await.unwrap()
    }

    /// The root field of the next answer to an operation.
    pub async fn item(&mut self, id: &str) -> Value {
        let said = self.hear().await;
        assert_eq!((&said["type"], &said["id"]), (&json!("next"), &json!(id)), "{said}");
        only_field(&said["payload"])
    }

    /// The code with which an operation ends.
    pub async fn refused(&mut self, id: &str) -> String {
        let said = self.hear().await;
        assert_eq!((&said["type"], &said["id"]), (&json!("error"), &json!(id)), "{said}");
        code(&said["payload"])
    }
}

fn only_field(answer: &Value) -> Value {
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].as_object().unwrap().values().next().unwrap().clone()
}

fn code(errors: &Value) -> String {
    assert_eq!(errors.as_array().map(Vec::len), Some(1), "{errors}");
    crate::server::text(&errors[0]["extensions"]["code"])
}
