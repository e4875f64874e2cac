//! The academic calendar (manual 2.9): for whom what is open, what is current, who changed it.

use jiff::{SignedDuration, Timestamp};
use oqu::config::Config;
use serde_json::{Value, json};

use super::programmes::programme_of;
use crate::{
    campus::{Campus, academic_year, day, moment, register},
    server::{answer, text},
};

tests! { both {
    each_cohort_registers_in_its_own_window_and_the_rest_in_the_general_one,
    the_calendar_shows_what_is_current_and_whose_it_is,
    a_window_that_closed_a_second_ago_is_closed_whatever_a_clients_clock_says,
    week_1_of_a_semester_is_add_drop_until_the_calendar_says_otherwise,
    the_days_of_a_term_are_changed_and_that_is_on_record,
    no_two_terms_have_one_title_and_the_same_days,
    a_leave_is_no_year_of_study,
    an_audience_is_of_what_there_is_and_one_of_nobody_is_told,
} }

/// The general window is open, the second year's not yet; then it is moved, and the general one taken out.
async fn each_cohort_registers_in_its_own_window_and_the_rest_in_the_general_one(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.term("Күз", -30, 90).await;
    let (mathematics, physics) =
        (campus.subject("MATH1", 5, &[]).await, campus.subject("PHYS1", 5, &[]).await);
    let first = campus.student("Бірінші").await;
    let second = campus.student_of("Екінші", json!({"yearOfStudy": 2})).await;
    let second_years = || json!({"audience": {"yearsOfStudy": [2]}});
    campus.period(&term, "REGISTRATION", -24, 24).await;
    campus.period_of(&term, "REGISTRATION", (24, 48), second_years()).await;

    register(&first, &mathematics, &term).await;
    let wanted = json!({"subject": mathematics, "term": term});
    let refused = second.user_error("RegisterForSubject", wanted).await;
    assert_eq!(refused["code"], "REGISTRATION_CLOSED");
    let own = async || {
        let filter = json!({"filter": {"mine": true, "kinds": ["REGISTRATION"]}});
        second.ask("Calendar", filter).await
    };
    let mine = own().await;
    assert_eq!(mine.as_array().map(Vec::len), Some(1), "{mine}");
    assert_eq!(
        mine[0]["audience"],
        json!({"faculties": [], "programmeIds": [], "yearsOfStudy": [2]})
    );
    assert_eq!(refused["facts"][0], json!({"name": "opens_at", "value": mine[0]["opensAt"]}));
    let plan = &second.ask("StudyPlan", json!({})).await["student"]["studyPlan"]["terms"][0];
    assert_eq!(plan["registrationWindow"]["opensAt"], mine[0]["opensAt"]);
    assert_eq!(plan["registrationWindow"]["open"], false);

    campus.period_of(&term, "REGISTRATION", (-1, 48), second_years()).await;
    register(&second, &mathematics, &term).await;
    assert_eq!(own().await[0]["id"], mine[0]["id"], "it was moved, and is the same");
    // A faculty's window goes before all of these.
    let science =
        campus.student_of("Үшінші", json!({"yearOfStudy": 2, "faculty": "Жаратылыстану"}));
    let science = science.await;
    register(&science, &mathematics, &term).await;
    let of_faculty = json!({"audience": {"faculties": ["Жаратылыстану"]}});
    campus.period_of(&term, "REGISTRATION", (24, 48), of_faculty).await;
    let wanted = json!({"subject": physics, "term": term});
    let refused = science.refused("RegisterForSubject", wanted).await;
    assert_eq!(refused, "REGISTRATION_CLOSED");

    // Without the general one those who have none of their own have none.
    let all = first.ask("Calendar", json!({"filter": {"kinds": ["REGISTRATION"]}})).await;
    let general = all.as_array().unwrap().iter().find(|period| period["audience"].is_null());
    let general = text(&general.unwrap()["id"]);
    let taken_out = json!({"term": term, "period": general});
    campus.registrar.ask("RemovePeriod", taken_out.clone()).await;
    assert_eq!(campus.registrar.refused("RemovePeriod", taken_out).await, "PERIOD_UNKNOWN");
    let wanted = json!({"subject": physics, "term": term});
    let refused = first.refused("RegisterForSubject", wanted).await;
    assert_eq!(refused, "REGISTRATION_NOT_SCHEDULED");
    register(&second, &physics, &term).await;

    let changes = campus.auditor.ask("CalendarChanges", json!({"term": term})).await;
    let told = |change: &Value| {
        assert_eq!(
            (&change["actor"]["id"], &change["role"]),
            (&json!(campus.registrar.id), &json!("REGISTRAR"))
        );
        let years = &change["period"]["audience"]["yearsOfStudy"];
        json!([change["kind"], change["period"]["kind"], years])
    };
    let kinds: Value = changes.as_array().unwrap().iter().map(told).collect();
    assert_eq!(
        kinds,
        json!([
            ["PERIOD_REMOVED", "REGISTRATION", null],
            ["PERIOD_SET", "REGISTRATION", []],
            ["PERIOD_MOVED", "REGISTRATION", [2]],
            ["PERIOD_SET", "REGISTRATION", [2]],
            ["PERIOD_SET", "REGISTRATION", null],
            ["TERM_ADDED", null, null],
        ])
    );
    assert_eq!(changes[2]["openedAt"], mine[0]["opensAt"]);
    assert_eq!(changes[2]["closedAt"], mine[0]["closesAt"]);
    assert_eq!(changes[0]["period"]["id"], json!(general));
}

