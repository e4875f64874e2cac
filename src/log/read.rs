//! Reading the log: in its order, by filters, or the events of some aggregates.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::Arc,
};

use aggregates::{
    Event,
    shared::{Metadata, Position, Recorded},
};
use jiff::Timestamp;
use serde::Serialize;

use super::{Chain, Head, NewEvent};
use crate::database::{Database, Reader, Row, StoreError, Transaction, Value};

/// An event as it is stored.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "named after the columns")]
pub struct StoredEvent {
    pub position: Position,
    pub recorded_at: i64,
    pub aggregate_type: String,
    pub aggregate_id: String,
    pub sequence: i64,
    pub event_type: String,
    pub event_version: String,
    pub payload: String,
    pub metadata: String,
    pub student: Option<String>,
}

/// The columns of `events AS e`.
pub(super) const COLUMNS: &str = "e.position, e.recorded_at, e.aggregate_type, e.aggregate_id, \
    e.sequence, e.event_type, e.event_version, CAST(e.payload AS text), CAST(e.metadata AS text), \
    e.student";

impl StoredEvent {
    pub(super) fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            position: Position(row.int(0)?),
            recorded_at: row.int(1)?,
            aggregate_type: row.text(2)?,
            aggregate_id: row.text(3)?,
            sequence: row.int(4)?,
            event_type: row.text(5)?,
            event_version: row.text(6)?,
            payload: row.text(7)?,
            metadata: row.text(8)?,
            student: row.optional_text(9)?,
        })
    }

    /// What happened, as the domain knows it: one event, or several where what was one event is several
    /// now; they share their place.
    pub fn decode(&self) -> Result<Vec<Recorded>, StoreError> {
        self.decode_with(Arc::new(self.metadata()?))
    }

    /// What several events are, in their order: what one transaction wrote shares its metadata, which are read once.
    pub fn decode_all(events: &[Self]) -> impl Iterator<Item = Result<Vec<Recorded>, StoreError>> {
        let mut last: Option<(&str, Arc<Metadata>)> = None;
        events.iter().map(move |event| {
            let metadata = match &last {
                Some((same, metadata)) if *same == event.metadata => Arc::clone(metadata),
                _ => Arc::new(event.metadata()?),
            };
            last = Some((&event.metadata, Arc::clone(&metadata)));
            event.decode_with(metadata)
        })
    }

    fn decode_with(&self, metadata: Arc<Metadata>) -> Result<Vec<Recorded>, StoreError> {
        let recorded_at = self.recorded_at()?;
        let recorded = self.events()?.into_iter().map(|event| Recorded {
            position: self.position,
            recorded_at,
            aggregate_id: self.aggregate_id.clone(),
            sequence: self.sequence,
            metadata: Arc::clone(&metadata),
            event,
        });
        Ok(recorded.collect())
    }

    /// The same without its place.
    pub fn events(&self) -> Result<Vec<Event>, StoreError> {
        let Self { aggregate_type, event_type, event_version, payload, .. } = self;
        let read = Event::read(aggregate_type, event_type, event_version, payload);
        read.map_err(|error| self.corrupt(error))
    }

    /// When it was committed.
    pub fn recorded_at(&self) -> Result<Timestamp, StoreError> {
        Timestamp::from_microsecond(self.recorded_at).map_err(|error| self.corrupt(error))
    }

    /// Who, why and from where.
    pub fn metadata(&self) -> Result<Metadata, StoreError> {
        Metadata::read(&self.metadata).map_err(|error| self.corrupt(error))
    }

    fn corrupt(&self, what: impl fmt::Display) -> StoreError {
        StoreError::Corrupt(format!("event {} ({}): {what}", self.position, self.event_type))
    }
}

/// In SQLite's index of students these are in order within each part of so many positions, as a power of two
/// (docs/decisions/0022).
const PART: u32 = 11;

/// Which events; all that are set have to fit.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of that student's record.
    pub student: Option<String>,
    /// Of that aggregate type.
    pub aggregate_type: Option<String>,
    /// Of that aggregate.
    pub aggregate_id: Option<String>,
    /// By that person.
    pub actor: Option<String>,
    /// Of that type.
    pub event_type: Option<String>,
    /// Recorded then or later, in microseconds since 1970.
    pub since: Option<i64>,
    /// Recorded then or before.
    pub until: Option<i64>,
    /// Behind that position.
    pub after: Option<Position>,
    /// Up to that position.
    pub until_position: Option<Position>,
}

