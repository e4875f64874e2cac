//! Waiting for a seat in a stream (manual 2.4.1).

use jiff::{SignedDuration, Timestamp};
use oqu::config::Config;
use serde_json::{Value, json};

use super::programmes::programme_of;
use crate::{
    campus::{Campus, day, register},
    server::{Client, text, until},
    streams::Events,
};

tests! { both {
    a_freed_seat_is_held_for_the_first_in_line,
    an_offer_that_is_not_taken_in_time_goes_to_the_next,
    a_registration_that_is_given_up_leaves_the_line,
    who_studies_no_longer_waits_in_no_line_and_their_seats_are_told,
    accepting_gives_up_the_seat_of_the_same_component,
    a_lecture_and_its_laboratory_are_accepted_in_one_act,
    two_browsers_of_one_student_wait_once_and_take_one_seat,
    seats_are_kept_for_a_programme_until_a_time,
    a_seat_kept_for_a_year_of_study_is_for_who_is_in_it_in_that_term,
    who_leaves_is_named_where_seats_go,
    who_loses_a_seat_reads_why,
    a_seat_that_is_held_is_given_up_to_a_lower_limit_and_nobody_passes_the_line,
    a_student_follows_all_seats_that_are_held_for_them,
    an_acceptance_is_refused_with_all_reasons_each_beside_its_stream,
} }

/// A lecture with one seat, and a student who has it.
struct Full {
    campus: Campus,
    term: String,
    subject: String,
    stream: String,
    holder: Guest,
}

/// A student with a registration for the subject.
struct Guest {
    client: Client,
    enrollment: String,
}

impl Full {
    async fn open(config: &Config) -> Self {
        Self::holding(config, 3_600).await
    }

    /// Where an offer holds for so many seconds.
    async fn holding(config: &Config, seconds: u32) -> Self {
        let campus = Campus::open(config).await;
        let rules = json!({"offerHoldsSeconds": seconds});
        campus.regulation("2021", "2021-09-01".parse().unwrap(), rules).await;
        let term = campus.open_term("Күз", -30, 90).await;
        let subject = campus.subject("MATH1", 5, &[]).await;
        let stream = campus.stream(&subject, &term, "A", json!({"limit": 1})).await;
        let holder = guest(&campus, &subject, &term, "Бірінші").await;
        holder.choose(&stream).await;
        Self { campus, term, subject, stream, holder }
    }

    /// Somebody who waits for the seat.
    async fn waits(&self, name: &str) -> Guest {
        let guest = self.guest(name).await;
        guest.does("JoinWaitingList", &self.stream).await;
        guest
    }

    async fn guest(&self, name: &str) -> Guest {
        guest(&self.campus, &self.subject, &self.term, name).await
    }

    async fn seats(&self) -> Value {
        let seats = "query($id: ID!) { stream(id: $id) { seats { taken limit held waiting } } }";
        self.holder.client.ask(seats, json!({"id": self.stream})).await["seats"].clone()
    }
}

async fn guest(campus: &Campus, subject: &str, term: &str, name: &str) -> Guest {
    registered(campus.student(name).await, subject, term).await
}

async fn registered(client: Client, subject: &str, term: &str) -> Guest {
    let enrollment = register(&client, subject, term).await.enrollment;
    Guest { client, enrollment }
}

impl Guest {
    fn wanted(&self, stream: &str) -> Value {
        json!({"enrollment": self.enrollment, "stream": stream})
    }

    async fn choose(&self, stream: &str) {
        self.client.ask("ChooseStream", self.wanted(stream)).await;
    }

    /// What the student waits for then, the only line.
    async fn does(&self, operation: &str, stream: &str) -> Value {
        let done = self.client.ask(operation, self.wanted(stream)).await;
        done["enrollment"]["waiting"][0].clone()
    }

    async fn refused(&self, operation: &str, stream: &str) -> String {
        self.client.refused(operation, self.wanted(stream)).await
    }

    async fn waiting(&self) -> Value {
        self.client.ask("Waiting", json!({"enrollment": self.enrollment})).await["waiting"][0]
            .clone()
    }

    async fn streams(&self) -> Vec<String> {
        let found = self.client.ask("Waiting", json!({"enrollment": self.enrollment})).await;
        let streams = found["streams"].as_array().unwrap().iter();
        streams.map(|stream| text(&stream["id"])).collect()
    }

    async fn is_offered(&self) -> bool {
        self.waiting().await["offer"] != Value::Null
    }
}

