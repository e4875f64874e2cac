//! `oqu import oneroster`, as it is called: the project's own folders, a good one and one with a bad
//! row of each kind.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use aggregates::shared::{Asking, EnrollmentId, PersonId, Role, StreamId, SubjectId, TermId};
use oqu::{
    cabinet::Cabinet,
    config::Config,
    people::{Details, by_external_ids},
};
use projections::{
    AnyView, account::Accounts, enrollment::Enrollments, iep::IepTrails, journal,
    regulation::Regulations, stream::Streams, student::Students, subject::Subjects, term::Terms,
    transcript::Transcripts,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    campus::{day, moment, sign_in_first},
    common::{assert_dense, count},
    server::{Client, Server, account, text},
};

tests! {
    both {
        a_folder_becomes_records,
        a_second_run_adds_nothing,
        changed_rows_change_records,
        bad_rows_are_reported_and_the_others_imported,
        a_dry_run_finds_the_same_and_writes_nothing,
        what_the_rows_say_together_is_taken_and_warned_of,
        what_was_decided_here_outlives_the_next_run,
        an_imported_student_is_never_in_two_places_at_once,
        what_is_on_no_plan_is_given_up_by_a_request,
    }
    sqlite {
        a_dry_run_makes_no_database,
        an_unusable_folder_writes_nothing,
        a_row_is_found_on_its_line_whatever_lies_before_it,
        what_became_of_the_rows_is_told_in_the_language_that_is_asked_for,
    }
}

pub const SOURCE: &str = "Дала университеті";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// A copy of a folder, to change.
pub fn copy(name: &str) -> TempDir {
    let copy = TempDir::new().unwrap();
    for file in fs::read_dir(folder(name)).unwrap().map(Result::unwrap) {
        fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    copy
}

/// Puts another text in a file in place of one that stands there.
pub fn edit(folder: &Path, file: &str, old: &str, new: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{file} has no `{old}`");
    fs::write(&path, text.replace(old, new)).unwrap();
}

/// What the program ended with, said, and reported.
pub struct Ran {
    code: i32,
    pub said: String,
    complained: String,
    pub report: Value,
}

pub fn import(config: &Config, folder: &Path, flags: &[&str]) -> Ran {
    // Not in the language of whoever runs the tests.
    import_in("C", config, folder, flags)
}

/// The same in an environment of that locale.
fn import_in(locale: &str, config: &Config, folder: &Path, flags: &[&str]) -> Ran {
    let reports = TempDir::new().unwrap();
    let report = reports.path().join("report.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_oqu"));
    command
        .env_remove("DATABASE_URL")
        .env("LC_ALL", locale)
        .args(["import", "oneroster"])
        .arg(folder)
        .args(flags);
    command.arg("--report").arg(&report);
    match &config.database_url {
        Some(url) => command.arg("--database-url").arg(url),
        None => command.arg("--data").arg(&config.data),
    };
    let Output { status, stdout, stderr } = command.output().unwrap();
    let report = fs::read_to_string(report)
        .map_or(Value::Null, |text| serde_json::from_str(&text).unwrap_or(Value::Null));
    Ran {
        code: status.code().unwrap(),
        said: String::from_utf8(stdout).unwrap(),
        complained: String::from_utf8(stderr).unwrap(),
        report,
    }
}

impl Ran {
    pub fn must_have_taken_everything(&self) {
        assert_eq!((self.code, &self.report["rejected"]), (0, &json!([])), "{}", self.complained);
    }

    /// Rows read, imported, unchanged and rejected.
    pub fn counts(&self, file: &str) -> [u64; 4] {
        let counts = &self.report["files"][file];
        ["read", "imported", "unchanged", "rejected"].map(|name| counts[name].as_u64().unwrap())
    }
}

pub async fn open(config: &Config) -> Cabinet {
    Cabinet::open(config.clone()).await.unwrap()
}

pub async fn somebody(cabinet: &Cabinet, source: &str, id: &str) -> (PersonId, Details) {
    let found = by_external_ids(&cabinet.database, source, &[id.to_owned()]).await.unwrap();
    found.get(id).unwrap_or_else(|| panic!("nobody is {id} in {source}")).clone()
}

pub fn subject(id: &str) -> SubjectId {
    SubjectId::derived(&["oneroster", SOURCE, id])
}

pub fn term(id: &str) -> TermId {
    TermId::derived(&["oneroster", SOURCE, id])
}

pub fn stream(id: &str) -> StreamId {
    StreamId::derived(&["oneroster", SOURCE, id])
}

