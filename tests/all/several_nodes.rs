//! What a node holds in memory, and what others write meanwhile: several nodes on one PostgreSQL, and
//! connections that are cut at the worst moment.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use aggregates::{
    Act,
    shared::{EnrollmentId, PersonId, StreamId, SubjectId, TermId},
    stream::{StreamCard, StreamCommand},
};
use futures::future::join_all;
use oqu::{
    cabinet::Cabinet,
    commands::{CommandError, Receipt},
    config::Config,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use url::Url;

use crate::common::{ask, assert_dense, count, create, retitle, rows, stream_card, under_key};

tests! {
    postgres {
        a_seat_that_another_node_freed_is_given,
        a_success_without_events_is_of_the_log_as_it_is,
        a_commit_whose_answer_is_lost_is_found_in_the_log,
        what_comes_to_nothing_under_a_key_is_of_the_log_as_it_is,
        an_act_that_comes_to_nothing_beside_another_is_of_the_log_as_it_is,
        a_crowd_on_two_nodes_oversells_nothing,
        views_that_two_nodes_fold_count_each_event_once,
        a_node_that_starts_waits_for_no_view_that_is_written,
    }
}

fn open(stream: StreamId, limit: u32) -> Act {
    let card = stream_card(SubjectId::new(), TermId::new());
    StreamCommand::Open { stream, card: StreamCard { limit: Some(limit), ..card } }.of(stream)
}

fn take(stream: StreamId, student: PersonId) -> Act {
    let enrollment = EnrollmentId::of(student, SubjectId::new(), TermId::new());
    StreamCommand::TakeSeat { stream, student, enrollment }.of(stream)
}

fn release(stream: StreamId, student: PersonId) -> Act {
    StreamCommand::ReleaseSeat { stream, student }.of(stream)
}

async fn two_nodes(config: &Config) -> [Cabinet; 2] {
    [Cabinet::open(config.clone()).await.unwrap(), Cabinet::open(config.clone()).await.unwrap()]
}

fn code(done: Result<Receipt, CommandError>) -> &'static str {
    match done {
        Ok(_) => "done",
        Err(CommandError::Refused(refusal)) => refusal.code,
        Err(other) => panic!("{other}"),
    }
}

/// A node that has seen the stream full hears of the seat that another node freed before it refuses.
async fn a_seat_that_another_node_freed_is_given(config: Config) {
    let [here, there] = two_nodes(&config).await;
    let stream = StreamId::new();
    here.commands.execute(ask([open(stream, 1)])).await.unwrap();
    for _ in 0..20 {
        let (first, second) = (PersonId::new(), PersonId::new());
        here.commands.execute(ask([take(stream, first)])).await.unwrap();
        assert_eq!(code(here.commands.execute(ask([take(stream, second)])).await), "STREAM_FULL");
        there.commands.execute(ask([release(stream, first)])).await.unwrap();
        here.commands.execute(ask([take(stream, second)])).await.unwrap();
        assert_eq!(code(there.commands.execute(ask([take(stream, first)])).await), "STREAM_FULL");
        here.commands.execute(ask([release(stream, second)])).await.unwrap();
    }
    assert_dense(&here.database).await;
}

/// What a command finds done already may have been undone on another node.
async fn a_success_without_events_is_of_the_log_as_it_is(config: Config) {
    let [here, there] = two_nodes(&config).await;
    let subject = SubjectId::new();
    here.commands.execute(ask([create(subject)])).await.unwrap();
    here.commands.execute(ask([retitle(subject, "Алгебра")])).await.unwrap();
    there.commands.execute(ask([retitle(subject, "Геометрия")])).await.unwrap();
    let again = here.commands.execute(ask([retitle(subject, "Алгебра")])).await.unwrap();
    assert_eq!(again.events, 1);
    assert_dense(&here.database).await;
}

/// A key that is kept answers every later request: it is kept for what the log says, not for what a node
/// remembers.
async fn what_comes_to_nothing_under_a_key_is_of_the_log_as_it_is(config: Config) {
    let [here, there] = two_nodes(&config).await;
    for round in 0..10 {
        let subject = SubjectId::new();
        here.commands.execute(ask([create(subject)])).await.unwrap();
        here.commands.execute(ask([retitle(subject, "Алгебра")])).await.unwrap();
        there.commands.execute(ask([retitle(subject, "Геометрия")])).await.unwrap();
        let keyed =
            under_key(ask([retitle(subject, "Алгебра")]), &format!("key-{round}"), "digest");
        let done = here.commands.execute(keyed.clone()).await.unwrap();
        assert_eq!((done.events, done.again), (1, false), "{round}");
        assert!(here.commands.execute(keyed).await.unwrap().again);
    }
    assert_dense(&here.database).await;
}

async fn an_act_that_comes_to_nothing_beside_another_is_of_the_log_as_it_is(config: Config) {
    let [here, there] = two_nodes(&config).await;
    for round in 0..10 {
        let (one, other) = (SubjectId::new(), SubjectId::new());
        here.commands.execute(ask([create(one), create(other)])).await.unwrap();
        here.commands.execute(ask([retitle(other, "Алгебра")])).await.unwrap();
        there.commands.execute(ask([retitle(other, "Геометрия")])).await.unwrap();
        let both = ask([retitle(one, "Физика"), retitle(other, "Алгебра")]);
        assert_eq!(here.commands.execute(both).await.unwrap().events, 2, "{round}");
    }
    assert_dense(&here.database).await;
}

