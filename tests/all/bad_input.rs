//! Bad input: each gives a clear error with its code, and writes nothing.

use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    campus::{Campus, Taught, day, moment, register},
    server::{Answer, Client, answer, text},
};

tests! { both {
    ids_that_are_unknown_or_malformed,
    people_who_may_not,
    what_the_rules_of_registering_forbid,
    signatures_out_of_order_and_twice,
    marks_out_of_range,
    texts_that_are_empty_too_long_or_hold_control_characters,
    numbers_days_and_names_that_cant_be,
    u_0000_in_any_text,
    bodies_that_cant_be_read,
    queries_over_the_limits,
    failed_sign_ins_slow_down_the_next,
} }

/// Sees to it that the log stays where it is.
struct Still<'a> {
    auditor: &'a Client,
    position: Value,
}

impl<'a> Still<'a> {
    async fn of(campus: &'a Campus) -> Self {
        let auditor = &campus.auditor;
        let position = auditor.ask("LogHead", json!({})).await["position"].clone();
        Self { auditor, position }
    }

    /// An operation is refused with that code, and writes nothing.
    async fn refused(&self, who: &Client, operation: &str, variables: Value, code: &str) {
        let answer = who.send(operation, variables.clone()).await;
        assert_eq!(answer.code(), code, "{operation} {variables}: {}", answer.body);
        self.writes_nothing(&answer).await;
    }

    async fn writes_nothing(&self, answer: &Answer) {
        assert!(!told(answer).is_empty(), "no message: {}", answer.body);
        let head = self.auditor.ask("LogHead", json!({})).await;
        assert_eq!(head["position"], self.position, "{}", answer.body);
    }
}

/// What the reader is told.
fn told(answer: &Answer) -> String {
    let top = text(&answer.body["errors"][0]["message"]);
    if top.is_empty() { text(&answer.root()["userErrors"][0]["message"]) } else { top }
}

const UNKNOWN: &str = "7f9c24e8-3b12-4fef-91e0-53b2d45c7b8a";

async fn ids_that_are_unknown_or_malformed(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, subject, term, enrollment, .. } = &taught;
    let still = Still::of(campus).await;
    for (who, operation, variables, code) in [
        (
            student,
            "RegisterForSubject",
            json!({"subject": UNKNOWN, "term": term}),
            "SUBJECT_UNKNOWN",
        ),
        (
            student,
            "RegisterForSubject",
            json!({"subject": subject, "term": UNKNOWN}),
            "TERM_UNKNOWN",
        ),
        (student, "DropSubject", json!({"enrollment": UNKNOWN}), "ENROLLMENT_UNKNOWN"),
        (
            student,
            "ChooseStream",
            json!({"enrollment": enrollment, "stream": UNKNOWN}),
            "STREAM_UNKNOWN",
        ),
        (student, "SignIep", json!({"iep": UNKNOWN, "revision": 1}), "IEP_UNKNOWN"),
        (
            &campus.teacher,
            "RecordMark",
            json!({"enrollment": UNKNOWN, "kind": "EXAM", "percent": 1}),
            "ENROLLMENT_UNKNOWN",
        ),
        (
            &campus.registrar,
            "AssignAdvisor",
            json!({"student": UNKNOWN, "advisor": campus.advisor.id}),
            "STUDENT_UNKNOWN",
        ),
        (
            &campus.administrator,
            "GrantRole",
            json!({"person": UNKNOWN, "role": "TEACHER"}),
            "ACCOUNT_UNKNOWN",
        ),
        (&campus.registrar, "Transcript", json!({"student": UNKNOWN}), "NOT_FOUND"),
        (&campus.registrar, "IepTrail", json!({"iep": UNKNOWN}), "NOT_FOUND"),
        (student, "Node", json!({"id": UNKNOWN}), "NOT_FOUND"),
    ] {
        still.refused(who, operation, variables, code).await;
    }
    let long = "0".repeat(10_000);
    for id in ["", "17", "7f9c24e8-3b12-4fef-91e0-53b2d45c7b8", "%00", "' OR 1=1 --", "ә", &long] {
        still.refused(student, "DropSubject", json!({"enrollment": id}), "ID_MALFORMED").await;
        still.refused(student, "Node", json!({"id": id}), "BAD_INPUT").await;
    }
}

