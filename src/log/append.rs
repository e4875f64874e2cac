//! Appending a batch: one transaction, one chain link, positions without gaps.

use aggregates::{
    Event,
    shared::{Metadata, Position},
};
use serde::Serialize;

use super::{BatchHash, Head, postgres, sqlite};
use crate::database::{StoreError, Transaction};

/// An event that is to be appended, with every field as it will be stored.
#[derive(Debug, Clone, Serialize)]
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
    /// Who, why and from where, as JSON.
    pub metadata: String,
    /// Whose record it belongs to.
    pub student: Option<String>,
}

impl NewEvent {
    /// The event as it will be stored.
    pub fn new(
        aggregate_type: &'static str,
        aggregate_id: &str,
        sequence: i64,
        event: &Event,
        metadata: &Metadata,
    ) -> Result<Self, serde_json::Error> {
        let (event_type, event_version) = event.type_and_version();
        // A BTreeMap, so that equal metadata are equal bytes.
        let metadata: std::collections::BTreeMap<_, _> = metadata.to_map().into_iter().collect();
        Ok(Self {
            aggregate_type,
            aggregate_id: aggregate_id.to_owned(),
            sequence,
            event_type,
            event_version,
            payload: event.encode()?,
            metadata: serde_json::to_string(&metadata)?,
            student: event.student().map(|student| student.to_string()),
        })
    }
}

/// Locks the head until the transaction ends: nobody else appends meanwhile.
pub async fn lock_head(open: &mut Transaction) -> Result<Head, StoreError> {
    match open {
        Transaction::Postgres(_) => postgres::lock_head(open).await,
        Transaction::Sqlite(_) => sqlite::lock_head(open).await,
    }
}

/// Appends a batch within a transaction, and returns the head with it. The head's row lock, held
/// until the commit, gives commits and positions one order on all nodes.
pub async fn append(open: &mut Transaction, events: &[NewEvent]) -> Result<Head, StoreError> {
    if events.is_empty() {
        return super::head_in(open).await;
    }
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let before = lock_head(open).await?;
    let (first, last) = (before.position.0 + 1, before.position.0 + count);
    let mut hash = BatchHash::default();
    for event in events {
        hash.add([
            event.aggregate_type,
            &event.aggregate_id,
            &event.sequence.to_string(),
            event.event_type,
            event.event_version,
            &event.payload,
            &event.metadata,
        ]);
    }
    let batch = hash.finish();
    let chain = before.chain.after(first, last, before.recorded_at, batch);
    let head = Head { position: Position(last), recorded_at: before.recorded_at, chain };
    match open {
        Transaction::Postgres(_) => postgres::insert(open, first, events, &head, batch).await?,
        Transaction::Sqlite(_) => sqlite::insert(open, first, events, &head, batch).await?,
    }
    Ok(head)
}
