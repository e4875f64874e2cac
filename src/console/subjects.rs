//! The table of a term's subjects.

use std::fmt::Display;

use maud::{Markup, html};

use super::text;

/// A subject.
pub(super) struct Row<'a> {
    pub code: &'a str,
    pub title: Markup,
    pub credits: &'a dyn Display,
}

/// The subjects of a term, with the credits in all.
pub(super) fn subjects<'a>(
    term: &str,
    rows: impl Iterator<Item = Row<'a>>,
    total: &dyn Display,
) -> Markup {
    html! {
        div.wide {
            table.subjects {
                caption { (term) }
                thead {
                    tr {
                        th scope="col" { (text("page-code")) }
                        th scope="col" { (text("page-subject")) }
                        th.number scope="col" { (text("page-credits-short")) }
                    }
                }
                tbody {
                    @for Row { code, title, credits } in rows {
                        tr {
                            th scope="row" { (code) }
                            td { (title) }
                            td.number { (credits.to_string()) }
                        }
                    }
                }
                tfoot {
                    tr {
                        th scope="row" colspan="2" { (text("page-total")) }
                        td.number { (total.to_string()) }
                    }
                }
            }
        }
    }
}