async fn the_calendar_shows_what_is_current_and_whose_it_is(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.term("Күз", -30, 90).await;
    campus.period(&term, "STUDY", -30 * 24, 30 * 24).await;
    programme_of(&campus, "6B05301").await;
    let physicists = json!({"title": "Физика күні", "audience": {"programmeCodes": ["6B05301"]}});
    campus.period_of(&term, "HOLIDAYS", (-1, 1), physicists).await;
    campus.period_of(&term, "OTHER", (24, 48), json!({"title": "Ғылым апталығы"})).await;
    let untitled = json!({"input": {
        "termId": term, "kind": "OTHER", "opensAt": moment(1), "closesAt": moment(2),
    }});
    assert_eq!(campus.registrar.refused("SetPeriod", untitled).await, "PERIOD_UNTITLED");
    let beyond = json!({"input": {
        "termId": term, "kind": "STUDY", "opensAt": moment(1), "closesAt": moment(2),
        "audience": {"yearsOfStudy": [11]},
    }});
    let beyond = campus.registrar.user_error("SetPeriod", beyond).await;
    assert_eq!(beyond["code"], "NUMBER_OUT_OF_RANGE");
    let bounds = json!([{"name": "least", "value": "1"}, {"name": "most", "value": "10"}]);
    assert_eq!(beyond["facts"], bounds);
    assert_eq!(beyond["message"], "The number is out of range: it may be from 1 to 10.");

    let student = campus.student("Қанатов").await;
    let physicist = campus.student_of("Нұров", json!({"programmeCode": "6B05301"})).await;
    let seen = async |who: &crate::server::Client, filter: Value| {
        let periods = who.ask("Calendar", json!({"filter": filter})).await;
        let periods = periods.as_array().unwrap().iter();
        let named: Vec<_> =
            periods.map(|period| (text(&period["kind"]), text(&period["title"]))).collect();
        json!(named)
    };
    let (study, add_drop) = (json!(["STUDY", ""]), json!(["ADD_DROP", ""]));
    let (holiday, fair) = (json!(["HOLIDAYS", "Физика күні"]), json!(["OTHER", "Ғылым апталығы"]));
    let all = json!([add_drop, study, holiday, fair]);
    let ordered = seen(&student, json!({})).await;
    let mut sorted = ordered.as_array().unwrap().clone();
    sorted.sort_by_key(ToString::to_string);
    let mut expected = all.as_array().unwrap().clone();
    expected.sort_by_key(ToString::to_string);
    assert_eq!(sorted, expected);
    assert_eq!(seen(&student, json!({"current": true})).await, json!([study, holiday]));
    assert_eq!(seen(&student, json!({"current": true, "mine": true})).await, json!([study]));
    let theirs = seen(&physicist, json!({"current": true, "mine": true})).await;
    assert_eq!(theirs, json!([study, holiday]));
    assert_eq!(seen(&student, json!({"kinds": ["OTHER"], "termId": term})).await, json!([fair]));
    assert_eq!(seen(&student, json!({"from": day(3), "to": day(20)})).await, json!([study]));
    assert_eq!(seen(&student, json!({"from": day(40)})).await, json!([]));
    let query = "query($id: ID!) { term(id: $id) { periods(kinds: [STUDY, OTHER], current: true) { kind } } }";
    let found = student.ask(query, json!({"id": term})).await;
    assert_eq!(found["periods"], json!([{"kind": "STUDY"}]));
}

