//! The rules of a regulation as data, and what follows from them: ratings, admission, final grades.
//!
//! Every figure is computed from the figures that are shown: ratings are rounded half up to a
//! hundredth before they enter the admission rating, and that before it enters the final grade.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Credits, Decision, Fact, Percent, Points, ThesisRules};

named! {
    /// What a mark is for.
    pub enum MarkKind {
        /// A mark of current work in class.
        Current = "current",
        /// A practice class.
        Practice = "practice",
        /// A laboratory.
        Laboratory = "laboratory",
        /// Self-work, homework.
        SelfWork = "self_work",
        /// The midterm control of a rating period.
        Midterm = "midterm",
        /// The rating of a period, recorded directly.
        Rating = "rating",
        /// The exam.
        Exam = "exam",
        /// The exam taken again.
        Retake = "retake",
    }
}

impl MarkKind {
    /// Whether it can be of that rating period, or of none: exam and retake are of none, a midterm and
    /// a rating are of one.
    pub fn fits_period(self, period: Option<u8>) -> bool {
        match (self, period) {
            (Self::Exam | Self::Retake, period) => period.is_none(),
            (Self::Midterm | Self::Rating, None) => false,
            (_, period) => period.is_none_or(|period| (1..=2).contains(&period)),
        }
    }

    /// Whether it counts as current work within a rating.
    pub fn is_current_work(self) -> bool {
        matches!(self, Self::Current | Self::Practice | Self::Laboratory | Self::SelfWork)
    }
}

/// What a letter of the scale leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The subject is passed.
    Passed,
    /// The exam may be taken again.
    Retake,
    /// The subject is repeated.
    Failed,
}

/// A row of the grade scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleRow {
    /// The least percent it is given for.
    pub from: Percent,
    /// The letter (`A-`).
    pub letter: String,
    /// The grade points.
    pub points: Points,
    /// The traditional word (`excellent`).
    pub word: String,
    /// The letter of the ECTS scale.
    pub ects: String,
    /// What it leads to.
    pub outcome: Outcome,
}

/// How a rating is put together from marks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingPart {
    /// The weight of current work.
    pub current: Percent,
    /// The weight of the midterm control.
    pub midterm: Percent,
    /// Whether a rating may be recorded directly instead.
    pub direct: bool,
}

/// The admission rating (RD) and what it takes to be let into the exam.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// The weight of the first rating.
    pub first: Percent,
    /// The weight of the second rating.
    pub second: Percent,
    /// The least admission rating that admits.
    pub least: Percent,
    /// How each rating is put together.
    pub rating: RatingPart,
}

/// The final grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinalGrade {
    /// The weight of the admission rating.
    pub rating: Percent,
    /// The weight of the exam.
    pub exam: Percent,
    /// The least percent of each part that counts as positive.
    pub positive: Percent,
}

/// How many credits may be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditLimits {
    /// In a semester.
    pub semester: Credits,
    /// In the summer term.
    pub summer: Credits,
    /// In an academic year, the summer term aside.
    pub year: Credits,
}

/// A mark outside the GPA (I, P, NP, W).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideMark {
    /// The letter.
    pub letter: String,
    /// The word.
    pub word: String,
    /// Whether it earns the subject's credits.
    pub earns_credits: bool,
}

/// The rules of one regulation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The grade scale, best first.
    pub scale: Vec<ScaleRow>,
    /// Admission to the exam.
    pub admission: Admission,
    /// The final grade.
    pub final_grade: FinalGrade,
    /// The credit limits.
    pub credits: CreditLimits,
    /// The marks outside the GPA.
    pub outside: Vec<OutsideMark>,
    /// The rules for theses; versions that were published before there were any have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theses: Option<ThesisRules>,
    /// The rules for waiting lists; versions that were published before there were any have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<WaitingRules>,
    /// The rules for registering; versions that were published before there were any have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationRules>,
}

/// The rules for registering (manual 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationRules {
    /// Whether a prerequisite in progress counts as met for a term that begins after its own has ended.
    pub prerequisites_in_progress_count: bool,
}

impl RegistrationRules {
    /// The manual's: what is not mastered is not met. It holds where a regulation says nothing.
    pub const USUAL: Self = Self { prerequisites_in_progress_count: false };
}

/// The rules for the waiting list of a stream (manual 2.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingRules {
    /// How long a seat is held for the one to whom it is offered.
    pub offer_holds_seconds: u32,
}

