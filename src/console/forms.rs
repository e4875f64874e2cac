//! What forms are made of.

use maud::{Markup, html};

use super::{HOME, asking::Refusal};

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

/// A page of the console's, whatever somebody put into a link.
pub(super) fn inside(next: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    let is_ours = ["/console", "/console/"].iter().any(|beginning| {
        let rest = next.strip_prefix(beginning);
        rest.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('?') || beginning.ends_with('/')
        })
    });
    // Which is no page: it is only ever sent a form.
    let signs_out = next.split(['?', '#']).next() == Some("/console/sign-out");
    if is_ours && !signs_out && next.bytes().all(plain) { next } else { HOME }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn nobody_is_sent_out_of_the_console() {
        for ours in ["/console", "/console?lang=kk", "/console/ieps/0?position=7"] {
            assert_eq!(inside(ours), ours);
        }
        for foreign in
            ["", "//elsewhere.example", "/consoles", "https://elsewhere.example", "/graphql"]
        {
            assert_eq!(inside(foreign), "/console", "{foreign}");
        }
        for no_page in ["/console/sign-out", "/console/sign-out?lang=kk"] {
            assert_eq!(inside(no_page), "/console", "{no_page}");
        }
        for broken in ["/console/\r\nSet-Cookie: a=b", "/console/\\elsewhere", "/console/ә"] {
            assert_eq!(inside(broken), "/console", "{broken}");
        }
    }
}
