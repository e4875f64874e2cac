//! Programmes, what a student lacks of theirs, and what if (manual 2.3, 2.3.1, 2.4.1).

use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    campus::{Campus, academic_year, extend, mark, ratings, register},
    server::{Client, text},
};

tests! { both {
    a_programme_says_what_is_missing_by_the_year_of_admission,
    the_head_of_a_programme_approves_subjects_for_its_students,
    an_approval_is_asked_for_and_taken_back,
    what_if_decides_over_a_set_and_writes_nothing,
    what_if_asks_of_streams_what_choosing_asks,
    a_prerequisite_that_fails_after_the_plan_was_signed_is_flagged,
    a_corequisite_that_is_given_up_is_flagged,
    a_programme_keeps_its_head_until_it_is_said_otherwise,
} }

const PROGRAMME: &str = "mutation($input: CreateProgrammeInput!) { createProgramme(input: $input) \
    { programme { id code title head { id } } userErrors { code } } }";
const CURRICULUM: &str = "mutation($input: SetCurriculumInput!) { setCurriculum(input: $input) \
    { programme { id } userErrors { code facts { name value } } } }";
const STANDING: &str = "query($id: ID!) { student(id: $id) { programmeStanding { year fulfilled \
    parts { group fulfilled credits missingSubjects missingCredits \
            open { subject { code } studyTerm } } } } }";
const APPROVE: &str = "mutation($input: ApproveSubjectInput!) { approveSubject(input: $input) \
    { approval { subject { code } by { id } } userErrors { code } } }";
pub(super) const WHAT_IF: &str = "query($term: ID!, $subjects: [ID!]!, $streams: [ID!]!) { \
    whatIf(termId: $term, subjectIds: $subjects, streamIds: $streams) { allowed \
      subjects { subject { code } allowed reasons { code facts { name value } } } \
      streams { stream { group } allowed reasons { code } } \
      clashes { stream { group } meeting { weekday startsAt endsAt } with { group } \
                withMeeting { startsAt endsAt } held } \
      credits { plan fact remainder } \
      programme { fulfilled parts { group missingSubjects missingCredits \
                                    open { subject { code } } } } } }";

/// Admitted by this code, students are the programme's.
pub(super) async fn programme(campus: &Campus, head: Option<&Client>) -> String {
    let head = head.map(|head| &head.id);
    let input = json!({"code": "6B06101", "title": "Информатика", "headId": head});
    let made = campus.registrar.ask(PROGRAMME, json!({"input": input})).await;
    text(&made["programme"]["id"])
}

/// A programme with that code, which nobody heads.
pub(super) async fn programme_of(campus: &Campus, code: &str) -> String {
    let input = json!({"code": code, "title": format!("Бағдарлама {code}")});
    text(&campus.registrar.ask(PROGRAMME, json!({"input": input})).await["programme"]["id"])
}

pub(super) fn placed(subject: &str, term: i32) -> Value {
    json!({"subjectId": subject, "studyTerm": term})
}

/// Has somebody not admitted to an exam, by their ratings.
pub(super) async fn not_admitted(campus: &Campus, enrollment: &str) {
    ratings(&campus.registrar, enrollment, 10.0, 10.0).await;
    campus.registrar.ask("RecordNonAdmission", json!({"enrollment": enrollment})).await;
}

pub(super) async fn set_curriculum(campus: &Campus, programme: &str, year: i16, more: Value) {
    let mut input = json!({"programmeId": programme, "year": year});
    extend(&mut input, more);
    campus.registrar.ask(CURRICULUM, json!({"input": input})).await;
}

/// Passes a subject in a term.
pub(super) async fn pass(campus: &Campus, student: &Client, subject: &str, term: &str) {
    let enrollment = register(student, subject, term).await.enrollment;
    ratings(&campus.registrar, &enrollment, 80.0, 80.0).await;
    mark(&campus.registrar, &enrollment, "EXAM", None, 80.0).await;
}

