//! Marks, ratings, the exam and what follows it (manual 2.12, and the rules of the land).

use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    campus::{Taught, day, mark, person, ratings, register},
    server::{Client, text},
};

tests! { both {
    the_exam_is_graded_in_one_act,
    whoever_is_not_admitted_fails_without_an_exam,
    fx_allows_one_retake_and_f_a_new_registration,
    a_correction_keeps_the_grade_before_on_record,
    a_mark_outside_the_gpa_has_no_percent,
    only_teachers_of_the_stream_mark,
    the_journal_shows_every_mark_and_absence,
    a_regulation_grades_its_own_terms_only,
} }

/// The entries of a student's transcript: grade, percent, superseded, rule.
async fn grades(student: &Client) -> Value {
    let told = student.ask("Transcript", json!({"student": student.id})).await;
    let periods = told["transcript"]["periods"].as_array().unwrap().iter();
    let entries = periods.flat_map(|period| period["entries"].as_array().unwrap());
    let line = |entry: &Value| {
        json!([entry["grade"], entry["percent"], entry["superseded"], entry["decision"]["rule"]])
    };
    entries.map(line).collect()
}

async fn the_exam_is_graded_in_one_act(config: Config) {
    let taught = Taught::open(&config).await;
    let (teacher, enrollment) = (&taught.campus.teacher, &taught.enrollment);
    let missing = teacher.user_error("RecordMark", taught.marked("EXAM", 90.0)).await;
    assert_eq!(missing["code"], "RATING_MISSING");
    assert_eq!(missing["facts"], json!([{"name": "period", "value": "1"}]));
    mark(teacher, enrollment, "CURRENT", Some(1), 80.0).await;
    mark(teacher, enrollment, "CURRENT", Some(1), 91.0).await;
    mark(teacher, enrollment, "MIDTERM", Some(1), 70.0).await;
    // The first rating is 0.6 x 85.5 + 0.4 x 70.
    let marked = mark(teacher, enrollment, "RATING", Some(2), 90.5).await;
    assert_eq!(
        marked,
        json!({
            "id": enrollment,
            "rating": {"first": 79.3, "second": 90.5, "admission": 84.9, "admitted": true},
            "final": null,
        })
    );
    // The grade is 0.6 x 84.9 + 0.4 x 95 = 88.94.
    let before = taught.campus.auditor.ask("LogHead", json!({})).await;
    let graded = teacher.ask("RecordMark", taught.marked("EXAM", 95.0)).await;
    assert_eq!(graded["enrollment"]["final"], json!({"percent": 89, "grade": "B+"}));
    let written = graded["position"].as_i64().unwrap() - before["position"].as_i64().unwrap();
    assert_eq!(written, 2, "the mark and the grade");
    let again = teacher.refused("RecordMark", taught.marked("EXAM", 100.0)).await;
    assert_eq!(again, "GRADED_ALREADY");
    let again = teacher.refused("RecordMark", taught.marked("RETAKE", 100.0)).await;
    assert_eq!(again, "NO_RETAKE");
    assert_eq!(grades(&taught.student).await, json!([["B+", 89, false, "final_grade"]]));
}

async fn whoever_is_not_admitted_fails_without_an_exam(config: Config) {
    let taught = Taught::open(&config).await;
    let (teacher, enrollment) = (&taught.campus.teacher, &taught.enrollment);
    ratings(teacher, enrollment, 49.0, 50.0).await;
    let refused = teacher.user_error("RecordMark", taught.marked("EXAM", 90.0)).await;
    assert_eq!(refused["code"], "NOT_ADMITTED");
    assert_eq!(
        refused["facts"],
        json!([{"name": "rating", "value": "49.5"}, {"name": "needed", "value": "50"}])
    );
    let closed = teacher.ask("RecordNonAdmission", json!({"enrollment": enrollment})).await;
    assert_eq!(closed["enrollment"]["status"], "FAILED");
    assert_eq!(closed["enrollment"]["final"], json!({"percent": 0, "grade": "F"}));
    let student = taught.student.ask("Transcript", json!({"student": taught.student.id})).await;
    assert_eq!(
        student["transcript"]["periods"][0]["entries"][0]["decision"],
        json!({
            "rule": "not_admitted",
            "regulation": {"version": "2020"},
            "facts": [
                {"name": "admission_rating", "value": "49.5"}, {"name": "needed", "value": "50"},
            ],
        })
    );
}

