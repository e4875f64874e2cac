//! What those see who watch a server: its health, its figures, and its log.

use std::{collections::BTreeSet, io, time::Duration};

use aggregates::shared::SubjectId;
use oqu::{cabinet::Cabinet, config::Config, metrics};
use projections::{AnyView, subject::Subjects};
use prometheus_client::encoding::prometheus_text::encode;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::block_in_place,
};
use url::Url;

use crate::{
    campus::Campus,
    common::{ask, create, retitle, rows},
    program,
    server::{Server, account, answer, until},
};

tests! {
    both {
        a_server_is_live_and_ready,
        a_view_that_has_stopped_is_told_and_holds_up_nobody,
        a_view_that_has_stopped_shows_nothing_as_if_it_were_new,
        an_operator_reads_why_a_view_stopped_and_builds_it_anew,
        commands_and_views_are_told_in_figures,
        figures_are_for_those_who_may_read_them,
        the_log_of_a_request_has_the_correlation_of_its_events,
    }
    postgres {
        a_database_that_falls_silent_holds_up_no_health_check,
        two_houses_in_one_process_keep_their_figures_apart,
    }
}

/// The answer to a plain request.
async fn get(server: &Server, path: &str) -> Response {
    let url = server.url().replace("/graphql", path);
    reqwest::Client::new().get(url).send().await.unwrap()
}

