//! `/console`: what waits for who is signed in, the longest waiting first; a student's own plans.

use aggregates::shared::Role;
use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use url::form_urlencoded;

use super::{
    HOME,
    asking::ask,
    failure::Failure,
    layout::{Page, page as whole, time},
    text, text_of,
    trail_data::{Signed, TermCredits},
    trail_page::role,
    visit::{Visit, Visitor},
};
use crate::{
    identity::policy::{QUERIES, allows, rule},
    papers::academic_year,
};

const WAITING: &str = include_str!("home.graphql");
const OWN: &str = "{ me { student { ieps { id academicYear status revision } } } }";
/// How many plans a page has.
const ON_A_PAGE: u32 = 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Waiting {
    total_count: Option<i64>,
    nodes: Vec<Due>,
    page_info: PageInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

/// A plan that waits.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Due {
    id: String,
    revision: i32,
    waits_for: Option<String>,
    academic_year: i32,
    student: Option<Holder>,
    terms: Vec<TermCredits>,
    signatures: Vec<Signed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Holder {
    display_name: String,
    group: Option<String>,
}

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

async fn waiting(visit: &Visit) -> Result<Markup, Failure> {
    let after = visit.asked("after");
    let variables = json!({"first": ON_A_PAGE, "after": after});
    let found: Option<Waiting> = ask(visit, WAITING, variables).await?;
    let found = found.ok_or_else(Failure::not_found)?;
    let next = found.page_info.end_cursor.filter(|_| found.page_info.has_next_page);
    Ok(html! {
        p { (text_of("page-waiting-count", &[("count", &found.total_count.unwrap_or_default())])) }
        @if !found.nodes.is_empty() { (list(&found.nodes)) }
        @if after.is_some() || next.is_some() {
            nav.pages aria-label=(text("page-pages")) {
                @if after.is_some() { a href=(HOME) { (text("page-first")) } }
                @if let Some(next) = next { a rel="next" href=(behind(&next)) { (text("page-next")) } }
            }
        }
    })
}

/// The page of the list behind a place.
fn behind(cursor: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    format!("{HOME}?{}", query.append_pair("after", cursor).finish())
}

fn list(plans: &[Due]) -> Markup {
    html! {
        div.wide {
            table.waiting.stacked {
                caption { (text("page-waiting-caption")) }
                thead {
                    tr {
                        @for column in ["page-student", "page-group", "page-year",
                            "page-revision-short", "page-credits-short", "page-signed-last",
                            "page-due"] {
                            th scope="col" { (text(column)) }
                        }
                    }
                }
                tbody { @for plan in plans { (due(plan)) } }
            }
        }
    }
}

fn due(plan: &Due) -> Markup {
    let student = plan.student.as_ref();
    html! {
        tr {
            th scope="row" {
                a href={ "/console/ieps/" (plan.id) } {
                    (student.map_or("?", |student| student.display_name.as_str()))
                }
            }
            td data-label=(text("page-group")) { (student.and_then(|student| student.group.as_deref()).unwrap_or("–")) }
            td data-label=(text("page-year")) { (academic_year(plan.academic_year)) }
            td data-label=(text("page-revision-short")) { (plan.revision) }
            td data-label=(text("page-credits-short")) {
                @for TermCredits { term, credits } in &plan.terms {
                    div { (term.title) ": " (credits.fact) " / " (credits.plan) }
                }
            }
            td data-label=(text("page-signed-last")) {
                @if let Some(last) = plan.signatures.last() {
                    (role(&last.role)) ", " (time(&last.signed_at))
                }
            }
            td data-label=(text("page-due")) { (plan.waits_for.as_deref().map(role).unwrap_or_default()) }
        }
    }
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
