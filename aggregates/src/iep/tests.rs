//! The rules of iep, given / when / then.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{
    Authority, ChosenStream, Entry, Iep, IepCommand as Command, IepError, IepEvent as Event,
    Opening, Openness, Placement, RevisionCause, Room, Signer, TermPlan,
};
use crate::shared::{
    Credits, Days, Digest, EnrollmentId, Fact, IepId, Meeting, Overridable, Overridden, Override,
    PersonId, Role, SignedBytes, StreamId, SubjectId, TermDays, TermId, Weekday, Weeks,
    given::{at, because, day, given, id, text, window},
};

// Who and what it is about.

fn iep() -> IepId {
    id(1)
}

fn student() -> PersonId {
    id(2)
}

fn advisor() -> PersonId {
    id(3)
}

fn registrar() -> PersonId {
    id(4)
}

fn stranger() -> PersonId {
    id(5)
}

fn autumn() -> TermId {
    id(11)
}

fn spring() -> TermId {
    id(12)
}

fn summer() -> TermId {
    id(13)
}

/// A term that is taught beside autumn and spring, from two weeks before autumn on.
fn year() -> TermId {
    id(14)
}

fn days() -> TermDays {
    let days = |first, last| Days::between(day(first), day(last));
    TermDays::from_iter([
        (autumn(), days("2026-08-31", "2027-01-17")),
        (spring(), days("2027-01-18", "2027-06-06")),
        (summer(), days("2027-06-07", "2027-07-18")),
        (year(), days("2026-08-17", "2027-06-06")),
    ])
}

fn term_plan(term: TermId, limit: u16, counts_to_year: bool) -> TermPlan {
    TermPlan { term, limit: Credits::whole(limit), counts_to_year }
}

/// The terms of the year: 30 credits in autumn and spring, 15 in summer, which the year's 50 leave
/// aside.
fn terms() -> Vec<TermPlan> {
    vec![
        term_plan(autumn(), 30, true),
        term_plan(spring(), 30, true),
        term_plan(summer(), 15, false),
    ]
}

/// A subject: its ids follow from its number.
fn entry(number: u16, term: TermId, credits: u16) -> Entry {
    Entry {
        enrollment: id(100 + number),
        subject: id(200 + number),
        term,
        code: text(&format!("SUB{number}")),
        title: text("Алгебра"),
        credits: Credits::whole(credits),
    }
}

fn algebra() -> Entry {
    entry(1, autumn(), 5)
}

fn physics() -> Entry {
    entry(2, autumn(), 6)
}

// When it is asked.

fn while_registering() -> Openness {
    Openness::of_student(
        Some(window("2026-08-01", "2026-08-20")),
        Some(window("2026-09-01", "2026-09-08")),
        at("2026-08-05"),
    )
}

fn in_add_drop() -> Openness {
    Openness { at: at("2026-09-01"), ..while_registering() }
}

fn later() -> Openness {
    Openness { at: at("2026-10-01"), ..while_registering() }
}

fn by_registrar() -> Openness {
    Openness { by: Authority::Registrar { reason: because("transfer") }, ..later() }
}

fn signing_day() -> Timestamp {
    at("2026-08-21")
}

// What has happened.

fn opening() -> Opening {
    Opening {
        iep: iep(),
        student: student(),
        year: 2026,
        advisor: Some(advisor()),
        regulation: "kz-2026".into(),
        year_limit: Credits::whole(50),
    }
}

fn opened() -> Vec<Event> {
    [opened_empty()].into_iter().chain(terms().into_iter().map(planned)).collect()
}

/// The plan without terms and subjects.
fn opened_empty() -> Event {
    Event::Opened {
        iep: iep(),
        student: student(),
        year: 2026,
        advisor: Some(advisor()),
        regulation: "kz-2026".into(),
        year_limit: Credits::whole(50),
    }
}

fn planned(plan: TermPlan) -> Event {
    Event::TermPlanned { iep: iep(), student: student(), plan }
}

fn added(entry: Entry) -> Event {
    Event::SubjectAdded { iep: iep(), student: student(), entry, because: None }
}

fn removed(entry: Entry) -> Event {
    Event::SubjectRemoved { iep: iep(), student: student(), entry, because: None }
}

fn added_by_registrar(entry: Entry) -> Event {
    let because = Some(because("transfer"));
    Event::SubjectAdded { iep: iep(), student: student(), entry, because }
}

fn removed_by_registrar(entry: Entry) -> Event {
    let because = Some(because("transfer"));
    Event::SubjectRemoved { iep: iep(), student: student(), entry, because }
}

fn with_subjects(entries: impl IntoIterator<Item = Entry>) -> Vec<Event> {
    opened().into_iter().chain(entries.into_iter().map(added)).collect()
}

fn with_algebra() -> Vec<Event> {
    with_subjects([algebra()])
}

/// Format 1, written out: keys in order, no white space, letters as they are.
fn bytes(revision: u32, terms: &[TermId], entries: &[Entry]) -> SignedBytes {
    let terms: Vec<_> = terms.iter().map(|term| format!("\"{term}\"")).collect();
    let subjects: Vec<_> = entries
        .iter()
        .map(|entry| {
            format!(
                r#"{{"code":"{}","credits":{},"subject":"{}","term":"{}","title":"{}"}}"#,
                entry.code,
                entry.credits.hundredths(),
                entry.subject,
                entry.term,
                entry.title
            )
        })
        .collect();
    let json = format!(
        r#"{{"iep":"{}","person":"{}","regulation":"kz-2026","revision":{revision},"subjects":[{}],"terms":[{}]}}"#,
        iep(),
        student(),
        subjects.join(","),
        terms.join(",")
    );
    SignedBytes { format: 1, json }
}

fn algebra_bytes(revision: u32) -> SignedBytes {
    bytes(revision, &[autumn()], &[algebra()])
}

/// A signature under a revision with nothing but algebra.
fn signed_as(signer: PersonId, revision: u32, role: Role) -> Event {
    let bytes = algebra_bytes(revision);
    Event::Signed {
        iep: iep(),
        student: student(),
        revision,
        role,
        signer,
        digest: Digest::of(bytes.json.as_bytes()),
        signed: (role == Role::Student).then_some(bytes),
        at: signing_day(),
    }
}