async fn a_programme_says_what_is_missing_by_the_year_of_admission(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let [mathematics, physics, english, german] = [
        campus.subject("MATH1", 5, &[]).await,
        campus.subject("PHYS1", 5, &[]).await,
        campus.subject("ENG1", 5, &[]).await,
        campus.subject("GER1", 4, &[]).await,
    ];
    let student = campus.student("Қанатов").await;
    let query = "query($id: ID!) { student(id: $id) { programme { id title code } } }";
    let seen = student.ask(query, json!({"id": student.id})).await;
    assert_eq!(seen["programme"]["code"], Value::Null);
    let programme = programme(&campus, None).await;
    // Who was admitted by the code before belongs to it.
    assert_eq!(seen["programme"]["id"], *programme);
    let standing = async || student.ask(STANDING, json!({"id": student.id})).await;
    assert_eq!(standing().await["programmeStanding"], Value::Null);
    let again = json!({"input": {"code": "6B06101", "title": "Тағы"}});
    assert_eq!(campus.registrar.refused(PROGRAMME, again).await, "PROGRAMME_EXISTS");

    let year = academic_year();
    let languages = |more: Value| {
        let mut group = json!({
            "name": "Тілдер", "subjects": [placed(&english, 1), placed(&german, 2)],
        });
        for (name, value) in more.as_object().unwrap() {
            group[name] = value.clone();
        }
        group
    };
    let by_credits = languages(json!({"creditsFrom": 9}));
    set_curriculum(&campus, &programme, year - 1, json!({"compulsory": [placed(&english, 1)]}))
        .await;
    set_curriculum(
        &campus,
        &programme,
        year,
        json!({
            "compulsory": [placed(&mathematics, 1), placed(&physics, 2)], "groups": [by_credits],
        }),
    )
    .await;
    set_curriculum(&campus, &programme, year + 1, json!({"compulsory": [placed(&german, 1)]}))
        .await;
    for (more, code) in [
        (json!({"chooseSubjects": 3}), "GROUP_CHOICE_IMPOSSIBLE"),
        (json!({"creditsFrom": 10}), "GROUP_CREDITS_IMPOSSIBLE"),
        (json!({"creditsFrom": 5, "chooseSubjects": 1}), "GROUP_CHOICE_UNCLEAR"),
    ] {
        let input = json!({"programmeId": programme, "year": year, "groups": [languages(more)]});
        assert_eq!(campus.registrar.refused(CURRICULUM, json!({"input": input})).await, code);
    }
    let twice = json!({
        "programmeId": programme, "year": year,
        "compulsory": [placed(&mathematics, 1), placed(&mathematics, 2)],
    });
    let query = CURRICULUM.replace("code facts", "code message facts");
    let refused = campus.registrar.send(&query, json!({"input": twice})).await;
    let error = &refused.root()["userErrors"][0];
    assert_eq!(error["code"], "SUBJECT_TWICE_IN_CURRICULUM");
    assert!(text(&error["message"]).ends_with(": MATH1."), "{error}");

    pass(&campus, &student, &mathematics, &term).await;
    pass(&campus, &student, &english, &term).await;
    let open = |code: &str, term: i32| json!({"subject": {"code": code}, "studyTerm": term});
    assert_eq!(
        standing().await["programmeStanding"],
        json!({
            "year": year,
            "fulfilled": false,
            "parts": [
                {
                    "group": null, "fulfilled": false, "credits": 5, "missingSubjects": 1,
                    "missingCredits": 0, "open": [open("PHYS1", 2)],
                },
                {
                    "group": "Тілдер", "fulfilled": false, "credits": 5, "missingSubjects": 0,
                    "missingCredits": 4, "open": [open("GER1", 2)],
                },
            ],
        })
    );
    pass(&campus, &student, &physics, &term).await;
    pass(&campus, &student, &german, &term).await;
    assert_eq!(standing().await["programmeStanding"]["fulfilled"], true);
}

