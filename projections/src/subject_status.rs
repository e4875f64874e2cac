//! How a student stands with each subject (manual 2.3).

use std::collections::{BTreeMap, BTreeSet};

use aggregates::{
    Event,
    enrollment::{EnrollmentEvent, SubjectStatus},
    shared::{EnrollmentId, Grade, Outcome, PersonId, Recorded, SubjectId, TermId},
};
use serde::{Deserialize, Serialize};

use crate::View;

/// One document a student.
pub struct SubjectStatuses;

/// How one student stands with each subject.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SubjectStatusDocument {
    /// By subject, what became of each registration that was not given up.
    pub subjects: BTreeMap<SubjectId, BTreeMap<EnrollmentId, Standing>>,
}

/// What became of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// No grade yet.
    InProgress,
    /// Passed.
    Passed,
    /// The exam may be taken again.
    RetakeDue,
    /// Without success.
    Failed,
}

impl SubjectStatusDocument {
    /// How the student stands with a subject, over all its registrations.
    pub fn status(&self, subject: SubjectId) -> SubjectStatus {
        self.status_without(subject, &BTreeSet::new())
    }

    /// The same once these registrations are given up.
    pub fn status_without(
        &self,
        subject: SubjectId,
        given_up: &BTreeSet<EnrollmentId>,
    ) -> SubjectStatus {
        let all = self.subjects.get(&subject).into_iter().flatten();
        let staying = all.filter(|(enrollment, _)| !given_up.contains(enrollment));
        let standings: Vec<_> = staying.map(|(_, standing)| *standing).collect();
        let has = |standing| standings.contains(&standing);
        if has(Standing::Passed) {
            SubjectStatus::Passed
        } else if has(Standing::InProgress) {
            SubjectStatus::InProgress
        } else if has(Standing::RetakeDue) || has(Standing::Failed) {
            SubjectStatus::Failed
        } else {
            SubjectStatus::NotPassed
        }
    }

    /// Whether an exam of the subject may be taken again.
    pub fn retake_due(&self, subject: SubjectId) -> bool {
        self.standings(subject).any(|standing| standing == Standing::RetakeDue)
    }

    /// Whether a registration for the subject ended without success, whatever has been taken again since.
    pub fn was_failed(&self, subject: SubjectId) -> bool {
        self.standings(subject).any(|found| matches!(found, Standing::Failed | Standing::RetakeDue))
    }

    /// The subjects that the student has passed.
    pub fn passed(&self) -> BTreeSet<SubjectId> {
        let subjects = self.subjects.keys().copied();
        subjects.filter(|subject| self.status(*subject) == SubjectStatus::Passed).collect()
    }

    /// The subjects that the student is registered for in a term.
    pub fn registered(&self, student: PersonId, term: TermId) -> BTreeSet<SubjectId> {
        let taken = |subject| EnrollmentId::of(student, subject, term);
        let subjects = self.subjects.iter();
        let there = subjects.filter(|(subject, all)| all.contains_key(&taken(**subject)));
        there.map(|(subject, _)| *subject).collect()
    }

    /// The subjects that one of these registrations is for and that have no grade by it yet.
    pub fn in_progress(&self, registrations: &BTreeSet<EnrollmentId>) -> BTreeSet<SubjectId> {
        let open = |(enrollment, standing): (&EnrollmentId, &Standing)| {
            *standing == Standing::InProgress && registrations.contains(enrollment)
        };
        let subjects = self.subjects.iter();
        let open = subjects.filter(|(_, all)| all.iter().any(open));
        open.map(|(subject, _)| *subject).collect()
    }

    fn standings(&self, subject: SubjectId) -> impl Iterator<Item = Standing> + '_ {
        self.subjects.get(&subject).into_iter().flat_map(BTreeMap::values).copied()
    }
}

impl View for SubjectStatuses {
    const NAME: &'static str = "subject_status";
    const VERSION: u32 = 1;
    type Document = SubjectStatusDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Enrollment(event) = event else { return vec![] };
        match event {
            EnrollmentEvent::Registered { .. }
            | EnrollmentEvent::Imported { .. }
            | EnrollmentEvent::Dropped { .. }
            | EnrollmentEvent::Graded { .. }
            | EnrollmentEvent::GradeCorrected { .. }
            | EnrollmentEvent::ResultImported { .. } => {
                event.student().iter().map(PersonId::to_string).collect()
            }
            _ => vec![],
        }
    }

    fn apply(document: &mut SubjectStatusDocument, _: &str, recorded: &Recorded) {
        let Event::Enrollment(event) = &recorded.event else { return };
        let ids = event.ids();
        let registrations = document.subjects.entry(ids.subject).or_default();
        let standing = match event {
            EnrollmentEvent::Registered { .. } => Standing::InProgress,
            EnrollmentEvent::Imported { .. } => {
                registrations.entry(ids.enrollment).or_insert(Standing::InProgress);
                return;
            }
            EnrollmentEvent::Graded { grade, .. }
            | EnrollmentEvent::GradeCorrected { grade, .. }
            | EnrollmentEvent::ResultImported { grade, .. } => standing(grade),
            _ => {
                registrations.remove(&ids.enrollment);
                return;
            }
        };
        registrations.insert(ids.enrollment, standing);
    }
}

fn standing(grade: &Grade) -> Standing {
    match grade.outcome {
        Outcome::Passed => Standing::Passed,
        Outcome::Retake => Standing::RetakeDue,
        Outcome::Failed => Standing::Failed,
    }
}
