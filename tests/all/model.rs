//! Random commands of many tasks beside a simple model kept in memory: views, log and model agree, and every
//! refusal was right at some moment while it was asked.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicI64, Ordering},
};

use aggregates::{
    Act, Event,
    shared::{PersonId, Position, StreamId, SubjectId, TermId},
    stream::{StreamCard, StreamCommand, StreamEvent},
    subject::SubjectEvent,
};
use futures::future::join_all;
use oqu::{
    audit::audit,
    cabinet::Cabinet,
    commands::CommandError,
    config::Config,
    log::{self, Filter},
};
use projections::{stream::Streams, subject::Subjects};
use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::common::{ask, assert_dense, create, release, retitle, stream_card, take, under_key};

tests! { both { views_log_and_model_agree } }

const TASKS: usize = 12;
const COMMANDS: usize = 120;
const STREAMS: usize = 3;
const SUBJECTS: usize = 3;
const SEATS: u32 = 5;

/// What one task knows: its own students' seats, and what it was answered.
#[derive(Default)]
struct Known {
    /// Who holds a seat where.
    seats: BTreeSet<(StreamId, PersonId)>,
    /// The titles it gave, with the subject, that were acknowledged.
    titles: Vec<(SubjectId, String)>,
    /// Streams that were said to be full, and where the log ended at the least before that was asked, and at
    /// the most when it was answered.
    full: Vec<(StreamId, i64, i64)>,
}

/// The house with what all tasks share.
struct World {
    nodes: Vec<Cabinet>,
    streams: Vec<StreamId>,
    subjects: Vec<SubjectId>,
    /// The highest position that anybody was answered with.
    acknowledged: AtomicI64,
}

/// One task with its own students.
struct Task<'w> {
    world: &'w World,
    number: usize,
    random: StdRng,
    students: [PersonId; 3],
    known: Known,
}

async fn views_log_and_model_agree(config: Config) {
    let seed = rand::rng().random();
    // Shown where the test fails: the commands are the same again under it, if not their order.
    println!("seed {seed}");
    let world = World::open(config).await;
    let tasks = (0..TASKS).map(|number| Task::new(&world, number, seed).run());
    let known: Vec<_> = join_all(tasks).await;

    let history = History::read(&world).await;
    let seats: BTreeSet<_> = known.iter().flat_map(|known| known.seats.iter().copied()).collect();
    assert_eq!(seats, history.seats, "who holds a seat, by the model and by the log");
    for (subject, title) in known.iter().flat_map(|known| &known.titles) {
        let given = history.titles[subject].iter().filter(|given| *given == title).count();
        assert_eq!(given, 1, "how often the log shows {title}");
    }
    for (stream, from, to) in known.iter().flat_map(|known| &known.full) {
        assert!(history.was_full(*stream, *from, *to), "{stream} was free from {from} to {to}");
    }
    world.views_agree_with(&history).await;
    let report = audit(&world.nodes[0].database, None, |_| ()).await.unwrap();
    assert!(report.findings.is_empty(), "{report}");
    let refused: usize = known.iter().map(|known| known.full.len()).sum();
    println!("{} events, {refused} times full", report.events);
    assert!(refused > 0 && !seats.is_empty());
}

impl World {
    /// Two nodes where the database may have two.
    async fn open(config: Config) -> Self {
        let mut nodes = vec![Cabinet::open(config.clone()).await.unwrap()];
        if config.database_url.is_some() {
            nodes.push(Cabinet::open(config).await.unwrap());
        }
        let streams: Vec<_> = (0..STREAMS).map(|_| StreamId::new()).collect();
        let subjects: Vec<_> = (0..SUBJECTS).map(|_| SubjectId::new()).collect();
        for stream in &streams {
            let card = stream_card(SubjectId::new(), TermId::new());
            let card = StreamCard { limit: Some(SEATS), ..card };
            let open = StreamCommand::Open { stream: *stream, card }.of(*stream);
            nodes[0].commands.execute(ask([open])).await.unwrap();
        }
        for subject in &subjects {
            nodes[0].commands.execute(ask([create(*subject)])).await.unwrap();
        }
        Self { nodes, streams, subjects, acknowledged: AtomicI64::new(0) }
    }

    async fn views_agree_with(&self, history: &History) {
        let node = &self.nodes[0];
        assert!(node.wait_for(Position(history.end)).await);
        for stream in &self.streams {
            let document = node.views.get::<Streams>(&stream.to_string()).await.unwrap().unwrap();
            assert_eq!(document.taken, history.taken(*stream));
        }
        for subject in &self.subjects {
            let document = node.views.get::<Subjects>(&subject.to_string()).await.unwrap().unwrap();
            let last = history.titles[subject].last().unwrap();
            assert_eq!(&document.card.clone().unwrap().title.to_string(), last);
        }
        assert_eq!(assert_dense(&node.database).await, history.end);
    }
}

impl<'w> Task<'w> {
    fn new(world: &'w World, number: usize, seed: u64) -> Self {
        let random = StdRng::seed_from_u64(seed.wrapping_add(number as u64));
        let students = [PersonId::new(), PersonId::new(), PersonId::new()];
        Self { world, number, random, students, known: Known::default() }
    }

    async fn run(mut self) -> Known {
        for command in 0..COMMANDS {
            let student = self.students[self.random.random_range(0..3)];
            let stream = self.world.streams[self.random.random_range(0..STREAMS)];
            match self.random.random_range(0..4) {
                0 => self.retitle(command).await,
                1 => self.release(stream, student).await,
                2 => self.take(stream, student).await,
                _ => self.change(student, stream).await,
            }
        }
        self.known
    }

