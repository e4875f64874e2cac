//! The trail of each plan: every revision, every signature, whether it still holds and why not.

use std::collections::BTreeMap;

use aggregates::{
    Event,
    iep::{ChosenStream, Entry, IepEvent, RevisionCause, TermPlan},
    shared::{
        Credits, Digest, EnrollmentId, PersonId, Recorded, Role, SignedBytes, StreamId, TermId,
        TextRef,
    },
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View};

/// One document a plan.
pub struct IepTrails;

/// A plan with its trail.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct IepDocument {
    /// Whose.
    pub student: Option<PersonId>,
    /// The year in which the academic year begins.
    pub year: i16,
    /// Who guides the student.
    pub advisor: Option<PersonId>,
    /// The version of the regulation it was opened under.
    pub regulation: String,
    /// The most credits of the year.
    pub year_limit: Credits,
    /// What each term may hold.
    pub terms: BTreeMap<TermId, TermPlan>,
    /// The revisions, oldest first.
    pub revisions: Vec<Revision>,
    /// The chosen streams.
    pub streams: BTreeMap<StreamId, ChosenStream>,
    /// Why the newest revision was opened, by name; empty for the first.
    pub cause: String,
    /// Whose signature comes next, by the role's name; none once all have signed.
    pub waits_for: Option<Role>,
    /// Since when, in microseconds since 1970.
    pub waits_since: i64,
}

/// A revision of a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Revision {
    /// Its number, from 1.
    pub number: u32,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: Option<PersonId>,
    /// Why; none for the first.
    pub cause: Option<RevisionCause>,
    /// The subjects.
    pub entries: BTreeMap<EnrollmentId, Entry>,
    /// The bytes that were signed.
    pub signed: Option<SignedBytes>,
    /// The signatures, first to last.
    pub signatures: Vec<Signature>,
    /// How it was sent back.
    pub sent_back: Option<SentBack>,
    /// What registrars changed in it, in that order.
    pub by_registrars: Vec<RegistrarChange>,
}

/// A subject that a registrar put on a plan or took off it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegistrarChange {
    /// The subject.
    pub entry: Entry,
    /// Whether it came; it went otherwise.
    pub added: bool,
    /// Why.
    pub because: TextRef,
    /// By whom.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// A signature.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Signature {
    /// In which role.
    pub role: Role,
    /// By whom.
    pub signer: PersonId,
    /// When.
    pub at: Timestamp,
    /// SHA-256 of what was signed.
    pub digest: Digest,
}

/// How a revision was sent back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SentBack {
    /// By whom.
    pub by: PersonId,
    /// In which role.
    pub role: Role,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: TextRef,
}

/// Why a signature does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// The revision was sent back.
    SentBack,
    /// A newer revision took its place.
    Superseded,
    /// The digest is not that of the signed bytes.
    DigestDiffers,
}

/// A difference between a revision and the one before.
#[derive(Debug, Clone, PartialEq)]
pub struct Change<'a> {
    /// The subject.
    pub entry: &'a Entry,
    /// The term it was in; none where it was added.
    pub from: Option<TermId>,
    /// The term it is in; none where it was removed.
    pub to: Option<TermId>,
}

impl IepDocument {
    /// The newest revision.
    pub fn newest(&self) -> Option<&Revision> {
        self.revisions.last()
    }

    /// The subjects of the newest revision.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> + Clone {
        self.newest().into_iter().flat_map(|newest| newest.entries.values())
    }

    /// Whether the newest revision has a registration on it.
    pub fn holds(&self, enrollment: EnrollmentId) -> bool {
        self.newest().is_some_and(|newest| newest.entries.contains_key(&enrollment))
    }

    /// The credits that the newest revision puts into a term.
    pub fn credits(&self, term: TermId) -> Credits {
        self.entries().filter(|entry| entry.term == term).map(|entry| entry.credits).sum()
    }

    /// The credits that the newest revision puts into the terms that count to the year.
    pub fn year_credits(&self) -> Credits {
        let counted = self.terms.values().filter(|plan| plan.counts_to_year);
        counted.map(|plan| self.credits(plan.term)).sum()
    }

    /// Why a signature of a revision does not hold; none where it does.
    pub fn invalid(&self, revision: &Revision, signature: &Signature) -> Option<Invalid> {
        if !revision.digest_matches(signature) {
            Some(Invalid::DigestDiffers)
        } else if revision.sent_back.is_some() {
            Some(Invalid::SentBack)
        } else if self.newest().is_some_and(|newest| newest.number > revision.number) {
            Some(Invalid::Superseded)
        } else {
            None
        }
    }

    /// What a revision changes in the one before; nothing for the first.
    pub fn changes(&self, number: u32) -> Vec<Change<'_>> {
        let find = |number| self.revisions.iter().find(|revision| revision.number == number);
        let (Some(now), Some(before)) = (find(number), find(number.saturating_sub(1))) else {
            return vec![];
        };
        let by_subject = |revision: &'_ Revision| -> BTreeMap<_, _> {
            revision.entries.values().map(|entry| (entry.subject, entry.term)).collect()
        };
        let (terms_now, terms_before) = (by_subject(now), by_subject(before));
        let gone = before
            .entries
            .values()
            .filter(|entry| !terms_now.contains_key(&entry.subject))
            .map(|entry| Change { entry, from: Some(entry.term), to: None });
        let come = now
            .entries
            .values()
            .map(|entry| Change {
                entry,
                from: terms_before.get(&entry.subject).copied(),
                to: Some(entry.term),
            })
            .filter(|change| change.from != change.to);
        gone.chain(come).collect()
    }
}

