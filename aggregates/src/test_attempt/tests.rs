//! The rules of attempts at a test, given / when / then.

use jiff::{SignedDuration, Timestamp};

use super::{
    Answer, Attempt, Ending, Saved, Series, Start, TestAttempt, TestAttemptCommand as Command,
    TestAttemptError as Refused, TestAttemptEvent as Event, TestResult,
};
use crate::{
    shared::{
        AttemptId, Decision, Fact, MarkId, MarkKind, Number, Percent, PersonId, QuestionId, Score,
        SeriesId, TestId,
        given::{at, given, id, text, window},
    },
    student::StudentStatus,
    test::{Choice, Key, Question, TestCard},
};

fn student() -> PersonId {
    id(1)
}

fn test() -> TestId {
    id(2)
}

fn attempt(number: u32) -> AttemptId {
    AttemptId::of(SeriesId::of(student(), test()), number)
}

/// The one question of each kind; the right answers are option 1, options 1 and 3, and 12.5.
fn questions() -> Vec<Question> {
    let options = || (1..=3).map(|number| Choice { id: id(number), text: text("?") }).collect();
    let question =
        |number, points, key| Question { id: id(number), prompt: text("?"), points, key };
    let number = |value| Number::from_f64(value).unwrap();
    vec![
        question(10, Score::whole(1), Key::Single { options: options(), right: id(1) }),
        question(
            20,
            Score::whole(2),
            Key::Multiple { options: options(), right: [id(1), id(3)].into() },
        ),
        question(
            30,
            Score::whole(3),
            Key::Numeric { right: number(12.5), tolerance: number(0.01) },
        ),
    ]
}

fn card() -> TestCard {
    TestCard {
        subject: id(3),
        term: id(4),
        title: text("Аралық бақылау"),
        kind: MarkKind::Midterm,
        period: Some(1),
        questions: questions(),
        drawn: None,
        window: window("2026-10-01", "2026-10-02"),
        minutes: 60,
        attempts: 2,
        needed: Some(Percent::whole(50)),
        pass: Percent::whole(50),
        proctored: false,
    }
}

fn opens() -> Timestamp {
    at("2026-10-01")
}

fn minutes(minutes: i64) -> Timestamp {
    opens() + SignedDuration::from_mins(minutes)
}

fn decision() -> Decision {
    Decision {
        rule: "test_admission".into(),
        regulation: "kz-2026".into(),
        facts: vec![Fact::new("rating", "60")],
        verdict: "allowed".into(),
    }
}

fn at_card(card: TestCard, at: Timestamp) -> Start {
    Start {
        student: student(),
        test: test(),
        card,
        enrollment: id(5),
        status: Some(StudentStatus::Studying),
        dropped: false,
        admitted: Some(true),
        rating: Some(Percent::whole(60)),
        grade: None,
        retake_due: false,
        at,
        decision: decision(),
    }
}

fn start(at: Timestamp) -> Command {
    Command::Start(Box::new(at_card(card(), at)))
}

fn series() -> Series {
    Series {
        id: SeriesId::of(student(), test()),
        student: student(),
        test: test(),
        enrollment: id(5),
        subject: id(3),
        term: id(4),
        closes_at: at("2026-10-02"),
    }
}

/// An attempt of the card, with its questions as they are drawn.
fn started_with(card: &TestCard, number: u32, starts_at: Timestamp) -> Event {
    let then =
        given::<TestAttempt>([]).when(Command::Start(Box::new(at_card(card.clone(), starts_at))));
    let Some(Event::Started { attempt: first, .. }) = then.events().pop() else { unreachable!() };
    let mut questions = card.questions.clone();
    if number == 1 {
        questions = first.questions.clone();
    }
    let attempt = Attempt { id: attempt(number), number, questions, ..first };
    Event::Started { series: series(), attempt, decision: decision() }
}

fn started(number: u32, starts_at: Timestamp) -> Event {
    started_with(&card(), number, starts_at)
}

fn running() -> Vec<Event> {
    vec![started(1, opens())]
}

fn choose(options: &[u16]) -> Answer {
    Answer::Options(options.iter().map(|option| id(*option)).collect())
}

fn number(value: f64) -> Answer {
    Answer::Number(Number::from_f64(value).unwrap())
}

fn answer(question: u16, sequence: u32, answer: Answer) -> Command {
    let (attempt, question, at) = (attempt(1), id(question), minutes(5));
    Command::SaveAnswer { attempt, question, sequence, answer, at }
}

