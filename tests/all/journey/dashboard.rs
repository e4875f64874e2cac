//! The dashboard (manual 2.1).

use oqu::config::Config;
use serde_json::json;

use crate::{
    campus::{Taught, mark, moment, ratings, register},
    server::text,
};

tests! { both { the_first_page_shows_the_figures_that_there_are } }

async fn the_first_page_shows_the_figures_that_there_are(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, term, iep, enrollment, .. } = &taught;
    let next = campus.open_term("Көктем", 70, 90).await;
    campus.period(&next, "STUDY", 24 * 72, 24 * 80).await;
    let physics = campus.subject("PHYS1", 4, &[]).await;
    let given_up = campus.subject("CHEM1", 3, &[]).await;
    register(student, &physics, &next).await;
    let dropped = register(student, &given_up, &next).await.enrollment;
    student.ask("DropSubject", json!({"enrollment": dropped})).await;
    let test = |opens_in: i64, title: &str| {
        json!({
            "subjectId": taught.subject, "termId": term, "test": {
                "title": title, "kind": "PRACTICE", "minutes": 30, "passPercent": 50,
                "opensAt": moment(opens_in), "closesAt": moment(72),
                "questions": [{"prompt": "?", "points": 1, "kind": "NUMERIC", "number": 1}],
            },
        })
    };
    for input in [test(-1, "Ашық"), test(24, "Ертең")] {
        campus.teacher.ask("CreateTest", json!({"input": input})).await;
    }
    let seen = async || student.ask("Dashboard", json!({})).await["student"]["dashboard"].clone();
    let first = seen().await;
    assert_eq!(first["gpa"], json!(null));
    assert_eq!(first["term"], json!({"id": term, "title": "Күз"}));
    assert_eq!(first["credits"], json!({"plan": 30, "fact": 5, "remainder": 25}));
    assert_eq!(first["subjects"], json!({"past": 0, "current": 1, "coming": 1}));
    assert_eq!(first["iep"], json!({"id": iep, "status": "OPEN", "waitsFor": "STUDENT"}));
    let coming: Vec<_> = first["comingEvents"].as_array().unwrap().iter().collect();
    let coming: Vec<_> =
        coming.iter().map(|event| (text(&event["kind"]), text(&event["title"]))).collect();
    let expected = [("TEST", "Ертең"), ("ADD_DROP", "Көктем"), ("STUDY", "Көктем")];
    assert_eq!(coming, expected.map(|(kind, title)| (kind.to_owned(), title.to_owned())));
    assert_eq!(first["openTestCount"], 1);

    ratings(&campus.teacher, enrollment, 90.0, 90.0).await;
    mark(&campus.teacher, enrollment, "EXAM", None, 90.0).await;
    let graded = seen().await;
    assert_eq!(graded["gpa"], 3.67);
    assert_eq!(graded["openTestCount"], 0, "the subject has its grade");
}
