//! What a view is.

use std::any::Any;

use aggregates::{Event, shared::Recorded};
use serde::{Serialize, de::DeserializeOwned, ser::Error};

use crate::Column;

/// A pure fold of events into documents.
pub trait View: 'static {
    /// The name, in snake case.
    const NAME: &'static str;
    /// The fold's version: raised whenever the same events would give other documents.
    const VERSION: u32;
    /// What lists filter and sort by: top-level fields of the document.
    const COLUMNS: &'static [Column] = &[];
    /// Whether a document is made of the events of one aggregate alone, whose id is its key: the first of these makes
    /// it, and there is none to be loaded before.
    const OWN: bool = false;
    /// One document.
    type Document: Default + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Which documents the event touches.
    fn keys(event: &Event) -> Vec<String>;
    /// What the event does to the document with that key.
    fn apply(document: &mut Self::Document, key: &str, event: &Recorded);
}

/// A document whose type is left open.
pub type AnyDocument = Box<dyn Any + Send + Sync>;

/// A view whose document type is left open: what the runner, the rebuild and the audit work with.
#[derive(Clone, Copy)]
pub struct AnyView {
    /// The name, in snake case.
    pub name: &'static str,
    /// The fold's version.
    pub version: u32,
    /// What lists filter and sort by.
    pub columns: &'static [Column],
    /// Whether a document is made of the events of one aggregate alone, whose id is its key.
    pub own: bool,
    /// Which documents an event touches.
    pub keys: fn(&Event) -> Vec<String>,
    /// The document that is stored so; without a payload, one that nothing has touched yet.
    pub read: fn(Option<&str>) -> Result<AnyDocument, serde_json::Error>,
    /// What an event does to the document with that key.
    pub apply: fn(&mut AnyDocument, &str, &Recorded),
    /// The document as it is stored.
    pub write: fn(&AnyDocument) -> Result<String, serde_json::Error>,
}

impl AnyView {
    /// The view without its document type.
    pub const fn of<V: View>() -> Self {
        Self {
            name: V::NAME,
            version: V::VERSION,
            columns: V::COLUMNS,
            own: V::OWN,
            keys: V::keys,
            read: read::<V>,
            apply: apply::<V>,
            write: write::<V>,
        }
    }

    /// Whether these events, the first of which touches a document, make it: there is none before.
    pub fn makes(&self, events: &[&Recorded]) -> bool {
        self.own && events.first().is_some_and(|event| event.sequence == 1)
    }

    /// The table its documents lie in.
    pub fn table(&self) -> String {
        format!("{}_v{}", self.name, self.version)
    }
}

fn read<V: View>(payload: Option<&str>) -> Result<AnyDocument, serde_json::Error> {
    let document: V::Document = match payload {
        Some(payload) => serde_json::from_str(payload)?,
        None => V::Document::default(),
    };
    Ok(Box::new(document))
}

/// A document of another view is none of this one's, and stays as it is.
fn apply<V: View>(document: &mut AnyDocument, key: &str, event: &Recorded) {
    if let Some(document) = document.downcast_mut::<V::Document>() {
        V::apply(document, key, event);
    }
}

fn write<V: View>(document: &AnyDocument) -> Result<String, serde_json::Error> {
    let document = document.downcast_ref::<V::Document>();
    let other = || serde_json::Error::custom("a document of another view");
    serde_json::to_string(document.ok_or_else(other)?)
}