fn saved_in(attempt: AttemptId, question: QuestionId, sequence: u32, answer: Answer) -> Event {
    let saved = Saved { sequence, answer };
    Event::AnswerSaved { series: series(), attempt, question, saved, at: minutes(5) }
}

fn saved(question: u16, sequence: u32, answer: Answer) -> Event {
    saved_in(attempt(1), id(question), sequence, answer)
}

fn result(number: u32, points: u16, percent: i64) -> TestResult {
    let (points, of) = (Score::whole(points), Score::whole(6));
    let percent = Percent::from_hundredths(percent).unwrap();
    TestResult { number, points, of, percent, passed: percent >= Percent::whole(50) }
}

fn ended(ending: Ending, at: Timestamp, result: TestResult) -> Event {
    let attempt = attempt(result.number);
    Event::Ended { series: series(), attempt, ending, at, result }
}

fn concluded(result: TestResult) -> Event {
    let (title, kind, period) = (card().title, card().kind, card().period);
    Event::Concluded { series: series(), result, title, kind, period }
}

fn submit(number: u32, at: Timestamp) -> Command {
    Command::Submit { attempt: attempt(number), at }
}

fn close(at: Timestamp) -> Command {
    Command::Close { closes_at: card().window.closes_at, at }
}

/// The first attempt, failed.
fn failed_once() -> Vec<Event> {
    let ended = ended(Ending::Submitted, minutes(6), result(1, 1, 1667));
    [running(), vec![saved(10, 1, choose(&[1])), ended]].concat()
}

// Starting.

#[test]
fn an_attempt_starts_within_the_window_and_ends_after_its_minutes() {
    let events = given::<TestAttempt>([]).when(start(opens())).events();
    let [Event::Started { series: found, attempt: first, decision: kept }] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!((found, kept), (&series(), &decision()));
    assert_eq!((first.id, first.number, first.allowed), (attempt(1), 1, 2));
    assert_eq!((first.starts_at, first.ends_at), (opens(), minutes(60)));
    assert_eq!(first.questions.len(), 3);
}

