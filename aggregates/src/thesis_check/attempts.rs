//! The attempts at a check: opened, paid, sent, reported, decided.

use super::{
    Attempt, MOST_ATTEMPTS, Opened, Payment, Stage, ThesisCheck, ThesisCheckError,
    ThesisCheckEvent, ThesisOf, Verdict,
};
use crate::shared::{Decision, DocumentKind, Fact, FileId, FileRef, Language, Percent, TextRef};

type Decided = Result<Vec<ThesisCheckEvent>, ThesisCheckError>;

impl ThesisCheck {
    /// The number of the newest attempt, and how far it has come.
    pub(super) fn newest_stage(&self) -> Option<(u32, &Stage)> {
        self.newest().map(|(number, attempt)| (number, &attempt.stage))
    }

    fn newest(&self) -> Option<(u32, &Attempt)> {
        let number = u32::try_from(self.attempts.len()).ok()?;
        self.attempts.last().map(|attempt| (number, attempt))
    }

    /// How many attempts of a kind were opened.
    fn used(&self, payment: Payment) -> u32 {
        let of_kind = self.attempts.iter().filter(|attempt| attempt.payment == payment).count();
        u32::try_from(of_kind).unwrap_or(u32::MAX)
    }

    /// Which kind of attempt comes next, if any: free ones first.
    fn next_payment(&self, opened: &Opened) -> Option<Payment> {
        let left = |payment, allowed| (self.used(payment) < allowed).then_some(payment);
        left(Payment::Free, opened.rules.free).or(left(Payment::Paid, opened.rules.paid))
    }

    /// The thesis with its newest attempt, if that is the one meant.
    fn meant(&self, attempt: u32) -> Result<(ThesisOf, &Attempt), ThesisCheckError> {
        let of = self.opened()?.thesis.of();
        match self.newest() {
            Some((newest, found)) if newest == attempt => Ok((of, found)),
            Some((newest, _)) if (1..newest).contains(&attempt) => {
                Err(ThesisCheckError::NotNewest { attempt, newest })
            }
            _ => Err(ThesisCheckError::AttemptUnknown { attempt }),
        }
    }

    pub(super) fn open_attempt(&self) -> Decided {
        let opened = self.going_on()?;
        match self.newest_stage() {
            None | Some((_, Stage::Decided)) => {}
            Some((attempt, _)) => return Err(ThesisCheckError::AttemptOpen { attempt }),
        }
        let attempt = self.newest().map_or(1, |(number, _)| number + 1);
        let payment = self.next_payment(opened).ok_or(ThesisCheckError::NoAttemptOpen)?;
        let of = opened.thesis.of();
        Ok(vec![ThesisCheckEvent::AttemptOpened { of, attempt, payment }])
    }

    pub(super) fn allow_attempts(&self, free: u32, paid: u32) -> Decided {
        let opened = self.going_on()?;
        if free.max(paid) > MOST_ATTEMPTS {
            return Err(ThesisCheckError::AllowanceTooHigh { most: MOST_ATTEMPTS });
        }
        let (free_used, paid_used) = (self.used(Payment::Free), self.used(Payment::Paid));
        // Where an attempt was failed, or none was opened yet, one has to be left to open.
        let over = matches!(self.newest_stage(), None | Some((_, Stage::Decided)));
        if free < free_used || paid < paid_used || (over && free + paid <= free_used + paid_used) {
            return Err(ThesisCheckError::AllowanceTooLow { free_used, paid_used });
        }
        if (free, paid) == (opened.rules.free, opened.rules.paid) {
            return Ok(vec![]);
        }
        Ok(vec![ThesisCheckEvent::AttemptsAllowed { of: opened.thesis.of(), free, paid }])
    }

    pub(super) fn upload_work(&self, file: FileRef, language: Language) -> Decided {
        let opened = self.going_on()?;
        if !file.kind.holds_text() {
            return Err(ThesisCheckError::WorkNotText { kind: file.kind });
        }
        let of = opened.thesis.of();
        let first = match self.newest_stage() {
            None => match self.next_payment(opened) {
                Some(Payment::Free) => Some(Payment::Free),
                _ => return Err(ThesisCheckError::NoAttemptOpen),
            },
            Some((_, Stage::Opened | Stage::Uploaded { .. })) => None,
            Some((attempt, stage)) => return Err(not_now(attempt, stage)),
        };
        self.one_more_file()?;
        let attempt = self.newest().map_or(1, |(number, _)| number);
        let opened = first.map(|payment| ThesisCheckEvent::AttemptOpened { of, attempt, payment });
        let uploaded = ThesisCheckEvent::WorkUploaded { of, attempt, file, language };
        Ok(opened.into_iter().chain([uploaded]).collect())
    }

