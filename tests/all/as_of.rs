//! Views as they stood: the same fold, from the few events that touch a document.

use oqu::{
    cabinet::Cabinet,
    config::Config,
    database::Database,
    views::{Stored, as_of},
};
use projections::{VIEWS, View, enrollment::Enrollments};
use serde_json::{Value, json};

use crate::{
    campus::{Taught, ratings},
    history::History,
    program::{answer, run},
    server::Client,
    views::{caught_up, folded},
};

tests! {
    both {
        every_document_of_every_view_is_as_the_log_made_it,
        an_auditor_sees_a_document_at_a_time_and_at_a_position,
        the_command_line_shows_it_too,
    }
}

/// Each document of each view, at every place of the log: what is found by the documents' events is what the
/// whole log says.
async fn every_document_of_every_view_is_as_the_log_made_it(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    History::write(&cabinet).await;
    let head = caught_up(&cabinet).await;
    let mut compared = 0;
    for until in 0..=head.0 {
        let until = aggregates::shared::Position(until);
        for view in VIEWS {
            let mut snapshot = cabinet.database.snapshot().await.unwrap();
            let folded = folded(&mut snapshot, view, until).await;
            snapshot.rollback().await.unwrap();
            for (key, document) in folded {
                let found = cabinet.views.document_at(view, &key, until).await.unwrap();
                let Stored { version, payload, .. } = found.unwrap();
                let found = (version, serde_json::from_str(&payload).unwrap());
                assert_eq!(found, document, "{} {key} at {until}", view.name);
                compared += 1;
            }
        }
    }
    assert!(compared > 500, "{compared}");
    let nobody = cabinet.views.document_at(&VIEWS[0], "nobody", head).await.unwrap();
    assert_eq!(nobody, None);
    assert!(few_are_noted(&cabinet.database).await);
}

/// What is found by the key itself is not noted once more.
async fn few_are_noted(database: &Database) -> bool {
    let sql = "SELECT count(*) FROM view_sources WHERE key = aggregate_id";
    let row = database.fetch_one(sql, &[]).await.unwrap().unwrap();
    row.int(0).unwrap() == 0
}

pub const DOCUMENT: &str = "query($view: String!, $key: String!, $time: DateTime, $at: Position) { \
    viewDocument(view: $view, key: $key, asOf: $time, asOfPosition: $at) { \
    view viewVersion key position recordedAt events document } }";

async fn ask(auditor: &Client, variables: Value) -> Value {
    auditor.ask(DOCUMENT, variables).await
}

async fn an_auditor_sees_a_document_at_a_time_and_at_a_position(config: Config) {
    let taught = Taught::open(&config).await;
    ratings(&taught.campus.teacher, &taught.enrollment, 60.0, 70.0).await;
    let auditor = &taught.campus.auditor;
    let key = &taught.enrollment;
    let now = ask(auditor, json!({"view": "enrollment", "key": key})).await;
    assert_eq!(
        (&now["view"], &now["viewVersion"]),
        (&json!("enrollment"), &json!(Enrollments::VERSION))
    );
    let events = now["events"].as_i64().unwrap();
    assert!(events >= 3, "{now}");

    // One event less is another document; before all of them there is none.
    let position = now["position"].as_i64().unwrap();
    let before = ask(auditor, json!({"view": "enrollment", "key": key, "at": 1})).await;
    assert_eq!((&before["document"], &before["events"]), (&Value::Null, &json!(0)));
    let at_time = json!({"view": "enrollment", "key": key, "time": now["recordedAt"]});
    let at_time = ask(auditor, at_time).await;
    assert_eq!(at_time, now);
    let beyond = json!({"view": "enrollment", "key": key, "at": position + 1_000_000});
    let beyond = ask(auditor, beyond).await;
    assert_eq!(beyond["document"], now["document"]);
    assert!(beyond["position"].as_i64().unwrap() < position + 1_000_000);

    let both = json!({"view": "enrollment", "key": key, "at": 1, "time": now["recordedAt"]});
    assert_eq!(auditor.refused(DOCUMENT, both).await, "BAD_INPUT");
    let unknown = json!({"view": "enrolment", "key": key});
    assert_eq!(auditor.refused(DOCUMENT, unknown).await, "BAD_INPUT");
    let own = json!({"view": "enrollment", "key": key});
    assert_eq!(taught.student.refused(DOCUMENT, own).await, "FORBIDDEN");
}

async fn the_command_line_shows_it_too(config: Config) {
    let history = {
        let cabinet = Cabinet::open(config.clone()).await.unwrap();
        let history = History::write(&cabinet).await;
        caught_up(&cabinet).await;
        cabinet.close().await;
        history
    };
    let student = history.student.to_string();
    let show = |more: &[&str]| -> Value {
        let asked = [&["views", "show", "transcript", &student], more].concat();
        serde_json::from_str(&answer(&config, &asked)).unwrap()
    };
    let now = show(&[]);
    assert_eq!((&now["view"], &now["key"]), (&json!("transcript"), &json!(student)));
    let view = VIEWS.iter().find(|view| view.name == "transcript").unwrap();
    assert_eq!(now["viewVersion"], view.version);
    let recorded_at = now["recordedAt"].as_str().unwrap();
    assert_eq!(show(&["--as-of", recorded_at]), now);
    let position = now["position"].as_i64().unwrap();
    assert_eq!(show(&["--as-of-position", &position.to_string()]), now);
    let nothing = run(&config, &["views", "show", "transcript", &student, "--as-of-position", "1"]);
    assert_eq!(nothing.status.code(), Some(1));
    let unknown = run(&config, &["views", "show", "grades", &student]);
    let said = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(said.contains("there is no view grades; there are: account, "), "{said}");

    let (database, _lock) = config.location().open().await.unwrap();
    let time = recorded_at.parse().unwrap();
    assert_eq!(as_of::position_at(&database, time).await.unwrap().0, position);
}
