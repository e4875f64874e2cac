//! A folder that is imported again: what was changed here stays, what the folder says anew comes, and the plans of
//! students follow a stream that meets at other times, by an import and by a registrar.

use aggregates::{
    shared::{EnrollmentId, IepId, Meeting, PersonId, TimeOfDay, Weekday},
    stream::StreamCard,
};
use oqu::{cabinet::Cabinet, config::Config};
use projections::{iep::IepTrails, stream::Streams};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    common::assert_dense,
    import::{SOURCE, copy, edit, import, open, somebody, stream, subject, term},
    server::{Client, Server, account},
};

tests! { both {
    what_a_registrar_changed_outlives_the_same_folder_again,
    plans_follow_a_class_that_meets_at_other_times_in_the_folder,
    an_imported_seat_is_no_hindrance_where_a_registrar_moves_a_stream,
} }

/// A folder in which history has two practices beside its class, on Tuesdays and on Wednesdays.
fn with_practices() -> TempDir {
    let folder = copy("oneroster");
    edit(folder.path(), "results.csv", "r5,active", "r5,tobedeleted");
    let practice = |id: &str, part: &str, day: &str| {
        format!(
            "{id},active,Семинар,tar,Т-{id},scheduled,А-1,dala,2024-1,30,1,{part},,{day},10:00,50,\n"
        )
    };
    let rows = practice("tue", "practice", "0100000") + &practice("wed", "seminar", "0010000");
    edit(folder.path(), "classes.csv", "fiz-1,active", &(rows + "fiz-1,active"));
    folder
}

/// That university with a registrar of its own, and its student Aliya, who chose both practices and has a plan by it.
struct Practised {
    folder: TempDir,
    server: Server,
    registrar: Client,
    aliya: PersonId,
}

impl Practised {
    async fn open(config: &Config) -> Self {
        let folder = with_practices();
        import(config, folder.path(), &[]).must_have_taken_everything();
        let cabinet = self::open(config).await;
        let (aliya, _) = somebody(&cabinet, SOURCE, "s1").await;
        cabinet.close().await;
        account(config, "registrar", "registrar");
        let server = Server::start(config);
        let registrar = server.sign_in("registrar").await;
        let history = EnrollmentId::of(aliya, subject("tar"), term("2024-1"));
        for class in ["tue", "wed"] {
            let choosing = json!({"enrollment": history, "stream": stream(class)});
            registrar.ask("ChooseStream", choosing).await;
        }
        Self { folder, server, registrar, aliya }
    }

    /// When she is in a class by her plan: weekday, from, room.
    async fn on_plan(&self, cabinet: &Cabinet, class: &str) -> Vec<(Weekday, TimeOfDay, String)> {
        let key = IepId::of(self.aliya, 2024).to_string();
        let plan = cabinet.views.get::<IepTrails>(&key).await.unwrap().unwrap();
        plan.streams[&stream(class)].meetings.iter().map(told).collect()
    }

    fn to(class: &str, meeting: Value, despite: bool) -> Value {
        let (id, meetings) = (stream(class), [meeting]);
        json!({"input": {"streamId": id, "meetings": meetings, "despiteClashes": despite}})
    }
}

fn told(meeting: &Meeting) -> (Weekday, TimeOfDay, String) {
    (meeting.weekday, meeting.starts_at, meeting.room.clone().unwrap_or_default())
}

fn at(weekday: Weekday, starts_at: &str, room: &str) -> (Weekday, TimeOfDay, String) {
    (weekday, starts_at.parse().unwrap(), room.to_owned())
}

async fn card(cabinet: &Cabinet, class: &str) -> StreamCard {
    let key = stream(class).to_string();
    cabinet.views.get::<Streams>(&key).await.unwrap().unwrap().card.clone().unwrap()
}

