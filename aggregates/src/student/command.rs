//! What may be asked of a student's standing.

use super::{Admission, Settings, YearOfStudy};
use crate::shared::{HoldId, HoldKind, Origin, PersonId, ProgrammeId, SubjectId, TextRef};

/// What may be asked of a student's standing.
#[derive(Debug, Clone, strum::IntoStaticStr)]
#[allow(missing_docs, reason = "`student` is the student it is about")]
pub enum StudentCommand {
    /// Become an applicant.
    Apply { student: PersonId },
    /// Become a student.
    Admit {
        student: PersonId,
        /// Into what.
        admission: Admission,
    },
    /// Take a student over from another system; one who is known stays as they are.
    Import {
        student: PersonId,
        /// Where from.
        origin: Origin,
    },
    /// Set who guides the student.
    AssignAdvisor {
        student: PersonId,
        /// Who guides.
        advisor: PersonId,
    },
    /// Go on academic leave.
    TakeLeave {
        student: PersonId,
        /// Why.
        reason: TextRef,
    },
    /// Come back from leave.
    Return {
        student: PersonId,
        /// In which year of study, where it is not as if there had been no leave.
        into: Option<YearOfStudy>,
    },
    /// Study: neither expelled, graduated nor away. It writes nothing: beside what only somebody who studies may have it
    /// keeps one who has left meanwhile from having it. Who is not known to the student record may.
    Study { student: PersonId },
    /// Leave the university against one's will.
    Expel {
        student: PersonId,
        /// Why.
        reason: TextRef,
    },
    /// Block registering until it is lifted.
    PlaceHold {
        student: PersonId,
        /// Its id.
        hold: HoldId,
        /// What for.
        kind: HoldKind,
        /// Why.
        reason: TextRef,
        /// By whom.
        by: PersonId,
    },
    /// Lift a hold.
    LiftHold {
        student: PersonId,
        /// Which.
        hold: HoldId,
        /// By whom.
        by: PersonId,
    },
    /// Approve a subject for the student, where it asks for that.
    ApproveSubject {
        student: PersonId,
        /// Which.
        subject: SubjectId,
        /// By whom: the head of the programme.
        by: PersonId,
    },
    /// Ask the head of the programme to approve a subject.
    AskForApproval {
        student: PersonId,
        /// Which.
        subject: SubjectId,
        /// Whose head is asked.
        programme: ProgrammeId,
    },
    /// Take an approval back. What was registered on it stays.
    WithdrawApproval {
        student: PersonId,
        /// Of which subject.
        subject: SubjectId,
        /// Why.
        reason: TextRef,
        /// By whom.
        by: PersonId,
    },
    /// Complete the studies.
    Graduate { student: PersonId },
    /// Put on record that contacts changed; what they are lies outside the log.
    NoteContactsChanged { student: PersonId },
    /// Set what comes, and in which language.
    ChangeSettings {
        student: PersonId,
        /// As they shall be.
        settings: Settings,
    },
}
