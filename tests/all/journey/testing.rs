//! Tests and attempts at them (manual 2.13).

use jiff::{SignedDuration, Timestamp};
use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    campus::{Taught, mark, register},
    server::{Client, text, until},
};

tests! { both {
    a_test_is_taken_and_its_result_is_in_the_journal,
    a_test_starts_only_for_those_who_may,
    answers_are_taken_once_and_only_where_they_belong,
    attempts_are_counted_and_the_best_result_stands,
    a_closed_page_ends_a_proctored_attempt,
    time_runs_out_while_nobody_looks,
    a_test_needs_a_right_answer_to_each_question,
} }

/// A test of the subject that is open for an hour, unless `more` says otherwise.
fn test(taught: &Taught, more: Value) -> Value {
    let mut test = json!({
        "title": "Аралық бақылау", "kind": "MIDTERM", "period": 1, "minutes": 30, "passPercent": 50,
        "opensAt": seconds(-60), "closesAt": seconds(3_600),
        "questions": [
            {"prompt": "2 + 2?", "points": 1, "kind": "SINGLE",
             "options": [{"text": "4", "right": true}, {"text": "5", "right": false}]},
            {"prompt": "Жай сандар?", "points": 2, "kind": "MULTIPLE",
             "options": [{"text": "2", "right": true}, {"text": "3", "right": true},
                         {"text": "4", "right": false}]},
            {"prompt": "25 : 2?", "points": 3.5, "kind": "NUMERIC", "number": 12.5, "tolerance": 0.01},
        ],
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        test[name] = value.clone();
    }
    json!({"subjectId": taught.subject, "termId": taught.term, "test": test})
}

pub async fn created(taught: &Taught, more: Value) -> String {
    let input = test(taught, more);
    let created = taught.campus.teacher.ask("CreateTest", json!({"input": input})).await;
    text(&created["test"]["id"])
}

/// So many seconds from now.
fn seconds(seconds: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_secs(seconds)
}

/// What is right: the option's text, or the number.
pub fn right(question: &Value) -> Value {
    let of_text = |texts: &[&str]| {
        let options = question["options"].as_array().unwrap().iter();
        let chosen = options.filter(|option| texts.contains(&option["text"].as_str().unwrap()));
        chosen.map(|option| option["id"].clone()).collect::<Vec<_>>()
    };
    match question["kind"].as_str().unwrap() {
        "SINGLE" => json!({"options": of_text(&["4"])}),
        "MULTIPLE" => json!({"options": of_text(&["2", "3"])}),
        _ => json!({"number": 12.51}),
    }
}

pub fn answer(attempt: &Value, question: &Value, sequence: i64, given: &Value) -> Value {
    let mut answer = given.clone();
    answer["attempt"] = attempt["id"].clone();
    answer["question"] = question["id"].clone();
    answer["sequence"] = json!(sequence);
    answer
}

pub async fn start(student: &Client, test: &str) -> Value {
    student.ask("StartTestAttempt", json!({"test": test})).await["attempt"].clone()
}

pub async fn submit(student: &Client, attempt: &Value) -> Value {
    student.ask("SubmitTestAttempt", json!({"attempt": attempt["id"]})).await["attempt"].clone()
}

const STANDING: &str = "query($id: ID!) { student(id: $id) { tests {
    test { id title } status unavailableBecause { code } attempts { number status }
    result { percent points passed } markRefused } } }";

/// How the student stands with the only test.
async fn standing(who: &Client, student: &Client) -> Value {
    who.ask(STANDING, json!({"id": student.id})).await["tests"][0].clone()
}

