//! `kill -9` again and again while a registrar accepts what students ask for: a request is accepted if and only if it was
//! carried out, in the registrations, on the plan and in the streams' seats.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use aggregates::shared::EnrollmentId;
use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    campus::{Campus, Registered, register},
    killing::{AtWork, started_again, until_killed},
    program,
    server::{Answer, Client, answer, text},
};

tests! { both { a_request_is_accepted_if_and_only_if_it_was_carried_out } }

const STUDENTS: usize = 4;
const SWAPS: usize = 15;
/// So few that some swaps find no seat.
const SEATS: usize = 3;

/// A subject with its only stream.
struct Offer {
    subject: String,
    stream: String,
}

/// A student with the registrar who decides about them.
struct Desk {
    student: Client,
    registrar: Client,
    term: Arc<str>,
    offers: Arc<[Offer; 2]>,
    iep: String,
    left: usize,
    /// Which of the two subjects they began with.
    began: usize,
    /// Which they have now.
    held: usize,
    /// How many of their requests were accepted, as far as that was acknowledged.
    accepted: usize,
    /// Whether an acceptance was under way when the server went away.
    in_doubt: bool,
    refused: usize,
}

impl AtWork for Desk {
    fn has_work(&self) -> bool {
        self.left > 0
    }

    async fn work(mut self, url: Arc<str>, count: Arc<AtomicUsize>) -> Self {
        let (student, registrar) = (self.student.at(&url), self.registrar.at(&url));
        while self.left > 0 && self.swap(&student, &registrar).await.is_some() {
            self.left -= 1;
            count.fetch_add(1, Ordering::Relaxed);
        }
        self
    }
}

impl Desk {
    /// Asks for the other subject and has that decided; none where the server went away before it answered.
    async fn swap(&mut self, student: &Client, registrar: &Client) -> Option<()> {
        let other = &self.offers[1 - self.held];
        let change = json!({"swap": {
            "enrollmentId": self.enrollment(self.held), "subjectId": other.subject,
            "termId": *self.term, "streamIds": [other.stream],
        }});
        let asked = send(student, "OpenAddDropRequest", json!({"change": change})).await?;
        // What was asked for right before the end may be there already.
        let request = match refusal(&asked) {
            None => text(&asked.root()["request"]["id"]),
            Some(refusal) => {
                assert_eq!(refusal["code"], "REQUEST_OPEN_ALREADY", "{}", asked.body);
                text(&refusal["facts"][0]["value"])
            }
        };
        self.in_doubt = true;
        let decided = send(registrar, "AcceptRequest", json!({"request": request})).await?;
        self.in_doubt = false;
        match refusal(&decided) {
            None => {
                self.accepted += 1;
                self.held = 1 - self.held;
            }
            Some(refusal) => {
                assert_eq!(refusal["code"], "STREAM_FULL", "{}", decided.body);
                self.refused += 1;
                let refuse = json!({"request": request, "reason": "Орын жоқ"});
                send(registrar, "RefuseRequest", refuse).await?;
            }
        }
        Some(())
    }

    fn enrollment(&self, offer: usize) -> String {
        let subject = self.offers[offer].subject.parse().unwrap();
        let student = self.student.id.parse().unwrap();
        EnrollmentId::of(student, subject, self.term.parse().unwrap()).to_string()
    }

