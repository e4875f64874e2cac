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

/// Whether somebody should be sent here, and what is not as it should be.
pub(super) async fn ready(State(shared): State<Shared>) -> impl IntoResponse {
    let standing = Standing::of(&shared.services.cabinet).await;
    let (stopping, mut reasons) = (shared.open.is_stopping(), standing.reasons());
    if stopping {
        reasons.push("the server is stopping".into());
    }
    // A view that has stopped has stopped on every node, and holds up nothing else: whoever is sent elsewhere
    // because of it would find nobody.
    let ready = standing.head.is_some() && !stopping;
    answer(ready, json!({"ready": ready, "reasons": reasons}))
}

fn answer(ready: bool, told: Value) -> (StatusCode, Json<Value>) {
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(told))
}
