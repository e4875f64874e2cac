//! The log's own promises: order, times, the chain, and reading by filters.

use std::collections::BTreeSet;

use aggregates::{
    shared::{PersonId, Position, Role, StreamId, SubjectId, TermId},
    stream::StreamCommand,
};
use futures::future::join_all;
use jiff::Timestamp;
use oqu::{
    cabinet::Cabinet,
    config::Config,
    log::{self, Filter, StoredEvent},
};
use sha2::{Digest, Sha256};

use crate::common::{
    ask, assert_dense, create, open_account, registrar, retitle, rows, stream_card, take,
};

tests! {
    both {
        positions_and_sequences_are_dense,
        the_chain_is_what_the_design_says,
        times_never_go_back,
        every_filter_finds_its_events,
        a_students_record_is_found_wherever_it_lies,
        events_carry_who_asked_and_why,
        aggregates_are_loaded_each_in_its_order,
    }
}

/// Some commands in batches of different sizes, some of them refused.
async fn fill(cabinet: &Cabinet) -> i64 {
    let subjects: Vec<_> = (0..40).map(|_| SubjectId::new()).collect();
    let mut written = 0;
    for round in 0..5 {
        let commands = subjects.iter().take(8 * (round + 1)).flat_map(|subject| {
            let title = format!("Алгебра {round}");
            [ask([create(*subject)]), ask([retitle(*subject, &title)])]
        });
        let done = join_all(commands.map(|command| cabinet.commands.execute(command))).await;
        written += done.into_iter().flatten().map(|receipt| receipt.events as i64).sum::<i64>();
    }
    written
}

async fn positions_and_sequences_are_dense(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let written = fill(&cabinet).await;
    // 40 creations, and each subject's title in each round that it took part in.
    assert_eq!(written, 40 + (8 + 16 + 24 + 32 + 40));
    assert_eq!(assert_dense(&cabinet.database).await, written);
    let batches = "SELECT first, last FROM log_batches ORDER BY first";
    let mut next = 1;
    for row in rows(&cabinet.database, batches).await {
        assert_eq!(row.int(0).unwrap(), next, "a batch begins where the one before ended");
        next = row.int(1).unwrap() + 1;
    }
    assert_eq!(next, written + 1);
}

/// Computed here from the rows alone, by the words of DESIGN.md section 3.
async fn the_chain_is_what_the_design_says(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let database = &cabinet.database;
    fill(&cabinet).await;
    let batches = "SELECT first, last, recorded_at, sha256, chain FROM log_batches ORDER BY first";
    let mut chain = vec![0_u8; 32];
    for batch in rows(database, batches).await {
        let [first, last, recorded_at] = [0, 1, 2].map(|column| batch.int(column).unwrap());
        let events = format!(
            "SELECT aggregate_type, aggregate_id, CAST(sequence AS text), event_type, \
             event_version, CAST(payload AS text), CAST(metadata AS text), recorded_at \
             FROM events WHERE position BETWEEN {first} AND {last} ORDER BY position"
        );
        let mut bytes = Vec::new();
        for event in rows(database, &events).await {
            for field in 0..7 {
                let field = event.text(field).unwrap();
                bytes.extend((field.len() as u64).to_be_bytes());
                bytes.extend(field.as_bytes());
            }
            assert_eq!(event.int(7).unwrap(), recorded_at);
        }
        let sha256 = Sha256::digest(&bytes).to_vec();
        assert_eq!(batch.bytes(3).unwrap(), sha256, "events {first} to {last}");
        for number in [first, last, recorded_at] {
            chain.extend(number.to_be_bytes());
        }
        chain.extend(sha256);
        chain = Sha256::digest(&chain).to_vec();
        assert_eq!(batch.bytes(4).unwrap(), chain, "the chain after {last}");
    }
    let head = log::head(database).await.unwrap();
    assert_eq!(head.chain.bytes().to_vec(), chain);
}

