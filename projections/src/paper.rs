//! Papers of plans: which revision has which check code, and how a paper of it stands. One document for a revision
//! that all have signed.

use aggregates::{
    Event,
    iep::{CheckCode, IepEvent},
    shared::{Digest, IepId, PersonId, Recorded, Role, SubjectId, TermId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Column, View,
    iep::{IepDocument, Revision},
};

/// The last to sign: with that a paper can be had.
const LAST: Role = Role::Registrar;

/// One document a check code.
pub struct Papers;

/// What a check code stands for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PaperDocument {
    /// The plan.
    pub iep: Option<IepId>,
    /// Whose.
    pub student: Option<PersonId>,
    /// The revision.
    pub revision: u32,
    /// SHA-256 of what was signed.
    pub digest: Option<Digest>,
    /// When the last signed.
    pub signed_at: Option<Timestamp>,
}

impl View for Papers {
    const NAME: &'static str = "paper";
    const VERSION: u32 = 1;
    const COLUMNS: &'static [Column] = &[];
    type Document = PaperDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::Iep(IepEvent::Signed { role: LAST, digest, .. }) => {
                vec![CheckCode::of(digest).key()]
            }
            _ => vec![],
        }
    }

    fn apply(document: &mut PaperDocument, _: &str, recorded: &Recorded) {
        if let Event::Iep(IepEvent::Signed { iep, student, revision, digest, at, .. }) =
            &recorded.event
        {
            *document = PaperDocument {
                iep: Some(*iep),
                student: Some(*student),
                revision: *revision,
                digest: Some(digest.clone()),
                signed_at: Some(*at),
            };
        }
    }
}

/// How a paper of a revision stands that all have signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperStanding {
    /// It is of the newest revision, and its signatures hold.
    Valid,
    /// The revision was sent back then.
    SentBack(Timestamp),
    /// A newer revision was opened then.
    Superseded(Timestamp),
    /// The record does not fit what was signed.
    Broken,
}

impl Revision {
    /// The code on its paper; none before all have signed.
    pub fn check_code(&self) -> Option<CheckCode> {
        let last = self.signatures.iter().find(|signature| signature.role == LAST)?;
        Some(CheckCode::of(&last.digest))
    }
}

/// What was signed of each subject (format 1).
#[derive(Deserialize)]
struct SignedContent {
    subjects: Vec<SignedSubject>,
}

/// A subject as it was signed.
#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct SignedSubject {
    term: TermId,
    subject: SubjectId,
    code: String,
    title: String,
    credits: i64,
}

impl Revision {
    /// Whether the subjects that are shown are those that were signed.
    fn shows_what_was_signed(&self) -> bool {
        let signed = self.signed.as_ref();
        let signed =
            signed.and_then(|signed| serde_json::from_str::<SignedContent>(&signed.json).ok());
        let Some(SignedContent { mut subjects }) = signed else { return false };
        let shown = self.entries.values().map(|entry| SignedSubject {
            term: entry.term,
            subject: entry.subject,
            code: entry.code.to_string(),
            title: entry.title.to_string(),
            credits: entry.credits.hundredths(),
        });
        let mut shown: Vec<_> = shown.collect();
        shown.sort();
        subjects.sort();
        shown == subjects
    }
}

impl IepDocument {
    /// The revision of that number.
    pub fn revision(&self, number: u32) -> Option<&Revision> {
        self.revisions.iter().find(|revision| revision.number == number)
    }

    /// How a paper of a revision with that code stands.
    pub fn paper_standing(&self, code: CheckCode, revision: &Revision) -> PaperStanding {
        let fits = |signature| revision.digest_matches(signature);
        let next = self.revision(revision.number + 1).map(|next| next.opened_at);
        match (&revision.sent_back, next) {
            _ if !revision.signatures.iter().all(fits) => PaperStanding::Broken,
            _ if revision.check_code() != Some(code) => PaperStanding::Broken,
            _ if !revision.shows_what_was_signed() => PaperStanding::Broken,
            (Some(sent_back), _) => PaperStanding::SentBack(sent_back.at),
            (None, Some(opened_at)) => PaperStanding::Superseded(opened_at),
            (None, None) => PaperStanding::Valid,
        }
    }
}