#[test]
fn an_attempt_ends_with_the_window_at_the_latest() {
    let late = minutes(24 * 60 - 10);
    let events = given::<TestAttempt>([]).when(start(late)).events();
    let Event::Started { attempt, .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!(attempt.ends_at, at("2026-10-02"));
}

#[test]
fn questions_are_drawn_anew_for_each_attempt_and_the_same_for_the_same() {
    let many = |drawn| TestCard {
        questions: (1..=40)
            .map(|number| Question { id: id(number), ..questions()[2].clone() })
            .collect(),
        drawn,
        ..card()
    };
    let drawn = |student: u16, drawn| {
        let start = Start { student: id(student), ..at_card(many(drawn), opens()) };
        let events = given::<TestAttempt>([]).when(Command::Start(Box::new(start))).events();
        let Event::Started { attempt, .. } = &events[0] else { panic!("{events:?}") };
        attempt.questions.iter().map(|question| question.id).collect::<Vec<_>>()
    };
    let ten = drawn(1, Some(10));
    assert_eq!(ten.len(), 10);
    assert_eq!(drawn(1, Some(10)), ten);
    assert_ne!(drawn(7, Some(10)), ten);
    assert_eq!(drawn(1, None).len(), 40);
}

#[test]
fn a_test_is_open_strictly_at_its_times() {
    let window = card().window;
    let (opens_at, closes_at) = (window.opens_at, window.closes_at);
    for now in [opens() - SignedDuration::from_millis(1), closes_at] {
        let refused = Refused::NotOpen { opens_at, closes_at, now };
        given::<TestAttempt>([]).when(start(now)).then_refused(refused);
    }
}

#[test]
fn the_needed_rating_has_to_be_reached() {
    let rated = |rating: Option<u16>| {
        let rating = rating.map(Percent::whole);
        Command::Start(Box::new(Start { rating, ..at_card(card(), opens()) }))
    };
    let needed = Percent::whole(50);
    for (rating, told) in [(None, "none"), (Some(49), "49")] {
        let refused = Refused::RatingTooLow { rating: told.into(), needed };
        given::<TestAttempt>([]).when(rated(rating)).then_refused(refused);
    }
    assert_eq!(given::<TestAttempt>([]).when(rated(Some(50))).events().len(), 1);
    let free = TestCard { needed: None, ..card() };
    let unrated = Start { rating: None, ..at_card(free, opens()) };
    assert_eq!(given::<TestAttempt>([]).when(Command::Start(Box::new(unrated))).events().len(), 1);
}

#[test]
fn only_who_is_registered_starts() {
    let dropped = Start { dropped: true, ..at_card(card(), opens()) };
    given::<TestAttempt>([])
        .when(Command::Start(Box::new(dropped)))
        .then_refused(Refused::NotRegistered);
}

#[test]
fn only_who_studies_starts() {
    for (status, told) in [
        (Some(StudentStatus::OnLeave), "on_leave"),
        (Some(StudentStatus::Expelled), "expelled"),
        (None, "none"),
    ] {
        let away = Start { status, ..at_card(card(), opens()) };
        given::<TestAttempt>([])
            .when(Command::Start(Box::new(away)))
            .then_refused(Refused::NotStudying { status: told });
    }
}

#[test]
fn an_exam_is_for_who_is_admitted() {
    let exam = TestCard { kind: MarkKind::Exam, needed: None, ..card() };
    let asked = |admitted| Start { admitted, ..at_card(exam.clone(), opens()) };
    for admitted in [None, Some(false)] {
        given::<TestAttempt>([])
            .when(Command::Start(Box::new(asked(admitted))))
            .then_refused(Refused::NotAdmitted { rating: "60".into() });
    }
    assert_eq!(asked(Some(true)).reasons(), []);
}

#[test]
fn a_retake_needs_a_grade_that_it_can_change() {
    let retake = TestCard { kind: MarkKind::Retake, ..card() };
    let asked = |retake_due| Start { retake_due, ..at_card(retake.clone(), opens()) };
    given::<TestAttempt>([])
        .when(Command::Start(Box::new(asked(false))))
        .then_refused(Refused::NothingToRetake);
    assert_eq!(asked(true).reasons(), []);
}

#[test]
fn a_graded_subject_is_tested_no_more() {
    let graded = Start { grade: Some("B".into()), ..at_card(card(), opens()) };
    let refused = Refused::Graded { grade: "B".into() };
    given::<TestAttempt>([]).when(Command::Start(Box::new(graded))).then_refused(refused);
}

#[test]
fn all_reasons_are_told_beforehand() {
    let start = Start { dropped: true, rating: None, ..at_card(card(), at("2026-11-01")) };
    assert_eq!(start.reasons().len(), 3);
    assert_eq!(at_card(card(), opens()).reasons(), []);
}

#[test]
fn one_attempt_runs_at_a_time() {
    let refused = || Refused::AttemptRuns { number: 1 };
    given::<TestAttempt>(running()).when(start(minutes(60))).then_refused(refused());
}

#[test]
fn an_attempt_whose_time_is_over_makes_room_for_the_next() {
    let late = minutes(61);
    let events = given::<TestAttempt>(running()).when(start(late)).events();
    assert_eq!(events[0], ended(Ending::OutOfTime, minutes(60), result(1, 0, 0)));
    let Event::Started { attempt: second, .. } = &events[1] else { panic!("{events:?}") };
    assert_eq!((second.id, second.number), (attempt(2), 2));
}

#[test]
fn no_more_attempts_than_the_test_allows() {
    let last = result(2, 0, 0);
    let used = [
        failed_once(),
        vec![
            started(2, minutes(70)),
            ended(Ending::Submitted, minutes(71), last),
            concluded(result(1, 1, 1667)),
        ],
    ];
    let refused = Refused::AttemptsUsedUp { used: 2, allowed: 2 };
    given::<TestAttempt>(used.concat()).when(start(minutes(80))).then_refused(refused);
}

#[test]
fn who_has_passed_needs_no_further_attempt() {
    let passed = result(1, 5, 8333);
    given::<TestAttempt>(running())
        .and([ended(Ending::Submitted, minutes(6), passed), concluded(passed)])
        .when(start(minutes(7)))
        .then_refused(Refused::PassedAlready);
}

#[test]
fn a_result_that_stands_is_followed_by_no_attempt() {
    let more = TestCard { window: window("2026-10-01", "2026-11-01"), ..card() };
    given::<TestAttempt>(failed_once())
        .and([concluded(result(1, 1, 1667))])
        .when(Command::Start(Box::new(at_card(more, at("2026-10-03")))))
        .then_refused(Refused::Concluded);
}

// Answering.

#[test]
fn answers_are_saved_one_by_one() {
    for (question, given_answer) in
        [(10, choose(&[2])), (20, choose(&[1, 2])), (30, number(-2.5)), (10, choose(&[]))]
    {
        given::<TestAttempt>(running())
            .when(answer(question, 1, given_answer.clone()))
            .then([saved(question, 1, given_answer)]);
    }
}

#[test]
fn a_late_or_repeated_answer_does_no_harm() {
    let before = || given::<TestAttempt>(running()).and([saved(10, 5, choose(&[1]))]);
    before().when(answer(10, 5, choose(&[1]))).then_nothing_happens();
    before().when(answer(10, 4, choose(&[2]))).then_nothing_happens();
    before().when(answer(10, 6, choose(&[2]))).then([saved(10, 6, choose(&[2]))]);
    // Each question has a counter of its own.
    before().when(answer(20, 1, choose(&[2]))).then([saved(20, 1, choose(&[2]))]);
}

#[test]
fn two_pages_that_answer_at_once_are_told() {
    given::<TestAttempt>(running())
        .and([saved(10, 5, choose(&[1]))])
        .when(answer(10, 5, choose(&[2])))
        .then_refused(Refused::SequenceTaken { sequence: 5 });
}

#[test]
fn an_answer_after_the_end_does_not_count() {
    let answered = |at| Command::SaveAnswer {
        attempt: attempt(1),
        question: id(10),
        sequence: 1,
        answer: choose(&[1]),
        at,
    };
    let ends_at = minutes(60);
    assert_eq!(given::<TestAttempt>(running()).when(answered(ends_at)).events().len(), 1);
    let now = ends_at + SignedDuration::from_millis(1);
    given::<TestAttempt>(running())
        .when(answered(now))
        .then_refused(Refused::TimeIsUp { ends_at, now });
    given::<TestAttempt>(failed_once())
        .when(answer(10, 2, choose(&[2])))
        .then_refused(Refused::Over);
}

#[test]
fn only_what_was_drawn_is_answered_and_only_in_an_attempt_of_ones_own() {
    let undrawn = answer(99, 1, choose(&[1]));
    given::<TestAttempt>(running()).when(undrawn).then_refused(Refused::QuestionNotDrawn);
    given::<TestAttempt>([]).when(answer(10, 1, choose(&[1]))).then_refused(Refused::Unknown);
    let (attempt, question, answer) = (id(77), id(10), choose(&[1]));
    let other = Command::SaveAnswer { attempt, question, sequence: 1, answer, at: minutes(5) };
    given::<TestAttempt>(running()).when(other).then_refused(Refused::AttemptUnknown);
}

#[test]
fn an_answer_is_of_the_kind_that_is_asked() {
    let refused = |question, given_answer, error| {
        given::<TestAttempt>(running()).when(answer(question, 1, given_answer)).then_refused(error);
    };
    refused(10, choose(&[1, 2]), Refused::OneOptionAsked { given: 2 });
    refused(10, choose(&[9]), Refused::OptionNotOffered);
    refused(20, choose(&[1, 9]), Refused::OptionNotOffered);
    refused(10, number(1.0), Refused::WrongKindOfAnswer { asked: "options" });
    refused(30, choose(&[1]), Refused::WrongKindOfAnswer { asked: "number" });
}

// Ending.

#[test]
fn an_attempt_is_scored_as_it_is_handed_in() {
    let answers = |answers: Vec<(u16, Answer)>| {
        let saved = answers.into_iter().map(|(question, given)| saved(question, 1, given));
        given::<TestAttempt>(running()).and(saved).when(submit(1, minutes(6)))
    };
    let all = vec![(10, choose(&[1])), (20, choose(&[1, 3])), (30, number(12.51))];
    let best = result(1, 6, 10_000);
    answers(all).then([ended(Ending::Submitted, minutes(6), best), concluded(best)]);
    // Half of several right options is not a right answer, nor is what lies past the tolerance.
    let wrong = vec![(10, choose(&[2])), (20, choose(&[1])), (30, number(12.511))];
    answers(wrong).then([ended(Ending::Submitted, minutes(6), result(1, 0, 0))]);
    let half = result(1, 3, 5000);
    answers(vec![(30, number(12.49))])
        .then([ended(Ending::Submitted, minutes(6), half), concluded(half)]);
    // An answer that was taken back is none.
    answers(vec![(10, choose(&[]))]).then([ended(Ending::Submitted, minutes(6), result(1, 0, 0))]);
}

#[test]
fn an_attempt_ends_once() {
    given::<TestAttempt>(failed_once()).when(submit(1, minutes(7))).then_refused(Refused::Over);
    let abandon = Command::Abandon { attempt: attempt(1), at: minutes(7) };
    given::<TestAttempt>(failed_once()).when(abandon).then_refused(Refused::Over);
    let run_out = Command::RunOut { attempt: attempt(1), at: minutes(61) };
    given::<TestAttempt>(failed_once()).when(run_out).then_nothing_happens();
}

#[test]
fn what_is_handed_in_too_late_has_run_out() {
    let (ends_at, now) = (minutes(60), minutes(61));
    given::<TestAttempt>(running())
        .when(submit(1, now))
        .then_refused(Refused::TimeIsUp { ends_at, now });
}

#[test]
fn an_attempt_runs_out_of_its_time_and_not_before() {
    let run_out = |at| Command::RunOut { attempt: attempt(1), at };
    let before = || given::<TestAttempt>(running()).and([saved(10, 1, choose(&[1]))]);
    before().when(run_out(minutes(59))).then_nothing_happens();
    let scored = result(1, 1, 1667);
    for at in [minutes(60), at("2027-01-01")] {
        before().when(run_out(at)).then([ended(Ending::OutOfTime, minutes(60), scored)]);
    }
    given::<TestAttempt>([]).when(run_out(minutes(60))).then_nothing_happens();
}

#[test]
fn a_closed_page_ends_a_proctored_attempt_and_no_other() {
    let abandon = || Command::Abandon { attempt: attempt(1), at: minutes(6) };
    given::<TestAttempt>(running()).when(abandon()).then_refused(Refused::NotProctored);
    let watched = TestCard { proctored: true, ..card() };
    let gone = ended(Ending::Abandoned, minutes(6), result(1, 0, 0));
    let before = || given::<TestAttempt>([started_with(&watched, 1, opens())]);
    before().when(abandon()).then([gone.clone()]);
    before().and([gone]).when(answer(10, 1, choose(&[1]))).then_refused(Refused::Over);
}

// Concluding.

#[test]
fn the_best_result_stands_once_no_attempt_is_left() {
    let second = vec![started(2, minutes(70))];
    given::<TestAttempt>([failed_once(), second].concat()).when(submit(2, minutes(71))).then([
        ended(Ending::Submitted, minutes(71), result(2, 0, 0)),
        concluded(result(1, 1, 1667)),
    ]);
}

#[test]
fn the_best_result_stands_once_the_window_has_closed() {
    let closed = at("2026-10-02");
    given::<TestAttempt>(failed_once()).when(close(minutes(90))).then_nothing_happens();
    given::<TestAttempt>(failed_once()).when(close(closed)).then([concluded(result(1, 1, 1667))]);
    // What still ran has ended at its time.
    given::<TestAttempt>(running())
        .when(close(closed))
        .then([ended(Ending::OutOfTime, minutes(60), result(1, 0, 0)), concluded(result(1, 0, 0))]);
    given::<TestAttempt>(failed_once())
        .and([concluded(result(1, 1, 1667))])
        .when(close(closed))
        .then_nothing_happens();
    given::<TestAttempt>([]).when(close(closed)).then_refused(Refused::Unknown);
}

#[test]
fn an_attempt_that_ends_with_the_window_concludes() {
    let late = started(1, minutes(24 * 60 - 10));
    let run_out = Command::RunOut { attempt: attempt(1), at: at("2026-10-03") };
    given::<TestAttempt>([late]).when(run_out).then([
        ended(Ending::OutOfTime, at("2026-10-02"), result(1, 0, 0)),
        concluded(result(1, 0, 0)),
    ]);
}

#[test]
fn a_window_that_was_moved_lets_the_series_go_on() {
    let closes_at = at("2026-10-09");
    let later = Command::Close { closes_at, at: at("2026-10-02") };
    let moved = Event::Extended { series: Series { closes_at, ..series() } };
    given::<TestAttempt>(failed_once()).when(later).then([moved]);
}

#[test]
fn the_mark_is_told_once() {
    let mark = MarkId::of_series(series().id);
    let note = |refused: Option<&str>| {
        let refused = refused.map(str::to_owned);
        Command::NoteMark { mark, refused }
    };
    let told = |refused: Option<&str>| {
        let refused = refused.map(str::to_owned);
        Event::MarkTold { series: series(), mark, refused }
    };
    let over = || given::<TestAttempt>(failed_once()).and([concluded(result(1, 1, 1667))]);
    over().when(note(None)).then([told(None)]);
    let refused = Some("ENROLLMENT_DROPPED");
    over().when(note(refused)).then([told(refused)]);
    over().and([told(None)]).when(note(None)).then_nothing_happens();
    given::<TestAttempt>(failed_once()).when(note(None)).then_nothing_happens();
    given::<TestAttempt>([]).when(note(None)).then_refused(Refused::Unknown);
}
