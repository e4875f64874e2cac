//! An event for people: who did what, a line of what it holds, and by which rule.

use std::fmt::Write;

use jiff::tz::TimeZone;
use serde_json::Value;
use uuid::Uuid;

use super::{Entry, Names};

/// The most characters of one value.
const MOST: usize = 60;
/// What is left out: the decision has a line of its own, rules are pages long, and a digest tells
/// people nothing.
const LEFT_OUT: [&str; 4] = ["decision", "rules", "digest", "signed"];
/// Numbers that are stored in hundredths.
const HUNDREDTHS: [&str; 14] = [
    "percent",
    "credits",
    "weight",
    "points",
    "year_limit",
    "plan.limit",
    "ratings.first",
    "ratings.second",
    "ratings.admission",
    "before.percent",
    "of",
    "attempt.pass",
    "card.pass",
    "card.needed",
];

/// The lines of an event.
pub(super) fn lines(entry: &Entry, names: &Names, zone: &TimeZone) -> String {
    let when = zone.to_datetime(entry.recorded_at).strftime("%Y-%m-%d %H:%M:%S");
    let mut lines = format!("{:>7}  {when}  {}: {}", entry.position, who(entry), entry.event_type);
    if let Some(student) = entry.student.as_ref().filter(|id| Some(*id) != entry.actor.id.as_ref())
    {
        lines += &format!(" of {}", plain(names.get(student).unwrap_or(student)));
    }
    let indent = "         ";
    let _ = write!(lines, "\n{indent}{}/{}", entry.aggregate.kind, entry.aggregate.id);
    let data = data(entry, names);
    if !data.is_empty() {
        let _ = write!(lines, "\n{indent}{data}");
    }
    if let Some(rule) = rule(&entry.data) {
        let _ = write!(lines, "\n{indent}by {rule}");
    }
    lines.push('\n');
    lines
}

/// By name, else by id, in which role; without a person it was a policy or the command line.
fn who(entry: &Entry) -> String {
    let known = entry.actor.display_name.as_ref().or(entry.actor.id.as_ref());
    let who = match (known, entry.caused_by) {
        (Some(person), _) => plain(person),
        (None, Some(cause)) => format!("policy, because of {cause}"),
        (None, None) => "command line".to_owned(),
    };
    match &entry.role {
        Some(role) => format!("{who} ({})", plain(role)),
        None => who,
    }
}

/// Rule, regulation, facts and verdict of the decision that the event carries.
fn rule(data: &Value) -> Option<String> {
    let decision = data.get("decision")?;
    let text = |value: &Value, field| value.get(field).and_then(Value::as_str).map(plain);
    let (rule, regulation) = (text(decision, "rule")?, text(decision, "regulation")?);
    let facts = decision.get("facts").and_then(Value::as_array).into_iter().flatten();
    let facts: Vec<_> = facts
        .filter_map(|fact| Some(format!("{}={}", text(fact, "name")?, text(fact, "value")?)))
        .collect();
    let mut line = format!("{rule} of {regulation}");
    if !facts.is_empty() {
        line += &format!(": {}", facts.join(" "));
    }
    if let Some(verdict) = text(decision, "verdict").filter(|verdict| !verdict.is_empty()) {
        line += &format!(" -> {verdict}");
    }
    Some(line)
}

/// What the event holds, without what the lines above say already.
fn data(entry: &Entry, names: &Names) -> String {
    let mut fields = Vec::new();
    flatten(&entry.data, String::new(), &mut fields);
    let said = [Some(entry.aggregate.id.as_str()), entry.student.as_deref()];
    fields.retain(|(_, value)| value.as_str().is_none_or(|text| !said.contains(&Some(text))));
    let shown = fields.iter().map(|(path, value)| {
        let same = fields.iter().filter(|(other, _)| short(other) == short(path)).count();
        let name = if same > 1 { path } else { short(path) };
        format!("{name}={}", show(path, value, names))
    });
    shown.collect::<Vec<_>>().join(" ")
}

/// A path without the object that holds most of an event (`taken`, `card`), and without `id` at its
/// end.
fn short(path: &str) -> &str {
    let path = path.strip_suffix(".id").unwrap_or(path);
    path.split_once('.').map_or(path, |(_, rest)| rest)
}

/// Fields of fields by their paths, without those that are left out.
fn flatten(value: &Value, path: String, into: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if !LEFT_OUT.contains(&name.as_str()) {
                    let dot = if path.is_empty() { "" } else { "." };
                    flatten(value, format!("{path}{dot}{name}"), into);
                }
            }
        }
        Value::Null => {}
        Value::Array(list) if list.is_empty() => {}
        value => into.push((path, value.clone())),
    }
}

fn show(path: &str, value: &Value, names: &Names) -> String {
    match value {
        Value::String(text) => match (names.get(text), text.parse::<Uuid>()) {
            (Some(name), _) => quote(name),
            // Enough to tell it from the others nearby; `--format jsonl` has it whole.
            (None, Ok(_)) => format!("{}…", &text[..8]),
            (None, Err(_)) => quote(text),
        },
        Value::Number(number) => match number.as_i64() {
            Some(number) if is_hundredths(path) => {
                aggregates::shared::Hundredths(number).to_string()
            }
            _ => number.to_string(),
        },
        Value::Array(list) if list.iter().all(Value::is_object) => format!("[{}]", list.len()),
        Value::Array(list) => {
            let shown: Vec<_> = list.iter().map(|value| show(path, value, names)).collect();
            format!("[{}]", shown.join(", "))
        }
        other => other.to_string(),
    }
}

fn is_hundredths(path: &str) -> bool {
    HUNDREDTHS.iter().any(|known| {
        path == *known || path.strip_suffix(known).is_some_and(|before| before.ends_with('.'))
    })
}

/// One word as it is, more in quotes.
fn quote(text: &str) -> String {
    let text = plain(text);
    if text.contains(char::is_whitespace) { format!("\"{text}\"") } else { text }
}

/// On one line, not too long, and nothing that a terminal would obey.
fn plain(text: &str) -> String {
    let mut plain: String = text
        .chars()
        .take(MOST)
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    if text.chars().nth(MOST).is_some() {
        plain.push('…');
    }
    plain
}
