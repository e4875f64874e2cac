//! The timetable (manual 2.4), in the cabinet and in a calendar program.

use icalendar::{Calendar, Component, EventLike};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use oqu::config::Config;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    campus::{Campus, day, moment, person, register},
    common::count,
    program::answer,
    server::{Client, Server, text, until},
};

tests! { both {
    the_timetable_has_classes_tests_and_the_calendar_in_their_order,
    an_exam_is_scheduled_moved_and_cancelled,
    sittings_lie_within_their_term_and_exams_within_the_exams,
    a_calendar_program_reads_the_timetable_by_a_link_that_can_be_revoked,
    a_link_ends_with_its_person,
    a_calendar_is_in_the_language_in_which_its_link_was_asked_for,
} }

/// A student with a class each weekday of the week from today on, and an exam.
struct Taught {
    campus: Campus,
    student: Client,
    term: String,
    stream: String,
}

impl Taught {
    async fn open(config: &Config) -> Self {
        let campus = Campus::open(config).await;
        // Its week 1 is the week of yesterday: classes of weeks 1 and 2.
        let term = campus.open_term("Күз", -1, 90).await;
        let input = json!({"code": "MATH1", "title": "Алгебра, \"1\"; негіздер", "credits": 5});
        let made = campus.registrar.ask("CreateSubject", json!({"input": input})).await;
        let subject = text(&made["subject"]["id"]);
        let meetings: Vec<_> = WEEKDAYS
            .iter()
            .map(|weekday| {
                json!({
                    "weekday": weekday, "startsAt": "09:00", "endsAt": "10:30",
                    "weeks": [1, 2, 3], "room": "101",
                })
            })
            .collect();
        let meetings = json!({"meetings": meetings});
        let stream = campus.stream(&subject, &term, "А-1", meetings).await;
        let student = campus.student("Қанатов").await;
        let enrollment = register(&student, &subject, &term).await.enrollment;
        student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": stream})).await;
        let exam = json!({"input": {"subjectId": subject, "termId": term, "test": {
            "title": "Емтихан", "kind": "EXAM", "minutes": 30, "passPercent": 50,
            "opensAt": instant(day(3), 15), "closesAt": instant(day(3), 18),
            "questions": [{"prompt": "?", "points": 1, "kind": "NUMERIC", "number": 1}],
        }}});
        campus.teacher.ask("CreateTest", exam).await;
        Self { campus, student, term, stream }
    }

    async fn holiday(&self, on: Date, title: &str) {
        let (opens_at, closes_at) = (instant(on, 0), instant(on + jiff::ToSpan::days(1), 0));
        let input = json!({
            "termId": self.term, "kind": "HOLIDAYS", "title": title,
            "opensAt": opens_at, "closesAt": closes_at,
        });
        self.campus.registrar.ask("SetPeriod", json!({"input": input})).await;
    }

    async fn on(&self, asked: Value) -> Vec<Value> {
        let mut variables = json!({"student": self.student.id});
        for (name, value) in asked.as_object().unwrap() {
            variables[name] = value.clone();
        }
        let shown = self.student.ask("Timetable", variables).await;
        shown["timetable"].as_array().unwrap().clone()
    }
}

pub const WEEKDAYS: [&str; 7] =
    ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

/// An hour of a day at the university.
pub fn instant(day: Date, hour: i8) -> Timestamp {
    TimeZone::get("Asia/Almaty").unwrap().to_timestamp(day.at(hour, 0, 0, 0)).unwrap()
}

