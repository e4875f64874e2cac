//! `oqu person erase`: the law's right to be forgotten and an append-only log, both.

use oqu::{cabinet::Cabinet, config::Config, database::Database};
use serde_json::json;

use crate::{
    campus::Taught,
    common::count,
    program::{answer, run},
    server::{PASSWORD, Server, text},
};

tests! { both {
    whoever_is_erased_is_gone_everywhere_and_the_log_stays_whole,
    what_came_back_from_a_backup_is_erased_again,
    nobody_unknown_is_erased,
} }

const NAME: &str = "Қанатов";
const REASON: &str = "Отбасы жағдайына байланысты";

async fn whoever_is_erased_is_gone_everywhere_and_the_log_stays_whole(config: Config) {
    let mut taught = Taught::open(&config).await;
    let (student, iep) = (taught.student.clone(), taught.iep.clone());
    student.ask("SignIep", json!({"iep": iep, "revision": 1})).await;
    let back = json!({"iep": iep, "revision": 1, "reason": REASON});
    taught.campus.advisor.ask("SendBackIep", back).await;
    taught.campus.server.kill();
    assert!(answer(&config, &["replay"]).contains(NAME));
    answer(&config, &["audit"]);

    let said = answer(&config, &["person", "erase", &student.id, "--reason", "№ 17"]);
    assert!(said.contains("is erased, at position"), "{said}");
    answer(&config, &["audit"]);
    if config.database_url.is_none() {
        // Not only let go of, but overwritten.
        let database = std::fs::read(config.data.join("oqu.db")).unwrap();
        let name = NAME.as_bytes();
        assert!(
            !database.windows(name.len()).any(|bytes| bytes == name),
            "the name is in the file"
        );
    }
    let timeline = answer(&config, &["replay", "--student", &student.id]);
    assert!(timeline.contains("erased person") && !timeline.contains(NAME), "{timeline}");
    let again = answer(&config, &["person", "erase", &student.id, "--reason", "№ 18"]);
    assert!(again.contains("was erased before"), "{again}");

    let server = Server::start(&config);
    let registrar = taught.campus.registrar.at(server.url());
    let transcript = registrar.ask("Transcript", json!({"student": student.id})).await;
    assert_eq!(transcript["displayName"], "erased person");
    let person = "query($id: ID!) { person(id: $id) { displayName } }";
    let person = registrar.ask(person, json!({"id": student.id})).await;
    assert_eq!(person["displayName"], "erased person");
    let trail = registrar.ask("IepTrail", json!({"iep": iep})).await;
    assert_eq!(trail["student"]["displayName"], "erased person");
    // The signature still stands, and still fits its bytes; the reason about them is gone.
    let first = &trail["revisions"][0];
    assert_eq!(first["signatures"][0]["digestMatches"], true);
    assert_eq!(first["sentBack"]["reason"], json!(null));
    let search = "{ students(filter: {namePrefix: \"Қан\"}, first: 5) { nodes { id } } }";
    assert_eq!(registrar.ask(search, json!({})).await["nodes"], json!([]));
    assert_eq!(student.at(server.url()).refused("Me", json!({})).await, "UNAUTHENTICATED");
    let sign_in = json!({"login": NAME.to_lowercase(), "password": PASSWORD});
    assert_eq!(server.nobody().refused("SignIn", sign_in).await, "SIGN_IN_FAILED");
    drop(server);

    let (database, _lock) = config.location().open().await.unwrap();
    let kept = database.fetch("SELECT body FROM person_texts", &[]).await.unwrap();
    let kept: Vec<_> = kept.iter().map(|row| row.text(0).unwrap()).collect();
    assert_eq!(kept, ["№ 17"], "why it was done stays on record");
    assert_eq!(rows_of(&database, &student.id).await, 0);
}

/// How many rows beside the log know the person.
async fn rows_of(database: &Database, person: &str) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM persons WHERE id = $1) + \
               (SELECT count(*) FROM person_history WHERE person = $1) + \
               (SELECT count(*) FROM credentials WHERE person = $1) + \
               (SELECT count(*) FROM sessions WHERE person = $1) + \
               (SELECT count(*) FROM access_codes WHERE person = $1) + \
               (SELECT count(*) FROM calendar_links WHERE person = $1)";
    let row = database.fetch_one(sql, &[person.into()]).await.unwrap().unwrap();
    row.int(0).unwrap()
}

async fn what_came_back_from_a_backup_is_erased_again(config: Config) {
    let mut taught = Taught::open(&config).await;
    let student = taught.student.id.clone();
    taught.campus.server.kill();
    answer(&config, &["person", "erase", &student, "--reason", "№ 17"]);
    let (database, lock) = config.location().open().await.unwrap();
    let people = count(&database, "persons").await;
    let back = "INSERT INTO persons (id, login, given_name, family_name, sort_key) \
                VALUES ($1, 'back', 'Ерлан', 'Қанатов', 'x')";
    database.execute(back, &[text(&json!(student)).into()]).await.unwrap();
    assert_eq!(rows_of(&database, &student).await, 1);
    drop((database, lock));
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    assert_eq!(rows_of(&cabinet.database, &student).await, 0);
    assert_eq!(count(&cabinet.database, "persons").await, people);
    cabinet.close().await;
    answer(&config, &["audit"]);
}

async fn nobody_unknown_is_erased(config: Config) {
    let unknown = uuid::Uuid::new_v4().to_string();
    let refused = run(&config, &["person", "erase", &unknown, "--reason", "№ 17"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success());
    assert!(said.contains("there is nobody with the id"), "{said}");
    let unreasoned = run(&config, &["person", "erase", &unknown, "--reason", " "]);
    assert!(String::from_utf8(unreasoned.stderr).unwrap().contains("the reason is empty"));
    let (database, _lock) = config.location().open().await.unwrap();
    assert_eq!(count(&database, "events").await, 0);
}
