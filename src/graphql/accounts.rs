//! Accounts: people, their roles, their contacts and one-time accesses.

use aggregates::{
    account::AccountCommand,
    shared::{PersonId, Role, Text},
    student::StudentCommand,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use projections::student::Students;

use super::{
    errors::Fault,
    mutation::{Done, Plan, run},
    people::{Person, RoleEnum},
    request::{Ask, input_id, optional_short, short},
    scalars::DateTime,
};
use crate::{
    identity::new_access,
    people::{Details, PersonWrite},
};

/// The texts of a new person, as they were given.
pub struct NewPerson<'a> {
    /// The given name.
    pub given_name: Option<&'a String>,
    /// The family name.
    pub family_name: Option<&'a String>,
    /// The middle name or patronymic.
    pub middle_name: Option<&'a String>,
    /// The login.
    pub login: Option<&'a String>,
    /// The individual identification number.
    pub iin: Option<&'a String>,
    /// The e-mail address.
    pub email: Option<&'a String>,
    /// The phone number.
    pub phone: Option<&'a String>,
}

/// A new person's details, where all texts are taken.
pub fn details(person: NewPerson<'_>) -> Result<Details, Fault> {
    let needed = |text: Option<&String>, field| {
        short(text.map(String::as_str).unwrap_or_default(), field).map(String::from)
    };
    let optional = |text, field| Ok::<_, Fault>(optional_short(text, field)?.map(String::from));
    Ok(Details {
        given_name: needed(person.given_name, "givenName")?,
        family_name: needed(person.family_name, "familyName")?,
        middle_name: optional(person.middle_name, "middleName")?,
        login: optional(person.login, "login")?.map(|login| login.to_lowercase()),
        iin: optional(person.iin, "iin")?,
        email: optional(person.email, "email")?,
        phone: optional(person.phone, "phone")?,
        source: None,
        external_id: None,
    })
}

input! {
    /// A new person with an account: staff, or an applicant.
    CreatePersonInput {
        /// The given name.
        given_name: String,
        /// The family name.
        family_name: String,
        /// The middle name or patronymic.
        middle_name: Option<String>,
        /// The login; without it, one is set with the one-time access.
        login: Option<String>,
        /// The individual identification number.
        iin: Option<String>,
        /// The e-mail address.
        email: Option<String>,
        /// The phone number.
        phone: Option<String>,
        /// What they may act as. Only an administrator grants other roles than `APPLICANT`.
        roles: Vec<RoleEnum>,
    }
}

input! {
    /// One-time accesses for one or many people, each with a login.
    IssueAccessInput {
        /// For whom.
        people: Vec<AccessFor>,
    }
}

/// Whom a one-time access is for.
#[derive(Debug, async_graphql::InputObject)]
pub struct AccessFor {
    /// Who.
    person_id: ID,
    /// The login to sign in with; needed where they have none yet.
    login: Option<String>,
}

input! {
    /// A role for somebody.
    RoleInput {
        /// Who.
        person_id: ID,
        /// Which role.
        role: RoleEnum,
    }
}

input! {
    /// Closing an account for ever.
    CloseAccountInput {
        /// Whose.
        person_id: ID,
    }
}

input! {
    /// Other contacts.
    ChangeContactsInput {
        /// Whose; one's own where none is stated. Only a registrar changes somebody else's.
        person_id: Option<ID>,
        /// The e-mail address; null leaves it.
        email: Option<String>,
        /// The phone number; null leaves it.
        phone: Option<String>,
    }
}

payload! {
    /// What came of it.
    PersonPayload {
        /// The person.
        person: Person,
    }
}

payload! {
    /// What came of issuing accesses.
    IssueAccessPayload {
        /// An access a person, in the order asked. The codes are seen only now; a request that comes
        /// again under its key does not see them again.
        accesses: Vec<Access>,
    }
}

/// A one-time access.
#[derive(SimpleObject)]
pub struct Access {
    /// For whom.
    person: Person,
    /// The login to sign in with.
    login: String,
    /// The code to redeem.
    code: String,
    /// Until when it holds.
    expires_at: DateTime,
}

/// What is done with accounts.
#[derive(Default)]
pub struct AccountMutations;

#[Object]
impl AccountMutations {
    /// Makes a person with an account.
    async fn create_person(
        &self,
        ctx: &Context<'_>,
        input: CreatePersonInput,
    ) -> async_graphql::Result<Option<PersonPayload>> {
        let done = run(ctx, &input, async {
            let roles: Vec<Role> = input.roles.iter().map(|role| (*role).into()).collect();
            let administrator = ctx.viewer()?.is(Role::Administrator);
            if !administrator && roles.iter().any(|role| *role != Role::Applicant) {
                return Err(Fault::user("NOT_YOURS", "roles"));
            }
            let person = PersonId::new();
            let details = details(NewPerson {
                given_name: Some(&input.given_name),
                family_name: Some(&input.family_name),
                middle_name: input.middle_name.as_ref(),
                login: input.login.as_ref(),
                iin: input.iin.as_ref(),
                email: input.email.as_ref(),
                phone: input.phone.as_ref(),
            })?;
            let mut acts = vec![AccountCommand::Open { person }.of_new(person)];
            for role in roles {
                acts.push(AccountCommand::GrantRole { person, role }.of(person));
                if role == Role::Applicant {
                    acts.push(StudentCommand::Apply { student: person }.of_new(person));
                }
            }
            Ok(Plan::of(acts, person).writing([PersonWrite::Create(person, details)]))
        });
        Ok(shown(done.await?))
    }

