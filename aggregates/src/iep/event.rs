//! What can have happened to a plan.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::shared::{
    Credits, Digest, EnrollmentId, IepId, Meeting, Overridden, PersonId, Role, SignedBytes,
    StreamId, SubjectId, TermId, Text, TextRef,
};

/// A subject on a plan, as the record shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The registration.
    pub enrollment: EnrollmentId,
    /// The subject.
    pub subject: SubjectId,
    /// In which term.
    pub term: TermId,
    /// The subject's code then.
    pub code: Text,
    /// The subject's title then.
    pub title: Text,
    /// The subject's credits then.
    pub credits: Credits,
}

/// What a term of the plan may hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermPlan {
    /// The term.
    pub term: TermId,
    /// Its most credits.
    pub limit: Credits,
    /// Whether its credits count to the year's.
    pub counts_to_year: bool,
}

/// A stream in the student's timetable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenStream {
    /// The stream.
    pub stream: StreamId,
    /// For which registration.
    pub enrollment: EnrollmentId,
    /// In which term.
    pub term: TermId,
    /// The subject's code.
    pub code: Text,
    /// When it meets.
    pub meetings: Vec<Meeting>,
}

/// Why a new revision was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisionCause {
    /// A change in add/drop.
    AddDrop,
    /// The one before was sent back.
    SentBack,
    /// A registrar changed it.
    Registrar {
        /// Why.
        reason: TextRef,
    },
}

events! {
    /// What can have happened to a plan.
    #[allow(missing_docs, reason = "`iep` is the plan, `student` whose it is")]
    pub enum IepEvent, prefix "Iep" {
        /// It was opened, with revision 1.
        Opened {
            iep: IepId,
            student: PersonId,
            /// The year in which the academic year begins.
            year: i16,
            /// Who guides the student.
            advisor: Option<PersonId>,
            /// The version of the regulation in force.
            regulation: String,
            /// The most credits of the year.
            year_limit: Credits,
        },
        /// It was set what a term may hold.
        TermPlanned {
            iep: IepId,
            student: PersonId,
            /// The term and its limit.
            plan: TermPlan,
        },
        /// It follows the student to another advisor.
        AdvisorAssigned {
            iep: IepId,
            student: PersonId,
            /// Who guides now.
            advisor: PersonId,
        },
        /// A subject was put on it.
        SubjectAdded {
            iep: IepId,
            student: PersonId,
            /// The subject.
            entry: Entry,
            /// The reason of the registrar who did it; none where the student did.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            because: Option<TextRef>,
        },
        /// A registrar put a subject on it in spite of its limits.
        LimitsOverridden {
            iep: IepId,
            student: PersonId,
            /// For which registration.
            enrollment: EnrollmentId,
            /// In spite of what.
            overridden: Vec<Overridden>,
            /// Why.
            reason: TextRef,
            /// By whom.
            by: PersonId,
        },
        /// A subject was taken off it, and its streams.
        SubjectRemoved {
            iep: IepId,
            student: PersonId,
            /// The subject.
            entry: Entry,
            /// The reason of the registrar who did it; none where the student did.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            because: Option<TextRef>,
        },
        /// A stream was put into the timetable.
        StreamPlaced {
            iep: IepId,
            student: PersonId,
            /// The stream with its times.
            chosen: ChosenStream,
            /// The stream it replaces.
            gives_up: Option<StreamId>,
        },
        /// A stream was taken out of the timetable.
        StreamLeft {
            iep: IepId,
            student: PersonId,
            /// Which.
            stream: StreamId,
        },
        /// A revision was signed.
        Signed {
            iep: IepId,
            student: PersonId,
            /// Which revision.
            revision: u32,
            /// In which role.
            role: Role,
            /// By whom.
            signer: PersonId,
            /// SHA-256 of the signed bytes.
            digest: Digest,
            /// The bytes themselves, with the first signature of a revision.
            signed: Option<SignedBytes>,
            /// When.
            at: Timestamp,
        },
        /// A revision was sent back, and has ended.
        SentBack {
            iep: IepId,
            student: PersonId,
            /// Which revision.
            revision: u32,
            /// By whom.
            by: PersonId,
            /// In which role.
            role: Role,
            /// Why.
            reason: TextRef,
        },
        /// A new revision was opened with the subjects of the one before; its signatures hold no more.
        RevisionOpened {
            iep: IepId,
            student: PersonId,
            /// The new revision.
            revision: u32,
            /// Why.
            cause: RevisionCause,
        },
    }
}

impl IepEvent {
    /// The student whose plan it is.
    pub fn student(&self) -> Option<PersonId> {
        Some(self.whose().1)
    }

    /// The plan it is about.
    pub fn iep(&self) -> IepId {
        self.whose().0
    }

    fn whose(&self) -> (IepId, PersonId) {
        match self {
            Self::Opened { iep, student, .. }
            | Self::TermPlanned { iep, student, .. }
            | Self::AdvisorAssigned { iep, student, .. }
            | Self::SubjectAdded { iep, student, .. }
            | Self::LimitsOverridden { iep, student, .. }
            | Self::SubjectRemoved { iep, student, .. }
            | Self::StreamPlaced { iep, student, .. }
            | Self::StreamLeft { iep, student, .. }
            | Self::Signed { iep, student, .. }
            | Self::SentBack { iep, student, .. }
            | Self::RevisionOpened { iep, student, .. } => (*iep, *student),
        }
    }
}