async fn a_folder_becomes_records(config: Config) {
    let ran = import(&config, &folder("oneroster"), &[]);
    ran.must_have_taken_everything();
    let counts = [
        ("orgs.csv", [1, 0, 1, 0]),
        ("academicSessions.csv", [3, 3, 0, 0]),
        ("courses.csv", [3, 3, 0, 0]),
        ("classes.csv", [5, 4, 1, 0]),
        ("users.csv", [7, 6, 1, 0]),
        ("enrollments.csv", [8, 7, 1, 0]),
        ("categories.csv", [2, 0, 2, 0]),
        ("lineItems.csv", [3, 0, 3, 0]),
        ("results.csv", [6, 4, 2, 0]),
    ];
    for (file, wanted) in counts {
        assert_eq!(ran.counts(file), wanted, "{file}");
    }
    assert!(ran.report["seconds"].as_f64().is_some());
    assert!(ran.said.contains("enrollments.csv"), "{}", ran.said);

    let cabinet = open(&config).await;
    assert_dense(&cabinet.database).await;
    catalogue_and_calendar(&cabinet).await;
    timetable(&cabinet).await;
    people(&cabinet).await;
    marks_and_results(&cabinet).await;
    let ieps = AnyView::of::<IepTrails>().table();
    assert_eq!(count(&cabinet.database, &ieps).await, 0);
    nobodys_number_is_in_the_log(&cabinet).await;
    cabinet.close().await;
}

async fn catalogue_and_calendar(cabinet: &Cabinet) {
    let views = &cabinet.views;
    let card = |id| {
        let key = subject(id).to_string();
        async move { views.get::<Subjects>(&key).await.unwrap().unwrap() }
    };
    let history = card("tar").await.card.clone().unwrap();
    let title = "Қазақстан тарихы\n(мемлекеттік емтихан)";
    assert_eq!((history.code.as_str(), history.title.as_str()), ("TAR101", title));
    assert_eq!(history.credits.to_string(), "5", "where the file says nothing");
    let physics = card("fiz").await;
    let offered: Vec<_> = physics.offered.iter().copied().collect();
    assert_eq!(offered, [term("2024-2")]);
    let physics = physics.card.clone().unwrap();
    assert_eq!((physics.code.as_str(), physics.credits.to_string().as_str()), ("fiz", "4.5"));

    let spring = views.get::<Terms>(&term("2024-2").to_string()).await.unwrap().unwrap();
    assert_eq!(
        (spring.year, spring.term.clone().unwrap().title.as_str()),
        (2024, "2-семестр, 2025")
    );
    let rules = views.list::<Regulations>("TRUE", &[], "view_id", 9).await.unwrap().documents;
    let versions: Vec<_> = rules.iter().map(|(_, rules)| rules.version.as_str()).collect();
    assert_eq!(versions, ["kz-default"]);
}

async fn timetable(cabinet: &Cabinet) {
    let card = |id| {
        let key = stream(id).to_string();
        async move { cabinet.views.get::<Streams>(&key).await.unwrap().unwrap().card.clone().unwrap() }
    };
    let lecture = card("mat-lec").await;
    let (teacher, _) = somebody(cabinet, SOURCE, "t1").await;
    assert_eq!((lecture.term, lecture.limit), (term("2024-1"), None));
    assert_eq!(lecture.teachers, [teacher]);
    let meetings: Vec<_> = lecture
        .meetings
        .iter()
        .map(|meeting| {
            let from_to = format!("{}-{}", meeting.starts_at, meeting.ends_at);
            (format!("{:?}", meeting.weekday), from_to, meeting.room.as_deref())
        })
        .collect();
    let (at, room) = ("08:30-09:20".to_owned(), Some("Аудитория 301"));
    assert_eq!(meetings, [("Monday".into(), at.clone(), room), ("Wednesday".into(), at, room)]);
    let laboratory = card("mat-lab").await;
    assert_eq!((laboratory.parent, laboratory.limit), (Some(stream("mat-lec")), Some(15)));
    assert_eq!(laboratory.component.as_str(), "laboratory");
    let history = card("tar-1").await;
    assert_eq!(history.component.as_str(), "scheduled");
    assert_eq!((history.configuration.as_str(), history.group.as_str()), ("1", "Тарих"));
    let deleted = cabinet.views.get::<Streams>(&stream("old").to_string()).await.unwrap();
    assert!(deleted.is_none());
}

async fn people(cabinet: &Cabinet) {
    let (aliya, details) = somebody(cabinet, SOURCE, "s1").await;
    assert_eq!(details.display_name(), "Нұрланқызы Әлия");
    assert_eq!((details.email.as_deref(), details.login), (Some("aliya@dala.example"), None));
    let (daniil, details) = somebody(cabinet, SOURCE, "s2").await;
    assert_eq!(details.display_name(), "Ким Даниил Олегович");
    assert_eq!(details.phone.as_deref(), Some("+7 700 000 00 02"));
    assert_ne!(aliya, daniil, "one user name is no reason to take two people for one");
    assert_eq!(count(&cabinet.database, "persons").await, 6);
    assert_eq!(count(&cabinet.database, "credentials").await, 0);

    let expected = [
        ("s1", Some(vec![Role::Student]), true),
        ("s3", None, true),
        ("t1", Some(vec![Role::Teacher]), false),
        ("a1", Some(vec![]), false),
        ("g1", None, false),
    ];
    for (id, roles, studies) in expected {
        let key = somebody(cabinet, SOURCE, id).await.0.to_string();
        let account = cabinet.views.get::<Accounts>(&key).await.unwrap();
        let found = account.map(|account| account.roles.iter().copied().collect::<Vec<_>>());
        assert_eq!(found, roles, "{id}");
        let student = cabinet.views.get::<Students>(&key).await.unwrap();
        assert_eq!(student.is_some_and(|student| student.status.is_some()), studies, "{id}");
    }
}

