//! People and texts about them lie outside the log, and are written with the events.

use aggregates::shared::{PersonId, TextId};
use oqu::{
    cabinet::Cabinet,
    config::Config,
    people::{self, Details, PersonWrite},
};

use crate::common::{ask, count, open_account, rows};

tests! {
    both {
        people_are_found_as_they_were_entered,
        a_change_keeps_what_was_before,
        texts_are_found_by_their_ids,
        a_password_ends_sessions_and_accesses,
        a_new_access_takes_the_place_of_the_old,
    }
}

fn everything_known() -> Details {
    Details {
        login: Some("әлия".into()),
        iin: Some("990101300123".into()),
        source: Some("sis".into()),
        external_id: Some("u-1".into()),
        given_name: "Әлия".into(),
        family_name: "Қайратқызы".into(),
        middle_name: Some("".into()),
        email: Some("a@example.kz".into()),
        phone: Some("+7 700".into()),
    }
}

async fn write(cabinet: &Cabinet, person: PersonId, people: Vec<PersonWrite>) {
    let mut transaction = ask([open_account(person)]);
    transaction.people = people;
    cabinet.commands.execute(transaction).await.unwrap();
}

async fn people_are_found_as_they_were_entered(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let database = &cabinet.database;
    let (person, other) = (PersonId::new(), PersonId::new());
    let details = everything_known();
    let nothing = Details::default();
    write(&cabinet, person, vec![PersonWrite::Create(person, details.clone())]).await;
    write(&cabinet, other, vec![PersonWrite::Create(other, nothing.clone())]).await;

    let found = people::people(database, &[person, other, PersonId::new()]).await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!((&found[&person], &found[&other]), (&details, &nothing));
    assert_eq!(people::by_login(database, "әлия").await.unwrap(), Some(person));
    assert_eq!(people::by_login(database, "Әлия").await.unwrap(), None);
    let ids = ["u-1".to_owned(), "u-2".to_owned()];
    let found = people::by_external_ids(database, "sis", &ids).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found["u-1"], (person, details));
    assert!(people::by_external_ids(database, "other", &ids).await.unwrap().is_empty());
    assert!(people::people(database, &[]).await.unwrap().is_empty());
}

async fn a_change_keeps_what_was_before(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let person = PersonId::new();
    let before = everything_known();
    let after = Details { phone: None, family_name: "Серік".into(), ..before.clone() };
    write(&cabinet, person, vec![PersonWrite::Create(person, before)]).await;
    write(&cabinet, person, vec![PersonWrite::Change(person, after.clone())]).await;
    let found = people::people(&cabinet.database, &[person]).await.unwrap();
    assert_eq!(found[&person], after);
    let history = rows(&cabinet.database, "SELECT person, details FROM person_history").await;
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].text(0).unwrap(), person.to_string());
    assert!(history[0].text(1).unwrap().contains("Қайратқызы"));
}

async fn texts_are_found_by_their_ids(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let person = PersonId::new();
    let (first, write_first) = people::text_about(person, "Отбасы жағдайына байланысты");
    let (second, write_second) = people::text_about(person, "it's \"so\"\n\\");
    assert_ne!(first.digest, second.digest);
    write(&cabinet, person, vec![write_first, write_second]).await;
    let ids = [first.id, second.id, TextId::new()];
    let found = people::texts(&cabinet.database, &ids).await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[&first.id], "Отбасы жағдайына байланысты");
    assert_eq!(found[&second.id], "it's \"so\"\n\\");
}

async fn a_password_ends_sessions_and_accesses(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let database = &cabinet.database;
    let person = PersonId::new();
    let create = PersonWrite::Create(person, everything_known());
    let access = PersonWrite::Access(person, "digest of the code".into(), 1);
    write(&cabinet, person, vec![create, access]).await;
    let session = "INSERT INTO sessions (token_sha256, person, created_at, expires_at) \
                   VALUES ('digest', $1, 0, 1)";
    database.execute(session, &[person.to_string().into()]).await.unwrap();
    for hash in ["first", "second"] {
        write(&cabinet, person, vec![PersonWrite::Password(person, hash.into())]).await;
        let stored = rows(database, "SELECT person, password_hash FROM credentials").await;
        assert_eq!(stored.len(), 1);
        assert_eq!(stored[0].text(1).unwrap(), hash);
    }
    assert_eq!(count(database, "sessions").await, 0);
    assert_eq!(count(database, "access_codes").await, 0);
}

async fn a_new_access_takes_the_place_of_the_old(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let person = PersonId::new();
    for code in ["first", "second"] {
        write(&cabinet, person, vec![PersonWrite::Access(person, code.into(), 1)]).await;
    }
    let codes = rows(&cabinet.database, "SELECT code_sha256 FROM access_codes").await;
    assert_eq!(codes.len(), 1);
    assert_eq!(codes[0].text(0).unwrap(), "second");
}
