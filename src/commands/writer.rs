//! The writer: one task takes all commands that wait, decides them in the order of arrival on the states
//! it holds, and appends what they write, a batch a commit; while one batch commits it decides the next.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use aggregates::shared::Position;
use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot, watch,
    },
    task::{JoinError, JoinHandle},
};
use tracing::{Instrument, Span, debug, debug_span, error, field};
use uuid::Uuid;

use super::{
    CommandError, Transaction,
    batch::{Answer, Batch, Outcome, Waiting},
    keys,
    measures::Measures,
    states::{Number, States},
    upkeep,
};
use crate::{
    database::{Database, Growth, StoreError, Unwritten},
    log::{self, Head, Tail},
};

/// How many commands may wait; one more is told that we are busy.
const MAX_WAITING: usize = 4_096;
/// How many commands are appended together.
const MAX_BATCH: usize = 1_000;
/// How often a command is decided while others write, before nobody else may.
const MOST_ROUNDS: usize = 3;
/// How many events of others are looked through for what is held.
const MAX_TOUCHED: i64 = 10_000;
/// How often idempotency keys past their time are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// Where commands are handed in. Clones share one writer.
#[derive(Clone)]
pub struct Commands {
    line: mpsc::Sender<Waiting>,
    head: watch::Receiver<Position>,
    tail: Tail,
    measures: Measures,
}

/// Where what was appended is made known in this process.
pub(super) struct Announce {
    pub(super) head: watch::Sender<Position>,
    tail: Tail,
    measures: Measures,
}

impl Announce {
    pub(super) fn appended(&self, batch: &mut Batch, head: Head) {
        let written = batch.take_written();
        self.measures.appended(batch.decided_len(), written.len());
        self.tail.push(written, head);
        self.head.send_replace(head.position);
    }
}

impl Commands {
    /// Starts the writer of this process.
    pub fn start(database: Database) -> Self {
        let (line, waiting) = mpsc::channel(MAX_WAITING);
        let (announce, head) = watch::channel(Position::default());
        let tail = Tail::default();
        let measures = Measures::default();
        let announce = Announce { head: announce, tail: tail.clone(), measures: measures.clone() };
        tokio::spawn(Writer::new(database, announce).run(waiting));
        Self { line, head, tail, measures }
    }

    /// Does it, or says why not. What is acknowledged is on disk.
    pub async fn execute(&self, transaction: Transaction) -> Answer {
        let (answer, answered) = oneshot::channel();
        let id = Uuid::new_v4();
        let begun = self.measures.begin(&transaction);
        let waiting = Waiting { id, transaction, answer, rounds: 0, begun };
        match self.line.try_send(waiting) {
            Ok(()) => {}
            Err(TrySendError::Full(waiting)) => waiting.tell(Err(CommandError::Busy)),
            Err(TrySendError::Closed(waiting)) => {
                let stopped = CommandError::Unavailable("the writer has stopped".into());
                waiting.tell(Err(stopped));
            }
        }
        let lost = |_| CommandError::OutcomeUnknown {
            command_id: id,
            cause: "the writer has stopped".into(),
        };
        answered.await.map_err(lost)?
    }

    /// How many commands wait in line: the writer has not taken them yet.
    pub fn waiting(&self) -> usize {
        self.line.max_capacity() - self.line.capacity()
    }

    /// How the commands fare, in figures.
    pub fn measures(&self) -> &Measures {
        &self.measures
    }

    /// Where the log ended when this process last appended: what wakes the views.
    pub fn head(&self) -> watch::Receiver<Position> {
        self.head.clone()
    }

    /// The newest events that this process appended.
    pub fn tail(&self) -> Tail {
        self.tail.clone()
    }
}

pub(super) struct Writer {
    pub(super) database: Database,
    pub(super) announce: Announce,
    pub(super) states: States,
    /// Up to where the states know the log; none before it was read.
    pub(super) seen: Option<Head>,
    /// Decided, and waiting for the commit before it.
    pub(super) pending: Batch,
    committing: Option<JoinHandle<Committed>>,
    /// The keys of what is committing: what comes under one of them waits.
    committing_keys: HashSet<keys::Name>,
    /// The number of the pending batch.
    pub(super) number: Number,
    /// To be decided when nothing is on its way to the log.
    pub(super) again: Vec<Waiting>,
    growth: Growth,
}

