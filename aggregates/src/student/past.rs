//! What students' events of old say now.

use serde_json::json;

use crate::past::{Former, Shape};

/// A change of the settings said all of them, whichever had changed: the language and the topics are
/// two things.
pub const SETTINGS_CHANGED_1: Former = Former {
    event_type: "StudentSettingsChanged",
    version: "1",
    later: |payload| {
        let changed = &payload["SettingsChanged"];
        let (student, settings) = (&changed["student"], &changed["settings"]);
        let language = json!({"student": student, "language": settings["language"]});
        let muted = json!({"student": student, "muted": settings["muted"]});
        vec![
            Shape::of("StudentLanguageChosen", "1", json!({"LanguageChosen": language})),
            Shape::of("StudentTopicsMuted", "1", json!({"TopicsMuted": muted})),
        ]
    },
};

/// The year of study was counted on as if there had been no leave.
pub const RETURNED_1: Former = Former {
    event_type: "StudentReturned",
    version: "1",
    later: |payload| {
        let returned = json!({"student": payload["Returned"]["student"], "into": null});
        vec![Shape::of("StudentReturned", "2", json!({"Returned": returned}))]
    },
};