async fn a_freed_seat_is_held_for_the_first_in_line(config: Config) {
    let full = Full::open(&config).await;
    let Full { campus, stream, holder, .. } = &full;
    let [second, third] = [full.guest("Екінші").await, full.guest("Үшінші").await];
    let outside = full.guest("Бөтен").await;
    let joined = second.does("JoinWaitingList", stream).await;
    assert_eq!((&joined["place"], &joined["offer"]), (&json!(1), &Value::Null));
    let behind = third.does("JoinWaitingList", stream).await;
    assert_eq!(behind["place"], 2);
    assert!(joined["position"].as_i64() < behind["position"].as_i64());
    assert_eq!(second.refused("JoinWaitingList", stream).await, "WAITING_ALREADY");
    assert_eq!(holder.refused("JoinWaitingList", stream).await, "STREAM_HELD");
    assert_eq!(outside.refused("ChooseStream", stream).await, "STREAM_FULL");
    let seats = json!({"taken": 1, "limit": 1, "held": 0, "waiting": 2});
    assert_eq!(full.seats().await, seats);

    // The freed seat is held for the first, who is told.
    let follow = json!({"enrollment": second.enrollment, "stream": stream});
    let mut told = Events::follow(&second.client, "WaitingChanged", follow).await;
    assert_eq!(told.item().await["waiting"]["offer"], Value::Null);
    holder.client.ask("LeaveStream", holder.wanted(stream)).await;
    let until = told.item().await["waiting"]["offer"]["until"].clone();
    assert_eq!(second.waiting().await["offer"]["until"], until);
    let seats = json!({"taken": 0, "limit": 1, "held": 1, "waiting": 1});
    assert_eq!(full.seats().await, seats);

    // Nobody passes the line: neither from outside, nor from behind, nor by a registrar's hand.
    let refused = outside.client.user_error("ChooseStream", outside.wanted(stream)).await;
    assert_eq!(refused["code"], "SEATS_HELD");
    let facts = json!([{"name": "held", "value": "1"}, {"name": "waiting", "value": "1"}]);
    assert_eq!(refused["facts"], facts);
    assert_eq!(third.refused("ChooseStream", stream).await, "SEATS_HELD");
    assert_eq!(third.refused("AcceptSeat", stream).await, "SEAT_NOT_OFFERED");
    assert_eq!(outside.refused("AcceptSeat", stream).await, "NOT_WAITING");
    let by_registrar = campus.registrar.refused("ChooseStream", outside.wanted(stream)).await;
    assert_eq!(by_registrar, "SEATS_HELD");

    // Declined, it goes to the next, who takes it.
    assert_eq!(second.does("DeclineSeat", stream).await["ended"], "DECLINED");
    assert_eq!(told.item().await["waiting"]["ended"], "DECLINED");
    told.completed().await;
    assert_eq!(third.waiting().await["place"], 1);
    // A place is that of now: of who has left the line there is none, also in what is told of then.
    let behind_joining = json!({
        "enrollment": second.enrollment, "stream": stream, "after": joined["position"].as_i64().unwrap() - 1,
    });
    let mut again = Events::follow(&second.client, "WaitingChanged", behind_joining).await;
    for ended in [Value::Null, Value::Null, json!("DECLINED")] {
        let then = again.item().await["waiting"].clone();
        assert_eq!((&then["ended"], &then["place"]), (&ended, &Value::Null));
    }
    let accepted = third.client.ask("AcceptSeat", third.wanted(stream)).await;
    assert_eq!(accepted["enrollment"]["streams"], json!([{"id": stream}]));
    assert_eq!(accepted["enrollment"]["waiting"][0]["ended"], "SEATED");
    assert_eq!(accepted["enrollment"]["waiting"][0]["place"], Value::Null);
    third.client.ask("LeaveStream", third.wanted(stream)).await;
    assert_eq!(outside.refused("JoinWaitingList", stream).await, "SEAT_FREE");
    outside.choose(stream).await;
    // Another's line is nobody's business.
    let other = campus.student("Өзге").await;
    let refused = other.refused("JoinWaitingList", second.wanted(stream)).await;
    assert_eq!(refused, "NOT_YOURS");
}

