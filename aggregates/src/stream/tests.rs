//! The rules of stream, given / when / then.

use jiff::{SignedDuration, Timestamp};

use super::{
    GivesUp, Leaving, LineEnd, Reservation, Sitting, SittingKind, SittingTimes, Standing, Stream,
    StreamCard, StreamCommand as Command, StreamError, StreamEvent as Event, StreamKind,
};
use crate::shared::{
    EnrollmentId, Meeting, PersonId, Position, SittingId, StreamId, TextRef, WaitingRules, Weekday,
    Weeks, Window,
    given::{at, because, given, id, row, text, window},
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

fn daulet() -> PersonId {
    id(8)
}

fn teacher() -> PersonId {
    id(4)
}

fn enrollment() -> EnrollmentId {
    id(5)
}

fn now() -> Timestamp {
    at("2026-09-01")
}

/// An offer that is made now holds until then.
fn until() -> Timestamp {
    now() + SignedDuration::from_secs(600)
}

fn rules() -> WaitingRules {
    WaitingRules { offer_holds_seconds: 600 }
}

/// The registration for which somebody waits.
fn of(student: PersonId) -> EnrollmentId {
    EnrollmentId::derived(&[&student.to_string()])
}

fn joined(student: PersonId) -> Event {
    joined_of(student, Standing::default())
}

fn joined_of(student: PersonId, standing: Standing) -> Event {
    let (rules, regulation, standing) = (rules(), "2026".into(), Some(standing));
    let (stream, enrollment) = (stream(), of(student));
    Event::LineJoined { stream, student, enrollment, standing, rules, regulation }
}

fn offered(student: PersonId) -> Event {
    Event::SeatOffered { stream: stream(), student, enrollment: of(student), until: until() }
}

fn left(student: PersonId, why: LineEnd, offered: bool) -> Event {
    Event::LineLeft { stream: stream(), student, enrollment: of(student), offered, why }
}

/// One seat, which Bolat has; Aigerim waits for it, and somebody else behind her.
fn full_with_a_line() -> [Event; 4] {
    [opened(Some(1)), seated(bolat()), joined(aigerim()), joined(daulet())]
}

/// The same after Bolat gave it up: it is held for Aigerim.
fn held_for_aigerim() -> Vec<Event> {
    let freed = [released(bolat()), offered(aigerim())];
    full_with_a_line().into_iter().chain(freed).collect()
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
    Event::Imported { stream: stream(), card, said: None, origin: row(2) }
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
    Event::SeatReleased { stream: stream(), student, because: None }
}

fn open(card: StreamCard) -> Command {
    Command::Open { stream: stream(), card }
}

fn import(card: StreamCard) -> Command {
    import_telling(card, &[])
}

fn import_telling(card: StreamCard, told: &[PersonId]) -> Command {
    let told = told.iter().copied().collect();
    Command::Import { stream: stream(), card, told, origin: row(2), at: now() }
}

fn assign(teacher: PersonId) -> Command {
    Command::AssignTeacher { stream: stream(), teacher }
}

fn take_seat(student: PersonId) -> Command {
    take_seat_at(student, now())
}

fn release_seat(student: PersonId) -> Command {
    Command::ReleaseSeat { stream: stream(), student, at: now() }
}

fn take_seat_at(student: PersonId, at: Timestamp) -> Command {
    take_seat_of(student, Standing::default(), at)
}

fn take_seat_of(student: PersonId, standing: Standing, at: Timestamp) -> Command {
    Command::TakeSeat { stream: stream(), student, enrollment: enrollment(), standing, at }
}

fn join_line(student: PersonId) -> Command {
    join_line_of(student, Standing::default())
}

fn join_line_of(student: PersonId, standing: Standing) -> Command {
    let (rules, regulation) = (rules(), "2026".into());
    let (stream, enrollment) = (stream(), of(student));
    Command::JoinLine { stream, student, enrollment, standing, rules, regulation, at: now() }
}

fn accept_seat(student: PersonId, at: Timestamp) -> Command {
    Command::AcceptSeat { stream: stream(), student, enrollment: enrollment(), at }
}

fn decline_seat(student: PersonId, at: Timestamp) -> Command {
    Command::DeclineSeat { stream: stream(), student, at }
}

fn leave_line(student: PersonId) -> Command {
    Command::LeaveLine { stream: stream(), student, at: now() }
}

fn lapse_offer(student: PersonId, at: Timestamp) -> Command {
    Command::LapseOffer { stream: stream(), student, at }
}

fn forget_wish(student: PersonId) -> Command {
    Command::ForgetWish {
        stream: stream(),
        enrollment: of(student),
        why: LineEnd::Dropped,
        at: now(),
    }
}

fn import_seat(student: PersonId) -> Command {
    Command::ImportSeat { stream: stream(), student, enrollment: enrollment(), origin: row(9) }
}

#[test]
fn a_stream_is_opened_once() {
    given::<Stream>([]).when(open(card(Some(25)))).then([opened(Some(25))]);
    let other = || StreamCard { group: text("Lec-2"), ..card(Some(30)) };
    given::<Stream>([opened(Some(25))]).when(open(other())).then_refused(StreamError::Exists);
    given::<Stream>([imported(card(None))]).when(open(other())).then_refused(StreamError::Exists);
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
fn two_meetings_of_a_stream_are_never_at_the_same_time() {
    let meeting_in = |from: &str, to: &str, weeks: &str| Meeting {
        weeks: Weeks::parse(weeks).unwrap(),
        ..meeting(from, to)
    };
    let of = |meetings: &[Meeting]| StreamCard { meetings: meetings.to_vec(), ..card(None) };
    let nine = meeting_in("09:00", "09:50", "111");
    let overlapping = of(&[meeting("08:00", "08:50"), nine.clone(), meeting("09:30", "10:20")]);
    let overlap = StreamError::MeetingsOverlap {
        weekday: Weekday::Monday,
        from: "09:30".parse().unwrap(),
        to: "09:50".parse().unwrap(),
        weeks: Weeks::parse("111").unwrap(),
    };
    given::<Stream>([]).when(open(overlapping.clone())).then_refused(overlap.clone());
    given::<Stream>([]).when(import(overlapping.clone())).then_refused(overlap.clone());
    let meetings = overlapping.meetings;
    let change = Command::ChangeMeetings { stream: stream(), meetings, told: [].into() };
    given::<Stream>([opened(None)]).when(change).then_refused(overlap);
    // One after the other, or in other weeks, they are not.
    let apart = of(&[nine, meeting_in("09:30", "10:20", "000111"), meeting("10:20", "11:10")]);
    let event = Event::Opened { stream: stream(), card: apart.clone() };
    given::<Stream>([]).when(open(apart)).then([event]);
}

#[test]
fn a_stream_of_the_same_name_is_not_opened() {
    let named = |group: &str| StreamCard { group: text(group), ..card(None) };
    let (component, group) = (text("lecture"), text("LEC-1"));
    given::<Stream>([opened(None)])
        .when(open(named("LEC-1")))
        .then_refused(StreamError::GroupTaken { component, group });
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

/// What the other system said, and what it is: it was changed here.
fn imported_beside(card: StreamCard, said: StreamCard) -> Event {
    let said = Some(Box::new(said));
    Event::Imported { stream: stream(), card, said, origin: row(2) }
}

/// Imported with 25 seats on Monday in no room; changed here to 30 seats and to another hour and room.
fn changed_here() -> Vec<Event> {
    let meetings = moved_here();
    vec![
        imported(card(Some(25))),
        limit_changed(Some(30)),
        Event::MeetingsChanged { stream: stream(), meetings },
    ]
}

fn moved_here() -> Vec<Meeting> {
    vec![in_room("301", meeting("08:00", "08:50"))]
}

fn in_room(room: &str, meeting: Meeting) -> Meeting {
    Meeting { room: Some(room.to_owned()), ..meeting }
}

fn meets(starts_at: &str, ends_at: &str, limit: Option<u32>) -> StreamCard {
    StreamCard { meetings: vec![meeting(starts_at, ends_at)], ..card(limit) }
}

#[test]
fn an_import_of_the_same_again_leaves_what_was_changed_here() {
    given::<Stream>(changed_here()).when(import(card(Some(25)))).then_nothing_happens();
    // Also one that was said beside what it was already.
    let now = StreamCard { meetings: moved_here(), ..card(Some(30)) };
    let said = StreamCard { group: text("Lec-2"), ..card(Some(25)) };
    given::<Stream>(changed_here())
        .and([imported_beside(StreamCard { group: text("Lec-2"), ..now }, said.clone())])
        .when(import(said))
        .then_nothing_happens();
}

#[test]
fn an_import_changes_what_is_said_otherwise_than_the_last_time_and_no_other_field() {
    let now = || StreamCard { meetings: moved_here(), ..card(Some(30)) };
    let changes = |said: StreamCard, becomes: StreamCard| {
        given::<Stream>(changed_here())
            .when(import(said.clone()))
            .then([imported_beside(becomes, said)]);
    };
    let was = || card(Some(25));
    changes(card(Some(27)), StreamCard { limit: Some(27), ..now() });
    changes(
        StreamCard { group: text("Lec-2"), ..was() },
        StreamCard { group: text("Lec-2"), ..now() },
    );
    changes(StreamCard { subject: id(60), ..was() }, StreamCard { subject: id(60), ..now() });
    changes(StreamCard { term: id(61), ..was() }, StreamCard { term: id(61), ..now() });
    let kind = StreamKind::Practice;
    changes(StreamCard { kind, ..was() }, StreamCard { kind, ..now() });
    let parent = Some(id(62));
    changes(StreamCard { parent, ..was() }, StreamCard { parent, ..now() });
    let named = |card| StreamCard { component: text("seminar"), configuration: text("2"), ..card };
    changes(named(was()), named(now()));
    // What is said for the first time as it is here already is said from then on.
    given::<Stream>([imported(card(Some(25))), limit_changed(Some(30))])
        .when(import(card(Some(30))))
        .then([imported(card(Some(30)))]);
    given::<Stream>([imported(card(Some(25))), limit_changed(Some(30)), imported(card(Some(30)))])
        .when(import(card(Some(25))))
        .then([imported(card(Some(25)))]);
}

#[test]
fn an_import_knows_times_and_rooms_apart() {
    let becomes = |said: StreamCard, meetings: Vec<Meeting>| {
        let becomes = StreamCard { meetings, ..card(Some(30)) };
        given::<Stream>(changed_here())
            .when(import(said.clone()))
            .then([imported_beside(becomes, said)]);
    };
    // Other times: in the room that was set here.
    becomes(meets("12:00", "12:50", Some(25)), vec![in_room("301", meeting("12:00", "12:50"))]);
    // Another room: at the times that were set here.
    let elsewhere = in_room("105", meeting("09:00", "09:50"));
    let said = StreamCard { meetings: vec![elsewhere], ..card(Some(25)) };
    becomes(said, vec![in_room("105", meeting("08:00", "08:50"))]);
    // Which meeting is which can't be said where there are more of them: as the file has it.
    let two = vec![meeting("09:00", "09:50"), meeting("12:00", "12:50")];
    becomes(StreamCard { meetings: two.clone(), ..card(Some(25)) }, two);
    // A room of the file is for all meetings that were set here.
    let twice = vec![meeting("08:00", "08:50"), meeting("12:00", "12:50")];
    let said = vec![in_room("105", meeting("09:00", "09:50"))];
    let there = twice.iter().map(|meeting| in_room("105", meeting.clone())).collect();
    let said = StreamCard { meetings: said, ..card(None) };
    given::<Stream>([imported(card(None))])
        .and([Event::MeetingsChanged { stream: stream(), meetings: twice }])
        .when(import(said.clone()))
        .then([imported_beside(StreamCard { meetings: there, ..card(None) }, said)]);
}

#[test]
fn an_import_lowers_the_limit_to_the_seats_and_no_further() {
    let lowered = |events: Vec<Event>, limit: Option<u32>, becomes: Option<u32>| {
        let import = import(card(limit));
        given::<Stream>(events).when(import).then([imported_beside(card(becomes), card(limit))]);
    };
    let two = |limit| vec![imported(card(limit)), seated(aigerim()), seated(bolat())];
    lowered(two(Some(25)), Some(1), Some(2));
    lowered(two(None), Some(1), Some(2));
    // What is held for somebody is promised.
    let mut held = two(Some(2));
    held.extend([joined(daulet()), released(bolat()), offered(daulet())]);
    lowered(held, Some(0), Some(2));
    // Imported seats may be more than there are; the limit does not rise for them.
    let over = vec![imported(card(Some(1))), seat_imported(aigerim()), seat_imported(bolat())];
    lowered(over, Some(0), Some(1));
    given::<Stream>(two(Some(25))).when(import(card(Some(2)))).then([imported(card(Some(2)))]);
}

#[test]
fn an_import_that_changes_times_names_all_whose_timetables_follow() {
    let later = || meets("12:00", "12:50", None);
    let taken =
        || given::<Stream>([imported(card(None)), seated(bolat()), seat_imported(daulet())]);
    taken().when(import_telling(later(), &[bolat(), daulet()])).then([imported(later())]);
    for told in [&[][..], &[bolat()], &[bolat(), daulet(), aigerim()]] {
        taken().when(import_telling(later(), told)).then_refused(StreamError::SeatsChanged);
    }
    // Nobody's timetable follows a room, or a time that is there already.
    let elsewhere =
        || StreamCard { meetings: vec![in_room("105", meeting("09:00", "09:50"))], ..card(None) };
    taken().when(import(elsewhere())).then([imported(elsewhere())]);
    taken().and([meetings_changed_to(later())]).when(import(later())).then([imported(later())]);
}

fn meetings_changed_to(StreamCard { meetings, .. }: StreamCard) -> Event {
    Event::MeetingsChanged { stream: stream(), meetings }
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

#[test]
fn who_finds_no_seat_waits_behind_those_who_wait() {
    given::<Stream>([opened(Some(1)), seated(bolat())])
        .when(join_line(aigerim()))
        .then([joined(aigerim())]);
    given::<Stream>(held_for_aigerim()).when(join_line(bolat())).then([joined(bolat())]);
}

#[test]
fn nobody_waits_for_what_can_be_taken_at_once() {
    for limit in [Some(2), None] {
        given::<Stream>([opened(limit), seated(bolat())])
            .when(join_line(aigerim()))
            .then_refused(StreamError::SeatFree);
    }
    given::<Stream>([]).when(join_line(aigerim())).then_refused(StreamError::Unknown);
}

#[test]
fn who_has_a_seat_or_waits_does_not_join_the_line() {
    given::<Stream>(full_with_a_line())
        .when(join_line(bolat()))
        .then_refused(StreamError::SeatHeld);
    given::<Stream>(full_with_a_line())
        .when(join_line(daulet()))
        .then_refused(StreamError::WaitingAlready);
}

#[test]
fn a_seat_that_is_given_up_is_held_for_the_first_in_line() {
    given::<Stream>(full_with_a_line())
        .when(release_seat(bolat()))
        .then([released(bolat()), offered(aigerim())]);
}

#[test]
fn nobody_passes_the_line_from_outside() {
    given::<Stream>(held_for_aigerim())
        .when(take_seat(teacher()))
        .then_refused(StreamError::SeatsHeld { held: 1, waiting: 1 });
    // Nor from behind in it.
    given::<Stream>(held_for_aigerim())
        .when(take_seat(daulet()))
        .then_refused(StreamError::SeatsHeld { held: 1, waiting: 1 });
    given::<Stream>(held_for_aigerim())
        .when(accept_seat(daulet(), now()))
        .then_refused(StreamError::NotOffered);
    given::<Stream>(held_for_aigerim())
        .when(accept_seat(teacher(), now()))
        .then_refused(StreamError::NotWaiting);
}

#[test]
fn the_one_to_whom_a_seat_is_offered_takes_it() {
    for take in [accept_seat(aigerim(), now()), take_seat(aigerim())] {
        given::<Stream>(held_for_aigerim())
            .when(take)
            .then([left(aigerim(), LineEnd::Seated, true), seated(aigerim())]);
    }
}

#[test]
fn a_seat_is_held_until_its_time_and_no_longer() {
    let before = until() - SignedDuration::from_nanos(1);
    given::<Stream>(held_for_aigerim())
        .when(accept_seat(aigerim(), before))
        .then([left(aigerim(), LineEnd::Seated, true), seated(aigerim())]);
    for late in [
        accept_seat(aigerim(), until()),
        take_seat_at(aigerim(), until()),
        decline_seat(aigerim(), until()),
    ] {
        given::<Stream>(held_for_aigerim())
            .when(late)
            .then_refused(StreamError::OfferLapsed { until: until() });
    }
    // It is not free for others until the clock has passed it on.
    given::<Stream>(held_for_aigerim())
        .when(take_seat_at(teacher(), until()))
        .then_refused(StreamError::SeatsHeld { held: 1, waiting: 1 });
}

#[test]
fn an_offer_that_lapses_goes_to_the_next_in_line() {
    let again = until() + SignedDuration::from_secs(600);
    let (stream, student, enrollment) = (stream(), daulet(), of(daulet()));
    given::<Stream>(held_for_aigerim()).when(lapse_offer(aigerim(), until())).then([
        left(aigerim(), LineEnd::Lapsed, true),
        Event::SeatOffered { stream, student, enrollment, until: again },
    ]);
}

#[test]
fn who_did_not_take_a_seat_in_time_is_told_so_until_they_wait_again() {
    let later = until() + SignedDuration::from_secs(60);
    let lapsed =
        || given::<Stream>(held_for_aigerim()).and([left(aigerim(), LineEnd::Lapsed, true)]);
    for late in [accept_seat(aigerim(), later), decline_seat(aigerim(), later)] {
        lapsed().when(late).then_refused(StreamError::OfferLapsed { until: until() });
    }
    lapsed().when(leave_line(aigerim())).then_refused(StreamError::NotWaiting);
    lapsed()
        .and([joined(aigerim())])
        .when(accept_seat(aigerim(), later))
        .then_refused(StreamError::NotOffered);
    // Who had the seat since, and gave it up, waits for none.
    let released = Event::SeatReleased { stream: stream(), student: aigerim(), because: None };
    lapsed()
        .and([seated(aigerim()), released])
        .when(accept_seat(aigerim(), later))
        .then_refused(StreamError::NotWaiting);
}

#[test]
fn an_offer_lapses_once_and_not_before_its_time() {
    let before = until() - SignedDuration::from_nanos(1);
    given::<Stream>(held_for_aigerim()).when(lapse_offer(aigerim(), before)).then_nothing_happens();
    given::<Stream>(full_with_a_line())
        .when(lapse_offer(aigerim(), until()))
        .then_nothing_happens();
    let taken = [left(aigerim(), LineEnd::Seated, true), seated(aigerim())];
    given::<Stream>(held_for_aigerim())
        .and(taken)
        .when(lapse_offer(aigerim(), until()))
        .then_nothing_happens();
}

#[test]
fn a_seat_that_is_declined_goes_to_the_next_in_line() {
    given::<Stream>(held_for_aigerim())
        .when(decline_seat(aigerim(), now()))
        .then([left(aigerim(), LineEnd::Declined, true), offered(daulet())]);
    given::<Stream>(full_with_a_line())
        .when(decline_seat(aigerim(), now()))
        .then_refused(StreamError::NotOffered);
}

#[test]
fn who_leaves_the_line_leaves_their_offer_to_the_next() {
    given::<Stream>(full_with_a_line()).when(leave_line(aigerim())).then([left(
        aigerim(),
        LineEnd::Withdrew,
        false,
    )]);
    given::<Stream>(held_for_aigerim())
        .when(leave_line(aigerim()))
        .then([left(aigerim(), LineEnd::Withdrew, true), offered(daulet())]);
    given::<Stream>(full_with_a_line())
        .when(leave_line(teacher()))
        .then_refused(StreamError::NotWaiting);
}

#[test]
fn a_registration_that_was_given_up_waits_no_longer() {
    given::<Stream>(held_for_aigerim())
        .when(forget_wish(aigerim()))
        .then([left(aigerim(), LineEnd::Dropped, true), offered(daulet())]);
    given::<Stream>(held_for_aigerim()).when(forget_wish(bolat())).then_nothing_happens();
}

#[test]
fn seats_that_come_to_be_free_with_a_higher_limit_are_held_for_the_line() {
    let more = card(Some(3));
    given::<Stream>(full_with_a_line()).when(import(more.clone())).then([
        imported(more),
        offered(aigerim()),
        offered(daulet()),
    ]);
}

#[test]
fn who_gets_a_seat_by_an_import_waits_no_longer() {
    given::<Stream>(full_with_a_line())
        .when(import_seat(aigerim()))
        .then([left(aigerim(), LineEnd::Seated, false), seat_imported(aigerim())]);
}

#[test]
fn a_seat_behind_the_line_is_free_for_all_again() {
    given::<Stream>(held_for_aigerim())
        .and([left(aigerim(), LineEnd::Declined, true), offered(daulet())])
        .when(decline_seat(daulet(), now()))
        .then([left(daulet(), LineEnd::Declined, true)]);
    given::<Stream>([opened(Some(1)), seated(bolat()), joined(aigerim()), released(bolat())])
        .and([offered(aigerim()), left(aigerim(), LineEnd::Declined, true)])
        .when(take_seat(teacher()))
        .then([seated(teacher())]);
}

fn informatics() -> Standing {
    Standing { programme: Some(id(30)), year: Some(2) }
}

fn physics() -> Standing {
    Standing { programme: Some(id(31)), year: Some(2) }
}

/// So many seats for informatics, whichever year, until the next day.
fn reservation(seats: u32) -> Reservation {
    let of = Standing { year: None, ..informatics() };
    Reservation { of, name: text("Informatics"), seats, until: at("2026-09-02") }
}

fn reserve(reservation: Reservation) -> Command {
    Command::ReserveSeats { stream: stream(), reservation, at: now() }
}

fn reserved(seats: u32) -> Event {
    Event::SeatsReserved { stream: stream(), reservation: reservation(seats) }
}

fn reservation_ended() -> Event {
    Event::ReservationEnded { stream: stream(), of: reservation(1).of }
}

#[test]
fn seats_are_kept_for_some_and_not_for_everybody() {
    let for_all = |seats| Reservation { of: Standing::default(), ..reservation(seats) };
    let limited = || given::<Stream>([opened(Some(2))]);
    limited().when(reserve(for_all(1))).then_refused(StreamError::ReservedForAll);
    // What was kept so once can be given up.
    let kept = Event::SeatsReserved { stream: stream(), reservation: for_all(1) };
    let ended = Event::ReservationEnded { stream: stream(), of: Standing::default() };
    limited().and([kept]).when(reserve(for_all(0))).then([ended]);
}

fn reserved_used(student: PersonId) -> Event {
    Event::ReservedSeatUsed { stream: stream(), student, of: reservation(1).of }
}

fn kept(told: &str) -> String {
    format!("SEATS_RESERVED (manual 2.4.1) free=1 kept={told}")
}

#[test]
fn seats_are_kept_for_those_they_are_reserved_for() {
    let one_left = || given::<Stream>([opened(Some(2)), seated(bolat()), reserved(1)]);
    one_left()
        .when(take_seat_of(aigerim(), physics(), now()))
        .then_refused_saying(&kept("Informatics: 1 until 2026-09-02T00:00:00Z"));
    one_left()
        .when(take_seat_of(aigerim(), informatics(), now()))
        .then([seated(aigerim()), reserved_used(aigerim())]);
    // Who knows nothing of a student keeps the seat from them too.
    one_left()
        .when(take_seat(aigerim()))
        .then_refused_saying(&kept("Informatics: 1 until 2026-09-02T00:00:00Z"));
}

#[test]
fn a_reserved_seat_that_is_used_and_given_up_is_kept_again() {
    let used = [opened(Some(2)), reserved(1), seated(aigerim()), reserved_used(aigerim())];
    given::<Stream>(used.clone())
        .when(take_seat_of(bolat(), physics(), now()))
        .then([seated(bolat())]);
    given::<Stream>(used)
        .and([seated(bolat()), released(aigerim())])
        .when(take_seat_of(daulet(), physics(), now()))
        .then_refused_saying(&kept("Informatics: 1 until 2026-09-02T00:00:00Z"));
}

#[test]
fn seats_are_kept_until_their_time_and_no_longer() {
    given::<Stream>([opened(Some(1)), reserved(1)])
        .when(take_seat_of(aigerim(), physics(), at("2026-09-02")))
        .then([seated(aigerim())]);
    given::<Stream>([opened(Some(1))])
        .when(reserve(Reservation { until: now(), ..reservation(1) }))
        .then_refused(StreamError::ReservedUntilPast { until: now() });
}

#[test]
fn a_reservation_that_has_ended_leaves_its_seats_as_others() {
    let over = [opened(Some(3)), reserved(1), seated(aigerim()), reserved_used(aigerim())];
    let again = || given::<Stream>(over.clone()).and([reservation_ended(), reserved(2)]);
    again().when(take_seat_of(bolat(), physics(), now())).then_refused_saying(
        "SEATS_RESERVED (manual 2.4.1) free=2 kept=Informatics: 2 until 2026-09-02T00:00:00Z",
    );
    again()
        .when(take_seat_of(bolat(), informatics(), now()))
        .then([seated(bolat()), reserved_used(bolat())]);
}

#[test]
fn no_more_seats_are_reserved_than_there_are() {
    given::<Stream>([opened(Some(2)), reserved(2)])
        .when(reserve(reservation(1)))
        .then([reserved(1)]);
    let of = physics();
    given::<Stream>([opened(Some(2)), reserved(2)])
        .when(reserve(Reservation { of, ..reservation(1) }))
        .then_refused(StreamError::ReservedBeyondLimit { reserved: 3, limit: 2 });
    given::<Stream>([opened(None)])
        .when(reserve(reservation(1)))
        .then_refused(StreamError::NoLimit);
}

#[test]
fn who_waits_comes_first_when_seats_are_reserved_no_longer() {
    let waits = || given::<Stream>([opened(Some(1)), reserved(1), joined_of(aigerim(), physics())]);
    let due = at("2026-09-02");
    let offered = Event::SeatOffered {
        stream: stream(),
        student: aigerim(),
        enrollment: of(aigerim()),
        until: due + SignedDuration::from_secs(600),
    };
    let end = |at| Command::EndReservation { stream: stream(), of: reservation(1).of, at };
    waits().when(end(due)).then([reservation_ended(), offered.clone()]);
    waits().when(end(now())).then_nothing_happens();
    waits().when(reserve(reservation(0))).then([reservation_ended(), self::offered(aigerim())]);
    // Also in the moment before the clock has told.
    waits()
        .when(take_seat_of(bolat(), physics(), due))
        .then_refused(StreamError::SeatsHeld { held: 1, waiting: 0 });
}

#[test]
fn a_seat_that_is_reserved_is_offered_to_the_first_in_line_for_whom_it_is() {
    given::<Stream>([opened(Some(1)), seated(bolat()), reserved(1)])
        .and([joined_of(aigerim(), physics()), joined_of(daulet(), informatics())])
        .when(release_seat(bolat()))
        .then([released(bolat()), offered(daulet()), reserved_used(daulet())]);
    // Who waits for a seat that is kept from them stops nobody for whom it is kept.
    given::<Stream>([opened(Some(1)), reserved(1)])
        .when(join_line_of(aigerim(), physics()))
        .then([joined_of(aigerim(), physics())]);
    given::<Stream>([opened(Some(1)), reserved(1), joined_of(aigerim(), physics())])
        .when(take_seat_of(daulet(), informatics(), now()))
        .then([seated(daulet()), reserved_used(daulet())]);
}

#[test]
fn a_reserved_seat_that_is_declined_is_kept_again() {
    given::<Stream>([opened(Some(1)), seated(bolat()), reserved(1)])
        .and([joined_of(daulet(), informatics()), released(bolat())])
        .and([offered(daulet()), reserved_used(daulet()), left(daulet(), LineEnd::Declined, true)])
        .when(take_seat_of(aigerim(), physics(), now()))
        .then_refused_saying(&kept("Informatics: 1 until 2026-09-02T00:00:00Z"));
}

#[test]
fn a_limit_leaves_room_for_the_seats_that_are_kept() {
    let one_kept = || given::<Stream>([opened(Some(2)), seated(bolat()), reserved(1)]);
    let beyond = StreamError::LimitBelowReserved { limit: 1, taken: 1, held: 0, reserved: 1 };
    one_kept().when(change_limit(Some(1), &[])).then_refused(beyond);
    one_kept()
        .when(change_limit(Some(1), &[bolat()]))
        .then([sent_away(bolat()), limit_changed(Some(1))]);
    one_kept()
        .and([reservation_ended()])
        .when(change_limit(Some(1), &[]))
        .then([limit_changed(Some(1))]);
}

#[test]
fn an_online_class_is_on_the_web() {
    for unfit in ["javascript:alert(1)", "not a link", "https://"] {
        let place =
            Command::ChangePlace { stream: stream(), rooms: vec![], link: Some(text(unfit)) };
        let refused = StreamError::LinkUnfit { address: text(unfit) };
        given::<Stream>([opened(Some(2))]).when(place).then_refused(refused);
    }
}

fn change_limit(limit: Option<u32>, leaving: &[PersonId]) -> Command {
    change_limit_by(limit, leave(GivesUp::Seat, leaving))
}

fn change_limit_by(limit: Option<u32>, leaving: Vec<Leaving>) -> Command {
    Command::ChangeLimit { stream: stream(), limit, leaving, at: now() }
}

fn leave(gives_up: GivesUp, students: &[PersonId]) -> Vec<Leaving> {
    let leaving = |student: &PersonId| Leaving { student: *student, gives_up, because: reason() };
    students.iter().map(leaving).collect()
}

/// The registrar's reason.
fn reason() -> TextRef {
    because("Fewer seats")
}

fn sent_away(student: PersonId) -> Event {
    Event::SeatReleased { stream: stream(), student, because: Some(reason()) }
}

fn withdrawn(student: PersonId) -> Event {
    let (stream, enrollment, because) = (stream(), of(student), reason());
    Event::OfferWithdrawn { stream, student, enrollment, because }
}

fn limit_changed(limit: Option<u32>) -> Event {
    Event::LimitChanged { stream: stream(), limit }
}

fn close(leaving: &[PersonId]) -> Command {
    Command::Close { stream: stream(), leaving: leave(GivesUp::Seat, leaving) }
}

#[test]
fn a_limit_is_lowered_below_the_seats_only_where_it_is_said_who_leaves() {
    let two = || given::<Stream>([opened(Some(3)), seated(aigerim()), seated(bolat())]);
    two().when(change_limit(Some(2), &[])).then([limit_changed(Some(2))]);
    two().when(change_limit(Some(1), &[])).then_refused(StreamError::LimitBelowSeats {
        limit: 1,
        taken: 2,
        held: 0,
    });
    two()
        .when(change_limit(Some(1), &[bolat()]))
        .then([sent_away(bolat()), limit_changed(Some(1))]);
    two().when(change_limit(Some(1), &[daulet()])).then_refused(StreamError::NoSeat);
    two().when(change_limit(Some(3), &[])).then_nothing_happens();
    // What is held for somebody is promised.
    given::<Stream>(held_for_aigerim())
        .when(change_limit(Some(0), &[]))
        .then_refused(StreamError::LimitBelowSeats { limit: 0, taken: 0, held: 1 });
}

#[test]
fn who_gives_up_a_seat_that_is_held_for_them_waits_again_in_their_place() {
    let offers = |leaving: &[PersonId]| leave(GivesUp::Offer, leaving);
    given::<Stream>(held_for_aigerim())
        .when(change_limit_by(Some(0), offers(&[aigerim()])))
        .then([withdrawn(aigerim()), limit_changed(Some(0))]);
    // The next seat is theirs, and not of who joined the line behind them.
    let lowered = [withdrawn(aigerim()), limit_changed(Some(0))];
    given::<Stream>(held_for_aigerim())
        .and(lowered)
        .when(change_limit(Some(1), &[]))
        .then([limit_changed(Some(1)), offered(aigerim())]);
    given::<Stream>(held_for_aigerim())
        .when(change_limit_by(Some(0), offers(&[daulet()])))
        .then_refused(StreamError::NotOffered);
    given::<Stream>(held_for_aigerim())
        .when(change_limit_by(Some(0), offers(&[bolat()])))
        .then_refused(StreamError::NotWaiting);
    // Who took it meanwhile has a seat.
    let took = [left(aigerim(), LineEnd::Seated, true), seated(aigerim())];
    given::<Stream>(held_for_aigerim())
        .and(took)
        .when(change_limit_by(Some(0), offers(&[aigerim()])))
        .then_refused(StreamError::SeatsChanged);
}

/// Two seats, each held: for Aigerim, and for Daulet behind her.
fn held_for_both() -> Vec<Event> {
    let raised = [limit_changed(Some(2)), offered(daulet())];
    held_for_aigerim().into_iter().chain(raised).collect()
}

#[test]
fn nobody_keeps_a_seat_that_somebody_before_them_in_the_line_gives_up() {
    let offers = |leaving: &[PersonId]| leave(GivesUp::Offer, leaving);
    let both = || given::<Stream>(held_for_both());
    both()
        .when(change_limit_by(Some(1), offers(&[aigerim()])))
        .then_refused(StreamError::LinePassed);
    both()
        .when(change_limit_by(Some(1), offers(&[daulet()])))
        .then([withdrawn(daulet()), limit_changed(Some(1))]);
    both().when(change_limit_by(Some(0), offers(&[daulet(), aigerim()]))).then([
        withdrawn(aigerim()),
        withdrawn(daulet()),
        limit_changed(Some(0)),
    ]);
    // One that is kept for others could not be hers.
    given::<Stream>([opened(Some(2)), seated(bolat()), seated(id(9)), reserved(1)])
        .and([joined_of(aigerim(), physics()), joined_of(daulet(), informatics())])
        .and([released(bolat()), offered(aigerim())])
        .and([released(id(9)), offered(daulet()), reserved_used(daulet())])
        .when(change_limit_by(Some(1), offers(&[aigerim()])))
        .then([withdrawn(aigerim()), limit_changed(Some(1))]);
}

#[test]
fn a_limit_that_is_raised_or_lifted_leads_to_offers() {
    given::<Stream>(full_with_a_line())
        .when(change_limit(Some(2), &[]))
        .then([limit_changed(Some(2)), offered(aigerim())]);
    given::<Stream>(full_with_a_line()).when(change_limit(None, &[])).then([
        limit_changed(None),
        offered(aigerim()),
        offered(daulet()),
    ]);
}

#[test]
fn a_stream_is_closed_where_it_is_said_who_leaves_and_nobody_waits_in_vain() {
    given::<Stream>(full_with_a_line())
        .when(close(&[]))
        .then_refused(StreamError::SeatsTaken { taken: 1, held: 0 });
    given::<Stream>(full_with_a_line()).when(close(&[bolat()])).then([
        sent_away(bolat()),
        left(aigerim(), LineEnd::Closed, false),
        left(daulet(), LineEnd::Closed, false),
        Event::Closed { stream: stream() },
    ]);
    given::<Stream>([opened(None)]).when(close(&[])).then([Event::Closed { stream: stream() }]);
}

#[test]
fn who_loses_a_seat_that_is_held_for_them_to_a_stream_that_is_closed_is_told_why() {
    let held = || given::<Stream>(held_for_aigerim());
    let close_by = |leaving| Command::Close { stream: stream(), leaving };
    held().when(close(&[])).then_refused(StreamError::SeatsTaken { taken: 0, held: 1 });
    held().when(close_by(leave(GivesUp::Offer, &[aigerim()]))).then([
        withdrawn(aigerim()),
        left(aigerim(), LineEnd::Closed, false),
        left(daulet(), LineEnd::Closed, false),
        Event::Closed { stream: stream() },
    ]);
    // Beside one who has a seat, neither goes without the other.
    let both = || held().and([limit_changed(Some(2)), seated(teacher())]);
    let missing = StreamError::SeatsTaken { taken: 1, held: 1 };
    both().when(close(&[teacher()])).then_refused(missing.clone());
    both().when(close_by(leave(GivesUp::Offer, &[aigerim()]))).then_refused(missing);
    // Who took it meanwhile has a seat.
    held()
        .and([left(aigerim(), LineEnd::Seated, true), seated(aigerim())])
        .when(close_by(leave(GivesUp::Offer, &[aigerim()])))
        .then_refused(StreamError::SeatsChanged);
}

#[test]
fn nobody_leaves_for_a_limit_who_need_not() {
    let two = || given::<Stream>([opened(Some(2)), seated(aigerim()), seated(bolat())]);
    let needless = |named, needed, held, reserved| StreamError::LeavingNeedless {
        named,
        needed,
        taken: 2 - held,
        held,
        reserved,
    };
    for limit in [Some(2), Some(3), None] {
        two().when(change_limit(limit, &[bolat()])).then_refused(needless(1, 0, 0, 0));
    }
    let all = [aigerim(), bolat()];
    two().when(change_limit(Some(1), &all)).then_refused(needless(2, 1, 0, 0));
    two().when(change_limit(Some(0), &all)).then([
        sent_away(aigerim()),
        sent_away(bolat()),
        limit_changed(Some(0)),
    ]);
    // Once is once, however often it is said.
    two()
        .when(change_limit(Some(1), &[bolat(), bolat()]))
        .then([sent_away(bolat()), limit_changed(Some(1))]);
    // What is held counts as what is taken; whom one is held for is not told to let others pass first.
    given::<Stream>(held_for_both())
        .when(change_limit_by(Some(2), leave(GivesUp::Offer, &[aigerim()])))
        .then_refused(needless(1, 0, 2, 0));
    // So do those that are kept for some.
    given::<Stream>([opened(Some(3)), seated(aigerim()), seated(bolat()), reserved(1)])
        .when(change_limit(Some(2), &[bolat()]))
        .then([sent_away(bolat()), limit_changed(Some(2))]);
    given::<Stream>([opened(Some(3)), seated(aigerim()), seated(bolat()), reserved(1)])
        .when(change_limit(Some(3), &[bolat()]))
        .then_refused(needless(1, 0, 0, 1));
}

#[test]
fn a_closed_stream_stays_closed() {
    let closing = || Event::Closed { stream: stream() };
    let closed = || given::<Stream>([opened(None), closing()]);
    for command in [
        take_seat(aigerim()),
        import_seat(aigerim()),
        join_line(aigerim()),
        change_limit(Some(1), &[]),
        reserve(reservation(1)),
        close(&[]),
        import(card(Some(7))),
    ] {
        closed().when(command).then_refused(StreamError::Closed);
    }
    // The same class again, by the next import, says nothing new.
    closed().when(import(card(None))).then_nothing_happens();
    given::<Stream>([imported(card(None)), limit_changed(Some(1)), closing()])
        .when(import(card(None)))
        .then_nothing_happens();
}

#[test]
fn a_stream_is_listed_under_a_subject_once() {
    let list = |subject| Command::List { stream: stream(), subject };
    let listed = Event::Listed { stream: stream(), subject: id(40), term: card(None).term };
    given::<Stream>([opened(None)]).when(list(id(40))).then([listed.clone()]);
    given::<Stream>([opened(None), listed])
        .when(list(id(40)))
        .then_refused(StreamError::ListedAlready);
    given::<Stream>([opened(None)])
        .when(list(card(None).subject))
        .then_refused(StreamError::ListedAlready);
}

fn change_place(rooms: &[&str], link: Option<&str>) -> Command {
    let rooms = rooms.iter().map(|room| Some(text(room))).collect();
    Command::ChangePlace { stream: stream(), rooms, link: link.map(text) }
}

fn place_changed(rooms: &[&str], link: Option<&str>) -> Event {
    let rooms = rooms.iter().map(|room| Some(text(room))).collect();
    Event::PlaceChanged { stream: stream(), rooms, link: link.map(text) }
}

#[test]
fn a_stream_meets_elsewhere_from_one_day_to_the_next() {
    let link = Some("https://example.org/room");
    given::<Stream>([opened(None)])
        .when(change_place(&["301"], link))
        .then([place_changed(&["301"], link)]);
    let there = || given::<Stream>([opened(None), place_changed(&["301"], link)]);
    there().when(change_place(&["301"], link)).then_nothing_happens();
    there().when(change_place(&[], link)).then_nothing_happens();
    there().when(change_place(&[], None)).then([place_changed(&[], None)]);
    there()
        .when(change_place(&["301", "302"], link))
        .then_refused(StreamError::RoomsMiscounted { meetings: 1, rooms: 2 });
}

fn exam(room: &str, hours: i64) -> Sitting {
    let window = Window { opens_at: now(), closes_at: now() + SignedDuration::from_hours(hours) };
    Sitting { kind: SittingKind::Exam, window, room: Some(text(room)), link: None, note: None }
}

fn schedule(sitting: SittingId, about: Sitting) -> Command {
    Command::ScheduleSitting { stream: stream(), sitting, about, times: times(&[]), at: now() }
}

fn reschedule(sitting: SittingId, about: Sitting) -> Command {
    Command::RescheduleSitting { stream: stream(), sitting, about, times: times(&[]), at: now() }
}

fn scheduled(sitting: SittingId, about: Sitting) -> Event {
    scheduled_by(sitting, about, times(&[]))
}

fn scheduled_by(sitting: SittingId, about: Sitting, times: SittingTimes) -> Event {
    Event::SittingScheduled { stream: stream(), sitting, about, times: Some(Box::new(times)) }
}

/// A term from now on, with these exams.
fn times(exams: &[Window]) -> SittingTimes {
    let term = window("2026-09-01", "2027-01-20");
    SittingTimes { term, exams: exams.to_vec(), read_at: Position(7) }
}

#[test]
fn an_exam_is_scheduled_moved_and_cancelled() {
    let (first, cancel) = (id(50), Command::CancelSitting { stream: stream(), sitting: id(50) });
    let cancelled = Event::SittingCancelled { stream: stream(), sitting: first };
    given::<Stream>([opened(None)])
        .when(schedule(first, exam("301", 3)))
        .then([scheduled(first, exam("301", 3))]);
    let there = || given::<Stream>([opened(None), scheduled(first, exam("301", 3))]);
    there().when(schedule(first, exam("301", 3))).then_nothing_happens();
    there().when(reschedule(first, exam("302", 3))).then([scheduled(first, exam("302", 3))]);
    there().when(reschedule(id(51), exam("302", 3))).then_refused(StreamError::SittingUnknown);
    there().when(cancel.clone()).then([cancelled.clone()]);
    given::<Stream>([opened(None), scheduled(first, exam("301", 3)), cancelled])
        .when(cancel.clone())
        .then_refused(StreamError::SittingUnknown);
    given::<Stream>([]).when(cancel).then_refused(StreamError::Unknown);
}

#[test]
fn an_exam_ends_after_it_begins() {
    given::<Stream>([opened(None)])
        .when(schedule(id(50), exam("301", 0)))
        .then_refused(StreamError::SittingIsEmpty { starts_at: now(), ends_at: now() });
}

#[test]
fn a_sitting_lasts_no_longer_than_a_day_of_exams() {
    let hours = Stream::LONGEST_SITTING;
    let (first, longest) = (id(50), exam("301", hours));
    given::<Stream>([opened(None)])
        .when(schedule(first, longest.clone()))
        .then([scheduled(first, longest)]);
    let longer = exam("301", hours + 1);
    let Window { opens_at: starts_at, closes_at: ends_at } = longer.window;
    given::<Stream>([opened(None)])
        .when(schedule(first, longer))
        .then_refused(StreamError::SittingTooLong { starts_at, ends_at, most_hours: hours });
}

/// A sitting of two hours from that time on.
fn sitting(kind: SittingKind, starts_at: &str) -> Sitting {
    let opens_at: Timestamp = starts_at.parse().unwrap();
    let window = Window { opens_at, closes_at: opens_at + SignedDuration::from_hours(2) };
    Sitting { kind, window, ..exam("301", 2) }
}

#[test]
fn a_sitting_lies_within_its_term() {
    let all = [SittingKind::Exam, SittingKind::Control, SittingKind::Consultation];
    for (kind, starts_at) in all.into_iter().zip([
        "2026-08-31T23:00:00Z",
        "2027-01-19T23:00:00Z",
        "2027-03-01T09:00:00Z",
    ]) {
        let about = sitting(kind, starts_at);
        let Window { opens_at: starts_at, closes_at: ends_at } = about.window;
        let Window { opens_at, closes_at } = times(&[]).term;
        given::<Stream>([opened(None)]).when(schedule(id(50), about)).then_refused(
            StreamError::SittingOutsideTerm { starts_at, ends_at, opens_at, closes_at },
        );
    }
    let last = sitting(SittingKind::Exam, "2027-01-19T22:00:00Z");
    given::<Stream>([opened(None)])
        .when(schedule(id(50), last.clone()))
        .then([scheduled(id(50), last)]);
}

#[test]
fn an_exam_is_held_within_the_exams_where_the_calendar_has_them() {
    let exams = [window("2026-12-20", "2027-01-10"), window("2027-01-14", "2027-01-20")];
    let schedule = |about: &Sitting| {
        let (about, times) = (about.clone(), times(&exams));
        Command::ScheduleSitting { stream: stream(), sitting: id(50), about, times, at: now() }
    };
    let before = || given::<Stream>([opened(None)]);
    for starts_at in ["2026-12-20T00:00:00Z", "2027-01-15T09:00:00Z"] {
        let about = sitting(SittingKind::Exam, starts_at);
        let event = scheduled_by(id(50), about.clone(), times(&exams));
        before().when(schedule(&about)).then([event]);
    }
    // It is told by the period before it, or else the first.
    for (starts_at, of) in [
        ("2026-10-01T09:00:00Z", exams[0]),
        ("2027-01-09T23:00:00Z", exams[0]),
        ("2027-01-12T09:00:00Z", exams[0]),
    ] {
        let about = sitting(SittingKind::Exam, starts_at);
        let Window { opens_at: starts_at, closes_at: ends_at } = about.window;
        let Window { opens_at, closes_at } = of;
        let refused = StreamError::ExamOutsideExams { starts_at, ends_at, opens_at, closes_at };
        before().when(schedule(&about)).then_refused(refused);
    }
    for kind in [SittingKind::Control, SittingKind::Consultation] {
        let about = sitting(kind, "2026-10-01T09:00:00Z");
        let event = scheduled_by(id(50), about.clone(), times(&exams));
        before().when(schedule(&about)).then([event]);
    }
}

#[test]
fn an_exam_that_stays_at_its_time_may_get_another_room_whatever_the_calendar_says_by_now() {
    let outside = [window("2026-12-20", "2027-01-10")];
    let move_to = |about: Sitting| {
        let (sitting, times) = (id(50), times(&outside));
        Command::RescheduleSitting { stream: stream(), sitting, about, times, at: now() }
    };
    let there = || given::<Stream>([opened(None), scheduled(id(50), exam("301", 3))]);
    let other = exam("302", 3);
    let event = scheduled_by(id(50), other.clone(), times(&outside));
    there().when(move_to(other)).then([event]);
    let Window { opens_at: starts_at, closes_at: ends_at } = exam("301", 4).window;
    let Window { opens_at, closes_at } = outside[0];
    there().when(move_to(exam("301", 4))).then_refused(StreamError::ExamOutsideExams {
        starts_at,
        ends_at,
        opens_at,
        closes_at,
    });
}

#[test]
fn no_sitting_is_set_in_the_past() {
    let schedule_at = |about: Sitting, at| {
        let (sitting, times) = (id(50), times(&[]));
        Command::ScheduleSitting { stream: stream(), sitting, about, times, at }
    };
    for kind in [SittingKind::Exam, SittingKind::Control, SittingKind::Consultation] {
        let about = sitting(kind, "2026-12-01T09:00:00Z");
        let Window { opens_at: starts_at, closes_at: ends_at } = about.window;
        let now = starts_at + SignedDuration::from_micros(1);
        given::<Stream>([opened(None)])
            .when(schedule_at(about.clone(), now))
            .then_refused(StreamError::SittingInThePast { starts_at, ends_at, now });
        given::<Stream>([opened(None)])
            .when(schedule_at(about.clone(), starts_at))
            .then([scheduled(id(50), about)]);
    }
}

#[test]
fn a_sitting_that_has_begun_may_last_longer_and_none_that_is_over() {
    let about = sitting(SittingKind::Exam, "2026-12-01T09:00:00Z");
    let Window { opens_at: starts_at, closes_at: ends_at } = about.window;
    let of = |closes_at| {
        let window = Window { opens_at: starts_at, closes_at };
        Sitting { window, ..about.clone() }
    };
    let reschedule_at = |about: Sitting, at| {
        let (sitting, times) = (id(50), times(&[]));
        Command::RescheduleSitting { stream: stream(), sitting, about, times, at }
    };
    let there = || given::<Stream>([opened(None), scheduled(id(50), about.clone())]);
    let hour = SignedDuration::from_hours(1);
    let longer = of(ends_at + hour);
    there().when(reschedule_at(longer.clone(), ends_at)).then([scheduled(id(50), longer)]);
    let over = of(ends_at - hour);
    there().when(reschedule_at(over, ends_at)).then_refused(StreamError::SittingInThePast {
        starts_at,
        ends_at: ends_at - hour,
        now: ends_at,
    });
    // Its room is told whenever.
    let elsewhere = Sitting { room: Some(text("302")), ..about.clone() };
    let event = scheduled(id(50), elsewhere.clone());
    there().when(reschedule_at(elsewhere, ends_at + hour)).then([event]);
}

#[test]
fn a_stream_has_no_more_sittings_than_it_may() {
    let full = (0..Stream::MOST_SITTINGS)
        .map(|number| scheduled(SittingId::derived(&[&number.to_string()]), exam("301", 3)));
    let full: Vec<_> = std::iter::once(opened(None)).chain(full).collect();
    let most = Stream::MOST_SITTINGS;
    given::<Stream>(full.clone())
        .when(schedule(id(50), exam("301", 3)))
        .then_refused(StreamError::SittingsTooMany { most });
    let known = SittingId::derived(&["0"]);
    given::<Stream>(full)
        .when(reschedule(known, exam("302", 3)))
        .then([scheduled(known, exam("302", 3))]);
}

#[test]
fn a_closed_stream_has_no_exams_any_more() {
    given::<Stream>([opened(None), Event::Closed { stream: stream() }])
        .when(schedule(id(50), exam("301", 3)))
        .then_refused(StreamError::Closed);
}

fn change_meetings(starts_at: &str, told: &[PersonId]) -> Command {
    let meetings = vec![meeting(starts_at, "09:50")];
    Command::ChangeMeetings { stream: stream(), meetings, told: told.iter().copied().collect() }
}

fn meetings_changed(starts_at: &str) -> Event {
    let meetings = vec![meeting(starts_at, "09:50")];
    Event::MeetingsChanged { stream: stream(), meetings }
}

#[test]
fn a_stream_in_which_students_are_is_not_left_without_meetings() {
    let none = |told: &[PersonId]| Command::ChangeMeetings {
        stream: stream(),
        meetings: vec![],
        told: told.iter().copied().collect(),
    };
    given::<Stream>([opened(None), seated(bolat())])
        .when(none(&[bolat()]))
        .then_refused(StreamError::MeetingsMissing { taken: 1 });
    let changed = Event::MeetingsChanged { stream: stream(), meetings: vec![] };
    given::<Stream>([opened(None)]).when(none(&[])).then([changed.clone()]);
    // One that had none before stays as it is.
    given::<Stream>([opened(None), changed, seated(bolat())])
        .when(none(&[bolat()]))
        .then_nothing_happens();
}

#[test]
fn a_stream_meets_at_other_times_which_the_timetables_of_all_follow() {
    let taught = || given::<Stream>([opened(None), seated(bolat())]);
    taught().when(change_meetings("08:00", &[bolat()])).then([meetings_changed("08:00")]);
    taught()
        .and([meetings_changed("08:00")])
        .when(change_meetings("08:00", &[bolat()]))
        .then_nothing_happens();
    // Somebody came or went meanwhile.
    for told in [&[][..], &[bolat(), aigerim()]] {
        taught().when(change_meetings("08:00", told)).then_refused(StreamError::SeatsChanged);
    }
}

#[test]
fn a_changed_meeting_ends_after_it_starts() {
    let ends_at = "09:50".parse().unwrap();
    given::<Stream>([opened(None)])
        .when(change_meetings("09:50", &[]))
        .then_refused(StreamError::MeetingEndsBeforeItStarts { starts_at: ends_at, ends_at });
}

#[test]
fn whoever_chose_by_other_times_looks_again() {
    let must_meet = |starts_at: &str, room: Option<&str>| Command::MustMeet {
        stream: stream(),
        meetings: vec![Meeting { room: room.map(str::to_owned), ..meeting(starts_at, "09:50") }],
    };
    let moved = || given::<Stream>([opened(None), meetings_changed("08:00")]);
    moved().when(must_meet("08:00", None)).then_nothing_happens();
    moved().when(must_meet("08:00", Some("elsewhere"))).then_nothing_happens();
    moved().when(must_meet("09:00", None)).then_refused(StreamError::MeetingsChanged);
}
