//! What is followed as it happens, and gone on with from the last position (manual 2.3.2, 2.13).

use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    campus::Taught,
    journey::{answer, created, right, start, submit},
    server::{Client, text},
    streams::{Events, Socket},
};

tests! { both {
    a_plan_is_followed_and_gone_on_with_from_the_last_position,
    an_attempt_is_followed_to_its_end,
    only_those_who_may_follow_and_only_as_long_as_they_may,
    a_position_that_the_log_has_not_reached_is_told,
} }

fn after(iep: &str, position: &Value) -> Value {
    json!({"iep": iep, "after": position})
}

fn told(item: &Value) -> (i64, String, i64) {
    let iep = &item["iep"];
    (item["position"].as_i64().unwrap(), text(&iep["status"]), iep["revision"].as_i64().unwrap())
}

async fn signed(signer: &Client, iep: &str) -> i64 {
    let signed = signer.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    signed["position"].as_i64().unwrap()
}

async fn a_plan_is_followed_and_gone_on_with_from_the_last_position(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, iep, .. } = &taught;
    let url = campus.server.url();
    let mut events = Events::follow(student, "IepChanged", after(iep, &Value::Null)).await;
    let mut socket = Socket::greeted(&campus.advisor, url).await;
    socket.follow("plan", "IepChanged", after(iep, &Value::Null)).await;
    // How it stands comes first.
    let (first, status, revision) = told(&events.item().await);
    assert_eq!((&*status, revision), ("OPEN", 1));
    assert_eq!(told(&socket.item("plan").await).1, "OPEN");

    let by_student = signed(student, iep).await;
    assert!(by_student > first);
    let waits = (by_student, "AWAITING_ADVISOR".to_owned(), 1);
    assert_eq!(told(&events.item().await), waits);
    assert_eq!(told(&socket.item("plan").await), waits);

    // Both are away while the plan goes on, and other things happen.
    drop(events);
    socket.say(json!({"id": "plan", "type": "complete"})).await;
    let by_advisor = signed(&campus.advisor, iep).await;
    let other = campus.subject("OTHER", 5, &[]).await;
    let by_registrar = signed(&campus.registrar, iep).await;
    let missed =
        [(by_advisor, "AWAITING_REGISTRAR".to_owned(), 1), (by_registrar, "READY".to_owned(), 1)];
    let mut events = Events::follow(student, "IepChanged", after(iep, &json!(by_student))).await;
    socket.follow("plan", "IepChanged", after(iep, &json!(by_student))).await;
    for missed in &missed {
        assert_eq!(told(&events.item().await), *missed);
        assert_eq!(told(&socket.item("plan").await), *missed);
    }

    // From the beginning, each event of the plan is told once, at its place in the log.
    let filter = json!({"filter": {"aggregateType": "Iep", "aggregateId": iep}, "first": 100});
    let history = campus.auditor.ask("History", filter).await;
    let history = history["nodes"].as_array().unwrap().clone();
    assert!(history.len() > 3);
    socket.follow("from the beginning", "IepChanged", after(iep, &json!(0))).await;
    let mut last = Value::Null;
    for event in history {
        last = socket.item("from the beginning").await;
        assert_eq!(last["position"], event["position"]);
    }
    assert_eq!(told(&last).1, "READY");

    // What comes now comes to all of them, once.
    let registered = json!({
        "student": student.id, "subject": other, "term": taught.term, "reason": "түзету",
    });
    let registered = campus.registrar.ask("RegisterStudent", registered).await;
    let last = registered["position"].as_i64().unwrap();
    let opened = (last - 1, "OPEN".to_owned(), 2);
    let planned = (last, "OPEN".to_owned(), 2);
    assert_eq!([told(&events.item().await), told(&events.item().await)], [opened, planned]);
    let mut heard = Vec::new();
    for _ in 0..4 {
        let said = socket.hear().await;
        heard.push((text(&said["id"]), told(&said["payload"]["data"]["iepChanged"]).0));
    }
    heard.sort();
    let each = |id: &str| [(id.to_owned(), last - 1), (id.to_owned(), last)];
    assert_eq!(heard, [each("from the beginning"), each("plan")].concat());
}

