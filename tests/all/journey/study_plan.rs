//! The study plan by the programme, and its rules (manual 2.3, 2.3.1).

use futures::future::join;
use oqu::config::Config;
use serde_json::{Value, json};

use super::programmes::{
    WHAT_IF, give_up, not_admitted, pass, placed, programme, set_curriculum, warnings,
};
use crate::{
    campus::{Campus, academic_year, day, register},
    server::{Client, text},
};

tests! { both {
    the_plan_shows_the_programme_by_term_of_study_and_group,
    of_a_group_no_more_is_taken_than_may_be_chosen,
    of_a_group_no_more_credits_are_taken_than_may_be_chosen,
    two_requests_at_once_overfill_no_group,
    a_prerequisite_in_progress_counts_for_a_later_term_where_the_regulation_says_so,
    whether_a_prerequisite_in_progress_counts_is_said_by_the_terms_own_regulation,
} }

/// The subjects of each term: code, group, whether compulsory, term of study, whether of the programme.
async fn terms(student: &Client, scope: &str) -> Value {
    let query = format!(
        "query {{ me {{ student {{ studyPlan {{ terms{scope} {{ termOfStudy subjects {{ \
           subject {{ code }} group compulsory termOfStudy inProgramme }} }} }} }} }} }}"
    );
    let me = student.ask(&query, json!({})).await;
    let row = |subject: &Value| {
        json!([
            subject["subject"]["code"],
            subject["group"],
            subject["compulsory"],
            subject["termOfStudy"],
            subject["inProgramme"],
        ])
    };
    let told = |term: &Value| {
        let subjects: Vec<_> = term["subjects"].as_array().unwrap().iter().map(row).collect();
        json!([term["termOfStudy"], subjects])
    };
    me["student"]["studyPlan"]["terms"].as_array().unwrap().iter().map(told).collect()
}

/// A subject that is offered in these terms alone.
async fn offered(campus: &Campus, code: &str, terms: &[&String]) -> String {
    let input = json!({"code": code, "title": code, "credits": 5, "termIds": terms});
    let made = campus.registrar.ask("CreateSubject", json!({"input": input})).await;
    text(&made["subject"]["id"])
}