impl Filter {
    /// The order of the log. Within an aggregate its sequence is the same, and lies in the key: by position
    /// the whole log would be looked through for it.
    fn order(&self) -> &'static str {
        if self.is_of_one_aggregate() { "sequence" } else { "position" }
    }

    fn is_of_one_aggregate(&self) -> bool {
        self.aggregate_type.is_some() && self.aggregate_id.is_some()
    }

    /// Where the events are looked for, with what that needs behind the values of the conditions: SQLite looks into
    /// each part of its index of students that may hold some.
    fn source(&self, from: &Transaction, values: &mut Vec<Value>) -> String {
        let in_parts = from.pick(false, self.student.is_some() && !self.is_of_one_aggregate());
        if !in_parts {
            return "events AS e".to_owned();
        }
        let first = self.after.unwrap_or_default().0.max(0) >> PART;
        let last = self.until_position.map_or(i64::MAX, |until| until.0) >> PART;
        let [from, to] = [1, 2].map(|place| values.len() + place);
        values.extend([Value::Int(first), Value::Int(last)]);
        format!(
            "(WITH RECURSIVE parts (part) AS (SELECT ${from} UNION ALL SELECT part + 1 FROM parts \
             WHERE part < (SELECT MIN(position >> {PART}, ${to}) FROM log_head)) SELECT part FROM parts) \
             CROSS JOIN events AS e INDEXED BY events_student ON e.position >> {PART} = part"
        )
    }

    fn conditions(&self) -> (String, Vec<Value>) {
        let texts = [
            ("student =", &self.student),
            ("aggregate_type =", &self.aggregate_type),
            ("aggregate_id =", &self.aggregate_id),
            ("metadata ->> 'actor' =", &self.actor),
            ("event_type =", &self.event_type),
        ];
        let numbers = [
            ("recorded_at >=", self.since),
            ("recorded_at <=", self.until),
            ("position >", self.after.map(|position| position.0)),
            ("position <=", self.until_position.map(|position| position.0)),
        ];
        let texts = texts
            .into_iter()
            .filter_map(|(test, text)| text.as_deref().map(|text| (test, Value::from(text))));
        let numbers = numbers
            .into_iter()
            .filter_map(|(test, number)| number.map(|number| (test, Value::Int(number))));
        let (tests, values): (Vec<_>, Vec<_>) = texts.chain(numbers).unzip();
        let numbered = tests.iter().zip(1..).map(|(test, place)| format!("{test} ${place}"));
        let conditions: Vec<_> = numbered.collect();
        let conditions = match conditions.as_slice() {
            [] => String::new(),
            some => format!("WHERE {}", some.join(" AND ")),
        };
        (conditions, values)
    }
}

