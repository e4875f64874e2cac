//! Commands in line: in the order of their arrival, no more than fit, and each in its turn.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use aggregates::{
    shared::{EnrollmentId, PersonId, StreamId, SubjectId, TermId},
    stream::{Standing, StreamCommand},
};
use futures::future::join_all;
use jiff::Timestamp;
use oqu::{
    cabinet::Cabinet,
    commands::{CommandError, Transaction},
    config::Config,
    log,
};

use crate::{
    common::{ask, assert_dense, create, retitle, rows, stream_card},
    server::until,
};

tests! {
    both {
        commands_are_done_in_the_order_of_their_arrival,
        more_commands_than_fit_are_told_to_come_again,
        a_crowd_on_one_stream_holds_up_nobody_else,
    }
}

async fn commands_are_done_in_the_order_of_their_arrival(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let subjects: Vec<_> = (0..3_000).map(|_| SubjectId::new()).collect();
    let asked = subjects.iter().map(|subject| cabinet.commands.execute(ask([create(*subject)])));
    let done = join_all(asked).await;
    assert!(done.iter().all(Result::is_ok));
    let stored = rows(&cabinet.database, "SELECT aggregate_id FROM events ORDER BY position").await;
    let stored: Vec<_> = stored.iter().map(|row| row.text(0).unwrap()).collect();
    let arrived: Vec<_> = subjects.iter().map(ToString::to_string).collect();
    assert!(stored == arrived, "the log has another order");
    assert!(rows(&cabinet.database, "SELECT 1 FROM log_batches").await.len() > 1);
}

/// While nothing can be appended the line fills up. Whoever did not fit is told so at once, and nothing of
/// theirs is done; everybody else is answered.
async fn more_commands_than_fit_are_told_to_come_again(config: Config) {
    // 4,096 in line, and two batches of 1,000 that the writer has taken.
    const FIT: usize = 4_096 + 2 * 1_000;
    const TOO_MANY: usize = 900;
    let cabinet = Cabinet::open(config).await.unwrap();
    let mut held = cabinet.database.begin().await.unwrap();
    log::lock_head(&mut held).await.unwrap();
    let two = || ask([create(SubjectId::new()), create(SubjectId::new())]);
    let asked: Vec<_> = (0..FIT + TOO_MANY).map(|_| two()).collect();
    let handed_in = AtomicUsize::new(0);
    let ask = async |asked: &Transaction| {
        handed_in.fetch_add(1, Ordering::Relaxed);
        cabinet.commands.execute(asked.clone()).await
    };
    let ask_all = async |asked: &[Transaction]| join_all(asked.iter().map(&ask)).await;
    let is_busy = |done: &_| matches!(done, Err(CommandError::Busy));
    let release = async {
        let all = asked.len();
        until("all is handed in", async || handed_in.load(Ordering::Relaxed) == all).await;
        let waiting = cabinet.commands.waiting();
        held.rollback().await.unwrap();
        waiting
    };
    let (done, waiting) = tokio::join!(ask_all(&asked), release);
    assert!(waiting > 1_000, "{waiting}");
    let busy = done.iter().filter(|done| is_busy(done)).count();
    let written = done.iter().filter(|done| done.is_ok()).count();
    assert!(busy >= TOO_MANY, "{busy}");
    assert_eq!(busy + written, asked.len());
    assert_eq!(assert_dense(&cabinet.database).await, 2 * written as i64);
    assert_eq!(cabinet.commands.waiting(), 0);

    let refused = asked.into_iter().zip(&done).filter(|(_, done)| is_busy(done));
    let refused: Vec<_> = refused.map(|(asked, _)| asked).take(TOO_MANY).collect();
    assert!(ask_all(&refused).await.iter().all(Result::is_ok));
    assert_eq!(assert_dense(&cabinet.database).await, 2 * (written + TOO_MANY) as i64);
}

/// Each command of the others is in the log a few batches after it was handed in, however many write to the
/// stream meanwhile.
async fn a_crowd_on_one_stream_holds_up_nobody_else(config: Config) {
    const CROWD: usize = 64;
    const OTHERS: usize = 4;
    const EACH: usize = 25;
    // One that ends just then, one that commits, the one that it joins.
    const MOST_BATCHES: i64 = 3;
    let cabinet = Cabinet::open(config).await.unwrap();
    let stream = StreamId::new();
    let card = stream_card(SubjectId::new(), TermId::new());
    cabinet.commands.execute(ask([StreamCommand::Open { stream, card }.of(stream)])).await.unwrap();
    let over = AtomicBool::new(false);
    let at = Timestamp::now();
    let crowd = (0..CROWD).map(|_| async {
        let student = PersonId::new();
        let enrollment = EnrollmentId::of(student, SubjectId::new(), TermId::new());
        let take = StreamCommand::TakeSeat {
            stream,
            student,
            enrollment,
            standing: Standing::default(),
            at,
        }
        .of(stream);
        let release = StreamCommand::ReleaseSeat { stream, student, at }.of(stream);
        let mut done = 0;
        while !over.load(Ordering::Relaxed) {
            cabinet.commands.execute(ask([take.clone()])).await.unwrap();
            cabinet.commands.execute(ask([release.clone()])).await.unwrap();
            done += 2;
        }
        done
    });
    let others = async {
        let each = (0..OTHERS).map(|_| async {
            let subject = SubjectId::new();
            cabinet.commands.execute(ask([create(subject)])).await.unwrap();
            let mut waited = vec![];
            for number in 0..EACH {
                let revise = ask([retitle(subject, &format!("Алгебра {number}"))]);
                let handed_in = *cabinet.commands.head().borrow();
                let done = cabinet.commands.execute(revise).await.unwrap();
                waited.push((handed_in.0, done.position.0));
            }
            waited
        });
        let waited = join_all(each).await.concat();
        over.store(true, Ordering::Relaxed);
        waited
    };
    let (crowd, waited) = tokio::join!(join_all(crowd), others);
    for (handed_in, done) in waited {
        let between =
            format!("SELECT count(*) FROM log_batches WHERE last > {handed_in} AND last <= {done}");
        let batches = rows(&cabinet.database, &between).await[0].int(0).unwrap();
        assert!(batches <= MOST_BATCHES, "waited for {batches} batches");
    }
    // They were a crowd: for each command of the others there were some of theirs.
    let crowd: usize = crowd.iter().sum();
    assert!(crowd > CROWD + OTHERS * EACH, "{crowd}");
    assert_dense(&cabinet.database).await;
}
