//! What every page has around it: who is signed in, the languages, where to go, as of when.

use aggregates::shared::Position;
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::{HOME, forms::hidden, style, text, text_of, visit::Visit, warned};
use crate::messages;

/// What is on a page.
pub(super) struct Page<'a> {
    pub title: &'a str,
    pub main: Markup,
    /// The position of the log that it was read at.
    pub position: Option<Position>,
}

/// The whole page.
pub(super) fn page(visit: &Visit, shown: Page<'_>) -> Response {
    let markup = html! {
        (DOCTYPE)
        html lang=(messages::language()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (shown.title) " · Oqu" }
                link rel="stylesheet" href=(style::path());
            }
            body {
                a.skip href="#main" { (text("page-skip")) }
                header { (top(visit)) }
                main #main tabindex="-1" { (shown.main) }
                footer { (foot(visit, shown.position)) }
            }
        }
    };
    Html(markup.into_string()).into_response()
}

/// The heads of a table's columns.
pub(super) fn columns(names: &[&str]) -> Markup {
    html! {
        thead {
            tr { @for name in names { th scope="col" { (text(name)) } } }
        }
    }
}

fn top(visit: &Visit) -> Markup {
    html! {
        a.brand href=(HOME) { "Oqu" }
        @if visit.viewer.is_some() {
            nav aria-label=(text("page-navigation")) {
                a href=(HOME) { (text("page-waiting")) }
                @if warned::is_for(visit) { a href=(warned::PATH) { (text("page-warned")) } }
            }
        }
        nav.languages aria-label=(text("page-languages")) {
            @for language in messages::languages() {
                a href=(visit.in_language(language)) lang=(language) hreflang=(language)
                    aria-current=[(language == messages::language()).then_some("true")]
                    { (endonym(language)) }
            }
        }
        @if let Some(viewer) = &visit.viewer {
            form.sign-out method="post" action="/console/sign-out" {
                (hidden("token", &visit.form_token()))
                span.who { (visit.name.as_deref().unwrap_or(&viewer.person.to_string())) }
                button.plain { (text("page-sign-out")) }
            }
        }
    }
}

/// A language as those call it who read it.
fn endonym(language: &str) -> &str {
    match language {
        "en" => "English",
        "kk" => "Қазақша",
        "ru" => "Русский",
        other => other,
    }
}

fn foot(visit: &Visit, position: Option<Position>) -> Markup {
    let zone = &visit.shared.services.cabinet.config.time_zone;
    html! {
        @if let Some(position) = position {
            p { (text_of("page-read-at", &[("position", &position)])) }
        }
        p { (text_of("page-times", &[("zone", zone)])) }
    }
}

/// A time, for people and for programs.
pub(super) fn time(at: &str) -> Markup {
    html! { time datetime=(at) { (messages::time(at)) } }
}
