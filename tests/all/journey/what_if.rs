//! What if: more than taking, what would be given up for it, and seats that are kept or held (manual 2.3.1, 2.4.1).

use oqu::config::Config;
use serde_json::{Value, json};

use crate::{
    campus::{Campus, moment, register},
    server::{Client, text},
};

tests! { both {
    what_would_be_given_up_is_out_of_the_picture,
    a_seat_that_is_kept_or_held_for_the_asker_is_theirs,
    a_stream_that_is_listed_is_exchanged_as_the_subjects_own,
    a_stream_of_another_subject_is_told_with_the_subjects_that_it_is_not_of,
} }

const WHAT_IF: &str = "query($term: ID!, $subjects: [ID!]!, $streams: [ID!]!, $giveUp: [ID!]!) { \
    whatIf(termId: $term, subjectIds: $subjects, streamIds: $streams, giveUpIds: $giveUp) { allowed \
      subjects { subject { code } reasons { code } \
                 missingComponents { configuration components } } \
      streams { reasons { code } } clashes { with { group } held } \
      giveUps { enrollment { id } allowed reasons { code } } warnings { code facts { value } } \
      credits { fact } yearCredits { plan fact } } }";

/// What would come of it in a term.
async fn what_if(
    student: &Client,
    term: &str,
    subjects: &[&String],
    streams: &[&String],
    give_up: &[&String],
) -> Value {
    let asked = json!({"term": term, "subjects": subjects, "streams": streams, "giveUp": give_up});
    student.ask(WHAT_IF, asked).await
}

fn codes(one: &Value) -> Vec<String> {
    let reasons = one["reasons"].as_array().unwrap().iter();
    reasons.map(|reason| text(&reason["code"])).collect()
}

async fn what_would_be_given_up_is_out_of_the_picture(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let later = campus.open_term("Көктем", 100, 90).await;
    let [big, physics, chemistry, new, spring] = [
        campus.subject("MATH1", 20, &[]).await,
        campus.subject("PHYS1", 4, &[]).await,
        campus.subject("CHEM1", 4, &[]).await,
        campus.subject("HIST1", 10, &[]).await,
        campus.subject("PHIL1", 6, &[]).await,
    ];
    let with_physics = json!({"subject": chemistry, "requirement": {"registeredNowId": physics}});
    campus.registrar.ask("SetRequirement", with_physics).await;
    let nine = json!([{"weekday": "MONDAY", "startsAt": "09:00", "endsAt": "10:00"}]);
    let of_big = campus.stream(&big, &term, "M", json!({"meetings": nine})).await;
    let of_new = campus.stream(&new, &term, "H", json!({"meetings": nine})).await;
    campus.stream(&new, &term, "L", json!({"kind": "LABORATORY"})).await;
    let student = campus.student("Қанатов").await;
    let of_maths = register(&student, &big, &term).await.enrollment;
    let of_physics = register(&student, &physics, &term).await.enrollment;
    register(&student, &chemistry, &term).await;
    register(&student, &spring, &later).await;
    student.ask("ChooseStream", json!({"enrollment": of_maths, "stream": of_big})).await;

    let beside = what_if(&student, &term, &[&new], &[&of_new], &[]).await;
    assert_eq!(codes(&beside["subjects"][0]), ["CREDITS_OVER_LIMIT"]);
    assert_eq!(beside["clashes"], json!([{"with": {"group": "M"}, "held": true}]));
    assert_eq!(beside["credits"]["fact"], 38);
    assert_eq!(beside["yearCredits"], json!({"plan": 60, "fact": 44}));
    let lacks = json!([{"configuration": "1", "components": ["laboratory"]}]);
    assert_eq!(beside["subjects"][0]["missingComponents"], lacks);

    let instead = what_if(&student, &term, &[&new], &[&of_new], &[&of_maths]).await;
    assert_eq!(instead["allowed"], true, "{instead}");
    assert_eq!(instead["clashes"], json!([]));
    assert_eq!(instead["credits"]["fact"], 18);
    assert_eq!(instead["yearCredits"]["fact"], 24);
    let given = json!([{"enrollment": {"id": of_maths}, "allowed": true, "reasons": []}]);
    assert_eq!(instead["giveUps"], given);
    assert_eq!(instead["warnings"], json!([]));

    // Chemistry would stay without physics, and could not be taken without it.
    let without = what_if(&student, &term, &[], &[], &[&of_physics]).await;
    let warned = json!([{
        "code": "COREQUISITE_GIVEN_UP", "facts": [{"value": "CHEM1"}, {"value": "PHYS1"}],
    }]);
    assert_eq!(without["warnings"], warned);
    let again = what_if(&student, &term, &[&big], &[], &[&of_maths]).await;
    assert!(codes(&again["subjects"][0]).is_empty(), "{again}");
    // What somebody else has is not there.
    let other = campus.student("Өзге").await;
    let asked = json!({"term": term, "subjects": [], "streams": [], "giveUp": [of_maths]});
    assert_eq!(other.refused(WHAT_IF, asked).await, "NOT_FOUND");
}

