//! `/console/ieps/{id}/{revision}.pdf`: the paper of a revision for who is signed in here: a browser brings the
//! console's cookie, and no bearer token.

use axum::{Extension, extract::Path, response::Response};

use super::{failure::Failure, visit::Visitor};
use crate::http::paper;

/// The paper, in the language of the pages.
pub(super) async fn download(
    Extension(visit): Visitor,
    Path((iep, name)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let viewer = visit.signed_in()?;
    let set = paper(&visit.shared, viewer, (&iep, &name), visit.headers()).await;
    set.map_err(|refused| Failure::refused(&refused))
}