async fn people_who_may_not(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, subject, term, enrollment, .. } = &taught;
    let (nobody, stranger) = (campus.server.nobody(), campus.student("Бөтен").await);
    let mut forged = student.clone();
    forged.token = Some("forged".into());
    let still = Still::of(campus).await;
    let create = json!({"input": {"code": "X", "title": "X", "credits": 5}});
    let other = json!({"student": student.id, "subject": subject, "term": term, "reason": "x"});
    for (who, operation, variables, code) in [
        (student, "CreateSubject", create.clone(), "FORBIDDEN"),
        (&campus.administrator, "CreateSubject", create.clone(), "FORBIDDEN"),
        (&nobody, "CreateSubject", create.clone(), "UNAUTHENTICATED"),
        (&forged, "CreateSubject", create, "UNAUTHENTICATED"),
        (&stranger, "Transcript", json!({"student": student.id}), "FORBIDDEN"),
        (&stranger, "DropSubject", json!({"enrollment": enrollment}), "NOT_YOURS"),
        (&stranger, "RegisterStudent", other, "NOT_YOURS"),
        (
            &campus.registrar,
            "CreatePerson",
            json!({"input": {
                "givenName": "А", "familyName": "Б", "roles": ["REGISTRAR"],
            }}),
            "NOT_YOURS",
        ),
    ] {
        still.refused(who, operation, variables, code).await;
    }
}

async fn what_the_rules_of_registering_forbid(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, subject, term, enrollment, .. } = &taught;
    let closed = campus.term("Жабық", 70, 90).await;
    campus.period(&closed, "REGISTRATION", 24, 48).await;
    let next = campus.subject("MATH2", 5, &[subject]).await;
    let large = campus.subject("THESIS", 26, &[]).await;
    let full = json!({"limit": 0, "kind": "PRACTICE"});
    let full = campus.stream(subject, term, "F", full).await;
    let free = campus.stream(subject, term, "O", json!({"kind": "LABORATORY"})).await;
    let meeting =
        json!({"meetings": [{"weekday": "FRIDAY", "startsAt": "09:00", "endsAt": "10:00"}]});
    let held = campus.stream(subject, term, "H", meeting.clone()).await;
    student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": held})).await;
    let physics = campus.subject("PHYS1", 5, &[]).await;
    let same_time = campus.stream(&physics, term, "P", meeting).await;
    let there = register(student, &physics, term).await.enrollment;
    let still = Still::of(campus).await;
    for (operation, variables, code) in [
        ("RegisterForSubject", json!({"subject": large, "term": closed}), "REGISTRATION_CLOSED"),
        ("RegisterForSubject", json!({"subject": large, "term": term}), "CREDITS_OVER_LIMIT"),
        ("RegisterForSubject", json!({"subject": next, "term": term}), "PREREQUISITES_MISSING"),
        ("ChooseStream", json!({"enrollment": enrollment, "stream": full}), "STREAM_FULL"),
        ("ChooseStream", json!({"enrollment": there, "stream": same_time}), "STREAMS_CLASH"),
        ("ChooseStream", json!({"enrollment": there, "stream": held}), "STREAM_OF_ANOTHER_SUBJECT"),
    ] {
        still.refused(student, operation, variables, code).await;
    }
    for kind in ["REGISTRATION", "CHOOSING_STREAMS"] {
        campus.period(term, kind, -48, -24).await;
    }
    let still = Still::of(campus).await;
    let wanted = json!({"enrollment": enrollment, "stream": free});
    still.refused(student, "ChooseStream", wanted, "CHOOSING_STREAMS_CLOSED").await;
    let dropped = json!({"enrollment": there});
    still.refused(student, "DropSubject", dropped, "REGISTRATION_CLOSED").await;
}

async fn signatures_out_of_order_and_twice(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, iep, .. } = &taught;
    let first = json!({"iep": iep, "revision": 1});
    let still = Still::of(campus).await;
    still.refused(&campus.registrar, "SignIep", first.clone(), "SIGNATURE_OUT_OF_ORDER").await;
    for revision in [0, -1, 2, i32::MAX] {
        let other = json!({"iep": iep, "revision": revision});
        still.refused(student, "SignIep", other, "IEP_REVISION_IS_OLD").await;
    }
    student.ask("SignIep", first.clone()).await;
    let still = Still::of(campus).await;
    still.refused(student, "SignIep", first.clone(), "SIGNED_ALREADY").await;
    still.refused(&campus.registrar, "SignIep", first, "SIGNATURE_OUT_OF_ORDER").await;
}

