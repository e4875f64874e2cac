//! Theses as their pages show them: documents, attempts, decisions (manual 2.14).

use aggregates::{
    Event,
    shared::{DocumentKind, FileRef, Language, Percent, PersonId, Recorded, TextRef, ThesisRules},
    thesis_check::{Payment, Report, Thesis, ThesisCheckEvent, Verdict},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View};

/// One document a thesis.
pub struct Theses;

/// A thesis.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ThesisDocument {
    /// Whose it is; `None` only before the first event.
    pub thesis: Option<Thesis>,
    /// Lists of one student's theses filter by it.
    pub student: Option<PersonId>,
    /// Lists of what one person supervises filter by it.
    pub supervisor: Option<PersonId>,
    /// When it was opened, in microseconds since 1970.
    pub opened: i64,
    /// 1 while staff have something to do: a payment to confirm, a report to decide on.
    pub awaits_staff: i64,
    /// The version of the regulation it was opened under.
    pub regulation: String,
    /// The rules, with as many attempts as staff have set.
    pub rules: Option<ThesisRules>,
    /// What was handed in beside the work, oldest first.
    pub documents: Vec<(DocumentKind, FileRef)>,
    /// The attempts, the first first.
    pub attempts: Vec<AttemptDocument>,
    /// Whether all attempts were used without success.
    pub not_credited: bool,
}

/// An attempt at the check.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AttemptDocument {
    /// Whether it costs something.
    pub payment: Payment,
    /// Who opened it; none where a policy did.
    pub opened_by: Option<PersonId>,
    /// When.
    pub opened_at: Timestamp,
    /// The receipt of its payment.
    pub receipt: Option<FileRef>,
    /// Whether the payment has come.
    pub paid: bool,
    /// The work, and the language it is written in.
    pub work: Option<(FileRef, Language)>,
    /// When it was sent; none where the check gave it back.
    pub sent_at: Option<Timestamp>,
    /// Why the check gave it back last.
    pub check_failed: Option<String>,
    /// What the check says.
    pub report: Option<Report>,
    /// How it was decided.
    pub decision: Option<AttemptDecision>,
}

/// How staff decided an attempt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AttemptDecision {
    /// How.
    pub verdict: Verdict,
    /// What staff say to it.
    pub comment: Option<TextRef>,
    /// Who decided.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// How far an attempt has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptStage {
    /// The receipt of the payment is to be handed in.
    AwaitingReceipt,
    /// Staff are to confirm the payment.
    AwaitingPayment,
    /// The work may be handed in.
    Opened,
    /// It was handed in, and may be handed in again.
    Uploaded,
    /// It is being checked.
    Sent,
    /// The report is there, and waits for the decision.
    Reported,
    /// Staff passed it.
    Passed,
    /// Staff failed it.
    Failed,
}

impl AttemptDocument {
    /// How far it has come.
    pub fn stage(&self) -> AttemptStage {
        let unpaid = self.payment == Payment::Paid && !self.paid;
        match (&self.decision, &self.report, self.sent_at, &self.work) {
            (Some(decision), ..) if decision.verdict == Verdict::Passed => AttemptStage::Passed,
            (Some(_), ..) => AttemptStage::Failed,
            (None, Some(_), ..) => AttemptStage::Reported,
            (None, None, Some(_), _) => AttemptStage::Sent,
            (None, None, None, Some(_)) => AttemptStage::Uploaded,
            _ if unpaid && self.receipt.is_some() => AttemptStage::AwaitingPayment,
            _ if unpaid => AttemptStage::AwaitingReceipt,
            _ => AttemptStage::Opened,
        }
    }

    /// Whether it is used up: it was sent, and not given back.
    pub fn is_used(&self) -> bool {
        self.sent_at.is_some()
    }
}

impl ThesisDocument {
    /// How far the newest attempt has come, if there is one.
    pub fn stage(&self) -> Option<AttemptStage> {
        self.attempts.last().map(AttemptDocument::stage)
    }

    /// Whether something can follow.
    pub fn is_open(&self) -> bool {
        !self.not_credited && self.stage() != Some(AttemptStage::Passed)
    }

    /// The least originality that passes.
    pub fn threshold(&self) -> Option<Percent> {
        let kind = self.thesis.as_ref()?.kind;
        self.rules.as_ref()?.originality_from.get(&kind).copied()
    }

