//! Registering: everything that speaks against it, all at once (manual 2.3.1).

use std::fmt::Display;

use super::{EnrollmentError, Registration, SubjectStatus};
use crate::shared::{Demand, Requirement};

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
        standing.into_iter().chain(unmet(&self.demand)).chain(not_offered).collect()
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
            EnrollmentError::ProgrammeNotFitting { programme, asked }
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
