//! My subjects: what a subject is about, its syllabus with files, its teachers, a student's cards (manual 2.8).

use oqu::{config::Config, messages::languages};
use serde_json::{Value, json};

use crate::{
    campus::{Taught, day, describe, mark, person, ratings, register},
    papers::png,
    program,
    server::{Client, Server, answer, text},
};

tests! { both {
    a_subject_is_told_in_the_language_of_who_reads,
    a_syllabus_is_set_week_by_week_by_who_teaches,
    a_syllabus_and_its_files_are_read_by_those_it_concerns,
    files_are_given_to_classes_and_taken_away_one_by_one,
    a_file_goes_with_whoever_handed_it_in,
    cards_are_of_past_current_and_coming_subjects,
    teachers_are_told_once_the_students_own_first,
    a_teacher_tells_of_themself_to_everybody_who_is_signed_in,
} }

async fn a_subject_is_told_in_the_language_of_who_reads(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, subject, term, enrollment, .. } = &taught;
    let registrar = &campus.registrar;
    let in_term = json!({"subject": subject, "term": term});
    let plain = student.ask_in("kk", "SubjectInTerm", in_term.clone()).await;
    let title = json!({"text": "Пән MATH1", "language": null});
    assert_eq!((&plain["localTitle"], &plain["description"]), (&title, &json!(null)));
    assert_eq!(plain["competences"], json!([]));

    let said = json!({
        "title": "Анализ", "description": "Пределы\nи производные", "competences": ["Находит пределы"],
    });
    let first = describe(registrar, subject, "RUSSIAN", said.clone()).await;
    let again = describe(registrar, subject, "RUSSIAN", said).await;
    assert_eq!(again["position"], first["position"], "the same again is no event");
    describe(registrar, subject, "ENGLISH", json!({"title": "Calculus"})).await;

    let told = async |language: &str| {
        let told = student.ask_in(language, "SubjectInTerm", in_term.clone()).await;
        ["localTitle", "description"].map(|part| told[part].clone())
    };
    let say = |text: &str, language: &str| json!({"text": text, "language": language});
    let described = say("Пределы\nи производные", "RUSSIAN");
    assert_eq!(told("ru").await, [say("Анализ", "RUSSIAN"), described.clone()]);
    // What is not said in a language is told in another.
    assert_eq!(told("en").await, [say("Calculus", "ENGLISH"), described.clone()]);
    // But a title in a language that is not the reader's is no better than the catalogue's.
    assert_eq!(told("kk").await, [title.clone(), described.clone()]);
    let kazakh = json!({"title": "Талдау", "competences": ["Шекті табады", "Туындыны табады"]});
    describe(registrar, subject, "KAZAKH", kazakh).await;
    assert_eq!(told("kk").await, [say("Талдау", "KAZAKH"), described]);
    let competences = student.ask_in("kk", "SubjectInTerm", in_term.clone()).await;
    let competences = competences["competences"].clone();
    assert_eq!(competences[1], say("Туындыны табады", "KAZAKH"));

    // A record keeps its title, and tells what is said now.
    let revised = json!({
        "subjectId": subject, "code": "MATH1", "title": "Басқа", "credits": 5, "compulsory": true,
        "prerequisiteIds": [],
    });
    registrar.ask("ReviseSubject", json!({"input": revised})).await;
    let record =
        "query($id: ID!) { enrollment(id: $id) { subject { title localTitle { text } } } }";
    let record = student.ask_in("en", record, json!({"id": enrollment})).await;
    let then = json!({"title": "Пән MATH1", "localTitle": {"text": "Calculus"}});
    assert_eq!(record["subject"], then);

    // Taken back in one language, it is the catalogue's there, as it is now.
    describe(registrar, subject, "ENGLISH", json!({})).await;
    assert_eq!(told("en").await[0], json!({"text": "Басқа", "language": null}));

    let many = json!({"input": {
        "subjectId": subject, "language": "ENGLISH", "competences": vec!["Counts"; 51],
    }});
    assert_eq!(student.refused("DescribeSubject", many.clone()).await, "FORBIDDEN");
    assert_eq!(campus.teacher.refused("DescribeSubject", many.clone()).await, "FORBIDDEN");
    let mut messages = Vec::new();
    for language in languages() {
        let refused = registrar.operation("DescribeSubject", many.clone());
        let refused = answer(refused.header("Accept-Language", language)).await.unwrap();
        let error = &refused.root()["userErrors"][0];
        assert_eq!(error["code"], "SUBJECT_COMPETENCES_TOO_MANY");
        messages.push(text(&error["message"]));
    }
    messages.dedup();
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert!(messages.iter().all(|message| message.contains("50")), "{messages:?}");
}

