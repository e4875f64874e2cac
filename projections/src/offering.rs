//! Offerings: the streams in which a subject was ever taught in a term, its own and those that are listed under it.
//! One document each. Whether they still are, the stream says.

use std::collections::BTreeSet;

use aggregates::{
    Event,
    shared::{Recorded, StreamId},
    stream::StreamEvent,
};
use serde::{Deserialize, Serialize};

use crate::{View, stream::offering};

/// One document for a subject and a term.
pub struct Offerings;

/// A subject in a term.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct OfferingDocument {
    /// The streams.
    pub streams: BTreeSet<StreamId>,
}

impl View for Offerings {
    const NAME: &'static str = "offering";
    const VERSION: u32 = 1;
    type Document = OfferingDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::Stream(
                StreamEvent::Opened { card, .. } | StreamEvent::Imported { card, .. },
            ) => vec![offering(card.subject, card.term)],
            Event::Stream(StreamEvent::Listed { subject, term, .. }) => {
                vec![offering(*subject, *term)]
            }
            _ => vec![],
        }
    }

    fn apply(document: &mut OfferingDocument, _: &str, recorded: &Recorded) {
        if let Event::Stream(event) = &recorded.event {
            document.streams.insert(event.stream());
        }
    }
}
