//! Marks, ratings and the final grade of a registration.

use jiff::civil::Date;

use super::{Enrollment, EnrollmentError, EnrollmentEvent, InForce, Mark, NewMark, Ratings, Taken};
use crate::shared::{
    Decision, Fact, Grade, Hundredths, MarkKind, Origin, Outcome, Percent, PersonId, TextRef,
};

/// The weight of a mark that states none.
const FULL_WEIGHT: Percent = Percent::whole(100);

impl Enrollment {
    pub(super) fn record_mark(
        &self,
        new: NewMark,
        today: Date,
        rules: &InForce,
    ) -> Result<Vec<EnrollmentEvent>, EnrollmentError> {
        let taken = self.taken()?;
        let mark = checked(new, today)?;
        match mark.kind {
            MarkKind::Exam => {
                let rating = self.admitted(rules)?;
                self.open()?;
                let graded = rules.rules.grade(&rules.version, rating, mark.percent);
                Ok(self.marked_and_graded(taken, mark, rules, graded))
            }
            MarkKind::Retake => {
                match &self.grade {
                    Some(grade) if grade.outcome == Outcome::Retake => {}
                    Some(grade) => {
                        return Err(EnrollmentError::NoRetake { grade: grade.letter.clone() });
                    }
                    None => return Err(EnrollmentError::NotGradedYet),
                }
                let rating = self.admitted(rules)?;
                let graded = rules.rules.grade_retake(&rules.version, rating, mark.percent);
                Ok(self.marked_and_graded(taken, mark, rules, graded))
            }
            MarkKind::Rating if !rules.rules.admission.rating.direct => {
                Err(EnrollmentError::RatingsAreComputed { regulation: rules.version.clone() })
            }
            _ => {
                self.open()?;
                Ok(vec![self.marked(taken, mark, rules)])
            }
        }
    }

    pub(super) fn grade_not_admitted(
        &self,
        rules: &InForce,
    ) -> Result<Vec<EnrollmentEvent>, EnrollmentError> {
        let taken = self.open()?;
        let ratings = self.ratings(&self.marks, rules);
        let rating = ratings.admission.ok_or_else(|| missing(&ratings))?;
        if rules.rules.admits(rating) {
            let needed = rules.rules.admission.least;
            return Err(EnrollmentError::Admitted { rating, needed });
        }
        let graded = rules.rules.grade_not_admitted(&rules.version, rating);
        Ok(vec![graded_event(taken, graded)])
    }

    pub(super) fn correct_grade(
        &self,
        percent: Hundredths,
        reason: TextRef,
        by: PersonId,
        rules: &InForce,
    ) -> Result<Vec<EnrollmentEvent>, EnrollmentError> {
        let taken = self.taken()?;
        let before = self.grade.as_ref().ok_or(EnrollmentError::NotGradedYet)?;
        let percent = in_range(percent)?;
        let (grade, decision) = rules.rules.grade_corrected(&rules.version, percent, before);
        let (taken, before) = (taken.clone(), before.clone());
        Ok(vec![EnrollmentEvent::GradeCorrected { taken, grade, before, decision, reason, by }])
    }

    /// A mark outside the GPA; one that was imported and is the same again changes nothing.
    pub(super) fn grade_outside(
        &self,
        letter: &str,
        word: Option<&str>,
        rules: &InForce,
        origin: Option<Origin>,
    ) -> Result<Vec<EnrollmentEvent>, EnrollmentError> {
        let taken = self.taken()?;
        let unknown = || EnrollmentError::OutsideMarkUnknown { letter: letter.to_owned() };
        let grade = rules.rules.outside_grade(letter, word).ok_or_else(unknown)?;
        if self.grade.as_ref() == Some(&grade) {
            return Ok(vec![]);
        }
        // An import never takes the place of a grade: that asks for a correction with a reason.
        self.open()?;
        let rule = if origin.is_some() { "imported" } else { "outside_gpa" };
        let decision = Decision {
            rule: rule.into(),
            regulation: rules.version.clone(),
            facts: vec![Fact::new("letter", letter), Fact::new("word", &grade.word)],
            verdict: grade.letter.clone(),
        };
        let taken = taken.clone();
        Ok(vec![match origin {
            Some(origin) => EnrollmentEvent::ResultImported { taken, grade, decision, origin },
            None => EnrollmentEvent::Graded { taken, grade, decision },
        }])
    }

