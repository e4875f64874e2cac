//! Tests: what each is, and what lists filter by (manual 2.13).

use aggregates::{
    Event,
    shared::Recorded,
    test::{TestCard, TestEvent},
};
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View, stream::offering};

/// One document a test.
pub struct Tests;

/// A test.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TestDocument {
    /// What it is.
    pub card: Option<TestCard>,
    /// Its subject and term, what lists filter by.
    pub offering: String,
    /// When it opens, in microseconds since 1970: what lists sort by.
    pub opens_at: i64,
}

impl View for Tests {
    const NAME: &'static str = "test";
    const VERSION: u32 = 2;
    const COLUMNS: &'static [Column] = &[
        Column { name: "offering", kind: ColumnType::Text },
        Column { name: "opens_at", kind: ColumnType::Integer },
    ];
    const OWN: bool = true;
    type Document = TestDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Test(event) = event else { return vec![] };
        vec![event.test().to_string()]
    }

    fn apply(document: &mut TestDocument, _: &str, recorded: &Recorded) {
        let Event::Test(event) = &recorded.event else { return };
        match event {
            TestEvent::Created { card, .. } | TestEvent::Revised { card, .. } => {
                document.offering = offering(card.subject, card.term);
                document.opens_at = card.window.opens_at.as_microsecond();
                document.card = Some(card.clone());
            }
        }
    }
}