async fn a_window_that_closed_a_second_ago_is_closed_whatever_a_clients_clock_says(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let student = campus.student("Қанатов").await;
    let window = async |opens_at: Timestamp, closes_at: Timestamp| {
        let input = json!({
            "termId": term, "kind": "REGISTRATION", "opensAt": opens_at, "closesAt": closes_at,
        });
        campus.registrar.ask("SetPeriod", json!({"input": input})).await;
    };
    let wanted = json!({"subject": subject, "term": term});
    // A client whose clock is an hour behind says so, and an hour ago the window was open.
    let slow = async || {
        let request = student.operation("RegisterForSubject", wanted.clone());
        answer(request.header("Date", "Thu, 26 Nov 2020 12:00:00 GMT")).await.unwrap()
    };
    let second = SignedDuration::from_secs(1);
    let closed = Timestamp::now() - second;
    window(moment(-2), closed).await;
    let refused = slow().await;
    assert_eq!(refused.code(), "REGISTRATION_CLOSED");
    let facts = &refused.root()["userErrors"][0]["facts"];
    let fact = |place: usize| text(&facts[place]["value"]).parse::<Timestamp>().unwrap();
    assert_eq!(facts[2]["name"], "now");
    assert!(fact(2) > fact(1), "decided by the server's clock: {facts}");
    // One that has not opened yet is as closed.
    window(moment(1), moment(2)).await;
    assert_eq!(slow().await.code(), "REGISTRATION_CLOSED");
    window(moment(-1), moment(1)).await;
    slow().await.done();
}

async fn week_1_of_a_semester_is_add_drop_until_the_calendar_says_otherwise(config: Config) {
    let campus = Campus::open(&config).await;
    let (now, before) = (campus.term("Күз", -6, 90).await, campus.term("Ерте", -7, 90).await);
    let subject = campus.subject("MATH1", 5, &[]).await;
    let stream = campus.stream(&subject, &now, "A", json!({})).await;
    let student = campus.student("Қанатов").await;
    let add_drop = async |term: &str| {
        let filter = json!({"filter": {"kinds": ["ADD_DROP"], "termId": term}});
        student.ask("Calendar", filter).await
    };
    let shown = add_drop(&now).await;
    assert_eq!((&shown[0]["byDefault"], &shown[0]["open"]), (&json!(true), &json!(true)));
    let midnight = |in_days: i64| day(in_days).in_tz("Asia/Almaty").unwrap().timestamp();
    assert_eq!(shown[0]["opensAt"], json!(midnight(-6)));
    assert_eq!(shown[0]["closesAt"], json!(midnight(1)));
    let closed = add_drop(&before).await;
    assert_eq!((&closed[0]["byDefault"], &closed[0]["open"]), (&json!(true), &json!(false)));

    let wanted = json!({"subject": subject, "term": before});
    let refused = student.refused("RegisterForSubject", wanted).await;
    assert_eq!(refused, "REGISTRATION_NOT_SCHEDULED");
    let enrollment = register(&student, &subject, &now).await.enrollment;
    let chosen = json!({"enrollment": enrollment, "stream": stream});
    student.ask("ChooseStream", chosen).await;

    campus.period(&now, "ADD_DROP", -2, -1).await;
    let set = add_drop(&now).await;
    assert_eq!(set.as_array().map(Vec::len), Some(1));
    assert_eq!((&set[0]["byDefault"], &set[0]["open"]), (&json!(false), &json!(false)));
    let dropped = student.refused("DropSubject", json!({"enrollment": enrollment})).await;
    assert_eq!(dropped, "REGISTRATION_NOT_SCHEDULED");
    // Taken out, week 1 holds again.
    let taken_out = json!({"term": now, "period": set[0]["id"]});
    campus.registrar.ask("RemovePeriod", taken_out).await;
    student.ask("DropSubject", json!({"enrollment": enrollment})).await;
}

