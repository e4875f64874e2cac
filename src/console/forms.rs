//! What forms are made of.

use maud::{Markup, html};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{HOME, asking::Refusal};

/// A value that a form brings back.
pub(super) fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// The idempotency key of an act: of the form that asked for it, and of what was asked. The same form sent twice acts
/// once; with another choice, after *back* in the browser, it asks for another act.
pub(super) fn act_key(form: &str, asked: &Value) -> String {
    let both = Sha256::new().chain_update(form).chain_update("\n").chain_update(asked.to_string());
    format!("{:x}", both.finalize())
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
    use serde_json::json;

    use super::{act_key, inside};

    #[test]
    fn the_same_form_with_another_choice_is_another_act() {
        let act = |form: &str, revision: i32| act_key(form, &json!({"revision": revision}));
        assert_eq!(act("one", 1), act("one", 1));
        assert_ne!(act("one", 1), act("one", 2));
        assert_ne!(act("one", 1), act("two", 1));
    }

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