impl WaitingRules {
    /// A day: what holds where a regulation says nothing.
    pub const USUAL: Self = Self { offer_holds_seconds: 24 * 60 * 60 };
}

/// Why a set of rules can't be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RulesFlaw {
    /// The scale has no rows, is out of order, or does not reach down to 0 percent.
    Scale,
    /// The lowest row of the scale does not fail.
    LowestPasses,
    /// Two rows have one letter.
    LetterTwice(String),
    /// Weights that belong together do not add up to 100 percent.
    Weights(&'static str),
}

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
    /// The rules of Kazakhstan's credit system with this house's default weights (CABINET.md,
    /// *What the rules of the land add*).
    pub fn kazakhstan() -> Self {
        let row = |from, letter: &str, points, word: &str, ects: &str, outcome| ScaleRow {
            from: Percent::whole(from),
            letter: letter.into(),
            points: Points::from_hundredths(points).unwrap_or_default(),
            word: word.into(),
            ects: ects.into(),
            outcome,
        };
        let outside = |letter: &str, word: &str, earns_credits| OutsideMark {
            letter: letter.into(),
            word: word.into(),
            earns_credits,
        };
        use Outcome::{Failed, Passed, Retake};
        Self {
            scale: vec![
                row(95, "A", 400, "excellent", "A", Passed),
                row(90, "A-", 367, "excellent", "A", Passed),
                row(85, "B+", 333, "good", "B", Passed),
                row(80, "B", 300, "good", "B", Passed),
                row(75, "B-", 267, "good", "C", Passed),
                row(70, "C+", 233, "good", "C", Passed),
                row(65, "C", 200, "satisfactory", "D", Passed),
                row(60, "C-", 167, "satisfactory", "D", Passed),
                row(55, "D+", 133, "satisfactory", "E", Passed),
                row(50, "D", 100, "satisfactory", "E", Passed),
                row(25, "FX", 50, "fail", "FX", Retake),
                row(0, "F", 0, "fail", "F", Failed),
            ],
            admission: Admission {
                first: Percent::whole(50),
                second: Percent::whole(50),
                least: Percent::whole(50),
                rating: RatingPart {
                    current: Percent::whole(60),
                    midterm: Percent::whole(40),
                    direct: true,
                },
            },
            final_grade: FinalGrade {
                rating: Percent::whole(60),
                exam: Percent::whole(40),
                positive: Percent::whole(50),
            },
            credits: CreditLimits {
                semester: Credits::whole(30),
                summer: Credits::whole(15),
                year: Credits::whole(60),
            },
            outside: vec![
                outside("I", "incomplete", false),
                outside("P", "pass", true),
                outside("NP", "not pass", false),
                outside("W", "withdrawn", false),
            ],
            theses: Some(ThesisRules::usual()),
            waiting: Some(WaitingRules::USUAL),
            registration: Some(RegistrationRules::USUAL),
        }
    }

    /// Whether a prerequisite in progress counts as met for a term that begins after its own has ended.
    pub fn prerequisites_in_progress_count(&self) -> bool {
        self.registration.unwrap_or(RegistrationRules::USUAL).prerequisites_in_progress_count
    }

    /// What keeps them from being published, if anything.
    pub fn check(&self) -> Result<(), RulesFlaw> {
        let descending = self.scale.windows(2).all(|pair| pair[0].from > pair[1].from);
        let lowest = self.scale.last().ok_or(RulesFlaw::Scale)?;
        if !descending || lowest.from != Percent::whole(0) {
            return Err(RulesFlaw::Scale);
        }
        if lowest.outcome != Outcome::Failed {
            return Err(RulesFlaw::LowestPasses);
        }
        let mut letters = BTreeMap::new();
        for letter in self.scale.iter().map(|row| &row.letter) {
            if letters.insert(letter, ()).is_some() {
                return Err(RulesFlaw::LetterTwice(letter.clone()));
            }
        }
        let whole = |name, first: Percent, second: Percent| {
            let sum = first.hundredths() + second.hundredths();
            (sum == Percent::whole(100).hundredths()).then_some(()).ok_or(RulesFlaw::Weights(name))
        };
        let Admission { first, second, rating, .. } = &self.admission;
        whole("admission", *first, *second)?;
        whole("rating", rating.current, rating.midterm)?;
        whole("final_grade", self.final_grade.rating, self.final_grade.exam)
    }

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
    fn the_default_rules_can_be_published() {
        assert_eq!(Rules::kazakhstan().check(), Ok(()));
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