/// The signature of whoever signs in that role as a rule.
fn signed(revision: u32, role: Role) -> Event {
    let signer = match role {
        Role::Student => student(),
        Role::Advisor => advisor(),
        _ => registrar(),
    };
    signed_as(signer, revision, role)
}

/// A plan with algebra, signed in these roles.
fn signed_by(roles: &[Role]) -> Vec<Event> {
    with_algebra().into_iter().chain(roles.iter().map(|role| signed(1, *role))).collect()
}

fn ready() -> Vec<Event> {
    signed_by(&[Role::Student, Role::Advisor, Role::Registrar])
}

fn revision_opened(revision: u32, cause: RevisionCause) -> Event {
    Event::RevisionOpened { iep: iep(), student: student(), revision, cause }
}

fn sent_back(by: PersonId, role: Role) -> [Event; 2] {
    let reason = because("too few electives");
    [
        Event::SentBack { iep: iep(), student: student(), revision: 1, by, role, reason },
        revision_opened(2, RevisionCause::SentBack),
    ]
}

fn advised_by(advisor: PersonId) -> Event {
    Event::AdvisorAssigned { iep: iep(), student: student(), advisor }
}

// What is asked.

fn add(entry: Entry, openness: Openness) -> Command {
    add_beside(entry, None, openness)
}

/// Adds a subject by what the plan has in its term, as the asker knows it.
fn add_beside(entry: Entry, beside: Option<BTreeSet<SubjectId>>, openness: Openness) -> Command {
    let (opening, terms) = (opening(), terms());
    Command::AddSubject { opening: opening.into(), terms, entry, beside, openness, over: None }
}

fn remove(enrollment: EnrollmentId, openness: Openness) -> Command {
    Command::RemoveSubject { enrollment, openness }
}

fn acting(person: PersonId, roles: &[Role]) -> Signer {
    Signer { person, roles: roles.iter().copied().collect::<BTreeSet<_>>() }
}

fn as_student() -> Signer {
    acting(student(), &[Role::Student])
}

fn as_advisor() -> Signer {
    acting(advisor(), &[Role::Advisor])
}

fn as_registrar() -> Signer {
    acting(registrar(), &[Role::Registrar])
}

fn sign(revision: u32, signer: Signer) -> Command {
    Command::Sign { revision, signer, at: signing_day() }
}

fn send_back(revision: u32, by: Signer) -> Command {
    Command::SendBack { revision, by, reason: because("too few electives") }
}

fn assign(advisor: PersonId) -> Command {
    Command::AssignAdvisor { advisor }
}

fn meeting(starts_at: &str, ends_at: &str) -> Meeting {
    Meeting {
        weekday: Weekday::Monday,
        starts_at: starts_at.parse().unwrap(),
        ends_at: ends_at.parse().unwrap(),
        weeks: Weeks::parse("").unwrap(),
        room: None,
    }
}

/// A stream of a subject, on Mondays.
fn stream(number: u16, of: &Entry, starts_at: &str, ends_at: &str) -> ChosenStream {
    ChosenStream {
        stream: id(300 + number),
        enrollment: of.enrollment,
        term: of.term,
        code: of.code.clone(),
        meetings: vec![meeting(starts_at, ends_at)],
    }
}

fn algebra_at_nine() -> ChosenStream {
    stream(1, &algebra(), "09:00", "09:50")
}

fn placed(chosen: ChosenStream, gives_up: Option<StreamId>) -> Event {
    Event::StreamPlaced { iep: iep(), student: student(), chosen, gives_up }
}

fn place(stream: ChosenStream) -> Command {
    Command::PlaceStreams(Placement::on_plan(stream, None, days()))
}

/// A stream of a registration that was taken over from another system.
fn place_unplanned(stream: ChosenStream, imported: &[ChosenStream]) -> Command {
    let (gives_up, unplanned, imported) = (None, Some(opening()), imported.to_vec());
    Command::PlaceStreams(Placement {
        streams: vec![(stream, gives_up)],
        unplanned,
        imported,
        terms: days(),
    })
}

fn left(stream: StreamId) -> Event {
    Event::StreamLeft { iep: iep(), student: student(), stream }
}

// Subjects and credits.

#[test]
fn a_subject_that_asks_for_others_is_added_only_to_the_plan_that_it_was_decided_by() {
    let by = |subjects: &[Entry]| {
        let beside = subjects.iter().map(|entry| entry.subject).collect();
        add_beside(physics(), Some(beside), while_registering())
    };
    given::<Iep>(with_algebra()).when(by(&[algebra()])).then([added(physics())]);
    given::<Iep>(with_algebra()).when(by(&[])).then_refused(IepError::PlanChanged);
    // What is taken in another term counts for nothing.
    let in_spring = entry(3, spring(), 5);
    given::<Iep>(with_algebra())
        .and([added(in_spring)])
        .when(by(&[algebra()]))
        .then([added(physics())]);
}

#[test]
fn a_plan_has_nothing_else_of_a_group_than_the_asker_knew() {
    let of: BTreeSet<_> = [algebra().subject, physics().subject].into();
    let only = |known: &[Entry]| {
        let known = known.iter().map(|entry| entry.enrollment).collect();
        Command::HaveNothingElse { of: of.clone(), known }
    };
    given::<Iep>([]).when(only(&[])).then([]);
    given::<Iep>(with_algebra()).when(only(&[algebra()])).then([]);
    given::<Iep>(with_algebra()).when(only(&[physics()])).then_refused(IepError::PlanChanged);
    // What was given up meanwhile, and what is of no concern to the group, speaks against nothing.
    given::<Iep>(with_algebra()).when(only(&[algebra(), physics()])).then([]);
    let other = entry(3, spring(), 5);
    given::<Iep>(with_algebra()).and([added(other)]).when(only(&[algebra()])).then([]);
    // Taken again in another term, it is another registration.
    let again = Entry { enrollment: id(299), term: spring(), ..algebra() };
    given::<Iep>(with_algebra())
        .and([added(again)])
        .when(only(&[algebra()]))
        .then_refused(IepError::PlanChanged);
}

#[test]
fn the_first_subject_opens_the_plan() {
    given::<Iep>([]).when(add(algebra(), while_registering())).then(with_algebra());
}

#[test]
fn a_further_subject_goes_on_the_same_revision() {
    given::<Iep>(with_algebra()).when(add(physics(), while_registering())).then([added(physics())]);
}

