//! What waits for who is signed in, the longest waiting first: narrowed by filters, and chosen from to sign several at
//! once (manual 2.3.2).

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    asking::{Refusal, ask},
    failure::Failure,
    filter::Filter,
    forms::hidden,
    layout::{columns, time},
    paging::{ON_A_PAGE, PageInfo, pages},
    signing, text, text_of,
    trail_data::{Holder, Signed, TermCredits},
    trail_page::{role, told},
    visit::Visit,
};
use crate::papers::academic_year;

const WAITING: &str = include_str!("work_list.graphql");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Waiting {
    total_count: Option<i64>,
    nodes: Vec<Due>,
    page_info: PageInfo,
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
    warnings: Vec<Refusal>,
}

/// The list, with what narrows it.
pub(super) async fn waiting(visit: &Visit) -> Result<Markup, Failure> {
    let filter = Filter::of(visit)?;
    let after = visit.asked("after");
    let variables = json!({"first": ON_A_PAGE, "after": after, "filter": filter.variable()});
    let found: Option<Waiting> = ask(visit, WAITING, variables).await?;
    let found = found.ok_or_else(Failure::not_found)?;
    Ok(html! {
        (filter.form(visit).await?)
        p { (text_of("page-waiting-count", &[("count", &found.total_count.unwrap_or_default())])) }
        @if !found.nodes.is_empty() { (list(visit, &found.nodes)) }
        (pages(&filter, after, &found.page_info))
    })
}

/// The part of the address that chooses all plans of the page, and its value.
const TICK: (&str, &str) = ("tick", "all");

/// The address of this page with all its plans chosen, or without: those who go on to the next plans choose anew.
fn ticked(visit: &Visit, all: bool) -> String {
    visit.here_with(TICK.0, all.then_some(TICK.1))
}

fn list(visit: &Visit, plans: &[Due]) -> Markup {
    html! {
        form #sign-many method="post" action=(signing::PATH) {
            (hidden("token", &visit.form_token()))
            (hidden("key", &Uuid::new_v4().to_string()))
            (hidden("back", &ticked(visit, false)))
            div.wide {
                table.waiting.stacked {
                    caption { (text("page-waiting-caption")) }
                    (columns(&["page-chosen", "page-student", "page-group", "page-year",
                        "page-revision-short", "page-credits-short", "page-signed-last", "page-due",
                        "page-warnings"]))
                    tbody { @for plan in plans { (due(visit, plan)) } }
                }
            }
            p #signs-many {
                (text("page-sign-chosen-note")) " "
                a href=(ticked(visit, true)) { (text("page-tick-all")) }
            }
            button aria-describedby="signs-many" { (text("page-sign-chosen")) }
        }
    }
}

fn due(visit: &Visit, plan: &Due) -> Markup {
    let student = plan.student.as_ref();
    let name = student.map_or("?", |student| student.display_name.as_str());
    let is_warned = !plan.warnings.is_empty();
    let warned = format!("warned-{}", plan.id);
    html! {
        tr {
            td.chosen data-label=(text("page-chosen")) {
                input type="checkbox" name="plan" value=(signing::named(&plan.id, plan.revision))
                    checked[visit.asked(TICK.0) == Some(TICK.1)]
                    aria-label=(text_of("page-choose", &[("student", &name)]))
                    aria-describedby=[is_warned.then_some(&warned)];
            }
            th scope="row" { a href={ "/console/ieps/" (plan.id) } { (name) } }
            td data-label=(text("page-group")) { (student.and_then(|student| student.group.as_deref()).unwrap_or("–")) }
            td data-label=(text("page-year")) { (academic_year(plan.academic_year)) }
            td data-label=(text("page-revision-short")) { (plan.revision) }
            td data-label=(text("page-credits-short")) {
                @for TermCredits { term, credits } in &plan.terms {
                    div { (term.local_title.text) ": " (credits.fact) " / " (credits.plan) }
                }
            }
            td data-label=(text("page-signed-last")) {
                @if let Some(last) = plan.signatures.last() {
                    (role(&last.role)) ", " (time(&last.signed_at))
                }
            }
            td data-label=(text("page-due")) { (plan.waits_for.as_deref().map(role).unwrap_or_default()) }
            td.warned id=[is_warned.then_some(&warned)] data-label=(text("page-warnings")) {
                @if is_warned {
                    strong { "⚠ " (text_of("page-warnings-count", &[("count", &plan.warnings.len())])) }
                    (told(&plan.warnings))
                }
            }
        }
    }
}
