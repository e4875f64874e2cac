//! Lists of requests: one's own, and the work list of staff (manual 2.16).

use std::sync::Arc;

use aggregates::{
    request,
    shared::{PersonId, Role},
};
use async_graphql::{Context, ID, InputObject};
use projections::{View, request::Requests, student::Students};

use super::{
    request::{Ask, query_id, stored},
    scalars::DateTime,
    schema::{Connection, Cursor, PageOf},
    student_requests::{Request, RequestKind, RequestStatus},
};
use crate::database::Value;

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

/// What a list of requests is made by.
struct Conditions {
    tests: Vec<String>,
    values: Vec<Value>,
    /// Whether it is short enough to be counted.
    counted: bool,
}

impl Conditions {
    fn test(&mut self, text: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        self.tests.push(text.replace('?', &format!("${}", self.values.len())));
    }

    fn of(filter: &RequestFilter) -> async_graphql::Result<Self> {
        let mut conditions = Self { tests: vec![], values: vec![], counted: false };
        if let Some(student) = &filter.student_id {
            conditions.counted = true;
            conditions.test("student = ?", query_id::<PersonId>(student)?.to_string());
        }
        if let Some(status) = filter.status {
            conditions.counted |= status == RequestStatus::New;
            conditions.test("status = ?", request::RequestStatus::from(status).name());
        }
        if let Some(kind) = filter.kind {
            conditions.test("kind = ?", request::RequestKind::from(kind).name());
        }
        if let Some(DateTime(after)) = filter.opened_after {
            conditions.test("opened >= ?", after.as_microsecond());
        }
        if let Some(DateTime(before)) = filter.opened_before {
            conditions.test("opened < ?", before.as_microsecond());
        }
        Ok(conditions)
    }

    /// Only those of students whom that advisor guides.
    fn guided_by(&mut self, ctx: &Context<'_>, advisor: PersonId) -> async_graphql::Result<()> {
        let students = ctx.views()?.table(&format!("{}_v{}", Students::NAME, Students::VERSION));
        let of = format!("student IN (SELECT view_id FROM {students} WHERE advisor = ?)");
        self.test(&of, advisor.to_string());
        Ok(())
    }

    /// A page of the list, by the time of opening.
    async fn page(
        self,
        ctx: &Context<'_>,
        newest_first: bool,
        first: Option<i32>,
        after: Option<&str>,
    ) -> async_graphql::Result<Connection<Request>> {
        let Self { mut tests, mut values, counted } = self;
        let page = PageOf::asked(first, after)?;
        let views = ctx.views()?;
        tests.push("opened > 0".to_owned());
        let all = tests.join(" AND ");
        let total = match counted {
            true => Some(stored(views.count::<Requests>(&all, &values).await)?),
            false => None,
        };
        let (sign, order) = match newest_first {
            true => ("<", "opened DESC, view_id DESC"),
            false => (">", "opened, view_id"),
        };
        let behind = match &page.after {
            Some(cursor) => {
                values.extend([cursor.number()?.into(), Value::from(cursor.id.as_str())]);
                let place = values.len();
                format!("{all} AND (opened, view_id) {sign} (${}, ${place})", place - 1)
            }
            None => all,
        };
        let found = stored(views.list::<Requests>(&behind, &values, order, page.first).await)?;
        let nodes = found.documents.into_iter().filter_map(|(id, document)| {
            let cursor = Cursor { key: document.opened.to_string(), id: id.clone() };
            Some((cursor, Request { id: id.parse().ok()?, document: Arc::new(document) }))
        });
        Ok(page.connection(nodes.collect(), found.more, total))
    }
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
    Conditions::of(&filter)?.page(ctx, true, first, after).await
}

/// The work list of staff, the oldest first; an advisor's own students' alone.
pub async fn staff_requests(
    ctx: &Context<'_>,
    filter: RequestFilter,
    first: Option<i32>,
    after: Option<&str>,
) -> async_graphql::Result<Connection<Request>> {
    let mut conditions = Conditions::of(&filter)?;
    let viewer = ctx.viewer()?;
    if !viewer.is(Role::Registrar) && !viewer.is(Role::Auditor) {
        conditions.guided_by(ctx, viewer.person)?;
    }
    conditions.page(ctx, false, first, after).await
}