#[test]
fn a_subject_is_on_the_plan_once() {
    given::<Iep>(with_algebra())
        .when(add(algebra(), while_registering()))
        .then_refused(IepError::SubjectInPlan);
}

#[test]
fn a_subject_is_taken_in_a_term_of_the_year() {
    let next_autumn = id(14);
    given::<Iep>(with_algebra())
        .when(add(entry(2, next_autumn, 5), while_registering()))
        .then_refused(IepError::TermNotInYear);
}

#[test]
fn a_later_terms_subject_can_be_taken_too() {
    let in_spring = entry(2, spring(), 5);
    given::<Iep>(with_algebra())
        .when(add(in_spring.clone(), while_registering()))
        .then([added(in_spring)]);
}

#[test]
fn a_term_that_holds_more_from_now_on_is_planned_anew() {
    let wider = term_plan(autumn(), 36, true);
    let add = Command::AddSubject {
        opening: opening().into(),
        terms: vec![wider.clone()],
        entry: physics(),
        beside: None,
        openness: while_registering(),
        over: None,
    };
    given::<Iep>(with_subjects([entry(1, autumn(), 30)]))
        .when(add)
        .then([planned(wider), added(physics())]);
}

#[test]
fn a_term_holds_no_more_than_its_credits() {
    let with_26 = || given::<Iep>(with_subjects([entry(1, autumn(), 20), entry(2, autumn(), 6)]));
    with_26().when(add(entry(3, autumn(), 5), while_registering())).then_refused(
        IepError::CreditsOverLimit {
            limit: Credits::whole(30),
            planned: Credits::whole(26),
            subject: Credits::whole(5),
        },
    );
    with_26().when(add(entry(3, autumn(), 4), while_registering())).then([added(entry(
        3,
        autumn(),
        4,
    ))]);
}

#[test]
fn a_year_holds_no_more_than_its_credits() {
    let with_46 = || given::<Iep>(with_subjects([entry(1, autumn(), 30), entry(2, spring(), 16)]));
    with_46().when(add(entry(3, spring(), 5), while_registering())).then_refused(
        IepError::YearCreditsOverLimit {
            limit: Credits::whole(50),
            planned: Credits::whole(46),
            subject: Credits::whole(5),
        },
    );
    with_46().when(add(entry(3, spring(), 4), while_registering())).then([added(entry(
        3,
        spring(),
        4,
    ))]);
}

#[test]
fn the_summer_term_has_a_limit_of_its_own() {
    let in_summer = |credits| entry(3, summer(), credits);
    let full_year =
        || given::<Iep>(with_subjects([entry(1, autumn(), 30), entry(2, spring(), 20)]));
    full_year().when(add(in_summer(15), while_registering())).then([added(in_summer(15))]);
    full_year().when(add(in_summer(16), while_registering())).then_refused(
        IepError::CreditsOverLimit {
            limit: Credits::whole(15),
            planned: Credits::whole(0),
            subject: Credits::whole(16),
        },
    );
}

#[test]
fn the_years_limit_is_the_one_the_plan_was_opened_with() {
    let add = Command::AddSubject {
        opening: Opening { year_limit: Credits::whole(60), ..opening() }.into(),
        terms: terms(),
        entry: entry(3, spring(), 5),
        beside: None,
        openness: while_registering(),
        over: None,
    };
    given::<Iep>(with_subjects([entry(1, autumn(), 30), entry(2, spring(), 20)]))
        .when(add)
        .then_refused(IepError::YearCreditsOverLimit {
            limit: Credits::whole(50),
            planned: Credits::whole(50),
            subject: Credits::whole(5),
        });
}

#[test]
fn a_registrar_overrides_the_limits_that_are_named_and_it_is_on_record() {
    let beyond = |reasons: &[Overridable]| Command::AddSubject {
        opening: opening().into(),
        terms: terms(),
        entry: entry(3, autumn(), 5),
        beside: None,
        openness: while_registering(),
        over: Some(Box::new(Override {
            reasons: reasons.iter().copied().collect(),
            because: because("two terms in one"),
            by: registrar(),
        })),
    };
    let full = || given::<Iep>(with_subjects([entry(1, autumn(), 30), entry(2, spring(), 20)]));
    full().when(beyond(&[Overridable::CreditsOverLimit])).then_refused(
        IepError::YearCreditsOverLimit {
            limit: Credits::whole(50),
            planned: Credits::whole(50),
            subject: Credits::whole(5),
        },
    );
    let overridden = |code, limit: u16, planned: u16| Overridden {
        code,
        rule: "manual 2.3.1".into(),
        facts: vec![
            Fact::new("limit", limit),
            Fact::new("planned", planned),
            Fact::new("subject", 5),
        ],
    };
    let on_record = Event::LimitsOverridden {
        iep: iep(),
        student: student(),
        enrollment: entry(3, autumn(), 5).enrollment,
        overridden: vec![
            overridden(Overridable::CreditsOverLimit, 30, 30),
            overridden(Overridable::YearCreditsOverLimit, 50, 50),
        ],
        reason: because("two terms in one"),
        by: registrar(),
    };
    let both = [Overridable::CreditsOverLimit, Overridable::YearCreditsOverLimit];
    full().when(beyond(&both)).then([added(entry(3, autumn(), 5)), on_record]);
}

#[test]
fn both_limits_are_told_where_a_subject_breaks_both() {
    let plans = terms().into_iter().map(|plan| (plan.term, plan)).collect();
    let entries = [entry(1, autumn(), 26), entry(2, spring(), 20), entry(3, summer(), 15)];
    let (limit, subject) = (Credits::whole(50), Credits::whole(5));
    let room = Room::of(autumn(), &plans, limit, entries.iter()).unwrap();
    assert_eq!(
        room.reasons(subject),
        [
            IepError::CreditsOverLimit {
                limit: Credits::whole(30),
                planned: Credits::whole(26),
                subject,
            },
            IepError::YearCreditsOverLimit { limit, planned: Credits::whole(46), subject },
        ]
    );
    assert_eq!(room.reasons(Credits::whole(4)), []);
}

