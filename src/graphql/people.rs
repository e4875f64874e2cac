//! People: names and roles, joined when read; `me`.

use aggregates::shared::{PersonId, Role};
use async_graphql::{Context, Enum, ID, Object};
use projections::account::Accounts;

use super::{
    calendar_links::{CalendarLink, own_links},
    request::{Ask, query_id},
    request_list::own_requests,
    schema::Connection,
    student_requests::{Request, RequestStatus},
    students::{Student, readable_student},
    teacher_cards::TeacherCard,
    teaching::Teaching,
};
use crate::people::ERASED;

/// What somebody may act as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "Role", remote = "Role")]
pub enum RoleEnum {
    /// Applied, not admitted yet.
    Applicant,
    /// Studies.
    Student,
    /// Teaches streams.
    Teacher,
    /// Guides students.
    Advisor,
    /// The dean's office or office of the registrar.
    Registrar,
    /// Watches over proctored tests.
    Proctor,
    /// Decides antiplagiarism checks.
    AntiplagiatOfficer,
    /// Handles requests.
    Moderator,
    /// Runs the library.
    Librarian,
    /// Runs payments.
    FinanceOfficer,
    /// Reads everything, changes nothing.
    Auditor,
    /// Runs the installation.
    Administrator,
}

/// A person.
pub struct Person(pub PersonId);

#[Object]
impl Person {
    /// The person's id; a student has the same.
    async fn id(&self) -> ID {
        self.0.to_string().into()
    }

    /// The name, family name first.
    async fn display_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        display_name(ctx, self.0).await
    }

    /// What they may act as.
    async fn roles(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<RoleEnum>> {
        let account = ctx.document::<Accounts>(self.0).await?;
        Ok(account.iter().flat_map(|account| &account.roles).map(|role| (*role).into()).collect())
    }

    /// The login; for the person themself and staff that may issue accesses.
    async fn login(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        Ok(self.private(ctx).await?.and_then(|details| details.login))
    }

    /// The e-mail address, as restricted as the login.
    async fn email(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        Ok(self.private(ctx).await?.and_then(|details| details.email))
    }

    /// The phone number, as restricted as the login.
    async fn phone(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        Ok(self.private(ctx).await?.and_then(|details| details.phone))
    }

    /// The private links to their timetable, the oldest first; for the person themself alone.
    async fn calendar_links(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<Vec<CalendarLink>>> {
        if ctx.viewer()?.person == self.0 { own_links(ctx).await.map(Some) } else { Ok(None) }
    }

    /// What they asked of the university, the newest first; for the person themself alone (manual 2.16).
    async fn requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Those that stand so; `REFUSED` is the tab *not fulfilled*.")]
        status: Option<RequestStatus>,
        #[graphql(desc = "How many, 100 at the most.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> async_graphql::Result<Option<Connection<Request>>> {
        if ctx.viewer()?.person != self.0 {
            return Ok(None);
        }
        own_requests(ctx, status, first, after.as_deref()).await.map(Some)
    }

    /// What they teach; for a teacher themself, registrars and auditors.
    async fn teaching(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Teaching>> {
        let viewer = ctx.viewer()?;
        let own = viewer.person == self.0 && viewer.is(Role::Teacher);
        let may = own || viewer.is(Role::Registrar) || viewer.is(Role::Auditor);
        Ok(may.then_some(Teaching(self.0)))
    }

    /// What they tell of themself as a teacher, for everybody who is signed in; none where they tell nothing, or do
    /// not teach (manual 2.8).
    async fn teacher_card(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TeacherCard>> {
        ctx.viewer()?;
        TeacherCard::of(ctx, self.0).await
    }

    /// The student's record, if they are one and it may be read.
    async fn student(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Student>> {
        Ok(readable_student(ctx, self.0).await?.ok())
    }
}

impl Person {
    async fn private(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<crate::people::Details>> {
        let viewer = ctx.viewer()?;
        let staff = [Role::Registrar, Role::Administrator, Role::Auditor];
        if viewer.person == self.0 || staff.iter().any(|role| viewer.is(*role)) {
            ctx.person(self.0).await
        } else {
            Ok(None)
        }
    }
}

/// A person's name as it is shown.
pub async fn display_name(ctx: &Context<'_>, id: PersonId) -> async_graphql::Result<String> {
    let name = ctx.person(id).await?.map(|details| details.display_name());
    Ok(name.filter(|name| !name.is_empty()).unwrap_or_else(|| ERASED.to_owned()))
}

/// Whoever is signed in, and anybody by id.
#[derive(Default)]
pub struct PeopleQueries;

#[Object]
impl PeopleQueries {
    /// Whoever is signed in.
    async fn me(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Person>> {
        Ok(Some(Person(ctx.viewer()?.person)))
    }

    /// A person by id.
    async fn person(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Person>> {
        let id = query_id(&id)?;
        // Whoever was erased has an account still, and no details.
        let known =
            ctx.person(id).await?.is_some() || ctx.document::<Accounts>(id).await?.is_some();
        super::request::found(known.then_some(Some(Person(id))))
    }
}
