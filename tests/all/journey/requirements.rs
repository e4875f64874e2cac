//! What subjects ask of whoever takes them, beside prerequisites (manual 2.3, 2.3.1).

use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    campus::{Campus, register},
    server::{Client, text},
};

tests! { both {
    what_a_subject_asks_for_is_told_all_at_once_and_decided_by,
    subjects_that_would_wait_for_one_another_are_refused_when_they_are_saved,
} }

/// What speaks against each subject of the first term, by its code: codes and facts.
async fn reasons(student: &Client) -> Value {
    let me = student.ask("StudyPlan", json!({})).await;
    let subjects = &me["student"]["studyPlan"]["terms"][0]["subjects"];
    let told = |subject: &Value| {
        let reasons = subject["registration"]["reasons"].as_array().unwrap().iter();
        let reasons: Value = reasons
            .map(|reason| {
                let facts = reason["facts"].as_array().unwrap().iter();
                let facts: Vec<_> =
                    facts.map(|f| format!("{}={}", text(&f["name"]), text(&f["value"]))).collect();
                json!([reason["code"], facts.join(" ")])
            })
            .collect();
        (text(&subject["subject"]["code"]), reasons)
    };
    subjects.as_array().unwrap().iter().map(told).collect::<serde_json::Map<_, _>>().into()
}

async fn require(campus: &Campus, subject: &str, requirement: Value) -> Value {
    let input = json!({"subject": subject, "requirement": requirement});
    campus.registrar.ask("SetRequirement", input).await["subject"].clone()
}

async fn what_a_subject_asks_for_is_told_all_at_once_and_decided_by(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let mathematics = campus.subject("MATH1", 5, &[]).await;
    let logic = campus.subject("LOGIC1", 5, &[]).await;
    let physics = campus.subject("PHYS1", 5, &[&mathematics]).await;
    let student = campus.student("Қанатов").await;

    let asked = require(
        &campus,
        &physics,
        json!({"all": [
            {"any": [{"yearOfStudyAtLeast": 2}, {"creditsGathered": 60}]},
            {"registeredNowId": logic},
            {"inGroup": "ИС-22"},
            {"approvedByHead": true},
        ]}),
    )
    .await;
    assert_eq!(
        asked["requirement"]["text"],
        "all(any(year_of_study_at_least 2, credits_gathered 60), registered_now LOGIC1, \
         in_group ИС-22, approved_by_head)"
    );
    assert_eq!(asked["requirement"]["parts"][1]["subject"]["code"], "LOGIC1");
    assert_eq!(asked["corequisites"], json!([{"code": "LOGIC1"}]));
    assert_eq!(
        reasons(&student).await["PHYS1"],
        json!([
            ["PREREQUISITES_MISSING", "missing=MATH1"],
            ["REQUIREMENT_UNMET", "requirement=any(year_of_study_at_least 2, credits_gathered 60)"],
            ["COREQUISITE_MISSING", "with=LOGIC1"],
            ["GROUP_NOT_FITTING", "group=ИС-21 asked=ИС-22"],
            ["APPROVAL_MISSING", ""],
        ])
    );

    // Registration decides by the same.
    let with_logic =
        json!({"all": [{"registeredNowId": logic}, {"notRegisteredWithId": mathematics}]});
    let input = json!({"input": {
        "subjectId": physics, "code": "PHYS1", "title": "Физика", "credits": 5,
        "compulsory": true, "prerequisiteIds": [],
    }});
    campus.registrar.ask("ReviseSubject", input).await;
    require(&campus, &physics, with_logic).await;
    let wanted = json!({"subject": physics, "term": term});
    let refused = student.user_error("RegisterForSubject", wanted.clone()).await;
    assert_eq!(refused["code"], "COREQUISITE_MISSING");
    assert_eq!(refused["facts"], json!([{"name": "with", "value": "LOGIC1"}]));
    register(&student, &logic, &term).await;
    let registered = register(&student, &physics, &term).await;
    let query = "query($id: ID!) { enrollment(id: $id) { decision { facts { name value } } } }";
    let decision = student.ask(query, json!({"id": registered.enrollment})).await;
    let facts = decision["decision"]["facts"].as_array().unwrap();
    let fact =
        |name: &str| facts.iter().find(|fact| fact["name"] == name).unwrap()["value"].clone();
    assert_eq!(fact("requirement"), "registered_now LOGIC1, not_registered_with MATH1");
    assert_eq!(fact("met"), "registered_now LOGIC1, not_registered_with MATH1");

    // To exclude one another is mutual, though only one of both says so.
    let refused = student
        .user_error("RegisterForSubject", json!({"subject": mathematics, "term": term}))
        .await;
    assert_eq!(refused["code"], "SUBJECTS_EXCLUDE");
    assert_eq!(refused["facts"], json!([{"name": "with", "value": "PHYS1"}]));
    assert_eq!(require(&campus, &physics, Value::Null).await["requirement"], Value::Null);
    register(&student, &mathematics, &term).await;
}

async fn subjects_that_would_wait_for_one_another_are_refused_when_they_are_saved(config: Config) {
    let campus = Campus::open(&config).await;
    let first = campus.subject("MATH1", 5, &[]).await;
    let second = campus.subject("MATH2", 5, &[&first]).await;
    let third = campus.subject("MATH3", 5, &[]).await;
    require(&campus, &third, json!({"passedId": second})).await;
    let revised = |prerequisites: Value| {
        json!({"input": {
            "subjectId": first, "code": "MATH1", "title": "Математика", "credits": 5,
            "compulsory": true, "prerequisiteIds": prerequisites,
        }})
    };
    let cycle = |error: Value| {
        assert_eq!(error["code"], "PREREQUISITE_CYCLE");
        assert_eq!(
            error["facts"],
            json!([{"name": "cycle", "value": "MATH1 < MATH3 < MATH2 < MATH1"}])
        );
    };
    cycle(campus.registrar.user_error("ReviseSubject", revised(json!([third]))).await);
    let requirement = json!({"subject": first, "requirement": {"all": [{"passedId": third}]}});
    cycle(campus.registrar.user_error("SetRequirement", requirement).await);

    // Where another way leads past, nobody waits for ever.
    let either = json!({"any": [{"passedId": third}, {"creditsGathered": 5}]});
    require(&campus, &first, either).await;
    let query = "query($id: ID!) { subject(id: $id) { postrequisites { code } } }";
    let after = campus.registrar.ask(query, json!({"id": second})).await;
    assert_eq!(after["postrequisites"], json!([{"code": "MATH3"}]));
    campus.registrar.ask("ReviseSubject", revised(json!([]))).await;
}