async fn the_timetable_has_classes_tests_and_the_calendar_in_their_order(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, stream, .. } = &taught;
    let today = day(0);
    taught.holiday(day(1), "Республика күні").await;
    let week = json!({"from": today, "to": day(3), "kinds": ["CLASS", "EXAM", "HOLIDAY"]});
    let shown = taught.on(week).await;
    let told = |entry: &Value| (text(&entry["kind"]), text(&entry["startsAt"]));
    let expected = [
        ("CLASS", instant(today, 9)),
        ("HOLIDAY", instant(day(1), 0)),
        ("CLASS", instant(day(2), 9)),
        ("CLASS", instant(day(3), 9)),
        ("EXAM", instant(day(3), 15)),
    ];
    let expected = expected.map(|(kind, at)| (kind.to_owned(), at.to_string()));
    assert_eq!(shown.iter().map(told).collect::<Vec<_>>(), expected);
    let class = &shown[0];
    assert_eq!(class["stream"], json!({"id": stream, "group": "А-1"}));
    assert_eq!(class["subject"]["code"], "MATH1");
    assert_eq!(class["room"], "101");
    assert_eq!(class["teachers"], json!([{"id": campus.teacher.id}]));
    let half_past = instant(today, 10) + jiff::SignedDuration::from_mins(30);
    assert_eq!(class["endsAt"], json!(half_past));
    assert_eq!(shown[1]["title"], "Республика күні");
    assert_eq!(shown[1]["period"]["kind"], "HOLIDAYS");
    assert_eq!(
        (&shown[4]["title"], &shown[4]["test"]["kind"]),
        (&json!("Емтихан"), &json!("EXAM"))
    );
    // By day and by week: from Monday to Sunday, whatever day it is.
    let classes = json!(["CLASS"]);
    let today_alone = taught.on(json!({"from": today, "kinds": classes})).await;
    assert_eq!(today_alone, vec![class.clone()]);
    let of_week = taught.on(json!({"from": day(7), "span": "WEEK", "kinds": classes})).await;
    let days: Vec<_> = of_week.iter().map(|class| text(&class["startsAt"])).collect();
    let monday = day(7) - jiff::ToSpan::days(i64::from(day(7).weekday().to_monday_zero_offset()));
    let off = |on: &Date| *on == day(1);
    let expected = (0..7).map(|days| monday + jiff::ToSpan::days(days)).filter(|on| !off(on));
    let expected: Vec<_> = expected.map(|on| instant(on, 9).to_string()).collect();
    assert_eq!(days, expected);
    // The teacher has the same classes and exams, and nobody else's.
    let teachers = json!({"from": today, "to": day(3), "kinds": ["CLASS", "EXAM", "HOLIDAY"]});
    let teaching = campus.teacher.ask("Teaching", teachers.clone()).await["teaching"].clone();
    assert_eq!(teaching["streams"], json!([{"id": stream}]));
    let ids = |entries: &Value| {
        let entries = entries.as_array().unwrap().iter();
        entries.map(|entry| text(&entry["id"])).collect::<Vec<_>>()
    };
    assert_eq!(ids(&teaching["timetable"]), ids(&json!(shown)));
    let other = person(&campus.administrator, "Басқа", &["TEACHER"]).await;
    let theirs = other.ask("Teaching", teachers.clone()).await["teaching"].clone();
    assert_eq!(
        (&theirs["streams"], ids(&theirs["timetable"]).len()),
        (&json!([]), 1),
        "the holiday"
    );
    assert_eq!(student.ask("Teaching", teachers).await["teaching"], json!(null));
    // The registration that is open now is an event; of the whole month too.
    let month = taught.on(json!({"from": today, "span": "MONTH", "kinds": ["EVENT"]})).await;
    assert!(month.iter().any(|event| event["period"]["kind"] == "REGISTRATION"), "{month:?}");
    // From the first day of the month to its last, as far as there are classes: in three weeks from yesterday's on.
    let since = i64::from(day(-1).weekday().to_monday_zero_offset());
    let last = day(-1) + jiff::ToSpan::days(20 - since);
    for around in [day(-1), day(7), last] {
        let of_month = taught.on(json!({"from": around, "span": "MONTH", "kinds": classes})).await;
        let days: Vec<_> = of_month.iter().map(|class| text(&class["startsAt"])).collect();
        let month = around.first_of_month().series(jiff::ToSpan::day(1));
        let month = month.take_while(|on| on.month() == around.month());
        let held = month.filter(|on| (day(-1)..=last).contains(on) && !off(on));
        let expected: Vec<_> = held.map(|on| instant(on, 9).to_string()).collect();
        assert_eq!(days, expected, "the month of {around}");
    }

    let mut asked = json!({"student": student.id, "from": today, "to": day(366)});
    assert_eq!(student.refused("Timetable", asked.clone()).await, "BAD_INPUT");
    asked["to"] = json!(day(365));
    student.ask("Timetable", asked.clone()).await;
    asked["to"] = json!(day(-1));
    assert_eq!(student.refused("Timetable", asked.clone()).await, "BAD_INPUT");
    asked["span"] = json!("WEEK");
    assert_eq!(student.refused("Timetable", asked).await, "BAD_INPUT");
    let stranger = campus.student("Бөтен").await;
    let theirs = json!({"student": student.id, "from": today});
    assert_eq!(stranger.refused("Timetable", theirs).await, "FORBIDDEN");
}

