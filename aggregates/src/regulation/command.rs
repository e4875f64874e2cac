//! What may be asked of a regulation.

use jiff::civil::Date;

use crate::shared::{Rules, Text};

/// What may be asked of a regulation.
#[derive(Debug, Clone, strum::IntoStaticStr)]
pub enum RegulationCommand {
    /// Publish a version.
    Publish {
        /// The version's name, unique.
        version: Text,
        /// The first day it is in force: a term is under the newest in force on its first day.
        effective_from: Date,
        /// The rules.
        rules: Rules,
    },
}
