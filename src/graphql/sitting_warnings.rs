//! What is no error in a sitting and yet worth a second look: what its students, its teachers and its room have at the
//! same time, holidays, and that it is outside the term or its exams by now (manual 2.4.2, 2.9).

use std::collections::{BTreeMap, BTreeSet};

use aggregates::{
    shared::{Called, Codes, Fact, PersonId, Refuse, SittingId, StreamId, TermId, Text, Window},
    stream::{Sitting, StreamCard, StreamError},
};
use async_graphql::Context;
use projections::{
    enrollment::Enrollments,
    room_use::{places_in_term, places_within, room_key},
    seat::Seats,
    stream::{StreamDocument, Streams},
    student::Students,
    teaching::Teachers,
    term::Terms,
    timetable::{About, Entry, EntryKind, Timetable},
};

use super::{
    calendar::all_terms,
    catalogue::codes,
    errors::{UserError, internal},
    people::display_name,
    request::{Ask, stored},
    sittings::times_of,
    stream_warnings::in_rooms,
    streams::MOST_SEATS,
};
use crate::timetable::streams_of;

/// How many streams of a term are looked through.
const MOST_STREAMS: usize = 100_000;
/// How much is told of at once.
const MOST_TOLD: usize = 20;

/// What is at the same time as a sitting, and the holidays it is on. It is looked at as timetables are made: by the
/// seats of the stream, the registrations of those who have them and the streams of these, what its teachers teach, and
/// the uses of its room.
pub async fn of(
    ctx: &Context<'_>,
    stream: StreamId,
    sitting: SittingId,
) -> async_graphql::Result<Vec<UserError>> {
    let known = ctx.document::<Streams>(stream).await?.unwrap_or_default();
    let Some(about) = known.sittings.get(&sitting) else { return Ok(vec![]) };
    let (cabinet, views) = (&ctx.services()?.cabinet, ctx.views()?);
    let zone = &cabinet.time_zone;
    let terms = stored(all_terms(views, None).await)?;
    let of = known.card.as_ref().map(|card| card.term);
    let on = terms.iter().filter(|term| {
        let times = times_of(&term.document, zone);
        let is_on = times.is_some_and(|times| times.term.overlaps(&about.window));
        is_on || of == Some(term.id)
    });
    let on: Vec<_> = on.map(|term| term.id).collect();
    let students = students_in(ctx, stream, &on).await?;
    let teachers = known.card.iter().flat_map(|card| card.teachers.iter().copied());
    let taught = ctx.each::<Teachers, _>(teachers).await?;
    let taught = taught.iter().flat_map(|(_, known)| known.streams.iter().copied());
    let in_room = in_rooms(ctx, places(about, &on)).await?;
    let all = students.keys().copied().chain(taught).chain(in_room).chain([stream]);
    let all: BTreeSet<_> = all.collect();
    let streams = stored(streams_of(views, &all).await)?;
    let terms = terms.into_iter().map(|term| (term.id, (*term.document).clone())).collect();
    let timetable = Timetable { terms, streams, ..Timetable::default() };
    told(ctx, &sitting.to_string(), &timetable.entries(&about.window, zone), &students).await
}

/// Where the streams and the sittings are that can be in the room of a sitting.
fn places(about: &Sitting, terms: &[TermId]) -> BTreeSet<String> {
    let Some(room) = about.room.as_ref().map(Text::as_str) else { return BTreeSet::new() };
    let of_terms = terms.iter().flat_map(|term| places_in_term(room, *term));
    of_terms.chain(places_within(room, &about.window)).collect()
}

/// What of this is worth a second look.
async fn told(
    ctx: &Context<'_>,
    sitting: &str,
    entries: &[Entry],
    students: &BTreeMap<StreamId, usize>,
) -> async_graphql::Result<Vec<UserError>> {
    let Some(own) = entries.iter().find(|entry| entry.id == sitting) else { return Ok(vec![]) };
    let codes = codes(ctx, entries.iter().filter_map(|entry| entry.subject).collect()).await?;
    let holidays = entries.iter().filter(|entry| entry.kind == EntryKind::Holiday);
    let mut warnings: Vec<_> = holidays.map(on_holiday).collect();
    for entry in entries.iter().filter(|entry| entry.clashes(own)) {
        let Some(stream) = entry.stream() else { continue };
        let facts = facts(entry, stream, &codes);
        let warning = |code, fact: Fact| {
            let facts = std::iter::once(fact).chain(facts.iter().cloned());
            UserError::own(code, None, facts.collect())
        };
        if let Some(count) = students.get(&stream) {
            let code = match entry.about {
                About::Class { .. } => "CLASS_AT_ONCE",
                _ => "SITTINGS_AT_ONCE",
            };
            warnings.push(warning(code, Fact::new("students", count)));
        }
        if let Some(room) = own.room().filter(|room| is_in(room, entry)) {
            warnings.push(warning("ROOM_TAKEN", Fact::new("room", room)));
        }
        for teacher in own.teachers().iter().filter(|own| entry.teachers().contains(own)) {
            let name = display_name(ctx, *teacher).await?;
            warnings.push(warning("TEACHER_ELSEWHERE", Fact::new("teacher", name)));
        }
    }
    warnings.truncate(MOST_TOLD);
    Ok(warnings)
}

