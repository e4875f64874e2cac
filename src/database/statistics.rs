//! What PostgreSQL's planner knows of the sizes of tables.
//!
//! It keeps the plan of a prepared statement until it hears that a table has grown, and hears of that once
//! a minute at the most. What was planned on an empty table reads all of it by then.

use super::{Database, StoreError};

/// At how many events it is told first: from then on an index pays.
const FIRST: i64 = 500;

/// When it is told next.
#[derive(Debug)]
pub struct Growth {
    next: i64,
}

impl Default for Growth {
    fn default() -> Self {
        Self { next: FIRST }
    }
}

impl Growth {
    /// Whether the log has doubled since this last said so.
    pub fn doubled(&mut self, events: i64) -> bool {
        let doubled = events >= self.next;
        if doubled {
            self.next = events.saturating_mul(2);
        }
        doubled
    }
}

impl Database {
    /// Tells PostgreSQL's planner how large our tables are, and all connections to plan anew. SQLite plans
    /// by the indexes alone.
    pub async fn analyze(&self) -> Result<(), StoreError> {
        let Self::Postgres(_) = self else { return Ok(()) };
        let ours = "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables \
                    WHERE schemaname = current_schema() AND tableowner = current_user";
        let ours = self.fetch_one(ours, &[]).await?;
        if let Some(tables) = ours.map(|row| row.optional_text(0)).transpose()?.flatten() {
            self.execute(&format!("ANALYZE (SKIP_LOCKED) {tables}"), &[]).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_of_each_doubling_once() {
        let mut growth = Growth::default();
        let told = [1, 499, 500, 999, 1_000, 1_999, 5_000, 9_999, 10_000];
        let told = told.into_iter().filter(|events| growth.doubled(*events));
        assert_eq!(told.collect::<Vec<_>>(), [500, 1_000, 5_000, 10_000]);
    }
}
