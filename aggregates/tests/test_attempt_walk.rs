//! Random walks through the attempts at a test: against the table of `docs/state-machines.md`, no
//! forbidden transition ever succeeds and no allowed one ever fails.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod walking;

use std::collections::BTreeMap;

use aggregates::{
    Command, Event, State,
    shared::{
        AttemptId, Decision, MarkId, MarkKind, Percent, PersonId, Score, SeriesId, TestId, Text,
        Window,
    },
    student::StudentStatus,
    test::{Choice, Key, Question, TestCard},
    test_attempt::{Answer, Ending, Start, TestAttemptCommand, TestAttemptEvent},
};
use jiff::{SignedDuration, Timestamp};
use proptest::{prelude::*, sample::select};
use walking::{config, id};

/// Minutes of an attempt, and of the window from its opening.
const MINUTES: i64 = 10;
const WINDOW: i64 = 60;
const ALLOWED: u32 = 2;

/// What is asked; time goes on by so many minutes before each.
#[derive(Debug, Clone, Copy)]
enum Step {
    Start {
        admitted: bool,
    },
    /// To the newest attempt, or the one before.
    Answer {
        newest: bool,
        right: bool,
        sequence: u32,
    },
    Submit {
        newest: bool,
    },
    Abandon,
    RunOut,
    Close,
    NoteMark,
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let step = prop_oneof![
        3 => any::<bool>().prop_map(|admitted| Step::Start { admitted }),
        4 => (any::<bool>(), any::<bool>(), 1..4_u32)
            .prop_map(|(newest, right, sequence)| Step::Answer { newest, right, sequence }),
        2 => any::<bool>().prop_map(|newest| Step::Submit { newest }),
        1 => Just(Step::Abandon),
        2 => Just(Step::RunOut),
        2 => Just(Step::Close),
        1 => Just(Step::NoteMark),
    ];
    prop::collection::vec((select(vec![0, 0, 1, 4, 11, 25]), step), 1..30)
}

fn opens() -> Timestamp {
    "2026-10-01T04:00:00Z".parse().unwrap()
}

fn minute(minute: i64) -> Timestamp {
    opens() + SignedDuration::from_mins(minute)
}

fn student() -> PersonId {
    id(1)
}

fn test() -> TestId {
    id(2)
}

fn series() -> SeriesId {
    SeriesId::of(student(), test())
}

fn attempt(number: u32) -> AttemptId {
    AttemptId::of(series(), number)
}

fn card(proctored: bool) -> TestCard {
    let text = |text| Text::short(text).unwrap();
    let options = (1..=2).map(|number| Choice { id: id(number), text: text("?") }).collect();
    let key = Key::Single { options, right: id(1) };
    TestCard {
        subject: id(3),
        term: id(4),
        title: text("Тест"),
        kind: MarkKind::Practice,
        period: None,
        questions: vec![Question { id: id(10), prompt: text("?"), points: Score::whole(1), key }],
        drawn: None,
        window: Window { opens_at: opens(), closes_at: minute(WINDOW) },
        minutes: MINUTES as u32,
        attempts: ALLOWED,
        needed: Some(Percent::whole(50)),
        pass: Percent::whole(50),
        proctored,
    }
}

/// Where a series stands, by the table: what a reader of the page would keep in mind.
#[derive(Debug, Default, Clone)]
struct Table {
    started: u32,
    /// The last minute of the attempt that runs.
    running_until: Option<i64>,
    /// The last answer of the running attempt: its sequence, and whether it is right.
    answer: Option<(u32, bool)>,
    passed: bool,
    concluded: bool,
    mark_told: bool,
    endings: BTreeMap<u32, Ending>,
}

/// What the table says of a step: refused, taken without an event, or taken with these.
#[derive(Debug, PartialEq)]
enum Expected {
    Refused,
    Nothing,
    Happens,
}

impl Table {
    /// Whether the attempt that is meant runs and its time is not over.
    fn in_time(&self, number: u32, now: i64) -> bool {
        number == self.started && self.running_until.is_some_and(|until| now <= until)
    }

    fn end(&mut self, ending: Ending, at: i64) {
        self.endings.insert(self.started, ending);
        self.running_until = None;
        self.passed |= self.answer.take().is_some_and(|(_, right)| right);
        self.concluded |= self.passed || self.started >= ALLOWED || at >= WINDOW;
    }

    fn run_out(&mut self) {
        if let Some(until) = self.running_until {
            self.end(Ending::OutOfTime, until);
        }
    }

