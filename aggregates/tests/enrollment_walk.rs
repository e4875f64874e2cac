//! Random walks through the commands of a registration: a grade, once given, never disappears, and
//! changes only as the rules say.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::{collections::BTreeSet, sync::Arc};

use aggregates::{
    Command, Event, State,
    enrollment::{
        Choice, Enrollment, EnrollmentCommand, EnrollmentEvent, InForce, Mark, NewMark,
        Registration, StreamNames, StreamSeat, SubjectStatus, Taken,
    },
    shared::{
        Credits, Decision, Demand, Digest, EnrollmentId, Grade, Hundredths, MarkId, MarkKind,
        Origin, Outcome, Percent, PersonId, Rules, StreamId, SubjectId, TermId, Text, TextId,
        TextRef,
    },
};
use jiff::civil::{Date, date};
use proptest::{prelude::*, sample::select, test_runner::FileFailurePersistence};

/// What is asked, with just enough in it to meet itself often.
#[derive(Debug, Clone)]
enum Step {
    Register,
    Drop(BTreeSet<u8>),
    Choose(u8),
    Leave(u8),
    Mark { kind: MarkKind, period: Option<i32>, percent: i64 },
    NotAdmitted,
    Correct(i64),
    Outside(&'static str),
    Import(u8),
    ImportMark(u8, u16),
    ImportResult(&'static str),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let rating =
        (1..=2i32, prop_oneof![4 => 45..=100i64, 1 => 0..=50i64]).prop_map(|(period, percent)| {
            Step::Mark { kind: MarkKind::Rating, period: Some(period), percent }
        });
    let mark = (
        select(vec![MarkKind::Current, MarkKind::Midterm, MarkKind::Exam, MarkKind::Retake]),
        proptest::option::of(1..=2i32),
        -1..=101i64,
    )
        .prop_map(|(kind, period, percent)| Step::Mark { kind, period, percent });
    let exam =
        |kind| (0..=100i64).prop_map(move |percent| Step::Mark { kind, period: None, percent });
    let letter = || select(vec!["I", "P", "NP", "W", "?"]);
    let step = prop_oneof![
        2 => Just(Step::Register),
        3 => proptest::collection::btree_set(0..3u8, 0..2).prop_map(Step::Drop),
        1 => (0..3u8).prop_map(Step::Choose),
        1 => (0..3u8).prop_map(Step::Leave),
        6 => rating,
        2 => mark,
        4 => exam(MarkKind::Exam),
        4 => exam(MarkKind::Retake),
        1 => Just(Step::NotAdmitted),
        1 => (-1..=101i64).prop_map(Step::Correct),
        1 => letter().prop_map(Step::Outside),
        1 => (0..3u8).prop_map(Step::Import),
        1 => (0..3u8, 0..=100u16).prop_map(|(mark, percent)| Step::ImportMark(mark, percent)),
        1 => letter().prop_map(Step::ImportResult),
    ];
    proptest::collection::vec(step, 1..40)
}

fn text(text: &str) -> Text {
    Text::short(text).unwrap()
}

fn taken() -> Taken {
    let (student, subject, term) =
        (PersonId::derived(&["s"]), SubjectId::derived(&["m"]), TermId::derived(&["t"]));
    Taken {
        enrollment: EnrollmentId::of(student, subject, term),
        student,
        subject,
        term,
        code: text("MATH101"),
        title: text("Алгебра"),
        credits: Credits::whole(5),
    }
}

fn stream(number: u8) -> StreamId {
    StreamId::derived(&[&number.to_string()])
}

fn seat(number: u8) -> StreamSeat {
    StreamSeat {
        stream: stream(number),
        subject: taken().subject,
        term: taken().term,
        configuration: text("day"),
        component: text(&format!("component {number}")),
        parent: None,
    }
}

fn today() -> Date {
    date(2026, 12, 20)
}

fn origin() -> Origin {
    Origin { source: "OULAD".into(), file: "studentInfo.csv".into(), line: 2, day: None }
}

fn command(step: Step) -> EnrollmentCommand {
    let rules = || InForce { version: "kz-2026".into(), rules: Arc::new(Rules::kazakhstan()) };
    match step {
        Step::Register => EnrollmentCommand::Register {
            registration: Box::new(Registration {
                taken: taken(),
                status: SubjectStatus::NotPassed,
                retake_due: false,
                demand: Demand::default(),
                group: None,
                holds: BTreeSet::new(),
                offered: true,
                over: None,
                decision: Decision {
                    rule: "registration".into(),
                    regulation: "kz-2026".into(),
                    facts: vec![],
                    verdict: "allowed".into(),
                },
            }),
        },
        Step::Drop(streams) => {
            let streams = streams.into_iter().map(stream).collect();
            EnrollmentCommand::Drop { streams, lines: BTreeSet::new() }
        }
        Step::Choose(number) => {
            let choice = Choice { seat: seat(number), gives_up: None };
            EnrollmentCommand::ChooseStreams {
                choices: vec![choice],
                leaves: BTreeSet::new(),
                names: StreamNames::default(),
            }
        }
        Step::Leave(number) => EnrollmentCommand::LeaveStream {
            stream: stream(number),
            names: StreamNames::default(),
            because: None,
        },
        Step::Mark { kind, period, percent } => EnrollmentCommand::RecordMark {
            mark: NewMark {
                id: MarkId::new(),
                kind,
                period,
                title: None,
                percent: Hundredths(percent * 100),
                weight: None,
                day: today(),
            },
            today: today(),
            rules: rules(),
        },
        Step::NotAdmitted => EnrollmentCommand::GradeNotAdmitted { rules: rules() },
        Step::Correct(percent) => EnrollmentCommand::CorrectGrade {
            percent: Hundredths(percent * 100),
            reason: TextRef { id: TextId::derived(&["reason"]), digest: Digest::of(b"reason") },
            by: PersonId::derived(&["registrar"]),
            rules: rules(),
        },
        Step::Outside(letter) => {
            EnrollmentCommand::GradeOutside { letter: letter.into(), word: None, rules: rules() }
        }
        Step::Import(number) => EnrollmentCommand::Import {
            taken: taken(),
            stream: Some(seat(number)),
            origin: origin(),
        },
        Step::ImportMark(number, percent) => EnrollmentCommand::ImportMark {
            mark: Mark {
                id: MarkId::derived(&[&number.to_string()]),
                kind: MarkKind::Current,
                period: Some(1),
                title: None,
                category: None,
                percent: Percent::whole(percent),
                weight: None,
                day: None,
            },
            origin: origin(),
        },
        Step::ImportResult(letter) => EnrollmentCommand::ImportResult {
            letter: letter.into(),
            word: None,
            rules: rules(),
            origin: origin(),
        },
    }
}

/// What a reader of the events knows: every grade there ever was, and every mark entered here.
#[derive(Default)]
struct Reader {
    grades: Vec<Grade>,
    marks: usize,
}

impl Reader {
    fn read(&mut self, event: EnrollmentEvent) {
        use EnrollmentEvent::{
            Dropped, GradeCorrected, Graded, Imported, MarkRecorded, Registered, ResultImported,
        };
        match event {
            Registered { .. } | Dropped { .. } => {
                assert_eq!(self.grades, [], "a graded registration was given up or begun again");
                assert_eq!(self.marks, 0, "marks were given up");
            }
            Imported { .. } => assert_eq!(self.grades, [], "imported over a grade"),
            MarkRecorded { .. } => self.marks += 1,
            Graded { grade, decision, .. } => {
                if let Some(before) = self.grades.last() {
                    assert_eq!(before.outcome, Outcome::Retake, "{before:?} was replaced");
                    assert_eq!(decision.rule, "retake");
                    assert_ne!(grade.outcome, Outcome::Retake, "a retake of a retake");
                }
                assert_eq!(decision.verdict, grade.letter);
                self.grades.push(grade);
            }
            GradeCorrected { grade, before, .. } => {
                assert_eq!(Some(&before), self.grades.last(), "the grade before is another");
                self.grades.push(grade);
            }
            ResultImported { grade, .. } => {
                assert_eq!(self.grades, [], "an import took the place of a grade");
                self.grades.push(grade);
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_grade_never_disappears_whatever_is_asked(steps in steps()) {
        let mut state = State::new("Enrollment").unwrap();
        let mut replayed = State::new("Enrollment").unwrap();
        let mut reader = Reader::default();
        for step in steps {
            let before = registration(&state).clone();
            match state.handle(Command::Enrollment(command(step))).unwrap() {
                Ok(events) => {
                    for event in events {
                        replayed.apply(event.clone());
                        let Event::Enrollment(event) = event else {
                            unreachable!("a registration's events")
                        };
                        reader.read(event);
                    }
                }
                Err(_) => assert_eq!(registration(&state), &before, "a refusal left something"),
            }
            let kept = serde_json::to_value(registration(&state)).unwrap();
            let newest = serde_json::to_value(reader.grades.last()).unwrap();
            assert_eq!(kept["grade"], newest, "the grade is not the newest of the log");
            assert_eq!(registration(&state), registration(&replayed), "the log tells another one");
        }
    }
}

fn registration(state: &State) -> &Enrollment {
    match state {
        State::Enrollment(enrollment) => enrollment,
        other => unreachable!("not a registration: {other:?}"),
    }
}
