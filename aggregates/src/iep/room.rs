//! What a plan has room for, and when it may change: asked by the plan itself and, over a view of it,
//! by whoever wants to know beforehand.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Authority, Entry, IepError, Openness, RevisionCause, TermPlan};
use crate::shared::{Credits, Role, TermId, TextRef, Window};

/// How full a term and its year are.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    term_limit: Credits,
    term_planned: Credits,
    year_limit: Option<Credits>,
    year_planned: Credits,
}

impl Room {
    /// The room in a term; none where the term is not one of the year's.
    pub fn of<'a>(
        term: TermId,
        plans: &BTreeMap<TermId, TermPlan>,
        year_limit: Credits,
        entries: impl Iterator<Item = &'a Entry> + Clone,
    ) -> Option<Self> {
        let plan = plans.get(&term)?;
        let counts = |term: &TermId| plans.get(term).is_none_or(|plan| plan.counts_to_year);
        let in_term = entries.clone().filter(|entry| entry.term == term);
        let in_year = entries.filter(|entry| counts(&entry.term));
        Some(Self {
            term_limit: plan.limit,
            term_planned: in_term.map(|entry| entry.credits).sum(),
            year_limit: plan.counts_to_year.then_some(year_limit),
            year_planned: in_year.map(|entry| entry.credits).sum(),
        })
    }

    /// The room that is left beside so many credits more, in the term and so in its year.
    pub fn beside(self, credits: Credits) -> Self {
        Self {
            term_planned: self.term_planned + credits,
            year_planned: self.year_planned + credits,
            ..self
        }
    }

    /// Why a subject of these credits does not fit.
    pub fn reasons(&self, subject: Credits) -> Vec<IepError> {
        let (limit, planned) = (self.term_limit, self.term_planned);
        let term = (planned + subject > limit).then_some(IepError::CreditsOverLimit {
            limit,
            planned,
            subject,
        });
        let planned = self.year_planned;
        let year = self
            .year_limit
            .filter(|limit| planned + subject > *limit)
            .map(|limit| IepError::YearCreditsOverLimit { limit, planned, subject });
        term.into_iter().chain(year).collect()
    }
}

impl Openness {
    /// What a student may do at `at`, by the windows of a term that goes on.
    pub fn of_student(
        registration: Option<Window>,
        add_drop: Option<Window>,
        at: Timestamp,
    ) -> Self {
        Self { by: Authority::Student, registration, add_drop, ended: false, at }
    }

    /// Whether subjects of a term may change: at once, or in a new revision for that cause. What was sent back is open in
    /// the terms that have not ended.
    pub fn may_change(
        &self,
        term: TermId,
        signed_by: Option<Role>,
        after_sent_back: bool,
    ) -> Result<Option<RevisionCause>, IepError> {
        let open = |window: Option<Window>| window.is_some_and(|window| window.contains(self.at));
        let in_add_drop = || open(self.add_drop).then_some(RevisionCause::AddDrop);
        let by_registrar = self.reason().map(|reason| RevisionCause::Registrar { reason });
        let cause = by_registrar.or_else(in_add_drop);
        match (signed_by, cause) {
            (Some(_), Some(cause)) => Ok(Some(cause)),
            (Some(signed_by), None) => Err(IepError::AlreadySignedPlan { signed_by }),
            (None, Some(_)) => Ok(None),
            (None, None) if after_sent_back && !self.ended => Ok(None),
            (None, None) if open(self.registration) => Ok(None),
            (None, None) => Err(self.closed(term)),
        }
    }

    /// A registrar's reason: it stays with the change, whether that opens a revision or not.
    pub(super) fn reason(&self) -> Option<TextRef> {
        match &self.by {
            Authority::Registrar { reason } => Some(reason.clone()),
            Authority::Student => None,
        }
    }

    fn closed(&self, term: TermId) -> IepError {
        match self.registration {
            Some(Window { opens_at, closes_at }) => {
                IepError::RegistrationClosed { opens_at, closes_at, now: self.at }
            }
            None => IepError::RegistrationNotScheduled { term, now: self.at },
        }
    }
}
