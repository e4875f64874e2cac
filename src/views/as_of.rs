//! A view as it stood: the same fold over the events up to a place in the log.

use aggregates::shared::{PersonId, Position};
use jiff::Timestamp;
use projections::View;

use crate::{
    database::{Database, StoreError},
    log::{self, Filter},
};

/// The position that a time names: the last that is not after it.
pub async fn position_at(database: &Database, time: Timestamp) -> Result<Position, StoreError> {
    let sql = "SELECT COALESCE(MAX(last), 0) FROM log_batches WHERE recorded_at <= $1";
    let row = database.fetch_one(sql, &[time.as_microsecond().into()]).await?;
    row.map_or(Ok(Position(0)), |row| row.int(0).map(Position))
}

/// A student's document of a view, from the events of that student up to a position.
pub async fn of_student<V: View>(
    database: &Database,
    student: PersonId,
    until: Position,
) -> Result<V::Document, StoreError> {
    let key = student.to_string();
    let mut document = V::Document::default();
    let filter =
        Filter { student: Some(key.clone()), until_position: Some(until), ..Filter::default() };
    let mut snapshot = database.snapshot().await?;
    log::read_each(&mut snapshot, filter, |event| {
        for event in event.decode()? {
            if V::keys(&event.event).contains(&key) {
                V::apply(&mut document, &key, &event);
            }
        }
        Ok(())
    })
    .await?;
    snapshot.rollback().await?;
    Ok(document)
}
