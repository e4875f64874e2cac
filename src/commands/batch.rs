//! A batch: commands that were decided one after another and are appended together.

use std::collections::HashMap;

use aggregates::shared::Position;
use tokio::sync::oneshot;
use tracing::error;
use uuid::Uuid;

use super::{
    CommandError, Receipt, Transaction, keys,
    measures::Begun,
    states::{Decided, Name, name},
};
use crate::{
    database::{self, Database, StoreError, Unwritten},
    log::{self, Head, NewEvent},
};

/// What a command is answered.
pub(super) type Answer = Result<Receipt, CommandError>;

/// A command in line.
pub(super) struct Waiting {
    pub(super) id: Uuid,
    pub(super) transaction: Transaction,
    pub(super) answer: oneshot::Sender<Answer>,
    /// How often it was decided and others had written meanwhile.
    pub(super) rounds: usize,
    /// When it was handed in.
    pub(super) begun: Begun,
}

impl Waiting {
    pub(super) fn tell(self, answer: Answer) {
        self.begun.answered(&answer);
        // Whoever asked may have gone; what was done is done.
        let _ = self.answer.send(answer);
    }

    /// Tells it why nothing came of it.
    pub(super) fn fail(self, unwritten: &Unwritten) {
        let answer = Err(told(unwritten, &self));
        self.tell(answer);
    }

    pub(super) fn receipt(&self, position: Position, events: usize, again: bool) -> Receipt {
        let result_ids = self.transaction.result_ids.clone();
        Receipt { command_id: self.id, position, events, result_ids, again }
    }
}

/// What became of one command of a batch.
pub(super) enum Outcome {
    /// It came before under its key, or the key was used for something else.
    Known(Answer),
    /// It asks the same as an earlier command of the batch, and gets its answer; the position is still
    /// missing.
    Same(Receipt),
    /// It is refused, by the states as they are held.
    Refused(CommandError),
    /// It was decided, and its events wait for the append.
    Decided(Decided),
}

/// Commands with what became of them.
#[derive(Default)]
pub(super) struct Batch {
    commands: Vec<(Waiting, Outcome)>,
    keys: HashMap<keys::Name, usize>,
}

