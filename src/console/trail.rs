//! `/console/ieps/{id}`: a plan's trail, and what may be done with it: signing, and sending back with a reason
//! (manual 2.3.2).

use aggregates::shared::IepId;
use axum::{
    Extension, Form,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    asking::{Outcome, Refusal, ask},
    deciding::Tried,
    failure::Failure,
    forms::act_key,
    layout::{Page, page as whole},
    text,
    trail_data::{Plan, TRAIL},
    trail_page,
    visit::{Visit, Visitor},
};

const SIGN: &str = "mutation($iep: ID!, $revision: Int!, $key: String!) {
    signIep(input: {iepId: $iep, revision: $revision, idempotencyKey: $key}) {
        position userErrors { code message } } }";
const SEND_BACK: &str = "mutation($iep: ID!, $revision: Int!, $reason: String!, $key: String!) {
    sendBackIep(input: {iepId: $iep, revision: $revision, reason: $reason, idempotencyKey: $key}) {
        position userErrors { code message } } }";

/// What is done with a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Deed {
    /// Signing it.
    Sign,
    /// Sending it back.
    SendBack,
}

impl Deed {
    /// Its name in forms and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::SendBack => "send-back",
        }
    }
}

/// What somebody sent.
#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    token: String,
    deed: Deed,
    /// The revision that was on the screen.
    revision: i32,
    /// The form's own.
    key: String,
    #[serde(default)]
    reason: String,
}

/// The trail.
pub(super) async fn page(
    Extension(visit): Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    show(&visit, &id, None).await
}

/// Signs it or sends it back, and shows what came of it.
pub(super) async fn act(
    Extension(visit): Visitor,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    visit.must_be_ours(&sent.token)?;
    visit.signed_in()?;
    let id = known(&id)?;
    // What a browser sends of several lines.
    let reason = sent.reason.replace("\r\n", "\n");
    let (iep, revision) = (id.to_string(), sent.revision);
    let (operation, mut variables) = match sent.deed {
        Deed::Sign => (SIGN, json!({"iep": iep, "revision": revision})),
        Deed::SendBack => (SEND_BACK, json!({"iep": iep, "revision": revision, "reason": reason})),
    };
    variables["key"] = json!(act_key(&sent.key, &variables));
    let outcome: Option<Outcome> = ask(&visit, operation, variables).await?;
    let outcome = outcome.ok_or_else(|| Failure::told("INTERNAL"))?;
    match outcome.position() {
        Ok(position) => {
            let done = sent.deed.name();
            // Whoever answers next has to know of it, also where that is another server.
            let address = format!("/console/ieps/{id}?done={done}&position={position}");
            Ok(Redirect::to(&address).into_response())
        }
        Err(refused) if refused.iter().any(is_unknown) => Err(Failure::not_found()),
        Err(refused) => {
            let tried = Tried { deed: sent.deed, refused, reason };
            let shown = show(&visit, &iep, Some(tried)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
        }
    }
}

fn is_unknown(refusal: &Refusal) -> bool {
    refusal.code == "IEP_UNKNOWN"
}

fn known(id: &str) -> Result<IepId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

async fn show(visit: &Visit, id: &str, tried: Option<Tried>) -> Result<Response, Failure> {
    let viewer = visit.signed_in()?;
    let id = known(id)?;
    // What is read below knows this much at the least.
    let position = visit.shared.services.cabinet.freshness.reached();
    let plan: Option<Plan> = ask(visit, TRAIL, json!({"id": id.to_string()})).await?;
    let plan = plan.ok_or_else(Failure::not_found)?;
    let holder = plan.student.as_ref().map(|student| student.display_name.as_str());
    let title = format!("{} · {}", holder.unwrap_or("?"), text("page-plan"));
    let main = trail_page::main(visit, viewer, &plan, tried.as_ref());
    Ok(whole(visit, Page { title: &title, main, position: Some(position) }))
}
