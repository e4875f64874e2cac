//! Private links to a timetable, for calendar programs that can't sign in: of each only the SHA-256 of its secret
//! is kept; revoked at any time.

use aggregates::shared::PersonId;
use jiff::Timestamp;
use projections::account::Accounts;
use tracing::warn;
use uuid::Uuid;

use super::sessions::{random_secret, sha256};
use crate::{
    cabinet::Cabinet,
    database::{Database, Row, StoreError, Value},
    people::PersonWrite,
};

/// How many links somebody may have.
pub const MOST_LINKS: usize = 10;
/// How exactly it is known when a link was used last, in microseconds: not each use is written.
const USE_NOTED_EVERY: i64 = 60 * 1_000_000;

/// A link, without its secret.
#[derive(Debug, Clone)]
pub struct CalendarLink {
    /// Its id.
    pub id: Uuid,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was used last, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// A new link: its secret, which is seen this once, and what is kept of it.
pub fn new_link(
    person: PersonId,
    now: Timestamp,
) -> Result<(Uuid, String, PersonWrite), StoreError> {
    let (id, secret) = (Uuid::new_v4(), random_secret()?);
    let token_sha256 = sha256(&secret);
    let created_at = now.as_microsecond();
    Ok((id, secret, PersonWrite::CalendarLink { id, person, token_sha256, created_at }))
}

/// The links of a person, the oldest first.
pub async fn links_of(
    database: &Database,
    person: PersonId,
) -> Result<Vec<CalendarLink>, StoreError> {
    let sql = "SELECT id, created_at, COALESCE(last_used_at, 0) FROM calendar_links WHERE person = $1 \
               ORDER BY created_at, id";
    let rows = database.fetch(sql, &[person.to_string().into()]).await?;
    rows.iter().map(link).collect()
}

fn link(row: &Row) -> Result<CalendarLink, StoreError> {
    let id = row.text(0)?;
    let corrupt = || StoreError::Corrupt(format!("calendar_links `{id}`"));
    let time = |at| Timestamp::from_microsecond(at).map_err(|_| corrupt());
    Ok(CalendarLink {
        id: id.parse().map_err(|_| corrupt())?,
        created_at: time(row.int(1)?)?,
        last_used_at: Some(row.int(2)?).filter(|at| *at > 0).map(time).transpose()?,
    })
}

/// Whose timetable a secret opens; none where it is unknown or revoked, or the account is closed. Notes that it
/// was used.
pub async fn follow_link(cabinet: &Cabinet, secret: &str) -> Result<Option<PersonId>, StoreError> {
    let token: Value = sha256(secret).into();
    let sql = "SELECT person, COALESCE(last_used_at, 0) FROM calendar_links \
               WHERE token_sha256 = $1";
    let Some(row) = cabinet.database.fetch_one(sql, std::slice::from_ref(&token)).await? else {
        return Ok(None);
    };
    let (person, used_at) = (row.text(0)?, row.int(1)?);
    let account = cabinet.views.get::<Accounts>(&person).await?;
    if !account.is_some_and(|account| account.open) {
        return Ok(None);
    }
    let now = cabinet.now().as_microsecond();
    if now.saturating_sub(used_at) >= USE_NOTED_EVERY {
        let sql = "UPDATE calendar_links SET last_used_at = $2 WHERE token_sha256 = $1";
        // Whoever can't write now can read.
        if let Err(cause) = cabinet.database.execute(sql, &[token, now.into()]).await {
            warn!(%cause, "it can't be noted that a calendar link was used");
        }
    }
    let corrupt = || StoreError::Corrupt(format!("calendar_links.person: `{person}`"));
    person.parse().map(Some).map_err(|_| corrupt())
}
