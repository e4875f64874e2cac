//! What can't be shown, as a page says it.

use async_graphql::{Response as Answer, Value};
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use maud::html;
use tracing::error;
use url::form_urlencoded;

use super::{
    HOME,
    layout::{Page, page},
    text, text_of,
    visit::Visit,
};
use crate::{database::StoreError, http::Refused};

/// What can't be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nobody is signed in.
    SignIn {
        /// Where to go then.
        next: String,
    },
    /// Anything else, by its code.
    Told { status: StatusCode, code: String },
}

/// What each code of a failure is in HTTP; what is not listed is a failure of ours.
const STATUSES: &[(&str, StatusCode)] = &[
    ("FORBIDDEN", StatusCode::FORBIDDEN),
    ("FORM_NOT_YOURS", StatusCode::FORBIDDEN),
    ("NOT_FOUND", StatusCode::NOT_FOUND),
    ("METHOD_NOT_ALLOWED", StatusCode::METHOD_NOT_ALLOWED),
    ("BAD_INPUT", StatusCode::BAD_REQUEST),
    ("IEP_PAPER_NOT_READY", StatusCode::CONFLICT),
    ("CHECKS_SLOWED", StatusCode::TOO_MANY_REQUESTS),
    ("BUSY", StatusCode::SERVICE_UNAVAILABLE),
    ("UNAVAILABLE", StatusCode::SERVICE_UNAVAILABLE),
    ("OUTCOME_UNKNOWN", StatusCode::SERVICE_UNAVAILABLE),
    ("POSITION_NOT_REACHED", StatusCode::SERVICE_UNAVAILABLE),
    ("TIMED_OUT", StatusCode::GATEWAY_TIMEOUT),
];

impl Failure {
    /// By its code.
    pub fn told(code: &str) -> Self {
        let known = STATUSES.iter().find(|(known, _)| *known == code);
        let status = known.map_or(StatusCode::INTERNAL_SERVER_ERROR, |(_, status)| *status);
        let code = if known.is_some() { code } else { "INTERNAL" };
        Self::Told { status, code: code.to_owned() }
    }

    pub fn not_found() -> Self {
        Self::told("NOT_FOUND")
    }

    pub fn too_slow() -> Self {
        Self::told("TIMED_OUT")
    }

    /// A form that was not given to who sent it, or was before they signed in anew.
    pub fn foreign_form() -> Self {
        Self::told("FORM_NOT_YOURS")
    }

    pub fn store(cause: &StoreError) -> Self {
        error!(%cause, "a page can't be had");
        Self::told(if cause.is_unavailable() { "UNAVAILABLE" } else { "INTERNAL" })
    }

    /// What the API refused before it ran anything.
    pub fn refused(refused: &Refused) -> Self {
        Self::told(refused.code())
    }

    /// What the API could not answer.
    pub fn in_answer(answer: &Answer) -> Option<Self> {
        let first = answer.errors.first()?;
        let code = first.extensions.as_ref().and_then(|values| values.get("code"));
        match code {
            Some(Value::String(code)) => Some(Self::told(code)),
            _ => {
                error!(cause = first.message, "a page asks what can't be answered");
                Some(Self::told("INTERNAL"))
            }
        }
    }

    /// What a handler, or what reads a request before it, answered in place of a page.
    pub fn of(response: &Response) -> Option<Self> {
        if let Some(failure) = response.extensions().get::<Self>() {
            return Some(failure.clone());
        }
        let kind = response.headers().get(header::CONTENT_TYPE);
        let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        match response.status() {
            status if is_page || status.is_success() || status.is_redirection() => None,
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::told("METHOD_NOT_ALLOWED")),
            status if status.is_client_error() => {
                Some(Self::Told { status, code: "BAD_INPUT".to_owned() })
            }
            _ => Some(Self::told("INTERNAL")),
        }
    }

    pub fn code(&self) -> &str {
        match self {
            Self::SignIn { .. } => "UNAUTHENTICATED",
            Self::Told { code, .. } => code,
        }
    }

    /// Whether somebody asked for what they may not.
    pub fn is_of_rights(&self) -> bool {
        matches!(self, Self::Told { status: StatusCode::FORBIDDEN, .. })
    }

    /// The page that says so.
    pub fn page(&self, visit: &Visit) -> Response {
        let (status, code) = match self {
            Self::SignIn { next } => return Redirect::to(&sign_in(next)).into_response(),
            Self::Told { status, code } => (*status, code),
        };
        let title = text_of("page-failure-title", &[("code", code)]);
        let main = html! {
            h1 { (title) }
            p { (text_of("page-failure", &[("code", code)])) }
            p { (text("page-failure-code")) " " code { (code) } }
            p { a href=(HOME) { (text("page-home")) } }
        };
        let shown = page(visit, Page { title: &title, main, position: None });
        (status, shown).into_response()
    }
}

/// Where somebody signs in who then goes elsewhere.
fn sign_in(next: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if next != HOME {
        query.append_pair("next", next);
    }
    let query = query.finish();
    let path = "/console/sign-in";
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

impl IntoResponse for Failure {
    /// The page is made around the handler, where it is known for whom.
    fn into_response(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(self);
        response
    }
}