async fn marks_and_results(cabinet: &Cabinet) {
    let (aliya, _) = somebody(cabinet, SOURCE, "s1").await;
    let key = journal::key(aliya, term("2024-1"));
    let journal = cabinet.views.get::<journal::Journals>(&key).await.unwrap().unwrap();
    let marks = |id| {
        let enrollment = EnrollmentId::of(aliya, subject(id), term("2024-1"));
        let lines = journal.entries[&enrollment].marks.iter().map(|line| {
            let mark = &line.mark;
            let text = |text: &Option<aggregates::shared::Text>| {
                text.as_ref().map_or("-".to_owned(), ToString::to_string)
            };
            let weight = mark.weight.map_or("-".to_owned(), |weight| weight.to_string());
            let day = mark.day.unwrap();
            let (title, category) = (text(&mark.title), text(&mark.category));
            format!("{title} ({category}) {} x {weight}, {day}", mark.percent)
        });
        lines.collect::<Vec<_>>()
    };
    let analysis = [
        "Шектер (Үй жұмысы) 87.5 x 12.5, 2024-09-16",
        "Туынды (Коллоквиум) 66.67 x 20, 2024-10-14",
    ];
    assert_eq!(marks("mat"), analysis);
    // Dated long before the term: kept.
    assert_eq!(marks("tar"), ["Алаш (-) 83.33 x -, 2023-01-10"]);

    let analysis = EnrollmentId::of(aliya, subject("mat"), term("2024-1"));
    let enrolled = cabinet.views.get::<Enrollments>(&analysis.to_string()).await.unwrap().unwrap();
    let streams: Vec<_> = enrolled.streams.iter().copied().collect();
    let mut both = [stream("mat-lec"), stream("mat-lab")];
    both.sort();
    assert_eq!(streams, both);

    let expected = [
        ("s1", vec!["MAT101 P Distinction 6"]),
        ("s2", vec!["MAT101 NP Fail 6", "fiz W Withdrawn 4.5"]),
        ("s3", vec!["TAR101 P Pass 5"]),
    ];
    for (id, wanted) in expected {
        let key = somebody(cabinet, SOURCE, id).await.0.to_string();
        let transcript = cabinet.views.get::<Transcripts>(&key).await.unwrap().unwrap();
        let grades = transcript.grades.iter().map(|graded| {
            let (taken, grade) = (&graded.taken, &graded.grade);
            assert_eq!(graded.decision.regulation, "kz-default");
            format!("{} {} {} {}", taken.code, grade.letter, grade.word, taken.credits)
        });
        assert_eq!(grades.collect::<Vec<_>>(), wanted, "{id}");
    }
}

/// A number that a person has elsewhere lies in `persons` alone, where it can be erased.
async fn nobodys_number_is_in_the_log(cabinet: &Cabinet) {
    for id in ["s1", "s2", "s3", "t1", "a1", "g1"] {
        let quoted = format!("%\"{id}\"%");
        let sql = "SELECT event_type FROM events WHERE CAST(payload AS text) LIKE $1";
        let found = cabinet.database.fetch(sql, &[quoted.as_str().into()]).await.unwrap();
        assert!(found.is_empty(), "{id}");
    }
}

async fn a_second_run_adds_nothing(config: Config) {
    import(&config, &folder("oneroster"), &[]).must_have_taken_everything();
    let cabinet = open(&config).await;
    let events = assert_dense(&cabinet.database).await;
    cabinet.close().await;

    let again = import(&config, &folder("oneroster"), &[]);
    again.must_have_taken_everything();
    for (file, counts) in again.report["files"].as_object().unwrap() {
        assert_eq!(counts["read"], counts["unchanged"], "{file}");
    }
    let cabinet = open(&config).await;
    assert_eq!(assert_dense(&cabinet.database).await, events);
    assert_eq!(count(&cabinet.database, "person_history").await, 0);
    cabinet.close().await;
}

