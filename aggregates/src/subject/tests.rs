//! The rules of subject, given / when / then.

use super::{Subject, SubjectCard, SubjectCommand as Command, SubjectError, SubjectEvent as Event};
use crate::shared::{
    Credits, SubjectId, TermId,
    given::{given, id, row, text},
};

fn subject() -> SubjectId {
    id(1)
}

fn card(credits: u16) -> SubjectCard {
    SubjectCard {
        code: text("MATH102"),
        title: text("Математикалық талдау"),
        credits: Credits::whole(credits),
        compulsory: true,
        prerequisites: vec![id(2)],
    }
}

fn own_prerequisite() -> SubjectCard {
    SubjectCard { prerequisites: vec![id(2), subject()], ..card(5) }
}

fn created() -> [Event; 1] {
    [Event::Created { subject: subject(), card: card(5) }]
}

/// Revised, with the same prerequisites as before.
fn revised(card: SubjectCard) -> Event {
    Event::Revised { subject: subject(), card, dropped_prerequisites: vec![] }
}

fn create(card: SubjectCard) -> Command {
    Command::Create { subject: subject(), card }
}

fn revise(card: SubjectCard) -> Command {
    Command::Revise { subject: subject(), card }
}

fn offer(term: TermId) -> Command {
    Command::Offer { subject: subject(), term }
}

fn import(card: SubjectCard) -> Command {
    Command::Import { subject: subject(), card, origin: row(2) }
}

#[test]
fn a_subject_enters_the_catalogue_once() {
    given::<Subject>([]).when(create(card(5))).then(created());
    given::<Subject>(created()).when(create(card(6))).then_refused(SubjectError::Exists);
}

#[test]
fn what_the_catalogue_says_can_be_revised() {
    given::<Subject>(created()).when(revise(card(6))).then([revised(card(6))]);
}

#[test]
fn a_revision_tells_which_prerequisites_it_drops() {
    let asking = |prerequisites| SubjectCard { prerequisites, ..card(5) };
    let (logic, sets, physics) = (id(3), id(4), id(5));
    let before = Event::Revised {
        subject: subject(),
        card: asking(vec![logic, sets]),
        dropped_prerequisites: vec![id(2)],
    };
    given::<Subject>(created()).when(revise(asking(vec![logic, sets]))).then([before.clone()]);
    given::<Subject>(created()).and([before]).when(revise(asking(vec![sets, physics]))).then([
        Event::Revised {
            subject: subject(),
            card: asking(vec![sets, physics]),
            dropped_prerequisites: vec![logic],
        },
    ]);
}

#[test]
fn saying_the_same_again_changes_nothing() {
    given::<Subject>(created()).when(revise(card(5))).then_nothing_happens();
}

#[test]
fn a_subject_is_offered_in_a_term_once() {
    let (autumn, spring) = (id(8), id(9));
    let offered = |term| Event::Offered { subject: subject(), term };
    given::<Subject>(created()).when(offer(autumn)).then([offered(autumn)]);
    given::<Subject>(created()).and([offered(autumn)]).when(offer(autumn)).then_nothing_happens();
    given::<Subject>(created()).and([offered(autumn)]).when(offer(spring)).then([offered(spring)]);
}

#[test]
fn only_a_subject_of_the_catalogue_is_revised_or_offered() {
    for command in [revise(card(5)), offer(id(8))] {
        given::<Subject>([]).when(command).then_refused(SubjectError::Unknown);
    }
}

#[test]
fn a_subject_is_worth_some_credits() {
    for command in [create(card(0)), import(card(0))] {
        given::<Subject>([]).when(command).then_refused(SubjectError::NoCredits);
    }
    given::<Subject>(created()).when(revise(card(0))).then_refused(SubjectError::NoCredits);
}

#[test]
fn a_subject_is_never_its_own_prerequisite() {
    let refused = SubjectError::OwnPrerequisite;
    for command in [create(own_prerequisite()), import(own_prerequisite())] {
        given::<Subject>([]).when(command).then_refused(refused.clone());
    }
    given::<Subject>(created()).when(revise(own_prerequisite())).then_refused(refused);
}

#[test]
fn an_import_creates_then_revises_and_changes_nothing_the_second_time() {
    let imported = Event::Imported { subject: subject(), card: card(5), origin: row(2) };
    given::<Subject>([]).when(import(card(5))).then([imported.clone()]);
    given::<Subject>([imported.clone()]).when(import(card(5))).then_nothing_happens();
    given::<Subject>([imported]).when(import(card(6))).then([revised(card(6))]);
}
