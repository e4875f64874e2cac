//! What can have happened to a registration.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::shared::{
    Credits, Decision, EnrollmentId, Grade, MarkId, MarkKind, Origin, Overridden, Percent,
    PersonId, StreamId, SubjectId, TermId, Text, TextRef,
};

named! {
    /// How a student stands with a subject (manual 2.3).
    #[derive(Default)]
    pub enum SubjectStatus {
        /// Not taken, or given up.
        #[default]
        NotPassed = "not_passed",
        /// Taken without success.
        Failed = "failed",
        /// On the plan, without a grade yet.
        InProgress = "in_progress",
        /// Has a satisfactory grade.
        Passed = "passed",
    }
}

impl SubjectStatus {
    /// Whether the subject is the student's: passed, or on the way to be.
    pub fn is_taken(self) -> bool {
        matches!(self, Self::InProgress | Self::Passed)
    }
}

/// Which registration it is: a subject in a term, as the record shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The registration.
    pub enrollment: EnrollmentId,
    /// Whose.
    pub student: PersonId,
    /// The subject.
    pub subject: SubjectId,
    /// The term.
    pub term: TermId,
    /// The subject's code then.
    pub code: Text,
    /// The subject's title then.
    pub title: Text,
    /// The subject's credits then.
    pub credits: Credits,
}

/// The ids of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ids {
    /// The registration.
    pub enrollment: EnrollmentId,
    /// Whose.
    pub student: PersonId,
    /// The subject.
    pub subject: SubjectId,
    /// The term.
    pub term: TermId,
}

impl From<&Taken> for Ids {
    fn from(taken: &Taken) -> Self {
        Self {
            enrollment: taken.enrollment,
            student: taken.student,
            subject: taken.subject,
            term: taken.term,
        }
    }
}

/// A seat in a stream, with what decides whether it fits the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamSeat {
    /// The stream.
    pub stream: StreamId,
    /// Its subject.
    pub subject: SubjectId,
    /// Its term.
    pub term: TermId,
    /// Which way of taking the subject it belongs to.
    pub configuration: Text,
    /// Which part of that way it is.
    pub component: Text,
    /// The stream without which it can't be taken.
    pub parent: Option<StreamId>,
}

/// A mark in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Its id.
    pub id: MarkId,
    /// What it is for.
    pub kind: MarkKind,
    /// The rating period, 1 or 2, or none.
    pub period: Option<u8>,
    /// What it is called.
    pub title: Option<Text>,
    /// The category it had in the system it was imported from.
    pub category: Option<Text>,
    /// The percent.
    pub percent: Percent,
    /// Its weight among marks of its kind.
    pub weight: Option<Percent>,
    /// The day.
    pub day: Option<Date>,
}

/// The ratings as they stand with a mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratings {
    /// R1.
    pub first: Option<Percent>,
    /// R2.
    pub second: Option<Percent>,
    /// RD, once both are there.
    pub admission: Option<Percent>,
    /// Whether RD admits to the exam.
    pub admitted: Option<bool>,
    /// By which version of the regulation.
    pub regulation: String,
}

/// There or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttendanceKind {
    /// There.
    Present,
    /// Not there.
    Absent,
    /// Not there, for a good reason.
    Excused,
}

events! {
    /// What can have happened to a registration.
    #[allow(missing_docs, reason = "`taken` is the registration")]
    pub enum EnrollmentEvent, prefix "Enrollment" {
        /// The student registered.
        Registered {
            taken: Taken,
            /// On which facts.
            decision: Decision,
        },
        /// A registrar registered the student in spite of what spoke against it.
        Overridden {
            taken: Ids,
            /// In spite of what.
            overridden: Vec<Overridden>,
            /// Why.
            reason: TextRef,
            /// By whom.
            by: PersonId,
        },
        /// It was taken over from another system.
        Imported {
            taken: Taken,
            /// Where it comes from.
            origin: Origin,
        },
        /// It was given up, and its streams.
        Dropped {
            taken: Ids,
            /// The streams it had.
            streams: Vec<StreamId>,
        },
        /// A seat in a stream was taken.
        StreamChosen {
            taken: Ids,
            /// Which.
            seat: StreamSeat,
            /// The stream of the same component that was given up for it.
            gives_up: Option<StreamId>,
        },
        /// A seat was given up.
        StreamLeft {
            taken: Ids,
            /// Which stream.
            stream: StreamId,
            /// Why, where a registrar decided so.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            because: Option<TextRef>,
        },
        /// The line for a seat was joined; what came of it is the stream's to say.
        LineJoined {
            taken: Ids,
            /// Of which stream.
            stream: StreamId,
        },
        /// A mark was entered.
        MarkRecorded {
            taken: Ids,
            /// The mark.
            mark: Mark,
            /// The ratings with it.
            ratings: Ratings,
        },
        /// A mark was taken over from another system, or changed there.
        MarkImported {
            taken: Ids,
            /// The mark.
            mark: Mark,
            /// Where it comes from.
            origin: Origin,
        },
        /// It was entered whether the student was in class.
        AttendanceRecorded {
            taken: Ids,
            /// Of which stream.
            stream: StreamId,
            /// Which day.
            day: Date,
            /// There or not.
            attendance: AttendanceKind,
        },
        /// It got its final grade.
        Graded {
            taken: Taken,
            /// The grade.
            grade: Grade,
            /// How it came about.
            decision: Decision,
        },
        /// Its final grade was corrected; the one before stays on record.
        GradeCorrected {
            taken: Taken,
            /// The grade.
            grade: Grade,
            /// The grade before.
            before: Grade,
            /// How it came about.
            decision: Decision,
            /// Why.
            reason: TextRef,
            /// By whom.
            by: PersonId,
        },
        /// A final mark was taken over from another system.
        ResultImported {
            taken: Taken,
            /// The mark.
            grade: Grade,
            /// How it came about.
            decision: Decision,
            /// Where it comes from.
            origin: Origin,
        },
    }
}

impl EnrollmentEvent {
    /// The student it is about.
    pub fn student(&self) -> Option<PersonId> {
        Some(self.ids().student)
    }

    /// The registration it is about.
    pub fn ids(&self) -> Ids {
        match self {
            Self::Registered { taken, .. }
            | Self::Imported { taken, .. }
            | Self::Graded { taken, .. }
            | Self::GradeCorrected { taken, .. }
            | Self::ResultImported { taken, .. } => taken.into(),
            Self::Overridden { taken, .. }
            | Self::Dropped { taken, .. }
            | Self::StreamChosen { taken, .. }
            | Self::StreamLeft { taken, .. }
            | Self::LineJoined { taken, .. }
            | Self::MarkRecorded { taken, .. }
            | Self::MarkImported { taken, .. }
            | Self::AttendanceRecorded { taken, .. } => *taken,
        }
    }
}
