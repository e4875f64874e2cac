//! What is answered: in which media type, with which status (GraphQL over HTTP, section *Response*).

use aggregates::shared::Fact;
use async_graphql::{Response, ServerError, Value};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response as HttpResponse},
};
use serde::Serialize;
use tracing::error;

use crate::{
    messages,
    troubles::{self, Trouble},
};

/// The media types that an answer can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: its status tells a request that never ran.
    GraphqlResponse,
    /// `application/json`: a readable request is answered 200, whatever its document.
    Json,
    /// `text/event-stream`: answers that come over time.
    EventStream,
    /// `text/html`: a person with a browser.
    Html,
}

impl Media {
    /// What an answer of GraphQL can be, as we like it best.
    pub(super) const ANSWERS: &[Self] = &[Self::Json, Self::GraphqlResponse, Self::EventStream];
    /// The same, and the page for a person.
    pub(super) const ANSWERS_AND_PAGE: &[Self] =
        &[Self::Json, Self::GraphqlResponse, Self::EventStream, Self::Html];

    /// What the asker likes best of what is offered, the earlier of two that they like alike; none
    /// where nothing fits (RFC 9110, section 12.5.1).
    pub(super) fn accepted(headers: &HeaderMap, offered: &[Self]) -> Option<Self> {
        let mut stated = headers.get_all(header::ACCEPT).iter().peekable();
        if stated.peek().is_none() {
            return offered.first().copied();
        }
        let stated = stated.filter_map(|value| value.to_str().ok());
        let ranges: Vec<_> = stated.flat_map(|value| value.split(',')).map(range).collect();
        let mut best = None;
        for media in offered {
            // The range that says most of it counts; of equal ones the asker's first.
            let liking = media.ranges().iter().find_map(|kind| {
                let place =
                    ranges.iter().position(|(_, range)| range.eq_ignore_ascii_case(kind))?;
                Some((ranges[place].0, std::cmp::Reverse(place)))
            });
            let Some(liking) = liking.filter(|(quality, _)| *quality > 0.0) else { continue };
            if best.is_none_or(|(known, _)| liking > known) {
                best = Some((liking, *media));
            }
        }
        best.map(|(_, media)| media)
    }

    /// The ranges that it is in, the one that says most first.
    fn ranges(self) -> [&'static str; 3] {
        match self {
            Self::GraphqlResponse => ["application/graphql-response+json", "application/*", "*/*"],
            Self::Json => ["application/json", "application/*", "*/*"],
            Self::EventStream => ["text/event-stream", "text/*", "*/*"],
            Self::Html => ["text/html", "text/*", "*/*"],
        }
    }

    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json | Self::EventStream | Self::Html => "application/json; charset=utf-8",
        })
    }
}

/// A media range with its quality, 1 where none is stated.
fn range(text: &str) -> (f32, &str) {
    let mut parts = text.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok());
    (quality.unwrap_or(1.0), kind)
}

/// A request that is turned away before it runs.
pub(crate) struct Refused {
    /// None where the media type decides it, as for a document that can't be run.
    status: Option<StatusCode>,
    code: &'static str,
    message: String,
    /// What a library says of it, in English: for developers.
    detail: Option<String>,
    /// The language of the message.
    language: &'static str,
}

impl Refused {
    /// With that status, in the reader's language.
    pub(super) fn new(status: StatusCode, trouble: Trouble, facts: &[Fact]) -> Self {
        Self { status: Some(status), ..Self::document(trouble, facts) }
    }

    /// A document that can be read and can't be run.
    pub(super) fn document(trouble: Trouble, facts: &[Fact]) -> Self {
        let message = messages::message(trouble.message, facts);
        let (code, language) = (trouble.code, messages::language());
        Self { status: None, code, message, detail: None, language }
    }

    /// The same with what a library says of it.
    pub(super) fn with_detail(self, detail: impl std::fmt::Display) -> Self {
        Self { detail: Some(detail.to_string()), ..self }
    }

    /// Its code.
    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    pub(super) fn bad(trouble: Trouble, facts: &[Fact]) -> Self {
        Self::new(StatusCode::BAD_REQUEST, trouble, facts)
    }

    /// The answer, in whatever the asker takes.
    pub(super) fn answer(self, media: Media) -> HttpResponse {
        let language = HeaderValue::from_static(self.language);
        let mut answer = match self.status {
            Some(status) => write(status, media, &self.response()),
            None => answered(media, self.response()),
        };
        let status = answer.status();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_LANGUAGE, language);
        headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
        if status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
        }
        answer
    }

    /// The same as GraphQL says it.
    pub(super) fn response(self) -> Response {
        let mut error = ServerError::new(self.message, None);
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", self.code);
        if let Some(detail) = self.detail {
            extensions.set("detail", detail);
        }
        Response::from_errors(vec![error])
    }
}

