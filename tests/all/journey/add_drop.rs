//! Requests of kind add/drop: opened in time, accepted and carried out in one act, or refused with a reason (manual
//! 2.16.1, 2.3.2).

use jiff::{SignedDuration, Timestamp};
use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    as_of::DOCUMENT,
    campus::{Campus, Registered, day, mark, moment, person, register},
    server::{Client, text},
};

tests! { both {
    a_subject_is_given_up_in_a_new_revision_though_add_drop_is_over,
    a_subject_is_added_with_its_streams,
    a_subject_is_swapped_for_one_that_only_fits_in_its_place,
    a_subject_is_moved_to_another_term,
    another_stream_is_taken_and_the_old_seat_is_free,
    everything_that_speaks_against_it_is_told_at_once_and_nothing_changes,
    what_is_full_is_accepted_once_a_seat_is_free,
    a_seat_that_is_held_for_the_student_is_theirs_by_a_request_too,
    a_swap_takes_over_the_seat_of_a_stream_that_is_listed_under_both_subjects,
    what_can_no_longer_be_done_is_refused_with_a_reason,
    what_could_never_be_carried_out_is_not_asked_for,
    streams_that_never_go_together_are_not_asked_for,
    a_stream_is_changed_for_one_of_the_same_component,
    several_streams_are_changed_in_one_act,
    another_way_of_taking_the_subject_is_asked_for,
    all_that_speaks_against_other_streams_is_told_at_once,
    of_two_requests_for_the_last_seat_the_other_is_told_which_is_full,
    a_request_is_decided_once_whoever_asks_at_once,
    of_two_browsers_one_opens_a_request,
    a_request_is_its_students_and_of_those_it_concerns,
    requests_are_opened_in_their_time,
    requests_come_page_by_page,
} }

/// A term in which add/drop is on, and a student.
struct AddDrop {
    campus: Campus,
    term: String,
    student: Client,
}

impl AddDrop {
    async fn open(config: &Config) -> Self {
        let campus = Campus::open(config).await;
        let term = campus.open_term("Күз", -30, 90).await;
        campus.period(&term, "ADD_DROP", -24, 24).await;
        let student = campus.student("Қанатов").await;
        Self { campus, term, student }
    }

    /// From now on nothing is open any more.
    async fn close(&self) {
        for kind in ["REGISTRATION", "CHOOSING_STREAMS", "ADD_DROP"] {
            self.campus.period(&self.term, kind, -48, -24).await;
        }
    }

    async fn subject(&self, code: &str, credits: i64) -> String {
        self.campus.subject(code, credits, &[]).await
    }

    /// A stream on Mondays at that hour.
    async fn stream(&self, subject: &str, group: &str, hour: u8, seats: u32) -> String {
        let (starts_at, ends_at) = (format!("{hour:02}:00"), format!("{hour:02}:50"));
        let meeting = json!({"weekday": "MONDAY", "startsAt": starts_at, "endsAt": ends_at});
        let more = json!({"limit": seats, "meetings": [meeting]});
        self.campus.stream(subject, &self.term, group, more).await
    }

    async fn registered(&self, student: &Client, subject: &str, streams: &[&str]) -> Registered {
        let registered = register(student, subject, &self.term).await;
        if !streams.is_empty() {
            let wanted = json!({"enrollment": registered.enrollment, "streams": streams});
            student.ask("ChooseStreams", wanted).await;
        }
        registered
    }

    /// A stream that goes with a lecture alone.
    async fn laboratory(&self, subject: &str, group: &str, lecture: &str, hour: u8) -> String {
        let (starts_at, ends_at) = (format!("{hour:02}:00"), format!("{hour:02}:50"));
        let meeting = json!({"weekday": "TUESDAY", "startsAt": starts_at, "endsAt": ends_at});
        let more = json!({
            "kind": "LABORATORY", "parentId": lecture, "limit": 5, "meetings": [meeting],
        });
        self.campus.stream(subject, &self.term, group, more).await
    }

    /// A stream of another way of taking the subject.
    async fn online(&self, subject: &str, kind: &str, group: &str, seats: u32) -> String {
        let more = json!({"kind": kind, "configuration": "online", "limit": seats});
        self.campus.stream(subject, &self.term, group, more).await
    }

    fn adding(&self, subject: &str, streams: &[&str]) -> Value {
        json!({"add": {"subjectId": subject, "termId": self.term, "streamIds": streams}})
    }

    fn swapping(&self, enrollment: &str, subject: &str, streams: &[&str]) -> Value {
        json!({"swap": {
            "enrollmentId": enrollment, "subjectId": subject, "termId": self.term,
            "streamIds": streams,
        }})
    }

    async fn accept(&self, request: &str) -> Value {
        let accepted = self.campus.registrar.ask("AcceptRequest", json!({"request": request}));
        let accepted = accepted.await["request"].clone();
        assert_eq!(accepted["status"], "ACCEPTED");
        assert_eq!(accepted["decidedBy"]["displayName"], "Оразова Айгүл");
        accepted
    }

    /// The codes of what speaks against accepting it.
    async fn against(&self, request: &str) -> Vec<String> {
        let answer = self.campus.registrar.send("AcceptRequest", json!({"request": request})).await;
        let errors = answer.root()["userErrors"].as_array().unwrap().iter();
        let told = |error: &Value| {
            assert_eq!(error["field"], json!(["requestId"]), "{error}");
            assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()));
            text(&error["code"])
        };
        errors.map(told).collect()
    }

    /// How the registration stands: its status and its streams.
    async fn enrollment(&self, id: &str) -> Value {
        let query = "query($id: ID!) { enrollment(id: $id) { status streams { id } } }";
        self.student.ask(query, json!({"id": id})).await
    }

    /// The codes of the subjects on the newest revision of a plan, its number, and the streams.
    async fn plan(&self, iep: &str) -> Value {
        let query = "query($id: ID!) { iep(id: $id) { \
            revision revisions { entries { subject { code } } } streams { id } } }";
        let plan = self.student.ask(query, json!({"id": iep})).await;
        let newest = plan["revisions"].as_array().unwrap().last().unwrap();
        let entries = newest["entries"].as_array().unwrap().iter();
        let mut codes: Vec<_> = entries.map(|entry| text(&entry["subject"]["code"])).collect();
        codes.sort();
        let streams = plan["streams"].as_array().unwrap().iter();
        let streams: Vec<_> = streams.map(|stream| stream["id"].clone()).collect();
        json!([plan["revision"], codes, streams])
    }

    async fn taken(&self, stream: &str) -> Value {
        let query = "query($id: ID!) { stream(id: $id) { seats { taken } } }";
        self.student.ask(query, json!({"id": stream})).await["seats"]["taken"].clone()
    }

    /// The streams that the student's timetable has within a week from today.
    async fn timetable(&self) -> Vec<Value> {
        let asked = json!({
            "student": self.student.id, "from": day(0), "to": day(6), "kinds": ["CLASS"],
        });
        let shown = self.student.ask("Timetable", asked).await;
        let entries = shown["timetable"].as_array().unwrap().iter();
        entries.map(|entry| entry["stream"]["id"].clone()).collect()
    }

    async fn head(&self) -> Value {
        self.campus.auditor.ask("LogHead", json!({})).await["position"].clone()
    }
}