/// What came of a commit: where the log ends with the batch, or why it is not there, as far as is known.
struct Committed(Batch, Result<Head, Unwritten>);

impl Writer {
    fn new(database: Database, announce: Announce) -> Self {
        Self {
            database,
            announce,
            states: States::default(),
            seen: None,
            pending: Batch::default(),
            committing: None,
            committing_keys: HashSet::new(),
            number: 1,
            again: vec![],
            growth: Growth::default(),
        }
    }

    async fn run(mut self, mut line: mpsc::Receiver<Waiting>) {
        let mut arrived = Vec::with_capacity(MAX_BATCH);
        let mut forget_at = Instant::now();
        let mut open = true;
        while open || !self.is_idle() {
            self.move_on().await;
            let room = match open && self.again.is_empty() {
                true => MAX_BATCH - self.pending.len(),
                false => 0,
            };
            tokio::select! {
                biased;
                committed = ended(&mut self.committing), if self.committing.is_some() => {
                    self.committing = None;
                    self.settle(committed).await;
                }
                taken = line.recv_many(&mut arrived, room), if room > 0 => {
                    open = taken > 0;
                    self.decide(std::mem::take(&mut arrived)).await;
                }
                else => {}
            }
            if Instant::now() >= forget_at {
                forget_at = Instant::now() + FORGET_EVERY;
                tokio::spawn(upkeep::forget_old(self.database.clone()));
            }
        }
    }

    fn is_idle(&self) -> bool {
        self.committing.is_none() && self.pending.is_empty() && self.again.is_empty()
    }

    /// Where nothing commits: commits what is pending, or decides what has waited for that.
    async fn move_on(&mut self) {
        while self.committing.is_none() && !self.is_idle() {
            if self.pending.is_empty() {
                let again = std::mem::take(&mut self.again);
                self.decide(again).await;
            } else {
                self.send_off().await;
            }
        }
    }

    /// Commits what is pending.
    async fn send_off(&mut self) {
        self.number += 1;
        let batch = std::mem::take(&mut self.pending);
        self.committing_keys = batch.keys().cloned().collect();
        let before = self.seen.unwrap_or(Head::START);
        let (commands, events) = (batch.len(), batch.events());
        let span = debug_span!("batch", commands, events, position = field::Empty);
        let commit = commit(self.database.clone(), batch, before).instrument(span);
        self.committing = Some(tokio::spawn(commit));
        // It begins now: where this task went on, the database would wait for what is decided next.
        tokio::task::yield_now().await;
    }

    /// Decides commands in their order, on top of what is pending.
    pub(super) async fn decide(&mut self, arrived: Vec<Waiting>) {
        if self.states.are_broken() {
            if self.committing.is_some() || !self.pending.is_empty() {
                self.again.extend(arrived);
                return;
            }
            self.states.clear();
        }
        let known = match self.prepare(&arrived).await {
            Ok(known) => known,
            // Whoever asks for what can't be read fails alone.
            Err(cause) if arrived.len() > 1 && !cause.is_unavailable() => {
                for waiting in arrived {
                    match self.again.is_empty() {
                        true => Box::pin(self.decide(vec![waiting])).await,
                        false => self.again.push(waiting),
                    }
                }
                return;
            }
            Err(cause) => {
                let unwritten = Unwritten::Refused(cause);
                arrived.into_iter().for_each(|waiting| waiting.fail(&unwritten));
                return;
            }
        };
        let mut arrived = arrived.into_iter();
        for waiting in arrived.by_ref() {
            match self.outcome(&waiting, &known) {
                Some(outcome) => self.pending.push(waiting, outcome),
                None => {
                    self.again.push(waiting);
                    break;
                }
            }
        }
        self.again.extend(arrived);
    }

    /// Loads the states that are missing, and looks the keys up.
    async fn prepare(&mut self, arrived: &[Waiting]) -> Result<keys::Found, StoreError> {
        if self.seen.is_none() {
            self.seen = Some(log::head(&self.database).await?);
        }
        // The keys after the states: where a state shows what another process did for the same
        // request, its key is there too, and the request is answered instead of refused.
        let transactions = || arrived.iter().map(|waiting| &waiting.transaction);
        self.states.load(&self.database, transactions()).await?;
        keys::look_up(&self.database, transactions()).await
    }