async fn the_head_of_a_programme_approves_subjects_for_its_students(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let asks = json!({"subject": subject, "requirement": {"approvedByHead": true}});
    campus.registrar.ask("SetRequirement", asks).await;
    let student = campus.student("Қанатов").await;
    let wanted = json!({"subject": subject, "term": term});
    let approve = json!({"input": {"studentId": student.id, "subjectId": subject}});
    assert_eq!(student.refused("RegisterForSubject", wanted.clone()).await, "APPROVAL_MISSING");
    assert_eq!(campus.teacher.refused(APPROVE, approve.clone()).await, "NOT_YOURS");
    programme(&campus, Some(&campus.teacher)).await;
    // The advisor heads nothing.
    assert_eq!(campus.advisor.refused(APPROVE, approve.clone()).await, "NOT_YOURS");
    let approved = campus.teacher.ask(APPROVE, approve).await;
    assert_eq!(
        approved["approval"],
        json!({"subject": {"code": "MATH1"}, "by": {"id": campus.teacher.id}})
    );
    student.ask("RegisterForSubject", wanted).await;
    let query = "query($id: ID!) { student(id: $id) { approvals { subject { code } } } }";
    let seen = student.ask(query, json!({"id": student.id})).await;
    assert_eq!(seen["approvals"], json!([{"subject": {"code": "MATH1"}}]));
}

async fn an_approval_is_asked_for_and_taken_back(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let plain = campus.subject("HIST1", 5, &[]).await;
    let asks = json!({"subject": subject, "requirement": {"approvedByHead": true}});
    campus.registrar.ask("SetRequirement", asks).await;
    let student = campus.student("Қанатов").await;
    // There is nobody to ask.
    let headless = student.user_error("AskForApproval", json!({"subject": subject})).await;
    assert_eq!(headless["code"], "PROGRAMME_HEAD_MISSING");
    assert!(text(&headless["message"]).contains("“Информатика”"), "{headless}");
    let of_a_student = programme(&campus, Some(&student)).await;
    let headless = student.refused("AskForApproval", json!({"subject": subject})).await;
    assert_eq!(headless, "PROGRAMME_HEAD_MISSING", "a student approves nothing");
    let revise = json!({"input": {
        "programmeId": of_a_student, "title": "Информатика", "headId": campus.teacher.id,
    }});
    campus.registrar.ask(REVISE, revise).await;
    let needless = student.refused("AskForApproval", json!({"subject": plain})).await;
    assert_eq!(needless, "APPROVAL_NOT_NEEDED");
    let awaited = async |who: &Client| {
        let seen = who.ask("ApprovalsAwaited", json!({"first": 10})).await;
        assert_eq!(seen["totalCount"], seen["nodes"].as_array().unwrap().len());
        let mut nodes = seen["nodes"].clone();
        for node in nodes.as_array_mut().unwrap() {
            assert!(node.as_object_mut().unwrap().remove("askedAt").unwrap().is_string());
        }
        nodes
    };
    // Asked for twice it waits once; the head of the programme sees it, and a registrar.
    for _ in 0..2 {
        let asked = student.ask("AskForApproval", json!({"subject": subject})).await;
        assert_eq!(asked["subject"]["code"], "MATH1");
    }
    let waits = json!([{
        "student": {"id": student.id, "displayName": "Қанатов Ерлан"},
        "subject": {"code": "MATH1"}, "programme": {"code": "6B06101"},
    }]);
    assert_eq!(awaited(&campus.teacher).await, waits);
    assert_eq!(awaited(&campus.registrar).await, waits);
    assert_eq!(awaited(&campus.advisor).await, json!([]));
    let approve = json!({"input": {"studentId": student.id, "subjectId": subject}});
    campus.teacher.ask(APPROVE, approve).await;
    assert_eq!(awaited(&campus.teacher).await, json!([]));
    let registered = register(&student, &subject, &term).await;

    // Taken back, with a reason: what was registered on it stays, and is warned of.
    let withdraw = json!({
        "student": student.id, "subject": subject, "reason": "бағдарлама өзгерді",
    });
    let refused = campus.advisor.refused("WithdrawApproval", withdraw.clone()).await;
    assert_eq!(refused, "NOT_YOURS");
    assert_eq!(warnings(&student, &registered.iep).await, json!([]));
    campus.teacher.ask("WithdrawApproval", withdraw.clone()).await;
    let again = campus.teacher.refused("WithdrawApproval", withdraw).await;
    assert_eq!(again, "APPROVAL_UNKNOWN");
    let told = warnings(&campus.advisor, &registered.iep).await;
    assert_eq!(told.as_array().map(Vec::len), Some(1));
    assert_eq!(told[0]["code"], "APPROVAL_WITHDRAWN");
    assert_eq!(told[0]["facts"], json!([{"name": "subject", "value": "MATH1"}]));
    let query = "query($id: ID!) { enrollment(id: $id) { status } }";
    let seen = student.ask(query, json!({"id": registered.enrollment})).await;
    assert_eq!(seen, json!({"status": "REGISTERED"}));
    // Who gives it up needs it anew, and may ask again.
    give_up(&student, "MATH1").await;
    let wanted = json!({"subject": subject, "term": term});
    assert_eq!(student.refused("RegisterForSubject", wanted).await, "APPROVAL_MISSING");
    student.ask("AskForApproval", json!({"subject": subject})).await;
    assert_eq!(awaited(&campus.teacher).await, waits);
}

