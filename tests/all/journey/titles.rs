//! What a subject is called to whoever reads, wherever it stands (manual 2.8).

use oqu::config::Config;
use serde_json::{Value, json};

use super::{
    fetch,
    programmes::{placed, programme, set_curriculum},
};
use crate::{
    campus::{Campus, Taught, academic_year, call, day, mark, moment, ratings, register, titles},
    server::{answer, text},
};

tests! { both {
    a_subject_is_called_what_the_reader_calls_it_in_answers,
    a_calendar_is_in_the_language_that_its_person_chose,
    a_programme_and_its_groups_are_called_what_the_reader_calls_them,
    a_full_group_is_called_what_the_reader_calls_it,
    a_term_and_its_periods_are_called_what_the_reader_calls_them,
} }

/// A student whose subject is called something in Kazakh and in Russian, with a class and an exam to come.
async fn called(config: &Config) -> Taught {
    let taught = Taught::open(config).await;
    let Taught { campus, subject, stream, .. } = &taught;
    call(&campus.registrar, subject, ["Талдау", "Анализ", ""]).await;
    let exam = json!({
        "streamId": stream, "kind": "EXAM", "startsAt": moment(50), "endsAt": moment(53),
    });
    campus.registrar.ask("ScheduleSitting", json!({"input": exam})).await;
    taught
}

async fn a_subject_is_called_what_the_reader_calls_it_in_answers(config: Config) {
    let taught = called(&config).await;
    let Taught { campus, student, enrollment, iep, .. } = &taught;
    ratings(&campus.registrar, enrollment, 90.0, 90.0).await;
    mark(&campus.registrar, enrollment, "EXAM", None, 95.0).await;
    for (language, title, tag) in [
        ("kk", "Талдау", json!("KAZAKH")),
        ("ru", "Анализ", json!("RUSSIAN")),
        ("en", "Пән MATH1", json!(null)),
    ] {
        let called = json!({"text": title, "language": tag});
        let on = json!({"student": student.id, "from": day(0), "to": day(4), "kinds": ["EXAM"]});
        let shown = student.ask_in(language, "Timetable", on).await;
        assert_eq!(shown["timetable"][0]["subject"]["localTitle"], called);
        let shown = student.ask_in(language, "Transcript", json!({"student": student.id})).await;
        let graded = &shown["transcript"]["periods"][0]["entries"][0];
        assert_eq!(graded["subject"], json!({"code": "MATH1", "localTitle": called}));
        assert_eq!(graded["title"], "Пән MATH1", "as it was");
        let plan = "query($id: ID!) { iep(id: $id) { entries {
            subject { title localTitle { text language } } } } }";
        let shown = student.ask_in(language, plan, json!({"id": iep})).await;
        let then = json!({"title": "Пән MATH1", "localTitle": called});
        assert_eq!(shown["entries"], json!([{"subject": then}]));
        let shown = student.ask_in(language, "Dashboard", json!({})).await;
        let coming = shown["student"]["dashboard"]["comingEvents"].as_array().unwrap().clone();
        let sitting = coming.iter().find(|event| event["kind"] == "SITTING").unwrap();
        assert_eq!(sitting["title"], title);
    }
}

async fn a_calendar_is_in_the_language_that_its_person_chose(config: Config) {
    let taught = called(&config).await;
    let Taught { campus, student, .. } = &taught;
    let path = text(&student.ask("CreateCalendarLink", json!({})).await["path"]);
    let (path, stated) = path.split_once('?').unwrap();
    assert_eq!(stated, "lang=en", "the request's, of who has chosen none");
    let choose = "mutation($language: Language!) { changeSettings(input: {language: $language}) {
        userErrors { code } } }";
    for (language, title) in [("KAZAKH", "Талдау"), ("RUSSIAN", "Анализ"), ("ENGLISH", "Пән MATH1")]
    {
        student.ask(choose, json!({"language": language})).await;
        let calendar = fetch(&campus.server, path, None).await.text().await.unwrap();
        let summaries: Vec<_> =
            calendar.lines().filter(|line| line.starts_with("SUMMARY:")).collect();
        let exam = format!(": {title} (A)");
        assert!(summaries.iter().any(|line| line.ends_with(&exam)), "{language}: {summaries:?}");
    }
    // The path of who has chosen one states none: it goes with what they choose.
    let chosen = text(&student.ask("CreateCalendarLink", json!({})).await["path"]);
    assert!(chosen.ends_with(".ics"), "{chosen}");
}

