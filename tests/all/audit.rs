//! `oqu audit`: clean where nobody touched anything, and each kind of damage is found and named.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
};

use aggregates::shared::{Position, SubjectId};
use oqu::{
    audit::ExpectedHead,
    cabinet::Cabinet,
    config::Config,
    database::Database,
    log::{self, BatchHash, Chain, Filter},
};
use projections::{AnyView, iep::IepTrails};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    common::{ask, count, create, retitle},
    history::History,
    program::{answer, run},
};

tests! {
    both {
        an_empty_log_is_clean,
        an_untouched_history_is_clean,
        it_runs_beside_a_cabinet_that_writes,
        a_payload_altered,
        a_payload_that_cant_be_read,
        an_event_removed,
        the_last_event_removed,
        two_positions_exchanged,
        an_event_inserted,
        a_payload_and_its_views_altered_together,
        a_digest_altered,
        signed_bytes_removed,
        columns_beside_the_chain_altered,
        a_batch_removed,
        a_chain_altered,
        a_log_forged_to_the_end,
        a_log_cut_short,
        an_expected_head_that_is_none,
        a_document_altered,
        a_document_listed_by_what_it_does_not_say,
        a_document_that_is_no_document,
        a_version_altered,
        a_document_missing,
        a_document_too_many,
        a_checkpoint_moved_back,
        a_checkpoint_moved_beyond_the_head,
        a_checkpoint_missing,
        a_view_without_a_table,
        many_findings_are_counted,
    }
}

/// What an audit comes to: its exit code, its answer and its JSON.
struct Audited {
    code: Option<i32>,
    answer: String,
    json: Value,
}

impl Audited {
    fn now(config: &Config, arguments: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("audit.json");
        let json = ["audit", "--json", file.to_str().unwrap()];
        let output = run(config, &[&json, arguments].concat());
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(errors, "", "an audit that can't go on");
        let json = std::fs::read_to_string(file).unwrap();
        Self {
            code: output.status.code(),
            answer: String::from_utf8(output.stdout).unwrap(),
            json: serde_json::from_str(&json).unwrap(),
        }
    }

    fn codes(&self) -> BTreeSet<&str> {
        let findings = self.json["findings"].as_array().unwrap();
        findings.iter().map(|finding| finding["code"].as_str().unwrap()).collect()
    }

    /// Exactly these kinds are found, and named in the answer.
    #[track_caller]
    fn found(&self, codes: &[&str]) {
        assert_eq!(self.codes(), codes.iter().copied().collect(), "{}", self.answer);
        assert_eq!(self.code, Some(i32::from(!codes.is_empty())), "{}", self.answer);
        for code in codes {
            assert!(self.answer.contains(&format!("FOUND  {code}: ")), "{}", self.answer);
        }
    }

    fn head(&self) -> &str {
        self.answer.lines().last().unwrap()
    }

    fn differing(&self, view: &str) -> u64 {
        self.json["views"][view]["differing"].as_u64().unwrap()
    }
}

/// The table of the students' documents.
const STUDENTS: &str = "student_v6";

/// A history, its database opened by hand, and with nothing that keeps hands off.
async fn unlocked(config: &Config) -> (History, Database) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let history = History::write(&cabinet).await;
    cabinet.close().await;
    let (database, _lock) = config.location().open().await.unwrap();
    for statement in database.pick(
        &["ALTER TABLE events DISABLE TRIGGER ALL", "ALTER TABLE log_batches DISABLE TRIGGER ALL"]
            [..],
        &[
            "DROP TRIGGER events_no_update",
            "DROP TRIGGER events_no_delete",
            "DROP TRIGGER log_batches_no_update",
            "DROP TRIGGER log_batches_no_delete",
        ][..],
    ) {
        execute(&database, statement).await;
    }
    (history, database)
}

async fn execute(database: &Database, sql: &str) {
    let rows = database.execute(sql, &[]).await.unwrap();
    let changes = !sql.starts_with("ALTER") && !sql.starts_with("DROP");
    assert!(!changes || rows > 0, "damages nothing: {sql}");
}

