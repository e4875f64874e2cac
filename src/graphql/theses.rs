//! Theses on their way through the antiplagiarism check (manual 2.14).

use std::sync::Arc;

use aggregates::{
    shared::{self, PersonId, ThesisId},
    thesis_check::{Payment, Report, Source, Thesis as About, Verdict},
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use projections::thesis::{AttemptDocument, AttemptStage, Theses, ThesisDocument};

use super::{
    errors::{denied, internal},
    files::StoredFile,
    people::Person,
    request::{Ask, found, query_id, stored},
    scalars::{DateTime, Percent},
    schema::{Connection, Cursor, PageOf},
    settings::Language,
};
use crate::{
    database::Value,
    identity::policy::{Denied, may_read_thesis},
};

/// The most theses of a student that are listed.
const MOST_LISTED: usize = 100;

/// What kind of work a thesis is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "shared::ThesisKind")]
pub enum ThesisKind {
    /// Coursework.
    Coursework,
    /// A diploma project.
    Diploma,
    /// A master's dissertation.
    Dissertation,
}

/// What is handed in beside the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "ThesisDocumentKind", remote = "shared::DocumentKind")]
pub enum DocumentKind {
    /// The title page: exactly one file.
    TitlePage,
    /// The task, as it was set.
    Assignment,
    /// The abstract.
    Abstract,
    /// What the supervisor says of the work.
    SupervisorReview,
    /// What a reviewer says of it.
    Review,
    /// The appendices.
    Appendices,
}

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

/// How a thesis stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ThesisStatus {
    /// The work was not handed in yet.
    NotStarted,
    /// An attempt waits for the student: a receipt, the work, sending it.
    InProgress,
    /// Staff are to confirm a payment.
    AwaitingPayment,
    /// The work is being checked.
    UnderCheck,
    /// The report is there, and waits for the decision.
    ReportAvailable,
    /// The newest attempt was failed; another may be opened.
    Failed,
    /// The work counts as handed in.
    Passed,
    /// All attempts were used without success.
    NotCredited,
}

/// The files of one kind of document.
#[derive(SimpleObject)]
pub struct ThesisDocuments {
    /// The kind; without at least one file of each no check is possible.
    kind: DocumentKind,
    /// The files, oldest first.
    files: Vec<StoredFile>,
}

/// How many attempts are left.
#[derive(SimpleObject)]
pub struct ThesisAttemptsLeft {
    /// Free ones.
    free: u32,
    /// Paid ones.
    paid: u32,
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
    attempt: &'a ThesisAttempt,
    verdict: Verdict,
}

#[Object]
impl ThesisDecision<'_> {
    /// Passed or failed.
    async fn verdict(&self) -> ThesisVerdict {
        self.verdict.into()
    }

    /// The least originality that passes.
    async fn threshold(&self) -> Option<Percent> {
        self.attempt.thesis.threshold().map(Into::into)
    }

    /// What staff say to it.
    async fn comment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let decision = self.attempt.document()?.decision.as_ref();
        match decision.and_then(|decision| decision.comment.as_ref()) {
            Some(comment) => ctx.text(comment.id).await,
            None => Ok(None),
        }
    }

    /// Who decided.
    async fn decided_by(&self) -> async_graphql::Result<Option<Person>> {
        let decision = self.attempt.document()?.decision.as_ref();
        Ok(decision.and_then(|decision| decision.by).map(Person))
    }

    /// When.
    async fn decided_at(&self) -> async_graphql::Result<Option<DateTime>> {
        Ok(self.attempt.document()?.decision.as_ref().map(|decision| DateTime(decision.at)))
    }
}

/// An attempt at the check: it stays, with its file, when another follows.
pub struct ThesisAttempt {
    thesis: Arc<ThesisDocument>,
    place: usize,
}

impl ThesisAttempt {
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
        let decision = self.document()?.decision.as_ref();
        Ok(decision.map(|decision| ThesisDecision { attempt: self, verdict: decision.verdict }))
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

/// A thesis.
pub struct Thesis {
    id: ThesisId,
    document: Arc<ThesisDocument>,
}

impl Thesis {
    /// The thesis with that id, whoever asks.
    pub async fn load(ctx: &Context<'_>, id: ThesisId) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Theses>(id).await?;
        Ok(document.map(|document| Self { id, document }))
    }

    /// The thesis with that id, if it may be read.
    pub async fn readable(ctx: &Context<'_>, id: ThesisId) -> async_graphql::Result<Option<Self>> {
        let Some(thesis) = Self::load(ctx, id).await? else { return Ok(None) };
        let about = thesis.about()?;
        if may_read_thesis(ctx.viewer()?, about.student, about.supervisor) {
            Ok(Some(thesis))
        } else {
            Err(denied(Denied::Forbidden))
        }
    }

