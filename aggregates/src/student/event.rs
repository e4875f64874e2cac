//! What can have happened to a student's standing.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::shared::{Origin, PersonId, ProgrammeId, Text, TextRef};

/// Where a student stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudentStatus {
    /// Applied, not admitted yet.
    Applicant,
    /// Studies.
    Studying,
    /// On academic leave.
    OnLeave,
    /// Expelled.
    Expelled,
    /// Graduated.
    Graduated,
}

impl std::fmt::Display for StudentStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Applicant => "applicant",
            Self::Studying => "studying",
            Self::OnLeave => "on_leave",
            Self::Expelled => "expelled",
            Self::Graduated => "graduated",
        })
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
    /// The day.
    pub on: Date,
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
        Returned { student: PersonId },
        /// Was expelled.
        Expelled {
            student: PersonId,
            /// Why.
            reason: TextRef,
        },
        /// Completed the studies.
        Graduated { student: PersonId },
        /// Changed contacts, which lie outside the log.
        ContactsChanged { student: PersonId },
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
            | Self::Returned { student }
            | Self::Expelled { student, .. }
            | Self::Graduated { student }
            | Self::ContactsChanged { student } => *student,
        })
    }
}