async fn an_exam_is_scheduled_moved_and_cancelled(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, stream, .. } = &taught;
    let registrar = &campus.registrar;
    let of = |from: Timestamp, to: Timestamp| {
        json!({"streamId": stream, "kind": "EXAM", "startsAt": from, "endsAt": to, "room": "301",
            "note": "Калькулятор рұқсат"})
    };
    let exam = of(instant(day(3), 18), instant(day(3), 21));
    let schedule = async |input: &Value| {
        let done = registrar.ask("ScheduleSitting", json!({"input": input})).await;
        done["stream"]["sittings"].clone()
    };
    let scheduled = schedule(&exam).await;
    let id = text(&scheduled[0]["id"]);
    assert_eq!((&scheduled[0]["kind"], &scheduled[0]["room"]), (&json!("EXAM"), &json!("301")));
    let place = json!({"streamId": stream, "onlineLink": "https://example.org/room"});
    registrar.ask("ChangeStreamPlace", json!({"input": place})).await;

    let on = json!({"from": day(3), "filter": {"streamIds": [stream]}});
    let shown = taught.on(on.clone()).await;
    let kinds: Vec<_> = shown.iter().map(|entry| text(&entry["kind"])).collect();
    assert_eq!(kinds, ["CLASS", "EXAM"]);
    assert_eq!(shown[0]["onlineLink"], "https://example.org/room");
    let sitting = &shown[1];
    assert_eq!(sitting["id"], json!(id));
    assert_eq!(sitting["startsAt"], json!(instant(day(3), 18)));
    assert_eq!((&sitting["room"], &sitting["onlineLink"]), (&json!("301"), &json!(null)));
    assert_eq!(sitting["sitting"]["note"], "Калькулятор рұқсат");
    assert_eq!(sitting["teachers"], json!([{"id": campus.teacher.id}]));
    assert_eq!(sitting["subject"]["code"], "MATH1");
    // By subject the test comes too; of others there is nothing.
    let all = registrar.ask("query { subjects(first: 1) { nodes { id } } }", json!({})).await;
    let subject = &all["nodes"][0]["id"];
    let filtered =
        async |filter: Value| taught.on(json!({"from": day(3), "filter": filter})).await.len();
    assert_eq!(filtered(json!({"subjectIds": [subject]})).await, 3);
    assert_eq!(filtered(json!({"subjectIds": [subject], "kinds": ["EXAM"]})).await, 2);
    assert_eq!(filtered(json!({"teacherIds": [campus.teacher.id]})).await, 2);
    assert_eq!(filtered(json!({"teacherIds": [student.id]})).await, 0);
    assert_eq!(filtered(json!({"streamIds": []})).await, 0);
    let malformed = json!({"student": student.id, "from": day(3), "filter": {"streamIds": ["?"]}});
    assert_eq!(student.refused("Timetable", malformed).await, "BAD_INPUT");

    // The calendar program has it, with the place, and the class with the address.
    let link = student.ask("CreateCalendarLink", json!({})).await;
    let path = text(&link["path"]);
    let calendar = async || -> Calendar {
        let body = fetch(&campus.server, &path, None).await.text().await.unwrap();
        body.parse().unwrap()
    };
    let known = calendar().await;
    let event = |calendar: &Calendar, begins: &str| {
        let mut events = calendar.events();
        let event = events.find(|event| event.get_uid().is_some_and(|it| it.starts_with(begins)));
        event.map(|event| {
            let told = |text: Option<&str>| text.unwrap_or_default().to_owned();
            (told(event.get_summary()), told(event.get_location()), told(event.get_description()))
        })
    };
    let (summary, location, description) = event(&known, &id).expect("the exam");
    assert!(summary.ends_with(": Алгебра, \"1\"; негіздер (А-1)"), "{summary}");
    assert_eq!(location, "301");
    assert_eq!(description, "Калькулятор рұқсат\nТілеуов Айгүл");
    let (.., description) = event(&known, stream).expect("a class");
    assert_eq!(description, "https://example.org/room\nТілеуов Айгүл");

    // Moved, it is the same sitting at another time; cancelled, it is gone.
    let mut moved = of(instant(day(4), 18), instant(day(4), 21));
    moved["sittingId"] = json!(id);
    assert_eq!(schedule(&moved).await[0]["startsAt"], json!(instant(day(4), 18)));
    assert_eq!(taught.on(on).await.len(), 1);
    let mut input = of(instant(day(4), 18), instant(day(4), 18));
    assert_eq!(
        registrar.refused("ScheduleSitting", json!({"input": input})).await,
        "SITTING_IS_EMPTY"
    );
    assert_eq!(
        campus.teacher.refused("ScheduleSitting", json!({"input": moved})).await,
        "FORBIDDEN"
    );
    input = moved.clone();
    input["sittingId"] = campus.teacher.id.clone().into();
    let unknown = registrar.refused("ScheduleSitting", json!({"input": input})).await;
    assert_eq!(unknown, "SITTING_UNKNOWN");
    let cancelled = json!({"stream": stream, "sitting": id});
    let done = registrar.ask("CancelSitting", cancelled.clone()).await;
    assert_eq!(done["stream"]["sittings"], json!([]));
    assert_eq!(registrar.refused("CancelSitting", cancelled).await, "SITTING_UNKNOWN");
    assert!(event(&calendar().await, &id).is_none());
}