/// A class of a week.
fn class(topic: &str) -> Value {
    json!({
        "component": "lecture", "topic": topic, "content": "Анықтамасы\nжәне мысалдар",
        "links": [{"url": "https://example.org/limits", "label": "Конспект"}],
        "references": ["Фихтенгольц, 1-том"],
    })
}

impl Taught {
    fn week(&self, week: i32, classes: &[Value]) -> Value {
        let (subject, term) = (&self.subject, &self.term);
        json!({"input": {"subjectId": subject, "termId": term, "week": week, "classes": classes}})
    }

    fn in_term(&self) -> Value {
        json!({"subject": self.subject, "term": self.term})
    }

    /// Lets the teacher set a week; the numbers of its classes.
    async fn set_week(&self, week: i32, classes: &[Value]) -> Vec<Value> {
        let set = self.campus.teacher.ask("SetSyllabusWeek", self.week(week, classes)).await;
        let weeks = set["syllabus"]["weeks"].as_array().unwrap();
        let set = weeks.iter().find(|set| set["number"] == week);
        let classes = set.into_iter().flat_map(|set| set["classes"].as_array().unwrap());
        classes.map(|class| class["number"].clone()).collect()
    }

    /// Lets somebody give a class a picture; its id.
    async fn add_file(&self, by: &Client, class: &Value, name: &str) -> String {
        let mut variables = self.in_term();
        variables["class"] = class.clone();
        let added = by.send_file("AddSyllabusFile", variables, name, &png()).await.done();
        let weeks = added["syllabus"]["weeks"].as_array().unwrap().clone();
        let mut classes = weeks.iter().flat_map(|week| week["classes"].as_array().unwrap());
        let given = classes.find(|known| known["number"] == *class).unwrap();
        text(&given["files"].as_array().unwrap().last().unwrap()["id"])
    }
}

async fn a_syllabus_is_set_week_by_week_by_who_teaches(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, subject, term, .. } = &taught;
    let read = async || student.ask("Syllabus", taught.in_term()).await["syllabus"].clone();
    assert_eq!(read().await, json!(null));

    let first = taught.set_week(1, &[class("Шек")]).await;
    let now = read().await["term"]["currentWeek"].as_i64().unwrap();
    let of_now = taught.set_week(now as i32, &[class("Қатар"), class("Туынды")]).await;
    assert_eq!((first, of_now.clone()), (vec![json!(1)], vec![json!(2), json!(3)]));
    let seen = read().await;
    assert_eq!(seen["subject"]["code"], "MATH1");
    assert_eq!(seen["currentWeek"]["number"], now);
    let [of_first, of_now_seen] = [0, 1].map(|place| seen["weeks"][place].clone());
    assert_eq!((&of_first["startsOn"], &of_first["current"]), (&json!(day(-30)), &json!(false)));
    assert_eq!((&of_now_seen["number"], &of_now_seen["current"]), (&json!(now), &json!(true)));
    let mut shown = class("Шек");
    shown["number"] = json!(1);
    shown["files"] = json!([]);
    assert_eq!(of_first["classes"], json!([shown]));

    // Set anew, whole: a class that is named keeps its number, one that is not goes.
    let mut kept = class("Туынды, жалғасы");
    kept["number"] = of_now[1].clone();
    let set = taught.set_week(now as i32, &[class("Кіріспе"), kept.clone()]).await;
    assert_eq!(set, [json!(4), json!(3)]);
    kept["number"] = json!(1);
    let elsewhere = taught.week(now as i32, &[kept]);
    assert_eq!(
        campus.teacher.refused("SetSyllabusWeek", elsewhere).await,
        "SYLLABUS_CLASS_UNKNOWN"
    );
    for (week, code) in [(0, "SYLLABUS_WEEK_OUT_OF_RANGE"), (30, "SYLLABUS_WEEK_OUT_OF_RANGE")] {
        let asked = taught.week(week, &[class("Шек")]);
        assert_eq!(campus.teacher.refused("SetSyllabusWeek", asked).await, code);
    }
    let mut leading_elsewhere = class("Шек");
    leading_elsewhere["links"] = json!([{"url": "javascript:alert(1)"}]);
    let leading_elsewhere = taught.week(2, &[leading_elsewhere]);
    assert_eq!(
        campus.teacher.refused("SetSyllabusWeek", leading_elsewhere).await,
        "SYLLABUS_LINK_UNFIT"
    );

    // Who does not teach the subject in the term does not set it; a stream that is listed under it counts.
    let other = person(&campus.administrator, "Басқа", &["TEACHER"]).await;
    let asked = || taught.week(2, &[class("Шек")]);
    assert_eq!(student.refused("SetSyllabusWeek", asked()).await, "FORBIDDEN");
    assert_eq!(other.refused("SetSyllabusWeek", asked()).await, "NOT_YOURS");
    let next = campus.term("Көктем", 70, 90).await;
    let elsewhere = campus.subject("MATH2", 5, &[]).await;
    let theirs = json!({"teacherIds": [other.id]});
    campus.stream(subject, &next, "B", theirs.clone()).await;
    assert_eq!(other.refused("SetSyllabusWeek", asked()).await, "NOT_YOURS");
    let stream = campus.stream(&elsewhere, term, "C", theirs).await;
    assert_eq!(other.refused("SetSyllabusWeek", asked()).await, "NOT_YOURS");
    let listed = json!({"stream": stream, "subject": subject});
    campus.registrar.ask("ListStream", listed).await;
    other.ask("SetSyllabusWeek", asked()).await;
    let emptied = taught.week(2, &[]);
    campus.registrar.ask("SetSyllabusWeek", emptied).await;
    assert_eq!(read().await["weeks"].as_array().map(Vec::len), Some(2));
}

