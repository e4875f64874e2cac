//! From a command to a committed event: all or nothing, each on its own, also on two nodes at once.

use aggregates::{
    Act,
    account::AccountCommand,
    shared::{PersonId, Position, Role, SubjectId},
};
use futures::future::join_all;
use oqu::{
    cabinet::Cabinet,
    commands::{CommandError, Transaction},
    config::Config,
    database::Database,
    log,
    people::{Details, PersonWrite},
};

use crate::common::{ask, assert_dense, count, create, open_account, retitle, rows, somebody};

tests! {
    both {
        a_refused_command_writes_nothing,
        a_refused_third_member_leaves_nothing_behind,
        the_state_after_a_refusal_is_as_before,
        a_success_without_events_writes_nothing,
        a_refused_command_in_a_batch_fails_alone,
        a_taken_login_in_a_batch_fails_alone,
        what_the_database_refuses_in_a_batch_fails_alone,
        a_taken_login_or_external_id_fails_alone,
        what_is_begun_twice_is_refused_alone,
        what_is_said_to_be_new_and_is_not_is_refused_alone,
        a_transaction_counts_its_own_events,
    }
    postgres { two_nodes_on_one_aggregate_lose_nothing }
}

fn refused(done: Result<oqu::commands::Receipt, CommandError>) -> &'static str {
    match done {
        Err(CommandError::Refused(refusal)) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}

/// It is not looked for, so the log's keys tell.
async fn what_is_said_to_be_new_and_is_not_is_refused_alone(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let (known, other) = (SubjectId::new(), SubjectId::new());
    cabinet.commands.execute(ask([create(known)])).await.unwrap();
    cabinet.close().await;
    // Nothing is held any more.
    let cabinet = Cabinet::open(config).await.unwrap();
    let as_new = |subject| ask([Act { new: true, ..create(subject) }]);
    let together = [as_new(other), as_new(known), ask([retitle(other, "Алгебра")])];
    let mut done = join_all(together.map(|asked| cabinet.commands.execute(asked))).await;
    done.pop().unwrap().unwrap();
    assert_eq!(refused(done.pop().unwrap()), "SUBJECT_CODE_TAKEN");
    done.pop().unwrap().unwrap();
    cabinet.commands.execute(ask([retitle(known, "Физика")])).await.unwrap();
    assert_eq!(assert_dense(&cabinet.database).await, 4);
}

/// The log, and all that is written with it.
async fn everything(database: &Database) -> (i64, i64, i64, i64, log::Head) {
    let head = log::head(database).await.unwrap();
    (
        count(database, "events").await,
        count(database, "log_batches").await,
        count(database, "persons").await,
        count(database, "person_texts").await,
        head,
    )
}

async fn a_refused_command_writes_nothing(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let subject = SubjectId::new();
    cabinet.commands.execute(ask([create(subject)])).await.unwrap();
    let before = everything(&cabinet.database).await;
    let done = cabinet.commands.execute(ask([create(subject)])).await;
    assert_eq!(refused(done), "SUBJECT_CODE_TAKEN");
    assert_eq!(everything(&cabinet.database).await, before);
}

async fn a_refused_third_member_leaves_nothing_behind(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let (subject, person) = (SubjectId::new(), PersonId::new());
    let before = everything(&cabinet.database).await;
    let mut transaction = ask([create(subject), open_account(person), create(subject)]);
    let (_, about_them) = oqu::people::text_about(person, "неліктен");
    transaction.people = vec![somebody(person, "aigul"), about_them];
    let done = cabinet.commands.execute(transaction).await;
    assert_eq!(refused(done), "SUBJECT_CODE_TAKEN");
    assert_eq!(everything(&cabinet.database).await, before);
}

/// In one batch, so that the commands behind it meet the state that it was put back to.
async fn the_state_after_a_refusal_is_as_before(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let (subject, person) = (SubjectId::new(), PersonId::new());
    let grant = AccountCommand::GrantRole { person, role: Role::Teacher };
    let batch = [
        ask([open_account(person)]),
        ask([create(subject), grant.clone().of(person), create(subject)]),
        ask([create(subject)]),
        ask([grant.of(person)]),
    ];
    let mut done = join_all(batch.map(|command| cabinet.commands.execute(command))).await;
    assert_eq!(refused(done.remove(1)), "SUBJECT_CODE_TAKEN");
    let events: Vec<_> = done.into_iter().map(|done| done.unwrap().events).collect();
    assert_eq!(events, [1, 1, 1]);
    assert_eq!(assert_dense(&cabinet.database).await, 3);
}

async fn a_success_without_events_writes_nothing(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let person = PersonId::new();
    cabinet.commands.execute(ask([open_account(person)])).await.unwrap();
    let before = everything(&cabinet.database).await;
    let receipt = cabinet.commands.execute(ask([open_account(person)])).await.unwrap();
    assert_eq!((receipt.events, receipt.position), (0, Position(1)));
    assert_eq!(everything(&cabinet.database).await, before);
}

/// How a command of a batch is spoiled, and what it is told.
async fn one_bad_command(
    config: Config,
    bad: Transaction,
    is_told: impl FnOnce(&CommandError) -> bool,
) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let known = PersonId::new();
    let mut first = ask([open_account(known)]);
    first.people.push(somebody(known, "taken"));
    cabinet.commands.execute(first).await.unwrap();

    let mut batch: Vec<_> = (0..200).map(|_| ask([create(SubjectId::new())])).collect();
    batch[100] = bad;
    let done = batch.into_iter().map(|command| cabinet.commands.execute(command));
    let mut done = join_all(done).await;
    let answer = done.remove(100).unwrap_err();
    assert!(is_told(&answer), "{answer:?}");
    let failed: Vec<_> = done.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{} good commands failed too: {:?}", failed.len(), failed[0]);
    assert_eq!(assert_dense(&cabinet.database).await, 1 + 199);
    assert_eq!(count(&cabinet.database, "persons").await, 1);
}