async fn changed_rows_change_records(config: Config) {
    import(&config, &folder("oneroster"), &[]).must_have_taken_everything();
    let changed = copy("oneroster");
    let path = changed.path();
    edit(path, "courses.csv", "kk,6", "kk,7");
    edit(path, "academicSessions.csv", "2025-05-31", "2025-06-07");
    edit(
        path,
        "classes.csv",
        "tar-1,active,Тарих,tar,,scheduled,,dala,2024-1,30",
        "tar-1,active,Тарих,tar,,scheduled,,dala,2024-1,25",
    );
    edit(path, "users.csv", "Нұрланқызы", "Сәрсенова");
    edit(path, "results.csv", "fully graded,0,", "fully graded,61.005,");
    let ran = import(&config, path, &[]);
    ran.must_have_taken_everything();
    let imported =
        ["academicSessions.csv", "courses.csv", "classes.csv", "users.csv", "results.csv"];
    assert_eq!(imported.map(|file| ran.counts(file)[1]), [1; 5]);

    let cabinet = open(&config).await;
    let views = &cabinet.views;
    let analysis = views.get::<Subjects>(&subject("mat").to_string()).await.unwrap().unwrap();
    assert_eq!(analysis.card.clone().unwrap().credits.to_string(), "7");
    let spring = views.get::<Terms>(&term("2024-2").to_string()).await.unwrap().unwrap();
    assert_eq!(spring.term.clone().unwrap().ends_on.to_string(), "2025-06-07");
    let history = views.get::<Streams>(&stream("tar-1").to_string()).await.unwrap().unwrap();
    assert_eq!(history.card.clone().unwrap().limit, Some(25));
    let (_, details) = somebody(&cabinet, SOURCE, "s1").await;
    assert_eq!(details.display_name(), "Сәрсенова Әлия");
    assert_eq!(count(&cabinet.database, "person_history").await, 1);
    let (daniil, _) = somebody(&cabinet, SOURCE, "s2").await;
    let key = journal::key(daniil, term("2024-1"));
    let journal = views.get::<journal::Journals>(&key).await.unwrap().unwrap();
    let enrollment = EnrollmentId::of(daniil, subject("mat"), term("2024-1"));
    let marks: Vec<_> = journal.entries[&enrollment]
        .marks
        .iter()
        .map(|line| line.mark.percent.to_string())
        .collect();
    assert_eq!(marks, ["61.01"]);
    cabinet.close().await;
}

/// File, line, column, and how the reason begins or ends.
const BAD_ROWS: &[(&str, u64, &str, &str)] = &[
    ("orgs.csv", 3, "name", "empty"),
    ("academicSessions.csv", 3, "type", "`quarter` is no type of session"),
    ("academicSessions.csv", 4, "startDate", "`2025-02-30` is no date (YYYY-MM-DD)"),
    ("academicSessions.csv", 5, "endDate", "2024-05-31 is before the first day, 2025-01-20"),
    ("academicSessions.csv", 6, "sourcedId", "`t1` stands on line 2 already"),
    ("courses.csv", 3, "metadata.credits", "`көп` is no number of credits"),
    ("courses.csv", 4, "metadata.credits", "`0` is no number of credits"),
    ("courses.csv", 5, "orgSourcedId", "there is no `nowhere` in orgs.csv"),
    ("courses.csv", 6, "status", "`archived` is no status"),
    ("courses.csv", 7, "sourcedId", "empty"),
    ("classes.csv", 3, "courseSourcedId", "there is no `nowhere` in courses.csv"),
    ("classes.csv", 4, "courseSourcedId", "`many` on line 3 of courses.csv was not imported"),
    ("classes.csv", 5, "termSourcedIds", "`no-date` on line 4 of academicSessions.csv was not"),
    ("classes.csv", 6, "metadata.parent", "`nowhere` is no class that can be taken with this one"),
    ("classes.csv", 7, "metadata.parent", "`orphan` is no class that can be taken with this one"),
    ("classes.csv", 8, "metadata.minutes", "100 minutes from 23:30 on end past midnight"),
    ("classes.csv", 9, "metadata.days", "`10000` is not seven 0 or 1 from Monday"),
    ("classes.csv", 10, "metadata.startTime", "`25:00` is no time (HH:MM)"),
    ("classes.csv", 11, "metadata.minutes", "empty"),
    ("classes.csv", 12, "metadata.weeks", "`1121` is not one 0 or 1 a week"),
    ("classes.csv", 13, "metadata.capacity", "`-1` is no number of seats"),
    ("classes.csv", 16, "sourcedId", "`c1` stands on line 2 already"),
    ("classes.csv", 17, "metadata.weeks", "it meets in no week"),
    ("classes.csv", 18, "metadata.parent", "`last` is no class that can be taken with this one"),
    ("users.csv", 3, "role", "`wizard` is no role"),
    ("users.csv", 4, "familyName", "5 fields in place of 7"),
    ("users.csv", 5, "email", "9 fields in place of 7"),
    ("users.csv", 6, "givenName", "not UTF-8"),
    ("users.csv", 7, "givenName", "holds U+0000"),
    ("users.csv", 8, "givenName", "longer than 4000 characters"),
    ("users.csv", 9, "givenName", "longer than 200 characters"),
    ("users.csv", 10, "givenName", "empty"),
    ("users.csv", 11, "enabledUser", "`maybe` is neither true nor false"),
    ("users.csv", 15, "sourcedId", "`good` stands on line 2 already"),
    ("users.csv", 16, "givenName", "a quote is not closed"),
    ("users.csv", 18, "givenName", "holds a control character"),
    ("enrollments.csv", 3, "classSourcedId", "there is no `nowhere` in classes.csv"),
    ("enrollments.csv", 4, "userSourcedId", "there is no `nobody` in users.csv"),
    ("enrollments.csv", 5, "userSourcedId", "`role` on line 3 of users.csv was not imported"),
    ("enrollments.csv", 6, "beginDate", "`02.09.2024` is no date (YYYY-MM-DD)"),
    ("enrollments.csv", 7, "metadata.finalResult", "`Excellent` is none of Pass, Distinction"),
    ("enrollments.csv", 8, "metadata.finalResult", "the registration has another final grade"),
    ("enrollments.csv", 9, "role", "`quoted` has another role in users.csv"),
    ("enrollments.csv", 10, "role", "`wizard` is no role"),
    ("categories.csv", 3, "title", "empty"),
    ("lineItems.csv", 3, "classSourcedId", "there is no `nowhere` in classes.csv"),
    ("lineItems.csv", 4, "categorySourcedId", "there is no `nowhere` in categories.csv"),
    ("lineItems.csv", 5, "resultValueMax", "not over resultValueMin"),
    ("lineItems.csv", 6, "resultValueMax", "`ten` is no number"),
    ("lineItems.csv", 7, "metadata.weight", "not from 0 to 100"),
    ("lineItems.csv", 8, "dueDate", "`2024-09-31` is no date (YYYY-MM-DD)"),
    ("results.csv", 3, "score", "10.01 is outside of the line item's range"),
    ("results.csv", 4, "score", "-1 is outside of the line item's range"),
    ("results.csv", 5, "score", "`9,5` is no number"),
    ("results.csv", 6, "score", "empty"),
    ("results.csv", 7, "scoreDate", "`2024-09-16T10:00` is no date (YYYY-MM-DD)"),
    ("results.csv", 8, "lineItemSourcedId", "there is no `nowhere` in lineItems.csv"),
    ("results.csv", 9, "lineItemSourcedId", "`range` on line 5 of lineItems.csv was not imported"),
    ("results.csv", 10, "studentSourcedId", "there is no `nobody` in users.csv"),
    (
        "results.csv",
        11,
        "studentSourcedId",
        "the student is not enrolled in a class of that course",
    ),
    ("results.csv", 12, "studentSourcedId", "the line item has a result of this student on line 2"),
    ("results.csv", 13, "scoreStatus", "`guessed` is no status of a score"),
    ("results.csv", 14, "sourcedId", "`r1` stands on line 2 already"),
];

