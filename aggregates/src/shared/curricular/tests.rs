//! Requirements against their truth table, and the cycles in what subjects ask for.

use proptest::prelude::*;

use super::{Asking, Codes, Known, Requirement};
use crate::shared::{
    Credits, SubjectId,
    given::{id, text},
};

/// One of each kind that names a fact; the place is the row of the truth table.
fn facts() -> [Requirement; 8] {
    [
        Requirement::Passed(id(1)),
        Requirement::RegisteredNow(id(2)),
        Requirement::NotRegisteredWith(id(3)),
        Requirement::YearOfStudyAtLeast(2),
        Requirement::CreditsGathered(Credits::whole(60)),
        Requirement::InProgramme(id(4)),
        Requirement::InGroup(text("ИС-21")),
        Requirement::ApprovedByHead,
    ]
}

/// A student of whom exactly those facts hold.
fn student(holds: [bool; 8]) -> Known {
    let [passed, now, apart, year, credits, programme, group, approved] = holds;
    let some = |holds: bool, number| holds.then(|| id::<SubjectId>(number));
    Known {
        passed: some(passed, 1).into_iter().collect(),
        assumed: [].into(),
        registered: some(now, 2).into_iter().chain(some(!apart, 3)).collect(),
        year_of_study: Some(if year { 2 } else { 1 }),
        credits: if credits {
            Credits::whole(60)
        } else {
            Credits::from_hundredths(5_999).unwrap()
        },
        programme: Some(id(if programme { 4 } else { 5 })),
        group: Some(text(if group { "ИС-21" } else { "ИС-22" })),
        approved,
    }
}

/// A formula over the rows of the table, without what it is about.
#[derive(Debug, Clone)]
enum Formula {
    Fact(usize),
    All(Vec<Formula>),
    Any(Vec<Formula>),
    Not(Box<Formula>),
}

impl Formula {
    /// By the truth table: how many of its parts hold.
    fn holds(&self, table: &[bool; 8]) -> bool {
        let count = |parts: &[Formula]| parts.iter().filter(|part| part.holds(table)).count();
        match self {
            Self::Fact(row) => table[*row],
            Self::All(parts) => count(parts) == parts.len(),
            Self::Any(parts) => count(parts) > 0,
            Self::Not(part) => count(std::slice::from_ref(part)) == 0,
        }
    }

    fn requirement(&self) -> Requirement {
        let all = |parts: &[Formula]| parts.iter().map(Formula::requirement).collect();
        match self {
            Self::Fact(row) => facts()[*row].clone(),
            Self::All(parts) => Requirement::All(all(parts)),
            Self::Any(parts) => Requirement::Any(all(parts)),
            Self::Not(part) => Requirement::Not(Box::new(part.requirement())),
        }
    }

    /// The parts that have to hold each for itself.
    fn conjuncts(&self) -> Vec<&Formula> {
        match self {
            Self::All(parts) => parts.iter().flat_map(Formula::conjuncts).collect(),
            other => vec![other],
        }
    }
}

