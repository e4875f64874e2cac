//! Finding things by their ids.

use aggregates::{account::AccountCommand, shared::PersonId};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oqu::{
    cabinet::Cabinet,
    commands::{Actor, Transaction},
    config::Config,
    people::{Details, PersonWrite},
};
use serde_json::json;

use crate::campus::{Campus, register};

tests! { both {
    a_node_is_found_by_its_raw_and_its_global_id,
    a_student_is_found_by_the_id_of_the_system_they_came_from,
} }

async fn a_node_is_found_by_its_raw_and_its_global_id(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let stream = campus.stream(&subject, &term, "A", json!({})).await;
    let student = campus.student("Қанатов").await;
    let registered = register(&student, &subject, &term).await;
    let regulations = student.ask("query { regulations { id } }", json!({})).await;
    let regulation = crate::server::text(&regulations[0]["id"]);
    for (kind, id) in [
        ("Term", &term),
        ("Subject", &subject),
        ("Stream", &stream),
        ("Enrollment", &registered.enrollment),
        ("Iep", &registered.iep),
        ("Student", &student.id),
        ("Regulation", &regulation),
    ] {
        let wanted = json!({"__typename": kind, "id": id});
        assert_eq!(student.ask("Node", json!({"id": id})).await, wanted);
        let global = URL_SAFE_NO_PAD.encode(format!("{kind}:{id}"));
        assert_eq!(student.ask("Node", json!({"id": global})).await, wanted);
    }
    let stranger = campus.student("Бөтен").await;
    for id in [&registered.enrollment, &registered.iep, &student.id] {
        assert_eq!(stranger.refused("Node", json!({"id": id})).await, "FORBIDDEN");
    }
}

async fn a_student_is_found_by_the_id_of_the_system_they_came_from(config: Config) {
    // An external id comes with an import; here the people part of one.
    let person = PersonId::new();
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let act = AccountCommand::Open { person }.of(person);
    let mut imported = Transaction::of(Actor::command_line("import"), vec![act]);
    imported.people.push(PersonWrite::Create(
        person,
        Details {
            source: Some("platonus".into()),
            external_id: Some("S-00017".into()),
            given_name: "Әсел".into(),
            family_name: "Ғабитова".into(),
            ..Details::default()
        },
    ));
    cabinet.execute(imported).await.unwrap();
    cabinet.close().await;

    let campus = Campus::open(&config).await;
    let by_id = json!({"id": "S-00017"});
    let nobody = json!({"totalCount": 0, "nodes": []});
    assert_eq!(campus.registrar.ask("StudentsByExternalId", by_id.clone()).await, nobody);
    let admit = json!({"input": {
        "personId": person.to_string(), "programmeCode": "6B06101", "programmeTitle": "Информатика",
    }});
    campus.registrar.ask("AdmitStudent", admit).await;
    let found = json!({
        "totalCount": 1,
        "nodes": [
            {"id": person.to_string(), "displayName": "Ғабитова Әсел", "status": "STUDYING"},
        ],
    });
    assert_eq!(campus.registrar.ask("StudentsByExternalId", by_id.clone()).await, found);
    assert_eq!(campus.auditor.ask("StudentsByExternalId", by_id.clone()).await, found);
    // An advisor sees their own students only.
    assert_eq!(campus.advisor.ask("StudentsByExternalId", by_id.clone()).await, nobody);
    let assign = json!({"student": person.to_string(), "advisor": campus.advisor.id});
    campus.registrar.ask("AssignAdvisor", assign).await;
    assert_eq!(campus.advisor.ask("StudentsByExternalId", by_id).await, found);
}