/// Opens a request; its id.
async fn asked(student: &Client, change: Value) -> String {
    let opened = student.ask("OpenAddDropRequest", json!({"change": change})).await;
    assert_eq!(opened["request"]["status"], "NEW");
    text(&opened["request"]["id"])
}

fn giving_up(enrollment: &str) -> Value {
    json!({"giveUp": {"enrollmentId": enrollment}})
}

fn changing(enrollment: &str, from: &str, to: &str) -> Value {
    json!({"changeStream": {
        "enrollmentId": enrollment, "fromStreamId": from, "toStreamId": to,
    }})
}

fn changing_several(enrollment: &str, streams: &[&String], leaves: &[&String]) -> Value {
    json!({"changeStreams": {
        "enrollmentId": enrollment, "streamIds": streams, "leaveIds": leaves,
    }})
}

/// What is refused: of each the code and the field.
fn refusals(answer: &crate::server::Answer) -> Vec<(String, String)> {
    let errors = answer.root()["userErrors"].as_array().unwrap().iter();
    let told = |error: &Value| {
        let field: Vec<_> = error["field"].as_array().unwrap().iter().map(text).collect();
        (text(&error["code"]), field.join("."))
    };
    errors.map(told).collect()
}

async fn a_subject_is_given_up_in_a_new_revision_though_add_drop_is_over(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let [mathematics, physics] = [week.subject("MATH1", 5).await, week.subject("PHYS1", 5).await];
    let stream = week.stream(&mathematics, "A", 9, 1).await;
    let Registered { enrollment, iep } = week.registered(student, &mathematics, &[&stream]).await;
    register(student, &physics, &week.term).await;
    student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    assert_eq!(week.timetable().await, [json!(stream)]);

    let wanted = json!({"change": giving_up(&enrollment), "comment": " Уақытым жоқ "});
    let opened = student.ask("OpenAddDropRequest", wanted).await["request"].clone();
    assert_eq!(
        opened,
        json!({
            "id": opened["id"], "name": "Give a subject up", "kind": "ADD_DROP", "status": "NEW",
            "openedAt": opened["openedAt"], "comment": "Уақытым жоқ", "language": "KAZAKH",
            "addDropChange": {
                "kind": "GIVE_UP", "enrollment": {"id": enrollment}, "subject": null,
                "term": null, "streams": [], "fromStream": null, "toStream": null,
            },
        })
    );
    // Nothing happens by asking; what the calendar said then still counts when it is over.
    assert_eq!(week.plan(&iep).await, json!([1, ["MATH1", "PHYS1"], [stream]]));
    week.close().await;
    let accepted = week.accept(&text(&opened["id"])).await;
    assert_eq!(accepted["addDropChange"]["enrollment"]["status"], "DROPPED");
    assert_eq!(week.plan(&iep).await, json!([2, ["PHYS1"], []]));
    assert_eq!(week.enrollment(&enrollment).await, json!({"status": "DROPPED", "streams": []}));
    assert_eq!(week.taken(&stream).await, 0);
    assert_eq!(week.timetable().await, [] as [Value; 0]);
    let document = campus.auditor.ask(DOCUMENT, json!({"view": "iep", "key": iep})).await;
    let document = &document["document"];
    assert_eq!(document["revisions"][1]["cause"], "add_drop");
    // What the student did not do in time themself stays undone.
    let late = json!({"enrollment": enrollment});
    assert_eq!(student.refused("DropSubject", late).await, "ENROLLMENT_DROPPED");
}

async fn a_subject_is_added_with_its_streams(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { student, .. } = &week;
    let physics = week.subject("PHYS1", 5).await;
    let stream = week.stream(&physics, "A", 9, 1).await;
    let request = asked(student, week.adding(&physics, &[&stream])).await;
    week.close().await;
    week.accept(&request).await;
    let query = "query { me { student { \
        enrollments { id status streams { id } decision { rule facts { name value } } } \
        ieps { id } } } }";
    let me = student.ask(query, json!({})).await["student"].clone();
    let enrollment = &me["enrollments"][0];
    assert_eq!(enrollment["status"], "REGISTERED");
    assert_eq!(enrollment["streams"], json!([{"id": stream}]));
    // The record says by which request the student came in.
    let facts = enrollment["decision"]["facts"].as_array().unwrap();
    assert!(facts.contains(&json!({"name": "request", "value": request})), "{facts:?}");
    assert_eq!(
        week.plan(me["ieps"][0]["id"].as_str().unwrap()).await,
        json!([1, ["PHYS1"], [stream]])
    );
    assert_eq!(week.taken(&stream).await, 1);
    assert_eq!(week.timetable().await, [json!(stream)]);
}

const CHANGED: &str = "query($id: ID!) { request(id: $id) { \
    addDropChange { takenEnrollment { id } } } }";

