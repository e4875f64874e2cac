//! Choosing streams (manual 2.4.1).

use jiff::civil::Weekday;
use oqu::config::Config;
use serde_json::json;

use super::timetable::instant;
use crate::{
    campus::{Campus, academic_year, day, register},
    server::text,
};

tests! { both {
    streams_come_page_by_page_in_a_stable_order,
    a_student_takes_swaps_and_leaves_a_seat,
    a_stream_is_never_sold_beyond_its_seats,
    streams_that_meet_at_the_same_time_clash,
    each_clash_is_told_by_itself_wherever_streams_are_chosen,
    streams_of_terms_that_are_taught_at_once_clash,
    two_choices_at_once_in_two_years_never_clash,
    a_stream_that_moves_while_its_student_chooses_in_another_year_never_clashes,
    what_other_days_of_a_term_leave_behind_is_told,
    no_two_open_streams_of_a_component_have_one_name,
    a_stream_meets_in_weeks_of_its_term_and_while_students_are_in_it,
    a_teacher_with_two_classes_at_once_is_told_as_a_warning,
    a_room_with_two_classes_at_once_is_told_as_a_warning,
    a_roster_is_in_the_order_of_the_alphabet,
    groups_and_codes_are_in_the_order_of_the_alphabet,
    streams_of_one_configuration_with_their_parent,
    several_streams_are_chosen_at_once_or_none,
    another_configuration_is_taken_in_one_act,
    all_that_speaks_against_streams_is_told_at_once,
    what_can_be_chosen_and_what_is_missing_is_told_beforehand,
    a_stream_that_is_listed_under_two_subjects_has_its_seats_once,
    a_stream_meets_elsewhere_without_a_word_to_its_students,
    the_timetables_of_its_students_follow_a_stream_that_meets_at_other_times,
} }

async fn streams_come_page_by_page_in_a_stable_order(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let meeting = json!({
        "weekday": "MONDAY", "startsAt": "09:00", "endsAt": "10:30", "weeks": [1, 3, 5],
        "room": "301",
    });
    for group in ["B", "A", "C"] {
        let more = json!({"meetings": [meeting], "limit": 25});
        campus.stream(&subject, &term, group, more).await;
    }
    let student = campus.student("Қанатов").await;
    let mut page = json!({"subject": subject, "term": term, "first": 2});
    let first = student.ask("Streams", page.clone()).await;
    assert_eq!(
        first["nodes"][0],
        json!({
            "id": first["nodes"][0]["id"],
            "kind": "LECTURE",
            "component": "lecture",
            "group": "A",
            "teachers": [{"displayName": "Тілеуов Айгүл"}],
            "seats": {"taken": 0, "limit": 25},
            "meetings": [meeting],
        })
    );
    assert_eq!(first["nodes"][1]["group"], "B");
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    // A stream that comes meanwhile, before the cursor, moves nothing behind it.
    campus.stream(&subject, &term, "AA", json!({})).await;
    page["after"] = first["pageInfo"]["endCursor"].clone();
    let second = student.ask("Streams", page).await;
    assert_eq!(second["nodes"].as_array().map(Vec::len), Some(1));
    assert_eq!(second["nodes"][0]["group"], "C");
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
}

async fn a_student_takes_swaps_and_leaves_a_seat(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let morning = campus.stream(&subject, &term, "A", json!({"limit": 1})).await;
    let evening = campus.stream(&subject, &term, "B", json!({"limit": 1})).await;
    let student = campus.student("Қанатов").await;
    let enrollment = register(&student, &subject, &term).await.enrollment;
    let wanted = |stream: &str| json!({"enrollment": enrollment, "stream": stream});
    let took = student.ask("ChooseStream", wanted(&morning)).await;
    let seat = json!({"id": morning, "kind": "LECTURE", "seats": {"taken": 1, "limit": 1}});
    assert_eq!(took["enrollment"]["streams"], json!([seat]));
    assert_eq!(student.refused("ChooseStream", wanted(&morning)).await, "STREAM_HELD");

    let swapped = student.ask("ChooseStream", wanted(&evening)).await;
    let seat = json!({"id": evening, "kind": "LECTURE", "seats": {"taken": 1, "limit": 1}});
    assert_eq!(swapped["enrollment"]["streams"], json!([seat]));
    let streams = json!({"subject": subject, "term": term, "first": 10});
    let free = student.ask("Streams", streams).await;
    assert_eq!(free["nodes"][0]["seats"], json!({"taken": 0, "limit": 1}));

    let left = student.ask("LeaveStream", wanted(&evening)).await;
    assert_eq!(left["enrollment"]["streams"], json!([]));
    assert_eq!(student.refused("LeaveStream", wanted(&evening)).await, "STREAM_NOT_HELD");
}

async fn a_stream_is_never_sold_beyond_its_seats(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let stream = campus.stream(&subject, &term, "A", json!({"limit": 2})).await;
    let mut crowd = Vec::new();
    for name in ["Бірінші", "Екінші", "Үшінші", "Төртінші"] {
        let student = campus.student(name).await;
        let enrollment = register(&student, &subject, &term).await.enrollment;
        let wanted = json!({"enrollment": enrollment, "stream": stream});
        crowd.push((student, wanted));
    }
    let asked = crowd.iter().map(|(student, wanted)| student.send("ChooseStream", wanted.clone()));
    let answers = futures::future::join_all(asked).await;
    let mut refused = Vec::new();
    for (answer, who) in answers.iter().zip(&crowd) {
        if answer.root()["userErrors"] != json!([]) {
            assert_eq!(answer.code(), "STREAM_FULL");
            let facts = &answer.root()["userErrors"][0]["facts"];
            assert_eq!(facts[0], json!({"name": "limit", "value": "2"}));
            refused.push(who);
        }
    }
    assert_eq!(refused.len(), 2);
    // A seat that is given up is free at once.
    let (holder, wanted) =
        crowd.iter().find(|who| !refused.iter().any(|no| no.0.id == who.0.id)).unwrap();
    holder.ask("DropSubject", json!({"enrollment": wanted["enrollment"]})).await;
    refused[0].0.ask("ChooseStream", refused[0].1.clone()).await;
}

