//! What blocks a student, and what a registrar overrides.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Fact, PersonId, Refuse, TextRef};

named! {
    /// What a hold on a student is for.
    pub enum HoldKind {
        /// Money that is owed.
        Debt = "debt",
        /// Books that are not given back.
        Library = "library",
        /// A matter of discipline.
        Discipline = "discipline",
    }
}

named! {
    /// What may speak against a registration and be overridden by a registrar, by the code with which it is refused.
    pub enum Overridable {
        /// A prerequisite is not passed.
        PrerequisitesMissing = "PREREQUISITES_MISSING",
        /// A corequisite is not registered.
        CorequisiteMissing = "COREQUISITE_MISSING",
        /// Another subject excludes it.
        SubjectsExclude = "SUBJECTS_EXCLUDE",
        /// It is for a later year of study.
        YearOfStudyTooLow = "YEAR_OF_STUDY_TOO_LOW",
        /// It asks for more credits.
        CreditsTooFew = "CREDITS_TOO_FEW",
        /// It is for another programme.
        ProgrammeNotFitting = "PROGRAMME_NOT_FITTING",
        /// It is for another group.
        GroupNotFitting = "GROUP_NOT_FITTING",
        /// The head of the programme has not approved it.
        ApprovalMissing = "APPROVAL_MISSING",
        /// Something else that it asks for is not met.
        RequirementUnmet = "REQUIREMENT_UNMET",
        /// The group of the curriculum has as many subjects as may be chosen.
        GroupIsFull = "GROUP_IS_FULL",
        /// The group of the curriculum would go over the credits that may be chosen.
        GroupCreditsOverLimit = "GROUP_CREDITS_OVER_LIMIT",
        /// A hold blocks the student.
        RegistrationHeld = "REGISTRATION_HELD",
        /// It is not offered in the term.
        SubjectNotOffered = "SUBJECT_NOT_OFFERED",
        /// The term would go over its credits.
        CreditsOverLimit = "CREDITS_OVER_LIMIT",
        /// The year would go over its credits.
        YearCreditsOverLimit = "YEAR_CREDITS_OVER_LIMIT",
    }
}

/// A registrar's decision to register somebody in spite of what speaks against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// In spite of what.
    pub reasons: BTreeSet<Overridable>,
    /// Why.
    pub because: TextRef,
    /// By whom.
    pub by: PersonId,
}

/// What spoke against a registration, and was overridden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overridden {
    /// The code with which it would have been refused.
    pub code: Overridable,
    /// Where the rule comes from.
    pub rule: String,
    /// What it would have been decided on.
    pub facts: Vec<Fact>,
}

impl Override {
    /// What of these is overridden; the first that is not still stands.
    pub fn of<E: Refuse>(over: Option<&Self>, reasons: Vec<E>) -> Result<Vec<Overridden>, E> {
        let overridden = |reason: E| {
            let refusal = reason.refusal();
            let code = Overridable::named(refusal.code);
            let named = code.filter(|code| over.is_some_and(|over| over.reasons.contains(code)));
            let (rule, facts) = (refusal.rule.to_owned(), refusal.facts);
            named.map(|code| Overridden { code, rule, facts }).ok_or(reason)
        };
        reasons.into_iter().map(overridden).collect()
    }
}
