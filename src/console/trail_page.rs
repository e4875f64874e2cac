//! The page of a plan's trail.

use maud::{Markup, html};

use super::{
    asking::Refusal,
    deciding::{Tried, decide},
    layout::{columns, time},
    subjects::{Row, subjects},
    text, text_of,
    trail_data::{
        Change, Entry, LostSeat, Override, Plan, RegistrarChange, Revision, SentBack, Signature,
        Term, TermCredits,
    },
    visit::Visit,
};
use crate::{identity::Viewer, papers::academic_year};

/// Everything between the page's head and its foot.
pub(super) fn main(visit: &Visit, viewer: &Viewer, plan: &Plan, tried: Option<&Tried>) -> Markup {
    let done = visit.asked("done").filter(|_| tried.is_none());
    html! {
        (head(plan))
        @if let Some(done @ ("sign" | "send-back")) = done {
            p.done role="status" { (text_of("page-done", &[("deed", &done)])) }
        }
        // Whoever signs has read them before.
        (warnings(&plan.warnings))
        (decide(visit, viewer, plan, tried))
        (credits(plan))
        @for revision in plan.revisions.iter().rev() {
            (one(plan, revision))
        }
    }
}

fn head(plan: &Plan) -> Markup {
    let student = plan.student.as_ref();
    let programme = student.and_then(|student| student.programme.as_ref());
    html! {
        hgroup {
            p { (text("page-plan")) " · " (academic_year(plan.academic_year)) }
            h1 { (student.map_or("?", |student| student.display_name.as_str())) }
        }
        dl.facts {
            dt { (text("page-status")) }
            dd { strong.status { (text_of("page-status-is", &[("status", &plan.status)])) } }
            dt { (text("page-due")) }
            dd { (plan.waits_for.as_deref().map_or_else(|| text("page-nobody"), role)) }
            dt { (text("page-revision-newest")) }
            dd { (plan.revision) }
            @if let Some(programme) = programme {
                dt { (text("page-programme")) }
                dd { @if let Some(code) = &programme.code { (code) " " } (programme.local_title.text) }
            }
            @if let Some(group) = student.and_then(|student| student.group.as_ref()) {
                dt { (text("page-group")) }
                dd { (group) }
            }
            dt { (text("page-advisor")) }
            dd { (plan.advisor.as_ref().map_or("–", |advisor| advisor.display_name.as_str())) }
            dt { (text("page-regulation")) }
            dd { (plan.regulation_version) }
        }
    }
}

/// A role's name.
pub(super) fn role(role: &str) -> String {
    text_of("page-role", &[("role", &role)])
}

fn warnings(warnings: &[Refusal]) -> Markup {
    html! {
        @if !warnings.is_empty() {
            section.warnings aria-labelledby="warnings" {
                h2 #warnings { (text("page-warnings")) }
                (told(warnings))
            }
        }
    }
}

/// What has gone wrong, each with its code.
pub(super) fn told(warnings: &[Refusal]) -> Markup {
    html! {
        ul {
            @for warning in warnings {
                li { (warning.message) " " code { (warning.code) } }
            }
        }
    }
}

/// Plan, fact and remainder of each term of the newest revision.
fn credits(plan: &Plan) -> Markup {
    html! {
        div.wide {
            table {
                caption { (text("page-credits")) }
                thead {
                    tr {
                        th scope="col" { (text("page-term")) }
                        th.number scope="col" { (text("page-credits-plan")) }
                        th.number scope="col" { (text("page-credits-fact")) }
                        th.number scope="col" { (text("page-credits-remainder")) }
                    }
                }
                tbody {
                    @for TermCredits { term, credits } in &plan.terms {
                        tr {
                            th scope="row" { (term.local_title.text) }
                            td.number { (credits.plan) }
                            td.number { (credits.fact) }
                            td.number { (credits.remainder) }
                        }
                    }
                }
            }
        }
    }
}

