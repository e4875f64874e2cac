//! `oqu replay`: what happened, in the order of the log, for people and for programs.

use std::{collections::BTreeSet, process::Stdio};

use oqu::{cabinet::Cabinet, config::Config, log};
use serde_json::Value;

use crate::{
    common::count,
    history::History,
    program::{answer, oqu, run},
};

tests! {
    both {
        every_event_is_told_in_the_order_of_the_log,
        a_line_says_who_what_and_by_which_rule,
        filters_choose,
        times_and_positions_bound,
        a_closed_pipe_is_no_error,
        bad_questions_are_refused,
        a_damaged_event_is_told_as_it_is,
    }
}

/// A history, with nobody writing any more.
async fn history(config: &Config) -> History {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let history = History::write(&cabinet).await;
    cabinet.close().await;
    history
}

/// The events that fit, as JSON.
fn told(config: &Config, arguments: &[&str]) -> Vec<Value> {
    let json = ["replay", "--format", "jsonl"];
    let answer = answer(config, &[&json, arguments].concat());
    answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

async fn every_event_is_told_in_the_order_of_the_log(config: Config) {
    let history = history(&config).await;
    let (database, _lock) = config.location().open().await.unwrap();
    let events = told(&config, &[]);
    let positions: Vec<_> =
        events.iter().map(|event| event["position"].as_i64().unwrap()).collect();
    let all: Vec<_> = (1..=count(&database, "events").await).collect();
    assert_eq!(positions, all);

    let corrected = events.last().unwrap();
    let keys: BTreeSet<_> = corrected.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "position",
        "recordedAt",
        "actor",
        "role",
        "type",
        "version",
        "aggregate",
        "data",
        "causedBy",
        "correlation",
        "commandId",
    ];
    assert_eq!(keys, expected.into());
    let head = log::head(&database).await.unwrap();
    let recorded_at: jiff::Timestamp = corrected["recordedAt"].as_str().unwrap().parse().unwrap();
    assert_eq!(recorded_at.as_microsecond(), head.recorded_at);
    assert!(corrected["recordedAt"].as_str().unwrap().ends_with('Z'));
    let actor = serde_json::json!({
        "id": history.registrar.to_string(),
        "displayName": "Ким Ольга",
    });
    assert_eq!(corrected["actor"], actor);
    assert_eq!(corrected["role"], "registrar");
    assert_eq!(corrected["type"], "EnrollmentGradeCorrected");
    assert_eq!(corrected["version"], "1");
    let aggregate = serde_json::json!({
        "type": "Enrollment",
        "id": history.enrollment().to_string(),
        "sequence": 8,
    });
    assert_eq!(corrected["aggregate"], aggregate);
    assert_eq!(corrected["data"]["grade"]["letter"], "A-");
    assert_eq!(corrected["correlation"], "test");
    assert_eq!(corrected["causedBy"], Value::Null);
    assert!(corrected["commandId"].as_str().unwrap().parse::<uuid::Uuid>().is_ok());
    assert_eq!(events[0]["actor"], serde_json::json!({ "id": null, "displayName": null }));
}

async fn a_line_says_who_what_and_by_which_rule(config: Config) {
    let history = history(&config).await;
    let timeline = answer(&config, &["replay"]);
    let when = told(&config, &[])[0]["recordedAt"].as_str().unwrap().to_owned();
    let when: jiff::Timestamp = when.parse().unwrap();
    let almaty = jiff::tz::TimeZone::get("Asia/Almaty").unwrap();
    let when = almaty.to_datetime(when).strftime("%Y-%m-%d %H:%M:%S");
    assert!(timeline.starts_with(&format!("      1  {when}  command line: AccountOpened\n")));
    let graded = format!(
        "  Иванов Пётр (teacher): EnrollmentGraded of Нұрланова Әлия\n         Enrollment/{}\n",
        history.enrollment()
    );
    assert!(timeline.contains(&graded), "{timeline}");
    for part in [
        "  Нұрланова Әлия (student): IepSigned\n",
        "  Серікбаев Ермек (advisor): IepSentBack of Нұрланова Әлия\n",
        "by final_grade of 2025: admission_rating=85.25 exam=77 ",
        " -> B\n",
        " percent=80.5 ",
        "code=MATH101 compulsory=true credits=5 title=Алгебра\n",
        "programme.title=Информатика year_of_study=1\n",
        "advisor=\"Серікбаев Ермек\"\n",
    ] {
        assert!(timeline.contains(part), "{part} is not in\n{timeline}");
    }
}

