//! Holds, and the registrar's override (manual 2.3.1).

use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    campus::{Campus, Taught, person, register},
    server::text,
};

tests! { both {
    a_hold_blocks_registering_and_choosing_until_it_is_lifted,
    holds_are_placed_by_those_whose_matter_they_are,
    a_registrar_overrides_named_reasons_on_record,
} }

fn hold(student: &str, kind: &str) -> Value {
    json!({"student": student, "kind": kind, "reason": "оқу ақысы"})
}

async fn a_hold_blocks_registering_and_choosing_until_it_is_lifted(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, subject, term, enrollment, .. } = &taught;
    let physics = campus.subject("PHYS1", 5, &[]).await;
    let other = campus.stream(subject, term, "B", json!({})).await;
    let placed = campus.registrar.ask("PlaceHold", hold(&student.id, "DEBT")).await["hold"].clone();
    assert_eq!(
        placed,
        json!({
            "id": placed["id"], "kind": "DEBT", "reason": "оқу ақысы",
            "placedBy": {"displayName": "Оразова Айгүл"}, "placedAt": placed["placedAt"],
            "liftedBy": null, "liftedAt": null,
        })
    );
    let wanted = json!({"subject": physics, "term": term});
    let refused = student.user_error("RegisterForSubject", wanted.clone()).await;
    assert_eq!(refused["code"], "REGISTRATION_HELD");
    assert_eq!(refused["facts"], json!([{"name": "hold", "value": "debt"}]));
    let choose = json!({"enrollment": enrollment, "stream": other});
    assert_eq!(student.refused("ChooseStream", choose.clone()).await, "REGISTRATION_HELD");
    let me = student.ask("StudyPlan", json!({})).await;
    let subjects = &me["student"]["studyPlan"]["terms"][0]["subjects"];
    assert_eq!(subjects[1]["registration"]["reasons"][0]["code"], "REGISTRATION_HELD");

    let lift = json!({"student": student.id, "hold": placed["id"]});
    campus.registrar.ask("LiftHold", lift.clone()).await;
    assert_eq!(campus.registrar.refused("LiftHold", lift).await, "HOLD_UNKNOWN");
    student.ask("RegisterForSubject", wanted).await;
    student.ask("ChooseStream", choose).await;
    let query =
        "query($id: ID!) { student(id: $id) { holds { kind reason liftedBy { displayName } } } }";
    let seen = student.ask(query, json!({"id": student.id})).await;
    let lifted = json!({
        "kind": "DEBT", "reason": "оқу ақысы", "liftedBy": {"displayName": "Оразова Айгүл"},
    });
    assert_eq!(seen["holds"], json!([lifted]));
    // Who only teaches a student does not read what they owe.
    let seen = campus.teacher.ask(query, json!({"id": student.id})).await;
    assert_eq!(seen["holds"], Value::Null);
}

async fn holds_are_placed_by_those_whose_matter_they_are(config: Config) {
    let campus = Campus::open(&config).await;
    let student = campus.student("Қанатов").await;
    let librarian = person(&campus.administrator, "Кітапхана", &["LIBRARIAN"]).await;
    let cashier = person(&campus.administrator, "Касса", &["FINANCE_OFFICER"]).await;
    for (who, own, others) in [
        (&librarian, "LIBRARY", ["DEBT", "DISCIPLINE"]),
        (&cashier, "DEBT", ["LIBRARY", "DISCIPLINE"]),
    ] {
        let placed = who.ask("PlaceHold", hold(&student.id, own)).await;
        for other in others {
            assert_eq!(who.refused("PlaceHold", hold(&student.id, other)).await, "NOT_YOURS");
        }
        // Each sees what is theirs to lift.
        let mine = "query($id: ID!) { holds(studentId: $id) { kind liftedAt } }";
        let seen = who.ask(mine, json!({"id": student.id})).await;
        assert_eq!(seen, json!([{"kind": own, "liftedAt": null}]));
        let stranger = if own == "DEBT" { &librarian } else { &cashier };
        let lift = json!({"student": student.id, "hold": placed["hold"]["id"]});
        assert_eq!(stranger.refused("LiftHold", lift.clone()).await, "NOT_YOURS");
        who.ask("LiftHold", lift).await;
    }
}

