//! Idempotency keys: the same request twice is answered the same, and done once.

use std::collections::HashMap;

use aggregates::shared::Position;
use jiff::Timestamp;
use uuid::Uuid;

use super::{CommandError, Receipt, Transaction};
use crate::{
    database::{self, Database, StoreError, Value},
    log::Requests,
};

/// Whose key: (actor, key).
pub(super) type Name = (String, String);

/// A request that came before.
pub(super) struct Known {
    request_sha256: String,
    position: Position,
    result_ids: Vec<String>,
}

impl Known {
    /// What the same request is answered.
    pub(super) fn answer(&self, transaction: &Transaction) -> Result<Receipt, CommandError> {
        let same =
            transaction.key.as_ref().is_some_and(|key| key.request_sha256 == self.request_sha256);
        if !same {
            return Err(CommandError::KeyReused);
        }
        let (position, result_ids) = (self.position, self.result_ids.clone());
        Ok(Receipt { command_id: Uuid::nil(), position, events: 0, result_ids, again: true })
    }
}

/// Requests that came before, by their keys.
pub(super) type Found = HashMap<Name, Known>;

/// Whose key a transaction has, if any.
pub(super) fn name(transaction: &Transaction) -> Option<Name> {
    let actor = transaction.actor.person.map_or_else(|| "-".to_owned(), |actor| actor.to_string());
    transaction.key.as_ref().map(|key| (actor, key.key.clone()))
}

/// Which of the keys were used before.
pub(super) async fn look_up<'a>(
    database: &Database,
    transactions: impl Iterator<Item = &'a Transaction>,
) -> Result<Found, StoreError> {
    let names: Vec<_> = transactions.filter_map(name).collect();
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    // Each by itself, as in `Reader::rows_by_key`.
    let sql = database.pick(
        "SELECT known.* FROM (SELECT pair ->> 0 AS a, pair ->> 1 AS k \
                              FROM json_array_elements($1::json) AS pair) AS q \
         CROSS JOIN LATERAL (SELECT actor, key, request_sha256, position, result_ids FROM commands \
                             WHERE actor = q.a AND key = q.k LIMIT 1) AS known",
        "SELECT actor, key, request_sha256, position, result_ids \
         FROM (SELECT value ->> 0 AS a, value ->> 1 AS k FROM json_each($1)) AS q \
         JOIN commands ON actor = q.a AND key = q.k",
    );
    let rows = database.fetch(sql, &[Value::json(&names)?]).await?;
    let known = rows.iter().map(|row| {
        let known = Known {
            request_sha256: row.text(2)?,
            position: Position(row.int(3)?),
            result_ids: serde_json::from_str(&row.text(4)?).map_err(corrupt)?,
        };
        Ok(((row.text(0)?, row.text(1)?), known))
    });
    known.collect()
}

/// What a request was answered that came before under its key, if it did.
pub async fn answered(
    database: &Database,
    transaction: &Transaction,
) -> Result<Option<Receipt>, CommandError> {
    let Some(name) = name(transaction) else { return Ok(None) };
    let mut known = look_up(database, std::iter::once(transaction)).await?;
    known.remove(&name).map(|known| known.answer(transaction)).transpose()
}

/// Where the log ended with the request that was kept under one of these keys, if one was.
pub(super) async fn find(
    open: &mut database::Transaction,
    mut names: impl Iterator<Item = &Name>,
) -> Result<Option<Position>, StoreError> {
    let Some((actor, key)) = names.next() else {
        return Err(StoreError::Corrupt("nothing of it could be found in the log".into()));
    };
    let sql = "SELECT position FROM commands WHERE actor = $1 AND key = $2";
    let rows = open.fetch(sql, &[actor.as_str().into(), key.as_str().into()]).await?;
    rows.first().map(|row| row.int(0).map(Position)).transpose()
}

/// What is kept of the transactions that have a key, if any has.
pub(super) fn requests<'a>(
    transactions: impl Iterator<Item = &'a Transaction>,
) -> Result<Option<Requests>, StoreError> {
    let requests = transactions.filter_map(|transaction| {
        let ((actor, key), asked) = (name(transaction)?, transaction.key.as_ref()?);
        let result_ids = serde_json::to_string(&transaction.result_ids);
        Some(result_ids.map(|result_ids| [actor, key, asked.request_sha256.clone(), result_ids]))
    });
    let requests = requests.collect::<Result<Vec<_>, _>>().map_err(corrupt)?;
    let requests = (!requests.is_empty()).then(|| Requests::of(&requests));
    requests.transpose().map_err(corrupt)
}

/// Forgets the keys of requests that are older than they are kept.
pub(super) async fn forget_old(database: &Database) -> Result<(), StoreError> {
    const KEPT: i64 = 30 * 24 * 60 * 60 * 1_000_000;
    let sql = "DELETE FROM commands WHERE recorded_at < $1";
    let oldest = Timestamp::now().as_microsecond() - KEPT;
    database.execute(sql, &[oldest.into()]).await?;
    Ok(())
}

fn corrupt(error: serde_json::Error) -> StoreError {
    StoreError::Corrupt(error.to_string())
}