async fn the_days_of_a_term_are_changed_and_that_is_on_record(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    campus.period(&term, "HOLIDAYS", 24 * 10, 24 * 12).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let student = campus.student("Қанатов").await;
    let registered = register(&student, &subject, &term).await;
    student.ask("SignIep", json!({"iep": registered.iep, "revision": 1})).await;

    // Holidays are not left outside; registering may lie before the term.
    let short = json!({"term": term, "endsOn": day(5)});
    let refused = campus.registrar.user_error("ReviseTerm", short).await;
    assert_eq!(refused["code"], "PERIOD_BEHIND_TERM");
    assert_eq!(refused["field"], json!(["endsOn"]));
    assert_eq!(refused["facts"][0], json!({"name": "kind", "value": "holidays"}));
    let backwards = json!({"term": term, "startsOn": day(61)});
    let refused = campus.registrar.refused("ReviseTerm", backwards).await;
    assert_eq!(refused, "TERM_ENDS_BEFORE_IT_STARTS");
    let unruled = json!({"term": term, "startsOn": "1990-09-01"});
    let refused = campus.registrar.user_error("ReviseTerm", unruled).await;
    assert_eq!(
        (&refused["code"], &refused["field"]),
        (&json!("REGULATION_MISSING"), &json!(["startsOn"]))
    );
    let longer = json!({"term": term, "startsOn": day(2), "endsOn": day(80)});
    assert_eq!(student.refused("ReviseTerm", longer.clone()).await, "FORBIDDEN");
    let revised = campus.registrar.ask("ReviseTerm", longer).await["term"].clone();
    assert_eq!(revised["title"], "Күз");
    assert_eq!((&revised["startsOn"], &revised["endsOn"]), (&json!(day(2)), &json!(day(80))));

    // What was set, registered and signed stays, and who changed it is on record.
    let query =
        "query($iep: ID!) { iep(id: $iep) { signatures { valid } entries { subject { code } } } }";
    let seen = student.ask(query, json!({"iep": registered.iep})).await;
    assert_eq!(
        seen,
        json!({"signatures": [{"valid": true}], "entries": [{"subject": {"code": "MATH1"}}]})
    );
    let query = "query($term: ID!) { calendarChanges(termId: $term) { kind actor { id } } }";
    let changes = campus.auditor.ask(query, json!({"term": term})).await;
    assert_eq!(changes[0], json!({"kind": "TERM_REVISED", "actor": {"id": campus.registrar.id}}));
    assert_eq!(changes.as_array().map(Vec::len), Some(5));
}

/// What is set of an audience: its warnings, or what it is refused for, each with field and facts.
async fn set_for(campus: &Campus, term: &str, audience: Value) -> (&'static str, Value) {
    let input = json!({
        "termId": term, "kind": "REGISTRATION", "opensAt": moment(-1), "closesAt": moment(1),
        "audience": audience,
    });
    let answer = campus.registrar.send("SetPeriod", json!({"input": input})).await;
    let payload = answer.root();
    let told = |errors: &Value| {
        let errors = errors.as_array().unwrap().iter();
        errors.map(|error| json!([error["code"], error["field"], error["facts"]])).collect()
    };
    match payload["userErrors"].as_array().map(Vec::is_empty) {
        Some(true) => ("set", told(&payload["warnings"])),
        _ => ("refused", told(&payload["userErrors"])),
    }
}

async fn an_audience_is_of_what_there_is_and_one_of_nobody_is_told(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.term("Күз", -30, 90).await;
    let programme = programme_of(&campus, "6B05301").await;
    // Of these two one is set up and nobody studies it, the other somebody studies, and it is not set up.
    let studied = json!({"programmeCode": "6B06101", "faculty": "Жаратылыстану"});
    let student = campus.student_of("Қанатов", studied).await;
    let stray = uuid::Uuid::new_v4().to_string();
    let unknown = |list: &str, named: &str| {
        let facts = json!([{"name": "programme", "value": named}]);
        ("refused", json!([["PROGRAMME_UNKNOWN", ["audience", list], facts]]))
    };
    for (audience, list, named) in [
        (json!({"programmeIds": [programme, stray]}), "programmeIds", stray.as_str()),
        (json!({"programmeCodes": ["6B06101", "6B06110"]}), "programmeCodes", "6B06110"),
    ] {
        assert_eq!(set_for(&campus, &term, audience).await, unknown(list, named));
    }
    let empty = ("refused", json!([["AUDIENCE_EMPTY", ["audience"], []]]));
    for audience in [json!({}), json!({"faculties": [], "yearsOfStudy": []})] {
        assert_eq!(set_for(&campus, &term, audience).await, empty);
    }
    let nobody = |facts: &[(&str, &str)]| {
        let facts: Value =
            facts.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        ("set", json!([["AUDIENCE_IS_NOBODY", ["audience"], facts]]))
    };
    let somebody = || ("set", json!([]));
    for (audience, expected) in [
        (json!({"faculties": ["Жаратылыстану", "Заң"]}), somebody()),
        (json!({"faculties": ["Жаратылыстануу"]}), nobody(&[("faculties", "Жаратылыстануу")])),
        (json!({"programmeIds": [programme]}), nobody(&[("programmes", "6B05301")])),
        (json!({"programmeCodes": ["6B06101"], "yearsOfStudy": [1]}), somebody()),
        (
            json!({"programmeCodes": ["6B05301"], "yearsOfStudy": [1, 2]}),
            nobody(&[("programmes", "6B05301"), ("years_of_study", "1, 2")]),
        ),
        (json!({"yearsOfStudy": [2]}), nobody(&[("years_of_study", "2")])),
    ] {
        assert_eq!(set_for(&campus, &term, audience.clone()).await, expected, "{audience}");
    }
    // In the next academic year the same student is a year further; one who has left is in none.
    let next = campus.term_of(academic_year() + 1, "Келесі күз", 300, 90).await;
    let second = || json!({"yearsOfStudy": [2]});
    assert_eq!(set_for(&campus, &next, second()).await, somebody());
    let expel = "mutation($input: StudentReasonInput!) { expelStudent(input: $input) {
        userErrors { code } } }";
    let left = json!({"input": {"studentId": student.id, "reason": "Өтініш"}});
    campus.registrar.ask(expel, left).await;
    assert_eq!(set_for(&campus, &next, second()).await, nobody(&[("years_of_study", "2")]));
    let gone = set_for(&campus, &term, json!({"programmeCodes": ["6B06101"]})).await;
    assert_eq!(gone, unknown("programmeCodes", "6B06101"));
}