async fn a_test_is_taken_and_its_result_is_in_the_journal(config: Config) {
    let taught = Taught::open(&config).await;
    let student = &taught.student;
    let test = created(&taught, json!({})).await;
    assert_eq!(standing(student, student).await["status"], "NOT_PASSED");
    let attempt = start(student, &test).await;
    assert_eq!((&attempt["number"], &attempt["allowed"]), (&json!(1), &json!(1)));
    let questions = attempt["questions"].as_array().unwrap();
    assert_eq!(questions.len(), 3);
    for question in questions.iter().filter(|question| question["kind"] != "SINGLE") {
        let saved = answer(&attempt, question, 1, &right(question));
        let saved = student.ask("SaveAnswer", saved).await;
        assert!(saved["receipt"]["position"].as_i64() > Some(0), "{saved}");
        assert!(saved["attempt"]["remainingSeconds"].as_i64() > Some(1_700), "{saved}");
    }
    // A counter is a number of GraphQL, and counts from zero.
    let counted = |sequence| answer(&attempt, &questions[0], sequence, &right(&questions[0]));
    assert_eq!(student.refused("SaveAnswer", counted(2_147_483_648)).await, "BAD_INPUT");
    assert_eq!(student.refused("SaveAnswer", counted(-1)).await, "NUMBER_OUT_OF_RANGE");
    // A reload of the page finds it as it stands, the questions in the same order.
    let again = student.ask("TestAttempt", json!({"id": attempt["id"]})).await;
    assert_eq!(
        (&again["questions"], &again["status"]),
        (&attempt["questions"], &json!("IN_PROGRESS"))
    );
    assert_eq!(again["answers"].as_array().map(Vec::len), Some(2));
    assert_eq!(standing(student, student).await["status"], "IN_PROGRESS");
    let refused = student.user_error("StartTestAttempt", json!({"test": test})).await;
    assert_eq!(refused["code"], "ATTEMPT_RUNS");

    // 5.5 of 6.5 points.
    let result = json!({"percent": 84.62, "points": 5.5, "passed": true});
    let submitted = submit(student, &attempt).await;
    assert_eq!((&submitted["status"], &submitted["result"]), (&json!("SUBMITTED"), &result));
    let standing = standing(&taught.campus.teacher, student).await;
    assert_eq!((&standing["status"], &standing["result"]), (&json!("PASSED"), &result));

    let marks = async || {
        let journal = student.ask("Journal", json!({"student": student.id})).await;
        journal["journals"][0]["entries"][0]["marks"].clone()
    };
    until("the mark is in the journal", async || marks().await != json!([])).await;
    let mark = &marks().await[0];
    assert_eq!((&mark["title"], &mark["kind"]), (&json!("Аралық бақылау"), &json!("MIDTERM")));
    assert_eq!((&mark["period"], &mark["percent"]), (&json!(1), &json!(84.62)));

    // Why it is there is in the log: a policy's act, caused by the result.
    let filter = |kind: &str| json!({"filter": {"eventType": kind}, "first": 5});
    let auditor = &taught.campus.auditor;
    let concluded = auditor.ask("History", filter("TestAttemptConcluded")).await;
    let recorded = auditor.ask("History", filter("EnrollmentMarkRecorded")).await;
    assert_eq!(recorded["nodes"][0]["causedBy"], concluded["nodes"][0]["position"]);
    assert_eq!(recorded["nodes"][0]["actor"], json!(null));
}

async fn a_test_starts_only_for_those_who_may(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, enrollment, .. } = &taught;
    let needs = created(&taught, json!({"neededRating": 50})).await;
    let start = async |who: &Client, test: &str| {
        who.user_error("StartTestAttempt", json!({"test": test})).await
    };
    let refused = start(student, &needs).await;
    assert_eq!(refused["code"], "TEST_RATING_TOO_LOW");
    assert_eq!(refused["facts"][0], json!({"name": "rating", "value": "none"}));
    let stranger = campus.student("Бөтен").await;
    assert_eq!(start(&stranger, &needs).await["code"], "TEST_NOT_REGISTERED");
    let unavailable = standing(student, student).await;
    assert_eq!(unavailable["status"], "UNAVAILABLE");
    assert_eq!(unavailable["unavailableBecause"], json!([{"code": "TEST_RATING_TOO_LOW"}]));
    // To an exam one is admitted by the rating, whatever the test itself asks for; and one that can't be
    // retaken is none.
    let of_kind = async |kind: &str| created(&taught, json!({"kind": kind, "period": null})).await;
    let exam = of_kind("EXAM").await;
    assert_eq!(start(student, &exam).await["code"], "TEST_NOT_ADMITTED");
    assert_eq!(start(student, &of_kind("RETAKE").await).await["code"], "TEST_NOTHING_TO_RETAKE");
    for period in [1, 2] {
        mark(&campus.teacher, enrollment, "RATING", Some(period), 50.0).await;
    }
    student.ask("StartTestAttempt", json!({"test": needs})).await;
    student.ask("StartTestAttempt", json!({"test": exam})).await;

    let coming = json!({"opensAt": seconds(60)});
    let coming = created(&taught, coming).await;
    assert_eq!(start(student, &coming).await["code"], "TEST_NOT_OPEN");
    let over = created(&taught, json!({"closesAt": seconds(-1)})).await;
    assert_eq!(start(student, &over).await["code"], "TEST_NOT_OPEN");
    let unknown = uuid::Uuid::new_v4().to_string();
    assert_eq!(start(student, &unknown).await["code"], "TEST_UNKNOWN");

    // Who is away takes none.
    let open = created(&taught, json!({})).await;
    let leave = json!({"input": {"studentId": student.id, "reason": "Денсаулық"}});
    let away = "mutation($input: StudentReasonInput!) { takeAcademicLeave(input: $input) {
        userErrors { code } } }";
    campus.registrar.ask(away, leave).await;
    assert_eq!(start(student, &open).await["code"], "TEST_NOT_STUDYING");

    // Only who teaches the subject, or a registrar, plans tests of it.
    let input = json!({"input": test(&taught, json!({}))});
    let other = crate::campus::person(&campus.administrator, "Басқа", &["TEACHER"]).await;
    assert_eq!(other.refused("CreateTest", input.clone()).await, "NOT_YOURS");
    campus.registrar.ask("CreateTest", input).await;
}

