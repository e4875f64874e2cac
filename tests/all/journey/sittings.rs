//! What a registrar is told of sittings: what is at the same time, and what is outside by now (manual 2.4.2, 2.9).

use oqu::config::Config;
use serde_json::{Value, json};

use super::timetable::{WEEKDAYS, instant};
use crate::{
    campus::{Campus, day, moment, person, register},
    server::{Client, text},
};

tests! { both {
    what_is_at_the_time_of_a_sitting_is_told_as_warnings,
    no_sitting_is_set_in_the_past,
    sittings_that_a_change_of_the_calendar_leaves_outside_are_told,
    exams_may_follow_a_term_within_half_a_year,
} }

/// The named facts of each of these warnings, behind its code.
fn told(warnings: &Value, names: &[&str]) -> Vec<Vec<String>> {
    let tell = |warning: &Value| {
        let facts = warning["facts"].as_array().unwrap();
        let fact = |name: &&str| facts.iter().find(|fact| fact["name"] == *name);
        let facts = names.iter().filter_map(fact).map(|fact| text(&fact["value"]));
        std::iter::once(text(&warning["code"])).chain(facts).collect()
    };
    warnings.as_array().unwrap().iter().map(tell).collect()
}

/// A class of an hour on the weekday of the day after tomorrow.
fn class(hour: i8, room: &str) -> Value {
    let weekday = usize::try_from(day(2).weekday().to_monday_zero_offset()).unwrap();
    json!([{
        "weekday": WEEKDAYS[weekday], "room": room,
        "startsAt": format!("{hour:02}:00"), "endsAt": format!("{:02}:00", hour + 1),
    }])
}

/// A sitting of the day after tomorrow.
fn sitting(stream: &str, kind: &str, hours: (i8, i8), room: &str) -> Value {
    let (starts_at, ends_at) = (instant(day(2), hours.0), instant(day(2), hours.1));
    json!({
        "streamId": stream, "kind": kind, "startsAt": starts_at, "endsAt": ends_at, "room": room,
    })
}

async fn schedule(by: &Client, input: Value) -> Value {
    by.ask("ScheduleSitting", json!({"input": input})).await
}

async fn what_is_at_the_time_of_a_sitting_is_told_as_warnings(config: Config) {
    let campus = Campus::open(&config).await;
    let registrar = &campus.registrar;
    let term = campus.open_term("Күз", -1, 90).await;
    let other = person(&campus.administrator, "Басқа", &["TEACHER"]).await;
    let mut streams = Vec::new();
    for (code, hour, room, teacher) in [
        ("MATH1", 9, "101", &campus.teacher),
        ("PHYS1", 11, "Зал", &other),
        ("CHEM1", 13, "303", &campus.teacher),
    ] {
        let subject = campus.subject(code, 5, &[]).await;
        let more = json!({"meetings": class(hour, room), "teacherIds": [teacher.id]});
        let stream = campus.stream(&subject, &term, "A", more).await;
        streams.push((subject, stream));
    }
    let mut students = Vec::new();
    for (name, taken) in [("Қанатов", 2), ("Жұмабаев", 1)] {
        let student = campus.student(name).await;
        for (subject, stream) in &streams[..taken] {
            let enrollment = register(&student, subject, &term).await.enrollment;
            student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": stream})).await;
        }
        students.push(student);
    }
    let [maths, physics] = [&streams[0].1, &streams[1].1];
    let alone = schedule(registrar, sitting(physics, "EXAM", (15, 17), "Зал 2")).await;
    assert_eq!(alone["warnings"], json!([]));
    // Another sitting, of one of the two, in the same room, however it is written.
    let at_once = |key: &str| {
        let mut input = sitting(maths, "CONSULTATION", (16, 18), "ЗАЛ 2");
        input["idempotencyKey"] = json!(key);
        schedule(registrar, input)
    };
    let scheduled = at_once("one").await;
    let names = ["students", "room", "subject", "kind", "group", "from", "to"];
    let (from, to) = (instant(day(2), 15).to_string(), instant(day(2), 17).to_string());
    let exam = ["PHYS1", "exam", "A", &from, &to];
    let expected = [
        [&["SITTINGS_AT_ONCE", "1"], &exam[..]].concat(),
        [&["ROOM_TAKEN", "ЗАЛ 2"], &exam[..]].concat(),
    ];
    assert_eq!(told(&scheduled["warnings"], &names), expected);
    let message = text(&scheduled["warnings"][0]["message"]);
    let begins = "1 student of the stream has another sitting at this time: PHYS1 (A), exam, from";
    assert!(message.starts_with(begins), "{message}");
    assert_eq!(at_once("one").await["warnings"], scheduled["warnings"], "the same again");
    // Whose timetable has both sees that; whose has one does not.
    let id = text(&scheduled["stream"]["sittings"][0]["id"]);
    let exam = text(&alone["stream"]["sittings"][0]["id"]);
    for (student, expected) in
        [(&students[0], json!([[exam, [id]], [id, [exam]]])), (&students[1], json!([[id, []]]))]
    {
        let asked = json!({"student": student.id, "from": day(2), "kinds": ["EXAM", "EVENT"]});
        let shown = student.ask("Timetable", asked).await["timetable"].clone();
        let entries = shown.as_array().unwrap().iter();
        let sittings = entries.filter(|entry| entry["sitting"] != Value::Null);
        let shown: Value = sittings.map(|it| json!([it["id"], it["atOnce"]])).collect();
        assert_eq!(shown, expected);
    }
    // Moved: to a class of one of the two, in whose room it is then, and one of the teacher's.
    let moved = async |kind: &str, hours, room: &str| {
        let mut input = sitting(maths, kind, hours, room);
        input["sittingId"] = json!(id);
        told(&schedule(registrar, input).await["warnings"], &names[..4])
    };
    let expected = [
        vec!["CLASS_AT_ONCE", "1", "PHYS1", "class"],
        vec!["ROOM_TAKEN", "зал", "PHYS1", "class"],
        vec!["TEACHER_ELSEWHERE", "CHEM1", "class"],
    ];
    assert_eq!(moved("EXAM", (11, 14), "зал").await, expected);
    // What only touches it, and the stream's own class, are in nobody's way.
    assert_eq!(moved("EXAM", (9, 11), "303").await, Vec::<Vec<String>>::new());
    let (opens_at, closes_at) = (instant(day(2), 0), instant(day(3), 0));
    let holiday = json!({"input": {
        "termId": term, "kind": "HOLIDAYS", "title": "Наурыз", "opensAt": opens_at,
        "closesAt": closes_at,
    }});
    registrar.ask("SetPeriod", holiday).await;
    // Then there are no classes.
    assert_eq!(moved("EXAM", (11, 14), "зал").await, [["ON_HOLIDAY"]]);
    let cancelled = json!({"stream": maths, "sitting": id});
    registrar.ask("CancelSitting", cancelled).await;
    let again = schedule(registrar, sitting(maths, "EXAM", (18, 19), "зал")).await;
    assert_eq!(told(&again["warnings"], &["title"]), [["ON_HOLIDAY", "Наурыз"]]);
}