async fn sittings_lie_within_their_term_and_exams_within_the_exams(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, stream, term, .. } = &taught;
    let registrar = &campus.registrar;
    let of = |kind: &str, from: i64, hours: i64| {
        let starts_at = moment(from);
        let ends_at = starts_at + SignedDuration::from_hours(hours);
        json!({"input": {
            "streamId": stream, "kind": kind, "startsAt": starts_at, "endsAt": ends_at,
        }})
    };
    let days = |days: i64| 24 * days;
    let earliest = registrar.ask("ScheduleSitting", of("EXAM", days(2), 3)).await;
    campus.period(term, "EXAMS", days(10), days(20)).await;
    let early = registrar.user_error("ScheduleSitting", of("EXAM", days(5), 3)).await;
    assert_eq!(early["code"], "EXAM_OUTSIDE_EXAMS");
    assert_eq!(early["field"], json!(["startsAt"]));
    let late = registrar.refused("ScheduleSitting", of("EXAM", days(20) - 1, 3)).await;
    assert_eq!(late, "EXAM_OUTSIDE_EXAMS");
    registrar.ask("ScheduleSitting", of("CONTROL", days(5), 2)).await;
    registrar.ask("ScheduleSitting", of("CONSULTATION", days(9), 2)).await;
    registrar.ask("ScheduleSitting", of("EXAM", days(10) + 1, 12)).await;
    let long = registrar.refused("ScheduleSitting", of("EXAM", days(11), 13)).await;
    assert_eq!(long, "SITTING_TOO_LONG");
    let outside = registrar.refused("ScheduleSitting", of("CONSULTATION", days(200), 2)).await;
    assert_eq!(outside, "SITTING_OUTSIDE_TERM");
    let before = registrar.refused("ScheduleSitting", of("CONTROL", days(-40), 2)).await;
    assert_eq!(before, "SITTING_OUTSIDE_TERM");
    // One that was there before stays at its time, and may get another room.
    let mut there = of("EXAM", 0, 0);
    let known = earliest["stream"]["sittings"][0].clone();
    for (name, of) in [("sittingId", "id"), ("startsAt", "startsAt"), ("endsAt", "endsAt")] {
        there["input"][name] = known[of].clone();
    }
    there["input"]["room"] = json!("302");
    let moved = registrar.ask("ScheduleSitting", there).await;
    assert_eq!(moved["stream"]["sittings"].as_array().map(Vec::len), Some(4));
    // What is coming tells an exam from a consultation.
    let query = "query { me { student { dashboard { \
        comingEvents { kind sitting { kind room } } } } } }";
    let seen = student.ask(query, json!({})).await;
    let coming = seen["student"]["dashboard"]["comingEvents"].as_array().unwrap().clone();
    let coming = coming.into_iter().filter(|event| event["kind"] == "SITTING");
    let coming: Vec<_> = coming.map(|event| event["sitting"].clone()).collect();
    let sitting = |kind: &str, room: Value| json!({"kind": kind, "room": room});
    let expected = [
        sitting("EXAM", json!("302")),
        sitting("CONTROL", json!(null)),
        sitting("CONSULTATION", json!(null)),
        sitting("EXAM", json!(null)),
    ];
    assert_eq!(coming, expected);
}

