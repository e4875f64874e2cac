//! ThesisCheck: one student's thesis on its way through the antiplagiarism check (manual 2.14).
//!
//! Invariants: nothing is checked without all the listed documents, of which the title page is one
//! file; one attempt is open at a time, and only the first is opened by the student; sending uses an
//! attempt up, and a check that itself failed gives it back; a paid attempt is paid before its work is
//! handed in; staff pass no work below the threshold, and decide the newest attempt only; once passed,
//! or once all attempts are used, nothing follows. The rules are those in force when it was opened.
//!
//! ```text
//! (nothing) --Open--> opened --UploadWork--> uploaded --Send--> sent --Report--> reported
//!                        ^                    ^   ^              |                 |
//!                  OpenAttempt (free)         |   `--FailCheck---'               Decide
//!                        |                UploadWork                               |
//!                      failed --OpenAttempt (paid)--> unpaid                       |--> passed
//!                        ^          AttachReceipt, ConfirmPayment --> opened       |--> not credited
//!                        `---------------------------------------------------------'
//! ```
//!
//! The table of all transitions is in `docs/state-machines.md`; `tests/thesis_check_walk.rs` walks it.

mod attempts;
mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use command::ThesisCheckCommand;
pub use error::ThesisCheckError;
pub use event::{Payment, Report, Source, Thesis, ThesisCheckEvent, ThesisOf, Verdict};

use crate::shared::{DocumentKind, FileId, FileRef, Percent, ThesisRules};

/// The most files that are handed in with one thesis.
const MOST_FILES: u32 = 200;
/// The most attempts of each kind.
const MOST_ATTEMPTS: u32 = 20;

/// One thesis.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ThesisCheck {
    opened: Option<Opened>,
    documents: BTreeMap<FileId, DocumentKind>,
    /// How many files were handed in, those that were replaced too.
    files: u32,
    /// The attempts, the first first.
    attempts: Vec<Attempt>,
    concluded: bool,
}

/// A thesis as it was opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opened {
    thesis: Thesis,
    regulation: String,
    rules: ThesisRules,
}

/// An attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Attempt {
    payment: Payment,
    stage: Stage,
}

/// How far an attempt has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Stage {
    /// It waits for its payment; whether the receipt was handed in.
    Unpaid { receipt: bool },
    /// The work may be handed in.
    Opened,
    /// It was handed in.
    Uploaded { work: FileRef },
    /// It is being checked.
    Sent { work: FileRef },
    /// The report is there.
    Reported { originality: Percent },
    /// It is decided.
    Decided,
}

aggregate!(ThesisCheck, "ThesisCheck", ThesisCheckCommand, ThesisCheckEvent, ThesisCheckError);

impl ThesisCheck {
    fn decide(
        &self,
        command: ThesisCheckCommand,
    ) -> Result<Vec<ThesisCheckEvent>, ThesisCheckError> {
        use ThesisCheckCommand as Command;
        match command {
            Command::Open { thesis, regulation, rules } => self.open(thesis, regulation, rules),
            Command::AddDocument { kind, file } => self.add_document(kind, file),
            Command::RemoveDocument { file } => self.remove_document(file),
            Command::UploadWork { file, language } => self.upload_work(file, language),
            Command::OpenAttempt => self.open_attempt(),
            Command::AllowAttempts { free, paid } => self.allow_attempts(free, paid),
            Command::AttachReceipt { file } => self.attach_receipt(file),
            Command::ConfirmPayment { attempt } => self.confirm_payment(attempt),
            Command::Send => self.send(),
            Command::Report { attempt, file, report } => {
                let event = |of| ThesisCheckEvent::Reported { of, attempt, report };
                self.checked(attempt, file, event)
            }
            Command::FailCheck { attempt, file, reason } => {
                let event = |of| ThesisCheckEvent::CheckFailed { of, attempt, reason };
                self.checked(attempt, file, event)
            }
            Command::Decide { attempt, verdict, comment } => {
                self.decide_attempt(attempt, verdict, comment)
            }
        }
    }