fn entering(write: PersonWrite) -> Transaction {
    let mut transaction = ask([create(SubjectId::new())]);
    transaction.people.push(write);
    transaction
}

async fn a_refused_command_in_a_batch_fails_alone(config: Config) {
    let subject = SubjectId::new();
    let bad = ask([create(subject), create(subject)]);
    one_bad_command(config, bad, |told| matches!(told, CommandError::Refused(_))).await;
}

async fn a_taken_login_in_a_batch_fails_alone(config: Config) {
    let bad = entering(somebody(PersonId::new(), "taken"));
    one_bad_command(config, bad, |told| matches!(told, CommandError::Taken(_))).await;
}

/// Nobody has that id: the database refuses, and not by a unique key.
async fn what_the_database_refuses_in_a_batch_fails_alone(config: Config) {
    let bad = entering(PersonWrite::Password(PersonId::new(), "hash".into()));
    one_bad_command(config, bad, |told| matches!(told, CommandError::Defect(_))).await;
}

async fn a_taken_login_or_external_id_fails_alone(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let known = |login: &str, iin: &str, external_id: &str| Details {
        login: Some(login.into()),
        iin: Some(iin.into()),
        source: Some("sis".into()),
        external_id: Some(external_id.into()),
        ..Details::default()
    };
    let enter = |details: Details| {
        let person = PersonId::new();
        let mut transaction = ask([open_account(person)]);
        transaction.people.push(PersonWrite::Create(person, details));
        cabinet.commands.execute(transaction)
    };
    enter(known("aigul", "1", "u1")).await.unwrap();
    let mut done = join_all([
        enter(known("aigul", "2", "u2")),
        enter(known("bolat", "1", "u3")),
        enter(known("damir", "4", "u1")),
        enter(known("erlan", "5", "u5")),
    ])
    .await;
    done.pop().unwrap().unwrap();
    let keys = done.into_iter().map(|done| match done {
        Err(CommandError::Taken(key)) => key,
        other => panic!("not taken: {other:?}"),
    });
    for (key, column) in keys.zip(["login", "iin", "external_id"]) {
        assert!(key.contains("persons") && key.contains(column), "{key}");
    }
    assert_eq!(assert_dense(&cabinet.database).await, 2);
    assert_eq!(count(&cabinet.database, "persons").await, 2);
}

/// One aggregate twice in a transaction: the second act sees what the first did.
/// Another process finds what is there already, and the others of the batch go through.
async fn what_is_begun_twice_is_refused_alone(config: Config) {
    let known = SubjectId::new();
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    cabinet.commands.execute(ask([create(known)])).await.unwrap();
    cabinet.close().await;
    let cabinet = Cabinet::open(config).await.unwrap();
    let subjects = (0..20).map(|number| if number == 7 { known } else { SubjectId::new() });
    let asked = subjects.map(|subject| cabinet.commands.execute(ask([create(subject)])));
    for (number, done) in join_all(asked).await.into_iter().enumerate() {
        match number {
            7 => assert_eq!(refused(done), "SUBJECT_CODE_TAKEN"),
            _ => assert_eq!(done.unwrap().events, 1),
        }
    }
    let twice = [create(SubjectId::new()), create(known)];
    assert_eq!(refused(cabinet.commands.execute(ask(twice)).await), "SUBJECT_CODE_TAKEN");
    assert_eq!(assert_dense(&cabinet.database).await, 20);
}

async fn a_transaction_counts_its_own_events(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let subject = SubjectId::new();
    let acts = [create(subject), retitle(subject, "Алгебра"), retitle(subject, "Алгебра")];
    let receipt = cabinet.commands.execute(ask(acts)).await.unwrap();
    assert_eq!((receipt.events, receipt.position), (2, Position(2)));
    assert_eq!(assert_dense(&cabinet.database).await, 2);
}

async fn two_nodes_on_one_aggregate_lose_nothing(config: Config) {
    const EACH: usize = 150;
    let nodes = [
        Cabinet::open(config.clone()).await.unwrap(),
        Cabinet::open(config.clone()).await.unwrap(),
    ];
    let subject = SubjectId::new();
    nodes[0].commands.execute(ask([create(subject)])).await.unwrap();
    let commands = nodes.iter().enumerate().flat_map(|(node, cabinet)| {
        (0..EACH).map(move |number| {
            let title = format!("Алгебра {node} {number}");
            let title = retitle(subject, &title);
            let other = ask([create(SubjectId::new())]);
            async move {
                let done = cabinet.commands.execute(ask([title])).await.map(|_| ());
                done.and(cabinet.commands.execute(other).await.map(|_| ()))
            }
        })
    });
    let done = join_all(commands).await;
    let failed: Vec<_> = done.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{} failed: {:?}", failed.len(), failed[0]);
    let database = &nodes[0].database;
    assert_eq!(assert_dense(database).await, 1 + 4 * EACH as i64);
    let titles = "SELECT COUNT(DISTINCT payload #>> '{Revised,card,title}') FROM events \
                  WHERE event_type = 'SubjectRevised'";
    assert_eq!(rows(database, titles).await[0].int(0).unwrap(), 2 * EACH as i64);
}
