//! Requests with files (GraphQL multipart request specification): the operation, the map, then the
//! files, each streamed into the store while it arrives.

use std::{collections::BTreeMap, time::Duration};

use aggregates::shared::{Fact, PersonId};
use async_graphql::Request;
use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use multer::{Constraints, Field, Multipart, SizeLimit};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::{
    answer::Refused,
    asked::{Parameters, unreadable, within_limits},
    execution::text_of,
};
use crate::{config::Config, files::Files, graphql::Uploads, troubles};

/// Headers that no foreign page can send unasked: one of them has to be there.
pub(super) const PREFLIGHT: [&str; 2] = ["graphql-preflight", "apollo-require-preflight"];
/// The most files of one request.
const MOST_FILES: usize = 10;

/// Whether the body says that it has files.
pub(super) fn is_multipart(headers: &HeaderMap) -> bool {
    let stated = text_of(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let kind = stated.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("multipart/form-data")
}

/// Reads a request with its files, which lie in the store then.
pub(super) async fn receive(
    config: &Config,
    files: &Files,
    sender: PersonId,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Request, Uploads), Refused> {
    if !PREFLIGHT.iter().any(|name| headers.contains_key(*name)) {
        return Err(Refused::bad(troubles::PREFLIGHT_MISSING, &[]));
    }
    let deadline = Instant::now() + Duration::from_secs(config.upload_seconds);
    let stated = text_of(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let boundary = multer::parse_boundary(stated).map_err(unreadable)?;
    let whole = (MOST_FILES as u64).saturating_mul(config.max_file_bytes);
    let limits = SizeLimit::new().whole_stream(whole.saturating_add(config.max_body_bytes as u64));
    let limits = Constraints::new().size_limit(limits);
    let body = body.into_data_stream();
    let mut parts = Multipart::with_constraints(body, boundary, limits);
    let parameters = json(config, &mut parts, "operations", deadline).await?;
    let parameters: Value = serde_json::from_str(&parameters).map_err(unreadable)?;
    let map = json(config, &mut parts, "map", deadline).await?;
    let map: BTreeMap<String, Vec<String>> = serde_json::from_str(&map).map_err(unreadable)?;
    if map.len() > MOST_FILES {
        return Err(unreadable(format!("it has {} files of {MOST_FILES}", map.len())));
    }
    let mut uploads = Uploads::default();
    let read = fill(config, files, sender, &mut parts, parameters, &map, &mut uploads, deadline);
    match read.await {
        Ok(request) => Ok((request, uploads)),
        Err(refused) => {
            discard(files, &uploads).await;
            Err(refused)
        }
    }
}

/// Lets the files go that no command claimed.
pub(super) async fn discard(files: &Files, uploads: &Uploads) {
    for file in uploads.received() {
        if let Err(error) = files.discard(file).await {
            tracing::warn!(%error, %file, "a file that nobody claimed is left to the sweep");
        }
    }
}

/// The operation with its files in their places.
#[allow(clippy::too_many_arguments, reason = "what one request brings")]
async fn fill(
    config: &Config,
    files: &Files,
    sender: PersonId,
    parts: &mut Multipart<'_>,
    mut parameters: Value,
    map: &BTreeMap<String, Vec<String>>,
    uploads: &mut Uploads,
    deadline: Instant,
) -> Result<Request, Refused> {
    while let Some(part) = next(parts, deadline).await? {
        let name = part.name().unwrap_or_default().to_owned();
        let places =
            map.get(&name).ok_or_else(|| unreadable(format!("no map of part `{name}`")))?;
        if uploads.0.keys().any(|known| known.split(':').next() == Some(&name)) {
            return Err(unreadable(format!("it has part `{name}` twice")));
        }
        let sent_as = part.file_name().unwrap_or_default().to_owned();
        let bytes = std::pin::pin!(until(part, deadline).fuse());
        let received = files.receive(sender, &sent_as, config.max_file_bytes, bytes).await;
        // The digest stands in the variable, so that an idempotency key is good for this file only.
        let digest = received.as_ref().map_or("", |received| received.sha256.as_str());
        let upload = format!("{name}:{digest}");
        uploads.0.insert(upload.clone(), received);
        for place in places {
            put(&mut parameters, place, &upload)?;
        }
    }
    let parameters: Parameters = serde_json::from_value(parameters).map_err(unreadable)?;
    within_limits(config, parameters.into())
}

/// Puts the name of a file in its place, which has to hold null.
fn put(parameters: &mut Value, place: &str, upload: &str) -> Result<(), Refused> {
    let pointer = format!("/{}", place.replace('.', "/"));
    let value = parameters.pointer_mut(&pointer).filter(|_| place.starts_with("variables."));
    match value {
        Some(value) if value.is_null() => {
            *value = Value::from(upload);
            Ok(())
        }
        _ => Err(unreadable(format!("`{place}` is no variable that is null"))),
    }
}

/// The next part, if there is one; what breaks off or takes too long is refused.
async fn next<'p>(
    parts: &mut Multipart<'p>,
    deadline: Instant,
) -> Result<Option<Field<'p>>, Refused> {
    let part = timeout_at(deadline, parts.next_field()).await;
    part.map_err(|_| too_slow())?.map_err(unreadable)
}

/// A part of JSON, which has to come now.
async fn json(
    config: &Config,
    parts: &mut Multipart<'_>,
    name: &str,
    deadline: Instant,
) -> Result<String, Refused> {
    let part = next(parts, deadline).await?;
    let part = part.filter(|part| part.name() == Some(name));
    let part = part.ok_or_else(|| unreadable(format!("the part `{name}` has to come first")))?;
    let mut text = Vec::new();
    let mut chunks = std::pin::pin!(until(part, deadline));
    while let Some(chunk) = chunks.next().await {
        text.extend_from_slice(&chunk.map_err(unreadable)?);
        if text.len() > config.max_body_bytes {
            let facts = [Fact::new("part", name), Fact::new("most", config.max_body_bytes)];
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            return Err(Refused::new(status, troubles::PART_TOO_LARGE, &facts));
        }
    }
    String::from_utf8(text).map_err(|_| Refused::bad(troubles::BODY_NOT_UTF8, &[]))
}

/// The bytes of a part, until the deadline.
fn until(part: Field<'_>, deadline: Instant) -> impl Stream<Item = Result<Bytes, String>> {
    stream::unfold(Some(part), move |part| async move {
        let mut part = part?;
        match timeout_at(deadline, part.chunk()).await {
            Ok(Ok(Some(bytes))) => Some((Ok(bytes), Some(part))),
            Ok(Ok(None)) => None,
            Ok(Err(error)) => Some((Err(error.to_string()), None)),
            Err(_) => Some((Err("it took too long".to_owned()), None)),
        }
    })
}

fn too_slow() -> Refused {
    Refused::new(StatusCode::REQUEST_TIMEOUT, troubles::UPLOAD_TOO_SLOW, &[])
}