fn formula() -> impl Strategy<Value = Formula> {
    let fact = (0..8_usize).prop_map(Formula::Fact);
    fact.prop_recursive(4, 24, 4, |part| {
        prop_oneof![
            prop::collection::vec(part.clone(), 0..4).prop_map(Formula::All),
            prop::collection::vec(part.clone(), 0..4).prop_map(Formula::Any),
            part.prop_map(|part| Formula::Not(Box::new(part))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// It is met exactly where the formula holds; and what is told as not met is each part that has to hold and does
    /// not, all of them and no other.
    #[test]
    fn exactly_what_does_not_hold_is_told(formula in formula(), table in any::<[bool; 8]>()) {
        let requirement = formula.requirement();
        let unmet = requirement.unmet(&student(table));
        prop_assert_eq!(unmet.is_empty(), formula.holds(&table));
        let failing = formula.conjuncts().into_iter().filter(|part| !part.holds(&table));
        let failing: Vec<_> = failing.map(Formula::requirement).collect();
        prop_assert_eq!(unmet.into_iter().cloned().collect::<Vec<_>>(), failing);
    }

    #[test]
    fn a_requirement_is_read_back_as_it_was_written(formula in formula()) {
        let requirement = formula.requirement();
        let written = serde_json::to_string(&requirement).unwrap();
        prop_assert_eq!(serde_json::from_str::<Requirement>(&written).unwrap(), requirement);
    }
}

#[test]
fn what_the_record_does_not_say_meets_nothing() {
    let known = Known::default();
    for asked in [&facts()[3], &facts()[5], &facts()[6]] {
        assert_eq!(asked.unmet(&known), [asked]);
    }
}

// Cycles, among the subjects A to D.

const SUBJECTS: [&str; 4] = ["A", "B", "C", "D"];

fn subject(code: &str) -> SubjectId {
    let place = SUBJECTS.iter().position(|known| *known == code).unwrap();
    id(u16::try_from(place).unwrap() + 1)
}

fn passed(code: &str) -> Requirement {
    Requirement::Passed(subject(code))
}

/// The cycle, where the catalogue says `known` and `code` shall ask for `requirement`.
fn cycle(known: &[(&str, Requirement)], code: &str, requirement: Requirement) -> Option<String> {
    let asking = Asking {
        requirements: known.iter().map(|(code, asked)| (subject(code), asked.clone())).collect(),
        codes: Codes::of_subjects(SUBJECTS.iter().map(|code| (subject(code), text(code)))),
    };
    asking.cycle(subject(code), requirement).map(|cycle| cycle.to_string())
}

#[test]
fn subjects_that_wait_for_one_another_are_told_in_their_order() {
    let known = [("A", passed("B")), ("B", Requirement::All(vec![passed("D"), passed("C")]))];
    assert_eq!(cycle(&known, "C", passed("A")), Some("C < A < B < C".into()));
    assert_eq!(cycle(&known, "C", passed("D")), None);
    assert_eq!(cycle(&known, "D", passed("D")), Some("D < D".into()));
}

#[test]
fn one_that_another_way_leads_past_is_no_cycle() {
    let known = [("A", passed("B"))];
    let either = |other| Requirement::Any(vec![passed("A"), other]);
    assert_eq!(cycle(&known, "B", either(Requirement::YearOfStudyAtLeast(2))), None);
    let both_wait = [("A", passed("B")), ("C", passed("B"))];
    assert_eq!(cycle(&both_wait, "B", either(passed("C"))), Some("B < A < B".into()));
    assert_eq!(cycle(&known, "B", Requirement::Not(Box::new(passed("A")))), None);
}

#[test]
fn what_is_taken_in_the_same_term_may_not_wait_for_it() {
    let beside = |code| Requirement::RegisteredNow(subject(code));
    let known = [("B", passed("A"))];
    assert_eq!(cycle(&known, "A", beside("B")), Some("A < B < A".into()));
    assert_eq!(
        cycle(&[("B", beside("C")), ("C", passed("A"))], "A", beside("B")),
        Some("A < B < C < A".into())
    );
    // Those that ask for one another are taken together.
    assert_eq!(cycle(&[("B", beside("A"))], "A", beside("B")), None);
    assert_eq!(cycle(&[("B", beside("A")), ("C", passed("A"))], "A", beside("B")), None);
    let either = Requirement::Any(vec![beside("B"), passed("C")]);
    assert_eq!(cycle(&known, "A", either), None);
}

#[test]
fn what_must_not_be_passed_is_no_prerequisite() {
    let not = |part| Requirement::Not(Box::new(part));
    let asked = Requirement::All(vec![
        passed("A"),
        not(passed("B")),
        not(Requirement::Any(vec![not(passed("C")), passed("D")])),
    ]);
    assert_eq!(asked.prerequisites(), [subject("A"), subject("C")].into());
}

#[test]
fn a_subject_that_asks_for_one_in_a_cycle_is_told_that_cycle() {
    let known = [("A", passed("B")), ("B", passed("A"))];
    assert_eq!(cycle(&known, "C", passed("A")), Some("A < B < A".into()));
}