async fn no_sitting_is_set_in_the_past(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let stream = campus.stream(&subject, &term, "A", json!({})).await;
    for kind in ["EXAM", "CONTROL", "CONSULTATION"] {
        let input = json!({
            "streamId": stream, "kind": kind, "startsAt": moment(-1), "endsAt": moment(1),
        });
        let refused = campus.registrar.user_error("ScheduleSitting", json!({"input": input})).await;
        assert_eq!(refused["code"], "SITTING_IN_THE_PAST");
        assert_eq!(refused["field"], json!(["startsAt"]));
        let now = told(&json!([refused]), &["now"])[0][1].parse::<jiff::Timestamp>().unwrap();
        assert!(moment(-1) < now && now < moment(1), "{now}");
    }
}

async fn sittings_that_a_change_of_the_calendar_leaves_outside_are_told(config: Config) {
    let campus = Campus::open(&config).await;
    let registrar = &campus.registrar;
    let term = campus.term("Күз", -1, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let stream = campus.stream(&subject, &term, "A", json!({})).await;
    let closed = campus.stream(&subject, &term, "B", json!({})).await;
    let of = |stream: &str, kind: &str, days: i64| {
        let (starts_at, ends_at) = (moment(24 * days), moment(24 * days + 2));
        json!({"streamId": stream, "kind": kind, "startsAt": starts_at, "endsAt": ends_at})
    };
    for (stream, kind, days) in [
        (&stream, "CONTROL", 80),
        (&stream, "EXAM", 40),
        (&stream, "EXAM", 15),
        (&closed, "EXAM", 45),
    ] {
        assert_eq!(schedule(registrar, of(stream, kind, days)).await["warnings"], json!([]));
    }
    registrar.ask("CloseStream", json!({"input": {"streamId": closed}})).await;
    let names = ["subject", "kind", "group", "count"];
    let exam = |count| ["SITTINGS_OUTSIDE", "MATH1", "exam", "A", count];
    let control = |count| ["SITTINGS_OUTSIDE", "MATH1", "control", "A", count];
    let period = |kind: &str| {
        let (opens_at, closes_at) = (moment(24 * 10), moment(24 * 20));
        json!({"input": {
            "termId": term, "kind": kind, "opensAt": opens_at, "closesAt": closes_at,
        }})
    };
    let set = registrar.ask("SetPeriod", period("EXAMS")).await;
    assert_eq!(told(&set["warnings"], &names), [exam("1")]);
    let other = registrar.ask("SetPeriod", period("CONTROLS")).await;
    assert_eq!(other["warnings"], json!([]), "no matter of sittings");
    let shorter = json!({"term": term, "endsOn": day(70)});
    let revised = registrar.ask("ReviseTerm", shorter).await;
    assert_eq!(told(&revised["warnings"], &names), [exam("2"), control("2")]);
    let exams = revised["term"]["periods"].as_array().unwrap().len();
    assert_eq!(exams, 3, "exams, controls and add/drop: {revised}");
    let query = "query($id: ID!) { term(id: $id) { periods(kinds: [EXAMS]) { id } } }";
    let known = registrar.ask(query, json!({"id": term})).await;
    let removed = json!({"term": term, "period": known["periods"][0]["id"]});
    let removed = registrar.ask("RemovePeriod", removed).await;
    assert_eq!(told(&removed["warnings"], &names), [control("1")]);
    let title = json!({"term": term, "endsOn": day(85)});
    assert_eq!(registrar.ask("ReviseTerm", title).await["warnings"], json!([]));
}

async fn exams_may_follow_a_term_within_half_a_year(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.term("Күз", -1, 90).await;
    let of = |days: i64| {
        let (opens_at, closes_at) = (instant(day(days), 0), instant(day(days + 20), 0));
        json!({"input": {
            "termId": term, "kind": "EXAMS", "opensAt": opens_at, "closesAt": closes_at,
        }})
    };
    let last = 89 + 26 * 7;
    let late = campus.registrar.user_error("SetPeriod", of(last + 1)).await;
    assert_eq!(late["code"], "PERIOD_OPENS_OUTSIDE_TERM");
    assert_eq!(told(&json!([late]), &["ends_on"])[0][1], day(last).to_string());
    campus.registrar.ask("SetPeriod", of(last)).await;
}