async fn marks_out_of_range(config: Config) {
    let taught = Taught::open(&config).await;
    let teacher = &taught.campus.teacher;
    let still = Still::of(&taught.campus).await;
    let mark = |name: &str, value: Value| {
        let mut mark = taught.marked("CURRENT", 80.0);
        mark["period"] = 1.into();
        mark[name] = value;
        mark
    };
    for (name, value, code) in [
        ("percent", json!(100.01), "PERCENT_OUT_OF_RANGE"),
        ("percent", json!(101), "PERCENT_OUT_OF_RANGE"),
        ("percent", json!(1e15), "PERCENT_OUT_OF_RANGE"),
        ("percent", json!(-0.01), "PERCENT_OUT_OF_RANGE"),
        ("percent", json!("80"), "BAD_INPUT"),
        ("percent", json!("NaN"), "BAD_INPUT"),
        ("percent", json!(80.005), "BAD_INPUT"),
        ("percent", json!(1e300), "BAD_INPUT"),
        ("percent", json!(null), "BAD_INPUT"),
        ("percent", json!([80]), "BAD_INPUT"),
        ("weight", json!(0), "WEIGHT_OUT_OF_RANGE"),
        ("weight", json!(100.5), "WEIGHT_OUT_OF_RANGE"),
        ("period", json!(3), "RATING_PERIOD_OUT_OF_RANGE"),
        ("period", json!(5_000_000_000_i64), "BAD_INPUT"),
        ("kind", json!("GUESSED"), "BAD_INPUT"),
        ("day", json!(day(1)), "DAY_IN_FUTURE"),
        ("day", json!("2026-02-30"), "BAD_INPUT"),
        ("day", json!("yesterday"), "BAD_INPUT"),
        ("day", json!(20_260_901), "BAD_INPUT"),
    ] {
        still.refused(teacher, "RecordMark", mark(name, value), code).await;
    }
    let absent = json!({
        "enrollment": taught.enrollment, "stream": taught.stream, "day": day(1),
        "attendance": "ABSENT",
    });
    still.refused(teacher, "RecordAttendance", absent, "DAY_IN_FUTURE").await;
}

async fn texts_that_are_empty_too_long_or_hold_control_characters(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, iep, .. } = &taught;
    student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    let still = Still::of(campus).await;
    for (title, code) in [
        ("", "TEXT_EMPTY"),
        (" \n\t ", "TEXT_EMPTY"),
        (&*"ә".repeat(201), "TEXT_TOO_LONG"),
        ("қо\u{7}ңырау", "TEXT_HAS_CONTROL_CHARACTERS"),
    ] {
        let input = json!({"input": {"code": "X", "title": title, "credits": 5}});
        still.refused(&campus.registrar, "CreateSubject", input, code).await;
        let person = json!({"input": {"givenName": title, "familyName": "Б", "roles": []}});
        still.refused(&campus.administrator, "CreatePerson", person, code).await;
    }
    for (reason, code) in [(" ", "TEXT_EMPTY"), (&*"ә".repeat(4_001), "TEXT_TOO_LONG")] {
        let send_back = json!({"iep": iep, "revision": 1, "reason": reason});
        still.refused(&campus.advisor, "SendBackIep", send_back, code).await;
    }
    let key = json!({"subject": taught.subject, "term": taught.term, "key": "k".repeat(201)});
    still.refused(student, "RegisterForSubject", key, "TEXT_TOO_LONG").await;
}

