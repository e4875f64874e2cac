//! What can have happened to a regulation.

use jiff::civil::Date;

use crate::shared::{PersonId, Rules, Text};

events! {
    /// What can have happened to a regulation.
    pub enum RegulationEvent, prefix "Regulation" {
        /// A version was published.
        Published {
            /// The version's name, unique.
            version: Text,
            /// The first day it is in force.
            effective_from: Date,
            /// The rules.
            rules: Rules,
        },
    }
}

impl RegulationEvent {
    /// A regulation is nobody's record.
    pub fn student(&self) -> Option<PersonId> {
        None
    }
}
