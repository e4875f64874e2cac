//! A folder that is imported again: what was changed here stays, what the folder says anew comes, and the plans of
//! students follow a stream that meets at other times, by an import and by a registrar.

use aggregates::{
    academic_calendar::{AcademicCalendarCommand, Term},
    iep::{ChosenStream, IepCommand, Opening, Placement},
    shared::{
        CalendarId, Credits, EnrollmentId, IepId, Meeting, Origin, PersonId, StreamId, TermId,
        Text, TimeOfDay, Weekday, Weeks,
    },
    stream::{Stream, StreamCard, StreamCommand},
};
use oqu::{
    cabinet::Cabinet,
    config::Config,
    views::{Tables, Views},
};
use projections::{iep::IepTrails, stream::Streams, term::Terms};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    common::{ask, assert_dense},
    import::{SOURCE, copy, edit, import, open, somebody, stream, subject, term},
    server::{Client, Server, account},
};

tests! {
    both {
        what_a_registrar_changed_outlives_the_same_folder_again,
        plans_follow_a_class_that_meets_at_other_times_in_the_folder,
        a_class_that_clashes_in_a_term_of_another_year_is_told,
        an_imported_seat_is_no_hindrance_where_a_registrar_moves_a_stream,
        a_class_that_too_many_are_in_stays_where_it_is,
    }
    postgres {
        a_class_is_chosen_and_left_while_an_import_moves_it,
    }
}

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

    /// When she is in a class by her plan, if she is.
    async fn on_plan(&self, views: &Views, class: &str) -> Option<Vec<When>> {
        let key = IepId::of(self.aliya, 2024).to_string();
        let plan = views.get::<IepTrails>(&key).await.unwrap().unwrap();
        Some(plan.streams.get(&stream(class))?.meetings.iter().map(told).collect())
    }

    fn to(class: &str, meeting: Value, despite: bool) -> Value {
        let (id, meetings) = (stream(class), [meeting]);
        json!({"input": {"streamId": id, "meetings": meetings, "despiteClashes": despite}})
    }
}

/// Weekday, from, room.
type When = (Weekday, TimeOfDay, String);

fn told(meeting: &Meeting) -> When {
    (meeting.weekday, meeting.starts_at, meeting.room.clone().unwrap_or_default())
}

fn at(weekday: Weekday, starts_at: &str, room: &str) -> When {
    (weekday, starts_at.parse().unwrap(), room.to_owned())
}