async fn a_leave_is_no_year_of_study(config: Config) {
    let campus = Campus::open(&config).await;
    let student = campus.student("Қанатов").await;
    let year = async || {
        let query = "query($id: ID!) { student(id: $id) { yearOfStudy } }";
        campus.registrar.ask(query, json!({"id": student.id})).await["yearOfStudy"].clone()
    };
    let leave = "mutation($input: StudentReasonInput!) { takeAcademicLeave(input: $input) {
        userErrors { code } } }";
    let back = "mutation($input: ReturnFromLeaveInput!) { returnFromLeave(input: $input) {
        userErrors { code field } } }";
    let goes = async || {
        let away = json!({"input": {"studentId": student.id, "reason": "Өтініш"}});
        campus.registrar.ask(leave, away).await
    };
    let comes = |into: Value| json!({"input": {"studentId": student.id, "yearOfStudy": into}});
    assert_eq!(year().await, 1);
    goes().await;
    let refused = campus.registrar.user_error(back, comes(json!(11))).await;
    assert_eq!(refused["code"], "YEAR_OF_STUDY_OUT_OF_RANGE");
    assert_eq!(refused["field"], json!(["yearOfStudy"]));
    campus.registrar.ask(back, comes(json!(3))).await;
    assert_eq!(year().await, 3);
    // It is counted on from there, and the calendar's audiences go by it.
    let next = campus.term_of(academic_year() + 1, "Келесі күз", 300, 90).await;
    let warnings = async |year: i32| {
        let (said, warnings) = set_for(&campus, &next, json!({"yearsOfStudy": [year]})).await;
        (said, warnings[0][0].clone())
    };
    assert_eq!(warnings(4).await, ("set", Value::Null));
    assert_eq!(warnings(2).await, ("set", json!("AUDIENCE_IS_NOBODY")));
    // Where none is stated it stays as it was counted.
    goes().await;
    campus.registrar.ask(back, comes(Value::Null)).await;
    assert_eq!(year().await, 3);
}

async fn no_two_terms_have_one_title_and_the_same_days(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.term("Күз", -30, 90).await;
    let create = "mutation($input: CreateTermInput!) { createTerm(input: $input) {
        userErrors { code field facts { name value } } } }";
    let input = json!({
        "title": "КҮЗ", "kind": "SEMESTER", "startsOn": day(-30), "endsOn": day(60),
        "academicYear": academic_year(),
    });
    let twin = campus.registrar.user_error(create, json!({"input": input})).await;
    assert_eq!((&twin["code"], &twin["field"]), (&json!("TERM_EXISTS"), &json!(["title"])));
    assert_eq!(twin["facts"][0], json!({"name": "title", "value": "Күз"}));
    assert_eq!(twin["facts"][3], json!({"name": "term", "value": term}));
    let other = campus.term("Күз", -30, 89).await;
    let same = json!({"term": other, "endsOn": day(60)});
    assert_eq!(campus.registrar.refused("ReviseTerm", same).await, "TERM_EXISTS");
}