async fn a_syllabus_and_its_files_are_read_by_those_it_concerns(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, enrollment, .. } = &taught;
    let numbers = taught.set_week(1, &[class("Шек")]).await;
    let file = taught.add_file(&campus.teacher, &numbers[0], "Слайд.png").await;
    let stranger = campus.student("Бөтен").await;
    let other_teacher = person(&campus.administrator, "Басқа", &["TEACHER"]).await;
    let other_advisor = person(&campus.administrator, "Өзге", &["ADVISOR"]).await;
    let librarian = person(&campus.administrator, "Кітапхана", &["LIBRARIAN"]).await;
    let readers = [
        (student, true),
        (&campus.advisor, true),
        (&campus.teacher, true),
        (&campus.registrar, true),
        (&campus.auditor, true),
        (&stranger, false),
        (&other_teacher, false),
        (&other_advisor, false),
        (&librarian, false),
        (&campus.administrator, false),
    ];
    let read = async |reader: &Client| {
        let seen = reader.send("Syllabus", taught.in_term()).await;
        let bytes = reader.file(&file).send().await.unwrap();
        (seen, bytes)
    };
    for (reader, may) in readers {
        let (seen, bytes) = read(reader).await;
        if may {
            let classes = seen.done()["syllabus"]["weeks"][0]["classes"].clone();
            assert_eq!(classes[0]["files"][0]["name"], "Слайд.png");
            assert_eq!(bytes.status(), 200);
            assert_eq!(*bytes.bytes().await.unwrap(), *png());
        } else {
            assert_eq!(seen.code(), "FORBIDDEN", "{}", reader.id);
            assert_eq!(bytes.status(), 403, "{}", reader.id);
        }
    }
    assert_eq!(campus.server.nobody().file(&file).send().await.unwrap().status(), 401);

    // Through a student: the advisor sees it, and who teaches the student something else does not.
    let through = "query($id: ID!) { enrollment(id: $id) { syllabus { weeks { number } } } }";
    let through = async |reader: &Client| {
        reader.ask(through, json!({"id": enrollment})).await["syllabus"].clone()
    };
    let weeks = json!({"weeks": [{"number": 1}]});
    assert_eq!(through(student).await, weeks);
    assert_eq!(through(&campus.advisor).await, weeks);
    assert_eq!(through(&campus.teacher).await, weeks);
    let philosophy = campus.subject("PHIL1", 5, &[]).await;
    let theirs = json!({"teacherIds": [other_teacher.id]});
    let stream = campus.stream(&philosophy, &taught.term, "P", theirs).await;
    let registered = register(student, &philosophy, &taught.term).await;
    let choice = json!({"enrollment": registered.enrollment, "stream": stream});
    student.ask("ChooseStream", choice).await;
    assert_eq!(through(&other_teacher).await, json!(null));

    // Whoever gives the subject up reads it no longer, nor does their advisor.
    student.ask("DropSubject", json!({"enrollment": enrollment})).await;
    for reader in [student, &campus.advisor] {
        let (seen, bytes) = read(reader).await;
        assert_eq!((seen.code(), bytes.status().as_u16()), ("FORBIDDEN".to_owned(), 403));
    }
}

