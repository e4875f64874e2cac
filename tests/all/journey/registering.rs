//! Study plan and registration (manual 2.3.1).

use oqu::config::Config;
use serde_json::{Value, json};

use super::programmes::not_admitted;
use crate::{
    campus::{Campus, day, register},
    server::{Client, text},
};

tests! { both {
    the_study_plan_says_everything_that_speaks_against_a_subject_at_once,
    a_subject_is_not_open_where_the_student_is_registered_for_it,
    registering_puts_the_subject_on_the_plan_and_dropping_takes_it_off,
    a_registrar_registers_a_student_outside_the_windows_with_a_reason,
    a_subject_is_taken_where_it_is_offered,
    a_plan_keeps_the_limit_of_the_year_that_it_was_opened_with,
} }

/// The subjects of the first term of the study plan: code, status, and why not.
async fn reasons(student: &Client) -> Value {
    let me = student.ask("StudyPlan", json!({})).await;
    let term = &me["student"]["studyPlan"]["terms"][0];
    let told = |subject: &Value| {
        let reasons = subject["registration"]["reasons"].as_array().unwrap().iter();
        let codes: Vec<_> = reasons.map(|reason| text(&reason["code"])).collect();
        assert_eq!(subject["registration"]["allowed"], codes.is_empty());
        json!([subject["subject"]["code"], subject["status"], codes])
    };
    term["subjects"].as_array().unwrap().iter().map(told).collect()
}

/// The most credits of a year are those that its plan was opened with, whatever is published for it afterwards.
async fn a_plan_keeps_the_limit_of_the_year_that_it_was_opened_with(config: Config) {
    let campus = Campus::open(&config).await;
    let autumn = campus.open_term("Күз", -30, 90).await;
    let spring = campus.open_term("Көктем", 70, 90).await;
    let student = campus.student("Қанатов").await;
    for (code, credits, term) in [("MATH1", 30, &autumn), ("PHYS1", 22, &spring)] {
        let subject = campus.subject(code, credits, &[]).await;
        register(&student, &subject, term).await;
    }
    let what_if = "query($term: ID!, $subject: ID!) { whatIf(termId: $term, subjectIds: [$subject]) { \
                   yearCredits { plan fact } subjects { reasons { code } } } }";
    let with = async |subject: &str| {
        student.ask(what_if, json!({"term": spring, "subject": subject})).await
    };
    // Fewer by what is published since: the plan has room for 60 all the same.
    campus.regulation("fewer", day(-31), json!({"yearCredits": 54})).await;
    let chemistry = campus.subject("CHEM1", 5, &[]).await;
    let expected = json!({
        "yearCredits": {"plan": 60, "fact": 57}, "subjects": [{"reasons": []}],
    });
    assert_eq!(with(&chemistry).await, expected);
    register(&student, &chemistry, &spring).await;
    // More, and it has no room for them.
    let more = json!({"yearCredits": 66, "semesterCredits": 36});
    campus.regulation("more", day(-30), more).await;
    let biology = campus.subject("BIO1", 6, &[]).await;
    let seen = with(&biology).await;
    assert_eq!(seen["subjects"], json!([{"reasons": [{"code": "YEAR_CREDITS_OVER_LIMIT"}]}]));
    let wanted = json!({"subject": biology, "term": spring});
    let refused = student.user_error("RegisterForSubject", wanted).await;
    assert_eq!(refused["code"], "YEAR_CREDITS_OVER_LIMIT");
    assert_eq!(refused["facts"][0], json!({"name": "limit", "value": "60"}));
}

