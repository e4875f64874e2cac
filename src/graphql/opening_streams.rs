//! Opening streams and giving them teachers: what a registrar does for a term.

use aggregates::{
    shared::{self, Meeting, PersonId, Refuse, Role, StreamId, TermId, Weeks},
    stream::{StreamCard, StreamCommand, StreamError, StreamKind},
};
use async_graphql::{Context, ID, InputObject, Object};
use projections::{
    offering::Offerings,
    stream::{Streams, offering},
    term::Terms,
};

use super::{
    errors::{Fault, UserError, internal},
    mutation::{Done, Plan, run},
    request::{Ask, input_id, optional_short, short},
    scalars::LocalTime,
    streams::{Stream, StreamKindEnum, WeekdayEnum},
    subjects::{known_subject, known_term},
};

/// When and where a stream is to meet.
#[derive(Debug, InputObject)]
pub struct MeetingInput {
    /// The day.
    weekday: WeekdayEnum,
    /// From.
    starts_at: LocalTime,
    /// To.
    ends_at: LocalTime,
    /// In which weeks of the term, from 1; every week where none are stated.
    weeks: Option<Vec<i32>>,
    /// Where.
    room: Option<String>,
}

input! {
    /// A stream for a subject in a term.
    OpenStreamInput {
        /// The subject.
        subject_id: ID,
        /// The term.
        term_id: ID,
        /// The kind of its classes.
        kind: StreamKindEnum,
        /// Which way of taking the subject it belongs to; `1` where none is stated.
        configuration: Option<String>,
        /// Which part of that way it is; the kind where none is stated.
        component: Option<String>,
        /// The group's name.
        group: String,
        /// The stream without which this one can't be taken.
        parent_id: Option<ID>,
        /// The most seats; no limit where none is stated.
        limit: Option<i32>,
        /// When and where it meets.
        #[graphql(default)]
        meetings: Vec<MeetingInput>,
        /// Who teaches.
        #[graphql(default)]
        teacher_ids: Vec<ID>,
    }
}

input! {
    /// A teacher for a stream.
    AssignTeacherInput {
        /// The stream.
        stream_id: ID,
        /// The teacher.
        teacher_id: ID,
    }
}

input! {
    /// One more subject for a stream.
    ListStreamInput {
        /// The stream.
        stream_id: ID,
        /// The subject under which it is listed too: its students share the seats.
        subject_id: ID,
    }
}

input! {
    /// Where a stream meets.
    ChangeStreamPlaceInput {
        /// The stream.
        stream_id: ID,
        /// The room of each meeting, in their order; as they are, where none are stated.
        #[graphql(default)]
        rooms: Vec<Option<String>>,
        /// The address of the online class; none to have none.
        online_link: Option<String>,
    }
}

payload! {
    /// What came of it.
    StreamPayload {
        /// The stream.
        stream: Stream,
        /// What is no error in the sitting that was scheduled and yet worth a second look. Of the stream itself
        /// `Stream.warnings` tells.
        warnings: Vec<UserError>,
    }
}

/// What is done with streams.
#[derive(Default)]
pub struct StreamMutations;

#[Object]
impl StreamMutations {
    /// Opens a stream. Of the same component of a subject in a term no two open ones have the same group's name; it meets
    /// in weeks that the term has.
    async fn open_stream(
        &self,
        ctx: &Context<'_>,
        input: OpenStreamInput,
    ) -> async_graphql::Result<Option<StreamPayload>> {
        let done = run(ctx, &input, async {
            let card = card(ctx, &input).await?;
            let stream = of_that_name(ctx, &card).await?;
            Ok(Plan::of(vec![StreamCommand::Open { stream, card }.of(stream)], stream))
        });
        stream_shown(ctx, done.await?).await
    }