fn must_have_found_the_bad_rows(ran: &Ran) {
    assert_eq!(ran.code, 1, "{}{}", ran.said, ran.complained);
    let rejected = ran.report["rejected"].as_array().unwrap();
    for (found, (file, line, column, reason)) in rejected.iter().zip(BAD_ROWS) {
        let place = json!([file, line, column]);
        assert_eq!(json!([found["file"], found["line"], found["column"]]), place, "{found}");
        let given = found["reason"].as_str().unwrap();
        assert!(given.starts_with(reason), "{found}: {reason}");
        let said = format!("{file}, line {line}, {column}: {given}");
        assert!(ran.said.contains(&said), "not said: {said}");
    }
    assert_eq!(rejected.len(), BAD_ROWS.len());
    for (file, counts) in ran.report["files"].as_object().unwrap() {
        let number = |name: &str| counts[name].as_u64().unwrap();
        let sum = number("imported") + number("unchanged") + number("rejected");
        assert_eq!(number("read"), sum, "{file}");
    }
}

async fn bad_rows_are_reported_and_the_others_imported(config: Config) {
    let ran = import(&config, &folder("oneroster-bad"), &[]);
    must_have_found_the_bad_rows(&ran);
    let imported = ["academicSessions.csv", "courses.csv", "classes.csv", "users.csv"];
    assert_eq!(imported.map(|file| ran.counts(file)[1]), [1, 2, 3, 4]);
    assert_eq!(["enrollments.csv", "results.csv"].map(|file| ran.counts(file)[1]), [3, 2]);

    let cabinet = open(&config).await;
    assert_dense(&cabinet.database).await;
    // No source.systemName: the first organisation is the source.
    let (_, quoted) = somebody(&cabinet, "dala", "quoted").await;
    assert_eq!(quoted.given_name, "two\nlines");
    for behind in ["after", "last"] {
        somebody(&cabinet, "dala", behind).await;
    }
    let (good, _) = somebody(&cabinet, "dala", "good").await;
    let transcript = cabinet.views.get::<Transcripts>(&good.to_string()).await.unwrap().unwrap();
    let letters: Vec<_> = transcript.grades.iter().map(|graded| &graded.grade.letter).collect();
    assert_eq!(letters, ["P"]);
    cabinet.close().await;

    let again = import(&config, &folder("oneroster-bad"), &[]);
    must_have_found_the_bad_rows(&again);
    let cabinet = open(&config).await;
    for (file, counts) in again.report["files"].as_object().unwrap() {
        assert_eq!(counts["imported"], 0, "{file}");
    }
    cabinet.close().await;
}

