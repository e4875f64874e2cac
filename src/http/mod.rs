//! The router: what comes in over HTTP, its limits, and what goes out.

mod address;
mod answer;
mod asked;
mod calendars;
mod downloads;
mod event_stream;
mod execution;
mod figures;
mod health;
mod language;
mod open;
mod order;
mod papers;
mod socket;
mod socket_messages;
mod trace;
mod uploads;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use async_graphql::{Request, parser::types::OperationType};
use axum::{
    Router,
    body::Body,
    extract::{
        ConnectInfo, Query, State,
        rejection::QueryRejection,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, header::InvalidHeaderValue,
    },
    middleware::map_response,
    response::{Html, IntoResponse, Response as HttpResponse},
    routing::get,
};
use tokio::time::timeout;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tracing::{Instrument, error};

pub use self::open::OpenConnections;
use self::{
    answer::Media,
    asked::InQueryString,
    execution::{AFTER_POSITION, execute, follow, signed_in, too_slow},
    figures::Requests,
};
pub(crate) use self::{
    answer::Refused,
    asked::holds_nul,
    downloads::put,
    execution::{MOST_TIME, came_by_https, client, run, sender},
    papers::paper,
    trace::{Asker, note},
};
use crate::{
    console,
    graphql::{Api, Services, Uploads},
    messages, troubles,
};

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) api: Api,
    pub(crate) services: Arc<Services>,
    open: OpenConnections,
    pub(crate) requests: Requests,
}

/// The router over an API; an allowed origin that is none is refused.
pub fn router(
    api: Api,
    services: Arc<Services>,
    open: OpenConnections,
) -> Result<Router, InvalidHeaderValue> {
    let origins = cross_origin(&services.cabinet.config.allowed_origins)?;
    let shared = Shared { api, services, open, requests: Requests::default() };
    let router = Router::new()
        .route("/graphql", get(get_graphql).post(post_graphql))
        .route("/files/{id}", get(downloads::get_file))
        .route("/ieps/{id}/{name}", get(papers::get_paper))
        .route("/health", get(health::health))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .layer(origins)
        // No page of any origin asks for these.
        .route("/metrics", get(figures::figures))
        .route("/calendar/{name}", get(calendars::get_calendar))
        .merge(console::routes(&shared))
        .layer(map_response(hang_up))
        .with_state(shared);
    Ok(router)
}

/// What is too large is not read to its end, and the line ends with the answer: whoever keeps it for the next request
/// has to be told.
async fn hang_up(mut response: HttpResponse) -> HttpResponse {
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    response
}

/// What pages of these origins may ask from a browser; no other's may.
fn cross_origin(origins: &[String]) -> Result<CorsLayer, InvalidHeaderValue> {
    let origins = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        let listed = origins.iter().map(|origin| origin.parse::<HeaderValue>());
        AllowOrigin::list(listed.collect::<Result<Vec<_>, _>>()?)
    };
    let sent = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::ACCEPT_LANGUAGE,
        header::RANGE,
        header::IF_RANGE,
        HeaderName::from_static(AFTER_POSITION),
        HeaderName::from_static(uploads::PREFLIGHT[0]),
        HeaderName::from_static(uploads::PREFLIGHT[1]),
    ];
    let shown =
        [header::CONTENT_DISPOSITION, header::CONTENT_RANGE, header::ACCEPT_RANGES, header::ETAG];
    Ok(CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(sent)
        .expose_headers(shown)
        .max_age(Duration::from_secs(3_600)))
}

/// A request by GET: a query, a WebSocket, or the page of GraphiQL for a person with a browser.
async fn get_graphql(
    State(shared): State<Shared>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    parameters: Result<Query<InQueryString>, QueryRejection>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> HttpResponse {
    if let Ok(upgrade) = upgrade {
        let asker = Asker::new(headers.clone(), address);
        let opened = async { socket::open(shared, upgrade, headers, address) };
        return asker.in_their_language(opened).await;
    }
    let config = &shared.services.cabinet.config;
    let wants_page = Media::accepted(&headers, Media::ANSWERS_AND_PAGE) == Some(Media::Html);
    let asks = parameters.as_ref().is_ok_and(|asked| asked.query.is_some());
    if config.development && wants_page && !asks {
        return Html(include_str!("graphiql.html")).into_response();
    }
    let request = async {
        let Query(parameters) = parameters.map_err(asked::unreadable)?;
        asked::from_query_string(config, parameters)
    };
    let request = async { Ok((request.await?, Uploads::default())) };
    respond(&shared, Method::GET, &Asker::new(headers.clone(), address), request).await
}

/// A request by POST.
async fn post_graphql(
    State(shared): State<Shared>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> HttpResponse {
    if !uploads::is_multipart(&headers) {
        let request = async {
            let request = asked::from_body(&shared.services.cabinet.config, &headers, body);
            let request = timeout(MOST_TIME, request).await.unwrap_or_else(|_| Err(too_slow()));
            Ok((request?, Uploads::default()))
        };
        let asker = Asker::new(headers.clone(), address);
        return respond(&shared, Method::POST, &asker, request).await;
    }
    // Its own task: somebody who goes away in the middle of an upload leaves nothing behind.
    let received = tokio::spawn(async move {
        let request = async {
            let viewer = signed_in(&shared, &headers).await?;
            let cabinet = &shared.services.cabinet;
            uploads::receive(&cabinet.config, &cabinet.files, viewer.person, &headers, body).await
        };
        let asker = Asker::new(headers.clone(), address);
        respond(&shared, Method::POST, &asker, request).await
    });
    received.await.unwrap_or_else(|error| {
        error!(%error, "a request with files broke off");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

/// Reads, runs and answers a request, in the reader's language and the media type they take.
async fn respond(
    shared: &Shared,
    method: Method,
    asker: &Asker,
    request: impl Future<Output = Result<(Request, Uploads), Refused>>,
) -> HttpResponse {
    let headers = &asker.headers;
    let language = asker.language().map(str::to_owned);
    let Some(media) = Media::accepted(headers, Media::ANSWERS) else {
        let status = StatusCode::NOT_ACCEPTABLE;
        let refused = async { Refused::new(status, troubles::NOT_ACCEPTABLE, &[]) };
        return asker.in_their_language(refused).await.answer(Media::Json);
    };
    let answered = async {
        let (mut request, uploads) = request.await.inspect_err(trace::unread)?;
        let uploads = Arc::new(uploads);
        let subscribes = asked::operation_type(&mut request) == Some(OperationType::Subscription);
        if subscribes {
            // It claims no files.
            uploads::discard(&shared.services.cabinet.files, &uploads).await;
        }
        if media == Media::EventStream {
            let answers = follow(shared.clone(), request, uploads, asker.clone());
            return Ok(event_stream::streamed(shared, language.clone(), answers));
        }
        if subscribes {
            return Err(Refused::document(troubles::SUBSCRIPTION_NEEDS_STREAM, &[]));
        }
        let response = execute(shared, request, &uploads, asker).await?;
        Ok(answer::answered(media, response))
    };
    let answered = messages::for_reader(language.as_deref(), answered);
    let answered = answered.instrument(asker.span(method.as_str())).await;
    answered.unwrap_or_else(|refused: Refused| refused.answer(media))
}
