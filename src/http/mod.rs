//! The router: what comes in over HTTP, its limits, and what goes out.

mod address;
mod answer;
mod asked;
mod downloads;
mod uploads;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use aggregates::shared::Position;
use async_graphql::{Request, Response, dataloader::DataLoader};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Query, State, rejection::QueryRejection},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, header::InvalidHeaderValue,
    },
    response::{Html, IntoResponse, Response as HttpResponse},
    routing::get,
};
use tokio::time::timeout;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tracing::error;
use uuid::Uuid;

use self::{
    answer::{Media, Refused},
    asked::InQueryString,
};
use crate::{
    graphql::{Api, Caller, Documents, Services, Uploads},
    identity::Viewer,
    messages,
};

/// How long a request may take, its files aside.
const MOST_TIME: Duration = Duration::from_secs(30);
/// The header that asks for answers that know the log up to a position.
const AFTER_POSITION: &str = "oqu-after-position";

/// What the handlers share.
#[derive(Clone)]
struct Shared {
    api: Api,
    services: Arc<Services>,
}

/// The router over an API; an allowed origin that is none is refused.
pub fn router(api: Api, services: Arc<Services>) -> Result<Router, InvalidHeaderValue> {
    let origins = cross_origin(&services.cabinet.config.allowed_origins)?;
    let router = Router::new()
        .route("/graphql", get(get_graphql).post(post_graphql))
        .route("/files/{id}", get(downloads::get_file))
        .route("/health", get(health))
        .layer(origins)
        .with_state(Shared { api, services });
    Ok(router)
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

/// Live, and whether it is ready: the database answers and every view goes on.
async fn health(State(shared): State<Shared>) -> impl IntoResponse {
    let cabinet = &shared.services.cabinet;
    let head = crate::log::head(&cabinet.database).await;
    let views = cabinet.freshness.health();
    let ready = head.is_ok() && views.values().all(|view| view.stopped.is_none());
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let views: serde_json::Map<_, _> = views
        .into_iter()
        .map(|(name, view)| {
            let told = serde_json::json!({"position": view.position.0, "stopped": view.stopped});
            (name, told)
        })
        .collect();
    let position = head.map(|head| head.position.0).ok();
    (status, axum::Json(serde_json::json!({"ready": ready, "position": position, "views": views})))
}

/// A request by GET: a query, or the page of GraphiQL for a person with a browser.
async fn get_graphql(
    State(shared): State<Shared>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    parameters: Result<Query<InQueryString>, QueryRejection>,
) -> HttpResponse {
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
    respond(&shared, &headers, address, request).await
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
        return respond(&shared, &headers, address, request).await;
    }
    // Its own task: somebody who goes away in the middle of an upload leaves nothing behind.
    let received = tokio::spawn(async move {
        let request = async {
            let viewer = signed_in(&shared, &headers).await?;
            let cabinet = &shared.services.cabinet;
            uploads::receive(&cabinet.config, &cabinet.files, viewer.person, &headers, body).await
        };
        respond(&shared, &headers, address, request).await
    });
    received.await.unwrap_or_else(|error| {
        error!(%error, "a request with files broke off");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

/// A request that takes longer than any should.
fn too_slow() -> Refused {
    Refused::new(StatusCode::GATEWAY_TIMEOUT, "TIMED_OUT", "The request took too long.")
}

/// Reads, runs and answers a request, in the reader's language and the media type they take.
async fn respond(
    shared: &Shared,
    headers: &HeaderMap,
    address: SocketAddr,
    request: impl Future<Output = Result<(Request, Uploads), Refused>>,
) -> HttpResponse {
    let language = text_of(headers, header::ACCEPT_LANGUAGE.as_str()).map(str::to_owned);
    let Some(media) = Media::accepted(headers, Media::ANSWERS) else {
        let message = "Answers come as application/graphql-response+json or application/json.";
        return Refused::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message)
            .answer(Media::Json);
    };
    let answered = async {
        let (request, uploads) = request.await?;
        let uploads = Arc::new(uploads);
        let executed = execute(shared, request, &uploads, headers, address);
        let executed = timeout(MOST_TIME, executed).await.unwrap_or_else(|_| Err(too_slow()));
        uploads::discard(&shared.services.cabinet.files, &uploads).await;
        executed
    };
    match messages::for_reader(language.as_deref(), answered).await {
        Ok(response) => answer::answered(media, response),
        Err(refused) => refused.answer(media),
    }
}

/// Runs the request for whoever the bearer token names, once the views are as fresh as asked.
async fn execute(
    shared: &Shared,
    mut request: Request,
    uploads: &Arc<Uploads>,
    headers: &HeaderMap,
    address: SocketAddr,
) -> Result<Response, Refused> {
    let services = &shared.services;
    if let Some(position) = text_of(headers, AFTER_POSITION) {
        let position = position
            .parse()
            .map_err(|_| Refused::bad("BAD_INPUT", "Oqu-After-Position is no position."))?;
        if !services.cabinet.wait_for(Position(position)).await {
            let message = "The views have not come so far yet; ask again in a moment.";
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Err(Refused::new(status, "POSITION_NOT_REACHED", message));
        }
    }
    if let Some(variable) = asked::missing_variable(&mut request) {
        let message = format!("The variable ${variable} is missing, and has to have a value.");
        return Ok(answer::never_run("BAD_INPUT", message));
    }
    let viewer = viewer(shared, headers).await?;
    let caller = Caller {
        viewer,
        address: sender(shared, address, headers),
        client: client(headers),
        correlation: Uuid::new_v4().to_string(),
    };
    let documents = Documents {
        views: services.cabinet.views.clone(),
        database: services.cabinet.database.clone(),
    };
    let loader = DataLoader::new(documents, tokio::spawn).delay(Duration::ZERO);
    let request = request.data(caller).data(loader).data(Arc::clone(uploads));
    Ok(shared.api.execute(request).await)
}

/// The address that a request comes from.
fn sender(shared: &Shared, peer: SocketAddr, headers: &HeaderMap) -> String {
    let trusted = &shared.services.cabinet.config.trusted_proxies;
    address::of(peer.ip(), headers, trusted).to_string()
}

/// The program that a request comes from, as it says.
fn client(headers: &HeaderMap) -> Option<String> {
    text_of(headers, header::USER_AGENT.as_str()).map(|name| name.chars().take(200).collect())
}

/// Whoever the bearer token names, or that they have to sign in.
async fn signed_in(shared: &Shared, headers: &HeaderMap) -> Result<Viewer, Refused> {
    viewer(shared, headers)
        .await?
        .ok_or_else(|| Refused::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", "Sign in first."))
}

/// Whoever the bearer token names, if it is one that holds.
async fn viewer(shared: &Shared, headers: &HeaderMap) -> Result<Option<Viewer>, Refused> {
    let bearer = text_of(headers, header::AUTHORIZATION.as_str())
        .and_then(|value| value.strip_prefix("Bearer "));
    let Some(token) = bearer else { return Ok(None) };
    shared.services.sessions.find(token.trim()).await.map_err(|error| {
        error!(%error, "a session can't be looked up");
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Refused::new(status, "UNAVAILABLE", "The database can't be reached now.")
    })
}

fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
