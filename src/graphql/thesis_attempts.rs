//! Attempts at the antiplagiarism check of a thesis: what the check says, and how staff decide
//! (manual 2.14.1).

use std::sync::Arc;

use aggregates::{
    shared,
    thesis_check::{Payment, Report, Source, Verdict},
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use projections::thesis::{AttemptDecision, AttemptDocument, AttemptStage, ThesisDocument};

use super::{
    errors::internal,
    files::StoredFile,
    people::Person,
    request::Ask,
    scalars::{DateTime, Percent},
    settings::Language,
};

/// Whether an attempt costs something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Payment")]
pub enum ThesisPayment {
    /// It is free.
    Free,
    /// It is paid for.
    Paid,
}

/// How staff decided an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Verdict")]
pub enum ThesisVerdict {
    /// The work counts as handed in.
    Passed,
    /// It does not.
    Failed,
}

/// How far an attempt has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "AttemptStage")]
pub enum ThesisAttemptStatus {
    /// The receipt of the payment is to be handed in.
    AwaitingReceipt,
    /// Staff are to confirm the payment.
    AwaitingPayment,
    /// The work may be handed in.
    Opened,
    /// It was handed in, and may be handed in again or sent.
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

/// A work that text was found in.
#[derive(SimpleObject)]
pub struct ThesisSource {
    /// The thesis it belongs to.
    thesis_id: ID,
    /// The share of the checked work that is found in it.
    share: Percent,
}

impl From<&Source> for ThesisSource {
    fn from(source: &Source) -> Self {
        Self { thesis_id: source.thesis.to_string().into(), share: source.share.into() }
    }
}

/// How staff decided an attempt.
pub struct ThesisDecision<'a> {
    decision: &'a AttemptDecision,
    threshold: Option<shared::Percent>,
}

#[Object]
impl ThesisDecision<'_> {
    /// Passed or failed.
    async fn verdict(&self) -> ThesisVerdict {
        self.decision.verdict.into()
    }

    /// The least originality that passes.
    async fn threshold(&self) -> Option<Percent> {
        self.threshold.map(Into::into)
    }

    /// What staff say to it.
    async fn comment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        match &self.decision.comment {
            Some(comment) => ctx.text(comment.id).await,
            None => Ok(None),
        }
    }

    /// Who decided.
    async fn decided_by(&self) -> Option<Person> {
        self.decision.by.map(Person)
    }

    /// When.
    async fn decided_at(&self) -> DateTime {
        DateTime(self.decision.at)
    }
}

/// An attempt at the check: it stays, with its file, when another follows.
pub struct ThesisAttempt {
    thesis: Arc<ThesisDocument>,
    place: usize,
}

impl ThesisAttempt {
    /// All attempts of a thesis, the first first.
    pub fn all(thesis: &Arc<ThesisDocument>) -> Vec<Self> {
        let places = 0..thesis.attempts.len();
        places.map(|place| Self { thesis: Arc::clone(thesis), place }).collect()
    }

    fn document(&self) -> async_graphql::Result<&AttemptDocument> {
        self.thesis.attempts.get(self.place).ok_or_else(internal)
    }

    fn report(&self) -> async_graphql::Result<Option<&Report>> {
        Ok(self.document()?.report.as_ref())
    }
}

#[Object]
impl ThesisAttempt {
    /// Its number, from 1.
    async fn number(&self) -> i32 {
        i32::try_from(self.place + 1).unwrap_or(i32::MAX)
    }

    /// Whether it costs something.
    async fn payment(&self) -> async_graphql::Result<ThesisPayment> {
        Ok(self.document()?.payment.into())
    }

    /// How far it has come.
    async fn status(&self) -> async_graphql::Result<ThesisAttemptStatus> {
        Ok(self.document()?.stage().into())
    }

    /// The language the work is written in.
    async fn language(&self) -> async_graphql::Result<Option<Language>> {
        Ok(self.document()?.work.as_ref().map(|(_, language)| (*language).into()))
    }

    /// How many pages it has; known with the report, where its format says so.
    async fn pages(&self) -> async_graphql::Result<Option<u32>> {
        Ok(self.report()?.and_then(|report| report.pages))
    }

    /// How many words it has; known with the report.
    async fn words(&self) -> async_graphql::Result<Option<u32>> {
        Ok(self.report()?.map(|report| report.words))
    }

    /// The share of its text that was found nowhere else.
    async fn originality(&self) -> async_graphql::Result<Option<Percent>> {
        Ok(self.report()?.map(|report| report.originality.into()))
    }

    /// The share of its text that was found in other works.
    async fn similarity(&self) -> async_graphql::Result<Option<Percent>> {
        Ok(self.report()?.map(|report| report.similarity.into()))
    }

    /// The works that most was found in, the closest first; for staff.
    async fn sources(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ThesisSource>> {
        let own = self.thesis.student == Some(ctx.viewer()?.person);
        let report = self.report()?.filter(|_| !own);
        let sources = report.iter().flat_map(|report| &report.sources);
        Ok(sources.map(ThesisSource::from).collect())
    }

    /// What checked it, with its version.
    async fn engine(&self) -> async_graphql::Result<Option<&str>> {
        Ok(self.report()?.map(|report| report.engine.as_str()))
    }

    /// The work.
    async fn file(&self) -> async_graphql::Result<Option<StoredFile>> {
        let work = self.document()?.work.as_ref();
        Ok(work.map(|(file, _)| StoredFile(file.clone())))
    }

    /// The receipt of a paid attempt.
    async fn receipt(&self) -> async_graphql::Result<Option<StoredFile>> {
        Ok(self.document()?.receipt.clone().map(StoredFile))
    }

    /// When it was sent.
    async fn sent_at(&self) -> async_graphql::Result<Option<DateTime>> {
        Ok(self.document()?.sent_at.map(DateTime))
    }

    /// Why the check itself failed last, by a stable name: the attempt was given back.
    async fn check_failed(&self) -> async_graphql::Result<Option<&str>> {
        Ok(self.document()?.check_failed.as_deref())
    }

    /// How staff decided it.
    async fn decision(&self) -> async_graphql::Result<Option<ThesisDecision<'_>>> {
        let threshold = self.thesis.threshold();
        let decision = self.document()?.decision.as_ref();
        Ok(decision.map(|decision| ThesisDecision { decision, threshold }))
    }

    /// Who opened it.
    async fn opened_by(&self) -> async_graphql::Result<Option<Person>> {
        Ok(self.document()?.opened_by.map(Person))
    }

    /// When.
    async fn opened_at(&self) -> async_graphql::Result<DateTime> {
        Ok(DateTime(self.document()?.opened_at))
    }
}