async fn what_a_registrar_changed_outlives_the_same_folder_again(config: Config) {
    let folder = with_practices();
    let path = folder.path();
    import(&config, path, &[]).must_have_taken_everything();
    account(&config, "registrar", "registrar");
    let mut server = Server::start(&config);
    let registrar = server.sign_in("registrar").await;
    let limit = json!({"input": {"streamId": stream("tue"), "limit": 40}});
    registrar.ask("ChangeStreamLimit", limit).await;
    let friday = json!({"weekday": "FRIDAY", "startsAt": "16:00", "endsAt": "16:50", "room": "9"});
    registrar.ask("ChangeStreamMeetings", Practised::to("tue", friday, false)).await;
    let rooms = json!({"input": {"streamId": stream("mat-lec"), "rooms": ["7", "8"]}});
    registrar.ask("ChangeStreamPlace", rooms).await;
    assert!(server.stop().success());

    let cabinet = open(&config).await;
    let events = assert_dense(&cabinet.database).await;
    let (tuesday, lecture) = (card(&cabinet, "tue").await, card(&cabinet, "mat-lec").await);
    cabinet.close().await;
    let again = import(&config, path, &[]);
    again.must_have_taken_everything();
    assert_eq!(again.counts("classes.csv"), [7, 0, 7, 0]);
    let cabinet = open(&config).await;
    assert_eq!(assert_dense(&cabinet.database).await, events);
    assert_eq!(card(&cabinet, "tue").await, tuesday);
    assert_eq!(card(&cabinet, "mat-lec").await, lecture);
    cabinet.close().await;

    // What the folder says anew comes, by itself.
    edit(
        path,
        "classes.csv",
        "Т-tue,scheduled,А-1,dala,2024-1,30,",
        "Т-tue,scheduled,А-1,dala,2024-1,35,",
    );
    edit(path, "classes.csv", "1010000,08:30,50", "1010000,08:30,80");
    let changed = import(&config, path, &[]);
    changed.must_have_taken_everything();
    assert_eq!(changed.counts("classes.csv"), [7, 2, 5, 0]);
    let cabinet = open(&config).await;
    assert_eq!(card(&cabinet, "tue").await, StreamCard { limit: Some(35), ..tuesday });
    let now = card(&cabinet, "mat-lec").await;
    let ends: Vec<_> = now.meetings.iter().map(|meeting| meeting.ends_at.to_string()).collect();
    assert_eq!(ends, ["09:50", "09:50"]);
    let monday_and_wednesday =
        [at(Weekday::Monday, "08:30", "7"), at(Weekday::Wednesday, "08:30", "8")];
    assert_eq!(now.meetings.iter().map(told).collect::<Vec<_>>(), monday_and_wednesday);
    assert_eq!(now.teachers, lecture.teachers);
    cabinet.close().await;
}