    /// Adds a teacher to a stream.
    async fn assign_teacher(
        &self,
        ctx: &Context<'_>,
        input: AssignTeacherInput,
    ) -> async_graphql::Result<Option<StreamPayload>> {
        let done = run(ctx, &input, async {
            let stream: StreamId = input_id(&input.stream_id, "streamId")?;
            let teacher = teacher(ctx, &input.teacher_id, "teacherId").await?;
            let act = StreamCommand::AssignTeacher { stream, teacher }.of(stream);
            Ok(Plan::of(vec![act], stream))
        });
        stream_shown(ctx, done.await?).await
    }

    /// Lists a stream under one more subject, whose students share its seats.
    async fn list_stream(
        &self,
        ctx: &Context<'_>,
        input: ListStreamInput,
    ) -> async_graphql::Result<Option<StreamPayload>> {
        let done = run(ctx, &input, async {
            let stream: StreamId = input_id(&input.stream_id, "streamId")?;
            let subject = known_subject(ctx, &input.subject_id, "subjectId").await?;
            Ok(Plan::of(vec![StreamCommand::List { stream, subject }.of(stream)], stream))
        });
        stream_shown(ctx, done.await?).await
    }

    /// Says where a stream meets: its rooms, and the address of the online class.
    async fn change_stream_place(
        &self,
        ctx: &Context<'_>,
        input: ChangeStreamPlaceInput,
    ) -> async_graphql::Result<Option<StreamPayload>> {
        let done = run(ctx, &input, async {
            let stream: StreamId = input_id(&input.stream_id, "streamId")?;
            let rooms = input.rooms.iter().map(|room| optional_short(room.as_ref(), "rooms"));
            let rooms = rooms.collect::<Result<_, _>>()?;
            let link = optional_short(input.online_link.as_ref(), "onlineLink")?;
            let act = StreamCommand::ChangePlace { stream, rooms, link }.of(stream);
            Ok(Plan::of(vec![act], stream))
        });
        stream_shown(ctx, done.await?).await
    }
}

async fn card(ctx: &Context<'_>, input: &OpenStreamInput) -> Result<StreamCard, Fault> {
    let subject = known_subject(ctx, &input.subject_id, "subjectId").await?;
    let term = known_term(ctx, &input.term_id, "termId").await?;
    let meetings = meetings(ctx, &input.meetings, term).await?;
    let kind: StreamKind = input.kind.into();
    let parent = match &input.parent_id {
        Some(id) => Some(input_id(id, "parentId")?),
        None => None,
    };
    let limit = input.limit.map(u32::try_from).transpose();
    let mut teachers = Vec::new();
    for id in &input.teacher_ids {
        teachers.push(teacher(ctx, id, "teacherIds").await?);
    }
    let default = |text: Option<shared::Text>, default: &str, field| match text {
        Some(text) => Ok(text),
        None => short(default, field),
    };
    let configuration = optional_short(input.configuration.as_ref(), "configuration")?;
    let component = optional_short(input.component.as_ref(), "component")?;
    let kind_name = match kind {
        StreamKind::Lecture => "lecture",
        StreamKind::Practice => "practice",
        StreamKind::Laboratory => "laboratory",
        StreamKind::Class => "class",
    };
    let card = StreamCard {
        subject,
        term,
        kind,
        configuration: default(configuration, "1", "configuration")?,
        component: default(component, kind_name, "component")?,
        group: short(&input.group, "group")?,
        parent,
        limit: limit.map_err(|_| Fault::out_of_range("limit", 0, i32::MAX))?,
        meetings,
        teachers,
    };
    must_suit_parent(ctx, &card).await?;
    Ok(card)
}

/// The stream of that name of the subject in the term, where there is no open one: two at once would be the same.
async fn of_that_name(ctx: &Context<'_>, card: &StreamCard) -> Result<StreamId, Fault> {
    let (subject, term, name) = (card.subject, card.term, card.name_key());
    let known = ctx.document::<Offerings>(offering(subject, term)).await?.unwrap_or_default();
    let mut known = ctx.each::<Streams, _>(known.streams.iter().copied()).await?;
    known.retain(|(_, known)| {
        known.card.as_ref().is_some_and(|card| card.subject == subject && card.name_key() == name)
    });
    if known.iter().any(|(_, known)| !known.closed) {
        let (component, group) = (card.component.clone(), card.group.clone());
        let taken = StreamError::GroupTaken { component, group };
        return Err(Fault::User(vec![UserError::of(&taken.refusal())]));
    }
    Ok(StreamId::of(subject, term, &name, known.len()))
}