impl Batch {
    pub(super) fn len(&self) -> usize {
        self.commands.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    pub(super) fn push(&mut self, waiting: Waiting, outcome: Outcome) {
        if let (Outcome::Decided(_), Some(key)) = (&outcome, keys::name(&waiting.transaction)) {
            self.keys.insert(key, self.commands.len());
        }
        self.commands.push((waiting, outcome));
    }

    /// The command of this batch that came under the key.
    pub(super) fn under(&self, key: &keys::Name) -> Option<&Waiting> {
        self.commands.get(*self.keys.get(key)?).map(|(waiting, _)| waiting)
    }

    /// The keys under which this batch does something.
    pub(super) fn keys(&self) -> impl Iterator<Item = &keys::Name> {
        self.keys.keys()
    }

    /// The aggregates that its commands ask.
    pub(super) fn names(&self) -> impl Iterator<Item = Name> {
        self.commands.iter().flat_map(|(waiting, _)| &waiting.transaction.acts).map(name)
    }

    /// Its commands, as they came.
    pub(super) fn into_waiting(self) -> impl Iterator<Item = Waiting> {
        self.commands.into_iter().map(|(waiting, _)| waiting)
    }

    fn decided(&self) -> impl Iterator<Item = (&Waiting, &Decided)> {
        self.commands.iter().filter_map(|(waiting, outcome)| match outcome {
            Outcome::Decided(decided) => Some((waiting, decided)),
            _ => None,
        })
    }

    /// Whether a command of it writes something and leans on nobody else having written: then all of it is
    /// written only if nobody has.
    fn leans(&self) -> bool {
        self.decided()
            .any(|(waiting, decided)| decided.leans && writes(&waiting.transaction, decided))
    }

    /// How many of its commands are decided, and go to the log.
    pub(super) fn decided_len(&self) -> usize {
        self.decided().count()
    }

    /// How many events it writes.
    pub(super) fn events(&self) -> i64 {
        self.decided().map(|(_, decided)| decided.count as i64).sum()
    }

    /// Gives the events away that it has written, in their order.
    pub(super) fn take_written(&mut self) -> Vec<NewEvent> {
        let mut written = Vec::with_capacity(self.events() as usize);
        for (_, outcome) in &mut self.commands {
            if let Outcome::Decided(decided) = outcome {
                written.append(&mut decided.events);
            }
        }
        written
    }

    /// The events it writes, in their order.
    fn written(&self) -> Vec<&NewEvent> {
        self.decided().flat_map(|(_, decided)| &decided.events).collect()
    }

    /// Writes it, in `open` if that is there; where the log ends with it. `seen` is where the log ended when
    /// it was decided.
    pub(super) async fn append(
        &self,
        database: &Database,
        open: Option<database::Transaction>,
        seen: Head,
    ) -> Result<Head, Unwritten> {
        let events = self.written();
        let transactions = || self.decided().map(|(waiting, _)| &waiting.transaction);
        let requests = keys::requests(transactions())?;
        let requests = requests.as_ref();
        let people = || transactions().flat_map(|transaction| &transaction.people);
        let nobody = people().next().is_none();
        if events.is_empty() && requests.is_none() && nobody {
            return Ok(log::head(database).await?);
        }
        let leans = self.leans();
        let mut open = match open {
            Some(open) => open,
            None if !events.is_empty() && nobody && !leans => {
                return log::append_alone(database, &events, requests, seen).await;
            }
            None => database.begin().await?,
        };
        let head = match (events.is_empty(), requests) {
            (true, None) => log::lock_head(&mut open).await?,
            (true, Some(requests)) => log::keep_requests(&mut open, requests).await?,
            (false, _) => log::append(&mut open, &events, requests).await?,
        };
        if leans && head.position.0 - self.events() != seen.position.0 {
            open.rollback().await?;
            return Err(StoreError::Conflict("log_head".into()).into());
        }
        for write in people() {
            write.write(&mut open).await?;
        }
        open.commit().await.map_err(Unwritten::at_commit)?;
        Ok(head)
    }

    /// Answers all that was written. What was refused, or came to nothing, is answered too where the
    /// states it was decided on were those of the log (`sure`), and comes back where not.
    pub(super) fn answer(self, position: Position, sure: bool) -> Vec<Waiting> {
        let mut again = vec![];
        for (waiting, outcome) in self.commands {
            match outcome {
                Outcome::Known(answer) => waiting.tell(answer),
                Outcome::Same(receipt) => waiting.tell(Ok(Receipt { position, ..receipt })),
                Outcome::Refused(error) if sure => waiting.tell(Err(error)),
                // One that leans and writes is there only if nobody else has written.
                Outcome::Decided(decided)
                    if sure || !decided.leans || writes(&waiting.transaction, &decided) =>
                {
                    let receipt = waiting.receipt(position, decided.count, false);
                    waiting.tell(Ok(receipt));
                }
                Outcome::Refused(_) | Outcome::Decided(_) => {
                    again.push(Waiting { rounds: waiting.rounds + 1, ..waiting });
                }
            }
        }
        again
    }

    /// Tells all of it why nothing came of it.
    pub(super) fn fail(self, unwritten: &Unwritten) {
        for (waiting, outcome) in self.commands {
            match (outcome, unwritten) {
                (Outcome::Known(answer), _) => waiting.tell(answer),
                // What was refused has not been written, whatever became of the others.
                (Outcome::Refused(_), Unwritten::Unknown(cause)) => {
                    waiting.tell(Err(CommandError::Unavailable(cause.to_string())));
                }
                _ => waiting.fail(unwritten),
            }
        }
    }

    /// Where the log ends with this batch, if it is there; if not, it never will be. What is still under way
    /// holds the head, and is waited for.
    pub(super) async fn find(&self, database: &Database) -> Result<Option<Position>, StoreError> {
        let mut open = database.begin().await?;
        log::lock_head(&mut open).await?;
        let first = self.decided().find_map(|(_, decided)| decided.events.first());
        let found = match first {
            Some(event) => match log::find(&mut open, event).await? {
                Some(first) => Some(Position(first.0 + self.events() - 1)),
                None => {
                    log::shut_out(&mut open, &self.written()).await?;
                    None
                }
            },
            None => keys::find(&mut open, self.keys.keys()).await?,
        };
        open.commit().await?;
        Ok(found)
    }
}

/// Whether it writes anything.
fn writes(transaction: &Transaction, decided: &Decided) -> bool {
    decided.count > 0 || writes_beside(transaction)
}

/// Whether something is written beside its events.
fn writes_beside(transaction: &Transaction) -> bool {
    !transaction.people.is_empty() || transaction.key.is_some()
}

/// Whether the batch may hold one command that is to blame.
pub(super) fn may_be_of_one_command(unwritten: &Unwritten) -> bool {
    match unwritten {
        Unwritten::Refused(cause) => !cause.is_unavailable(),
        Unwritten::Unknown(_) => false,
    }
}

/// What a command is told of it.
fn told(unwritten: &Unwritten, waiting: &Waiting) -> CommandError {
    let (command_id, correlation) = (waiting.id, &waiting.transaction.actor.correlation);
    match unwritten {
        Unwritten::Refused(cause) => {
            let told = CommandError::from(cause);
            if let CommandError::Defect(cause) = &told {
                error!(%cause, %command_id, correlation, "a command could not be written");
            }
            told
        }
        Unwritten::Unknown(cause) => {
            error!(%cause, %command_id, correlation, "the connection was lost during a commit");
            CommandError::OutcomeUnknown { command_id, cause: cause.to_string() }
        }
    }
}
