//! The rules of enrollment, given / when / then.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::civil::Date;

use super::{
    AttendanceKind, Choice, Enrollment, EnrollmentCommand as Command, EnrollmentError,
    EnrollmentEvent as Event, Ids, InForce, Mark, NewMark, Ratings, Registration, StreamNames,
    StreamSeat, SubjectStatus, Taken, Wanted,
};
use crate::shared::{
    Called, Codes, Credits, Decision, Demand, ElectiveGroup, Fact, Grade, HoldKind, Hundredths,
    Known, Language, MarkKind, MostOfGroup, Outcome, Overridable, Overridden, Override, Percent,
    PersonId, Points, Refuse, Requirement, Rules, StreamId,
    given::{because, day, given, id, row, rules_of_2011, text},
};

// Who and what it is about.

fn registrar() -> PersonId {
    id(9)
}

fn taken() -> Taken {
    Taken {
        enrollment: id(1),
        student: id(2),
        subject: id(3),
        term: id(4),
        code: text("MATH101"),
        title: text("Алгебра"),
        credits: Credits::whole(5),
    }
}

fn ids() -> Ids {
    Ids { enrollment: id(1), student: id(2), subject: id(3), term: id(4) }
}

fn today() -> Date {
    day("2026-12-20")
}

fn now() -> InForce {
    InForce { version: "kz-2026".into(), rules: Arc::new(Rules::kazakhstan()) }
}

fn in_2011() -> InForce {
    InForce { version: "kz-2011".into(), rules: Arc::new(rules_of_2011()) }
}

fn percent(whole: u16) -> Percent {
    Percent::whole(whole)
}

// Registering.

fn decision() -> Decision {
    Decision {
        rule: "registration".into(),
        regulation: "kz-2026".into(),
        facts: vec![Fact::new("status", SubjectStatus::NotPassed), Fact::new("position", 42)],
        verdict: "allowed".into(),
    }
}

fn registration() -> Registration {
    Registration {
        taken: taken(),
        status: SubjectStatus::NotPassed,
        retake_due: false,
        demand: Demand::default(),
        group: None,
        holds: BTreeSet::new(),
        offered: true,
        over: None,
        decision: decision(),
    }
}

/// What a subject asks for, of a student of the first year who has 30 credits, passed nothing and is registered for
/// LOGIC1.
fn asking(requirement: Requirement) -> Demand {
    let known = Known {
        registered: [id(62)].into(),
        year_of_study: Some(1),
        credits: Credits::whole(30),
        group: Some(text("ИС-21")),
        ..Known::default()
    };
    let codes = Codes {
        programmes: [(id(9), text("6B06101"))].into(),
        ..Codes::of_subjects([(id(61), text("MATH100")), (id(62), text("LOGIC1"))])
    };
    Demand { requirement, known, codes }
}

fn passed_subject(number: u16) -> Requirement {
    Requirement::Passed(id(number))
}

fn register(registration: Registration) -> Command {
    Command::Register { registration: registration.into() }
}

fn registered() -> Vec<Event> {
    vec![Event::Registered { taken: taken(), decision: decision() }]
}

fn dropped(streams: Vec<StreamId>) -> Event {
    Event::Dropped { taken: ids(), streams }
}

/// Gives the registration up with these streams.
fn give_up(seats: &[StreamSeat]) -> Command {
    let streams = seats.iter().map(|seat| seat.stream).collect();
    Command::Drop { streams, lines: BTreeSet::new() }
}

/// Waits for a seat in that stream.
fn wait(seat: StreamSeat) -> Command {
    Command::WaitForStream { seat }
}

fn waited(seat: StreamSeat) -> Event {
    Event::LineJoined { taken: ids(), stream: seat.stream }
}

fn imported() -> Event {
    Event::Imported { taken: taken(), origin: row(2) }
}

fn import(stream: Option<StreamSeat>) -> Command {
    Command::Import { taken: taken(), stream, origin: row(2) }
}

// Streams: a lecture, and a laboratory that goes with it, in two configurations.

fn lecture() -> StreamSeat {
    StreamSeat {
        stream: id(31),
        subject: taken().subject,
        term: taken().term,
        configuration: text("day"),
        component: text("lecture"),
        parent: None,
    }
}

fn other_lecture() -> StreamSeat {
    StreamSeat { stream: id(32), ..lecture() }
}

fn laboratory() -> StreamSeat {
    StreamSeat {
        stream: id(33),
        component: text("laboratory"),
        parent: Some(lecture().stream),
        ..lecture()
    }
}

fn evening_lecture() -> StreamSeat {
    StreamSeat { stream: id(34), configuration: text("evening"), ..lecture() }
}

fn evening_practice() -> StreamSeat {
    StreamSeat { stream: id(35), component: text("practice"), ..evening_lecture() }
}

fn choose(seat: StreamSeat) -> Command {
    choose_all([(seat, None)])
}

fn choose_for(seat: StreamSeat, old: StreamSeat) -> Command {
    choose_all([(seat, Some(old))])
}

/// Seats, each in place of another or of none.
fn choose_all<const N: usize>(seats: [(StreamSeat, Option<StreamSeat>); N]) -> Command {
    let choice = |(seat, old): (StreamSeat, Option<StreamSeat>)| Choice {
        seat,
        gives_up: old.map(|old| old.stream),
    };
    let choices = seats.into_iter().map(choice).collect();
    Command::ChooseStreams { choices, leaves: BTreeSet::new(), names: names() }
}

/// Chooses a seat, and leaves others that it doesn't replace.
fn choose_and_leave(
    seat: StreamSeat,
    old: Option<StreamSeat>,
    leaves: impl IntoIterator<Item = StreamSeat>,
) -> Command {
    let choices = vec![Choice { seat, gives_up: old.map(|old| old.stream) }];
    let leaves = leaves.into_iter().map(|left| left.stream).collect();
    Command::ChooseStreams { choices, leaves, names: names() }
}

fn leave(seat: StreamSeat) -> Command {
    Command::LeaveStream { stream: seat.stream, names: names(), because: None }
}

/// What the lectures and the laboratory are called.
fn names() -> StreamNames {
    let named = [(lecture(), "MATH101, lecture A"), (laboratory(), "MATH101, laboratory A")];
    StreamNames(named.map(|(seat, name)| (seat.stream, name.to_owned())).into())
}

fn without_parent(parent: StreamId) -> EnrollmentError {
    EnrollmentError::ParentNotChosen { stream: names().of(parent), parent }
}

fn chosen(seat: StreamSeat) -> Event {
    Event::StreamChosen { taken: ids(), seat, gives_up: None }
}

fn chosen_for(seat: StreamSeat, old: StreamSeat) -> Event {
    Event::StreamChosen { taken: ids(), seat, gives_up: Some(old.stream) }
}

fn left(seat: StreamSeat) -> Event {
    Event::StreamLeft { taken: ids(), stream: seat.stream, because: None }
}