/// At most `limit` events in the order of the log.
pub async fn read(
    from: &mut Transaction,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<StoredEvent>, StoreError> {
    let (conditions, mut values) = filter.conditions();
    let (source, order) = (filter.source(from, &mut values), filter.order());
    let sql = format!("SELECT {COLUMNS} FROM {source} {conditions} ORDER BY {order} LIMIT {limit}");
    from.fetch(&sql, &values).await?.iter().map(StoredEvent::from_row).collect()
}

/// All events that fit, in the order of the log, a page in memory at a time.
pub async fn read_each(
    from: &mut Transaction,
    mut filter: Filter,
    mut take: impl FnMut(StoredEvent) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    const PAGE: usize = 1_000;
    loop {
        let events = read(from, &filter, PAGE).await?;
        let last = events.last().map(|event| event.position);
        let full = events.len() == PAGE;
        events.into_iter().try_for_each(&mut take)?;
        match last {
            Some(last) if full => filter.after = Some(last),
            _ => return Ok(()),
        }
    }
}

/// Where the log ends.
pub async fn head(database: &Database) -> Result<Head, StoreError> {
    head_of(database.fetch(HEAD, &[]).await?)
}

/// The same within a transaction.
pub async fn head_in(open: &mut Transaction) -> Result<Head, StoreError> {
    head_of(open.fetch(HEAD, &[]).await?)
}

pub(super) const HEAD: &str = "SELECT position, recorded_at, chain FROM log_head";

pub(super) fn head_of(rows: Vec<Row>) -> Result<Head, StoreError> {
    let row = rows.first().ok_or_else(|| StoreError::Corrupt("log_head is empty".into()))?;
    let chain = Chain::from_bytes(&row.bytes(2)?)
        .ok_or_else(|| StoreError::Corrupt("log_head.chain is not 32 bytes".into()))?;
    Ok(Head { position: Position(row.int(0)?), recorded_at: row.int(1)?, chain })
}

/// When the event at that place was recorded; none before the first.
pub async fn time_of(
    database: &Database,
    position: Position,
) -> Result<Option<Timestamp>, StoreError> {
    let found = recorded_at(database, &BTreeSet::from([position.0])).await?;
    let time = found.get(&position.0).map(|at| Timestamp::from_microsecond(*at)).transpose();
    time.map_err(|error| StoreError::Corrupt(format!("event {position}: {error}")))
}

/// A batch as it is stored: (first, last, recorded_at, sha256, chain).
pub type StoredBatch = (i64, i64, i64, Vec<u8>, Vec<u8>);

/// At most `limit` batches that begin behind a position, in order.
pub async fn read_batches(
    from: &mut Transaction,
    after: i64,
    limit: usize,
) -> Result<Vec<StoredBatch>, StoreError> {
    let sql = format!(
        "SELECT first, last, recorded_at, sha256, chain FROM log_batches \
         WHERE first > $1 ORDER BY first LIMIT {limit}"
    );
    let rows = from.fetch(&sql, &[after.into()]).await?;
    rows.iter()
        .map(|row| Ok((row.int(0)?, row.int(1)?, row.int(2)?, row.bytes(3)?, row.bytes(4)?)))
        .collect()
}

/// All events of these aggregates (type, id), in the order of the log, which is that of each aggregate too.
pub async fn load_aggregates(
    mut database: &Database,
    wanted: &[(&str, &str)],
) -> Result<Vec<StoredEvent>, StoreError> {
    read_aggregates(&mut database, wanted, Position(i64::MAX)).await
}

/// The same up to a position, in one read.
///
/// The join goes by the primary key even on a table whose statistics are fresh from empty; an
/// `= ANY` was planned as a scan.
pub async fn read_aggregates(
    reader: &mut impl Reader,
    wanted: &[(impl Serialize, impl Serialize)],
    until: Position,
) -> Result<Vec<StoredEvent>, StoreError> {
    let (asked, join) = reader.pick(
        (
            "json_array_elements($1::json) AS asked (value)",
            "CROSS JOIN LATERAL (SELECT * FROM events WHERE aggregate_type = value ->> 0 \
             AND aggregate_id = value ->> 1 AND position <= $2 OFFSET 0) AS e",
        ),
        (
            "json_each($1) AS asked",
            "CROSS JOIN events AS e ON aggregate_type = value ->> 0 AND aggregate_id = value ->> 1 \
             AND position <= $2",
        ),
    );
    let sql = format!("SELECT {COLUMNS} FROM {asked} {join} ORDER BY e.position");
    let rows = reader.fetch(&sql, &[Value::json(wanted)?, until.0.into()]).await?;
    rows.iter().map(StoredEvent::from_row).collect()
}

/// Which aggregates (type, id) the events behind one position and up to another are of.
pub async fn touched(
    database: &Database,
    after: Position,
    until: Position,
) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT DISTINCT aggregate_type, aggregate_id FROM events \
               WHERE position > $1 AND position <= $2";
    let rows = database.fetch(sql, &[after.0.into(), until.0.into()]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// When the events at these positions were recorded, in microseconds since 1970.
pub async fn recorded_at(
    database: &Database,
    positions: &BTreeSet<i64>,
) -> Result<HashMap<i64, i64>, StoreError> {
    let sql = format!(
        "SELECT position, recorded_at FROM {} JOIN events ON position = CAST(value AS bigint)",
        database.json_texts("$1")
    );
    let rows = database.fetch(&sql, &[Value::json(positions)?]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.int(1)?))).collect()
}

/// Where exactly this event lies in the log, if it does.
pub async fn find(
    open: &mut Transaction,
    event: &NewEvent,
) -> Result<Option<Position>, StoreError> {
    let sql = "SELECT position, CAST(metadata AS text) FROM events \
               WHERE aggregate_type = $1 AND aggregate_id = $2 AND sequence = $3";
    let key =
        [event.aggregate_type.into(), event.aggregate_id.as_str().into(), event.sequence.into()];
    let rows = open.fetch(sql, &key).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok((row.text(1)? == event.metadata()).then_some(Position(row.int(0)?)))
}