async fn the_study_plan_says_everything_that_speaks_against_a_subject_at_once(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let mathematics = campus.subject("MATH1", 5, &[]).await;
    let physics = campus.subject("PHYS1", 20, &[]).await;
    campus.subject("MATH2", 7, &[&mathematics, &physics]).await;
    let student = campus.student("Қанатов").await;
    register(&student, &mathematics, &term).await;
    register(&student, &physics, &term).await;

    let me = student.ask("StudyPlan", json!({})).await;
    let plan = &me["student"]["studyPlan"]["terms"];
    assert_eq!(plan.as_array().map(Vec::len), Some(1));
    assert_eq!(plan[0]["term"], json!({"id": term, "title": "Күз"}));
    assert_eq!(plan[0]["registrationWindow"]["open"], true);
    assert_eq!(plan[0]["credits"], json!({"plan": 30, "fact": 25, "remainder": 5}));
    let last = &plan[0]["subjects"][1];
    assert_eq!(last["subject"]["code"], "MATH2");
    assert_eq!(
        last["subject"]["prerequisites"],
        json!([{"code": "MATH1", "title": "Пән MATH1"}, {"code": "PHYS1", "title": "Пән PHYS1"}])
    );
    assert_eq!(
        last["registration"],
        json!({"allowed": false, "reasons": [
            {
                "code": "PREREQUISITES_MISSING",
                "message": last["registration"]["reasons"][0]["message"],
                "facts": [{"name": "missing", "value": "MATH1, PHYS1"}],
            },
            {
                "code": "CREDITS_OVER_LIMIT",
                "message": last["registration"]["reasons"][1]["message"],
                "facts": [
                    {"name": "limit", "value": "30"},
                    {"name": "planned", "value": "25"},
                    {"name": "subject", "value": "7"},
                ],
            },
        ]})
    );
    let first = &plan[0]["subjects"][0]["subject"];
    assert_eq!(first["postrequisites"], json!([{"code": "MATH2", "title": "Пән MATH2"}]));

    campus.period(&term, "REGISTRATION", -48, -24).await;
    assert_eq!(
        reasons(&student).await,
        json!([
            ["MATH1", "IN_PROGRESS", ["REGISTERED_ALREADY"]],
            [
                "MATH2",
                "NOT_PASSED",
                ["PREREQUISITES_MISSING", "REGISTRATION_CLOSED", "CREDITS_OVER_LIMIT"]
            ],
            ["PHYS1", "IN_PROGRESS", ["REGISTERED_ALREADY"]],
        ])
    );
}

async fn a_subject_is_not_open_where_the_student_is_registered_for_it(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let next = campus.open_term("Көктем", 100, 90).await;
    let [failed, with, other] = [
        campus.subject("MATH1", 16, &[]).await,
        campus.subject("PHYS1", 5, &[]).await,
        campus.subject("PHYS2", 5, &[]).await,
    ];
    let student = campus.student("Қанатов").await;
    let enrollment = register(&student, &failed, &term).await.enrollment;
    register(&student, &with, &term).await;
    not_admitted(&campus, &enrollment).await;
    // It asks for another one only since the student is registered for it.
    let together = json!({"subject": with, "requirement": {"registeredNowId": other}});
    campus.registrar.ask("SetRequirement", together).await;

    let already = json!(["REGISTERED_ALREADY"]);
    assert_eq!(
        reasons(&student).await,
        json!([
            ["MATH1", "FAILED", already],
            ["PHYS1", "IN_PROGRESS", already],
            ["PHYS2", "NOT_PASSED", []],
        ])
    );
    let what_if = async |term: &str| {
        let query = "query($term: ID!, $subjects: [ID!]!) { \
            whatIf(termId: $term, subjectIds: $subjects) { \
              allowed subjects { allowed reasons { code } } credits { fact } } }";
        student.ask(query, json!({"term": term, "subjects": [failed, with]})).await
    };
    let told = json!({"allowed": false, "reasons": [{"code": "REGISTERED_ALREADY"}]});
    assert_eq!(
        what_if(&term).await,
        json!({"allowed": false, "subjects": [told, told], "credits": {"fact": 21}})
    );
    for subject in [&failed, &with] {
        let wanted = json!({"subject": subject, "term": term});
        assert_eq!(student.refused("RegisterForSubject", wanted).await, "REGISTERED_ALREADY");
    }
    // In another term what was failed may be taken again, and what is in progress says so.
    let told = what_if(&next).await;
    assert_eq!(told["subjects"][0], json!({"allowed": true, "reasons": []}));
    let reasons = json!([{"code": "SUBJECT_IN_PROGRESS"}, {"code": "COREQUISITE_MISSING"}]);
    assert_eq!(told["subjects"][1], json!({"allowed": false, "reasons": reasons}));
    register(&student, &failed, &next).await;
}