    /// How many attempts of a kind are left.
    pub fn left(&self, payment: Payment) -> u32 {
        let allowed = self.rules.as_ref().map_or(0, |rules| match payment {
            Payment::Free => rules.free,
            Payment::Paid => rules.paid,
        });
        let used = self.attempts.iter().filter(|a| a.payment == payment && a.is_used()).count();
        allowed.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX))
    }

    fn attempt(&mut self, number: u32) -> Option<&mut AttemptDocument> {
        let place = usize::try_from(number.checked_sub(1)?).ok()?;
        self.attempts.get_mut(place)
    }
}

impl View for Theses {
    const NAME: &'static str = "thesis";
    const VERSION: u32 = 2;
    const COLUMNS: &'static [Column] = &[
        Column { name: "student", kind: ColumnType::Text },
        Column { name: "supervisor", kind: ColumnType::Text },
        Column { name: "opened", kind: ColumnType::Integer },
        Column { name: "awaits_staff", kind: ColumnType::Integer },
    ];
    const OWN: bool = true;
    type Document = ThesisDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::ThesisCheck(event) => vec![event.of().id.to_string()],
            _ => vec![],
        }
    }

    fn apply(document: &mut ThesisDocument, _: &str, recorded: &Recorded) {
        let Event::ThesisCheck(event) = &recorded.event else { return };
        if let ThesisCheckEvent::Opened { thesis, regulation, rules } = event {
            document.student = Some(thesis.student);
            document.supervisor = thesis.supervisor;
            document.opened = recorded.recorded_at.as_microsecond();
            document.thesis = Some(thesis.clone());
            document.regulation.clone_from(regulation);
            document.rules = Some(rules.clone());
        }
        fold(document, event, recorded);
        let awaits = matches!(
            document.stage(),
            Some(AttemptStage::AwaitingPayment | AttemptStage::Reported)
        );
        document.awaits_staff = i64::from(awaits);
    }
}

fn fold(document: &mut ThesisDocument, event: &ThesisCheckEvent, recorded: &Recorded) {
    use ThesisCheckEvent as Event;
    let at = recorded.recorded_at;
    let (number, change): (_, &dyn Fn(&mut AttemptDocument)) = match event {
        Event::Opened { .. } => return,
        Event::DocumentAdded { kind, file, .. } => {
            return document.documents.push((*kind, file.clone()));
        }
        Event::DocumentRemoved { file, .. } => {
            return document.documents.retain(|(_, known)| known.id != *file);
        }
        Event::AttemptOpened { payment, .. } => {
            return document.attempts.push(AttemptDocument {
                payment: *payment,
                opened_by: recorded.metadata.actor,
                opened_at: at,
                receipt: None,
                paid: false,
                work: None,
                sent_at: None,
                check_failed: None,
                report: None,
                decision: None,
            });
        }
        Event::AttemptsAllowed { free, paid, .. } => {
            if let Some(rules) = &mut document.rules {
                (rules.free, rules.paid) = (*free, *paid);
            }
            return;
        }
        Event::NotCredited { .. } => {
            document.not_credited = true;
            return;
        }
        Event::WorkUploaded { attempt, file, language, .. } => {
            (attempt, &|attempt| attempt.work = Some((file.clone(), *language)))
        }
        Event::ReceiptAttached { attempt, file, .. } => {
            (attempt, &|attempt| attempt.receipt = Some(file.clone()))
        }
        Event::PaymentConfirmed { attempt, .. } => (attempt, &|attempt| attempt.paid = true),
        Event::Sent { attempt, .. } => (attempt, &|attempt| {
            attempt.sent_at = Some(at);
            attempt.check_failed = None;
        }),
        Event::Reported { attempt, report, .. } => {
            (attempt, &|attempt| attempt.report = Some(report.clone()))
        }
        Event::CheckFailed { attempt, reason, .. } => (attempt, &|attempt| {
            attempt.sent_at = None;
            attempt.check_failed = Some(reason.clone());
        }),
        Event::Decided { attempt, verdict, comment, .. } => (attempt, &|attempt| {
            attempt.decision = Some(AttemptDecision {
                verdict: *verdict,
                comment: comment.clone(),
                by: recorded.metadata.actor,
                at,
            });
        }),
    };
    if let Some(attempt) = document.attempt(*number) {
        change(attempt);
    }
}
