//! The line to PostgreSQL cut at the worst moment: between a commit and its answer, or right before it.

use aggregates::shared::{PersonId, SubjectId};
use futures::future::join_all;
use oqu::{
    cabinet::Cabinet,
    commands::{CommandError, Transaction},
    config::Config,
};
use serde_json::json;

use crate::{
    campus::Campus,
    common::{ask, assert_dense, count, create, open_account, retitle, rows, somebody, under_key},
    line::{Cut, Line},
    server::{text, until},
};

tests! {
    postgres {
        a_commit_whose_answer_is_lost_is_found_in_the_log,
        a_batch_whose_answer_is_lost_is_found_in_the_log,
        a_commit_that_never_came_is_told_as_not_written,
        what_comes_after_it_was_told_as_not_written_writes_nothing,
        an_outcome_nobody_knows_is_told_with_the_commands_id,
    }
}

/// A house at the end of such a line, and one that looks on.
struct House {
    line: Line,
    cabinet: Cabinet,
    direct: Cabinet,
    subject: SubjectId,
}

impl House {
    /// With a subject.
    async fn open(config: Config) -> Self {
        let line = Line::to(config.database_url.as_deref().unwrap()).await;
        let direct = Cabinet::open(config.clone()).await.unwrap();
        let through = Config { database_url: Some(line.url.clone()), ..config };
        let cabinet = Cabinet::open(through).await.unwrap();
        let subject = SubjectId::new();
        cabinet.commands.execute(ask([create(subject)])).await.unwrap();
        Self { line, cabinet, direct, subject }
    }

    /// How many events and how many keys there are.
    async fn written(&self) -> (i64, i64) {
        let database = &self.direct.database;
        (count(database, "events").await, count(database, "commands").await)
    }

    /// What is written in each its own way, with how many events and keys: by one statement, without a key and with
    /// one; by a key alone, where nothing was left to do; and in a transaction, beside a person.
    fn kinds(&self, round: usize) -> [(Transaction, i64, i64); 4] {
        let title = format!("Алгебра {round}");
        let keyed =
            |transaction, what| under_key(transaction, &format!("{what}-{round}"), "digest");
        let person = PersonId::new();
        let people = vec![somebody(person, &person.to_string())];
        [
            (ask([retitle(self.subject, &title)]), 1, 0),
            (keyed(ask([create(SubjectId::new())]), "new"), 1, 1),
            (keyed(ask([retitle(self.subject, &title)]), "same"), 0, 1),
            (Transaction { people, ..keyed(ask([open_account(person)]), "person") }, 1, 1),
        ]
    }
}

/// Whoever asked hears of a success, once, and nothing is done twice.
async fn a_commit_whose_answer_is_lost_is_found_in_the_log(config: Config) {
    let house = House::open(config).await;
    for round in 0..5 {
        for (asked, events, keys) in house.kinds(round) {
            let before = house.written().await;
            house.line.cut_next(Cut::AfterCommit);
            let done = house.cabinet.commands.execute(asked.clone()).await.unwrap();
            assert!(house.line.was_cut());
            assert_eq!((done.events as i64, done.again), (events, false));
            assert_eq!(done.position.0, before.0 + events);
            assert_eq!(house.written().await, (before.0 + events, before.1 + keys));
            if asked.key.is_some() {
                let again = house.cabinet.commands.execute(asked).await.unwrap();
                assert_eq!((again.position, again.again), (done.position, true));
            }
        }
    }
    assert_dense(&house.direct.database).await;
}

/// What was refused in such a batch is refused, and what was done is done.
async fn a_batch_whose_answer_is_lost_is_found_in_the_log(config: Config) {
    let house = House::open(config).await;
    for round in 0..5 {
        let before = house.written().await;
        house.line.cut_next(Cut::AfterCommit);
        let [plain, keyed, same, person] = house.kinds(round).map(|(asked, _, _)| asked);
        let batch = [plain, ask([create(house.subject)]), keyed, same, person];
        let done = batch.map(|asked| house.cabinet.commands.execute(asked));
        let done: Vec<_> = join_all(done).await.into_iter().map(events).collect();
        assert_eq!(done, [Some(1), None, Some(1), Some(0), Some(1)]);
        assert!(house.line.was_cut());
        assert_eq!(house.written().await, (before.0 + 3, before.1 + 3));
    }
    assert_dense(&house.direct.database).await;
}