    /// How often they swapped goes by how many requests were accepted, wherever one looks.
    async fn must_agree(&mut self, registrar: &Client) {
        let filter = json!({"studentId": self.student.id, "status": "ACCEPTED"});
        let found = registrar.ask("Requests", json!({"filter": filter, "first": 1})).await;
        let accepted = usize::try_from(found["totalCount"].as_i64().unwrap()).unwrap();
        let known = self.accepted..=self.accepted + usize::from(self.in_doubt);
        assert!(known.contains(&accepted), "{accepted} were accepted, not {known:?}");
        (self.accepted, self.held) = (accepted, (self.began + accepted) % 2);
        self.in_doubt = false;
        let both = "query($taken: ID!, $dropped: ID!, $iep: ID!) { \
            taken: enrollment(id: $taken) { status streams { id } } \
            dropped: node(id: $dropped) { ... on Enrollment { status } } \
            iep(id: $iep) { streams { id } revisions { entries { subject { id } } } } }";
        let (taken, other) = (&self.offers[self.held], self.enrollment(1 - self.held));
        // There is no registration that was never asked for.
        let (dropped, status) = match accepted {
            0 => (self.student.id.clone(), Value::Null),
            _ => (other, json!("DROPPED")),
        };
        let asked = json!({
            "taken": self.enrollment(self.held), "dropped": dropped, "iep": self.iep,
        });
        let found = registrar.send(both, asked).await.body["data"].clone();
        let streams = json!([{"id": taken.stream}]);
        assert_eq!(found["taken"], json!({"status": "REGISTERED", "streams": streams}));
        assert_eq!(found["dropped"]["status"], status);
        assert_eq!(found["iep"]["streams"], streams);
        let entries = json!([{"subject": {"id": taken.subject}}]);
        assert_eq!(found["iep"]["revisions"], json!([{"entries": entries}]));
    }
}

async fn send(who: &Client, what: &str, with: Value) -> Option<Answer> {
    answer(who.operation(what, with)).await.ok()
}

/// Why it was refused, if it was.
fn refusal(answer: &Answer) -> Option<&Value> {
    let errors = answer.root()["userErrors"].as_array();
    errors.unwrap_or_else(|| panic!("{}", answer.body)).first()
}

async fn a_request_is_accepted_if_and_only_if_it_was_carried_out(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let mut offers = Vec::new();
    for code in ["MATH1", "PHYS1"] {
        let subject = campus.subject(code, 5, &[]).await;
        let stream = campus.stream(&subject, &term, "A", json!({"limit": SEATS})).await;
        offers.push(Offer { subject, stream });
    }
    let offers: Arc<[Offer; 2]> = Arc::new(offers.try_into().unwrap_or_else(|_| unreachable!()));
    let term: Arc<str> = term.into();
    let mut desks = Vec::new();
    for number in 0..STUDENTS {
        let student = campus.student(&format!("Студент-{number}")).await;
        // The first subject has no seat for the last student, who begins with the second.
        let began = usize::from(number >= SEATS);
        let Registered { enrollment, iep } =
            register(&student, &offers[began].subject, &term).await;
        let choice = json!({"enrollment": enrollment, "stream": offers[began].stream});
        student.ask("ChooseStream", choice).await;
        desks.push(Desk {
            student,
            registrar: campus.registrar.clone(),
            term: Arc::clone(&term),
            offers: Arc::clone(&offers),
            iep,
            left: SWAPS,
            began,
            held: began,
            accepted: 0,
            in_doubt: false,
            refused: 0,
        });
    }
    let registrar = campus.registrar.clone();
    drop(campus);

    let mut kills = 0;
    while desks.iter().any(Desk::has_work) {
        desks = until_killed(&config, desks, 3..15).await;
        kills += 1;
        let server = started_again(&config).await;
        let registrar = registrar.at(server.url());
        for desk in &mut desks {
            desk.must_agree(&registrar).await;
        }
        let roster = "query($id: ID!) { stream(id: $id) { seats { taken } roster { id } } }";
        for (place, offer) in offers.iter().enumerate() {
            let found = registrar.ask(roster, json!({"id": offer.stream})).await;
            let holding = desks.iter().filter(|desk| desk.held == place).count();
            assert_eq!(found["seats"]["taken"], holding, "{found}");
            assert_eq!(found["roster"].as_array().map(Vec::len), Some(holding));
        }
    }
    assert!(kills > 3, "the server was killed under way");
    let refused: usize = desks.iter().map(|desk| desk.refused).sum();
    let proof = program::answer(&config, &["audit"]);
    println!("{} swaps over {kills} kills, {refused} refused\n{proof}", STUDENTS * SWAPS);
}