/// The answer to a request that could be read.
pub(super) fn answered(media: Media, response: Response) -> HttpResponse {
    let status = match media {
        Media::GraphqlResponse if never_ran(&response) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    write(status, media, &with_codes(response))
}

/// What never ran, as it is written: without data.
#[derive(Serialize)]
struct NeverRan<'a> {
    errors: &'a [ServerError],
}

fn write(status: StatusCode, media: Media, response: &Response) -> HttpResponse {
    (status, [(header::CONTENT_TYPE, media.content_type())], text(response)).into_response()
}

/// An answer as it is written.
pub(super) fn text(response: &Response) -> String {
    if never_ran(response) { json(&NeverRan { errors: &response.errors }) } else { json(response) }
}

/// What is said as JSON. Nothing we say can't be written so; if it could, it is told as the defect it is.
pub(super) fn json(said: &impl Serialize) -> String {
    serde_json::to_string(said).unwrap_or_else(|cause| {
        error!(%cause, "an answer can't be written");
        r#"{"errors":[{"message":"The answer can't be written.","extensions":{"code":"INTERNAL"}}]}"#
            .to_owned()
    })
}

/// Whether nothing ran: a root field that fails is null beside its error, within data. A subscription that
/// can't go on has no data either.
pub(super) fn never_ran(response: &Response) -> bool {
    response.data == Value::Null && response.is_err()
}

/// Tells every error by a code and in the reader's language: of the library's own, which have no code, what it says
/// stands beside it.
pub(super) fn with_codes(mut response: Response) -> Response {
    for error in &mut response.errors {
        let extensions = error.extensions.get_or_insert_default();
        if extensions.get("code").is_none() {
            let (trouble, facts) = trouble_of(&error.message);
            extensions.set("code", trouble.code);
            let told = messages::message(trouble.message, &facts);
            extensions.set("detail", std::mem::replace(&mut error.message, told));
        }
    }
    response
}

/// What the library means by one of its messages, with what it tells of it.
fn trouble_of(message: &str) -> (Trouble, Vec<Fact>) {
    value_trouble(message).unwrap_or_else(|| (plain_trouble(message), vec![]))
}

/// What it says of a value in an input, which it names by its path: `Invalid value for argument "input.kind", ...`.
fn value_trouble(message: &str) -> Option<(Trouble, Vec<Fact>)> {
    let said = message.strip_prefix("Invalid value for argument \"")?;
    let (path, said) = said.split_once("\", ")?;
    let quoted = |said: &str| Some(said.split_once('"')?.0.to_owned());
    if let Some(field) = said.strip_prefix("field \"").filter(|_| said.ends_with("not provided")) {
        let field = format!("{path}.{}", quoted(field)?);
        return Some((troubles::FIELD_MISSING, vec![Fact::new("field", field)]));
    }
    let (_, value) = said.split_once(" does not contain the value \"")?;
    let facts = vec![Fact::new("field", path), Fact::new("value", value.strip_suffix('"')?)];
    Some((troubles::NO_SUCH_VALUE, facts))
}

fn plain_trouble(message: &str) -> Trouble {
    const KNOWN: &[(&str, Trouble)] = &[
        ("Query is nested too deep", troubles::QUERY_TOO_DEEP),
        ("Query is too complex", troubles::QUERY_TOO_COMPLEX),
        ("The recursion depth", troubles::QUERY_TOO_DEEP),
        ("recursion limit exceeded", troubles::QUERY_TOO_DEEP),
        ("Invalid value for argument", troubles::VALUE_UNREADABLE),
        ("Failed to parse", troubles::VALUE_UNREADABLE),
        ("Variable", troubles::VALUE_UNREADABLE),
        ("Expected input type", troubles::VALUE_UNREADABLE),
        // What the parser says: it points at the place.
        (" --> ", troubles::QUERY_UNREADABLE),
    ];
    // What the parser says below the query itself.
    if message.ends_with("stack limit reached") {
        return troubles::QUERY_TOO_DEEP;
    }
    let known = KNOWN.iter().find(|(beginning, _)| message.starts_with(beginning));
    known.map_or(troubles::QUERY_UNFIT, |(_, trouble)| *trouble)
}
