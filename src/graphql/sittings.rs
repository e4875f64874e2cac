//! Sittings: exams, controls and consultations of a stream, each at a time and a place (manual 2.4.2).

use aggregates::{
    shared::{SittingId, StreamId, Text, Window},
    stream::{self, SittingKind, StreamCommand},
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use super::{
    mutation::{Plan, run},
    opening_streams::{StreamPayload, stream_shown},
    request::{input_id, optional_short},
    scalars::DateTime,
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
    /// timetable of everybody who is in the stream, and needs no registration (manual 2.4.2).
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
            let command = match &input.sitting_id {
                Some(id) => {
                    let sitting = input_id(id, "sittingId")?;
                    StreamCommand::RescheduleSitting { stream, sitting, about }
                }
                None => {
                    let sitting = SittingId::new();
                    StreamCommand::ScheduleSitting { stream, sitting, about }
                }
            };
            Ok(Plan::of(vec![command.of(stream)], stream))
        });
        stream_shown(ctx, done.await?).await
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