async fn the_plan_shows_the_programme_by_term_of_study_and_group(config: Config) {
    let campus = Campus::open(&config).await;
    let autumn = campus.open_term("Күз", -30, 90).await;
    let spring = campus.open_term("Көктем", 70, 90).await;
    campus.term_of(academic_year() + 1, "Келесі күз", 300, 90).await;
    let now = offered(&campus, "A1", &[&autumn]).await;
    let not_offered = offered(&campus, "B1", &[&spring]).await;
    let later = offered(&campus, "C4", &[&spring]).await;
    let english = offered(&campus, "D1", &[&autumn]).await;
    let german = campus.subject("E3", 4, &[]).await;
    let music = campus.subject("F0", 2, &[]).await;
    campus.subject("G0", 2, &[]).await;
    let student = campus.student("Қанатов").await;
    // Without a curriculum all is shown that is offered, as the catalogue has it.
    let plain = |code: &str| json!([code, null, true, null, false]);
    let everything = terms(&student, "").await;
    assert_eq!(
        everything[0],
        json!([1, [plain("A1"), plain("D1"), plain("E3"), plain("F0"), plain("G0")]])
    );
    let outside = |code: &str| json!([code, null, false, null, false]);
    let programme = programme(&campus, None).await;
    let languages = json!({
        "name": "Тілдер", "chooseSubjects": 1,
        "subjects": [placed(&english, 1), placed(&german, 3)],
    });
    let compulsory = [placed(&now, 1), placed(&not_offered, 1), placed(&later, 4)];
    let curriculum = json!({"compulsory": compulsory, "groups": [languages]});
    set_curriculum(&campus, &programme, academic_year(), curriculum).await;
    register(&student, &music, &autumn).await;

    let required = |code: &str, term: i32| json!([code, null, true, term, true]);
    let chosen = |code: &str, term: i32| json!([code, "Тілдер", false, term, true]);
    let [a1, b1, c4] = [required("A1", 1), required("B1", 1), required("C4", 4)];
    let [d1, e3] = [chosen("D1", 1), chosen("E3", 3)];
    assert_eq!(
        terms(&student, "").await,
        json!([
            // Of its term of study also what is not offered then; of others what is; and what was taken beside.
            [1, [a1, b1, d1, e3, outside("F0")]],
            [2, [b1, c4, e3]],
            [3, [e3]],
        ])
    );
    let all = terms(&student, "(scope: ALL)").await;
    assert_eq!(all[0], json!([1, [a1, b1, d1, e3, outside("F0"), outside("G0")]]));
    assert_eq!(all[2], json!([3, [e3, outside("F0"), outside("G0")]]));

    // Over all semesters of study, also those that the calendar does not have yet.
    pass(&campus, &student, &english, &autumn).await;
    let query = "query { me { student { studyPlan { semesters { termOfStudy credits subjects { \
                 subject { code } status group compulsory inProgramme } } } } } }";
    let me = student.ask(query, json!({})).await;
    let subject = |code: &str, status: &str, group: Option<&str>, compulsory: bool| {
        json!({
            "subject": {"code": code}, "status": status, "group": group, "compulsory": compulsory,
            "inProgramme": code != "F0",
        })
    };
    assert_eq!(
        me["student"]["studyPlan"]["semesters"],
        json!([
            {"termOfStudy": 1, "credits": 17, "subjects": [
                subject("A1", "NOT_PASSED", None, true),
                subject("B1", "NOT_PASSED", None, true),
                subject("D1", "PASSED", Some("Тілдер"), false),
                subject("F0", "IN_PROGRESS", None, false),
            ]},
            {"termOfStudy": 3, "credits": 0, "subjects": [
                subject("E3", "NOT_PASSED", Some("Тілдер"), false),
            ]},
            {"termOfStudy": 4, "credits": 5, "subjects": [subject("C4", "NOT_PASSED", None, true)]},
        ])
    );
    // A later term's subject can be taken now.
    let wanted = json!({"subject": later, "term": spring});
    student.ask("RegisterForSubject", wanted).await;
    let wanted = json!({"subject": not_offered, "term": autumn});
    assert_eq!(student.refused("RegisterForSubject", wanted).await, "SUBJECT_NOT_OFFERED");
}

/// Fails a subject in a term: the student was not admitted to its exam.
async fn fail(campus: &Campus, student: &Client, subject: &str, term: &str) {
    let enrollment = register(student, subject, term).await.enrollment;
    not_admitted(campus, &enrollment).await;
}

/// A programme in which one chooses among these subjects.
async fn choosing_among(campus: &Campus, choice: Value, subjects: &[String]) {
    let programme = programme(campus, None).await;
    let mut group = choice;
    group["name"] = "Тілдер".into();
    group["subjects"] = subjects.iter().map(|subject| placed(subject, 1)).collect();
    set_curriculum(campus, &programme, academic_year(), json!({"groups": [group]})).await;
}