async fn a_subject_is_swapped_for_one_that_only_fits_in_its_place(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    // Together they have too many credits and meet at the same time.
    let [mathematics, physics] = [week.subject("MATH1", 20).await, week.subject("PHYS1", 20).await];
    let old = week.stream(&mathematics, "A", 9, 1).await;
    let new = week.stream(&physics, "A", 9, 1).await;
    let Registered { enrollment, iep } = week.registered(student, &mathematics, &[&old]).await;
    student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    let request = asked(student, week.swapping(&enrollment, &physics, &[&new])).await;
    week.close().await;
    let pending = campus.registrar.ask(CHANGED, json!({"id": request})).await;
    assert_eq!(pending["addDropChange"]["takenEnrollment"], json!(null));
    // Both registrations are told: the one that was given up, and the one in its place.
    let accepted = week.accept(&request).await["addDropChange"].clone();
    let dropped = json!({"id": enrollment, "status": "DROPPED", "streams": []});
    assert_eq!(accepted["enrollment"], dropped);
    let taken = &accepted["takenEnrollment"];
    assert_eq!(
        (&taken["status"], &taken["streams"]),
        (&json!("REGISTERED"), &json!([{"id": new}]))
    );
    assert_eq!(week.enrollment(&enrollment).await["status"], "DROPPED");
    // One change, one new revision.
    assert_eq!(week.plan(&iep).await, json!([2, ["PHYS1"], [new]]));
    assert_eq!([week.taken(&old).await, week.taken(&new).await], [0, 1]);
    assert_eq!(week.timetable().await, [json!(new)]);
}

async fn a_subject_is_moved_to_another_term(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let spring = campus.open_term("Көктем", 70, 90).await;
    campus.period(&spring, "ADD_DROP", -24, 24).await;
    let physics = week.subject("PHYS1", 5).await;
    let Registered { enrollment, iep } = week.registered(student, &physics, &[]).await;
    let moving = json!({"swap": {
        "enrollmentId": enrollment, "subjectId": physics, "termId": spring, "streamIds": [],
    }});
    week.accept(&asked(student, moving).await).await;
    assert_eq!(week.enrollment(&enrollment).await["status"], "DROPPED");
    let query = "query($id: ID!) { iep(id: $id) { entries { subject { code } term { id } } } }";
    let plan = student.ask(query, json!({"id": iep})).await;
    assert_eq!(plan["entries"], json!([{"subject": {"code": "PHYS1"}, "term": {"id": spring}}]));
}

async fn another_stream_is_taken_and_the_old_seat_is_free(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let subject = week.subject("MATH1", 5).await;
    let [old, new, third] = [
        week.stream(&subject, "A", 9, 1).await,
        week.stream(&subject, "B", 10, 1).await,
        week.stream(&subject, "C", 11, 1).await,
    ];
    let Registered { enrollment, iep } = week.registered(student, &subject, &[&old]).await;
    student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    let refused = json!({"change": changing(&enrollment, &new, &old)});
    assert_eq!(student.refused("OpenAddDropRequest", refused).await, "STREAM_NOT_HELD");
    let request = asked(student, changing(&enrollment, &old, &new)).await;
    week.close().await;
    // Whoever is held changes no stream, neither themself nor by a request.
    let hold = json!({"student": student.id, "kind": "DEBT", "reason": "Қарыз"});
    let hold = campus.registrar.ask("PlaceHold", hold).await["hold"]["id"].clone();
    assert_eq!(week.against(&request).await, ["REGISTRATION_HELD"]);
    campus.registrar.ask("LiftHold", json!({"student": student.id, "hold": hold})).await;
    week.accept(&request).await;
    let streams = json!([{"id": new}]);
    assert_eq!(week.enrollment(&enrollment).await["streams"], streams);
    // A choice of streams opens no revision.
    assert_eq!(week.plan(&iep).await, json!([1, ["MATH1"], [new]]));
    assert_eq!([week.taken(&old).await, week.taken(&new).await], [0, 1]);

    // From where the student is not any more, nothing is changed.
    campus.period(&week.term, "ADD_DROP", -24, 24).await;
    let request = asked(student, changing(&enrollment, &new, &old)).await;
    let wanted = json!({"enrollment": enrollment, "stream": third});
    student.ask("ChooseStream", wanted).await;
    assert_eq!(week.against(&request).await, ["STREAMS_CHANGED"]);
    assert_eq!(week.enrollment(&enrollment).await["streams"], json!([{"id": third}]));
}

async fn everything_that_speaks_against_it_is_told_at_once_and_nothing_changes(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let mathematics = week.subject("MATH1", 20).await;
    let first = week.subject("PHYS1", 5).await;
    let second = campus.subject("PHYS2", 20, &[&first]).await;
    let own = week.stream(&mathematics, "A", 9, 1).await;
    let Registered { iep, .. } = week.registered(student, &mathematics, &[&own]).await;
    let full = week.stream(&second, "A", 9, 0).await;
    let request = asked(student, week.adding(&second, &[&full])).await;
    let hold = json!({"student": student.id, "kind": "LIBRARY", "reason": "Кітап"});
    campus.registrar.ask("PlaceHold", hold).await;
    let before = week.head().await;
    assert_eq!(
        week.against(&request).await,
        [
            "PREREQUISITES_MISSING",
            "REGISTRATION_HELD",
            "CREDITS_OVER_LIMIT",
            "STREAM_FULL",
            "STREAMS_CLASH",
        ]
    );
    assert_eq!(week.head().await, before);
    assert_eq!(week.plan(&iep).await, json!([1, ["MATH1"], [own]]));
    let shown = campus.registrar.ask("Request", json!({"id": request})).await;
    assert_eq!(shown["status"], "NEW");
}

