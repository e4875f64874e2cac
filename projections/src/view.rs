//! What a view is.

use aggregates::{Event, shared::Recorded};
use serde::{Serialize, de::DeserializeOwned};

/// A pure fold of events into documents.
pub trait View: 'static {
    /// The name, in snake case.
    const NAME: &'static str;
    /// The fold's version: raised whenever the same events would give other documents.
    const VERSION: u32;
    /// What lists filter and sort by.
    const COLUMNS: &'static [Column] = &[];
    /// One document.
    type Document: Default + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Which documents the event touches.
    fn keys(event: &Event) -> Vec<String>;
    /// What the event does to the document with that key.
    fn apply(document: &mut Self::Document, key: &str, event: &Recorded);
}

/// A generated and indexed column over the payload.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name, which is also the document's top-level field.
    pub name: &'static str,
    /// Its type.
    pub kind: ColumnType,
}

/// The type of a generated column.
#[derive(Debug, Clone, Copy)]
pub enum ColumnType {
    /// Text, ordered by code points.
    Text,
    /// An integer; times are microseconds since 1970, days are days since 1970.
    Integer,
}

/// Key, payload so far and events to the payload with them.
pub type Fold = fn(&str, Option<&str>, &[&Recorded]) -> Result<String, serde_json::Error>;

/// A view whose document type is left open: what the runner, the rebuild and the audit work with.
#[derive(Clone, Copy)]
pub struct AnyView {
    /// The name, in snake case.
    pub name: &'static str,
    /// The fold's version.
    pub version: u32,
    /// What lists filter and sort by.
    pub columns: &'static [Column],
    /// Which documents an event touches.
    pub keys: fn(&Event) -> Vec<String>,
    /// The document with that key after these events; without a payload, nothing has touched it yet.
    pub fold: Fold,
}

impl AnyView {
    /// The view without its document type.
    pub const fn of<V: View>() -> Self {
        Self {
            name: V::NAME,
            version: V::VERSION,
            columns: V::COLUMNS,
            keys: V::keys,
            fold: fold::<V>,
        }
    }

    /// The table its documents lie in.
    pub fn table(&self) -> String {
        format!("{}_v{}", self.name, self.version)
    }
}

fn fold<V: View>(
    key: &str,
    payload: Option<&str>,
    events: &[&Recorded],
) -> Result<String, serde_json::Error> {
    let mut document = match payload {
        Some(payload) => serde_json::from_str(payload)?,
        None => V::Document::default(),
    };
    for event in events {
        V::apply(&mut document, key, event);
    }
    serde_json::to_string(&document)
}