async fn fx_allows_one_retake_and_f_a_new_registration(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, subject, enrollment, .. } = &taught;
    let later = campus.open_term("Көктем", 70, 90).await;
    let wanted = json!({"subject": subject, "term": later});
    ratings(&campus.teacher, enrollment, 80.0, 80.0).await;
    let graded = campus.teacher.ask("RecordMark", taught.marked("EXAM", 49.0)).await;
    assert_eq!(graded["enrollment"]["final"], json!({"percent": 49, "grade": "FX"}));
    assert_eq!(student.refused("RegisterForSubject", wanted.clone()).await, "RETAKE_DUE");
    let retaken = campus.teacher.ask("RecordMark", taught.marked("RETAKE", 30.0)).await;
    assert_eq!(retaken["enrollment"]["final"], json!({"percent": 30, "grade": "F"}));
    let third = campus.teacher.refused("RecordMark", taught.marked("RETAKE", 90.0)).await;
    assert_eq!(third, "NO_RETAKE");

    // F asks for a new registration, whose grade takes the place of the old one.
    let again = register(student, subject, &later).await.enrollment;
    ratings(&campus.registrar, &again, 70.0, 70.0).await;
    mark(&campus.registrar, &again, "EXAM", None, 70.0).await;
    assert_eq!(
        grades(&taught.student).await,
        json!([
            ["FX", 49, true, "final_grade"],
            ["F", 30, true, "retake"],
            ["C+", 70, false, "final_grade"],
        ])
    );
    // Passed in that very term: the plan, registering and *what if* say so, and not only that it is taken.
    let passed = json!(["SUBJECT_PASSED_ALREADY"]);
    let refused = student.send("RegisterForSubject", wanted.clone()).await;
    let codes = |reasons: &serde_json::Value| {
        let reasons = reasons.as_array().unwrap().iter();
        json!(reasons.map(|reason| reason["code"].clone()).collect::<Vec<_>>())
    };
    assert_eq!(codes(&refused.root()["userErrors"]), passed);
    let what_if = "query($term: ID!, $subject: ID!) { \
        whatIf(termId: $term, subjectIds: [$subject]) { subjects { reasons { code } } } }";
    let seen = student.ask(what_if, wanted.clone()).await;
    assert_eq!(codes(&seen["subjects"][0]["reasons"]), passed);
    let plan = student.ask("StudyPlan", json!({})).await;
    let terms = plan["student"]["studyPlan"]["terms"].as_array().unwrap().clone();
    let term = terms.iter().find(|it| it["term"]["id"] == later.as_str()).unwrap();
    assert_eq!(codes(&term["subjects"][0]["registration"]["reasons"]), passed);
    let adding = json!({"change": {"add": {"subjectId": subject, "termId": later}}});
    let refused = student.refused("OpenAddDropRequest", adding).await;
    assert_eq!(refused, "SUBJECT_PASSED_ALREADY");
    let third = campus.open_term("Жаз", 170, 30).await;
    let wanted = json!({"subject": subject, "term": third});
    assert_eq!(student.refused("RegisterForSubject", wanted).await, "SUBJECT_PASSED_ALREADY");
}