async fn files_are_given_to_classes_and_taken_away_one_by_one(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, subject, term, .. } = &taught;
    let numbers = taught.set_week(1, &[class("Шек"), class("Қатар")]).await;
    let first = taught.add_file(&campus.teacher, &numbers[0], "1.png").await;
    let second = taught.add_file(&campus.registrar, &numbers[0], "2.png").await;
    let to = |class: i32| json!({"subject": subject, "term": term, "class": class});
    let by_student = student.send_file("AddSyllabusFile", to(1), "3.png", &png()).await;
    assert_eq!(by_student.code(), "FORBIDDEN");
    let to_none = campus.teacher.send_file("AddSyllabusFile", to(9), "3.png", &png()).await;
    assert_eq!(to_none.code(), "SYLLABUS_CLASS_UNKNOWN");
    let program = campus.teacher.send_file("AddSyllabusFile", to(1), "3.png", b"#!/bin/sh\n").await;
    assert_eq!(program.code(), "FILE_KIND_NOT_TAKEN");
    // The same request again adds nothing.
    let mut keyed = to(2);
    keyed["key"] = json!("once");
    for _ in 0..2 {
        campus.teacher.send_file("AddSyllabusFile", keyed.clone(), "x.png", &png()).await.done();
    }
    let files = async || {
        let seen = student.ask("Syllabus", taught.in_term()).await["syllabus"].clone();
        [0, 1].map(|place| seen["weeks"][0]["classes"][place]["files"].as_array().map(Vec::len))
    };
    assert_eq!(files().await, [Some(2), Some(1)]);

    let without = taught.week(1, &[class("Шек")]);
    let refused = campus.teacher.user_error("SetSyllabusWeek", without).await;
    assert_eq!(refused["code"], "SYLLABUS_CLASS_HAS_FILES");
    let facts = json!([{"name": "class", "value": "1"}, {"name": "files", "value": "2"}]);
    assert_eq!(refused["facts"], facts);
    let file = |file: &str| json!({"subject": subject, "term": term, "file": file});
    assert_eq!(student.refused("RemoveSyllabusFile", file(&first)).await, "FORBIDDEN");
    campus.teacher.ask("RemoveSyllabusFile", file(&first)).await;
    assert_eq!(
        campus.teacher.refused("RemoveSyllabusFile", file(&first)).await,
        "SYLLABUS_FILE_UNKNOWN"
    );
    assert_eq!(files().await, [Some(1), Some(1)]);
    let status = async |reader: &Client, id: &str| reader.file(id).send().await.unwrap().status();
    assert_eq!(status(student, &second).await, 200);
    for (reader, expected) in
        [(student, 403), (&campus.teacher, 403), (&campus.registrar, 403), (&campus.auditor, 200)]
    {
        assert_eq!(status(reader, &first).await, expected, "what was taken away is on record");
    }
}

async fn a_file_goes_with_whoever_handed_it_in(config: Config) {
    let mut taught = Taught::open(&config).await;
    let numbers = taught.set_week(1, &[class("Шек")]).await;
    let theirs = taught.add_file(&taught.campus.teacher, &numbers[0], "Слайд.png").await;
    let other = taught.add_file(&taught.campus.registrar, &numbers[0], "Кесте.png").await;
    let card = json!({"input": {"experience": "20 жыл"}});
    taught.campus.teacher.ask("SetTeacherCard", card).await;
    taught.campus.server.kill();
    let teacher = taught.campus.teacher.id.clone();
    program::answer(&config, &["person", "erase", &teacher, "--reason", "№ 17"]);
    program::answer(&config, &["audit"]);
    let server = Server::start(&config);
    let student = taught.student.at(server.url());
    let seen = student.ask("Syllabus", taught.in_term()).await["syllabus"].clone();
    let class = &seen["weeks"][0]["classes"][0];
    assert_eq!(class["topic"], "Шек", "what is taught stays");
    let files = class["files"].as_array().unwrap().iter();
    let files: Vec<_> = files.map(|file| (&file["name"], &file["available"])).collect();
    assert_eq!(files[0], (&json!("erased person"), &json!(false)));
    assert_eq!(files[1], (&json!("Кесте.png"), &json!(true)));
    let cards = student.ask("TeacherCards", taught.in_term()).await;
    assert_eq!(cards["teachers"][0]["person"]["teacherCard"], json!(null));
    assert_eq!(student.file(&theirs).send().await.unwrap().status(), 404);
    assert_eq!(student.file(&other).send().await.unwrap().status(), 200);
}