async fn of_a_group_no_more_is_taken_than_may_be_chosen(config: Config) {
    let campus = Campus::open(&config).await;
    let autumn = campus.open_term("Күз", -30, 90).await;
    let spring = campus.open_term("Көктем", 70, 90).await;
    let mut subjects = Vec::new();
    for code in ["ENG1", "GER1", "FRA1", "CHN1"] {
        subjects.push(campus.subject(code, 5, &[]).await);
    }
    let [english, german, french, chinese] = subjects.clone().try_into().unwrap();
    choosing_among(&campus, json!({"chooseSubjects": 2}), &subjects).await;
    let student = campus.student("Қанатов").await;

    // Several in one act count together, before anything is taken.
    let wanted = |subjects: &[&String]| json!({"subjects": subjects, "term": autumn});
    let three = student.send("RegisterForSubjects", wanted(&[&english, &german, &french])).await;
    let errors = three.root()["userErrors"].as_array().unwrap().clone();
    let codes: Vec<_> = errors.iter().map(|error| error["code"].clone()).collect();
    assert_eq!(codes, ["GROUP_IS_FULL", "GROUP_IS_FULL", "GROUP_IS_FULL"]);
    let facts = json!([
        {"name": "group", "value": "Тілдер"}, {"name": "chosen", "value": "2"},
        {"name": "choose", "value": "2"},
    ]);
    assert_eq!(errors[0]["facts"], facts);
    let what_if = async |subjects: &[&String]| {
        let asked = json!({"term": autumn, "subjects": subjects, "streams": []});
        student.ask(WHAT_IF, asked).await
    };
    assert_eq!(what_if(&[&english, &german]).await["allowed"], true);
    let three = what_if(&[&english, &german, &french]).await;
    assert_eq!(three["subjects"][2]["reasons"], json!([{"code": "GROUP_IS_FULL", "facts": facts}]));

    // A failed one does not count, over all terms.
    fail(&campus, &student, &english, &autumn).await;
    let done = student.ask("RegisterForSubjects", wanted(&[&german, &french])).await;
    let decided = "query($id: ID!) { enrollment(id: $id) { decision { facts { name value } } } }";
    let decision = student.ask(decided, json!({"id": done["enrollments"][1]["id"]})).await;
    let kept = decision["decision"]["facts"].as_array().unwrap();
    for (name, value) in
        [("elective_group", "Тілдер"), ("elective_chosen", "1"), ("elective_most", "2")]
    {
        assert!(kept.contains(&json!({"name": name, "value": value})), "{name}: {kept:?}");
    }
    let in_spring = |subject: &String| json!({"subject": subject, "term": spring});
    for subject in [&english, &chinese] {
        let refused = student.user_error("RegisterForSubject", in_spring(subject)).await;
        assert_eq!(refused["code"], "GROUP_IS_FULL");
        assert_eq!(refused["facts"], facts);
    }
    let me = student.ask("StudyPlan", json!({})).await;
    let shown = &me["student"]["studyPlan"]["terms"][1]["subjects"][0];
    assert_eq!(shown["subject"]["code"], "CHN1");
    assert_eq!(shown["registration"]["reasons"][0]["code"], "GROUP_IS_FULL");

    // What is given up makes room, and a registrar overrides with a reason.
    let over = json!({"input": {
        "studentId": student.id, "subjectId": english, "termId": spring,
        "overrides": ["GROUP_IS_FULL"], "reason": "шетелде оқиды",
    }});
    let enrollment =
        campus.registrar.ask("OverrideRegistration", over).await["enrollment"]["id"].clone();
    let query = "query($id: ID!) { enrollment(id: $id) { override { reasons { code } } } }";
    let seen = student.ask(query, json!({"id": enrollment})).await;
    assert_eq!(seen["override"]["reasons"], json!([{"code": "GROUP_IS_FULL"}]));
    give_up(&student, "GER1").await;
    let refused = student.refused("RegisterForSubject", in_spring(&chinese)).await;
    assert_eq!(refused, "GROUP_IS_FULL");
    give_up(&student, "FRA1").await;
    student.ask("RegisterForSubject", in_spring(&chinese)).await;
}

async fn of_a_group_no_more_credits_are_taken_than_may_be_chosen(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let mut subjects = Vec::new();
    for (code, credits) in [("ENG1", 5), ("GER1", 4), ("FRA1", 3)] {
        subjects.push(campus.subject(code, credits, &[]).await);
    }
    let choice = json!({"creditsFrom": 5, "creditsTo": 9});
    choosing_among(&campus, choice, &subjects).await;
    let student = campus.student("Қанатов").await;
    register(&student, &subjects[0], &term).await;
    register(&student, &subjects[1], &term).await;
    let wanted = json!({"subject": subjects[2], "term": term});
    let refused = student.user_error("RegisterForSubject", wanted).await;
    assert_eq!(refused["code"], "GROUP_CREDITS_OVER_LIMIT");
    assert_eq!(
        refused["facts"],
        json!([
            {"name": "group", "value": "Тілдер"}, {"name": "limit", "value": "9"},
            {"name": "chosen", "value": "9"}, {"name": "subject", "value": "3"},
        ])
    );
}