/// What a calendar program gets.
pub async fn fetch(server: &Server, path: &str, known: Option<&str>) -> Response {
    let url = server.url().trim_end_matches("/graphql").to_owned() + path;
    let mut request = reqwest::Client::new().get(url);
    if let Some(known) = known {
        request = request.header("If-None-Match", known);
    }
    request.send().await.unwrap()
}

async fn a_calendar_program_reads_the_timetable_by_a_link_that_can_be_revoked(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, stream, .. } = &taught;
    let server = &campus.server;
    taught.holiday(day(1), "Республика күні").await;
    let made = student.ask("CreateCalendarLink", json!({"key": "once"})).await;
    let path = text(&made["path"]);
    assert_eq!(made["link"]["lastUsedAt"], json!(null));
    let again = student.ask("CreateCalendarLink", json!({"key": "once"})).await;
    assert_eq!((&again["path"], &again["link"]["id"]), (&json!(null), &made["link"]["id"]));

    let response = fetch(server, &path, None).await;
    assert_eq!(response.status(), StatusCode::OK);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(header("cache-control"), "private, no-cache");
    let etag = header("etag");
    assert!(response.headers().get("set-cookie").is_none());
    let body = response.text().await.unwrap();
    for line in body.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains('\n'), "{line}");
    }
    let calendar: Calendar = body.parse().unwrap();
    let class_on = |day: Date| {
        let begins = format!("{stream}-{day}-");
        calendar.events().find(|event| event.get_uid().is_some_and(|uid| uid.starts_with(&begins)))
    };
    let class = class_on(day(0));
    let class = class.expect("today's class");
    assert_eq!(class.get_summary(), Some("Алгебра, \"1\"; негіздер (А-1)"));
    assert_eq!(class.get_location(), Some("101"));
    assert_eq!(class.get_description(), Some("Тілеуов Айгүл"));
    let utc = instant(day(0), 9).strftime("%Y%m%dT%H%M%SZ").to_string();
    assert_eq!(class.property_value("DTSTART"), Some(&*utc));
    let summaries: Vec<_> = calendar.events().filter_map(|event| event.get_summary()).collect();
    assert!(summaries.contains(&"Республика күні"), "{summaries:?}");
    assert!(summaries.contains(&"Алгебра, \"1\"; негіздер: Емтихан"), "{summaries:?}");
    assert!(class_on(day(1)).is_none(), "on the holiday");

    // What has not changed is not sent again; what has is.
    assert_eq!(fetch(server, &path, Some(&etag)).await.status(), StatusCode::NOT_MODIFIED);
    taught.holiday(day(2), "Тағы бір күн").await;
    assert_eq!(fetch(server, &path, Some(&etag)).await.status(), StatusCode::OK);

    let teachers = campus.teacher.ask("CreateCalendarLink", json!({})).await;
    let taught = fetch(server, &text(&teachers["path"]), None).await.text().await.unwrap();
    let taught: Calendar = taught.parse().unwrap();
    assert!(taught.events().any(|event| event.get_uid() == class.get_uid()));

    let links = student.ask("CalendarLinks", json!({})).await["calendarLinks"].clone();
    assert_eq!(links[0]["id"], made["link"]["id"]);
    assert!(links[0]["lastUsedAt"].is_string(), "{links}");
    let others = "query($id: ID!) { person(id: $id) { calendarLinks { id } } }";
    let seen = campus.registrar.ask(others, json!({"id": student.id})).await;
    assert_eq!(seen["calendarLinks"], json!(null), "nobody else's matter");

    // Only a whole secret opens it, and nobody but its owner ends it.
    let secret = path.trim_start_matches("/calendar/").trim_end_matches(".ics?lang=en");
    for unknown in
        [format!("/calendar/{secret}"), format!("/calendar/{secret}A.ics"), "/calendar/.ics".into()]
    {
        assert_eq!(
            fetch(server, &unknown, None).await.status(),
            StatusCode::NOT_FOUND,
            "{unknown}"
        );
    }
    let link = json!({"link": made["link"]["id"]});
    let stranger = campus.student("Бөтен").await;
    assert_eq!(stranger.refused("RevokeCalendarLink", link.clone()).await, "NOT_FOUND");
    assert_eq!(fetch(server, &path, None).await.status(), StatusCode::OK);
    student.ask("RevokeCalendarLink", link.clone()).await;
    assert_eq!(fetch(server, &path, Some(&etag)).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(student.refused("RevokeCalendarLink", link).await, "NOT_FOUND");

    assert!(!server.log().contains(secret), "the secret is in no log");
    for _ in 0..10 {
        student.ask("CreateCalendarLink", json!({})).await;
    }
    assert_eq!(student.refused("CreateCalendarLink", json!({})).await, "CALENDAR_LINKS_TOO_MANY");
    until("the security journal has both", async || {
        let entries = campus.auditor.ask("SecurityJournal", json!({"person": student.id})).await;
        let told: Vec<_> = entries["nodes"].as_array().unwrap().iter().collect();
        let told: Vec<_> = told.iter().map(|entry| text(&entry["incident"])).collect();
        ["CALENDAR_LINK_CREATED", "CALENDAR_LINK_REVOKED"]
            .iter()
            .all(|incident| told.iter().any(|known| known == incident))
    })
    .await;
}

