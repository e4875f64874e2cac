//! The rules of student, given / when / then.

use super::{
    Admission, Programme, Settings, Student, StudentCommand as Command, StudentError,
    StudentEvent as Event, StudentStatus, Topic,
};
use crate::shared::{
    HoldId, HoldKind, Language, PersonId,
    given::{because, day, given, id, row, text},
};

fn student() -> PersonId {
    id(1)
}

fn advisor() -> PersonId {
    id(2)
}

fn admission(year_of_study: u8) -> Admission {
    Admission {
        programme: Programme { id: id(7), title: text("Информатика") },
        year_of_study,
        group: Some(text("ИН-26-1")),
        faculty: None,
        on: day("2026-08-25"),
    }
}

fn applied() -> Event {
    Event::Applied { student: student() }
}

fn admitted() -> Event {
    Event::Admitted { student: student(), admission: admission(1) }
}

fn imported() -> Event {
    Event::Imported { student: student(), origin: row(4) }
}

#[test]
fn who_has_left_or_is_away_does_not_study() {
    let studies = || Command::Study { student: student() };
    given::<Student>([]).when(studies()).then_nothing_happens();
    given::<Student>([admitted()]).when(studies()).then_nothing_happens();
    given::<Student>([admitted(), on_leave(), returned()]).when(studies()).then_nothing_happens();
    for (left, status) in [
        (on_leave(), StudentStatus::OnLeave),
        (expelled(), StudentStatus::Expelled),
        (graduated(), StudentStatus::Graduated),
    ] {
        let then = given::<Student>([admitted(), left]).when(studies());
        then.then_refused(StudentError::StatusForbids { status });
    }
}

fn on_leave() -> Event {
    Event::LeaveTaken { student: student(), reason: because("army") }
}

fn returned() -> Event {
    Event::Returned { student: student(), into: None }
}

fn expelled() -> Event {
    Event::Expelled { student: student(), reason: because("debts") }
}

fn graduated() -> Event {
    Event::Graduated { student: student() }
}

fn guided_by(advisor: PersonId) -> Event {
    Event::AdvisorAssigned { student: student(), advisor }
}

fn apply() -> Command {
    Command::Apply { student: student() }
}

fn admit() -> Command {
    Command::Admit { student: student(), admission: admission(1) }
}

fn import() -> Command {
    Command::Import { student: student(), origin: row(4) }
}

fn assign(advisor: PersonId) -> Command {
    Command::AssignAdvisor { student: student(), advisor }
}

fn take_leave() -> Command {
    Command::TakeLeave { student: student(), reason: because("army") }
}

fn come_back() -> Command {
    Command::Return { student: student(), into: None }
}

fn expel() -> Command {
    Command::Expel { student: student(), reason: because("debts") }
}

fn graduate() -> Command {
    Command::Graduate { student: student() }
}

fn note_contacts() -> Command {
    Command::NoteContactsChanged { student: student() }
}

fn registrar() -> PersonId {
    id(9)
}

fn place(hold: HoldId) -> Command {
    let (kind, reason, by) = (HoldKind::Debt, because("the fee"), registrar());
    Command::PlaceHold { student: student(), hold, kind, reason, by }
}

fn placed(hold: HoldId) -> Event {
    let (kind, reason, by) = (HoldKind::Debt, because("the fee"), registrar());
    Event::HoldPlaced { student: student(), hold, kind, reason, by }
}

fn lift(hold: HoldId) -> Command {
    Command::LiftHold { student: student(), hold, by: registrar() }
}

fn lifted(hold: HoldId) -> Event {
    Event::HoldLifted { student: student(), hold, by: registrar() }
}

fn approve() -> Command {
    Command::ApproveSubject { student: student(), subject: id(5), by: advisor() }
}

fn approved() -> Event {
    Event::SubjectApproved { student: student(), subject: id(5), by: advisor() }
}

/// Nothing of these topics, and no language.
fn quiet(topics: &[Topic]) -> Settings {
    Settings { language: None, muted: topics.iter().copied().collect() }
}

fn muted(topics: &[Topic]) -> Event {
    Event::TopicsMuted { student: student(), muted: topics.iter().copied().collect() }
}

fn set(settings: Settings) -> Command {
    Command::ChangeSettings { student: student(), settings }
}