async fn numbers_days_and_names_that_cant_be(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, subject, term, .. } = &taught;
    let still = Still::of(campus).await;
    let meeting = |starts_at: &str, ends_at: &str| {
        json!({"subjectId": subject, "termId": term, "kind": "LECTURE", "group": "X", "meetings": [
            {"weekday": "MONDAY", "startsAt": starts_at, "endsAt": ends_at},
        ]})
    };
    let stream = |limit: i32| json!({"subjectId": subject, "termId": term, "kind": "LECTURE", "group": "X", "limit": limit});
    let subject = |credits: f64| json!({"code": "X", "title": "X", "credits": credits});
    let now = moment(0);
    let period = json!({"termId": term, "kind": "STUDY", "opensAt": now, "closesAt": now});
    let student = |year: i32| {
        json!({
            "givenName": "А", "familyName": "Б", "programmeCode": "X", "programmeTitle": "X",
            "yearOfStudy": year,
        })
    };
    let days = json!({
        "title": "X", "kind": "SEMESTER", "startsOn": "2026-09-02", "endsOn": "2026-09-01",
    });
    let weights = json!({"version": "X", "effectiveFrom": "2026-09-01", "rules": {
        "scale": [{"from": 10, "grade": "A", "gradePoints": 4, "word": "A", "ects": "A",
            "outcome": "PASSED"}],
    }});
    for (operation, input, code) in [
        ("CreateSubject", subject(0.0), "SUBJECT_NO_CREDITS"),
        ("CreateSubject", subject(-5.0), "NUMBER_OUT_OF_RANGE"),
        ("CreateSubject", subject(1e12), "NUMBER_OUT_OF_RANGE"),
        ("OpenStream", stream(-1), "NUMBER_OUT_OF_RANGE"),
        ("OpenStream", meeting("10:00", "10:00"), "MEETING_ENDS_BEFORE_IT_STARTS"),
        ("OpenStream", meeting("10:00", "25:00"), "BAD_INPUT"),
        ("SetPeriod", period, "PERIOD_IS_EMPTY"),
        ("CreateTerm", days, "TERM_ENDS_BEFORE_IT_STARTS"),
        ("AdmitStudent", student(0), "YEAR_OF_STUDY_OUT_OF_RANGE"),
        ("AdmitStudent", student(11), "YEAR_OF_STUDY_OUT_OF_RANGE"),
        ("PublishRegulation", weights, "SCALE_HAS_GAPS"),
    ] {
        still.refused(&campus.registrar, operation, json!({"input": input}), code).await;
    }
    let taken = json!({"givenName": "А", "familyName": "Б", "login": "ҚАНАТОВ", "roles": []});
    let taken = json!({"input": taken});
    still.refused(&campus.administrator, "CreatePerson", taken, "LOGIN_TAKEN").await;
    for first in [-1, i32::MIN] {
        let page = json!({"filter": {}, "first": first});
        still.refused(&campus.auditor, "History", page, "BAD_INPUT").await;
    }
    for after in ["", "x", "WyJhIl0", "WyJhIiwiYiJd"] {
        let page = json!({"filter": {}, "first": 1, "after": after});
        still.refused(&campus.auditor, "History", page, "BAD_INPUT").await;
    }
    let position = json!({"student": taught.student.id, "asOfPosition": -1});
    still.refused(&taught.student, "Transcript", position, "BAD_INPUT").await;
}

async fn u_0000_in_any_text(config: Config) {
    let campus = Campus::open(&config).await;
    let still = Still::of(&campus).await;
    let registrar = &campus.registrar;
    let title = |title: &str| json!({"input": {"code": "X", "title": title, "credits": 5}});
    still.refused(registrar, "CreateSubject", title("a\0b"), "BAD_INPUT").await;
    let id = json!({"input": {
        "code": "X", "title": "X", "credits": 5, "prerequisiteIds": ["\0"],
    }});
    still.refused(registrar, "CreateSubject", id, "BAD_INPUT").await;
    for literal in [r"a\u0000b", "a\0b"] {
        let query = format!(
            "mutation {{ createSubject(input: {{code: \"X\", title: \"{literal}\", credits: 5}}) \
             {{ userErrors {{ code }} }} }}"
        );
        still.refused(registrar, &query, json!({}), "BAD_INPUT").await;
    }
    still
        .refused(
            &campus.server.nobody(),
            "SignIn",
            json!({"login": "\0", "password": "x"}),
            "BAD_INPUT",
        )
        .await;
    // Where it hides in an encoding: ["\u0000","x"] as a cursor, "Type:\u0000" as a global id.
    let cursor =
        json!({"subject": UNKNOWN, "term": UNKNOWN, "first": 1, "after": "WyJcdTAwMDAiLCJ4Il0"});
    still.refused(registrar, "Streams", cursor, "BAD_INPUT").await;
    let filter = json!({"filter": {"aggregateId": "VHlwZToA"}, "first": 1});
    still.refused(&campus.auditor, "History", filter, "BAD_INPUT").await;
    still.refused(registrar, "Node", json!({"id": "VHlwZToA"}), "BAD_INPUT").await;
}