/// What is shown in each language: the text with the tag of the language that it is said in, and none for English, in
/// which nothing is said.
fn each(kazakh: &str, russian: &str, typed: &str) -> [(&'static str, Value); 3] {
    [
        ("kk", json!({"text": kazakh, "language": "KAZAKH"})),
        ("ru", json!({"text": russian, "language": "RUSSIAN"})),
        ("en", json!({"text": typed, "language": null})),
    ]
}

/// The titles in Kazakh and Russian alone.
fn two(kazakh: &str, russian: &str) -> Value {
    let all = titles([kazakh, russian, ""]);
    all.as_array().unwrap()[..2].iter().cloned().collect()
}

async fn a_programme_and_its_groups_are_called_what_the_reader_calls_them(config: Config) {
    let campus = Campus::open(&config).await;
    let (algebra, logic) =
        (campus.subject("MATH1", 5, &[]).await, campus.subject("LOG1", 5, &[]).await);
    let student = campus.student("Қанатов").await;
    let create = "mutation($input: CreateProgrammeInput!) { createProgramme(input: $input) {
        programme { id titles { text language } } userErrors { code field } } }";
    let called = |titles: Value| json!({"input": {"code": "6B06101", "title": "Informatika", "titles": titles}});
    let twice = json!([{"language": "KAZAKH", "text": "А"}, {"language": "KAZAKH", "text": "Б"}]);
    let refused = campus.registrar.user_error(create, called(twice.clone())).await;
    assert_eq!(refused, json!({"code": "NAMED_TWICE", "field": ["titles"]}));
    let saying = "mutation($input: CreateProgrammeInput!) { createProgramme(input: $input) {
        userErrors { message } } }";
    let asked = campus.registrar.operation(saying, called(twice)).header("Accept-Language", "ru");
    let told = answer(asked).await.unwrap().root()["userErrors"].clone();
    let once = "Это указано в списке дважды: достаточно одного.";
    assert_eq!(told, json!([{"message": once}]));
    let made = campus.registrar.ask(create, called(two("Информатика", "Вычисления"))).await;
    assert_eq!(made["programme"]["titles"].as_array().map(Vec::len), Some(2));
    let programme = text(&made["programme"]["id"]);
    // Another title says nothing of those in languages.
    let revise = "mutation($input: ReviseProgrammeInput!) { reviseProgramme(input: $input) {
        programme { titles { text } } userErrors { code } } }";
    let again = json!({"input": {"programmeId": programme, "title": "Computing"}});
    let revised = campus.registrar.ask(revise, again).await["programme"].clone();
    assert_eq!(revised["titles"], json!([{"text": "Информатика"}, {"text": "Вычисления"}]));
    let curriculum = "mutation($input: SetCurriculumInput!) { setCurriculum(input: $input) {
        userErrors { code } } }";
    let group = json!({
        "name": "Ghylym", "names": two("Ғылым", "Наука"), "chooseSubjects": 1,
        "subjects": [placed(&logic, 1)],
    });
    let input = json!({
        "programmeId": programme, "year": academic_year(), "compulsory": [placed(&algebra, 1)],
        "groups": [group],
    });
    campus.registrar.ask(curriculum, json!({"input": input})).await;
    // Set again, a group of which nothing is said in languages is called as before.
    let mut again = input.clone();
    again["groups"][0].as_object_mut().unwrap().remove("names");
    campus.registrar.ask(curriculum, json!({"input": again})).await;

    let query = "query($id: ID!) { student(id: $id) {
        programme { title localTitle { text language } }
        programmeStanding { parts { group localGroup { text language } } }
        studyPlan { semesters { subjects { group localGroup { text language } } } } } }";
    // Of a student the title is that of the day of admission, where none is said in the language.
    let programmes = each("Информатика", "Вычисления", "Информатика");
    let groups = each("Ғылым", "Наука", "Ghylym");
    for ((language, title), (_, name)) in programmes.into_iter().zip(groups) {
        let shown = student.ask_in(language, query, json!({"id": student.id})).await;
        assert_eq!(shown["programme"], json!({"title": "Информатика", "localTitle": title}));
        let group = json!({"group": "Ghylym", "localGroup": name});
        assert_eq!(shown["programmeStanding"]["parts"][1], group);
        let subjects = shown["studyPlan"]["semesters"][0]["subjects"].as_array().unwrap().clone();
        assert!(subjects.contains(&group), "{subjects:?}");
        assert!(subjects.contains(&json!({"group": null, "localGroup": null})));
        let all = "query { programmes { nodes { title localTitle { text } \
            curricula { groups { name localName { text } names { text } } } } } }";
        let shown = student.ask_in(language, all, json!({})).await["nodes"][0].clone();
        let title = if language == "en" { json!("Computing") } else { title["text"].clone() };
        assert_eq!(shown["localTitle"]["text"], title);
        let names = json!([{"text": "Ғылым"}, {"text": "Наука"}]);
        let group = json!({"name": "Ghylym", "localName": {"text": name["text"]}, "names": names});
        assert_eq!(shown["curricula"][0]["groups"], json!([group]));
    }
}

