//! `/console/sign`: signing the plans that were chosen from the list, each by itself, and what came of each
//! (manual 2.3.2).

use axum::{
    Extension,
    body::Bytes,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use url::form_urlencoded;

use super::{
    asking::{Refusal, ask},
    failure::Failure,
    forms::{act_key, inside, refusals},
    layout::{Page, columns, page as whole},
    text, text_of,
    trail_data::Person,
    visit::{Visit, Visitor},
};
use crate::papers::academic_year;

/// Where the form goes.
pub(super) const PATH: &str = "/console/sign";

const SIGN: &str = "mutation($items: [IepToSign!]!, $key: String!) {
    signIeps(input: {items: $items, idempotencyKey: $key}) {
        userErrors { code message } outcomes { iepId userErrors { code message } } } }";
const PLAN: &str = "query($id: ID!) {
    iep(id: $id) { academicYear status student { displayName } } }";

/// What was sent.
#[derive(Default)]
struct Sent {
    token: String,
    /// The form's own.
    key: String,
    /// The list that was chosen from.
    back: String,
    /// Plans, each in the revision that was on the screen.
    plans: Vec<(String, i32)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    #[serde(default)]
    outcomes: Option<Vec<Outcome>>,
    user_errors: Vec<Refusal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    iep_id: String,
    user_errors: Vec<Refusal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plan {
    academic_year: i32,
    status: String,
    student: Option<Person>,
}

/// A plan in a revision, as the form names it.
pub(super) fn named(plan: &str, revision: i32) -> String {
    format!("{plan}:{revision}")
}

impl Sent {
    /// Several fields of a form have one name.
    fn read(body: &[u8]) -> Result<Self, Failure> {
        let mut sent = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            match &*name {
                "token" => sent.token = value.into_owned(),
                "key" => sent.key = value.into_owned(),
                "back" => sent.back = value.into_owned(),
                "plan" => {
                    let named = value.rsplit_once(':');
                    let plan = named.and_then(|(id, at)| Some((id.to_owned(), at.parse().ok()?)));
                    sent.plans.push(plan.ok_or_else(|| Failure::told("BAD_INPUT"))?);
                }
                _ => {}
            }
        }
        Ok(sent)
    }
}

/// Without a form there is nothing to sign: the list has it.
pub(super) async fn page() -> Redirect {
    Redirect::to(super::HOME)
}

/// Signs them, and shows what came of each.
pub(super) async fn sign(Extension(visit): Visitor, body: Bytes) -> Result<Response, Failure> {
    let sent = Sent::read(&body)?;
    visit.must_be_ours(&sent.token)?;
    visit.signed_in()?;
    let back = inside(&sent.back);
    if sent.plans.is_empty() {
        return Ok(told(&visit, back, html! { p { (text("page-nothing-chosen")) } }));
    }
    let items = sent.plans.iter();
    let items: Vec<_> = items.map(|(id, at)| json!({"iepId": id, "revision": at})).collect();
    let mut variables = json!({"items": items});
    variables["key"] = json!(act_key(&sent.key, &variables));
    let signed: Option<Signed> = ask(&visit, SIGN, variables).await?;
    let signed = signed.ok_or_else(|| Failure::told("INTERNAL"))?;
    let outcomes = signed.outcomes.unwrap_or_default();
    let mut rows = Vec::new();
    for outcome in &outcomes {
        let id = json!({"id": outcome.iep_id});
        // What was done is hidden by no error.
        let plan = ask::<Plan>(&visit, PLAN, id).await.ok().flatten();
        rows.push(row(outcome, plan.as_ref()));
    }
    let (done, all) = (outcomes.iter().filter(|it| it.user_errors.is_empty()).count(), rows.len());
    let main = html! {
        (refusals("refused", &signed.user_errors))
        @if all > 0 {
            p role="status" { (text_of("page-outcomes-count", &[("done", &done), ("all", &all)])) }
            (table(&rows))
        }
    };
    Ok(told(&visit, back, main))
}

fn told(visit: &Visit, back: &str, what: Markup) -> Response {
    let title = text("page-outcomes");
    let main = html! {
        h1 { (title) }
        (what)
        p { a href=(back) { (text("page-back-to-list")) } }
    };
    whole(visit, Page { title: &title, main, position: None }).into_response()
}

fn table(rows: &[Markup]) -> Markup {
    html! {
        div.wide {
            table.outcomes.stacked {
                (columns(&["page-student", "page-year", "page-outcome", "page-status"]))
                tbody { @for row in rows { (row) } }
            }
        }
    }
}

fn row(outcome: &Outcome, plan: Option<&Plan>) -> Markup {
    let student = plan.and_then(|plan| plan.student.as_ref());
    let signed = outcome.user_errors.is_empty();
    html! {
        tr {
            th scope="row" {
                a href={ "/console/ieps/" (outcome.iep_id) } {
                    (student.map_or("?", |student| student.display_name.as_str()))
                }
            }
            td data-label=(text("page-year")) {
                @if let Some(plan) = plan { (academic_year(plan.academic_year)) }
            }
            td.good[signed].bad[!signed] data-label=(text("page-outcome")) {
                @if signed { (text("page-outcome-signed")) }
                @for refusal in &outcome.user_errors {
                    div { (refusal.message) " " code { (refusal.code) } }
                }
            }
            td data-label=(text("page-status")) {
                @if let Some(plan) = plan { (text_of("page-status-is", &[("status", &plan.status)])) }
            }
        }
    }
}
