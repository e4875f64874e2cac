//! The rules of requests, given / when / then.

use std::collections::BTreeSet;

use super::{
    AddDrop, Change, Exchange, Matter, Opening, Request, RequestCommand as Command,
    RequestError as Refused, RequestEvent as Event, RequestOf, RequestStatus, Subject, Windows,
};
use crate::shared::{
    Language, Position, TermId, Window,
    given::{at, because, given, id, window},
};

fn of() -> RequestOf {
    RequestOf { request: id(1), student: id(2) }
}

fn subject(number: u16, term: u16) -> Subject {
    Subject { enrollment: id(number), subject: id(number + 100), term: id(term) }
}

fn windows(
    registration: Option<Window>,
    choosing: Option<Window>,
    add_drop: Option<Window>,
) -> Windows {
    Windows { term: id(20), registration, choosing_streams: choosing, add_drop }
}

fn first_week() -> Option<Window> {
    Some(window("2026-09-01", "2026-09-08"))
}

fn giving_up() -> Change {
    Change::GiveUp { gives_up: subject(10, 20) }
}

fn changing_stream() -> Change {
    let exchanges = vec![Exchange { from: Some(id(30)), to: id(31) }];
    Change::ChangeStream { of: subject(10, 20), exchanges, leaves: BTreeSet::new() }
}

fn add_drop(change: Change, windows: Vec<Windows>) -> Matter {
    Matter::AddDrop(AddDrop { change, windows, read_at: Position(7) })
}

/// Opened on that day.
fn open(matter: Matter, day: &str) -> Command {
    let (comment, language) = (Some(because("timetable")), Language::Kazakh);
    Command::Open(Opening { of: of(), matter, comment, language, at: at(day) })
}

fn opened() -> Event {
    Event::Opened {
        of: of(),
        matter: add_drop(giving_up(), vec![windows(None, None, first_week())]),
        comment: Some(because("timetable")),
        language: Language::Kazakh,
        at: at("2026-09-02"),
    }
}

fn withdraw() -> Command {
    Command::Withdraw { at: at("2026-09-03") }
}

fn accept() -> Command {
    Command::Accept { by: id(3), at: at("2026-09-03") }
}

fn refuse() -> Command {
    Command::Refuse { by: id(3), reason: because("too late"), at: at("2026-09-03") }
}

fn withdrawn() -> Event {
    Event::Withdrawn { of: of(), at: at("2026-09-03") }
}

fn accepted() -> Event {
    Event::Accepted { of: of(), by: id(3), at: at("2026-09-03") }
}

fn refused() -> Event {
    Event::Refused { of: of(), by: id(3), reason: because("too late"), at: at("2026-09-03") }
}

fn closed(now: &str) -> Refused {
    let Window { opens_at, closes_at } = window("2026-09-01", "2026-09-08");
    Refused::AddDropClosed { opens_at, closes_at, now: at(now) }
}

#[test]
fn a_request_is_opened_in_add_drop() {
    let matter = add_drop(giving_up(), vec![windows(None, None, first_week())]);
    given::<Request>([]).when(open(matter, "2026-09-02")).then([opened()]);
}

#[test]
fn before_and_after_add_drop_none_is_opened() {
    for day in ["2026-08-31", "2026-09-08"] {
        let matter = add_drop(giving_up(), vec![windows(None, None, first_week())]);
        given::<Request>([]).when(open(matter, day)).then_refused(closed(day));
    }
}

#[test]
fn while_registration_is_open_subjects_can_be_asked_for_too() {
    let registration = Some(window("2026-08-01", "2026-08-31"));
    let matter = || add_drop(giving_up(), vec![windows(registration, None, first_week())]);
    assert_eq!(given::<Request>([]).when(open(matter(), "2026-08-30")).events().len(), 1);
    given::<Request>([]).when(open(matter(), "2026-08-31")).then_refused(closed("2026-08-31"));
}

#[test]
fn another_stream_is_asked_for_while_streams_are_chosen_and_not_while_one_registers() {
    let august = Some(window("2026-08-01", "2026-08-31"));
    let choosing = windows(None, august, first_week());
    let matter = add_drop(changing_stream(), vec![choosing]);
    assert_eq!(given::<Request>([]).when(open(matter, "2026-08-30")).events().len(), 1);
    let registering = windows(august, None, first_week());
    let matter = add_drop(changing_stream(), vec![registering]);
    given::<Request>([]).when(open(matter, "2026-08-30")).then_refused(closed("2026-08-30"));
    // And a subject not while streams are chosen.
    let matter = add_drop(giving_up(), vec![windows(None, august, first_week())]);
    given::<Request>([]).when(open(matter, "2026-08-30")).then_refused(closed("2026-08-30"));
}