#[test]
fn a_seat_that_a_registrar_takes_away_keeps_the_reason() {
    let (taken, stream, because) = (ids(), lecture().stream, Some(because("Fewer seats")));
    let command = Command::LeaveStream { stream, names: names(), because: because.clone() };
    given::<Enrollment>(registered())
        .and([chosen(lecture())])
        .when(command)
        .then([Event::StreamLeft { taken, stream, because }]);
}

// Marks.

/// A mark as a teacher enters it today.
fn new_mark(kind: MarkKind, period: Option<i32>, whole: i64) -> NewMark {
    NewMark {
        id: id(50),
        kind,
        period,
        title: None,
        percent: Hundredths(whole * 100),
        weight: None,
        day: today(),
    }
}

/// The same mark as it is kept.
fn mark(kind: MarkKind, period: Option<u8>, whole: u16) -> Mark {
    Mark {
        id: id(50),
        kind,
        period,
        title: None,
        category: None,
        percent: percent(whole),
        weight: None,
        day: Some(today()),
    }
}

fn record_under(mark: NewMark, rules: InForce) -> Command {
    Command::RecordMark { mark, today: today(), rules }
}

fn record(mark: NewMark) -> Command {
    record_under(mark, now())
}

fn exam(whole: i64) -> Command {
    record(new_mark(MarkKind::Exam, None, whole))
}

fn retake(whole: i64) -> Command {
    record(new_mark(MarkKind::Retake, None, whole))
}

fn recorded(mark: Mark, ratings: Ratings) -> Event {
    Event::MarkRecorded { taken: ids(), mark, ratings }
}

fn no_ratings() -> Ratings {
    Ratings {
        first: None,
        second: None,
        admission: None,
        admitted: None,
        regulation: "kz-2026".into(),
    }
}

fn first_rating(first: u16) -> Ratings {
    Ratings { first: Some(percent(first)), ..no_ratings() }
}

/// Both ratings are the same, and so is the admission rating.
fn ratings(both: u16) -> Ratings {
    Ratings {
        second: Some(percent(both)),
        admission: Some(percent(both)),
        admitted: Some(both >= 50),
        ..first_rating(both)
    }
}

/// Registered, with both ratings recorded.
fn rated(both: u16) -> Vec<Event> {
    let first = recorded(mark(MarkKind::Rating, Some(1), both), first_rating(both));
    let second = recorded(mark(MarkKind::Rating, Some(2), both), ratings(both));
    [registered(), vec![first, second]].concat()
}

fn mark_imported(mark: Mark) -> Event {
    Event::MarkImported { taken: ids(), mark, origin: row(7) }
}

fn import_mark(mark: Mark) -> Command {
    Command::ImportMark { mark, origin: row(7) }
}

// Grades.

fn letter(shown: u16, letter: &str, points: i64, word: &str, ects: &str) -> Grade {
    let outcome = match letter {
        "F" => Outcome::Failed,
        "FX" => Outcome::Retake,
        _ => Outcome::Passed,
    };
    Grade {
        percent: Some(percent(shown)),
        letter: letter.into(),
        points: Points::from_hundredths(points),
        word: word.into(),
        ects: Some(ects.into()),
        outcome,
        earns_credits: outcome == Outcome::Passed,
    }
}

fn fx(shown: u16) -> Grade {
    letter(shown, "FX", 50, "fail", "FX")
}

fn f(shown: u16) -> Grade {
    letter(shown, "F", 0, "fail", "F")
}

fn b() -> Grade {
    letter(84, "B", 300, "good", "B")
}

fn outside(letter: &str, word: &str, earns_credits: bool) -> Grade {
    Grade {
        percent: None,
        letter: letter.into(),
        points: None,
        word: word.into(),
        ects: None,
        outcome: if earns_credits { Outcome::Passed } else { Outcome::Failed },
        earns_credits,
    }
}

fn facts(facts: &[(&str, &str)]) -> Vec<Fact> {
    facts.iter().map(|(name, value)| Fact::new(name, value)).collect()
}

fn decided(rule: &str, inputs: &[(&str, &str)], grade: &Grade) -> Decision {
    Decision {
        rule: rule.into(),
        regulation: "kz-2026".into(),
        facts: facts(inputs),
        verdict: grade.letter.clone(),
    }
}

/// Graded by admission rating and exam under the rules of now.
fn graded(rule: &str, rating: u16, exam: u16, grade: Grade) -> Event {
    let (rating, exam) = (rating.to_string(), exam.to_string());
    let inputs = [
        ("admission_rating", rating.as_str()),
        ("exam", &exam),
        ("weight_rating", "60"),
        ("weight_exam", "40"),
        ("positive_from", "50"),
    ];
    let decision = decided(rule, &inputs, &grade);
    Event::Graded { taken: taken(), grade, decision }
}

fn outside_gpa(grade: Grade) -> Event {
    let inputs = [("letter", grade.letter.as_str()), ("word", &grade.word)];
    let decision = decided("outside_gpa", &inputs, &grade);
    Event::Graded { taken: taken(), grade, decision }
}

fn result_imported(grade: Grade) -> Event {
    let inputs = [("letter", grade.letter.as_str()), ("word", &grade.word)];
    let decision = decided("imported", &inputs, &grade);
    Event::ResultImported { taken: taken(), grade, decision, origin: row(8) }
}

fn give_outside(letter: &str, word: Option<&str>) -> Command {
    let (letter, word) = (letter.to_owned(), word.map(str::to_owned));
    Command::GradeOutside { letter, word, rules: now() }
}

fn import_result(letter: &str, word: Option<&str>) -> Command {
    let (letter, word) = (letter.to_owned(), word.map(str::to_owned));
    Command::ImportResult { letter, word, rules: now(), origin: row(8) }
}

fn not_admitted() -> Command {
    Command::GradeNotAdmitted { rules: now() }
}

fn correct(whole: i64) -> Command {
    Command::CorrectGrade {
        percent: Hundredths(whole * 100),
        reason: because("a page was overlooked"),
        by: registrar(),
        rules: now(),
    }
}

/// Graded B: 0.6 x 80 + 0.4 x 90 = 84.
fn passed() -> Vec<Event> {
    let exam = recorded(mark(MarkKind::Exam, None, 90), ratings(80));
    [rated(80), vec![exam, graded("final_grade", 80, 90, b())]].concat()
}

/// Graded FX by an exam of 40.
fn may_retake() -> Vec<Event> {
    let exam = recorded(mark(MarkKind::Exam, None, 40), ratings(80));
    [rated(80), vec![exam, graded("final_grade", 80, 40, fx(40))]].concat()
}

/// Everything a registration can be asked, registering and importing it aside.
fn all_but_registering() -> Vec<Command> {
    vec![
        give_up(&[]),
        choose(lecture()),
        leave(lecture()),
        exam(80),
        retake(80),
        attend(lecture(), today()),
        not_admitted(),
        correct(80),
        give_outside("W", None),
        import_mark(mark(MarkKind::Current, Some(1), 80)),
        import_result("P", None),
    ]
}

fn attend(seat: StreamSeat, day: Date) -> Command {
    let attendance = AttendanceKind::Excused;
    Command::RecordAttendance { stream: seat.stream, day, attendance, today: today() }
}

