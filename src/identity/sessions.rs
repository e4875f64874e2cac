//! Sessions: a random token, of which only the SHA-256 is kept; ended at any time.

use aggregates::shared::PersonId;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use projections::account::Accounts;
use rand::{TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

use super::Viewer;
use crate::{
    database::{Database, StoreError},
    views::Views,
};

/// Opens, finds and ends sessions.
#[derive(Clone)]
pub struct Sessions {
    database: Database,
    views: Views,
    hours: i64,
}

/// A session that was just opened: the only time its token is seen.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Whose.
    pub person: PersonId,
    /// The bearer token.
    pub token: String,
    /// Until when it holds.
    pub expires_at: Timestamp,
}

impl Sessions {
    /// Sessions that last so many hours.
    pub fn new(database: Database, views: Views, hours: i64) -> Self {
        Self { database, views, hours }
    }

    /// Opens a session.
    pub async fn open(&self, person: PersonId) -> Result<NewSession, StoreError> {
        let token = random_secret()?;
        let now = Timestamp::now();
        let expires_at = hours_after(now, self.hours);
        let sql = "INSERT INTO sessions (token_sha256, person, created_at, expires_at) \
                   VALUES ($1, $2, $3, $4)";
        let values = [
            sha256(&token).into(),
            person.to_string().into(),
            now.as_microsecond().into(),
            expires_at.as_microsecond().into(),
        ];
        self.database.execute(sql, &values).await?;
        // Those that have run out go with the next one that comes.
        let sql = "DELETE FROM sessions WHERE person = $1 AND expires_at < $2";
        let values = [person.to_string().into(), now.as_microsecond().into()];
        self.database.execute(sql, &values).await?;
        Ok(NewSession { person, token, expires_at })
    }

    /// Who has that token; none where it is unknown, ended or run out, or the account is closed.
    pub async fn find(&self, token: &str) -> Result<Option<Viewer>, StoreError> {
        self.find_hashed(sha256(token)).await
    }

    /// The same by the SHA-256 of the token.
    pub async fn find_hashed(&self, token_sha256: String) -> Result<Option<Viewer>, StoreError> {
        let sql = "SELECT person FROM sessions WHERE token_sha256 = $1 AND expires_at > $2";
        let now = Timestamp::now().as_microsecond();
        let row = self.database.fetch_one(sql, &[token_sha256.as_str().into(), now.into()]).await?;
        let Some(row) = row else { return Ok(None) };
        let person = row.text(0)?;
        let account = self.views.get::<Accounts>(&person).await?;
        let Some(account) = account.filter(|account| account.open) else { return Ok(None) };
        let corrupt = || StoreError::Corrupt(format!("sessions.person: `{person}`"));
        let person = person.parse().map_err(|_| corrupt())?;
        Ok(Some(Viewer { person, roles: account.roles.clone(), token_sha256 }))
    }

    /// Ends the session with that token.
    pub async fn end(&self, token_sha256: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM sessions WHERE token_sha256 = $1";
        self.database.execute(sql, &[token_sha256.into()]).await?;
        Ok(())
    }
}

/// 256 random bits, fit for a header.
pub(crate) fn random_secret() -> Result<String, StoreError> {
    let mut bytes = [0; 32];
    OsRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| StoreError::Corrupt(format!("no random numbers: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is kept of a secret.
pub(super) fn sha256(secret: &str) -> String {
    format!("{:x}", Sha256::digest(secret))
}

pub(super) fn hours_after(now: Timestamp, hours: i64) -> Timestamp {
    let later = now.as_microsecond().saturating_add(hours.saturating_mul(3_600_000_000));
    Timestamp::from_microsecond(later).unwrap_or(Timestamp::MAX)
}
