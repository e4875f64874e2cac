//! What the writer does where an aggregate's own code breaks, and how much its states hold: on a real
//! database. No aggregate is known to panic, so these make one: by a word in a title.

use std::{fmt::Debug, pin::pin};

use aggregates::{
    Act, Command, Event,
    shared::{Asking, Credits, SubjectId, Text},
    subject::{SubjectCard, SubjectCommand},
};
use futures::{future::join_all, poll};
use tempfile::TempDir;
use tokio::task::yield_now;
use uuid::Uuid;

use super::{Actor, CommandError, Commands, Receipt, Transaction, states::States};
use crate::database::{Database, FolderLock, Location};

const BREAKS_DECIDE: &str = "breaks decide";
const BREAKS_APPLY: &str = "breaks apply";

/// Called with every command before it is decided.
pub(super) fn decides(command: &Command) {
    panic_at(command, BREAKS_DECIDE);
}

/// Called with every event before it is applied.
pub(super) fn applies(event: &Event) {
    panic_at(event, BREAKS_APPLY);
}

fn panic_at(what: &impl Debug, word: &str) {
    assert!(!format!("{what:?}").contains(word), "{word}, as the test wants it");
}

struct House {
    database: Database,
    commands: Commands,
    _lock: Option<FolderLock>,
    _folder: TempDir,
}

impl House {
    async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let (database, lock) = Location::Folder(folder.path().to_owned()).open().await.unwrap();
        let commands = Commands::start(database.clone());
        Self { database, commands, _lock: lock, _folder: folder }
    }

    /// Waits until the writer has taken all that was handed in.
    async fn all_is_taken(&self) {
        while self.commands.waiting() > 0 {
            yield_now().await;
        }
    }

    /// How many events each batch of the log has; positions and sequences have no gaps.
    async fn batches(&self) -> Vec<i64> {
        let gaps = "SELECT 1 FROM events GROUP BY aggregate_type, aggregate_id \
                    HAVING MIN(sequence) <> 1 OR MAX(sequence) <> COUNT(*) \
                    UNION ALL SELECT 1 WHERE (SELECT MAX(position) <> COUNT(*) FROM events)";
        assert!(self.database.fetch(gaps, &[]).await.unwrap().is_empty());
        let sizes = "SELECT last - first + 1 FROM log_batches ORDER BY first";
        let sizes = self.database.fetch(sizes, &[]).await.unwrap();
        sizes.iter().map(|row| row.int(0).unwrap()).collect()
    }
}

fn card(title: &str) -> SubjectCard {
    SubjectCard {
        code: Text::short("MATH101").unwrap(),
        title: Text::short(title).unwrap(),
        credits: Credits::whole(5),
        compulsory: true,
        prerequisites: vec![],
    }
}

fn create(subject: SubjectId) -> Act {
    SubjectCommand::Create { subject, card: card("Алгебра") }.of(subject)
}

fn retitle(subject: SubjectId, title: &str) -> Act {
    SubjectCommand::Revise { subject, card: card(title), asking: Asking::default() }.of(subject)
}

fn ask(acts: impl IntoIterator<Item = Act>) -> Transaction {
    Transaction::of(Actor::command_line("test"), acts.into_iter().collect())
}

/// In one word what came of each.
fn told(done: &[Result<Receipt, CommandError>]) -> Vec<&'static str> {
    let word = |done: &_| match done {
        Ok(_) => "done",
        Err(CommandError::Defect(why)) if why.ends_with("panicked in decide") => "decide",
        Err(CommandError::Defect(why)) if why.ends_with("panicked in apply") => "apply",
        Err(other) => panic!("{other}"),
    };
    done.iter().map(word).collect()
}

#[tokio::test]
async fn a_panic_in_decide_fails_alone() {
    let house = House::open().await;
    let subject = SubjectId::new();
    let batch = [
        ask([create(subject)]),
        ask([retitle(subject, "Физика"), retitle(subject, BREAKS_DECIDE)]),
        ask([retitle(subject, "Геометрия")]),
    ];
    let done = join_all(batch.map(|command| house.commands.execute(command))).await;
    assert_eq!(told(&done), ["done", "decide", "done"]);
    assert_eq!(house.batches().await, [2]);
    let next = house.commands.execute(ask([retitle(subject, "Физика")])).await.unwrap();
    assert_eq!((next.events, house.batches().await), (1, vec![2, 1]));
}

