//! `/calendar/{secret}.ics`: a timetable for a calendar program, for whoever has its private link. No token, no
//! cookie: the link is the secret, and an unknown one is as if there were nothing. `?lang=kk` says in which language;
//! what the person has set where it does not, and then `Accept-Language`.

use std::net::SocketAddr;

use axum::{
    extract::{
        ConnectInfo, Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use tracing::{Instrument, error};

use super::{
    Shared,
    answer::{Media, Refused},
    downloads::{CACHED, is_known, put},
    execution::{MOST_TIME, too_slow, unavailable},
    language::{Wanted, wanted_language},
    trace::Asker,
};
use crate::{database::StoreError, identity::follow_link, timetable::feed::feed, troubles};

/// The calendar of a link.
pub(super) async fn get_calendar(
    State(shared): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    name: Result<Path<String>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let asker = Asker::new(headers, peer);
    let span = asker.span("GET");
    // The path is a secret: the log has none of it.
    span.record("operation", "calendar");
    // A path that is no text is no secret either.
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let answered = async {
        let language = wanted_language(wanted)?;
        let calendar = read(&shared, &name, language.as_deref(), &asker.headers);
        let calendar = timeout(MOST_TIME, calendar).await;
        calendar.unwrap_or_else(|_| Err(too_slow()))
    };
    let answered = asker.in_their_language(answered).instrument(span).await;
    answered.unwrap_or_else(|refused| refused.answer(Media::Json))
}

async fn read(
    shared: &Shared,
    name: &str,
    language: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Refused> {
    let secret = name.strip_suffix(".ics").ok_or_else(not_found)?;
    let cabinet = &shared.services.cabinet;
    let person = follow_link(cabinet, secret).await.map_err(failed)?.ok_or_else(not_found)?;
    let calendar = feed(cabinet, person, language).await.map_err(failed)?;
    let etag = format!("\"{:x}\"", Sha256::digest(&calendar));
    let mut response = if is_known(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = calendar.into_response();
        put(&mut response, header::CONTENT_TYPE, "text/calendar; charset=utf-8");
        put(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        response
    };
    put(&mut response, header::ETAG, &etag);
    put(&mut response, header::CACHE_CONTROL, CACHED);
    put(&mut response, header::VARY, "Accept-Language");
    Ok(response)
}

fn not_found() -> Refused {
    Refused::new(StatusCode::NOT_FOUND, troubles::NO_CALENDAR, &[])
}

fn failed(error: StoreError) -> Refused {
    error!(%error, "a calendar can't be had");
    unavailable()
}