fn meets(weekday: &str, from: &str, to: &str) -> Value {
    json!({"meetings": [{"weekday": weekday, "startsAt": from, "endsAt": to}]})
}

async fn what_if_asks_of_streams_what_choosing_asks(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.term("Күз", -30, 90).await;
    campus.period(&term, "REGISTRATION", -1, 1).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let lecture = campus.stream(&subject, &term, "A", json!({})).await;
    let more = json!({"kind": "LABORATORY", "parentId": lecture});
    let laboratory = campus.stream(&subject, &term, "A", more).await;
    let online = json!({"kind": "PRACTICE", "configuration": "online"});
    let online = campus.stream(&subject, &term, "B", online).await;
    let student = campus.student("Қанатов").await;
    let reasons = async |streams: &[&String]| {
        let asked = json!({"term": term, "subjects": [subject], "streams": streams});
        reasons_of(&student.ask(WHAT_IF, asked).await)
    };
    assert_eq!(reasons(&[&lecture]).await, [["CHOOSING_STREAMS_CLOSED"]]);
    // It says when, of the time that comes next: week 1 was a month ago.
    let told = async || {
        let query = "query($term: ID!, $stream: ID!) {
            whatIf(termId: $term, subjectIds: [], streamIds: [$stream]) {
                streams { reasons { facts { name value } } } } }";
        let asked = student.ask(query, json!({"term": term, "stream": lecture})).await;
        let facts = &asked["streams"][0]["reasons"].as_array().unwrap().last().unwrap()["facts"];
        [0, 1].map(|place| text(&facts[place]["value"]).parse::<jiff::Timestamp>().unwrap())
    };
    let [opened_at, closed_at] = told().await;
    assert!(opened_at < closed_at && closed_at < jiff::Timestamp::now());
    campus.period(&term, "CHOOSING_STREAMS", 24, 48).await;
    let [opens_at, closes_at] = told().await;
    assert!(jiff::Timestamp::now() < opens_at && opens_at < closes_at);
    let asked = json!({"term": term, "subjects": [subject], "streams": [lecture]});
    assert_eq!(student.ask(WHAT_IF, asked).await["streams"][0]["allowed"], false);
    campus.period(&term, "CHOOSING_STREAMS", -1, 1).await;
    let none: [&str; 0] = [];
    assert_eq!(reasons(&[&lecture, &laboratory]).await, [none, none]);
    assert_eq!(reasons(&[&laboratory]).await, [["PARENT_STREAM_NOT_CHOSEN"]]);
    let mixed = ["STREAM_CONFIGURATION_MIXED"];
    assert_eq!(reasons(&[&lecture, &online]).await, [mixed, mixed]);
    let second = campus.stream(&subject, &term, "C", json!({})).await;
    let twice = ["STREAM_COMPONENT_TWICE"];
    assert_eq!(reasons(&[&lecture, &second]).await, [twice, twice]);

    // What stays is asked too: the laboratory goes with the lecture that would be given up.
    let more = json!({"kind": "LABORATORY", "parentId": second});
    let second_laboratory = campus.stream(&subject, &term, "C", more).await;
    let enrollment = register(&student, &subject, &term).await.enrollment;
    let wanted =
        |streams: &[&String]| json!({"enrollment": enrollment, "streams": streams.to_vec()});
    student.ask("ChooseStreams", wanted(&[&lecture, &laboratory])).await;
    for streams in [
        vec![&second],
        vec![&second, &second_laboratory],
        vec![&second_laboratory],
        vec![&online],
        vec![&lecture],
        vec![&second, &laboratory],
    ] {
        let asked = json!({"term": term, "subjects": [], "streams": streams});
        let told = student.ask(WHAT_IF, asked).await;
        let told = reasons_of(&told);
        let chosen = student.send("ChooseStreams", wanted(&streams)).await;
        assert_eq!(told, refusals_of(chosen.root(), streams.len()), "{streams:?}");
        if told.iter().all(Vec::is_empty) {
            student.ask("ChooseStreams", wanted(&[&lecture, &laboratory])).await;
        }
    }
    let asked = json!({"term": term, "subjects": [], "streams": [second]});
    let told = student.ask(WHAT_IF, asked).await;
    assert_eq!(told["allowed"], false);
    assert_eq!(reasons_of(&told), [["CHILD_STREAM_HELD"]]);
}

