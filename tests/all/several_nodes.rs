//! What a node holds in memory, and what others write meanwhile: several nodes on one PostgreSQL.

use aggregates::{
    Act,
    shared::{PersonId, StreamId, SubjectId, TermId},
    stream::{StreamCard, StreamCommand},
};
use futures::future::join_all;
use oqu::{
    cabinet::Cabinet,
    commands::{CommandError, Receipt},
    config::Config,
    log,
};
use projections::{AnyView, stream::Streams, subject::Subjects};
use serde_json::json;

use crate::{
    campus::{Campus, register},
    common::{ask, assert_dense, create, release, retitle, rows, stream_card, take, under_key},
    server::{Server, answer, until},
};

tests! {
    postgres {
        a_seat_that_another_node_freed_is_given,
        a_success_without_events_is_of_the_log_as_it_is,
        what_comes_to_nothing_under_a_key_is_of_the_log_as_it_is,
        an_act_that_comes_to_nothing_beside_another_is_of_the_log_as_it_is,
        a_crowd_on_two_nodes_oversells_nothing,
        views_that_two_nodes_fold_count_each_event_once,
        a_node_that_starts_waits_for_no_view_that_is_written,
        what_was_written_on_one_node_is_read_on_the_other,
        a_node_that_hangs_holds_the_head_for_a_while_only,
        a_node_whose_clock_is_wrong_decides_by_the_databases,
    }
}

fn open(stream: StreamId, limit: u32) -> Act {
    let card = stream_card(SubjectId::new(), TermId::new());
    StreamCommand::Open { stream, card: StreamCard { limit: Some(limit), ..card } }.of(stream)
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
    let document = "SELECT version, payload #>> '{card,title}' FROM subject_v3";
    let found = rows(&nodes[0].database, document).await;
    let last = format!("Алгебра {}", ROUNDS - 1);
    assert_eq!((found[0].int(0).unwrap(), found[0].text(1).unwrap()), (ROUNDS + 1, last));
}

/// Otherwise the two would wait for each other, and PostgreSQL would end one of them.
async fn a_node_that_starts_waits_for_no_view_that_is_written(config: Config) {
    let [here, _] = two_nodes(&config).await;
    let mut writing = here.database.begin().await.unwrap();
    let [subjects, streams] =
        [AnyView::of::<Subjects>(), AnyView::of::<Streams>()].map(|view| view.table());
    let as_who_writes = format!("LOCK TABLE {subjects}, {streams} IN ROW EXCLUSIVE MODE");
    writing.execute(&as_who_writes, &[]).await.unwrap();
    Cabinet::open(config).await.unwrap();
    writing.rollback().await.unwrap();
}

/// Whoever asks with the position of what it wrote sees it, on whichever server, although it was answered before
/// the views knew of it.
async fn what_was_written_on_one_node_is_read_on_the_other(config: Config) {
    let campus = Campus::open(&config).await;
    let other = Server::start(&config);
    let there = [campus.registrar.clone(), campus.registrar.at(other.url())];
    let here = Cabinet::open(config).await.unwrap();
    for round in 0..50 {
        let done = here.commands.execute(ask([create(SubjectId::new())])).await.unwrap();
        let asked = there[round % 2].operation("query { subjects { totalCount } }", json!({}));
        let asked = asked.header("Oqu-After-Position", done.position.to_string());
        let seen = answer(asked).await.unwrap().done();
        assert_eq!(seen, json!({"totalCount": round + 1}));
    }
}

/// The database ends its transaction; whoever waits for the head waits no longer than for a lock.
async fn a_node_that_hangs_holds_the_head_for_a_while_only(config: Config) {
    let [here, hung] = two_nodes(&config).await;
    for (setting, limit) in
        [("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "1min")]
    {
        let shown = rows(&hung.database, &format!("SHOW {setting}")).await;
        assert_eq!(shown[0].text(0).unwrap(), limit, "{setting}");
    }
    let mut open = hung.database.begin().await.unwrap();
    let sooner = "SELECT set_config('idle_in_transaction_session_timeout', '2s', true)";
    open.fetch(sooner, &[]).await.unwrap();
    log::lock_head(&mut open).await.unwrap();
    let done = here.commands.execute(ask([create(SubjectId::new())])).await.unwrap();
    assert_eq!(done.events, 1);
    assert!(log::lock_head(&mut open).await.is_err(), "its transaction goes on");
    assert_dense(&here.database).await;
}

/// A node on a machine whose clock is two hours ahead.
fn two_hours_ahead(config: &Config) -> Server {
    let folders = std::fs::read_dir("/usr/lib").unwrap().map(|folder| folder.unwrap().path());
    let mut library = folders.map(|folder| folder.join("faketime/libfaketime.so.1"));
    let library = library.find(|library| library.exists()).expect("libfaketime is installed");
    let settings = [
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("FAKETIME", "+2h"),
        // What runs for so long runs as long as elsewhere.
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
    Server::with(config, &settings)
}

/// Neither does a window close early there, nor does an offer of an hour lapse.
async fn a_node_whose_clock_is_wrong_decides_by_the_databases(config: Config) {
    let campus = Campus::open(&config).await;
    let rules = json!({"offerHoldsSeconds": 3_600});
    campus.regulation("2021", "2021-09-01".parse().unwrap(), rules).await;
    let term = campus.term("Күз", -30, 90).await;
    for kind in ["REGISTRATION", "CHOOSING_STREAMS"] {
        campus.period(&term, kind, -1, 1).await;
    }
    let subject = campus.subject("MATH1", 5, &[]).await;
    let to_come = campus.subject("MATH2", 5, &[]).await;
    let later = campus.term("Көктем", 100, 90).await;
    campus.period(&later, "REGISTRATION", 1, 3).await;
    let stream = campus.stream(&subject, &term, "A", json!({"limit": 1})).await;
    let [holder, second] = [campus.student("Бірінші").await, campus.student("Екінші").await];

    let ahead = two_hours_ahead(&config);
    let told = || ahead.log().contains("the database's clock, which counts, is ahead");
    until("the difference is told", async || told()).await;
    let mut wishes = Vec::new();
    for student in [&holder, &second] {
        let enrollment = register(&student.at(ahead.url()), &subject, &term).await.enrollment;
        wishes.push(json!({"enrollment": enrollment, "stream": stream}));
    }
    let [here, there] = [&holder, &second.at(ahead.url())];
    let early = json!({"subject": to_come, "term": later});
    let refused = there.refused("RegisterForSubject", early).await;
    assert_eq!(refused, "REGISTRATION_CLOSED");
    here.ask("ChooseStream", wishes[0].clone()).await;
    there.ask("JoinWaitingList", wishes[1].clone()).await;
    here.ask("LeaveStream", wishes[0].clone()).await;
    there.ask("AcceptSeat", wishes[1].clone()).await;
}
