//! `/files/{id}`: the bytes of a file, for those who may, whole or in part (RFC 9110, section 14).

use std::{net::SocketAddr, num::NonZero};

use aggregates::shared::{Fact, FileId, Role};
use axum::{
    body::Body,
    extract::{ConnectInfo, Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use http_range_header::parse_range_header_with_max_ranges;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use projections::{syllabus::Syllabuses, thesis::Theses};
use tracing::{Instrument, error};

use super::{
    Shared,
    answer::{Media, Refused},
    execution::{client, sender, signed_in, text_of},
    trace::Asker,
};
use crate::{
    database::StoreError,
    files::{Claimed, FileError, PartOf},
    identity::{Entry, Incident, Viewer, policy::may_read_thesis, reads_syllabus},
    people::{self, ERASED},
    troubles,
    views::Views,
};

/// What stays as it is in `filename*` (RFC 8187, attr-char).
const IN_NAMES: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// Kept by whoever asked, and asked for anew each time: a right to read may end.
pub(super) const CACHED: &str = "private, no-cache";

/// A file by its id.
pub(super) async fn get_file(
    State(shared): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let asker = Asker::new(headers, peer);
    let span = asker.span("GET");
    span.record("operation", "file");
    let answered = asker.in_their_language(download(&shared, &id, &asker)).instrument(span).await;
    answered.unwrap_or_else(|refused| refused.answer(Media::Json))
}

async fn download(shared: &Shared, id: &str, asker: &Asker) -> Result<Response, Refused> {
    let headers = &asker.headers;
    let viewer = signed_in(shared, headers).await?;
    let id: FileId = id.parse().map_err(|_| not_found())?;
    let cabinet = &shared.services.cabinet;
    let file = cabinet.files.find(id).await.map_err(failed)?.ok_or_else(not_found)?;
    let may = may_read(&cabinet.views, &viewer, id, &file).await;
    if !may.map_err(|error| failed(error.into()))? {
        return Err(not_yours(shared, &viewer, asker, format!("/files/{id}")));
    }
    let names = people::texts(&cabinet.database, &[file.name]).await;
    let names = names.map_err(|error| failed(error.into()))?;
    let name = names.get(&file.name).map_or(ERASED, String::as_str);
    let etag = format!("\"{}\"", file.sha256);
    if is_known(headers, &etag) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        put(&mut response, header::ETAG, &etag);
        put(&mut response, header::CACHE_CONTROL, CACHED);
        return Ok(response);
    }
    let range = match asked_range(headers, &etag, file.size) {
        Asked::Whole => None,
        Asked::Part(range) => Some(range),
        Asked::Nowhere => {
            let (status, size) = (StatusCode::RANGE_NOT_SATISFIABLE, Fact::new("size", file.size));
            let refused = Refused::new(status, troubles::RANGE_NOT_SATISFIABLE, &[size]);
            let mut response = refused.answer(Media::Json);
            put(&mut response, header::CONTENT_RANGE, &format!("bytes */{}", file.size));
            return Ok(response);
        }
    };
    let bytes = cabinet.files.read(id, range.clone()).await.map_err(failed)?;
    let mut response = Body::from_stream(bytes).into_response();
    let length = range.as_ref().map_or(file.size, |range| range.end - range.start);
    if let Some(range) = range {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let part = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size);
        put(&mut response, header::CONTENT_RANGE, &part);
    }
    for (name, value) in [
        (header::CONTENT_TYPE, file.kind.media_type()),
        (header::CONTENT_LENGTH, &length.to_string()),
        (header::CONTENT_DISPOSITION, &disposition(name)),
        (header::ETAG, &etag),
        (header::ACCEPT_RANGES, "bytes"),
        (header::CACHE_CONTROL, CACHED),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // What people upload runs nothing, wherever it is opened.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ] {
        put(&mut response, name, value);
    }
    Ok(response)
}