async fn what_is_full_is_accepted_once_a_seat_is_free(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let [mathematics, physics] = [week.subject("MATH1", 5).await, week.subject("PHYS1", 5).await];
    let old = week.stream(&mathematics, "A", 9, 1).await;
    let wanted = week.stream(&physics, "A", 10, 1).await;
    let Registered { enrollment, iep } = week.registered(student, &mathematics, &[&old]).await;
    let other = campus.student("Басқа").await;
    let theirs = week.registered(&other, &physics, &[&wanted]).await;
    let request = asked(student, week.swapping(&enrollment, &physics, &[&wanted])).await;
    let before = week.head().await;
    assert_eq!(week.against(&request).await, ["STREAM_FULL"]);
    // Of all that the request names it is told which.
    let answer = campus.registrar.send("AcceptRequest", json!({"request": request})).await;
    let full = &answer.root()["userErrors"][0];
    let stream = json!({"name": "stream", "value": "PHYS1, lecture A"});
    assert!(full["facts"].as_array().unwrap().contains(&stream), "{full}");
    assert_eq!(full["message"], "PHYS1, lecture A: The only seat is taken.");
    // Nothing is half done: the old subject is there, with its seat.
    assert_eq!(week.head().await, before);
    assert_eq!(week.plan(&iep).await, json!([1, ["MATH1"], [old]]));
    assert_eq!(week.taken(&old).await, 1);
    let leave = json!({"enrollment": theirs.enrollment, "stream": wanted});
    other.ask("LeaveStream", leave).await;
    week.accept(&request).await;
    assert_eq!(week.plan(&iep).await, json!([1, ["PHYS1"], [wanted]]));
    assert_eq!([week.taken(&old).await, week.taken(&wanted).await], [0, 1]);
}

async fn a_seat_that_is_held_for_the_student_is_theirs_by_a_request_too(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let subject = week.subject("MATH1", 5).await;
    let [own, wanted] =
        [week.stream(&subject, "A", 9, 5).await, week.stream(&subject, "B", 10, 1).await];
    let other = campus.student("Басқа").await;
    let theirs = week.registered(&other, &subject, &[&wanted]).await;
    let Registered { enrollment, .. } = week.registered(student, &subject, &[&own]).await;
    let third = campus.student("Үшінші").await;
    let last = week.registered(&third, &subject, &[&own]).await;
    let request = asked(student, changing(&enrollment, &own, &wanted)).await;
    let passing = asked(&third, changing(&last.enrollment, &own, &wanted)).await;
    let line = json!({"enrollment": enrollment, "stream": wanted});
    student.ask("JoinWaitingList", line).await;
    let leave = json!({"enrollment": theirs.enrollment, "stream": wanted});
    other.ask("LeaveStream", leave).await;
    // Nobody passes the line, by a request neither.
    assert_eq!(week.against(&passing).await, ["SEATS_HELD"]);
    week.accept(&request).await;
    assert_eq!(week.enrollment(&enrollment).await["streams"], json!([{"id": wanted}]));
    assert_eq!([week.taken(&own).await, week.taken(&wanted).await], [1, 1]);
}

async fn a_swap_takes_over_the_seat_of_a_stream_that_is_listed_under_both_subjects(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let [mathematics, physics] = [week.subject("MATH1", 5).await, week.subject("PHYS1", 5).await];
    let shared = week.stream(&mathematics, "A", 9, 1).await;
    campus.registrar.ask("ListStream", json!({"stream": shared, "subject": physics})).await;
    let Registered { enrollment, iep } = week.registered(student, &mathematics, &[&shared]).await;
    let request = asked(student, week.swapping(&enrollment, &physics, &[&shared])).await;
    week.accept(&request).await;
    assert_eq!(week.plan(&iep).await, json!([1, ["PHYS1"], [shared]]));
    assert_eq!(week.taken(&shared).await, 1);
}

async fn what_can_no_longer_be_done_is_refused_with_a_reason(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let subject = week.subject("MATH1", 5).await;
    let [own, closed] =
        [week.stream(&subject, "A", 9, 5).await, week.stream(&subject, "B", 10, 5).await];
    let Registered { enrollment, .. } = week.registered(student, &subject, &[&own]).await;
    let request = asked(student, changing(&enrollment, &own, &closed)).await;
    campus.registrar.ask("CloseStream", json!({"input": {"streamId": closed}})).await;
    assert_eq!(week.against(&request).await, ["STREAM_CLOSED"]);
    // What has marks is not given up, by a request neither.
    let dropping = campus.student("Басқа").await;
    let marked = week.registered(&dropping, &subject, &[&own]).await;
    let second = asked(&dropping, giving_up(&marked.enrollment)).await;
    mark(&campus.teacher, &marked.enrollment, "CURRENT", Some(1), 70.0).await;
    assert_eq!(week.against(&second).await, ["ENROLLMENT_HAS_MARKS"]);

    for (reason, code) in [("", "TEXT_EMPTY"), (" \n ", "TEXT_EMPTY")] {
        let refuse = json!({"request": request, "reason": reason});
        let refused = campus.registrar.user_error("RefuseRequest", refuse).await;
        assert_eq!([&refused["code"], &refused["field"]], [&json!(code), &json!(["reason"])]);
    }
    let refuse = json!({"request": request, "reason": "Ағын жабылды"});
    let refused = campus.registrar.ask("RefuseRequest", refuse.clone()).await;
    assert_eq!(
        refused["request"],
        json!({
            "id": request, "status": "REFUSED", "reason": "Ағын жабылды",
            "decidedBy": {"displayName": "Оразова Айгүл"},
        })
    );
    let mine = student.ask("MyRequests", json!({"status": "REFUSED", "first": 10})).await;
    assert_eq!(mine["requests"]["totalCount"], 1);
    assert_eq!(mine["requests"]["nodes"][0]["reason"], "Ағын жабылды");
    let none = student.ask("MyRequests", json!({"status": "NEW", "first": 10})).await;
    assert_eq!(none["requests"]["nodes"], json!([]));
    // It is decided.
    for (who, what) in [(&campus.registrar, "RefuseRequest"), (student, "WithdrawRequest")] {
        let error = who.user_error(what, refuse.clone()).await;
        assert_eq!(error["code"], "REQUEST_DECIDED_ALREADY");
        assert_eq!(error["facts"][0], json!({"name": "status", "value": "refused"}));
    }
    assert_eq!(week.against(&request).await, ["REQUEST_DECIDED_ALREADY"]);
    // And another one may be opened about the same registration.
    assert_ne!(asked(student, giving_up(&enrollment)).await, request);
}

