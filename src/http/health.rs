//! `/health` and what it is split into: whether the process answers (`/health/live`), and whether somebody
//! should be sent here (`/health/ready`).

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use serde_json::{Map, Value, json};

use super::Shared;
use crate::standing::Standing;

/// The database answers and every view goes on; with how far each has come.
pub(super) async fn health(State(shared): State<Shared>) -> impl IntoResponse {
    let standing = Standing::of(&shared.services.cabinet).await;
    let ready = standing.reasons().is_empty();
    let views = standing.views.into_iter().map(|(name, view)| {
        let told = json!({"position": view.position.0, "stopped": view.stopped});
        (name, told)
    });
    let views: Map<_, _> = views.collect();
    let position = standing.head.map(|head| head.position.0);
    answer(ready, json!({"ready": ready, "position": position, "views": views}))
}

/// The process answers.
pub(super) async fn live() -> Json<Value> {
    Json(json!({"live": true}))
}

/// Whether somebody should be sent here, and why not.
pub(super) async fn ready(State(shared): State<Shared>) -> impl IntoResponse {
    let mut reasons = Standing::of(&shared.services.cabinet).await.reasons();
    if shared.open.is_stopping() {
        reasons.push("the server is stopping".into());
    }
    let ready = reasons.is_empty();
    answer(ready, json!({"ready": ready, "reasons": reasons}))
}

fn answer(ready: bool, told: Value) -> (StatusCode, Json<Value>) {
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(told))
}
