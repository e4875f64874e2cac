//! What is said on a WebSocket (the protocol `graphql-transport-ws` of graphql-ws).

use std::borrow::Cow;

use async_graphql::{Response, ServerError};
use axum::extract::ws::{CloseFrame, Message};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{answer, asked::Parameters};

/// What a client says.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Said {
    /// Who it is, and what its requests would say in their headers.
    ConnectionInit { payload: Option<Map<String, Value>> },
    /// An operation, by the client's own id.
    Subscribe { id: String, payload: Parameters },
    /// That it wants no more of an operation.
    Complete { id: String },
    /// Whether we live.
    Ping { payload: Option<Map<String, Value>> },
    /// That it lives.
    Pong {},
}

/// What we say.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Say<'a> {
    ConnectionAck,
    Next { id: &'a str, payload: &'a Response },
    Error { id: &'a str, payload: &'a [ServerError] },
    Complete { id: &'a str },
    Pong { payload: Option<Map<String, Value>> },
}

/// That operations may come.
pub(super) fn acknowledged() -> Message {
    message(&Say::ConnectionAck)
}

/// An answer of an operation; where it has no data, the operation never ran or can't go on.
pub(super) fn next(id: &str, response: &Response) -> Message {
    if answer::never_ran(response) {
        message(&Say::Error { id, payload: &response.errors })
    } else {
        message(&Say::Next { id, payload: response })
    }
}

/// That an operation has answered all.
pub(super) fn complete(id: &str) -> Message {
    message(&Say::Complete { id })
}

/// That we live.
pub(super) fn pong(payload: Option<Map<String, Value>>) -> Message {
    message(&Say::Pong { payload })
}

fn message(say: &Say<'_>) -> Message {
    Message::Text(answer::json(say).into())
}

/// Why a connection ends.
pub(super) enum Ending {
    /// The client went, or can't be reached.
    Gone,
    /// We end it, with this code for this reason.
    Close(u16, Cow<'static, str>),
}

impl Ending {
    /// The server stops: come back, here or elsewhere (RFC 6455, section 7.4.1).
    pub(super) const STOPPING: Self = Self::close(1001, "The server is stopping; come back.");
    /// A message over the limit (RFC 6455, section 7.4.1).
    pub(super) const TOO_LARGE: Self = Self::close(1009, "Message too big");
    /// Nothing was taken, or nothing heard, for long (registered with IANA).
    pub(super) const TOO_SLOW: Self = Self::close(3008, "Too slow: come back and go on.");
    /// Operations come after the greeting.
    pub(super) const NOT_GREETED: Self =
        Self::close(4401, "Unauthorized: send connection_init first.");
    /// The greeting brings a token that does not hold.
    pub(super) const NOT_WELCOME: Self = Self::close(4403, "Forbidden: the session does not hold.");
    /// The protocol is another one.
    pub(super) const OTHER_PROTOCOL: Self =
        Self::close(4406, "Subprotocol not acceptable: it has to be graphql-transport-ws.");
    /// The greeting did not come.
    pub(super) const GREETING_TIMEOUT: Self =
        Self::close(4408, "Connection initialisation timeout");
    /// The greeting came twice.
    pub(super) const GREETED_TWICE: Self = Self::close(4429, "Too many initialisation requests");

    const fn close(code: u16, reason: &'static str) -> Self {
        Self::Close(code, Cow::Borrowed(reason))
    }

    /// A message that is none.
    pub(super) fn bad_message(cause: impl std::fmt::Display) -> Self {
        Self::Close(4400, Cow::Owned(format!("Invalid message: {cause}")))
    }

    /// An operation under an id that another still has.
    pub(super) fn id_in_use(id: &str) -> Self {
        Self::Close(4409, Cow::Owned(format!("Subscriber for {id} already exists")))
    }

    /// The last message; none where nobody would get it.
    pub(super) fn message(self) -> Option<Message> {
        let Self::Close(code, reason) = self else { return None };
        let mut reason = reason.into_owned();
        // A control frame has room for 125 bytes, of which the code takes two.
        while reason.len() > 123 {
            reason.pop();
        }
        let reason = reason.into();
        Some(Message::Close(Some(CloseFrame { code, reason })))
    }
}