    fn evolve(&mut self, event: ThesisCheckEvent) {
        use ThesisCheckEvent as Event;
        match event {
            Event::Opened { thesis, regulation, rules } => {
                self.opened = Some(Opened { thesis, regulation, rules });
            }
            Event::DocumentAdded { kind, file, .. } => {
                self.files += 1;
                self.documents.insert(file.id, kind);
            }
            Event::DocumentRemoved { file, .. } => {
                self.documents.remove(&file);
            }
            Event::AttemptOpened { payment, .. } => {
                let stage = match payment {
                    Payment::Free => Stage::Opened,
                    Payment::Paid => Stage::Unpaid { receipt: false },
                };
                self.attempts.push(Attempt { payment, stage });
            }
            Event::AttemptsAllowed { free, paid, .. } => {
                if let Some(opened) = &mut self.opened {
                    (opened.rules.free, opened.rules.paid) = (free, paid);
                }
            }
            Event::WorkUploaded { attempt, file, .. } => {
                self.files += 1;
                self.reach(attempt, Stage::Uploaded { work: file });
            }
            Event::ReceiptAttached { attempt, .. } => {
                self.files += 1;
                self.reach(attempt, Stage::Unpaid { receipt: true });
            }
            Event::PaymentConfirmed { attempt, .. } => self.reach(attempt, Stage::Opened),
            Event::Sent { attempt, work, .. } => self.reach(attempt, Stage::Sent { work }),
            Event::Reported { attempt, report, .. } => {
                self.reach(attempt, Stage::Reported { originality: report.originality });
            }
            Event::CheckFailed { attempt, .. } => {
                if let Some((_, Stage::Sent { work })) = self.newest_stage() {
                    let work = work.clone();
                    self.reach(attempt, Stage::Uploaded { work });
                }
            }
            Event::Decided { attempt, verdict, .. } => {
                self.reach(attempt, Stage::Decided);
                self.concluded |= verdict == Verdict::Passed;
            }
            Event::NotCredited { .. } => self.concluded = true,
        }
    }

    fn opened(&self) -> Result<&Opened, ThesisCheckError> {
        self.opened.as_ref().ok_or(ThesisCheckError::Unknown)
    }

    /// The thesis, where something can follow.
    fn going_on(&self) -> Result<&Opened, ThesisCheckError> {
        let opened = self.opened()?;
        if self.concluded { Err(ThesisCheckError::Concluded) } else { Ok(opened) }
    }

    fn open(
        &self,
        thesis: Thesis,
        regulation: String,
        rules: Option<ThesisRules>,
    ) -> Result<Vec<ThesisCheckEvent>, ThesisCheckError> {
        if self.opened.is_some() {
            return Err(ThesisCheckError::Exists);
        }
        let kind = thesis.kind;
        let rules = rules.filter(|rules| rules.originality_from.contains_key(&kind));
        let rules = rules.ok_or(ThesisCheckError::NoRules { kind })?;
        Ok(vec![ThesisCheckEvent::Opened { thesis, regulation, rules }])
    }

    fn add_document(
        &self,
        kind: DocumentKind,
        file: FileRef,
    ) -> Result<Vec<ThesisCheckEvent>, ThesisCheckError> {
        let of = self.changeable()?.thesis.of();
        if !self.opened()?.rules.documents.contains(&kind) {
            return Err(ThesisCheckError::DocumentNotAsked { kind });
        }
        if kind.is_one_file() && self.documents.values().any(|known| *known == kind) {
            return Err(ThesisCheckError::OneTitlePage);
        }
        self.one_more_file()?;
        Ok(vec![ThesisCheckEvent::DocumentAdded { of, kind, file }])
    }

    fn remove_document(&self, file: FileId) -> Result<Vec<ThesisCheckEvent>, ThesisCheckError> {
        let of = self.changeable()?.thesis.of();
        if !self.documents.contains_key(&file) {
            return Err(ThesisCheckError::DocumentUnknown);
        }
        Ok(vec![ThesisCheckEvent::DocumentRemoved { of, file }])
    }

    /// The thesis, where its documents can be changed: not while a check or a decision is under way.
    fn changeable(&self) -> Result<&Opened, ThesisCheckError> {
        let opened = self.going_on()?;
        match self.newest_stage() {
            Some((attempt, Stage::Sent { .. } | Stage::Reported { .. })) => {
                Err(ThesisCheckError::UnderCheck { attempt })
            }
            _ => Ok(opened),
        }
    }

    fn one_more_file(&self) -> Result<(), ThesisCheckError> {
        if self.files < MOST_FILES {
            Ok(())
        } else {
            Err(ThesisCheckError::TooManyFiles { most: MOST_FILES })
        }
    }

    fn reach(&mut self, attempt: u32, stage: Stage) {
        let place = attempt.checked_sub(1).and_then(|place| usize::try_from(place).ok());
        if let Some(attempt) = place.and_then(|place| self.attempts.get_mut(place)) {
            attempt.stage = stage;
        }
    }
}
