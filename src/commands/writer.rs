//! The writer: one task takes all commands that wait, handles them in the order of arrival, appends
//! what they write in one transaction, and answers each.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use aggregates::shared::Position;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};
use tracing::{error, warn};
use uuid::Uuid;

use super::{CommandError, Receipt, Transaction, batch::States, keys};
use crate::{
    database::{self, Database, StoreError},
    log::{self, NewEvent},
};

/// How many commands may wait; one more is told that we are busy.
const MAX_WAITING: usize = 4_096;
/// How many commands are handled and appended together.
const MAX_BATCH: usize = 512;
/// How often a command is handled again because another process was faster.
const MAX_TRIES: usize = 8;
/// How often idempotency keys past their time are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

type Answer = Result<Receipt, CommandError>;

/// Where commands are handed in. Clones share one writer.
#[derive(Clone)]
pub struct Commands {
    line: mpsc::Sender<Waiting>,
    head: watch::Receiver<Position>,
}

struct Waiting {
    id: Uuid,
    transaction: Transaction,
    answer: oneshot::Sender<Answer>,
}

impl Commands {
    /// Starts the writer of this process.
    pub fn start(database: Database) -> Self {
        let (line, waiting) = mpsc::channel(MAX_WAITING);
        let (announce, head) = watch::channel(Position::default());
        tokio::spawn(Writer { database, announce }.run(waiting));
        Self { line, head }
    }

    /// Does it, or says why not. What is acknowledged is on disk.
    pub async fn execute(&self, transaction: Transaction) -> Answer {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { id: Uuid::new_v4(), transaction, answer };
        self.line.try_send(waiting).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => CommandError::Busy,
            mpsc::error::TrySendError::Closed(_) => stopped(),
        })?;
        answered.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Where the log ended when this process last appended: what wakes the views.
    pub fn head(&self) -> watch::Receiver<Position> {
        self.head.clone()
    }
}

fn stopped() -> CommandError {
    CommandError::Unavailable("the writer has stopped".into())
}

struct Writer {
    database: Database,
    announce: watch::Sender<Position>,
}

/// What became of one command of a batch.
enum Outcome {
    /// It is answered already: refused, or a request that came before.
    Answered(Answer),
    /// It asks the same as that other command of the batch.
    SameAs(usize),
    /// It was handled, and its events wait for the append.
    Handled(Vec<NewEvent>),
}

/// Why a batch was not appended.
enum Failure {
    /// A key exists already; nothing was written.
    Conflict(String),
    /// Nothing was written.
    NotWritten(StoreError),
    /// The connection was lost during the commit.
    Unknown(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(key) => Self::Conflict(key),
            other => Self::NotWritten(other),
        }
    }
}

impl Writer {
    async fn run(self, mut waiting: mpsc::Receiver<Waiting>) {
        let mut batch = Vec::with_capacity(MAX_BATCH);
        let mut forget_at = Instant::now();
        while waiting.recv_many(&mut batch, MAX_BATCH).await > 0 {
            self.answer(std::mem::take(&mut batch)).await;
            if Instant::now() >= forget_at {
                forget_at = Instant::now() + FORGET_EVERY;
                if let Err(cause) = keys::forget_old(&self.database).await {
                    warn!(%cause, "old idempotency keys could not be forgotten");
                }
            }
        }
    }

    /// One batch, one commit. Where the database refuses it, each command goes on alone, so that one
    /// bad command fails alone.
    async fn answer(&self, batch: Vec<Waiting>) {
        match self.attempt(&batch, None).await {
            Ok(answers) => deliver(batch, answers),
            Err(failure) if failure.may_be_of_one_command() => {
                for one in batch {
                    self.answer_alone(one).await;
                }
            }
            Err(failure) => {
                let answers = batch.iter().map(|waiting| Err(failure.told_to(waiting.id)));
                let answers = answers.collect();
                deliver(batch, answers);
            }
        }
    }

    /// A key of the log or of a request that is there already means that somebody else was faster:
    /// the command is handled again, on what they left.
    async fn answer_alone(&self, waiting: Waiting) {
        let one = std::slice::from_ref(&waiting);
        let mut tries = 1;
        let mut done = self.attempt(one, None).await;
        while tries < MAX_TRIES && done.as_ref().is_err_and(Failure::is_a_lost_race) {
            tries += 1;
            done = self.attempt_with_the_head_held(one).await;
        }
        let answers = done.unwrap_or_else(|failure| vec![Err(failure.told_to(waiting.id))]);
        deliver(vec![waiting], answers);
    }

    /// Nobody can be faster while we hold the head: however many write to one aggregate, each gets
    /// its turn.
    async fn attempt_with_the_head_held(&self, batch: &[Waiting]) -> Result<Vec<Answer>, Failure> {
        let mut open = self.database.begin().await?;
        log::lock_head(&mut open).await?;
        self.attempt(batch, Some(open)).await
    }

