//! The rules of stream, given / when / then.

use super::{
    Stream, StreamCard, StreamCommand as Command, StreamError, StreamEvent as Event, StreamKind,
};
use crate::shared::{
    EnrollmentId, Meeting, PersonId, StreamId, Weekday, Weeks,
    given::{given, id, row, text},
};

fn stream() -> StreamId {
    id(1)
}

fn aigerim() -> PersonId {
    id(2)
}

fn bolat() -> PersonId {
    id(3)
}

fn teacher() -> PersonId {
    id(4)
}

fn enrollment() -> EnrollmentId {
    id(5)
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

fn card(limit: Option<u32>) -> StreamCard {
    StreamCard {
        subject: id(6),
        term: id(7),
        kind: StreamKind::Lecture,
        configuration: text("1"),
        component: text("lecture"),
        group: text("Lec-1"),
        parent: None,
        limit,
        meetings: vec![meeting("09:00", "09:50")],
        teachers: vec![],
    }
}

fn taught_by(teachers: &[PersonId]) -> StreamCard {
    StreamCard { teachers: teachers.to_vec(), ..card(None) }
}

fn reversed() -> StreamCard {
    StreamCard {
        meetings: vec![meeting("09:00", "09:50"), meeting("11:00", "11:00")],
        ..card(None)
    }
}

fn opened(limit: Option<u32>) -> Event {
    Event::Opened { stream: stream(), card: card(limit) }
}

fn imported(card: StreamCard) -> Event {
    Event::Imported { stream: stream(), card, origin: row(2) }
}

fn assigned(teacher: PersonId) -> Event {
    Event::TeacherAssigned { stream: stream(), teacher }
}

fn seated(student: PersonId) -> Event {
    Event::SeatTaken { stream: stream(), student, enrollment: enrollment() }
}

fn seat_imported(student: PersonId) -> Event {
    Event::SeatImported { stream: stream(), student, enrollment: enrollment(), origin: row(9) }
}

fn released(student: PersonId) -> Event {
    Event::SeatReleased { stream: stream(), student }
}

fn open(card: StreamCard) -> Command {
    Command::Open { stream: stream(), card }
}

fn import(card: StreamCard) -> Command {
    Command::Import { stream: stream(), card, origin: row(2) }
}

fn assign(teacher: PersonId) -> Command {
    Command::AssignTeacher { stream: stream(), teacher }
}

fn take_seat(student: PersonId) -> Command {
    Command::TakeSeat { stream: stream(), student, enrollment: enrollment() }
}

fn release_seat(student: PersonId) -> Command {
    Command::ReleaseSeat { stream: stream(), student }
}

fn import_seat(student: PersonId) -> Command {
    Command::ImportSeat { stream: stream(), student, enrollment: enrollment(), origin: row(9) }
}

#[test]
fn a_stream_is_opened_once() {
    given::<Stream>([]).when(open(card(Some(25)))).then([opened(Some(25))]);
    given::<Stream>([opened(Some(25))])
        .when(open(card(Some(30))))
        .then_refused(StreamError::Exists);
    given::<Stream>([imported(card(None))])
        .when(open(card(None)))
        .then_refused(StreamError::Exists);
}

#[test]
fn a_meeting_ends_after_it_starts() {
    let time = || "11:00".parse().unwrap();
    for command in [open(reversed()), import(reversed())] {
        given::<Stream>([]).when(command).then_refused(StreamError::MeetingEndsBeforeItStarts {
            starts_at: time(),
            ends_at: time(),
        });
    }
}

#[test]
fn a_meeting_may_last_until_midnight() {
    let late = StreamCard { meetings: vec![meeting("23:10", "24:00")], ..card(None) };
    given::<Stream>([])
        .when(open(late.clone()))
        .then([Event::Opened { stream: stream(), card: late }]);
}

#[test]
fn weeks_are_zeros_and_ones_for_a_year_at_the_most() {
    for good in ["", "1", "0101", &"1".repeat(60)] {
        assert_eq!(Weeks::parse(good).unwrap().as_str(), good);
    }
    for bad in ["2", "1 1", "x", &"1".repeat(61)] {
        assert_eq!(Weeks::parse(bad), None, "{bad}");
    }
}

#[test]
fn only_an_open_stream_has_seats_and_teachers() {
    for command in
        [assign(teacher()), take_seat(aigerim()), release_seat(aigerim()), import_seat(aigerim())]
    {
        given::<Stream>([]).when(command).then_refused(StreamError::Unknown);
    }
}

#[test]
fn a_free_seat_can_be_taken() {
    given::<Stream>([opened(Some(2)), seated(bolat())])
        .when(take_seat(aigerim()))
        .then([seated(aigerim())]);
}

#[test]
fn a_full_stream_takes_nobody() {
    given::<Stream>([opened(Some(1)), seated(bolat())])
        .when(take_seat(aigerim()))
        .then_refused(StreamError::Full { limit: 1, taken: 1 });
    given::<Stream>([opened(Some(0))])
        .when(take_seat(aigerim()))
        .then_refused(StreamError::Full { limit: 0, taken: 0 });
}

#[test]
fn a_stream_without_a_limit_is_never_full() {
    given::<Stream>([opened(None), seated(bolat())])
        .when(take_seat(aigerim()))
        .then([seated(aigerim())]);
}

#[test]
fn a_student_has_one_seat() {
    for seat in [seated(aigerim()), seat_imported(aigerim())] {
        given::<Stream>([opened(Some(1)), seat])
            .when(take_seat(aigerim()))
            .then_refused(StreamError::SeatHeld);
    }
}

#[test]
fn a_seat_that_is_given_up_is_free_again() {
    given::<Stream>([opened(Some(1)), seated(bolat())])
        .when(release_seat(bolat()))
        .then([released(bolat())]);
    given::<Stream>([opened(Some(1)), seated(bolat()), released(bolat())])
        .when(take_seat(aigerim()))
        .then([seated(aigerim())]);
}

#[test]
fn only_a_seat_that_is_held_can_be_given_up() {
    given::<Stream>([opened(Some(1)), seated(bolat())])
        .when(release_seat(aigerim()))
        .then_refused(StreamError::NoSeat);
}

#[test]
fn an_imported_seat_ignores_the_limit_but_fills_the_stream() {
    given::<Stream>([opened(Some(1)), seated(bolat())])
        .when(import_seat(aigerim()))
        .then([seat_imported(aigerim())]);
    given::<Stream>([opened(Some(1)), seated(bolat()), seat_imported(aigerim())])
        .when(take_seat(teacher()))
        .then_refused(StreamError::Full { limit: 1, taken: 2 });
}

#[test]
fn a_seat_that_is_held_is_not_imported_again() {
    for seat in [seated(aigerim()), seat_imported(aigerim())] {
        given::<Stream>([opened(None), seat]).when(import_seat(aigerim())).then_nothing_happens();
    }
}

#[test]
fn a_teacher_is_added_once() {
    given::<Stream>([opened(None)]).when(assign(teacher())).then([assigned(teacher())]);
    given::<Stream>([opened(None), assigned(teacher())])
        .when(assign(teacher()))
        .then_nothing_happens();
}

#[test]
fn an_imported_stream_may_change_and_changes_nothing_the_second_time() {
    let smaller = card(Some(10));
    given::<Stream>([]).when(import(card(Some(25)))).then([imported(card(Some(25)))]);
    given::<Stream>([imported(card(Some(25)))]).when(import(card(Some(25)))).then_nothing_happens();
    given::<Stream>([imported(card(Some(25)))])
        .when(import(smaller.clone()))
        .then([imported(smaller)]);
}

#[test]
fn a_teacher_who_was_added_since_outlives_the_next_import() {
    let (first, second) = (id(10), id(11));
    let now = || given::<Stream>([imported(taught_by(&[first])), assigned(second)]);
    now().when(import(taught_by(&[first]))).then_nothing_happens();
    now()
        .and([imported(StreamCard { group: text("Lec-2"), ..taught_by(&[first]) })])
        .when(assign(second))
        .then_nothing_happens();
}