// Registering.

#[test]
fn a_subject_that_is_not_passed_or_failed_can_be_taken() {
    for status in [SubjectStatus::NotPassed, SubjectStatus::Failed] {
        given::<Enrollment>([])
            .when(register(Registration { status, ..registration() }))
            .then(registered());
    }
}

#[test]
fn a_subject_in_progress_cannot_be_taken_again() {
    let status = SubjectStatus::InProgress;
    given::<Enrollment>([])
        .when(register(Registration { status, ..registration() }))
        .then_refused(EnrollmentError::InProgress { code: text("MATH101") });
}

#[test]
fn a_passed_subject_cannot_be_taken_again() {
    let status = SubjectStatus::Passed;
    given::<Enrollment>([])
        .when(register(Registration { status, ..registration() }))
        .then_refused(EnrollmentError::PassedAlready { code: text("MATH101") });
}

#[test]
fn a_retake_that_is_due_comes_before_a_new_registration() {
    let status = SubjectStatus::Failed;
    given::<Enrollment>([])
        .when(register(Registration { status, retake_due: true, ..registration() }))
        .then_refused(EnrollmentError::RetakeDue { code: text("MATH101") });
}

#[test]
fn a_student_registers_once_for_a_subject_in_a_term() {
    let already = EnrollmentError::RegisteredAlready { code: text("MATH101") };
    for events in [registered(), vec![imported()], may_retake()] {
        given::<Enrollment>(events).when(register(registration())).then_refused(already.clone());
    }
    // That it was passed there says more.
    given::<Enrollment>(passed())
        .when(register(registration()))
        .then_refused(EnrollmentError::PassedAlready { code: text("MATH101") });
}

#[test]
fn prerequisites_come_first() {
    let demand = asking(Requirement::All(vec![passed_subject(61), passed_subject(62)]));
    given::<Enrollment>([])
        .when(register(Registration { demand, ..registration() }))
        .then_refused(EnrollmentError::PrerequisitesMissing { missing: "MATH100, LOGIC1".into() });
}

#[test]
fn what_a_subject_asks_for_is_refused_each_by_its_own_rule() {
    let (logic, programme) = (id(62), id(9));
    for (requirement, refused) in [
        (
            Requirement::RegisteredNow(id(61)),
            EnrollmentError::CorequisiteMissing { with: "MATH100".into() },
        ),
        (
            Requirement::NotRegisteredWith(logic),
            EnrollmentError::SubjectsExclude { with: "LOGIC1".into() },
        ),
        (
            Requirement::YearOfStudyAtLeast(2),
            EnrollmentError::YearOfStudyTooLow { year_of_study: "1".into(), least: 2 },
        ),
        (
            Requirement::CreditsGathered(Credits::whole(60)),
            EnrollmentError::CreditsTooFew {
                gathered: Credits::whole(30),
                least: Credits::whole(60),
            },
        ),
        (
            Requirement::InProgramme(programme),
            EnrollmentError::ProgrammeNotFitting {
                code: "6B06101".into(),
                programme: "none".into(),
                asked: programme,
            },
        ),
        (
            Requirement::InGroup(text("ИС-22")),
            EnrollmentError::GroupNotFitting { group: "ИС-21".into(), asked: text("ИС-22") },
        ),
        (Requirement::ApprovedByHead, EnrollmentError::ApprovalMissing),
        (
            Requirement::Any(vec![passed_subject(61), Requirement::ApprovedByHead]),
            EnrollmentError::RequirementUnmet {
                requirement: "any(passed MATH100, approved_by_head)".into(),
            },
        ),
        (
            Requirement::Not(Box::new(Requirement::RegisteredNow(logic))),
            EnrollmentError::RequirementUnmet { requirement: "not(registered_now LOGIC1)".into() },
        ),
    ] {
        let demand = asking(requirement);
        given::<Enrollment>([])
            .when(register(Registration { demand, ..registration() }))
            .then_refused(refused);
    }
}

#[test]
fn whoever_meets_what_a_subject_asks_for_can_take_it() {
    let demand = asking(Requirement::All(vec![
        Requirement::RegisteredNow(id(62)),
        Requirement::Any(vec![passed_subject(61), Requirement::YearOfStudyAtLeast(1)]),
    ]));
    given::<Enrollment>([])
        .when(register(Registration { demand, ..registration() }))
        .then(registered());
}

/// What that group is called.
fn languages() -> Called {
    let titles = [(Language::Russian, text("Языки"))].into_iter().collect();
    Called { name: text("Тілдер"), titles }
}

/// A group of three subjects, of which those with these numbers are passed or in progress, 5 credits each.
fn group(most: MostOfGroup, chosen: &[u16]) -> Option<ElectiveGroup> {
    let mut group = ElectiveGroup {
        name: languages(),
        most,
        subjects: [taken().subject, id(71), id(72)].into(),
        chosen: BTreeMap::new(),
    };
    chosen.iter().for_each(|number| group.choose(id(*number), Credits::whole(5)));
    Some(group)
}

#[test]
fn of_a_group_no_more_subjects_are_taken_than_may_be_chosen() {
    let of_two =
        |chosen| Registration { group: group(MostOfGroup::Subjects(2), chosen), ..registration() };
    given::<Enrollment>([]).when(register(of_two(&[]))).then(registered());
    given::<Enrollment>([]).when(register(of_two(&[71]))).then(registered());
    let (group, chosen, choose) = (languages(), 2, 2);
    given::<Enrollment>([])
        .when(register(of_two(&[71, 72])))
        .then_refused(EnrollmentError::GroupIsFull { group, chosen, choose });
}

#[test]
fn a_full_group_is_told_as_typed_and_in_languages() {
    let full = EnrollmentError::GroupIsFull { group: languages(), chosen: 2, choose: 2 };
    let facts = full.refusal().facts;
    let facts: Vec<_> = facts.iter().map(|fact| (&*fact.name, &*fact.value)).collect();
    let told = [("group", "Тілдер"), ("chosen", "2"), ("choose", "2"), ("group_ru", "Языки")];
    assert_eq!(facts, told);
    let kept = group(MostOfGroup::Subjects(2), &[71]).unwrap().facts();
    assert_eq!(
        kept[..2],
        [Fact::new("elective_group", "Тілдер"), Fact::new("elective_group_ru", "Языки")]
    );
}

#[test]
fn a_subject_of_another_group_does_not_count_to_a_group() {
    let group = group(MostOfGroup::Subjects(1), &[99]);
    given::<Enrollment>([])
        .when(register(Registration { group, ..registration() }))
        .then(registered());
}

#[test]
fn of_a_group_no_more_credits_are_taken_than_may_be_chosen() {
    let credits = taken().credits;
    let up_to = |most| {
        let group = group(MostOfGroup::Credits(most), &[71, 72]);
        Registration { group, ..registration() }
    };
    let enough = Credits::whole(10) + credits;
    given::<Enrollment>([]).when(register(up_to(enough))).then(registered());
    let limit = Credits::from_hundredths(enough.hundredths() - 1).unwrap();
    given::<Enrollment>([]).when(register(up_to(limit))).then_refused(
        EnrollmentError::GroupCreditsOverLimit {
            group: languages(),
            limit,
            chosen: Credits::whole(10),
            subject: credits,
        },
    );
}