async fn an_offer_that_is_not_taken_in_time_goes_to_the_next(config: Config) {
    let full = Full::holding(&config, 2).await;
    let [second, third] = [full.waits("Екінші").await, full.waits("Үшінші").await];
    full.holder.client.ask("LeaveStream", full.holder.wanted(&full.stream)).await;
    until("the offer goes on", async || second.waiting().await["ended"] == "LAPSED").await;
    let late = second.client.user_error("AcceptSeat", second.wanted(&full.stream)).await;
    assert_eq!(
        (&late["code"], &late["facts"][0]["name"]),
        (&json!("OFFER_LAPSED"), &json!("until"))
    );
    assert_eq!(second.refused("DeclineSeat", &full.stream).await, "OFFER_LAPSED");
    // With all else that speaks against it.
    let practice = json!({"kind": "PRACTICE", "limit": 0});
    let practice = full.campus.stream(&full.subject, &full.term, "P", practice).await;
    let mut wanted = second.wanted(&full.stream);
    wanted["with"] = json!([practice]);
    let late = second.client.send("AcceptSeat", wanted).await;
    let told = late.root()["userErrors"].as_array().unwrap().iter();
    let told: Vec<_> = told.map(|error| error["code"].clone()).collect();
    assert_eq!(told, ["OFFER_LAPSED", "STREAM_FULL"]);
    until("the next's lapses too", async || third.waiting().await["ended"] == "LAPSED").await;
    // Behind the line it is free for all, also for who was late.
    assert_eq!(full.seats().await["held"], 0);
    second.choose(&full.stream).await;
    assert_eq!(second.streams().await, [full.stream.as_str()]);
}

async fn a_registration_that_is_given_up_leaves_the_line(config: Config) {
    let full = Full::open(&config).await;
    let [second, third] = [full.waits("Екінші").await, full.waits("Үшінші").await];
    second.client.ask("DropSubject", json!({"enrollment": second.enrollment})).await;
    assert_eq!(second.waiting().await["ended"], "DROPPED");
    assert_eq!(third.waiting().await["place"], 1);
    assert_eq!(second.refused("JoinWaitingList", &full.stream).await, "ENROLLMENT_DROPPED");
    // Who registers and waits again is behind.
    register(&second.client, &full.subject, &full.term).await;
    assert_eq!(second.does("JoinWaitingList", &full.stream).await["place"], 2);
    // A seat that is held for a registration that is given up goes to the next.
    full.holder.client.ask("DropSubject", json!({"enrollment": full.holder.enrollment})).await;
    assert!(third.is_offered().await);
    third.client.ask("DropSubject", json!({"enrollment": third.enrollment})).await;
    assert!(second.is_offered().await);
}

async fn accepting_gives_up_the_seat_of_the_same_component(config: Config) {
    let full = Full::open(&config).await;
    let Full { campus, term, subject, stream, holder } = &full;
    let meeting = json!({"weekday": "MONDAY", "startsAt": "09:00", "endsAt": "10:00"});
    let more = json!({"limit": 1, "meetings": [meeting]});
    let evening = campus.stream(subject, term, "B", more).await;
    let clashing = campus.subject("PHYS1", 5, &[]).await;
    let other = campus.stream(&clashing, term, "A", json!({"meetings": [meeting]})).await;

    // The second waits for the seat of the first, and the first for that of the second.
    let second = full.guest("Екінші").await;
    second.choose(&evening).await;
    second.does("JoinWaitingList", stream).await;
    holder.does("JoinWaitingList", &evening).await;
    let physics = register(&holder.client, &clashing, term).await.enrollment;
    let wanted = json!({"enrollment": physics, "stream": other});
    holder.client.ask("ChooseStream", wanted.clone()).await;
    holder.client.ask("LeaveStream", holder.wanted(stream)).await;
    second.does("AcceptSeat", stream).await;
    assert_eq!(second.streams().await, [stream.as_str()]);

    // The seat that was given up by accepting is held for the one who waits for it.
    assert!(holder.is_offered().await);
    let clash = holder.client.user_error("AcceptSeat", holder.wanted(&evening)).await;
    assert_eq!(clash["code"], "STREAMS_CLASH");
    assert!(text(&clash["facts"][0]["value"]).contains("PHYS1"), "{clash}");
    // A refusal takes nothing away.
    assert!(holder.is_offered().await);
    holder.client.ask("LeaveStream", wanted).await;
    holder.does("AcceptSeat", &evening).await;
    assert_eq!(holder.streams().await, [evening]);
}

