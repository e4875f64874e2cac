//! What the aggregates share: ids, bounded numbers and texts, decisions and refusals, and the
//! envelope in which an event is read back.

#[macro_use]
mod declare;
mod curricular;
mod days;
mod decision;
mod electives;
mod files;
#[cfg(test)]
pub(crate) mod given;
mod grading;
mod holds;
mod ids;
mod numbers;
mod origin;
mod people;
mod recorded;
mod rules;
mod signed;
mod text;
mod theses;
mod time;
mod titles;

pub use curricular::{Asking, Codes, Cycle, Demand, Known, Requirement};
pub use days::{Days, TermDays, monday_of};
pub use decision::{Code, Decide, Decision, Fact, Refusal, Refuse};
pub use electives::{ElectiveGroup, MostOfGroup};
pub use files::{FileKind, FileRef};
pub use grading::Grade;
pub use holds::{HoldKind, Overridable, Overridden, Override};
pub use ids::*;
pub use numbers::{Credits, Hundredths, Number, Percent, Points, Score};
pub use origin::Origin;
pub use people::{Language, Role, TextRef};
pub use recorded::{Metadata, Position, Recorded};
pub use rules::{
    Admission, CreditLimits, FinalGrade, MarkKind, Outcome, OutsideMark, RatingPart,
    RegistrationRules, Rules, RulesFlaw, ScaleRow, WaitingRules,
};
pub use signed::{Digest, SignedBytes};
pub use text::{MAX_LONG_TEXT, MAX_SHORT_TEXT, Text, TextFlaw};
pub use theses::{DocumentKind, ThesisKind, ThesisRules};
pub use time::{Meeting, TimeOfDay, Weekday, Weeks, Window};
pub use titles::{Called, Titles};
