//! The rules of theses, given / when / then.

use super::{
    Payment, Report, Thesis, ThesisCheck, ThesisCheckCommand as Command,
    ThesisCheckError as Refused, ThesisCheckEvent as Event, ThesisOf, Verdict,
};
use crate::shared::{
    Decision, Digest, DocumentKind, Fact, FileId, FileKind, FileRef, Language, Percent, ThesisKind,
    ThesisRules,
    given::{Given, because, given, id, text},
};

const REGULATION: &str = "kz-2026";

fn thesis() -> Thesis {
    Thesis {
        id: id(1),
        student: id(2),
        kind: ThesisKind::Diploma,
        title: text("Графтар теориясы"),
        supervisor: Some(id(3)),
    }
}

fn of() -> ThesisOf {
    thesis().of()
}

fn file_of(number: u16, kind: FileKind) -> FileRef {
    FileRef {
        id: id(number),
        name: because("name"),
        kind,
        size: 1_000,
        sha256: Digest::of(&number.to_be_bytes()),
    }
}

fn file(number: u16) -> FileRef {
    file_of(number, FileKind::Pdf)
}

fn report(originality: u16) -> Report {
    Report {
        originality: Percent::whole(originality),
        similarity: Percent::whole(100 - originality),
        pages: Some(60),
        words: 12_000,
        compared: 40,
        engine: "shingles/1".into(),
        sources: vec![],
    }
}

fn opened() -> Event {
    let (thesis, regulation) = (thesis(), REGULATION.into());
    Event::Opened { thesis, regulation, rules: ThesisRules::usual() }
}

fn added(kind: DocumentKind, number: u16) -> Event {
    Event::DocumentAdded { of: of(), kind, file: file(number) }
}

fn started(attempt: u32, payment: Payment) -> Event {
    Event::AttemptOpened { of: of(), attempt, payment }
}

fn uploaded(attempt: u32, number: u16) -> Event {
    Event::WorkUploaded { of: of(), attempt, file: file(number), language: Language::Kazakh }
}

fn sent(attempt: u32, number: u16) -> Event {
    Event::Sent { of: of(), attempt, work: file(number) }
}

fn reported(attempt: u32, originality: u16) -> Event {
    Event::Reported { of: of(), attempt, report: report(originality) }
}

fn decided(attempt: u32, verdict: Verdict, originality: u16) -> Event {
    let decision = Decision {
        rule: "thesis_originality".into(),
        regulation: REGULATION.into(),
        facts: vec![
            Fact::new("originality", Percent::whole(originality)),
            Fact::new("threshold", Percent::whole(70)),
        ],
        verdict: verdict.to_string(),
    };
    Event::Decided { of: of(), attempt, verdict, decision, comment: None }
}

/// Opened, with all documents.
fn complete() -> Vec<Event> {
    vec![opened(), added(DocumentKind::TitlePage, 10), added(DocumentKind::Appendices, 11)]
}

/// Then an attempt that was failed.
fn failed(attempt: u32, payment: Payment) -> Vec<Event> {
    let work = 20 + u16::try_from(attempt).unwrap();
    let paid = [
        Event::ReceiptAttached { of: of(), attempt, file: file(90) },
        Event::PaymentConfirmed { of: of(), attempt },
    ];
    let paid = paid.into_iter().filter(|_| payment == Payment::Paid);
    [started(attempt, payment)]
        .into_iter()
        .chain(paid)
        .chain([
            uploaded(attempt, work),
            sent(attempt, work),
            reported(attempt, 40),
            decided(attempt, Verdict::Failed, 40),
        ])
        .collect()
}

fn upload(number: u16) -> Command {
    Command::UploadWork { file: file(number), language: Language::Kazakh }
}

fn decide(attempt: u32, verdict: Verdict) -> Command {
    Command::Decide { attempt, verdict, comment: None }
}

fn add(kind: DocumentKind, number: u16) -> Command {
    Command::AddDocument { kind, file: file(number) }
}

fn open(rules: Option<ThesisRules>) -> Command {
    Command::Open { thesis: thesis(), regulation: REGULATION.into(), rules }
}

/// A thesis to which this has happened.
fn thesis_with(events: impl IntoIterator<Item = Event>) -> Given<ThesisCheck> {
    given(events)
}

fn nothing() -> Given<ThesisCheck> {
    given([])
}

fn uploaded_once() -> Given<ThesisCheck> {
    thesis_with(complete()).and([started(1, Payment::Free), uploaded(1, 21)])
}

fn under_check() -> Given<ThesisCheck> {
    uploaded_once().and([sent(1, 21)])
}

fn with_report(originality: u16) -> Given<ThesisCheck> {
    under_check().and([reported(1, originality)])
}