#[test]
fn a_subject_can_be_taken_off_and_makes_room() {
    let full = || given::<Iep>(with_subjects([algebra(), entry(2, autumn(), 25)]));
    full().when(remove(algebra().enrollment, while_registering())).then([removed(algebra())]);
    full()
        .and([removed(algebra())])
        .when(add(entry(3, autumn(), 5), while_registering()))
        .then([added(entry(3, autumn(), 5))]);
}

#[test]
fn only_a_subject_of_the_plan_can_be_taken_off() {
    given::<Iep>(with_algebra())
        .when(remove(physics().enrollment, while_registering()))
        .then_refused(IepError::SubjectNotInPlan);
}

#[test]
fn there_is_no_plan_before_its_first_subject() {
    for command in [
        remove(algebra().enrollment, while_registering()),
        sign(0, as_student()),
        send_back(0, as_advisor()),
        assign(advisor()),
        place(algebra_at_nine()),
    ] {
        given::<Iep>([]).when(command).then_refused(IepError::Unknown);
    }
    let leave = Command::LeaveStream { stream: algebra_at_nine().stream };
    given::<Iep>([]).when(leave).then_nothing_happens();
}

// When subjects may change.

#[test]
fn subjects_change_only_while_registration_is_open() {
    for (now, opens) in [("2026-07-31", false), ("2026-08-01", true), ("2026-08-20", false)] {
        let openness = Openness { at: at(now), ..while_registering() };
        let closed = IepError::RegistrationClosed {
            opens_at: at("2026-08-01"),
            closes_at: at("2026-08-20"),
            now: at(now),
        };
        let adding = given::<Iep>(with_algebra()).when(add(physics(), openness.clone()));
        let removing = given::<Iep>(with_algebra()).when(remove(algebra().enrollment, openness));
        if opens {
            adding.then([added(physics())]);
            removing.then([removed(algebra())]);
        } else {
            adding.then_refused(closed.clone());
            removing.then_refused(closed);
        }
    }
}

#[test]
fn without_a_registration_window_nothing_is_open() {
    let unscheduled = Openness::of_student(None, None, at("2026-08-05"));
    given::<Iep>([])
        .when(add(algebra(), unscheduled))
        .then_refused(IepError::RegistrationNotScheduled { term: autumn(), now: at("2026-08-05") });
}

#[test]
fn before_a_signature_add_drop_and_a_registrar_open_no_revision() {
    for (openness, added) in
        [(in_add_drop(), added(physics())), (by_registrar(), added_by_registrar(physics()))]
    {
        given::<Iep>(with_algebra()).when(add(physics(), openness)).then([added]);
    }
}

#[test]
fn a_registrars_reason_stays_with_the_change_also_where_no_revision_opens() {
    given::<Iep>([])
        .when(add(algebra(), by_registrar()))
        .then(opened().into_iter().chain([added_by_registrar(algebra())]));
    given::<Iep>(with_algebra())
        .when(remove(algebra().enrollment, by_registrar()))
        .then([removed_by_registrar(algebra())]);
}

#[test]
fn after_a_signature_subjects_stay_also_while_registration_is_open() {
    for (roles, signed_by_last) in [
        (&[Role::Student][..], Role::Student),
        (&[Role::Student, Role::Advisor], Role::Advisor),
        (&[Role::Student, Role::Advisor, Role::Registrar], Role::Registrar),
    ] {
        let refused = IepError::AlreadySignedPlan { signed_by: signed_by_last };
        for openness in [while_registering(), later()] {
            for command in
                [add(physics(), openness.clone()), remove(algebra().enrollment, openness.clone())]
            {
                given::<Iep>(signed_by(roles)).when(command).then_refused(refused.clone());
            }
        }
    }
}

#[test]
fn a_change_in_add_drop_opens_the_next_revision() {
    let opened = revision_opened(2, RevisionCause::AddDrop);
    given::<Iep>(ready())
        .when(add(physics(), in_add_drop()))
        .then([opened.clone(), added(physics())]);
    given::<Iep>(signed_by(&[Role::Student]))
        .when(remove(algebra().enrollment, in_add_drop()))
        .then([opened, removed(algebra())]);
}

#[test]
fn a_second_change_goes_on_the_revision_that_the_first_one_opened() {
    given::<Iep>(ready())
        .and([revision_opened(2, RevisionCause::AddDrop), added(physics())])
        .when(remove(algebra().enrollment, in_add_drop()))
        .then([removed(algebra())]);
}

#[test]
fn an_unfinished_change_waits_once_add_drop_is_over() {
    given::<Iep>(ready())
        .and([revision_opened(2, RevisionCause::AddDrop), added(physics())])
        .when(remove(algebra().enrollment, later()))
        .then_refused(IepError::RegistrationClosed {
            opens_at: at("2026-08-01"),
            closes_at: at("2026-08-20"),
            now: at("2026-10-01"),
        });
}

#[test]
fn a_registrars_change_opens_the_next_revision_with_its_reason() {
    let cause = RevisionCause::Registrar { reason: because("transfer") };
    given::<Iep>(ready())
        .when(remove(algebra().enrollment, by_registrar()))
        .then([revision_opened(2, cause), removed_by_registrar(algebra())]);
}

#[test]
fn a_refused_change_opens_no_revision() {
    given::<Iep>(ready()).when(add(entry(2, autumn(), 26), in_add_drop())).then_refused(
        IepError::CreditsOverLimit {
            limit: Credits::whole(30),
            planned: Credits::whole(5),
            subject: Credits::whole(26),
        },
    );
}

// Signatures.

#[test]
fn student_advisor_and_registrar_sign_in_turn() {
    let turns = [
        (as_student(), Role::Student),
        (as_advisor(), Role::Advisor),
        (as_registrar(), Role::Registrar),
    ];
    let mut before = vec![];
    for (signer, role) in turns {
        given::<Iep>(signed_by(&before)).when(sign(1, signer)).then([signed(1, role)]);
        before.push(role);
    }
}

#[test]
fn the_advisor_signs_only_after_the_student() {
    given::<Iep>(with_algebra())
        .when(sign(1, as_advisor()))
        .then_refused(IepError::OutOfOrder { waits_for: Role::Student });
}

#[test]
fn the_registrar_signs_only_after_the_advisor() {
    given::<Iep>(with_algebra())
        .when(sign(1, as_registrar()))
        .then_refused(IepError::OutOfOrder { waits_for: Role::Student });
    given::<Iep>(signed_by(&[Role::Student]))
        .when(sign(1, as_registrar()))
        .then_refused(IepError::OutOfOrder { waits_for: Role::Advisor });
}

