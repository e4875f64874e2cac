//! Iep: one student's individual education plan for one academic year, over its terms.
//!
//! Invariants: signatures come in the order student, advisor, registrar, each once a revision, each
//! over the bytes the student signed; subjects change freely only before the first signature, later
//! only in a new revision; credits stay within the plan of their term and of the year, unless a registrar overrides
//! that on record; two chosen streams never meet at the same time, also those of two terms that are
//! taught at once. A choice of streams opens no revision; for a registration that was taken over from
//! another system it opens the plan, which then has the timetable before it has subjects.
//!
//! ```text
//! (nothing) --AddSubject--> open --Sign--> signed by student --Sign--> by advisor --Sign--> ready
//!                            ^                    |                        |                 |
//!                            |<-- SendBack -------+------------------------+                 |
//!                            |<-- a change in add/drop, or by a registrar: a new revision ---+
//! ```

mod check_code;
mod command;
mod error;
mod event;
mod room;
mod signing;
mod streams;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use check_code::{CheckCode, NoCheckCode};
pub use command::{Authority, IepCommand, Opening, Openness, Placement};
pub use error::IepError;
pub use event::{ChosenStream, Entry, IepEvent, RevisionCause, TermPlan};
pub use room::Room;
pub use signing::Signer;

use crate::shared::{
    Credits, EnrollmentId, IepId, Override, PersonId, Role, SignedBytes, StreamId, SubjectId,
    TermId,
};

/// One student's plan for one academic year.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Iep {
    about: Option<About>,
    terms: BTreeMap<TermId, TermPlan>,
    revision: u32,
    after_sent_back: bool,
    entries: BTreeMap<EnrollmentId, Entry>,
    signatures: Vec<Role>,
    signed: Option<SignedBytes>,
    streams: BTreeMap<StreamId, ChosenStream>,
}

/// What never changes about a plan, its advisor aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct About {
    iep: IepId,
    student: PersonId,
    regulation: String,
    year_limit: Credits,
    advisor: Option<PersonId>,
}

aggregate!(Iep, "Iep", IepCommand, IepEvent, IepError);

impl Iep {
    fn decide(&self, command: IepCommand) -> Result<Vec<IepEvent>, IepError> {
        match command {
            IepCommand::AddSubject { opening, terms, entry, beside, openness, over } => {
                self.must_have_beside(&entry, beside)?;
                self.add_subject(*opening, terms, entry, openness, over.map(|over| *over))
            }
            IepCommand::HaveNothingElse { of, known } => {
                let mut here = self.entries.iter();
                match here.any(|(id, entry)| of.contains(&entry.subject) && !known.contains(id)) {
                    true => Err(IepError::PlanChanged),
                    false => Ok(vec![]),
                }
            }
            IepCommand::HaveNoOtherStreams { terms, known } => {
                let mut placed = self.streams.values().filter(|one| terms.contains(&one.term));
                match placed.all(|one| known.get(&one.stream) == Some(&one.meetings)) {
                    true => Ok(vec![]),
                    false => Err(IepError::StreamsChanged),
                }
            }
            IepCommand::RemoveSubject { enrollment, openness } => {
                let entry = self.entry(enrollment)?.clone();
                let because = openness.reason();
                let reopened = self.opened_for_change(entry.term, openness)?;
                let (iep, student) = self.whose()?;
                let removed = IepEvent::SubjectRemoved { iep, student, entry, because };
                Ok(reopened.into_iter().chain([removed]).collect())
            }
            IepCommand::Sign { revision, signer, at } => self.sign(revision, signer, at),
            IepCommand::SendBack { revision, by, reason } => self.send_back(revision, by, reason),
            IepCommand::AssignAdvisor { advisor } => {
                let (iep, student) = self.whose()?;
                let same = self.about.as_ref().is_some_and(|about| about.advisor == Some(advisor));
                let assigned = IepEvent::AdvisorAssigned { iep, student, advisor };
                Ok((!same).then_some(assigned).into_iter().collect())
            }
            IepCommand::PlaceStreams(placement) => self.place_streams(placement),
            IepCommand::MoveStream { stream, meetings, terms, despite_clashes } => {
                self.move_stream(stream, meetings, terms, despite_clashes)
            }
            IepCommand::LeaveStream { stream } => {
                // The registration says whether the seat was held; here it is taken off where it stands.
                let placed = self.streams.contains_key(&stream).then(|| self.whose());
                let left = |(iep, student)| IepEvent::StreamLeft { iep, student, stream };
                Ok(placed.transpose()?.map(left).into_iter().collect())
            }
        }
    }

