//! A student's performance in one registration: the part that journal and enrollment share.

use std::collections::BTreeMap;

use aggregates::{
    enrollment::{AttendanceKind, EnrollmentEvent, Mark, Ratings, Taken},
    shared::{Grade, MarkKind, Percent, Recorded, StreamId},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// Marks, attendance, ratings and grade of one registration.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Performance {
    /// Which registration.
    pub taken: Option<Taken>,
    /// Its marks, oldest first.
    pub marks: Vec<MarkLine>,
    /// Who was in class when, by stream and day.
    pub attendance: BTreeMap<StreamId, BTreeMap<Date, AttendanceKind>>,
    /// The ratings as the newest mark left them.
    pub ratings: Option<Ratings>,
    /// The final grade.
    pub grade: Option<Grade>,
}

/// A mark, and when it was entered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MarkLine {
    /// The mark.
    pub mark: Mark,
    /// When it was entered.
    pub recorded_at: Timestamp,
}

impl Performance {
    /// Takes in what concerns it.
    pub fn apply(&mut self, event: &EnrollmentEvent, recorded: &Recorded) {
        let recorded_at = recorded.recorded_at;
        match event {
            EnrollmentEvent::Registered { taken, .. } => {
                *self = Self { taken: Some(taken.clone()), ..Self::default() };
            }
            EnrollmentEvent::Imported { taken, .. } => self.taken = Some(taken.clone()),
            EnrollmentEvent::MarkRecorded { mark, ratings, .. } => {
                self.marks.push(MarkLine { mark: mark.clone(), recorded_at });
                self.ratings = Some(ratings.clone());
            }
            EnrollmentEvent::MarkImported { mark, .. } => {
                self.marks.retain(|line| line.mark.id != mark.id);
                self.marks.push(MarkLine { mark: mark.clone(), recorded_at });
            }
            EnrollmentEvent::AttendanceRecorded { stream, day, attendance, .. } => {
                self.attendance.entry(*stream).or_default().insert(*day, *attendance);
            }
            EnrollmentEvent::Graded { grade, .. }
            | EnrollmentEvent::GradeCorrected { grade, .. }
            | EnrollmentEvent::ResultImported { grade, .. } => self.grade = Some(grade.clone()),
            EnrollmentEvent::Dropped { .. }
            | EnrollmentEvent::StreamChosen { .. }
            | EnrollmentEvent::Overridden { .. }
            | EnrollmentEvent::StreamLeft { .. }
            | EnrollmentEvent::LineJoined { .. } => {}
        }
    }

    /// How often the student was absent, excused or not.
    pub fn absences(&self) -> usize {
        let days = self.attendance.values().flat_map(BTreeMap::values);
        days.filter(|kind| **kind != AttendanceKind::Present).count()
    }

    /// The newest mark of a kind.
    pub fn newest(&self, kind: MarkKind) -> Option<Percent> {
        let marks = self.marks.iter().rev().map(|line| &line.mark);
        marks.into_iter().find(|mark| mark.kind == kind).map(|mark| mark.percent)
    }
}