/// One revision.
fn one(plan: &Plan, revision: &Revision) -> Markup {
    let number = revision.number;
    let heading = format!("revision-{number}");
    let is_newest = number == plan.revision;
    html! {
        article.revision.newest[is_newest] aria-labelledby=(heading) {
            h2 id=(heading) {
                (text_of("page-revision", &[("number", &number)]))
                @if is_newest { " " span.badge { (text("page-newest")) } }
            }
            (opened(revision))
            @if let Some(sent_back) = &revision.sent_back { (was_sent_back(sent_back)) }
            (by_registrars(revision))
            (differences(revision))
            h3 { (text("page-subjects")) }
            @if revision.entries.is_empty() { p { (text("page-no-subjects")) } }
            @for (term, entries, credits) in revision.by_term(&plan.terms) {
                (subjects(&term.local_title.text, entries.iter().map(|entry| row(plan, revision, entry)), &credits))
            }
            (signatures(revision))
            @if let Some(paper) = &revision.paper {
                p.paper {
                    a href={ "/console/ieps/" (plan.id) "/" (number) ".pdf" } { (text("page-paper")) }
                    " · " (text("page-check-code")) ": "
                    a href={ "/check/" (paper.check_code) } { code { (paper.check_code) } }
                }
            }
            (signed(revision))
        }
    }
}

/// A subject, with the override that let the student in, if there was one, and the seats that were taken away while the
/// revision was the newest.
fn row<'a>(plan: &Plan, revision: &Revision, entry: &'a Entry) -> Row<'a> {
    let title = html! {
        (entry.subject.local_title.text)
        @if let Some(over) = entry.over() { (overridden(over)) }
        @for seat in entry.lost_seats() {
            @if plan.was_newest(revision, &seat.taken_away.at) { (lost(seat)) }
        }
    };
    Row { code: &entry.subject.code, title, credits: &entry.credits }
}

fn opened(revision: &Revision) -> Markup {
    let by = revision.opened_by.as_ref().map(|person| person.display_name.as_str());
    html! {
        dl.facts {
            dt { (text("page-opened")) }
            dd { (time(&revision.opened_at)) }
            dt { (text("page-by")) }
            dd { (by.unwrap_or("–")) }
            dt { (text("page-because")) }
            dd {
                (text_of("page-cause", &[("cause", &revision.cause)]))
                @if let Some(reason) = &revision.cause_reason { blockquote { (reason) } }
            }
        }
    }
}

fn was_sent_back(sent_back: &SentBack) -> Markup {
    html! {
        div.sent-back {
            p {
                strong { (text("page-sent-back")) } " "
                (time(&sent_back.at)) ", " (sent_back.by.display_name)
                " (" (role(&sent_back.role)) ")"
            }
            blockquote {
                @match &sent_back.reason {
                    Some(reason) => (reason),
                    None => (text("page-text-erased")),
                }
            }
        }
    }
}

/// What registrars changed, each with its reason.
fn by_registrars(revision: &Revision) -> Markup {
    let by = |change: &RegistrarChange| change.by.as_ref().map(|by| by.display_name.clone());
    html! {
        @if !revision.registrar_changes.is_empty() {
            ul.by-registrars {
                @for change in &revision.registrar_changes {
                    li {
                        strong { (text_of("page-change", &[("kind", &change.kind)])) } " "
                        span.code { (change.subject.code) } " "
                        (change.subject.local_title.text) ": "
                        (by(change).unwrap_or_default()) ", " (time(&change.at))
                        blockquote {
                            @match &change.reason {
                                Some(reason) => (reason),
                                None => (text("page-text-erased")),
                            }
                        }
                    }
                }
            }
        }
    }
}

fn differences(revision: &Revision) -> Markup {
    let mut changes: Vec<_> = revision.changes.iter().collect();
    changes.sort_by(|a, b| a.subject.code.cmp(&b.subject.code));
    html! {
        @if revision.number > 1 {
            h3 { (text_of("page-differences", &[("before", &(revision.number - 1))])) }
            @if changes.is_empty() {
                p { (text("page-no-differences")) }
            } @else {
                ul.differences { @for change in changes { (difference(change)) } }
            }
        }
    }
}