/// Both free attempts were failed, and a paid one is open.
fn paid_attempt() -> Given<ThesisCheck> {
    thesis_with(complete())
        .and(failed(1, Payment::Free))
        .and(failed(2, Payment::Free))
        .and([started(3, Payment::Paid)])
}

#[test]
fn a_thesis_is_opened_under_the_rules_in_force() {
    nothing().when(open(Some(ThesisRules::usual()))).then([opened()]);
}

#[test]
fn a_thesis_is_opened_once() {
    thesis_with([opened()]).when(open(Some(ThesisRules::usual()))).then_refused(Refused::Exists);
}

#[test]
fn a_kind_of_work_without_rules_is_refused() {
    let kind = ThesisKind::Diploma;
    nothing().when(open(None)).then_refused(Refused::NoRules { kind });
    let mut rules = ThesisRules::usual();
    rules.originality_from.remove(&kind);
    nothing().when(open(Some(rules))).then_refused(Refused::NoRules { kind });
}

#[test]
fn nothing_is_done_with_a_thesis_that_is_not_there() {
    for command in
        [add(DocumentKind::TitlePage, 10), upload(20), Command::Send, Command::OpenAttempt]
    {
        nothing().when(command).then_refused(Refused::Unknown);
    }
}

#[test]
fn the_title_page_is_exactly_one_file() {
    let page = DocumentKind::TitlePage;
    thesis_with([opened()]).when(add(page, 10)).then([added(page, 10)]);
    thesis_with([opened(), added(page, 10)])
        .when(add(page, 11))
        .then_refused(Refused::OneTitlePage);
    let removed = Event::DocumentRemoved { of: of(), file: id(10) };
    thesis_with([opened(), added(page, 10), removed]).when(add(page, 11)).then([added(page, 11)]);
}

#[test]
fn other_documents_may_be_several_files() {
    let kind = DocumentKind::Appendices;
    thesis_with([opened(), added(kind, 10)]).when(add(kind, 11)).then([added(kind, 11)]);
}

#[test]
fn a_document_that_is_not_asked_is_refused() {
    let kind = DocumentKind::Review;
    thesis_with([opened()]).when(add(kind, 10)).then_refused(Refused::DocumentNotAsked { kind });
}

#[test]
fn a_document_is_taken_back() {
    let removed = Event::DocumentRemoved { of: of(), file: id(10) };
    thesis_with(complete()).when(Command::RemoveDocument { file: id(10) }).then([removed]);
    thesis_with(complete())
        .when(Command::RemoveDocument { file: id(12) })
        .then_refused(Refused::DocumentUnknown);
}

#[test]
fn documents_stay_while_a_check_is_under_way() {
    under_check()
        .when(Command::RemoveDocument { file: id(10) })
        .then_refused(Refused::UnderCheck { attempt: 1 });
    with_report(80)
        .when(add(DocumentKind::Appendices, 12))
        .then_refused(Refused::UnderCheck { attempt: 1 });
}

#[test]
fn there_is_an_end_to_what_is_handed_in() {
    let many = (0..200).map(|number| added(DocumentKind::Appendices, 1_000 + number));
    thesis_with([opened()])
        .and(many)
        .when(add(DocumentKind::Appendices, 10))
        .then_refused(Refused::TooManyFiles { most: 200 });
}

#[test]
fn the_first_upload_opens_the_first_attempt() {
    thesis_with(complete()).when(upload(21)).then([started(1, Payment::Free), uploaded(1, 21)]);
}

#[test]
fn a_work_is_uploaded_again_before_it_is_sent() {
    uploaded_once().when(upload(22)).then([uploaded(1, 22)]);
    uploaded_once().and([uploaded(1, 22)]).when(Command::Send).then([sent(1, 22)]);
}

#[test]
fn a_picture_is_no_work() {
    let kind = FileKind::Png;
    let picture = Command::UploadWork { file: file_of(21, kind), language: Language::Russian };
    thesis_with(complete()).when(picture).then_refused(Refused::WorkNotText { kind });
}

#[test]
fn a_work_that_is_being_checked_stays() {
    under_check().when(upload(22)).then_refused(Refused::UnderCheck { attempt: 1 });
    with_report(80).when(upload(22)).then_refused(Refused::UnderCheck { attempt: 1 });
    under_check().when(Command::Send).then_refused(Refused::UnderCheck { attempt: 1 });
}

#[test]
fn the_student_opens_no_second_attempt() {
    thesis_with(complete())
        .and(failed(1, Payment::Free))
        .when(upload(22))
        .then_refused(Refused::NoAttemptOpen);
}