async fn answers_are_taken_once_and_only_where_they_belong(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, subject, term, .. } = &taught;
    let test = created(&taught, json!({})).await;
    let attempt = start(student, &test).await;
    let questions = attempt["questions"].as_array().unwrap();
    let of_kind = |kind| questions.iter().find(|question| question["kind"] == kind).unwrap();
    let (single, number) = (of_kind("SINGLE"), of_kind("NUMERIC"));
    let option = |place: usize| json!({"options": [single["options"][place]["id"]]});

    let first = student.ask("SaveAnswer", answer(&attempt, single, 5, &option(0))).await;
    let late = student.ask("SaveAnswer", answer(&attempt, single, 4, &option(1))).await;
    let same = student.ask("SaveAnswer", answer(&attempt, single, 5, &option(0))).await;
    // The receipt is that of the answer which stands.
    assert_eq!((&late["receipt"], &same["receipt"]), (&first["receipt"], &first["receipt"]));
    assert_eq!(same["attempt"]["answered"], 1);
    // Two windows answer at once.
    let refused = student.user_error("SaveAnswer", answer(&attempt, single, 5, &option(1))).await;
    assert_eq!(refused["code"], "ANSWER_SEQUENCE_TAKEN");

    let both = json!({"options": [single["options"][0]["id"], single["options"][1]["id"]]});
    let none = json!({});
    let mixed = json!({"options": [], "number": 1});
    let undrawn = json!({"id": uuid::Uuid::new_v4()});
    for (question, given, code) in [
        (single, &both, "ONE_OPTION_ASKED"),
        (single, &json!({"number": 4}), "ANSWER_KIND_WRONG"),
        (single, &none, "ANSWER_KIND_WRONG"),
        (number, &mixed, "ANSWER_KIND_WRONG"),
        (number, &json!({"number": 1e300}), "NUMBER_OUT_OF_RANGE"),
        (&undrawn, &option(0), "QUESTION_NOT_DRAWN"),
    ] {
        let refused = student.refused("SaveAnswer", answer(&attempt, question, 9, given)).await;
        assert_eq!(refused, code, "{given}");
    }
    // In another's attempt.
    let stranger = campus.student("Бөтен").await;
    register(&stranger, subject, term).await;
    let theirs = answer(&attempt, single, 9, &option(0));
    assert_eq!(stranger.refused("SaveAnswer", theirs).await, "NOT_YOURS");
    assert_eq!(stranger.refused("TestAttempt", json!({"id": attempt["id"]})).await, "FORBIDDEN");

    submit(student, &attempt).await;
    let after = answer(&attempt, single, 9, &option(0));
    assert_eq!(student.refused("SaveAnswer", after).await, "ATTEMPT_OVER");
}

async fn attempts_are_counted_and_the_best_result_stands(config: Config) {
    let taught = Taught::open(&config).await;
    let student = &taught.student;
    let test = created(&taught, json!({"attempts": 2, "passPercent": 90})).await;
    let first = start(student, &test).await;
    let questions = first["questions"].as_array().unwrap();
    let single = questions.iter().find(|question| question["kind"] == "SINGLE").unwrap();
    student.ask("SaveAnswer", answer(&first, single, 1, &right(single))).await;
    let failed = submit(student, &first).await;
    // 1 of 6.5 points.
    assert_eq!(failed["result"], json!({"percent": 15.38, "points": 1, "passed": false}));
    let between = standing(student, student).await;
    assert_eq!((&between["status"], &between["result"]), (&json!("NOT_PASSED"), &json!(null)));

    let second = start(student, &test).await;
    assert_eq!((&second["number"], &second["allowed"]), (&json!(2), &json!(2)));
    submit(student, &second).await;
    let over = standing(student, student).await;
    assert_eq!(over["result"], failed["result"], "the better of the two");
    let refused = student.user_error("StartTestAttempt", json!({"test": test})).await;
    assert_eq!(refused["code"], "ATTEMPTS_USED_UP");
}

