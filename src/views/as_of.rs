//! A view's document as it stood: the same fold over the events up to a place in the log. The events are found by
//! the aggregates that feed the document: those that its key names, and those that the runner has noted.

use aggregates::{Event, shared::Position};
use jiff::Timestamp;
use projections::{AnyView, View};

use super::{
    Stored, Views, decode_all,
    fold::{Open, touched},
};
use crate::{
    database::{Database, Reader, StoreError, Transaction},
    log,
};

/// The position that a time names: the last that is not after it. Times go up with positions, so that a few looks by
/// the key find it; an index of the times would cost every commit.
pub async fn position_at(database: &Database, time: Timestamp) -> Result<Position, StoreError> {
    let sql = "SELECT first, last, recorded_at FROM log_batches WHERE first <= $1 \
               ORDER BY first DESC LIMIT 1";
    // What is up to `from` is not after it, what is behind `to` is.
    let (mut from, mut to) = (0, log::head(database).await?.position.0);
    while from < to {
        let middle = to - (to - from) / 2;
        let Some(batch) = database.fetch_one(sql, &[middle.into()]).await? else { break };
        if batch.int(2)? <= time.as_microsecond() {
            from = batch.int(1)?;
        } else {
            to = batch.int(0)? - 1;
        }
    }
    Ok(Position(from))
}

impl Views {
    /// The document of that key as it stood at a position that the view has come to; none where nothing had
    /// touched it yet. Its version counts the events that it was made of.
    pub async fn document_at(
        &self,
        view: &AnyView,
        key: &str,
        until: Position,
    ) -> Result<Option<Stored>, StoreError> {
        let mut snapshot = self.database.snapshot().await?;
        let feeds = feeds(&mut snapshot, view, key).await?;
        let events = log::read_aggregates(&mut snapshot, &feeds, until).await?;
        snapshot.rollback().await?;
        let events = decode_all(&events)?;
        let Some(events) = touched(view, &events)?.remove(key) else { return Ok(None) };
        Open::of(view, key, None)?.fold(view, key, &events).map(Some)
    }

    /// The same of a view whose documents are known.
    pub async fn get_at<V: View>(
        &self,
        key: &str,
        until: Position,
    ) -> Result<Option<V::Document>, StoreError> {
        let stored = self.document_at(&AnyView::of::<V>(), key, until).await?;
        let document = stored.map(|stored| serde_json::from_str(&stored.payload)).transpose();
        document.map_err(|error| StoreError::Corrupt(format!("{} {key}: {error}", V::NAME)))
    }
}

/// The aggregates (type, id) that may have fed a document.
async fn feeds(
    snapshot: &mut Transaction,
    view: &AnyView,
    key: &str,
) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT aggregate_type, aggregate_id FROM view_sources \
               WHERE stored_in = (SELECT stored_in FROM view_pointers WHERE view = $1) AND key = $2";
    let rows = Reader::fetch(snapshot, sql, &[view.table().into(), key.into()]).await?;
    let noted = rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?)));
    let mut feeds: Vec<_> = noted.collect::<Result<_, StoreError>>()?;
    for id in key.split(':') {
        let types = Event::CATALOGUE.iter().map(|(kind, _)| *kind);
        feeds.extend(types.map(|kind| (kind.to_owned(), id.to_owned())));
    }
    Ok(feeds)
}