#[test]
fn a_registrar_may_override_a_full_group() {
    let over = overriding(&[Overridable::GroupIsFull]);
    let group = group(MostOfGroup::Subjects(1), &[71]);
    let facts = [("group", "Тілдер"), ("chosen", "1"), ("choose", "1"), ("group_ru", "Языки")];
    let facts = facts.map(|(name, value)| Fact::new(name, value)).to_vec();
    let on_record = Event::Overridden {
        taken: ids(),
        overridden: vec![Overridden {
            code: Overridable::GroupIsFull,
            rule: "manual 2.3".into(),
            facts,
        }],
        reason: because("an exchange student"),
        by: registrar(),
    };
    given::<Enrollment>([])
        .when(register(Registration { over, group, ..registration() }))
        .then(registered().into_iter().chain([on_record]));
}

#[test]
fn a_prerequisite_that_is_in_progress_is_met_only_where_it_is_assumed() {
    let mut demand = asking(passed_subject(61));
    let missing = EnrollmentError::PrerequisitesMissing { missing: "MATH100".into() };
    given::<Enrollment>([])
        .when(register(Registration { demand: demand.clone(), ..registration() }))
        .then_refused(missing);
    demand.known.assumed = [id(61)].into();
    given::<Enrollment>([])
        .when(register(Registration { demand, ..registration() }))
        .then(registered());
}

#[test]
fn a_hold_blocks_registering_each_for_itself() {
    let holds = BTreeSet::from([HoldKind::Library, HoldKind::Debt]);
    let held = Registration { holds, ..registration() };
    let hold = |hold| EnrollmentError::Held { hold };
    assert_eq!(held.reasons(), [hold(HoldKind::Debt), hold(HoldKind::Library)]);
    given::<Enrollment>([]).when(register(held)).then_refused(hold(HoldKind::Debt));
}

fn overriding(reasons: &[Overridable]) -> Option<Override> {
    let reasons = reasons.iter().copied().collect();
    Some(Override { reasons, because: because("an exchange student"), by: registrar() })
}

#[test]
fn a_registrar_overrides_what_is_named_and_it_is_on_record() {
    let against = || Registration {
        demand: asking(Requirement::All(vec![
            passed_subject(61),
            Requirement::YearOfStudyAtLeast(2),
        ])),
        ..registration()
    };
    let over = overriding(&[Overridable::PrerequisitesMissing]);
    given::<Enrollment>([])
        .when(register(Registration { over, ..against() }))
        .then_refused(EnrollmentError::YearOfStudyTooLow { year_of_study: "1".into(), least: 2 });
    let over = overriding(&[Overridable::PrerequisitesMissing, Overridable::YearOfStudyTooLow]);
    let overridden = |code, facts| Overridden { code, rule: "manual 2.3.1".into(), facts };
    let year = vec![Fact::new("year_of_study", 1), Fact::new("least", 2)];
    let on_record = Event::Overridden {
        taken: ids(),
        overridden: vec![
            overridden(Overridable::PrerequisitesMissing, vec![Fact::new("missing", "MATH100")]),
            overridden(Overridable::YearOfStudyTooLow, year),
        ],
        reason: because("an exchange student"),
        by: registrar(),
    };
    let mut events = registered();
    events.push(on_record);
    given::<Enrollment>([]).when(register(Registration { over, ..against() })).then(events);
}

#[test]
fn nothing_is_overridden_where_nothing_speaks_against_it() {
    let over = overriding(&[Overridable::RegistrationHeld]);
    given::<Enrollment>([])
        .when(register(Registration { over, ..registration() }))
        .then(registered());
}

#[test]
fn no_registrar_overrides_a_grade_or_a_second_registration() {
    let over = || overriding(Overridable::ALL);
    let status = SubjectStatus::Passed;
    given::<Enrollment>([])
        .when(register(Registration { status, over: over(), ..registration() }))
        .then_refused(EnrollmentError::PassedAlready { code: text("MATH101") });
    given::<Enrollment>(registered())
        .when(register(Registration { over: over(), ..registration() }))
        .then_refused(EnrollmentError::RegisteredAlready { code: text("MATH101") });
}

#[test]
fn only_a_subject_that_is_offered_can_be_taken() {
    given::<Enrollment>([])
        .when(register(Registration { offered: false, ..registration() }))
        .then_refused(EnrollmentError::NotOffered { code: text("MATH101") });
}

#[test]
fn everything_that_speaks_against_a_registration_is_told() {
    let hopeless = Registration {
        status: SubjectStatus::Passed,
        demand: asking(Requirement::All(vec![
            passed_subject(61),
            Requirement::YearOfStudyAtLeast(2),
            Requirement::NotRegisteredWith(id(62)),
        ])),
        offered: false,
        ..registration()
    };
    assert_eq!(
        hopeless.reasons(),
        [
            EnrollmentError::PassedAlready { code: text("MATH101") },
            EnrollmentError::PrerequisitesMissing { missing: "MATH100".into() },
            EnrollmentError::YearOfStudyTooLow { year_of_study: "1".into(), least: 2 },
            EnrollmentError::SubjectsExclude { with: "LOGIC1".into() },
            EnrollmentError::NotOffered { code: text("MATH101") },
        ]
    );
    assert_eq!(registration().reasons(), []);
}

#[test]
fn without_a_registration_nothing_can_be_done() {
    for command in all_but_registering() {
        given::<Enrollment>([]).when(command).then_refused(EnrollmentError::Unknown);
    }
}

// Giving up.

#[test]
fn a_registration_can_be_given_up_with_its_streams() {
    given::<Enrollment>(registered())
        .and([chosen(lecture()), chosen(laboratory())])
        .when(give_up(&[laboratory(), lecture()]))
        .then([dropped(vec![lecture().stream, laboratory().stream])]);
}

#[test]
fn a_registration_is_given_up_with_the_streams_that_the_asker_saw() {
    for seats in [vec![], vec![other_lecture()], vec![lecture(), laboratory()]] {
        given::<Enrollment>(registered())
            .and([chosen(lecture())])
            .when(give_up(&seats))
            .then_refused(EnrollmentError::StreamsChanged);
    }
}

#[test]
fn a_registration_with_marks_cannot_be_given_up() {
    let midterm = mark(MarkKind::Midterm, Some(1), 70);
    for event in [recorded(midterm.clone(), first_rating(70)), mark_imported(midterm)] {
        given::<Enrollment>(registered())
            .and([event])
            .when(give_up(&[]))
            .then_refused(EnrollmentError::HasMarks { first: "midterm" });
    }
}

#[test]
fn what_was_given_up_is_over() {
    for command in all_but_registering() {
        given::<Enrollment>(registered())
            .and([chosen(lecture()), dropped(vec![lecture().stream])])
            .when(command)
            .then_refused(EnrollmentError::Dropped);
    }
}

