//! What calendars' events of old say now.

use serde_json::json;

use crate::past::{Former, Shape, without_titles};

/// A term had one period of each kind, for everybody and without a title.
pub const PERIOD_SET_1: Former = Former {
    event_type: "AcademicCalendarPeriodSet",
    version: "1",
    later: |payload| {
        let set = &payload["PeriodSet"];
        let period = json!({
            "kind": set["kind"],
            "title": null,
            "audience": {"programmes": [], "years_of_study": []},
            "window": set["window"],
        });
        let set = json!({"year": set["year"], "term": set["term"], "period": period});
        vec![Shape::of("AcademicCalendarPeriodSet", "2", json!({"PeriodSet": set}))]
    },
};

/// A period had one title, if it had one.
pub const PERIOD_SET_2: Former = Former {
    event_type: "AcademicCalendarPeriodSet",
    version: "2",
    later: |mut payload| {
        without_titles(payload.pointer_mut("/PeriodSet/period"));
        vec![Shape::of("AcademicCalendarPeriodSet", "3", payload)]
    },
};

/// The same when it was taken out.
pub const PERIOD_REMOVED_1: Former = Former {
    event_type: "AcademicCalendarPeriodRemoved",
    version: "1",
    later: |mut payload| {
        without_titles(payload.pointer_mut("/PeriodRemoved/period"));
        vec![Shape::of("AcademicCalendarPeriodRemoved", "2", payload)]
    },
};

/// A term had one title, in whatever language it was typed.
pub const TERM_ADDED_1: Former = Former {
    event_type: "AcademicCalendarTermAdded",
    version: "1",
    later: |mut payload| {
        without_titles(payload.pointer_mut("/TermAdded/term"));
        vec![Shape::of("AcademicCalendarTermAdded", "2", payload)]
    },
};

/// The same when it was revised.
pub const TERM_REVISED_1: Former = Former {
    event_type: "AcademicCalendarTermRevised",
    version: "1",
    later: |mut payload| {
        without_titles(payload.pointer_mut("/TermRevised/term"));
        vec![Shape::of("AcademicCalendarTermRevised", "2", payload)]
    },
};
