//! What was executed, how the database goes about it, and which tables it reads from end to end.

use std::{collections::BTreeSet, fmt};

use oqu::database::Database;
use serde_json::Value;

use crate::common::rows;

/// Tables that grow with the years; a document a student, a registration, an attempt and so on. The
/// calendar, the catalogue and the regulations stay as small as a university is.
const GROWING: [&str; 36] = [
    "events",
    "log_batches",
    "commands",
    "snapshots",
    "persons",
    "person_history",
    "person_texts",
    "credentials",
    "sessions",
    "access_codes",
    "calendar_links",
    "files",
    "security_journal",
    "account",
    "student",
    "stream",
    "seat",
    "wish",
    "teaching",
    "teacher_card",
    "listing",
    "offering",
    "room_use",
    "syllabus",
    "iep",
    "paper",
    "enrollment",
    "journal",
    "transcript",
    "subject_status",
    "deadline",
    "test",
    "test_attempt",
    "test_series",
    "thesis",
    "request",
];

/// Whether a table grows; a view's is named after it and its version.
pub fn grows(table: &str) -> bool {
    let view = table.rsplit_once("_v").filter(|(_, version)| version.parse::<u32>().is_ok());
    GROWING.contains(&view.map_or(table, |(name, _)| name))
}

/// A table that a statement reads from end to end.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Scan {
    pub how: String,
    pub statement: String,
}

impl fmt::Display for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n    {}", self.how, self.statement)
    }
}

/// The statements that PostgreSQL executed, with the scans in the plans that it executed them by. The last
/// plan may not be told to its end yet: views are followed beside what is asked.
pub fn explained_on_postgres(log: &str) -> (BTreeSet<String>, BTreeSet<Scan>) {
    let (mut statements, mut scans) = (BTreeSet::new(), BTreeSet::new());
    for told in log.split("  plan:\n").skip(1) {
        let told = match serde_json::Deserializer::from_str(told).into_iter::<Value>().next() {
            None => break,
            Some(Err(error)) if error.is_eof() => break,
            Some(told) => told.expect("a plan in JSON"),
        };
        let statement = told["Query Text"].as_str().unwrap().to_owned();
        scans.extend(scans_in(&told["Plan"], &statement));
        statements.insert(statement);
    }
    (statements, scans)
}

/// The scans in a plan of PostgreSQL: tables from end to end, indexes without a condition, and ranges of an
/// index of which most is thrown away, because what is equal to something is looked for in them.
fn scans_in(plan: &Value, statement: &str) -> Vec<Scan> {
    let mut found = vec![];
    let node = plan["Node Type"].as_str().unwrap_or_default();
    let table = plan["Relation Name"].as_str().or(plan["Index Name"].as_str()).unwrap_or_default();
    let part = |name: &str| plan[name].as_str().unwrap_or_default();
    let whole = match node {
        "Seq Scan" => true,
        "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => match part("Index Cond") {
            "" => true,
            condition => !condition.contains(" = ") && part("Filter").contains(" = "),
        },
        _ => false,
    };
    if whole && grows(table) {
        found.push(Scan { how: format!("{node} on {table}"), statement: statement.to_owned() });
    }
    let below = plan["Plans"].as_array().into_iter().flatten();
    found.extend(below.flat_map(|plan| scans_in(plan, statement)));
    found
}

/// The statements that the server logged on SQLite.
pub fn executed(log: &str) -> BTreeSet<String> {
    let mut statements = BTreeSet::new();
    for line in log.lines().filter(|line| line.contains(" sqlx::query: ")) {
        let field = |name: &str| {
            let text = &line[line.find(name)? + name.len()..];
            serde_json::Deserializer::from_str(text).into_iter::<String>().next()?.ok()
        };
        let whole = field("db.statement=").filter(|text| !text.is_empty());
        let texts = whole.or_else(|| field("summary=")).expect("a statement");
        statements.extend(texts.split(';').map(|text| text.trim().to_owned()));
    }
    statements.remove("");
    statements
}

/// The scans in the plans of these statements.
pub async fn scans_on_sqlite(database: &Database, statements: &BTreeSet<String>) -> BTreeSet<Scan> {
    let mut found = BTreeSet::new();
    for statement in statements {
        let verb = statement.split(' ').next().unwrap_or_default();
        if ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&verb) {
            found.extend(scans(database, statement).await);
        }
    }
    found
}

/// The scans in the plan of a statement.
pub async fn scans(database: &Database, statement: &str) -> BTreeSet<Scan> {
    match database {
        Database::Postgres(_) => {
            let explain = format!("EXPLAIN (FORMAT JSON) {statement}");
            let plans: Value = sqlx_json(database, &explain).await;
            scans_in(&plans[0]["Plan"], statement).into_iter().collect()
        }
        Database::Sqlite { .. } => {
            let steps = rows(database, &format!("EXPLAIN QUERY PLAN {statement}")).await;
            let steps = steps.iter().map(|step| step.text(3).unwrap());
            let whole = steps.filter(|step| is_scan_of_sqlite(step, statement));
            whole.map(|how| Scan { how, statement: statement.to_owned() }).collect()
        }
    }
}

async fn sqlx_json(database: &Database, explain: &str) -> Value {
    let Database::Postgres(pool) = database else { unreachable!("only PostgreSQL answers JSON") };
    sqlx::query_scalar(explain).fetch_one(pool).await.unwrap()
}

/// `SCAN events`, also by another name or in the order of an index; and a range of an index in which what
/// is equal to something is looked for.
fn is_scan_of_sqlite(step: &str, statement: &str) -> bool {
    let mut words = step.split(' ');
    let (Some(verb), Some(name)) = (words.next(), words.next()) else { return false };
    let range = verb == "SEARCH"
        && !step.contains('=')
        && [" = $", " = '"].iter().any(|equal| statement.contains(equal));
    if verb != "SCAN" && !range {
        return false;
    }
    let alias = format!(" AS {name}");
    let before = statement.split(&alias).next().filter(|before| before.len() < statement.len());
    let table = before.and_then(|before| before.rsplit([' ', '(']).next()).unwrap_or(name);
    grows(table)
}
