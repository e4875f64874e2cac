//! What subjects ask of whoever takes them, beside prerequisites (manual 2.3, 2.3.1).

use oqu::config::Config;
use serde_json::{Value, json};

use super::programmes::programme_of;
use crate::{
    campus::{Campus, academic_year, register},
    server::{Client, text},
};

tests! { both {
    what_a_subject_asks_for_is_told_all_at_once_and_decided_by,
    a_programme_that_is_asked_for_is_one_and_told_by_code_and_title,
    subjects_that_ask_for_one_another_are_registered_for_in_one_act,
    two_requests_at_once_pass_no_exclusion,
    two_requests_at_once_take_no_subject_twice,
    subjects_that_would_wait_for_one_another_are_refused_when_they_are_saved,
    two_requests_at_once_close_no_circle,
    no_two_subjects_that_are_put_into_the_catalogue_have_one_code,
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

async fn a_programme_that_is_asked_for_is_one_and_told_by_code_and_title(config: Config) {
    let campus = Campus::open(&config).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let stray = uuid::Uuid::new_v4().to_string();
    let programme = programme_of(&campus, "6B05301").await;
    let one_of = |ids: [&str; 2]| json!({"any": ids.map(|id| json!({"inProgrammeId": id}))});
    let wanted = json!({"subject": subject, "requirement": one_of([&programme, &stray])});
    let refused = campus.registrar.user_error("SetRequirement", wanted).await;
    assert_eq!(
        (&refused["code"], &refused["field"], &refused["facts"]),
        (
            &json!("PROGRAMME_UNKNOWN"),
            &json!(["requirement"]),
            &json!([{"name": "programme", "value": stray}])
        )
    );
    // One that somebody studies need not be set up.
    let student = campus.student("Қанатов").await;
    let studied = "query($id: ID!) { student(id: $id) { programme { id } } }";
    let studied = student.ask(studied, json!({"id": student.id})).await;
    let studied = text(&studied["programme"]["id"]);
    let asked = require(&campus, &subject, one_of([&programme, &studied])).await;
    assert_eq!(
        asked["requirement"]["text"],
        format!("any(in_programme 6B05301 (Бағдарлама 6B05301), in_programme {studied})")
    );
}

async fn subjects_that_ask_for_one_another_are_registered_for_in_one_act(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let theory = campus.subject("PHYS1", 5, &[]).await;
    let practice = campus.subject("PHYS2", 5, &[]).await;
    require(&campus, &theory, json!({"registeredNowId": practice})).await;
    let both_ways = json!({"all": [{"registeredNowId": theory}, {"yearOfStudyAtLeast": 1}]});
    require(&campus, &practice, both_ways).await;
    let advanced = campus.subject("MATH2", 5, &[&theory]).await;
    let huge = campus.subject("MATH3", 25, &[]).await;
    let student = campus.student("Қанатов").await;
    for alone in [&theory, &practice] {
        let wanted = json!({"subject": alone, "term": term});
        let refused = student.refused("RegisterForSubject", wanted).await;
        assert_eq!(refused, "COREQUISITE_MISSING");
    }

    // All that speaks against any of them is told at once, and nothing is done.
    let wanted = |subjects: &[&String]| json!({"subjects": subjects, "term": term});
    let all = wanted(&[&theory, &practice, &advanced, &huge]);
    let answer = student.send("RegisterForSubjects", all).await;
    let errors = answer.root()["userErrors"].as_array().unwrap().iter();
    let told: Vec<_> = errors.map(|error| json!([error["code"], error["field"]])).collect();
    assert_eq!(
        told,
        [
            json!(["CREDITS_OVER_LIMIT", ["subjectIds", "0"]]),
            json!(["CREDITS_OVER_LIMIT", ["subjectIds", "1"]]),
            json!(["PREREQUISITES_MISSING", ["subjectIds", "2"]]),
            json!(["CREDITS_OVER_LIMIT", ["subjectIds", "2"]]),
            json!(["CREDITS_OVER_LIMIT", ["subjectIds", "3"]]),
        ]
    );
    assert_eq!(answer.root()["enrollments"], Value::Null);
    let done = student.ask("RegisterForSubjects", wanted(&[&theory, &practice, &theory])).await;
    let registered = done["enrollments"].as_array().unwrap().iter();
    let codes: Vec<_> = registered.map(|one| text(&one["subject"]["code"])).collect();
    assert_eq!(codes, ["PHYS1", "PHYS2"]);
    assert_eq!(done["iep"]["entries"].as_array().unwrap().len(), 2);
    let query = "query($id: ID!) { enrollment(id: $id) { decision { facts { name value } } } }";
    let decision = student.ask(query, json!({"id": done["enrollments"][1]["id"]})).await;
    let facts = decision["decision"]["facts"].as_array().unwrap();
    assert!(facts.contains(&json!({"name": "year_of_study", "value": "1"})), "{facts:?}");

    let answer = student.send("RegisterForSubjects", wanted(&[&theory, &huge])).await;
    let errors = answer.root()["userErrors"].as_array().unwrap().iter();
    let told: Vec<_> = errors.map(|error| json!([error["code"], error["field"]])).collect();
    assert_eq!(
        told,
        [
            json!(["REGISTERED_ALREADY", ["subjectIds", "0"]]),
            json!(["CREDITS_OVER_LIMIT", ["subjectIds", "1"]]),
        ]
    );
    let refused = student.refused("RegisterForSubjects", wanted(&[&theory])).await;
    assert_eq!(refused, "REGISTERED_ALREADY");
    let none = student.refused("RegisterForSubjects", wanted(&[])).await;
    assert_eq!(none, "NUMBER_OUT_OF_RANGE");
}

async fn two_requests_at_once_pass_no_exclusion(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let mut pairs = Vec::new();
    for number in 0..15 {
        let first = campus.subject(&format!("MATH{number}"), 1, &[]).await;
        let second = campus.subject(&format!("PHYS{number}"), 1, &[]).await;
        // In other words than `notRegisteredWithId`, but it is as mutual.
        require(&campus, &second, json!({"not": {"registeredNowId": first}})).await;
        pairs.push([first, second]);
    }
    let student = campus.student("Қанатов").await;
    for [first, second] in &pairs {
        let wanted = |subject: &String| json!({"subject": subject, "term": term});
        let (one, other) = futures::future::join(
            student.send("RegisterForSubject", wanted(first)),
            student.send("RegisterForSubject", wanted(second)),
        )
        .await;
        let answers = [one, other];
        let refused = answers.iter().filter(|answer| answer.root()["enrollment"].is_null());
        let codes: Vec<_> = refused.map(|answer| answer.code()).collect();
        assert_eq!(codes.len(), 1, "one of both is registered for: {codes:?}");
        // One after the other the second is told what it asks for.
        let told = ["IEP_CHANGED", "SUBJECTS_EXCLUDE", "REQUIREMENT_UNMET"];
        assert!(told.contains(&codes[0].as_str()), "{codes:?}");
    }
}

/// In two terms of one year, and of two years.
async fn two_requests_at_once_take_no_subject_twice(config: Config) {
    let campus = Campus::open(&config).await;
    let autumn = campus.open_term("Күз", -30, 90).await;
    let spring = campus.open_term("Көктем", 70, 90).await;
    let next = campus.term_of(academic_year() + 1, "Келесі күз", 300, 90).await;
    campus.period(&next, "REGISTRATION", -24, 24).await;
    let student = campus.student("Қанатов").await;
    for number in 0..10 {
        let subject = campus.subject(&format!("MATH{number}"), 1, &[]).await;
        let later = if number % 2 == 0 { &spring } else { &next };
        let wanted = |term: &String| json!({"subject": subject, "term": term});
        let (one, other) = futures::future::join(
            student.send("RegisterForSubject", wanted(&autumn)),
            student.send("RegisterForSubject", wanted(later)),
        )
        .await;
        let answers = [one, other];
        let refused = answers.iter().filter(|answer| answer.root()["enrollment"].is_null());
        let codes: Vec<_> = refused.map(|answer| answer.code()).collect();
        assert_eq!(codes.len(), 1, "it is registered for once: {codes:?}");
        assert!(["IEP_CHANGED", "SUBJECT_IN_PROGRESS"].contains(&&*codes[0]), "{codes:?}");
    }
}

async fn two_requests_at_once_close_no_circle(config: Config) {
    let campus = Campus::open(&config).await;
    for number in 0..10 {
        let one = campus.subject(&format!("MATH{number}"), 5, &[]).await;
        let other = campus.subject(&format!("PHYS{number}"), 5, &[]).await;
        let asks = |subject: &String, named: &String| {
            let kind = if number % 2 == 0 { "passedId" } else { "registeredNowId" };
            let named =
                if subject == &one { json!({"passedId": named}) } else { json!({kind: named}) };
            json!({"subject": subject, "requirement": named})
        };
        let answers = futures::future::join(
            campus.registrar.send("SetRequirement", asks(&one, &other)),
            campus.registrar.send("SetRequirement", asks(&other, &one)),
        );
        let (first, second) = answers.await;
        let answers = [first, second];
        let refused = answers.iter().filter(|answer| answer.root()["subject"].is_null());
        let codes: Vec<_> = refused.map(|answer| answer.code()).collect();
        assert_eq!(codes.len(), 1, "one of both is saved: {codes:?}");
        let expected = ["PREREQUISITE_CYCLE", "REQUIREMENTS_CHANGED"];
        assert!(expected.contains(&codes[0].as_str()), "{codes:?}");
    }
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

    // What rules itself out is refused too.
    let both = json!({"all": [{"registeredNowId": second}, {"notRegisteredWithId": second}]});
    let both = json!({"subject": third, "requirement": both});
    let error = campus.registrar.user_error("SetRequirement", both).await;
    assert_eq!(error["code"], "REQUIREMENT_UNMEETABLE");
    let both = "all(registered_now MATH2, not_registered_with MATH2)";
    assert_eq!(error["facts"], json!([{"name": "requirement", "value": both}]));
    // Where another way leads past, nobody waits for ever.
    let either = json!({"any": [{"passedId": third}, {"creditsGathered": 5}]});
    require(&campus, &first, either).await;
    let query = "query($id: ID!) { subject(id: $id) { postrequisites { code } } }";
    let after = campus.registrar.ask(query, json!({"id": second})).await;
    assert_eq!(after["postrequisites"], json!([{"code": "MATH3"}]));
    campus.registrar.ask("ReviseSubject", revised(json!([]))).await;
}

async fn no_two_subjects_that_are_put_into_the_catalogue_have_one_code(config: Config) {
    let campus = Campus::open(&config).await;
    let registrar = &campus.registrar;
    let first = campus.subject("MATH1", 5, &[]).await;
    let called = |code: &str| json!({"input": {"code": code, "title": "Алгебра", "credits": 5}});
    let taken = registrar.user_error("CreateSubject", called("math1")).await;
    assert_eq!(taken["code"], "SUBJECT_CODE_TAKEN");
    assert_eq!(taken["field"], json!(["code"]));
    let facts = [("code", "MATH1"), ("title", "Пән MATH1"), ("subject", &*first)];
    assert_eq!(
        taken["facts"],
        json!(facts.map(|(name, value)| json!({"name": name, "value": value})))
    );
    assert_eq!(taken["message"], "The catalogue has a subject with the code MATH1: Пән MATH1.");
    // Of those who ask at once one is heard, also where the code was another one's before.
    let revise = |subject: &str, code: &str| {
        json!({"input": {
            "subjectId": subject, "code": code, "title": "Алгебра", "credits": 5, "compulsory": true,
            "prerequisiteIds": [],
        }})
    };
    registrar.ask("ReviseSubject", revise(&first, "MATH2")).await;
    for code in ["MATH1", "MATH3", "MATH4", "MATH5", "MATH6", "MATH7"] {
        let at_once = (0..8).map(|_| registrar.send("CreateSubject", called(code)));
        let answers = futures::future::join_all(at_once).await;
        let refused = answers.iter().filter(|answer| answer.root()["userErrors"] != json!([]));
        let refused: Vec<_> = refused.map(|answer| answer.code()).collect();
        assert_eq!(refused, ["SUBJECT_CODE_TAKEN"; 7]);
    }
    // Nor is a subject called as another one; it keeps its own code, in whatever capitals.
    let taken = registrar.refused("ReviseSubject", revise(&first, "Math1")).await;
    assert_eq!(taken, "SUBJECT_CODE_TAKEN");
    registrar.ask("ReviseSubject", revise(&first, "math2")).await;
}
