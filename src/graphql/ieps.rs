//! Individual education plans: signing, sending back, and the trail (manual 2.3.2).

use std::sync::Arc;

use aggregates::{
    iep::Entry,
    shared::{IepId, PersonId, Role},
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use projections::iep::{Change, IepDocument, IepTrails, Invalid, Revision, Signature};

use super::{
    calendar::Term,
    errors::{ErrorCode, internal},
    people::{Person, RoleEnum},
    request::{Ask, found, query_id},
    scalars::{Credits, DateTime},
    streams::Stream,
    students::{Student, readable_student},
    study_plan::CreditCount,
    subjects::Subject,
};

/// How a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum IepStatus {
    /// Being put together; waits for the student.
    Open,
    /// Was sent back; waits for the student.
    SentBack,
    /// Waits for the advisor.
    AwaitingAdvisor,
    /// Waits for the registrar.
    AwaitingRegistrar,
    /// All have signed.
    Ready,
}

/// A student's plan for one academic year.
pub struct Iep {
    /// Its id.
    pub id: IepId,
    /// The plan with its trail.
    pub document: Arc<IepDocument>,
}

impl Iep {
    /// The plan with that id, whoever asks.
    pub async fn load(ctx: &Context<'_>, id: IepId) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<IepTrails>(id).await?;
        Ok(document.map(|document| Self { id, document }))
    }

    /// The plan with that id, if its student's record may be read.
    pub async fn readable(ctx: &Context<'_>, id: IepId) -> async_graphql::Result<Option<Self>> {
        let Some(iep) = Self::load(ctx, id).await? else { return Ok(None) };
        readable_student(ctx, iep.owner()?).await??;
        Ok(Some(iep))
    }

    /// Whose it is.
    pub fn owner(&self) -> async_graphql::Result<PersonId> {
        self.document.student.ok_or_else(internal)
    }
}

/// A term of a plan.
#[derive(SimpleObject)]
pub struct IepTerm {
    /// The term.
    term: Term,
    /// How its credits stand.
    credits: CreditCount,
}

#[Object]
impl Iep {
    /// The plan's id.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// How it stands.
    async fn status(&self) -> IepStatus {
        let sent_back = self
            .document
            .newest()
            .is_some_and(|newest| newest.cause == Some(aggregates::iep::RevisionCause::SentBack));
        match self.document.waits_for {
            Some(Role::Student) if sent_back => IepStatus::SentBack,
            Some(Role::Student) => IepStatus::Open,
            Some(Role::Advisor) => IepStatus::AwaitingAdvisor,
            Some(_) => IepStatus::AwaitingRegistrar,
            None => IepStatus::Ready,
        }
    }

    /// Whose signature comes next; none once all have signed.
    async fn waits_for(&self) -> Option<RoleEnum> {
        self.document.waits_for.map(Into::into)
    }

    /// The number of the newest revision: the one to sign.
    async fn revision(&self) -> i32 {
        self.document.newest().map_or(0, |newest| number(newest.number))
    }

    /// The year in which its academic year begins.
    async fn academic_year(&self) -> i32 {
        self.document.year.into()
    }

    /// The version of the regulation it was opened under.
    async fn regulation_version(&self) -> &str {
        &self.document.regulation
    }