async fn card(views: &Views, class: &str) -> StreamCard {
    let key = stream(class).to_string();
    views.get::<Streams>(&key).await.unwrap().unwrap().card.clone().unwrap()
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
    let (tuesday, lecture) =
        (card(&cabinet.views, "tue").await, card(&cabinet.views, "mat-lec").await);
    cabinet.close().await;
    let again = import(&config, path, &[]);
    again.must_have_taken_everything();
    assert_eq!(again.counts("classes.csv"), [7, 0, 7, 0]);
    let cabinet = open(&config).await;
    assert_eq!(assert_dense(&cabinet.database).await, events);
    assert_eq!(card(&cabinet.views, "tue").await, tuesday);
    assert_eq!(card(&cabinet.views, "mat-lec").await, lecture);
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
    assert_eq!(card(&cabinet.views, "tue").await, StreamCard { limit: Some(35), ..tuesday });
    let now = card(&cabinet.views, "mat-lec").await;
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
        [
            campus.on_plan(&cabinet.views, "tue").await.unwrap(),
            campus.on_plan(&cabinet.views, "wed").await.unwrap(),
        ]
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
    assert_eq!(card(&cabinet.views, "mat-lec").await.meetings.len(), 1);
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

/// A term of the next academic year lies within this one's semester.
async fn a_class_that_clashes_in_a_term_of_another_year_is_told(config: Config) {
    const YEAR: i16 = 2025;
    let mut campus = Practised::open(&config).await;
    assert!(campus.server.stop().success());
    let cabinet = open(&config).await;
    let before = term("2024-1");
    let known = cabinet.views.get::<Terms>(&before.to_string()).await.unwrap().unwrap();
    let semester = known.term.clone().unwrap();
    let school = Term { id: TermId::new(), ..semester.clone() };
    let terms = [semester.clone(), school.clone()].map(|term| (term.id, term.days()));
    let on_thursday = Meeting {
        weekday: Weekday::Thursday,
        starts_at: "10:00".parse().unwrap(),
        ends_at: "10:50".parse().unwrap(),
        weeks: Weeks::every(),
        room: None,
    };
    let chosen = ChosenStream {
        stream: StreamId::new(),
        enrollment: EnrollmentId::of(campus.aliya, subject("tar"), school.id),
        term: school.id,
        code: Text::short("GEO1").unwrap(),
        meetings: vec![on_thursday],
    };
    let iep = IepId::of(campus.aliya, YEAR);
    let opening = Opening {
        iep,
        student: campus.aliya,
        year: YEAR,
        advisor: None,
        regulation: "2025".into(),
        year_limit: Credits::whole(60),
    };
    let placement = Placement {
        unplanned: Some(opening),
        ..Placement::on_plan(chosen, None, terms.into_iter().collect())
    };
    let add = AcademicCalendarCommand::AddTerm { year: YEAR, term: school, origin: None };
    let acts = [add.of(CalendarId::of(YEAR)), IepCommand::PlaceStreams(placement).of(iep)];
    cabinet.execute(ask(acts)).await.unwrap();
    cabinet.close().await;
    let path = campus.folder.path();
    edit(path, "classes.csv", "practice,,0100000", "practice,,0001000");
    let ran = import(&config, path, &[]);
    ran.must_have_taken_everything();
    let reason = "it meets at other times, at which those have another class on their plans: \
                  Нұрланқызы Әлия";
    let warning = json!({"file": "classes.csv", "line": 5, "reason": reason});
    assert_eq!(ran.report["warnings"], json!([warning]));
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
    let thursday = [at(Weekday::Thursday, "14:00", "")];
    assert_eq!(campus.on_plan(&cabinet.views, "tue").await.unwrap(), thursday);
    let (daniil, _) = somebody(&cabinet, SOURCE, "s2").await;
    let none = cabinet.views.get::<IepTrails>(&IepId::of(daniil, 2024).to_string()).await.unwrap();
    assert!(none.is_none());
    cabinet.close().await;
}

async fn a_class_that_too_many_are_in_stays_where_it_is(config: Config) {
    let folder = with_practices();
    import(&config, folder.path(), &[]).must_have_taken_everything();
    let cabinet = open(&config).await;
    let taught = stream("tue");
    let seat = |number: usize| {
        let student = PersonId::derived(&["crowd", &number.to_string()]);
        let enrollment = EnrollmentId::of(student, subject("tar"), term("2024-1"));
        let origin = Origin { source: SOURCE.into(), file: "crowd.csv".into(), line: 2, day: None };
        StreamCommand::ImportSeat { stream: taught, student, enrollment, origin }.of(taught)
    };
    cabinet.execute(ask((0..=Stream::MOST_TOLD).map(seat))).await.unwrap();
    let before = card(&cabinet.views, "tue").await;
    cabinet.close().await;
    edit(folder.path(), "classes.csv", "0100000,10:00", "0100000,11:00");
    let ran = import(&config, folder.path(), &[]);
    assert_eq!(ran.counts("classes.csv"), [7, 0, 6, 1]);
    let rejected = &ran.report["rejected"][0];
    assert_eq!((&rejected["file"], &rejected["line"]), (&json!("classes.csv"), &json!(5)));
    let reason = rejected["reason"].as_str().unwrap();
    assert!(reason.ends_with("2001, 2000 at the most"), "{reason}");
    let cabinet = open(&config).await;
    assert_eq!(card(&cabinet.views, "tue").await, before);
    cabinet.close().await;
}

/// Beside a server in whose classes students come and go: the import asks again who has a seat, or says in its report
/// that it found no moment.
async fn a_class_is_chosen_and_left_while_an_import_moves_it(config: Config) {
    const ROUNDS: usize = 8;
    let campus = Practised::open(&config).await;
    let history = EnrollmentId::of(campus.aliya, subject("tar"), term("2024-1"));
    let seat = json!({"enrollment": history, "stream": stream("tue")});
    let database = config.location().open_to_read().await.unwrap();
    let views = Views::new(database.clone(), Tables::read(&database).await.unwrap());
    let mut moved = 0;
    for hour in 10..10 + ROUNDS {
        let (now, next) = (format!("0100000,{hour}:00"), format!("0100000,{}:00", hour + 1));
        edit(campus.folder.path(), "classes.csv", &now, &next);
        let (to, folder) = (config.clone(), campus.folder.path().to_owned());
        let importing = tokio::task::spawn_blocking(move || import(&to, &folder, &[]));
        while !importing.is_finished() {
            come_and_go(&campus.registrar, &seat).await;
        }
        let ran = importing.await.unwrap();
        match ran.report["rejected"][0]["reason"].as_str() {
            None => moved += 1,
            Some(reason) => assert!(reason.starts_with("SEATS_CHANGED"), "{reason}"),
        }
        if let Some(on_plan) = campus.on_plan(&views, "tue").await {
            let meetings = card(&views, "tue").await.meetings;
            assert_eq!(on_plan, meetings.iter().map(told).collect::<Vec<_>>());
        }
    }
    assert!(moved > 0, "the import never found a moment");
}

/// She leaves the class and comes back, where it stays where it is meanwhile.
async fn come_and_go(registrar: &Client, seat: &Value) {
    for operation in ["LeaveStream", "ChooseStream"] {
        let answer = registrar.send(operation, seat.clone()).await;
        let code = answer.root()["userErrors"][0]["code"].as_str();
        let known = [None, Some("MEETINGS_CHANGED"), Some("STREAM_NOT_HELD")];
        assert!(known.contains(&code), "{}", answer.body);
    }
}