    fn evolve(&mut self, event: IepEvent) {
        match event {
            IepEvent::Opened { iep, student, advisor, regulation, year_limit, .. } => {
                self.about = Some(About { iep, student, regulation, year_limit, advisor });
                self.revision = 1;
            }
            IepEvent::TermPlanned { plan, .. } => {
                self.terms.insert(plan.term, plan);
            }
            IepEvent::AdvisorAssigned { advisor, .. } => {
                if let Some(about) = &mut self.about {
                    about.advisor = Some(advisor);
                }
            }
            IepEvent::SubjectAdded { entry, .. } => {
                self.entries.insert(entry.enrollment, entry);
            }
            IepEvent::SubjectRemoved { entry, .. } => {
                self.entries.remove(&entry.enrollment);
                self.streams.retain(|_, chosen| chosen.enrollment != entry.enrollment);
            }
            IepEvent::StreamPlaced { chosen, gives_up, .. } => {
                if let Some(old) = gives_up {
                    self.streams.remove(&old);
                }
                self.streams.insert(chosen.stream, chosen);
            }
            IepEvent::StreamLeft { stream, .. } => {
                self.streams.remove(&stream);
            }
            IepEvent::Signed { role, signed, .. } => {
                self.signatures.push(role);
                self.signed = signed.or(self.signed.take());
            }
            IepEvent::LimitsOverridden { .. } | IepEvent::SentBack { .. } => {}
            IepEvent::RevisionOpened { revision, cause, .. } => {
                self.revision = revision;
                self.after_sent_back = cause == RevisionCause::SentBack;
                self.signatures.clear();
                self.signed = None;
            }
        }
    }

    fn add_subject(
        &self,
        opening: Opening,
        terms: Vec<TermPlan>,
        entry: Entry,
        openness: Openness,
        over: Option<Override>,
    ) -> Result<Vec<IepEvent>, IepError> {
        let (iep, student) = (opening.iep, opening.student);
        if self.entries.contains_key(&entry.enrollment) {
            return Err(IepError::SubjectInPlan);
        }
        let mut plans = self.terms.clone();
        plans.extend(terms.into_iter().map(|plan| (plan.term, plan)));
        // An open plan stays under the limit it was opened with, which is on record.
        let year_limit = self.about.as_ref().map_or(opening.year_limit, |about| about.year_limit);
        let room = Room::of(entry.term, &plans, year_limit, self.entries.values());
        let room = room.ok_or(IepError::TermNotInYear)?;
        let because = openness.reason();
        let reopened = self.opened_for_change(entry.term, openness)?;
        let overridden = Override::of(over.as_ref(), room.reasons(entry.credits))?;
        let over = over.filter(|_| !overridden.is_empty()).map(|over| {
            let (enrollment, reason, by) = (entry.enrollment, over.because, over.by);
            IepEvent::LimitsOverridden { iep, student, enrollment, overridden, reason, by }
        });
        let opened = self.about.is_none().then(|| opening.event());
        let planned = plans
            .into_values()
            .filter(|plan| self.terms.get(&plan.term) != Some(plan))
            .map(|plan| IepEvent::TermPlanned { iep, student, plan });
        let added = IepEvent::SubjectAdded { iep, student, entry, because };
        Ok(opened.into_iter().chain(reopened).chain(planned).chain([added]).chain(over).collect())
    }

    /// Two requests at once can't each miss the other's subject.
    fn must_have_beside(
        &self,
        entry: &Entry,
        beside: Option<BTreeSet<SubjectId>>,
    ) -> Result<(), IepError> {
        let here = || {
            let of_term = self.entries.values().filter(|other| other.term == entry.term);
            of_term.map(|other| other.subject).collect::<BTreeSet<_>>()
        };
        match beside {
            Some(known) if known != here() => Err(IepError::PlanChanged),
            _ => Ok(()),
        }
    }

    /// Whether subjects may change now; after a signature, with the revision that this opens.
    fn opened_for_change(
        &self,
        term: TermId,
        openness: Openness,
    ) -> Result<Option<IepEvent>, IepError> {
        let signed_by = self.signatures.last().copied();
        let Some(cause) = openness.may_change(term, signed_by, self.after_sent_back)? else {
            return Ok(None);
        };
        let (iep, student) = self.whose()?;
        let revision = self.revision + 1;
        Ok(Some(IepEvent::RevisionOpened { iep, student, revision, cause }))
    }

    fn entry(&self, enrollment: EnrollmentId) -> Result<&Entry, IepError> {
        self.whose()?;
        self.entries.get(&enrollment).ok_or(IepError::SubjectNotInPlan)
    }

    fn about(&self) -> Result<&About, IepError> {
        self.about.as_ref().ok_or(IepError::Unknown)
    }

    fn whose(&self) -> Result<(IepId, PersonId), IepError> {
        self.about().map(|about| (about.iep, about.student))
    }

    fn must_be_newest(&self, revision: u32) -> Result<(), IepError> {
        let newest = self.revision;
        if revision == newest { Ok(()) } else { Err(IepError::RevisionIsOld { revision, newest }) }
    }
}
