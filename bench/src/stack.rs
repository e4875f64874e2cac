//! What both stacks are asked: commands of one aggregate, a stream of the timetable with its seats.

use aggregates::{
    shared::{
        EnrollmentId, Meeting, PersonId, StreamId, SubjectId, TermId, Text, TimeOfDay, Weekday,
        Weeks,
    },
    stream::{Standing, StreamCard, StreamCommand, StreamKind},
};
use jiff::Timestamp;
use std::{sync::Arc, time::Duration};

use oqu::database::Database;

use crate::{Fault, ledger::Ledger};

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Acknowledged: one event.
    Done,
    /// A rule forbids it.
    Refused,
}

/// A stack over some database.
pub trait Stack: Send + Sync + 'static {
    /// Does it, until it is done or refused; a conflict is tried again at once.
    fn send(
        &self,
        stream: StreamId,
        command: StreamCommand,
    ) -> impl Future<Output = Result<Sent, Fault>> + Send;
    /// Waits until the view knows of everything that was acknowledged.
    fn settle(&self) -> impl Future<Output = Result<(), Fault>> + Send;
    /// Its database.
    fn database(&self) -> &Database;
    /// The table of its view of streams.
    fn view(&self) -> Arc<str>;
    /// What it has acknowledged.
    fn ledger(&self) -> &Ledger;
    /// How many conflicts there were so far.
    fn conflicts(&self) -> u64;
    /// Folds the view of streams from the log into an empty table, for as long as that time where it takes longer.
    fn rebuild(&self, most: Duration) -> impl Future<Output = Result<Rebuilt, Fault>> + Send;
}

/// A view built anew.
pub struct Rebuilt {
    /// Events a second.
    pub rate: f64,
    /// How many events its documents do not show, of those that they should.
    pub lost: u64,
}

/// How many events the documents of a view show.
pub async fn shown(database: &Database, table: &str) -> Result<u64, Fault> {
    let sql = format!("SELECT CAST(COALESCE(SUM(version), 0) AS bigint) FROM {table}");
    let row = database.fetch_one(&sql, &[]).await?.ok_or("no sum")?;
    Ok(row.int(0)?.unsigned_abs())
}

/// A stream with that many seats: some 500 bytes as an event.
pub fn open(stream: StreamId, limit: Option<u32>) -> StreamCommand {
    let text = |text: &str| Text::short(text).unwrap_or_else(|flaw| unreachable!("{flaw:?}"));
    let meeting = |weekday| Meeting {
        weekday,
        starts_at: TimeOfDay::from_minutes(9 * 60).unwrap_or(TimeOfDay::END_OF_DAY),
        ends_at: TimeOfDay::END_OF_DAY,
        weeks: Weeks::every(),
        room: Some("201".into()),
    };
    let card = StreamCard {
        // A subject has few streams in a term: the last of the id is random.
        subject: SubjectId::derived(&[&stream.to_string()[30..]]),
        term: TermId::derived(&[]),
        kind: StreamKind::Lecture,
        configuration: text("full time"),
        component: text("lecture"),
        group: text("Информатика-101"),
        parent: None,
        limit,
        meetings: vec![meeting(Weekday::Monday)],
        teachers: vec![PersonId::new()],
    };
    StreamCommand::Open { stream, card }
}

/// Somebody takes a seat.
pub fn take(stream: StreamId) -> StreamCommand {
    StreamCommand::TakeSeat {
        stream,
        student: PersonId::new(),
        enrollment: EnrollmentId::derived(&[]),
        standing: Standing::default(),
        at: Timestamp::UNIX_EPOCH,
    }
}
