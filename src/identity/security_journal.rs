//! The security journal: who signed in, who failed to, who was turned away. Outside the log, kept for a
//! set time, and written beside the requests, so that it slows none of them down and a flood of refusals
//! can't grow without bound.

use std::time::Duration;

use aggregates::shared::PersonId;
use jiff::Timestamp;
use tokio::{sync::mpsc, task::JoinHandle};
use tracing::{error, warn};

use crate::database::{Database, Row, StoreError};

/// How many entries may wait to be written; more are dropped, and the server's log says so.
const MOST_WAITING: usize = 10_000;
/// How many are written together.
const BATCH: usize = 500;
/// How often what is too old is deleted.
const CLEANED_EVERY: Duration = Duration::from_secs(3_600);

aggregates::named! {
    /// What happened.
    pub enum Incident {
        /// Somebody signed in.
        SignedIn = "signed_in",
        /// Somebody failed to.
        SignInFailed = "sign_in_failed",
        /// Somebody was told to wait, after too many failures.
        SignInSlowed = "sign_in_slowed",
        /// Somebody set their first password with a one-time access.
        AccessRedeemed = "access_redeemed",
        /// Somebody failed to.
        AccessInvalid = "access_invalid",
        /// Somebody changed their password.
        PasswordChanged = "password_changed",
        /// Somebody made a private link to their timetable.
        CalendarLinkCreated = "calendar_link_created",
        /// Somebody ended one.
        CalendarLinkRevoked = "calendar_link_revoked",
        /// Somebody asked for what their roles do not allow.
        Refused = "refused",
    }
}

/// An entry. It holds no login: a password that was typed in the wrong field would be one.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub incident: Incident,
    /// To whom, where that is known.
    pub person: Option<PersonId>,
    /// From which address.
    pub address: String,
    /// From which program, as it says.
    pub client: Option<String>,
    /// What was asked.
    pub asked: Option<String>,
}

/// Where entries are handed in.
#[derive(Clone)]
pub struct SecurityJournal(mpsc::Sender<Entry>);

impl SecurityJournal {
    /// Starts to write, and to forget what is older than so many days; the task ends when nobody can
    /// hand in any more.
    pub fn start(database: Database, days: u32) -> (Self, JoinHandle<()>) {
        let (sender, entries) = mpsc::channel(MOST_WAITING);
        (Self(sender), tokio::spawn(write(database, days, entries)))
    }

    /// Hands an entry in.
    pub fn note(&self, entry: Entry) {
        if let Err(lost) = self.0.try_send(entry) {
            warn!(%lost, "the security journal is full: an entry is lost");
        }
    }
}

async fn write(database: Database, days: u32, mut entries: mpsc::Receiver<Entry>) {
    let mut clean = tokio::time::interval(CLEANED_EVERY);
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let done = tokio::select! {
            _ = clean.tick() => forget(&database, days).await,
            count = entries.recv_many(&mut batch, BATCH) => {
                if count == 0 {
                    return;
                }
                keep(&database, &mut batch).await
            }
        };
        if let Err(error) = done {
            error!(%error, "the security journal can't be written");
            batch.clear();
        }
    }
}

async fn keep(database: &Database, batch: &mut Vec<Entry>) -> Result<(), StoreError> {
    let mut open = database.begin().await?;
    for entry in batch.drain(..) {
        let sql = "INSERT INTO security_journal (at, kind, person, address, client, asked) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let Entry { at, incident, person, address, client, asked } = entry;
        let values = [
            at.as_microsecond().into(),
            incident.name().into(),
            person.map(|person| person.to_string()).into(),
            address.into(),
            client.into(),
            asked.into(),
        ];
        open.execute(sql, &values).await?;
    }
    open.commit().await
}

async fn forget(database: &Database, days: u32) -> Result<(), StoreError> {
    const DAY: i64 = 24 * 3_600 * 1_000_000;
    let kept = i64::from(days).saturating_mul(DAY);
    let before = Timestamp::now().as_microsecond().saturating_sub(kept);
    let sql = "DELETE FROM security_journal WHERE at < $1";
    database.execute(sql, &[before.into()]).await.map(drop)
}

/// A page of the journal, the newest first: of one person or of all, before an entry's number.
pub async fn page(
    database: &Database,
    person: Option<PersonId>,
    before: Option<i64>,
    most: usize,
) -> Result<Vec<(i64, Entry)>, StoreError> {
    let mut values = vec![before.unwrap_or(i64::MAX).into()];
    values.extend(person.map(|person| person.to_string().into()));
    let whose = if person.is_some() { "AND person = $2" } else { "" };
    let sql = format!(
        "SELECT id, at, kind, person, address, client, asked FROM security_journal \
         WHERE id < $1 {whose} ORDER BY id DESC LIMIT {most}"
    );
    database.fetch(&sql, &values).await?.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<(i64, Entry), StoreError> {
    let kind = row.text(2)?;
    let corrupt = |what: &str| StoreError::Corrupt(format!("security_journal.{what}"));
    let person = row.optional_text(3)?.map(|id| id.parse()).transpose();
    let entry = Entry {
        at: Timestamp::from_microsecond(row.int(1)?).map_err(|_| corrupt("at"))?,
        incident: Incident::named(&kind).ok_or_else(|| corrupt("kind"))?,
        person: person.map_err(|_| corrupt("person"))?,
        address: row.text(4)?,
        client: row.optional_text(5)?,
        asked: row.optional_text(6)?,
    };
    Ok((row.int(0)?, entry))
}
