//! The pages of a list.

use maud::{Markup, html};
use serde::Deserialize;

use super::{filter::Filter, text};

/// How many plans a page has.
pub(super) const ON_A_PAGE: u32 = 20;

/// Whether a list goes on, and where.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageInfo {
    pub has_next_page: bool,
    pub end_cursor: Option<String>,
}

impl PageInfo {
    /// Behind which cursor it goes on.
    pub fn next(&self) -> Option<&str> {
        self.end_cursor.as_deref().filter(|_| self.has_next_page)
    }
}

/// From a page of a list to the first one and to the next.
pub(super) fn pages(filter: &Filter<'_>, after: Option<&str>, info: &PageInfo) -> Markup {
    let next = info.next();
    html! {
        @if after.is_some() || next.is_some() {
            nav.pages aria-label=(text("page-pages")) {
                @if after.is_some() { a href=(filter.address(&[])) { (text("page-first")) } }
                @if let Some(next) = next {
                    a rel="next" href=(filter.address(&[("after", next)])) { (text("page-next")) }
                }
            }
        }
    }
}