#[test]
fn streams_are_asked_for_with_a_subject_while_they_are_chosen_and_not_before() {
    let august = Some(window("2026-08-01", "2026-08-31"));
    let adding = |streams| Change::Add { takes: subject(10, 20), streams };
    let matter = |change, choosing| add_drop(change, vec![windows(august, choosing, first_week())]);
    for (change, choosing) in [(adding(vec![]), None), (adding(vec![id(30)]), august)] {
        let asked = given::<Request>([]).when(open(matter(change, choosing), "2026-08-30"));
        assert_eq!(asked.events().len(), 1);
    }
    given::<Request>([])
        .when(open(matter(adding(vec![id(30)]), None), "2026-08-30"))
        .then_refused(closed("2026-08-30"));
    let in_add_drop = open(matter(adding(vec![id(30)]), None), "2026-09-02");
    assert_eq!(given::<Request>([]).when(in_add_drop).events().len(), 1);
}

#[test]
fn a_term_without_add_drop_has_no_requests() {
    for windows in [vec![windows(None, None, None)], vec![]] {
        let matter = add_drop(giving_up(), windows);
        let (term, now): (TermId, _) = (id(20), at("2026-09-02"));
        let refused = Refused::AddDropNotScheduled { term, now };
        given::<Request>([]).when(open(matter, "2026-09-02")).then_refused(refused);
    }
}

#[test]
fn a_swap_over_two_terms_has_to_be_open_in_both() {
    let swap = Change::Swap { gives_up: subject(10, 20), takes: subject(11, 21), streams: vec![] };
    let first = || windows(None, None, first_week());
    let second = |add_drop| Windows { term: id(21), ..windows(None, None, add_drop) };
    let later = Some(window("2027-01-18", "2027-01-25"));
    let matter = add_drop(swap.clone(), vec![first(), second(later)]);
    let Window { opens_at, closes_at } = window("2027-01-18", "2027-01-25");
    let now = at("2026-09-02");
    given::<Request>([]).when(open(matter, "2026-09-02")).then_refused(Refused::AddDropClosed {
        opens_at,
        closes_at,
        now,
    });
    let matter = add_drop(swap, vec![first(), second(first_week())]);
    assert_eq!(given::<Request>([]).when(open(matter, "2026-09-02")).events().len(), 1);
}

#[test]
fn what_there_is_already_is_not_asked_for() {
    let same = subject(10, 20);
    let stays = Exchange { from: Some(id(30)), to: id(30) };
    let changing = |exchanges: &[Exchange], leaves: BTreeSet<_>| Change::ChangeStream {
        of: same,
        exchanges: exchanges.to_vec(),
        leaves,
    };
    let matter = |change| add_drop(change, vec![windows(None, None, first_week())]);
    for change in [
        Change::Swap { gives_up: same, takes: same, streams: vec![id(30)] },
        changing(&[stays], BTreeSet::new()),
        changing(&[], BTreeSet::new()),
    ] {
        let asked = open(matter(change), "2026-09-02");
        given::<Request>([]).when(asked).then_refused(Refused::ChangesNothing);
    }
    // One of several that changes is a change.
    let other = Exchange { from: None, to: id(31) };
    for change in [changing(&[stays, other], BTreeSet::new()), changing(&[stays], [id(32)].into())]
    {
        let asked = given::<Request>([]).when(open(matter(change), "2026-09-02"));
        assert_eq!(asked.events().len(), 1);
    }
}

#[test]
fn a_request_is_opened_once() {
    let matter = || add_drop(giving_up(), vec![windows(None, None, first_week())]);
    given::<Request>([opened()])
        .when(open(matter(), "2026-09-02"))
        .then_refused(Refused::OpenAlready { request: id(1) });
    let (status, decided_at) = (RequestStatus::Refused, at("2026-09-03"));
    given::<Request>([opened(), refused()])
        .when(open(matter(), "2026-09-02"))
        .then_refused(Refused::Decided { status, decided_at });
}

#[test]
fn a_new_request_is_withdrawn_accepted_or_refused() {
    for (command, event) in
        [(withdraw(), withdrawn()), (accept(), accepted()), (refuse(), refused())]
    {
        given::<Request>([opened()]).when(command).then([event]);
    }
}

#[test]
fn a_decided_request_is_not_decided_again() {
    for (event, status) in [
        (withdrawn(), RequestStatus::Withdrawn),
        (accepted(), RequestStatus::Accepted),
        (refused(), RequestStatus::Refused),
    ] {
        for command in [withdraw(), accept(), refuse()] {
            let decided_at = at("2026-09-03");
            given::<Request>([opened(), event.clone()])
                .when(command)
                .then_refused(Refused::Decided { status, decided_at });
        }
    }
}

#[test]
fn nothing_is_decided_about_a_request_that_is_unknown() {
    for command in [withdraw(), accept(), refuse()] {
        given::<Request>([]).when(command).then_refused(Refused::Unknown);
    }
}

#[test]
fn a_request_is_about_the_registration_that_is_given_up_or_else_the_one_that_is_taken() {
    let (old, new) = (subject(10, 20), subject(11, 21));
    let swap = Change::Swap { gives_up: old, takes: new, streams: vec![] };
    assert_eq!(swap.about(), old.enrollment);
    assert_eq!(swap.terms(), [id(20), id(21)]);
    assert_eq!(Change::Add { takes: new, streams: vec![] }.about(), new.enrollment);
    assert_eq!(giving_up().about(), old.enrollment);
    assert_eq!(changing_stream().about(), old.enrollment);
}