async fn a_crowd_on_two_nodes_oversells_nothing(config: Config) {
    const SEATS: u32 = 60;
    let nodes = two_nodes(&config).await;
    let stream = StreamId::new();
    nodes[0].commands.execute(ask([open(stream, SEATS)])).await.unwrap();
    let asked = (0..200).map(|number| {
        let commands = &nodes[number % 2].commands;
        async { code(commands.execute(ask([take(stream, PersonId::new())])).await) }
    });
    let done = join_all(asked).await;
    let given = done.iter().filter(|code| **code == "done").count();
    let full = done.iter().filter(|code| **code == "STREAM_FULL").count();
    assert_eq!((given, full), (SEATS as usize, 200 - SEATS as usize));
    assert_eq!(assert_dense(&nodes[0].database).await, i64::from(SEATS) + 1);
}

/// Either node folds as it comes, and each holds documents in memory that the other has changed since.
async fn views_that_two_nodes_fold_count_each_event_once(config: Config) {
    const ROUNDS: i64 = 100;
    let nodes = two_nodes(&config).await;
    let subject = SubjectId::new();
    nodes[0].execute(ask([create(subject)])).await.unwrap();
    for round in 0..ROUNDS {
        let title = format!("Алгебра {round}");
        let node = &nodes[usize::from(round % 3 == 0)];
        let (_, fresh) = node.execute(ask([retitle(subject, &title)])).await.unwrap();
        assert!(fresh);
    }
    let document = "SELECT version, payload #>> '{card,title}' FROM subject_v1";
    let found = rows(&nodes[0].database, document).await;
    let last = format!("Алгебра {}", ROUNDS - 1);
    assert_eq!((found[0].int(0).unwrap(), found[0].text(1).unwrap()), (ROUNDS + 1, last));
}

/// Otherwise the two would wait for each other, and PostgreSQL would end one of them.
async fn a_node_that_starts_waits_for_no_view_that_is_written(config: Config) {
    let [here, _] = two_nodes(&config).await;
    let mut writing = here.database.begin().await.unwrap();
    let as_who_writes = "LOCK TABLE subject_v1, stream_v1 IN ROW EXCLUSIVE MODE";
    writing.execute(as_who_writes, &[]).await.unwrap();
    Cabinet::open(config).await.unwrap();
    writing.rollback().await.unwrap();
}

/// A way to the database that can lose what the database says.
struct Wire {
    port: u16,
    deaf: Arc<AtomicBool>,
}

impl Wire {
    async fn to(database: &Url) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let deaf = Arc::new(AtomicBool::new(false));
        let there = format!("127.0.0.1:{}", database.port().unwrap_or(5432));
        let cut = Arc::clone(&deaf);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let server = TcpStream::connect(&there).await.unwrap();
                tokio::spawn(carry(client, server, Arc::clone(&cut)));
            }
        });
        Self { port, deaf }
    }
}

/// Carries bytes both ways; once it is deaf, what the server says next is lost, and with it the line.
async fn carry(client: TcpStream, server: TcpStream, deaf: Arc<AtomicBool>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let there = tokio::spawn(async move {
        let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
    });
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from_server.read(&mut bytes).await {
        if deaf.swap(false, Ordering::SeqCst) {
            break;
        }
        if to_client.write_all(&bytes[..read]).await.is_err() {
            break;
        }
    }
    there.abort();
}

/// The append is one statement: when its answer is lost it has committed. Whoever asked hears of a
/// success, once, and nothing is done twice.
async fn a_commit_whose_answer_is_lost_is_found_in_the_log(config: Config) {
    let mut url = Url::parse(config.database_url.as_deref().unwrap()).unwrap();
    let wire = Wire::to(&url).await;
    url.set_port(Some(wire.port)).unwrap();
    let direct = Cabinet::open(config.clone()).await.unwrap();
    let cabinet =
        Cabinet::open(Config { database_url: Some(url.to_string()), ..config }).await.unwrap();
    let subject = SubjectId::new();
    cabinet.commands.execute(ask([create(subject)])).await.unwrap();
    for round in 0..10 {
        // What is asked of an aggregate in memory goes to the database once.
        let before = count(&direct.database, "events").await;
        wire.deaf.store(true, Ordering::SeqCst);
        let title = format!("Алгебра {round}");
        let done = cabinet.commands.execute(ask([retitle(subject, &title)])).await;
        match done {
            Ok(receipt) => assert_eq!(receipt.position.0, before + 1),
            // The views' runner was faster to lose its line, or the commit's connection was cut
            // before it had begun.
            Err(CommandError::Unavailable(_)) => {
                assert_eq!(count(&direct.database, "events").await, before);
                continue;
            }
            Err(other) => panic!("{other}"),
        }
        assert_eq!(count(&direct.database, "events").await, before + 1);
        let keyed = under_key(ask([create(SubjectId::new())]), &format!("key-{round}"), "digest");
        wire.deaf.store(true, Ordering::SeqCst);
        let first = cabinet.commands.execute(keyed.clone()).await;
        let again = cabinet.commands.execute(keyed).await.unwrap();
        if let Ok(first) = first {
            assert_eq!((first.result_ids, again.again), (again.result_ids, true));
        }
        assert_eq!(count(&direct.database, "events").await, before + 2);
    }
    assert_dense(&direct.database).await;
}
