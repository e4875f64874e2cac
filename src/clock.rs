//! The clock of the house: the database's, so that nodes whose machines' clocks differ decide alike by windows and
//! offers. An embedded database has this machine's.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use tracing::warn;

use crate::database::{Database, StoreError};

/// How often the clocks are compared.
const COMPARE_EVERY: Duration = Duration::from_secs(30);
/// A difference that the server's log tells of, in microseconds.
const WORTH_TELLING: i64 = 1_000_000;

/// What time it is. Clones share what is known of the difference.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// How far the database's clock is ahead of this machine's, in microseconds.
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// The clock of a database, compared with this machine's now and from time to time.
    pub async fn of(database: &Database) -> Result<Self, StoreError> {
        let clock = Self::default();
        if matches!(database, Database::Postgres(_)) {
            clock.compare(database).await?;
            tokio::spawn(follow(Arc::downgrade(&clock.ahead), database.clone()));
        }
        Ok(clock)
    }

    /// Now, to the microsecond, as the log keeps times.
    pub fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        let micros = now.as_microsecond().saturating_add(self.ahead());
        Timestamp::from_microsecond(micros).unwrap_or(now)
    }

    /// How far the database's clock is ahead of this machine's, in microseconds.
    pub fn ahead(&self) -> i64 {
        self.ahead.load(Ordering::Relaxed)
    }

    async fn compare(&self, database: &Database) -> Result<(), StoreError> {
        let before = Timestamp::now().as_microsecond();
        let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
        let Some(row) = database.fetch_one(sql, &[]).await? else { return Ok(()) };
        let there = row.int(0)?;
        let known = self.ahead();
        let ahead = difference(known, before, there, Timestamp::now().as_microsecond());
        self.ahead.store(ahead, Ordering::Relaxed);
        if (ahead - known).abs() >= WORTH_TELLING {
            let milliseconds = ahead / 1_000;
            warn!(milliseconds, "the database's clock, which counts, is ahead of this machine's");
        }
        Ok(())
    }
}

/// How far a clock is ahead that showed `there` at some moment between `before` and `after`: what is known of it, as far
/// as that can be; an answer that took long unsays nothing.
fn difference(known: i64, before: i64, there: i64, after: i64) -> i64 {
    known.clamp(there - after.max(before), there - before)
}

/// Compares the clocks as long as somebody asks for the time.
async fn follow(ahead: Weak<AtomicI64>, database: Database) {
    loop {
        tokio::time::sleep(COMPARE_EVERY).await;
        let Some(ahead) = ahead.upgrade() else { return };
        if let Err(cause) = (Clock { ahead }).compare(&database).await {
            warn!(%cause, "the database does not say what time it is");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_differ_by_what_no_delay_explains() {
        assert_eq!(difference(0, 100, 100, 100), 0);
        assert_eq!(difference(0, 100, 140, 150), 0);
        assert_eq!(difference(0, 100, 190, 150), 40);
        assert_eq!(difference(0, 100, 70, 150), -30);
    }

    #[test]
    fn a_slow_answer_unsays_no_difference_that_is_known() {
        assert_eq!(difference(40, 100, 140, 150), 40);
        assert_eq!(difference(40, 100, 110, 120), 10);
        // A clock that was set back while it was asked.
        assert_eq!(difference(0, 100, 100, 90), 0);
    }
}