async fn each_clash_is_told_by_itself_wherever_streams_are_chosen(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    campus.period(&term, "ADD_DROP", -24, 24).await;
    let on = |weekday: &str, from: &str, to: &str, weeks: serde_json::Value| json!({"weekday": weekday, "startsAt": from, "endsAt": to, "weeks": weeks});
    let every = json!(null);
    let of_maths = [
        on("MONDAY", "09:00", "10:00", json!([1, 2, 3, 5])),
        on("WEDNESDAY", "12:00", "13:00", every.clone()),
    ];
    let of_physics = [
        on("MONDAY", "09:30", "10:30", every.clone()),
        on("WEDNESDAY", "11:00", "12:30", every.clone()),
        on("FRIDAY", "09:00", "10:00", every.clone()),
    ];
    let [maths, physics] =
        [campus.subject("MATH1", 5, &[]).await, campus.subject("PHYS1", 5, &[]).await];
    let held = campus.stream(&maths, &term, "A", json!({"meetings": of_maths})).await;
    let wanted = campus.stream(&physics, &term, "B", json!({"meetings": of_physics})).await;
    let student = campus.student("Қанатов").await;
    let of_maths = register(&student, &maths, &term).await.enrollment;
    student.ask("ChooseStream", json!({"enrollment": of_maths, "stream": held})).await;
    let adding = json!({"change": {"add": {
        "subjectId": physics, "termId": term, "streamIds": [wanted],
    }}});
    let request = student.ask("OpenAddDropRequest", adding).await["request"]["id"].clone();

    // What is told of the two clashes: of what, when both are, and in which weeks.
    let facts = |clash: &serde_json::Value| {
        let fact = |name: &str| {
            let facts = clash["facts"].as_array().unwrap().iter();
            text(&facts.clone().find(|fact| fact["name"] == name).unwrap()["value"])
        };
        assert_eq!([fact("stream"), fact("with")], [wanted.clone(), held.clone()]);
        ["subject", "weekday", "from", "to", "weeks"].map(fact).join(" ")
    };
    let expected = ["MATH1 monday 09:30 10:00 1-3, 5", "MATH1 wednesday 12:00 12:30 every"];
    let told = |errors: &serde_json::Value| {
        let clashes = errors.as_array().unwrap().iter();
        let clashes = clashes.filter(|error| error["code"] == "STREAMS_CLASH");
        clashes.map(facts).collect::<Vec<_>>()
    };
    let answer = campus.registrar.send("AcceptRequest", json!({"request": request})).await;
    assert_eq!(told(&answer.root()["userErrors"]), expected);
    let withdrawn = json!({"request": request});
    student.ask("WithdrawRequest", withdrawn).await;
    let enrollment = register(&student, &physics, &term).await.enrollment;
    let choosing = json!({"enrollment": enrollment, "stream": wanted});
    let answer = student.send("ChooseStream", choosing).await;
    assert_eq!(told(&answer.root()["userErrors"]), expected);
    let why_not = "query($id: ID!) { enrollment(id: $id) { openStreams { choice { \
        reasons { code facts { name value } } } } } }";
    let seen = student.ask(why_not, json!({"id": enrollment})).await;
    assert_eq!(told(&seen["openStreams"][0]["choice"]["reasons"]), expected);
    let what_if = "query($term: ID!, $stream: ID!) { \
        whatIf(termId: $term, subjectIds: [], streamIds: [$stream]) { \
          clashes { with { group } overlap { weekday startsAt endsAt weeks } } } }";
    let seen = student.ask(what_if, json!({"term": term, "stream": wanted})).await;
    let both = |overlap: serde_json::Value| json!({"with": {"group": "A"}, "overlap": overlap});
    let expected = json!([
        both(on("MONDAY", "09:30", "10:00", json!([1, 2, 3, 5]))),
        both(on("WEDNESDAY", "12:00", "12:30", every.clone())),
    ]);
    assert_eq!(seen["clashes"], expected);

    // A registrar who moves the stream is told each of them too.
    let away = [on("TUESDAY", "09:00", "10:00", every.clone())];
    let moving = |meetings: serde_json::Value| json!({"input": {"streamId": wanted, "meetings": meetings, "despiteClashes": false}});
    campus.registrar.ask("ChangeStreamMeetings", moving(json!(away))).await;
    student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": wanted})).await;
    let answer = campus.registrar.send("ChangeStreamMeetings", moving(json!(of_physics))).await;
    let errors = answer.root()["userErrors"].as_array().unwrap().clone();
    let each: Vec<_> = errors.iter().map(|error| (text(&error["code"]), facts(error))).collect();
    let expected = ["MATH1 monday 09:30 10:00 1-3, 5", "MATH1 wednesday 12:00 12:30 every"];
    assert_eq!(each, expected.map(|told| ("STUDENT_STREAMS_CLASH".to_owned(), told.to_owned())));
    let message = "Қанатов Ерлан: PHYS1 Monday 09:30-10:30 is at the same time as \
                   MATH1 Monday 09:00-10:00, from 09:30 to 10:00, weeks 1-3, 5.";
    assert_eq!(errors[0]["message"], message);
    let overlapping = json!([away[0], on("TUESDAY", "09:30", "10:30", json!([4]))]);
    let refused = campus.registrar.user_error("ChangeStreamMeetings", moving(overlapping)).await;
    assert_eq!(refused["code"], "MEETINGS_OVERLAP");
    assert_eq!(refused["field"], json!(["meetings"]));
    let message = "Two meetings of the stream would be at the same time: Tuesday, \
                   from 09:30 to 10:00, weeks 4.";
    assert_eq!(refused["message"], message);
}

/// A year that begins a week before its first semester, and a term of the next year that begins before that is over.
async fn streams_of_terms_that_are_taught_at_once_clash(config: Config) {
    let campus = Campus::open(&config).await;
    let semester = campus.open_term("Күз", -30, 90).await;
    let year = campus.open_term("Жыл", -37, 200).await;
    let next = campus.open_term_of(academic_year() + 1, "Келесі", 30, 90).await;
    let on = |weekday: &str, weeks: serde_json::Value| json!([{"weekday": weekday, "startsAt": "09:30", "endsAt": "10:30", "weeks": weeks}]);
    let always = || json!(null);
    let student = campus.student("Қанатов").await;
    let mut taken = vec![];
    for (code, term, meetings) in [
        ("MATH1", &semester, on("SUNDAY", always())),
        ("PHYS1", &year, on("SUNDAY", json!([1, 2, 4]))),
        ("CHEM1", &next, on("SUNDAY", always())),
    ] {
        let subject = campus.subject(code, 5, &[]).await;
        let stream = campus.stream(&subject, term, "A", json!({"meetings": meetings})).await;
        let enrollment = register(&student, &subject, term).await.enrollment;
        taken.push((subject, stream, enrollment));
    }
    let choosing =
        |number: usize| json!({"enrollment": taken[number].2, "stream": taken[number].1});
    student.ask("ChooseStream", choosing(0)).await;
    // The weeks are those of the term that is chosen in: the semester's first is the year's second, and has its Sunday,
    // whatever day the semester begins on.
    let fact = |error: &serde_json::Value, name: &str| {
        let facts = error["facts"].as_array().unwrap().iter();
        text(&facts.clone().find(|fact| fact["name"] == name).unwrap()["value"])
    };
    let clash = student.user_error("ChooseStream", choosing(1)).await;
    assert_eq!((&clash["code"], fact(&clash, "weeks")), (&json!("STREAMS_CLASH"), "2, 4".into()));
    let what_if = "query($term: ID!, $stream: ID!) { \
        whatIf(termId: $term, subjectIds: [], streamIds: [$stream]) { \
          clashes { with { term { id } } held overlap { weeks } } } }";
    let seen = student.ask(what_if, json!({"term": year, "stream": taken[1].1})).await;
    let with = json!({"term": {"id": semester}});
    let expected = json!([{"with": with, "held": true, "overlap": {"weeks": [2, 4]}}]);
    assert_eq!(seen["clashes"], expected);
    // That one is on another year's plan.
    let clash = student.user_error("ChooseStream", choosing(2)).await;
    assert_eq!(
        (&clash["code"], fact(&clash, "subject")),
        (&json!("STREAMS_CLASH"), "MATH1".into())
    );

    let moving = |meetings: serde_json::Value| json!({"input": {"streamId": taken[1].1, "meetings": meetings, "despiteClashes": false}});
    campus.registrar.ask("ChangeStreamMeetings", moving(on("SUNDAY", json!([1])))).await;
    student.ask("ChooseStream", choosing(1)).await;
    let back = moving(on("SUNDAY", json!([2])));
    let refused = campus.registrar.user_error("ChangeStreamMeetings", back).await;
    assert_eq!(refused["code"], "STUDENT_STREAMS_CLASH");
    assert_eq!(fact(&refused, "student"), "Қанатов Ерлан");
    campus.registrar.ask("ChangeStreamMeetings", moving(on("TUESDAY", always()))).await;
    let exchange = json!([{"weekday": "TUESDAY", "startsAt": "10:00", "endsAt": "11:00"}]);
    let of_maths = campus.stream(&taken[0].0, &semester, "B", json!({"meetings": exchange})).await;
    let instead = json!({"enrollment": taken[0].2, "stream": of_maths});
    assert_eq!(student.refused("ChooseStream", instead).await, "STREAMS_CLASH");
}

