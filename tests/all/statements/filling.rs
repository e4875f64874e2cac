//! Made-up rows in all tables that grow, by SQL: many enough that an index pays.

use oqu::database::Database;
use projections::{ColumnType, VIEWS};

use super::plans::grows;
use crate::{common::rows, server::until};

const EVENTS: i64 = 200_000;
const ROWS: i64 = 20_000;

/// The id number `n`, as the domain writes ids.
fn id(database: &Database, n: &str) -> String {
    database.pick(
        format!("'00000000-0000-4000-8000-' || lpad(to_hex({n}), 12, '0')"),
        format!("'00000000-0000-4000-8000-' || printf('%012x', {n})"),
    )
}

fn numbers(database: &Database, most: i64) -> String {
    database.pick(
        format!("generate_series(1, {most}) AS made (n)"),
        format!(
            "(WITH RECURSIVE made (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM made \
             WHERE n < {most}) SELECT n FROM made) AS made"
        ),
    )
}

/// Fills the tables in one transaction; the views count as having seen the events.
pub async fn fill(database: &Database) {
    let mut open = database.begin().await.unwrap();
    for statement in statements(database) {
        open.execute(&statement, &[]).await.unwrap_or_else(|error| panic!("{error}: {statement}"));
    }
    open.commit().await.unwrap();
}

fn statements(database: &Database) -> Vec<String> {
    let (id, thousandth) = (id(database, "n"), id(database, "n / 10"));
    let hash = database.pick("decode(repeat('00', 32), 'hex')", "zeroblob(32)");
    let (many, some) = (numbers(database, EVENTS), numbers(database, ROWS));
    let json = database.pick("::json", "");
    let mut statements = vec![
        format!("UPDATE log_head SET position = position + {EVENTS}"),
        format!(
            "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, \
             event_version, payload, metadata, position, recorded_at, student) \
             SELECT 'Student', {thousandth}, n % 10 + 1, 'StudentReturned', '1', \
             ('{{\"Returned\": {{\"student\": \"' || {thousandth} || '\"}}}}'){json}, \
             ('{{\"correlation\": \"made up\", \"command_id\": \"' || {thousandth} || \
             '\", \"actor\": \"' || {thousandth} || '\"}}'){json}, \
             log_head.position - {EVENTS} + n, log_head.recorded_at, {thousandth} \
             FROM log_head, {many}"
        ),
        format!(
            "INSERT INTO log_batches (first, last, recorded_at, sha256, chain) \
             SELECT position - {EVENTS} + n, position - {EVENTS} + n, recorded_at, {hash}, {hash} \
             FROM log_head, {many}"
        ),
        "UPDATE view_checkpoints SET position = (SELECT position FROM log_head)".to_owned(),
    ];
    let beside = [
        (
            "persons",
            "id, source, external_id, given_name, family_name, sort_key",
            format!("{id}, 'register', {id}, 'А', 'Ә', {id}"),
        ),
        ("credentials", "person, password_hash, changed_at", format!("{id}, '', 0")),
        ("calendar_links", "id, token_sha256, person, created_at", format!("{id}, {id}, {id}, 0")),
        ("access_codes", "code_sha256, person, expires_at", format!("{id}, {id}, 0")),
        (
            "snapshots",
            "aggregate_type, aggregate_id, last_sequence, current_snapshot, payload, format",
            format!("'Subject', {id}, n, 1, '{{}}', 1"),
        ),
        ("sessions", "token_sha256, person, created_at, expires_at", format!("{id}, {id}, 0, n")),
        ("person_texts", "id, person, salt, body", format!("{id}, {id}, '', ''")),
        (
            "commands",
            "actor, key, request_sha256, position, result_ids, recorded_at",
            format!("{id}, {id}, '', n, '[]', n"),
        ),
        ("files", "id, sender, state, received_at", format!("{id}, {id}, 'claimed', n")),
        ("security_journal", "at, kind, person, address", format!("n, 'signed_in', {id}, ''")),
    ];
    statements.extend(beside.map(|(table, columns, values)| {
        format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {some}")
    }));
    let views = VIEWS.iter().filter(|view| grows(&view.table()));
    statements.extend(views.map(|view| {
        let table = view.table();
        // What lists filter by differs from row to row, and lies in the future.
        let columns = view.columns.iter().map(|column| match column.kind {
            ColumnType::Text => (column.name, id.as_str()),
            ColumnType::Integer => (column.name, "4000000000000000 + n"),
        });
        let (names, values): (Vec<_>, Vec<_>) = columns.unzip();
        let listed = |columns: &[&str]| {
            columns.iter().map(|column| format!(", {column}")).collect::<String>()
        };
        let (names, values) = (listed(&names), listed(&values));
        let payload = format!("COALESCE((SELECT payload FROM {table} LIMIT 1), '{{}}')");
        format!(
            "INSERT INTO {table} (view_id, version, payload{names}) \
             SELECT {id}, 1, {payload}{values} FROM {some}"
        )
    }));
    statements
}

/// Brings the statistics up to date.
pub async fn analyze(database: &Database) {
    match database {
        Database::Postgres(_) => database.execute("ANALYZE", &[]).await.map(drop),
        // It writes its tables, outside of any view of ours.
        Database::Sqlite { write, .. } => {
            sqlx::raw_sql("ANALYZE").execute(write).await.unwrap();
            Ok(())
        }
    }
    .unwrap();
}

/// Keeps PostgreSQL from bringing them up to date by itself, which it does within a minute or not.
pub async fn keep_statistics(database: &Database) {
    let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
    for table in rows(database, tables).await {
        let table = table.text(0).unwrap();
        let keep = format!("ALTER TABLE {table} SET (autovacuum_enabled = off)");
        database.execute(&keep, &[]).await.unwrap();
    }
}

/// Waits until PostgreSQL knows how large the tables are.
pub async fn noticed(database: &Database) {
    let unknown = "SELECT count(*) FROM pg_class JOIN pg_tables ON relname = tablename \
                   WHERE schemaname = 'public' AND reltuples < 100 \
                   AND pg_relation_size(pg_class.oid) > 1000000";
    until("the planner knows of it", async || {
        rows(database, unknown).await[0].int(0).unwrap() == 0
    })
    .await;
}