#[test]
fn nobody_signs_a_revision_twice() {
    for (signer, role) in [
        (as_student(), Role::Student),
        (as_advisor(), Role::Advisor),
        (as_registrar(), Role::Registrar),
    ] {
        given::<Iep>(ready()).when(sign(1, signer)).then_refused(IepError::SignedAlready { role });
    }
    given::<Iep>(signed_by(&[Role::Student]))
        .when(sign(1, as_student()))
        .then_refused(IepError::SignedAlready { role: Role::Student });
}

#[test]
fn exactly_the_newest_revision_is_signed() {
    for revision in [0, 2] {
        given::<Iep>(with_algebra())
            .when(sign(revision, as_student()))
            .then_refused(IepError::RevisionIsOld { revision, newest: 1 });
    }
    given::<Iep>(signed_by(&[Role::Student]))
        .and(sent_back(advisor(), Role::Advisor))
        .when(sign(1, as_student()))
        .then_refused(IepError::RevisionIsOld { revision: 1, newest: 2 });
}

#[test]
fn an_empty_plan_cannot_be_signed() {
    given::<Iep>(with_algebra())
        .and([removed(algebra())])
        .when(sign(1, as_student()))
        .then_refused(IepError::PlanIsEmpty);
}

#[test]
fn only_student_own_advisor_and_registrar_sign() {
    let anothers_advisor = acting(stranger(), &[Role::Advisor, Role::Teacher]);
    let former_advisor = acting(advisor(), &[Role::Teacher]);
    let another_student = acting(stranger(), &[Role::Student]);
    let administrator = acting(stranger(), &[Role::Administrator]);
    for signer in [anothers_advisor, former_advisor, another_student, administrator] {
        given::<Iep>(signed_by(&[Role::Student]))
            .when(sign(1, signer))
            .then_refused(IepError::NotASigner);
    }
}

#[test]
fn an_advisor_who_is_registrar_too_signs_once_in_each_role() {
    let both = || acting(advisor(), &[Role::Advisor, Role::Registrar]);
    let as_registrar = signed_as(advisor(), 1, Role::Registrar);
    given::<Iep>(signed_by(&[Role::Student]))
        .when(sign(1, both()))
        .then([signed(1, Role::Advisor)]);
    given::<Iep>(signed_by(&[Role::Student, Role::Advisor]))
        .when(sign(1, both()))
        .then([as_registrar.clone()]);
    given::<Iep>(signed_by(&[Role::Student, Role::Advisor]))
        .and([as_registrar])
        .when(sign(1, both()))
        .then_refused(IepError::SignedAlready { role: Role::Registrar });
}

#[test]
fn the_first_signature_keeps_the_canonical_bytes_of_what_was_signed() {
    // By term, then by subject, in whatever order they were taken.
    let taken = [entry(4, spring(), 4), entry(3, autumn(), 3), algebra()];
    let events = given::<Iep>(with_subjects(taken)).when(sign(1, as_student())).events();
    let [Event::Signed { signed: Some(bytes), digest, .. }] = &events[..] else {
        panic!("not one signature with bytes: {events:?}");
    };
    assert_eq!(bytes.format, 1);
    assert_eq!(
        bytes.json,
        concat!(
            r#"{"iep":"00000000-0000-4000-8000-000000000001","#,
            r#""person":"00000000-0000-4000-8000-000000000002","#,
            r#""regulation":"kz-2026","revision":1,"subjects":["#,
            r#"{"code":"SUB1","credits":500,"subject":"00000000-0000-4000-8000-000000000201","#,
            r#""term":"00000000-0000-4000-8000-000000000011","title":"Алгебра"},"#,
            r#"{"code":"SUB3","credits":300,"subject":"00000000-0000-4000-8000-000000000203","#,
            r#""term":"00000000-0000-4000-8000-000000000011","title":"Алгебра"},"#,
            r#"{"code":"SUB4","credits":400,"subject":"00000000-0000-4000-8000-000000000204","#,
            r#""term":"00000000-0000-4000-8000-000000000012","title":"Алгебра"}],"#,
            r#""terms":["00000000-0000-4000-8000-000000000011","#,
            r#""00000000-0000-4000-8000-000000000012"]}"#,
        )
    );
    assert_eq!(digest.as_str(), format!("{:x}", Sha256::digest(bytes.json.as_bytes())));
}

#[test]
fn later_signatures_are_over_the_bytes_of_the_first() {
    let first = algebra_bytes(1).json;
    for (before, signer) in
        [(&[Role::Student][..], as_advisor()), (&[Role::Student, Role::Advisor], as_registrar())]
    {
        let events = given::<Iep>(signed_by(before)).when(sign(1, signer)).events();
        let [Event::Signed { digest, signed: None, .. }] = &events[..] else {
            panic!("not one signature without bytes: {events:?}");
        };
        assert_eq!(digest.as_str(), format!("{:x}", Sha256::digest(&first)));
    }
}

#[test]
fn streams_are_no_part_of_what_is_signed() {
    given::<Iep>(with_algebra())
        .and([placed(algebra_at_nine(), None)])
        .when(sign(1, as_student()))
        .then([signed(1, Role::Student)]);
}

#[test]
fn a_new_revision_is_signed_from_the_start() {
    let again = || {
        given::<Iep>(ready()).and([
            revision_opened(2, RevisionCause::AddDrop),
            added(physics()),
            removed(physics()),
        ])
    };
    again()
        .when(sign(2, as_advisor()))
        .then_refused(IepError::OutOfOrder { waits_for: Role::Student });
    again().when(sign(2, as_student())).then([signed(2, Role::Student)]);
}

// Sending back.

#[test]
fn whoever_signs_next_may_send_the_plan_back() {
    given::<Iep>(signed_by(&[Role::Student]))
        .when(send_back(1, as_advisor()))
        .then(sent_back(advisor(), Role::Advisor));
    given::<Iep>(signed_by(&[Role::Student, Role::Advisor]))
        .when(send_back(1, as_registrar()))
        .then(sent_back(registrar(), Role::Registrar));
}