/// The codes of what speaks against each of the streams in what if.
fn reasons_of(told: &Value) -> Vec<Vec<String>> {
    let codes = |stream: &Value| {
        let reasons = stream["reasons"].as_array().unwrap().iter();
        reasons.map(|reason| text(&reason["code"])).collect()
    };
    told["streams"].as_array().unwrap().iter().map(codes).collect()
}

/// The same of what refused to choose so many of them.
fn refusals_of(refused: &Value, streams: usize) -> Vec<Vec<String>> {
    let mut each = vec![vec![]; streams];
    for error in refused["userErrors"].as_array().unwrap() {
        let place: usize = text(&error["field"][1]).parse().unwrap();
        each[place].push(text(&error["code"]));
    }
    each
}

async fn what_if_decides_over_a_set_and_writes_nothing(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let [mathematics, physics, chemistry, history] = [
        campus.subject("MATH1", 10, &[]).await,
        campus.subject("PHYS1", 10, &[]).await,
        campus.subject("CHEM1", 8, &[]).await,
        campus.subject("HIST1", 5, &[]).await,
    ];
    let with_physics = json!({"subject": chemistry, "requirement": {"registeredNowId": physics}});
    campus.registrar.ask("SetRequirement", with_physics).await;
    let programme = programme(&campus, None).await;
    let compulsory: Vec<_> =
        [&mathematics, &physics, &chemistry, &history].map(|subject| placed(subject, 1)).into();
    set_curriculum(&campus, &programme, academic_year(), json!({"compulsory": compulsory})).await;
    let of_mathematics =
        campus.stream(&mathematics, &term, "M", meets("MONDAY", "09:00", "10:40")).await;
    let of_physics = campus.stream(&physics, &term, "P", meets("MONDAY", "10:00", "11:40")).await;
    let of_chemistry =
        campus.stream(&chemistry, &term, "C", meets("MONDAY", "11:00", "12:40")).await;
    let of_history = campus.stream(&history, &term, "H", meets("FRIDAY", "09:00", "10:40")).await;
    let student = campus.student("Қанатов").await;
    let enrollment = register(&student, &mathematics, &term).await.enrollment;
    let choose = json!({"enrollment": enrollment, "stream": of_mathematics});
    student.ask("ChooseStream", choose).await;

    let head = campus.auditor.ask("LogHead", json!({})).await["position"].clone();
    let what_if = async |subjects: &[&String], streams: &[&String]| {
        let asked = json!({"term": term, "subjects": subjects, "streams": streams});
        student.ask(WHAT_IF, asked).await
    };
    // Chemistry goes with physics, which may be taken with it.
    let alone = what_if(&[&chemistry], &[]).await;
    assert_eq!(alone["allowed"], false);
    assert_eq!(
        alone["subjects"],
        json!([{
            "subject": {"code": "CHEM1"}, "allowed": false, "reasons": [{
                "code": "COREQUISITE_MISSING", "facts": [{"name": "with", "value": "PHYS1"}],
            }],
        }])
    );
    let both = what_if(&[&chemistry, &physics], &[]).await;
    assert_eq!(both["allowed"], true, "{both}");
    assert_eq!(both["credits"], json!({"plan": 30, "fact": 28, "remainder": 2}));
    assert_eq!(
        both["programme"],
        json!({"fulfilled": false, "parts": [{
            "group": null, "missingSubjects": 1, "missingCredits": 0,
            "open": [{"subject": {"code": "HIST1"}}],
        }]})
    );

    // Each is told beside all the others: with three of them the term is over its credits.
    let all = what_if(&[&chemistry, &physics, &history], &[]).await;
    let over = json!([{"code": "CREDITS_OVER_LIMIT", "facts": [
        {"name": "limit", "value": "30"}, {"name": "planned", "value": "28"},
        {"name": "subject", "value": "5"},
    ]}]);
    assert_eq!(all["subjects"][2]["reasons"], over);
    assert_eq!(all["credits"]["remainder"], 0);
    assert_eq!(all["programme"]["fulfilled"], true);

    // Clashes one by one: among the streams, and with what the student has.
    let streams =
        what_if(&[&chemistry, &physics], &[&of_physics, &of_chemistry, &of_history]).await;
    let meeting = |from: &str, to: &str| json!({"startsAt": from, "endsAt": to});
    let on_monday =
        |from: &str, to: &str| json!({"weekday": "MONDAY", "startsAt": from, "endsAt": to});
    assert_eq!(
        streams["clashes"],
        json!([
            {
                "stream": {"group": "P"}, "meeting": on_monday("10:00", "11:40"),
                "with": {"group": "C"}, "withMeeting": meeting("11:00", "12:40"), "held": false,
            },
            {
                "stream": {"group": "P"}, "meeting": on_monday("10:00", "11:40"),
                "with": {"group": "M"}, "withMeeting": meeting("09:00", "10:40"), "held": true,
            },
        ])
    );
    // History is not among what would be taken.
    let told = streams["streams"].as_array().unwrap().iter();
    let told: Vec<_> = told.map(|stream| stream["reasons"].clone()).collect();
    assert_eq!(told, [json!([]), json!([]), json!([{"code": "STREAM_OF_ANOTHER_SUBJECT"}])]);
    // Another stream of what the student has takes its place.
    let other = what_if(&[], &[&of_mathematics]).await;
    assert_eq!(other["clashes"], json!([]));

    let still = campus.auditor.ask("LogHead", json!({})).await["position"].clone();
    assert_eq!(still, head, "what if wrote something");
    // What was said is what is decided.
    register(&student, &physics, &term).await;
    register(&student, &chemistry, &term).await;
    let stranger = campus.student("Бөтен").await;
    let of_another = "query($student: ID!, $term: ID!) { whatIf(studentId: $student, termId: $term, \
                      subjectIds: []) { allowed } }";
    let asked = json!({"student": student.id, "term": term});
    assert_eq!(stranger.refused(of_another, asked.clone()).await, "FORBIDDEN");
    assert_eq!(campus.advisor.ask(of_another, asked).await, json!({"allowed": true}));
}

