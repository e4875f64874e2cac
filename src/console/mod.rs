//! The built-in console: pages for registrars, advisors, auditors and students, made here and whole without
//! JavaScript. A page asks the API in this process what a front end would ask it over HTTP, so that who may see and
//! do what is decided in one place; what it adds are a cookie, forms that bring a token, and HTML.

mod asking;
mod check;
mod deciding;
mod failure;
mod filter;
mod forms;
mod home;
mod layout;
mod paging;
mod paper;
mod sign_in;
mod signing;
mod style;
mod subjects;
mod trail;
mod trail_data;
mod trail_page;
mod visit;
mod warned;
mod work_list;

use std::{net::SocketAddr, sync::Arc, time::Instant};

use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderValue, header},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::{any, get, post},
};
use tokio::time::timeout;
use tracing::Instrument;

use self::{failure::Failure, visit::Visit};
use crate::{
    http::{Asker, MOST_TIME, Shared, note, put},
    identity::Incident,
    messages,
};

/// The largest form, in bytes: the longest reason there may be, each of its characters written as several.
const MOST_FORM: usize = 128 * 1024;
/// How much of the path to a refused page the security journal keeps, in characters.
const MOST_PATH: usize = 200;
/// The first page.
const HOME: &str = "/console";
/// What a page may load: its style sheet, and forms that come back here. Nothing runs in it, nobody frames it.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// The pages and their style sheet.
pub(crate) fn routes(shared: &Shared) -> Router<Shared> {
    let pages = Router::new()
        .route("/console", get(home::page))
        .route("/console/", get(home::page))
        .route("/console/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route(warned::PATH, get(warned::page))
        .route(signing::PATH, get(signing::page).post(signing::sign))
        .route("/console/ieps/{id}", get(trail::page).post(trail::act))
        .route("/console/ieps/{id}/{name}", get(paper::download))
        .route("/console/{*unknown}", any(nothing))
        .route("/check", get(check::page))
        .route("/check/{code}", get(check::of_code))
        .layer(DefaultBodyLimit::max(MOST_FORM))
        .layer(from_fn_with_state(shared.clone(), around));
    Router::new().route(style::path(), get(style::sheet)).merge(pages)
}

async fn nothing() -> Failure {
    Failure::not_found()
}

/// What is around every page: the reader's language, who visits, the page that a failure becomes, the headers, and
/// what the house notes of a request.
async fn around(
    State(shared): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let asker = Asker::new(request.headers().clone(), peer);
    let span = asker.span(request.method().as_str());
    if let Some(path) = request.extensions().get::<MatchedPath>() {
        span.record("operation", path.as_str());
    }
    let mut visit = Visit::new(shared, asker, request.uri());
    let language = visit.language().to_owned();
    let answered = async {
        let known = visit.recognise().await;
        let visit = Arc::new(visit);
        request.extensions_mut().insert(Arc::clone(&visit));
        let answered = async {
            known?;
            let answered = timeout(MOST_TIME, next.run(request)).await;
            answered.map_err(|_| Failure::too_slow())
        };
        finish(&visit, answered.await, begun)
    };
    messages::for_reader(Some(&language), answered).instrument(span).await
}

fn finish(visit: &Visit, answered: Result<Response, Failure>, begun: Instant) -> Response {
    let answer = answered.as_ref().ok();
    let allowed = answer.and_then(|response| response.headers().get(header::ALLOW).cloned());
    let answered = answered.and_then(|response| match Failure::of(&response) {
        Some(failure) => Err(failure),
        None => Ok(response),
    });
    let (outcome, failure, mut response) = match answered {
        Ok(response) if response.status().is_client_error() => ("errors", None, response),
        Ok(response) => ("answered", None, response),
        Err(failure) => {
            let mut page = failure.page(visit);
            if let Some(allowed) = allowed {
                page.headers_mut().insert(header::ALLOW, allowed);
            }
            ("refused", Some(failure), page)
        }
    };
    let code = failure.as_ref().map_or(outcome, Failure::code);
    // Who has not signed in asks for nothing of somebody's.
    if failure.as_ref().is_some_and(Failure::is_of_rights) && visit.viewer.is_some() {
        let asked = visit.path().chars().take(MOST_PATH).collect();
        let person = visit.viewer.as_ref().map(|viewer| viewer.person);
        visit.shared.services.note(&visit.caller(), Incident::Refused, person, Some(asked));
    }
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "private, no-store"),
        // Whoever has a code checks it; no search engine keeps who holds which paper.
        (header::HeaderName::from_static("x-robots-tag"), "noindex"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in headers {
        put(&mut response, name, value);
    }
    if let Some(cookie) = visit.language_cookie().and_then(|text| HeaderValue::from_str(&text).ok())
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    visit.shared.requests.answered("page", outcome, begun);
    note(code, Some(begun.elapsed().as_secs_f64()));
    response
}

/// A text of the pages in the reader's language, by its key and with its facts.
fn text(key: &str) -> String {
    messages::message(key, &[])
}

/// The same with what it is about.
fn text_of(key: &str, facts: &[(&str, &dyn std::fmt::Display)]) -> String {
    let facts: Vec<_> =
        facts.iter().map(|(name, value)| aggregates::shared::Fact::new(name, value)).collect();
    messages::message(key, &facts)
}