async fn what_could_never_be_carried_out_is_not_asked_for(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let [mathematics, physics, chemistry] = [
        week.subject("MATH1", 5).await,
        week.subject("PHYS1", 5).await,
        week.subject("CHEM1", 5).await,
    ];
    let own = week.stream(&mathematics, "A", 9, 5).await;
    let of_physics = week.stream(&physics, "P", 10, 5).await;
    let listed = week.stream(&physics, "L", 11, 5).await;
    campus.registrar.ask("ListStream", json!({"stream": listed, "subject": mathematics})).await;
    let Registered { enrollment, .. } = week.registered(student, &mathematics, &[&own]).await;
    let other = week.registered(student, &physics, &[]).await.enrollment;

    let before = week.head().await;
    for (change, code, path, named) in [
        (week.adding(&mathematics, &[]), "REGISTERED_ALREADY", "change.add.subjectId", "MATH1"),
        (
            week.swapping(&enrollment, &physics, &[]),
            "REGISTERED_ALREADY",
            "change.swap.subjectId",
            "PHYS1",
        ),
        (
            changing(&enrollment, &own, &of_physics),
            "STREAM_OF_ANOTHER_SUBJECT",
            "change.changeStream.toStreamId",
            "MATH1",
        ),
        (
            week.adding(&chemistry, &[&of_physics]),
            "STREAM_OF_ANOTHER_SUBJECT",
            "change.add.streamIds",
            "CHEM1",
        ),
        (
            week.swapping(&enrollment, &chemistry, &[&own]),
            "STREAM_OF_ANOTHER_SUBJECT",
            "change.swap.streamIds",
            "CHEM1",
        ),
    ] {
        let error = student.user_error("OpenAddDropRequest", json!({"change": change})).await;
        assert_eq!(error["code"], code, "{error}");
        assert_eq!(error["field"], json!(path.split('.').collect::<Vec<_>>()));
        assert_eq!(error["facts"], json!([{"name": "code", "value": named}]));
    }
    assert_eq!(week.head().await, before);
    // What is listed under the subject is of it, and what was given up may be taken again.
    let request = asked(student, changing(&enrollment, &own, &listed)).await;
    week.accept(&request).await;
    student.ask("DropSubject", json!({"enrollment": other})).await;
    let request = asked(student, week.adding(&physics, &[&of_physics])).await;
    week.accept(&request).await;
}

async fn a_stream_is_changed_for_one_of_the_same_component(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let subject = week.subject("MATH1", 5).await;
    let [own, other] =
        [week.stream(&subject, "A", 9, 5).await, week.stream(&subject, "B", 10, 5).await];
    let practice = json!({"kind": "PRACTICE"});
    let practice = campus.stream(&subject, &week.term, "P", practice).await;
    let Registered { enrollment, .. } = week.registered(student, &subject, &[&own]).await;
    let wanted = json!({"change": changing(&enrollment, &own, &practice)});
    let error = student.user_error("OpenAddDropRequest", wanted).await;
    assert_eq!(error["code"], "STREAM_OF_ANOTHER_COMPONENT");
    assert_eq!(error["field"], json!(["change", "changeStream", "toStreamId"]));
    let facts = [("component", "lecture"), ("wanted", "practice")];
    let facts = facts.map(|(name, value)| json!({"name": name, "value": value}));
    assert_eq!(error["facts"], json!(facts));
    let request = asked(student, changing(&enrollment, &own, &other)).await;
    week.accept(&request).await;
}

async fn streams_that_never_go_together_are_not_asked_for(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { student, .. } = &week;
    let [subject, other] = [week.subject("MATH1", 5).await, week.subject("PHYS1", 5).await];
    let [lecture, second] =
        [week.stream(&subject, "A", 9, 5).await, week.stream(&subject, "B", 10, 5).await];
    let laboratory = week.laboratory(&subject, "A", &lecture, 9).await;
    let online = week.online(&subject, "PRACTICE", "O", 5).await;
    let full = week.stream(&subject, "F", 11, 0).await;
    let Registered { enrollment, .. } = week.registered(student, &other, &[]).await;
    let before = week.head().await;
    for (streams, codes) in [
        (vec![&*lecture, &second], vec!["STREAM_COMPONENT_TWICE"]),
        (vec![&*laboratory], vec!["PARENT_STREAM_NOT_CHOSEN"]),
        (vec![&*second, &laboratory], vec!["PARENT_STREAM_NOT_CHOSEN"]),
        (
            vec![&*lecture, &online],
            vec!["STREAM_CONFIGURATION_MIXED", "STREAM_CONFIGURATION_MIXED"],
        ),
    ] {
        for (change, field) in [
            (week.adding(&subject, &streams), "change.add.streamIds"),
            (week.swapping(&enrollment, &subject, &streams), "change.swap.streamIds"),
        ] {
            let refused = student.send("OpenAddDropRequest", json!({"change": change})).await;
            let expected: Vec<_> =
                codes.iter().map(|code| ((*code).to_owned(), field.to_owned())).collect();
            assert_eq!(refusals(&refused), expected);
        }
    }
    // Where several are named it is told of which.
    let mixed = json!({"change": week.adding(&subject, &[&lecture, &online])});
    let refused = student.send("OpenAddDropRequest", mixed).await;
    let told = refused.root()["userErrors"].as_array().unwrap();
    assert_eq!(
        told[0]["message"],
        "MATH1, lecture A: The stream belongs to configuration 1, the streams chosen so far to online."
    );
    assert_eq!(week.head().await, before);
    // What is full may have a seat by then.
    asked(student, week.adding(&subject, &[&full])).await;
}