async fn two_choices_at_once_in_two_years_never_clash(config: Config) {
    let campus = Campus::open(&config).await;
    let autumn = campus.open_term("Күз", -30, 90).await;
    let next = campus.open_term_of(academic_year() + 1, "Келесі", 30, 90).await;
    let student = campus.student("Қанатов").await;
    for number in 0..8 {
        let meetings = json!([{
            "weekday": "SUNDAY", "startsAt": format!("{:02}:00", 8 + number),
            "endsAt": format!("{:02}:50", 8 + number),
        }]);
        let mut choosing = vec![];
        for (code, term) in [("MATH", &autumn), ("PHYS", &next)] {
            let subject = campus.subject(&format!("{code}{number}"), 1, &[]).await;
            let stream = campus.stream(&subject, term, "A", json!({"meetings": meetings})).await;
            let enrollment = register(&student, &subject, term).await.enrollment;
            choosing.push(json!({"enrollment": enrollment, "stream": stream}));
        }
        let [one, other] = choosing.try_into().unwrap();
        let (one, other) = futures::future::join(
            student.send("ChooseStream", one),
            student.send("ChooseStream", other),
        )
        .await;
        let answers = [one, other];
        let refused = answers.iter().filter(|answer| answer.root()["enrollment"].is_null());
        let codes: Vec<_> = refused.map(|answer| answer.code()).collect();
        assert_eq!(codes.len(), 1, "one of both is chosen: {codes:?}");
        assert!(["IEP_STREAMS_CHANGED", "STREAMS_CLASH"].contains(&&*codes[0]), "{codes:?}");
    }
}

/// Whichever of the two comes first, the registrar's change or the student's choice, the other is refused.
async fn a_stream_that_moves_while_its_student_chooses_in_another_year_never_clashes(
    config: Config,
) {
    let campus = Campus::open(&config).await;
    let autumn = campus.open_term("Күз", -30, 90).await;
    let next = campus.open_term_of(academic_year() + 1, "Келесі", 30, 90).await;
    let student = campus.student("Қанатов").await;
    for number in 0..8 {
        let at = |minutes: u8| {
            json!([{
                "weekday": "SUNDAY", "startsAt": format!("{:02}:{minutes:02}", 8 + number),
                "endsAt": format!("{:02}:{:02}", 8 + number, minutes + 25),
            }])
        };
        let mut choosing = vec![];
        for (code, term, meetings) in [("MATH", &autumn, at(0)), ("PHYS", &next, at(30))] {
            let subject = campus.subject(&format!("{code}{number}"), 1, &[]).await;
            let stream = campus.stream(&subject, term, "A", json!({"meetings": meetings})).await;
            let enrollment = register(&student, &subject, term).await.enrollment;
            choosing.push(json!({"enrollment": enrollment, "stream": stream}));
        }
        let [held, other] = choosing.try_into().unwrap();
        let moving = json!({"input": {
            "streamId": held["stream"], "meetings": at(30), "despiteClashes": false,
        }});
        student.ask("ChooseStream", held).await;
        let (moved, chosen) = futures::future::join(
            campus.registrar.send("ChangeStreamMeetings", moving),
            student.send("ChooseStream", other),
        )
        .await;
        let known = ["IEP_STREAMS_CHANGED", "STREAMS_CLASH", "STUDENT_STREAMS_CLASH"];
        let errors = [moved, chosen].map(|answer| answer.root()["userErrors"].clone());
        let refused = errors.iter().filter_map(|errors| errors[0]["code"].as_str());
        let refused: Vec<_> = refused.collect();
        assert!(refused.len() == 1 && known.contains(&refused[0]), "one of both: {refused:?}");
    }
}

async fn what_other_days_of_a_term_leave_behind_is_told(config: Config) {
    let campus = Campus::open(&config).await;
    let autumn = campus.open_term("Күз", -30, 60).await;
    let next = campus.open_term_of(academic_year() + 1, "Келесі", 40, 60).await;
    let on = |from: &str, to: &str, weeks: serde_json::Value| json!([{"weekday": "SUNDAY", "startsAt": from, "endsAt": to, "weeks": weeks}]);
    let students = [campus.student("Қанатов").await, campus.student("Әлімов").await];
    let mut streams = vec![];
    for (code, term, meetings, taking) in [
        ("MATH1", &autumn, on("09:00", "10:00", json!(null)), 2),
        ("PHYS1", &next, on("09:30", "10:30", json!([1, 2, 5])), 1),
    ] {
        let subject = campus.subject(code, 5, &[]).await;
        let stream = campus.stream(&subject, term, "A", json!({"meetings": meetings})).await;
        for student in &students[..taking] {
            let enrollment = register(student, &subject, term).await.enrollment;
            student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": stream})).await;
        }
        streams.push(stream);
    }
    let told = |warnings: &serde_json::Value, names: &[&str]| {
        let warnings = warnings.as_array().unwrap().iter().map(|warning| {
            let facts = warning["facts"].as_array().unwrap().iter();
            let named = names.iter().map(|name| {
                let fact = facts.clone().find(|fact| fact["name"] == *name);
                fact.map(|fact| text(&fact["value"])).unwrap_or_default()
            });
            [text(&warning["code"])].into_iter().chain(named).collect::<Vec<_>>()
        });
        warnings.collect::<Vec<_>>()
    };
    let revise = async |term: &str, ends_in: i64| {
        let days = json!({"term": term, "endsOn": day(ends_in)});
        campus.registrar.ask("ReviseTerm", days).await["warnings"].clone()
    };
    assert_eq!(revise(&autumn, 39).await, json!([]));
    // Seven days later it has the first Sunday of the next one, whatever day that begins on.
    let longer = revise(&autumn, 46).await;
    let names = ["students", "meeting", "clashes", "from", "to"];
    let clash = ["MATH1 sunday 09:00-10:00", "PHYS1 sunday 09:30-10:30", "09:30", "10:00"];
    assert_eq!(told(&longer, &names), [[&["STREAMS_AT_ONCE", "1"], &clash[..]].concat()]);
    let message = text(&longer[0]["message"]);
    let begins = "1 student has MATH1 Sunday 09:00-10:00 at the same time as PHYS1 Sunday";
    assert!(message.starts_with(begins), "{message}");
    // Who has both sees that, who has one does not.
    let sundays: Vec<_> =
        (40..=46).map(day).filter(|day| day.weekday() == Weekday::Sunday).collect();
    let [first] = sundays[..] else { unreachable!("a week has one") };
    for (student, at_once) in students.iter().zip([1, 0]) {
        let asked = json!({"student": student.id, "from": first, "kinds": ["CLASS"]});
        let shown = student.ask("Timetable", asked).await["timetable"].clone();
        let count = |entry: &serde_json::Value| entry["atOnce"].as_array().unwrap().len();
        let counts: Vec<_> = shown.as_array().unwrap().iter().map(count).collect();
        assert_eq!(counts, vec![at_once; 1 + at_once]);
    }
    // Where teaching ends before the exams, nothing is at once with classes that are no more.
    let teaching = async |ends_in: i64| {
        let input = json!({
            "termId": autumn, "kind": "STUDY",
            "opensAt": instant(day(-30), 0), "closesAt": instant(day(ends_in), 0),
        });
        let set = campus.registrar.ask("SetPeriod", json!({"input": input})).await;
        told(&set["warnings"], &[])
    };
    assert_eq!(teaching(40).await, Vec::<Vec<String>>::new());
    assert_eq!(teaching(47).await, [["STREAMS_AT_ONCE"]]);
    let shorter = revise(&next, 40 + 21).await;
    let names = ["meeting", "group", "weeks", "count"];
    let outside = ["CLASSES_OUTSIDE", "PHYS1 sunday 09:30-10:30", "A", "5", "1"];
    let all = told(&shorter, &names);
    assert_eq!(all[0], outside);
    assert_eq!((all.len(), &*all[1][0]), (2, "STREAMS_AT_ONCE"));
    let query = "query($id: ID!) { stream(id: $id) { warnings { code facts { name value } } } }";
    let known = campus.registrar.ask(query, json!({"id": streams[1]})).await;
    let known = told(&known["warnings"], &names);
    assert_eq!(known.last().unwrap(), &outside, "beside a teacher who has both");
}