#[test]
fn what_was_given_up_can_be_taken_up_again_without_its_streams() {
    let again = || {
        given::<Enrollment>(registered()).and([chosen(lecture()), dropped(vec![lecture().stream])])
    };
    again().when(register(registration())).then(registered());
    again().and(registered()).when(choose(lecture())).then([chosen(lecture())]);
}

// Streams.

#[test]
fn a_stream_of_each_component_can_be_chosen() {
    given::<Enrollment>(registered()).when(choose(lecture())).then([chosen(lecture())]);
    given::<Enrollment>(registered())
        .and([chosen(lecture())])
        .when(choose(laboratory()))
        .then([chosen(laboratory())]);
}

#[test]
fn a_stream_belongs_to_the_subject_and_the_term() {
    let of_another_subject = StreamSeat { subject: id(99), ..lecture() };
    let of_another_term = StreamSeat { term: id(99), ..lecture() };
    for seat in [of_another_subject, of_another_term] {
        given::<Enrollment>(registered())
            .when(choose(seat))
            .then_refused(EnrollmentError::StreamOfAnotherSubject { code: text("MATH101") });
    }
}

#[test]
fn a_stream_is_chosen_once() {
    given::<Enrollment>(registered())
        .and([chosen(lecture())])
        .when(choose(lecture()))
        .then_refused(EnrollmentError::StreamHeld);
}

#[test]
fn a_stream_takes_the_place_of_the_one_of_its_component() {
    let moved = || given::<Enrollment>(registered()).and([chosen(lecture())]);
    moved()
        .when(choose_for(other_lecture(), lecture()))
        .then([chosen_for(other_lecture(), lecture())]);
    moved()
        .and([chosen_for(other_lecture(), lecture())])
        .when(leave(lecture()))
        .then_refused(EnrollmentError::StreamNotHeld);
}

#[test]
fn what_is_given_up_is_what_the_asker_saw() {
    let changed = EnrollmentError::StreamsChanged;
    given::<Enrollment>(registered())
        .and([chosen(lecture())])
        .when(choose(other_lecture()))
        .then_refused(changed.clone());
    given::<Enrollment>(registered())
        .when(choose_for(other_lecture(), lecture()))
        .then_refused(changed.clone());
    given::<Enrollment>(registered())
        .and([chosen(lecture()), chosen(laboratory())])
        .when(choose_for(other_lecture(), laboratory()))
        .then_refused(changed);
}

#[test]
fn all_streams_are_of_one_configuration() {
    given::<Enrollment>(registered())
        .and([chosen(lecture())])
        .when(choose(evening_practice()))
        .then_refused(EnrollmentError::ConfigurationMixed {
            chosen: text("day"),
            asked: text("evening"),
        });
}

#[test]
fn the_only_stream_can_be_changed_for_one_of_another_configuration() {
    given::<Enrollment>(registered())
        .and([chosen(lecture())])
        .when(choose_for(evening_lecture(), lecture()))
        .then([chosen_for(evening_lecture(), lecture())]);
}

#[test]
fn a_laboratory_is_taken_only_together_with_its_lecture() {
    let refused = without_parent(lecture().stream);
    given::<Enrollment>(registered()).when(choose(laboratory())).then_refused(refused.clone());
    given::<Enrollment>(registered())
        .and([chosen(other_lecture())])
        .when(choose(laboratory()))
        .then_refused(refused);
}

#[test]
fn several_streams_are_chosen_at_once_whichever_is_named_first() {
    given::<Enrollment>(registered())
        .when(choose_all([(laboratory(), None), (lecture(), None)]))
        .then([chosen(laboratory()), chosen(lecture())]);
}

#[test]
fn a_lecture_is_exchanged_together_with_its_laboratory() {
    let theirs =
        StreamSeat { stream: id(98), parent: Some(other_lecture().stream), ..laboratory() };
    let both = || given::<Enrollment>(registered()).and([chosen(lecture()), chosen(laboratory())]);
    both()
        .when(choose_all([
            (other_lecture(), Some(lecture())),
            (theirs.clone(), Some(laboratory())),
        ]))
        .then([chosen_for(other_lecture(), lecture()), chosen_for(theirs.clone(), laboratory())]);
    both()
        .when(choose_for(theirs, laboratory()))
        .then_refused(without_parent(other_lecture().stream));
}

#[test]
fn streams_that_are_chosen_at_once_are_of_one_configuration() {
    given::<Enrollment>(registered())
        .when(choose_all([(lecture(), None), (evening_practice(), None)]))
        .then_refused(EnrollmentError::ConfigurationMixed {
            chosen: text("evening"),
            asked: text("day"),
        });
    given::<Enrollment>(registered())
        .and([chosen(lecture())])
        .when(choose_all([(evening_practice(), None), (evening_lecture(), Some(lecture()))]))
        .then([chosen(evening_practice()), chosen_for(evening_lecture(), lecture())]);
}

#[test]
fn of_each_component_one_stream_is_chosen() {
    given::<Enrollment>(registered())
        .when(choose_all([(lecture(), None), (other_lecture(), None)]))
        .then_refused(EnrollmentError::ComponentTwice { component: lecture().component });
}

#[test]
fn a_stream_is_told_of_by_its_name_and_its_id() {
    given::<Enrollment>(registered()).when(choose(laboratory())).then_refused_saying(&format!(
        "PARENT_STREAM_NOT_CHOSEN (manual 2.4.1) stream=MATH101, lecture A parent={}",
        lecture().stream,
    ));
}

#[test]
fn all_that_speaks_against_streams_is_told_each_with_its_place() {
    let [Event::Registered { taken, .. }] = &registered()[..] else { unreachable!() };
    let (first, second) = (laboratory(), lecture());
    let of_another = StreamSeat { stream: id(97), subject: id(99), ..lecture() };
    let asked = [evening_lecture(), of_another, other_lecture(), evening_practice()];
    let choices = asked.map(|seat| Choice { seat, gives_up: None });
    let (leaves, names) = (BTreeSet::from([lecture().stream]), names());
    let held = vec![&first, &second];
    let wanted = Wanted { taken, held, choices: &choices, leaves: &leaves, names: &names };
    let mixed = |chosen: StreamSeat, asked: StreamSeat| EnrollmentError::ConfigurationMixed {
        chosen: chosen.configuration,
        asked: asked.configuration,
    };
    assert_eq!(
        wanted.against(),
        [
            (Some(0), mixed(laboratory(), evening_lecture())),
            (Some(1), EnrollmentError::StreamOfAnotherSubject { code: text("MATH101") }),
            (Some(2), EnrollmentError::ComponentTwice { component: lecture().component }),
            (Some(2), mixed(evening_lecture(), other_lecture())),
            (Some(3), mixed(laboratory(), evening_practice())),
            (
                None,
                EnrollmentError::ChildStreamHeld {
                    stream: "MATH101, laboratory A".into(),
                    child: laboratory().stream,
                },
            ),
        ],
    );
}

