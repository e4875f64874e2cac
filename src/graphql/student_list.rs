//! The list of students: people, by name, who are students.

use std::collections::BTreeMap;

use aggregates::shared::Role;
use async_graphql::Context;
use projections::{AnyView, student::Students};

use super::{
    conditions::Conditions,
    request::{Ask, query_id, stored},
    schema::{Connection, Cursor, PageOf},
    students::{Student, StudentFilter},
};
use crate::database::Value;

/// The students that the filter and the viewer's roles let through, by name.
pub async fn students(
    ctx: &Context<'_>,
    filter: StudentFilter,
    first: Option<i32>,
    after: Option<String>,
) -> async_graphql::Result<Connection<Student>> {
    let page = PageOf::asked(first, after.as_deref())?;
    let (conditions, mut values) = conditions(ctx, filter)?.written();
    let table = ctx.views()?.table(&AnyView::of::<Students>().table());
    let from = format!("FROM persons JOIN {table} ON view_id = id WHERE {conditions}");
    let database = &ctx.services()?.cabinet.database;
    let count = format!("SELECT count(*) {from}");
    let count = stored(database.fetch_one(&count, &values).await)?;
    let total = count.map(|row| row.int(0)).transpose();
    let behind = match &page.after {
        Some(cursor) => {
            values.extend([Value::from(cursor.key.as_str()), Value::from(cursor.id.as_str())]);
            let place = values.len();
            format!("AND (sort_key, id) > (${}, ${place})", place - 1)
        }
        None => String::new(),
    };
    let sql = format!(
        "SELECT id, sort_key {from} {behind} ORDER BY sort_key, id LIMIT {}",
        page.first + 1
    );
    let rows = stored(database.fetch(&sql, &values).await)?;
    let more = rows.len() > page.first;
    let mut places = BTreeMap::new();
    let mut ids = Vec::new();
    for row in rows.iter().take(page.first) {
        let (id, key) = (stored(row.text(0))?, stored(row.text(1))?);
        ids.push(id.clone());
        places.insert(id, key);
    }
    let mut nodes = Vec::new();
    for (id, document) in ctx.each::<Students, _>(ids).await? {
        let student = Student { id: id.parse()?, document };
        let key = places.remove(&id).unwrap_or_default();
        nodes.push((Cursor { key, id }, student));
    }
    Ok(page.connection(nodes, more, stored(total)?))
}

fn conditions(ctx: &Context<'_>, filter: StudentFilter) -> async_graphql::Result<Conditions> {
    let viewer = ctx.viewer()?;
    let mut tests = Conditions::default();
    tests.hold("payload ->> 'status' IS NOT NULL");
    if let Some(external_id) = filter.external_id {
        tests.test("external_id = ?", external_id);
    }
    if let Some(advisor) = filter.advisor_id {
        tests.test("advisor = ?", query_id::<aggregates::shared::PersonId>(&advisor)?.to_string());
    }
    if let Some(prefix) = filter.name_prefix {
        tests.begin("sort_key", &prefix);
    }
    if !viewer.is(Role::Registrar) && !viewer.is(Role::Auditor) {
        tests.test("advisor = ?", viewer.person.to_string());
    }
    Ok(tests)
}