async fn no_two_open_streams_of_a_component_have_one_name(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let input = |group: &str, kind: &str| json!({"input": {"subjectId": subject, "termId": term, "kind": kind, "group": group}});
    let first = campus.stream(&subject, &term, "Ә-1", json!({})).await;
    let taken = campus.registrar.user_error("OpenStream", input("ә-1", "LECTURE")).await;
    assert_eq!(taken["code"], "STREAM_GROUP_TAKEN");
    assert_eq!(taken["field"], json!(["group"]));
    campus.registrar.ask("OpenStream", input("Ә-1", "PRACTICE")).await;
    let other = campus.subject("PHYS1", 5, &[]).await;
    campus.stream(&other, &term, "Ә-1", json!({})).await;
    // The name of one that was closed is free, once.
    campus.registrar.ask("CloseStream", json!({"input": {"streamId": first}})).await;
    let again = (0..4).map(|_| campus.registrar.send("OpenStream", input("Ә-1", "LECTURE")));
    let answers = futures::future::join_all(again).await;
    let refused = answers.iter().filter(|answer| answer.root()["userErrors"] != json!([]));
    let refused: Vec<_> = refused.map(|answer| answer.code()).collect();
    assert_eq!(refused, ["STREAM_GROUP_TAKEN"; 3]);
}

async fn a_stream_meets_in_weeks_of_its_term_and_while_students_are_in_it(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 20 * 7).await;
    let query = "query($id: ID!) { term(id: $id) { weeks } }";
    let weeks = campus.registrar.ask(query, json!({"id": term})).await["weeks"].as_i64().unwrap();
    let subject = campus.subject("MATH1", 5, &[]).await;
    let meetings = |week: i64| json!([{"weekday": "MONDAY", "startsAt": "09:00", "endsAt": "10:00", "weeks": [1, week]}]);
    let open = "mutation($input: OpenStreamInput!) { openStream(input: $input) {
        userErrors { code field message facts { name value } } } }";
    let input = |week: i64| {
        json!({"input": {
            "subjectId": subject, "termId": term, "kind": "LECTURE", "group": "A",
            "meetings": meetings(week),
        }})
    };
    let beyond = campus.registrar.user_error(open, input(weeks + 1)).await;
    assert_eq!(beyond["code"], "MEETING_WEEK_OUT_OF_RANGE");
    assert_eq!(beyond["field"], json!(["meetings"]));
    let fact = |name: &str, value: i64| json!({"name": name, "value": value.to_string()});
    assert_eq!(beyond["facts"], json!([fact("week", weeks + 1), fact("weeks", weeks)]));
    let no_week = campus.registrar.user_error(open, input(61)).await;
    assert_eq!(no_week["code"], "NUMBER_OUT_OF_RANGE");
    assert_eq!(no_week["facts"], json!([fact("least", 1), fact("most", 60)]));

    let more = json!({"meetings": meetings(weeks)});
    let stream = campus.stream(&subject, &term, "A", more).await;
    let move_to =
        |meetings: serde_json::Value| json!({"input": {"streamId": stream, "meetings": meetings}});
    let beyond = campus.registrar.refused("ChangeStreamMeetings", move_to(meetings(weeks + 1)));
    assert_eq!(beyond.await, "MEETING_WEEK_OUT_OF_RANGE");
    let student = campus.student("Қанатов").await;
    let enrollment = register(&student, &subject, &term).await.enrollment;
    student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": stream})).await;
    let none = campus.registrar.user_error("ChangeStreamMeetings", move_to(json!([]))).await;
    assert_eq!((&none["code"], &none["field"]), (&json!("MEETINGS_MISSING"), &json!(["meetings"])));
    student.ask("LeaveStream", json!({"enrollment": enrollment, "stream": stream})).await;
    let moved = campus.registrar.ask("ChangeStreamMeetings", move_to(json!([]))).await;
    assert_eq!(moved["stream"]["meetings"], json!([]));
}