async fn cards_are_of_past_current_and_coming_subjects(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, subject, .. } = &taught;
    let past = campus.open_term("Өткен", -200, 100).await;
    let coming = campus.open_term("Келесі", 70, 90).await;
    let [physics, history, given_up] =
        ["PHYS1", "HIST1", "PHIL1"].map(|code| campus.subject(code, 5, &[]));
    let (physics, history, given_up) = (physics.await, history.await, given_up.await);
    let passed = register(student, &physics, &past).await;
    register(student, &history, &coming).await;
    let dropped = register(student, &given_up, &taught.term).await;
    student.ask("DropSubject", json!({"enrollment": dropped.enrollment})).await;
    ratings(&campus.registrar, &passed.enrollment, 90.0, 90.0).await;
    mark(&campus.registrar, &passed.enrollment, "EXAM", None, 95.0).await;
    let said = json!({"title": "Математика", "description": "Пределы"});
    describe(&campus.registrar, subject, "RUSSIAN", said).await;
    let cards = async |when: Value| {
        let me = student.ask_in("ru", "SubjectCards", json!({"when": when})).await;
        me["student"]["subjectCards"].as_array().unwrap().clone()
    };

    let current = cards(json!("CURRENT")).await;
    assert_eq!(current.len(), 1, "what was given up is no card");
    let card = &current[0];
    let now = card["term"]["currentWeek"].as_i64().unwrap();
    assert_eq!(
        (&card["when"], &card["status"], &card["credits"], &card["grade"], &card["syllabus"]),
        (&json!("CURRENT"), &json!("REGISTERED"), &json!(5), &json!(null), &json!(null))
    );
    let about = json!({
        "code": "MATH1", "title": "Пән MATH1", "localTitle": {"text": "Математика"},
        "description": {"text": "Пределы"}, "competences": [],
    });
    assert_eq!(card["subject"], about);
    taught.set_week(now as i32, &[class("Шек")]).await;
    let syllabus = &cards(json!("CURRENT")).await[0]["syllabus"];
    assert_eq!(syllabus["currentWeek"]["number"], now);
    assert_eq!(syllabus["currentWeek"]["classes"][0]["topic"], "Шек");

    let gone = cards(json!("PAST")).await;
    let codes = |cards: &[Value]| -> Vec<_> {
        cards.iter().map(|card| text(&card["subject"]["code"])).collect()
    };
    assert_eq!(codes(&gone), ["PHYS1"]);
    assert_eq!((&gone[0]["status"], &gone[0]["grade"]["grade"]), (&json!("PASSED"), &json!("A-")));
    assert_eq!(gone[0]["term"]["currentWeek"], json!(null));
    let to_come = cards(json!("COMING")).await;
    assert_eq!((codes(&to_come), &to_come[0]["when"]), (vec!["HIST1".into()], &json!("COMING")));
    assert_eq!(codes(&cards(json!(null)).await), ["MATH1", "HIST1", "PHYS1"]);
}