/// What the calendar at that path calls its events, for a program that accepts a language.
async fn summaries(server: &Server, path: &str, accepted: &str) -> Vec<String> {
    let url = server.url().trim_end_matches("/graphql").to_owned() + path;
    let request = reqwest::Client::new().get(url).header("Accept-Language", accepted);
    let calendar: Calendar = request.send().await.unwrap().text().await.unwrap().parse().unwrap();
    calendar.events().filter_map(|event| event.get_summary().map(str::to_owned)).collect()
}

async fn a_calendar_is_in_the_language_in_which_its_link_was_asked_for(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, .. } = &taught;
    let server = &campus.server;
    let input = json!({
        "termId": taught.term, "kind": "HOLIDAYS",
        "opensAt": instant(day(1), 0), "closesAt": instant(day(2), 0),
    });
    campus.registrar.ask("SetPeriod", json!({"input": input})).await;
    let [english, kazakh, russian] = ["Holidays", "Демалыс және мерекелер", "Каникулы и праздники"];
    let has = |summaries: &[String], name: &str| summaries.contains(&format!("{name}: Күз"));
    // A teacher sets no language: what they ask for the link in is that of the calendar, whoever fetches it.
    for (of, language, name) in
        [(&campus.teacher, "kk", kazakh), (student, "ru-RU, en;q=0.5", russian)]
    {
        let made = of.ask_in(language, "CreateCalendarLink", json!({})).await;
        let path = text(&made["path"]);
        let calendar = summaries(server, &path, "en").await;
        assert!(path.contains(".ics?lang="), "{path}");
        assert!(has(&calendar, name), "{language}: {calendar:?}");
        let (bare, _) = path.split_once('?').unwrap();
        let calendar = summaries(server, bare, "kk; q=0.9").await;
        assert!(has(&calendar, kazakh), "as it is fetched: {calendar:?}");
        let calendar = summaries(server, &format!("{bare}?lang=en"), "kk").await;
        assert!(has(&calendar, english), "{calendar:?}");
        let unknown = fetch(server, &format!("{bare}?lang=xx"), None).await;
        assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
    }
    // What they have set goes before what the program accepts.
    let choose = "mutation { changeSettings(input: {language: RUSSIAN}) { userErrors { code } } }";
    student.ask(choose, json!({})).await;
    let path = text(&student.ask("CreateCalendarLink", json!({})).await["path"]);
    assert!(has(&summaries(server, &path, "kk").await, russian));
}

async fn a_link_ends_with_its_person(config: Config) {
    let mut taught = Taught::open(&config).await;
    let student = taught.student.clone();
    let path = text(&student.ask("CreateCalendarLink", json!({})).await["path"]);
    let closed = taught.campus.student("Жабық").await;
    let closed_path = text(&closed.ask("CreateCalendarLink", json!({})).await["path"]);
    let server = &taught.campus.server;
    assert_eq!(fetch(server, &closed_path, None).await.status(), StatusCode::OK);
    taught.campus.administrator.ask("CloseAccount", json!({"person": closed.id})).await;
    assert_eq!(fetch(server, &closed_path, None).await.status(), StatusCode::NOT_FOUND);
    taught.campus.server.kill();
    answer(&config, &["person", "erase", &student.id, "--reason", "№ 17"]);
    let (database, lock) = config.location().open().await.unwrap();
    assert_eq!(count(&database, "calendar_links").await, 1, "the closed account's");
    drop((database, lock));
    let server = Server::start(&config);
    assert_eq!(fetch(&server, &path, None).await.status(), StatusCode::NOT_FOUND);
}