async fn a_full_group_is_called_what_the_reader_calls_it(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let english = campus.subject("ENG1", 5, &[]).await;
    let german = campus.subject("GER1", 5, &[]).await;
    let group = json!({
        "name": "Tilder", "names": two("Тілдер", "Языки"), "chooseSubjects": 1,
        "subjects": [placed(&english, 1), placed(&german, 1)],
    });
    let programme = programme(&campus, None).await;
    set_curriculum(&campus, &programme, academic_year(), json!({"groups": [group]})).await;
    let student = campus.student("Қанатов").await;
    register(&student, &english, &term).await;
    let over = json!({"input": {
        "studentId": student.id, "subjectId": german, "termId": term,
        "overrides": ["GROUP_IS_FULL"], "reason": "шетелде оқиды",
    }});
    let what_if = "query($term: ID!, $subject: ID!) {
        whatIf(termId: $term, subjectIds: [$subject]) { subjects { reasons { message } } } }";
    let wanted = json!({"term": term, "subject": german});
    let told = [("kk", "«Тілдер»"), ("ru", "«Языки»"), ("en", "“Tilder”")];
    let says = |reasons: &Value, name: &str| {
        let message = text(&reasons[0]["message"]);
        assert!(message.contains(name), "{name}: {message}");
    };
    for (language, name) in told {
        let shown = student.ask_in(language, what_if, wanted.clone()).await;
        says(&shown["subjects"][0]["reasons"], name);
        let asked = student.operation("RegisterForSubject", wanted.clone());
        let refused = answer(asked.header("Accept-Language", language)).await.unwrap();
        says(&refused.root()["userErrors"], name);
    }
    let taken =
        campus.registrar.ask("OverrideRegistration", over).await["enrollment"]["id"].clone();
    let query = "query($id: ID!) { enrollment(id: $id) { override { reasons { message } } } }";
    for (language, name) in told {
        let shown = student.ask_in(language, query, json!({"id": taken})).await;
        says(&shown["override"]["reasons"], name);
    }
}

