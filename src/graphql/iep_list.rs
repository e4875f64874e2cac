//! Lists of plans: what waits for a signature, and all of a year, with filters; the longest waiting first
//! (manual 2.3.2).

use std::sync::Arc;

use aggregates::shared::{PersonId, ProgrammeId, Role};
use async_graphql::{Context, ID, InputObject, Object};
use projections::{AnyView, iep::IepTrails, student::Students, term::academic_year};

use super::{
    conditions::Conditions,
    ieps::{Iep, IepStatus},
    people::RoleEnum,
    request::{Ask, query_id},
    scalars::DateTime,
    schema::{Connection, Numbered, PageOf},
};

/// Which plans; all that are set have to fit.
#[derive(Default, InputObject)]
pub struct IepFilter {
    /// How they stand.
    pub status: Option<IepStatus>,
    /// Whose signature comes next.
    pub waits_for: Option<RoleEnum>,
    /// Which have waited since then, or less long.
    pub waits_since_from: Option<DateTime>,
    /// Which have waited since before then.
    pub waits_since_before: Option<DateTime>,
    /// Of the academic year that begins in this year.
    pub academic_year: Option<i32>,
    /// Whose newest revision was opened by a change in add/drop, or was not.
    pub changed_in_add_drop: Option<bool>,
    /// Whose advisor this is.
    pub advisor_id: Option<ID>,
    /// Whose student has no advisor, or has one.
    pub without_advisor: Option<bool>,
    /// Whose student studies in this programme.
    pub programme_id: Option<ID>,
    /// Whose student was admitted in the academic year that begins in this year.
    pub year_of_admission: Option<i32>,
    /// Whose student's name begins so, family name first.
    pub name_prefix: Option<String>,
}

impl IepFilter {
    /// Adds what is asked for.
    fn narrow(self, ctx: &Context<'_>, to: &mut Conditions) -> async_graphql::Result<()> {
        if let Some(status) = self.status {
            to.hold(standing(status));
        }
        if let Some(role) = self.waits_for {
            to.test("waits_for = ?", Role::from(role).name());
        }
        if let Some(DateTime(from)) = self.waits_since_from {
            to.test("waits_since >= ?", from.as_microsecond());
        }
        if let Some(DateTime(before)) = self.waits_since_before {
            to.test("waits_since < ?", before.as_microsecond());
        }
        if let Some(year) = self.academic_year {
            to.test("year = ?", i64::from(year));
        }
        if let Some(changed) = self.changed_in_add_drop {
            to.hold(if changed { "cause = 'add_drop'" } else { "cause <> 'add_drop'" });
        }
        if let Some(advisor) = self.advisor_id {
            to.test("advisor = ?", query_id::<PersonId>(&advisor)?.to_string());
        }
        if let Some(without) = self.without_advisor {
            to.hold(if without { "advisor IS NULL" } else { "advisor IS NOT NULL" });
        }
        // Of each plan that is left its student is looked up, rather than all students gone through.
        let students = ctx.views()?.table(&AnyView::of::<Students>().table());
        let admission = |what: &str| {
            format!(
                "(SELECT s.payload -> 'admission' {what} FROM {students} AS s \
                 WHERE s.view_id = student)"
            )
        };
        if let Some(programme) = self.programme_id {
            let programme = query_id::<ProgrammeId>(&programme)?.to_string();
            to.test(&format!("{} = ?", admission("-> 'programme' ->> 'id'")), programme);
        }
        if let Some(year) = self.year_of_admission {
            let turns = |year: i32| format!("{year:04}-07-01");
            to.test(&format!("{} >= ?", admission("->> 'on'")), turns(year));
            to.test(&format!("{} < ?", admission("->> 'on'")), turns(year.saturating_add(1)));
        }
        if let Some(prefix) = self.name_prefix {
            let name = "(SELECT sort_key FROM persons WHERE persons.id = student)";
            to.begin(name, &prefix);
        }
        Ok(())
    }
}

/// The plans that whoever asks looks after: an advisor those of their own students, registrars and auditors all.
pub fn looked_after(ctx: &Context<'_>) -> async_graphql::Result<Conditions> {
    let viewer = ctx.viewer()?;
    let mut seen = Conditions::default();
    if !viewer.is(Role::Registrar) && !viewer.is(Role::Auditor) {
        seen.test("advisor = ?", viewer.person.to_string());
    }
    Ok(seen)
}

/// What is so of a plan that stands there.
fn standing(status: IepStatus) -> &'static str {
    match status {
        IepStatus::Open => "waits_for = 'student' AND cause <> 'sent_back'",
        IepStatus::SentBack => "waits_for = 'student' AND cause = 'sent_back'",
        IepStatus::AwaitingAdvisor => "waits_for = 'advisor'",
        IepStatus::AwaitingRegistrar => "waits_for = 'registrar'",
        IepStatus::Ready => "waits_for IS NULL",
    }
}

/// A page of the plans that the filter lets through of those that may be seen, with their number where it is `counted`.
pub async fn plans(
    ctx: &Context<'_>,
    mut seen: Conditions,
    filter: Option<IepFilter>,
    page: PageOf,
    counted: bool,
) -> async_graphql::Result<Connection<Iep>> {
    filter.unwrap_or_default().narrow(ctx, &mut seen)?;
    let by = Numbered::<IepTrails> {
        column: "waits_since",
        number: |plan| plan.waits_since,
        newest_first: false,
    };
    let node = |id: String, document| Some(Iep::of(id.parse().ok()?, Arc::new(document)));
    page.of_those(ctx, seen, by, counted, node).await
}

/// Plans in lists.
#[derive(Default)]
pub struct IepListQueries;

#[Object]
impl IepListQueries {
    /// The plans that wait for the viewer's signature, as advisor or as registrar; the longest
    /// waiting first.
    async fn ieps_awaiting_my_signature(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 100 at the most.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Which of them.")] filter: Option<IepFilter>,
    ) -> async_graphql::Result<Option<Connection<Iep>>> {
        let page = PageOf::asked(first, after.as_deref())?;
        let viewer = ctx.viewer()?;
        let own = "(waits_for = 'advisor' AND advisor = ?)";
        let mut seen = Conditions::default();
        match (viewer.is(Role::Registrar), viewer.is(Role::Advisor)) {
            (true, true) => {
                seen.test(
                    &format!("(waits_for = 'registrar' OR {own})"),
                    viewer.person.to_string(),
                );
            }
            (true, false) => seen.hold("waits_for = 'registrar'"),
            (false, _) => seen.test(own, viewer.person.to_string()),
        }
        plans(ctx, seen, filter, page, true).await.map(Some)
    }

    /// All plans of an academic year, this one where the filter names none; the longest waiting first. An advisor sees
    /// those of their own students.
    async fn ieps(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 100 at the most.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Which of them.")] filter: Option<IepFilter>,
    ) -> async_graphql::Result<Option<Connection<Iep>>> {
        let page = PageOf::asked(first, after.as_deref())?;
        let mut filter = filter.unwrap_or_default();
        let today = ctx.services()?.cabinet.today();
        filter.academic_year.get_or_insert_with(|| academic_year(today).into());
        plans(ctx, looked_after(ctx)?, Some(filter), page, true).await.map(Some)
    }
}