#[test]
fn who_may_choose_a_stream_may_wait_for_it() {
    given::<Enrollment>(registered()).when(wait(lecture())).then([waited(lecture())]);
    given::<Enrollment>(registered())
        .and([chosen(lecture())])
        .when(wait(lecture()))
        .then_refused(EnrollmentError::StreamHeld);
    given::<Enrollment>(registered())
        .when(wait(StreamSeat { term: id(99), ..lecture() }))
        .then_refused(EnrollmentError::StreamOfAnotherSubject { code: text("MATH101") });
    given::<Enrollment>([]).when(wait(lecture())).then_refused(EnrollmentError::Unknown);
}

#[test]
fn whoever_gives_a_registration_up_leaves_the_lines_that_it_joined() {
    let drop = |lines: &[StreamSeat]| Command::Drop {
        streams: BTreeSet::new(),
        lines: lines.iter().map(|seat| seat.stream).collect(),
    };
    let waiting = || given::<Enrollment>(registered()).and([waited(lecture())]);
    waiting().when(drop(&[])).then_refused(EnrollmentError::StreamsChanged);
    waiting().when(drop(&[lecture()])).then([dropped(vec![])]);
    // Whoever has the seat waits no longer, and who registered again has joined no line.
    waiting()
        .and([chosen(lecture())])
        .when(give_up(&[lecture()]))
        .then([dropped(vec![lecture().stream])]);
    waiting().and([dropped(vec![])]).and(registered()).when(give_up(&[])).then([dropped(vec![])]);
}

#[test]
fn streams_of_another_configuration_are_left_in_the_act_that_changes_it() {
    let held = || given::<Enrollment>(registered()).and([chosen(lecture()), chosen(laboratory())]);
    held()
        .when(choose_and_leave(evening_lecture(), Some(lecture()), [laboratory()]))
        .then([left(laboratory()), chosen_for(evening_lecture(), lecture())]);
    held().when(choose_and_leave(evening_practice(), None, [lecture(), laboratory()])).then([
        left(lecture()),
        left(laboratory()),
        chosen(evening_practice()),
    ]);
    held().when(choose_and_leave(evening_practice(), None, [lecture()])).then_refused(
        EnrollmentError::ConfigurationMixed {
            chosen: laboratory().configuration,
            asked: evening_practice().configuration,
        },
    );
    held()
        .when(choose_and_leave(laboratory(), None, [other_lecture()]))
        .then_refused(EnrollmentError::StreamNotHeld);
}

#[test]
fn a_lecture_stays_while_its_laboratory_is_held() {
    let refused = EnrollmentError::ChildStreamHeld {
        stream: "MATH101, laboratory A".into(),
        child: laboratory().stream,
    };
    for command in [leave(lecture()), choose_for(other_lecture(), lecture())] {
        given::<Enrollment>(registered())
            .and([chosen(lecture()), chosen(laboratory())])
            .when(command)
            .then_refused(refused.clone());
    }
}

#[test]
fn a_stream_can_be_left() {
    given::<Enrollment>(registered())
        .and([chosen(lecture()), chosen(laboratory())])
        .when(leave(laboratory()))
        .then([left(laboratory())]);
    given::<Enrollment>(registered())
        .and([chosen(lecture()), left(lecture())])
        .when(leave(lecture()))
        .then_refused(EnrollmentError::StreamNotHeld);
}

// Attendance.

#[test]
fn attendance_is_entered_for_a_stream_that_is_held() {
    given::<Enrollment>(registered())
        .and([chosen(lecture())])
        .when(attend(lecture(), today()))
        .then([Event::AttendanceRecorded {
            taken: ids(),
            stream: lecture().stream,
            day: today(),
            attendance: AttendanceKind::Excused,
        }]);
    given::<Enrollment>(registered())
        .when(attend(lecture(), today()))
        .then_refused(EnrollmentError::StreamNotHeld);
}

#[test]
fn attendance_is_entered_for_no_day_to_come() {
    given::<Enrollment>(registered())
        .and([chosen(lecture())])
        .when(attend(lecture(), day("2026-12-21")))
        .then_refused(EnrollmentError::DayInFuture { day: day("2026-12-21"), today: today() });
}

// Marks and ratings.

#[test]
fn a_mark_is_kept_with_all_it_says() {
    let full = NewMark {
        title: Some(text("Бақылау жұмысы")),
        weight: Some(Hundredths(2_050)),
        day: day("2026-10-05"),
        ..new_mark(MarkKind::Practice, Some(1), 80)
    };
    let kept = Mark {
        title: Some(text("Бақылау жұмысы")),
        weight: Percent::from_hundredths(2_050),
        day: Some(day("2026-10-05")),
        ..mark(MarkKind::Practice, Some(1), 80)
    };
    given::<Enrollment>(registered()).when(record(full)).then([recorded(kept, first_rating(80))]);
}

#[test]
fn a_mark_without_a_period_moves_no_rating() {
    given::<Enrollment>(registered())
        .when(record(new_mark(MarkKind::SelfWork, None, 80)))
        .then([recorded(mark(MarkKind::SelfWork, None, 80), no_ratings())]);
}

#[test]
fn a_rating_grows_from_weighed_marks_and_the_midterm() {
    let half =
        NewMark { weight: Some(Hundredths(5_000)), ..new_mark(MarkKind::Laboratory, Some(1), 60) };
    let kept = Mark { weight: Some(percent(50)), ..mark(MarkKind::Laboratory, Some(1), 60) };
    let current = || {
        given::<Enrollment>(registered())
            .and([recorded(mark(MarkKind::Current, Some(1), 90), first_rating(90))])
    };
    // (90 x 100 + 60 x 50) / 150 = 80
    current().when(record(half)).then([recorded(kept.clone(), first_rating(80))]);
    // 0.6 x 80 + 0.4 x 50 = 68
    current()
        .and([recorded(kept, first_rating(80))])
        .when(record(new_mark(MarkKind::Midterm, Some(1), 50)))
        .then([recorded(mark(MarkKind::Midterm, Some(1), 50), first_rating(68))]);
}

#[test]
fn a_percentage_is_from_nothing_to_a_hundred() {
    for hundredths in [-1, 10_001] {
        let percent = Hundredths(hundredths);
        let out_of_range = EnrollmentError::PercentOutOfRange { percent };
        given::<Enrollment>(registered())
            .when(record(NewMark { percent, ..new_mark(MarkKind::Current, None, 0) }))
            .then_refused(out_of_range.clone());
        let correct = Command::CorrectGrade {
            percent,
            reason: because("a slip"),
            by: registrar(),
            rules: now(),
        };
        given::<Enrollment>(passed()).when(correct).then_refused(out_of_range);
    }
    for whole in [0, 100] {
        given::<Enrollment>(registered())
            .when(record(new_mark(MarkKind::Current, None, whole)))
            .then([recorded(mark(MarkKind::Current, None, whole as u16), no_ratings())]);
    }
}

#[test]
fn a_weight_is_over_nothing_and_at_most_a_hundred() {
    for weight in [-1, 0, 10_001].map(Hundredths) {
        let weighed = NewMark { weight: Some(weight), ..new_mark(MarkKind::Current, Some(1), 80) };
        given::<Enrollment>(registered())
            .when(record(weighed))
            .then_refused(EnrollmentError::WeightOutOfRange { weight });
    }
}

