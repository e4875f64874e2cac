//! From a request that was read to what it answers, for whoever asks.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use aggregates::shared::{Fact, Position};
use async_graphql::{
    PathSegment, Request, Response, Value, dataloader::DataLoader, parser::types::OperationType,
};
use axum::http::{HeaderMap, StatusCode, header};
use futures::{
    Stream, StreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use tokio::time::timeout;
use tracing::{Instrument, error};

use super::{
    Shared, address,
    answer::{self, Refused},
    asked,
    order::AsAsked,
    trace::{self, Asker, Running},
    uploads,
};
use crate::{
    graphql::{Caller, Documents, Uploads},
    identity::{Incident, Viewer, policy::Denied},
    troubles,
    views::Views,
};

/// How long a request may take, its files and what it follows aside.
pub(crate) const MOST_TIME: Duration = Duration::from_secs(30);
/// The header that asks for answers that know the log up to a position.
pub(super) const AFTER_POSITION: &str = "oqu-after-position";

/// How much of the path to a refused field the security journal keeps, in characters.
const MOST_PATH: usize = 200;

/// A database that can't answer now.
pub(super) fn unavailable() -> Refused {
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, troubles::UNAVAILABLE, &[])
}

/// A request that takes longer than any should.
pub(super) fn too_slow() -> Refused {
    Refused::new(StatusCode::GATEWAY_TIMEOUT, troubles::TIMED_OUT, &[])
}

/// Runs a query or a mutation; files that no command took are gone with its answer.
pub(super) async fn execute(
    shared: &Shared,
    mut request: Request,
    uploads: &Arc<Uploads>,
    asker: &Asker,
) -> Result<Response, Refused> {
    trace::operation(&mut request);
    let running = Running::begin(&mut request);
    let executed = async {
        let (mut request, caller) = prepare(shared, request, uploads, asker).await?;
        let mut as_asked = AsAsked::by(&mut request);
        let mut answer = shared.api.execute(request).await;
        as_asked.arrange(&mut answer.data);
        note_refusals(shared, &caller, &answer);
        Ok(answer)
    };
    let executed = timeout(MOST_TIME, executed).await.unwrap_or_else(|_| Err(too_slow()));
    uploads::discard(&shared.services.cabinet.files, uploads).await;
    running.end(shared, &executed);
    executed
}

/// Runs any operation: a subscription answers over time, and everything else once. A subscription ends with
/// the first answer that has an error: whoever comes back goes on from the last answer they have whole.
pub(super) fn follow(
    shared: Shared,
    mut request: Request,
    uploads: Arc<Uploads>,
    asker: Asker,
) -> BoxStream<'static, Response> {
    let answers = stream::once(async move {
        if asked::operation_type(&mut request) != Some(OperationType::Subscription) {
            let executed = execute(&shared, request, &uploads, &asker).await;
            return stream::iter([executed.unwrap_or_else(Refused::response)]).boxed();
        }
        trace::operation(&mut request);
        let request = match asked::has_one_field(&mut request) {
            true => prepare(&shared, request, &uploads, &asker).await,
            false => Err(Refused::document(troubles::SEVERAL_FIELDS, &[])),
        };
        match request {
            Ok((mut request, caller)) => {
                let mut as_asked = AsAsked::by(&mut request);
                let answers = until_an_error(shared.api.execute_stream(request));
                let answers = answers.map(move |mut answer| {
                    as_asked.arrange(&mut answer.data);
                    note_refusals(&shared, &caller, &answer);
                    answer
                });
                answers.boxed()
            }
            Err(refused) => stream::iter([refused.response()]).boxed(),
        }
    });
    answers.flatten().map(answer::with_codes).boxed()
}

fn until_an_error(answers: impl Stream<Item = Response>) -> impl Stream<Item = Response> {
    answers.scan(false, |ended, mut answer| {
        let goes_on = !*ended;
        *ended = answer.is_err();
        if *ended {
            answer.data = Value::Null;
        }
        std::future::ready(goes_on.then_some(answer))
    })
}

/// Runs what the house itself asks for somebody, who brings no files, once the views know of a position.
pub(crate) async fn run(
    shared: &Shared,
    request: Request,
    caller: Caller,
    after: Option<Position>,
) -> Result<Response, Refused> {
    let views = views_at(shared, after).await?;
    let request = ready(shared, request, &Arc::default(), &caller, views);
    Ok(shared.api.execute(request).await)
}