/// What a plan warns of.
pub(super) async fn warnings(who: &Client, iep: &str) -> Value {
    let query = "query($iep: ID!) { iep(id: $iep) { warnings { code message facts { name value } \
                 entry { subject { code } } } } }";
    who.ask(query, json!({"iep": iep})).await["warnings"].clone()
}

/// Gives up the subject with that code.
pub(super) async fn give_up(student: &Client, code: &str) {
    let query = "query($id: ID!) { student(id: $id) { enrollments { id subject { code } } } }";
    let all = student.ask(query, json!({"id": student.id})).await;
    let mut all = all["enrollments"].as_array().unwrap().iter();
    let taken = all.find(|taken| taken["subject"]["code"] == code).unwrap();
    student.ask("DropSubject", json!({"enrollment": taken["id"]})).await;
}

async fn a_prerequisite_that_fails_after_the_plan_was_signed_is_flagged(config: Config) {
    let campus = Campus::open(&config).await;
    let autumn = campus.open_term("Күз", -30, 90).await;
    let spring = campus.open_term("Көктем", 70, 90).await;
    let first = campus.subject("MATH1", 5, &[]).await;
    let second = campus.subject("MATH2", 5, &[&first]).await;
    let student = campus.student("Қанатов").await;
    let enrollment = register(&student, &first, &autumn).await.enrollment;
    let over = json!({"input": {
        "studentId": student.id, "subjectId": second, "termId": spring,
        "overrides": ["PREREQUISITES_MISSING"], "reason": "алгебра әлі жүріп жатыр",
    }});
    let iep = campus.registrar.ask("OverrideRegistration", over).await["iep"]["id"].clone();
    let iep = text(&iep);
    let sign = json!({"iep": iep, "revision": 1});
    student.ask("SignIep", sign).await;
    assert_eq!(warnings(&student, &iep).await, json!([]));
    not_admitted(&campus, &enrollment).await;
    for who in [&student, &campus.advisor] {
        assert_eq!(
            warnings(who, &iep).await,
            json!([{
                "code": "PREREQUISITE_FAILED",
                "message": "MATH2 is on the plan, but its prerequisite MATH1 was failed.",
                "facts": [
                    {"name": "subject", "value": "MATH2"},
                    {"name": "prerequisite", "value": "MATH1"},
                ],
                "entry": {"subject": {"code": "MATH2"}},
            }])
        );
    }
    // Also while the prerequisite is taken again, in the term in which it would have to be passed already.
    campus.period(&spring, "ADD_DROP", -24, 24).await;
    let again = register(&student, &first, &spring).await.enrollment;
    assert_eq!(warnings(&student, &iep).await[0]["code"], "PREREQUISITE_FAILED");
    student.ask("DropSubject", json!({"enrollment": again})).await;
    // Where a registrar lets somebody in who had failed it by then, that is no news.
    let third = campus.subject("MATH3", 5, &[&first]).await;
    let over = json!({"input": {
        "studentId": student.id, "subjectId": third, "termId": spring,
        "overrides": ["PREREQUISITES_MISSING"], "reason": "оқытушы кепіл",
    }});
    campus.registrar.ask("OverrideRegistration", over).await;
    let told = warnings(&student, &iep).await;
    let of: Vec<_> = told.as_array().unwrap().iter().map(|it| &it["entry"]).collect();
    assert_eq!(of, [&json!({"subject": {"code": "MATH2"}})]);
    // Once the subject is given up there is nothing to warn of.
    give_up(&student, "MATH2").await;
    assert_eq!(warnings(&student, &iep).await, json!([]));
}