async fn two_requests_at_once_overfill_no_group(config: Config) {
    let campus = Campus::open(&config).await;
    let autumn = campus.open_term("Күз", -30, 90).await;
    let next = campus.term_of(academic_year() + 1, "Келесі күз", 300, 90).await;
    campus.period(&next, "REGISTRATION", -24, 24).await;
    let programme = programme(&campus, None).await;
    let mut pairs = Vec::new();
    let mut groups = Vec::new();
    for number in 0..12 {
        let first = campus.subject(&format!("ENG{number}"), 1, &[]).await;
        let second = campus.subject(&format!("GER{number}"), 1, &[]).await;
        groups.push(json!({
            "name": format!("Тіл {number}"), "chooseSubjects": 1,
            "subjects": [placed(&first, 1), placed(&second, 1)],
        }));
        // Every second pair on two plans, of two academic years.
        pairs.push([(first, &autumn), (second, if number % 2 == 0 { &autumn } else { &next })]);
    }
    set_curriculum(&campus, &programme, academic_year(), json!({"groups": groups})).await;
    let student = campus.student("Қанатов").await;
    for [one, other] in &pairs {
        let wanted =
            |(subject, term): &(String, &String)| json!({"subject": subject, "term": term});
        let (one, other) = join(
            student.send("RegisterForSubject", wanted(one)),
            student.send("RegisterForSubject", wanted(other)),
        )
        .await;
        let answers = [one, other];
        let refused = answers.iter().filter(|answer| answer.root()["enrollment"].is_null());
        let codes: Vec<_> = refused.map(|answer| answer.code()).collect();
        assert_eq!(codes.len(), 1, "one of both is registered for: {codes:?}");
        assert!(["IEP_CHANGED", "GROUP_IS_FULL"].contains(&codes[0].as_str()), "{codes:?}");
    }
}