async fn several_streams_are_changed_in_one_act(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { student, .. } = &week;
    let subject = week.subject("MATH1", 5).await;
    let [lecture, second] =
        [week.stream(&subject, "A", 9, 5).await, week.stream(&subject, "B", 10, 1).await];
    let [laboratory, of_second] = [
        week.laboratory(&subject, "A", &lecture, 9).await,
        week.laboratory(&subject, "B", &second, 10).await,
    ];
    let own = [&*lecture, &laboratory];
    let Registered { enrollment, iep } = week.registered(student, &subject, &own).await;
    student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;

    // The lecture alone can't be changed: the laboratory goes with it.
    let one = json!({"change": changing(&enrollment, &lecture, &second)});
    let refused = student.send("OpenAddDropRequest", one).await;
    let field = |path: &str| format!("change.{path}");
    let held = |path: &str| vec![("CHILD_STREAM_HELD".to_owned(), field(path))];
    assert_eq!(refusals(&refused), held("changeStream.toStreamId"));
    let one = json!({"change": changing_several(&enrollment, &[&second], &[])});
    let refused = student.send("OpenAddDropRequest", one).await;
    assert_eq!(refusals(&refused), held("changeStreams.streamIds.0"));
    let not_held = json!({"change": changing_several(&enrollment, &[&second], &[&of_second])});
    let refused = student.send("OpenAddDropRequest", not_held).await;
    let not_held = ("STREAM_NOT_HELD".to_owned(), field("changeStreams.leaveIds"));
    assert!(refusals(&refused).contains(&not_held), "{}", refused.body);
    let none = json!({"change": changing_several(&enrollment, &[], &[&laboratory])});
    let refused = student.send("OpenAddDropRequest", none).await;
    let none = ("NUMBER_OUT_OF_RANGE".to_owned(), field("changeStreams.streamIds"));
    assert_eq!(refusals(&refused), [none]);

    let both = changing_several(&enrollment, &[&second, &of_second], &[]);
    let request = asked(student, both).await;
    let query = "query($id: ID!) { request(id: $id) { name addDropChange { kind streams { id } \
        fromStream { id } toStream { id } enrollment { id } \
        streamChanges { fromStream { id } toStream { id } } } } }";
    let shown = student.ask(query, json!({"id": request})).await;
    assert_eq!(
        shown,
        json!({"name": "Change the stream", "addDropChange": {
            "kind": "CHANGE_STREAM", "streams": [], "fromStream": null, "toStream": null,
            "enrollment": {"id": enrollment},
            "streamChanges": [
                {"fromStream": {"id": lecture}, "toStream": {"id": second}},
                {"fromStream": {"id": laboratory}, "toStream": {"id": of_second}},
            ],
        }})
    );
    week.close().await;
    week.accept(&request).await;
    let streams = |of: &Value| -> std::collections::BTreeSet<String> {
        of["streams"].as_array().unwrap().iter().map(|stream| text(&stream["id"])).collect()
    };
    let enrolled = week.enrollment(&enrollment).await;
    assert_eq!(streams(&enrolled), [second.clone(), of_second.clone()].into());
    for (stream, taken) in [(&lecture, 0), (&laboratory, 0), (&second, 1), (&of_second, 1)] {
        assert_eq!(week.taken(stream).await, taken);
    }
    // A choice of streams opens no revision.
    assert_eq!(week.plan(&iep).await[0], 1);

    // Where one of them is full, neither is changed.
    week.campus.period(&week.term, "ADD_DROP", -24, 24).await;
    let other = week.campus.student("Басқа").await;
    let theirs = week.registered(&other, &subject, &own).await.enrollment;
    let request = asked(&other, changing_several(&theirs, &[&of_second, &second], &[])).await;
    let before = week.head().await;
    assert_eq!(week.against(&request).await, ["STREAM_FULL"]);
    assert_eq!(week.head().await, before);
    // Nor where the student has something else by then.
    student.ask("LeaveStream", json!({"enrollment": enrollment, "stream": of_second})).await;
    student.ask("LeaveStream", json!({"enrollment": enrollment, "stream": second})).await;
    other.ask("LeaveStream", json!({"enrollment": theirs, "stream": laboratory})).await;
    assert_eq!(week.against(&request).await, ["STREAMS_CHANGED"]);
    let again = json!({"enrollment": theirs, "stream": laboratory});
    other.ask("ChooseStream", again).await;
    week.accept(&request).await;
    assert_eq!([week.taken(&second).await, week.taken(&of_second).await], [1, 1]);
}

async fn another_way_of_taking_the_subject_is_asked_for(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { student, .. } = &week;
    let subject = week.subject("MATH1", 5).await;
    let lecture = week.stream(&subject, "A", 9, 5).await;
    let laboratory = week.laboratory(&subject, "A", &lecture, 9).await;
    let online = week.online(&subject, "LECTURE", "O", 5).await;
    let practice = week.online(&subject, "PRACTICE", "O", 5).await;
    let own = [&*lecture, &laboratory];
    let Registered { enrollment, .. } = week.registered(student, &subject, &own).await;
    let whole = |leaves: &[&String]| changing_several(&enrollment, &[&online, &practice], leaves);
    // The laboratory would stay.
    let refused = student.send("OpenAddDropRequest", json!({"change": whole(&[])})).await;
    let of =
        |code: &str, place| (code.to_owned(), format!("change.changeStreams.streamIds.{place}"));
    assert_eq!(
        refusals(&refused),
        [
            of("STREAM_CONFIGURATION_MIXED", 0),
            of("STREAM_CONFIGURATION_MIXED", 1),
            of("CHILD_STREAM_HELD", 0),
        ]
    );
    let request = asked(student, whole(&[&laboratory])).await;
    let query = "query($id: ID!) { request(id: $id) { addDropChange { \
        streamChanges { fromStream { id } toStream { id } } } } }";
    let shown = student.ask(query, json!({"id": request})).await;
    assert_eq!(
        shown["addDropChange"]["streamChanges"],
        json!([
            {"fromStream": {"id": lecture}, "toStream": {"id": online}},
            {"fromStream": null, "toStream": {"id": practice}},
            {"fromStream": {"id": laboratory}, "toStream": null},
        ])
    );
    week.accept(&request).await;
    for (stream, taken) in [(&lecture, 0), (&laboratory, 0), (&online, 1), (&practice, 1)] {
        assert_eq!(week.taken(stream).await, taken);
    }
    let timetable = week.timetable().await;
    assert_eq!(timetable, [] as [Value; 0], "the online streams do not meet");
}

async fn all_that_speaks_against_other_streams_is_told_at_once(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { student, .. } = &week;
    let subject = week.subject("MATH1", 5).await;
    let lecture = week.stream(&subject, "A", 9, 5).await;
    let laboratory = week.laboratory(&subject, "A", &lecture, 9).await;
    let full = week.online(&subject, "LECTURE", "O", 0).await;
    let Registered { enrollment, .. } = week.registered(student, &subject, &[&lecture]).await;
    let request = asked(student, changing(&enrollment, &lecture, &full)).await;
    student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": laboratory})).await;
    assert_eq!(
        week.against(&request).await,
        ["STREAM_CONFIGURATION_MIXED", "CHILD_STREAM_HELD", "STREAM_FULL"]
    );
}