async fn times_never_go_back(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let database = &cabinet.database;
    let before = Timestamp::now().as_microsecond();
    fill(&cabinet).await;
    let after = Timestamp::now().as_microsecond();
    let sql = "SELECT recorded_at FROM events ORDER BY position";
    let times: Vec<_> = rows(database, sql).await.iter().map(|row| row.int(0).unwrap()).collect();
    assert!(times.is_sorted());
    assert!(before <= times[0] && *times.last().unwrap() <= after, "{before} {times:?} {after}");

    // The clock was set back: the time stays what it was.
    let ahead = after + 3_600_000_000;
    database.execute("UPDATE log_head SET recorded_at = $1", &[ahead.into()]).await.unwrap();
    cabinet.commands.execute(ask([create(SubjectId::new())])).await.unwrap();
    let newest = "SELECT recorded_at FROM events ORDER BY position DESC LIMIT 1";
    assert_eq!(rows(database, newest).await[0].int(0).unwrap(), ahead);
}

async fn every_filter_finds_its_events(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let (subject, student, clerk) = (SubjectId::new(), PersonId::new(), PersonId::new());
    let apply = aggregates::student::StudentCommand::Apply { student }.of(student);
    for acts in [vec![create(subject)], vec![open_account(student), apply]] {
        let transaction = oqu::commands::Transaction::of(registrar(clerk), acts);
        cabinet.commands.execute(transaction).await.unwrap();
    }
    cabinet.commands.execute(ask([retitle(subject, "Алгебра")])).await.unwrap();

    let found = async |filter: Filter| {
        let mut snapshot = cabinet.database.snapshot().await.unwrap();
        let events = log::read(&mut snapshot, &filter, 100).await.unwrap();
        snapshot.rollback().await.unwrap();
        events.into_iter().map(|event| event.position.0).collect::<Vec<_>>()
    };
    let all = || Filter::default();
    let at = rows(&cabinet.database, "SELECT recorded_at FROM events ORDER BY position").await;
    let at = |position: usize| Some(at[position - 1].int(0).unwrap());
    assert_eq!(found(all()).await, [1, 2, 3, 4]);
    let (student, subject) = (Some(student.to_string()), Some(subject.to_string()));
    assert_eq!(found(Filter { student, ..all() }).await, [3]);
    let kind = Some("Subject".to_owned());
    assert_eq!(found(Filter { aggregate_type: kind.clone(), ..all() }).await, [1, 4]);
    assert_eq!(found(Filter { aggregate_id: subject, ..all() }).await, [1, 4]);
    let actor = Some(clerk.to_string());
    assert_eq!(found(Filter { actor: actor.clone(), ..all() }).await, [1, 2, 3]);
    let event_type = Some("AccountOpened".to_owned());
    assert_eq!(found(Filter { event_type, ..all() }).await, [2]);
    assert_eq!(found(Filter { since: at(2), ..all() }).await, [2, 3, 4]);
    assert_eq!(found(Filter { until: at(2), ..all() }).await, [1, 2, 3]);
    assert_eq!(found(Filter { after: Some(Position(2)), ..all() }).await, [3, 4]);
    let until_position = Some(Position(2));
    assert_eq!(found(Filter { until_position, ..all() }).await, [1, 2]);
    let both = Filter { aggregate_type: kind, actor, until_position, since: at(1), ..all() };
    assert_eq!(found(both).await, [1]);
}