async fn told(server: &Server, path: &str) -> (u16, Value) {
    let response = get(server, path).await;
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn a_server_is_live_and_ready(config: Config) {
    account(&config, "auditor", "auditor");
    let server = Server::start(&config);
    assert_eq!(told(&server, "/health/live").await, (200, json!({"live": true})));
    let ready = json!({"ready": true, "reasons": []});
    assert_eq!(told(&server, "/health/ready").await, (200, ready));
    let head = server.sign_in("auditor").await.ask("{ log { position } }", json!({})).await;
    until("the views have come to the head", async || {
        let (status, health) = told(&server, "/health").await;
        assert_eq!((status, &health["ready"]), (200, &json!(true)));
        assert_eq!(health["position"], head["position"]);
        let views = health["views"].as_object().unwrap();
        assert!(views.values().all(|view| view["stopped"].is_null()), "{health}");
        views.values().all(|view| view["position"] == head["position"])
    })
    .await;
}

/// The view of subjects, which stops on event 3.
struct BrokenSubjects {
    table: String,
    /// Its document can't be read, and event 3 needs it.
    broken: SubjectId,
    /// Its document is whole.
    whole: SubjectId,
}

async fn broken_subjects(config: &Config) -> BrokenSubjects {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let (subject, whole) = (SubjectId::new(), SubjectId::new());
    cabinet.execute(ask([create(subject), create(whole)])).await.unwrap();
    let table = AnyView::of::<Subjects>().table();
    let broken = format!("UPDATE {table} SET payload = '[\"broken\"]' WHERE view_id = '{subject}'");
    cabinet.database.execute(&broken, &[]).await.unwrap();
    cabinet.close().await;
    // A runner that does not hold the document any more.
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    cabinet.execute(ask([retitle(subject, "Алгебра")])).await.unwrap();
    cabinet.close().await;
    BrokenSubjects { table, broken: subject, whole }
}

async fn has_stopped(server: &Server) {
    until("the view has stopped", async || told(server, "/health").await.0 == 503).await;
}

async fn a_view_that_has_stopped_is_told_and_holds_up_nobody(config: Config) {
    let table = broken_subjects(&config).await.table;
    let server = Server::start(&config);
    has_stopped(&server).await;
    let (status, ready) = told(&server, "/health/ready").await;
    assert_eq!((status, &ready["ready"]), (200, &json!(true)));
    assert_eq!(ready["reasons"].as_array().map(Vec::len), Some(1), "{ready}");
    let reason = ready["reasons"][0].as_str().unwrap();
    assert!(reason.starts_with(&format!("the view {table} has stopped at 2: ")), "{reason}");
    let (status, health) = told(&server, "/health").await;
    assert_eq!((status, &health["ready"]), (503, &json!(false)));
    assert!(health["views"][&table]["stopped"].is_string(), "{health}");
    assert_eq!(told(&server, "/health/live").await.0, 200);
    let figures = get(&server, "/metrics").await.text().await.unwrap();
    let of_it = |name: &str| figure(&figures, &format!("oqu_{name}{{view=\"{table}\"}}"));
    assert_eq!((of_it("view_stopped"), of_it("view_lag_events")), (Some(1.0), Some(1.0)));
    assert!(of_it("view_lag_seconds").unwrap() > 0.0, "{figures}");
}

/// What was done is told, and what a stopped view would show of it is not; other views go on.
async fn a_view_that_has_stopped_shows_nothing_as_if_it_were_new(config: Config) {
    let subjects = broken_subjects(&config).await;
    let campus = Campus::open(&config).await;
    has_stopped(&campus.server).await;
    let asked = async |query: &str, variables: Value| campus.registrar.ask(query, variables).await;
    let card = json!({"code": "PHYS1", "title": "Физика", "credits": 5});
    let create = "mutation($input: CreateSubjectInput!) { createSubject(input: $input) { \
                  subject { id } position pending userErrors { code } } }";
    let created = asked(create, json!({"input": card})).await;
    let mut revision = card;
    revision["subjectId"] = json!(subjects.whole);
    revision["compulsory"] = json!(true);
    revision["prerequisiteIds"] = json!([]);
    let revise = "mutation($input: ReviseSubjectInput!) { reviseSubject(input: $input) { \
                  subject { title } position pending userErrors { code } } }";
    let revised = asked(revise, json!({"input": revision})).await;
    for done in [&created, &revised] {
        assert!(done["position"].as_i64() > Some(3), "{done}");
        assert_eq!((&done["subject"], &done["pending"]), (&Value::Null, &json!(true)), "{done}");
    }
    assert_ne!(campus.term("Күз", -30, 90).await, "", "another view shows what was done");

    let both = "query($id: ID!) { subject(id: $id) { title } terms { id } }";
    let both = || campus.registrar.operation(both, json!({"id": subjects.whole}));
    let as_it_is = answer(both()).await.unwrap();
    assert_eq!(as_it_is.body["data"]["subject"]["title"], "Математикалық талдау");
    let after = |position: &Value| both().header("Oqu-After-Position", position.to_string());
    assert_eq!(answer(after(&json!(2))).await.unwrap().body, as_it_is.body);
    let fresh = answer(after(&revised["position"])).await.unwrap();
    assert_eq!(fresh.status, StatusCode::OK);
    assert_eq!(fresh.body["errors"][0]["extensions"]["code"], "POSITION_NOT_REACHED");
    assert_eq!(fresh.body["errors"][0]["path"], json!(["subject"]));
    assert_eq!(fresh.body["data"]["subject"], Value::Null);
    assert_eq!(fresh.body["data"]["terms"].as_array().map(Vec::len), Some(1), "{}", fresh.body);
}

/// As docs/operator.md says.
async fn an_operator_reads_why_a_view_stopped_and_builds_it_anew(config: Config) {
    account(&config, "auditor", "auditor");
    let BrokenSubjects { table, broken, .. } = broken_subjects(&config).await;
    let server = Server::start(&config);
    has_stopped(&server).await;
    let auditor = server.sign_in("auditor").await;
    let seen = async || {
        let views = "{ log { views { name position lagEvents healthy stoppedBecause } } }";
        let log = auditor.ask(views, json!({})).await;
        let mut views = log["views"].as_array().unwrap().iter();
        views.find(|view| view["name"] == table).unwrap().clone()
    };
    let stopped = seen().await;
    let cause = stopped["stoppedBecause"].as_str().unwrap();
    assert!(cause.contains(" (SubjectRevised): "), "{cause}");
    assert!(cause.contains(&broken.to_string()), "{cause}");
    assert_eq!((&stopped["healthy"], &stopped["lagEvents"]), (&json!(false), &json!(1)));
    let health = told(&server, "/health").await.1;
    assert_eq!(health["views"][&table]["stopped"], stopped["stoppedBecause"]);
    let log = server.log();
    let mut lines = log.lines().filter(|line| line.contains("a view has stopped"));
    let line = lines.next().unwrap();
    assert!(line.contains(&table) && line.contains(cause), "{line}");
    assert_eq!(lines.next(), None, "it is told once");

    program::answer(&config, &["views", "rebuild", "subject"]);
    until("the view goes on", async || told(&server, "/health").await.0 == 200).await;
    let goes_on = seen().await;
    let healthy = json!([goes_on["healthy"], goes_on["lagEvents"], goes_on["stoppedBecause"]]);
    assert_eq!(healthy, json!([true, 0, null]));
    let subject =
        auditor.ask("query($id: ID!) { subject(id: $id) { title } }", json!({"id": broken}));
    assert_eq!(subject.await["title"], "Алгебра");
}

async fn a_database_that_falls_silent_holds_up_no_health_check(config: Config) {
    account(&config, "auditor", "auditor");
    let line = Line::to(config.database_url.as_ref().unwrap()).await;
    let server = Server::start(&Config { database_url: Some(line.url.clone()), ..config });
    let auditor = server.sign_in("auditor").await;
    until("the server is ready", async || told(&server, "/health/ready").await.0 == 200).await;
    line.silent.send_replace(true);
    for (path, status, wanted) in [
        ("/health/ready", 503, r#"["the database does not answer"]"#),
        ("/health", 503, r#""ready":false"#),
        ("/metrics", 200, "\noqu_database_up 0"),
    ] {
        // Whoever asks the database waits for it longer than whoever asks later how it stands.
        let asked = tokio::spawn(answer(auditor.operation("{ log { position } }", json!({}))));
        tokio::time::sleep(Duration::from_millis(100)).await;
        let response = get(&server, path).await;
        assert!(!asked.is_finished(), "{path} took as long as {:?}", asked.await);
        asked.abort();
        assert_eq!(response.status().as_u16(), status, "{path}");
        let text = response.text().await.unwrap();
        assert!(text.contains(wanted), "{text}");
    }
    assert_eq!(told(&server, "/health/live").await.0, 200);
    line.silent.send_replace(false);
    until("the server is ready again", async || told(&server, "/health/ready").await.0 == 200)
        .await;
}

async fn commands_and_views_are_told_in_figures(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let (one, other) = (SubjectId::new(), SubjectId::new());
    cabinet.execute(ask([create(one)])).await.unwrap();
    cabinet.execute(ask([create(other), retitle(other, "Алгебра")])).await.unwrap();
    cabinet.execute(ask([create(one)])).await.unwrap_err();
    let told = figures(&cabinet).await;
    let count = "oqu_command_duration_seconds_count{aggregate=\"Subject\",command=\"Create\"";
    for (name, value) in [
        (&*format!("{count},outcome=\"accepted\"}}"), 2.0),
        (&*format!("{count},outcome=\"refused\"}}"), 1.0),
        ("oqu_append_batch_commands_count", 2.0),
        ("oqu_append_batch_commands_sum", 2.0),
        ("oqu_append_batch_events_sum", 3.0),
        ("oqu_commands_waiting", 0.0),
        ("oqu_database_up", 1.0),
        ("oqu_log_position", 3.0),
    ] {
        assert_eq!(figure(&told, name), Some(value), "{name}: {told}");
    }
    for view in cabinet.freshness.health().keys() {
        for name in ["view_lag_events", "view_lag_seconds", "view_stopped"] {
            let name = format!("oqu_{name}{{view=\"{view}\"}}");
            assert_eq!(figure(&told, &name), Some(0.0), "{name}: {told}");
        }
    }
    for pool in cabinet.database.pools() {
        let name = format!("oqu_database_connections_open{{pool=\"{}\"}}", pool.pool);
        assert!(figure(&told, &name).unwrap() >= 1.0, "{name}: {told}");
    }
    every_figure_is_documented(&told);
    cabinet.close().await;
}

/// The value of a figure, by its name and labels.
fn figure(told: &str, name: &str) -> Option<f64> {
    let mut values = told.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    values.next().map(|value| value.parse().unwrap())
}

fn every_figure_is_documented(told: &str) {
    let page = include_str!("../../docs/operator.md");
    let names = told.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
    let names: BTreeSet<_> = names.collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        assert!(page.contains(&format!("`{name}`")), "{name} is not in the operator's page");
    }
}

async fn figures(cabinet: &Cabinet) -> String {
    let mut text = String::new();
    encode(&mut text, &metrics::figures(cabinet).await).unwrap();
    text
}

async fn two_houses_in_one_process_keep_their_figures_apart(config: Config) {
    let here = Cabinet::open(config.clone()).await.unwrap();
    let there = Cabinet::open(config).await.unwrap();
    here.execute(ask([create(SubjectId::new())])).await.unwrap();
    assert!(figures(&here).await.contains("command=\"Create\""));
    assert!(!figures(&there).await.contains("command=\"Create\""));
    here.close().await;
    there.close().await;
}

async fn figures_are_for_those_who_may_read_them(config: Config) {
    let token = "a token of some length";
    let url = |server: &Server| server.url().replace("/graphql", "/metrics");
    let http = reqwest::Client::new();
    {
        let server = Server::start(&config);
        server.nobody().ask("{ __typename }", json!({})).await;
        let here = http.get(url(&server)).send().await.unwrap();
        assert_eq!(here.status(), StatusCode::OK);
        assert_eq!(here.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        let figures = here.text().await.unwrap();
        let asked =
            "oqu_request_duration_seconds_count{operation=\"query\",outcome=\"answered\"} 1";
        assert!(figures.lines().any(|line| line == asked), "{figures}");
        every_figure_is_documented(&figures);
        let passed_on = http.get(url(&server)).header("x-forwarded-for", "203.0.113.5").send();
        assert_eq!(passed_on.await.unwrap().status(), StatusCode::FORBIDDEN);
    }
    let settings = [("OQU_METRICS_TOKEN", token), ("RUST_LOG", "trace")];
    let server = Server::with(&config, &settings);
    let without = http.get(url(&server)).send().await.unwrap();
    assert_eq!(without.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(without.headers()["www-authenticate"], "Bearer");
    let wrong = http.get(url(&server)).bearer_auth("another token of some length").send();
    assert_eq!(wrong.await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let with = http.get(url(&server)).bearer_auth(token).send().await.unwrap();
    assert_eq!(with.status(), StatusCode::OK);
    assert!(!server.log().contains(token), "the token is in the log");
}

async fn the_log_of_a_request_has_the_correlation_of_its_events(config: Config) {
    let campus = Campus::with(&config, &[("RUST_LOG", "oqu=debug")]).await;
    let input = json!({"code": "MATH101", "title": "Талдау", "credits": 5});
    campus.registrar.ask("CreateSubject", json!({"input": input})).await;
    let refused = campus.registrar.send("{ nothing }", json!({})).await;
    assert_eq!(refused.status, 200);
    let mut server = campus.server;
    block_in_place(|| server.stop());
    let database = config.location().open_to_read().await.unwrap();
    let sql = "SELECT CAST(metadata AS text) FROM events WHERE event_type = 'SubjectCreated'";
    let metadata = rows(&database, sql).await[0].text(0).unwrap();
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let correlation = metadata["correlation"].as_str().unwrap();
    let log = server.log();
    let line =
        log.lines().find(|line| line.contains(correlation)).unwrap_or_else(|| panic!("{log}"));
    for part in [
        "request{method=\"POST\"",
        "operation=\"CreateSubject\"",
        "outcome=\"answered\"",
        "request answered seconds=",
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(log.contains("outcome=\"BAD_QUERY\"") || log.contains("outcome=\"errors\""), "{log}");
    assert!(log.contains("batch{commands=1 events=1 position="), "{log}");
}

/// A line to a database that can fall silent: then nothing passes, and nothing is closed.
struct Line {
    url: String,
    silent: watch::Sender<bool>,
}

impl Line {
    async fn to(database: &str) -> Self {
        let mut url = Url::parse(database).unwrap();
        let to = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let (silent, hears) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((here, _)) = listener.accept().await {
                let there = TcpStream::connect(&to).await.unwrap();
                let (from_here, to_here) = here.into_split();
                let (from_there, to_there) = there.into_split();
                tokio::spawn(pass(from_here, to_there, hears.clone()));
                tokio::spawn(pass(from_there, to_here, hears.clone()));
            }
        });
        Self { url: url.into(), silent }
    }
}

/// Passes on what comes, unless the line is silent.
async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut silent: watch::Receiver<bool>,
) -> io::Result<()> {
    let mut bytes = [0; 16 * 1024];
    loop {
        let read = from.read(&mut bytes).await?;
        if read == 0 {
            return Ok(());
        }
        // For as long as the test says, or until that is over.
        let _ = silent.wait_for(|silent| !silent).await;
        to.write_all(&bytes[..read]).await?;
    }
}