#[test]
fn a_mark_is_entered_for_no_day_to_come() {
    let tomorrow = NewMark { day: day("2026-12-21"), ..new_mark(MarkKind::Current, Some(1), 80) };
    given::<Enrollment>(registered())
        .when(record(tomorrow))
        .then_refused(EnrollmentError::DayInFuture { day: day("2026-12-21"), today: today() });
}

#[test]
fn midterms_and_ratings_belong_to_a_period() {
    for kind in [MarkKind::Midterm, MarkKind::Rating] {
        given::<Enrollment>(registered())
            .when(record(new_mark(kind, None, 80)))
            .then_refused(EnrollmentError::PeriodNeeded { kind: kind.name() });
    }
}

#[test]
fn exams_belong_to_no_period() {
    for kind in [MarkKind::Exam, MarkKind::Retake] {
        given::<Enrollment>(rated(80))
            .when(record(new_mark(kind, Some(1), 80)))
            .then_refused(EnrollmentError::PeriodNotForExam { kind: kind.name() });
    }
}

#[test]
fn a_period_is_the_first_or_the_second() {
    for period in [0, 3, -1, 257] {
        given::<Enrollment>(registered())
            .when(record(new_mark(MarkKind::Midterm, Some(period), 80)))
            .then_refused(EnrollmentError::PeriodOutOfRange { period });
    }
}

#[test]
fn ratings_are_recorded_directly_only_where_the_regulation_says_so() {
    given::<Enrollment>(registered())
        .when(record_under(new_mark(MarkKind::Rating, Some(1), 80), in_2011()))
        .then_refused(EnrollmentError::RatingsAreComputed { regulation: "kz-2011".into() });
    given::<Enrollment>(registered())
        .when(record(new_mark(MarkKind::Rating, Some(1), 80)))
        .then([recorded(mark(MarkKind::Rating, Some(1), 80), first_rating(80))]);
}

#[test]
fn with_both_ratings_it_is_known_who_is_admitted() {
    for (second, admitted) in [(60, true), (59, false)] {
        let admission = Percent::from_hundredths((40 + i64::from(second)) * 50);
        given::<Enrollment>(registered())
            .and([recorded(mark(MarkKind::Rating, Some(1), 40), first_rating(40))])
            .when(record(new_mark(MarkKind::Rating, Some(2), second.into())))
            .then([recorded(
                mark(MarkKind::Rating, Some(2), second),
                Ratings {
                    second: Some(percent(second)),
                    admission,
                    admitted: Some(admitted),
                    ..first_rating(40)
                },
            )]);
    }
}

// The exam.

#[test]
fn an_exam_is_graded_in_the_same_act() {
    given::<Enrollment>(rated(80)).when(exam(90)).then([
        recorded(mark(MarkKind::Exam, None, 90), ratings(80)),
        graded("final_grade", 80, 90, b()),
    ]);
}

#[test]
fn a_failed_exam_shows_its_own_percent() {
    for (percent, grade) in [(49, fx(49)), (25, fx(25)), (24, f(24)), (0, f(0))] {
        given::<Enrollment>(rated(100)).when(exam(percent.into())).then([
            recorded(mark(MarkKind::Exam, None, percent), ratings(100)),
            graded("final_grade", 100, percent, grade),
        ]);
    }
}

#[test]
fn before_the_exam_both_ratings_are_there() {
    let only_second = recorded(
        mark(MarkKind::Rating, Some(2), 80),
        Ratings { second: Some(percent(80)), ..no_ratings() },
    );
    for command in [exam(90), not_admitted()] {
        given::<Enrollment>(registered())
            .and([only_second.clone()])
            .when(command)
            .then_refused(EnrollmentError::RatingMissing { period: 1 });
    }
    given::<Enrollment>(registered())
        .and([recorded(mark(MarkKind::Rating, Some(1), 80), first_rating(80))])
        .when(exam(90))
        .then_refused(EnrollmentError::RatingMissing { period: 2 });
}

#[test]
fn an_admission_rating_that_is_too_low_keeps_from_the_exam() {
    given::<Enrollment>(rated(49))
        .when(exam(90))
        .then_refused(EnrollmentError::NotAdmitted { rating: percent(49), needed: percent(50) });
}

#[test]
fn not_admitted_is_f_with_no_percent_and_names_the_rating() {
    let inputs = [("admission_rating", "49"), ("needed", "50")];
    given::<Enrollment>(rated(49)).when(not_admitted()).then([Event::Graded {
        taken: taken(),
        grade: f(0),
        decision: decided("not_admitted", &inputs, &f(0)),
    }]);
}

#[test]
fn whoever_is_admitted_takes_the_exam() {
    given::<Enrollment>(rated(50))
        .when(not_admitted())
        .then_refused(EnrollmentError::Admitted { rating: percent(50), needed: percent(50) });
}

#[test]
fn another_regulation_grades_the_same_marks_differently() {
    let events = given::<Enrollment>(rated(80))
        .when(record_under(new_mark(MarkKind::Exam, None, 60), in_2011()))
        .events();
    let Event::Graded { grade, decision, .. } = &events[1] else { panic!("no grade: {events:?}") };
    // 0.7 x 80 + 0.3 x 60 = 74, where the rules of now say 72, good.
    assert_eq!(*grade, letter(74, "C+", 233, "satisfactory", "C"));
    assert_eq!(decision.regulation, "kz-2011");
}

#[test]
fn a_final_grade_closes_the_registration() {
    let closed = EnrollmentError::Graded { grade: "B".into() };
    for command in [
        give_up(&[]),
        choose(lecture()),
        leave(lecture()),
        attend(lecture(), today()),
        exam(95),
        record(new_mark(MarkKind::Current, Some(1), 100)),
        record(new_mark(MarkKind::Rating, Some(2), 100)),
        not_admitted(),
        give_outside("W", None),
        import_result("P", None),
    ] {
        given::<Enrollment>(passed()).when(command).then_refused(closed.clone());
    }
}

// Retakes.

#[test]
fn fx_gives_a_retake_of_the_exam() {
    // 0.6 x 80 + 0.4 x 60 = 72
    given::<Enrollment>(may_retake()).when(retake(60)).then([
        recorded(mark(MarkKind::Retake, None, 60), ratings(80)),
        graded("retake", 80, 60, letter(72, "C+", 233, "good", "C")),
    ]);
}

#[test]
fn a_failed_retake_is_f() {
    for percent in [49, 25, 24] {
        given::<Enrollment>(may_retake()).when(retake(percent.into())).then([
            recorded(mark(MarkKind::Retake, None, percent), ratings(80)),
            graded("retake", 80, percent, f(percent)),
        ]);
    }
}

#[test]
fn a_positive_grade_cannot_be_retaken() {
    given::<Enrollment>(passed())
        .when(retake(100))
        .then_refused(EnrollmentError::NoRetake { grade: "B".into() });
}