impl Revision {
    /// Whether a signature's digest is that of the signed bytes.
    pub fn digest_matches(&self, signature: &Signature) -> bool {
        self.signed.as_ref().is_some_and(|signed| signed.digest() == signature.digest)
    }

    /// What a registrar changed has a reason.
    fn note(&mut self, entry: &Entry, added: bool, because: Option<&TextRef>, recorded: &Recorded) {
        let by_registrar = because.map(|because| RegistrarChange {
            entry: entry.clone(),
            added,
            because: because.clone(),
            by: recorded.metadata.actor,
            at: recorded.recorded_at,
        });
        self.by_registrars.extend(by_registrar);
    }

    fn open(number: u32, cause: Option<RevisionCause>, recorded: &Recorded) -> Self {
        Self {
            number,
            opened_at: recorded.recorded_at,
            opened_by: recorded.metadata.actor,
            cause,
            entries: BTreeMap::new(),
            signed: None,
            signatures: vec![],
            sent_back: None,
            by_registrars: vec![],
        }
    }
}

impl View for IepTrails {
    const NAME: &'static str = "iep";
    const VERSION: u32 = 4;
    const COLUMNS: &'static [Column] = &[
        Column { name: "student", kind: ColumnType::Text },
        Column { name: "year", kind: ColumnType::Integer },
        Column { name: "advisor", kind: ColumnType::Text },
        Column { name: "cause", kind: ColumnType::Text },
        Column { name: "waits_for", kind: ColumnType::Text },
        Column { name: "waits_since", kind: ColumnType::Integer },
    ];
    const OWN: bool = true;
    type Document = IepDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Iep(event) = event else { return vec![] };
        vec![event.iep().to_string()]
    }

    fn apply(document: &mut IepDocument, _: &str, recorded: &Recorded) {
        let Event::Iep(event) = &recorded.event else { return };
        match event {
            // Shown with the registration.
            IepEvent::LimitsOverridden { .. } => {}
            IepEvent::Opened { student, year, advisor, regulation, year_limit, .. } => {
                document.student = Some(*student);
                document.year = *year;
                document.advisor = *advisor;
                document.regulation.clone_from(regulation);
                document.year_limit = *year_limit;
                document.revisions.push(Revision::open(1, None, recorded));
            }
            IepEvent::TermPlanned { plan, .. } => {
                document.terms.insert(plan.term, plan.clone());
            }
            IepEvent::AdvisorAssigned { advisor, .. } => document.advisor = Some(*advisor),
            IepEvent::StreamPlaced { chosen, gives_up, .. } => {
                if let Some(old) = gives_up {
                    document.streams.remove(old);
                }
                document.streams.insert(chosen.stream, chosen.clone());
            }
            IepEvent::StreamLeft { stream, .. } => {
                document.streams.remove(stream);
            }
            IepEvent::RevisionOpened { revision, cause, .. } => {
                let mut next = Revision::open(*revision, Some(cause.clone()), recorded);
                next.entries =
                    document.newest().map(|newest| newest.entries.clone()).unwrap_or_default();
                cause_name(cause).clone_into(&mut document.cause);
                document.revisions.push(next);
            }
            IepEvent::SubjectAdded { .. }
            | IepEvent::SubjectRemoved { .. }
            | IepEvent::Signed { .. }
            | IepEvent::SentBack { .. } => document.revise(event, recorded),
        }
        document.wait(recorded);
    }
}

/// What a cause is called.
fn cause_name(cause: &RevisionCause) -> &'static str {
    match cause {
        RevisionCause::AddDrop => "add_drop",
        RevisionCause::SentBack => "sent_back",
        RevisionCause::Registrar { .. } => "registrar",
    }
}

impl IepDocument {
    /// What happens to the newest revision.
    fn revise(&mut self, event: &IepEvent, recorded: &Recorded) {
        let Some(newest) = self.revisions.last_mut() else { return };
        match event {
            IepEvent::SubjectAdded { entry, because, .. } => {
                newest.entries.insert(entry.enrollment, entry.clone());
                newest.note(entry, true, because.as_ref(), recorded);
            }
            IepEvent::SubjectRemoved { entry, because, .. } => {
                newest.entries.remove(&entry.enrollment);
                newest.note(entry, false, because.as_ref(), recorded);
                self.streams.retain(|_, chosen| chosen.enrollment != entry.enrollment);
            }
            IepEvent::Signed { role, signer, digest, signed, at, .. } => {
                newest.signed = signed.clone().or(newest.signed.take());
                let (role, signer, at, digest) = (*role, *signer, *at, digest.clone());
                newest.signatures.push(Signature { role, signer, at, digest });
            }
            IepEvent::SentBack { by, role, reason, .. } => {
                let (by, role, at, reason) = (*by, *role, recorded.recorded_at, reason.clone());
                newest.sent_back = Some(SentBack { by, role, at, reason });
            }
            _ => {}
        }
    }

    /// Whose signature comes next, and since when.
    fn wait(&mut self, recorded: &Recorded) {
        const CHAIN: [Role; 3] = [Role::Student, Role::Advisor, Role::Registrar];
        let signed = self.newest().map_or(0, |newest| newest.signatures.len());
        let waits_for = CHAIN.get(signed).copied();
        if waits_for != self.waits_for {
            self.waits_for = waits_for;
            self.waits_since = recorded.recorded_at.as_microsecond();
        }
    }
}