async fn a_correction_keeps_the_grade_before_on_record(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, enrollment, .. } = &taught;
    let correct = json!({"enrollment": enrollment, "percent": 93.5, "reason": "қате саналды"});
    let early = campus.registrar.refused("CorrectGrade", correct.clone()).await;
    assert_eq!(early, "NOT_GRADED_YET");
    ratings(&campus.teacher, enrollment, 80.0, 80.0).await;
    campus.teacher.ask("RecordMark", taught.marked("EXAM", 80.0)).await;
    assert_eq!(campus.teacher.refused("CorrectGrade", correct.clone()).await, "FORBIDDEN");
    let corrected = campus.registrar.ask("CorrectGrade", correct).await;
    assert_eq!(corrected["enrollment"]["final"], json!({"percent": 93.5, "grade": "A-"}));
    assert_eq!(
        grades(&taught.student).await,
        json!([["B", 80, true, "final_grade"], ["A-", 93.5, false, "correction"]])
    );
    let told = student.ask("Transcript", json!({"student": student.id})).await;
    assert_eq!(
        told["transcript"]["periods"][0]["entries"][1]["decision"]["facts"],
        json!([
            {"name": "percent", "value": "93.5"},
            {"name": "grade_before", "value": "B"},
            {"name": "percent_before", "value": "80"},
        ])
    );
}

async fn a_mark_outside_the_gpa_has_no_percent(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, enrollment, .. } = &taught;
    let outside = |letter: &str| json!({"enrollment": enrollment, "letter": letter});
    let refused = campus.registrar.refused("RecordOutsideMark", outside("Z")).await;
    assert_eq!(refused, "OUTSIDE_MARK_UNKNOWN");
    let passed = campus.registrar.ask("RecordOutsideMark", outside("P")).await;
    assert_eq!(passed["enrollment"]["status"], "PASSED");
    assert_eq!(passed["enrollment"]["final"], json!({"percent": null, "grade": "P"}));
    let told = student.ask("Transcript", json!({"student": student.id})).await;
    assert_eq!(told["transcript"]["gpa"], json!(null));
    assert_eq!(told["transcript"]["creditsEarned"], 5);
}

async fn only_teachers_of_the_stream_mark(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, stream, enrollment, .. } = &taught;
    let other = person(&campus.administrator, "Басқа", &["TEACHER"]).await;
    let mut wanted = taught.marked("CURRENT", 80.0);
    wanted["period"] = 1.into();
    assert_eq!(other.refused("RecordMark", wanted.clone()).await, "NOT_YOURS");
    assert_eq!(other.refused("Journal", json!({"student": student.id})).await, "FORBIDDEN");
    let assign = json!({"stream": stream, "teacher": other.id});
    campus.registrar.ask("AssignTeacher", assign).await;
    other.ask("RecordMark", wanted).await;
    other.ask("Journal", json!({"student": student.id})).await;
    let roster = "query($id: ID!) { stream(id: $id) { roster { id student { displayName } } } }";
    let seen = other.ask(roster, json!({"id": stream})).await;
    let line = json!({"id": enrollment, "student": {"displayName": "Қанатов Ерлан"}});
    assert_eq!(seen["roster"], json!([line]));
    assert_eq!(student.send(roster, json!({"id": stream})).await.code(), "FORBIDDEN");
}

