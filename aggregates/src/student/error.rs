//! Why a student's standing can't change as asked.

use super::StudentStatus;

refusals! {
    /// Why a student's standing can't change as asked.
    pub enum StudentError {
        /// There is no such student.
        Unknown = "STUDENT_UNKNOWN", "manual 1", at "studentId";
        /// The student's standing does not allow it.
        StatusForbids { status: StudentStatus } = "STUDENT_STATUS_FORBIDS", "manual 1", at "studentId";
        /// There is no such hold on the student, or it was lifted.
        HoldUnknown = "HOLD_UNKNOWN", "manual 2.3.1", at "holdId";
        /// The subject is not approved for the student.
        ApprovalUnknown = "APPROVAL_UNKNOWN", "manual 2.3.1", at "subjectId";
        /// A year of study is from 1 to 10.
        YearOfStudyOutOfRange { year_of_study: u8 }
            = "YEAR_OF_STUDY_OUT_OF_RANGE", "manual 2.3", at "yearOfStudy";
    }
}