    /// What becomes of a command; none where that can't be said before the commit under way has ended.
    fn outcome(&mut self, waiting: &Waiting, known: &keys::Found) -> Option<Outcome> {
        if self.states.are_broken() {
            return None;
        }
        let transaction = &waiting.transaction;
        if let Some(key) = keys::name(transaction) {
            if let Some(known) = known.get(&key) {
                return Some(Outcome::Known(known.answer(transaction)));
            }
            if let Some(first) = self.pending.under(&key) {
                return Some(match first.transaction.key == transaction.key {
                    true => Outcome::Same(first.receipt(Position::default(), 0, true)),
                    false => Outcome::Known(Err(CommandError::KeyReused)),
                });
            }
            if self.committing_keys.contains(&key) {
                return None;
            }
        }
        Some(match self.states.decide(transaction, waiting.id, self.number) {
            Ok(decided) => Outcome::Decided(decided),
            Err(error) => Outcome::Refused(error),
        })
    }

    /// Takes note of a commit that has ended.
    async fn settle(&mut self, committed: Result<Committed, JoinError>) {
        self.committing_keys.clear();
        match committed {
            Ok(Committed(batch, Ok(head))) => self.settle_written(batch, head).await,
            Ok(Committed(batch, Err(unwritten))) => {
                self.start_afresh();
                self.recover(unwritten, batch).await;
            }
            // It panicked, and the batch went with it: nobody is left who could look in the log for whom.
            // Whoever waits hears that the outcome is unknown, which it is, and may ask under its key.
            Err(cause) => {
                error!(%cause, "a commit broke off");
                self.start_afresh();
            }
        }
    }

    /// A batch is in the log: the next one goes on its way before this one's commands are answered.
    async fn settle_written(&mut self, mut batch: Batch, head: Head) {
        let committed = self.number - 1;
        let before = Position(head.position.0 - batch.events());
        let seen = self.seen.replace(head).map(|head| head.position).unwrap_or_default();
        if before == seen && !self.pending.is_empty() {
            self.send_off().await;
        }
        self.announce.appended(&mut batch, head);
        let again = batch.answer(head.position, before == seen);
        if before != seen {
            self.forget_what_others_wrote(seen, before).await;
            let (often, again) =
                again.into_iter().partition(|waiting: &Waiting| waiting.rounds >= MOST_ROUNDS);
            self.withdraw(again);
            if !often.is_empty() {
                self.with_the_head_held(often).await;
            }
        }
        if self.growth.doubled(head.position.0) {
            tokio::spawn(upkeep::analyze(self.database.clone()));
        }
        let ripe = self.states.take_ripe(committed);
        if !ripe.is_empty() {
            tokio::spawn(upkeep::keep_snapshots(self.database.clone(), ripe));
        }
        self.states.shrink(committed);
    }

    /// What is pending was decided on what did not happen, or not alone: it is decided once more.
    pub(super) fn withdraw(&mut self, before: Vec<Waiting>) {
        let pending = std::mem::take(&mut self.pending);
        let names: Vec<_> = pending.names().collect();
        self.states.forget(&names);
        let later = std::mem::take(&mut self.again);
        self.again = before;
        self.again.extend(pending.into_waiting());
        self.again.extend(later);
    }

    /// Trusts nothing that is held.
    pub(super) fn start_afresh(&mut self) {
        self.withdraw(vec![]);
        self.states.clear();
        self.seen = None;
    }

    async fn forget_what_others_wrote(&mut self, from: Position, to: Position) {
        if to.0 - from.0 > MAX_TOUCHED {
            return self.states.clear();
        }
        match log::touched(&self.database, from, to).await {
            Ok(names) => self.states.forget_named(&names),
            Err(_) => self.states.clear(),
        }
    }
}

/// Appends a batch.
async fn commit(database: Database, batch: Batch, seen: Head) -> Committed {
    let appended = batch.append(&database, None, seen).await;
    if let Ok(head) = &appended {
        Span::current().record("position", head.position.0);
        debug!("committed");
    }
    Committed(batch, appended)
}

async fn ended(committing: &mut Option<JoinHandle<Committed>>) -> Result<Committed, JoinError> {
    match committing {
        Some(committing) => committing.await,
        None => std::future::pending().await,
    }
}