/// A stream that could never be taken together with its parent is not opened.
async fn must_suit_parent(ctx: &Context<'_>, card: &StreamCard) -> Result<(), Fault> {
    let Some(parent) = card.parent else { return Ok(()) };
    let known = ctx.document::<Streams>(parent).await?;
    let Some(parent) = known.as_ref().and_then(|known| known.card.as_ref()) else {
        return Err(Fault::user("STREAM_UNKNOWN", "parentId"));
    };
    let together = (parent.subject, parent.term) == (card.subject, card.term)
        && parent.configuration == card.configuration
        && parent.component != card.component;
    if together { Ok(()) } else { Err(Fault::user("PARENT_UNSUITABLE", "parentId")) }
}

/// The meetings of a stream, in weeks that its term has.
pub(super) async fn meetings(
    ctx: &Context<'_>,
    input: &[MeetingInput],
    term: TermId,
) -> Result<Vec<Meeting>, Fault> {
    let meetings = input.iter().map(meeting).collect::<Result<Vec<_>, _>>()?;
    let document = ctx.document::<Terms>(term).await?;
    let term = document.as_ref().and_then(|document| document.term.as_ref());
    let weeks = term.map(|term| term.days().weeks()).ok_or_else(internal)?;
    match Meeting::week_beyond(&meetings, weeks) {
        Some(week) => {
            let refused = StreamError::WeekOutOfRange { week, weeks };
            Err(Fault::User(vec![UserError::of(&refused.refusal())]))
        }
        None => Ok(meetings),
    }
}

fn meeting(input: &MeetingInput) -> Result<Meeting, Fault> {
    let most = Weeks::MOST;
    let out_of_range = || Fault::out_of_range("meetings", 1, most);
    let weeks = match &input.weeks {
        None => String::new(),
        Some(weeks) => {
            let last = weeks.iter().copied().max().unwrap_or_default();
            if !(1..=most.into()).contains(&last) || weeks.iter().any(|week| *week < 1) {
                return Err(out_of_range());
            }
            (1..=last).map(|week| if weeks.contains(&week) { '1' } else { '0' }).collect()
        }
    };
    Ok(Meeting {
        weekday: input.weekday.into(),
        starts_at: input.starts_at.0,
        ends_at: input.ends_at.0,
        weeks: Weeks::parse(&weeks).ok_or_else(out_of_range)?,
        room: optional_short(input.room.as_ref(), "meetings")?.map(Into::into),
    })
}

/// Somebody with the role of a teacher.
async fn teacher(ctx: &Context<'_>, id: &ID, field: &str) -> Result<PersonId, Fault> {
    let teacher: PersonId = input_id(id, field)?;
    let account = ctx.document::<projections::account::Accounts>(teacher).await?;
    let account = account.ok_or_else(|| Fault::user("NOT_FOUND", field))?;
    if account.roles.contains(&Role::Teacher) {
        Ok(teacher)
    } else {
        let facts = vec![shared::Fact::new("role", Role::Teacher)];
        Err(Fault::with_facts("ROLE_NOT_HELD", Some(field), facts))
    }
}

/// The stream that a payload shows.
pub async fn stream_shown(
    ctx: &Context<'_>,
    done: Done,
) -> async_graphql::Result<Option<StreamPayload>> {
    stream_warned(ctx, done, vec![]).await
}

/// The same, with what is worth a second look.
pub async fn stream_warned(
    ctx: &Context<'_>,
    mut done: Done,
    warnings: Vec<UserError>,
) -> async_graphql::Result<Option<StreamPayload>> {
    let stream = done.show(0, |id| Stream::load(ctx, id)).await?;
    Ok(Some(StreamPayload::of(done, stream, Some(warnings))))
}
