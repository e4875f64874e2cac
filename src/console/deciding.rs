//! What a viewer may do with a plan: the forms to sign it and to send it back, and why one was refused.

use aggregates::shared::Role;
use maud::{Markup, html};
use uuid::Uuid;

use super::{
    asking::Refusal,
    forms::{hidden, refusals},
    text, text_of,
    trail::Deed,
    trail_data::Plan,
    trail_page::role,
    visit::Visit,
};
use crate::identity::{
    Viewer,
    policy::{MUTATIONS, allows, rule},
};

/// What somebody tried, and why it was refused.
pub(super) struct Tried {
    pub deed: Deed,
    pub refused: Vec<Refusal>,
    /// What they typed.
    pub reason: String,
}

/// What the viewer may do now, and what came of what they tried.
pub(super) fn decide(visit: &Visit, viewer: &Viewer, plan: &Plan, tried: Option<&Tried>) -> Markup {
    let due = plan.waits_for(viewer);
    let may = |mutation: &str| allows(rule(MUTATIONS, mutation), Some(viewer)).is_ok();
    let signs = due.filter(|_| may("signIep"));
    // Before the student has signed there is nothing to send back; what all have signed, a registrar may.
    let is_theirs = due.is_some_and(|role| role != Role::Student);
    let sends_back =
        (is_theirs || plan.is_ready() && viewer.is(Role::Registrar)) && may("sendBackIep");
    html! {
        @if signs.is_some() || sends_back || tried.is_some() {
            section.decide aria-labelledby="decide" {
                h2 #decide { (text("page-decide")) }
                @if let (None, false, Some(tried)) = (signs, sends_back, tried) {
                    // What was tried is no longer theirs to do: what they typed is not lost.
                    (refusals("refused", &tried.refused))
                    @if !tried.reason.is_empty() { blockquote { (tried.reason) } }
                }
                @if let Some(role) = signs { (sign(visit, plan, role, tried)) }
                @if sends_back { (send_back(visit, plan, tried)) }
            }
        }
    }
}

/// Why a deed was refused, if it was that one.
fn refused(tried: Option<&Tried>, deed: Deed) -> &[Refusal] {
    tried.filter(|tried| tried.deed == deed).map_or(&[], |tried| &tried.refused)
}

/// What every form brings back: whose it is, what it does, to which revision, and that it does it once.
fn brought(visit: &Visit, plan: &Plan, deed: Deed) -> Markup {
    html! {
        (hidden("token", &visit.form_token()))
        (hidden("deed", deed.name()))
        (hidden("revision", &plan.revision.to_string()))
        (hidden("key", &Uuid::new_v4().to_string()))
    }
}

fn sign(visit: &Visit, plan: &Plan, signer: Role, tried: Option<&Tried>) -> Markup {
    let refused = refused(tried, Deed::Sign);
    let signer = role(&signer.name().to_uppercase());
    let address = format!("/console/ieps/{}", plan.id);
    html! {
        form #sign method="post" action=(address) {
            (refusals("sign-refused", refused))
            (brought(visit, plan, Deed::Sign))
            p #signs { (text_of("page-signs", &[("revision", &plan.revision), ("role", &signer)])) }
            button aria-describedby="signs" {
                (text_of("page-sign", &[("revision", &plan.revision)]))
            }
        }
    }
}

fn send_back(visit: &Visit, plan: &Plan, tried: Option<&Tried>) -> Markup {
    let refused = refused(tried, Deed::SendBack);
    let typed = tried.map(|tried| tried.reason.as_str()).unwrap_or_default();
    let address = format!("/console/ieps/{}", plan.id);
    let described = if refused.is_empty() { "sends-back" } else { "send-back-refused sends-back" };
    html! {
        form #send-back method="post" action=(address) {
            (refusals("send-back-refused", refused))
            (brought(visit, plan, Deed::SendBack))
            label for="reason" { (text("page-reason")) }
            textarea #reason name="reason" rows="4" maxlength="4000" aria-required="true"
                aria-invalid=[(!refused.is_empty()).then_some("true")]
                aria-describedby=(described) { (typed) }
            p #sends-back { (text("page-sends-back")) }
            button.careful { (text_of("page-send-back", &[("revision", &plan.revision)])) }
        }
    }
}
