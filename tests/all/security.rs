//! The security journal, foreign pages and proxies (DESIGN.md section 7).

use std::time::Duration;

use oqu::config::Config;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    campus::Campus,
    papers::{Papers, docx, paragraphs, upload},
    program::answer,
    server::{self, Client, PASSWORD, Server, account, text},
};

tests! {
    both {
        auditors_read_who_signed_in_and_who_was_turned_away,
        entries_go_with_their_time_and_their_person,
    }
    sqlite { only_pages_of_allowed_origins_may_ask, only_trusted_proxies_are_believed }
}

/// The journal's entries as an auditor sees them, the newest first, once there are so many.
async fn entries(auditor: &Client, person: Option<&str>, least: usize) -> Vec<Value> {
    entries_once(auditor, person, |seen| seen.len() >= least).await
}

/// The same once they are as wanted: they are written beside the requests.
async fn entries_once(
    auditor: &Client,
    person: Option<&str>,
    wanted: impl Fn(&[Value]) -> bool,
) -> Vec<Value> {
    let mut seen = vec![];
    for _ in 0..200 {
        let page = auditor.ask("SecurityJournal", json!({"person": person})).await;
        seen = page["nodes"].as_array().unwrap().clone();
        if wanted(&seen) {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the entries do not come: {seen:?}")
}

fn incidents(entries: &[Value]) -> Vec<String> {
    entries.iter().map(|entry| text(&entry["incident"])).collect()
}

async fn auditors_read_who_signed_in_and_who_was_turned_away(config: Config) {
    let papers = Papers::open(&config).await;
    let Papers { campus, student, thesis, .. } = &papers;
    let nobody = campus.server.nobody();
    let wrong = json!({"login": "қанатов", "password": "not this one"});
    nobody.refused("SignIn", wrong).await;
    let right = json!({"login": "қанатов", "password": PASSWORD});
    nobody.ask("SignIn", right).await;
    assert_eq!(student.refused("OpenThesisAttempt", json!({"thesis": thesis})).await, "FORBIDDEN");
    let stranger = campus.student("Бөтен").await;
    let file = upload(student, thesis, &docx(&paragraphs("own", 0..1)), "a.docx").await;
    let file = text(&file["thesis"]["attempts"][0]["file"]["id"]);
    assert_eq!(stranger.file(&file).send().await.unwrap().status(), StatusCode::FORBIDDEN);

    let of_student = entries(&campus.auditor, Some(&student.id), 4).await;
    let expected = ["REFUSED", "SIGNED_IN", "SIGN_IN_FAILED", "ACCESS_REDEEMED"];
    assert_eq!(incidents(&of_student), expected);
    assert_eq!(of_student[0]["asked"], "openThesisAttempt");
    assert_eq!(of_student[0]["address"], "127.0.0.1");
    assert_eq!(of_student[0]["person"]["id"], student.id);
    let of_stranger = entries(&campus.auditor, Some(&stranger.id), 2).await;
    assert_eq!(of_stranger[0]["asked"], format!("/files/{file}"));
    // Also who may ask, but not of this one: reading, and acting.
    assert_eq!(stranger.refused("Thesis", json!({"id": thesis})).await, "FORBIDDEN");
    let of_stranger = entries(&campus.auditor, Some(&stranger.id), 3).await;
    assert_eq!(of_stranger[0]["asked"], "thesis");
    let send = stranger.refused("SendThesisToCheck", json!({"thesis": thesis})).await;
    assert_eq!(send, "NOT_YOURS");
    let of_stranger = entries(&campus.auditor, Some(&stranger.id), 4).await;
    assert_eq!(of_stranger[0]["asked"], "sendThesisToCheck");

    // Whose login nobody has is not known, and what was typed is not kept.
    nobody.refused("SignIn", json!({"login": "my-secret", "password": "x"})).await;
    let of_nobody =
        |entry: &Value| entry["incident"] == "SIGN_IN_FAILED" && entry["person"].is_null();
    let all = entries_once(&campus.auditor, None, |seen| seen.iter().any(of_nobody)).await;
    assert!(!json!(all).to_string().contains("my-secret"));
    for reader in [student, &campus.registrar, &campus.administrator] {
        assert_eq!(reader.refused("SecurityJournal", json!({})).await, "FORBIDDEN");
    }
    // Page by page there are the same, and that the student was refused here too.
    entries(&campus.auditor, Some(&student.id), 5).await;
    let mut paged = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = json!({"first": 3, "after": after, "person": student.id});
        let page = campus.auditor.ask("SecurityJournal", page).await;
        paged.extend(page["nodes"].as_array().unwrap().clone());
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(paged[1..], of_student[..]);
}

async fn entries_go_with_their_time_and_their_person(config: Config) {
    let mut campus = Campus::open(&config).await;
    let student = campus.student("Қанатов").await;
    entries(&campus.auditor, Some(&student.id), 1).await;
    campus.server.kill();
    answer(&config, &["person", "erase", &student.id, "--reason", "№ 17"]);
    let server = Server::start(&config);
    let auditor = campus.auditor.at(server.url());
    assert_eq!(entries(&auditor, Some(&student.id), 0).await, Vec::<Value>::new());
    assert!(!entries(&auditor, None, 1).await.is_empty());
    drop(server);
    let server = Server::with(&config, &[("OQU_SECURITY_JOURNAL_DAYS", "0")]);
    let auditor = auditor.at(server.url());
    entries_once(&auditor, None, <[Value]>::is_empty).await;
}

async fn only_pages_of_allowed_origins_may_ask(config: Config) {
    let ours = "https://cabinet.example";
    let server = Server::with(&config, &[("OQU_ALLOWED_ORIGINS", "[\"https://cabinet.example\"]")]);
    let http = reqwest::Client::new();
    let allowed = async |origin: &str| {
        let asked = http
            .request(Method::OPTIONS, server.url())
            .header(header::ORIGIN, origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,graphql-preflight");
        let told = asked.send().await.unwrap();
        let says = |name| told.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        (
            says(header::ACCESS_CONTROL_ALLOW_ORIGIN),
            says(header::ACCESS_CONTROL_ALLOW_HEADERS).unwrap_or_default(),
        )
    };
    let (origin, headers) = allowed(ours).await;
    assert_eq!(origin.as_deref(), Some(ours));
    assert!(headers.contains("graphql-preflight") && headers.contains("oqu-after-position"));
    assert_eq!(allowed("https://foreign.example").await.0, None);
    let asked = server.nobody().operation("{ __typename }", json!({})).header(header::ORIGIN, ours);
    let told = asked.send().await.unwrap();
    assert_eq!(told.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], ours);
    drop(server);
    let server = Server::with(&config, &[("OQU_ALLOWED_ORIGINS", "[\"*\"]")]);
    let asked = server.nobody().operation("{ __typename }", json!({})).header(header::ORIGIN, ours);
    let told = asked.send().await.unwrap();
    assert_eq!(told.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
}

async fn only_trusted_proxies_are_believed(config: Config) {
    account(&config, "auditor", "auditor");
    for (proxies, address) in [("[]", "127.0.0.1"), ("[\"127.0.0.0/8\"]", "198.51.100.7")] {
        let server = Server::with(&config, &[("OQU_TRUSTED_PROXIES", proxies)]);
        let signing_in = json!({"login": "auditor", "password": PASSWORD});
        let asked = server.nobody().operation("SignIn", signing_in);
        let asked = asked.header("X-Forwarded-For", "1.2.3.4, 198.51.100.7");
        let signed_in = server::answer(asked).await.unwrap().done();
        let auditor = server.nobody().with_session(&signed_in["session"]);
        // The one before is there already.
        entries_once(&auditor, None, |seen| {
            seen.first().is_some_and(|newest| newest["address"] == address)
        })
        .await;
    }
}
