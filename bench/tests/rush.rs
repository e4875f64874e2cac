//! `oqu-bench rush` on a folder made here: a real server, killed in the middle, and what the report says of it.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::{Map, Value};
use tempfile::TempDir;

/// The keys of the report that others read.
const KEYS: [&str; 17] = [
    "double_booked",
    "greedy_placed",
    "lost_after_kill",
    "mutations",
    "oversold",
    "p50_ms",
    "p95_ms",
    "p99_ms",
    "placed",
    "refused",
    "refused_p99_ms",
    "seconds",
    "signin_p99_ms",
    "stock_ratio",
    "students",
    "waitlisted",
    "wishes",
];
/// How many want something: each of them all of `WANTED`.
const STUDENTS: usize = 24;
const WANTED: [&str; 4] = ["laboratories", "monday", "ways", "untaught"];
/// What the offline pass places: 16 laboratories; Monday's class for the 16 who have no lecture at its time; both ways,
/// and the night class of the third, which the import does not take.
const GREEDY: usize = 16 + 16 + 4 + 3 + 2;

/// Classes that fill, one that clashes with a lecture, laboratories with parents, courses with several ways; beside them
/// what an import does not take: a class past midnight, one that is listed twice, a student without a name. Two come
/// with a seat already.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, text: String| fs::write(folder.path().join(file), text).unwrap();
    write(
        "manifest.csv",
        "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n".into(),
    );
    write("orgs.csv", "sourcedId,name,type\nhall,The hall,school\n".into());
    write(
        "academicSessions.csv",
        "sourcedId,title,type,startDate,endDate,schoolYear\n\
         autumn,Autumn,semester,2026-09-01,2026-12-20,2027\n"
            .into(),
    );
    let courses = WANTED.map(|course| format!("{course},{course},{course},hall,5\n")).concat();
    write(
        "courses.csv",
        format!("sourcedId,title,courseCode,orgSourcedId,metadata.credits\n{courses}"),
    );
    let classes = [
        "lecture-1,laboratories,,1,lecture,,1000000,08:00,90",
        "lecture-2,laboratories,,1,lecture,,1000000,12:00,90",
        "lab-1,laboratories,8,1,laboratory,lecture-1,0100000,08:00,90",
        "lab-2,laboratories,8,1,laboratory,lecture-2,0100000,12:00,90",
        "monday-1,monday,,1,lecture,,1000000,09:00,90",
        "way-1,ways,4,1,lecture,,0010000,08:00,90",
        "way-2,ways,3,2,lecture,,0010000,12:00,90",
        "way-2,ways,30,2,lecture,,0010000,12:00,90",
        "night,ways,2,3,lecture,,0010000,23:00,90",
    ];
    let classes = classes.map(|class| {
        let (id, rest) = class.split_once(',').unwrap();
        let (course, rest) = rest.split_once(',').unwrap();
        format!("{id},{id},{course},{id},hall,autumn,{rest}\n")
    });
    write(
        "classes.csv",
        "sourcedId,title,courseSourcedId,classCode,schoolSourcedId,termSourcedIds,metadata.capacity,\
         metadata.config,metadata.subpart,metadata.parent,metadata.days,metadata.startTime,metadata.minutes\n"
            .to_owned()
            + &classes.concat(),
    );
    let named = |number| if number == STUDENTS { "" } else { "Aru" };
    let students = (1..=STUDENTS).map(|number| (format!("s{number}"), named(number)));
    let users = students.chain([("guest".to_owned(), "Dana")]);
    let users = users.map(|(id, name)| format!("{id},true,hall,student,{id},{name},{id}\n"));
    write(
        "users.csv",
        "sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName\n".to_owned()
            + &users.collect::<String>(),
    );
    // Who has it already can't register for it: the seat of the guest, who wants nothing, is just gone.
    write(
        "enrollments.csv",
        "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role\n\
         e1,way-1,hall,guest,student\ne2,way-1,hall,s1,student\n"
            .into(),
    );
    let wishes =
        (1..=STUDENTS).flat_map(|student| WANTED.map(|course| format!("s{student},{course}\n")));
    write(
        "demands.csv",
        "studentSourcedId,courseSourcedId\n".to_owned() + &wishes.collect::<String>(),
    );
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (Output, String) {
    let program = env!("CARGO_BIN_EXE_oqu-bench");
    let ran = Command::new(program).arg("rush").arg(folder).args(arguments).output();
    let ran = ran.unwrap_or_else(|cause| panic!("{program}: {cause}"));
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    println!("{said}{}", String::from_utf8_lossy(&ran.stderr));
    (ran, said)
}

/// The report of a day on which everything held that has to, and what was said of it.
fn rush(arguments: &[&str]) -> (Map<String, Value>, String) {
    let folder = folder();
    let file = folder.path().join("report.json");
    let options = ["--students-at-once", "8", "--json", file.to_str().unwrap()];
    let (ran, said) = run(folder.path(), &[&options, arguments].concat());
    assert!(ran.status.success(), "{}", ran.status);
    let report: Map<String, Value> = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let number = |key: &str| report[key].as_u64().unwrap() as usize;
    assert_eq!(report.keys().collect::<Vec<_>>(), KEYS);
    assert_eq!((number("students"), number("wishes")), (STUDENTS, STUDENTS * WANTED.len()));
    let reasons = report["refused"].as_object().unwrap();
    let refused: u64 = reasons.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(number("placed") + number("waitlisted") + refused as usize, number("wishes"));
    assert_eq!((number("oversold"), number("double_booked")), (0, 0));
    assert_eq!(number("greedy_placed"), GREEDY);
    (report, said)
}

fn a_day_with_a_kill(database: &str) {
    let (report, said) = rush(&["--kill", "--database", database]);
    assert_eq!(report["lost_after_kill"], 0);
    assert!(said.contains("the server was killed, and serves again"));
    // Every seat is sold or came with the folder, and none beyond.
    for sold in ["lab-1 8/8", "lab-2 8/8", "way-1 4/4", "way-2 3/3"] {
        assert!(said.contains(sold), "{sold}");
    }
    for left_out in
        ["the class `night`: it was not imported", "the class `way-2` stands there twice"]
    {
        assert!(said.contains(left_out), "{left_out}");
    }
    assert_eq!(report["refused"]["NOT_IMPORTED"], WANTED.len());
    assert_eq!(report["refused"]["REGISTERED_ALREADY"], 1);
    assert!(report["refused"]["STREAMS_CLASH"].as_u64() > Some(0));
}

#[test]
fn a_day_holds_on_sqlite_though_the_server_is_killed() {
    a_day_with_a_kill("sqlite");
}

#[test]
fn a_day_holds_on_postgres_though_the_server_is_killed() {
    a_day_with_a_kill("postgres");
}

#[test]
fn nothing_is_said_of_a_kill_that_was_not_asked_for() {
    let (report, _) = rush(&["--database", "sqlite"]);
    assert!(report["lost_after_kill"].is_null());
}

#[test]
fn a_day_without_the_kill_that_was_asked_for_fails() {
    let folder = folder();
    // Nobody wants anything: there is no middle.
    fs::write(folder.path().join("demands.csv"), "studentSourcedId,courseSourcedId\n").unwrap();
    let (ran, said) = run(folder.path(), &["--kill", "--database", "sqlite"]);
    assert_eq!(ran.status.code(), Some(1));
    assert!(said.contains("FAILED: all was over before the server could be killed"));
}