async fn an_attempt_is_followed_to_its_end(config: Config) {
    let taught = Taught::open(&config).await;
    let student = &taught.student;
    let test = created(&taught, json!({})).await;
    let attempt = start(student, &test).await;
    let followed = |after: Value| json!({"attempt": attempt["id"], "after": after});
    let mut socket = Socket::greeted(student, taught.campus.server.url()).await;
    socket.follow("mine", "TestAttemptChanged", followed(Value::Null)).await;
    let first = socket.item("mine").await;
    assert_eq!(first["attempt"]["status"], "IN_PROGRESS");
    let left = first["attempt"]["remainingSeconds"].as_i64().unwrap();
    assert!((1_700..=1_800).contains(&left), "{left}");
    // While nothing happens, the time that is left is told all the same.
    let still = socket.item("mine").await;
    assert_eq!(still["position"], first["position"]);
    assert!(still["attempt"]["remainingSeconds"].as_i64().unwrap() < left);

    let mut questions = attempt["questions"].as_array().unwrap().iter();
    let question = questions.find(|question| question["kind"] == "SINGLE").unwrap();
    let saved = student.ask("SaveAnswer", answer(&attempt, question, 1, &right(question))).await;
    let answered = next(&mut socket, &still).await;
    assert_eq!(answered["position"], saved["receipt"]["position"]);
    assert_eq!(answered["attempt"]["answered"], 1);
    submit(student, &attempt).await;
    let ended = next(&mut socket, &answered).await;
    assert_eq!(ended["attempt"]["status"], "SUBMITTED");
    assert_eq!(ended["attempt"]["remainingSeconds"], 0);
    assert_eq!(ended["attempt"]["result"]["passed"], false);
    assert_eq!(socket.hear().await, json!({"id": "mine", "type": "complete"}));

    // Behind the end nothing comes; from the middle, the end comes again.
    let mut events =
        Events::follow(student, "TestAttemptChanged", followed(ended["position"].clone())).await;
    events.completed().await;
    let mut events =
        Events::follow(student, "TestAttemptChanged", followed(answered["position"].clone())).await;
    assert_eq!(events.item().await, ended);
    events.completed().await;
}

/// The next item that is another event; the time is told between.
async fn next(socket: &mut Socket, last: &Value) -> Value {
    loop {
        let item = socket.item("mine").await;
        if item["position"] != last["position"] {
            return item;
        }
    }
}

async fn only_those_who_may_follow_and_only_as_long_as_they_may(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, iep, .. } = &taught;
    let stranger = campus.student("Бөтен").await;
    let nobody = campus.server.nobody();
    let url = campus.server.url();
    let from_now = || after(iep, &Value::Null);
    for (who, code) in [(&stranger, "FORBIDDEN"), (&nobody, "UNAUTHENTICATED")] {
        assert_eq!(Events::follow(who, "IepChanged", from_now()).await.refused().await, code);
        let mut socket = Socket::greeted(who, url).await;
        socket.follow("1", "IepChanged", from_now()).await;
        assert_eq!(socket.refused("1").await, code);
    }
    let unknown = json!({"iep": uuid::Uuid::new_v4()});
    assert_eq!(Events::follow(student, "IepChanged", unknown).await.refused().await, "NOT_FOUND");

    // Two follow who then may no more: one signs out, the other gets another role.
    let again = campus.server.sign_in("Қанатов").await;
    let mut signs_out = Events::follow(&again, "IepChanged", from_now()).await;
    let mut gets_a_role = Events::follow(&campus.advisor, "IepChanged", from_now()).await;
    for events in [&mut signs_out, &mut gets_a_role] {
        assert_eq!(told(&events.item().await).1, "OPEN");
    }
    again.ask("SignOut", json!({})).await;
    let granted = json!({"person": campus.advisor.id, "role": "TEACHER"});
    campus.administrator.ask("GrantRole", granted).await;
    signed(student, iep).await;
    assert_eq!(signs_out.refused().await, "UNAUTHENTICATED");
    assert_eq!(gets_a_role.refused().await, "SUBSCRIBE_AGAIN");
}

async fn a_position_that_the_log_has_not_reached_is_told(config: Config) {
    let taught = Taught::open(&Config { freshness_ms: 2_000, ..config }).await;
    let Taught { campus, student, iep, .. } = &taught;
    let far = || after(iep, &json!(1_000_000));
    let mut events = Events::follow(student, "IepChanged", far()).await;
    assert_eq!(events.refused().await, "POSITION_NOT_REACHED");
    let mut greeted = Socket::open(Socket::request(campus.server.url())).await.unwrap();
    let token = format!("Bearer {}", student.token.as_deref().unwrap());
    let payload = json!({"authorization": token, "Oqu-After-Position": 1_000_000});
    greeted.say(json!({"type": "connection_init", "payload": payload})).await;
    assert_eq!(greeted.hear().await["type"], "connection_ack");
    greeted.follow("1", "IepChanged", after(iep, &Value::Null)).await;
    assert_eq!(greeted.refused("1").await, "POSITION_NOT_REACHED");
}