#[test]
fn a_registrar_may_send_back_a_plan_that_is_ready() {
    given::<Iep>(ready())
        .when(send_back(1, as_registrar()))
        .then(sent_back(registrar(), Role::Registrar));
}

#[test]
fn the_revision_after_one_sent_back_has_the_same_subjects() {
    given::<Iep>(signed_by(&[Role::Student]))
        .and(sent_back(advisor(), Role::Advisor))
        .when(sign(2, as_student()))
        .then([signed(2, Role::Student)]);
}

#[test]
fn what_was_sent_back_may_change_whatever_is_open() {
    let nothing_set = Openness::of_student(None, None, at("2026-10-01"));
    for openness in [later(), nothing_set] {
        given::<Iep>(signed_by(&[Role::Student]))
            .and(sent_back(advisor(), Role::Advisor))
            .when(add(physics(), openness))
            .then([added(physics())]);
    }
}

#[test]
fn what_was_sent_back_does_not_change_in_a_term_that_has_ended() {
    let sent_back =
        || given::<Iep>(signed_by(&[Role::Student])).and(sent_back(advisor(), Role::Advisor));
    let ended = || Openness { ended: true, ..later() };
    let closed = || IepError::RegistrationClosed {
        opens_at: at("2026-08-01"),
        closes_at: at("2026-08-20"),
        now: at("2026-10-01"),
    };
    sent_back().when(add(physics(), ended())).then_refused(closed());
    sent_back().when(remove(algebra().enrollment, ended())).then_refused(closed());
    // A registrar needs no window, and where one is set it is open.
    let by_registrar = Openness { ended: true, ..by_registrar() };
    sent_back().when(add(physics(), by_registrar)).then([added_by_registrar(physics())]);
    let set_anew = Openness { ended: true, ..while_registering() };
    sent_back().when(add(physics(), set_anew)).then([added(physics())]);
}

#[test]
fn a_plan_that_was_sent_back_and_signed_again_is_signed() {
    given::<Iep>(signed_by(&[Role::Student]))
        .and(sent_back(advisor(), Role::Advisor))
        .and([signed(2, Role::Student)])
        .when(add(physics(), later()))
        .then_refused(IepError::AlreadySignedPlan { signed_by: Role::Student });
}

#[test]
fn a_plan_without_a_signature_cannot_be_sent_back() {
    for by in [as_advisor(), as_registrar()] {
        given::<Iep>(with_algebra()).when(send_back(1, by)).then_refused(IepError::NotSignedYet);
    }
}

#[test]
fn a_plan_that_waits_for_an_advisor_whom_nobody_is_says_so() {
    let Event::Opened { iep, student, year, regulation, year_limit, .. } = opened_empty() else {
        unreachable!()
    };
    let alone = Event::Opened { iep, student, year, advisor: None, regulation, year_limit };
    let signed = [alone].into_iter().chain(signed_by(&[Role::Student]).into_iter().skip(1));
    let signed: Vec<_> = signed.collect();
    for outcome in [sign(1, as_registrar()), send_back(1, as_registrar())] {
        given::<Iep>(signed.clone()).when(outcome).then_refused(IepError::AdvisorMissing);
    }
    let assigned = Event::AdvisorAssigned { iep, student, advisor: advisor() };
    given::<Iep>(signed)
        .and([assigned])
        .when(sign(1, as_registrar()))
        .then_refused(IepError::OutOfOrder { waits_for: Role::Advisor });
}

#[test]
fn nobody_sends_a_plan_back_out_of_turn() {
    for by in [as_student(), as_registrar()] {
        given::<Iep>(signed_by(&[Role::Student]))
            .when(send_back(1, by))
            .then_refused(IepError::OutOfOrder { waits_for: Role::Advisor });
    }
    for by in [as_student(), as_advisor()] {
        given::<Iep>(ready()).when(send_back(1, by)).then_refused(IepError::NotASigner);
    }
}

#[test]
fn exactly_the_newest_revision_is_sent_back() {
    given::<Iep>(signed_by(&[Role::Student]))
        .when(send_back(2, as_advisor()))
        .then_refused(IepError::RevisionIsOld { revision: 2, newest: 1 });
}

// The advisor.

#[test]
fn the_plan_follows_the_student_to_another_advisor() {
    given::<Iep>(with_algebra()).when(assign(stranger())).then([advised_by(stranger())]);
    given::<Iep>(with_algebra()).when(assign(advisor())).then_nothing_happens();
}

#[test]
fn only_the_advisor_of_now_signs() {
    let moved = || given::<Iep>(signed_by(&[Role::Student])).and([advised_by(stranger())]);
    moved().when(sign(1, as_advisor())).then_refused(IepError::NotASigner);
    moved().when(sign(1, acting(stranger(), &[Role::Advisor]))).then([signed_as(
        stranger(),
        1,
        Role::Advisor,
    )]);
}

// Streams.

#[test]
fn choosing_a_stream_opens_no_revision() {
    for events in [with_algebra(), signed_by(&[Role::Student]), ready()] {
        given::<Iep>(events).when(place(algebra_at_nine())).then([placed(algebra_at_nine(), None)]);
    }
    given::<Iep>(signed_by(&[Role::Student]))
        .and([placed(algebra_at_nine(), None)])
        .when(sign(1, as_advisor()))
        .then([signed(1, Role::Advisor)]);
}

#[test]
fn a_stream_belongs_to_a_subject_of_the_plan() {
    given::<Iep>(with_algebra())
        .when(place(stream(2, &physics(), "11:00", "11:50")))
        .then_refused(IepError::SubjectNotInPlan);
}

/// What is said of a stream whose only meeting is at the time of algebra's, which is from nine to ten to ten.
fn clash(chosen: &ChosenStream, both: &str) -> String {
    clash_with(chosen, &algebra_at_nine(), both)
}

/// The same of the first meeting of another one: `both` is when they are at the same time.
fn clash_with(chosen: &ChosenStream, with: &ChosenStream, both: &str) -> String {
    let met = |stream: &ChosenStream| {
        let Meeting { starts_at, ends_at, .. } = &stream.meetings[0];
        format!("{} monday {starts_at}-{ends_at}", stream.code)
    };
    format!(
        "STREAMS_CLASH (manual 2.4.1) clashes={} meeting={} stream={} with={} subject={} \
         weekday=monday {both} weeks=every",
        met(with),
        met(chosen),
        chosen.stream,
        with.stream,
        with.code,
    )
}