/// Puts one text for another in the payloads of a table.
async fn replace(database: &Database, table: &str, from: &str, to: &str, condition: &str) {
    let (text, json) = database.pick(("payload::text", "::json"), ("payload", ""));
    let sql = format!(
        "UPDATE {table} SET payload = replace({text}, '{from}', '{to}'){json} WHERE {condition}"
    );
    execute(database, &sql).await;
}

const ADMITTED: &str = "event_type = 'StudentAdmitted'";
const FIRST_YEAR: &str = r#""year_of_study":1"#;
const SECOND_YEAR: &str = r#""year_of_study":2"#;
/// What nothing else in a student's document follows from.
const GROUP: &str = r#""group":"ИН-25-1""#;
const OTHER_GROUP: &str = r#""group":"ИН-25-2""#;

async fn an_empty_log_is_clean(config: Config) {
    Cabinet::open(config.clone()).await.unwrap().close().await;
    let audited = Audited::now(&config, &[]);
    audited.found(&[]);
    let start = format!("0:{}", Chain::START);
    assert_eq!(audited.head(), start);
    Audited::now(&config, &["--expect", &start]).found(&[]);
}

async fn an_untouched_history_is_clean(config: Config) {
    let (_, database) = unlocked(&config).await;
    let audited = Audited::now(&config, &[]);
    audited.found(&[]);
    let head = log::head(&database).await.unwrap();
    assert_eq!(audited.head(), format!("{}:{}", head.position, head.chain));
    Audited::now(&config, &["--expect", audited.head()]).found(&[]);
    let earlier = earlier_head(&database).await;
    Audited::now(&config, &["--expect", &earlier]).found(&[]);
    the_json_has_its_shape(&audited.json, &database).await;
}

async fn the_json_has_its_shape(json: &Value, database: &Database) {
    let keys: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let expected =
        ["aggregates", "chain", "events", "findings", "max_position", "seconds", "views"];
    assert_eq!(keys, expected);
    let head = log::head(database).await.unwrap();
    assert_eq!(json["events"], head.position.0);
    assert_eq!(json["max_position"], head.position.0);
    assert_eq!(json["chain"], head.chain.to_string());
    let aggregates = "(SELECT DISTINCT aggregate_type, aggregate_id FROM events) AS aggregates";
    assert_eq!(json["aggregates"], count(database, aggregates).await);
    assert_eq!(json["findings"], serde_json::json!([]));
    assert!(json["seconds"].as_f64().unwrap() > 0.0);
    for view in projections::VIEWS {
        let documents = count(database, &view.table()).await;
        assert!(documents > 0, "{} has no document to be audited", view.name);
        let expected = serde_json::json!({ "documents": documents, "differing": 0 });
        assert_eq!(json["views"][view.name], expected, "{}", view.name);
    }
}

/// The head as it was some batches ago.
async fn earlier_head(database: &Database) -> String {
    let mut snapshot = database.snapshot().await.unwrap();
    let batches = log::read_batches(&mut snapshot, 0, 10).await.unwrap();
    let (_, last, _, _, chain) = batches.last().unwrap();
    let chain = Chain::from_bytes(chain).unwrap();
    ExpectedHead { position: Position(*last), chain }.to_string()
}

async fn it_runs_beside_a_cabinet_that_writes(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    History::write(&cabinet).await;
    let (audits, mut heads) = (AtomicBool::new(true), BTreeSet::new());
    let write = async {
        while audits.load(Ordering::Relaxed) {
            let subject = SubjectId::new();
            cabinet.commands.execute(ask([create(subject)])).await.unwrap();
            cabinet.commands.execute(ask([retitle(subject, "Алгебра")])).await.unwrap();
        }
    };
    let audit = async {
        for _ in 0..3 {
            let config = config.clone();
            let audited = tokio::task::spawn_blocking(move || Audited::now(&config, &[])).await;
            let audited = audited.unwrap();
            audited.found(&[]);
            heads.insert(audited.head().to_owned());
        }
        audits.store(false, Ordering::Relaxed);
    };
    tokio::join!(write, audit);
    assert_eq!(heads.len(), 3, "nothing was written between two audits");
    cabinet.close().await;
}