async fn a_dry_run_finds_the_same_and_writes_nothing(config: Config) {
    let cabinet = open(&config).await;
    cabinet.close().await;
    let dry = import(&config, &folder("oneroster-bad"), &["--dry-run"]);
    must_have_found_the_bad_rows(&dry);
    let cabinet = open(&config).await;
    for table in ["events", "persons", "commands"] {
        assert_eq!(count(&cabinet.database, table).await, 0, "{table}");
    }
    cabinet.close().await;

    let wet = import(&config, &folder("oneroster-bad"), &[]);
    assert_eq!(dry.report["files"], wet.report["files"]);
    assert_eq!(dry.report["rejected"], wet.report["rejected"]);
    let dry = import(&config, &folder("oneroster-bad"), &["--dry-run"]);
    must_have_found_the_bad_rows(&dry);
    for (file, counts) in dry.report["files"].as_object().unwrap() {
        assert_eq!(counts["imported"], 0, "{file}");
    }
}

async fn what_was_decided_here_outlives_the_next_run(config: Config) {
    use aggregates::{account::AccountCommand, subject::SubjectCommand};

    import(&config, &folder("oneroster"), &[]).must_have_taken_everything();
    let cabinet = open(&config).await;
    let (teacher, _) = somebody(&cabinet, SOURCE, "t1").await;
    let (student, before) = somebody(&cabinet, SOURCE, "s1").await;
    let physics =
        cabinet.views.get::<Subjects>(&subject("fiz").to_string()).await.unwrap().unwrap();
    let mut card = physics.card.clone().unwrap();
    card.prerequisites = vec![subject("mat")];
    card.compulsory = true;
    let revoke = AccountCommand::RevokeRole { person: teacher, role: Role::Teacher };
    let close = AccountCommand::Close { person: student };
    let mut ours = crate::common::ask([
        SubjectCommand::Revise {
            subject: subject("fiz"),
            card: card.clone(),
            asking: Asking::default(),
        }
        .of(subject("fiz")),
        revoke.of(teacher),
        close.of(student),
    ]);
    let login = Some("aliya".to_owned());
    let email = Some("aliya@home.example".to_owned());
    let details = Details { login, email, ..before };
    ours.people = vec![oqu::people::PersonWrite::Change(student, details.clone())];
    let (receipt, fresh) = cabinet.execute(ours).await.unwrap();
    assert!(fresh);
    cabinet.close().await;

    import(&config, &folder("oneroster"), &[]).must_have_taken_everything();
    let cabinet = open(&config).await;
    assert_eq!(assert_dense(&cabinet.database).await, receipt.position.0);
    assert_eq!(somebody(&cabinet, SOURCE, "s1").await.1, details);
    let physics =
        cabinet.views.get::<Subjects>(&subject("fiz").to_string()).await.unwrap().unwrap();
    assert_eq!(physics.card.clone().unwrap(), card);
    cabinet.close().await;
}

