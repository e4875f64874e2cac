//! Why a subject can't be as asked.

use crate::shared::{Cycle, SubjectId, Text};

refusals! {
    /// Why a subject can't be as asked.
    pub enum SubjectError {
        /// There is no such subject.
        Unknown = "SUBJECT_UNKNOWN", "manual 2.3", at "subjectId";
        /// The subject is in the catalogue already.
        Exists = "SUBJECT_EXISTS", "manual 2.3", at "code";
        /// Another subject has this code.
        CodeTaken { code: Text, title: Text, subject: SubjectId }
            = "SUBJECT_CODE_TAKEN", "manual 2.3", at "code";
        /// A subject is worth at least some credits.
        NoCredits = "SUBJECT_NO_CREDITS", "manual 2.3", at "credits";
        /// A subject can't be its own prerequisite.
        OwnPrerequisite = "SUBJECT_OWN_PREREQUISITE", "manual 2.3", at "prerequisiteIds";
        /// A subject can't ask for itself.
        AsksForItself = "SUBJECT_ASKS_FOR_ITSELF", "manual 2.3", at "requirement";
        /// The subjects would wait for one another for ever.
        PrerequisiteCycle { cycle: Cycle } = "PREREQUISITE_CYCLE", "manual 2.3", at "subjectId";
        /// A subject that this one leads to asks for something else by now: look again.
        RequirementsChanged = "REQUIREMENTS_CHANGED", "manual 2.3", at "subjectId";
        /// A requirement has so many parts at the most, and they lie so deep in one another.
        RequirementTooLarge { parts: usize, depth: usize, most_parts: usize, most_depth: usize }
            = "REQUIREMENT_TOO_LARGE", "manual 2.3", at "requirement";
        /// A requirement of which one of none should hold can't be met.
        RequirementIsEmpty = "REQUIREMENT_IS_EMPTY", "manual 2.3", at "requirement";
        /// Nobody could ever meet both of what is asked.
        RequirementUnmeetable { requirement: String }
            = "REQUIREMENT_UNMEETABLE", "manual 2.3", at "requirement";
        /// A subject has so many competences at the most.
        CompetencesTooMany { competences: usize, most: usize }
            = "SUBJECT_COMPETENCES_TOO_MANY", "manual 2.8", at "competences";
    }
}
