//! A stream that is moved while a crowd chooses it: whoever has a seat has it on their plan at the times at which the
//! stream meets, whichever of the two came first.

use std::collections::BTreeSet;

use futures::future::join_all;
use oqu::{
    config::Config,
    views::{Tables, Views},
};
use projections::{iep::IepTrails, stream::Streams};
use serde_json::{Value, json};

use crate::{
    campus::{Campus, Registered, register},
    server::{Answer, Client, text},
};

tests! { both { a_plan_never_has_a_stream_at_times_that_are_over } }

const STUDENTS: usize = 5;
/// By then a choice has met the other times many times over.
const MOST_ROUNDS: usize = 200;

async fn a_plan_never_has_a_stream_at_times_that_are_over(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let stream = campus.stream(&subject, &term, "A", json!({"meetings": [at(0)]})).await;
    let mut crowd = Vec::new();
    for number in 0..STUDENTS {
        let student = campus.student(&format!("Студент-{number}")).await;
        let registered = register(&student, &subject, &term).await;
        crowd.push((student, registered));
    }
    let database = config.location().open_to_read().await.unwrap();
    let views = Views::new(database.clone(), Tables::read(&database).await.unwrap());
    let mut told = BTreeSet::new();
    for round in 1..MOST_ROUNDS {
        let change = json!({"input": {"streamId": stream, "meetings": [at(round)]}});
        let moving = campus.registrar.send("ChangeStreamMeetings", change);
        let choosing = crowd.iter().map(|(student, taken)| choose(student, taken, &stream));
        let (moved, chosen) = tokio::join!(moving, join_all(choosing));
        let chosen: Vec<_> = chosen.into_iter().map(code).collect();
        let moved = code(moved);
        assert!([None, Some("SEATS_CHANGED".into())].contains(&moved), "{moved:?}");

        let now = views.get::<Streams>(&stream).await.unwrap().unwrap();
        let now = &now.card.as_ref().unwrap().meetings;
        for ((student, taken), code) in crowd.iter().zip(&chosen) {
            let plan = views.get::<IepTrails>(&taken.iep).await.unwrap().unwrap();
            let has = plan.streams.get(&stream.parse().unwrap()).map(|has| &has.meetings);
            match code.as_deref() {
                None => assert_eq!(has, Some(now), "round {round}"),
                Some("MEETINGS_CHANGED") => assert!(has.is_none(), "refused, and yet on the plan"),
                Some(other) => panic!("{other}"),
            }
            if code.is_none() {
                let leaving = json!({"enrollment": taken.enrollment, "stream": stream});
                student.ask("LeaveStream", leaving).await;
            }
        }
        told.extend(chosen.into_iter().flatten());
        told.extend(moved);
        if told.len() == 2 {
            return;
        }
    }
    panic!("they never met: {told:?}");
}

/// Each round at another time.
fn at(round: usize) -> Value {
    let hour = 8 + round % 8;
    let (from, to) = (format!("{hour:02}:00"), format!("{hour:02}:50"));
    json!({"weekday": "MONDAY", "startsAt": from, "endsAt": to})
}

async fn choose(student: &Client, taken: &Registered, stream: &str) -> Answer {
    let choosing = json!({"enrollment": taken.enrollment, "stream": stream});
    student.send("ChooseStream", choosing).await
}

/// Why it was refused, where it was.
fn code(answer: Answer) -> Option<String> {
    assert!(answer.body["errors"].is_null(), "{}", answer.body);
    let errors = answer.root()["userErrors"].as_array().cloned().unwrap_or_default();
    errors.first().map(|error| text(&error["code"]))
}
