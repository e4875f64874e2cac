//! Random walks through the checks of a thesis: against the table of `docs/state-machines.md`, no
//! forbidden transition ever succeeds and no allowed one ever fails.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod walking;

use aggregates::{
    Command, State,
    shared::{
        Digest, DocumentKind, FileId, FileKind, FileRef, Language, Percent, Text, TextId, TextRef,
        ThesisKind, ThesisRules,
    },
    thesis_check::{Report, Thesis, ThesisCheckCommand, Verdict},
};
use proptest::prelude::*;
use walking::{config, id};

/// What the walk's regulation allows, and asks for.
const FREE: u32 = 1;
const PAID: u32 = 1;
const THRESHOLD: u16 = 70;

#[derive(Debug, Clone, Copy)]
enum Step {
    Open,
    AddTitlePage,
    AddAppendix,
    RemoveTitlePage,
    Upload,
    OpenAttempt,
    AllowOneMore,
    AttachReceipt,
    ConfirmPayment,
    Send,
    /// Of the newest attempt's work, or of another file.
    Report {
        right: bool,
        original: bool,
    },
    FailCheck,
    /// The newest attempt, or the one before.
    Decide {
        newest: bool,
        pass: bool,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let two = || (any::<bool>(), any::<bool>());
    let step = prop_oneof![
        1 => Just(Step::Open),
        2 => Just(Step::AddTitlePage),
        2 => Just(Step::AddAppendix),
        1 => Just(Step::RemoveTitlePage),
        4 => Just(Step::Upload),
        3 => Just(Step::OpenAttempt),
        1 => Just(Step::AllowOneMore),
        2 => Just(Step::AttachReceipt),
        2 => Just(Step::ConfirmPayment),
        4 => Just(Step::Send),
        4 => two().prop_map(|(right, original)| Step::Report { right, original }),
        1 => Just(Step::FailCheck),
        4 => two().prop_map(|(newest, pass)| Step::Decide { newest, pass }),
    ];
    prop::collection::vec(step, 1..60).prop_map(|mut steps| {
        steps.insert(0, Step::Open);
        steps
    })
}

/// The columns of the table.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
enum Column {
    #[default]
    Nothing,
    NoAttempt,
    Unpaid {
        receipt: bool,
    },
    Opened,
    Uploaded,
    Sent,
    Reported {
        original: bool,
    },
    Failed,
    Concluded,
}

#[derive(Debug, Default, Clone)]
struct Table {
    column: Column,
    title_page: bool,
    appendix: bool,
    attempts: u32,
    /// Whether the newest attempt costs something.
    paid: bool,
    allowed_free: u32,
}

#[derive(Debug, PartialEq)]
enum Expected {
    Refused,
    Nothing,
    Happens,
}

use Expected::{Happens, Nothing, Refused};

impl Table {
    fn to(&mut self, column: Column) -> Expected {
        self.column = column;
        Happens
    }

    fn left(&self) -> bool {
        self.attempts < self.allowed_free + PAID
    }

    /// Opens the next attempt.
    fn next(&mut self) {
        self.attempts += 1;
        self.paid = self.attempts > self.allowed_free;
    }

