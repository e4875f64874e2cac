//! `/console`: what waits for who is signed in, the longest waiting first; a student's own plans.

use aggregates::shared::Role;
use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::{
    HOME,
    asking::ask,
    failure::Failure,
    layout::{Page, page as whole},
    text, text_of,
    visit::{Visit, Visitor},
    work_list::waiting,
};
use crate::{
    identity::policy::{QUERIES, allows, rule},
    papers::academic_year,
};

const OWN: &str = "{ me { student { ieps { id academicYear status revision } } } }";

#[derive(Deserialize)]
struct Me {
    student: Option<Student>,
}

#[derive(Deserialize)]
struct Student {
    ieps: Vec<Own>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Own {
    id: String,
    academic_year: i32,
    status: String,
    revision: i32,
}

/// The first page.
pub(super) async fn page(Extension(visit): Visitor) -> Result<Response, Failure> {
    if visit.path() != HOME {
        return Ok(Redirect::permanent(HOME).into_response());
    }
    let viewer = visit.signed_in()?;
    let position = visit.shared.services.cabinet.freshness.reached();
    let decides = allows(rule(QUERIES, "iepsAwaitingMySignature"), Some(viewer)).is_ok();
    let main = html! {
        h1 { (text("page-waiting")) }
        @if decides { (waiting(&visit).await?) }
        @if viewer.is(Role::Student) { (own(&visit).await?) }
        @if !decides && !viewer.is(Role::Student) { p { (text("page-nothing-of-yours")) } }
    };
    Ok(whole(&visit, Page { title: &text("page-waiting"), main, position: Some(position) }))
}

/// A student's own plans.
async fn own(visit: &Visit) -> Result<Markup, Failure> {
    let me: Option<Me> = ask(visit, OWN, json!({})).await?;
    let plans = me.and_then(|me| me.student).map(|student| student.ieps).unwrap_or_default();
    Ok(html! {
        section aria-labelledby="own" {
            h2 #own { (text("page-own-plans")) }
            @if plans.is_empty() { p { (text("page-no-plans")) } }
            ul {
                @for plan in &plans {
                    li {
                        a href={ "/console/ieps/" (plan.id) } {
                            (academic_year(plan.academic_year))
                        }
                        ": " (text_of("page-status-is", &[("status", &plan.status)])) ", "
                        (text_of("page-revision", &[("number", &plan.revision)]))
                    }
                }
            }
        }
    })
}
