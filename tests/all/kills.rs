//! Twenty times `kill -9` at a random moment under four clients that keep their acknowledgements
//! themselves: what was acknowledged is in the log and in every view, exactly once.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use oqu::config::Config;
use rand::Rng;
use serde_json::{Value, json};

use crate::{
    campus::Campus,
    program,
    server::{Client, Server, answer, text},
};

tests! { both { what_was_acknowledged_survives_kill_9 } }

const ROUNDS: usize = 20;
const CLIENTS: usize = 4;

/// A request under a key, sent by one of the clients.
#[derive(Clone)]
struct Sent {
    by: Client,
    operation: &'static str,
    variables: Value,
}

/// One that was acknowledged, with the answer.
struct Acknowledged {
    sent: Sent,
    answer: Value,
}

/// What one client does, over all rounds.
struct Desk {
    number: usize,
    student: Client,
    registrar: Client,
    term: String,
    done: usize,
    /// Sent when the server went away: done or not, nobody knows.
    unknown: Option<Sent>,
    acknowledged: Vec<Acknowledged>,
}

const CREATE: &str = "mutation($code: String!, $key: String!) { createSubject(input: { \
    code: $code, title: \"Пән\", credits: 0.01, idempotencyKey: $key }) { \
    subject { id } position userErrors { code } } }";

impl Desk {
    /// The next request: a subject, a registration for it, two marks, and again.
    fn next(&self) -> Sent {
        let key = format!("{}-{}", self.number, self.done);
        let newest = |operation: &str, payload: &str| {
            let mut all = self.acknowledged.iter().rev();
            let newest = all.find(|done| done.sent.operation == operation).unwrap();
            text(&newest.answer[payload]["id"])
        };
        let (by, operation, variables) = match self.done % 4 {
            0 => (&self.registrar, CREATE, json!({"code": key, "key": key})),
            1 => {
                let subject = newest(CREATE, "subject");
                let wanted = json!({"subject": subject, "term": self.term, "key": key});
                (&self.student, "RegisterForSubject", wanted)
            }
            _ => {
                let enrollment = newest("RegisterForSubject", "enrollment");
                let mark = json!({
                    "enrollment": enrollment, "kind": "CURRENT", "period": 1, "title": key,
                    "percent": 80, "key": key,
                });
                (&self.registrar, "RecordMark", mark)
            }
        };
        Sent { by: by.clone(), operation, variables }
    }

    /// Works until the server is gone, and counts for all.
    async fn work(mut self, url: Arc<str>, count: Arc<AtomicUsize>) -> Self {
        loop {
            let sent = self.unknown.take().unwrap_or_else(|| self.next());
            match sent.send(&url).await {
                Some(answer) => {
                    self.done += 1;
                    self.acknowledged.push(Acknowledged { sent, answer });
                    count.fetch_add(1, Ordering::Relaxed);
                }
                None => {
                    self.unknown = Some(sent);
                    return self;
                }
            }
        }
    }
}

impl Sent {
    /// The answer; none where the server went away before it came.
    async fn send(&self, url: &str) -> Option<Value> {
        let request = self.by.at(url).operation(self.operation, self.variables.clone());
        Some(answer(request).await.ok()?.done())
    }
}

async fn what_was_acknowledged_survives_kill_9(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let mut desks = Vec::new();
    for number in 0..CLIENTS {
        let student = campus.student(&format!("Студент-{number}")).await;
        let (registrar, term) = (campus.registrar.clone(), term.clone());
        let acknowledged = vec![];
        desks.push(Desk { number, student, registrar, term, done: 0, unknown: None, acknowledged });
    }
    let auditor = campus.auditor.clone();
    drop(campus);

    let mut log = Vec::new();
    let mut checked = [0; CLIENTS];
    for _ in 0..ROUNDS {
        let mut server = Server::start(&config);
        let url: Arc<str> = server.url().into();
        let count = Arc::new(AtomicUsize::new(0));
        let work = |desk: Desk| tokio::spawn(desk.work(Arc::clone(&url), Arc::clone(&count)));
        let working: Vec<_> = desks.into_iter().map(work).collect();
        some_moment(&count).await;
        server.kill();
        desks = Vec::new();
        for desk in working {
            desks.push(desk.await.unwrap());
        }

        let server = Server::start(&config);
        read_on(&auditor.at(server.url()), &mut log).await;
        let events = by_key(&log);
        for (desk, checked) in desks.iter().zip(&mut checked) {
            for done in &desk.acknowledged[*checked..] {
                must_be_in(&events, done);
            }
            *checked = desk.acknowledged.len();
            // Sent again, the last of the round is answered as the first time.
            if let Some(last) = desk.acknowledged.last() {
                assert_eq!(last.sent.send(server.url()).await.as_ref(), Some(&last.answer));
            }
        }
    }

    let acknowledged: usize = desks.iter().map(|desk| desk.acknowledged.len()).sum();
    let in_doubt = desks.iter().filter(|desk| desk.unknown.is_some()).count();
    let done = by_key(&log).values().map(Vec::len).sum::<usize>();
    assert!(done <= acknowledged + in_doubt, "{done} done, {acknowledged} acknowledged");
    let proof = program::answer(&config, &["audit"]);
    println!("{acknowledged} acknowledged, {} events\n{proof}", log.len());
}

/// Some moment after the clients got to work, however slow the machine is.
async fn some_moment(count: &AtomicUsize) {
    let enough = rand::rng().random_range(2..40);
    while count.load(Ordering::Relaxed) < enough {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let pause = rand::rng().random_range(0..20_000);
    tokio::time::sleep(Duration::from_micros(pause)).await;
}

/// Reads what the log has gained; positions go on without a gap.
async fn read_on(auditor: &Client, log: &mut Vec<Value>) {
    loop {
        let page = json!({"filter": {"afterPosition": log.len()}, "first": 100});
        let answer = auditor.ask("History", page).await;
        for event in answer["nodes"].as_array().unwrap() {
            log.push(event.clone());
            assert_eq!(event["position"], log.len());
        }
        if answer["pageInfo"]["hasNextPage"] == false {
            return;
        }
    }
}

/// The events of subjects, registrations and marks, by the key they were asked under or the id.
fn by_key(log: &[Value]) -> HashMap<String, Vec<&Value>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for event in log {
        let key = match event["type"].as_str() {
            Some("SubjectCreated") => &event["data"]["card"]["code"],
            Some("EnrollmentRegistered") => &event["aggregate"]["id"],
            Some("EnrollmentMarkRecorded") => &event["data"]["mark"]["title"],
            _ => continue,
        };
        found.entry(text(key)).or_default().push(event);
    }
    found
}

/// The event of an acknowledged request is there once, not behind the position it was answered with.
fn must_be_in(events: &HashMap<String, Vec<&Value>>, done: &Acknowledged) {
    let key = match done.sent.operation {
        "RegisterForSubject" => text(&done.answer["enrollment"]["id"]),
        _ => text(&done.sent.variables["key"]),
    };
    let found = events.get(&key).map_or(0, Vec::len);
    assert_eq!(found, 1, "events of {key}: {}", done.answer);
    assert!(events[&key][0]["position"].as_i64() <= done.answer["position"].as_i64());
}
