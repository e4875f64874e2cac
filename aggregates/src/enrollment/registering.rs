//! Registering: everything that speaks against it, all at once (manual 2.3.1).

use std::fmt::Display;

use super::{Enrollment, EnrollmentError, EnrollmentEvent, Ids, Registration, SubjectStatus};
use crate::shared::{
    Credits, Demand, ElectiveGroup, MostOfGroup, Outcome, Override, Requirement, Text,
};

impl Registration {
    /// Everything that speaks against it, by what was known.
    pub fn reasons(&self) -> Vec<EnrollmentError> {
        let code = || self.taken.code.clone();
        let standing = match self.status {
            SubjectStatus::Passed => Some(EnrollmentError::PassedAlready { code: code() }),
            SubjectStatus::InProgress => Some(EnrollmentError::InProgress { code: code() }),
            SubjectStatus::Failed if self.retake_due => {
                Some(EnrollmentError::RetakeDue { code: code() })
            }
            SubjectStatus::NotPassed | SubjectStatus::Failed => None,
        };
        let not_offered = (!self.offered).then(|| EnrollmentError::NotOffered { code: code() });
        let held = self.holds.iter().map(|hold| EnrollmentError::Held { hold: *hold });
        let unmet = unmet(&self.demand).into_iter();
        let full = self.group.as_ref().and_then(|group| full(group, self.taken.credits));
        standing.into_iter().chain(unmet).chain(full).chain(held).chain(not_offered).collect()
    }
}

impl EnrollmentError {
    /// Why a subject for which there is a registration in the term is not taken once more: that it was passed says more.
    pub fn taken_already(code: Text, passed: bool) -> Self {
        if passed { Self::PassedAlready { code } } else { Self::RegisteredAlready { code } }
    }
}

impl Enrollment {
    pub(super) fn register(
        &self,
        registration: Registration,
    ) -> Result<Vec<EnrollmentEvent>, EnrollmentError> {
        if self.taken.is_some() && !self.dropped {
            let grade = self.grade.as_ref();
            let passed = grade.is_some_and(|grade| grade.outcome == Outcome::Passed);
            return Err(EnrollmentError::taken_already(registration.taken.code, passed));
        }
        let overridden = Override::of(registration.over.as_ref(), registration.reasons())?;
        let Registration { taken, decision, over, .. } = registration;
        let about = Ids::from(&taken);
        let over = over.filter(|_| !overridden.is_empty()).map(|over| {
            let Override { because: reason, by, .. } = over;
            EnrollmentEvent::Overridden { taken: about, overridden, reason, by }
        });
        let registered = EnrollmentEvent::Registered { taken, decision };
        Ok(std::iter::once(registered).chain(over).collect())
    }
}

/// What a subject asks for and the student does not meet: the prerequisites together, all else one by one.
fn unmet(demand: &Demand) -> Vec<EnrollmentError> {
    let mut missing = Vec::new();
    let mut others = Vec::new();
    for part in demand.requirement.unmet(&demand.known) {
        if let Requirement::Passed(subject) = part {
            missing.push(demand.codes.of(*subject));
        } else {
            others.push(refusal(part, demand));
        }
    }
    missing.dedup();
    others.dedup();
    let missing = (!missing.is_empty())
        .then(|| EnrollmentError::PrerequisitesMissing { missing: missing.join(", ") });
    missing.into_iter().chain(others).collect()
}

/// Why a subject of these credits can't be chosen of its group, if it can't.
fn full(group: &ElectiveGroup, subject: Credits) -> Option<EnrollmentError> {
    let name = group.name.clone();
    match group.most {
        MostOfGroup::Subjects(choose) => {
            let (group, chosen) = (name, group.chosen.len());
            let full = chosen >= usize::from(choose);
            full.then_some(EnrollmentError::GroupIsFull { group, chosen, choose })
        }
        MostOfGroup::Credits(limit) => {
            let (group, chosen) = (name, group.credits());
            let over = chosen + subject > limit;
            over.then_some(EnrollmentError::GroupCreditsOverLimit { group, limit, chosen, subject })
        }
    }
}

/// Why a part of a requirement is not met.
fn refusal(part: &Requirement, demand: &Demand) -> EnrollmentError {
    let Demand { known, codes, .. } = demand;
    match part {
        Requirement::RegisteredNow(with) => {
            EnrollmentError::CorequisiteMissing { with: codes.of(*with) }
        }
        Requirement::NotRegisteredWith(with) => {
            EnrollmentError::SubjectsExclude { with: codes.of(*with) }
        }
        Requirement::YearOfStudyAtLeast(least) => {
            let (year_of_study, least) = (told(known.year_of_study.as_ref()), *least);
            EnrollmentError::YearOfStudyTooLow { year_of_study, least }
        }
        Requirement::CreditsGathered(least) => {
            EnrollmentError::CreditsTooFew { gathered: known.credits, least: *least }
        }
        Requirement::InProgramme(asked) => {
            let (programme, asked) = (told(known.programme.as_ref()), *asked);
            EnrollmentError::ProgrammeNotFitting {
                code: codes.of_programme(asked),
                programme,
                asked,
            }
        }
        Requirement::InGroup(asked) => {
            let (group, asked) = (told(known.group.as_ref()), asked.clone());
            EnrollmentError::GroupNotFitting { group, asked }
        }
        Requirement::ApprovedByHead => EnrollmentError::ApprovalMissing,
        composed => EnrollmentError::RequirementUnmet { requirement: composed.told(codes) },
    }
}

/// A fact that the record may not have.
fn told(fact: Option<&impl Display>) -> String {
    fact.map_or_else(|| "none".to_owned(), ToString::to_string)
}