/// The plans that something has gone wrong with, by those who look after them.
async fn warned(who: &Client, page: &str) -> Value {
    let query = format!(
        "query {{ iepsWithWarnings{page} {{ nodes {{ id warnings {{ code }} }} \
           pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    who.ask(&query, json!({})).await
}

async fn a_prerequisite_in_progress_counts_for_a_later_term_where_the_regulation_says_so(
    config: Config,
) {
    let campus = Campus::open(&config).await;
    let spring = campus.open_term("Көктем", -30, 90).await;
    let overlapping = campus.open_term("Жазғы", 50, 30).await;
    let next = campus.term_of(academic_year() + 1, "Келесі күз", 300, 90).await;
    campus.period(&next, "REGISTRATION", -24, 24).await;
    let first = campus.subject("MATH1", 5, &[]).await;
    let logic = campus.subject("LOGIC1", 5, &[]).await;
    let second = campus.subject("MATH2", 5, &[&first, &logic]).await;
    let student = campus.student("Қанатов").await;
    pass(&campus, &student, &logic, &spring).await;
    let taken = register(&student, &first, &spring).await.enrollment;
    let wanted = json!({"subject": second, "term": next});
    // What is not mastered is not met, by the manual.
    let refused = student.user_error("RegisterForSubject", wanted.clone()).await;
    assert_eq!(refused["code"], "PREREQUISITES_MISSING");
    assert_eq!(refused["facts"], json!([{"name": "missing", "value": "MATH1"}]));
    let rules = json!({"prerequisitesInProgressCount": true});
    campus.regulation("2025", day(-60), rules).await;
    // Only for a term that begins after its own has ended.
    let too_early = json!({"subject": second, "term": overlapping});
    let refused = student.refused("RegisterForSubject", too_early).await;
    assert_eq!(refused, "PREREQUISITES_MISSING");
    let done = student.ask("RegisterForSubject", wanted).await;
    let iep = text(&done["iep"]["id"]);
    let decided = "query($id: ID!) { enrollment(id: $id) { decision { facts { name value } } } }";
    let decision = student.ask(decided, json!({"id": done["enrollment"]["id"]})).await;
    let kept = decision["decision"]["facts"].as_array().unwrap();
    let assumed = json!({"name": "prerequisites_assumed", "value": "MATH1"});
    assert!(kept.contains(&assumed), "{kept:?}");

    // The next year's plan goes through its signatures like any other.
    for signer in [&student, &campus.advisor, &campus.registrar] {
        signer.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    }
    let query = "query($iep: ID!) { iep(id: $iep) { status academicYear } }";
    let seen = student.ask(query, json!({"iep": iep})).await;
    assert_eq!(seen, json!({"status": "READY", "academicYear": academic_year() + 1}));
    assert_eq!(warnings(&student, &iep).await, json!([]));
    assert_eq!(warned(&campus.advisor, "").await["nodes"], json!([]));

    // Given up, the plan is warned of; taken up again, no more; failed, it is again.
    give_up(&student, "MATH1").await;
    let told = warnings(&student, &iep).await;
    assert_eq!(told[0]["code"], "PREREQUISITE_GIVEN_UP");
    assert_eq!(
        told[0]["message"],
        "MATH2 is on the plan, but its prerequisite MATH1 was given up."
    );
    // Taken again in the term in which it would have to be passed already, it is in progress, and was given up all
    // the same.
    campus.period(&next, "ADD_DROP", -24, 24).await;
    let late = register(&student, &first, &next).await.enrollment;
    let told = warnings(&student, &iep).await;
    assert_eq!(told.as_array().map(Vec::len), Some(1), "{told}");
    assert_eq!(told[0]["code"], "PREREQUISITE_GIVEN_UP");
    student.ask("DropSubject", json!({"enrollment": late})).await;
    assert_eq!(register(&student, &first, &spring).await.enrollment, taken);
    assert_eq!(warnings(&student, &iep).await, json!([]));
    not_admitted(&campus, &taken).await;
    let told = warnings(&student, &iep).await;
    assert_eq!(told.as_array().map(Vec::len), Some(1), "{told}");
    assert_eq!(told[0]["code"], "PREREQUISITE_FAILED");

    // Seen by the student on the first page, and by who looks after the plan in a list.
    let query =
        "query { me { student { dashboard { warnings { code entry { subject { code } } } } } } }";
    let seen = student.ask(query, json!({})).await;
    assert_eq!(
        seen["student"]["dashboard"]["warnings"],
        json!([{"code": "PREREQUISITE_FAILED", "entry": {"subject": {"code": "MATH2"}}}])
    );
    let failed = json!([{"id": iep, "warnings": [{"code": "PREREQUISITE_FAILED"}]}]);
    for who in [&campus.advisor, &campus.registrar] {
        let listed = warned(who, "").await;
        assert_eq!(listed["nodes"], failed);
        assert_eq!(listed["pageInfo"]["hasNextPage"], false);
    }
    // Page by page one comes past the plans that have none.
    let other = campus.student("Ахметов").await;
    register(&other, &first, &spring).await;
    let (mut nodes, mut page) = (Vec::new(), "(first: 1)".to_owned());
    for _ in 0..5 {
        let listed = warned(&campus.registrar, &page).await;
        nodes.extend(listed["nodes"].as_array().unwrap().clone());
        if listed["pageInfo"]["hasNextPage"] == false {
            break;
        }
        page = format!("(first: 1, after: {})", listed["pageInfo"]["endCursor"]);
    }
    assert_eq!(json!(nodes), failed);
    // Another's advisor sees nothing of it.
    let person = crate::campus::person(&campus.administrator, "Басқаева", &["ADVISOR"]).await;
    assert_eq!(warned(&person, "").await["nodes"], json!([]));
}

async fn whether_a_prerequisite_in_progress_counts_is_said_by_the_terms_own_regulation(
    config: Config,
) {
    let campus = Campus::open(&config).await;
    let autumn = campus.open_term("Күз", -30, 60).await;
    let spring = campus.open_term("Көктем", 50, 40).await;
    let summer = campus.open_term("Жазғы", 110, 30).await;
    let first = campus.subject("MATH1", 5, &[]).await;
    let second = campus.subject("MATH2", 5, &[&first]).await;
    let student = campus.student("Қанатов").await;
    register(&student, &first, &autumn).await;
    let rules = json!({"prerequisitesInProgressCount": true});
    campus.regulation("spring", day(50), rules).await;
    campus.regulation("summer", day(110), json!({})).await;
    let wanted = |term: &str| json!({"subject": second, "term": term});
    // Neither the year's first term says it for the second, nor that for the third.
    assert_eq!(
        student.refused("RegisterForSubject", wanted(&summer)).await,
        "PREREQUISITES_MISSING"
    );
    let done = student.ask("RegisterForSubject", wanted(&spring)).await;
    let decided = "query($id: ID!) { enrollment(id: $id) { decision { regulation { version } } } }";
    let decision = student.ask(decided, json!({"id": done["enrollment"]["id"]})).await;
    assert_eq!(decision["decision"]["regulation"]["version"], "spring");
    // What was assumed by it is not warned of.
    assert_eq!(warnings(&student, &text(&done["iep"]["id"])).await, json!([]));
}