async fn a_lecture_and_its_laboratory_are_accepted_in_one_act(config: Config) {
    let full = Full::open(&config).await;
    let Full { campus, term, subject, stream, holder } = &full;
    let with_laboratory = async |lecture: &str, group: &str| {
        let more = json!({"kind": "LABORATORY", "parentId": lecture, "limit": 1});
        campus.stream(subject, term, group, more).await
    };
    let laboratory = with_laboratory(stream, "A").await;
    holder.choose(&laboratory).await;
    let evening = campus.stream(subject, term, "B", json!({"limit": 1})).await;
    let of_evening = with_laboratory(&evening, "B").await;

    // The second has the evening's lecture and laboratory, and waits for those of the first.
    let second = full.guest("Екінші").await;
    second.choose(&evening).await;
    second.choose(&of_evening).await;
    for wanted in [stream, &laboratory] {
        second.client.ask("JoinWaitingList", second.wanted(wanted)).await;
    }
    for held in [&laboratory, stream] {
        holder.client.ask("LeaveStream", holder.wanted(held)).await;
    }
    // The lecture alone would leave the evening's laboratory without its own.
    assert_eq!(second.refused("AcceptSeat", stream).await, "CHILD_STREAM_HELD");
    let both = json!({
        "enrollment": second.enrollment, "stream": stream, "with": [laboratory, laboratory, stream],
    });
    second.client.ask("AcceptSeat", both).await;
    let mut held = second.streams().await;
    held.sort();
    let mut wanted = [stream.clone(), laboratory.clone()];
    wanted.sort();
    assert_eq!(held, wanted);
    // Both of the evening's are free now.
    holder.choose(&evening).await;
    holder.choose(&of_evening).await;
}

async fn who_studies_no_longer_waits_in_no_line_and_their_seats_are_told(config: Config) {
    let full = Full::open(&config).await;
    let Full { campus, stream, holder, .. } = &full;
    let [first, second, third] =
        [full.waits("Екінші").await, full.waits("Үшінші").await, full.waits("Төртінші").await];
    let leaving = |mutation: &str| {
        format!(
            "mutation($input: StudentReasonInput!) {{ {mutation}(input: $input) {{
            warnings {{ code message facts {{ name value }} }} userErrors {{ code }} }} }}"
        )
    };
    let leaves = async |mutation: &str, who: &Guest| {
        let input = json!({"input": {"studentId": who.client.id, "reason": "Өтініш"}});
        campus.registrar.ask(&leaving(mutation), input).await["warnings"].clone()
    };
    // Who waits is in the line no more; the seat of who has one stays.
    assert_eq!(leaves("takeAcademicLeave", &second).await, json!([]));
    assert_eq!(second.waiting().await["ended"], "NOT_STUDYING");
    let warnings = leaves("takeAcademicLeave", holder).await;
    let message = "The seat in MATH1 (A) is kept: give up the registration, or take the student out of \
                   the stream, if somebody else is to have it.";
    assert_eq!(warnings[0]["code"], "SEAT_KEPT");
    assert_eq!(warnings[0]["message"], message);
    let fact = json!({"name": "stream", "value": stream});
    assert!(warnings[0]["facts"].as_array().unwrap().contains(&fact));
    assert_eq!(full.seats().await, json!({"taken": 1, "limit": 1, "held": 0, "waiting": 2}));

    // What is held for who is expelled goes to the next at once.
    campus.registrar.ask("LeaveStream", holder.wanted(stream)).await;
    assert!(first.is_offered().await);
    assert_eq!(leaves("expelStudent", &first).await, json!([]));
    assert_eq!(first.waiting().await["ended"], "NOT_STUDYING");
    assert!(third.is_offered().await);
    third.does("AcceptSeat", stream).await;
}

async fn two_browsers_of_one_student_wait_once_and_take_one_seat(config: Config) {
    let full = Full::open(&config).await;
    let Full { stream, holder, .. } = &full;
    let guest = full.guest("Екінші").await;
    let both = async |one: &str, other: &str| {
        let (one, other) = futures::future::join(
            guest.client.send(one, guest.wanted(stream)),
            guest.client.send(other, guest.wanted(stream)),
        )
        .await;
        let refused = [one, other].into_iter().filter(|answer| {
            let errors = answer.root()["userErrors"].as_array();
            errors.is_some_and(|errors| !errors.is_empty())
        });
        refused.map(|answer| answer.code()).collect::<Vec<_>>()
    };
    for _ in 0..5 {
        assert_eq!(both("JoinWaitingList", "JoinWaitingList").await, ["WAITING_ALREADY"]);
        holder.client.ask("LeaveStream", holder.wanted(stream)).await;
        let refused = both("AcceptSeat", "DeclineSeat").await;
        let seated = !guest.streams().await.is_empty();
        assert_eq!(refused, ["NOT_WAITING"], "one of the two, seated: {seated}");
        if seated {
            guest.client.ask("LeaveStream", guest.wanted(stream)).await;
        }
        holder.choose(stream).await;
        guest.does("JoinWaitingList", stream).await;
        holder.client.ask("LeaveStream", holder.wanted(stream)).await;
        let refused = both("AcceptSeat", "ChooseStream").await;
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert_eq!(full.seats().await["taken"], 1);
        guest.client.ask("LeaveStream", guest.wanted(stream)).await;
        holder.choose(stream).await;
    }
}