async fn a_seat_that_is_kept_or_held_for_the_asker_is_theirs(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let kept = campus.stream(&subject, &term, "A", json!({"limit": 1})).await;
    let of_programme = campus.student("Қанатов").await;
    let reserve = json!({"input": {
        "streamId": kept, "programmeCode": "6B06101", "seats": 1, "until": moment(10),
    }});
    campus.registrar.ask("ReserveSeats", reserve).await;
    let more = json!({"programmeCode": "6B01101", "programmeTitle": "Педагогика"});
    let other = campus.student_of("Өзге", more).await;
    let reasons = async |student: &Client, stream: &String| {
        codes(&what_if(student, &term, &[&subject], &[stream], &[]).await["streams"][0])
    };
    let none: [&str; 0] = [];
    assert_eq!(reasons(&of_programme, &kept).await, none);
    assert_eq!(reasons(&other, &kept).await, ["SEATS_RESERVED"]);

    // A freed seat is held for the one who waits, and for nobody else.
    let held = campus.stream(&subject, &term, "B", json!({"limit": 1})).await;
    let [holder, waits] = [campus.student("Бірінші").await, campus.student("Екінші").await];
    let seat = |enrollment: &str| json!({"enrollment": enrollment, "stream": held});
    let first = register(&holder, &subject, &term).await.enrollment;
    holder.ask("ChooseStream", seat(&first)).await;
    let second = register(&waits, &subject, &term).await.enrollment;
    waits.ask("JoinWaitingList", seat(&second)).await;
    let streams = async |student: &Client| {
        codes(&what_if(student, &term, &[], &[&held], &[]).await["streams"][0])
    };
    assert_eq!(streams(&waits).await, ["STREAM_FULL"]);
    holder.ask("LeaveStream", seat(&first)).await;
    assert_eq!(streams(&waits).await, none);
    assert_eq!(reasons(&other, &held).await, ["SEATS_HELD"]);
}

async fn a_stream_that_is_listed_is_exchanged_as_the_subjects_own(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let [mathematics, statistics] =
        [campus.subject("MATH1", 5, &[]).await, campus.subject("STAT1", 5, &[]).await];
    let nine = json!([{"weekday": "MONDAY", "startsAt": "09:00", "endsAt": "10:00"}]);
    let own = campus.stream(&mathematics, &term, "A", json!({"meetings": nine})).await;
    let listed = campus.stream(&statistics, &term, "B", json!({"meetings": nine})).await;
    campus.registrar.ask("ListStream", json!({"stream": listed, "subject": mathematics})).await;
    let student = campus.student("Қанатов").await;
    let enrollment = register(&student, &mathematics, &term).await.enrollment;
    for (held, wanted) in [(&own, &listed), (&listed, &own)] {
        student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": held})).await;
        let told = what_if(&student, &term, &[], &[wanted], &[]).await;
        assert_eq!(told["allowed"], true, "{told}");
        assert_eq!(told["clashes"], json!([]));
    }
    // Of the other subject it is another component of another registration, at the same time.
    student.ask("ChooseStream", json!({"enrollment": enrollment, "stream": own})).await;
    register(&student, &statistics, &term).await;
    let told = what_if(&student, &term, &[], &[&listed], &[]).await;
    assert_eq!(told["clashes"], json!([{"with": {"group": "A"}, "held": true}]), "{told}");
}

async fn a_stream_of_another_subject_is_told_with_the_subjects_that_it_is_not_of(config: Config) {
    let campus = Campus::open(&config).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let [mathematics, statistics, physics] = [
        campus.subject("MATH1", 5, &[]).await,
        campus.subject("STAT1", 5, &[]).await,
        campus.subject("PHYS1", 5, &[]).await,
    ];
    let stream = campus.stream(&physics, &term, "A", json!({})).await;
    let student = campus.student("Қанатов").await;
    let query = "query($term: ID!, $subjects: [ID!]!, $streams: [ID!]!) { \
        whatIf(termId: $term, subjectIds: $subjects, streamIds: $streams) { \
          streams { reasons { code facts { name value } message } } } }";
    let reasons = async |subjects: &[&String]| {
        let asked = json!({"term": term, "subjects": subjects, "streams": [stream]});
        student.ask(query, asked).await["streams"][0]["reasons"].clone()
    };
    let not_of = |codes: &str| {
        json!([{
            "code": "STREAM_OF_ANOTHER_SUBJECT", "facts": [{"name": "code", "value": codes}],
            "message": format!("The stream does not belong to {codes} in this term."),
        }])
    };
    let both = [&statistics, &mathematics];
    assert_eq!(reasons(&both).await, not_of("STAT1, MATH1"));
    assert_eq!(reasons(&[&physics]).await, json!([]));
    // Where nothing would be taken there is nothing that it could be of.
    assert_eq!(reasons(&[]).await[0]["code"], "SUBJECT_NOT_IN_PLAN");
    register(&student, &mathematics, &term).await;
    assert_eq!(reasons(&[]).await, not_of("MATH1"));
}