    /// Handles a batch on the states as they are now, and appends it, in `open` if it is there.
    async fn attempt(
        &self,
        batch: &[Waiting],
        open: Option<database::Transaction>,
    ) -> Result<Vec<Answer>, Failure> {
        // The keys after the states: where a state shows what another process did for the same
        // request, its key is there too, and the request is answered instead of refused.
        let mut states = States::load(&self.database, transactions(batch)).await?;
        let repeats = keys::look_up(&self.database, transactions(batch)).await?;
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(batch.len());
        let mut seen: HashMap<keys::Name, usize> = HashMap::new();
        for (place, waiting) in batch.iter().enumerate() {
            let transaction = &waiting.transaction;
            let name = keys::name(transaction);
            let known = name.as_ref().and_then(|name| repeats.get(name));
            let same = name.as_ref().and_then(|name| seen.get(name)).copied();
            let outcome = match (known, same) {
                (Some(known), _) => Outcome::Answered(known.answer(transaction)),
                (None, Some(first)) if batch[first].transaction.key == transaction.key => {
                    Outcome::SameAs(first)
                }
                (None, Some(_)) => Outcome::Answered(Err(CommandError::KeyReused)),
                (None, None) => match states.handle(transaction, waiting.id) {
                    Ok(events) => {
                        seen.extend(name.map(|name| (name, place)));
                        Outcome::Handled(events)
                    }
                    Err(refused) => Outcome::Answered(Err(refused)),
                },
            };
            outcomes.push(outcome);
        }
        let position = self.append(batch, &outcomes, open).await?;
        Ok(answers(batch, outcomes, position))
    }

    /// Writes what was handled, and returns where the log ends with it.
    async fn append(
        &self,
        batch: &[Waiting],
        outcomes: &[Outcome],
        open: Option<database::Transaction>,
    ) -> Result<Position, Failure> {
        let handled = || {
            batch.iter().zip(outcomes).filter_map(|(waiting, outcome)| match outcome {
                Outcome::Handled(events) => Some((&waiting.transaction, events)),
                _ => None,
            })
        };
        let writes = handled().any(|(transaction, events)| {
            !events.is_empty() || !transaction.people.is_empty() || transaction.key.is_some()
        });
        if !writes {
            return Ok(log::head(&self.database).await?.position);
        }
        let events: Vec<_> = handled().flat_map(|(_, events)| events).cloned().collect();
        let mut open = match open {
            Some(open) => open,
            None => self.database.begin().await?,
        };
        let head = log::append(&mut open, &events).await?;
        for write in handled().flat_map(|(transaction, _)| &transaction.people) {
            write.write(&mut open).await?;
        }
        let now = Timestamp::now().as_microsecond();
        let kept = handled().map(|(transaction, _)| transaction);
        keys::keep(&mut open, kept, head.position, now).await?;
        open.commit().await.map_err(Failure::Unknown)?;
        self.announce.send_replace(head.position);
        Ok(head.position)
    }
}

fn transactions(batch: &[Waiting]) -> impl Iterator<Item = &Transaction> {
    batch.iter().map(|waiting| &waiting.transaction)
}

fn answers(batch: &[Waiting], outcomes: Vec<Outcome>, position: Position) -> Vec<Answer> {
    let receipt = |waiting: &Waiting, events, again| Receipt {
        command_id: waiting.id,
        position,
        events,
        result_ids: waiting.transaction.result_ids.clone(),
        again,
    };
    let answers = batch.iter().zip(outcomes).map(|(waiting, outcome)| match outcome {
        Outcome::Answered(answer) => answer,
        Outcome::SameAs(first) => Ok(receipt(&batch[first], 0, true)),
        Outcome::Handled(events) => Ok(receipt(waiting, events.len(), false)),
    });
    answers.collect()
}

fn deliver(batch: Vec<Waiting>, answers: Vec<Answer>) {
    for (waiting, answer) in batch.into_iter().zip(answers) {
        // Whoever asked may have gone; what was done is done.
        let _ = waiting.answer.send(answer);
    }
}

impl Failure {
    /// Whether somebody else was faster, on an aggregate or with the same request.
    fn is_a_lost_race(&self) -> bool {
        let tables = ["events", "log_batches", "commands"];
        matches!(self, Self::Conflict(key) if tables.iter().any(|table| key.contains(table)))
    }

    /// Whether the batch may hold one command that is to blame.
    fn may_be_of_one_command(&self) -> bool {
        match self {
            Self::Conflict(_) => true,
            Self::NotWritten(cause) => !matches!(cause, StoreError::Unavailable(_)),
            Self::Unknown(_) => false,
        }
    }

    fn told_to(&self, command_id: Uuid) -> CommandError {
        match self {
            Self::Conflict(key) => CommandError::Taken(key.clone()),
            Self::NotWritten(StoreError::Unavailable(cause)) => {
                CommandError::Unavailable(cause.to_string())
            }
            Self::NotWritten(cause) => {
                error!(%cause, %command_id, "a command could not be written");
                CommandError::Defect(cause.to_string())
            }
            Self::Unknown(cause) => {
                error!(%cause, %command_id, "the connection was lost during a commit");
                CommandError::OutcomeUnknown { command_id, cause: cause.to_string() }
            }
        }
    }
}