async fn seats_are_kept_for_a_programme_until_a_time(config: Config) {
    let full = Full::open(&config).await;
    let Full { campus, term, subject, .. } = &full;
    let registrar = &campus.registrar;
    let stream = campus.stream(subject, term, "B", json!({"limit": 2})).await;
    let keep = |code: &str, year: Option<i32>, seats: i32, until: Timestamp| {
        json!({"input": {
            "streamId": stream, "programmeCode": code, "yearOfStudy": year, "seats": seats,
            "until": until,
        }})
    };
    // Of a programme that there is not nothing is kept, and what was kept of one can be given up.
    let soon = Timestamp::now() + SignedDuration::from_secs(3_600);
    let unknown = registrar.user_error("ReserveSeats", keep("7M05101", Some(2), 2, soon)).await;
    assert_eq!(
        (&unknown["code"], &unknown["field"], &unknown["facts"]),
        (
            &json!("PROGRAMME_UNKNOWN"),
            &json!(["programmeCode"]),
            &json!([{"name": "programme", "value": "7M05101"}])
        )
    );
    registrar.ask("ReserveSeats", keep("7M05101", Some(2), 0, soon)).await;
    let nobody = json!({"input": {"streamId": stream, "seats": 1, "until": soon}});
    assert_eq!(registrar.refused("ReserveSeats", nobody).await, "RESERVED_FOR_ALL");
    programme_of(campus, "7M05101").await;
    // Both seats are kept for others than these students; then only for their own programme.
    let kept = registrar.ask("ReserveSeats", keep("7M05101", Some(2), 2, soon)).await;
    let shown = &kept["stream"]["seats"]["reserved"][0];
    assert_eq!((&shown["name"], &shown["seats"]), (&json!("7M05101, 2"), &json!(2)));
    let too_many = registrar.refused("ReserveSeats", keep("6B06101", None, 1, soon)).await;
    assert_eq!(too_many, "RESERVED_BEYOND_LIMIT");
    let guest = full.guest("Екінші").await;
    let refused = guest.client.user_error("ChooseStream", guest.wanted(&stream)).await;
    assert_eq!(
        (&refused["code"], &refused["field"]),
        (&json!("SEATS_RESERVED"), &json!(["streamId"]))
    );
    assert_eq!(refused["facts"][0], json!({"name": "free", "value": "2"}));
    let told = text(&refused["facts"][1]["value"]);
    assert!(told.starts_with("7M05101, 2: 2 until "), "{told}");

    registrar.ask("ReserveSeats", keep("7M05101", Some(2), 1, soon)).await;
    registrar.ask("ReserveSeats", keep("6B06101", None, 1, soon)).await;
    guest.choose(&stream).await;
    let next = full.guest("Үшінші").await;
    assert_eq!(next.refused("ChooseStream", &stream).await, "SEATS_RESERVED");
    // Who waits is offered the seat when it is kept no longer, by itself.
    next.does("JoinWaitingList", &stream).await;
    let moment = Timestamp::now() + SignedDuration::from_secs(2);
    registrar.ask("ReserveSeats", keep("7M05101", Some(2), 1, moment)).await;
    until("the seat is kept no longer", async || next.is_offered().await).await;
    next.does("AcceptSeat", &stream).await;
    assert_eq!(next.streams().await, [stream.as_str()]);
    let past = registrar.refused("ReserveSeats", keep("7M05101", Some(2), 1, moment)).await;
    assert_eq!(past, "RESERVED_UNTIL_PAST");
}

async fn a_seat_kept_for_a_year_of_study_is_for_who_is_in_it_in_that_term(config: Config) {
    let full = Full::open(&config).await;
    let Full { campus, term, subject, .. } = &full;
    let stream = campus.stream(subject, term, "B", json!({"limit": 1})).await;
    let until = Timestamp::now() + SignedDuration::from_secs(3_600);
    let keep = json!({"input": {
        "streamId": stream, "programmeCode": "6B06101", "yearOfStudy": 2, "seats": 1, "until": until,
    }});
    campus.registrar.ask("ReserveSeats", keep).await;
    let first_year = full.guest("Екінші").await;
    assert_eq!(first_year.refused("ChooseStream", &stream).await, "SEATS_RESERVED");
    // Admitted to the first year a year ago.
    let admitted = json!({"yearOfStudy": 1, "admittedOn": day(-366)});
    let second_year = campus.student_of("Үшінші", admitted).await;
    registered(second_year, subject, term).await.choose(&stream).await;
}

