//! What the writer does where an append did not go through: somebody was faster, the database refuses one
//! command of many, or nobody saw how the commit ended.

use std::time::{Duration, Instant};

use super::{
    batch::{Batch, Waiting, may_be_of_one_command},
    writer::Writer,
};
use crate::{
    database::{StoreError, Unwritten},
    log,
};

/// How long a commit whose end nobody saw is looked for, and how often.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(250);

impl Writer {
    /// What becomes of a batch that did not go through.
    pub(super) async fn recover(&mut self, unwritten: Unwritten, batch: Batch) {
        if may_be_of_one_command(&unwritten) {
            self.with_the_head_held(batch.into_waiting().collect()).await;
        } else {
            self.give_up(unwritten, batch).await;
        }
    }

    async fn give_up(&mut self, unwritten: Unwritten, batch: Batch) {
        match unwritten {
            Unwritten::Unknown(cause) => self.find_out(cause, batch).await,
            unwritten => batch.fail(&unwritten),
        }
    }

    /// Nobody can be faster while we hold the head: however many write to one aggregate, each gets its
    /// turn. Where the database refuses a batch its halves go on alone, so that in the end one bad
    /// command fails alone.
    pub(super) async fn with_the_head_held(&mut self, mut waiting: Vec<Waiting>) {
        let Err((unwritten, batch)) = self.attempt_with_the_head_held(waiting).await else {
            return;
        };
        if batch.len() > 1 && may_be_of_one_command(&unwritten) {
            waiting = batch.into_waiting().collect();
            let second = waiting.split_off(waiting.len() / 2);
            Box::pin(self.with_the_head_held(waiting)).await;
            Box::pin(self.with_the_head_held(second)).await;
        } else {
            self.give_up(unwritten, batch).await;
        }
    }

    async fn attempt_with_the_head_held(
        &mut self,
        mut waiting: Vec<Waiting>,
    ) -> Result<(), (Unwritten, Batch)> {
        self.states.clear();
        let held = async {
            let mut open = self.database.begin().await?;
            let head = log::lock_head(&mut open).await?;
            Ok::<_, StoreError>((open, head))
        };
        let (open, head) = match held.await {
            Ok(held) => held,
            Err(cause) => {
                let unwritten = Unwritten::Refused(cause);
                waiting.into_iter().for_each(|waiting| waiting.fail(&unwritten));
                return Ok(());
            }
        };
        self.seen = Some(head);
        let later = std::mem::take(&mut self.again);
        // One that is said to be new may not be: the log alone is believed now.
        let acts = waiting.iter_mut().flat_map(|waiting| &mut waiting.transaction.acts);
        acts.for_each(|act| act.new = false);
        self.decide(waiting).await;
        self.again.extend(later);
        self.number += 1;
        let mut batch = std::mem::take(&mut self.pending);
        match batch.append(&self.database, Some(open), head).await {
            Ok(head) => {
                self.seen = Some(head);
                self.announce.appended(&mut batch, head);
                batch.answer(head.position, true);
                Ok(())
            }
            Err(unwritten) => {
                self.start_afresh();
                Err((unwritten, batch))
            }
        }
    }

    /// A commit whose end nobody saw: looked up in the log before anybody is answered.
    async fn find_out(&mut self, cause: StoreError, batch: Batch) {
        let until = Instant::now() + PATIENCE;
        loop {
            match batch.find(&self.database).await {
                Ok(Some(position)) => {
                    self.announce.head.send_replace(position);
                    // What was refused is decided once more: we did not see who else wrote.
                    let again = batch.answer(position, false);
                    self.withdraw(again);
                    return;
                }
                Ok(None) => {
                    let lost = sqlx::Error::Protocol(cause.to_string());
                    batch.fail(&Unwritten::Refused(StoreError::Unavailable(lost)));
                    return;
                }
                Err(StoreError::Unavailable(_)) if Instant::now() < until => {
                    tokio::time::sleep(PAUSE).await;
                }
                Err(_) => {
                    batch.fail(&Unwritten::Unknown(cause));
                    return;
                }
            }
        }
    }
}
