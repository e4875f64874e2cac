//! The rules of the two protocols, and clients that keep to none.

use std::time::Duration;

use oqu::config::Config;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    campus::{Campus, Taught},
    journey::{answer, created, right, start},
    server::{Server, account},
    streams::{Events, Socket},
};

tests! { sqlite {
    a_socket_speaks_its_protocol,
    a_socket_ends_with_a_code_that_says_why,
    pages_of_other_sites_may_not_connect,
    everything_may_be_asked_over_a_stream,
    a_subscription_needs_a_stream,
    a_slow_client_is_let_go_and_costs_no_memory,
    a_silent_client_is_let_go,
    a_server_that_stops_says_so,
} }

const NOTHING: &str = "{ __typename }";

async fn staff(config: &Config, settings: &[(&str, &str)]) -> Server {
    account(config, "auditor", "auditor");
    Server::with(config, settings)
}

async fn a_socket_speaks_its_protocol(config: Config) {
    let server = staff(&config, &[("OQU_MAX_OPERATIONS", "2")]).await;
    let auditor = server.sign_in("auditor").await;
    let mut socket = Socket::open(Socket::request(server.url())).await.unwrap();
    socket.say(json!({"type": "ping"})).await;
    assert_eq!(socket.hear().await, json!({"type": "pong", "payload": null}));
    let token = format!("Bearer {}", auditor.token.as_deref().unwrap());
    socket.say(json!({"type": "connection_init", "payload": {"authorization": token}})).await;
    assert_eq!(socket.hear().await, json!({"type": "connection_ack"}));
    socket.say(json!({"type": "ping", "payload": {"n": 1}})).await;
    assert_eq!(socket.hear().await, json!({"type": "pong", "payload": {"n": 1}}));

    // What answers once is answered and complete; its id may be used again.
    for _ in 0..2 {
        socket.follow("a", "{ me { id } }", json!({})).await;
        assert_eq!(socket.item("a").await, json!({"id": auditor.id}));
        assert_eq!(socket.hear().await, json!({"id": "a", "type": "complete"}));
    }
    let one = "iepChanged(iepId: \"none\") { position }";
    let two = format!("subscription {{ a: {one} b: {one} }}");
    // What can't run is told, and nothing else ends with it.
    for (query, variables, code) in [
        ("{", json!({}), "BAD_QUERY"),
        ("{ nothing }", json!({}), "BAD_QUERY"),
        ("query($id: ID!) { student(id: $id) { id } }", json!({}), "BAD_INPUT"),
        ("subscription { iepChanged(iepId: \"\\u0000\") { position } }", json!({}), "BAD_INPUT"),
        ("subscription { iepChanged(iepId: \"none\") { position } }", json!({}), "BAD_INPUT"),
        ("subscription { ...F } fragment F on Subscription { __typename }", json!({}), "BAD_QUERY"),
        (&two, json!({}), "BAD_QUERY"),
    ] {
        socket.follow("b", query, variables).await;
        assert_eq!(socket.refused("b").await, code, "{query}");
    }
    // Completing what there is not does no harm.
    socket.say(json!({"id": "unknown", "type": "complete"})).await;
    socket.follow("c", NOTHING, json!({})).await;
    assert_eq!(socket.item("c").await, "Query");
}

