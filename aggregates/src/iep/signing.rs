//! The signatures of a plan: student, advisor, registrar, in that order.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use super::{Iep, IepError, IepEvent, RevisionCause};
use crate::shared::{IepId, PersonId, Role, SignedBytes, SubjectId, TermId, TextRef};

/// The chain of signatures, first to last.
const CHAIN: [Role; 3] = [Role::Student, Role::Advisor, Role::Registrar];
/// The version of the format that is signed.
const FORMAT: u16 = 1;

/// Who signs or sends back, with the roles of their account.
#[derive(Debug, Clone)]
pub struct Signer {
    /// Who.
    pub person: PersonId,
    /// What they may act as.
    pub roles: BTreeSet<Role>,
}

/// Format 1 of what is signed: no names, no streams.
#[derive(Serialize)]
struct Content<'a> {
    iep: IepId,
    revision: u32,
    person: PersonId,
    terms: BTreeSet<TermId>,
    subjects: Vec<SubjectLine<'a>>,
    regulation: &'a str,
}

#[derive(Serialize)]
struct SubjectLine<'a> {
    term: TermId,
    subject: SubjectId,
    code: &'a str,
    title: &'a str,
    /// In hundredths of a credit.
    credits: i64,
}

impl Iep {
    pub(super) fn sign(
        &self,
        revision: u32,
        signer: Signer,
        at: Timestamp,
    ) -> Result<Vec<IepEvent>, IepError> {
        let (iep, student) = self.whose()?;
        self.must_be_newest(revision)?;
        let role = self.role_of(&signer)?;
        let signed = match &self.signed {
            None => Some(self.canonical_bytes()?),
            Some(_) => None,
        };
        let digest = match (&signed, &self.signed) {
            (Some(bytes), _) | (None, Some(bytes)) => bytes.digest(),
            (None, None) => return Err(IepError::Unknown),
        };
        let signer = signer.person;
        Ok(vec![IepEvent::Signed { iep, student, revision, role, signer, digest, signed, at }])
    }

    pub(super) fn send_back(
        &self,
        revision: u32,
        by: Signer,
        reason: TextRef,
    ) -> Result<Vec<IepEvent>, IepError> {
        let (iep, student) = self.whose()?;
        self.must_be_newest(revision)?;
        if self.signatures.is_empty() {
            return Err(IepError::NotSignedYet);
        }
        let role = match self.next_signature() {
            Some(role) if self.may_act_as(&by, role) => role,
            None if by.roles.contains(&Role::Registrar) => Role::Registrar,
            Some(waits_for) => return Err(self.waits_for(waits_for)),
            None => return Err(IepError::NotASigner),
        };
        let by = by.person;
        let next = revision + 1;
        Ok(vec![
            IepEvent::SentBack { iep, student, revision, by, role, reason },
            IepEvent::RevisionOpened {
                iep,
                student,
                revision: next,
                cause: RevisionCause::SentBack,
            },
        ])
    }

    /// The role whose signature comes next; none where all have signed.
    fn next_signature(&self) -> Option<Role> {
        CHAIN.get(self.signatures.len()).copied()
    }

    /// The role in which this person signs now.
    fn role_of(&self, signer: &Signer) -> Result<Role, IepError> {
        let roles: Vec<_> =
            CHAIN.into_iter().filter(|role| self.may_act_as(signer, *role)).collect();
        match self.next_signature() {
            Some(next) if roles.contains(&next) => Ok(next),
            next => match (roles.last(), next) {
                (None, _) => Err(IepError::NotASigner),
                (Some(role), _) if self.signatures.contains(role) => {
                    Err(IepError::SignedAlready { role: *role })
                }
                (Some(_), Some(waits_for)) => Err(self.waits_for(waits_for)),
                (Some(role), None) => Err(IepError::SignedAlready { role: *role }),
            },
        }
    }

    /// Whose signature has to come first.
    fn waits_for(&self, waits_for: Role) -> IepError {
        let nobody = self.about.as_ref().is_some_and(|about| about.advisor.is_none());
        if waits_for == Role::Advisor && nobody {
            IepError::AdvisorMissing
        } else {
            IepError::OutOfOrder { waits_for }
        }
    }

    fn may_act_as(&self, signer: &Signer, role: Role) -> bool {
        let Some(about) = &self.about else {
            return false;
        };
        match role {
            Role::Student => signer.person == about.student,
            Role::Advisor => {
                about.advisor == Some(signer.person) && signer.roles.contains(&Role::Advisor)
            }
            role => signer.roles.contains(&role),
        }
    }

    /// What exactly is signed.
    fn canonical_bytes(&self) -> Result<SignedBytes, IepError> {
        let about = self.about()?;
        if self.entries.is_empty() {
            return Err(IepError::PlanIsEmpty);
        }
        let mut entries: Vec<_> = self.entries.values().collect();
        entries.sort_by_key(|entry| (entry.term, entry.subject));
        let subjects = entries
            .into_iter()
            .map(|entry| SubjectLine {
                term: entry.term,
                subject: entry.subject,
                code: entry.code.as_str(),
                title: entry.title.as_str(),
                credits: entry.credits.hundredths(),
            })
            .collect();
        let content = Content {
            iep: about.iep,
            revision: self.revision,
            person: about.student,
            terms: self.entries.values().map(|entry| entry.term).collect(),
            subjects,
            regulation: &about.regulation,
        };
        SignedBytes::of(FORMAT, &content).ok_or(IepError::Unknown)
    }
}
