//! Signing in and out: by the mutations of the API, with what they hold against who tries too often; the session's
//! token becomes a cookie.

use axum::{
    Extension, Form,
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use maud::html;
use serde::Deserialize;
use serde_json::json;

use super::{
    HOME,
    asking::{Refusal, ask},
    failure::Failure,
    forms::{hidden, refusals},
    layout::{Page, page as whole},
    text,
    visit::{Visit, Visitor},
};

const SIGN_IN: &str = "mutation($login: String!, $password: String!) {
    signIn(input: {login: $login, password: $password}) {
        session { token } userErrors { code message } } }";
const SIGN_OUT: &str = "mutation { signOut(input: {}) { userErrors { code message } } }";

#[derive(Deserialize)]
struct SignedIn {
    session: Option<Session>,
    #[serde(rename = "userErrors")]
    user_errors: Vec<Refusal>,
}

#[derive(Deserialize)]
struct Session {
    #[serde(default)]
    token: String,
}

/// What somebody typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    token: String,
    #[serde(default)]
    next: String,
    login: String,
    password: String,
}

/// What a form brings that has nothing but a button.
#[derive(Deserialize)]
pub(super) struct Bare {
    #[serde(default)]
    token: String,
}

/// The form.
pub(super) async fn page(Extension(visit): Visitor) -> Result<Response, Failure> {
    let next = visit.asked("next").unwrap_or_default();
    if visit.viewer.is_some() {
        return Ok(Redirect::to(inside(next)).into_response());
    }
    form(&visit, next, "", &[])
}

/// Signs in, and goes on to where the visitor wanted.
pub(super) async fn sign_in(
    Extension(visit): Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    visit.must_be_of_sign_in(&typed.token)?;
    let variables = json!({"login": typed.login, "password": typed.password});
    let done = ask::<SignedIn>(&visit, SIGN_IN, variables).await?;
    let done = done.ok_or_else(|| Failure::told("INTERNAL"))?;
    match done.session {
        Some(session) => {
            let cookie = AppendHeaders([(header::SET_COOKIE, visit.cookie(&session.token))]);
            Ok((cookie, Redirect::to(inside(&typed.next))).into_response())
        }
        None => {
            let form = form(&visit, &typed.next, &typed.login, &done.user_errors)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form).into_response())
        }
    }
}

/// Ends the session, and takes the cookie back.
pub(super) async fn sign_out(
    Extension(visit): Visitor,
    Form(bare): Form<Bare>,
) -> Result<Response, Failure> {
    visit.must_be_ours(&bare.token)?;
    if visit.viewer.is_some() {
        ask::<serde::de::IgnoredAny>(&visit, SIGN_OUT, json!({})).await?;
    }
    let cookie = AppendHeaders([(header::SET_COOKIE, visit.no_cookie())]);
    Ok((cookie, Redirect::to("/console/sign-in")).into_response())
}

fn form(visit: &Visit, next: &str, login: &str, refused: &[Refusal]) -> Result<Response, Failure> {
    let title = text("page-sign-in");
    let (token, cookie) = visit.sign_in_token()?;
    let described = (!refused.is_empty()).then_some("refused");
    let main = html! {
        h1 { (title) }
        form.narrow method="post" action="/console/sign-in" {
            (refusals("refused", refused))
            (hidden("token", &token))
            (hidden("next", inside(next)))
            label for="login" { (text("page-login")) }
            input #login type="text" name="login" value=(login) autocomplete="username"
                autocapitalize="none" spellcheck="false" required aria-describedby=[described];
            label for="password" { (text("page-password")) }
            input #password type="password" name="password" autocomplete="current-password"
                required aria-describedby=[described];
            button { (text("page-sign-in")) }
        }
    };
    let shown = whole(visit, Page { title: &title, main, position: None });
    let cookie = cookie.map(|cookie| AppendHeaders([(header::SET_COOKIE, cookie)]));
    Ok(match cookie {
        Some(cookie) => (cookie, shown).into_response(),
        None => shown,
    })
}

/// A page of the console's, whatever somebody put into a link.
fn inside(next: &str) -> &str {
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