/// Makes a request ready to run for whoever the bearer token names, once the views are as fresh as asked.
async fn prepare(
    shared: &Shared,
    mut request: Request,
    uploads: &Arc<Uploads>,
    asker: &Asker,
) -> Result<(Request, Caller), Refused> {
    let headers = &asker.headers;
    let after = text_of(headers, AFTER_POSITION).map(|position| {
        let none = |_| Refused::bad(troubles::NO_POSITION, &[]);
        position.parse().map(Position).map_err(none)
    });
    let views = views_at(shared, after.transpose()?).await?;
    if let Some(variable) = asked::missing_variable(&mut request) {
        let variable = Fact::new("variable", variable);
        return Err(Refused::document(troubles::VARIABLE_MISSING, &[variable]));
    }
    let caller = Caller {
        viewer: viewer(shared, headers).await?,
        address: sender(shared, asker.peer, headers),
        client: client(headers),
        correlation: asker.correlation.clone(),
    };
    let request = ready(shared, request, uploads, &caller, views);
    Ok((request, caller))
}

/// The views, once they know of a position.
async fn views_at(shared: &Shared, after: Option<Position>) -> Result<Views, Refused> {
    let cabinet = &shared.services.cabinet;
    let views = cabinet.views.of_request(cabinet.freshness.clone());
    if let Some(position) = after {
        // A view that has stopped holds up nobody: only what is read from it is refused.
        views.must_know(position);
        if !cabinet.wait_for(position).await {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Err(Refused::new(status, troubles::NOT_REACHED, &[]));
        }
    }
    Ok(views)
}

/// Gives a request what its resolvers ask for.
fn ready(
    shared: &Shared,
    request: Request,
    uploads: &Arc<Uploads>,
    caller: &Caller,
    views: Views,
) -> Request {
    let documents = Documents { views, database: shared.services.cabinet.database.clone() };
    // What it logs belongs to the request.
    let spawn = |loading: BoxFuture<'static, ()>| tokio::spawn(loading.in_current_span());
    let loader = DataLoader::new(documents, spawn).delay(Duration::ZERO);
    request.data(caller.clone()).data(loader).data(Arc::clone(uploads))
}

/// Notes in the security journal what was asked and is not for whoever asked.
fn note_refusals(shared: &Shared, caller: &Caller, answer: &Response) {
    let forbidden = Value::from(Denied::Forbidden.code());
    let refused = answer.errors.iter().filter(|error| {
        let extensions = error.extensions.as_ref();
        extensions.and_then(|values| values.get("code")) == Some(&forbidden)
    });
    for error in refused {
        let path = error.path.iter().map(|segment| match segment {
            PathSegment::Field(name) => name.clone(),
            PathSegment::Index(place) => place.to_string(),
        });
        let path = path.collect::<Vec<_>>().join(".");
        let person = caller.viewer.as_ref().map(|viewer| viewer.person);
        let asked = path.chars().take(MOST_PATH).collect();
        shared.services.note(caller, Incident::Refused, person, Some(asked));
    }
}

/// The address that a request comes from.
pub(crate) fn sender(shared: &Shared, peer: SocketAddr, headers: &HeaderMap) -> String {
    let trusted = &shared.services.cabinet.config.trusted_proxies;
    address::of(peer.ip(), headers, trusted).to_string()
}

/// Whether a request came by https, as a trusted proxy says: the server itself speaks plain http.
pub(crate) fn came_by_https(shared: &Shared, peer: SocketAddr, headers: &HeaderMap) -> bool {
    let trusted = &shared.services.cabinet.config.trusted_proxies;
    address::came_by_https(peer.ip(), headers, trusted)
}

/// The program that a request comes from, as it says.
pub(crate) fn client(headers: &HeaderMap) -> Option<String> {
    text_of(headers, header::USER_AGENT.as_str()).map(|name| name.chars().take(200).collect())
}

/// Whoever the bearer token names, or that they have to sign in.
pub(super) async fn signed_in(shared: &Shared, headers: &HeaderMap) -> Result<Viewer, Refused> {
    viewer(shared, headers)
        .await?
        .ok_or_else(|| Refused::new(StatusCode::UNAUTHORIZED, troubles::UNAUTHENTICATED, &[]))
}

/// The bearer token that a request brings, if it brings one.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let token = text_of(headers, header::AUTHORIZATION.as_str())?.strip_prefix("Bearer ")?.trim();
    (!token.is_empty()).then_some(token)
}

/// Whoever the bearer token names, if it is one that holds.
pub(super) async fn viewer(
    shared: &Shared,
    headers: &HeaderMap,
) -> Result<Option<Viewer>, Refused> {
    let Some(token) = bearer(headers) else { return Ok(None) };
    shared.services.sessions.find(token).await.map_err(|error| {
        error!(%error, "a session can't be looked up");
        unavailable()
    })
}

/// A header's text, if it has one.
pub(crate) fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