    /// Whose it is.
    async fn student(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Student>> {
        Ok(readable_student(ctx, self.owner()?).await?.ok())
    }

    /// Who guides the student.
    async fn advisor(&self) -> Option<Person> {
        self.document.advisor.map(Person)
    }

    /// Its terms, the oldest first.
    async fn terms(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<IepTerm>> {
        let mut terms = Vec::new();
        for plan in self.document.terms.values() {
            let Some(term) = Term::load(ctx, plan.term).await? else { continue };
            let credits = CreditCount::of(plan.limit, self.document.credits(plan.term));
            terms.push(IepTerm { term, credits });
        }
        terms.sort_by_key(|term| (term.term.document.starts_day, term.term.id));
        Ok(terms)
    }

    /// The subjects of the newest revision.
    async fn entries(&self) -> Vec<IepEntry> {
        let newest = self.document.newest();
        newest
            .into_iter()
            .flat_map(|newest| newest.entries.values())
            .cloned()
            .map(IepEntry)
            .collect()
    }

    /// The chosen streams.
    async fn streams(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Stream>> {
        Stream::each(ctx, self.document.streams.keys().copied()).await
    }

    /// The signatures of the newest revision, first to last.
    async fn signatures(&self) -> Vec<IepSignature> {
        let newest = self.document.newest();
        newest.map(|newest| signatures(&self.document, newest)).unwrap_or_default()
    }

    /// The trail: all revisions, the oldest first.
    async fn revisions(&self) -> Vec<IepRevision> {
        let places = 0..self.document.revisions.len();
        places.map(|place| IepRevision { iep: Arc::clone(&self.document), place }).collect()
    }
}

/// A subject on a plan.
pub struct IepEntry(Entry);

#[Object]
impl IepEntry {
    /// The subject, as it was then.
    async fn subject(&self) -> Subject {
        Subject::then(self.0.subject, &self.0.code, &self.0.title, self.0.credits)
    }

    /// In which term.
    async fn term(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Term>> {
        Term::load(ctx, self.0.term).await
    }

    /// The subject's credits then.
    async fn credits(&self) -> Credits {
        self.0.credits.into()
    }

    /// The registration.
    async fn enrollment_id(&self) -> ID {
        self.0.enrollment.to_string().into()
    }
}

/// A revision of a plan.
pub struct IepRevision {
    iep: Arc<IepDocument>,
    place: usize,
}

impl IepRevision {
    fn revision(&self) -> async_graphql::Result<&Revision> {
        self.iep.revisions.get(self.place).ok_or_else(internal)
    }
}

#[Object]
impl IepRevision {
    /// Its number, from 1.
    async fn number(&self) -> async_graphql::Result<i32> {
        Ok(number(self.revision()?.number))
    }

    /// When it was opened.
    async fn opened_at(&self) -> async_graphql::Result<DateTime> {
        Ok(DateTime(self.revision()?.opened_at))
    }

    /// By whom; none for a policy.
    async fn opened_by(&self) -> async_graphql::Result<Option<Person>> {
        Ok(self.revision()?.opened_by.map(Person))
    }

    /// The subjects.
    async fn entries(&self) -> async_graphql::Result<Vec<IepEntry>> {
        Ok(self.revision()?.entries.values().cloned().map(IepEntry).collect())
    }

    /// What it changes in the revision before; nothing for the first.
    async fn changes(&self) -> async_graphql::Result<Vec<IepChange>> {
        let number = self.revision()?.number;
        Ok(self.iep.changes(number).iter().map(IepChange::of).collect())
    }

    /// How it was sent back, if it was.
    async fn sent_back(&self) -> async_graphql::Result<Option<IepSentBack>> {
        Ok(self.revision()?.sent_back.clone().map(IepSentBack))
    }

    /// Its signatures, first to last.
    async fn signatures(&self) -> async_graphql::Result<Vec<IepSignature>> {
        Ok(signatures(&self.iep, self.revision()?))
    }

    /// The bytes that were signed: canonical JSON (RFC 8785); none before the first signature.
    async fn signed_json(&self) -> async_graphql::Result<Option<String>> {
        Ok(self.revision()?.signed.as_ref().map(|signed| signed.json.clone()))
    }
}

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum IepChangeKind {
    /// The subject came.
    Added,
    /// The subject went.
    Removed,
    /// The subject went to another term.
    Moved,
}

/// A difference between a revision and the one before.
pub struct IepChange {
    entry: Entry,
    from: Option<aggregates::shared::TermId>,
    to: Option<aggregates::shared::TermId>,
}

impl IepChange {
    fn of(change: &Change<'_>) -> Self {
        Self { entry: change.entry.clone(), from: change.from, to: change.to }
    }
}

#[Object]
impl IepChange {
    /// What kind of change it is.
    async fn kind(&self) -> IepChangeKind {
        match (self.from, self.to) {
            (None, _) => IepChangeKind::Added,
            (Some(_), None) => IepChangeKind::Removed,
            (Some(_), Some(_)) => IepChangeKind::Moved,
        }
    }

    /// The subject, as it was then.
    async fn subject(&self) -> Subject {
        let entry = &self.entry;
        Subject::then(entry.subject, &entry.code, &entry.title, entry.credits)
    }

    /// The term it was in.
    #[graphql(name = "fromTerm")]
    async fn term_before(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Term>> {
        match self.from {
            Some(term) => Term::load(ctx, term).await,
            None => Ok(None),
        }
    }

    /// The term it is in.
    #[graphql(name = "toTerm")]
    async fn term_after(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Term>> {
        match self.to {
            Some(term) => Term::load(ctx, term).await,
            None => Ok(None),
        }
    }
}

/// How a revision was sent back.
pub struct IepSentBack(projections::iep::SentBack);

#[Object]
impl IepSentBack {
    /// By whom.
    async fn by(&self) -> Person {
        Person(self.0.by)
    }

    /// In which role.
    async fn role(&self) -> RoleEnum {
        self.0.role.into()
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Why; none where the text was erased.
    async fn reason(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let text = ctx.documents()?.load_one(self.0.reason.id).await;
        text.map_err(|error| super::errors::store(&error))
    }
}

/// A signature.
#[derive(SimpleObject)]
pub struct IepSignature {
    /// In which role.
    role: RoleEnum,
    /// By whom.
    signer: Person,
    /// When.
    signed_at: DateTime,
    /// SHA-256 of what was signed, in hex.
    digest: String,
    /// Whether the digest is that of the bytes that were signed.
    digest_matches: bool,
    /// Whether it still holds.
    valid: bool,
    /// Why it does not.
    invalid_because: Option<InvalidSignature>,
}

/// Why a signature does not hold.
#[derive(SimpleObject)]
pub struct InvalidSignature {
    /// Stable.
    code: ErrorCode,
    /// In the reader's language.
    message: String,
}

fn signatures(iep: &IepDocument, revision: &Revision) -> Vec<IepSignature> {
    let told = |signature: &Signature| {
        let invalid = iep.invalid(revision, signature);
        IepSignature {
            role: signature.role.into(),
            signer: Person(signature.signer),
            signed_at: DateTime(signature.at),
            digest: signature.digest.to_string(),
            digest_matches: revision.digest_matches(signature),
            valid: invalid.is_none(),
            invalid_because: invalid.map(|invalid| {
                let code = match invalid {
                    Invalid::SentBack => "SIGNATURE_SENT_BACK",
                    Invalid::Superseded => "SIGNATURE_SUPERSEDED",
                    Invalid::DigestDiffers => "SIGNATURE_DIGEST_DIFFERS",
                };
                let message = crate::messages::message(code, &[]);
                InvalidSignature { code: ErrorCode(code), message }
            }),
        }
    };
    revision.signatures.iter().map(told).collect()
}

fn number(revision: u32) -> i32 {
    i32::try_from(revision).unwrap_or(i32::MAX)
}

/// Plans by id.
#[derive(Default)]
pub struct IepQueries;

#[Object]
impl IepQueries {
    /// A plan by id.
    async fn iep(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Iep>> {
        found(Iep::readable(ctx, query_id(&id)?).await?).map(Some)
    }
}
