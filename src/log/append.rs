//! Appending a batch: one transaction, one chain link, positions without gaps.

use std::sync::Arc;

use aggregates::{Event, shared::Metadata};

use super::{BatchHash, Head, Requests, postgres, sqlite};
use crate::database::{Database, StoreError, Transaction, Unwritten};

/// Who, why and from where, as it is known and as it is stored: the same for all events of a command.
#[derive(Debug)]
pub struct Stamp {
    /// As it is known.
    pub metadata: Arc<Metadata>,
    json: String,
}

impl Stamp {
    /// Writes it down.
    pub fn of(metadata: Metadata) -> Result<Self, serde_json::Error> {
        Ok(Self { json: metadata.to_json()?, metadata: Arc::new(metadata) })
    }
}

/// An event that is to be appended, with every field as it will be stored.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Whose event it is.
    pub aggregate_type: &'static str,
    /// Which one.
    pub aggregate_id: String,
    /// Its place among its aggregate's events, from 1.
    pub sequence: i64,
    /// The stored type.
    pub event_type: &'static str,
    /// The version of its shape.
    pub event_version: &'static str,
    /// What happened, as JSON.
    pub payload: String,
    /// Whose record it belongs to.
    pub student: Option<String>,
    /// What happened.
    pub event: Event,
    /// Who, why and from where.
    pub stamp: Arc<Stamp>,
}

impl NewEvent {
    /// The event as it will be stored.
    pub fn new(
        aggregate_type: &'static str,
        aggregate_id: &str,
        sequence: i64,
        event: Event,
        stamp: &Arc<Stamp>,
    ) -> Result<Self, serde_json::Error> {
        let (event_type, event_version) = event.type_and_version();
        Ok(Self {
            aggregate_type,
            aggregate_id: aggregate_id.to_owned(),
            sequence,
            event_type,
            event_version,
            payload: event.encode()?,
            student: event.student().map(|student| student.to_string()),
            event,
            stamp: Arc::clone(stamp),
        })
    }

    /// Who, why and from where, as JSON.
    pub fn metadata(&self) -> &str {
        &self.stamp.json
    }
}

/// Locks the head until the transaction ends: nobody else appends meanwhile.
pub async fn lock_head(open: &mut Transaction) -> Result<Head, StoreError> {
    match open {
        Transaction::Postgres(_) => postgres::lock_head(open).await,
        Transaction::Sqlite(_) => sqlite::lock_head(open).await,
    }
}

/// Appends a batch of at least one event within a transaction, with the requests that it answers, and returns the
/// head with it. The head's row lock, held until the commit, gives commits and positions one order on all nodes.
pub async fn append(
    open: &mut Transaction,
    events: &[&NewEvent],
    requests: Option<&Requests>,
) -> Result<Head, StoreError> {
    let sha256 = sha256(events);
    match open {
        Transaction::Postgres(open) => {
            postgres::append(&mut **open, events, requests, sha256).await
        }
        Transaction::Sqlite(_) => sqlite::append(open, events, requests, sha256).await,
    }
}

/// The same in a transaction of its own, because nothing else is written with it. Where the log ended when it was
/// last `seen` spares a look, if it still does.
pub async fn append_alone(
    database: &Database,
    events: &[&NewEvent],
    requests: Option<&Requests>,
    seen: Head,
) -> Result<Head, Unwritten> {
    let sha256 = sha256(events);
    match database {
        // One statement is one transaction.
        Database::Postgres(pool) => {
            let mut connection = pool.acquire().await.map_err(StoreError::from)?;
            let appended = postgres::append(&mut *connection, events, requests, sha256).await;
            appended.map_err(Unwritten::at_commit)
        }
        Database::Sqlite { write, .. } => {
            let appended = sqlite::append_at_once(write, events, requests, sha256, seen).await;
            if let Some(head) = appended.map_err(Unwritten::at_commit)? {
                return Ok(head);
            }
            let mut open = database.begin().await?;
            let head = sqlite::append(&mut open, events, requests, sha256).await?;
            open.commit().await.map_err(Unwritten::at_commit)?;
            Ok(head)
        }
    }
}

/// Sees to it that a batch that is not in the log never comes into it, within a transaction that holds the
/// head: where its line was cut, it may still be on its way to the server.
pub async fn shut_out(open: &mut Transaction, events: &[&NewEvent]) -> Result<(), StoreError> {
    match open {
        Transaction::Postgres(_) => postgres::shut_out(open, sha256(events)).await,
        // What was not committed went with its transaction; but where its flush failed it may lie in the write-ahead
        // log, behind what counts. What is written now is written over it.
        Transaction::Sqlite(_) => {
            open.execute("UPDATE log_head SET position = position", &[]).await?;
            Ok(())
        }
    }
}

fn sha256(events: &[&NewEvent]) -> [u8; 32] {
    let mut hash = BatchHash::default();
    for event in events {
        hash.add([
            event.aggregate_type,
            &event.aggregate_id,
            &event.sequence.to_string(),
            event.event_type,
            event.event_version,
            &event.payload,
            event.metadata(),
        ]);
    }
    hash.finish()
}