async fn a_socket_ends_with_a_code_that_says_why(config: Config) {
    let taught = Taught::open(&config).await;
    let url = taught.campus.server.url();
    let student = &taught.student;
    let text = |text: &str| Message::Text(text.to_owned().into());
    for (said, code) in [
        (text("nonsense"), 4400),
        (text(r#"{"type": "unheard_of"}"#), 4400),
        (text(r#"{"type": "subscribe", "id": "a"}"#), 4400),
        (text(r#"{"type": "subscribe", "id": "a", "payload": {"variables": {}}}"#), 4400),
        (text(r#"{"type": "connection_init", "payload": 1}"#), 4400),
        (text(r#"{"type": "connection_init", "payload": {"authorization": "\n"}}"#), 4400),
        (Message::Binary(vec![1, 2, 3].into()), 4400),
        (text(r#"{"type": "subscribe", "id": "a", "payload": {"query": "{ me { id } }"}}"#), 4401),
        (text(r#"{"type": "connection_init", "payload": {"authorization": "Bearer no"}}"#), 4403),
        (text(&"x".repeat(2_000_000)), 1009),
    ] {
        let mut socket = Socket::open(Socket::request(url)).await.unwrap();
        socket.send(said.clone()).await;
        assert_eq!(socket.next().await, Err(code), "{said:.100}");
    }
    let mut socket = Socket::greeted(student, url).await;
    socket.say(json!({"type": "connection_init"})).await;
    assert_eq!(socket.next().await, Err(4429));

    let mut socket = Socket::greeted(student, url).await;
    let long = "ә".repeat(100);
    socket.follow(&long, "IepChanged", json!({"iep": taught.iep})).await;
    socket.item(&long).await;
    socket.follow(&long, "IepChanged", json!({"iep": taught.iep})).await;
    assert_eq!(socket.next().await, Err(4409));

    let mut other = Socket::request(url);
    other.headers_mut().remove("sec-websocket-protocol");
    assert_eq!(Socket::open(other).await.unwrap().next().await, Err(4406));
}

async fn pages_of_other_sites_may_not_connect(config: Config) {
    let allowed = ("OQU_ALLOWED_ORIGINS", r#"["https://cabinet.example"]"#);
    let server = staff(&config, &[allowed]).await;
    let own = server.url().trim_end_matches("/graphql").to_owned();
    for (origin, refused) in [
        ("https://cabinet.example", None),
        (&own, None),
        ("https://evil.example", Some(403)),
        ("https://cabinet.example.evil.example", Some(403)),
        ("null", Some(403)),
    ] {
        let mut request = Socket::request(server.url());
        request.headers_mut().insert("origin", origin.parse().unwrap());
        assert_eq!(Socket::open(request).await.err(), refused, "{origin}");
    }
}

async fn everything_may_be_asked_over_a_stream(config: Config) {
    let server = staff(&config, &[]).await;
    let auditor = server.sign_in("auditor").await;
    let mut events = Events::follow(&auditor, "{ me { id } }", json!({})).await;
    assert_eq!(events.item().await, json!({"id": auditor.id}));
    events.completed().await;
    assert_eq!(events.next().await, None);
    for (query, code) in [("{", "BAD_QUERY"), ("{ nothing }", "BAD_QUERY")] {
        assert_eq!(Events::follow(&auditor, query, json!({})).await.refused().await, code);
    }
    // By GET too, as browsers' own EventSource asks; only a mutation may not come so.
    let by_get = |query: &str| {
        let url = reqwest::Url::parse_with_params(server.url(), [("query", query)]).unwrap();
        reqwest::Client::new().get(url)
    };
    let unknown = format!(
        "subscription {{ iepChanged(iepId: \"{}\") {{ position }} }}",
        uuid::Uuid::new_v4()
    );
    assert_eq!(Events::of(by_get(&unknown)).await.refused().await, "UNAUTHENTICATED");
    let mutation = by_get("mutation { signOut(input: {}) { signedOut } }");
    let refused = mutation.header("Accept", "text/event-stream").send().await.unwrap();
    assert_eq!(refused.status().as_u16(), 405);
}

async fn a_subscription_needs_a_stream(config: Config) {
    let server = staff(&config, &[]).await;
    let auditor = server.sign_in("auditor").await;
    let refused = auditor.refused("IepChanged", json!({"iep": uuid::Uuid::new_v4()})).await;
    assert_eq!(refused, "SUBSCRIPTION_NEEDS_STREAM");
}

async fn a_slow_client_is_let_go_and_costs_no_memory(config: Config) {
    const MEGABYTE: usize = 1024 * 1024;
    let taught = Taught::with(&config, &[("OQU_SLOW_CLIENT_SECONDS", "2")]).await;
    let student = &taught.student;
    let question = json!({
        "prompt": "Қ".repeat(4_000), "points": 1, "kind": "NUMERIC", "number": 1, "tolerance": 0,
    });
    let test = created(&taught, json!({"questions": vec![question; 20]})).await;
    let attempt = start(student, &test).await;
    for sequence in 1..=20 {
        let question = &attempt["questions"][0];
        student.ask("SaveAnswer", answer(&attempt, question, sequence, &right(question))).await;
    }
    // Each item is of 800 kB, 21 of them, twenty times over: far more than lies between the two.
    let much: String = (0..5).map(|number| format!("q{number}: questions {{ prompt }} ")).collect();
    let much = format!(
        "subscription($attempt: ID!) {{ testAttemptChanged(attemptId: $attempt, afterPosition: 0) \
         {{ position attempt {{ {much} }} }} }}"
    );
    let server = &taught.campus.server;
    let before = server.memory();
    let mut socket = Socket::greeted(student, server.url()).await;
    for number in 0..20 {
        socket.follow(&number.to_string(), &much, json!({"attempt": attempt["id"]})).await;
    }
    let mut events = Events::follow(student, &much, json!({"attempt": attempt["id"]})).await;
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let after = server.memory();
    assert!(after < before + 64 * MEGABYTE, "{before} bytes, then {after}");
    let (taken, code) = socket.read_out().await;
    assert_eq!(code, Some(3008));
    assert!(taken < 100, "{taken} items");
    // Events have no code: the stream ends before the last item.
    let mut told = 0;
    while let Some((event, _)) = events.next().await {
        assert_eq!(event, "next");
        told += 1;
    }
    assert!(told < 21, "{told} items");
}

async fn a_silent_client_is_let_go(config: Config) {
    let server = staff(&config, &[("OQU_SLOW_CLIENT_SECONDS", "1")]).await;
    let mut socket = Socket::open(Socket::request(server.url())).await.unwrap();
    assert_eq!(socket.next().await, Err(4408));
    let socket = Socket::greeted(&server.nobody(), server.url()).await;
    assert_eq!(socket.read_out().await, (0, Some(3008)));
}

async fn a_server_that_stops_says_so(config: Config) {
    let mut taught = Taught::open(&config).await;
    let Campus { server, .. } = &mut taught.campus;
    let mut socket = Socket::greeted(&taught.student, server.url()).await;
    let followed = json!({"iep": taught.iep, "after": Value::Null});
    socket.follow("1", "IepChanged", followed.clone()).await;
    socket.item("1").await;
    let mut events = Events::follow(&taught.student, "IepChanged", followed).await;
    events.item().await;
    // One that has not greeted, and one that has closed itself before.
    let mut silent = Socket::open(Socket::request(server.url())).await.unwrap();
    Socket::greeted(&taught.student, server.url()).await.close().await;
    let stopped = std::thread::scope(|scope| scope.spawn(|| server.stop()).join().unwrap());
    assert!(stopped.success(), "{stopped}");
    assert_eq!(socket.next().await, Err(1001));
    assert_eq!(silent.next().await, Err(1001));
    assert_eq!(events.next().await, None);
}