/// Turns somebody away from what is not theirs to read; the security journal says who asked for what.
pub(super) fn not_yours(shared: &Shared, viewer: &Viewer, asker: &Asker, asked: String) -> Refused {
    let headers = &asker.headers;
    shared.services.journal.note(Entry {
        at: shared.services.cabinet.now(),
        incident: Incident::Refused,
        person: Some(viewer.person),
        address: sender(shared, asker.peer, headers),
        client: client(headers),
        asked: Some(asked),
    });
    Refused::new(StatusCode::FORBIDDEN, troubles::FORBIDDEN, &[])
}

/// Whether the client has these bytes already (`If-None-Match`, RFC 9110, section 13.1.2).
pub(super) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let known = text_of(headers, header::IF_NONE_MATCH.as_str()).unwrap_or_default();
    let mut known = known.split(',').map(|known| known.trim().trim_start_matches("W/"));
    known.any(|known| known == etag || known == "*")
}

/// Whether somebody may read a file: whoever may read what it is part of.
async fn may_read(
    views: &Views,
    viewer: &Viewer,
    id: FileId,
    file: &Claimed,
) -> Result<bool, StoreError> {
    match file.part_of {
        PartOf::Thesis(thesis) => {
            let thesis = views.get::<Theses>(&thesis.to_string()).await?;
            let supervisor = thesis.and_then(|thesis| thesis.supervisor);
            Ok(may_read_thesis(viewer, file.person, supervisor))
        }
        PartOf::Syllabus(syllabus) => {
            let syllabus = views.get::<Syllabuses>(&syllabus.to_string()).await?;
            let there = syllabus.filter(|syllabus| syllabus.has(id));
            match there.and_then(|syllabus| syllabus.of) {
                Some(of) => reads_syllabus(views, viewer, of.subject, of.term).await,
                // What was taken away is on record, and for nobody else.
                None => Ok(viewer.is(Role::Auditor)),
            }
        }
    }
}

/// Which part of a file is asked for.
enum Asked {
    Whole,
    Part(std::ops::Range<u64>),
    /// None that there is.
    Nowhere,
}

/// One range of bytes, where it is of this very file (`If-Range`); several are answered whole.
fn asked_range(headers: &HeaderMap, etag: &str, size: u64) -> Asked {
    let Some(range) = text_of(headers, header::RANGE.as_str()) else { return Asked::Whole };
    if text_of(headers, header::IF_RANGE.as_str()).is_some_and(|known| known != etag) {
        return Asked::Whole;
    }
    let Ok(ranges) = parse_range_header_with_max_ranges(range, NonZero::<usize>::MIN) else {
        return Asked::Whole;
    };
    match ranges.validate(size) {
        Ok(valid) => match valid.as_slice() {
            [one] => Asked::Part(*one.start()..one.end() + 1),
            _ => Asked::Whole,
        },
        Err(_) => Asked::Nowhere,
    }
}

/// A name to save under: plain for old programs, and as it is for the others (RFC 6266).
pub(super) fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' })
        .collect();
    let encoded = utf8_percent_encode(name, IN_NAMES);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

pub(crate) fn put(response: &mut Response, name: header::HeaderName, value: &str) {
    match HeaderValue::from_str(value) {
        Ok(value) => {
            response.headers_mut().insert(name, value);
        }
        Err(error) => error!(%error, %name, "a header can't be written"),
    }
}

fn not_found() -> Refused {
    Refused::new(StatusCode::NOT_FOUND, troubles::NO_FILE, &[])
}

fn failed(error: FileError) -> Refused {
    error!(%error, "a file can't be had");
    match error {
        FileError::Gone => Refused::new(StatusCode::GONE, troubles::FILE_GONE, &[]),
        _ => Refused::new(StatusCode::SERVICE_UNAVAILABLE, troubles::FILES_UNAVAILABLE, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_in_headers() {
        assert_eq!(
            disposition("Жұмыс \"1\".pdf"),
            "attachment; filename=\"_____ _1_.pdf\"; \
             filename*=UTF-8''%D0%96%D2%B1%D0%BC%D1%8B%D1%81%20%221%22.pdf"
        );
    }
}