async fn filters_choose(config: Config) {
    let history = history(&config).await;
    let student = history.student.to_string();
    let of_student = told(&config, &["--student", &student]);
    assert_eq!(types(&of_student)[..2], ["StudentApplied", "StudentAdmitted"]);
    let aggregates: BTreeSet<_> =
        of_student.iter().map(|event| event["aggregate"]["type"].as_str().unwrap()).collect();
    let expected =
        ["Enrollment", "Iep", "Request", "Stream", "Student", "TestAttempt", "ThesisCheck"];
    assert_eq!(aggregates, expected.into());

    let iep = format!("iep/{}", history.iep());
    let signed = told(&config, &["--aggregate", &iep, "--type", "IepSigned"]);
    let roles: Vec<_> = signed.iter().map(|event| event["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["student", "student", "advisor", "registrar"]);

    let advisor = history.advisor.to_string().to_uppercase();
    let by_advisor = told(&config, &["--actor", &advisor]);
    assert_eq!(types(&by_advisor), ["IepSentBack", "IepRevisionOpened", "IepSigned"]);
    let nothing = answer(&config, &["replay", "--actor", &advisor, "--type", "AccountClosed"]);
    assert_eq!(nothing, "");
}

async fn times_and_positions_bound(config: Config) {
    history(&config).await;
    let all = told(&config, &[]);
    assert_eq!(told(&config, &["--until", "12"]), all[..12]);
    let at = all[20]["recordedAt"].as_str().unwrap();
    let (since, until) = (told(&config, &["--since", at]), told(&config, &["--until", at]));
    let same = all.iter().filter(|event| event["recordedAt"] == at).count();
    assert!(
        since.iter().chain(&until).filter(|event| event["recordedAt"] == at).count() == 2 * same
    );
    assert_eq!(since.len() + until.len(), all.len() + same);
    let zone = jiff::tz::TimeZone::get("Asia/Almaty").unwrap();
    let day = zone.to_datetime(at.parse().unwrap()).date();
    // Midnight may have passed while it was written.
    let (before, after) = (day.yesterday().unwrap(), day.tomorrow().unwrap());
    assert_eq!(
        told(&config, &["--until", &before.yesterday().unwrap().to_string()]),
        [] as [Value; 0]
    );
    let days = [before.to_string(), after.to_string()];
    assert_eq!(told(&config, &["--since", &days[0], "--until", &days[1]]), all);
    assert_eq!(told(&config, &["--since", &format!("{after}T23:59")]), [] as [Value; 0]);
}

/// `oqu replay | head` ends quietly, and well.
async fn a_closed_pipe_is_no_error(config: Config) {
    history(&config).await;
    for format in ["text", "jsonl"] {
        let mut command = oqu(&config, &["replay", "--format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(output.stderr, b"");
    }
}

async fn bad_questions_are_refused(config: Config) {
    history(&config).await;
    for (arguments, told) in [
        (["--type", "IepSinged"], "IepSigned"),
        (["--student", "17"], "--student <ID>"),
        (["--actor", "zz"], "--actor <ID>"),
        (["--aggregate", "Iep"], "TYPE/ID"),
        (["--aggregate", "Ipe/6b29fc40-ca47-1067-b31d-00dd010662da"], "Enrollment"),
        (["--since", "yesterday"], "2026-09-01T08:30"),
        (["--until", "2026-02-30"], "or a position"),
        (["--format", "xml"], "jsonl"),
    ] {
        let output = run(&config, &[&["replay"][..], &arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(told), "{arguments:?}: {error}");
        assert_eq!(output.stdout, b"");
    }
}

async fn a_damaged_event_is_told_as_it_is(config: Config) {
    history(&config).await;
    let (database, _lock) = config.location().open().await.unwrap();
    let unlock =
        database.pick("ALTER TABLE events DISABLE TRIGGER ALL", "DROP TRIGGER events_no_update");
    database.execute(unlock, &[]).await.unwrap();
    let sql = "UPDATE events SET payload = '[\"x\"]', metadata = '{\"actor\":\"\\u001b[31m\"}' \
               WHERE position = 3";
    database.execute(sql, &[]).await.unwrap();
    let events = told(&config, &["--until", "4"]);
    assert_eq!((events.len(), &events[2]["data"]), (4, &serde_json::json!(["x"])));
    let timeline = answer(&config, &["replay", "--until", "4"]);
    assert!(!timeline.contains('\u{1b}'), "{timeline}");
}