    pub(super) fn attach_receipt(&self, file: FileRef) -> Decided {
        let opened = self.going_on()?;
        let (attempt, newest) = self.newest().ok_or(ThesisCheckError::NoAttemptOpen)?;
        unpaid(attempt, newest)?;
        self.one_more_file()?;
        let of = opened.thesis.of();
        Ok(vec![ThesisCheckEvent::ReceiptAttached { of, attempt, file }])
    }

    pub(super) fn confirm_payment(&self, attempt: u32) -> Decided {
        self.going_on()?;
        let (of, newest) = self.meant(attempt)?;
        if !unpaid(attempt, newest)? {
            return Err(ThesisCheckError::ReceiptMissing { attempt });
        }
        Ok(vec![ThesisCheckEvent::PaymentConfirmed { of, attempt }])
    }

    pub(super) fn send(&self) -> Decided {
        let opened = self.going_on()?;
        let of = opened.thesis.of();
        let (attempt, work) = match self.newest_stage() {
            None => return Err(ThesisCheckError::WorkMissing { attempt: 1 }),
            Some((attempt, Stage::Opened)) => {
                return Err(ThesisCheckError::WorkMissing { attempt });
            }
            Some((attempt, Stage::Uploaded { work })) => (attempt, work.clone()),
            Some((attempt, stage)) => return Err(not_now(attempt, stage)),
        };
        let handed_in = |kind: &&DocumentKind| self.documents.values().any(|known| known == *kind);
        let asked = opened.rules.documents.iter();
        let missing: Vec<_> =
            asked.filter(|kind| !handed_in(kind)).map(|kind| kind.name()).collect();
        if !missing.is_empty() {
            return Err(ThesisCheckError::DocumentsMissing { missing: missing.join(", ") });
        }
        Ok(vec![ThesisCheckEvent::Sent { of, attempt, work }])
    }

    /// What a check came to, once: what comes late, or of another file, changes nothing.
    pub(super) fn checked(
        &self,
        attempt: u32,
        file: FileId,
        event: impl FnOnce(ThesisOf) -> ThesisCheckEvent,
    ) -> Decided {
        let of = self.opened()?.thesis.of();
        match self.newest_stage() {
            Some((newest, Stage::Sent { work })) if newest == attempt && work.id == file => {
                Ok(vec![event(of)])
            }
            _ => Ok(vec![]),
        }
    }

    pub(super) fn decide_attempt(
        &self,
        attempt: u32,
        verdict: Verdict,
        comment: Option<TextRef>,
    ) -> Decided {
        let opened = self.opened()?;
        let (of, newest) = self.meant(attempt)?;
        let originality = match newest.stage {
            Stage::Reported { originality } => originality,
            Stage::Decided => return Err(ThesisCheckError::DecidedAlready { attempt }),
            _ => return Err(ThesisCheckError::NoReport { attempt }),
        };
        let rules = &opened.rules;
        let threshold = rules.originality_from.get(&opened.thesis.kind).copied();
        let threshold = threshold.unwrap_or_default();
        let reached = originality >= threshold;
        match verdict {
            Verdict::Passed if !reached => {
                return Err(ThesisCheckError::BelowThreshold { originality, threshold });
            }
            Verdict::Failed if reached && comment.is_none() => {
                return Err(ThesisCheckError::ReasonMissing { originality, threshold });
            }
            Verdict::Passed | Verdict::Failed => {}
        }
        let decision = decision(&opened.regulation, originality, threshold, verdict);
        let mut events =
            vec![ThesisCheckEvent::Decided { of, attempt, verdict, decision, comment }];
        if verdict == Verdict::Failed && self.next_payment(opened).is_none() {
            events.push(ThesisCheckEvent::NotCredited { of, used: attempt });
        }
        Ok(events)
    }
}

/// Why a work can't be handed in or sent at this stage.
fn not_now(attempt: u32, stage: &Stage) -> ThesisCheckError {
    match stage {
        Stage::Unpaid { .. } => ThesisCheckError::PaymentDue { attempt },
        Stage::Decided => ThesisCheckError::NoAttemptOpen,
        _ => ThesisCheckError::UnderCheck { attempt },
    }
}

/// Whether the receipt of an attempt that waits for its payment was handed in.
fn unpaid(number: u32, attempt: &Attempt) -> Result<bool, ThesisCheckError> {
    match (attempt.payment, &attempt.stage) {
        (Payment::Free, _) => Err(ThesisCheckError::AttemptIsFree { attempt: number }),
        (Payment::Paid, Stage::Unpaid { receipt }) => Ok(*receipt),
        (Payment::Paid, _) => Err(ThesisCheckError::PaidAlready { attempt: number }),
    }
}

fn decision(
    regulation: &str,
    originality: Percent,
    threshold: Percent,
    verdict: Verdict,
) -> Decision {
    Decision {
        rule: "thesis_originality".into(),
        regulation: regulation.into(),
        facts: vec![Fact::new("originality", originality), Fact::new("threshold", threshold)],
        verdict: verdict.to_string(),
    }
}