/// By the environment, or by what is asked for in spite of it.
async fn what_became_of_the_rows_is_told_in_the_language_that_is_asked_for(config: Config) {
    let bad = folder("oneroster-bad");
    let told = |locale: &str, flags: &[&str]| {
        let ran = import_in(locale, &config, &bad, &[&["--dry-run"], flags].concat());
        assert_eq!(ran.report["rejected"].as_array().map(Vec::len), Some(BAD_ROWS.len()));
        let twice = ran.report["rejected"].as_array().unwrap().last().unwrap().clone();
        let said = format!("{}\n", text(&twice["reason"]));
        assert!(ran.said.contains(&said), "{}", ran.said);
        // Nothing is said by its key, and in no other language what is said in this one.
        assert!(!ran.said.contains("IMPORT_"), "{}", ran.said);
        (text(&twice["reason"]), ran.said)
    };
    let (kazakh, said) = told("kk_KZ.UTF-8", &[]);
    assert_eq!(kazakh, "`r1` 2-жолда бұрыннан бар");
    assert!(said.contains("results.csv, 14-жол, sourcedId: `r1`"), "{said}");
    assert!(said.contains("тексерілді, ештеңе жазылмады"), "{said}");
    let (russian, said) = told("kk_KZ.UTF-8", &["--language", "ru"]);
    assert_eq!(russian, "`r1` уже есть в строке 2");
    assert!(said.contains("results.csv, строка 14, sourcedId: `r1`"), "{said}");
    for locale in ["C", "de_DE@euro", "POSIX"] {
        assert_eq!(told(locale, &[]).0, "`r1` stands on line 2 already", "{locale}");
    }
    let unknown = import_in("C", &config, &bad, &["--dry-run", "--language", "de"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.complained.contains("en, kk, ru"), "{}", unknown.complained);
}

/// Two in a class of one seat, and somebody in a lecture and a laboratory on Monday morning.
async fn what_the_rows_say_together_is_taken_and_warned_of(config: Config) {
    let folder = copy("oneroster");
    edit(folder.path(), "classes.csv", "dala,2024-1,30,", "dala,2024-1,1,");
    edit(folder.path(), "classes.csv", "0001000,9:00,100", "1000000,9:00,100");
    let dry = import(&config, folder.path(), &["--dry-run"]);
    let first = import(&config, folder.path(), &[]);
    let again = import(&config, folder.path(), &[]);
    for ran in [dry, first, again] {
        ran.must_have_taken_everything();
        let overfull = "2 are enrolled in it, and it has 1 seat";
        let clash = "`s1` is enrolled in `mat-lab` and in `mat-lec`, which meet at the same time";
        assert_eq!(
            ran.report["warnings"],
            json!([
                {"file": "classes.csv", "line": 4, "reason": overfull},
                {"file": "enrollments.csv", "line": 3, "reason": clash},
            ])
        );
        assert!(ran.said.contains(&format!("enrollments.csv, line 3, warning: {clash}\n")));
    }
    // Where there are as many seats as students, and another time, there is nothing to be warned of.
    edit(folder.path(), "classes.csv", "dala,2024-1,1,", "dala,2024-1,2,");
    edit(folder.path(), "classes.csv", "1000000,9:00,100", "1000000,9:20,100");
    let mended = import(&config, folder.path(), &["--dry-run"]);
    assert_eq!(mended.report["warnings"], json!([]));
    // A class of the whole year meets when one of its semester does: the year's second week is the semester's first.
    let all_year = |weeks: &str| format!("dala,2024,2,,,,1000000,8:00,50,{weeks}");
    edit(folder.path(), "classes.csv", "dala,2024-1,2,,,,,,,", &all_year("01"));
    let beside = import(&config, folder.path(), &["--dry-run"]);
    let clash = "`s1` is enrolled in `tar-1` and in `mat-lec`, which meet at the same time";
    let expected = json!([{"file": "enrollments.csv", "line": 5, "reason": clash}]);
    assert_eq!(beside.report["warnings"], expected);
    edit(folder.path(), "classes.csv", &all_year("01"), &all_year("10"));
    let mended = import(&config, folder.path(), &["--dry-run"]);
    assert_eq!(mended.report["warnings"], json!([]));
}

async fn a_dry_run_makes_no_database(config: Config) {
    let dry = import(&config, &folder("oneroster"), &["--dry-run"]);
    dry.must_have_taken_everything();
    assert_eq!(dry.counts("results.csv"), [6, 4, 2, 0]);
    assert!(!config.data.exists());
}

async fn an_unusable_folder_writes_nothing(config: Config) {
    type Break = fn(&Path);
    let cases: [(&str, Break); 8] = [
        ("users.csv is missing", |path| fs::remove_file(path.join("users.csv")).unwrap()),
        ("manifest.csv is missing", |path| fs::remove_file(path.join("manifest.csv")).unwrap()),
        // It says bulk, and there is none.
        ("results.csv is missing", |path| fs::remove_file(path.join("results.csv")).unwrap()),
        ("classes.csv has no column courseSourcedId", |path| {
            edit(path, "classes.csv", "courseSourcedId", "course");
        }),
        ("courses.csv can't be read: its first row names the column title twice", |path| {
            edit(path, "courses.csv", "courseCode", "title");
        }),
        ("lineItems.csv can't be read: its first row does not name columns", |path| {
            fs::write(path.join("lineItems.csv"), "").unwrap();
        }),
        ("only 1.1 is read", |path| edit(path, "manifest.csv", "version,1.1", "version,1.2")),
        ("orgs.csv has changes only", |path| edit(path, "manifest.csv", "orgs,bulk", "orgs,delta")),
    ];
    for (complaint, break_it) in cases {
        let broken = copy("oneroster");
        break_it(broken.path());
        let ran = import(&config, broken.path(), &[]);
        assert_eq!(ran.code, 2, "{complaint}: {}", ran.complained);
        assert!(ran.complained.contains(complaint), "{}", ran.complained);
        assert!(!config.data.exists(), "{complaint}");
    }
    let nowhere = import(&config, Path::new("no-such-folder"), &[]);
    assert_eq!(nowhere.code, 2);

    let optional = copy("oneroster");
    for file in ["categories", "results"] {
        fs::remove_file(optional.path().join(format!("{file}.csv"))).unwrap();
        edit(optional.path(), "manifest.csv", &format!("{file},bulk"), &format!("{file},absent"));
    }
    fs::write(optional.path().join("demands.csv"), "studentSourcedId,courseSourcedId\n").unwrap();
    let ran = import(&config, optional.path(), &[]);
    ran.must_have_taken_everything();
    assert_eq!(ran.report["ignored"], json!(["demands.csv"]));
    assert!(ran.said.contains("demands.csv: no part of OneRoster 1.1, ignored"), "{}", ran.said);
}

async fn a_row_is_found_on_its_line_whatever_lies_before_it(config: Config) {
    for end in ["\n", "\r\n", "\r"] {
        let folder = copy("oneroster");
        let rows = [
            "sourcedId,name",
            "",
            "\"dala\",\"two\nlines\"",
            "",
            "",
            "\"quoted\",\"\"\"a\"\", b\"",
            "empty,",
            "open,\"never closed",
            "more,rows",
            "empty-too,",
            "",
        ];
        let text = rows.join("\n").replace('\n', end);
        fs::write(folder.path().join("orgs.csv"), text).unwrap();
        let ran = import(&config, folder.path(), &["--dry-run"]);
        let lines: Vec<_> = ran.report["rejected"]
            .as_array()
            .unwrap()
            .iter()
            .map(|bad| (bad["line"].as_u64().unwrap(), bad["reason"].as_str().unwrap().to_owned()))
            .collect();
        let wanted = [(8, "empty"), (9, "a quote is not closed"), (11, "empty")];
        assert_eq!(lines, wanted.map(|(line, reason)| (line, reason.to_owned())), "{end:?}");
        assert_eq!(ran.counts("orgs.csv"), [6, 0, 3, 3]);
    }
    // More than any row may hold behind a quote: that row alone is lost.
    let folder = copy("oneroster");
    let row = |number: usize| format!("org-{number},Ұйым\n");
    let many: String = (0..40_000).map(row).collect();
    let text = format!("sourcedId,name\ndala,Дала\nopen,\"never closed\n{many}");
    fs::write(folder.path().join("orgs.csv"), text).unwrap();
    let ran = import(&config, folder.path(), &["--dry-run"]);
    assert_eq!(ran.counts("orgs.csv"), [40_002, 0, 40_001, 1]);
    assert_eq!(ran.report["rejected"][0]["line"], 3);
}

/// A university whose student Aliya has no mark in history yet, with a registrar of its own.
async fn unmarked(config: &Config) -> (Server, Client, PersonId) {
    let unmarked = copy("oneroster");
    edit(unmarked.path(), "results.csv", "r5,active", "r5,tobedeleted");
    import(config, unmarked.path(), &[]).must_have_taken_everything();
    let cabinet = open(config).await;
    let (aliya, _) = somebody(&cabinet, SOURCE, "s1").await;
    cabinet.close().await;
    account(config, "registrar", "registrar");
    let server = Server::start(config);
    let registrar = server.sign_in("registrar").await;
    (server, registrar, aliya)
}

async fn an_imported_student_is_never_in_two_places_at_once(config: Config) {
    let (_server, registrar, aliya) = unmarked(&config).await;
    let history = EnrollmentId::of(aliya, subject("tar"), term("2024-1"));
    let open_stream = async |kind: &str, starts_at: &str, ends_at: &str| {
        let meeting = json!({"weekday": "MONDAY", "startsAt": starts_at, "endsAt": ends_at});
        let input = json!({
            "subjectId": subject("tar"), "termId": term("2024-1"), "kind": kind, "group": starts_at,
            "meetings": [meeting],
        });
        text(&registrar.ask("OpenStream", json!({"input": input})).await["stream"]["id"])
    };
    let choose = |stream: String| json!({"enrollment": history, "stream": stream});

    // Her lecture of analysis, on Mondays from half past eight, is in no plan.
    let at_once = choose(open_stream("PRACTICE", "09:00", "10:00").await);
    let clash = registrar.user_error("ChooseStream", at_once).await;
    assert_eq!(clash["code"], "STREAMS_CLASH");
    assert_eq!(clash["facts"][0]["value"], "MAT101 monday 08:30-09:20");
    let later = open_stream("PRACTICE", "09:20", "10:00").await;
    registrar.ask("ChooseStream", choose(later.clone())).await;
    let with_the_practice = choose(open_stream("LABORATORY", "09:50", "11:00").await);
    let refused = registrar.refused("ChooseStream", with_the_practice).await;
    assert_eq!(refused, "STREAMS_CLASH");

    // Given up with its registration, it leaves the timetable.
    let drop = json!({"input": {"enrollmentId": history, "reason": "transfer"}});
    let dropped = registrar.ask(DROP, drop).await;
    assert_eq!(dropped["iep"], json!({"entries": [], "streams": [], "status": "OPEN"}));
}

const DROP: &str = "mutation($input: DropSubjectInput!) { dropSubject(input: $input) {
    iep { entries { credits } streams { id } status } userErrors { code message } } }";

