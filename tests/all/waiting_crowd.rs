//! A real crowd at the lines of a few streams: whoever takes a seat, leaves, joins a line, accepts and declines
//! as it comes. What the log says afterwards is gone through by a model of a line: nobody passed one.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use oqu::config::Config;
use rand::Rng;
use serde_json::{Value, json};

use crate::{
    campus::{Campus, register},
    program,
    server::{Client, text},
};

tests! { both { nobody_passes_a_line_in_a_crowd } }

const STUDENTS: usize = 24;
/// How often they are set to work.
const MOST_ROUNDS: usize = 6;
/// What a crowd is told sooner or later, and how its lines end.
const CODES: [&str; 2] = ["STREAM_FULL", "SEATS_HELD"];
const ENDS: [&str; 3] = ["seated", "declined", "withdrew"];
const STEPS: usize = 60;
const SEATS: usize = 3;

async fn nobody_passes_a_line_in_a_crowd(config: Config) {
    let campus = Campus::open(&config).await;
    let rules = json!({"offerHoldsSeconds": 1});
    campus.regulation("2021", "2021-09-01".parse().unwrap(), rules).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let mut streams = Vec::new();
    for group in ["A", "B", "C"] {
        streams.push(campus.stream(&subject, &term, group, json!({"limit": SEATS})).await);
    }
    let mut crowd = Vec::new();
    for number in 0..STUDENTS {
        let student = campus.student(&format!("Студент-{number}")).await;
        let enrollment = register(&student, &subject, &term).await.enrollment;
        crowd.push((student, enrollment));
    }
    let (mut codes, mut ended) = (BTreeSet::new(), BTreeMap::new());
    // What comes to whose mind is chance: they go on until all of it has come to somebody's.
    for _ in 0..MOST_ROUNDS {
        let at_work = crowd.iter().map(|(student, enrollment)| work(student, enrollment, &streams));
        codes.extend(join_all(at_work).await.into_iter().flatten());
        ended = lines_ended(&campus.auditor, &streams).await;
        if CODES.iter().all(|code| codes.contains(*code))
            && ENDS.iter().all(|why| ended.contains_key(*why))
        {
            break;
        }
    }
    for code in CODES {
        assert!(codes.contains(code), "the crowd was never told {code}: {codes:?}");
    }
    for why in ENDS {
        assert!(ended.contains_key(why), "nobody {why}: {ended:?}");
    }
    let proof = program::answer(&config, &["audit"]);
    println!("lines ended: {ended:?}; refused: {codes:?}\n{proof}");
}

/// How often the lines of the streams ended, and why; nobody was passed in them.
async fn lines_ended(auditor: &Client, streams: &[String]) -> BTreeMap<String, usize> {
    let mut ended = BTreeMap::<String, usize>::new();
    for stream in streams {
        let mut line = Line::default();
        for event in events(auditor, stream).await {
            line.note(&event);
        }
        assert!(line.waiting.is_empty() || line.has_no_seat(), "nobody moves up: {stream}");
        for (why, times) in line.ended {
            *ended.entry(why).or_default() += times;
        }
    }
    ended
}

/// Whatever comes to a student's mind; with what it was refused.
async fn work(student: &Client, enrollment: &str, streams: &[String]) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for _ in 0..STEPS {
        let (operation, stream) = {
            let mut rng = rand::rng();
            let operations = [
                "ChooseStream",
                "ChooseStream",
                "LeaveStream",
                "JoinWaitingList",
                "JoinWaitingList",
                "AcceptSeat",
                "AcceptSeat",
                "DeclineSeat",
                "DeclineSeat",
                "LeaveWaitingList",
            ];
            let operation = operations[rng.random_range(0..operations.len())];
            (operation, &streams[rng.random_range(0..streams.len())])
        };
        let wanted = json!({"enrollment": enrollment, "stream": stream});
        let answer = student.send(operation, wanted).await;
        assert!(answer.body["errors"].is_null(), "{}", answer.body);
        for error in answer.root()["userErrors"].as_array().into_iter().flatten() {
            codes.insert(text(&error["code"]));
        }
    }
    codes
}

/// What happened to a stream, in the order of the log.
async fn events(auditor: &Client, stream: &str) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let mut after = Value::Null;
    loop {
        let filter = json!({"aggregateType": "Stream", "aggregateId": stream});
        let page = json!({"filter": filter, "first": 100, "after": after});
        let page = auditor.ask("History", page).await;
        found.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            found.sort_by_key(|event| event["position"].as_i64());
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// A stream's seats and its line, kept by other means than the server's.
#[derive(Default)]
struct Line {
    seated: BTreeSet<String>,
    /// Who waits, in the order they came.
    waiting: Vec<String>,
    /// For whom a seat is held.
    offered: BTreeSet<String>,
    /// Who has just left the line to be seated.
    taking: Option<String>,
    ended: BTreeMap<String, usize>,
}

impl Line {
    fn note(&mut self, event: &Value) {
        let data = &event["data"];
        let student = text(&data["student"]);
        let taking = self.taking.take();
        match event["type"].as_str().unwrap() {
            "StreamOpened" => return,
            "StreamLineJoined" => {
                assert!(!self.seated.contains(&student), "{event}");
                assert!(self.is_full(), "a seat was free: {event}");
                self.waiting.push(student);
            }
            "StreamSeatOffered" => {
                assert_eq!(self.waiting.first(), Some(&student), "not the first: {event}");
                self.waiting.remove(0);
                assert!(self.offered.insert(student));
            }
            "StreamLineLeft" => {
                let why = text(&data["why"]);
                if self.offered.remove(&student) {
                    assert_eq!(data["offered"], true);
                } else {
                    assert!(why == "withdrew", "not offered, and {why}: {event}");
                    self.waiting.retain(|waits| *waits != student);
                }
                self.taking = (why == "seated").then_some(student);
                *self.ended.entry(why).or_default() += 1;
            }
            "StreamSeatTaken" => {
                let from_outside = taking.as_ref() != Some(&student);
                assert!(!(from_outside && self.is_full()), "passed the line: {event}");
                assert!(self.seated.insert(student), "one student, one seat: {event}");
            }
            "StreamSeatReleased" => assert!(self.seated.remove(&student), "{event}"),
            other => panic!("{other}"),
        }
        assert!(self.seated.len() + self.offered.len() <= SEATS, "oversold: {event}");
    }

    /// Whether no seat is left for who comes from outside.
    fn is_full(&self) -> bool {
        !self.waiting.is_empty() || self.has_no_seat()
    }

    fn has_no_seat(&self) -> bool {
        self.seated.len() + self.offered.len() >= SEATS
    }
}
