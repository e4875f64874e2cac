//! Small facts to test with.

use aggregates::{
    Act,
    account::AccountCommand,
    shared::{Asking, Credits, EnrollmentId, PersonId, Role, StreamId, SubjectId, TermId, Text},
    stream::{Standing, StreamCard, StreamCommand, StreamKind},
    subject::{SubjectCard, SubjectCommand},
};
use jiff::Timestamp;
use oqu::{
    commands::{Actor, Key, Transaction},
    database::{Database, Row},
    people::{Details, PersonWrite},
};

pub fn text(text: &str) -> Text {
    Text::short(text).unwrap()
}

/// Somebody at the command line.
pub fn actor() -> Actor {
    Actor { person: None, role: None, correlation: "test".into(), client: None }
}

/// A registrar.
pub fn registrar(person: PersonId) -> Actor {
    Actor { person: Some(person), role: Some(Role::Registrar), ..actor() }
}

pub fn ask(acts: impl IntoIterator<Item = Act>) -> Transaction {
    Transaction::of(actor(), acts.into_iter().collect())
}

/// The same transaction under an idempotency key.
pub fn under_key(transaction: Transaction, key: &str, request: &str) -> Transaction {
    let key = Key { key: key.into(), request_sha256: request.into() };
    Transaction { key: Some(key), ..transaction }
}

pub fn card(title: &str) -> SubjectCard {
    SubjectCard {
        code: text("MATH101"),
        title: text(title),
        credits: Credits::whole(5),
        compulsory: true,
        prerequisites: vec![],
    }
}

/// The lectures of a subject, with seats for all.
pub fn stream_card(subject: SubjectId, term: TermId) -> StreamCard {
    StreamCard {
        subject,
        term,
        kind: StreamKind::Lecture,
        configuration: text("Күндізгі"),
        component: text("Дәріс"),
        group: text("А-1"),
        parent: None,
        limit: None,
        meetings: vec![],
        teachers: vec![],
    }
}

/// Enters a subject; refused the second time.
pub fn create(subject: SubjectId) -> Act {
    SubjectCommand::Create { subject, card: card("Математикалық талдау") }.of(subject)
}

/// Writes an event whenever the title is another one.
pub fn retitle(subject: SubjectId, title: &str) -> Act {
    SubjectCommand::Revise { subject, card: card(title), asking: Asking::default() }.of(subject)
}

pub fn take(stream: StreamId, student: PersonId) -> Act {
    take_with(stream, student, EnrollmentId::of(student, SubjectId::new(), TermId::new()))
}

/// The same for a registration that there is.
pub fn take_with(stream: StreamId, student: PersonId, enrollment: EnrollmentId) -> Act {
    StreamCommand::TakeSeat {
        stream,
        student,
        enrollment,
        standing: Standing::default(),
        at: Timestamp::now(),
    }
    .of(stream)
}

pub fn release(stream: StreamId, student: PersonId) -> Act {
    StreamCommand::ReleaseSeat { stream, student, at: Timestamp::now() }.of(stream)
}

pub fn open_account(person: PersonId) -> Act {
    AccountCommand::Open { person }.of(person)
}

/// Somebody new, with that login.
pub fn somebody(person: PersonId, login: &str) -> PersonWrite {
    let details = Details {
        login: Some(login.into()),
        given_name: "Айгүл".into(),
        family_name: "Серікқызы".into(),
        ..Details::default()
    };
    PersonWrite::Create(person, details)
}

pub async fn rows(database: &Database, sql: &str) -> Vec<Row> {
    database.fetch(sql, &[]).await.unwrap()
}

/// How many rows a table has.
pub async fn count(database: &Database, table: &str) -> i64 {
    rows(database, &format!("SELECT count(*) FROM {table}")).await[0].int(0).unwrap()
}

/// Positions 1, 2, 3, ..., and the same of each aggregate's sequences; how many events there are.
pub async fn assert_dense(database: &Database) -> i64 {
    let events = count(database, "events").await;
    let row = &rows(
        database,
        "SELECT COALESCE(MIN(position), 1), COALESCE(MAX(position), 0), \
                               (SELECT position FROM log_head) FROM events",
    )
    .await[0];
    let found = (row.int(0).unwrap(), row.int(1).unwrap(), row.int(2).unwrap());
    assert_eq!(found, (1, events, events), "first position, last position, head");
    let gaps = "SELECT aggregate_type FROM events GROUP BY aggregate_type, aggregate_id \
                HAVING MIN(sequence) <> 1 OR MAX(sequence) <> COUNT(*)";
    assert!(rows(database, gaps).await.is_empty(), "a sequence has gaps");
    events
}