async fn a_closed_page_ends_a_proctored_attempt(config: Config) {
    let taught = Taught::open(&config).await;
    let student = &taught.student;
    let abandon = "mutation($id: ID!) { abandonTestAttempt(input: { attemptId: $id }) {
        attempt { status } userErrors { code } } }";
    let free = created(&taught, json!({"title": "Бос"})).await;
    let free = start(student, &free).await;
    let refused = student.refused(abandon, json!({"id": free["id"]})).await;
    assert_eq!(refused, "ATTEMPT_NOT_PROCTORED");
    let watched = created(&taught, json!({"proctored": true})).await;
    let watched = start(student, &watched).await;
    let gone = student.ask(abandon, json!({"id": watched["id"]})).await;
    assert_eq!(gone["attempt"]["status"], "ABANDONED");
    let again = student.refused("SubmitTestAttempt", json!({"attempt": watched["id"]})).await;
    assert_eq!(again, "ATTEMPT_OVER");
}

async fn time_runs_out_while_nobody_looks(config: Config) {
    let mut taught = Taught::open(&config).await;
    let closing = |seconds_left| json!({"closesAt": seconds(seconds_left), "attempts": 3});
    let test = created(&taught, closing(4)).await;
    let student = taught.student.clone();
    let attempt = start(&student, &test).await;
    let question = &attempt["questions"][0];
    let given = answer(&attempt, question, 1, &right(question));
    student.ask("SaveAnswer", given.clone()).await;

    // The server is down over the end.
    taught.campus.server.kill();
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    let server = crate::server::Server::start(&config);
    let student = student.at(server.url());
    let ended = async || {
        let attempt = student.ask("TestAttempt", json!({"id": attempt["id"]})).await;
        attempt["result"] != json!(null)
    };
    until("the attempt has run out", ended).await;
    let found = student.ask("TestAttempt", json!({"id": attempt["id"]})).await;
    assert_eq!((&found["status"], &found["remainingSeconds"]), (&json!("OUT_OF_TIME"), &json!(0)));
    assert_eq!(found["result"]["points"], question["points"]);
    let late = student.refused("SaveAnswer", given).await;
    assert!(["ATTEMPT_OVER", "ATTEMPT_TIME_IS_UP"].contains(&&*late), "{late}");
    // The window has closed with it: the result stands, and is in the journal.
    let auditor = taught.campus.auditor.at(server.url());
    let filter = json!({"filter": {"eventType": "EnrollmentMarkRecorded"}, "first": 5});
    let marked = async || auditor.ask("History", filter.clone()).await["nodes"] != json!([]);
    until("the mark is in the journal", marked).await;
    let filter = json!({"filter": {"eventType": "TestAttemptEnded"}, "first": 5});
    let ended = auditor.ask("History", filter).await;
    assert_eq!(ended["nodes"].as_array().map(Vec::len), Some(1));
    assert_eq!(ended["nodes"][0]["data"]["ending"], "out_of_time");
    assert_eq!(ended["nodes"][0]["data"]["at"], found["endsAt"]);
    // Nobody did it: the clock, because of what set the deadline.
    let filter = json!({"filter": {"eventType": "TestAttemptStarted"}, "first": 5});
    let started = auditor.ask("History", filter).await;
    assert_eq!(ended["nodes"][0]["actor"], json!(null));
    assert_eq!(ended["nodes"][0]["causedBy"], started["nodes"][0]["position"]);
}

async fn a_test_needs_a_right_answer_to_each_question(config: Config) {
    let taught = Taught::open(&config).await;
    let question = |options: Value| {
        json!({"questions": [
            {"prompt": "?", "points": 1, "kind": "SINGLE", "options": options}
        ]})
    };
    let (yes, no) = (json!({"text": "а", "right": true}), json!({"text": "б", "right": false}));
    for (more, code) in [
        (json!({"questions": []}), "TEST_NO_QUESTIONS"),
        (question(json!([yes])), "TEST_QUESTION_OPTIONS_TOO_FEW"),
        (question(json!([no, no])), "TEST_QUESTION_NO_RIGHT_ANSWER"),
        (question(json!([yes, yes])), "TEST_QUESTION_NO_RIGHT_ANSWER"),
        (json!({"drawn": 4}), "TEST_DRAWS_TOO_MANY"),
        (json!({"minutes": 0}), "TEST_MINUTES_OUT_OF_RANGE"),
        (json!({"attempts": 21}), "TEST_ATTEMPTS_OUT_OF_RANGE"),
        (json!({"period": null}), "TEST_PERIOD_UNFIT"),
        (json!({"closesAt": "2020-01-01T00:00:00Z"}), "TEST_WINDOW_IS_EMPTY"),
        (json!({"passPercent": 101}), "NUMBER_OUT_OF_RANGE"),
        (json!({"title": " "}), "TEXT_EMPTY"),
    ] {
        let input = json!({"input": test(&taught, more)});
        assert_eq!(taught.campus.teacher.refused("CreateTest", input).await, code);
    }
}
