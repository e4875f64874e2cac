//! Regulations: the versions of the rules, by their first day.

use aggregates::{
    Event,
    regulation::RegulationEvent,
    shared::{Recorded, RegulationId, Rules},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View, term::day_number};

/// One document a version.
pub struct Regulations;

/// A version of the rules.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RegulationDocument {
    /// The version.
    pub version: String,
    /// The first day it is in force.
    pub effective_from: Option<Date>,
    /// The rules.
    pub rules: Option<Rules>,
    /// The first day, in days since 1970.
    pub effective_day: i64,
}

impl View for Regulations {
    const NAME: &'static str = "regulation";
    const VERSION: u32 = 2;
    const COLUMNS: &'static [Column] =
        &[Column { name: "effective_day", kind: ColumnType::Integer }];
    const OWN: bool = true;
    type Document = RegulationDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Regulation(RegulationEvent::Published { version, .. }) = event else {
            return vec![];
        };
        vec![RegulationId::of(version.as_str()).to_string()]
    }

    fn apply(document: &mut RegulationDocument, _: &str, recorded: &Recorded) {
        let Event::Regulation(RegulationEvent::Published { version, effective_from, rules }) =
            &recorded.event
        else {
            return;
        };
        *document = RegulationDocument {
            version: version.to_string(),
            effective_from: Some(*effective_from),
            rules: Some(rules.clone()),
            effective_day: day_number(*effective_from),
        };
    }
}
