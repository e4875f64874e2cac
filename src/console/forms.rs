//! What forms are made of.

use maud::{Markup, html};

use super::asking::Refusal;

/// A value that a form brings back.
pub(super) fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// Why a form was refused, each reason with its code.
pub(super) fn refusals(id: &str, refused: &[Refusal]) -> Markup {
    html! {
        @if !refused.is_empty() {
            div.refused #(id) role="alert" {
                @for refusal in refused {
                    p { (refusal.message) " " code { (refusal.code) } }
                }
            }
        }
    }
}
