//! What programmes' events of old say now.

use serde_json::Value;

use crate::past::{Former, Shape, without_titles};

/// A programme had one title, in whatever language it was typed.
pub const CREATED_1: Former = Former {
    event_type: "ProgrammeCreated",
    version: "1",
    later: |mut payload| {
        without_titles(payload.pointer_mut("/Created/card"));
        vec![Shape::of("ProgrammeCreated", "2", payload)]
    },
};

/// The same when it was revised.
pub const REVISED_1: Former = Former {
    event_type: "ProgrammeRevised",
    version: "1",
    later: |mut payload| {
        without_titles(payload.pointer_mut("/Revised/card"));
        vec![Shape::of("ProgrammeRevised", "2", payload)]
    },
};

/// A group of a curriculum had one name.
pub const CURRICULUM_SET_1: Former = Former {
    event_type: "ProgrammeCurriculumSet",
    version: "1",
    later: |mut payload| {
        let groups = payload.pointer_mut("/CurriculumSet/curriculum/groups");
        for group in groups.and_then(Value::as_array_mut).into_iter().flatten() {
            without_titles(Some(group));
        }
        vec![Shape::of("ProgrammeCurriculumSet", "2", payload)]
    },
};
