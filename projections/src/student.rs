//! Students: where each one stands, and where the rest of their record lies.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::{
    Event,
    academic_calendar::Cohort,
    enrollment::EnrollmentEvent,
    iep::IepEvent,
    shared::{
        EnrollmentId, HoldId, HoldKind, IepId, PersonId, ProgrammeId, Recorded, SubjectId, TermId,
        Text, TextRef,
    },
    student::{Admission, Settings, StudentEvent, StudentStatus, YearOfStudy},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View, term::academic_year};

/// One document a student.
pub struct Students;

/// A student.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct StudentDocument {
    /// Where they stand; none for somebody the student record does not know.
    pub status: Option<StudentStatus>,
    /// Into what they were admitted; none for an applicant or an imported student.
    pub admission: Option<Admission>,
    /// Who guides them.
    pub advisor: Option<PersonId>,
    /// The faculty of whoever studies here now, or is on leave.
    pub faculty: Option<Text>,
    /// The programme of whoever studies here now, or is on leave.
    pub programme: Option<ProgrammeId>,
    /// From when on their year of study is counted anew, after a leave.
    pub counted_from: Option<YearOfStudy>,
    /// In which academic year they were in their first year of study, or would have been; while they study.
    pub first_year: Option<i16>,
    /// What they set for themselves.
    pub settings: Settings,
    /// What blocks them from registering, or did.
    pub holds: BTreeMap<HoldId, Hold>,
    /// The subjects that the head of their programme approved.
    pub approved: BTreeMap<SubjectId, Approval>,
    /// Those whose approval was taken back, and has not been given again.
    pub disapproved: BTreeMap<SubjectId, Disapproval>,
    /// Their plans by the year in which the academic year begins.
    pub ieps: BTreeMap<i16, IepId>,
    /// Their registrations by term, dropped ones included.
    pub enrollments: BTreeMap<TermId, BTreeSet<EnrollmentId>>,
}

/// A hold on a student.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// What for.
    pub kind: HoldKind,
    /// Why.
    pub reason: TextRef,
    /// By whom.
    pub placed_by: PersonId,
    /// When.
    pub placed_at: Timestamp,
    /// Who lifted it, and when; none while it blocks.
    pub lifted: Option<(PersonId, Timestamp)>,
}

/// An approval of the head of a programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// An approval that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disapproval {
    /// Why.
    pub reason: TextRef,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

impl View for Students {
    const NAME: &'static str = "student";
    const VERSION: u32 = 6;
    const COLUMNS: &'static [Column] = &[
        Column { name: "advisor", kind: ColumnType::Text },
        Column { name: "faculty", kind: ColumnType::Text },
        Column { name: "programme", kind: ColumnType::Text },
        Column { name: "first_year", kind: ColumnType::Integer },
    ];
    type Document = StudentDocument;

    fn keys(event: &Event) -> Vec<String> {
        let student = match event {
            Event::Student(event) => event.student(),
            Event::Iep(event @ IepEvent::Opened { .. }) => event.student(),
            Event::Enrollment(
                event @ (EnrollmentEvent::Registered { .. } | EnrollmentEvent::Imported { .. }),
            ) => event.student(),
            _ => None,
        };
        student.iter().map(PersonId::to_string).collect()
    }

    fn apply(document: &mut StudentDocument, _: &str, recorded: &Recorded) {
        match &recorded.event {
            Event::Student(event) => {
                document.stand(event);
                document.hold(event, recorded.recorded_at);
            }
            Event::Iep(IepEvent::Opened { iep, year, .. }) => {
                document.ieps.insert(*year, *iep);
            }
            Event::Enrollment(event) => {
                let ids = event.ids();
                document.enrollments.entry(ids.term).or_default().insert(ids.enrollment);
            }
            _ => {}
        }
    }
}

/// In which academic year somebody is in their first year of study who is in that one in that academic year.
pub fn first_year(academic_year_begins: i16, year_of_study: u8) -> i16 {
    academic_year_begins.saturating_add(1).saturating_sub(year_of_study.into())
}

/// In which year of study somebody was when they were admitted.
fn admitted_into(admission: &Admission) -> YearOfStudy {
    YearOfStudy {
        academic_year: academic_year(admission.on),
        year_of_study: admission.year_of_study,
    }
}

impl StudentDocument {
    /// The registrations in these terms.
    pub fn enrolled_in(
        &self,
        terms: impl Iterator<Item = TermId>,
    ) -> impl Iterator<Item = EnrollmentId> {
        terms.filter_map(|term| self.enrollments.get(&term)).flatten().copied()
    }

