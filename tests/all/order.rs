//! The order of the log: what a reader has seen up to a position is all there will ever be up to it,
//! however commits overlap (DESIGN.md section 3, *Position*).

use std::{sync::Arc, time::Duration};

use aggregates::{
    Event,
    shared::{Metadata, SubjectId},
    subject::SubjectEvent,
};
use futures::future::join_all;
use oqu::{
    cabinet::Cabinet,
    config::Config,
    database::{Database, StoreError, Transaction},
    log::{self, Head, NewEvent, Requests, Stamp},
};
use uuid::Uuid;

use crate::{
    common::{ask, assert_dense, card, count, create, rows},
    server::until,
};

tests! {
    both {
        a_reader_sees_every_position_once_and_in_order,
        a_request_is_kept_at_the_place_of_its_events,
    }
    postgres {
        nobody_overtakes_a_transaction_that_is_open,
        a_sequence_would_lose_what_was_overtaken,
        a_batch_that_is_shut_out_while_it_waits_writes_nothing,
        the_newest_batches_that_were_shut_out_are_kept,
    }
}

fn event(subject: SubjectId) -> NewEvent {
    let metadata = Metadata {
        actor: None,
        role: None,
        command_id: Uuid::new_v4(),
        caused_by: None,
        correlation: "test".into(),
        client: None,
    };
    let stamp = Arc::new(Stamp::of(metadata).unwrap());
    let created = Event::Subject(SubjectEvent::Created { subject, card: card("Алгебра") });
    NewEvent::new("Subject", &subject.to_string(), 1, created, &stamp).unwrap()
}

/// Reads on from where it was: what there is behind its checkpoint.
struct Reader<'d> {
    database: &'d Database,
    table: &'static str,
    checkpoint: i64,
    seen: Vec<i64>,
}

impl<'d> Reader<'d> {
    fn of(database: &'d Database, table: &'static str) -> Self {
        Self { database, table, checkpoint: 0, seen: vec![] }
    }

    async fn read_on(&mut self) {
        let Self { table, checkpoint, .. } = self;
        let sql =
            format!("SELECT position FROM {table} WHERE position > {checkpoint} ORDER BY position");
        for row in rows(self.database, &sql).await {
            self.checkpoint = row.int(0).unwrap();
            self.seen.push(self.checkpoint);
        }
    }
}

