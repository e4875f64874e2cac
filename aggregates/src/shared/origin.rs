//! Where imported history comes from.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Where a fact that was not decided here comes from: kept beside `recorded_at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The system it was exported from.
    pub source: String,
    /// The file.
    pub file: String,
    /// The line of the file its row begins on, from 1.
    pub line: u64,
    /// The day it happened, where the source says so.
    pub day: Option<Date>,
}