/// Each standing with the events that lead to it.
fn standings() -> [(StudentStatus, Vec<Event>); 5] {
    [
        (StudentStatus::Applicant, vec![applied()]),
        (StudentStatus::Studying, vec![applied(), admitted()]),
        (StudentStatus::OnLeave, vec![admitted(), on_leave()]),
        (StudentStatus::Expelled, vec![admitted(), expelled()]),
        (StudentStatus::Graduated, vec![admitted(), graduated()]),
    ]
}

/// The command leads to `event` from the standings in `from`, and is refused in all others.
fn allowed_only_from(from: &[StudentStatus], command: Command, event: Event) {
    for (status, events) in standings() {
        let then = given::<Student>(events).when(command.clone());
        if from.contains(&status) {
            then.then([event.clone()]);
        } else {
            then.then_refused(StudentError::StatusForbids { status });
        }
    }
}

#[test]
fn only_somebody_unknown_applies() {
    given::<Student>([]).when(apply()).then([applied()]);
    allowed_only_from(&[], apply(), applied());
}

#[test]
fn an_applicant_or_somebody_unknown_is_admitted() {
    given::<Student>([]).when(admit()).then([admitted()]);
    allowed_only_from(&[StudentStatus::Applicant], admit(), admitted());
}

#[test]
fn only_a_student_takes_leave() {
    allowed_only_from(&[StudentStatus::Studying], take_leave(), on_leave());
}

#[test]
fn only_a_student_on_leave_comes_back() {
    allowed_only_from(&[StudentStatus::OnLeave], come_back(), returned());
}

#[test]
fn whoever_came_back_studies() {
    given::<Student>([admitted(), on_leave(), returned()]).when(graduate()).then([graduated()]);
}

#[test]
fn a_student_is_expelled_also_from_leave() {
    allowed_only_from(&[StudentStatus::Studying, StudentStatus::OnLeave], expel(), expelled());
}

#[test]
fn only_a_student_graduates() {
    allowed_only_from(&[StudentStatus::Studying], graduate(), graduated());
}

#[test]
fn whoever_has_left_needs_no_advisor() {
    use StudentStatus::{Applicant, OnLeave, Studying};
    allowed_only_from(&[Applicant, Studying, OnLeave], assign(advisor()), guided_by(advisor()));
}

#[test]
fn a_student_has_one_advisor_at_a_time() {
    let another = id(3);
    let guided = || given::<Student>([admitted(), guided_by(advisor())]);
    guided().when(assign(advisor())).then_nothing_happens();
    guided().when(assign(another)).then([guided_by(another)]);
    guided().and([guided_by(another)]).when(assign(advisor())).then([guided_by(advisor())]);
}

#[test]
fn contacts_change_in_every_standing() {
    use StudentStatus::{Applicant, Expelled, Graduated, OnLeave, Studying};
    let changed = Event::ContactsChanged { student: student() };
    allowed_only_from(
        &[Applicant, Studying, OnLeave, Expelled, Graduated],
        note_contacts(),
        changed,
    );
}

#[test]
fn settings_change_in_every_standing() {
    use StudentStatus::{Applicant, Expelled, Graduated, OnLeave, Studying};
    let all = [Applicant, Studying, OnLeave, Expelled, Graduated];
    allowed_only_from(&all, set(quiet(&[Topic::News])), muted(&[Topic::News]));
}

#[test]
fn settings_that_stay_the_same_are_no_event() {
    let topics = [Topic::News, Topic::Grades];
    let quieted = || given::<Student>([admitted(), muted(&topics)]);
    quieted().when(set(quiet(&topics))).then_nothing_happens();
    quieted().when(set(quiet(&[]))).then([muted(&[])]);
    given::<Student>([admitted()]).when(set(Settings::default())).then_nothing_happens();
}

#[test]
fn each_setting_that_changes_is_an_event_of_its_own() {
    let language = Some(Language::Kazakh);
    let chosen = || Event::LanguageChosen { student: student(), language };
    let both = Settings { language, ..quiet(&[Topic::News]) };
    let all = || [admitted(), chosen(), muted(&[Topic::News])];
    given::<Student>([admitted()]).when(set(both.clone())).then([chosen(), muted(&[Topic::News])]);
    given::<Student>(all()).when(set(both.clone())).then_nothing_happens();
    let louder = Settings { language, ..Settings::default() };
    given::<Student>(all()).when(set(louder)).then([muted(&[])]);
    let none = Event::LanguageChosen { student: student(), language: None };
    given::<Student>(all()).when(set(quiet(&[Topic::News]))).then([none]);
}

