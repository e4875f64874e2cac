//! `/metrics`: the house in figures, for those who watch it.

use std::{net::SocketAddr, time::Instant};

use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::prometheus_text::{CONTENT_TYPE, encode},
    metrics::{family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};
use tracing::error;

use super::{Shared, execution::bearer};
use crate::{commands::SECONDS, config::Secret, metrics};

/// What proxies add to what they pass on.
const OF_PROXIES: [&str; 3] = ["x-forwarded-for", "forwarded", "via"];

/// How long queries, mutations and pages take. Clones share the figures.
#[derive(Clone)]
pub(crate) struct Requests(Family<[(&'static str, &'static str); 2], Histogram>);

impl Default for Requests {
    fn default() -> Self {
        Self(Family::new_with_constructor(|| Histogram::new(SECONDS)))
    }
}

impl Requests {
    /// One of that kind was answered.
    pub(crate) fn answered(&self, operation: &'static str, outcome: &'static str, begun: Instant) {
        let labels = [("operation", operation), ("outcome", outcome)];
        self.0.get_or_create(&labels).observe(begun.elapsed().as_secs_f64());
    }

    fn register(&self, registry: &mut Registry) {
        let help = "From read to answered, of GraphQL queries and mutations, and of pages";
        registry.register_with_unit("request_duration", help, Unit::Seconds, self.0.clone());
    }
}

/// The figures, for who may read them.
pub(super) async fn figures(
    State(shared): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let cabinet = &shared.services.cabinet;
    if let Err(refused) = may_read(cabinet.config.metrics_token.as_ref(), peer, &headers) {
        return refused.into_response();
    }
    let mut registry = metrics::figures(cabinet).await;
    shared.requests.register(&mut registry);
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(cause) => {
            error!(%cause, "the figures can't be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Whoever brings the token; where there is none, who asks on the machine itself. What a proxy on this machine
/// passes on comes from elsewhere.
fn may_read(
    token: Option<&Secret>,
    peer: SocketAddr,
    headers: &HeaderMap,
) -> Result<(), impl IntoResponse + use<>> {
    let passed_on = OF_PROXIES.iter().any(|name| headers.contains_key(*name));
    let (status, message) = match token {
        Some(token) if bearer(headers).is_some_and(|given| token.is(given)) => return Ok(()),
        Some(_) => (StatusCode::UNAUTHORIZED, "Bring the token that is set as `metrics_token`.\n"),
        None if peer.ip().to_canonical().is_loopback() && !passed_on => return Ok(()),
        None => {
            let message = "Ask on the machine itself, or set `metrics_token` and bring it.\n";
            (StatusCode::FORBIDDEN, message)
        }
    };
    let challenge = token.map(|_| [(header::WWW_AUTHENTICATE, "Bearer")]);
    Err((status, challenge, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(token: Option<&str>, peer: &str, given: &[(&'static str, &str)]) -> bool {
        let token = token.map(|token| Secret::try_from(token.to_owned()).unwrap());
        let headers = given
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()));
        may_read(token.as_ref(), peer.parse().unwrap(), &headers.collect()).is_ok()
    }

    #[test]
    fn without_a_token_only_the_machine_itself_may_read() {
        assert!(may(None, "127.0.0.1:1", &[]));
        assert!(may(None, "[::1]:1", &[]));
        assert!(may(None, "[::ffff:127.0.0.1]:1", &[]));
        assert!(!may(None, "203.0.113.5:1", &[]));
        assert!(!may(None, "203.0.113.5:1", &[("authorization", "Bearer ")]));
        // A proxy beside the server asks for somebody elsewhere.
        assert!(!may(None, "127.0.0.1:1", &[("x-forwarded-for", "203.0.113.5")]));
        assert!(!may(None, "127.0.0.1:1", &[("forwarded", "for=203.0.113.5")]));
        assert!(!may(None, "127.0.0.1:1", &[("via", "1.1 proxy")]));
    }

    #[test]
    fn a_token_is_asked_of_everybody() {
        let token = Some("a token of some length");
        assert!(may(token, "203.0.113.5:1", &[("authorization", "Bearer a token of some length")]));
        assert!(!may(token, "127.0.0.1:1", &[]));
        assert!(!may(token, "127.0.0.1:1", &[("authorization", "Bearer a token of some")]));
        assert!(!may(token, "127.0.0.1:1", &[("authorization", "a token of some length")]));
    }
}