async fn registering_puts_the_subject_on_the_plan_and_dropping_takes_it_off(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let student = campus.student("Қанатов").await;
    let wanted = json!({"subject": subject, "term": term});
    let done = student.ask("RegisterForSubject", wanted.clone()).await;
    let (enrollment, iep) = (&done["enrollment"]["id"], &done["iep"]["id"]);
    assert_eq!(
        done,
        json!({
            "enrollment": {
                "id": enrollment, "status": "REGISTERED",
                "subject": {"code": "MATH1"}, "term": {"id": term},
            },
            "iep": {
                "id": iep, "revision": 1,
                "terms": [
                    {"term": {"id": term}, "credits": {"plan": 30, "fact": 5, "remainder": 25}},
                ],
            },
            "position": done["position"],
            "userErrors": [],
        })
    );
    let twice = student.user_error("RegisterForSubject", wanted.clone()).await;
    assert_eq!(twice["code"], "REGISTERED_ALREADY");
    assert_eq!(twice["field"], json!(["subjectId"]));
    assert_eq!(twice["facts"], json!([{"name": "code", "value": "MATH1"}]));

    let dropped = student.ask("DropSubject", json!({"enrollment": enrollment})).await;
    assert_eq!(
        dropped["iep"]["terms"][0]["credits"],
        json!({"plan": 30, "fact": 0, "remainder": 30})
    );
    let again = json!({"enrollment": enrollment});
    assert_eq!(student.refused("DropSubject", again).await, "ENROLLMENT_DROPPED");
    // A registration that was given up may be taken up again, under the same id.
    let back = student.ask("RegisterForSubject", wanted).await;
    assert_eq!(&back["enrollment"]["id"], enrollment);
}

async fn a_registrar_registers_a_student_outside_the_windows_with_a_reason(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let student = campus.student("Қанатов").await;
    let wanted = json!({"subject": subject, "term": term});
    let refused = student.refused("RegisterForSubject", wanted).await;
    assert_eq!(refused, "REGISTRATION_NOT_SCHEDULED");
    let mut wanted = json!({"student": student.id, "subject": subject, "term": term});
    assert_eq!(campus.registrar.refused("RegisterStudent", wanted.clone()).await, "TEXT_EMPTY");
    wanted["reason"] = "сырқат болды".into();
    assert_eq!(student.refused("RegisterStudent", wanted.clone()).await, "NOT_YOURS");
    let done = campus.registrar.ask("RegisterStudent", wanted).await;
    assert_eq!(done["enrollment"]["status"], "REGISTERED");
    assert_eq!(done["iep"]["status"], "OPEN");
}

async fn a_subject_is_taken_where_it_is_offered(config: Config) {
    let campus = Campus::open(&config).await;
    let autumn = campus.open_term("Күз", -30, 90).await;
    let spring = campus.open_term("Көктем", 70, 90).await;
    let input = json!({
        "code": "MATH1", "title": "Математика", "credits": 5, "termIds": [spring],
    });
    let made = campus.registrar.ask("CreateSubject", json!({"input": input})).await;
    let subject = &made["subject"]["id"];
    let student = campus.student("Қанатов").await;
    assert_eq!(reasons(&student).await, json!([]));
    let wanted = json!({"subject": subject, "term": autumn});
    assert_eq!(student.refused("RegisterForSubject", wanted).await, "SUBJECT_NOT_OFFERED");
    let wanted = json!({"subject": subject, "term": spring});
    student.ask("RegisterForSubject", wanted).await;
}