async fn a_payload_altered(config: Config) {
    let (_, database) = unlocked(&config).await;
    replace(&database, "events", FIRST_YEAR, SECOND_YEAR, ADMITTED).await;
    let audited = Audited::now(&config, &[]);
    audited.found(&["BATCH_DIFFERS", "DOCUMENT_DIFFERS"]);
    assert_eq!(audited.differing("student"), 1);
    assert!(audited.answer.contains("in: admission"), "{}", audited.answer);
}

async fn a_payload_that_cant_be_read(config: Config) {
    let (_, database) = unlocked(&config).await;
    replace(&database, "events", FIRST_YEAR, r#""year_of_study":-1"#, ADMITTED).await;
    let codes = ["BATCH_DIFFERS", "DOCUMENT_DIFFERS", "EVENT_UNREADABLE"];
    Audited::now(&config, &[]).found(&codes);
}

async fn an_event_removed(config: Config) {
    let (_, database) = unlocked(&config).await;
    execute(&database, &format!("DELETE FROM events WHERE {ADMITTED}")).await;
    Audited::now(&config, &[]).found(&[
        "BATCH_DIFFERS",
        "DOCUMENT_DIFFERS",
        "EVENT_COUNT_DIFFERS",
        "POSITIONS_NOT_DENSE",
        "SEQUENCES_NOT_DENSE",
    ]);
}

async fn the_last_event_removed(config: Config) {
    let (_, database) = unlocked(&config).await;
    execute(&database, "DELETE FROM events WHERE position = (SELECT MAX(position) FROM events)")
        .await;
    Audited::now(&config, &[]).found(&[
        "BATCH_DIFFERS",
        "DOCUMENT_DIFFERS",
        "DOCUMENT_VERSION_DIFFERS",
        "HEAD_DIFFERS",
    ]);
}

async fn two_positions_exchanged(config: Config) {
    let (_, database) = unlocked(&config).await;
    let position =
        |condition: &str| format!("(SELECT MIN(position) FROM events WHERE {condition})");
    let (first, second) =
        (position("event_type = 'StudentAdmitted'"), position("event_type = 'StudentApplied'"));
    let row = &crate::common::rows(&database, &format!("SELECT {first}, {second}")).await[0];
    let (first, second) = (row.int(0).unwrap(), row.int(1).unwrap());
    for (from, to) in [(first, 1_000_000), (second, first), (1_000_000, second)] {
        let sql = format!("UPDATE events SET position = {to} WHERE position = {from}");
        execute(&database, &sql).await;
    }
    let audited = Audited::now(&config, &[]);
    let expected = ["BATCH_DIFFERS", "DOCUMENT_DIFFERS", "SEQUENCES_NOT_DENSE"];
    audited.found(&expected);
}

/// By somebody who knows the tables, as the event that the aggregate would write next.
async fn an_event_inserted(config: Config) {
    let (history, database) = unlocked(&config).await;
    let student = history.student;
    let payload = format!(r#"{{"Graduated":{{"student":"{student}"}}}}"#);
    let sql = format!(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, \
                             payload, metadata, position, recorded_at, student) \
         SELECT aggregate_type, aggregate_id, sequence + 1, 'StudentGraduated', '1', '{payload}', \
                metadata, (SELECT MAX(position) + 1 FROM events), recorded_at, student \
         FROM events WHERE aggregate_type = 'Student' AND aggregate_id = '{student}' \
         ORDER BY sequence DESC LIMIT 1"
    );
    execute(&database, &sql).await;
    Audited::now(&config, &[]).found(&["EVENT_WITHOUT_BATCH", "HEAD_DIFFERS"]);
}

async fn a_payload_and_its_views_altered_together(config: Config) {
    let (_, database) = unlocked(&config).await;
    replace(&database, "events", GROUP, OTHER_GROUP, ADMITTED).await;
    replace(&database, STUDENTS, GROUP, OTHER_GROUP, "1 = 1").await;
    Audited::now(&config, &[]).found(&["BATCH_DIFFERS"]);
}

async fn a_digest_altered(config: Config) {
    let (_, database) = unlocked(&config).await;
    let last = "position = (SELECT MAX(position) FROM events WHERE event_type = 'IepSigned')";
    replace(&database, "events", r#""digest":""#, r#""digest":"0"#, last).await;
    let audited = Audited::now(&config, &[]);
    // The check code of a paper is made of the digest: another one stands for the plan now.
    audited.found(&[
        "BATCH_DIFFERS",
        "DOCUMENT_DIFFERS",
        "DOCUMENT_MISSING",
        "DOCUMENT_SURPLUS",
        "SIGNATURE_DIFFERS",
    ]);
    assert_eq!(audited.differing("iep"), 1);
}

async fn signed_bytes_removed(config: Config) {
    let (_, database) = unlocked(&config).await;
    let text = database.pick("payload::text", "payload");
    let first = format!(
        "position = (SELECT MIN(position) FROM events WHERE event_type = 'IepSigned' \
         AND {text} LIKE '%\"revision\":2%')"
    );
    replace(&database, "events", r#""signed":{"#, r#""signed":null,"other":{"#, &first).await;
    let audited = Audited::now(&config, &[]);
    audited.found(&["BATCH_DIFFERS", "DOCUMENT_DIFFERS", "SIGNATURE_WITHOUT_BYTES"]);
}

/// Neither is hashed, so the chain can't find it.
async fn columns_beside_the_chain_altered(config: Config) {
    let (history, database) = unlocked(&config).await;
    let graded = "event_type = 'EnrollmentStreamChosen'";
    let other = history.advisor;
    execute(&database, &format!("UPDATE events SET student = '{other}' WHERE {graded}")).await;
    execute(&database, &format!("UPDATE events SET recorded_at = recorded_at + 1 WHERE {graded}"))
        .await;
    Audited::now(&config, &[]).found(&["STUDENT_DIFFERS", "TIME_DIFFERS"]);
}

async fn a_batch_removed(config: Config) {
    let (_, database) = unlocked(&config).await;
    let sql = "DELETE FROM log_batches WHERE first = (SELECT MAX(first) FROM log_batches \
               WHERE first < (SELECT MAX(first) FROM log_batches))";
    execute(&database, sql).await;
    Audited::now(&config, &[]).found(&["BATCHES_NOT_DENSE", "CHAIN_BROKEN", "EVENT_WITHOUT_BATCH"]);
}

async fn a_chain_altered(config: Config) {
    let (_, database) = unlocked(&config).await;
    let sql = "UPDATE log_batches SET chain = sha256 WHERE first = 1";
    execute(&database, sql).await;
    Audited::now(&config, &[]).found(&["CHAIN_BROKEN"]);
}

/// Whoever can write all tables can forge all of them. Only a head that was noted elsewhere finds it.
async fn a_log_forged_to_the_end(config: Config) {
    let (_, database) = unlocked(&config).await;
    let noted = Audited::now(&config, &[]).head().to_owned();
    replace(&database, "events", GROUP, OTHER_GROUP, ADMITTED).await;
    replace(&database, STUDENTS, GROUP, OTHER_GROUP, "1 = 1").await;
    forge_chain(&database).await;
    Audited::now(&config, &[]).found(&[]);
    let audited = Audited::now(&config, &["--expect", &noted]);
    audited.found(&["EXPECTED_HEAD_DIFFERS"]);
}

/// Makes batches and head fit the events.
async fn forge_chain(database: &Database) {
    let mut snapshot = database.snapshot().await.unwrap();
    let batches = log::read_batches(&mut snapshot, 0, 1_000).await.unwrap();
    let events = log::read(&mut snapshot, &Filter::default(), 10_000).await.unwrap();
    snapshot.rollback().await.unwrap();
    let mut chain = Chain::START;
    for (first, last, recorded_at, ..) in batches {
        let mut hash = BatchHash::default();
        for event in events.iter().filter(|event| (first..=last).contains(&event.position.0)) {
            hash.add([
                &event.aggregate_type,
                &event.aggregate_id,
                &event.sequence.to_string(),
                &event.event_type,
                &event.event_version,
                &event.payload,
                &event.metadata,
            ]);
        }
        let hash = hash.finish();
        chain = chain.after(first, last, recorded_at, hash);
        let sql = "UPDATE log_batches SET sha256 = $1, chain = $2 WHERE first = $3";
        let values = [hash.to_vec().into(), chain.bytes().to_vec().into(), first.into()];
        assert_eq!(database.execute(sql, &values).await.unwrap(), 1);
    }
    let sql = "UPDATE log_head SET chain = $1";
    database.execute(sql, &[chain.bytes().to_vec().into()]).await.unwrap();
}

/// The last batch is taken back whole, with the head: an older log, sound in itself.
async fn a_log_cut_short(config: Config) {
    let (_, database) = unlocked(&config).await;
    let noted = Audited::now(&config, &[]).head().to_owned();
    let last = "(SELECT MAX(first) FROM log_batches)";
    execute(&database, &format!("DELETE FROM events WHERE position >= {last}")).await;
    execute(&database, &format!("DELETE FROM log_batches WHERE first = {last}")).await;
    execute(
        &database,
        &format!(
            "UPDATE log_head SET position = (SELECT MAX(last) FROM log_batches), \
             recorded_at = (SELECT recorded_at FROM log_batches WHERE first = {last}), \
             chain = (SELECT chain FROM log_batches WHERE first = {last})"
        ),
    )
    .await;
    let audited = Audited::now(&config, &["--expect", &noted]);
    audited.found(&[
        "CHECKPOINT_BEYOND_HEAD",
        "DOCUMENT_DIFFERS",
        "DOCUMENT_VERSION_DIFFERS",
        "EXPECTED_HEAD_DIFFERS",
    ]);
}

async fn an_expected_head_that_is_none(config: Config) {
    let (_, database) = unlocked(&config).await;
    let head = log::head(&database).await.unwrap();
    let within = format!("1:{}", head.chain);
    Audited::now(&config, &["--expect", &within]).found(&["EXPECTED_HEAD_DIFFERS"]);
    let beyond = format!("{}:{}", head.position.0 + 1, head.chain);
    Audited::now(&config, &["--expect", &beyond]).found(&["EXPECTED_HEAD_DIFFERS"]);
    let output = run(&config, &["audit", "--expect", "1:zz"]);
    assert_eq!(output.status.code(), Some(2));
}

async fn a_document_altered(config: Config) {
    let (_, database) = unlocked(&config).await;
    replace(&database, "transcript_v1", "90", "95", "1 = 1").await;
    let audited = Audited::now(&config, &[]);
    audited.found(&["DOCUMENT_DIFFERS"]);
    assert_eq!(audited.differing("transcript"), 1);
}

async fn a_document_listed_by_what_it_does_not_say(config: Config) {
    let (_, database) = unlocked(&config).await;
    execute(&database, "UPDATE seat_v2 SET held_in = 'another'").await;
    let audited = Audited::now(&config, &[]);
    audited.found(&["DOCUMENT_DIFFERS"]);
    assert!(audited.answer.contains("does not say in: held_in"), "{}", audited.answer);
}

async fn a_document_that_is_no_document(config: Config) {
    let (_, database) = unlocked(&config).await;
    execute(&database, "UPDATE seat_v2 SET payload = '[]'").await;
    Audited::now(&config, &[]).found(&["DOCUMENT_DIFFERS"]);
}

async fn a_version_altered(config: Config) {
    let (_, database) = unlocked(&config).await;
    let ieps = AnyView::of::<IepTrails>().table();
    execute(&database, &format!("UPDATE {ieps} SET version = version + 1")).await;
    Audited::now(&config, &[]).found(&["DOCUMENT_VERSION_DIFFERS"]);
}

async fn a_document_missing(config: Config) {
    let (history, database) = unlocked(&config).await;
    let sql = format!("DELETE FROM account_v2 WHERE view_id = '{}'", history.teacher);
    execute(&database, &sql).await;
    let audited = Audited::now(&config, &[]);
    audited.found(&["DOCUMENT_MISSING"]);
    assert_eq!(audited.json["views"]["account"]["documents"], 3);
    assert_eq!(audited.json["findings"][0]["view"], "account");
    assert_eq!(audited.json["findings"][0]["key"], history.teacher.to_string());
}

/// Also one without a key.
async fn a_document_too_many(config: Config) {
    let (_, database) = unlocked(&config).await;
    for key in ["", "nobody"] {
        let sql = format!(
            "INSERT INTO account_v2 (view_id, version, payload) \
             SELECT '{key}', version, payload FROM account_v2 LIMIT 1"
        );
        execute(&database, &sql).await;
    }
    let audited = Audited::now(&config, &[]);
    audited.found(&["DOCUMENT_SURPLUS"]);
    assert_eq!(audited.differing("account"), 2);
}

async fn a_checkpoint_moved_back(config: Config) {
    let (_, database) = unlocked(&config).await;
    let sql = "UPDATE view_checkpoints SET position = position - 1 WHERE view = 'transcript_v1'";
    execute(&database, sql).await;
    let audited = Audited::now(&config, &[]);
    audited.found(&["DOCUMENT_DIFFERS"]);
    assert_eq!(audited.differing("transcript"), 1);
}

async fn a_checkpoint_moved_beyond_the_head(config: Config) {
    let (_, database) = unlocked(&config).await;
    let sql = "UPDATE view_checkpoints SET position = position + 1 WHERE view = 'journal_v1'";
    execute(&database, sql).await;
    Audited::now(&config, &[]).found(&["CHECKPOINT_BEYOND_HEAD"]);
}

async fn a_checkpoint_missing(config: Config) {
    let (_, database) = unlocked(&config).await;
    execute(&database, "DELETE FROM view_checkpoints WHERE view = 'term_v4'").await;
    Audited::now(&config, &[]).found(&["CHECKPOINT_MISSING", "DOCUMENT_SURPLUS"]);
}

async fn a_view_without_a_table(config: Config) {
    let (_, database) = unlocked(&config).await;
    execute(&database, "DROP TABLE journal_v1").await;
    Audited::now(&config, &[]).found(&["VIEW_MISSING"]);
}

async fn many_findings_are_counted(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let acts: Vec<_> = (0..2_345).map(|_| create(SubjectId::new())).collect();
    let (receipt, _) = cabinet.execute(ask(acts)).await.unwrap();
    assert!(cabinet.wait_for(receipt.position).await);
    cabinet.close().await;
    let (database, _lock) = config.location().open().await.unwrap();
    execute(&database, "UPDATE subject_v3 SET version = 7").await;
    let audited = Audited::now(&config, &[]);
    audited.found(&["DOCUMENT_VERSION_DIFFERS"]);
    assert_eq!(audited.differing("subject"), 2_345);
    let more = "FOUND  DOCUMENT_VERSION_DIFFERS: 2245 more of this kind";
    assert!(audited.answer.contains(more), "{}", audited.answer);
    assert!(audited.answer.contains("2345 findings"), "{}", audited.answer);
    assert_eq!(audited.json["findings"].as_array().unwrap().len(), 101);
    let help = answer(&config, &["audit", "--help"]);
    assert!(help.contains("--expect <POSITION:CHAIN>"), "{help}");
}
