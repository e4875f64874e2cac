//! What can have happened to a student's standing.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::shared::{
    HoldId, HoldKind, Language, Origin, PersonId, ProgrammeId, SubjectId, Text, TextRef,
};

named! {
    /// Where a student stands.
    pub enum StudentStatus {
        /// Applied, not admitted yet.
        Applicant = "applicant",
        /// Studies.
        Studying = "studying",
        /// On academic leave.
        OnLeave = "on_leave",
        /// Expelled.
        Expelled = "expelled",
        /// Graduated.
        Graduated = "graduated",
    }
}

/// A study programme, as the record shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    /// Its id.
    pub id: ProgrammeId,
    /// Its title then.
    pub title: Text,
}

/// Into what somebody was admitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// The programme.
    pub programme: Programme,
    /// The year of study, from 1.
    pub year_of_study: u8,
    /// The academic group.
    pub group: Option<Text>,
    /// The faculty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faculty: Option<Text>,
    /// The day.
    pub on: Date,
}

/// In which year of study somebody is in an academic year, and counted on from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearOfStudy {
    /// The year in which the academic year begins.
    pub academic_year: i16,
    /// The year of study, from 1.
    pub year_of_study: u8,
}

/// What somebody set for themself (manual 3).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Settings {
    /// The language to be written to in; none where it was never set.
    pub language: Option<Language>,
    /// Of what no notification comes.
    pub muted: BTreeSet<Topic>,
}

named! {
    /// What a notification can be about (manual 4).
    pub enum Topic {
        /// Marks and grades.
        Grades = "grades",
        /// The individual plan and its signatures.
        Plans = "plans",
        /// Classes, exams and their changes.
        Timetable = "timetable",
        /// Tests that open, run out or are scored.
        Tests = "tests",
        /// Antiplagiarism checks.
        Theses = "theses",
        /// What became of a request.
        Requests = "requests",
        /// News and events of the university.
        News = "news",
        /// Messages of teachers and advisor.
        Messages = "messages",
    }
}

events! {
    /// What can have happened to a student's standing.
    #[allow(missing_docs, reason = "`student` is the student it is about")]
    pub enum StudentEvent, prefix "Student" {
        /// Became an applicant.
        Applied { student: PersonId },
        /// Became a student.
        Admitted {
            student: PersonId,
            /// Into what.
            admission: Admission,
        },
        /// Was taken over from another system.
        Imported {
            student: PersonId,
            /// Where from.
            origin: Origin,
        },
        /// Got an advisor, or another one.
        AdvisorAssigned {
            student: PersonId,
            /// Who guides.
            advisor: PersonId,
        },
        /// Went on academic leave.
        LeaveTaken {
            student: PersonId,
            /// Why.
            reason: TextRef,
        },
        /// Came back from leave.
        Returned = "2" {
            student: PersonId,
            /// In which year of study, where that was stated: a leave is no year of it.
            into: Option<YearOfStudy>,
        },
        /// Was expelled.
        Expelled {
            student: PersonId,
            /// Why.
            reason: TextRef,
        },
        /// Was blocked from registering.
        HoldPlaced {
            student: PersonId,
            /// The hold.
            hold: HoldId,
            /// What for.
            kind: HoldKind,
            /// Why.
            reason: TextRef,
            /// By whom.
            by: PersonId,
        },
        /// A hold was lifted.
        HoldLifted {
            student: PersonId,
            /// Which.
            hold: HoldId,
            /// By whom.
            by: PersonId,
        },
        /// The head of the programme approved a subject for the student.
        SubjectApproved {
            student: PersonId,
            /// Which.
            subject: SubjectId,
            /// By whom.
            by: PersonId,
        },
        /// Asked the head of the programme to approve a subject.
        ApprovalAsked {
            student: PersonId,
            /// Which.
            subject: SubjectId,
            /// Whose head is asked.
            programme: ProgrammeId,
        },
        /// An approval was taken back.
        ApprovalWithdrawn {
            student: PersonId,
            /// Of which subject.
            subject: SubjectId,
            /// Why.
            reason: TextRef,
            /// By whom.
            by: PersonId,
        },
        /// Completed the studies.
        Graduated { student: PersonId },
        /// Changed contacts, which lie outside the log.
        ContactsChanged { student: PersonId },
        /// Chose the language to be written to in.
        LanguageChosen {
            student: PersonId,
            /// Which; none where none is wished for any longer.
            language: Option<Language>,
        },
        /// Chose of what no notification comes.
        TopicsMuted {
            student: PersonId,
            /// All of them.
            muted: BTreeSet<Topic>,
        },
    }
}

impl StudentEvent {
    /// The student it is about.
    pub fn student(&self) -> Option<PersonId> {
        Some(match self {
            Self::Applied { student }
            | Self::Admitted { student, .. }
            | Self::Imported { student, .. }
            | Self::AdvisorAssigned { student, .. }
            | Self::LeaveTaken { student, .. }
            | Self::Returned { student, .. }
            | Self::Expelled { student, .. }
            | Self::HoldPlaced { student, .. }
            | Self::HoldLifted { student, .. }
            | Self::SubjectApproved { student, .. }
            | Self::ApprovalAsked { student, .. }
            | Self::ApprovalWithdrawn { student, .. }
            | Self::Graduated { student }
            | Self::ContactsChanged { student }
            | Self::LanguageChosen { student, .. }
            | Self::TopicsMuted { student, .. } => *student,
        })
    }
}