/// One transaction appends and stays open while another appends, and the reader reads in between.
async fn overlapping<A, F>(database: &Database, table: &'static str, append: A) -> Vec<i64>
where
    A: Fn(Transaction) -> F,
    F: Future<Output = Result<Transaction, StoreError>> + Send + 'static,
{
    let mut reader = Reader::of(database, table);
    let first = append(database.begin().await.unwrap()).await.unwrap();
    let second = append(database.begin().await.unwrap());
    let second = tokio::spawn(async move { second.await?.commit().await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    reader.read_on().await;
    first.commit().await.unwrap();
    second.await.unwrap().unwrap();
    reader.read_on().await;
    reader.seen
}

async fn nobody_overtakes_a_transaction_that_is_open(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let append = |mut open: Transaction| async move {
        log::append(&mut open, &[&event(SubjectId::new())], None).await?;
        Ok(open)
    };
    assert_eq!(overlapping(&cabinet.database, "events", append).await, [1, 2]);
}

/// The same test on a table whose positions come from a sequence: what was overtaken is never seen.
async fn a_sequence_would_lose_what_was_overtaken(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    cabinet.database.execute("CREATE TABLE naive (position bigserial)", &[]).await.unwrap();
    let append = |mut open: Transaction| async move {
        open.execute("INSERT INTO naive DEFAULT VALUES", &[]).await?;
        Ok(open)
    };
    assert_eq!(overlapping(&cabinet.database, "naive", append).await, [2]);
}

/// It was on its way when it was looked for, and has come to the server since.
async fn a_batch_that_is_shut_out_while_it_waits_writes_nothing(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let (late, database) = (Arc::new(event(SubjectId::new())), cabinet.database.clone());
    let mut looking = database.begin().await.unwrap();
    log::lock_head(&mut looking).await.unwrap();
    let waiting = tokio::spawn({
        let (late, database) = (Arc::clone(&late), database.clone());
        async move { log::append_alone(&database, &[&late], Some(&request("late")), Head::START).await }
    });
    let waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() \
                 AND wait_event_type = 'Lock' AND query LIKE '%INTO log_batches%'";
    until("it waits for the head", async || !rows(&database, waits).await.is_empty()).await;
    log::shut_out(&mut looking, &[&late]).await.unwrap();
    looking.commit().await.unwrap();
    assert!(waiting.await.unwrap().is_err());
    assert_eq!(count(&database, "events").await, 0);
    assert_eq!(count(&database, "commands").await, 0);
    let head =
        log::append_alone(&database, &[&event(SubjectId::new())], None, Head::START).await.unwrap();
    assert_eq!(head.position.0, 1);
    assert_eq!(assert_dense(&database).await, 1);
}

async fn the_newest_batches_that_were_shut_out_are_kept(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let events: Vec<_> = (0..40).map(|_| event(SubjectId::new())).collect();
    for event in &events {
        let mut open = cabinet.database.begin().await.unwrap();
        log::shut_out(&mut open, &[event]).await.unwrap();
        open.commit().await.unwrap();
    }
    for (number, event) in events.iter().enumerate() {
        let appended = log::append_alone(&cabinet.database, &[event], None, Head::START).await;
        assert_eq!(appended.is_ok(), number < 8, "{number}");
    }
}

fn request(key: &str) -> Requests {
    Requests::of(&[["-", key, "digest", "[]"].map(str::to_owned)]).unwrap()
}

/// Also where the log does not end any more where it was seen.
async fn a_request_is_kept_at_the_place_of_its_events(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let database = &cabinet.database;
    let mut seen = Head::START;
    for (key, is_current) in [("first", true), ("second", true), ("third", false)] {
        let events = [event(SubjectId::new()), event(SubjectId::new())];
        let before = if is_current { seen } else { Head::START };
        let appended =
            log::append_alone(database, &events.each_ref(), Some(&request(key)), before).await;
        seen = appended.unwrap();
    }
    let kept = "SELECT key, position, recorded_at FROM commands ORDER BY position";
    let kept: Vec<_> = rows(database, kept)
        .await
        .iter()
        .map(|row| (row.text(0).unwrap(), row.int(1).unwrap(), row.int(2).unwrap()))
        .collect();
    let places: Vec<_> = kept.iter().map(|(key, position, _)| (&**key, *position)).collect();
    assert_eq!(places, [("first", 2), ("second", 4), ("third", 6)]);
    assert_eq!(kept[2].2, seen.recorded_at);
    // A key that there is already takes nothing of its batch in.
    let late = event(SubjectId::new());
    assert!(log::append_alone(database, &[&late], Some(&request("first")), seen).await.is_err());
    assert_eq!(assert_dense(database).await, 6);
    assert_eq!(log::head(database).await.unwrap(), seen);
}

/// Eight writers, on PostgreSQL on two nodes, against a reader that follows them.
async fn a_reader_sees_every_position_once_and_in_order(config: Config) {
    const WRITERS: i64 = 8;
    const EACH: i64 = 150;
    let mut nodes = vec![Cabinet::open(config.clone()).await.unwrap()];
    if config.database_url.is_some() {
        nodes.push(Cabinet::open(config).await.unwrap());
    }
    let write = async {
        let writers = (0..WRITERS).map(|writer| {
            let node = &nodes[writer as usize % nodes.len()];
            async {
                for _ in 0..EACH {
                    node.commands.execute(ask([create(SubjectId::new())])).await.unwrap();
                }
            }
        });
        join_all(writers).await;
    };
    let mut reader = Reader::of(&nodes[0].database, "events");
    let follow = async {
        while reader.seen.len() < (WRITERS * EACH) as usize {
            reader.read_on().await;
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(write, follow);
    assert_eq!(reader.seen, (1..=WRITERS * EACH).collect::<Vec<_>>());
}
