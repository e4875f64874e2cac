//! Why a subject can't be as asked.

refusals! {
    /// Why a subject can't be as asked.
    pub enum SubjectError {
        /// There is no such subject.
        Unknown = "SUBJECT_UNKNOWN", "manual 2.3", at "subjectId";
        /// The subject is in the catalogue already.
        Exists = "SUBJECT_EXISTS", "manual 2.3", at "code";
        /// A subject is worth at least some credits.
        NoCredits = "SUBJECT_NO_CREDITS", "manual 2.3", at "credits";
        /// A subject can't be its own prerequisite.
        OwnPrerequisite = "SUBJECT_OWN_PREREQUISITE", "manual 2.3", at "prerequisiteIds";
    }
}