async fn plans_follow_a_class_that_meets_at_other_times_in_the_folder(config: Config) {
    let mut campus = Practised::open(&config).await;
    assert!(campus.server.stop().success());
    let path = campus.folder.path();
    let plan = async |cabinet: &Cabinet| {
        [campus.on_plan(cabinet, "tue").await, campus.on_plan(cabinet, "wed").await]
    };
    let (tuesday, wednesday) = (Weekday::Tuesday, Weekday::Wednesday);

    // Each takes the hour of the other: on the way there is a clash, at the end there is none. The lecture of
    // analysis moves too, in which others have imported seats and no plan.
    edit(path, "classes.csv", "practice,,0100000", "practice,,0010000");
    edit(path, "classes.csv", "seminar,,0010000", "seminar,,0100000");
    edit(path, "classes.csv", "1010000,08:30,50", "0000100,08:30,50");
    let swapped = import(&config, path, &[]);
    swapped.must_have_taken_everything();
    assert_eq!(swapped.counts("classes.csv"), [7, 3, 4, 0]);
    assert_eq!(swapped.report["warnings"], json!([]));
    let cabinet = open(&config).await;
    let expected = [vec![at(wednesday, "10:00", "А-1")], vec![at(tuesday, "10:00", "А-1")]];
    assert_eq!(plan(&cabinet).await, expected);
    assert_eq!(card(&cabinet, "mat-lec").await.meetings.len(), 1);
    let events = assert_dense(&cabinet.database).await;
    cabinet.close().await;

    // Both at once: the folder is followed, and the report says whose plan it is.
    edit(path, "classes.csv", "seminar,,0100000,10:00", "seminar,,0010000,10:30");
    let dry = import(&config, path, &["--dry-run"]);
    let clashing = import(&config, path, &[]);
    for ran in [&dry, &clashing] {
        ran.must_have_taken_everything();
        assert_eq!(ran.counts("classes.csv"), [7, 1, 6, 0]);
        let reason = "it meets at other times, at which those have another class on their plans: \
                      Нұрланқызы Әлия";
        let warning = json!({"file": "classes.csv", "line": 6, "reason": reason});
        assert_eq!(ran.report["warnings"], json!([warning]));
        assert!(
            ran.said.contains(&format!("classes.csv, line 6, warning: {reason}")),
            "{}",
            ran.said
        );
    }
    let cabinet = open(&config).await;
    let expected = [vec![at(wednesday, "10:00", "А-1")], vec![at(wednesday, "10:30", "А-1")]];
    assert_eq!(plan(&cabinet).await, expected);
    // The class and the plan, in one act; nothing by the dry run.
    assert_eq!(assert_dense(&cabinet.database).await, events + 2);
    cabinet.close().await;

    // Nothing follows again, and nothing is warned of again.
    let again = import(&config, path, &[]);
    again.must_have_taken_everything();
    assert_eq!(again.report["warnings"], json!([]));
    let cabinet = open(&config).await;
    assert_eq!(assert_dense(&cabinet.database).await, events + 2);
    cabinet.close().await;
}

async fn an_imported_seat_is_no_hindrance_where_a_registrar_moves_a_stream(config: Config) {
    let mut campus = Practised::open(&config).await;
    let registrar = &campus.registrar;
    let on = |weekday: &str, from: &str, to: &str| json!({"weekday": weekday, "startsAt": from, "endsAt": to});
    // Her lecture of analysis is on no plan, and yet she can't be in two places; Daniil, who is in it too, has none.
    let clash = Practised::to("mat-lec", on("TUESDAY", "10:30", "11:20"), false);
    let error = registrar.user_error("ChangeStreamMeetings", clash).await;
    assert_eq!(error["code"], "STUDENT_STREAMS_CLASH");
    assert_eq!(error["facts"][0]["value"], "Нұрланқызы Әлия");
    let free = Practised::to("mat-lec", on("TUESDAY", "11:00", "11:50"), false);
    let moved = registrar.ask("ChangeStreamMeetings", free).await;
    assert_eq!(moved["stream"]["meetings"][0]["startsAt"], "11:00");
    // What she chose, her plan follows; the next choice goes by the new times of both.
    let later = Practised::to("tue", on("THURSDAY", "14:00", "14:50"), false);
    registrar.ask("ChangeStreamMeetings", later).await;
    let meeting = on("TUESDAY", "11:30", "12:20");
    let input = json!({
        "subjectId": subject("tar"), "termId": term("2024-1"), "kind": "LABORATORY", "group": "З",
        "meetings": [meeting],
    });
    let laboratory =
        registrar.ask("OpenStream", json!({"input": input})).await["stream"]["id"].clone();
    let history = EnrollmentId::of(campus.aliya, subject("tar"), term("2024-1"));
    let choosing = json!({"enrollment": history, "stream": laboratory});
    let clash = registrar.user_error("ChooseStream", choosing).await;
    assert_eq!(clash["code"], "STREAMS_CLASH");
    assert_eq!(clash["facts"][0]["value"], "MAT101 tuesday 11:00-11:50");
    assert!(campus.server.stop().success());
    let cabinet = open(&config).await;
    assert_eq!(campus.on_plan(&cabinet, "tue").await, [at(Weekday::Thursday, "14:00", "")]);
    let (daniil, _) = somebody(&cabinet, SOURCE, "s2").await;
    let none = cabinet.views.get::<IepTrails>(&IepId::of(daniil, 2024).to_string()).await.unwrap();
    assert!(none.is_none());
    cabinet.close().await;
}