    /// The year of study in an academic year, from 1; none for an applicant or an imported student.
    pub fn year_of_study(&self, academic_year_begins: i16) -> Option<u8> {
        let admitted = self.admission.as_ref().map(admitted_into)?;
        let returned = self.counted_from.filter(|from| from.academic_year <= academic_year_begins);
        let YearOfStudy { academic_year, year_of_study } = returned.unwrap_or(admitted);
        let since = (academic_year_begins - academic_year).max(0);
        Some(year_of_study.saturating_add(u8::try_from(since).unwrap_or(u8::MAX)))
    }

    /// By what they belong to an audience of the calendar, in an academic year.
    pub fn cohort(&self, academic_year_begins: i16) -> Cohort {
        let admission = self.admission.as_ref();
        Cohort {
            faculty: admission.and_then(|admission| admission.faculty.clone()),
            programme: admission.map(|admission| admission.programme.id),
            year_of_study: self.year_of_study(academic_year_begins),
        }
    }

    /// What blocks them from registering.
    pub fn held(&self) -> BTreeSet<HoldKind> {
        let blocking = self.holds.values().filter(|hold| hold.lifted.is_none());
        blocking.map(|hold| hold.kind).collect()
    }

    fn hold(&mut self, event: &StudentEvent, at: Timestamp) {
        match event {
            StudentEvent::HoldPlaced { hold, kind, reason, by, .. } => {
                let (kind, reason, placed_by, placed_at) = (*kind, reason.clone(), *by, at);
                let placed = Hold { kind, reason, placed_by, placed_at, lifted: None };
                self.holds.insert(*hold, placed);
            }
            StudentEvent::HoldLifted { hold, by, .. } => {
                if let Some(hold) = self.holds.get_mut(hold) {
                    hold.lifted = Some((*by, at));
                }
            }
            StudentEvent::SubjectApproved { subject, by, .. } => {
                self.disapproved.remove(subject);
                self.approved.insert(*subject, Approval { by: *by, at });
            }
            StudentEvent::ApprovalWithdrawn { subject, reason, by, .. } => {
                let reason = reason.clone();
                self.approved.remove(subject);
                self.disapproved.insert(*subject, Disapproval { reason, by: *by, at });
            }
            _ => {}
        }
    }

    fn stand(&mut self, event: &StudentEvent) {
        let status = match event {
            StudentEvent::Applied { .. } => StudentStatus::Applicant,
            StudentEvent::Admitted { admission, .. } => {
                self.admission = Some(admission.clone());
                StudentStatus::Studying
            }
            StudentEvent::Returned { into, .. } => {
                self.counted_from = into.or(self.counted_from);
                StudentStatus::Studying
            }
            StudentEvent::Imported { .. } => StudentStatus::Studying,
            StudentEvent::LeaveTaken { .. } => StudentStatus::OnLeave,
            StudentEvent::Expelled { .. } => StudentStatus::Expelled,
            StudentEvent::Graduated { .. } => StudentStatus::Graduated,
            StudentEvent::AdvisorAssigned { advisor, .. } => {
                self.advisor = Some(*advisor);
                return;
            }
            StudentEvent::LanguageChosen { language, .. } => {
                self.settings.language = *language;
                return;
            }
            StudentEvent::TopicsMuted { muted, .. } => {
                self.settings.muted.clone_from(muted);
                return;
            }
            StudentEvent::HoldPlaced { .. }
            | StudentEvent::HoldLifted { .. }
            | StudentEvent::SubjectApproved { .. }
            | StudentEvent::ApprovalAsked { .. }
            | StudentEvent::ApprovalWithdrawn { .. }
            | StudentEvent::ContactsChanged { .. } => return,
        };
        self.status = Some(status);
        self.belong();
    }

    /// What lists find those by who study: whoever left is in no faculty, programme and year.
    fn belong(&mut self) {
        let studies = matches!(self.status, Some(StudentStatus::Studying | StudentStatus::OnLeave));
        let admission = self.admission.as_ref().filter(|_| studies);
        self.faculty = admission.and_then(|admission| admission.faculty.clone());
        self.programme = admission.map(|admission| admission.programme.id);
        let from = admission.map(|admission| self.counted_from.unwrap_or(admitted_into(admission)));
        self.first_year = from.map(|from| first_year(from.academic_year, from.year_of_study));
    }
}
