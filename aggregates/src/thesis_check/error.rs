//! Why a thesis can't go on as asked.

use crate::shared::{DocumentKind, FileKind, Percent, ThesisKind};

refusals! {
    /// Why a thesis can't go on as asked.
    pub enum ThesisCheckError {
        /// There is no such thesis.
        Unknown = "THESIS_UNKNOWN", "manual 2.14", at "thesisId";
        /// The thesis is open already.
        Exists = "THESIS_EXISTS", "manual 2.14", at "thesisId";
        /// The regulation in force says nothing of this kind of work.
        NoRules { kind: ThesisKind } = "THESIS_RULES_MISSING", "design 5", at "kind";
        /// The work has passed, or is not credited.
        Concluded = "THESIS_CONCLUDED", "manual 2.14.1", at "thesisId";
        /// The work is being checked, or waits for the decision.
        UnderCheck { attempt: u32 } = "THESIS_UNDER_CHECK", "manual 2.14.1", at "thesisId";
        /// The list of required documents does not have this kind.
        DocumentNotAsked { kind: DocumentKind } = "THESIS_DOCUMENT_NOT_ASKED", "manual 2.14.1", at "kind";
        /// The title page is exactly one file.
        OneTitlePage = "THESIS_TITLE_PAGE_ONE_FILE", "manual 2.14.1", at "file";
        /// There is no such document.
        DocumentUnknown = "THESIS_DOCUMENT_UNKNOWN", "manual 2.14.1", at "fileId";
        /// There is an end to what can be handed in.
        TooManyFiles { most: u32 } = "THESIS_TOO_MANY_FILES", "manual 2.14.1", at "file";
        /// A work is handed in as a text that can be read.
        WorkNotText { kind: FileKind } = "THESIS_WORK_NOT_TEXT", "manual 2.14.1", at "file";
        /// The supervisor or staff open every attempt but the first.
        NoAttemptOpen = "THESIS_NO_ATTEMPT_OPEN", "manual 2.14.1", at "thesisId";
        /// An attempt is open already.
        AttemptOpen { attempt: u32 } = "THESIS_ATTEMPT_OPEN", "manual 2.14.1", at "thesisId";
        /// There are fewer attempts than were used, or none is left to open.
        AllowanceTooLow { free_used: u32, paid_used: u32 } = "THESIS_ALLOWANCE_TOO_LOW", "manual 2.14.1", at "free";
        /// There is an end to attempts.
        AllowanceTooHigh { most: u32 } = "THESIS_ALLOWANCE_TOO_HIGH", "manual 2.14.1", at "free";
        /// A paid attempt has to be paid first.
        PaymentDue { attempt: u32 } = "THESIS_PAYMENT_DUE", "manual 2.14.1", at "thesisId";
        /// A receipt belongs to a paid attempt.
        AttemptIsFree { attempt: u32 } = "THESIS_ATTEMPT_IS_FREE", "manual 2.14.1", at "thesisId";
        /// The receipt was not handed in yet.
        ReceiptMissing { attempt: u32 } = "THESIS_RECEIPT_MISSING", "manual 2.14.1", at "attempt";
        /// The attempt is paid.
        PaidAlready { attempt: u32 } = "THESIS_PAID_ALREADY", "manual 2.14.1", at "thesisId";
        /// The work was not handed in yet.
        WorkMissing { attempt: u32 } = "THESIS_WORK_MISSING", "manual 2.14.1", at "thesisId";
        /// Without all the listed documents no check is possible.
        DocumentsMissing { missing: String } = "THESIS_DOCUMENTS_MISSING", "manual 2.14.1", at "thesisId";
        /// There is no such attempt.
        AttemptUnknown { attempt: u32 } = "THESIS_ATTEMPT_UNKNOWN", "manual 2.14.1", at "attempt";
        /// The attempt is no longer the newest.
        NotNewest { attempt: u32, newest: u32 } = "THESIS_ATTEMPT_NOT_NEWEST", "manual 2.14.1", at "attempt";
        /// There is no report yet to decide on.
        NoReport { attempt: u32 } = "THESIS_NO_REPORT", "manual 2.14.1", at "attempt";
        /// The attempt is decided.
        DecidedAlready { attempt: u32 } = "THESIS_DECIDED_ALREADY", "manual 2.14.1", at "attempt";
        /// The originality is below the threshold.
        BelowThreshold { originality: Percent, threshold: Percent } = "THESIS_BELOW_THRESHOLD", "manual 2.14.1", at "verdict";
        /// A work that reaches the threshold is failed with a reason.
        ReasonMissing { originality: Percent, threshold: Percent } = "THESIS_REASON_MISSING", "manual 2.14.1", at "comment";
    }
}
