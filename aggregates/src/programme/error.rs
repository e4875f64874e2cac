//! Why a programme can't be as asked.

use crate::shared::{Credits, Text};

refusals! {
    /// Why a programme can't be as asked.
    pub enum ProgrammeError {
        /// There is no such programme.
        Unknown = "PROGRAMME_UNKNOWN", "manual 2.3", at "programmeId";
        /// There is a programme with this code already.
        Exists { code: Text } = "PROGRAMME_EXISTS", "manual 2.3", at "code";
        /// A year of admission is from 1900 to 2200.
        YearOutOfRange { year: i16 } = "ADMISSION_YEAR_OUT_OF_RANGE", "manual 2.3", at "year";
        /// A curriculum has at least one subject, and so many at the most.
        CurriculumSize { subjects: usize, most: usize }
            = "CURRICULUM_SIZE_OUT_OF_RANGE", "manual 2.3", at "compulsory";
        /// A subject stands in a curriculum once.
        SubjectTwice { subject: String } = "SUBJECT_TWICE_IN_CURRICULUM", "manual 2.3", at "compulsory";
        /// A term of study is from 1 to 20.
        TermOutOfRange { term: u8 } = "STUDY_TERM_OUT_OF_RANGE", "manual 2.3", at "compulsory";
        /// Two groups of a curriculum have the same name.
        GroupTwice { group: Text } = "GROUP_TWICE_IN_CURRICULUM", "manual 2.3", at "groups";
        /// So many subjects can't be chosen of the group's.
        ChoiceOfNone { group: Text, choose: u8, of: usize }
            = "GROUP_CHOICE_IMPOSSIBLE", "manual 2.3", at "groups";
        /// So many credits can't be gathered in the group.
        CreditsOfNone { group: Text, from: Credits, to: Credits, of: Credits }
            = "GROUP_CREDITS_IMPOSSIBLE", "manual 2.3", at "groups";
    }
}