async fn of_two_requests_for_the_last_seat_the_other_is_told_which_is_full(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let second = campus.student("Екінші").await;
    for (code, hour) in [("MATH1", 9), ("PHYS1", 10), ("CHEM1", 11), ("HIST1", 12)] {
        let subject = week.subject(code, 5).await;
        let last = week.stream(&subject, "A", hour, 1).await;
        let requests = [
            asked(student, week.adding(&subject, &[&last])).await,
            asked(&second, week.adding(&subject, &[&last])).await,
        ];
        let accepted = requests
            .map(|request| campus.registrar.send("AcceptRequest", json!({"request": request})));
        let answers = futures::future::join_all(accepted).await;
        let refused = answers.iter().filter(|answer| answer.root()["userErrors"] != json!([]));
        let [refused] = refused.collect::<Vec<_>>()[..] else { panic!("one of two") };
        // Whether the views knew it, or the stream itself said so a moment later.
        let errors = &refused.root()["userErrors"];
        assert_eq!(errors.as_array().map(Vec::len), Some(1), "{errors}");
        assert_eq!(errors[0]["code"], "STREAM_FULL");
        let stream = json!({"name": "stream", "value": format!("{code}, lecture A")});
        assert!(errors[0]["facts"].as_array().unwrap().contains(&stream), "{errors}");
        assert_eq!(errors[0]["field"], json!(["requestId"]));
    }
}

async fn a_request_is_decided_once_whoever_asks_at_once(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let second = person(&campus.administrator, "Екінші", &["REGISTRAR"]).await;
    let physics = week.subject("PHYS1", 5).await;
    let stream = week.stream(&physics, "A", 9, 9).await;
    let request = asked(student, week.adding(&physics, &[&stream])).await;
    let accept = || json!({"request": request});
    let asking = [&campus.registrar, &second, &campus.registrar, &second]
        .map(|registrar| registrar.send("AcceptRequest", accept()));
    let answers = futures::future::join_all(asking).await;
    let done = |answer: &&crate::server::Answer| answer.root()["userErrors"] == json!([]);
    assert_eq!(answers.iter().filter(done).count(), 1);
    // Who came later is told that it is decided, or what the decision did.
    for refused in answers.iter().filter(|answer| !done(answer)) {
        assert_eq!(refused.code(), "REQUEST_DECIDED_ALREADY", "{}", refused.body);
    }
    assert_eq!(week.taken(&stream).await, 1);
    assert_eq!(week.against(&request).await, ["REQUEST_DECIDED_ALREADY"]);

    // The same click twice is one.
    let other = campus.student("Басқа").await;
    let request = asked(&other, week.adding(&physics, &[&stream])).await;
    let keyed = json!({"request": request, "key": "k-1"});
    let first = campus.registrar.ask("AcceptRequest", keyed.clone()).await;
    let again = campus.registrar.ask("AcceptRequest", keyed).await;
    assert_eq!(first, again);
    assert_eq!(week.taken(&stream).await, 2);
}

async fn of_two_browsers_one_opens_a_request(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let [mathematics, physics] = [week.subject("MATH1", 5).await, week.subject("PHYS1", 5).await];
    let Registered { enrollment, .. } = week.registered(student, &mathematics, &[]).await;
    let wanted = || json!({"change": giving_up(&enrollment)});
    let asking = [(), (), ()].map(|()| student.send("OpenAddDropRequest", wanted()));
    let answers = futures::future::join_all(asking).await;
    let (done, refused): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.root()["userErrors"] == json!([]));
    assert_eq!(done.len(), 1);
    let request = text(&done[0].root()["request"]["id"]);
    for refused in refused {
        assert_eq!(refused.code(), "REQUEST_OPEN_ALREADY");
        let facts = &refused.root()["userErrors"][0]["facts"];
        assert_eq!(*facts, json!([{"name": "request", "value": request}]));
    }
    // Nor is one opened that touches the same registration in another way.
    for change in [week.swapping(&enrollment, &physics, &[]), giving_up(&enrollment)] {
        let refused = student.refused("OpenAddDropRequest", json!({"change": change})).await;
        assert_eq!(refused, "REQUEST_OPEN_ALREADY");
    }
    // Under one key it is one request, also after it was withdrawn.
    let keyed = json!({"change": week.adding(&physics, &[]), "key": "k-1"});
    let first = student.ask("OpenAddDropRequest", keyed.clone()).await;
    assert_eq!(student.ask("OpenAddDropRequest", keyed).await, first);
    // What the swap takes is asked for already.
    let swap = json!({"change": week.swapping(&enrollment, &physics, &[])});
    student.ask("WithdrawRequest", json!({"request": request})).await;
    let refused = student.user_error("OpenAddDropRequest", swap.clone()).await;
    assert_eq!(refused["code"], "REQUEST_OPEN_ALREADY");
    let told = "A request about the same subject waits for its decision already.";
    assert_eq!(refused["message"], told);
    student.ask("WithdrawRequest", json!({"request": first["request"]["id"]})).await;
    student.ask("OpenAddDropRequest", swap).await;
    let all = campus.registrar.ask("Requests", json!({"filter": {}, "first": 10})).await;
    let statuses: Vec<_> =
        all["nodes"].as_array().unwrap().iter().map(|node| text(&node["status"])).collect();
    assert_eq!(statuses, ["WITHDRAWN", "WITHDRAWN", "NEW"]);
}