async fn the_journal_shows_every_mark_and_absence(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, term, stream, enrollment, .. } = &taught;
    for (ago, attendance) in [(9, "PRESENT"), (7, "ABSENT"), (2, "EXCUSED"), (1, "ABSENT")] {
        let attended = json!({
            "enrollment": enrollment, "stream": stream, "day": day(-ago), "attendance": attendance,
        });
        campus.teacher.ask("RecordAttendance", attended).await;
    }
    // Entered again for the day, it replaces what was there.
    let attended = json!({
        "enrollment": enrollment, "stream": stream, "day": day(-1), "attendance": "PRESENT",
    });
    campus.teacher.ask("RecordAttendance", attended).await;
    let mut homework = taught.marked("SELF_WORK", 87.5);
    homework["title"] = "1-үй жұмысы".into();
    homework["period"] = 1.into();
    homework["weight"] = 50.into();
    homework["day"] = day(-3).to_string().into();
    campus.teacher.ask("RecordMark", homework).await;
    let told = student.ask("Journal", json!({"student": student.id})).await;
    let recorded_at = &told["journals"][0]["entries"][0]["marks"][0]["recordedAt"];
    assert_eq!(
        told,
        json!({"journals": [{
            "term": {"id": term, "title": "Күз"},
            "entries": [{
                "subject": {"code": "MATH1", "title": "Пән MATH1"},
                "absences": 2,
                "rating": {"first": 87.5, "second": null, "admission": null, "admitted": null},
                "exam": null,
                "retake": null,
                "final": null,
                "marks": [{
                    "title": "1-үй жұмысы", "kind": "SELF_WORK", "period": 1, "percent": 87.5,
                    "weight": 50, "day": day(-3), "recordedAt": recorded_at,
                }],
            }],
        }]})
    );
    // The journal of the current term comes first.
    let before = campus.open_term("Былтыр", -200, 90).await;
    let history = campus.subject("HIST1", 5, &[]).await;
    register(student, &history, &before).await;
    let told = student.ask("Journal", json!({"student": student.id})).await;
    let titles = [0, 1].map(|place| text(&told["journals"][place]["term"]["title"]));
    assert_eq!(titles, ["Күз", "Былтыр"]);
}

async fn a_regulation_grades_its_own_terms_only(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, enrollment, .. } = &taught;
    let later = campus.open_term("Көктем", 70, 90).await;
    let rules = json!({
        "ratingWeight": 50, "positiveFrom": 40, "admissionFrom": 40, "directRatings": true,
        "semesterCredits": 20,
        "scale": [
            {"from": 70, "grade": "Z", "gradePoints": 4, "word": "жақсы", "ects": "A", "outcome": "PASSED"},
            {"from": 40, "grade": "Y", "gradePoints": 2, "word": "орташа", "ects": "E", "outcome": "PASSED"},
            {"from": 0, "grade": "X", "gradePoints": 0, "word": "нашар", "ects": "F", "outcome": "FAILED"},
        ],
    });
    let published = campus.regulation("2026", day(70), rules.clone()).await;
    assert_eq!(published["regulation"]["ratingWeight"], 50);
    assert_eq!(published["regulation"]["examWeight"], 50);
    assert_eq!(published["regulation"]["effectiveFrom"], json!(day(70)));
    let input = json!({"version": "2026", "effectiveFrom": day(70), "rules": rules});
    let again = campus.registrar.refused("PublishRegulation", json!({"input": input})).await;
    assert_eq!(again, "REGULATION_VERSION_TAKEN");

    let physics = campus.subject("PHYS1", 20, &[]).await;
    let there = register(student, &physics, &later).await.enrollment;
    let mathematics = campus.subject("MATH2", 1, &[]).await;
    let wanted = json!({"subject": mathematics, "term": later});
    let over = student.user_error("RegisterForSubject", wanted).await;
    assert_eq!(over["code"], "CREDITS_OVER_LIMIT");
    assert_eq!(over["facts"][0], json!({"name": "limit", "value": "20"}));
    for enrollment in [enrollment, &there] {
        ratings(&campus.registrar, enrollment, 60.0, 60.0).await;
        mark(&campus.registrar, enrollment, "EXAM", None, 80.0).await;
    }
    let told = student.ask("Transcript", json!({"student": student.id})).await;
    let entry = |place: usize| {
        let entry = &told["transcript"]["periods"][place]["entries"][0];
        json!([
            entry["code"],
            entry["percent"],
            entry["grade"],
            entry["word"],
            entry["decision"]["regulation"]["version"],
        ])
    };
    assert_eq!(entry(0), json!(["MATH1", 68, "C", "satisfactory", "2020"]));
    assert_eq!(entry(1), json!(["PHYS1", 70, "Z", "жақсы", "2026"]));
}