    /// Issues one-time accesses; an earlier one of the same person holds no more.
    async fn issue_access(
        &self,
        ctx: &Context<'_>,
        input: IssueAccessInput,
    ) -> async_graphql::Result<Option<IssueAccessPayload>> {
        let mut accesses = Vec::new();
        let done = run(ctx, &input, async {
            let mut plan = Plan::default();
            for (place, wanted) in input.people.iter().enumerate() {
                let (access, writes) = issue(ctx, wanted, place).await?;
                let person = access.person.0;
                plan.acts.push(AccountCommand::Open { person }.of(person));
                plan = plan.writing(writes);
                accesses.push(access);
            }
            Ok(plan)
        });
        let done = done.await?;
        let issued = done.position.filter(|_| !done.again).map(|_| accesses);
        Ok(Some(IssueAccessPayload::of(done, issued)))
    }

    /// Grants a role.
    async fn grant_role(
        &self,
        ctx: &Context<'_>,
        input: RoleInput,
    ) -> async_graphql::Result<Option<PersonPayload>> {
        let done = run(ctx, &input, async {
            let person: PersonId = input_id(&input.person_id, "personId")?;
            let role = input.role.into();
            Ok(Plan::of(vec![AccountCommand::GrantRole { person, role }.of(person)], person))
        });
        Ok(shown(done.await?))
    }

    /// Takes a role away.
    async fn revoke_role(
        &self,
        ctx: &Context<'_>,
        input: RoleInput,
    ) -> async_graphql::Result<Option<PersonPayload>> {
        let done = run(ctx, &input, async {
            let person: PersonId = input_id(&input.person_id, "personId")?;
            let role = input.role.into();
            Ok(Plan::of(vec![AccountCommand::RevokeRole { person, role }.of(person)], person))
        });
        Ok(shown(done.await?))
    }

    /// Closes an account for ever; its sessions hold no more.
    async fn close_account(
        &self,
        ctx: &Context<'_>,
        input: CloseAccountInput,
    ) -> async_graphql::Result<Option<PersonPayload>> {
        let done = run(ctx, &input, async {
            let person: PersonId = input_id(&input.person_id, "personId")?;
            Ok(Plan::of(vec![AccountCommand::Close { person }.of(person)], person))
        });
        Ok(shown(done.await?))
    }

    /// Changes contacts; those before stay in the person's history.
    async fn change_contacts(
        &self,
        ctx: &Context<'_>,
        input: ChangeContactsInput,
    ) -> async_graphql::Result<Option<PersonPayload>> {
        let done = run(ctx, &input, async {
            let person = own_or_anybodys(ctx, input.person_id.as_ref())?;
            let known = ctx.person(person).await?;
            let mut details = known.ok_or_else(|| Fault::user("NOT_FOUND", "personId"))?;
            let email = optional_short(input.email.as_ref(), "email")?.map(Text::into);
            let phone = optional_short(input.phone.as_ref(), "phone")?.map(Text::into);
            details.email = email.or(details.email);
            details.phone = phone.or(details.phone);
            let student = ctx.document::<Students>(person).await?;
            let noted = student
                .filter(|student| student.status.is_some())
                .map(|_| StudentCommand::NoteContactsChanged { student: person }.of(person));
            let plan = Plan::of(noted.into_iter().collect(), person);
            Ok(plan.writing([PersonWrite::Change(person, details)]))
        });
        Ok(shown(done.await?))
    }
}

/// Whoever is meant by `personId`: oneself without it, and only a registrar means somebody else.
pub fn own_or_anybodys(ctx: &Context<'_>, id: Option<&ID>) -> Result<PersonId, Fault> {
    let viewer = ctx.viewer()?;
    let person = match id {
        Some(id) => input_id(id, "personId")?,
        None => viewer.person,
    };
    if person != viewer.person && !viewer.is(Role::Registrar) {
        return Err(Fault::user("NOT_YOURS", "personId"));
    }
    Ok(person)
}

async fn issue(
    ctx: &Context<'_>,
    wanted: &AccessFor,
    place: usize,
) -> Result<(Access, Vec<PersonWrite>), Fault> {
    let field = |name: &str| format!("people.{place}.{name}");
    let person: PersonId = input_id(&wanted.person_id, &field("personId"))?;
    let known = ctx.person(person).await?;
    let mut details = known.ok_or_else(|| Fault::user("NOT_FOUND", &field("personId")))?;
    let given = optional_short(wanted.login.as_ref(), &field("login"))?;
    let given = given.map(|login| login.as_str().to_lowercase());
    let login = given.clone().or(details.login.clone());
    let login = login.ok_or_else(|| Fault::user("LOGIN_MISSING", &field("login")))?;
    let hours = ctx.services()?.cabinet.config.access_hours;
    let (code, write, expires_at) = new_access(person, hours)?;
    let mut writes = vec![write];
    if details.login.as_ref() != Some(&login) {
        details.login = Some(login.clone());
        writes.push(PersonWrite::Change(person, details));
    }
    let access = Access { person: Person(person), login, code, expires_at: DateTime(expires_at) };
    Ok((access, writes))
}

fn shown(done: Done) -> Option<PersonPayload> {
    let person = done.shown(0).map(Person);
    Some(PersonPayload::of(done, person))
}