async fn who_leaves_is_named_where_seats_go(config: Config) {
    let full = Full::open(&config).await;
    let Full { campus, stream, holder, .. } = &full;
    let registrar = &campus.registrar;
    let waits = full.waits("Екінші").await;
    let limit = |limit: i32, leaving: &[&Guest]| {
        let leaving: Vec<_> = leaving.iter().map(|guest| guest.enrollment.clone()).collect();
        let reason = "Аудитория кіші";
        json!({"input": {"streamId": stream, "limit": limit, "leaving": leaving, "reason": reason}})
    };
    let refused = registrar.user_error("ChangeStreamLimit", limit(0, &[])).await;
    assert_eq!(refused["code"], "LIMIT_BELOW_SEATS");
    assert_eq!(refused["facts"][1], json!({"name": "taken", "value": "1"}));
    let of = async |guest: &Guest| {
        let name = "query($id: ID!) { student(id: $id) { displayName } }";
        let student = registrar.ask(name, json!({"id": guest.client.id})).await;
        json!([{"name": "student", "value": student["displayName"]}])
    };
    let told = |error: &Value| json!([error["code"], error["field"], error["facts"]]);
    let seatless = registrar.user_error("ChangeStreamLimit", limit(0, &[holder, &waits])).await;
    let expected = json!(["STREAM_NOT_HELD", ["leaving", "1"], of(&waits).await]);
    assert_eq!(told(&seatless), expected);
    let twice = registrar.user_error("ChangeStreamLimit", limit(0, &[holder, holder])).await;
    assert_eq!(told(&twice), json!(["NAMED_TWICE", ["leaving", "1"], of(holder).await]));
    // Nobody leaves who need not.
    for same_or_more in [1, 2] {
        let named = limit(same_or_more, &[holder]);
        let needless = registrar.user_error("ChangeStreamLimit", named).await;
        assert_eq!(needless["code"], "LEAVING_NEEDLESS");
        assert_eq!(needless["field"], json!(["leaving"]));
        assert_eq!(needless["facts"][1], json!({"name": "needed", "value": "0"}));
    }
    // More seats go to who waits; fewer take the seat of whoever is named, everywhere.
    registrar.ask("ChangeStreamLimit", limit(2, &[])).await;
    waits.does("AcceptSeat", stream).await;
    let changed = registrar.ask("ChangeStreamLimit", limit(1, &[holder])).await;
    let seats = &changed["stream"]["seats"];
    assert_eq!((&seats["taken"], &seats["limit"]), (&json!(1), &json!(1)));
    assert!(holder.streams().await.is_empty());

    let again = holder.does("JoinWaitingList", stream).await;
    assert_eq!(again["place"], 1);
    let close = |leaving: &[&Guest]| {
        let leaving: Vec<_> = leaving.iter().map(|guest| guest.enrollment.clone()).collect();
        json!({"input": {"streamId": stream, "leaving": leaving, "reason": "Оқытушы кетті"}})
    };
    assert_eq!(registrar.refused("CloseStream", close(&[])).await, "SEATS_TAKEN");
    let closed = registrar.ask("CloseStream", close(&[&waits])).await;
    assert_eq!(
        (&closed["stream"]["closed"], &closed["stream"]["seats"]["taken"]),
        (&json!(true), &json!(0))
    );
    assert_eq!(holder.waiting().await["ended"], "CLOSED");
    assert!(waits.streams().await.is_empty());
    assert_eq!(waits.refused("ChooseStream", stream).await, "STREAM_CLOSED");
    assert_eq!(waits.refused("JoinWaitingList", stream).await, "STREAM_CLOSED");
}

