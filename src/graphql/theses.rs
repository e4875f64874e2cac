//! Theses on their way through the antiplagiarism check (manual 2.14).

use std::sync::Arc;

use aggregates::{
    shared::{self, PersonId, ThesisId},
    thesis_check::{Payment, Thesis as About},
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use projections::thesis::{AttemptStage, Theses, ThesisDocument};

use super::{
    conditions::Conditions,
    errors::{Fault, denied, internal},
    files::StoredFile,
    people::Person,
    request::{Ask, found, input_id, query_id, stored},
    scalars::Percent,
    schema::{Connection, Numbered, PageOf},
    thesis_attempts::ThesisAttempt,
};
use crate::identity::policy::{Denied, may_read_thesis};

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

    /// The thesis that a mutation's input names.
    pub async fn meant(ctx: &Context<'_>, id: &ID) -> Result<Self, Fault> {
        let thesis = Self::load(ctx, input_id(id, "thesisId")?).await?;
        thesis.ok_or_else(|| Fault::user("THESIS_UNKNOWN", "thesisId"))
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
        let views = ctx.views()?;
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
        ThesisAttempt::all(&self.document)
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
        let page = PageOf::asked(first, after.as_deref())?;
        let mut waiting = Conditions::default();
        waiting.hold("awaits_staff = 1");
        let by = Numbered::<Theses> {
            column: "opened",
            number: |thesis| thesis.opened,
            newest_first: false,
        };
        let node = |id: String, document| {
            Some(Thesis { id: id.parse().ok()?, document: Arc::new(document) })
        };
        page.of_those(ctx, waiting, by, true, node).await.map(Some)
    }
}