    /// Asks either node, now and then twice under one key; the code of a refusal.
    async fn done(&mut self, acts: Vec<Act>) -> Result<(), &'static str> {
        let node = &self.world.nodes[self.random.random_range(0..self.world.nodes.len())];
        let mut transaction = ask(acts);
        let twice = self.random.random_ratio(1, 4);
        if twice {
            let key = format!("{}-{}", self.number, self.random.random::<u64>());
            transaction = under_key(transaction, &key, "digest");
        }
        let first = node.commands.execute(transaction.clone()).await;
        match first {
            Ok(first) => {
                self.world.acknowledged.fetch_max(first.position.0, Ordering::SeqCst);
                if twice {
                    let again = node.commands.execute(transaction).await.unwrap();
                    assert!(again.again && again.result_ids == first.result_ids);
                }
                Ok(())
            }
            Err(CommandError::Refused(refusal)) => Err(refusal.code),
            Err(other) => panic!("{other}"),
        }
    }

    async fn retitle(&mut self, command: usize) {
        let subject = self.world.subjects[self.random.random_range(0..SUBJECTS)];
        let title = format!("Пән {}-{command}", self.number);
        self.done(vec![retitle(subject, &title)]).await.unwrap();
        self.known.titles.push((subject, title));
    }

    async fn release(&mut self, stream: StreamId, student: PersonId) {
        let done = self.done(vec![release(stream, student)]).await;
        let held = self.known.seats.remove(&(stream, student));
        assert_eq!(done, if held { Ok(()) } else { Err("NO_SEAT") });
    }

    async fn take(&mut self, stream: StreamId, student: PersonId) {
        self.take_after(vec![], stream, student).await;
    }

    /// Gives one seat up and takes another: both or neither.
    async fn change(&mut self, student: PersonId, to: StreamId) {
        let mut held = self.known.seats.iter().filter(|(from, by)| *by == student && *from != to);
        let Some((from, _)) = held.next().copied() else { return };
        if self.take_after(vec![release(from, student)], to, student).await {
            self.known.seats.remove(&(from, student));
        }
    }

    /// Takes a seat, if it is free, together with something else; whether it was taken.
    async fn take_after(
        &mut self,
        mut acts: Vec<Act>,
        stream: StreamId,
        student: PersonId,
    ) -> bool {
        let from = self.world.acknowledged.load(Ordering::SeqCst);
        acts.push(take(stream, student));
        let done = self.done(acts).await;
        if self.known.seats.contains(&(stream, student)) {
            assert_eq!(done, Err("SEAT_HELD"));
            return false;
        }
        if done.is_err() {
            assert_eq!(done, Err("STREAM_FULL"));
            let to = log::head(&self.world.nodes[0].database).await.unwrap().position;
            self.known.full.push((stream, from, to.0));
            return false;
        }
        self.known.seats.insert((stream, student))
    }
}

/// The log, folded by hand.
#[derive(Default)]
struct History {
    end: i64,
    seats: BTreeSet<(StreamId, PersonId)>,
    /// Each subject's titles in their order.
    titles: BTreeMap<SubjectId, Vec<String>>,
    /// How many seats of a stream were taken from a position on.
    taken: BTreeMap<(StreamId, i64), u32>,
}

impl History {
    async fn read(world: &World) -> Self {
        let mut history = Self::default();
        let mut snapshot = world.nodes[0].database.snapshot().await.unwrap();
        let all = log::read_each(&mut snapshot, Filter::default(), |event| {
            history.end += 1;
            assert_eq!(event.position.0, history.end);
            event.events()?.into_iter().for_each(|event| history.note(event));
            Ok(())
        });
        all.await.unwrap();
        history
    }

    fn note(&mut self, event: Event) {
        match event {
            Event::Subject(
                SubjectEvent::Created { subject, card }
                | SubjectEvent::Revised { subject, card, .. },
            ) => self.titles.entry(subject).or_default().push(card.title.to_string()),
            Event::Stream(StreamEvent::SeatTaken { stream, student, .. }) => {
                assert!(self.seats.insert((stream, student)), "one student, one seat");
                self.count(stream);
            }
            Event::Stream(StreamEvent::SeatReleased { stream, student, .. }) => {
                assert!(self.seats.remove(&(stream, student)));
                self.count(stream);
            }
            Event::Stream(StreamEvent::Opened { stream, .. }) => self.count(stream),
            other => panic!("{other:?}"),
        }
    }

    fn count(&mut self, stream: StreamId) {
        let taken = self.seats.iter().filter(|(of, _)| *of == stream).count() as u32;
        assert!(taken <= SEATS, "{stream} is oversold");
        self.taken.insert((stream, self.end), taken);
    }

    fn taken(&self, stream: StreamId) -> u32 {
        *self.taken.range((stream, 0)..=(stream, i64::MAX)).next_back().unwrap().1
    }

    /// Whether it was full at some position from one to another.
    fn was_full(&self, stream: StreamId, from: i64, to: i64) -> bool {
        let before = self.taken.range((stream, 0)..=(stream, from)).next_back();
        let meanwhile = self.taken.range((stream, from)..=(stream, to));
        before.into_iter().chain(meanwhile).any(|(_, taken)| *taken == SEATS)
    }
}