#[test]
fn where_no_attempt_is_free_staff_open_the_first_too() {
    let rules = ThesisRules { free: 0, ..ThesisRules::usual() };
    let opened = Event::Opened { thesis: thesis(), regulation: REGULATION.into(), rules };
    thesis_with([opened.clone()]).when(upload(21)).then_refused(Refused::NoAttemptOpen);
    thesis_with([opened]).when(Command::OpenAttempt).then([started(1, Payment::Paid)]);
}

#[test]
fn nothing_is_sent_without_all_documents() {
    thesis_with([opened(), added(DocumentKind::TitlePage, 10)])
        .and([started(1, Payment::Free), uploaded(1, 21)])
        .when(Command::Send)
        .then_refused(Refused::DocumentsMissing { missing: "appendices".into() });
}

#[test]
fn nothing_is_sent_without_the_work() {
    thesis_with(complete()).when(Command::Send).then_refused(Refused::WorkMissing { attempt: 1 });
    thesis_with(complete())
        .and(failed(1, Payment::Free))
        .and([started(2, Payment::Free)])
        .when(Command::Send)
        .then_refused(Refused::WorkMissing { attempt: 2 });
}

#[test]
fn a_report_comes_once() {
    let file: FileId = id(21);
    let tell = Command::Report { attempt: 1, file, report: report(81) };
    under_check().when(tell.clone()).then([reported(1, 81)]);
    with_report(81).when(tell).then_nothing_happens();
}

#[test]
fn a_report_of_another_file_changes_nothing() {
    let tell = Command::Report { attempt: 1, file: id(22), report: report(81) };
    under_check().when(tell).then_nothing_happens();
}

#[test]
fn a_check_that_failed_gives_the_attempt_back() {
    let reason = "file_missing".to_owned();
    let failed = Event::CheckFailed { of: of(), attempt: 1, reason: reason.clone() };
    under_check()
        .when(Command::FailCheck { attempt: 1, file: id(21), reason })
        .then([failed.clone()]);
    under_check().and([failed.clone()]).when(Command::Send).then([sent(1, 21)]);
    under_check().and([failed]).when(upload(22)).then([uploaded(1, 22)]);
}

#[test]
fn staff_decide_by_the_threshold() {
    with_report(70).when(decide(1, Verdict::Passed)).then([decided(1, Verdict::Passed, 70)]);
    with_report(69).when(decide(1, Verdict::Failed)).then([decided(1, Verdict::Failed, 69)]);
}

#[test]
fn no_work_below_the_threshold_passes() {
    let (originality, threshold) = (Percent::whole(69), Percent::whole(70));
    with_report(69)
        .when(decide(1, Verdict::Passed))
        .then_refused(Refused::BelowThreshold { originality, threshold });
}

#[test]
fn a_work_that_reaches_the_threshold_is_failed_with_a_reason() {
    let (originality, threshold) = (Percent::whole(80), Percent::whole(70));
    with_report(80)
        .when(decide(1, Verdict::Failed))
        .then_refused(Refused::ReasonMissing { originality, threshold });
    let comment = Some(because("another's work under another name"));
    let failed = Command::Decide { attempt: 1, verdict: Verdict::Failed, comment };
    assert_eq!(with_report(80).when(failed).events().len(), 1);
}

#[test]
fn an_attempt_is_decided_once_and_after_its_report() {
    under_check().when(decide(1, Verdict::Passed)).then_refused(Refused::NoReport { attempt: 1 });
    with_report(80)
        .and([decided(1, Verdict::Passed, 80)])
        .when(decide(1, Verdict::Failed))
        .then_refused(Refused::DecidedAlready { attempt: 1 });
}

#[test]
fn only_the_newest_attempt_is_decided() {
    thesis_with(complete())
        .and(failed(1, Payment::Free))
        .and([started(2, Payment::Free)])
        .when(decide(1, Verdict::Passed))
        .then_refused(Refused::NotNewest { attempt: 1, newest: 2 });
    with_report(80)
        .when(decide(2, Verdict::Passed))
        .then_refused(Refused::AttemptUnknown { attempt: 2 });
    with_report(80)
        .when(decide(0, Verdict::Passed))
        .then_refused(Refused::AttemptUnknown { attempt: 0 });
}

#[test]
fn nothing_follows_once_passed() {
    let passed = || with_report(80).and([decided(1, Verdict::Passed, 80)]);
    for command in
        [upload(22), Command::Send, Command::OpenAttempt, add(DocumentKind::Appendices, 12)]
    {
        passed().when(command).then_refused(Refused::Concluded);
    }
}

