//! What a subject is called to whoever reads, wherever it stands (manual 2.8).

use oqu::config::Config;
use serde_json::json;

use super::fetch;
use crate::{
    campus::{Taught, call, day, mark, moment, ratings},
    server::text,
};

tests! { both {
    a_subject_is_called_what_the_reader_calls_it_in_answers,
    a_calendar_is_in_the_language_that_its_person_chose,
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
