//! Why a registration does not do what was asked.

use jiff::civil::Date;

use crate::shared::{Called, Credits, HoldKind, Hundredths, Percent, ProgrammeId, StreamId, Text};

refusals! {
    /// Why a registration does not do what was asked.
    pub enum EnrollmentError {
        /// There is no such registration.
        Unknown = "ENROLLMENT_UNKNOWN", "manual 2.3.1", at "enrollmentId";
        /// The registration was given up.
        Dropped = "ENROLLMENT_DROPPED", "manual 2.3.1", at "enrollmentId";
        /// The student is registered for the subject in this term already.
        RegisteredAlready { code: Text } = "REGISTERED_ALREADY", "manual 2.3.1", at "subjectId";
        /// The subject is on the student's plan and has no grade yet.
        InProgress { code: Text } = "SUBJECT_IN_PROGRESS", "manual 2.3.1", at "subjectId";
        /// The student has passed the subject: a positive grade can't be taken again.
        PassedAlready { code: Text } = "SUBJECT_PASSED_ALREADY", "manual 2.3.1", at "subjectId";
        /// The subject's exam may be taken again, which comes before a new registration.
        RetakeDue { code: Text } = "RETAKE_DUE", "land: FX and F", at "subjectId";
        /// The subject asks for others that are not passed.
        PrerequisitesMissing { missing: String }
            = "PREREQUISITES_MISSING", "manual 2.3.1", at "subjectId";
        /// The subject has to be taken in the same term as another one.
        CorequisiteMissing { with: String } = "COREQUISITE_MISSING", "manual 2.3", at "subjectId";
        /// The subject can't be taken in the same term as another one that the student has.
        SubjectsExclude { with: String } = "SUBJECTS_EXCLUDE", "manual 2.3.1", at "subjectId";
        /// The subject is for a later year of study.
        YearOfStudyTooLow { year_of_study: String, least: u8 }
            = "YEAR_OF_STUDY_TOO_LOW", "manual 2.3.1", at "subjectId";
        /// The subject asks for more credits than the student has gathered.
        CreditsTooFew { gathered: Credits, least: Credits }
            = "CREDITS_TOO_FEW", "manual 2.3.1", at "subjectId";
        /// The subject is for another programme.
        ProgrammeNotFitting { code: String, programme: String, asked: ProgrammeId }
            = "PROGRAMME_NOT_FITTING", "manual 2.3.1", at "subjectId";
        /// The subject is for another academic group.
        GroupNotFitting { group: String, asked: Text }
            = "GROUP_NOT_FITTING", "manual 2.3.1", at "subjectId";
        /// The head of the student's programme has to approve the subject first.
        ApprovalMissing = "APPROVAL_MISSING", "manual 2.3.1", at "subjectId";
        /// The subject asks for what the student does not meet, however it is put together.
        RequirementUnmet { requirement: String }
            = "REQUIREMENT_UNMET", "manual 2.3.1", at "subjectId";
        /// As many subjects of the group of the curriculum are passed or in progress as may be chosen.
        GroupIsFull { group: Called, chosen: usize, choose: u8 }
            = "GROUP_IS_FULL", "manual 2.3", at "subjectId", called group;
        /// The subject would take the group of the curriculum over the credits that may be chosen.
        GroupCreditsOverLimit { group: Called, limit: Credits, chosen: Credits, subject: Credits }
            = "GROUP_CREDITS_OVER_LIMIT", "manual 2.3", at "subjectId", called group;
        /// A hold blocks the student from registering until it is lifted.
        Held { hold: HoldKind } = "REGISTRATION_HELD", "manual 2.3.1", at "studentId";
        /// The subject is not offered in this term.
        NotOffered { code: Text } = "SUBJECT_NOT_OFFERED", "manual 2.3.1", at "termId";
        /// A registration with marks can't be given up.
        HasMarks { first: &'static str } = "ENROLLMENT_HAS_MARKS", "manual 2.3.2", at "enrollmentId";
        /// The registration has its final grade.
        Graded { grade: String } = "GRADED_ALREADY", "land: grading", at "enrollmentId";
        /// The stream belongs to another subject or another term.
        StreamOfAnotherSubject { code: Text }
            = "STREAM_OF_ANOTHER_SUBJECT", "manual 2.4.1", at "streamId";
        /// The stream is of another component than the one in whose place it would be taken.
        StreamOfAnotherComponent { component: Text, wanted: Text }
            = "STREAM_OF_ANOTHER_COMPONENT", "manual 2.4.1", at "streamId";
        /// The student is in this stream already.
        StreamHeld = "STREAM_HELD", "manual 2.4.1", at "streamId";
        /// The student is not in this stream.
        StreamNotHeld = "STREAM_NOT_HELD", "manual 2.4.1", at "streamId";
        /// The student's streams have changed meanwhile: read them again.
        StreamsChanged = "STREAMS_CHANGED", "manual 2.4.1", at "streamId";
        /// The stream belongs to another way of taking the subject than the streams chosen so far.
        ConfigurationMixed { chosen: Text, asked: Text }
            = "STREAM_CONFIGURATION_MIXED", "manual 2.4.1", at "streamId";
        /// Of each component one stream is taken, not two.
        ComponentTwice { component: Text } = "STREAM_COMPONENT_TWICE", "manual 2.4.1", at "streamId";
        /// The stream can only be taken together with another one.
        ParentNotChosen { stream: String, parent: StreamId }
            = "PARENT_STREAM_NOT_CHOSEN", "manual 2.4.1", at "streamId";
        /// Another stream of the student's needs the one that would be given up.
        ChildStreamHeld { stream: String, child: StreamId }
            = "CHILD_STREAM_HELD", "manual 2.4.1", at "streamId";
        /// A percentage is from 0 to 100.
        PercentOutOfRange { percent: Hundredths }
            = "PERCENT_OUT_OF_RANGE", "land: grade scale", at "percent";
        /// A weight is over 0 and at most 100.
        WeightOutOfRange { weight: Hundredths }
            = "WEIGHT_OUT_OF_RANGE", "manual 2.12", at "weight";
        /// The day has not come yet.
        DayInFuture { day: Date, today: Date } = "DAY_IN_FUTURE", "manual 2.12", at "day";
        /// This kind of mark belongs to a rating period.
        PeriodNeeded { kind: &'static str } = "RATING_PERIOD_NEEDED", "manual 2.12", at "period";
        /// An exam belongs to no rating period.
        PeriodNotForExam { kind: &'static str }
            = "RATING_PERIOD_NOT_FOR_EXAM", "manual 2.12", at "period";
        /// A rating period is 1 or 2.
        PeriodOutOfRange { period: i32 } = "RATING_PERIOD_OUT_OF_RANGE", "manual 2.12", at "period";
        /// The regulation computes ratings from marks.
        RatingsAreComputed { regulation: String }
            = "RATINGS_ARE_COMPUTED", "land: admission rating", at "kind";
        /// Before the exam both ratings have to be there.
        RatingMissing { period: u8 } = "RATING_MISSING", "land: admission rating", at "enrollmentId";
        /// The admission rating is too low for the exam.
        NotAdmitted { rating: Percent, needed: Percent }
            = "NOT_ADMITTED", "land: admission rating", at "enrollmentId";
        /// The admission rating is high enough for the exam.
        Admitted { rating: Percent, needed: Percent }
            = "ADMITTED_TO_EXAM", "land: admission rating", at "enrollmentId";
        /// There is no final grade yet.
        NotGradedYet = "NOT_GRADED_YET", "land: grading", at "enrollmentId";
        /// Only a grade that allows it (FX) leads to a retake.
        NoRetake { grade: String } = "NO_RETAKE", "land: FX and F", at "enrollmentId";
        /// The regulation has no such mark outside the GPA.
        OutsideMarkUnknown { letter: String }
            = "OUTSIDE_MARK_UNKNOWN", "land: marks outside the GPA", at "letter";
    }
}
