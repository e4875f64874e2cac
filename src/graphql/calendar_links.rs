//! Private links to one's own timetable, for calendar programs (manual 2.4).

use aggregates::shared::{Fact, PersonId};
use async_graphql::{Context, ID, Object, SimpleObject};
use projections::student::Students;
use uuid::Uuid;

use super::{
    errors::Fault,
    mutation::{Plan, run},
    request::{Ask, input_id, stored},
    scalars::DateTime,
};
use crate::{
    identity::{self, Incident, MOST_LINKS, new_link},
    messages,
    people::PersonWrite,
};

/// A private link to one's own timetable. Its secret is shown once, when it is made.
#[derive(SimpleObject)]
pub struct CalendarLink {
    /// Its id.
    id: ID,
    /// When it was made.
    created_at: DateTime,
    /// When a calendar program used it last, to the minute; none if it never was.
    last_used_at: Option<DateTime>,
}

impl From<identity::CalendarLink> for CalendarLink {
    fn from(link: identity::CalendarLink) -> Self {
        Self {
            id: link.id.to_string().into(),
            created_at: DateTime(link.created_at),
            last_used_at: link.last_used_at.map(DateTime),
        }
    }
}

/// The links of whoever asks, the oldest first.
pub async fn own_links(ctx: &Context<'_>) -> async_graphql::Result<Vec<CalendarLink>> {
    let database = &ctx.services()?.cabinet.database;
    let links = stored(identity::links_of(database, ctx.viewer()?.person).await)?;
    Ok(links.into_iter().map(CalendarLink::from).collect())
}

/// What the path of a link says of its language.
async fn language(ctx: &Context<'_>, person: PersonId) -> Result<String, Fault> {
    let student = ctx.document::<Students>(person).await?;
    let is_set = student.is_some_and(|student| student.settings.language.is_some());
    Ok(if is_set { String::new() } else { format!("?lang={}", messages::language()) })
}

input! {
    /// A link for a calendar program.
    CreateCalendarLinkInput {}
}

input! {
    /// Ending a link.
    RevokeCalendarLinkInput {
        /// The link.
        link_id: ID,
    }
}

payload! {
    /// What came of it.
    CreateCalendarLinkPayload {
        /// The link.
        link: CalendarLink,
        /// Where the timetable is read from at this server, as iCalendar (RFC 5545), without signing in: whoever
        /// has it sees the timetable. `?lang=kk`, `ru` or `en` at its end says in which language: it is the request's
        /// where the person has set none, and otherwise left out, so that the timetable goes with what they set. Shown
        /// this once; none where the request came again under its key.
        path: String,
    }
}

payload! {
    /// What came of it.
    RevokeCalendarLinkPayload {
        /// The links that are left.
        links: Vec<CalendarLink>,
    }
}

/// Making and ending links.
#[derive(Default)]
pub struct CalendarLinkMutations;

#[Object]
impl CalendarLinkMutations {
    /// Makes a private link to one's own timetable, for a calendar program. Ten at the most.
    async fn create_calendar_link(
        &self,
        ctx: &Context<'_>,
        input: CreateCalendarLinkInput,
    ) -> async_graphql::Result<Option<CreateCalendarLinkPayload>> {
        let (services, person) = (ctx.services()?, ctx.viewer()?.person);
        let mut new = None;
        let done = run(ctx, &input, async {
            let held = identity::links_of(&services.cabinet.database, person).await?.len();
            if held >= MOST_LINKS {
                let facts = vec![Fact::new("most", MOST_LINKS)];
                return Err(Fault::with_facts("CALENDAR_LINKS_TOO_MANY", None, facts));
            }
            let (id, secret, write) = new_link(person, services.cabinet.now())?;
            let path = format!("/calendar/{secret}.ics{}", language(ctx, person).await?);
            new = Some((id, path));
            Ok(Plan::of(vec![], id).writing([write]))
        });
        let done = done.await?;
        // Shown also where the views are late: they have nothing to do with it, and there is no second time.
        let new = new.filter(|_| done.position.is_some() && !done.again);
        if new.is_some() {
            ctx.note(Incident::CalendarLinkCreated, Some(person), None);
        }
        let (made, path): (Option<Uuid>, _) = match new {
            Some((id, path)) => (Some(id), Some(path)),
            None => (done.shown(0), None),
        };
        let made = made.map(|id| ID::from(id.to_string()));
        let link = own_links(ctx).await?.into_iter().find(|link| Some(&link.id) == made.as_ref());
        Ok(Some(CreateCalendarLinkPayload::of(done, link, path)))
    }

    /// Ends a link of one's own: whoever uses it finds nothing from now on.
    async fn revoke_calendar_link(
        &self,
        ctx: &Context<'_>,
        input: RevokeCalendarLinkInput,
    ) -> async_graphql::Result<Option<RevokeCalendarLinkPayload>> {
        let (services, person) = (ctx.services()?, ctx.viewer()?.person);
        let done = run(ctx, &input, async {
            let id: Uuid = input_id(&input.link_id, "linkId")?;
            let held = identity::links_of(&services.cabinet.database, person).await?;
            if !held.iter().any(|link| link.id == id) {
                return Err(Fault::user("NOT_FOUND", "linkId"));
            }
            Ok(Plan::of(vec![], id).writing([PersonWrite::RevokeCalendarLink { id, person }]))
        });
        let done = done.await?;
        let links = match done.position {
            Some(_) => {
                ctx.note(Incident::CalendarLinkRevoked, Some(person), None);
                Some(own_links(ctx).await?)
            }
            None => None,
        };
        Ok(Some(RevokeCalendarLinkPayload::of(done, links)))
    }
}
