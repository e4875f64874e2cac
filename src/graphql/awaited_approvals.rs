//! The approvals that students wait for, for the heads of their programmes (manual 2.3.1).

use aggregates::shared::{PersonId, ProgrammeId, Role, SubjectId};
use async_graphql::{Context, Object};
use projections::{
    approval::{ApprovalDocument, Approvals},
    programme::Programmes,
};

use super::{
    conditions::Conditions,
    people::Person,
    programmes::Programme,
    request::{Ask, stored},
    scalars::DateTime,
    schema::{Connection, Numbered, PageOf},
    subjects::Subject,
};

/// How many programmes are looked through for those that somebody heads.
const MOST_PROGRAMMES: usize = 1_000;

/// An approval that a student asked for and that was not given yet.
pub struct AwaitedApproval {
    student: PersonId,
    subject: SubjectId,
    programme: ProgrammeId,
    asked_at: DateTime,
}

impl AwaitedApproval {
    fn of(document: &ApprovalDocument) -> Option<Self> {
        Some(Self {
            student: document.student?,
            subject: document.subject?,
            programme: document.awaited_of?,
            asked_at: DateTime(document.asked_at),
        })
    }
}

#[Object]
impl AwaitedApproval {
    /// Who asks.
    async fn student(&self) -> Person {
        Person(self.student)
    }

    /// For which subject.
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Subject>> {
        Subject::load(ctx, self.subject).await
    }

    /// The programme whose head is asked.
    async fn programme(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Programme>> {
        Programme::load(ctx, self.programme).await
    }

    /// When it was asked for.
    async fn asked_at(&self) -> DateTime {
        self.asked_at
    }
}

/// What waits for an approval.
#[derive(Default)]
pub struct AwaitedApprovalQueries;

#[Object]
impl AwaitedApprovalQueries {
    /// The approvals that students wait for: of the programmes that one heads; a registrar sees all. The longest waiting
    /// first.
    async fn approvals_awaited(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 100 at the most.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> async_graphql::Result<Option<Connection<AwaitedApproval>>> {
        let page = PageOf::asked(first, after.as_deref())?;
        let viewer = ctx.viewer()?;
        let mut seen = Conditions::default();
        seen.hold("awaited_of IS NOT NULL");
        if !viewer.is(Role::Registrar) {
            seen.among("awaited_of", headed_by(ctx, viewer.person).await?);
        }
        let by = Numbered::<Approvals> {
            column: "asked",
            number: |document| document.asked,
            newest_first: false,
        };
        let node = |_: String, document: ApprovalDocument| AwaitedApproval::of(&document);
        page.of_those(ctx, seen, by, true, node).await.map(Some)
    }
}

/// The ids of the programmes that somebody heads.
async fn headed_by(ctx: &Context<'_>, head: PersonId) -> async_graphql::Result<Vec<String>> {
    let all = ctx.views()?.list::<Programmes>("sort_key <> ''", &[], "view_id", MOST_PROGRAMMES);
    let headed = stored(all.await)?.documents.into_iter().filter(|(_, programme)| {
        programme.card.as_ref().is_some_and(|card| card.head == Some(head))
    });
    Ok(headed.map(|(id, _)| id).collect())
}