#[test]
fn f_leads_to_no_retake() {
    let no_retake = EnrollmentError::NoRetake { grade: "F".into() };
    given::<Enrollment>(may_retake())
        .and([
            recorded(mark(MarkKind::Retake, None, 30), ratings(80)),
            graded("retake", 80, 30, f(30)),
        ])
        .when(retake(80))
        .then_refused(no_retake.clone());
    given::<Enrollment>(rated(80))
        .and([graded("final_grade", 80, 10, f(10))])
        .when(retake(80))
        .then_refused(no_retake);
}

#[test]
fn there_is_no_retake_before_the_exam() {
    given::<Enrollment>(rated(80)).when(retake(80)).then_refused(EnrollmentError::NotGradedYet);
}

// Corrections.

#[test]
fn a_correction_keeps_the_grade_before_and_the_reason() {
    let grade = letter(91, "A-", 367, "excellent", "A");
    let inputs = [("percent", "91"), ("grade_before", "B"), ("percent_before", "84")];
    let decision = decided("correction", &inputs, &grade);
    given::<Enrollment>(passed()).when(correct(91)).then([Event::GradeCorrected {
        taken: taken(),
        grade,
        before: b(),
        decision,
        reason: because("a page was overlooked"),
        by: registrar(),
    }]);
}

#[test]
fn only_a_grade_that_is_there_can_be_corrected() {
    given::<Enrollment>(rated(80)).when(correct(91)).then_refused(EnrollmentError::NotGradedYet);
}

#[test]
fn a_grade_corrected_to_fx_gives_a_retake() {
    let corrected = Event::GradeCorrected {
        taken: taken(),
        grade: fx(40),
        before: b(),
        decision: decided("correction", &[], &fx(40)),
        reason: because("a page was overlooked"),
        by: registrar(),
    };
    given::<Enrollment>(passed()).and([corrected]).when(retake(50)).then([
        recorded(mark(MarkKind::Retake, None, 50), ratings(80)),
        graded("retake", 80, 50, letter(68, "C", 200, "satisfactory", "D")),
    ]);
}

// Marks outside the GPA.

#[test]
fn marks_outside_the_gpa_are_those_of_the_regulation() {
    for (letter, word, earns_credits) in [
        ("I", "incomplete", false),
        ("P", "pass", true),
        ("NP", "not pass", false),
        ("W", "withdrawn", false),
    ] {
        given::<Enrollment>(registered())
            .when(give_outside(letter, None))
            .then([outside_gpa(outside(letter, word, earns_credits))]);
    }
    for letter in ["A", "w", ""] {
        let unknown = EnrollmentError::OutsideMarkUnknown { letter: letter.into() };
        for command in [give_outside(letter, None), import_result(letter, None)] {
            given::<Enrollment>(registered()).when(command).then_refused(unknown.clone());
        }
    }
}

#[test]
fn a_mark_outside_the_gpa_is_given_once() {
    given::<Enrollment>(registered())
        .and([outside_gpa(outside("W", "withdrawn", false))])
        .when(give_outside("W", None))
        .then_refused(EnrollmentError::Graded { grade: "W".into() });
}

#[test]
fn a_mark_outside_the_gpa_may_have_another_word() {
    given::<Enrollment>(registered())
        .when(give_outside("P", Some("distinction")))
        .then([outside_gpa(outside("P", "distinction", true))]);
}

#[test]
fn a_mark_outside_the_gpa_is_final_until_it_is_corrected() {
    let incomplete =
        || given::<Enrollment>(rated(80)).and([outside_gpa(outside("I", "incomplete", false))]);
    incomplete().when(exam(90)).then_refused(EnrollmentError::Graded { grade: "I".into() });
    let inputs = [("percent", "84"), ("grade_before", "I")];
    incomplete().when(correct(84)).then([Event::GradeCorrected {
        taken: taken(),
        grade: b(),
        before: outside("I", "incomplete", false),
        decision: decided("correction", &inputs, &b()),
        reason: because("a page was overlooked"),
        by: registrar(),
    }]);
}

// History from elsewhere.

#[test]
fn a_registration_is_imported_with_its_seat_once() {
    given::<Enrollment>([]).when(import(Some(lecture()))).then([imported(), chosen(lecture())]);
    given::<Enrollment>([imported(), chosen(lecture())])
        .when(import(Some(lecture())))
        .then_nothing_happens();
    given::<Enrollment>([imported()]).when(import(None)).then_nothing_happens();
}

#[test]
fn a_seat_may_be_imported_after_its_registration() {
    given::<Enrollment>([imported()]).when(import(Some(lecture()))).then([chosen(lecture())]);
}

#[test]
fn an_import_takes_up_again_what_was_given_up_without_its_streams() {
    let again = || {
        given::<Enrollment>(registered()).and([chosen(lecture()), dropped(vec![lecture().stream])])
    };
    again().when(import(None)).then([imported()]);
    again().and([imported()]).when(choose(lecture())).then([chosen(lecture())]);
}

#[test]
fn an_imported_mark_may_change_and_changes_nothing_the_second_time() {
    let first = mark(MarkKind::Current, Some(1), 60);
    let changed = mark(MarkKind::Current, Some(1), 70);
    given::<Enrollment>([imported()])
        .when(import_mark(first.clone()))
        .then([mark_imported(first.clone())]);
    given::<Enrollment>([imported(), mark_imported(first.clone())])
        .when(import_mark(first.clone()))
        .then_nothing_happens();
    given::<Enrollment>([imported(), mark_imported(first)])
        .when(import_mark(changed.clone()))
        .then([mark_imported(changed)]);
}

#[test]
fn a_changed_imported_mark_counts_once() {
    let changed = mark(MarkKind::Current, Some(1), 70);
    let another = Mark { id: id(51), ..mark(MarkKind::Current, Some(1), 90) };
    given::<Enrollment>([imported()])
        .and([mark_imported(mark(MarkKind::Current, Some(1), 10)), mark_imported(changed)])
        .when(record(NewMark { id: id(51), ..new_mark(MarkKind::Current, Some(1), 90) }))
        .then([recorded(another, first_rating(80))]);
}

#[test]
fn an_imported_result_changes_nothing_the_second_time() {
    let distinction = outside("P", "distinction", true);
    given::<Enrollment>([imported()])
        .when(import_result("P", Some("distinction")))
        .then([result_imported(distinction.clone())]);
    given::<Enrollment>([imported(), result_imported(distinction)])
        .when(import_result("P", Some("distinction")))
        .then_nothing_happens();
}

#[test]
fn an_import_never_takes_the_place_of_a_grade() {
    let failed = result_imported(outside("NP", "not pass", false));
    let corrected = Event::GradeCorrected {
        taken: taken(),
        grade: b(),
        before: outside("NP", "not pass", false),
        decision: decided("correction", &[], &b()),
        reason: because("a page was overlooked"),
        by: registrar(),
    };
    given::<Enrollment>([imported(), failed, corrected])
        .when(import_result("NP", None))
        .then_refused(EnrollmentError::Graded { grade: "B".into() });
    given::<Enrollment>(passed())
        .when(import_result("P", None))
        .then_refused(EnrollmentError::Graded { grade: "B".into() });
}