#[test]
fn nothing_is_noted_of_somebody_unknown() {
    let commands = [
        assign(advisor()),
        take_leave(),
        come_back(),
        expel(),
        graduate(),
        note_contacts(),
        place(id(20)),
        lift(id(20)),
        approve(),
        set(quiet(&[])),
    ];
    for command in commands {
        given::<Student>([]).when(command).then_refused(StudentError::Unknown);
    }
}

#[test]
fn a_year_of_study_is_from_one_to_ten() {
    let into = |year| Command::Admit { student: student(), admission: admission(year) };
    for year_of_study in [0, 11] {
        given::<Student>([applied()])
            .when(into(year_of_study))
            .then_refused(StudentError::YearOfStudyOutOfRange { year_of_study });
    }
    for year in [1, 10] {
        let admitted = Event::Admitted { student: student(), admission: admission(year) };
        given::<Student>([applied()]).when(into(year)).then([admitted]);
    }
}

#[test]
fn an_imported_student_studies_and_one_who_is_known_stays_as_they_are() {
    given::<Student>([]).when(import()).then([imported()]);
    given::<Student>([imported()]).when(take_leave()).then([on_leave()]);
    given::<Student>([imported()]).when(import()).then_nothing_happens();
    for (_, events) in standings() {
        given::<Student>(events).when(import()).then_nothing_happens();
    }
}

#[test]
fn a_hold_is_placed_in_every_standing() {
    use StudentStatus::{Applicant, Expelled, Graduated, OnLeave, Studying};
    let all = [Applicant, Studying, OnLeave, Expelled, Graduated];
    allowed_only_from(&all, place(id(20)), placed(id(20)));
}

#[test]
fn a_hold_is_lifted_once_and_the_others_stay() {
    let held = || given::<Student>([admitted(), placed(id(20)), placed(id(21))]);
    held().when(lift(id(20))).then([lifted(id(20))]);
    held().and([lifted(id(20))]).when(lift(id(20))).then_refused(StudentError::HoldUnknown);
    held().and([lifted(id(20))]).when(lift(id(21))).then([lifted(id(21))]);
    held().when(lift(id(22))).then_refused(StudentError::HoldUnknown);
}

#[test]
fn a_subject_is_approved_once_for_whoever_studies() {
    allowed_only_from(&[StudentStatus::Studying, StudentStatus::OnLeave], approve(), approved());
    given::<Student>([admitted(), approved()]).when(approve()).then_nothing_happens();
}

fn ask() -> Command {
    Command::AskForApproval { student: student(), subject: id(5), programme: id(6) }
}

fn asked() -> Event {
    Event::ApprovalAsked { student: student(), subject: id(5), programme: id(6) }
}

fn withdraw() -> Command {
    let (student, subject, by) = (student(), id(5), advisor());
    Command::WithdrawApproval { student, subject, reason: because("too early"), by }
}

fn withdrawn() -> Event {
    let (student, subject, by) = (student(), id(5), advisor());
    Event::ApprovalWithdrawn { student, subject, reason: because("too early"), by }
}

#[test]
fn an_approval_is_asked_for_once_until_it_is_given() {
    allowed_only_from(&[StudentStatus::Studying, StudentStatus::OnLeave], ask(), asked());
    given::<Student>([admitted(), asked()]).when(ask()).then_nothing_happens();
    given::<Student>([admitted(), asked(), approved()]).when(ask()).then_nothing_happens();
    given::<Student>([admitted(), asked(), approved(), withdrawn()]).when(ask()).then([asked()]);
}

#[test]
fn an_approval_that_was_given_is_withdrawn_and_one_that_was_asked_for_declined() {
    given::<Student>([admitted(), approved()]).when(withdraw()).then([withdrawn()]);
    let unknown = StudentError::ApprovalUnknown;
    given::<Student>([admitted(), asked()]).when(withdraw()).then([withdrawn()]);
    given::<Student>([admitted(), asked(), withdrawn()]).when(ask()).then([asked()]);
    let gone = given::<Student>([admitted(), approved(), withdrawn()]);
    gone.when(withdraw()).then_refused(unknown);
    given::<Student>([admitted(), approved(), withdrawn()]).when(approve()).then([approved()]);
}