    fn step(&mut self, step: Step, now: i64, proctored: bool) -> Expected {
        let number = |newest: bool| if newest { self.started } else { self.started.max(1) - 1 };
        match step {
            Step::Start { admitted } => {
                let mut then = self.clone();
                if then.running_until.is_some_and(|until| now <= until) {
                    return Expected::Refused;
                }
                then.run_out();
                if then.passed || then.started >= ALLOWED || then.concluded {
                    return Expected::Refused;
                }
                if !admitted || now >= WINDOW {
                    return Expected::Refused;
                }
                then.started += 1;
                then.running_until = Some((now + MINUTES).min(WINDOW));
                *self = then;
                Expected::Happens
            }
            Step::Answer { newest, right, sequence } => {
                if !self.in_time(number(newest), now) {
                    return Expected::Refused;
                }
                match self.answer {
                    Some((known, was)) if known == sequence && was != right => Expected::Refused,
                    Some((known, _)) if known >= sequence => Expected::Nothing,
                    _ => {
                        self.answer = Some((sequence, right));
                        Expected::Happens
                    }
                }
            }
            Step::Submit { newest } if self.in_time(number(newest), now) => {
                self.end(Ending::Submitted, now);
                Expected::Happens
            }
            Step::Abandon if proctored && self.in_time(self.started, now) => {
                self.end(Ending::Abandoned, now);
                Expected::Happens
            }
            Step::Submit { .. } | Step::Abandon => Expected::Refused,
            Step::RunOut if self.running_until.is_some_and(|until| until <= now) => {
                self.run_out();
                Expected::Happens
            }
            Step::RunOut => Expected::Nothing,
            Step::Close | Step::NoteMark if self.started == 0 => Expected::Refused,
            Step::Close if self.concluded || now < WINDOW => Expected::Nothing,
            Step::Close => {
                self.run_out();
                self.concluded = true;
                Expected::Happens
            }
            Step::NoteMark if !self.concluded || self.mark_told => Expected::Nothing,
            Step::NoteMark => {
                self.mark_told = true;
                Expected::Happens
            }
        }
    }
}

fn command(step: Step, started: u32, now: i64, proctored: bool) -> TestAttemptCommand {
    let at = minute(now);
    let meant = |newest: bool| attempt(if newest { started } else { started.max(1) - 1 });
    match step {
        Step::Start { admitted } => TestAttemptCommand::Start(Box::new(Start {
            student: student(),
            test: test(),
            card: card(proctored),
            enrollment: id(5),
            status: Some(StudentStatus::Studying),
            dropped: false,
            admitted: Some(admitted),
            rating: admitted.then(|| Percent::whole(60)),
            grade: None,
            retake_due: false,
            at,
            decision: Decision {
                rule: "test_admission".into(),
                regulation: "kz".into(),
                facts: vec![],
                verdict: "allowed".into(),
            },
        })),
        Step::Answer { newest, right, sequence } => TestAttemptCommand::SaveAnswer {
            attempt: meant(newest),
            question: id(10),
            sequence,
            answer: Answer::Options([id(if right { 1 } else { 2 })].into()),
            at,
        },
        Step::Submit { newest } => TestAttemptCommand::Submit { attempt: meant(newest), at },
        Step::Abandon => TestAttemptCommand::Abandon { attempt: attempt(started), at },
        Step::RunOut => TestAttemptCommand::RunOut { attempt: attempt(started), at },
        Step::Close => TestAttemptCommand::Close { closes_at: minute(WINDOW), at },
        Step::NoteMark => {
            TestAttemptCommand::NoteMark { mark: MarkId::of_series(series()), refused: None }
        }
    }
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn attempts_go_as_the_table_says(steps in steps(), proctored in any::<bool>()) {
        let mut state = State::new("TestAttempt").unwrap();
        let mut table = Table::default();
        let mut now = 0;
        let mut endings = BTreeMap::new();
        for (minutes, step) in steps {
            now += minutes;
            let command = Command::TestAttempt(command(step, table.started, now, proctored));
            let found = state.handle(command).unwrap();
            let expected = table.step(step, now, proctored);
            let told = match &found {
                Err(_) => Expected::Refused,
                Ok(events) if events.is_empty() => Expected::Nothing,
                Ok(_) => Expected::Happens,
            };
            prop_assert_eq!(told, expected, "{:?} in minute {}: {:?}", step, now, found);
            for event in found.into_iter().flatten() {
                if let Event::TestAttempt(TestAttemptEvent::Ended { ending, result, .. }) = event {
                    let twice = endings.insert(result.number, ending);
                    prop_assert_eq!(twice, None, "an attempt ended twice");
                }
            }
            prop_assert_eq!(&endings, &table.endings);
        }
    }
}
