//! Listings: under which subjects a stream is listed beside its own. One document each.

use aggregates::{
    Event,
    shared::{Recorded, StreamId},
    stream::StreamEvent,
};
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View, stream::offering};

/// One document for a stream and a subject.
pub struct Listings;

/// A listing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListingDocument {
    /// The stream.
    pub stream: Option<StreamId>,
    /// The subject and the term, what lists filter by.
    pub offering: String,
}

impl View for Listings {
    const NAME: &'static str = "listing";
    const VERSION: u32 = 2;
    const COLUMNS: &'static [Column] = &[Column { name: "offering", kind: ColumnType::Text }];
    type Document = ListingDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::Stream(StreamEvent::Listed { stream, subject, .. }) => {
                vec![format!("{stream}:{subject}")]
            }
            _ => vec![],
        }
    }

    fn apply(document: &mut ListingDocument, _: &str, recorded: &Recorded) {
        if let Event::Stream(StreamEvent::Listed { stream, subject, term }) = &recorded.event {
            document.stream = Some(*stream);
            document.offering = offering(*subject, *term);
        }
    }
}
