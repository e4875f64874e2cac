//! Student: an applicant who became a student, in the same account and under the same id.
//!
//! Invariants: only an applicant or somebody unknown is admitted; leave, return, expulsion and
//! graduation follow the diagram; the advisor is one person at a time; a hold is lifted once; only an approval
//! that was given is withdrawn.
//!
//! ```text
//! (nothing) --Apply--> applicant --Admit--> studying <--Return-- on leave
//!     \------------------Admit-----------^   |  |  \---TakeLeave----^
//!                                  Expel ----/  \---- Graduate
//! ```

mod command;
mod error;
mod event;
pub(crate) mod past;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use command::StudentCommand;
pub use error::StudentError;
pub use event::{Admission, Programme, Settings, StudentEvent, StudentStatus, Topic, YearOfStudy};

use crate::shared::{HoldId, PersonId, SubjectId};

/// A student's standing at the university.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Student {
    status: Option<StudentStatus>,
    advisor: Option<PersonId>,
    settings: Settings,
    holds: BTreeSet<HoldId>,
    approved: BTreeSet<SubjectId>,
    /// The subjects whose approval is asked for and not given yet.
    asked: BTreeSet<SubjectId>,
}

aggregate!(Student, "Student", StudentCommand, StudentEvent, StudentError, format 3);

impl Student {
    fn decide(&self, command: StudentCommand) -> Result<Vec<StudentEvent>, StudentError> {
        use StudentStatus::{Applicant, OnLeave, Studying};
        Ok(match command {
            StudentCommand::Apply { student } => {
                self.must_be(&[None])?;
                vec![StudentEvent::Applied { student }]
            }
            StudentCommand::Admit { student, admission } => {
                self.must_be(&[None, Some(Applicant)])?;
                must_be_year_of_study(admission.year_of_study)?;
                vec![StudentEvent::Admitted { student, admission }]
            }
            StudentCommand::Import { student, origin } => match self.status {
                None => vec![StudentEvent::Imported { student, origin }],
                Some(_) => vec![],
            },
            StudentCommand::AssignAdvisor { student, advisor } => {
                self.must_be(&[Some(Applicant), Some(Studying), Some(OnLeave)])?;
                let same = self.advisor == Some(advisor);
                let assigned = StudentEvent::AdvisorAssigned { student, advisor };
                (!same).then_some(assigned).into_iter().collect()
            }
            StudentCommand::TakeLeave { student, reason } => {
                self.must_be(&[Some(Studying)])?;
                vec![StudentEvent::LeaveTaken { student, reason }]
            }
            StudentCommand::Return { student, into } => {
                self.must_be(&[Some(OnLeave)])?;
                into.map_or(Ok(()), |into| must_be_year_of_study(into.year_of_study))?;
                vec![StudentEvent::Returned { student, into }]
            }
            StudentCommand::Study { .. } => {
                self.status.map_or(Ok(()), |_| self.must_be(&[Some(Studying)]))?;
                vec![]
            }
            StudentCommand::Expel { student, reason } => {
                self.must_be(&[Some(Studying), Some(OnLeave)])?;
                vec![StudentEvent::Expelled { student, reason }]
            }
            StudentCommand::PlaceHold { student, hold, kind, reason, by } => {
                self.must_be_known()?;
                vec![StudentEvent::HoldPlaced { student, hold, kind, reason, by }]
            }
            StudentCommand::LiftHold { student, hold, by } => {
                self.must_be_known()?;
                if !self.holds.contains(&hold) {
                    return Err(StudentError::HoldUnknown);
                }
                vec![StudentEvent::HoldLifted { student, hold, by }]
            }
            StudentCommand::ApproveSubject { student, subject, by } => {
                self.must_be(&[Some(Studying), Some(OnLeave)])?;
                let known = self.approved.contains(&subject);
                let approved = StudentEvent::SubjectApproved { student, subject, by };
                (!known).then_some(approved).into_iter().collect()
            }
            StudentCommand::AskForApproval { student, subject, programme } => {
                self.must_be(&[Some(Studying), Some(OnLeave)])?;
                let known = self.approved.contains(&subject) || self.asked.contains(&subject);
                let asked = StudentEvent::ApprovalAsked { student, subject, programme };
                (!known).then_some(asked).into_iter().collect()
            }
            StudentCommand::WithdrawApproval { student, subject, reason, by } => {
                self.must_be_known()?;
                // What was only asked for is declined.
                if !self.approved.contains(&subject) && !self.asked.contains(&subject) {
                    return Err(StudentError::ApprovalUnknown);
                }
                vec![StudentEvent::ApprovalWithdrawn { student, subject, reason, by }]
            }
            StudentCommand::Graduate { student } => {
                self.must_be(&[Some(Studying)])?;
                vec![StudentEvent::Graduated { student }]
            }
            StudentCommand::NoteContactsChanged { student } => {
                self.must_be_known()?;
                vec![StudentEvent::ContactsChanged { student }]
            }
            StudentCommand::ChangeSettings { student, settings } => {
                self.must_be_known()?;
                let Settings { language, muted } = settings;
                let chosen = (self.settings.language != language)
                    .then_some(StudentEvent::LanguageChosen { student, language });
                let silenced = (self.settings.muted != muted)
                    .then_some(StudentEvent::TopicsMuted { student, muted });
                chosen.into_iter().chain(silenced).collect()
            }
        })
    }

    fn evolve(&mut self, event: StudentEvent) {
        match event {
            StudentEvent::Applied { .. } => self.status = Some(StudentStatus::Applicant),
            StudentEvent::Admitted { .. }
            | StudentEvent::Imported { .. }
            | StudentEvent::Returned { .. } => self.status = Some(StudentStatus::Studying),
            StudentEvent::AdvisorAssigned { advisor, .. } => self.advisor = Some(advisor),
            StudentEvent::LeaveTaken { .. } => self.status = Some(StudentStatus::OnLeave),
            StudentEvent::Expelled { .. } => self.status = Some(StudentStatus::Expelled),
            StudentEvent::Graduated { .. } => self.status = Some(StudentStatus::Graduated),
            StudentEvent::HoldPlaced { hold, .. } => {
                self.holds.insert(hold);
            }
            StudentEvent::HoldLifted { hold, .. } => {
                self.holds.remove(&hold);
            }
            StudentEvent::ApprovalAsked { subject, .. } => {
                self.asked.insert(subject);
            }
            StudentEvent::SubjectApproved { subject, .. } => {
                self.asked.remove(&subject);
                self.approved.insert(subject);
            }
            StudentEvent::ApprovalWithdrawn { subject, .. } => {
                self.approved.remove(&subject);
                self.asked.remove(&subject);
            }
            StudentEvent::ContactsChanged { .. } => {}
            StudentEvent::LanguageChosen { language, .. } => self.settings.language = language,
            StudentEvent::TopicsMuted { muted, .. } => self.settings.muted = muted,
        }
    }

    fn must_be_known(&self) -> Result<(), StudentError> {
        self.status.map(|_| ()).ok_or(StudentError::Unknown)
    }

    fn must_be(&self, any_of: &[Option<StudentStatus>]) -> Result<(), StudentError> {
        match self.status {
            status if any_of.contains(&status) => Ok(()),
            None => Err(StudentError::Unknown),
            Some(status) => Err(StudentError::StatusForbids { status }),
        }
    }
}

fn must_be_year_of_study(year_of_study: u8) -> Result<(), StudentError> {
    let refused = StudentError::YearOfStudyOutOfRange { year_of_study };
    (1..=10).contains(&year_of_study).then_some(()).ok_or(refused)
}