async fn who_loses_a_seat_reads_why(config: Config) {
    let full = Full::open(&config).await;
    let Full { campus, term, subject, stream, holder } = &full;
    let registrar = &campus.registrar;
    let lower = |reason: Value| {
        let leaving = [&holder.enrollment];
        json!({"input": {"streamId": stream, "limit": 0, "leaving": leaving, "reason": reason}})
    };
    for reason in [json!(null), json!("  ")] {
        let refused = registrar.user_error("ChangeStreamLimit", lower(reason)).await;
        assert_eq!(refused["code"], "TEXT_EMPTY");
        assert_eq!(refused["field"], json!(["reason"]));
    }
    registrar.ask("ChangeStreamLimit", lower(json!("Аудитория кіші"))).await;
    let lost = "lostSeats { stream { id } enrollment { id } takenAway { reason by { id } } }";
    let on_record = format!("query($id: ID!) {{ enrollment(id: $id) {{ {lost} }} }}");
    let first_page = format!("query {{ me {{ student {{ dashboard {{ {lost} }} }} }} }}");
    let expected = json!([{
        "stream": {"id": stream}, "enrollment": {"id": holder.enrollment},
        "takenAway": {"reason": "Аудитория кіші", "by": {"id": registrar.id}},
    }]);
    let of_holder = json!({"id": holder.enrollment});
    let seen = holder.client.ask(&on_record, of_holder.clone()).await;
    assert_eq!(seen["lostSeats"], expected);
    let seen = holder.client.ask(&first_page, json!({})).await;
    assert_eq!(seen["student"]["dashboard"]["lostSeats"], expected);
    // In the log, with both events.
    let history = "query($id: ID!) { history(filter: {studentId: $id, eventType: \
        \"StreamSeatReleased\"}) { nodes { data } } }";
    let released = campus.auditor.ask(history, json!({"id": holder.client.id})).await;
    assert!(released["nodes"][0]["data"]["because"]["id"].is_string(), "{released}");
    // Who has another seat since has nothing to mend, and who only teaches is not told.
    let other = campus.stream(subject, term, "B", json!({})).await;
    holder.choose(&other).await;
    let taught = campus.teacher.ask(&on_record, of_holder.clone()).await;
    assert_eq!(taught["lostSeats"], json!(null));
    let seen = holder.client.ask(&first_page, json!({})).await;
    assert_eq!(seen["student"]["dashboard"]["lostSeats"], json!([]));
    let seen = registrar.ask(&on_record, of_holder).await;
    assert_eq!(seen["lostSeats"], expected);
}

async fn a_seat_that_is_held_is_given_up_to_a_lower_limit_and_nobody_passes_the_line(
    config: Config,
) {
    let full = Full::open(&config).await;
    let Full { campus, stream, holder, .. } = &full;
    let registrar = &campus.registrar;
    let [second, third] = [full.waits("Екінші").await, full.waits("Үшінші").await];
    let limit = |limit: i32, leaving: &[&Guest]| {
        let leaving: Vec<_> = leaving.iter().map(|guest| guest.enrollment.clone()).collect();
        let reason = "Аудитория кіші";
        json!({"input": {"streamId": stream, "limit": limit, "leaving": leaving, "reason": reason}})
    };
    registrar.ask("ChangeStreamLimit", limit(3, &[])).await;
    assert!(second.is_offered().await && third.is_offered().await);
    let refused = registrar.refused("ChangeStreamLimit", limit(2, &[])).await;
    assert_eq!(refused, "LIMIT_BELOW_SEATS");
    let passed = registrar.user_error("ChangeStreamLimit", limit(2, &[&second])).await;
    assert_eq!(passed["code"], "LINE_PASSED");
    assert_eq!(passed["field"], json!(["leaving"]));
    // All but the one who has a seat, who leaves too.
    let everybody = [holder, &second, &third];
    let lowered = registrar.ask("ChangeStreamLimit", limit(0, &everybody)).await;
    assert_eq!(lowered["stream"]["seats"]["taken"], 0);
    let seats = json!({"taken": 0, "limit": 0, "held": 0, "waiting": 2});
    assert_eq!(full.seats().await, seats);
    let withdrawn = "query($id: ID!) { enrollment(id: $id) { waiting { place offer { until } \
        ended offerWithdrawn { reason by { id } } } } }";
    let seen = second.client.ask(withdrawn, json!({"id": second.enrollment})).await;
    let why = json!({"reason": "Аудитория кіші", "by": {"id": registrar.id}});
    let waits = json!({"place": 1, "offer": null, "ended": null, "offerWithdrawn": why});
    assert_eq!(seen["waiting"], json!([waits]));
    let offers = second.client.ask("ToChoose", json!({})).await;
    assert_eq!(offers["student"]["dashboard"]["seatOffers"], json!([]));
    assert_eq!(second.refused("AcceptSeat", stream).await, "SEAT_NOT_OFFERED");
    // The next seat is for who was first in the line before.
    registrar.ask("ChangeStreamLimit", limit(1, &[])).await;
    assert!(second.is_offered().await && !third.is_offered().await);
    let seen = second.client.ask(withdrawn, json!({"id": second.enrollment})).await;
    assert_eq!(seen["waiting"][0]["offerWithdrawn"], json!(null));
    // Nor does it go with the stream, unless it is said why; who waits behind is told that it was closed.
    let close = |leaving: &[&Guest], reason: Option<&str>| {
        let leaving: Vec<_> = leaving.iter().map(|guest| guest.enrollment.clone()).collect();
        json!({"input": {"streamId": stream, "leaving": leaving, "reason": reason}})
    };
    let refused = registrar.user_error("CloseStream", close(&[], None)).await;
    assert_eq!(refused["code"], "SEATS_TAKEN");
    assert_eq!(refused["facts"][1], json!({"name": "held", "value": "1"}));
    assert_eq!(registrar.refused("CloseStream", close(&[&second], None)).await, "TEXT_EMPTY");
    let closed = registrar.ask("CloseStream", close(&[&second], Some("Оқытушы кетті"))).await;
    assert_eq!(closed["stream"]["closed"], true);
    let why = json!({"reason": "Оқытушы кетті", "by": {"id": registrar.id}});
    let seen = second.client.ask(withdrawn, json!({"id": second.enrollment})).await;
    let ended = json!({"place": null, "offer": null, "ended": "CLOSED", "offerWithdrawn": why});
    assert_eq!(seen["waiting"], json!([ended]));
    assert_eq!(third.waiting().await["ended"], "CLOSED");
    let seats = json!({"taken": 0, "limit": 1, "held": 0, "waiting": 0});
    assert_eq!(full.seats().await, seats);
}

