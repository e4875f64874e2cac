//! SIGTERM under load: what was acknowledged is in the log and in every view, and nothing else is; the program
//! ends well.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use oqu::{config::Config, database::Database};
use serde_json::json;
use tokio::task::block_in_place;

use crate::{
    campus::Campus,
    common::rows,
    program,
    server::{Client, Server, answer},
};

tests! { both { a_server_that_is_asked_to_stop_loses_nothing } }

const ROUNDS: usize = 5;
const CLIENTS: usize = 16;
/// What a request may be told that the server does not do any more.
const CLEAN: [&str; 2] = ["UNAVAILABLE", "BUSY"];

const CREATE: &str = "mutation($code: String!) { createSubject(input: { \
    code: $code, title: \"Пән\", credits: 1 }) { subject { id } position userErrors { code } } }";

async fn a_server_that_is_asked_to_stop_loses_nothing(config: Config) {
    let campus = Campus::open(&config).await;
    let registrar = campus.registrar.clone();
    drop(campus);
    let mut acknowledged = BTreeSet::new();
    for round in 0..ROUNDS {
        let mut server = Server::start(&config);
        let at_it = registrar.at(server.url());
        let count = Arc::new(AtomicUsize::new(0));
        let work = |number| work(at_it.clone(), format!("{round}-{number}"), Arc::clone(&count));
        let working: Vec<_> = (0..CLIENTS).map(|number| tokio::spawn(work(number))).collect();
        while count.load(Ordering::Relaxed) < 2 * CLIENTS {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        let status = block_in_place(|| server.stop());
        assert_eq!(status.code(), Some(0), "{}", server.log());
        for codes in working {
            acknowledged.extend(codes.await.unwrap());
        }
        let database = config.location().open_to_read().await.unwrap();
        // A request that got no answer was none: what is written was acknowledged.
        assert_eq!(subjects(&database).await, acknowledged, "round {round}");
    }
    // Whatever the views had not folded is folded after the next start.
    Server::start(&config).stop();
    println!("{} acknowledged\n{}", acknowledged.len(), program::answer(&config, &["audit"]));
}

/// Creates subjects until the server takes no more; the codes of those that it acknowledged.
async fn work(registrar: Client, named: String, count: Arc<AtomicUsize>) -> Vec<String> {
    let mut acknowledged = vec![];
    loop {
        let code = format!("{named}-{}", acknowledged.len());
        match answer(registrar.operation(CREATE, json!({"code": code}))).await {
            Ok(answer) if answer.body["errors"].is_null() => {
                assert!(answer.done()["position"].is_i64());
                acknowledged.push(code);
                count.fetch_add(1, Ordering::Relaxed);
            }
            Ok(answer) => {
                assert!(CLEAN.contains(&answer.code().as_str()), "{}", answer.body);
                return acknowledged;
            }
            Err(error) => {
                let broke_off = error.is_body() || error.is_decode() || error.is_timeout();
                assert!(!broke_off, "an answer broke off: {error:?}");
                return acknowledged;
            }
        }
    }
}

/// The codes of the subjects in the log.
async fn subjects(database: &Database) -> BTreeSet<String> {
    let sql = "SELECT CAST(payload AS text) FROM events WHERE event_type = 'SubjectCreated'";
    let payloads = rows(database, sql).await;
    let code = |payload: &str| {
        let payload: serde_json::Value = serde_json::from_str(payload).unwrap();
        payload["Created"]["card"]["code"].as_str().unwrap().to_owned()
    };
    payloads.iter().map(|row| code(&row.text(0).unwrap())).collect()
}
