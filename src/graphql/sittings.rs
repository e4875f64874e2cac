//! Sittings: exams, controls and consultations of a stream, each at a time and a place (manual 2.4.2).

use aggregates::{
    academic_calendar::{PeriodKind, Term},
    shared::{Position, SittingId, StreamId, Text, Window},
    stream::{self, SittingKind, SittingTimes, StreamCommand},
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use jiff::tz::TimeZone;
use projections::{
    stream::Streams,
    term::{TermDocument, Terms, midnight},
};

use super::{
    errors::{Fault, internal},
    mutation::{Plan, run},
    opening_streams::{StreamPayload, stream_shown, stream_warned},
    request::{Ask, input_id, optional_short},
    scalars::DateTime,
    sitting_warnings,
};

/// What a sitting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "SittingKind", remote = "SittingKind")]
pub enum SittingKindEnum {
    /// An exam.
    Exam,
    /// A midterm or another control.
    Control,
    /// A consultation before one.
    Consultation,
}

/// When and where those of a stream are examined.
#[derive(SimpleObject)]
pub struct Sitting {
    /// Its id.
    id: ID,
    /// What it is.
    kind: SittingKindEnum,
    /// From when.
    starts_at: DateTime,
    /// Until when.
    ends_at: DateTime,
    /// Where.
    room: Option<String>,
    /// The address, where it is online.
    online_link: Option<String>,
    /// What to know of it.
    note: Option<String>,
}

impl Sitting {
    /// The sitting as it is shown.
    pub fn of(id: impl Into<ID>, sitting: &stream::Sitting) -> Self {
        let said = |text: &Option<Text>| text.as_ref().map(Text::to_string);
        Self {
            id: id.into(),
            kind: sitting.kind.into(),
            starts_at: DateTime(sitting.window.opens_at),
            ends_at: DateTime(sitting.window.closes_at),
            room: said(&sitting.room),
            online_link: said(&sitting.link),
            note: said(&sitting.note),
        }
    }
}

input! {
    /// A sitting of a stream.
    ScheduleSittingInput {
        /// The stream.
        stream_id: ID,
        /// The sitting that is otherwise from now on; a new one where none is stated.
        sitting_id: Option<ID>,
        /// What it is.
        kind: SittingKindEnum,
        /// From when.
        starts_at: DateTime,
        /// Until when.
        ends_at: DateTime,
        /// Where.
        room: Option<String>,
        /// The address, where it is online.
        online_link: Option<String>,
        /// What to know of it: what may be brought along, and so on.
        note: Option<String>,
    }
}

input! {
    /// A sitting that does not take place.
    CancelSittingInput {
        /// The stream.
        stream_id: ID,
        /// The sitting.
        sitting_id: ID,
    }
}

/// What is done with sittings.
#[derive(Default)]
pub struct SittingMutations;

#[Object]
impl SittingMutations {
    /// Schedules an exam, a control or a consultation of a stream, or says anew when and where it is: it stands in the
    /// timetable of everybody who is in the stream, and needs no registration (manual 2.4.2). It lasts 12 hours at the
    /// most and lies within the days of the term, or the exams that follow them; an exam lies within a period of exams,
    /// where the calendar has one for the term. None is set in the past; one that has begun may last longer. What is worth
    /// a second look is told in `warnings`, and refuses nothing: students of the stream who have another sitting
    /// (`SITTINGS_AT_ONCE`) or a class (`CLASS_AT_ONCE`) at that time, by the streams that they are in; holidays for
    /// everybody (`ON_HOLIDAY`); another sitting or class in the room (`ROOM_TAKEN`); and what else its teachers have
    /// (`TEACHER_ELSEWHERE`). A class of the stream itself gives way.
    async fn schedule_sitting(
        &self,
        ctx: &Context<'_>,
        input: ScheduleSittingInput,
    ) -> async_graphql::Result<Option<StreamPayload>> {
        let done = run(ctx, &input, async {
            let stream: StreamId = input_id(&input.stream_id, "streamId")?;
            let about = stream::Sitting {
                kind: input.kind.into(),
                window: Window { opens_at: input.starts_at.0, closes_at: input.ends_at.0 },
                room: optional_short(input.room.as_ref(), "room")?,
                link: optional_short(input.online_link.as_ref(), "onlineLink")?,
                note: optional_short(input.note.as_ref(), "note")?,
            };
            let (times, at) = (times(ctx, stream).await?, ctx.services()?.cabinet.now());
            let known = input.sitting_id.as_ref().map(|id| input_id(id, "sittingId"));
            let known = known.transpose()?;
            let sitting = known.unwrap_or_else(SittingId::new);
            let command = match known {
                Some(_) => StreamCommand::RescheduleSitting { stream, sitting, about, times, at },
                None => StreamCommand::ScheduleSitting { stream, sitting, about, times, at },
            };
            Ok(Plan::of(vec![command.of(stream)], stream).showing(sitting))
        });
        let done = done.await?;
        let warnings = match (done.shown(0), done.shown(1)) {
            // What was done is hidden by no error.
            (Some(stream), Some(sitting)) => {
                sitting_warnings::of(ctx, stream, sitting).await.unwrap_or_default()
            }
            _ => vec![],
        };
        stream_warned(ctx, done, warnings).await
    }

    /// Cancels a sitting.
    async fn cancel_sitting(
        &self,
        ctx: &Context<'_>,
        input: CancelSittingInput,
    ) -> async_graphql::Result<Option<StreamPayload>> {
        let done = run(ctx, &input, async {
            let stream: StreamId = input_id(&input.stream_id, "streamId")?;
            let sitting: SittingId = input_id(&input.sitting_id, "sittingId")?;
            let act = StreamCommand::CancelSitting { stream, sitting }.of(stream);
            Ok(Plan::of(vec![act], stream))
        });
        stream_shown(ctx, done.await?).await
    }
}

/// When sittings of a stream may be, by the calendar of its term.
async fn times(ctx: &Context<'_>, stream: StreamId) -> Result<SittingTimes, Fault> {
    let cabinet = &ctx.services()?.cabinet;
    let read_at = cabinet.freshness.reached();
    let known = ctx.document::<Streams>(stream).await?;
    let card = known.as_ref().and_then(|known| known.card.as_ref());
    let card = card.ok_or_else(|| Fault::user("STREAM_UNKNOWN", "streamId"))?;
    let known = ctx.document::<Terms>(card.term).await?;
    let times = known.and_then(|known| times_of(&known, &cabinet.time_zone));
    Ok(SittingTimes { read_at, ..times.ok_or_else(internal)? })
}

/// When sittings of a term may be.
pub fn times_of(term: &TermDocument, zone: &TimeZone) -> Option<SittingTimes> {
    let exams = term.periods.values().filter(|period| period.kind == PeriodKind::Exams);
    let exams: Vec<_> = exams.map(|period| period.window).collect();
    let days = days(term, zone)?;
    let last = exams.iter().map(|exams| exams.closes_at).max();
    let closes_at = last.map_or(days.closes_at, |last| last.max(days.closes_at));
    Some(SittingTimes { term: Window { closes_at, ..days }, exams, read_at: Position(0) })
}

/// From the first instant of a term until the end of its last day.
fn days(term: &TermDocument, zone: &TimeZone) -> Option<Window> {
    let Term { starts_on, ends_on, .. } = term.term.as_ref()?;
    let opens_at = midnight(*starts_on, zone)?;
    Some(Window { opens_at, closes_at: midnight(ends_on.tomorrow().ok()?, zone)? })
}
