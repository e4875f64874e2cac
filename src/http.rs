//! The router: what comes in over HTTP, its limits, and what goes out.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use aggregates::shared::Position;
use async_graphql::{
    Request, Response, ServerError, Value, dataloader::DataLoader,
    parser::types::ExecutableDocument,
};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse},
    routing::get,
};
use tower_http::timeout::TimeoutLayer;
use tracing::error;
use uuid::Uuid;

use crate::{
    graphql::{Api, Caller, Documents, Services},
    messages,
};

/// How long a request may take.
const MOST_TIME: Duration = Duration::from_secs(30);
/// The header that asks for answers that know the log up to a position.
const AFTER_POSITION: &str = "oqu-after-position";

/// What the handlers share.
#[derive(Clone)]
struct Shared {
    api: Api,
    services: Arc<Services>,
}

/// The router over an API.
pub fn router(api: Api, services: Arc<Services>) -> Router {
    let development = services.cabinet.config.development;
    let graphql =
        if development { get(graphiql).post(graphql) } else { axum::routing::post(graphql) };
    Router::new()
        .route("/graphql", graphql)
        .route("/health", get(health))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, MOST_TIME))
        .with_state(Shared { api, services })
}

async fn graphiql() -> impl IntoResponse {
    Html(include_str!("graphiql.html"))
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

async fn graphql(
    State(shared): State<Shared>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> impl IntoResponse {
    let language = text_of(&headers, header::ACCEPT_LANGUAGE.as_str()).map(str::to_owned);
    let answered = async {
        let request = read(&shared, body).await?;
        check(&shared, &request)?;
        execute(&shared, request, &headers, address).await
    };
    let answered: Result<Response, Refused> =
        messages::for_reader(language.as_deref(), answered).await;
    match answered {
        Ok(response) => (StatusCode::OK, axum::Json(with_codes(response))),
        Err(refused) => {
            let mut error = ServerError::new(refused.message, None);
            error.extensions.get_or_insert_default().set("code", refused.code);
            (refused.status, axum::Json(Response::from_errors(vec![error])))
        }
    }
}

/// A request that is turned away before it runs.
struct Refused {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refused {
    fn new(status: StatusCode, code: &'static str, message: impl ToString) -> Self {
        Self { status, code, message: message.to_string() }
    }

    fn bad(code: &'static str, message: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }
}

/// Reads the request: JSON in UTF-8, no longer than the limit.
async fn read(shared: &Shared, body: Body) -> Result<Request, Refused> {
    let most = shared.services.cabinet.config.max_body_bytes;
    let body: Bytes = to_bytes(body, most).await.map_err(|_| {
        let message = format!("The body is over {most} bytes, or broke off.");
        Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", message)
    })?;
    let text = std::str::from_utf8(&body)
        .map_err(|_| Refused::bad("BODY_NOT_UTF8", "The body is not valid UTF-8."))?;
    // A list would be read as a request, field by field.
    if !text.trim_start().starts_with('{') {
        return Err(Refused::bad("BODY_NOT_GRAPHQL", "The body is no JSON object."));
    }
    serde_json::from_str(text).map_err(|error| {
        Refused::bad("BODY_NOT_GRAPHQL", format!("The body can't be read: {error}."))
    })
}

/// What no request may hold: U+0000, which PostgreSQL can't keep, and too many renamed fields.
fn check(shared: &Shared, request: &Request) -> Result<(), Refused> {
    let nul = request.query.contains('\0') || request.query.contains("\\u0000");
    let in_variables = request.variables.values().any(holds_nul);
    if nul || in_variables {
        return Err(Refused::bad("BAD_INPUT", "A text holds U+0000."));
    }
    let most = shared.services.cabinet.config.max_aliases;
    let aliases = async_graphql::parser::parse_query(&request.query)
        .map_or(0, |document| count_aliases(&document));
    if aliases > most {
        let message = format!("The query renames {aliases} fields; it may rename {most}.");
        return Err(Refused::bad("QUERY_TOO_MANY_ALIASES", message));
    }
    Ok(())
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::List(values) => values.iter().any(holds_nul),
        Value::Object(fields) => fields.values().any(holds_nul),
        _ => false,
    }
}

fn count_aliases(document: &ExecutableDocument) -> usize {
    use async_graphql::parser::types::{Selection, SelectionSet};
    fn within(set: &SelectionSet) -> usize {
        let selections = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) => {
                usize::from(field.node.alias.is_some()) + within(&field.node.selection_set.node)
            }
            Selection::InlineFragment(fragment) => within(&fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => 0,
        });
        selections.sum()
    }
    let operations = document.operations.iter();
    let operations = operations.map(|(_, operation)| within(&operation.node.selection_set.node));
    let fragments = document.fragments.values();
    let fragments = fragments.map(|fragment| within(&fragment.node.selection_set.node));
    operations.sum::<usize>() + fragments.sum::<usize>()
}

/// Runs the request for whoever the bearer token names, once the views are as fresh as asked.
async fn execute(
    shared: &Shared,
    request: Request,
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
    let bearer = text_of(headers, header::AUTHORIZATION.as_str())
        .and_then(|value| value.strip_prefix("Bearer "));
    let viewer = match bearer {
        Some(token) => services.sessions.find(token.trim()).await.map_err(|error| {
            error!(%error, "a session can't be looked up");
            let status = StatusCode::SERVICE_UNAVAILABLE;
            Refused::new(status, "UNAVAILABLE", "The database can't be reached now.")
        })?,
        None => None,
    };
    let caller = Caller {
        viewer,
        address: address.ip().to_string(),
        client: text_of(headers, header::USER_AGENT.as_str())
            .map(|name| name.chars().take(200).collect()),
        correlation: Uuid::new_v4().to_string(),
    };
    let documents = Documents {
        views: services.cabinet.views.clone(),
        database: services.cabinet.database.clone(),
    };
    let loader = DataLoader::new(documents, tokio::spawn).delay(Duration::ZERO);
    Ok(shared.api.execute(request.data(caller).data(loader)).await)
}

fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Gives every error a code: the library's own have none.
fn with_codes(mut response: Response) -> Response {
    for error in &mut response.errors {
        let extensions = error.extensions.get_or_insert_default();
        if extensions.get("code").is_none() {
            extensions.set("code", code_of(&error.message));
        }
    }
    response
}

fn code_of(message: &str) -> &'static str {
    const KNOWN: &[(&str, &str)] = &[
        ("Query is nested too deep", "QUERY_TOO_DEEP"),
        ("Query is too complex", "QUERY_TOO_COMPLEX"),
        ("The recursion depth", "QUERY_TOO_DEEP"),
        ("recursion limit exceeded", "QUERY_TOO_DEEP"),
        ("Invalid value for argument", "BAD_INPUT"),
        ("Failed to parse", "BAD_INPUT"),
        ("Variable", "BAD_INPUT"),
        ("Expected input type", "BAD_INPUT"),
    ];
    // What the parser says below the query itself.
    if message.ends_with("stack limit reached") {
        return "QUERY_TOO_DEEP";
    }
    let known = KNOWN.iter().find(|(beginning, _)| message.starts_with(beginning));
    known.map_or("BAD_QUERY", |(_, code)| code)
}