async fn a_registrar_overrides_named_reasons_on_record(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let mathematics = campus.subject("MATH1", 28, &[]).await;
    let physics = campus.subject("PHYS1", 5, &[&mathematics]).await;
    let student = campus.student("Қанатов").await;
    register(&student, &mathematics, &term).await;
    campus.registrar.ask("PlaceHold", hold(&student.id, "LIBRARY")).await;
    let asked = |overrides: &[&str], reason: &str| {
        json!({"input": {
            "studentId": student.id, "subjectId": physics, "termId": term, "reason": reason,
            "overrides": overrides, "idempotencyKey": "over",
        }})
    };
    let registrar = &campus.registrar;
    let all = ["PREREQUISITES_MISSING", "REGISTRATION_HELD", "CREDITS_OVER_LIMIT"];
    // What is still in the way is told all at once, and with it what is not.
    let needless = ["REGISTRATION_HELD", "YEAR_CREDITS_OVER_LIMIT", "SUBJECT_NOT_OFFERED"];
    let told = ["PREREQUISITES_MISSING", "CREDITS_OVER_LIMIT"];
    let not_needed = ["OVERRIDE_NOT_NEEDED", "OVERRIDE_NOT_NEEDED"];
    for (overrides, reason, codes) in [
        (&all[..2], "ауысып келді", vec!["CREDITS_OVER_LIMIT"]),
        (&all[1..2], "ауысып келді", told.to_vec()),
        (&needless, "ауысып келді", [told, not_needed].concat()),
        (&[], "ауысып келді", all.to_vec()),
        (&all, " ", vec!["TEXT_EMPTY"]),
    ] {
        let answer = registrar.send("OverrideRegistration", asked(overrides, reason)).await;
        let errors = answer.root()["userErrors"].as_array().unwrap().iter();
        let told: Vec<_> = errors.map(|error| text(&error["code"])).collect();
        assert_eq!(told, codes, "{overrides:?}");
    }
    let chemistry = campus.subject("CHEM1", 2, &[]).await;
    let free = campus.student("Сериков").await;
    let nothing = json!({"input": {
        "studentId": free.id, "subjectId": chemistry, "termId": term, "reason": "ауысып келді",
        "overrides": [],
    }});
    assert_eq!(registrar.refused("OverrideRegistration", nothing).await, "OVERRIDE_NOT_NEEDED");
    let done = registrar.ask("OverrideRegistration", asked(&all, "ауысып келді")).await;
    let record = &done["enrollment"]["override"];
    assert_eq!(record["reason"], "ауысып келді");
    assert_eq!(record["by"]["displayName"], "Оразова Айгүл");
    let reasons = record["reasons"].as_array().unwrap().iter();
    let told: Vec<_> = reasons.map(|reason| json!([reason["code"], reason["facts"]])).collect();
    let fact = |name: &str, value: &str| json!({"name": name, "value": value});
    assert_eq!(
        told,
        [
            json!(["PREREQUISITES_MISSING", [fact("missing", "MATH1")]]),
            json!(["REGISTRATION_HELD", [fact("hold", "library")]]),
            json!([
                "CREDITS_OVER_LIMIT",
                [fact("limit", "30"), fact("planned", "28"), fact("subject", "5")]
            ]),
        ]
    );
    // The same request again is the same registration; a second one can't be overridden.
    let again = registrar.ask("OverrideRegistration", asked(&all, "ауысып келді")).await;
    assert_eq!(again["enrollment"]["id"], done["enrollment"]["id"]);
    let mut second = asked(&["REGISTRATION_HELD"], "тағы");
    second["input"]["idempotencyKey"] = Value::Null;
    assert_eq!(registrar.refused("OverrideRegistration", second).await, "REGISTERED_ALREADY");
    // Who is registered without one has none on record.
    let query = "query($id: ID!) { student(id: $id) { enrollments { subject { code } override { by { id } } } } }";
    let seen = student.ask(query, json!({"id": student.id})).await;
    let mathematics = seen["enrollments"]
        .as_array()
        .unwrap()
        .iter()
        .find(|enrollment| text(&enrollment["subject"]["code"]) == "MATH1");
    assert_eq!(mathematics.unwrap()["override"], Value::Null);
}
