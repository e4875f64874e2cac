//! A stream that meets at other times: the timetables of all who have a seat follow it in the same act (manual 2.4).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aggregates::{
    Act,
    iep::{ChosenStream, IepCommand, Placement},
    shared::{Fact, IepId, PersonId, Refuse, StreamId, TermDays},
    stream::{Stream, StreamCard, StreamCommand},
};
use async_graphql::{Context, ID, Object};
use projections::{
    enrollment::Enrollments,
    seat::Seats,
    stream::Streams,
    student::{StudentDocument, Students},
};

use super::{
    chosen::{chosen, have_no_others},
    errors::{Fault, UserError, internal},
    mutation::{Plan, run},
    opening_streams::{MeetingInput, StreamPayload, meetings, stream_shown},
    people::display_name,
    request::{Ask, input_id},
    years::calendar,
};

/// How many clashes of those who could not be in two places are told.
const MOST_TOLD: usize = 50;

input! {
    /// Other times for a stream.
    ChangeStreamMeetingsInput {
        /// The stream.
        stream_id: ID,
        /// When and where it is to meet, in place of when and where it does.
        meetings: Vec<MeetingInput>,
        /// Whether also where students are in another stream at that time; they are told by their timetable alone.
        #[graphql(default)]
        despite_clashes: bool,
    }
}

/// What is done with the times of streams.
#[derive(Default)]
pub struct MovingStreamsMutations;

#[Object]
impl MovingStreamsMutations {
    /// Has a stream meet at other times. Refused where students of it are in another stream by then, each told with each
    /// class that they have, unless it is said that it is to be so all the same; and where it would meet no longer
    /// though students are in it.
    async fn change_stream_meetings(
        &self,
        ctx: &Context<'_>,
        input: ChangeStreamMeetingsInput,
    ) -> async_graphql::Result<Option<StreamPayload>> {
        let done = run(ctx, &input, async {
            let stream: StreamId = input_id(&input.stream_id, "streamId")?;
            let document = ctx.document::<Streams>(stream).await?;
            let card = document.as_ref().and_then(|document| document.card.as_ref());
            let card = card.ok_or_else(|| Fault::user("STREAM_UNKNOWN", "streamId"))?;
            let meetings = meetings(ctx, &input.meetings, card.term).await?;
            let moved = StreamCard { meetings: meetings.clone(), ..card.clone() };
            let (told, mut acts) = follow(ctx, (stream, &moved), input.despite_clashes).await?;
            acts.push(StreamCommand::ChangeMeetings { stream, meetings, told }.of(stream));
            Ok(Plan::of(acts, stream))
        });
        stream_shown(ctx, done.await?).await
    }
}

/// Whose timetables follow, and how.
async fn follow(
    ctx: &Context<'_>,
    (stream, moved): (StreamId, &StreamCard),
    despite_clashes: bool,
) -> Result<(BTreeSet<PersonId>, Vec<Act>), Fault> {
    let (calendar, terms) = calendar(ctx).await?;
    let year = |term| calendar.iter().find(|known| known.id == term).map(|it| it.document.year);
    let own_year = year(moved.term).ok_or_else(internal)?;
    let held = [stream.to_string().into()];
    let most = Stream::MOST_TOLD;
    let seats = ctx.views()?.list::<Seats>("held_in = $1", &held, "view_id", most + 1);
    let seats = seats.await?.documents.into_iter();
    let told: BTreeSet<_> = seats.filter_map(|(_, seat)| seat.student).collect();
    if told.len() > most {
        let facts = vec![Fact::new("most", most), Fact::new("asked", told.len())];
        return Err(Fault::with_facts("TOO_MANY_AT_ONCE", Some("streamId"), facts));
    }
    let students = ctx.each::<Students, _>(told.iter().copied()).await?;
    // Each plan is asked: one that has the stream since a moment ago is none that may be left behind.
    let acts = told.iter().map(|student| {
        let (meetings, terms) = (moved.meetings.clone(), terms.clone());
        let follow = IepCommand::MoveStream { stream, meetings, terms, despite_clashes };
        follow.of(IepId::of(*student, own_year))
    });
    let mut acts: Vec<_> = acts.collect();
    if despite_clashes {
        return Ok((told, acts));
    }
    let timetables = timetables(ctx, (stream, moved), &students, &terms).await?;
    must_fit(ctx, stream, &timetables, &terms).await?;
    let at_once = terms.at_once(moved.term).filter_map(|term| Some((term, year(term)?)));
    let others: BTreeMap<_, _> = at_once.filter(|(_, year)| *year != own_year).collect();
    acts.extend(timetables.iter().flat_map(|(student, held)| {
        let held = held.iter().filter(|held| others.contains_key(&held.term));
        let known = held.map(|held| (held.stream, held.meetings.clone())).collect();
        have_no_others(*student, &others, known)
    }));
    Ok((told, acts))
}

/// What each of these would have at the time of a stream, itself among it, also what was taken over from another system.
async fn timetables(
    ctx: &Context<'_>,
    (stream, moved): (StreamId, &StreamCard),
    students: &[(PersonId, Arc<StudentDocument>)],
    terms: &TermDays,
) -> Result<Vec<(PersonId, Vec<ChosenStream>)>, Fault> {
    let at_once: Vec<_> = terms.at_once(moved.term).collect();
    let registered =
        |about: &StudentDocument| about.enrolled_in(at_once.iter().copied()).collect::<Vec<_>>();
    let taken = students.iter().flat_map(|(_, about)| registered(about));
    let taken: BTreeMap<_, _> = ctx.each::<Enrollments, _>(taken).await?.into_iter().collect();
    let held: BTreeSet<_> = taken.values().flat_map(|taken| &taken.streams).copied().collect();
    let held: BTreeMap<_, _> = ctx.each::<Streams, _>(held).await?.into_iter().collect();
    let timetable = |(student, about): &(PersonId, Arc<StudentDocument>)| {
        let mut all = Vec::new();
        for id in registered(about) {
            let Some(known) = taken.get(&id) else { continue };
            all.extend(known.streams.iter().filter_map(|other| {
                let card = if *other == stream { moved } else { held.get(other)?.card.as_ref()? };
                chosen(*other, id, known, card).ok()
            }));
        }
        (*student, all)
    };
    Ok(students.iter().map(timetable).collect())
}

/// None of these would be in another stream at the same time: each clash is told by itself.
async fn must_fit(
    ctx: &Context<'_>,
    stream: StreamId,
    timetables: &[(PersonId, Vec<ChosenStream>)],
    terms: &TermDays,
) -> Result<(), Fault> {
    let mut errors = Vec::new();
    for (student, all) in timetables {
        let Some(own) = all.iter().find(|own| own.stream == stream) else { continue };
        let placement = Placement::on_plan(own.clone(), None, terms.clone());
        for (_, clash) in placement.clashes(all.iter()) {
            if errors.len() == MOST_TOLD {
                return Err(Fault::User(errors));
            }
            let name = Fact::new("student", display_name(ctx, *student).await?);
            let facts = std::iter::once(name).chain(clash.refusal().facts).collect();
            errors.push(UserError::own("STUDENT_STREAMS_CLASH", Some("meetings"), facts));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Fault::User(errors)) }
}