async fn teachers_are_told_once_the_students_own_first(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, subject, term, .. } = &taught;
    let [first, closed] =
        ["Аманов", "Жабық"].map(|name| person(&campus.administrator, name, &["TEACHER"]));
    let (first, closed) = (first.await, closed.await);
    let of = |teacher: &Client, kind: &str| json!({"teacherIds": [teacher.id], "kind": kind});
    campus.stream(subject, term, "B", of(&first, "LECTURE")).await;
    campus.stream(subject, term, "C", of(&campus.teacher, "PRACTICE")).await;
    let gone = campus.stream(subject, term, "D", of(&closed, "LECTURE")).await;
    campus.registrar.ask("CloseStream", json!({"input": {"streamId": gone}})).await;
    let shown = |teachers: &Value| -> Vec<_> {
        let teachers = teachers.as_array().unwrap().iter();
        let one = |teacher: &Value| {
            let groups = teacher["streams"].as_array().unwrap().iter();
            let groups: Vec<_> = groups.map(|stream| text(&stream["group"])).collect();
            (text(&teacher["person"]["displayName"]), groups, teacher["teachesStudent"] == true)
        };
        teachers.map(one).collect()
    };
    let own = ("Тілеуов Айгүл".to_owned(), vec!["A".to_owned(), "C".to_owned()]);
    let other = ("Аманов Айгүл".to_owned(), vec!["B".to_owned()], false);
    let me = student.ask("SubjectCards", json!({"when": "CURRENT"})).await;
    let teachers = &me["student"]["subjectCards"][0]["teachers"];
    assert_eq!(shown(teachers), [(own.0.clone(), own.1.clone(), true), other.clone()]);
    assert_eq!(teachers[0]["components"], json!(["lecture", "practice"]));
    // Where it is nobody's card, by name.
    let in_term = student.ask("SubjectInTerm", taught.in_term()).await;
    assert_eq!(shown(&in_term["teachers"]), [other, (own.0, own.1, false)]);
}

async fn a_teacher_tells_of_themself_to_everybody_who_is_signed_in(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, .. } = &taught;
    let (teacher, registrar) = (&campus.teacher, &campus.registrar);
    let read = async |reader: &Client| {
        let read = reader.ask("TeacherCards", taught.in_term()).await;
        read["teachers"][0]["person"]["teacherCard"].clone()
    };
    assert_eq!(read(student).await, json!(null));
    let card = json!({
        "experience": "20 жыл: мектеп, содан кейін университет", "competences": ["Талдау", "Топология"],
        "achievements": "PhD\n12 мақала", "email": "tileuov@university.example",
        "phone": "+7 700 000 00 00", "room": "305", "hours": "Дс 14:00-16:00",
    });
    let of = |person: Option<&Client>, card: &Value| {
        let mut input = card.clone();
        input["personId"] = json!(person.map(|person| &person.id));
        json!({"input": input})
    };
    let first = teacher.ask("SetTeacherCard", of(None, &card)).await;
    let again = teacher.ask("SetTeacherCard", of(Some(teacher), &card)).await;
    assert_eq!(again["position"], first["position"], "the same again is no event");
    let stranger = campus.student("Бөтен").await;
    for reader in [student, &stranger, registrar, teacher] {
        let mut told = read(reader).await;
        assert!(told.as_object_mut().unwrap().remove("changedAt").is_some());
        assert_eq!(told, card, "{}", reader.id);
    }
    // The log has none of it.
    let filter = json!({"filter": {"eventType": "AccountCardSet"}, "first": 5});
    let history = campus.auditor.ask("History", filter).await["nodes"].clone();
    assert_eq!(history.as_array().map(Vec::len), Some(1));
    assert!(!history.to_string().contains("305"), "{history}");

    assert_eq!(student.refused("SetTeacherCard", of(None, &card)).await, "FORBIDDEN");
    let other = person(&campus.administrator, "Басқа", &["TEACHER"]).await;
    assert_eq!(other.refused("SetTeacherCard", of(Some(teacher), &card)).await, "NOT_YOURS");
    let of_student = of(Some(student), &card);
    assert_eq!(registrar.refused("SetTeacherCard", of_student).await, "TEACHER_CARD_OF_NO_TEACHER");
    let mut long = card.clone();
    long["hours"] = json!("я".repeat(201));
    assert_eq!(teacher.refused("SetTeacherCard", of(None, &long)).await, "TEXT_TOO_LONG");
    registrar.ask("SetTeacherCard", of(Some(teacher), &json!({"room": "306"}))).await;
    let told = read(student).await;
    assert_eq!((&told["room"], &told["experience"]), (&json!("306"), &json!(null)));

    // Who teaches no longer tells nothing, and nothing of old comes back with the role.
    let role = json!({"person": teacher.id, "role": "TEACHER"});
    campus.administrator.ask("RevokeRole", role.clone()).await;
    assert_eq!(read(student).await, json!(null));
    campus.administrator.ask("GrantRole", role).await;
    assert_eq!(read(student).await, json!(null));
}