/// Nobody knows what a state is that broke half-way: all are loaded anew, once what was decided on them
/// before is in the log.
#[tokio::test]
async fn a_panic_in_apply_fails_alone() {
    let house = House::open().await;
    let (subject, other) = (SubjectId::new(), SubjectId::new());
    let batch = [
        ask([create(subject)]),
        ask([create(other), retitle(subject, BREAKS_APPLY)]),
        ask([retitle(subject, "Геометрия")]),
        ask([create(other)]),
    ];
    let done = join_all(batch.map(|command| house.commands.execute(command))).await;
    assert_eq!(told(&done), ["done", "apply", "done", "done"]);
    assert_eq!(house.batches().await, [1, 2]);
    let next = house.commands.execute(ask([retitle(subject, "Физика")])).await.unwrap();
    assert_eq!((next.events, house.batches().await), (1, vec![1, 2, 1]));
}

/// The same while one batch commits and another is decided on top of it.
#[tokio::test]
async fn a_panic_in_apply_waits_for_what_is_on_its_way() {
    let house = House::open().await;
    let [first, second, third] = [(); 3].map(|()| SubjectId::new());
    let holds_the_commit = house.database.begin().await.unwrap();
    let hand_in = |commands: Vec<Transaction>| {
        join_all(commands.into_iter().map(|command| house.commands.execute(command)))
    };
    let mut committing = pin!(hand_in(vec![ask([create(first)])]));
    assert!(poll!(committing.as_mut()).is_pending());
    house.all_is_taken().await;
    let broken = ask([create(third), retitle(first, BREAKS_APPLY)]);
    let mut pending = pin!(hand_in(vec![ask([create(second)]), broken]));
    assert!(poll!(pending.as_mut()).is_pending());
    house.all_is_taken().await;
    let on_both = ask([retitle(second, "Физика"), create(third)]);
    let mut behind = pin!(hand_in(vec![ask([retitle(first, "Геометрия")]), on_both]));
    assert!(poll!(behind.as_mut()).is_pending());
    house.all_is_taken().await;
    holds_the_commit.rollback().await.unwrap();
    assert_eq!(told(&committing.await), ["done"]);
    assert_eq!(told(&pending.await), ["done", "apply"]);
    assert_eq!(told(&behind.await), ["done", "done"]);
    assert_eq!(house.batches().await, [1, 1, 3]);
}

/// Subjects that were asked for one after another, each changed by its own batch, from 1.
async fn changed(states: &mut States, house: &House, batches: u64) -> Vec<SubjectId> {
    let subjects: Vec<_> = (0..batches).map(|_| SubjectId::new()).collect();
    for (subject, batch) in subjects.iter().zip(1..) {
        let transaction = ask([create(*subject)]);
        let asked = std::iter::once(&transaction);
        states.load(&house.database, asked).await.unwrap();
        states.decide(&transaction, Uuid::new_v4(), batch).unwrap();
    }
    subjects
}

fn held(states: &States, subjects: &[SubjectId]) -> Vec<bool> {
    subjects.iter().map(|subject| states.holds(&("Subject", subject.to_string()))).collect()
}

#[tokio::test]
async fn states_are_let_go_of_above_the_bound_the_longest_not_asked_for_first() {
    let house = House::open().await;
    let mut states = States::within(2_500);
    let subjects = changed(&mut states, &house, 6).await;
    let again = ask([retitle(subjects[0], "Физика")]);
    states.load(&house.database, std::iter::once(&again)).await.unwrap();
    states.shrink(6);
    assert!(states.bytes() <= 2_500, "{}", states.bytes());
    assert_eq!(held(&states, &subjects), [true, false, false, false, true, true]);
    states.shrink(6);
    assert_eq!(held(&states, &subjects), [true, false, false, false, true, true]);
}

/// What the log does not know of yet could not be loaded from it.
#[tokio::test]
async fn a_state_that_is_on_its_way_to_the_log_is_held_above_the_bound() {
    let house = House::open().await;
    let mut states = States::within(0);
    let subjects = changed(&mut states, &house, 4).await;
    states.shrink(0);
    assert_eq!(held(&states, &subjects), [true; 4]);
    states.shrink(2);
    assert_eq!(held(&states, &subjects), [false, false, true, true]);
    states.shrink(4);
    assert_eq!((held(&states, &subjects), states.bytes()), (vec![false; 4], 0));
}
