//! Stored documents beside folded ones, in the order of their keys, a page of each at a time.

use std::{cmp::Ordering, collections::VecDeque};

use projections::AnyView;
use serde_json::Value;

use super::{Code, Finding, Findings, ViewReport};
use crate::{
    database::{StoreError, Transaction},
    views::Stored,
};

/// How many documents are read at once.
const PAGE: usize = 500;

/// Compares the documents of one view, as they are served, with those in the scratch database.
pub(super) async fn compare(
    view: &'static AnyView,
    table: &str,
    snapshot: &mut Transaction,
    scratch: &mut Transaction,
    findings: &mut Findings,
) -> Result<ViewReport, StoreError> {
    let mut report = ViewReport::default();
    let (mut stored, mut folded) = (
        Documents::of(view, table.to_owned(), snapshot),
        Documents::of(view, view.table(), scratch),
    );
    loop {
        let order = match (stored.peek().await?, folded.peek().await?) {
            (None, None) => return Ok(report),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(stored), Some(folded)) => stored.cmp(folded),
        };
        let stored = if order.is_le() { stored.next() } else { None };
        let folded = if order.is_ge() { folded.next() } else { None };
        report.documents += u64::from(stored.is_some());
        if let Some(finding) = difference(view, stored, folded) {
            report.differing += 1;
            findings.push(finding);
        }
    }
}

/// A document with its key, and what lists filter by beside it.
struct Document {
    key: String,
    stored: Stored,
    columns: Vec<Option<String>>,
}

impl Document {
    /// What is wrong with it beside the one that was folded, if anything.
    fn difference(&self, view: &AnyView, folded: &Self) -> Option<(Code, String)> {
        if let Some(where_) = payload_difference(&self.stored.payload, &folded.stored.payload) {
            return Some((Code::DocumentDiffers, format!("is not what the log says{where_}")));
        }
        let (is, should) = (self.stored.version, folded.stored.version);
        if is != should {
            let what = format!("counts {is} events, the log has {should} for it");
            return Some((Code::DocumentVersionDiffers, what));
        }
        let columns = view.columns.iter().zip(self.columns.iter().zip(&folded.columns));
        let other: Vec<_> = columns
            .filter(|(_, (is, should))| is != should)
            .map(|(column, _)| column.name)
            .collect();
        (!other.is_empty()).then(|| {
            let what = format!("is listed by what it does not say in: {}", other.join(", "));
            (Code::DocumentDiffers, what)
        })
    }
}

/// What is wrong with a document, if anything.
fn difference(
    view: &'static AnyView,
    stored: Option<Document>,
    folded: Option<Document>,
) -> Option<Finding> {
    let (code, key, what) = match (stored, folded) {
        (None, None) => return None,
        (Some(stored), None) => {
            (Code::DocumentSurplus, stored.key, "is there, and the log does not make it".to_owned())
        }
        (None, Some(folded)) => {
            (Code::DocumentMissing, folded.key, "is not there, and the log makes it".to_owned())
        }
        (Some(stored), Some(folded)) => {
            let (code, what) = stored.difference(view, &folded)?;
            (code, stored.key, what)
        }
    };
    let message = format!("document {key} of the view {} {what}", view.name);
    Some(Finding { code, position: None, view: Some(view.name), key: Some(key), message })
}

/// Where two payloads differ, by their top-level fields; none where they say the same.
fn payload_difference(stored: &str, folded: &str) -> Option<String> {
    if stored == folded {
        return None;
    }
    let (stored, folded) = match (serde_json::from_str(stored), serde_json::from_str(folded)) {
        (Ok(stored), Ok(folded)) => (stored, folded),
        _ => return Some(": it is not JSON".to_owned()),
    };
    if stored == folded {
        return None;
    }
    let (Value::Object(stored), Value::Object(folded)) = (stored, folded) else {
        return Some(String::new());
    };
    let mut fields: Vec<_> = stored
        .keys()
        .chain(folded.keys())
        .filter(|field| stored.get(*field) != folded.get(*field))
        .map(String::as_str)
        .collect();
    fields.sort_unstable();
    fields.dedup();
    Some(format!(" in: {}", fields.join(", ")))
}

/// The documents of a view's table, in the order of their keys.
struct Documents<'a> {
    view: &'static AnyView,
    table: String,
    open: &'a mut Transaction,
    page: VecDeque<Document>,
    /// The last key read; none before the first page.
    after: Option<String>,
    ended: bool,
}

impl<'a> Documents<'a> {
    fn of(view: &'static AnyView, table: String, open: &'a mut Transaction) -> Self {
        Self { view, table, open, page: VecDeque::new(), after: None, ended: false }
    }

    /// The key of the next one.
    async fn peek(&mut self) -> Result<Option<&str>, StoreError> {
        if self.page.is_empty() && !self.ended {
            self.read().await?;
        }
        Ok(self.page.front().map(|document| document.key.as_str()))
    }

    fn next(&mut self) -> Option<Document> {
        self.page.pop_front()
    }

    async fn read(&mut self) -> Result<(), StoreError> {
        let (condition, values) = match &self.after {
            Some(key) => ("WHERE view_id > $1", vec![key.as_str().into()]),
            None => ("", vec![]),
        };
        let names = self.view.columns.iter();
        let columns: String =
            names.map(|column| format!(", CAST({} AS text)", column.name)).collect();
        let sql = format!(
            "SELECT view_id, version, CAST(payload AS text){columns} FROM {} {condition} \
             ORDER BY view_id LIMIT {PAGE}",
            self.table
        );
        for row in self.open.fetch(&sql, &values).await? {
            let stored = Stored { version: row.int(1)?, payload: row.text(2)?, known: true };
            let columns = (3..).take(self.view.columns.len()).map(|at| row.optional_text(at));
            let columns = columns.collect::<Result<_, _>>()?;
            self.page.push_back(Document { key: row.text(0)?, stored, columns });
        }
        self.ended = self.page.len() < PAGE;
        self.after = self.page.back().map(|document| document.key.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_compared_by_what_they_say() {
        assert_eq!(payload_difference(r#"{"a":1,"b":2}"#, r#"{ "b": 2, "a": 1 }"#), None);
        let difference = payload_difference(r#"{"a":1,"b":2}"#, r#"{"b":3,"c":1}"#);
        assert_eq!(difference.as_deref(), Some(" in: a, b, c"));
        assert!(payload_difference("{", "{}").is_some());
    }
}
