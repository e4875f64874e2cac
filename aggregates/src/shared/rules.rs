//! The rules of a regulation as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Credits, Percent, Points, ThesisRules};

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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_rules_can_be_published() {
        assert_eq!(Rules::kazakhstan().check(), Ok(()));
    }
}