async fn a_term_and_its_periods_are_called_what_the_reader_calls_them(config: Config) {
    let campus = Campus::open(&config).await;
    let registrar = &campus.registrar;
    let create = "mutation($input: CreateTermInput!) { createTerm(input: $input) {
        term { id } userErrors { code } } }";
    let term = json!({"input": {
        "title": "Kuz", "titles": two("Күз", "Осень"), "kind": "SUMMER", "startsOn": day(-10),
        "endsOn": day(60),
    }});
    let term = text(&registrar.ask(create, term).await["term"]["id"]);
    campus.period(&term, "EXAMS", 24, 48).await;
    let fair = || json!({"title": "Apta", "titles": two("Апта", "Неделя")});
    campus.period_of(&term, "OTHER", (24, 48), fair()).await;
    // Moved, it is called as before; and the term's days say nothing of its titles.
    campus.period_of(&term, "OTHER", (24, 49), json!({"title": "Apta"})).await;
    registrar.ask("ReviseTerm", json!({"term": term, "endsOn": day(61)})).await;
    let untitled = json!({"input": {
        "termId": term, "kind": "STUDY", "titles": two("Оқу", "Учёба"),
        "opensAt": moment(24), "closesAt": moment(48),
    }});
    let refused = registrar.user_error("SetPeriod", untitled).await;
    assert_eq!((&refused["code"], &refused["field"]), (&json!("TEXT_EMPTY"), &json!(["title"])));

    let student = campus.student("Қанатов").await;
    let path = text(&student.ask("CreateCalendarLink", json!({})).await["path"]);
    let (path, _) = path.split_once('?').unwrap();
    let query = "query($term: ID!) { term(id: $term) { title localTitle { text language }
        titles { text } periods { kind title localTitle { text language } titles { text } } } }";
    let timetable = "query($student: ID!, $from: Date!, $to: Date!) { student(id: $student) {
        timetable(from: $from, to: $to) { title localTitle { text language } } } }";
    let exams = ["Емтихандар: Күз", "Экзамены: Осень", "Exams: Kuz"];
    let terms = each("Күз", "Осень", "Kuz").into_iter().zip(each("Апта", "Неделя", "Apta"));
    for (((language, term_title), (_, fair)), exams) in terms.zip(exams) {
        let shown = registrar.ask_in(language, query, json!({"term": term})).await;
        assert_eq!((&shown["title"], &shown["localTitle"]), (&json!("Kuz"), &term_title));
        assert_eq!(shown["titles"], json!([{"text": "Күз"}, {"text": "Осень"}]));
        let periods = shown["periods"].as_array().unwrap();
        let of = |kind: &str| periods.iter().find(|period| period["kind"] == kind).unwrap();
        assert_eq!(of("EXAMS")["localTitle"], Value::Null);
        assert_eq!(of("OTHER")["localTitle"], fair);
        assert_eq!(of("OTHER")["titles"], json!([{"text": "Апта"}, {"text": "Неделя"}]));
        let days = json!({"student": student.id, "from": day(0), "to": day(3)});
        let shown = student.ask_in(language, timetable, days).await["timetable"].clone();
        for told in [
            json!({"title": "Apta", "localTitle": fair}),
            json!({"title": "Kuz", "localTitle": term_title}),
        ] {
            assert!(shown.as_array().unwrap().contains(&told), "{shown}");
        }
        let shown = student.ask_in(language, "Dashboard", json!({})).await;
        let coming = shown["student"]["dashboard"]["comingEvents"].as_array().unwrap().clone();
        let titles: Vec<_> = coming.iter().map(|event| &event["title"]).collect();
        assert!(titles.contains(&&fair["text"]) && titles.contains(&&term_title["text"]));
        let calendar = fetch(&campus.server, &format!("{path}?lang={language}"), None).await;
        let calendar = calendar.text().await.unwrap();
        for summary in [exams, fair["text"].as_str().unwrap()] {
            assert!(calendar.contains(&format!("SUMMARY:{summary}\r\n")), "{summary}: {calendar}");
        }
    }
}
