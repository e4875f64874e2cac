//! Lists of requests: one's own, and the work list of staff (manual 2.16).

use std::sync::Arc;

use aggregates::{
    request,
    shared::{PersonId, Role},
};
use async_graphql::{Context, ID, InputObject};
use projections::{AnyView, request::Requests, student::Students};

use super::{
    conditions::Conditions,
    request::{Ask, query_id},
    scalars::DateTime,
    schema::{Connection, Numbered, PageOf},
    student_requests::{Request, RequestKind, RequestStatus},
};

/// Which requests; all that are set have to fit.
#[derive(Default, InputObject)]
pub struct RequestFilter {
    /// How they stand.
    pub status: Option<RequestStatus>,
    /// Of which kind.
    pub kind: Option<RequestKind>,
    /// Whose.
    pub student_id: Option<ID>,
    /// Opened then or later.
    pub opened_after: Option<DateTime>,
    /// Opened before that.
    pub opened_before: Option<DateTime>,
}

impl RequestFilter {
    /// What it lets through, and whether that is few enough to be counted.
    fn conditions(&self) -> async_graphql::Result<(Conditions, bool)> {
        let mut fitting = Conditions::default();
        fitting.hold("opened > 0");
        if let Some(student) = &self.student_id {
            fitting.test("student = ?", query_id::<PersonId>(student)?.to_string());
        }
        if let Some(status) = self.status {
            fitting.test("status = ?", request::RequestStatus::from(status).name());
        }
        if let Some(kind) = self.kind {
            fitting.test("kind = ?", request::RequestKind::from(kind).name());
        }
        if let Some(DateTime(after)) = self.opened_after {
            fitting.test("opened >= ?", after.as_microsecond());
        }
        if let Some(DateTime(before)) = self.opened_before {
            fitting.test("opened < ?", before.as_microsecond());
        }
        let counted = self.student_id.is_some() || self.status == Some(RequestStatus::New);
        Ok((fitting, counted))
    }
}

/// A page of requests, by the time of opening.
async fn page(
    ctx: &Context<'_>,
    (fitting, counted): (Conditions, bool),
    newest_first: bool,
    first: Option<i32>,
    after: Option<&str>,
) -> async_graphql::Result<Connection<Request>> {
    let by =
        Numbered::<Requests> { column: "opened", number: |request| request.opened, newest_first };
    let node =
        |id: String, document| Some(Request { id: id.parse().ok()?, document: Arc::new(document) });
    PageOf::asked(first, after)?.of_those(ctx, fitting, by, counted, node).await
}

/// The requests of whoever is signed in, the newest first.
pub async fn own_requests(
    ctx: &Context<'_>,
    status: Option<RequestStatus>,
    first: Option<i32>,
    after: Option<&str>,
) -> async_graphql::Result<Connection<Request>> {
    let student_id = Some(ctx.viewer()?.person.to_string().into());
    let filter = RequestFilter { status, student_id, ..RequestFilter::default() };
    page(ctx, filter.conditions()?, true, first, after).await
}

/// The work list of staff, the oldest first; an advisor's own students' alone.
pub async fn staff_requests(
    ctx: &Context<'_>,
    filter: RequestFilter,
    first: Option<i32>,
    after: Option<&str>,
) -> async_graphql::Result<Connection<Request>> {
    let (mut fitting, counted) = filter.conditions()?;
    let viewer = ctx.viewer()?;
    if !viewer.is(Role::Registrar) && !viewer.is(Role::Auditor) {
        let students = ctx.views()?.table(&AnyView::of::<Students>().table());
        let own = format!("student IN (SELECT view_id FROM {students} WHERE advisor = ?)");
        fitting.test(&own, viewer.person.to_string());
    }
    page(ctx, (fitting, counted), false, first, after).await
}
