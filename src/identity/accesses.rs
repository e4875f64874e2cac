//! One-time accesses: a code, handed or mailed out, with which somebody sets the first password.

use aggregates::shared::PersonId;
use jiff::Timestamp;

use super::sessions::{hours_after, random_secret, sha256};
use crate::{
    database::{Database, StoreError},
    people::PersonWrite,
};

/// A new code, what is kept of it, and until when it holds.
pub fn new_access(
    person: PersonId,
    hours: i64,
) -> Result<(String, PersonWrite, Timestamp), StoreError> {
    let code = random_secret()?;
    let expires_at = hours_after(Timestamp::now(), hours);
    let write = PersonWrite::Access(person, sha256(&code), expires_at.as_microsecond());
    Ok((code, write, expires_at))
}

/// Whose code it is, if it still holds.
pub async fn redeemer(database: &Database, code: &str) -> Result<Option<PersonId>, StoreError> {
    let sql = "SELECT person FROM access_codes WHERE code_sha256 = $1 AND expires_at > $2";
    let now = Timestamp::now().as_microsecond();
    let Some(row) = database.fetch_one(sql, &[sha256(code).into(), now.into()]).await? else {
        return Ok(None);
    };
    let person = row.text(0)?;
    let corrupt = || StoreError::Corrupt(format!("access_codes.person: `{person}`"));
    person.parse().map(Some).map_err(|_| corrupt())
}