async fn bodies_that_cant_be_read(config: Config) {
    let campus = Campus::with(&config, &[("OQU_MAX_BODY_BYTES", "20000")]).await;
    let still = Still::of(&campus).await;
    let deep = format!("{{\"query\": \"{{me{{id}}}}\", \"variables\": {}", "[".repeat(10_000));
    let number = r#"{"query": "query($n: Int) { subjects(first: $n) { totalCount } }", "variables": {"n": 1e999}}"#;
    let cases: Vec<(Vec<u8>, u16, &str)> = vec![
        (b"{\"query\": \"{ me { id } } # \xff\xfe\"}".to_vec(), 400, "BODY_NOT_UTF8"),
        (b"{\"query\": \"{ me { id } }\"".to_vec(), 400, "BODY_NOT_GRAPHQL"),
        (b"query { me { id } }".to_vec(), 400, "BODY_NOT_GRAPHQL"),
        (b"{\"query\": 5}".to_vec(), 400, "BODY_NOT_GRAPHQL"),
        (b"[]".to_vec(), 400, "BODY_NOT_GRAPHQL"),
        (b"".to_vec(), 400, "BODY_NOT_GRAPHQL"),
        (deep.into_bytes(), 400, "BODY_NOT_GRAPHQL"),
        (number.as_bytes().to_vec(), 400, "BODY_NOT_GRAPHQL"),
        (vec![b' '; 20_001], 413, "BODY_TOO_LARGE"),
    ];
    for (body, status, code) in cases {
        let answer = answer(campus.registrar.request(body)).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code));
        still.writes_nothing(&answer).await;
    }
}

async fn queries_over_the_limits(config: Config) {
    let campus = Campus::open(&config).await;
    let still = Still::of(&campus).await;
    let nested = |depth: usize| {
        let (open, close) = ("prerequisites{".repeat(depth), "}".repeat(depth));
        format!("query {{ subjects {{ nodes {{ {open} id {close} }} }} }}")
    };
    let aliases: String = (0..51).map(|number| format!("a{number}: me {{ id }} ")).collect();
    let fields = "id code title credits compulsory ".repeat(1_100);
    let many = format!("query {{ me {{ id }} subjects {{ nodes {{ {fields} }} }} }}");
    let unclosed = format!("query {{ {}", "a { ".repeat(100_000));
    let lists = format!("query {{ node(id: {}", "[".repeat(500_000));
    for (query, code) in [
        (nested(14), "QUERY_TOO_DEEP"),
        (nested(100), "QUERY_TOO_DEEP"),
        (nested(30_000), "QUERY_TOO_DEEP"),
        (format!("query {{ {aliases} }}"), "QUERY_TOO_MANY_ALIASES"),
        (many, "QUERY_TOO_COMPLEX"),
        (unclosed, "QUERY_TOO_DEEP"),
        (lists, "QUERY_TOO_DEEP"),
        ("query { unheard { of } }".to_owned(), "BAD_QUERY"),
        ("query($id: ID!) { node(id: $id) { id } }".to_owned(), "BAD_INPUT"),
        ("query { node(id: {a: 1}) { id } }".to_owned(), "BAD_INPUT"),
    ] {
        let shown: String = query.chars().take(60).collect();
        let answer = campus.registrar.send(&query, json!({})).await;
        assert_eq!(answer.code(), code, "{shown}: {}", answer.body);
        still.writes_nothing(&answer).await;
    }
    campus.registrar.ask(&nested(12), json!({})).await;
}

async fn failed_sign_ins_slow_down_the_next(config: Config) {
    let campus = Campus::open(&config).await;
    let still = Still::of(&campus).await;
    let nobody = campus.server.nobody();
    let tried = |login: &str, password: &str| json!({"login": login, "password": password});
    // A login that nobody has goes the same way.
    for login in ["әбенова", "nobody"] {
        for _ in 0..5 {
            still.refused(&nobody, "SignIn", tried(login, "a guess"), "SIGN_IN_FAILED").await;
        }
        let slowed = nobody.user_error("SignIn", tried(login, "a guess")).await;
        assert_eq!(slowed["code"], "SIGN_IN_SLOWED");
        assert_eq!(slowed["facts"], json!([{"name": "seconds", "value": "1"}]));
    }
    // The right password waits as well, and clears the failures.
    let right = tried("әбенова", crate::server::PASSWORD);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    nobody.ask("SignIn", right.clone()).await;
    still.refused(&nobody, "SignIn", tried("әбенова", "a guess"), "SIGN_IN_FAILED").await;
    nobody.ask("SignIn", right).await;
}
