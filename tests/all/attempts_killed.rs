//! `kill -9` while 200 attempts at tests are answered: every acknowledged answer is there, every attempt
//! ends when it should, and every result equals the client's own count.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use oqu::config::Config;
use rand::Rng;
use serde_json::{Value, json};

use crate::{
    campus::{Campus, register},
    killing::{AtWork, until_killed},
    program,
    server::{Client, Server, answer, text},
};

tests! { both { answers_survive_kill_9_and_attempts_end_in_time } }

const STUDENTS: usize = 10;
const TESTS: usize = 20;
const QUESTIONS: usize = 5;
/// How many seconds after they were planned the tests close.
const OPEN_FOR: i64 = 45;
/// One student, with what is left to do and what was acknowledged.
struct Desk {
    student: Client,
    papers: Vec<Paper>,
    steps: Vec<Step>,
    done: usize,
    /// Whether the step that is next was sent before, and nobody knows what became of it.
    in_doubt: bool,
}

/// An attempt, as its student keeps count of it.
struct Paper {
    id: String,
    ends_at: String,
    /// The question's id, its right answer, and whether the last acknowledged answer was right.
    questions: Vec<(String, f64, Option<bool>)>,
    /// Whether it was handed in.
    submitted: bool,
    /// Whether its end came over a step of which nobody knows whether it was done.
    in_doubt: bool,
}

#[derive(Clone, Copy)]
enum Step {
    /// The `sequence`-th answer to a question of a paper.
    Answer {
        paper: usize,
        question: usize,
        sequence: usize,
        right: bool,
    },
    Submit {
        paper: usize,
    },
}

impl Step {
    fn paper(self) -> usize {
        match self {
            Self::Answer { paper, .. } | Self::Submit { paper } => paper,
        }
    }
}

impl AtWork for Desk {
    fn has_work(&self) -> bool {
        self.done < self.steps.len()
    }

    async fn work(mut self, url: Arc<str>, count: Arc<AtomicUsize>) -> Self {
        let student = self.student.at(&url);
        while let Some(step) = self.steps.get(self.done).copied() {
            let (operation, variables) = self.asked(step);
            let Ok(answer) = answer(student.operation(operation, variables)).await else {
                self.in_doubt = true;
                return self;
            };
            match answer.root()["userErrors"][0]["code"].as_str() {
                None => self.note(step),
                // A slow machine comes to it after the end.
                Some("ATTEMPT_OVER" | "ATTEMPT_TIME_IS_UP") => {
                    self.papers[step.paper()].in_doubt |= self.in_doubt;
                }
                Some(_) => panic!("{}", answer.body),
            }
            self.in_doubt = false;
            self.done += 1;
            count.fetch_add(1, Ordering::Relaxed);
        }
        self
    }
}

impl Desk {
    fn asked(&self, step: Step) -> (&'static str, Value) {
        match step {
            Step::Answer { paper, question, sequence, right } => {
                let paper = &self.papers[paper];
                let (id, number, _) = &paper.questions[question];
                let number = if right { *number } else { *number + 1.0 };
                let answer = json!({
                    "attempt": paper.id, "question": id, "sequence": sequence, "number": number,
                });
                ("SaveAnswer", answer)
            }
            Step::Submit { paper } => {
                ("SubmitTestAttempt", json!({"attempt": self.papers[paper].id}))
            }
        }
    }

    fn note(&mut self, step: Step) {
        match step {
            Step::Answer { paper, question, right, .. } => {
                self.papers[paper].questions[question].2 = Some(right);
            }
            Step::Submit { paper } => self.papers[paper].submitted = true,
        }
    }
}