    fn step(&mut self, step: Step) -> Expected {
        use Column as C;
        let changeable = matches!(
            self.column,
            C::NoAttempt | C::Unpaid { .. } | C::Opened | C::Uploaded | C::Failed
        );
        match (step, self.column) {
            (Step::Open, C::Nothing) => {
                self.allowed_free = FREE;
                self.to(C::NoAttempt)
            }
            (Step::Open, _) => Refused,
            (Step::AddTitlePage, _) if changeable && !self.title_page => {
                self.title_page = true;
                Happens
            }
            (Step::AddAppendix, _) if changeable => {
                self.appendix = true;
                Happens
            }
            (Step::RemoveTitlePage, _) if changeable && self.title_page => {
                self.title_page = false;
                Happens
            }
            (Step::AddTitlePage | Step::AddAppendix | Step::RemoveTitlePage, _) => Refused,
            (Step::Upload, C::NoAttempt) => {
                self.next();
                self.to(C::Uploaded)
            }
            (Step::Upload, C::Opened | C::Uploaded) => self.to(C::Uploaded),
            (Step::Upload, _) => Refused,
            (Step::OpenAttempt, C::NoAttempt | C::Failed) => {
                self.next();
                let unpaid = C::Unpaid { receipt: false };
                self.to(if self.paid { unpaid } else { C::Opened })
            }
            (Step::OpenAttempt, _) => Refused,
            // Of free ones; where the paid one was opened before, it stays paid.
            (Step::AllowOneMore, C::Nothing | C::Concluded) => Refused,
            (Step::AllowOneMore, _) => {
                self.allowed_free += 1;
                Happens
            }
            (Step::AttachReceipt, C::Unpaid { .. }) => self.to(C::Unpaid { receipt: true }),
            (Step::AttachReceipt, _) => Refused,
            (Step::ConfirmPayment, C::Unpaid { receipt: true }) => self.to(C::Opened),
            (Step::ConfirmPayment, _) => Refused,
            (Step::Send, C::Uploaded) if self.title_page && self.appendix => self.to(C::Sent),
            (Step::Send, _) => Refused,
            (Step::Report { .. } | Step::FailCheck, C::Nothing) => Refused,
            (Step::Report { right: true, original }, C::Sent) => self.to(C::Reported { original }),
            (Step::FailCheck, C::Sent) => self.to(C::Uploaded),
            (Step::Report { .. } | Step::FailCheck, _) => Nothing,
            (Step::Decide { newest: true, pass }, C::Reported { original }) if pass == original => {
                let over = pass || !self.left();
                self.to(if over { C::Concluded } else { C::Failed })
            }
            (Step::Decide { .. }, _) => Refused,
        }
    }
}

fn file(number: u16) -> FileRef {
    FileRef {
        id: id(number),
        name: TextRef { id: TextId::derived(&["name"]), digest: Digest::salted("salt", "name") },
        kind: FileKind::Docx,
        size: 1,
        sha256: Digest::of(b""),
    }
}

fn rules() -> ThesisRules {
    ThesisRules {
        documents: vec![DocumentKind::TitlePage, DocumentKind::Appendices],
        originality_from: [(ThesisKind::Diploma, Percent::whole(THRESHOLD))].into(),
        free: FREE,
        paid: PAID,
    }
}

/// The command of a step; `work` is the file that was uploaded last.
fn command(step: Step, table: &Table, work: FileId) -> ThesisCheckCommand {
    let attempt = table.attempts;
    match step {
        Step::Open => ThesisCheckCommand::Open {
            thesis: Thesis {
                id: id(1),
                student: id(2),
                kind: ThesisKind::Diploma,
                title: Text::short("?").unwrap(),
                supervisor: None,
            },
            regulation: "kz".into(),
            rules: Some(rules()),
        },
        Step::AddTitlePage => {
            ThesisCheckCommand::AddDocument { kind: DocumentKind::TitlePage, file: file(10) }
        }
        Step::AddAppendix => {
            ThesisCheckCommand::AddDocument { kind: DocumentKind::Appendices, file: file(11) }
        }
        Step::RemoveTitlePage => ThesisCheckCommand::RemoveDocument { file: id(10) },
        Step::Upload => {
            ThesisCheckCommand::UploadWork { file: file(100), language: Language::English }
        }
        Step::OpenAttempt => ThesisCheckCommand::OpenAttempt,
        Step::AllowOneMore => {
            ThesisCheckCommand::AllowAttempts { free: table.allowed_free + 1, paid: PAID }
        }
        Step::AttachReceipt => ThesisCheckCommand::AttachReceipt { file: file(12) },
        Step::ConfirmPayment => ThesisCheckCommand::ConfirmPayment { attempt },
        Step::Send => ThesisCheckCommand::Send,
        Step::Report { right, original } => {
            let originality = if original { THRESHOLD } else { THRESHOLD - 1 };
            let report = Report {
                originality: Percent::whole(originality),
                similarity: Percent::whole(100 - originality),
                pages: None,
                words: 1,
                compared: 1,
                engine: "walk".into(),
                sources: vec![],
            };
            ThesisCheckCommand::Report { attempt, file: if right { work } else { id(999) }, report }
        }
        Step::FailCheck => {
            ThesisCheckCommand::FailCheck { attempt, file: work, reason: "walk".into() }
        }
        Step::Decide { newest, pass } => ThesisCheckCommand::Decide {
            attempt: if newest { attempt } else { attempt.saturating_sub(1) },
            verdict: if pass { Verdict::Passed } else { Verdict::Failed },
            comment: None,
        },
    }
}

proptest! {
    #![proptest_config(config(3_000))]

    #[test]
    fn checks_go_as_the_table_says(steps in steps()) {
        let mut state = State::new("ThesisCheck").unwrap();
        let mut table = Table::default();
        for step in steps {
            let command = Command::ThesisCheck(command(step, &table, id(100)));
            let before = table.column;
            let found = state.handle(command).unwrap();
            let expected = table.step(step);
            let told = match &found {
                Err(_) => Refused,
                Ok(events) if events.is_empty() => Nothing,
                Ok(_) => Happens,
            };
            prop_assert_eq!(told, expected, "{:?} at {:?}: {:?}", step, before, found);
        }
    }
}
