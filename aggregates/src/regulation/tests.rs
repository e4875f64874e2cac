//! The rules of regulation, given / when / then, and what two regulations make of the same marks.

use super::{Regulation, RegulationCommand, RegulationError, RegulationEvent};
use crate::shared::{
    Fact, Grade, Outcome, Percent, Rules,
    given::{day, given, rules_of_2011, text},
};

fn publish(version: &str, rules: Rules) -> RegulationCommand {
    RegulationCommand::Publish { version: text(version), effective_from: day("2026-09-01"), rules }
}

fn published(version: &str, rules: Rules) -> RegulationEvent {
    RegulationEvent::Published { version: text(version), effective_from: day("2026-09-01"), rules }
}

/// The default rules with one thing changed.
fn but(change: impl Fn(&mut Rules)) -> Rules {
    let mut rules = Rules::kazakhstan();
    change(&mut rules);
    rules
}

/// What that final comes to: percent, letter, word, outcome.
fn final_grade(rules: &Rules, rating: u16, exam: u16) -> (u16, String, String, Outcome) {
    let (grade, _) = rules.grade("v", Percent::whole(rating), Percent::whole(exam));
    let percent = grade.percent.map_or(0, |percent| percent.hundredths() / 100);
    (percent.try_into().unwrap(), grade.letter, grade.word, grade.outcome)
}

#[test]
fn a_version_is_published_with_all_its_rules() {
    for rules in [Rules::kazakhstan(), rules_of_2011()] {
        given::<Regulation>([])
            .when(publish("kz-2026", rules.clone()))
            .then([published("kz-2026", rules)]);
    }
}

#[test]
fn a_published_version_never_changes() {
    given::<Regulation>([published("kz-2026", Rules::kazakhstan())])
        .when(publish("kz-2026", rules_of_2011()))
        .then_refused(RegulationError::VersionTaken { version: text("kz-2026") });
}

#[test]
fn the_scale_goes_down_from_the_best_to_nothing() {
    let no_rows = but(|rules| rules.scale.clear());
    let ends_at_25 = but(|rules| rules.scale.truncate(11));
    let out_of_order = but(|rules| rules.scale.swap(0, 1));
    let same_step_twice = but(|rules| rules.scale[1].from = rules.scale[0].from);
    for rules in [no_rows, ends_at_25, out_of_order, same_step_twice] {
        given::<Regulation>([])
            .when(publish("flawed", rules))
            .then_refused(RegulationError::ScaleHasGaps);
    }
}

#[test]
fn the_lowest_grade_fails() {
    for outcome in [Outcome::Passed, Outcome::Retake] {
        given::<Regulation>([])
            .when(publish("flawed", but(|rules| rules.scale[11].outcome = outcome)))
            .then_refused(RegulationError::LowestGradePasses);
    }
}

#[test]
fn a_letter_stands_in_the_scale_once() {
    given::<Regulation>([])
        .when(publish("flawed", but(|rules| rules.scale[1].letter = "A".into())))
        .then_refused(RegulationError::LetterTwice { letter: "A".into() });
}

#[test]
fn weights_that_belong_together_add_up_to_a_hundred() {
    let off = Percent::whole(49);
    let admission = but(|rules| rules.admission.first = off);
    let rating = but(|rules| rules.admission.rating.midterm = off);
    let final_grade = but(|rules| rules.final_grade.exam = off);
    for (part, rules) in
        [("admission", admission), ("rating", rating), ("final_grade", final_grade)]
    {
        given::<Regulation>([])
            .when(publish("flawed", rules))
            .then_refused(RegulationError::WeightsDoNotAddUp { part });
    }
}

#[test]
fn each_step_of_the_scale_has_its_letter_points_and_word() {
    // The table of the credit system, once from each end of a step.
    let table = [
        (95, 100, "A", "4", "excellent"),
        (90, 94, "A-", "3.67", "excellent"),
        (85, 89, "B+", "3.33", "good"),
        (80, 84, "B", "3", "good"),
        (75, 79, "B-", "2.67", "good"),
        (70, 74, "C+", "2.33", "good"),
        (65, 69, "C", "2", "satisfactory"),
        (60, 64, "C-", "1.67", "satisfactory"),
        (55, 59, "D+", "1.33", "satisfactory"),
        (50, 54, "D", "1", "satisfactory"),
        (25, 49, "FX", "0.5", "fail"),
        (0, 24, "F", "0", "fail"),
    ];
    let anything = Grade {
        percent: None,
        letter: "I".into(),
        points: None,
        word: "incomplete".into(),
        ects: None,
        outcome: Outcome::Failed,
        earns_credits: false,
    };
    for (from, to, letter, points, word) in table {
        for percent in [from, to] {
            let (grade, _) =
                Rules::kazakhstan().grade_corrected("v", Percent::whole(percent), &anything);
            let read = (grade.letter, grade.points.unwrap().to_string(), grade.word);
            assert_eq!(read, (letter.into(), points.into(), word.into()), "{percent}");
        }
    }
}

#[test]
fn two_regulations_grade_the_same_marks_differently() {
    let (now, then) = (Rules::kazakhstan(), rules_of_2011());
    // 0.6 x 80 + 0.4 x 60 = 72, and 0.7 x 80 + 0.3 x 60 = 74.
    assert_eq!(final_grade(&now, 80, 60), (72, "C+".into(), "good".into(), Outcome::Passed));
    assert_eq!(
        final_grade(&then, 80, 60),
        (74, "C+".into(), "satisfactory".into(), Outcome::Passed)
    );
}

#[test]
fn without_fx_a_failed_exam_is_f_at_once() {
    let (now, then) = (Rules::kazakhstan(), rules_of_2011());
    assert_eq!(final_grade(&now, 80, 40), (40, "FX".into(), "fail".into(), Outcome::Retake));
    assert_eq!(final_grade(&then, 80, 40), (40, "F".into(), "fail".into(), Outcome::Failed));
}

#[test]
fn the_admission_rating_is_weighed_by_the_regulation() {
    let rating =
        |rules: Rules| rules.admission_rating(Some(Percent::whole(40)), Some(Percent::whole(55)));
    let (now, then) = (rating(Rules::kazakhstan()), rating(rules_of_2011()));
    // (40 + 55) / 2 = 47.5, and 0.4 x 40 + 0.6 x 55 = 49.
    assert_eq!((now, then), (Percent::from_hundredths(4750), Percent::from_hundredths(4900)));
    assert!(!rules_of_2011().admits(then.unwrap()));
}

#[test]
fn a_final_grade_tells_its_version_and_its_inputs() {
    let (grade, decision) =
        rules_of_2011().grade("kz-2011", Percent::whole(80), Percent::whole(60));
    assert_eq!(decision.rule, "final_grade");
    assert_eq!(decision.regulation, "kz-2011");
    assert_eq!(decision.verdict, grade.letter);
    let facts = [
        ("admission_rating", "80"),
        ("exam", "60"),
        ("weight_rating", "70"),
        ("weight_exam", "30"),
        ("positive_from", "50"),
    ];
    assert_eq!(decision.facts, facts.map(|(name, value)| Fact::new(name, value)));
}

#[test]
fn a_rating_under_the_positive_bound_leaves_nothing_of_a_good_exam() {
    let lenient = but(|rules| rules.admission.least = Percent::whole(30));
    for exam in [50, 90] {
        let failed = (0, "F".into(), "fail".into(), Outcome::Failed);
        assert_eq!(final_grade(&lenient, 40, exam), failed);
    }
}
