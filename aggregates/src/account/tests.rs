//! The rules of account, given / when / then.

use super::{Account, AccountCommand as Command, AccountError, AccountEvent as Event};
use crate::shared::{
    PersonId, Role,
    given::{because, given, id},
};

fn person() -> PersonId {
    id(1)
}

fn opened() -> [Event; 1] {
    [Event::Opened { person: person() }]
}

fn granted(role: Role) -> Event {
    Event::RoleGranted { person: person(), role }
}

fn revoked(role: Role) -> Event {
    Event::RoleRevoked { person: person(), role }
}

fn closed() -> [Event; 1] {
    [Event::Closed { person: person() }]
}

fn open() -> Command {
    Command::Open { person: person() }
}

fn grant(role: Role) -> Command {
    Command::GrantRole { person: person(), role }
}

fn revoke(role: Role) -> Command {
    Command::RevokeRole { person: person(), role }
}

fn close() -> Command {
    Command::Close { person: person() }
}

#[test]
fn an_account_is_opened_once() {
    given::<Account>([]).when(open()).then(opened());
    given::<Account>(opened()).when(open()).then_nothing_happens();
}

#[test]
fn a_role_is_granted_once() {
    given::<Account>(opened()).when(grant(Role::Advisor)).then([granted(Role::Advisor)]);
    given::<Account>(opened())
        .and([granted(Role::Advisor)])
        .when(grant(Role::Advisor))
        .then_nothing_happens();
}

#[test]
fn a_person_has_several_roles() {
    given::<Account>(opened())
        .and([granted(Role::Advisor)])
        .when(grant(Role::Teacher))
        .then([granted(Role::Teacher)]);
}

#[test]
fn a_role_that_is_held_can_be_taken_away() {
    given::<Account>(opened())
        .and([granted(Role::Advisor)])
        .when(revoke(Role::Advisor))
        .then([revoked(Role::Advisor)]);
}

#[test]
fn only_a_role_that_is_held_can_be_taken_away() {
    let not_held = AccountError::RoleNotHeld { role: Role::Advisor };
    given::<Account>(opened())
        .and([granted(Role::Teacher)])
        .when(revoke(Role::Advisor))
        .then_refused(not_held.clone());
    given::<Account>(opened())
        .and([granted(Role::Advisor), revoked(Role::Advisor)])
        .when(revoke(Role::Advisor))
        .then_refused(not_held);
}

#[test]
fn roles_belong_to_an_account() {
    for command in [grant(Role::Student), revoke(Role::Student), close()] {
        given::<Account>([]).when(command).then_refused(AccountError::Unknown);
    }
}

#[test]
fn an_account_can_be_closed() {
    given::<Account>(opened()).when(close()).then(closed());
}

#[test]
fn a_closed_account_stays_closed() {
    for command in [open(), grant(Role::Student), revoke(Role::Student), close()] {
        given::<Account>(opened())
            .and([granted(Role::Student)])
            .and(closed())
            .when(command)
            .then_refused(AccountError::Closed);
    }
}

#[test]
fn whoever_is_erased_stays_erased_and_acts_no_more() {
    let erase = || Command::Erase { person: person(), reason: because("№ 17") };
    let erased = || Event::Erased { person: person(), reason: because("№ 17") };
    // Somebody imported has no account, but a name.
    for before in [vec![], opened().to_vec(), [opened(), closed()].concat()] {
        given::<Account>(before).when(erase()).then([erased()]);
    }
    given::<Account>([erased()]).when(erase()).then_nothing_happens();
    for command in [open(), grant(Role::Student), close()] {
        let before = [opened().to_vec(), vec![granted(Role::Student), erased()]].concat();
        given::<Account>(before).when(command).then_refused(AccountError::Closed);
    }
}

fn set_card(says: &str) -> Command {
    Command::SetCard { person: person(), card: because(says) }
}

fn card_set(says: &str) -> Event {
    Event::CardSet { person: person(), card: because(says) }
}

#[test]
fn a_teacher_has_a_card() {
    let teacher = || given::<Account>(opened()).and([granted(Role::Teacher)]);
    teacher().when(set_card("20 лет опыта")).then([card_set("20 лет опыта")]);
    teacher().and([card_set("20 лет")]).when(set_card("21 год")).then([card_set("21 год")]);
}

#[test]
fn the_same_card_again_changes_nothing() {
    given::<Account>(opened())
        .and([granted(Role::Teacher), card_set("20 лет")])
        .when(set_card("20 лет"))
        .then_nothing_happens();
}

#[test]
fn only_a_teacher_has_a_teachers_card() {
    given::<Account>([]).when(set_card("20 лет")).then_refused(AccountError::Unknown);
    given::<Account>(opened()).when(set_card("20 лет")).then_refused(AccountError::NoTeacher);
    given::<Account>(opened())
        .and([granted(Role::Teacher), revoked(Role::Teacher)])
        .when(set_card("20 лет"))
        .then_refused(AccountError::NoTeacher);
    given::<Account>(opened())
        .and([granted(Role::Teacher)])
        .and(closed())
        .when(set_card("20 лет"))
        .then_refused(AccountError::Closed);
}
