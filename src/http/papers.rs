//! `/ieps/{id}/{revision}.pdf`: the paper of a revision that all have signed, for those who may read the plan.

use std::net::SocketAddr;

use aggregates::shared::IepId;
use axum::{
    extract::{
        ConnectInfo, Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use projections::{iep::IepTrails, student::Students};
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use tracing::{Instrument, error};

use super::{
    Shared,
    answer::{Media, Refused},
    downloads::{CACHED, disposition, is_known, not_yours, put},
    execution::{MOST_TIME, signed_in, too_slow, unavailable},
    language::{Wanted, wanted_language},
    trace::Asker,
};
use crate::{
    database::StoreError,
    identity::{Viewer, reads_record},
    messages,
    papers::{self, PaperError},
    troubles,
};

/// The paper of a revision.
pub(super) async fn get_paper(
    State(shared): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    place: Result<Path<(String, String)>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let asker = Asker::new(headers, peer);
    let span = asker.span("GET");
    span.record("operation", "paper");
    let wanted = async { wanted_language(wanted).map_err(|refused| refused.answer(Media::Json)) };
    let language = match asker.in_their_language(wanted).await {
        Ok(wanted) => wanted.or(asker.language().map(str::to_owned)),
        Err(answer) => return answer,
    };
    let (iep, name) = place.map(|Path(place)| place).unwrap_or_default();
    let paper = async {
        let paper = timeout(MOST_TIME, download(&shared, &iep, &name, &asker)).await;
        let paper = paper.unwrap_or_else(|_| Err(too_slow()));
        paper.unwrap_or_else(|refused| refused.answer(Media::Json))
    };
    messages::for_reader(language.as_deref(), paper).instrument(span).await
}

async fn download(
    shared: &Shared,
    id: &str,
    name: &str,
    asker: &Asker,
) -> Result<Response, Refused> {
    let viewer = signed_in(shared, &asker.headers).await?;
    let paper = paper(shared, &viewer, (id, name), &asker.headers).await;
    paper.map_err(|refused| match refused.code() {
        "FORBIDDEN" => not_yours(shared, &viewer, asker, format!("/ieps/{id}/{name}")),
        _ => refused,
    })
}

/// The paper of a plan in a revision, named as `REVISION.pdf`, for whoever asks; in the language of the task.
pub(crate) async fn paper(
    shared: &Shared,
    viewer: &Viewer,
    (id, name): (&str, &str),
    headers: &HeaderMap,
) -> Result<Response, Refused> {
    let iep: IepId = id.parse().map_err(|_| not_found())?;
    let number: u32 =
        name.strip_suffix(".pdf").and_then(|name| name.parse().ok()).ok_or_else(not_found)?;
    let cabinet = &shared.services.cabinet;
    let views = &cabinet.views;
    let plan = views.get::<IepTrails>(&iep.to_string()).await.map_err(failed)?;
    let plan = plan.ok_or_else(not_found)?;
    let student = plan.student.ok_or_else(not_found)?;
    let record = views.get::<Students>(&student.to_string()).await.map_err(failed)?;
    let record = record.unwrap_or_default();
    if !reads_record(views, viewer, student, &record).await.map_err(failed)? {
        return Err(Refused::new(StatusCode::FORBIDDEN, troubles::FORBIDDEN, &[]));
    }
    let revision = plan.revision(number).ok_or_else(not_found)?;
    let paper = papers::download(cabinet, &plan, revision).await.map_err(failed)?;
    let Some(paper) = paper else {
        return Err(Refused::new(StatusCode::CONFLICT, troubles::PAPER_NOT_READY, &[]));
    };
    let etag = format!("\"{:x}\"", Sha256::digest(&paper.bytes));
    let mut response = if is_known(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = paper.bytes.into_response();
        put(&mut response, header::CONTENT_TYPE, "application/pdf");
        put(&mut response, header::CONTENT_DISPOSITION, &disposition(&paper.name));
        put(&mut response, header::CONTENT_LANGUAGE, messages::language());
        put(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        response
    };
    put(&mut response, header::ETAG, &etag);
    put(&mut response, header::CACHE_CONTROL, CACHED);
    put(&mut response, header::VARY, "Authorization, Accept-Language");
    Ok(response)
}

fn not_found() -> Refused {
    Refused::new(StatusCode::NOT_FOUND, troubles::NOT_FOUND, &[])
}

fn failed(error: impl Into<PaperError>) -> Refused {
    let error = error.into();
    error!(%error, "a paper can't be had");
    match error {
        PaperError::Store(StoreError::Unavailable(_) | StoreError::Behind(_)) => unavailable(),
        _ => Refused::new(StatusCode::INTERNAL_SERVER_ERROR, troubles::INTERNAL, &[]),
    }
}