async fn what_is_on_no_plan_is_given_up_by_a_request(config: Config) {
    let (_server, registrar, aliya) = unmarked(&config).await;
    let student = sign_in_first(&registrar, &aliya.to_string(), "aliya").await;
    let history = EnrollmentId::of(aliya, subject("tar"), term("2024-1")).to_string();
    // There is no plan that would tell when it may change: the student alone can't, add/drop or not.
    let longer = json!({"term": term("2024-1"), "endsOn": day(30)});
    registrar.ask("ReviseTerm", longer).await;
    let period = json!({
        "termId": term("2024-1"), "kind": "ADD_DROP", "opensAt": moment(-24),
        "closesAt": moment(24),
    });
    registrar.ask("SetPeriod", json!({"input": period})).await;
    let drop = json!({"enrollment": history});
    assert_eq!(student.refused("DropSubject", drop).await, "SUBJECT_NOT_IN_PLAN");
    let change = json!({"change": {"giveUp": {"enrollmentId": history}}});
    let opened = student.ask("OpenAddDropRequest", change).await;
    let accept = json!({"request": opened["request"]["id"]});
    let accepted = registrar.ask("AcceptRequest", accept).await["request"].clone();
    assert_eq!(accepted["addDropChange"]["enrollment"]["status"], "DROPPED");
}
