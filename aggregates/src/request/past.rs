//! What requests' events of old say now.

use serde_json::{Value, json};

use crate::past::{Former, Shape};

/// A change of stream was of one stream.
pub const OPENED_1: Former = Former {
    event_type: "RequestOpened",
    version: "1",
    later: |mut payload| {
        let change = payload.pointer_mut("/Opened/matter/add_drop/change/change_stream");
        if let Some(change) = change.and_then(Value::as_object_mut) {
            let exchange = json!({"from": change.remove("from"), "to": change.remove("to")});
            change.insert("exchanges".to_owned(), json!([exchange]));
            change.insert("leaves".to_owned(), json!([]));
        }
        vec![Shape::of("RequestOpened", "2", payload)]
    },
};
