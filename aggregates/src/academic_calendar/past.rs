//! What calendars' events of old say now.

use serde_json::json;

use crate::past::{Former, Shape};

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
