//! Requests under idempotency keys: kept with what they came to, in the commit of their events.

use super::{Head, lock_head};
use crate::database::{StoreError, Transaction, Value};

/// Some requests, as a JSON list.
#[derive(Debug)]
pub struct Requests(String);

impl Requests {
    /// Of each who asked, under which key, the SHA-256 of what was asked, and the ids that it made, as a JSON list.
    pub fn of(requests: &[[String; 4]]) -> Result<Self, serde_json::Error> {
        serde_json::to_string(requests).map(Self)
    }

    pub(super) fn json(&self) -> &str {
        &self.0
    }
}

/// What keeps the requests of this list, a table with one column `value`, at that position and time.
pub(super) fn keeping(list: &str, position: &str, at: &str) -> String {
    format!(
        "INSERT INTO commands (actor, key, request_sha256, result_ids, position, recorded_at) \
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, {position}, {at} FROM {list}"
    )
}

/// Keeps requests that came to no event, where the log ends; that is returned, and stays so until the transaction ends.
pub async fn keep_requests(
    open: &mut Transaction,
    requests: &Requests,
) -> Result<Head, StoreError> {
    let head = lock_head(open).await?;
    let list = open.pick("json_array_elements($1::json) AS list (value)", "json_each($1)");
    let values = [Value::from(requests.json()), head.position.0.into(), head.recorded_at.into()];
    open.execute(&keeping(list, "$2", "$3"), &values).await?;
    Ok(head)
}
