//! What follows from the rules of a regulation: ratings, admission, final grades.
//!
//! Every figure is computed from the figures that are shown: ratings are rounded half up to a
//! hundredth before they enter the admission rating, and that before it enters the final grade.

use serde::{Deserialize, Serialize};

use super::{Decision, Fact, MarkKind, Outcome, Percent, Points, Rules, ScaleRow};

/// A final grade as it stands on the transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    /// The percent it shows; none for a mark outside the GPA.
    pub percent: Option<Percent>,
    /// The letter.
    pub letter: String,
    /// The grade points; none outside the GPA.
    pub points: Option<Points>,
    /// The traditional word.
    pub word: String,
    /// The ECTS letter, where the scale gives one.
    pub ects: Option<String>,
    /// What it leads to.
    pub outcome: Outcome,
    /// Whether it earns the subject's credits.
    pub earns_credits: bool,
}

impl Rules {
    /// The rating of a period from its marks (kind, percent, weight), oldest first: the newest
    /// recorded directly, else the weighted mean of current work and of the midterm by their shares.
    /// A share without a mark yet drops out, so that a rating can be followed while it grows.
    pub fn rating(&self, marks: &[(MarkKind, Percent, Percent)]) -> Option<Percent> {
        let direct = marks.iter().rev().find(|mark| mark.0 == MarkKind::Rating);
        if let Some((_, percent, _)) = direct {
            return Some(*percent);
        }
        let mean = |wanted: fn(MarkKind) -> bool| {
            let chosen = marks.iter().filter(|mark| wanted(mark.0));
            Percent::mean(chosen.map(|(_, percent, weight)| (*percent, *weight)))
        };
        let rule = &self.admission.rating;
        let current = mean(MarkKind::is_current_work).map(|mean| (mean, rule.current));
        let midterm = mean(|kind| kind == MarkKind::Midterm).map(|mean| (mean, rule.midterm));
        Percent::mean([current, midterm].into_iter().flatten())
    }

    /// The admission rating, once both ratings are there.
    pub fn admission_rating(
        &self,
        first: Option<Percent>,
        second: Option<Percent>,
    ) -> Option<Percent> {
        Percent::mean([(first?, self.admission.first), (second?, self.admission.second)])
    }

    /// Whether that rating admits to the exam.
    pub fn admits(&self, rating: Percent) -> bool {
        rating >= self.admission.least
    }

    /// The final grade from admission rating and exam, with how it came about.
    pub fn grade(&self, version: &str, rating: Percent, exam: Percent) -> (Grade, Decision) {
        let rule = &self.final_grade;
        let positive = rating >= rule.positive && exam >= rule.positive;
        let (row, percent) = if positive {
            let parts = [(rating, rule.rating), (exam, rule.exam)];
            let percent = Percent::whole_mean(parts).unwrap_or(exam);
            (self.row(percent), percent)
        } else if exam >= rule.positive {
            (self.lowest(), Percent::whole(0))
        } else {
            (self.row(exam), exam)
        };
        let facts = vec![
            Fact::new("admission_rating", rating),
            Fact::new("exam", exam),
            Fact::new("weight_rating", rule.rating),
            Fact::new("weight_exam", rule.exam),
            Fact::new("positive_from", rule.positive),
        ];
        decided("final_grade", version, facts, grade(row, percent))
    }

    /// The grade of a retaken exam: as the first time, but nothing is left below a pass.
    pub fn grade_retake(&self, version: &str, rating: Percent, exam: Percent) -> (Grade, Decision) {
        let (graded, mut decision) = self.grade(version, rating, exam);
        let graded = match graded.outcome {
            Outcome::Retake => grade(self.lowest(), exam),
            _ => graded,
        };
        decision.rule = "retake".into();
        decision.verdict = graded.letter.clone();
        (graded, decision)
    }

    /// The grade of somebody who was not admitted: the lowest, with 0 percent.
    pub fn grade_not_admitted(&self, version: &str, rating: Percent) -> (Grade, Decision) {
        let facts =
            vec![Fact::new("admission_rating", rating), Fact::new("needed", self.admission.least)];
        decided("not_admitted", version, facts, grade(self.lowest(), Percent::whole(0)))
    }

