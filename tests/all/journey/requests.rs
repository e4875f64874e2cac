//! What holds for every request: idempotency keys, and how fresh an answer is.

use oqu::config::Config;
use reqwest::StatusCode;
use serde_json::json;

use crate::{
    campus::{Campus, register},
    server::answer,
};

tests! { both {
    the_same_request_under_a_key_is_done_once,
    a_key_stands_for_one_request_of_one_person,
    a_request_that_came_is_answered_even_where_it_would_be_refused_now,
    an_answer_knows_the_log_up_to_the_position_asked_for,
} }

async fn the_same_request_under_a_key_is_done_once(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let student = campus.student("Қанатов").await;
    let wanted = json!({"subject": subject, "term": term, "key": "k-1"});
    let first = student.ask("RegisterForSubject", wanted.clone()).await;
    let again = student.ask("RegisterForSubject", wanted).await;
    assert_eq!(first, again);
    // What gets a new id each time has the first one's under the key.
    let input = json!({
        "code": "PHYS1", "title": "Физика", "credits": 5, "idempotencyKey": "k-1",
    });
    let first = campus.registrar.ask("CreateSubject", json!({"input": input})).await;
    let again = campus.registrar.ask("CreateSubject", json!({"input": input})).await;
    assert_eq!(first, again);
    let head = campus.auditor.ask("LogHead", json!({})).await;
    assert_eq!(head["position"], first["position"]);
}

async fn a_key_stands_for_one_request_of_one_person(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let [mathematics, physics] =
        [campus.subject("MATH1", 5, &[]).await, campus.subject("PHYS1", 5, &[]).await];
    let student = campus.student("Қанатов").await;
    let wanted = |subject: &str| json!({"subject": subject, "term": term, "key": "k-1"});
    student.ask("RegisterForSubject", wanted(&mathematics)).await;
    let reused = student.user_error("RegisterForSubject", wanted(&physics)).await;
    assert_eq!(reused["code"], "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(reused["field"], json!(["idempotencyKey"]));
    let other = campus.student("Басқа").await;
    other.ask("RegisterForSubject", wanted(&physics)).await;
    // A refusal is not kept: the key is still free after it.
    campus.period(&term, "REGISTRATION", -48, -24).await;
    let third = campus.student("Үшінші").await;
    let refused = third.refused("RegisterForSubject", wanted(&physics)).await;
    assert_eq!(refused, "REGISTRATION_CLOSED");
    campus.period(&term, "REGISTRATION", -48, 24).await;
    third.ask("RegisterForSubject", wanted(&physics)).await;
}

async fn a_request_that_came_is_answered_even_where_it_would_be_refused_now(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let stream = campus.stream(&subject, &term, "A", json!({})).await;
    let student = campus.student("Қанатов").await;
    let enrollment = register(&student, &subject, &term).await.enrollment;
    let choose = "mutation($input: ChooseStreamInput!) { chooseStream(input: $input) { \
                  enrollment { id } position userErrors { code } } }";
    let input = json!({"input": {
        "enrollmentId": enrollment, "streamId": stream, "idempotencyKey": "k-1",
    }});
    let first = student.ask(choose, input.clone()).await;
    campus.period(&term, "CHOOSING_STREAMS", -48, -24).await;
    assert_eq!(student.ask(choose, input).await, first);
}

async fn an_answer_knows_the_log_up_to_the_position_asked_for(config: Config) {
    let impatient = Config { freshness_ms: 300, ..config };
    let campus = Campus::open(&impatient).await;
    let input = json!({"code": "MATH1", "title": "Математика", "credits": 5});
    let done = campus.registrar.ask("CreateSubject", json!({"input": input})).await;
    let position = done["position"].as_i64().unwrap();
    let ask = |position: String| {
        let subjects = "query { subjects { totalCount } }";
        let request = campus.registrar.operation(subjects, json!({}));
        answer(request.header("Oqu-After-Position", position))
    };
    let reached = ask(position.to_string()).await.unwrap();
    assert_eq!(reached.done(), json!({"totalCount": 1}));
    let ahead = ask((position + 1).to_string()).await.unwrap();
    assert_eq!(ahead.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ahead.code(), "POSITION_NOT_REACHED");
    assert_eq!(ask("soon".to_owned()).await.unwrap().code(), "BAD_INPUT");
}
