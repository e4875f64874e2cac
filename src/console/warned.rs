//! `/console/warnings`: the plans that something has gone wrong with since, each with what it is (manual 2.3.1); all of
//! them for registrars and auditors, their own students' for advisors.

use axum::{Extension, response::Response};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::{
    asking::{Refusal, ask},
    failure::Failure,
    filter::Filter,
    layout::{Page, columns, page as whole},
    paging::{ON_A_PAGE, PageInfo, pages},
    text, text_of,
    trail_data::Holder,
    trail_page::told,
    visit::{Visit, Visitor},
};
use crate::{
    identity::policy::{QUERIES, allows, rule},
    papers::academic_year,
};

/// Where the list is.
pub(super) const PATH: &str = "/console/warnings";

const WARNED: &str = include_str!("warned.graphql");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Warned {
    nodes: Vec<Plan>,
    page_info: PageInfo,
}

/// A plan that something has gone wrong with.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plan {
    id: String,
    academic_year: i32,
    status: String,
    student: Option<Holder>,
    warnings: Vec<Refusal>,
}

/// Whether the list is for whoever visits.
pub(super) fn is_for(visit: &Visit) -> bool {
    allows(rule(QUERIES, "iepsWithWarnings"), visit.viewer.as_ref()).is_ok()
}

/// The list.
pub(super) async fn page(Extension(visit): Visitor) -> Result<Response, Failure> {
    visit.signed_in()?;
    let position = visit.shared.services.cabinet.freshness.reached();
    let (filter, after) = (Filter::of(&visit)?, visit.asked("after"));
    let variables = json!({"first": ON_A_PAGE, "after": after, "filter": filter.variable()});
    let found: Option<Warned> = ask(&visit, WARNED, variables).await?;
    let Warned { nodes, page_info } = found.ok_or_else(Failure::not_found)?;
    // So many plans are looked at for a page, and among them there may be none.
    let none = if page_info.has_next_page { "page-warned-none-here" } else { "page-warned-none" };
    let title = text("page-warned");
    let main = html! {
        h1 { (title) }
        (filter.form(&visit).await?)
        @if nodes.is_empty() { p { (text(none)) } } @else { (list(&nodes)) }
        (pages(&filter, after, &page_info))
    };
    Ok(whole(&visit, Page { title: &title, main, position: Some(position) }))
}

fn list(plans: &[Plan]) -> Markup {
    html! {
        div.wide {
            table.warned.stacked {
                caption { (text("page-warned-caption")) }
                (columns(&["page-student", "page-group", "page-year", "page-status", "page-warnings"]))
                tbody { @for plan in plans { (row(plan)) } }
            }
        }
    }
}

fn row(plan: &Plan) -> Markup {
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
            td data-label=(text("page-status")) { (text_of("page-status-is", &[("status", &plan.status)])) }
            td data-label=(text("page-warnings")) { (told(&plan.warnings)) }
        }
    }
}