async fn answers_survive_kill_9_and_attempts_end_in_time(config: Config) {
    let mut campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let mut students = Vec::new();
    for number in 0..STUDENTS {
        let student = campus.student(&format!("Студент-{number}")).await;
        register(&student, &subject, &term).await;
        students.push(student);
    }
    let tests = planned(&campus, &subject, &term).await;
    let mut desks = Vec::new();
    for student in students {
        desks.push(desk(student, &tests).await);
    }
    campus.server.kill();

    let mut kills = 0;
    while desks.iter().any(Desk::has_work) {
        desks = until_killed(&config, desks, 100..400).await;
        kills += 1;
    }
    assert!(kills > 1, "the server was killed under way");

    let server = Server::start(&config);
    let (mut answers, mut checked) = (0, 0);
    for desk in &desks {
        let student = desk.student.at(server.url());
        for paper in &desk.papers {
            let found = ended(&student, &paper.id).await;
            if paper.in_doubt {
                continue;
            }
            checked += 1;
            let status = if paper.submitted { "SUBMITTED" } else { "OUT_OF_TIME" };
            assert_eq!(found["status"], status);
            assert_eq!(found["endsAt"], json!(paper.ends_at));
            let count = |wanted: fn(&Option<bool>) -> bool| {
                paper.questions.iter().filter(|(.., right)| wanted(right)).count()
            };
            let right = count(|right| *right == Some(true));
            assert_eq!(found["result"]["points"], json!(right), "{found}");
            let answered = count(Option::is_some);
            assert_eq!(found["answers"].as_array().map(Vec::len), Some(answered));
        }
        answers += desk.done;
    }
    let auditor = campus.auditor.at(server.url());
    assert_eq!(endings(&auditor).await, STUDENTS * TESTS, "each attempt ended once, at its end");
    assert!(checked > STUDENTS * TESTS / 2, "{checked} attempts could be checked");
    let proof = program::answer(&config, &["audit"]);
    println!("{answers} steps, {checked} attempts checked, over {kills} kills\n{proof}");
}

/// Tests whose questions ask for numbers, each right answer in the question.
async fn planned(campus: &Campus, subject: &str, term: &str) -> Vec<String> {
    campus.stream(subject, term, "A", json!({})).await;
    let opens_at = Timestamp::now();
    let closes_at = opens_at + SignedDuration::from_secs(OPEN_FOR);
    let questions: Vec<_> = (1..=QUESTIONS)
        .map(|number| {
            json!({"prompt": number.to_string(), "points": 1, "kind": "NUMERIC", "number": number})
        })
        .collect();
    let mut tests = Vec::new();
    for number in 0..TESTS {
        let test = json!({
            "title": format!("Тест {number}"), "kind": "PRACTICE", "minutes": 60, "passPercent": 100,
            "opensAt": opens_at, "closesAt": closes_at, "questions": questions,
        });
        let input = json!({"subjectId": subject, "termId": term, "test": test});
        let created = campus.teacher.ask("CreateTest", json!({"input": input})).await;
        tests.push(text(&created["test"]["id"]));
    }
    tests
}

/// The student starts all tests, and decides what to answer: every question once, some again, and
/// half of the papers are handed in.
async fn desk(student: Client, tests: &[String]) -> Desk {
    let mut papers = Vec::new();
    let mut steps = Vec::new();
    for (paper, test) in tests.iter().enumerate() {
        let started = student.ask("StartTestAttempt", json!({"test": test})).await;
        let attempt = &started["attempt"];
        let questions = attempt["questions"].as_array().unwrap().iter();
        let questions: Vec<_> = questions
            .map(|question| {
                let right: f64 = text(&question["prompt"]).parse().unwrap();
                (text(&question["id"]), right, None)
            })
            .collect();
        for question in 0..questions.len() {
            for sequence in 1..=rand::rng().random_range(1..=2) {
                let right = rand::rng().random();
                steps.push(Step::Answer { paper, question, sequence, right });
            }
        }
        if paper % 2 == 0 {
            steps.push(Step::Submit { paper });
        }
        let (id, ends_at) = (text(&attempt["id"]), text(&attempt["endsAt"]));
        papers.push(Paper { id, ends_at, questions, submitted: false, in_doubt: false });
    }
    Desk { student, papers, steps, done: 0, in_doubt: false }
}

/// The attempt once it has ended, by itself if it has to.
async fn ended(student: &Client, id: &str) -> Value {
    for _ in 0..(OPEN_FOR + 60) * 5 {
        let found = student.ask("TestAttempt", json!({"id": id})).await;
        if found["result"] != json!(null) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("attempt {id} never ended");
}

/// How many attempts ended; each that ran out ended at its end and not a microsecond later.
async fn endings(auditor: &Client) -> usize {
    let mut ended = std::collections::BTreeSet::new();
    let mut after = Value::Null;
    loop {
        let page = json!({
            "filter": {"eventType": "TestAttemptEnded"}, "first": 100, "after": after,
        });
        let page = auditor.ask("History", page).await;
        for event in page["nodes"].as_array().unwrap() {
            let data = &event["data"];
            assert!(ended.insert(text(&data["attempt"])), "{event}");
            if data["ending"] == "out_of_time" {
                assert_eq!(data["at"], data["series"]["closes_at"]);
            }
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return ended.len();
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}