#[test]
fn free_attempts_come_before_paid_ones() {
    thesis_with(complete())
        .and(failed(1, Payment::Free))
        .when(Command::OpenAttempt)
        .then([started(2, Payment::Free)]);
    thesis_with(complete())
        .and(failed(1, Payment::Free))
        .and(failed(2, Payment::Free))
        .when(Command::OpenAttempt)
        .then([started(3, Payment::Paid)]);
}

#[test]
fn one_attempt_is_open_at_a_time() {
    uploaded_once().when(Command::OpenAttempt).then_refused(Refused::AttemptOpen { attempt: 1 });
    with_report(80).when(Command::OpenAttempt).then_refused(Refused::AttemptOpen { attempt: 1 });
}

#[test]
fn staff_set_how_many_attempts_there_are() {
    let allowed = Event::AttemptsAllowed { of: of(), free: 3, paid: 0 };
    thesis_with(complete())
        .when(Command::AllowAttempts { free: 3, paid: 0 })
        .then([allowed.clone()]);
    thesis_with(complete())
        .when(Command::AllowAttempts { free: 2, paid: 1 })
        .then_nothing_happens();
    thesis_with(complete())
        .and([allowed])
        .and(failed(1, Payment::Free))
        .and(failed(2, Payment::Free))
        .when(Command::OpenAttempt)
        .then([started(3, Payment::Free)]);
}

#[test]
fn there_are_no_fewer_attempts_than_were_used() {
    let low = Refused::AllowanceTooLow { free_used: 1, paid_used: 0 };
    uploaded_once().when(Command::AllowAttempts { free: 0, paid: 5 }).then_refused(low.clone());
    uploaded_once()
        .when(Command::AllowAttempts { free: 1, paid: 0 })
        .then([Event::AttemptsAllowed { of: of(), free: 1, paid: 0 }]);
    thesis_with(complete())
        .and(failed(1, Payment::Free))
        .when(Command::AllowAttempts { free: 1, paid: 0 })
        .then_refused(low);
    thesis_with(complete())
        .when(Command::AllowAttempts { free: 21, paid: 0 })
        .then_refused(Refused::AllowanceTooHigh { most: 20 });
}

#[test]
fn a_paid_attempt_is_paid_before_the_work_is_handed_in() {
    let receipt = Event::ReceiptAttached { of: of(), attempt: 3, file: file(91) };
    let attach = Command::AttachReceipt { file: file(91) };
    let paid = Event::PaymentConfirmed { of: of(), attempt: 3 };
    let confirm = Command::ConfirmPayment { attempt: 3 };
    paid_attempt().when(upload(23)).then_refused(Refused::PaymentDue { attempt: 3 });
    paid_attempt().when(confirm.clone()).then_refused(Refused::ReceiptMissing { attempt: 3 });
    paid_attempt().when(attach.clone()).then([receipt.clone()]);
    paid_attempt()
        .and([receipt.clone()])
        .when(Command::Send)
        .then_refused(Refused::PaymentDue { attempt: 3 });
    paid_attempt().and([receipt.clone()]).when(confirm.clone()).then([paid.clone()]);
    let settled = || paid_attempt().and([receipt.clone(), paid.clone()]);
    settled().when(upload(23)).then([uploaded(3, 23)]);
    settled().when(attach).then_refused(Refused::PaidAlready { attempt: 3 });
    settled().when(confirm).then_refused(Refused::PaidAlready { attempt: 3 });
}

#[test]
fn a_free_attempt_takes_no_receipt() {
    uploaded_once()
        .when(Command::AttachReceipt { file: file(91) })
        .then_refused(Refused::AttemptIsFree { attempt: 1 });
    uploaded_once()
        .when(Command::ConfirmPayment { attempt: 1 })
        .then_refused(Refused::AttemptIsFree { attempt: 1 });
    thesis_with(complete())
        .when(Command::AttachReceipt { file: file(91) })
        .then_refused(Refused::NoAttemptOpen);
}

#[test]
fn the_work_is_not_credited_when_all_attempts_are_used() {
    let last = [
        Event::ReceiptAttached { of: of(), attempt: 3, file: file(91) },
        Event::PaymentConfirmed { of: of(), attempt: 3 },
        uploaded(3, 23),
        sent(3, 23),
        reported(3, 50),
    ];
    let not_credited = Event::NotCredited { of: of(), used: 3 };
    paid_attempt()
        .and(last.clone())
        .when(decide(3, Verdict::Failed))
        .then([decided(3, Verdict::Failed, 50), not_credited.clone()]);
    paid_attempt()
        .and(last)
        .and([decided(3, Verdict::Failed, 50), not_credited])
        .when(Command::AllowAttempts { free: 5, paid: 5 })
        .then_refused(Refused::Concluded);
}
