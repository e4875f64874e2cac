//! The security journal, for auditors (DESIGN.md section 7).

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use super::{
    people::Person,
    request::{Ask, query_id, stored},
    scalars::DateTime,
    schema::{Connection, Cursor, PageOf},
};
use crate::identity::{Entry, Incident, journal_page};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Incident")]
pub enum SecurityIncident {
    /// Somebody signed in.
    SignedIn,
    /// Somebody failed to.
    SignInFailed,
    /// Somebody was told to wait, after too many failures.
    SignInSlowed,
    /// Somebody set their first password with a one-time access.
    AccessRedeemed,
    /// Somebody failed to.
    AccessInvalid,
    /// Somebody changed their password.
    PasswordChanged,
    /// Somebody made a private link to their timetable.
    CalendarLinkCreated,
    /// Somebody ended one.
    CalendarLinkRevoked,
    /// Somebody asked for what their roles do not allow.
    Refused,
}

/// An entry of the security journal.
#[derive(SimpleObject)]
pub struct SecurityJournalEntry {
    /// When.
    at: DateTime,
    /// What happened.
    incident: SecurityIncident,
    /// To whom, where that is known.
    person: Option<Person>,
    /// From which address.
    address: String,
    /// From which program, as it says.
    client: Option<String>,
    /// What was asked: a field of the API, or a file.
    asked: Option<String>,
}

impl From<Entry> for SecurityJournalEntry {
    fn from(entry: Entry) -> Self {
        let Entry { at, incident, person, address, client, asked } = entry;
        let (at, incident, person) = (DateTime(at), incident.into(), person.map(Person));
        Self { at, incident, person, address, client, asked }
    }
}

/// The security journal.
#[derive(Default)]
pub struct SecurityQueries;

#[Object]
impl SecurityQueries {
    /// Sign-ins, failures and refused accesses, the newest first; kept for a set time, outside the log.
    async fn security_journal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of this person only.")] person_id: Option<ID>,
        #[graphql(desc = "How many, 100 at the most.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> async_graphql::Result<Option<Connection<SecurityJournalEntry>>> {
        let page = PageOf::asked(first, after.as_deref())?;
        let person = person_id.as_ref().map(query_id).transpose()?;
        let before = page.after.as_ref().map(Cursor::number).transpose()?;
        let database = &ctx.services()?.cabinet.database;
        let mut found = stored(journal_page(database, person, before, page.first + 1).await)?;
        let more = found.len() > page.first;
        found.truncate(page.first);
        let nodes = found
            .into_iter()
            .map(|(id, entry)| (Cursor { key: id.to_string(), id: id.to_string() }, entry.into()));
        Ok(Some(page.connection(nodes.collect(), more, None)))
    }
}