    /// The grade that a registrar's correction sets, by its percent.
    pub fn grade_corrected(
        &self,
        version: &str,
        percent: Percent,
        before: &Grade,
    ) -> (Grade, Decision) {
        let mut facts = vec![Fact::new("percent", percent)];
        facts.push(Fact::new("grade_before", &before.letter));
        facts.extend(before.percent.map(|percent| Fact::new("percent_before", percent)));
        decided("correction", version, facts, grade(self.row(percent), percent))
    }

    /// A mark outside the GPA by its letter, under the word given or else its own.
    pub fn outside_grade(&self, letter: &str, word: Option<&str>) -> Option<Grade> {
        let mark = self.outside.iter().find(|mark| mark.letter == letter)?;
        let outcome = if mark.earns_credits { Outcome::Passed } else { Outcome::Failed };
        Some(Grade {
            percent: None,
            letter: mark.letter.clone(),
            points: None,
            word: word.unwrap_or(&mark.word).to_owned(),
            ects: None,
            outcome,
            earns_credits: mark.earns_credits,
        })
    }

    fn row(&self, percent: Percent) -> &ScaleRow {
        let found = self.scale.iter().find(|row| row.from <= percent);
        found.unwrap_or_else(|| self.lowest())
    }

    fn lowest(&self) -> &ScaleRow {
        // Published rules have a scale (`check`).
        &self.scale[self.scale.len() - 1]
    }
}

fn grade(row: &ScaleRow, percent: Percent) -> Grade {
    Grade {
        percent: Some(percent),
        letter: row.letter.clone(),
        points: Some(row.points),
        word: row.word.clone(),
        ects: Some(row.ects.clone()),
        outcome: row.outcome,
        earns_credits: row.outcome == Outcome::Passed,
    }
}

fn decided(rule: &str, version: &str, facts: Vec<Fact>, grade: Grade) -> (Grade, Decision) {
    let decision = Decision {
        rule: rule.into(),
        regulation: version.into(),
        facts,
        verdict: grade.letter.clone(),
    };
    (grade, decision)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graded(rating: u16, exam: u16) -> (String, String) {
        let (rating, exam) = (Percent::whole(rating), Percent::whole(exam));
        let (grade, _) = Rules::kazakhstan().grade("1", rating, exam);
        (grade.letter, grade.percent.unwrap().to_string())
    }

    #[test]
    fn the_final_grade_is_sixty_forty_of_positive_parts() {
        assert_eq!(graded(80, 90), ("B".into(), "84".into()));
        assert_eq!(graded(100, 100), ("A".into(), "100".into()));
        assert_eq!(graded(50, 50), ("D".into(), "50".into()));
        // 0.6 x 89 + 0.4 x 90 = 89.4; 0.6 x 90 + 0.4 x 89 = 89.6
        assert_eq!(graded(89, 90), ("B+".into(), "89".into()));
        assert_eq!(graded(90, 89), ("A-".into(), "90".into()));
    }

    #[test]
    fn a_failed_exam_shows_its_own_percent() {
        assert_eq!(graded(100, 49), ("FX".into(), "49".into()));
        assert_eq!(graded(100, 25), ("FX".into(), "25".into()));
        assert_eq!(graded(100, 24), ("F".into(), "24".into()));
    }

    #[test]
    fn a_failed_retake_is_the_lowest_grade() {
        let rules = Rules::kazakhstan();
        let rating = Percent::whole(70);
        let (grade, decision) = rules.grade_retake("1", rating, Percent::whole(40));
        assert_eq!((grade.letter.as_str(), decision.verdict.as_str()), ("F", "F"));
        let (grade, _) = rules.grade_retake("1", rating, Percent::whole(60));
        assert_eq!(grade.percent, Some(Percent::whole(66)));
    }

    #[test]
    fn a_rating_is_put_together_by_shares() {
        let rules = Rules::kazakhstan();
        let mark = |kind, percent, weight| (kind, Percent::whole(percent), Percent::whole(weight));
        let current = [mark(MarkKind::Current, 60, 10), mark(MarkKind::SelfWork, 90, 20)];
        assert_eq!(rules.rating(&current), Some(Percent::whole(80)));
        let with_midterm = [&current[..], &[mark(MarkKind::Midterm, 50, 100)]].concat();
        assert_eq!(rules.rating(&with_midterm), Some(Percent::whole(68)));
        let direct = [&with_midterm[..], &[mark(MarkKind::Rating, 77, 100)]].concat();
        assert_eq!(rules.rating(&direct), Some(Percent::whole(77)));
        assert_eq!(rules.rating(&[]), None);
    }
}