async fn a_corequisite_that_is_given_up_is_flagged(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let logic = campus.subject("LOGIC1", 5, &[]).await;
    let physics = campus.subject("PHYS1", 5, &[]).await;
    let asks = json!({"subject": physics, "requirement": {"registeredNowId": logic}});
    campus.registrar.ask("SetRequirement", asks).await;
    let student = campus.student("Қанатов").await;
    register(&student, &logic, &term).await;
    let iep = register(&student, &physics, &term).await.iep;
    assert_eq!(warnings(&student, &iep).await, json!([]));
    give_up(&student, "LOGIC1").await;
    let told = warnings(&campus.advisor, &iep).await;
    assert_eq!(told[0]["code"], "COREQUISITE_GIVEN_UP");
    assert_eq!(told[0]["facts"][1], json!({"name": "corequisite", "value": "LOGIC1"}));
    // A registrar who overrides that it is not there is not warned of it.
    give_up(&student, "PHYS1").await;
    let over = json!({"input": {
        "studentId": student.id, "subjectId": physics, "termId": term,
        "overrides": ["COREQUISITE_MISSING"], "reason": "басқа университетте өткен",
    }});
    campus.registrar.ask("OverrideRegistration", over).await;
    assert_eq!(warnings(&student, &iep).await, json!([]));
}

const REVISE: &str = "mutation($input: ReviseProgrammeInput!) { reviseProgramme(input: $input) {
    programme { title head { id } } userErrors { code } } }";

async fn a_programme_keeps_its_head_until_it_is_said_otherwise(config: Config) {
    let campus = Campus::open(&config).await;
    let programme = programme(&campus, Some(&campus.teacher)).await;
    let head = json!({"id": campus.teacher.id});
    for (more, title, head) in [
        (json!({}), "Есептеу", head),
        (json!({"headId": null}), "Есеп", Value::Null),
        (json!({"headId": campus.advisor.id}), "Есеп", json!({"id": campus.advisor.id})),
    ] {
        let mut input = json!({"programmeId": programme, "title": title});
        extend(&mut input, more);
        let revised = campus.registrar.ask(REVISE, json!({"input": input})).await;
        assert_eq!(revised["programme"], json!({"title": title, "head": head}));
    }
}
