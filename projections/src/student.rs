//! Students: where each one stands, and where the rest of their record lies.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::{
    Event,
    academic_calendar::Cohort,
    enrollment::EnrollmentEvent,
    iep::IepEvent,
    shared::{EnrollmentId, IepId, PersonId, Recorded, TermId},
    student::{Admission, Settings, StudentEvent, StudentStatus},
};
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
    /// What they set for themselves.
    pub settings: Settings,
    /// Their plans by the year in which the academic year begins.
    pub ieps: BTreeMap<i16, IepId>,
    /// Their registrations by term, dropped ones included.
    pub enrollments: BTreeMap<TermId, BTreeSet<EnrollmentId>>,
}

impl View for Students {
    const NAME: &'static str = "student";
    const VERSION: u32 = 2;
    const COLUMNS: &'static [Column] = &[Column { name: "advisor", kind: ColumnType::Text }];
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
            Event::Student(event) => document.stand(event),
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

impl StudentDocument {
    /// The year of study in an academic year, from 1; none for an applicant or an imported student.
    pub fn year_of_study(&self, academic_year_begins: i16) -> Option<u8> {
        let admission = self.admission.as_ref()?;
        let since = (academic_year_begins - academic_year(admission.on)).max(0);
        Some(admission.year_of_study.saturating_add(u8::try_from(since).unwrap_or(u8::MAX)))
    }

    /// By what they belong to an audience of the calendar, in an academic year.
    pub fn cohort(&self, academic_year_begins: i16) -> Cohort {
        let programme = self.admission.as_ref().map(|admission| admission.programme.id);
        Cohort { programme, year_of_study: self.year_of_study(academic_year_begins) }
    }

    fn stand(&mut self, event: &StudentEvent) {
        let status = match event {
            StudentEvent::Applied { .. } => StudentStatus::Applicant,
            StudentEvent::Admitted { admission, .. } => {
                self.admission = Some(admission.clone());
                StudentStatus::Studying
            }
            StudentEvent::Imported { .. } | StudentEvent::Returned { .. } => {
                StudentStatus::Studying
            }
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
            StudentEvent::ContactsChanged { .. } => return,
        };
        self.status = Some(status);
    }
}
