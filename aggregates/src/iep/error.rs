//! Why a plan does not do what was asked.

use jiff::Timestamp;

use crate::shared::{Credits, Role, StreamId, TermId, Text, TimeOfDay, Weekday, Weeks};

refusals! {
    /// Why a plan does not do what was asked.
    pub enum IepError {
        /// There is no such plan.
        Unknown = "IEP_UNKNOWN", "manual 2.3.2", at "iepId";
        /// The subject is on the plan already.
        SubjectInPlan = "SUBJECT_IN_PLAN", "manual 2.3.1", at "subjectId";
        /// The subject is not on the plan.
        SubjectNotInPlan = "SUBJECT_NOT_IN_PLAN", "manual 2.3.1", at "enrollmentId";
        /// The plan has other subjects by now than the subject was decided beside: ask again.
        PlanChanged = "IEP_CHANGED", "manual 2.3", at "subjectId";
        /// A plan has a stream by now that the choice was not compared with: ask again.
        StreamsChanged = "IEP_STREAMS_CHANGED", "manual 2.4.1", at "streamId";
        /// The term does not belong to the plan's academic year.
        TermNotInYear = "TERM_NOT_IN_YEAR", "manual 2.3.1", at "termId";
        /// The subject would take the term over its most credits.
        CreditsOverLimit { limit: Credits, planned: Credits, subject: Credits }
            = "CREDITS_OVER_LIMIT", "manual 2.3.1", at "subjectId";
        /// The subject would take the year over its most credits.
        YearCreditsOverLimit { limit: Credits, planned: Credits, subject: Credits }
            = "YEAR_CREDITS_OVER_LIMIT", "manual 2.3.1", at "subjectId";
        /// Registration for the term is not open now.
        RegistrationClosed { opens_at: Timestamp, closes_at: Timestamp, now: Timestamp }
            = "REGISTRATION_CLOSED", "manual 2.3.1", at "termId";
        /// No registration window is set for the term.
        RegistrationNotScheduled { term: TermId, now: Timestamp }
            = "REGISTRATION_NOT_SCHEDULED", "manual 2.3.1", at "termId";
        /// The plan is signed: subjects change only in add/drop, after it is sent back, or by a registrar.
        AlreadySignedPlan { signed_by: Role } = "IEP_IS_SIGNED", "manual 2.3.2";
        /// The revision that was read is not the newest: read the plan again.
        RevisionIsOld { revision: u32, newest: u32 }
            = "IEP_REVISION_IS_OLD", "design 6", at "revision";
        /// An empty plan can't be signed.
        PlanIsEmpty = "IEP_IS_EMPTY", "manual 2.3.2";
        /// The plan waits for somebody else's signature first.
        OutOfOrder { waits_for: Role } = "SIGNATURE_OUT_OF_ORDER", "manual 2.3.2";
        /// The plan waits for the student's advisor, and the student has none.
        AdvisorMissing = "ADVISOR_MISSING", "manual 2.3.2";
        /// This signature is there already.
        SignedAlready { role: Role } = "SIGNED_ALREADY", "manual 2.3.2";
        /// Only the student, their advisor and a registrar sign a plan.
        NotASigner = "NOT_A_SIGNER", "manual 2.3.2";
        /// A plan that nobody has signed yet can't be sent back.
        NotSignedYet = "IEP_NOT_SIGNED_YET", "manual 2.3.2";
        /// A meeting of the stream is at the same time as one of another that the student is in, or takes with it.
        StreamsClash {
            clashes: Box<str>,
            meeting: Box<str>,
            stream: StreamId,
            with: StreamId,
            subject: Text,
            weekday: Weekday,
            from: TimeOfDay,
            to: TimeOfDay,
            weeks: Weeks,
        } = "STREAMS_CLASH", "manual 2.4.1", at "streamId";
    }
}