async fn a_student_follows_all_seats_that_are_held_for_them(config: Config) {
    let full = Full::open(&config).await;
    let Full { campus, term, stream, holder, .. } = &full;
    let physics = campus.subject("PHYS1", 4, &[]).await;
    let other = campus.stream(&physics, term, "F", json!({"limit": 1})).await;
    let there = registered(holder.client.clone(), &physics, term).await;
    there.choose(&other).await;
    let second = full.waits("Екінші").await;
    let also = registered(second.client.clone(), &physics, term).await;
    also.does("JoinWaitingList", &other).await;

    let mut told = Events::follow(&second.client, "SeatOffersChanged", json!({})).await;
    // What is held now comes first, also where that is nothing.
    assert_eq!(told.item().await["seatOffers"], json!([]));
    holder.client.ask("LeaveStream", holder.wanted(stream)).await;
    let first = told.item().await;
    let held = |offers: &Value| {
        let offers = offers.as_array().unwrap().iter();
        offers.map(|held| text(&held["stream"]["id"])).collect::<Vec<_>>()
    };
    assert_eq!(held(&first["seatOffers"]), [stream.as_str()]);
    assert_eq!(first["seatOffers"][0]["enrollment"]["id"], second.enrollment);
    holder.client.ask("LeaveStream", there.wanted(&other)).await;
    let both = told.item().await;
    assert_eq!(held(&both["seatOffers"]), [stream.clone(), other.clone()]);
    let dashboard = second.client.ask("ToChoose", json!({})).await["student"]["dashboard"].clone();
    assert_eq!(dashboard["seatOffers"], both["seatOffers"]);
    second.client.ask("AcceptSeat", second.wanted(stream)).await;
    assert_eq!(held(&told.item().await["seatOffers"]), [other.as_str()]);
    // Whoever comes back gets what they have not seen.
    let from = json!({"after": first["position"]});
    let mut again = Events::follow(&second.client, "SeatOffersChanged", from).await;
    assert_eq!(again.item().await, both);
    also.does("DeclineSeat", &other).await;
    assert!(held(&told.item().await["seatOffers"]).is_empty());
    // Nobody follows somebody else's.
    let query = "subscription($id: ID!) { seatOffersChanged(studentId: $id) { position } }";
    let theirs = json!({"id": second.client.id});
    let mut foreign = Events::follow(&holder.client, query, theirs).await;
    assert_eq!(foreign.refused().await, "FORBIDDEN");
}

async fn an_acceptance_is_refused_with_all_reasons_each_beside_its_stream(config: Config) {
    let full = Full::open(&config).await;
    let Full { campus, term, subject, stream, .. } = &full;
    let more = json!({"kind": "LABORATORY", "limit": 1, "configuration": "2"});
    let laboratory = campus.stream(subject, term, "L", more).await;
    let second = full.waits("Екінші").await;
    let third = full.guest("Үшінші").await;
    third.choose(&laboratory).await;
    let query = "mutation($enrollment: ID!, $stream: ID!, $with: [ID!]) {
        acceptSeat(input: { enrollmentId: $enrollment, streamId: $stream, withIds: $with }) {
            position userErrors { code field } } }";
    let mut wanted = second.wanted(stream);
    wanted["with"] = json!([laboratory]);
    let refused = second.client.send(query, wanted).await;
    let mixed = |field: Value| json!({"code": "STREAM_CONFIGURATION_MIXED", "field": field});
    let expected = json!([
        mixed(json!(["streamId"])),
        {"code": "SEAT_NOT_OFFERED", "field": ["streamId"]},
        mixed(json!(["withIds", "0"])),
        {"code": "STREAM_FULL", "field": ["withIds", "0"]},
    ]);
    assert_eq!(refused.root()["userErrors"], expected);
}
