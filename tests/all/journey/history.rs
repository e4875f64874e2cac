//! What an auditor sees of the log.

use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    campus::{Campus, mark, register},
    server::{Client, text},
};

tests! { both {
    the_history_tells_who_did_what_in_which_role,
    the_history_is_filtered_and_comes_page_by_page,
    the_log_head_says_how_far_the_views_have_come,
} }

/// Everything the auditor finds under a filter, page by page.
async fn history(auditor: &Client, filter: Value) -> Vec<Value> {
    let mut found = Vec::new();
    let mut page = json!({"filter": filter, "first": 7});
    loop {
        let answer = auditor.ask("History", page.clone()).await;
        found.extend(answer["nodes"].as_array().unwrap().iter().cloned());
        if answer["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        page["after"] = answer["pageInfo"]["endCursor"].clone();
    }
}

fn types(events: &[Value]) -> Vec<String> {
    events.iter().map(|event| text(&event["type"])).collect()
}

async fn the_history_tells_who_did_what_in_which_role(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let student = campus.student("Қанатов").await;
    let registered = register(&student, &subject, &term).await;
    let events = history(&campus.auditor, json!({"actorId": student.id})).await;
    assert_eq!(
        types(&events),
        ["EnrollmentRegistered", "IepOpened", "IepTermPlanned", "IepSubjectAdded"]
    );
    let first = &events[0];
    assert_eq!(
        first,
        &json!({
            "position": first["position"],
            "recordedAt": first["recordedAt"],
            "actor": {"id": student.id, "displayName": "Қанатов Ерлан"},
            "role": "STUDENT",
            "type": "EnrollmentRegistered",
            "aggregate": {"type": "Enrollment", "id": registered.enrollment, "sequence": 1},
            "data": first["data"],
            "causedBy": null,
            "correlation": first["correlation"],
        })
    );
    assert_eq!(first["data"]["taken"]["subject"], subject);
    // One act, one correlation.
    assert!(events.iter().all(|event| event["correlation"] == first["correlation"]));
}

async fn the_history_is_filtered_and_comes_page_by_page(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let mut enrollments = Vec::new();
    for name in ["Бірінші", "Екінші"] {
        let student = campus.student(name).await;
        let registered = register(&student, &subject, &term).await;
        mark(&campus.registrar, &registered.enrollment, "CURRENT", Some(1), 80.0).await;
        enrollments.push((student, registered));
    }
    let (student, registered) = &enrollments[1];
    let auditor = &campus.auditor;
    let all = history(auditor, json!({})).await;
    let positions: Vec<_> = all.iter().map(|event| event["position"].as_i64().unwrap()).collect();
    assert_eq!(positions, (1..=all.len() as i64).collect::<Vec<_>>());

    // Each filter lets through what the whole history has of it.
    let of = |keep: &dyn Fn(&Value) -> bool| -> Vec<Value> {
        all.iter().filter(|event| keep(event)).cloned().collect()
    };
    let middle = &all[all.len() / 2];
    let (position, time) = (middle["position"].as_i64().unwrap(), text(&middle["recordedAt"]));
    let instant = |event: &Value| text(&event["recordedAt"]).parse::<jiff::Timestamp>().unwrap();
    let then: jiff::Timestamp = time.parse().unwrap();
    let cases: Vec<(Value, Vec<Value>)> = vec![
        (json!({"aggregateType": "Iep"}), of(&|event| event["aggregate"]["type"] == "Iep")),
        (
            json!({"aggregateId": registered.iep}),
            of(&|event| event["aggregate"]["id"] == registered.iep),
        ),
        (json!({"actorId": student.id}), of(&|event| event["actor"]["id"] == student.id)),
        (
            json!({"eventType": "EnrollmentMarkRecorded"}),
            of(&|event| event["type"] == "EnrollmentMarkRecorded"),
        ),
        (json!({"since": time}), of(&|event| instant(event) >= then)),
        (json!({"until": time}), of(&|event| instant(event) <= then)),
        (json!({"afterPosition": position}), all[position as usize..].to_vec()),
        (json!({"untilPosition": position}), all[..position as usize].to_vec()),
        (
            json!({"eventType": "EnrollmentRegistered", "actorId": student.id}),
            of(&|event| {
                event["type"] == "EnrollmentRegistered" && event["actor"]["id"] == student.id
            }),
        ),
    ];
    for (filter, wanted) in cases {
        assert!(!wanted.is_empty(), "{filter}");
        assert_eq!(history(auditor, filter.clone()).await, wanted, "{filter}");
    }
    let record = history(auditor, json!({"studentId": student.id})).await;
    assert_eq!(
        types(&record),
        [
            "StudentAdmitted",
            "StudentAdvisorAssigned",
            "EnrollmentRegistered",
            "IepOpened",
            "IepTermPlanned",
            "IepSubjectAdded",
            "EnrollmentMarkRecorded",
        ]
    );
    for unknown in [json!({"eventType": "Unheard"}), json!({"aggregateType": "Unheard"})] {
        let refused = auditor.refused("History", json!({"filter": unknown, "first": 1})).await;
        assert_eq!(refused, "BAD_INPUT");
    }
}

async fn the_log_head_says_how_far_the_views_have_come(config: Config) {
    let campus = Campus::open(&config).await;
    let before = campus.auditor.ask("LogHead", json!({})).await;
    let done = campus.subject("MATH1", 5, &[]).await;
    assert!(!done.is_empty());
    let after = campus.auditor.ask("LogHead", json!({})).await;
    assert_eq!(after["position"].as_i64().unwrap(), before["position"].as_i64().unwrap() + 1);
    assert_ne!(after["chain"], before["chain"]);
    assert_eq!(text(&after["chain"]).len(), 64);
    let views = after["views"].as_array().unwrap();
    assert_eq!(views.len(), projections::VIEWS.len());
    for view in views {
        assert_eq!(view["healthy"], true);
        let seen = view["position"].as_i64().unwrap() + view["lagEvents"].as_i64().unwrap();
        assert_eq!(seen, after["position"].as_i64().unwrap(), "{view}");
    }
}
