//! `/check`: whether a plan's paper that somebody holds is of the newest revision that holds. For everybody, without
//! signing in; the code stands on the paper, and its picture leads here.

use axum::{
    Extension,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Number, json};

use super::{
    asking::ask,
    failure::Failure,
    layout::{Page, page as whole, time},
    subjects::{Row, subjects},
    text, text_of,
    trail_data::{LocalText, Signed},
    trail_page::role,
    visit::{Visit, Visitor},
};
use crate::papers::academic_year;

const CHECK: &str = include_str!("check.graphql");

/// What anybody learns of a paper.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Paper {
    verdict: String,
    message: String,
    check_code: String,
    academic_year: i32,
    revision: i32,
    holder: Option<String>,
    signatures: Vec<Signed>,
    terms: Vec<Term>,
    digest: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Term {
    local_title: LocalText,
    credits: Number,
    subjects: Vec<Subject>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subject {
    code: String,
    local_title: LocalText,
    credits: Number,
}

/// What came of a code.
enum Checked {
    /// None was stated.
    Nothing,
    /// Nothing is told, and why not.
    Untold(&'static str),
    Known(Paper),
}

/// The form, and what is known of the code in it.
pub(super) async fn page(Extension(visit): Visitor) -> Result<Response, Failure> {
    let code = visit.asked("code").unwrap_or_default();
    check(&visit, code).await
}

/// The same for the code of the address.
pub(super) async fn of_code(
    Extension(visit): Visitor,
    Path(code): Path<String>,
) -> Result<Response, Failure> {
    check(&visit, &code).await
}

async fn check(visit: &Visit, code: &str) -> Result<Response, Failure> {
    let (status, checked) = match asked(visit, code.trim()).await {
        Ok(Some(paper)) => (StatusCode::OK, Checked::Known(paper)),
        Ok(None) => (StatusCode::OK, Checked::Nothing),
        Err(failure) if failure.code() == "NOT_FOUND" => {
            (StatusCode::NOT_FOUND, Checked::Untold("page-check-unknown"))
        }
        Err(failure) if failure.code() == "CHECKS_SLOWED" => {
            (StatusCode::TOO_MANY_REQUESTS, Checked::Untold("page-check-slowed"))
        }
        Err(failure) => return Err(failure),
    };
    let title = text("page-check");
    let main = html! {
        h1 { (title) }
        (told(&checked))
        form.narrow method="get" action="/check" role="search" {
            label for="code" { (text("page-check-code")) }
            input #code type="text" name="code" value=(code) required autocomplete="off"
                autocapitalize="characters" spellcheck="false" maxlength="100"
                aria-describedby="code-help";
            p #code-help { (text("page-check-help")) }
            button { (text("page-check-do")) }
        }
    };
    Ok((status, whole(visit, Page { title: &title, main, position: None })).into_response())
}

async fn asked(visit: &Visit, code: &str) -> Result<Option<Paper>, Failure> {
    match code {
        "" => Ok(None),
        code => ask(visit, CHECK, json!({"code": code})).await,
    }
}

fn told(checked: &Checked) -> Markup {
    match checked {
        Checked::Nothing => html! {},
        Checked::Untold(why) => html! { p.refused role="alert" { (text(why)) } },
        Checked::Known(paper) => known(paper),
    }
}

fn known(paper: &Paper) -> Markup {
    let kind = if paper.verdict == "VALID" { "done" } else { "refused" };
    html! {
        p.verdict.(kind) role="status" data-verdict=(paper.verdict) {
            strong { (text_of("page-verdict", &[("verdict", &paper.verdict)])) "." } " "
            (paper.message)
        }
        section aria-labelledby="paper" {
            h2 #paper { (text("page-plan")) }
            dl.facts {
                dt { (text("page-check-code")) }
                dd { code { (paper.check_code) } }
                dt { (text("page-student")) }
                dd { (paper.holder.as_deref().unwrap_or("–")) }
                dt { (text("page-year")) }
                dd { (academic_year(paper.academic_year)) }
                dt { (text("page-revision-short")) }
                dd { (paper.revision) }
                @if let Some(digest) = &paper.digest {
                    dt { (text("page-digest")) }
                    dd { code.digest { (digest) } }
                }
            }
            @for Term { local_title, credits, subjects: of_term } in &paper.terms {
                (subjects(&local_title.text, of_term.iter().map(row), credits))
            }
            (signatures(paper))
        }
    }
}

fn row(subject: &Subject) -> Row<'_> {
    let title = html! { (subject.local_title.text) };
    Row { code: &subject.code, title, credits: &subject.credits }
}

fn signatures(paper: &Paper) -> Markup {
    html! {
        table {
            caption { (text_of("page-signatures-of", &[("number", &paper.revision)])) }
            thead {
                tr {
                    th scope="col" { (text("page-signer-role")) }
                    th scope="col" { (text("page-signed-at")) }
                }
            }
            tbody {
                @for signed in &paper.signatures {
                    tr {
                        th scope="row" { (role(&signed.role)) }
                        td { (time(&signed.signed_at)) }
                    }
                }
            }
        }
    }
}
