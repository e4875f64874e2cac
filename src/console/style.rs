//! The one style sheet, under a name that changes with what is in it.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

const SHEET: &str = include_str!("style.css");

static PATH: LazyLock<String> = LazyLock::new(|| {
    let hash = format!("{:x}", Sha256::digest(SHEET));
    format!("/console/style-{}.css", hash.chars().take(16).collect::<String>())
});

/// Where it is.
pub(super) fn path() -> &'static str {
    &PATH
}

/// The sheet; whoever has it never asks again.
pub(super) async fn sheet() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, SHEET).into_response()
}