async fn a_request_is_its_students_and_of_those_it_concerns(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let subject = week.subject("MATH1", 5).await;
    let Registered { enrollment, .. } = week.registered(student, &subject, &[]).await;
    let stranger = campus.student("Бөтен").await;
    for change in [giving_up(&enrollment), week.swapping(&enrollment, &subject, &[])] {
        let error = stranger.user_error("OpenAddDropRequest", json!({"change": change})).await;
        assert_eq!(error["code"], "NOT_YOURS");
    }
    let unknown = json!({"change": giving_up(&subject)});
    assert_eq!(student.refused("OpenAddDropRequest", unknown).await, "ENROLLMENT_UNKNOWN");
    let request = asked(student, giving_up(&enrollment)).await;
    let accept = json!({"request": request, "reason": "жоқ"});
    for decision in ["AcceptRequest", "RefuseRequest"] {
        for who in [student, &campus.advisor, &campus.auditor] {
            assert_eq!(who.refused(decision, accept.clone()).await, "FORBIDDEN");
        }
    }
    assert_eq!(stranger.refused("WithdrawRequest", accept.clone()).await, "NOT_YOURS");
    assert_eq!(campus.registrar.refused("WithdrawRequest", accept).await, "FORBIDDEN");
    let other_advisor = person(&campus.administrator, "Өзге", &["ADVISOR"]).await;
    let list = json!({"filter": {"status": "NEW", "kind": "ADD_DROP"}, "first": 5});
    for (who, may) in [
        (student, true),
        (&campus.registrar, true),
        (&campus.auditor, true),
        (&campus.advisor, true),
        (&other_advisor, false),
        (&campus.teacher, false),
        (&stranger, false),
    ] {
        let shown = who.send("Request", json!({"id": request})).await;
        let node = who.send("Node", json!({"id": request})).await;
        if may {
            assert_eq!(shown.done()["student"]["id"], student.id);
            assert_eq!(node.done(), json!({"__typename": "Request", "id": request}));
        } else {
            assert_eq!([shown.code(), node.code()], ["FORBIDDEN", "FORBIDDEN"]);
        }
    }
    for (who, found) in
        [(&campus.registrar, 1), (&campus.auditor, 1), (&campus.advisor, 1), (&other_advisor, 0)]
    {
        let listed = who.ask("Requests", list.clone()).await;
        assert_eq!(listed["totalCount"], found);
        assert_eq!(listed["nodes"].as_array().map(Vec::len), Some(found));
    }
    assert_eq!(student.refused("Requests", list).await, "FORBIDDEN");
    let of = "query($id: ID!) { person(id: $id) { requests { totalCount } } }";
    let theirs = campus.registrar.ask(of, json!({"id": student.id})).await;
    assert_eq!(theirs, json!({"requests": null}));
}

async fn requests_are_opened_in_their_time(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let student = campus.student("Қанатов").await;
    let week = AddDrop { campus, term, student };
    let AddDrop { campus, term, student } = &week;
    let wanted = json!({"change": week.adding(&subject, &[])});
    // By the manual add/drop was the first week of the semester.
    let error = student.user_error("OpenAddDropRequest", wanted.clone()).await;
    assert_eq!(error["code"], "ADD_DROP_CLOSED");
    assert_eq!(error["field"], json!(["change"]));
    // Until a second ago.
    let closes_at = Timestamp::now() - SignedDuration::from_secs(1);
    let input = json!({
        "termId": term, "kind": "ADD_DROP", "opensAt": moment(-24), "closesAt": closes_at,
    });
    campus.registrar.ask("SetPeriod", json!({"input": input})).await;
    let error = student.user_error("OpenAddDropRequest", wanted.clone()).await;
    assert_eq!(error["code"], "ADD_DROP_CLOSED");
    assert_eq!(error["facts"][1], json!({"name": "closes_at", "value": closes_at.to_string()}));
    campus.period(term, "REGISTRATION", -24, 24).await;
    let opened = student.ask("OpenAddDropRequest", wanted).await;
    // What was signed meanwhile is not opened again by what was asked for while one registered.
    let other = campus.subject("PHYS1", 5, &[]).await;
    let iep = register(student, &other, term).await.iep;
    student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    assert_eq!(week.against(&text(&opened["request"]["id"])).await, ["IEP_IS_SIGNED"]);
}

async fn requests_come_page_by_page(config: Config) {
    let week = AddDrop::open(&config).await;
    let AddDrop { campus, student, .. } = &week;
    let mut requests = Vec::new();
    for code in ["A1", "B1", "C1"] {
        let subject = week.subject(code, 5).await;
        requests.push(asked(student, week.adding(&subject, &[])).await);
    }
    let ids = |page: &Value| -> Vec<String> {
        page["nodes"].as_array().unwrap().iter().map(|node| text(&node["id"])).collect()
    };
    // Staff begin with the oldest, a student sees the newest first.
    let mut asked = json!({"filter": {"studentId": student.id}, "first": 2});
    let first = campus.registrar.ask("Requests", asked.clone()).await;
    assert_eq!(ids(&first), requests[..2]);
    assert_eq!(first["totalCount"], 3);
    assert_eq!(first["nodes"][0]["addDropChange"]["subject"]["code"], "A1");
    asked["after"] = first["pageInfo"]["endCursor"].clone();
    assert_eq!(ids(&campus.registrar.ask("Requests", asked).await), requests[2..]);
    let mut asked = json!({"first": 2});
    let first = student.ask("MyRequests", asked.clone()).await["requests"].clone();
    assert_eq!(ids(&first), [requests[2].clone(), requests[1].clone()]);
    asked["after"] = first["pageInfo"]["endCursor"].clone();
    let last = student.ask("MyRequests", asked).await["requests"].clone();
    assert_eq!(ids(&last), requests[..1]);
    assert_eq!(last["pageInfo"]["hasNextPage"], false);
    // Between two times.
    let from = first["nodes"][1]["openedAt"].clone();
    let later = json!({"filter": {"openedAfter": from}, "first": 9});
    assert_eq!(ids(&campus.registrar.ask("Requests", later).await), requests[1..]);
    let before = json!({"filter": {"openedBefore": moment(-1)}, "first": 9});
    assert_eq!(ids(&campus.registrar.ask("Requests", before).await), [] as [&str; 0]);
    // Named in the reader's language.
    for (language, name) in
        [("kk", "Пән қосу"), ("ru", "Добавление дисциплины"), ("en", "Add a subject")]
    {
        let request = student.operation("MyRequests", json!({"first": 1}));
        let shown = crate::server::answer(request.header("Accept-Language", language)).await;
        assert_eq!(shown.unwrap().done()["requests"]["nodes"][0]["name"], name);
    }
}
