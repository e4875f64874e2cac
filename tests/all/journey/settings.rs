//! What students set for themselves (manual 3).

use oqu::config::Config;
use serde_json::{Value, json};

use crate::{campus::Campus, server::Client};

tests! { both { settings_are_kept_and_only_changes_are_on_record } }

const CHANGE: &str = "mutation($input: ChangeSettingsInput!) { changeSettings(input: $input) {
    student { settings { language muted } } position userErrors { code message } } }";

async fn settings_are_kept_and_only_changes_are_on_record(config: Config) {
    let campus = Campus::open(&config).await;
    let student = campus.student("Қанатов").await;
    let settings = "query($id: ID!) { student(id: $id) { settings { language muted } } }";
    let seen = async |client: &Client| {
        let student = client.ask(settings, json!({"id": student.id})).await;
        student["settings"].clone()
    };
    let change = async |input: Value| student.ask(CHANGE, json!({"input": input})).await;
    assert_eq!(seen(&student).await, json!({"language": null, "muted": []}));

    let changed = change(json!({"language": "KAZAKH", "muted": ["NEWS", "GRADES", "NEWS"]})).await;
    let expected = json!({"language": "KAZAKH", "muted": ["GRADES", "NEWS"]});
    assert_eq!(changed["student"]["settings"], expected);
    let again = change(json!({"muted": ["NEWS", "GRADES"]})).await;
    assert_eq!(again["position"], changed["position"], "the same again is no event");
    change(json!({"language": "RUSSIAN"})).await;
    let expected = json!({"language": "RUSSIAN", "muted": ["GRADES", "NEWS"]});
    assert_eq!(seen(&student).await, expected);
    assert_eq!(seen(&campus.registrar).await, expected);
    assert_eq!(seen(&campus.advisor).await, json!(null), "they are the student's own");

    for (event_type, often) in [("StudentLanguageChosen", 2), ("StudentTopicsMuted", 1)] {
        let filter = json!({"filter": {"eventType": event_type}, "first": 9});
        let history = campus.auditor.ask("History", filter).await;
        assert_eq!(history["nodes"].as_array().map(Vec::len), Some(often), "{event_type}");
    }
}
