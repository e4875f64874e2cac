//! Why a calendar can't be as asked.

use jiff::{Timestamp, civil::Date};

use super::PeriodKind;
use crate::shared::{Called, TermId};

refusals! {
    /// Why a calendar can't be as asked.
    pub enum AcademicCalendarError {
        /// There is no such term.
        TermUnknown = "TERM_UNKNOWN", "manual 2.9", at "termId";
        /// The calendar has a term of that title with these days.
        TermExists { title: Called, starts_on: Date, ends_on: Date, term: TermId }
            = "TERM_EXISTS", "manual 2.9", at "title", called title;
        /// A term's last day can't be before its first.
        TermEndsBeforeItStarts { starts_on: Date, ends_on: Date }
            = "TERM_ENDS_BEFORE_IT_STARTS", "manual 2.9", at "endsOn";
        /// What belongs within a term opens on one of its days, exams within half a year after it.
        OpensOutsideTerm { opens_on: Date, starts_on: Date, ends_on: Date }
            = "PERIOD_OPENS_OUTSIDE_TERM", "manual 2.9", at "opensAt";
        /// A period of the term would lie before its first day: move it first.
        PeriodBeforeTerm { kind: PeriodKind, opens_at: Timestamp, closes_at: Timestamp }
            = "PERIOD_OUTSIDE_TERM", "manual 2.9", at "startsOn";
        /// A period of the term would lie behind its last day: move it first.
        PeriodBehindTerm { kind: PeriodKind, opens_at: Timestamp, closes_at: Timestamp }
            = "PERIOD_BEHIND_TERM", "manual 2.9", at "endsOn";
        /// A period has to last for some time.
        PeriodIsEmpty { opens_at: Timestamp, closes_at: Timestamp }
            = "PERIOD_IS_EMPTY", "manual 2.9", at "closesAt";
        /// A period of no set kind needs a title.
        PeriodUntitled = "PERIOD_UNTITLED", "manual 2.9", at "title";
        /// The term has no such period.
        PeriodUnknown = "PERIOD_UNKNOWN", "manual 2.9", at "periodId";
    }
}