/// Seats of two students in turn on both sides of each place where SQLite's index of students has a new part.
async fn a_students_record_is_found_wherever_it_lies(config: Config) {
    const PART: usize = 2_048;
    let cabinet = Cabinet::open(config).await.unwrap();
    let students = [PersonId::new(), PersonId::new()];
    let mut turns = students.iter().copied().cycle();
    let mut acts = vec![];
    while acts.len() < 3 * PART + 20 {
        let stream = StreamId::new();
        // The place of the second of two events that come next, and which new part is near it.
        let place = acts.len() + 2;
        let part = (place + PART / 2) / PART;
        if part > 0 && place.abs_diff(part * PART) <= 4 + part {
            let card = stream_card(SubjectId::new(), TermId::new());
            acts.push(StreamCommand::Open { stream, card }.of(stream));
            acts.push(take(stream, turns.next().unwrap()));
        } else {
            acts.push(create(SubjectId::new()));
        }
    }
    for acts in acts.chunks(500) {
        cabinet.commands.execute(ask(acts.to_vec())).await.unwrap();
    }
    let read = async |filter: Filter, most: usize| {
        let mut snapshot = cabinet.database.snapshot().await.unwrap();
        let events = log::read(&mut snapshot, &filter, most).await.unwrap();
        snapshot.rollback().await.unwrap();
        events
    };
    let all = read(Filter::default(), acts.len() + 1).await;
    let near = |part: i64| [-2, -1, 0, 1].map(|beside| part * PART as i64 + beside);
    let ends = [vec![i64::MIN, 0, 1], near(1).to_vec(), near(2).to_vec(), vec![99_999]].concat();
    for student in students.map(|student| Some(student.to_string())) {
        let of_student = || all.iter().filter(|event| event.student == student);
        let parts: BTreeSet<_> = of_student().map(|event| event.position.0 / PART as i64).collect();
        assert_eq!(parts, BTreeSet::from([0, 1, 2, 3]));
        for (after, until) in
            ends.iter().flat_map(|after| ends.iter().map(|until| (*after, *until)))
        {
            for most in [1, 100] {
                let within = |event: &&StoredEvent| {
                    (after.saturating_add(1)..=until).contains(&event.position.0)
                };
                let expected = of_student().filter(within).map(|event| event.position).take(most);
                let filter = Filter {
                    student: student.clone(),
                    aggregate_type: Some("Stream".into()),
                    after: Some(Position(after)),
                    until_position: Some(Position(until)),
                    ..Filter::default()
                };
                let found = read(filter, most).await.into_iter().map(|event| event.position);
                assert!(found.eq(expected), "behind {after} up to {until}, at most {most}");
            }
        }
        let whole = read(Filter { student: student.clone(), ..Filter::default() }, 100).await;
        assert_eq!(whole.len(), of_student().count());
    }
}

async fn events_carry_who_asked_and_why(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let clerk = PersonId::new();
    let mut transaction = ask([create(SubjectId::new())]);
    transaction.actor = registrar(clerk);
    transaction.actor.client = Some("cabinet/1 \"ә\" \\".into());
    transaction.caused_by = Some(Position(7));
    let receipt = cabinet.commands.execute(transaction).await.unwrap();
    let mut snapshot = cabinet.database.snapshot().await.unwrap();
    let events = log::read(&mut snapshot, &Filter::default(), 1).await.unwrap();
    let recorded = events[0].decode().unwrap().remove(0);
    let metadata = recorded.metadata;
    assert_eq!((metadata.actor, metadata.role), (Some(clerk), Some(Role::Registrar)));
    assert_eq!(metadata.command_id, receipt.command_id);
    assert_eq!(metadata.caused_by, Some(Position(7)));
    assert_eq!(metadata.correlation, "test");
    assert_eq!(metadata.client.as_deref(), Some("cabinet/1 \"ә\" \\"));
    assert_eq!(recorded.position, receipt.position);
}

async fn aggregates_are_loaded_each_in_its_order(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let (first, second, other) = (SubjectId::new(), SubjectId::new(), SubjectId::new());
    for subject in [first, second, other] {
        cabinet.commands.execute(ask([create(subject)])).await.unwrap();
    }
    for title in ["Бір", "Екі", "Үш"] {
        let acts = [retitle(second, title), retitle(first, title)];
        cabinet.commands.execute(ask(acts)).await.unwrap();
    }
    let (first, second) = (first.to_string(), second.to_string());
    let wanted = [("Subject", first.as_str()), ("Subject", &second), ("Subject", "unknown")];
    let events = log::load_aggregates(&cabinet.database, &wanted).await.unwrap();
    assert_eq!(events.len(), 8);
    for id in [&first, &second] {
        let own = events.iter().filter(|event| event.aggregate_id == *id);
        let sequences: Vec<_> = own.map(|event| event.sequence).collect();
        assert_eq!(sequences, [1, 2, 3, 4]);
    }
}
