//! The trail of individual education plans: revisions, what each changed, and who signed it
//! (manual 2.3.2).

use std::sync::Arc;

use aggregates::{
    iep::{Entry, RevisionCause},
    shared::IepId,
};
use async_graphql::{Context, Enum, Object, SimpleObject};
use projections::iep::{Change, IepDocument, Invalid, RegistrarChange, Revision, Signature};

use super::{
    calendar::Term,
    codes::ErrorCode,
    errors::internal,
    ieps::IepEntry,
    papers::IepPaper,
    people::{Person, RoleEnum},
    request::Ask,
    scalars::DateTime,
    subjects::Subject,
};

/// Why a revision was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum IepRevisionCause {
    /// It is the first.
    First,
    /// A change in add/drop.
    AddDrop,
    /// The one before was sent back.
    SentBack,
    /// A registrar changed the plan.
    Registrar,
}

/// A revision of a plan.
pub struct IepRevision {
    id: IepId,
    iep: Arc<IepDocument>,
    place: usize,
}

impl IepRevision {
    /// All revisions of a plan, the first first.
    pub fn all(id: IepId, iep: &Arc<IepDocument>) -> Vec<Self> {
        let places = 0..iep.revisions.len();
        places.map(|place| Self { id, iep: Arc::clone(iep), place }).collect()
    }

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

    /// Why it was opened.
    async fn cause(&self) -> async_graphql::Result<IepRevisionCause> {
        Ok(match self.revision()?.cause {
            None => IepRevisionCause::First,
            Some(RevisionCause::AddDrop) => IepRevisionCause::AddDrop,
            Some(RevisionCause::SentBack) => IepRevisionCause::SentBack,
            Some(RevisionCause::Registrar { .. }) => IepRevisionCause::Registrar,
        })
    }

    /// The reason of the registrar who opened it; none where the text was erased.
    async fn cause_reason(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        match &self.revision()?.cause {
            Some(RevisionCause::Registrar { reason }) => ctx.text(reason.id).await,
            _ => Ok(None),
        }
    }

    /// The subjects.
    async fn entries(&self) -> async_graphql::Result<Vec<IepEntry>> {
        Ok(self.revision()?.entries.values().cloned().map(IepEntry).collect())
    }

    /// What it changes in the revision before; nothing for the first.
    async fn changes(&self) -> async_graphql::Result<Vec<IepChange>> {
        let number = self.revision()?.number;
        let by = &self.revision()?.by_registrars;
        Ok(self.iep.changes(number).iter().map(|change| IepChange::of(change, by)).collect())
    }

    /// What registrars changed in it, the first first, each with its reason.
    async fn registrar_changes(&self) -> async_graphql::Result<Vec<IepRegistrarChange>> {
        Ok(self.revision()?.by_registrars.iter().cloned().map(IepRegistrarChange).collect())
    }

    /// How it was sent back, if it was.
    async fn sent_back(&self) -> async_graphql::Result<Option<IepSentBack>> {
        Ok(self.revision()?.sent_back.clone().map(IepSentBack))
    }

    /// Its signatures, first to last.
    async fn signatures(&self) -> async_graphql::Result<Vec<IepSignature>> {
        Ok(signatures(&self.iep, self.revision()?))
    }

    /// It as a paper; none before all have signed it. One that holds no more can be had too: its check code tells so.
    async fn paper(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<IepPaper>> {
        IepPaper::of(ctx, self.id, self.revision()?)
    }

    /// The bytes that were signed: canonical JSON (RFC 8785); none before the first signature.
    async fn signed_json(&self) -> async_graphql::Result<Option<String>> {
        Ok(self.revision()?.signed.as_ref().map(|signed| signed.json.clone()))
    }

    /// SHA-256 of these bytes in hex, computed as this is asked: what each signature's digest has to be.
    async fn signed_digest(&self) -> async_graphql::Result<Option<String>> {
        let signed = self.revision()?.signed.as_ref();
        Ok(signed.map(|signed| signed.digest().to_string()))
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
    /// Where it was a registrar's, the last of theirs.
    by_registrar: Option<RegistrarChange>,
}

impl IepChange {
    fn of(change: &Change<'_>, by_registrars: &[RegistrarChange]) -> Self {
        let theirs = |one: &&RegistrarChange| {
            let entry = &one.entry;
            (entry.subject, one.added) == (change.entry.subject, change.to.is_some())
        };
        Self {
            entry: change.entry.clone(),
            from: change.from,
            to: change.to,
            by_registrar: by_registrars.iter().rev().find(theirs).cloned(),
        }
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

    /// The reason of the registrar who made it; none where the student did, or where the text was erased.
    async fn reason(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        match &self.by_registrar {
            Some(change) => ctx.text(change.because.id).await,
            None => Ok(None),
        }
    }

    /// The registrar who made it; none where the student did.
    async fn by(&self) -> Option<Person> {
        self.by_registrar.as_ref().and_then(|change| change.by).map(Person)
    }
}

/// A subject that a registrar put on a plan or took off it.
pub struct IepRegistrarChange(RegistrarChange);

#[Object]
impl IepRegistrarChange {
    /// Whether the subject came or went.
    async fn kind(&self) -> IepChangeKind {
        if self.0.added { IepChangeKind::Added } else { IepChangeKind::Removed }
    }

    /// The subject, as it was then.
    async fn subject(&self) -> Subject {
        let entry = &self.0.entry;
        Subject::then(entry.subject, &entry.code, &entry.title, entry.credits)
    }

    /// In which term.
    async fn term(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Term>> {
        Term::load(ctx, self.0.entry.term).await
    }

    /// Why; none where the text was erased.
    async fn reason(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        ctx.text(self.0.because.id).await
    }

    /// By whom.
    async fn by(&self) -> Option<Person> {
        self.0.by.map(Person)
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
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
        ctx.text(self.0.reason.id).await
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

/// The signatures of a revision, first to last.
pub fn signatures(iep: &IepDocument, revision: &Revision) -> Vec<IepSignature> {
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

/// The number of a revision.
pub fn number(revision: u32) -> i32 {
    i32::try_from(revision).unwrap_or(i32::MAX)
}