fn difference(change: &Change) -> Markup {
    let title = |term: &Option<Term>| {
        term.as_ref().map_or("?", |term| term.local_title.text.as_str()).to_owned()
    };
    let (from, to) = (title(&change.from_term), title(&change.to_term));
    let kind = change.kind.to_lowercase();
    html! {
        li class=(kind) {
            strong { (text_of("page-change", &[("kind", &change.kind)])) } " "
            span.code { (change.subject.code) } " " (change.subject.local_title.text) " "
            span.where {
                (text_of("page-change-where", &[("kind", &change.kind), ("from", &from), ("to", &to)]))
            }
        }
    }
}

/// In spite of what the student was let in.
fn overridden(over: &Override) -> Markup {
    html! {
        div.override {
            strong { (text("page-override")) } " "
            (over.by.display_name) ", " (time(&over.at))
            @if let Some(reason) = &over.reason { ": " q { (reason) } }
            ul {
                @for reason in &over.reasons { li { (reason.message) " " code { (reason.code) } } }
            }
        }
    }
}

/// A seat that was taken away, with the reason.
fn lost(LostSeat { stream, taken_away }: &LostSeat) -> Markup {
    let by = taken_away.by.as_ref().map_or("–", |by| by.display_name.as_str());
    let (component, group) =
        stream.as_ref().map_or(("?", ""), |it| (it.component.as_str(), it.group.as_str()));
    html! {
        div.lost-seat {
            strong {
                (text_of("page-lost-seat", &[("component", &component), ("group", &group)]))
            } " "
            (by) ", " (time(&taken_away.at)) ": "
            @match &taken_away.reason {
                Some(reason) => q { (reason) },
                None => (text("page-text-erased")),
            }
        }
    }
}

fn signatures(revision: &Revision) -> Markup {
    html! {
        h3 { (text("page-signatures")) }
        @if revision.signatures.is_empty() {
            p { (text("page-no-signatures")) }
        } @else {
            div.wide {
                table.signatures.stacked {
                    caption {
                        (text_of("page-signatures-of", &[("number", &revision.number)]))
                    }
                    (columns(&["page-signer-role", "page-signer", "page-signed-at", "page-hash-fits",
                        "page-holds", "page-digest"]))
                    tbody { @for it in &revision.signatures { (signature(it)) } }
                }
            }
        }
    }
}

fn signature(signature: &Signature) -> Markup {
    let word = |yes: bool| text(if yes { "page-yes" } else { "page-no" });
    html! {
        tr {
            th scope="row" { (role(&signature.role)) }
            td data-label=(text("page-signer")) { (signature.signer.display_name) }
            td data-label=(text("page-signed-at")) { (time(&signature.signed_at)) }
            td.fits.(verdict(signature.digest_matches)) data-label=(text("page-hash-fits")) {
                (word(signature.digest_matches))
            }
            td.holds.(verdict(signature.valid)) data-label=(text("page-holds")) {
                (word(signature.valid))
                @if let Some(why) = &signature.invalid_because {
                    ": " (why.message) " " code { (why.code) }
                }
            }
            td data-label=(text("page-digest")) { code.digest { (signature.digest) } }
        }
    }
}

/// What a cell is coloured by, beside its word.
fn verdict(yes: bool) -> &'static str {
    if yes { "good" } else { "bad" }
}

/// The bytes that were signed, and their digest, computed from them as the page was made.
fn signed(revision: &Revision) -> Markup {
    let Some(json) = &revision.signed_json else { return html! {} };
    let pretty = serde_json::from_str::<serde_json::Value>(json)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| json.clone());
    html! {
        details {
            summary { (text("page-signed-bytes")) }
            @if let Some(digest) = &revision.signed_digest {
                p { (text("page-digest-anew")) " " code.digest { (digest) } }
            }
            p { (text_of("page-signed-bytes-note", &[("bytes", &json.len())])) }
            pre tabindex="0" { (pretty) }
        }
    }
}
