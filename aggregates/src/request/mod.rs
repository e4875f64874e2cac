//! Request: what a student asks of the university, until it is decided (manual 2.16). One kind there is so far:
//! add/drop (manual 2.16.1).
//!
//! Invariants: a request is opened once, and decided once: withdrawn by its student, accepted, or refused with a reason;
//! an add/drop request is opened while the calendar lets the student ask for that change, and what the calendar said
//! then stays in the event. Its id is made from the registration that it changes and its number among that
//! registration's requests ([`crate::shared::RequestId::of`]): the next number comes once the one before is decided, so
//! that two browsers can't both open one.
//!
//! What an accepted request changes is done by the aggregates that own it, in the same transaction: where one of them
//! refuses, nothing is accepted.
//!
//! ```text
//! (nothing) --Open--> new --Withdraw--> withdrawn
//!                      |--Accept--> accepted
//!                      `--Refuse--> refused
//! ```

mod add_drop;
mod command;
mod error;
mod event;
pub(crate) mod past;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use add_drop::{AddDrop, Change, Exchange, Subject, Windows};
pub use command::{Opening, RequestCommand};
pub use error::RequestError;
pub use event::{Matter, RequestEvent, RequestKind, RequestOf, RequestStatus};

/// One request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Request {
    of: Option<RequestOf>,
    /// What became of it, and when.
    decided: Option<(RequestStatus, Timestamp)>,
}

aggregate!(Request, "Request", RequestCommand, RequestEvent, RequestError);

impl Request {
    fn decide(&self, command: RequestCommand) -> Result<Vec<RequestEvent>, RequestError> {
        Ok(match command {
            RequestCommand::Open(opening) => vec![self.open(opening)?],
            RequestCommand::Withdraw { at } => {
                vec![RequestEvent::Withdrawn { of: self.undecided()?, at }]
            }
            RequestCommand::Accept { by, at } => {
                vec![RequestEvent::Accepted { of: self.undecided()?, by, at }]
            }
            RequestCommand::Refuse { by, reason, at } => {
                vec![RequestEvent::Refused { of: self.undecided()?, by, reason, at }]
            }
        })
    }

    fn evolve(&mut self, event: RequestEvent) {
        match event {
            RequestEvent::Opened { of, .. } => self.of = Some(of),
            RequestEvent::Withdrawn { at, .. } => {
                self.decided = Some((RequestStatus::Withdrawn, at));
            }
            RequestEvent::Accepted { at, .. } => self.decided = Some((RequestStatus::Accepted, at)),
            RequestEvent::Refused { at, .. } => self.decided = Some((RequestStatus::Refused, at)),
        }
    }

    fn open(&self, opening: Opening) -> Result<RequestEvent, RequestError> {
        let Opening { of, matter, comment, language, at } = opening;
        if self.of.is_some() {
            self.undecided()?;
            return Err(RequestError::OpenAlready { request: of.request });
        }
        match &matter {
            Matter::AddDrop(add_drop) => add_drop.must_be_open(at)?,
        }
        Ok(RequestEvent::Opened { of, matter, comment, language, at })
    }

    /// Whose request it is, where nothing was decided yet.
    fn undecided(&self) -> Result<RequestOf, RequestError> {
        let of = self.of.ok_or(RequestError::Unknown)?;
        match self.decided {
            None => Ok(of),
            Some((status, decided_at)) => Err(RequestError::Decided { status, decided_at }),
        }
    }
}
