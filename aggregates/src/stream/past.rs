//! What streams' events of old say now.

use crate::past::{Former, Shape};

/// The card that was imported was all that the other system had said.
pub const IMPORTED_1: Former = Former {
    event_type: "StreamImported",
    version: "1",
    later: |payload| vec![Shape::of("StreamImported", "2", payload)],
};

/// Nobody left a line because they studied no longer.
pub const LINE_LEFT_1: Former = Former {
    event_type: "StreamLineLeft",
    version: "1",
    later: |payload| vec![Shape::of("StreamLineLeft", "2", payload)],
};
