//! People and free texts about them: outside the log, where they can be erased; written with the
//! append that refers to them, joined when read.

mod erasing;

use std::collections::HashMap;

use aggregates::shared::{Digest, PersonId, TextId, TextRef};
use jiff::Timestamp;
use projections::alphabet::sort_key;
use uuid::Uuid;

use self::erasing::erase;
pub use self::erasing::{erase_again, overwrite};
use crate::{
    database::{Database, Reader, Row, StoreError, Transaction, Value},
    files::Claim,
};

/// What is shown for somebody whose details were erased.
pub const ERASED: &str = "erased person";

/// A person, as far as known.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[allow(missing_docs, reason = "named after the columns")]
pub struct Details {
    pub login: Option<String>,
    pub iin: Option<String>,
    /// The system that `external_id` belongs to.
    pub source: Option<String>,
    pub external_id: Option<String>,
    pub given_name: String,
    pub family_name: String,
    pub middle_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

impl Details {
    /// The name as it is shown: family name first.
    pub fn display_name(&self) -> String {
        let parts = [Some(&self.family_name), Some(&self.given_name), self.middle_name.as_ref()];
        let named: Vec<_> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        named.into_iter().map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// The family name with the first letters of the others: enough to compare with a paper in hand.
    pub fn with_initials(&self) -> String {
        let others = [Some(&self.given_name), self.middle_name.as_ref()];
        let letters = others.into_iter().flatten().filter_map(|name| name.chars().next());
        let initials: String = letters.map(|letter| format!(" {letter}.")).collect();
        format!("{}{initials}", self.family_name).trim().to_owned()
    }
}

/// What is written about people together with the events that refer to them.
#[derive(Debug, Clone)]
pub enum PersonWrite {
    /// Somebody new.
    Create(PersonId, Details),
    /// Other details of somebody known; those before go into the history.
    Change(PersonId, Details),
    /// A free text about somebody.
    Text {
        /// About whom.
        person: PersonId,
        /// Its id.
        id: TextId,
        /// What its digest was salted with.
        salt: String,
        /// The text.
        body: String,
    },
    /// That an event names a file.
    File(Claim),
    /// A password, hashed; it ends all sessions and one-time accesses of the person.
    Password(PersonId, String),
    /// Everything about the person goes, but the reason why.
    Erase {
        /// Whom.
        person: PersonId,
        /// The text that says why.
        reason: TextId,
    },
    /// A one-time access: SHA-256 of the code, and until when it holds.
    Access(PersonId, String, i64),
    /// A private link to the person's timetable.
    CalendarLink {
        /// Its id.
        id: Uuid,
        /// Whose.
        person: PersonId,
        /// SHA-256 of its secret.
        token_sha256: String,
        /// When it was made, in microseconds since 1970.
        created_at: i64,
    },
    /// A link of the person's goes.
    RevokeCalendarLink {
        /// Which.
        id: Uuid,
        /// Whose.
        person: PersonId,
    },
}

/// A free text, and what the event holds of it.
pub fn text_about(person: PersonId, body: &str) -> (TextRef, PersonWrite) {
    let (id, salt) = (TextId::new(), Uuid::new_v4().to_string());
    let reference = TextRef { id, digest: Digest::salted(&salt, body) };
    (reference, PersonWrite::Text { person, id, salt, body: body.to_owned() })
}

impl PersonWrite {
    /// Writes it; a login, IIN or external id that is taken is a conflict.
    pub async fn write(&self, open: &mut Transaction) -> Result<(), StoreError> {
        match self {
            Self::Create(id, details) => {
                let sql = "INSERT INTO persons (id, login, iin, source, external_id, given_name, \
                           family_name, middle_name, email, phone, sort_key) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
                open.execute(sql, &values(*id, details)).await?;
            }
            Self::Change(id, details) => {
                let known = format!("SELECT {COLUMNS} FROM persons WHERE id = $1");
                let before = open.fetch(&known, &[id.to_string().into()]).await?;
                if let Some(row) = before.first() {
                    let known = serde_json::to_string(&details_of(row)?)
                        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
                    let sql = "INSERT INTO person_history (person, replaced_at, details) \
                               VALUES ($1, $2, $3)";
                    let now = Timestamp::now().as_microsecond();
                    open.execute(sql, &[id.to_string().into(), now.into(), known.into()]).await?;
                }
                let sql = "UPDATE persons SET login = $2, iin = $3, source = $4, external_id = $5, \
                           given_name = $6, family_name = $7, middle_name = $8, email = $9, \
                           phone = $10, sort_key = $11 WHERE id = $1";
                open.execute(sql, &values(*id, details)).await?;
            }
            Self::Text { person, id, salt, body } => {
                let sql =
                    "INSERT INTO person_texts (id, person, salt, body) VALUES ($1, $2, $3, $4)";
                let values = [id.to_string(), person.to_string(), salt.clone(), body.clone()];
                open.execute(sql, &values.map(Value::from)).await?;
            }
            Self::File(claim) => claim.write(open).await?,
            Self::CalendarLink { id, person, token_sha256, created_at } => {
                let sql = "INSERT INTO calendar_links (id, token_sha256, person, created_at) \
                           VALUES ($1, $2, $3, $4)";
                let (id, person) = (id.to_string(), person.to_string());
                let token = token_sha256.as_str();
                let values = [id.into(), token.into(), person.into(), (*created_at).into()];
                open.execute(sql, &values).await?;
            }
            Self::RevokeCalendarLink { id, person } => {
                let sql = "DELETE FROM calendar_links WHERE id = $1 AND person = $2";
                let values = [id.to_string().into(), person.to_string().into()];
                open.execute(sql, &values).await?;
            }
            Self::Password(person, hash) => {
                let person = person.to_string();
                let sql = "INSERT INTO credentials (person, password_hash, changed_at) \
                           VALUES ($1, $2, $3) ON CONFLICT (person) DO UPDATE SET \
                           password_hash = excluded.password_hash, changed_at = excluded.changed_at";
                let now = Timestamp::now().as_microsecond();
                open.execute(sql, &[person.as_str().into(), hash.as_str().into(), now.into()])
                    .await?;
                for table in ["sessions", "access_codes"] {
                    let sql = format!("DELETE FROM {table} WHERE person = $1");
                    open.execute(&sql, &[person.as_str().into()]).await?;
                }
            }
            Self::Erase { person, reason } => {
                erase(open, *person, *reason).await?;
            }
            Self::Access(person, code_sha256, expires_at) => {
                let sql = "INSERT INTO access_codes (person, code_sha256, expires_at) \
                           VALUES ($1, $2, $3) ON CONFLICT (person) DO UPDATE SET \
                           code_sha256 = excluded.code_sha256, expires_at = excluded.expires_at";
                let person = person.to_string();
                open.execute(
                    sql,
                    &[person.into(), code_sha256.as_str().into(), (*expires_at).into()],
                )
                .await?;
            }
        }
        Ok(())
    }
}

fn values(id: PersonId, details: &Details) -> [Value; 11] {
    let Details {
        login,
        iin,
        source,
        external_id,
        given_name,
        family_name,
        middle_name,
        email,
        phone,
    } = details.clone();
    [
        id.to_string().into(),
        login.into(),
        iin.into(),
        source.into(),
        external_id.into(),
        given_name.into(),
        family_name.into(),
        middle_name.into(),
        email.into(),
        phone.into(),
        sort_key(&details.display_name()).into(),
    ]
}

const COLUMNS: &str = "id, login, iin, source, external_id, given_name, family_name, middle_name, \
                       email, phone";

fn details_of(row: &Row) -> Result<Details, StoreError> {
    Ok(Details {
        login: row.optional_text(1)?,
        iin: row.optional_text(2)?,
        source: row.optional_text(3)?,
        external_id: row.optional_text(4)?,
        given_name: row.text(5)?,
        family_name: row.text(6)?,
        middle_name: row.optional_text(7)?,
        email: row.optional_text(8)?,
        phone: row.optional_text(9)?,
    })
}

fn id_of(row: &Row) -> Result<PersonId, StoreError> {
    let id = row.text(0)?;
    id.parse().map_err(|_| StoreError::Corrupt(format!("persons.id: `{id}`")))
}

/// These people, as far as known.
pub async fn people(
    database: &Database,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, Details>, StoreError> {
    people_in(&mut &*database, ids).await
}

/// The same within a transaction.
pub async fn people_in(
    reader: &mut impl Reader,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, Details>, StoreError> {
    let sql = reader.rows_by_key(COLUMNS, "persons", "id");
    let rows = reader.fetch(&sql, &[Value::json(ids)?]).await?;
    rows.iter().map(|row| Ok((id_of(row)?, details_of(row)?))).collect()
}

/// The person with that login.
pub async fn by_login(database: &Database, login: &str) -> Result<Option<PersonId>, StoreError> {
    let sql = "SELECT id FROM persons WHERE login = $1";
    database.fetch_one(sql, &[login.into()]).await?.as_ref().map(id_of).transpose()
}

/// Whoever has these external ids in that system.
pub async fn by_external_ids(
    database: &Database,
    source: &str,
    external_ids: &[String],
) -> Result<HashMap<String, (PersonId, Details)>, StoreError> {
    let ids = serde_json::to_string(external_ids)
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let list = database.json_texts("$2");
    let sql = format!(
        "SELECT {COLUMNS} FROM persons \
         WHERE source = $1 AND external_id IN (SELECT value FROM {list})"
    );
    let rows = database.fetch(&sql, &[source.into(), ids.into()]).await?;
    let found = rows.iter().map(|row| {
        let details = details_of(row)?;
        let external_id = details.external_id.clone().unwrap_or_default();
        Ok((external_id, (id_of(row)?, details)))
    });
    found.collect()
}

/// These texts, as far as they are not erased.
pub async fn texts(
    database: &Database,
    ids: &[TextId],
) -> Result<HashMap<TextId, String>, StoreError> {
    let ids = Value::json(ids)?;
    let sql = database.rows_by_key("id, body", "person_texts", "id");
    let rows = database.fetch(&sql, &[ids]).await?;
    let found = rows.iter().map(|row| {
        let id = row.text(0)?;
        let id = id.parse().map_err(|_| StoreError::Corrupt(format!("person_texts.id: `{id}`")))?;
        Ok((id, row.text(1)?))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_letters_of_all_names_but_the_family_name() {
        let named = |family: &str, given: &str, middle: Option<&str>| Details {
            family_name: family.to_owned(),
            given_name: given.to_owned(),
            middle_name: middle.map(str::to_owned),
            ..Details::default()
        };
        let full = named("Қанатов", "Ерлан", Some("Әлиұлы"));
        assert_eq!(full.with_initials(), "Қанатов Е. Ә.");
        assert_eq!(named("Қанатов", "", None).with_initials(), "Қанатов");
        assert_eq!(named("", "Ерлан", None).with_initials(), "Е.");
    }
}
