//! `users.csv`: users become people, some of them students, most of them with an account.
//!
//! | role in the file | here |
//! |---|---|
//! | student | student, account with the role student |
//! | teacher | account with the role teacher |
//! | proctor | account with the role proctor |
//! | aide, administrator | account without a role: what they may do is granted by hand |
//! | guardian, parent, relative | known as a person, without an account |
//!
//! A user who is not enabled gets no account. An account that is here already keeps its roles and
//! gains none but student, so that no import brings back what was revoked. `username` is no login:
//! two systems may use one for two people; a login comes with the first one-time access. Names
//! follow the source; e-mail and phone are taken where none is known here, because people change
//! theirs in the cabinet.

use std::{collections::HashMap, sync::Arc};

use aggregates::{
    Act,
    account::AccountCommand,
    shared::{PersonId, Role, Text},
    student::StudentCommand,
};
use projections::{
    account::{AccountDocument, Accounts},
    student::{StudentDocument, Students},
};
use serde::{Deserialize, Serialize};

use super::{
    ImportError,
    entity::{Entity, Known, Plan},
    flaw::Flaw,
    folder::Kind,
    table::Row,
};
use crate::people::{self, Details, PersonWrite};

/// What somebody is in the source system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum UserRole {
    Student,
    Teacher,
    Proctor,
    Aide,
    Administrator,
    Guardian,
    Parent,
    Relative,
}

impl UserRole {
    /// Reads the role in a row of users or enrollments.
    pub(super) fn read(row: &Row) -> Result<Self, Flaw> {
        Ok(match row.required("role")?.to_lowercase().as_str() {
            "student" => Self::Student,
            "teacher" => Self::Teacher,
            "proctor" => Self::Proctor,
            "aide" => Self::Aide,
            "administrator" => Self::Administrator,
            "guardian" => Self::Guardian,
            "parent" => Self::Parent,
            "relative" => Self::Relative,
            other => return Err(Flaw::of_text("role", "NO_ROLE", other)),
        })
    }

    /// Whether somebody works at the university.
    pub(super) fn is_staff(self) -> bool {
        matches!(self, Self::Teacher | Self::Proctor | Self::Aide | Self::Administrator)
    }

    /// What somebody new may act as.
    fn granted(self) -> Option<Role> {
        match self {
            Self::Student => Some(Role::Student),
            Self::Teacher => Some(Role::Teacher),
            Self::Proctor => Some(Role::Proctor),
            _ => None,
        }
    }
}

/// A user.
pub(super) struct User {
    id: String,
    role: UserRole,
    enabled: bool,
    given_name: Text,
    family_name: Text,
    middle_name: Option<Text>,
    email: Option<Text>,
    phone: Option<Text>,
}

/// What enrollments and results need of a user.
#[derive(Serialize, Deserialize)]
pub(super) struct StagedUser {
    /// Who it is.
    pub person: PersonId,
    /// What they are in the source system.
    pub role: UserRole,
}

/// Who of the users is known here, and as what.
#[derive(Default)]
pub(super) struct Found {
    people: HashMap<String, (PersonId, Details)>,
    students: HashMap<String, Arc<StudentDocument>>,
    accounts: HashMap<String, Arc<AccountDocument>>,
}

impl Entity for User {
    const KIND: Kind = Kind::Users;
    type Found = Found;

    fn read(row: &Row) -> Result<Self, Flaw> {
        let enabled = match row.get("enabledUser").map(str::to_lowercase).as_deref() {
            None | Some("true" | "1") => true,
            Some("false" | "0") => false,
            Some(other) => {
                return Err(Flaw::of_text("enabledUser", "NO_BOOLEAN", other));
            }
        };
        let phone = row.text("phone")?;
        Ok(Self {
            id: row.id("sourcedId")?,
            role: UserRole::read(row)?,
            enabled,
            given_name: row.required_text("givenName")?,
            family_name: row.required_text("familyName")?,
            middle_name: row.text("middleName")?,
            email: row.text("email")?,
            phone: phone.or(row.text("sms")?),
        })
    }

    async fn look_up(rows: &[(Row, Self)], known: &Known) -> Result<Found, ImportError> {
        let Some(here) = &known.here else { return Ok(Found::default()) };
        let ids: Vec<_> = rows.iter().map(|(_, user)| user.id.clone()).collect();
        let people = people::by_external_ids(&here.database, &known.folder.source, &ids).await?;
        let persons: Vec<_> = people.values().map(|(person, _)| person.to_string()).collect();
        let students = here.views.get_many::<Students>(&persons).await?;
        let accounts = here.views.get_many::<Accounts>(&persons).await?;
        Ok(Found { people, students, accounts })
    }

    fn plan(&self, row: &Row, found: &Found, known: &Known) -> Result<Plan, Flaw> {
        let before = found.people.get(&self.id);
        let person = before.map_or_else(PersonId::new, |(person, _)| *person);
        let details = self.details(before.map(|(_, details)| details), &known.folder.source);
        let write = match before {
            None => Some(PersonWrite::Create(person, details)),
            Some((_, now)) if *now != details => Some(PersonWrite::Change(person, details)),
            Some(_) => None,
        };
        let studies = self.role == UserRole::Student && !found.is_student(person);
        let mut acts = Vec::new();
        if studies {
            let origin = known.origin(Self::KIND, row, None);
            acts.push(StudentCommand::Import { student: person, origin }.of(person));
        }
        acts.extend(self.account(person, found, studies));
        let plan = Plan { acts, people: write.into_iter().collect(), ..Plan::default() };
        plan.keeping(&StagedUser { person, role: self.role })
    }
}

impl User {
    /// What the source says, and what only is known here.
    fn details(&self, now: Option<&Details>, source: &str) -> Details {
        let text = |text: &Option<Text>| text.as_ref().map(Text::to_string);
        let now = now.cloned().unwrap_or_default();
        Details {
            source: Some(source.to_owned()),
            external_id: Some(self.id.clone()),
            given_name: self.given_name.to_string(),
            family_name: self.family_name.to_string(),
            middle_name: text(&self.middle_name).or(now.middle_name),
            email: now.email.or(text(&self.email)),
            phone: now.phone.or(text(&self.phone)),
            login: now.login,
            iin: now.iin,
        }
    }

    /// Opens an account where there never was one; one that is open may gain the role student.
    fn account(&self, person: PersonId, found: &Found, newly_student: bool) -> Vec<Act> {
        let grant = |role| AccountCommand::GrantRole { person, role }.of(person);
        match found.accounts.get(&person.to_string()) {
            Some(account) if account.open && newly_student => vec![grant(Role::Student)],
            Some(_) => vec![],
            None if self.enabled && (self.role.is_staff() || self.role == UserRole::Student) => {
                let open = AccountCommand::Open { person }.of(person);
                std::iter::once(open).chain(self.role.granted().map(grant)).collect()
            }
            None => vec![],
        }
    }
}

impl Found {
    fn is_student(&self, person: PersonId) -> bool {
        let student = self.students.get(&person.to_string());
        student.is_some_and(|student| student.status.is_some())
    }
}