fn is_in(room: &str, entry: &Entry) -> bool {
    entry.room().is_some_and(|other| room_key(other) == room_key(room))
}

fn on_holiday(entry: &Entry) -> UserError {
    let Window { opens_at, closes_at } = entry.window;
    let mut facts = vec![Fact::new("from", opens_at), Fact::new("to", closes_at)];
    match entry.title.clone() {
        Some(name) => {
            facts.extend(Called { name, titles: entry.titles.clone() }.facts("title"));
        }
        None => facts.push(Fact::new("title", "")),
    }
    UserError::own("ON_HOLIDAY", None, facts)
}

/// What is said of a class or a sitting of a stream.
fn facts(entry: &Entry, stream: StreamId, codes: &Codes) -> Vec<Fact> {
    let subject = entry.subject.map(|subject| codes.of(subject)).unwrap_or_default();
    let (kind, group) = match &entry.about {
        About::Sitting { sitting, group, .. } => (sitting.kind.name(), Some(group)),
        About::Class { group, .. } => ("class", Some(group)),
        About::Test(_) | About::Period { .. } => ("", None),
    };
    let group = group.map(ToString::to_string).unwrap_or_default();
    let Window { opens_at, closes_at } = entry.window;
    let said = [("subject", subject), ("kind", kind.to_owned()), ("group", group)];
    let times = [("from", opens_at), ("to", closes_at)];
    let said = said.map(|(name, value)| Fact::new(name, value)).into_iter();
    said.chain(times.map(|(name, at)| Fact::new(name, at)))
        .chain([Fact::new("stream", stream)])
        .collect()
}

/// How many of those who have a seat in a stream are in which streams of these terms.
pub async fn students_in(
    ctx: &Context<'_>,
    stream: StreamId,
    terms: &[TermId],
) -> async_graphql::Result<BTreeMap<StreamId, usize>> {
    let of_stream = [stream.to_string().into()];
    let held = ctx.views()?.list::<Seats>("held_in = $1", &of_stream, "view_id", MOST_SEATS);
    let seats = stored(held.await)?.documents.into_iter();
    let students: Vec<PersonId> = seats.filter_map(|(_, seat)| seat.student).collect();
    let students = ctx.each::<Students, _>(students).await?;
    let of_terms = || terms.iter().copied();
    let taken = students.iter().flat_map(|(_, student)| student.enrolled_in(of_terms()));
    let taken = ctx.each::<Enrollments, _>(taken.collect::<Vec<_>>()).await?;
    let mut count = BTreeMap::new();
    for (_, known) in taken.iter().filter(|(_, known)| !known.dropped) {
        for stream in &known.streams {
            *count.entry(*stream).or_default() += 1;
        }
    }
    Ok(count)
}

/// The open streams of a term.
pub async fn open_in(
    ctx: &Context<'_>,
    term: TermId,
) -> async_graphql::Result<Vec<(StreamId, StreamDocument)>> {
    let of_term = [term.to_string().into()];
    let streams = ctx.views()?.list::<Streams>("term = $1", &of_term, "view_id", MOST_STREAMS);
    let streams = stored(streams.await)?.documents.into_iter();
    Ok(streams.filter_map(|(id, known)| Some((id.parse().ok()?, known))).collect())
}

/// The sittings to come of a term, in its open streams, which would be refused if they were set now: a warning for each, the earliest first.
pub async fn sittings_outside(
    ctx: &Context<'_>,
    term: TermId,
    streams: &[(StreamId, StreamDocument)],
) -> async_graphql::Result<Vec<UserError>> {
    let cabinet = &ctx.services()?.cabinet;
    let known = ctx.document::<Terms>(term).await?;
    let times = known.and_then(|known| times_of(&known, &cabinet.time_zone));
    let times = times.ok_or_else(internal)?;
    let streams = streams.iter().filter_map(|(id, known)| Some((id, known, known.card.as_ref()?)));
    let all = streams.flat_map(|(stream, known, card)| {
        known.sittings.iter().map(move |(id, about)| (stream, card, id, about))
    });
    let now = cabinet.now();
    let coming = all.filter(|(.., about)| about.window.closes_at > now);
    let outside = coming.filter_map(|one| Some((one, times.must_hold(one.3).err()?)));
    let mut outside: Vec<_> = outside.collect();
    outside.sort_by_key(|((.., id, about), _)| (about.window.opens_at, **id));
    let count = outside.len();
    outside.truncate(MOST_TOLD);
    let codes = codes(ctx, outside.iter().map(|((_, card, ..), _)| card.subject).collect()).await?;
    let warning =
        |((stream, card, id, about), refused): ((_, &StreamCard, _, &Sitting), StreamError)| {
            let said = [
                Fact::new("subject", codes.of(card.subject)),
                Fact::new("kind", about.kind),
                Fact::new("group", &card.group),
                Fact::new("stream", stream),
                Fact::new("sitting", id),
                Fact::new("count", count),
            ];
            let facts = said.into_iter().chain(refused.refusal().facts);
            UserError::own("SITTINGS_OUTSIDE", None, facts.collect())
        };
    Ok(outside.into_iter().map(warning).collect())
}