async fn a_teacher_with_two_classes_at_once_is_told_as_a_warning(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let later = campus.term("Көктем", 100, 90).await;
    let [maths, physics] =
        [campus.subject("MATH1", 5, &[]).await, campus.subject("PHYS1", 5, &[]).await];
    let at = |from: &str, to: &str| json!([{"weekday": "MONDAY", "startsAt": from, "endsAt": to}]);
    let first = campus.stream(&maths, &term, "A", json!({"meetings": at("09:00", "10:00")})).await;
    campus.stream(&maths, &later, "A", json!({"meetings": at("09:00", "10:00")})).await;
    let untaught = json!({"meetings": at("09:00", "10:00"), "teacherIds": []});
    campus.stream(&maths, &term, "B", untaught).await;
    let open = "mutation($input: OpenStreamInput!) { openStream(input: $input) { \
        position stream { id warnings { code message facts { name value } } } \
        userErrors { code message } } }";
    let input = json!({
        "subjectId": physics, "termId": term, "kind": "LECTURE", "group": "A",
        "teacherIds": [campus.teacher.id], "meetings": at("09:30", "11:00"),
    });
    let opened = campus.registrar.ask(open, json!({"input": input})).await["stream"].clone();
    let warnings = opened["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 1, "{opened}");
    assert_eq!(warnings[0]["code"], "TEACHER_TWICE_AT_ONCE");
    let message = "Тілеуов Айгүл has MATH1 Monday 09:00-10:00 at the same time as \
                   PHYS1 Monday 09:30-11:00, from 09:30 to 10:00.";
    assert_eq!(warnings[0]["message"], message);
    let with = json!({"name": "with", "value": first});
    assert!(warnings[0]["facts"].as_array().unwrap().contains(&with), "{opened}");
    // Moved away, there is nothing to warn of; and it is nobody else's matter.
    let moved = json!({"input": {
        "streamId": opened["id"], "meetings": at("10:00", "11:00"), "despiteClashes": false,
    }});
    campus.registrar.ask("ChangeStreamMeetings", moved).await;
    let query = "query($id: ID!) { stream(id: $id) { warnings { code } } }";
    let of = json!({"id": opened["id"]});
    assert_eq!(campus.registrar.ask(query, of.clone()).await["warnings"], json!([]));
    assert_eq!(campus.teacher.ask(query, of).await["warnings"], json!(null));
}

async fn a_room_with_two_classes_at_once_is_told_as_a_warning(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let later = campus.term("Көктем", 100, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let open = async |term: &str, group: &str, (from, to), room: &str| {
        let meetings = json!([{"weekday": "MONDAY", "startsAt": from, "endsAt": to, "room": room}]);
        campus.stream(&subject, term, group, json!({"meetings": meetings, "teacherIds": []})).await
    };
    let first = open(&term, "A", ("09:00", "10:00"), "Зал").await;
    open(&term, "B", ("10:00", "11:00"), "Зал").await;
    let third = open(&term, "C", ("09:00", "10:00"), "Зал 2").await;
    open(&later, "D", ("09:00", "10:00"), "Зал").await;
    let year = campus.term("Жыл", -37, 100).await;
    let closed = open(&term, "E", ("09:00", "10:00"), "Зал").await;
    campus.registrar.ask("CloseStream", json!({"input": {"streamId": closed}})).await;
    let query =
        "query($id: ID!) { stream(id: $id) { warnings { code message facts { name value } } } }";
    let warnings = async |stream: &str| {
        campus.registrar.ask(query, json!({"id": stream})).await["warnings"].clone()
    };
    assert_eq!(warnings(&first).await, json!([]));
    let second = open(&term, "F", ("09:30", "10:30"), "зал").await;
    let told = warnings(&first).await;
    assert_eq!(told[0]["code"], "ROOM_TWICE_AT_ONCE");
    let message = "In the room Зал there is MATH1 Monday 09:30-10:30 at the same time as \
                   MATH1 Monday 09:00-10:00, from 09:30 to 10:00.";
    assert_eq!(told[0]["message"], message);
    assert!(
        told[0]["facts"].as_array().unwrap().contains(&json!({"name": "with", "value": second}))
    );
    assert_eq!(warnings(&second).await.as_array().map(Vec::len), Some(2), "the first and B");
    // Moved, it is where it was no more, but in the other room.
    let away = json!({"input": {"streamId": first, "rooms": ["зал 2"]}});
    campus.registrar.ask("ChangeStreamPlace", away).await;
    let told = warnings(&first).await;
    assert_eq!(
        (told.as_array().map(Vec::len), &told[0]["code"]),
        (Some(1), &json!("ROOM_TWICE_AT_ONCE"))
    );
    assert_eq!(warnings(&second).await.as_array().map(Vec::len), Some(1), "B alone");
    assert_eq!(warnings(&third).await.as_array().map(Vec::len), Some(1), "the first");
    // So does one of a year beside its semester.
    let of_year = open(&year, "G", ("09:00", "10:00"), "Зал 2").await;
    assert_eq!(warnings(&of_year).await.as_array().map(Vec::len), Some(2), "the first and C");
    assert_eq!(warnings(&third).await.as_array().map(Vec::len), Some(2), "the first and G");
}

async fn groups_and_codes_are_in_the_order_of_the_alphabet(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let mut last = String::new();
    for name in ["Я1", "Ә1", "Б1"] {
        last = campus.subject(name, 5, &[]).await;
    }
    for group in ["Я-1", "Ә-1", "Б-1"] {
        campus.stream(&last, &term, group, json!({})).await;
    }
    let query = "query { subjects(first: 10) { nodes { code } } }";
    let subjects = campus.registrar.ask(query, json!({})).await;
    assert_eq!(subjects["nodes"], json!([{"code": "Ә1"}, {"code": "Б1"}, {"code": "Я1"}]));
    let asked = json!({"subject": last, "term": term, "first": 10});
    let streams = campus.registrar.ask("Streams", asked).await;
    let groups: Vec<_> =
        streams["nodes"].as_array().unwrap().iter().map(|stream| text(&stream["group"])).collect();
    assert_eq!(groups, ["Ә-1", "Б-1", "Я-1"]);
}

async fn a_roster_is_in_the_order_of_the_alphabet(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let stream = campus.stream(&subject, &term, "A", json!({})).await;
    for name in ["Яковлев", "Әбенов", "Қанатов", "Борисов", "Абенов", "Кенжебаев", "Smith"]
    {
        let student = campus.student(name).await;
        let enrollment = register(&student, &subject, &term).await.enrollment;
        student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": stream})).await;
    }
    let query = "query($id: ID!) { stream(id: $id) { roster { student { displayName } } } }";
    let roster = campus.registrar.ask(query, json!({"id": stream})).await["roster"].clone();
    let name = |enrollment: &serde_json::Value| {
        let shown = text(&enrollment["student"]["displayName"]);
        shown.split(" ").next().unwrap().to_owned()
    };
    let names: Vec<_> = roster.as_array().unwrap().iter().map(name).collect();
    assert_eq!(names, ["Smith", "Абенов", "Әбенов", "Борисов", "Кенжебаев", "Қанатов", "Яковлев"]);
}

async fn streams_that_meet_at_the_same_time_clash(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let student = campus.student("Қанатов").await;
    let mut chosen = Vec::new();
    // Mondays: odd weeks at nine; every week at ten; even weeks at nine.
    for (code, starts_at, ends_at, weeks) in [
        ("MATH1", "09:00", "10:00", json!([1, 3, 5])),
        ("PHYS1", "09:30", "10:30", json!(null)),
        ("CHEM1", "09:00", "10:00", json!([2, 4])),
    ] {
        let subject = campus.subject(code, 5, &[]).await;
        let meeting = json!({
            "weekday": "MONDAY", "startsAt": starts_at, "endsAt": ends_at, "weeks": weeks,
        });
        let stream = campus.stream(&subject, &term, "A", json!({"meetings": [meeting]})).await;
        let enrollment = register(&student, &subject, &term).await.enrollment;
        chosen.push(json!({"enrollment": enrollment, "stream": stream}));
    }
    student.ask("ChooseStream", chosen[0].clone()).await;
    let clash = student.user_error("ChooseStream", chosen[1].clone()).await;
    assert_eq!(clash["code"], "STREAMS_CLASH");
    assert_eq!(clash["field"], json!(["streamId"]));
    assert!(text(&clash["facts"][0]["value"]).contains("MATH1"), "{clash}");
    student.ask("ChooseStream", chosen[2].clone()).await;
}

async fn streams_of_one_configuration_with_their_parent(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let lecture = campus.stream(&subject, &term, "L", json!({})).await;
    let practice = json!({"kind": "PRACTICE", "parentId": lecture});
    let practice = campus.stream(&subject, &term, "P", practice).await;
    let other = json!({"kind": "LABORATORY", "configuration": "2"});
    let other = campus.stream(&subject, &term, "X", other).await;
    let student = campus.student("Қанатов").await;
    let enrollment = register(&student, &subject, &term).await.enrollment;
    let wanted = |stream: &str| json!({"enrollment": enrollment, "stream": stream});
    let refused = student.refused("ChooseStream", wanted(&practice)).await;
    assert_eq!(refused, "PARENT_STREAM_NOT_CHOSEN");
    student.ask("ChooseStream", wanted(&lecture)).await;
    student.ask("ChooseStream", wanted(&practice)).await;
    assert_eq!(student.refused("LeaveStream", wanted(&lecture)).await, "CHILD_STREAM_HELD");
    // Nor does a registrar take it away alone, who is told whose it is.
    let close =
        json!({"input": {"streamId": lecture, "leaving": [enrollment], "reason": "Жөндеу"}});
    let needed = campus.registrar.user_error("CloseStream", close).await;
    assert_eq!(
        (&needed["code"], &needed["field"], &needed["facts"][2]["name"]),
        (&json!("CHILD_STREAM_HELD"), &json!(["leaving", "0"]), &json!("student"))
    );
    assert!(text(&needed["message"]).starts_with("Қанатов"), "{needed}");
    let refused = student.refused("ChooseStream", wanted(&other)).await;
    assert_eq!(refused, "STREAM_CONFIGURATION_MIXED");
}

async fn several_streams_are_chosen_at_once_or_none(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    // Each laboratory is at the time of the other lecture.
    let meeting = |at: &str, to: &str| json!([{"weekday": "MONDAY", "startsAt": at, "endsAt": to}]);
    let (nine, ten) = (meeting("09:00", "10:00"), meeting("10:00", "11:00"));
    let mut groups = Vec::new();
    for (name, lecture_at, laboratory_at) in [("A", &nine, &ten), ("B", &ten, &nine)] {
        let more = json!({"meetings": lecture_at, "limit": 2});
        let lecture = campus.stream(&subject, &term, name, more).await;
        let more = json!({
            "kind": "LABORATORY", "parentId": lecture, "meetings": laboratory_at, "limit": 1,
        });
        let laboratory = campus.stream(&subject, &term, name, more).await;
        groups.push([lecture, laboratory]);
    }
    let student = campus.student("Қанатов").await;
    let enrollment = register(&student, &subject, &term).await.enrollment;
    let wanted = |streams: &[String]| json!({"enrollment": enrollment, "streams": streams});
    let held = async || {
        let found = student.ask("Waiting", json!({"enrollment": enrollment})).await;
        let ids = found["streams"].as_array().unwrap().iter().map(|stream| text(&stream["id"]));
        ids.collect::<std::collections::BTreeSet<_>>()
    };
    student.ask("ChooseStreams", wanted(&groups[0])).await;
    assert_eq!(held().await, groups[0].iter().cloned().collect());
    // One after the other they would clash, and a laboratory would be without its lecture.
    student.ask("ChooseStreams", wanted(&groups[1])).await;
    assert_eq!(held().await, groups[1].iter().cloned().collect());

    let both_lectures = [groups[0][0].clone(), groups[1][0].clone()];
    let refused = student.send("ChooseStreams", wanted(&both_lectures)).await;
    let refused = told(refused.root());
    assert!(refused.contains(&("STREAM_HELD".into(), "streamIds.1".into())), "{refused:?}");
    let other = campus.student("Өзге").await;
    let there = register(&other, &subject, &term).await.enrollment;
    let theirs = |streams: &[String]| json!({"enrollment": there, "streams": streams});
    let refused = other.refused("ChooseStreams", theirs(&both_lectures)).await;
    assert_eq!(refused, "STREAM_COMPONENT_TWICE");
    let clash = [groups[0][0].clone(), groups[1][1].clone()];
    let refused = other.send("ChooseStreams", theirs(&clash)).await;
    let all = ["PARENT_STREAM_NOT_CHOSEN", "STREAM_FULL", "STREAMS_CLASH"];
    assert_eq!(told(refused.root()), all.map(|code| (code.to_owned(), "streamIds.1".to_owned())),);
    // The lecture has a seat left, the laboratory has none: neither is taken.
    assert_eq!(other.refused("ChooseStreams", theirs(&groups[1])).await, "STREAM_FULL");
    let seats = "query($id: ID!) { stream(id: $id) { seats { taken } } }";
    let lecture = other.ask(seats, json!({"id": groups[1][0]})).await;
    assert_eq!(lecture["seats"]["taken"], 1);
    assert_eq!(other.refused("ChooseStreams", theirs(&[])).await, "NUMBER_OUT_OF_RANGE");

    let of_another = campus.subject("PHYS1", 5, &[]).await;
    let more = json!({
        "subjectId": of_another, "termId": term, "kind": "LABORATORY", "group": "X",
        "parentId": groups[0][0],
    });
    let refused = campus.registrar.refused("OpenStream", json!({"input": more})).await;
    assert_eq!(refused, "PARENT_UNSUITABLE");
}

/// Of a refusal each code with the field that it concerns.
fn told(answer: &serde_json::Value) -> Vec<(String, String)> {
    let path = |field: &serde_json::Value| {
        let path = field.as_array().into_iter().flatten().map(text);
        path.collect::<Vec<_>>().join(".")
    };
    let errors = answer["userErrors"].as_array().unwrap().iter();
    errors.map(|error| (text(&error["code"]), path(&error["field"]))).collect()
}

async fn all_that_speaks_against_streams_is_told_at_once(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let algebra = campus.subject("MATH1", 5, &[]).await;
    let physics = campus.subject("PHYS1", 5, &[]).await;
    let at = |from: &str, to: &str| json!([{"weekday": "MONDAY", "startsAt": from, "endsAt": to}]);
    let full = json!({"limit": 1, "meetings": at("09:00", "10:00")});
    let full = campus.stream(&algebra, &term, "A", full).await;
    let more = json!({"kind": "LABORATORY", "configuration": "online"});
    let online = campus.stream(&algebra, &term, "X", more).await;
    let parent = campus.stream(&algebra, &term, "B", json!({})).await;
    let more = json!({
        "kind": "PRACTICE", "parentId": parent, "meetings": at("09:30", "11:00"), "limit": 1,
    });
    let practice = campus.stream(&algebra, &term, "P", more).await;
    let of_another = campus.stream(&physics, &term, "F", json!({})).await;
    let [other, student] = [campus.student("Өзге").await, campus.student("Қанатов").await];
    let theirs = register(&other, &algebra, &term).await.enrollment;
    let both = json!({"enrollment": theirs, "streams": [parent, practice]});
    other.ask("ChooseStreams", both).await;
    let second = campus.student("Екінші").await;
    let theirs = register(&second, &algebra, &term).await.enrollment;
    second.ask("ChooseStream", json!({"enrollment": theirs, "stream": full})).await;
    let enrollment = register(&student, &algebra, &term).await.enrollment;

    let wanted = json!({
        "enrollment": enrollment, "streams": [full, online, practice, of_another],
    });
    let request = student.operation("ChooseStreams", wanted.clone());
    let request = request.header("Accept-Language", "ru");
    let answer = crate::server::answer(request).await.unwrap();
    let refused = answer.root();
    let expected = [
        ("STREAM_CONFIGURATION_MIXED", "streamIds.0"),
        ("STREAM_FULL", "streamIds.0"),
        ("STREAM_CONFIGURATION_MIXED", "streamIds.1"),
        ("STREAM_CONFIGURATION_MIXED", "streamIds.2"),
        ("PARENT_STREAM_NOT_CHOSEN", "streamIds.2"),
        ("STREAM_FULL", "streamIds.2"),
        ("STREAMS_CLASH", "streamIds.2"),
        ("STREAM_OF_ANOTHER_SUBJECT", "streamIds.3"),
    ];
    let expected = expected.map(|(code, field)| (code.to_owned(), field.to_owned()));
    assert_eq!(told(refused), expected, "{refused}");
    // People read the stream's name, programs its id.
    let orphan = &refused["userErrors"][4];
    let message = "Поток можно выбрать только вместе с другим: MATH1, лекция B.";
    assert_eq!(orphan["message"], message);
    assert_eq!(orphan["facts"][1], json!({"name": "parent", "value": parent}));
    // A clash names the stream, its meeting, and what it is at the time of.
    let clash = &refused["userErrors"][6];
    let message = "MATH1 понедельник 09:30-11:00 — в то же время, что и MATH1 понедельник \
                   09:00-10:00: с 09:30 до 10:00.";
    assert_eq!(clash["message"], message);
    assert_eq!(clash["facts"][2], json!({"name": "stream", "value": practice}));
    assert_eq!(clash["facts"][3], json!({"name": "with", "value": full}));
    // Nothing of it happened, and a hold is told beside all of it.
    let held = json!({"student": student.id, "kind": "DEBT", "reason": "Қарыз"});
    campus.registrar.ask("PlaceHold", held).await;
    let answer = student.send("ChooseStreams", wanted).await;
    let refused = told(answer.root());
    assert_eq!(refused[0].0, "REGISTRATION_HELD");
    assert_eq!(refused[1..], expected);
}

async fn what_can_be_chosen_and_what_is_missing_is_told_beforehand(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let algebra = campus.subject("MATH1", 5, &[]).await;
    let full = campus.stream(&algebra, &term, "A", json!({"limit": 1})).await;
    let free = campus.stream(&algebra, &term, "B", json!({"limit": 2})).await;
    let more = json!({"kind": "LABORATORY", "parentId": free});
    let laboratory = campus.stream(&algebra, &term, "L", more).await;
    let other = campus.student("Өзге").await;
    let theirs = register(&other, &algebra, &term).await.enrollment;
    other.ask("ChooseStream", json!({"enrollment": theirs, "stream": full})).await;
    let student = campus.student("Қанатов").await;
    let enrollment = register(&student, &algebra, &term).await.enrollment;
    let seen = async || {
        let seen = student.ask("OpenStreams", json!({"enrollment": enrollment})).await;
        let verdict = |open: &serde_json::Value| {
            let reasons = open["choice"]["reasons"].as_array().unwrap().iter();
            let codes: Vec<_> = reasons.map(|reason| text(&reason["code"])).collect();
            assert_eq!(open["choice"]["allowed"], codes.is_empty(), "{open}");
            (text(&open["stream"]["id"]), codes.join(" "))
        };
        let verdicts: Vec<_> =
            seen["openStreams"].as_array().unwrap().iter().map(verdict).collect();
        (verdicts, seen["missingComponents"].clone())
    };
    let of = |verdicts: &[(String, String)], stream: &str| {
        verdicts.iter().find(|(id, _)| id == stream).unwrap().1.clone()
    };
    let missing = |parts: &[&str]| json!([{"configuration": "1", "components": parts}]);
    let (verdicts, lacks) = seen().await;
    assert_eq!(of(&verdicts, &full), "STREAM_FULL");
    assert_eq!(of(&verdicts, &free), "");
    assert_eq!(of(&verdicts, &laboratory), "PARENT_STREAM_NOT_CHOSEN");
    assert_eq!(lacks, missing(&["laboratory", "lecture"]));
    let first = student.ask("ToChoose", json!({})).await["student"]["dashboard"].clone();
    let expected = json!([{
        "enrollment": {"id": enrollment, "subject": {"code": "MATH1"}},
        "components": missing(&["laboratory", "lecture"]),
    }]);
    assert_eq!(first["toChoose"], expected);

    student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": free})).await;
    let (verdicts, lacks) = seen().await;
    assert_eq!(of(&verdicts, &free), "STREAM_HELD");
    assert_eq!(of(&verdicts, &laboratory), "");
    assert_eq!(lacks, missing(&["laboratory"]));
    student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": laboratory})).await;
    let (verdicts, lacks) = seen().await;
    assert_eq!(lacks, json!([]));
    // The lecture can't be given up for another while its laboratory is held.
    assert!(of(&verdicts, &full).contains("CHILD_STREAM_HELD"), "{verdicts:?}");
    let first = student.ask("ToChoose", json!({})).await["student"]["dashboard"].clone();
    assert_eq!(first["toChoose"], json!([]));
    // Who only teaches is not told what is kept from a student.
    let query = "query($id: ID!) { enrollment(id: $id) { openStreams { held } } }";
    let taught = campus.teacher.ask(query, json!({"id": enrollment})).await;
    assert_eq!(taught["openStreams"], json!(null));
}

async fn another_configuration_is_taken_in_one_act(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let day = campus.stream(&subject, &term, "A", json!({"configuration": "day"})).await;
    let more = json!({"kind": "LABORATORY", "configuration": "day"});
    let laboratory = campus.stream(&subject, &term, "A", more).await;
    let more = json!({"configuration": "online", "limit": 1});
    let online = campus.stream(&subject, &term, "B", more).await;
    let student = campus.student("Қанатов").await;
    let enrollment = register(&student, &subject, &term).await.enrollment;
    let choose = |streams: &[&String], leave: &[&String]| json!({"enrollment": enrollment, "streams": streams, "leave": leave});
    let held = async || {
        let found = student.ask("Waiting", json!({"enrollment": enrollment})).await;
        let ids = found["streams"].as_array().unwrap().iter().map(|stream| text(&stream["id"]));
        ids.collect::<std::collections::BTreeSet<_>>()
    };
    student.ask("ChooseStreams", choose(&[&day, &laboratory], &[])).await;
    let refused = student.refused("ChooseStreams", choose(&[&online], &[])).await;
    assert_eq!(refused, "STREAM_CONFIGURATION_MIXED");
    let refused = student.send("ChooseStreams", choose(&[&online], &[&online])).await;
    let expected = [("STREAM_CONFIGURATION_MIXED", "streamIds.0"), ("STREAM_NOT_HELD", "leaveIds")];
    let expected = expected.map(|(code, field)| (code.to_owned(), field.to_owned()));
    assert_eq!(told(refused.root()), expected);

    // Where the last seat is gone, nothing is left behind.
    let other = campus.student("Өзге").await;
    let theirs = register(&other, &subject, &term).await.enrollment;
    other.ask("ChooseStream", json!({"enrollment": theirs, "stream": online})).await;
    let refused = student.refused("ChooseStreams", choose(&[&online], &[&laboratory])).await;
    assert_eq!(refused, "STREAM_FULL");
    assert_eq!(held().await, [day.clone(), laboratory.clone()].into());
    other.ask("LeaveStream", json!({"enrollment": theirs, "stream": online})).await;
    student.ask("ChooseStreams", choose(&[&online], &[&laboratory])).await;
    assert_eq!(held().await, [online].into());
    let seats = "query($id: ID!) { stream(id: $id) { seats { taken } } }";
    for left in [day, laboratory] {
        assert_eq!(student.ask(seats, json!({"id": left})).await["seats"]["taken"], 0);
    }
}

async fn a_stream_that_is_listed_under_two_subjects_has_its_seats_once(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let algebra = campus.subject("MATH1", 5, &[]).await;
    let geometry = campus.subject("MATH2", 5, &[]).await;
    for group in ["A", "C"] {
        campus.stream(&geometry, &term, group, json!({})).await;
    }
    let meeting = json!({"weekday": "MONDAY", "startsAt": "09:00", "endsAt": "10:30"});
    let shared = json!({"limit": 2, "meetings": [meeting]});
    let shared = campus.stream(&algebra, &term, "B", shared).await;
    let list = json!({"stream": shared, "subject": geometry});
    let student = campus.student("Қанатов").await;
    let enrollment = register(&student, &geometry, &term).await.enrollment;
    let wanted = json!({"enrollment": enrollment, "stream": shared});
    let refused = student.refused("ChooseStream", wanted.clone()).await;
    assert_eq!(refused, "STREAM_OF_ANOTHER_SUBJECT");
    let listed = campus.registrar.ask("ListStream", list.clone()).await;
    assert_eq!(listed["stream"]["listedUnder"], json!([{"id": geometry}]));
    assert_eq!(campus.registrar.refused("ListStream", list).await, "STREAM_LISTED_ALREADY");

    // It is in the list of either subject, in its place, page by page.
    let groups = async |subject: &str, after: &serde_json::Value| {
        let page = json!({"subject": subject, "term": term, "first": 2, "after": after});
        let page = student.ask("Streams", page).await;
        let nodes = page["nodes"].as_array().unwrap().iter();
        let groups: Vec<_> = nodes.map(|stream| text(&stream["group"])).collect();
        (groups, page["pageInfo"].clone())
    };
    let nothing = serde_json::Value::Null;
    assert_eq!(groups(&algebra, &nothing).await.0, ["B"]);
    let (first, page) = groups(&geometry, &nothing).await;
    assert_eq!((first, &page["hasNextPage"]), (vec!["A".into(), "B".into()], &json!(true)));
    let (second, page) = groups(&geometry, &page["endCursor"]).await;
    assert_eq!((second, &page["hasNextPage"]), (vec!["C".into()], &json!(false)));

    // One seat for a student of each; there is none for a third.
    student.ask("ChooseStream", wanted).await;
    // In the timetable it is of the subject that the student takes.
    let week = "query($day: Date!) { me { student { \
                timetable(from: $day, span: WEEK) { kind subject { code } } } } }";
    let week = student.ask(week, json!({"day": crate::campus::day(0)})).await;
    let classes = &week["student"]["timetable"];
    let of_geometry = json!({"kind": "CLASS", "subject": {"code": "MATH2"}});
    assert!(classes.as_array().unwrap().contains(&of_geometry), "{classes}");
    let mut of_algebra = Vec::new();
    for name in ["Екінші", "Үшінші"] {
        let student = campus.student(name).await;
        let enrollment = register(&student, &algebra, &term).await.enrollment;
        of_algebra.push((student, json!({"enrollment": enrollment, "stream": shared})));
    }
    of_algebra[0].0.ask("ChooseStream", of_algebra[0].1.clone()).await;
    let third = of_algebra[1].0.refused("ChooseStream", of_algebra[1].1.clone()).await;
    assert_eq!(third, "STREAM_FULL");
    // Nor for the same student by the other subject.
    let again = register(&student, &algebra, &term).await.enrollment;
    let again = json!({"enrollment": again, "stream": shared});
    assert_eq!(student.refused("ChooseStream", again).await, "SEAT_HELD");
}

async fn a_stream_meets_elsewhere_without_a_word_to_its_students(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let meeting = json!({
        "weekday": "MONDAY", "startsAt": "09:00", "endsAt": "10:30", "room": "301",
    });
    let stream = campus.stream(&subject, &term, "A", json!({"meetings": [meeting]})).await;
    let place = |rooms: &[&str], link: Option<&str>| json!({"input": {"streamId": stream, "rooms": rooms, "onlineLink": link}});
    let link = "https://example.org/algebra";
    let changed = campus.registrar.ask("ChangeStreamPlace", place(&["105"], Some(link))).await;
    assert_eq!(changed["stream"]["onlineLink"], link);
    assert_eq!(changed["stream"]["meetings"][0]["room"], "105");
    let changed = campus.registrar.ask("ChangeStreamPlace", place(&[], None)).await;
    assert_eq!(changed["stream"]["onlineLink"], serde_json::Value::Null);
    assert_eq!(changed["stream"]["meetings"][0]["room"], "105");
    let refused = campus.registrar.refused("ChangeStreamPlace", place(&["1", "2"], None)).await;
    assert_eq!(refused, "ROOMS_MISCOUNTED");
}

async fn the_timetables_of_its_students_follow_a_stream_that_meets_at_other_times(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let on = |weekday: &str, from: &str, to: &str| json!([{"weekday": weekday, "startsAt": from, "endsAt": to, "room": "301"}]);
    let (mut subjects, mut streams) = (vec![], vec![]);
    for (code, weekday) in [("MATH1", "MONDAY"), ("PHYS1", "TUESDAY"), ("CHEM1", "MONDAY")] {
        let subject = campus.subject(code, 5, &[]).await;
        let meetings = json!({"meetings": on(weekday, "09:00", "10:30")});
        streams.push(campus.stream(&subject, &term, "А", meetings).await);
        subjects.push(subject);
    }
    let both = campus.student("Қанатов").await;
    let one = campus.student("Ержанов").await;
    for (student, subject, stream) in [(&both, 0, 0), (&both, 1, 1), (&one, 0, 0)] {
        let enrollment = register(student, &subjects[subject], &term).await.enrollment;
        let choosing = json!({"enrollment": enrollment, "stream": streams[stream]});
        student.ask("ChooseStream", choosing).await;
    }
    let to = |meetings: serde_json::Value, despite: bool| {
        json!({"input": {
            "streamId": streams[0], "meetings": meetings, "despiteClashes": despite,
        }})
    };
    // One of them has something else on Tuesdays, and is named.
    let clash = to(on("TUESDAY", "10:00", "11:30"), false);
    let error = campus.registrar.user_error("ChangeStreamMeetings", clash).await;
    assert_eq!(error["code"], "STUDENT_STREAMS_CLASH");
    assert_eq!(error["facts"][0]["value"], "Қанатов Ерлан");
    assert_eq!(error["facts"][1]["value"], "PHYS1 tuesday 09:00-10:30");
    assert_eq!(error["facts"][2]["value"], "MATH1 tuesday 10:00-11:30");
    let free = to(on("TUESDAY", "11:00", "12:30"), false);
    let moved = campus.registrar.ask("ChangeStreamMeetings", free).await;
    assert_eq!(moved["stream"]["meetings"][0]["weekday"], "TUESDAY");
    // What is decided from then on is decided by the new times.
    let chemistry = register(&both, &subjects[2], &term).await.enrollment;
    let choosing = json!({"enrollment": chemistry, "stream": streams[2]});
    both.ask("ChooseStream", choosing).await;
    let back = to(on("MONDAY", "09:00", "10:30"), false);
    let refused = campus.registrar.refused("ChangeStreamMeetings", back.clone()).await;
    assert_eq!(refused, "STUDENT_STREAMS_CLASH");
    campus.registrar.ask("ChangeStreamMeetings", to(back["input"]["meetings"].clone(), true)).await;
    assert_eq!(
        campus.teacher.refused("ChangeStreamMeetings", back).await,
        "FORBIDDEN",
        "a registrar's matter"
    );
    let reversed = to(on("MONDAY", "10:30", "09:00"), true);
    assert_eq!(
        campus.registrar.refused("ChangeStreamMeetings", reversed).await,
        "MEETING_ENDS_BEFORE_IT_STARTS"
    );
}
