//! The repositories of postgres-es and sqlite-es, as they come, read our database and can't write it.

use aggregates::{
    Event,
    account::{Account, AccountCommand, AccountEvent},
    shared::{PersonId, Role, SubjectId},
    subject::{Subject, SubjectEvent},
};
use cqrs_es::{
    Aggregate, AggregateContext, EventStore,
    persist::{PersistedEventRepository, PersistedEventStore},
};
use oqu::{cabinet::Cabinet, config::Config, database::Database, log};
use postgres_es::PostgresEventRepository;
use sqlite_es::SqliteEventRepository;

use crate::common::{ask, assert_dense, create, open_account, registrar, retitle};

tests! { both { stock_repositories_read_what_we_wrote, stock_repositories_cant_write } }

/// A person and a subject with some history each.
async fn history(config: Config) -> (Cabinet, PersonId, SubjectId) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let (person, subject) = (PersonId::new(), SubjectId::new());
    let role = |role| AccountCommand::GrantRole { person, role }.of(person);
    let acts = vec![open_account(person), role(Role::Teacher), create(subject)];
    let mut transaction = ask(acts);
    transaction.actor = registrar(person);
    cabinet.commands.execute(transaction).await.unwrap();
    cabinet.commands.execute(ask([role(Role::Advisor), retitle(subject, "Ә")])).await.unwrap();
    (cabinet, person, subject)
}

/// Our own events of an aggregate.
async fn ours(database: &Database, kind: &str, id: &str) -> Vec<Event> {
    let events = log::load_aggregates(database, &[(kind, id)]).await.unwrap();
    events.iter().flat_map(|event| event.events().unwrap()).collect()
}

async fn stock_repositories_read_what_we_wrote(config: Config) {
    let (cabinet, person, subject) = history(config).await;
    let (person, subject) = (person.to_string(), subject.to_string());
    let database = &cabinet.database;
    let account = |event| match event {
        Event::Account(event) => event,
        other => panic!("{other:?}"),
    };
    let about_subject = |event| match event {
        Event::Subject(event) => event,
        other => panic!("{other:?}"),
    };
    let account: Vec<_> =
        ours(database, "Account", &person).await.into_iter().map(account).collect();
    let of_subject: Vec<_> =
        ours(database, "Subject", &subject).await.into_iter().map(about_subject).collect();
    match database {
        Database::Postgres(pool) => {
            let repository = || PostgresEventRepository::new(pool.clone());
            reads::<_, Account>(repository(), &person, account).await;
            reads::<_, Subject>(repository(), &subject, of_subject).await;
        }
        Database::Sqlite { read, .. } => {
            let repository = || SqliteEventRepository::new(read.clone());
            reads::<_, Account>(repository(), &person, account).await;
            reads::<_, Subject>(repository(), &subject, of_subject).await;
        }
    }
}

async fn reads<R, A>(repository: R, id: &str, ours: Vec<A::Event>)
where
    R: PersistedEventRepository,
    A: Aggregate + PartialEq + std::fmt::Debug,
{
    let store = PersistedEventStore::<R, A>::new_event_store(repository);
    let theirs = store.load_events(id).await.unwrap();
    assert!(ours.len() > 1);
    assert!(theirs.iter().all(|envelope| envelope.metadata.contains_key("command_id")));
    let sequences: Vec<_> = theirs.iter().map(|envelope| envelope.sequence).collect();
    assert_eq!(sequences, (1..=ours.len()).collect::<Vec<_>>());
    let theirs: Vec<_> = theirs.into_iter().map(|envelope| envelope.payload).collect();
    assert_eq!(theirs, ours);

    let mut state = A::default();
    for event in ours {
        state.apply(event);
    }
    let mut loaded = store.load_aggregate(id).await.unwrap();
    assert_eq!(*loaded.aggregate(), state);
}

async fn stock_repositories_cant_write(config: Config) {
    let (cabinet, person, subject) = history(config).await;
    let (account, card) = (
        AccountEvent::RoleGranted { person, role: Role::Auditor },
        SubjectEvent::Offered { subject, term: aggregates::shared::TermId::new() },
    );
    let (person, subject) = (person.to_string(), subject.to_string());
    match &cabinet.database {
        Database::Postgres(pool) => {
            let repository = || PostgresEventRepository::new(pool.clone());
            writes_not::<_, Account>(repository(), &person, account, "position").await;
            writes_not::<_, Subject>(repository(), &subject, card, "position").await;
        }
        // It would give a position itself, but no time.
        Database::Sqlite { write, .. } => {
            let repository = || SqliteEventRepository::new(write.clone());
            writes_not::<_, Account>(repository(), &person, account, "recorded_at").await;
            writes_not::<_, Subject>(repository(), &subject, card, "recorded_at").await;
        }
    }
    assert_eq!(assert_dense(&cabinet.database).await, 5);
}

async fn writes_not<R: PersistedEventRepository, A: Aggregate + std::fmt::Debug>(
    repository: R,
    id: &str,
    event: A::Event,
    column: &str,
) {
    let store = PersistedEventStore::<R, A>::new_event_store(repository);
    let loaded = store.load_aggregate(id).await.unwrap();
    let refused = store.commit(vec![event], loaded, Default::default()).await.unwrap_err();
    let cause = format!("{refused:?}");
    // Both databases name the column.
    assert!(cause.contains(column), "{cause}");
}