    /// A student's theses that the viewer may read, oldest first.
    pub async fn of_student(
        ctx: &Context<'_>,
        student: PersonId,
    ) -> async_graphql::Result<Vec<Self>> {
        let views = &ctx.services()?.cabinet.views;
        let values = [student.to_string().into()];
        let found = views.list::<Theses>("student = $1", &values, "opened, view_id", MOST_LISTED);
        let viewer = ctx.viewer()?;
        let theses = stored(found.await)?.documents.into_iter().filter_map(|(id, document)| {
            let may = may_read_thesis(viewer, student, document.supervisor);
            may.then(|| Some(Self { id: id.parse().ok()?, document: Arc::new(document) }))?
        });
        Ok(theses.collect())
    }

    /// Whose it is, of what kind.
    pub fn about(&self) -> async_graphql::Result<&About> {
        self.document.thesis.as_ref().ok_or_else(internal)
    }

    /// Whether something can follow.
    pub fn is_open(&self) -> bool {
        self.document.is_open()
    }
}

#[Object]
impl Thesis {
    /// The thesis's id.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// The title.
    async fn title(&self) -> async_graphql::Result<&str> {
        Ok(self.about()?.title.as_str())
    }

    /// What kind of work it is.
    async fn kind(&self) -> async_graphql::Result<ThesisKind> {
        Ok(self.about()?.kind.into())
    }

    /// Whose it is.
    async fn student(&self) -> async_graphql::Result<Person> {
        Ok(Person(self.about()?.student))
    }

    /// Who guides it.
    async fn supervisor(&self) -> async_graphql::Result<Option<Person>> {
        Ok(self.about()?.supervisor.map(Person))
    }

    /// How it stands.
    async fn status(&self) -> ThesisStatus {
        match self.document.stage() {
            _ if self.document.not_credited => ThesisStatus::NotCredited,
            None => ThesisStatus::NotStarted,
            Some(AttemptStage::AwaitingPayment) => ThesisStatus::AwaitingPayment,
            Some(AttemptStage::Sent) => ThesisStatus::UnderCheck,
            Some(AttemptStage::Reported) => ThesisStatus::ReportAvailable,
            Some(AttemptStage::Passed) => ThesisStatus::Passed,
            Some(AttemptStage::Failed) => ThesisStatus::Failed,
            Some(AttemptStage::AwaitingReceipt | AttemptStage::Opened | AttemptStage::Uploaded) => {
                ThesisStatus::InProgress
            }
        }
    }

    /// The documents that have to be handed in, each with its files.
    async fn documents(&self) -> Vec<ThesisDocuments> {
        let asked = self.document.rules.iter().flat_map(|rules| &rules.documents);
        let files = |kind: shared::DocumentKind| {
            let of_kind = self.document.documents.iter().filter(move |(known, _)| *known == kind);
            of_kind.map(|(_, file)| StoredFile(file.clone())).collect()
        };
        asked.map(|kind| ThesisDocuments { kind: (*kind).into(), files: files(*kind) }).collect()
    }

    /// The attempts at the check, the first first.
    async fn attempts(&self) -> Vec<ThesisAttempt> {
        let places = 0..self.document.attempts.len();
        places.map(|place| ThesisAttempt { thesis: Arc::clone(&self.document), place }).collect()
    }

    /// How many attempts are left; sending uses one up.
    async fn attempts_left(&self) -> ThesisAttemptsLeft {
        let (free, paid) = (self.document.left(Payment::Free), self.document.left(Payment::Paid));
        ThesisAttemptsLeft { free, paid }
    }

    /// The least originality that passes.
    async fn threshold(&self) -> Option<Percent> {
        self.document.threshold().map(Into::into)
    }

    /// The version of the regulation under which it was opened.
    async fn regulation_version(&self) -> &str {
        &self.document.regulation
    }
}

/// Theses by id, and what waits for staff.
#[derive(Default)]
pub struct ThesisQueries;

#[Object]
impl ThesisQueries {
    /// A thesis by id.
    async fn thesis(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Thesis>> {
        found(Thesis::readable(ctx, query_id(&id)?).await?).map(Some)
    }

    /// The theses in which staff have something to do: a payment to confirm, a report to decide on; the
    /// oldest first.
    async fn theses_awaiting_staff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 100 at the most.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> async_graphql::Result<Option<Connection<Thesis>>> {
        const WAITING: &str = "awaits_staff = 1";
        let page = PageOf::asked(first, after.as_deref())?;
        let views = &ctx.services()?.cabinet.views;
        let total = stored(views.count::<Theses>(WAITING, &[]).await)?;
        let (behind, values) = match &page.after {
            Some(cursor) => {
                let values: Vec<Value> = vec![cursor.number()?.into(), cursor.id.as_str().into()];
                (format!("{WAITING} AND (opened, view_id) > ($1, $2)"), values)
            }
            None => (WAITING.to_owned(), vec![]),
        };
        let found = views.list::<Theses>(&behind, &values, "opened, view_id", page.first).await;
        let found = stored(found)?;
        let nodes = found.documents.into_iter().filter_map(|(id, document)| {
            let cursor = Cursor { key: document.opened.to_string(), id: id.clone() };
            Some((cursor, Thesis { id: id.parse().ok()?, document: Arc::new(document) }))
        });
        Ok(Some(page.connection(nodes.collect(), found.more, Some(total))))
    }
}