fn physics_at_half_past() -> ChosenStream {
    stream(2, &physics(), "09:30", "10:20")
}

#[test]
fn two_streams_never_meet_at_the_same_time() {
    let both = || given::<Iep>(with_subjects([algebra(), physics()]));
    both()
        .and([placed(algebra_at_nine(), None)])
        .when(place(physics_at_half_past()))
        .then_refused_saying(&clash(&physics_at_half_past(), "from=09:30 to=09:50"));
    both()
        .and([placed(algebra_at_nine(), None)])
        .when(place(stream(2, &physics(), "09:50", "10:40")))
        .then([placed(stream(2, &physics(), "09:50", "10:40"), None)]);
}

fn moved(stream: &ChosenStream, despite_clashes: bool) -> Command {
    let (stream, meetings) = (stream.stream, stream.meetings.clone());
    Command::MoveStream { stream, meetings, terms: days(), despite_clashes }
}

#[test]
fn a_plan_follows_a_stream_that_meets_at_other_times() {
    let at_ten = stream(1, &algebra(), "10:00", "10:50");
    let both = || {
        given::<Iep>(with_subjects([algebra(), physics()])).and([
            placed(algebra_at_nine(), None),
            placed(stream(2, &physics(), "11:00", "11:50"), None),
        ])
    };
    both().when(moved(&at_ten, false)).then([placed(at_ten.clone(), None)]);
    both().and([placed(at_ten.clone(), None)]).when(moved(&at_ten, false)).then_nothing_happens();
    // What it met at before is free for others, and what it meets at now is not.
    let third = |from, to| place(stream(3, &physics(), from, to));
    both()
        .and([placed(at_ten.clone(), None)])
        .when(third("09:00", "09:50"))
        .then([placed(stream(3, &physics(), "09:00", "09:50"), None)]);
    let told = clash_with(&stream(3, &physics(), "10:00", "10:50"), &at_ten, "from=10:00 to=10:50");
    both().and([placed(at_ten, None)]).when(third("10:00", "10:50")).then_refused_saying(&told);
    given::<Iep>(with_algebra()).when(moved(&algebra_at_nine(), false)).then_nothing_happens();
}

#[test]
fn a_stream_is_moved_into_a_clash_only_where_that_is_said() {
    let at_eleven = stream(1, &algebra(), "11:00", "11:50");
    let both = || {
        given::<Iep>(with_subjects([algebra(), physics()])).and([
            placed(algebra_at_nine(), None),
            placed(stream(2, &physics(), "11:00", "11:50"), None),
        ])
    };
    let theirs = stream(2, &physics(), "11:00", "11:50");
    let told = clash_with(&at_eleven, &theirs, "from=11:00 to=11:50");
    both().when(moved(&at_eleven, false)).then_refused_saying(&told);
    both().when(moved(&at_eleven, true)).then([placed(at_eleven, None)]);
}

#[test]
fn every_clash_is_told_by_itself() {
    let in_weeks = |starts_at: &str, ends_at: &str, weeks: &str| Meeting {
        weeks: Weeks::parse(weeks).unwrap(),
        ..meeting(starts_at, ends_at)
    };
    let mut twice = algebra_at_nine();
    twice.meetings.push(in_weeks("14:00", "15:00", "11101"));
    // The same class in another room is the same clash.
    twice.meetings.push(Meeting { room: Some("301".into()), ..meeting("09:00", "09:50") });
    let mut long = stream(2, &physics(), "09:30", "14:30");
    long.meetings[0].weeks = Weeks::parse("111111").unwrap();
    let placement = Placement::on_plan(long.clone(), None, days());
    let told: Vec<_> =
        placement.clashes([twice.clone()].iter()).map(|(_, clash)| clash.to_string()).collect();
    let first = |clashes: &str, both: &str| {
        format!(
            "STREAMS_CLASH (manual 2.4.1) clashes=SUB1 monday {clashes} \
             meeting=SUB2 monday 09:30-14:30 stream={} with={} subject=SUB1 weekday=monday {both}",
            long.stream, twice.stream,
        )
    };
    let first = [
        first("09:00-09:50", "from=09:30 to=09:50 weeks=1-6"),
        first("14:00-15:00", "from=14:00 to=14:30 weeks=1-3, 5"),
    ];
    assert_eq!(told, first);
    given::<Iep>(with_subjects([algebra(), physics()]))
        .and([placed(twice, None)])
        .when(place(long.clone()))
        .then_refused_saying(&first[0]);
}

#[test]
fn streams_of_two_terms_do_not_clash() {
    let in_spring = entry(2, spring(), 5);
    let same_time = stream(2, &in_spring, "09:00", "09:50");
    given::<Iep>(with_subjects([algebra(), in_spring]))
        .and([placed(algebra_at_nine(), None)])
        .when(place(same_time.clone()))
        .then([placed(same_time, None)]);
}

#[test]
fn streams_of_two_terms_that_are_taught_at_once_clash_in_the_weeks_that_are_in_both() {
    let all_year = entry(2, year(), 5);
    let beside = |weeks: &str| {
        let mut beside = stream(2, &all_year, "09:30", "10:20");
        beside.meetings[0].weeks = Weeks::parse(weeks).unwrap();
        beside
    };
    let both = || given::<Iep>(with_subjects([algebra(), all_year.clone()]));
    let told = clash(&beside(""), "from=09:30 to=09:50").replace("every", "3-22");
    both()
        .and([placed(algebra_at_nine(), None)])
        .when(place(beside("")))
        .then_refused_saying(&told);
    // The other way round the same weeks have the numbers of autumn: the year's fourth is its second.
    let told = clash_with(&algebra_at_nine(), &beside("1101"), "from=09:30 to=09:50");
    both()
        .and([placed(beside("1101"), None)])
        .when(place(algebra_at_nine()))
        .then_refused_saying(&told.replace("every", "2"));
    // In the year's first two weeks autumn has not begun.
    both()
        .and([placed(beside("11"), None)])
        .when(place(algebra_at_nine()))
        .then([placed(algebra_at_nine(), None)]);
}

