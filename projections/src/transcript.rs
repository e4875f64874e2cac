//! Transcripts: every final grade of a student, the superseded ones too (manual 2.15).

use std::collections::BTreeMap;

use aggregates::{
    Event,
    enrollment::{EnrollmentEvent, Taken},
    shared::{
        Credits, Decision, EnrollmentId, Grade, PersonId, Points, Position, Recorded, SubjectId,
        TermId,
    },
};
use serde::{Deserialize, Serialize};

use crate::View;

/// One document a student.
pub struct Transcripts;

/// All final grades of a student, in the order in which they were given.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TranscriptDocument {
    /// The grades.
    pub grades: Vec<Graded>,
}

/// A final grade.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Graded {
    /// For which registration.
    pub taken: Taken,
    /// The grade.
    pub grade: Grade,
    /// How it came about.
    pub decision: Decision,
    /// Where in the log.
    pub position: Position,
}

/// A transcript as it is shown: by period, with averages.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The grade point average; none without a grade that counts.
    pub gpa: Option<Points>,
    /// The credits earned.
    pub credits_earned: Credits,
    /// The periods, oldest first.
    pub periods: Vec<Period>,
}

/// One term of a transcript.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// The term.
    pub term: TermId,
    /// The average of the term: each of its subjects with the newest grade it got there.
    pub gpa: Option<Points>,
    /// The places of its grades in the document, and whether a newer grade took each one's place.
    pub entries: Vec<(usize, bool)>,
}

impl TranscriptDocument {
    /// The transcript, its terms in the order in which `starts` puts them. A subject counts with its
    /// newest grade: the newest of the newest term.
    pub fn statement<O: Ord>(&self, starts: impl Fn(TermId) -> O) -> Statement {
        let mut order: Vec<usize> = (0..self.grades.len()).collect();
        order.sort_by_key(|place| {
            let graded = &self.grades[*place];
            (starts(graded.taken.term), graded.taken.term, graded.position)
        });
        let mut newest: BTreeMap<SubjectId, usize> = BTreeMap::new();
        let mut newest_there: BTreeMap<EnrollmentId, usize> = BTreeMap::new();
        for place in &order {
            newest.insert(self.grades[*place].taken.subject, *place);
            newest_there.insert(self.grades[*place].taken.enrollment, *place);
        }
        let standing = || newest.values().map(|place| &self.grades[*place]);
        let mut periods: Vec<Period> = Vec::new();
        for place in order {
            let taken = &self.grades[place].taken;
            let entry = (place, newest.get(&taken.subject) != Some(&place));
            match periods.last_mut() {
                Some(period) if period.term == taken.term => period.entries.push(entry),
                _ => periods.push(Period { term: taken.term, gpa: None, entries: vec![entry] }),
            }
        }
        for period in &mut periods {
            let there = newest_there.values().map(|place| &self.grades[*place]);
            period.gpa = gpa(there.filter(|graded| graded.taken.term == period.term));
        }
        Statement {
            gpa: gpa(standing()),
            credits_earned: standing()
                .filter(|graded| graded.grade.earns_credits)
                .map(|graded| graded.taken.credits)
                .sum(),
            periods,
        }
    }
}

/// Sum of points x credits over sum of credits, rounded half up to a hundredth.
fn gpa<'a>(grades: impl Iterator<Item = &'a Graded>) -> Option<Points> {
    let (points, credits) = grades
        .filter_map(|graded| {
            Some((graded.grade.points?.hundredths(), graded.taken.credits.hundredths()))
        })
        .fold((0, 0), |(sum, all), (points, credits)| (sum + points * credits, all + credits));
    if credits == 0 {
        None
    } else {
        Points::from_hundredths((2 * points + credits) / (2 * credits))
    }
}

impl View for Transcripts {
    const NAME: &'static str = "transcript";
    const VERSION: u32 = 1;
    type Document = TranscriptDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::Enrollment(
                event @ (EnrollmentEvent::Graded { .. }
                | EnrollmentEvent::GradeCorrected { .. }
                | EnrollmentEvent::ResultImported { .. }),
            ) => event.student().iter().map(PersonId::to_string).collect(),
            _ => vec![],
        }
    }

    fn apply(document: &mut TranscriptDocument, _: &str, recorded: &Recorded) {
        let Event::Enrollment(
            EnrollmentEvent::Graded { taken, grade, decision }
            | EnrollmentEvent::GradeCorrected { taken, grade, decision, .. }
            | EnrollmentEvent::ResultImported { taken, grade, decision, .. },
        ) = &recorded.event
        else {
            return;
        };
        document.grades.push(Graded {
            taken: taken.clone(),
            grade: grade.clone(),
            decision: decision.clone(),
            position: recorded.position,
        });
    }
}
