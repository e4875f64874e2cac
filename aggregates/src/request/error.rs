//! Why a request does not do what was asked.

use jiff::Timestamp;

use super::RequestStatus;
use crate::shared::{RequestId, TermId};

refusals! {
    /// Why a request does not do what was asked.
    pub enum RequestError {
        /// There is no such request.
        Unknown = "REQUEST_UNKNOWN", "manual 2.16", at "requestId";
        /// A request about this registration waits for its decision.
        OpenAlready { request: RequestId } = "REQUEST_OPEN_ALREADY", "manual 2.16", at "change";
        /// The request was decided, or taken back.
        Decided { status: RequestStatus, decided_at: Timestamp }
            = "REQUEST_DECIDED_ALREADY", "manual 2.16", at "requestId";
        /// What is asked for is what there is.
        ChangesNothing = "REQUEST_CHANGES_NOTHING", "manual 2.16.1", at "change";
        /// The change can be asked for in add/drop, which is not now.
        AddDropClosed { opens_at: Timestamp, closes_at: Timestamp, now: Timestamp }
            = "ADD_DROP_CLOSED", "manual 2.3.2", at "change";
        /// The change can be asked for in add/drop, which the term does not have.
        AddDropNotScheduled { term: TermId, now: Timestamp }
            = "ADD_DROP_NOT_SCHEDULED", "manual 2.3.2", at "change";
    }
}