    pub(super) fn import_mark(
        &self,
        mark: Mark,
        origin: Origin,
    ) -> Result<Vec<EnrollmentEvent>, EnrollmentError> {
        let taken = self.taken()?.into();
        let known = self.marks.contains(&mark);
        let imported = EnrollmentEvent::MarkImported { taken, mark, origin };
        Ok((!known).then_some(imported).into_iter().collect())
    }

    /// The admission rating of a student who is let into the exam.
    fn admitted(&self, rules: &InForce) -> Result<Percent, EnrollmentError> {
        let ratings = self.ratings(&self.marks, rules);
        let rating = ratings.admission.ok_or_else(|| missing(&ratings))?;
        let needed = rules.rules.admission.least;
        if rules.rules.admits(rating) {
            Ok(rating)
        } else {
            Err(EnrollmentError::NotAdmitted { rating, needed })
        }
    }

    fn ratings(&self, marks: &[Mark], rules: &InForce) -> Ratings {
        let of = |period| {
            let chosen = marks.iter().filter(|mark| mark.period == Some(period));
            let parts: Vec<_> = chosen
                .map(|mark| (mark.kind, mark.percent, mark.weight.unwrap_or(FULL_WEIGHT)))
                .collect();
            rules.rules.rating(&parts)
        };
        let (first, second) = (of(1), of(2));
        let admission = rules.rules.admission_rating(first, second);
        Ratings {
            first,
            second,
            admission,
            admitted: admission.map(|rating| rules.rules.admits(rating)),
            regulation: rules.version.clone(),
        }
    }

    /// The mark, with the ratings as they are with it.
    fn marked(&self, taken: &Taken, mark: Mark, rules: &InForce) -> EnrollmentEvent {
        let marks = [&self.marks[..], std::slice::from_ref(&mark)].concat();
        let ratings = self.ratings(&marks, rules);
        EnrollmentEvent::MarkRecorded { taken: taken.into(), mark, ratings }
    }

    fn marked_and_graded(
        &self,
        taken: &Taken,
        mark: Mark,
        rules: &InForce,
        graded: (Grade, Decision),
    ) -> Vec<EnrollmentEvent> {
        vec![self.marked(taken, mark, rules), graded_event(taken, graded)]
    }
}

fn graded_event(taken: &Taken, (grade, decision): (Grade, Decision)) -> EnrollmentEvent {
    EnrollmentEvent::Graded { taken: taken.clone(), grade, decision }
}

fn missing(ratings: &Ratings) -> EnrollmentError {
    let period = if ratings.first.is_none() { 1 } else { 2 };
    EnrollmentError::RatingMissing { period }
}

fn in_range(percent: Hundredths) -> Result<Percent, EnrollmentError> {
    Percent::from_hundredths(percent.0).ok_or(EnrollmentError::PercentOutOfRange { percent })
}

/// The mark, where all it says is in range.
fn checked(new: NewMark, today: Date) -> Result<Mark, EnrollmentError> {
    let percent = in_range(new.percent)?;
    let weight = new
        .weight
        .map(|weight| {
            let in_range =
                Percent::from_hundredths(weight.0).filter(|found| found.hundredths() > 0);
            in_range.ok_or(EnrollmentError::WeightOutOfRange { weight })
        })
        .transpose()?;
    if new.day > today {
        return Err(EnrollmentError::DayInFuture { day: new.day, today });
    }
    let final_exam = matches!(new.kind, MarkKind::Exam | MarkKind::Retake);
    let period = match (new.kind, new.period) {
        (kind, Some(_)) if final_exam => {
            return Err(EnrollmentError::PeriodNotForExam { kind: kind.name() });
        }
        (kind @ (MarkKind::Midterm | MarkKind::Rating), None) => {
            return Err(EnrollmentError::PeriodNeeded { kind: kind.name() });
        }
        (_, Some(period)) if !(1..=2).contains(&period) => {
            return Err(EnrollmentError::PeriodOutOfRange { period });
        }
        (_, period) => period.and_then(|period| u8::try_from(period).ok()),
    };
    Ok(Mark {
        id: new.id,
        kind: new.kind,
        period,
        title: new.title,
        category: None,
        percent,
        weight,
        day: Some(new.day),
    })
}
