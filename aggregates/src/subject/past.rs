//! What subjects' events of old say now.

use serde_json::Value;

use crate::past::{Former, Shape};

/// What a subject asks for no longer was called `released`; everywhere else it is a prerequisite.
pub const REVISED_1: Former = Former {
    event_type: "SubjectRevised",
    version: "1",
    later: |mut payload| {
        if let Some(fields) = payload.get_mut("Revised").and_then(Value::as_object_mut)
            && let Some(released) = fields.remove("released")
        {
            fields.insert("dropped_prerequisites".to_owned(), released);
        }
        vec![Shape::of("SubjectRevised", "2", payload)]
    },
};