/// How many events were written; none where it was refused.
fn events(done: Result<oqu::commands::Receipt, CommandError>) -> Option<usize> {
    match done {
        Ok(receipt) => Some(receipt.events),
        Err(CommandError::Refused(_)) => None,
        Err(other) => panic!("{other}"),
    }
}

/// The server has not heard of the commit when its line ends.
async fn a_commit_that_never_came_is_told_as_not_written(config: Config) {
    let house = House::open(config).await;
    for round in 0..5 {
        for (asked, events, keys) in house.kinds(round) {
            let before = house.written().await;
            house.line.cut_next(Cut::BeforeCommit);
            let done = house.cabinet.commands.execute(asked.clone()).await;
            assert!(house.line.was_cut());
            assert!(matches!(done, Err(CommandError::Unavailable(_))), "{done:?}");
            assert_eq!(house.written().await, before);
            let done = house.cabinet.commands.execute(asked).await.unwrap();
            assert_eq!((done.events as i64, done.again), (events, false));
            assert_eq!(house.written().await, (before.0 + events, before.1 + keys));
        }
    }
    assert_dense(&house.direct.database).await;
}

/// The server hears of the append when nobody waits for it any more: nobody else has written meanwhile, or
/// somebody has.
async fn what_comes_after_it_was_told_as_not_written_writes_nothing(config: Config) {
    let house = House::open(config).await;
    for round in 0..4 {
        let asked = ask([retitle(house.subject, &format!("Алгебра {round}"))]);
        house.line.cut_next(Cut::Late);
        let done = house.cabinet.commands.execute(asked.clone()).await;
        assert!(matches!(done, Err(CommandError::Unavailable(_))), "{done:?}");
        if round % 2 == 1 {
            house.direct.commands.execute(ask([create(SubjectId::new())])).await.unwrap();
        }
        let before = house.written().await;
        house.line.deliver().await;
        assert_eq!(house.written().await, before);
        let done = house.cabinet.commands.execute(asked).await.unwrap();
        assert_eq!((done.events, done.position.0), (1, before.0 + 1));
    }
    assert_dense(&house.direct.database).await;
}

/// The database does not come back in time to be asked; when it does, the same request is answered with what
/// was done.
async fn an_outcome_nobody_knows_is_told_with_the_commands_id(config: Config) {
    let line = Line::to(config.database_url.as_deref().unwrap()).await;
    let campus =
        Campus::open(&Config { database_url: Some(line.url.clone()), ..config.clone() }).await;
    let direct = Cabinet::open(config).await.unwrap();
    let input = json!({"input": {
        "code": "MATH1", "title": "Алгебра", "credits": 5, "idempotencyKey": "once",
    }});
    line.cut_next(Cut::AllAfterCommit);
    let answer = campus.registrar.send("CreateSubject", input.clone()).await;
    assert!(line.was_cut());
    let errors = &answer.body["errors"];
    assert_eq!(errors[0]["extensions"]["code"], "OUTCOME_UNKNOWN", "{}", answer.body);
    let command = text(&errors[0]["extensions"]["commandId"]);

    let created = "SELECT metadata ->> 'command_id', position FROM events \
                   WHERE event_type = 'SubjectCreated'";
    let created = rows(&direct.database, created).await;
    let created: Vec<_> =
        created.iter().map(|row| (row.text(0).unwrap(), row.int(1).unwrap())).collect();
    let [(of_command, position)] = created.as_slice() else { panic!("{created:?}") };
    assert_eq!(*of_command, command);

    line.mend();
    until("the same request is answered", async || {
        let again = campus.registrar.send("CreateSubject", input.clone()).await;
        again.body["data"]["createSubject"]["position"] == json!(position)
    })
    .await;
    assert_eq!(count(&direct.database, "subject_v3").await, 1);
}