#[test]
fn a_stream_of_a_term_that_nobody_compared_with_is_not_overlooked() {
    let all_year = entry(2, year(), 5);
    let not_compared = TermDays::default();
    let both = || {
        given::<Iep>(with_subjects([algebra(), all_year.clone()]))
            .and([placed(stream(2, &all_year, "09:00", "09:50"), None)])
    };
    let placement = Placement::on_plan(algebra_at_nine(), None, not_compared.clone());
    both().when(Command::PlaceStreams(placement)).then_refused(IepError::StreamsChanged);
    let follow = |despite_clashes| {
        let (stream, meetings) = (algebra_at_nine().stream, vec![meeting("11:00", "11:50")]);
        let terms = not_compared.clone();
        Command::MoveStream { stream, meetings, terms, despite_clashes }
    };
    let has_both = || both().and([placed(algebra_at_nine(), None)]);
    has_both().when(follow(false)).then_refused(IepError::StreamsChanged);
    let moved = stream(1, &algebra(), "11:00", "11:50");
    has_both().when(follow(true)).then([placed(moved, None)]);
}

#[test]
fn a_stream_of_another_year_that_came_in_between_is_not_overlooked() {
    let has = |terms: &[TermId], known: &[ChosenStream]| Command::HaveNoOtherStreams {
        terms: terms.iter().copied().collect(),
        known: known.iter().map(|one| (one.stream, one.meetings.clone())).collect(),
    };
    let nine = algebra_at_nine();
    let plan = || given::<Iep>(with_algebra()).and([placed(algebra_at_nine(), None)]);
    plan().when(has(&[autumn()], std::slice::from_ref(&nine))).then_nothing_happens();
    plan().when(has(&[autumn()], &[])).then_refused(IepError::StreamsChanged);
    plan().when(has(&[spring()], &[])).then_nothing_happens();
    let moved = stream(1, &algebra(), "10:00", "10:50");
    plan().when(has(&[autumn()], &[moved])).then_refused(IepError::StreamsChanged);
    given::<Iep>([]).when(has(&[autumn()], &[])).then_nothing_happens();
}

#[test]
fn a_stream_does_not_clash_with_the_one_it_replaces() {
    let gives_up = Some(algebra_at_nine().stream);
    let other = stream(2, &algebra(), "09:00", "09:50");
    let replaced = placed(other.clone(), gives_up);
    let before = || given::<Iep>(with_algebra()).and([placed(algebra_at_nine(), None)]);
    before()
        .when(Command::PlaceStreams(Placement::on_plan(other, gives_up, days())))
        .then([replaced.clone()]);
    before()
        .and([replaced])
        .when(Command::LeaveStream { stream: algebra_at_nine().stream })
        .then_nothing_happens();
}

#[test]
fn streams_that_are_placed_at_once_clash_with_each_other_and_not_with_what_they_replace() {
    let (nine, ten) = (algebra_at_nine(), stream(2, &algebra(), "10:00", "10:50"));
    let at_ten = stream(3, &algebra(), "10:00", "10:50");
    let at_nine = stream(4, &algebra(), "09:00", "09:50");
    let at_once = |streams: Vec<(ChosenStream, Option<StreamId>)>| {
        Command::PlaceStreams(Placement {
            streams,
            unplanned: None,
            imported: vec![],
            terms: days(),
        })
    };
    let both = || {
        given::<Iep>(with_algebra()).and([placed(nine.clone(), None), placed(ten.clone(), None)])
    };
    // Each new one is at the time of the other's old one.
    let exchanged = [(at_ten.clone(), Some(nine.stream)), (at_nine.clone(), Some(ten.stream))];
    both()
        .when(at_once(exchanged.to_vec()))
        .then(exchanged.map(|(chosen, old)| placed(chosen, old)));
    let refused = both()
        .when(at_once(vec![(at_ten.clone(), Some(nine.stream)), (at_ten_too(), Some(ten.stream))]));
    let told = clash_with(&at_ten_too(), &at_ten, "from=10:30 to=10:50");
    refused.then_refused_saying(&told);
}

fn at_ten_too() -> ChosenStream {
    stream(5, &algebra(), "10:30", "11:20")
}

#[test]
fn a_stream_can_be_left_and_no_longer_clashes() {
    let nine = algebra_at_nine().stream;
    let both = || {
        given::<Iep>(with_subjects([algebra(), physics()])).and([placed(algebra_at_nine(), None)])
    };
    let same_time = stream(2, &physics(), "09:00", "09:50");
    both().when(Command::LeaveStream { stream: nine }).then([left(nine)]);
    both().and([left(nine)]).when(place(same_time.clone())).then([placed(same_time, None)]);
}

#[test]
fn a_stream_of_an_imported_registration_opens_the_plan() {
    let nine = algebra_at_nine();
    given::<Iep>([])
        .when(place_unplanned(nine.clone(), &[]))
        .then([opened_empty(), placed(nine.clone(), None)]);
    given::<Iep>(with_subjects([physics()]))
        .when(place_unplanned(nine.clone(), &[]))
        .then([placed(nine, None)]);
}

#[test]
fn imported_streams_meet_too() {
    let same_time = stream(2, &physics(), "09:00", "09:50");
    let clash = clash(&same_time, "from=09:00 to=09:50");
    given::<Iep>([])
        .when(place_unplanned(same_time.clone(), &[algebra_at_nine()]))
        .then_refused_saying(&clash);
    given::<Iep>([opened_empty(), placed(algebra_at_nine(), None)])
        .when(place_unplanned(same_time, &[]))
        .then_refused_saying(&clash);
}

#[test]
fn a_plan_with_a_timetable_and_no_subjects_is_not_signed() {
    given::<Iep>([opened_empty(), placed(algebra_at_nine(), None)])
        .when(sign(1, as_student()))
        .then_refused(IepError::PlanIsEmpty);
}

#[test]
fn a_stream_that_is_not_in_the_timetable_is_taken_out_of_it_by_nothing() {
    given::<Iep>(with_algebra())
        .when(Command::LeaveStream { stream: id(301) })
        .then_nothing_happens();
}

#[test]
fn a_subject_takes_its_streams_off_with_it() {
    given::<Iep>(with_subjects([algebra(), physics()]))
        .and([placed(algebra_at_nine(), None), removed(algebra())])
        .when(Command::LeaveStream { stream: algebra_at_nine().stream })
        .then_nothing_happens();
}
