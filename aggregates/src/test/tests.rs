//! The rules of test, given / when / then.

use super::{
    Choice, Key, Question, Test, TestCard, TestCommand as Command, TestError, TestEvent as Event,
};
use crate::shared::{
    MarkKind, Number, Percent, Score, TestId,
    given::{given, id, text, window},
};

fn test() -> TestId {
    id(1)
}

fn option(number: u16) -> Choice {
    Choice { id: id(number), text: text(&format!("Жауап {number}")) }
}

fn question(number: u16, key: Key) -> Question {
    Question { id: id(number), prompt: text("Қанша?"), points: Score::whole(2), key }
}

fn single(right: u16) -> Question {
    question(10, Key::Single { options: vec![option(1), option(2)], right: id(right) })
}

fn multiple(right: &[u16]) -> Question {
    let right = right.iter().map(|right| id(*right)).collect();
    question(20, Key::Multiple { options: vec![option(1), option(2), option(3)], right })
}

fn numeric() -> Question {
    let number = |value| Number::from_f64(value).unwrap();
    question(30, Key::Numeric { right: number(12.5), tolerance: number(0.01) })
}

fn card() -> TestCard {
    TestCard {
        subject: id(100),
        term: id(101),
        title: text("Аралық бақылау"),
        kind: MarkKind::Midterm,
        period: Some(1),
        questions: vec![single(1), multiple(&[1, 3]), numeric()],
        drawn: Some(2),
        window: window("2026-10-01", "2026-10-02"),
        minutes: 45,
        attempts: 2,
        needed: Some(Percent::whole(50)),
        pass: Percent::whole(50),
        proctored: false,
    }
}

fn create(card: TestCard) -> Command {
    Command::Create { test: test(), card }
}

fn created(card: TestCard) -> Event {
    Event::Created { test: test(), card }
}

fn refused(card: TestCard, error: TestError) {
    given::<Test>([]).when(create(card.clone())).then_refused(error.clone());
    let revise = Command::Revise { test: test(), card };
    given::<Test>([created(self::card())]).when(revise).then_refused(error);
}

#[test]
fn a_test_is_planned_once() {
    given::<Test>([]).when(create(card())).then([created(card())]);
    given::<Test>([created(card())]).when(create(card())).then_refused(TestError::Exists);
}

#[test]
fn a_test_is_revised_where_something_changes() {
    let revise = |card| Command::Revise { test: test(), card };
    let longer = TestCard { minutes: 60, ..card() };
    given::<Test>([created(card())]).when(revise(card())).then_nothing_happens();
    given::<Test>([created(card())])
        .when(revise(longer.clone()))
        .then([Event::Revised { test: test(), card: longer.clone() }]);
    given::<Test>([]).when(revise(longer)).then_refused(TestError::Unknown);
}

#[test]
fn a_test_stays_with_its_subject_and_term() {
    for moved in [TestCard { subject: id(7), ..card() }, TestCard { term: id(7), ..card() }] {
        let revise = Command::Revise { test: test(), card: moved };
        given::<Test>([created(card())]).when(revise).then_refused(TestError::Moved);
    }
}

#[test]
fn a_window_closes_after_it_opens() {
    let empty = window("2026-10-01", "2026-10-01");
    let (opens_at, closes_at) = (empty.opens_at, empty.closes_at);
    let error = TestError::WindowIsEmpty { opens_at, closes_at };
    refused(TestCard { window: empty, ..card() }, error);
}

#[test]
fn an_attempt_takes_a_minute_to_a_day() {
    for minutes in [0, 1_441] {
        let error = TestError::MinutesOutOfRange { minutes, most: 1_440 };
        refused(TestCard { minutes, ..card() }, error);
    }
    for minutes in [1, 1_440] {
        let card = TestCard { minutes, ..card() };
        given::<Test>([]).when(create(card.clone())).then([created(card)]);
    }
}

#[test]
fn attempts_are_counted() {
    for attempts in [0, 21] {
        let error = TestError::AttemptsOutOfRange { attempts, most: 20 };
        refused(TestCard { attempts, ..card() }, error);
    }
}

#[test]
fn a_test_asks_something() {
    refused(TestCard { questions: vec![], drawn: None, ..card() }, TestError::NoQuestions);
}

#[test]
fn no_more_questions_are_drawn_than_there_are() {
    for drawn in [0, 4] {
        let error = TestError::DrawsTooMany { drawn, questions: 3 };
        refused(TestCard { drawn: Some(drawn), ..card() }, error);
    }
}

#[test]
fn a_midterm_is_of_a_rating_period_and_an_exam_is_not() {
    let fits = |kind, period| {
        let card = TestCard { kind, period, ..card() };
        given::<Test>([]).when(create(card.clone())).then([created(card)]);
    };
    for (kind, period) in [
        (MarkKind::Exam, None),
        (MarkKind::Retake, None),
        (MarkKind::Midterm, Some(2)),
        (MarkKind::Practice, None),
        (MarkKind::Practice, Some(1)),
    ] {
        fits(kind, period);
    }
    for (kind, period) in [
        (MarkKind::Exam, Some(1)),
        (MarkKind::Midterm, None),
        (MarkKind::Rating, None),
        (MarkKind::Practice, Some(3)),
    ] {
        refused(TestCard { kind, period, ..card() }, TestError::PeriodUnfit { kind });
    }
}

#[test]
fn a_right_answer_is_worth_something() {
    let worthless = Question { points: Score::whole(0), ..multiple(&[1]) };
    let questions = vec![single(1), worthless];
    refused(TestCard { questions, ..card() }, TestError::NoPoints { number: 2 });
}

#[test]
fn there_is_something_to_choose_from() {
    let alone = Key::Single { options: vec![option(1)], right: id(1) };
    let questions = vec![question(10, alone), single(1)];
    refused(TestCard { questions, ..card() }, TestError::OptionsTooFew { number: 1 });
}

#[test]
fn a_question_can_be_answered_rightly() {
    for hopeless in [single(9), multiple(&[]), multiple(&[1, 9])] {
        let questions = vec![numeric(), hopeless];
        refused(TestCard { questions, ..card() }, TestError::NoRightAnswer { number: 2 });
    }
}

#[test]
fn questions_and_options_are_told_apart() {
    let questions = vec![single(1), single(2)];
    refused(TestCard { questions, ..card() }, TestError::Twice { number: 2 });
    let same = Key::Single { options: vec![option(1), option(1)], right: id(1) };
    let questions = vec![question(10, same), numeric()];
    refused(TestCard { questions, ..card() }, TestError::Twice { number: 1 });
}
