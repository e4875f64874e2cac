//! A stream that is taken over from another system, again and again: what is said there anew wins, what was
//! changed here stays (docs/decisions/0018).

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Stream, StreamCard, StreamError, StreamEvent, must_be_sound, same_times};
use crate::shared::{Meeting, Origin, PersonId, StreamId};

impl Stream {
    pub(super) fn import(
        &self,
        (stream, said): (StreamId, StreamCard),
        told: &BTreeSet<PersonId>,
        origin: Origin,
        at: Timestamp,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        must_be_sound(&said.meetings)?;
        if self.said_before().is_some_and(|before| before.covers(&said)) {
            return Ok(vec![]);
        }
        if self.closed {
            return Err(StreamError::Closed);
        }
        let card = self.imported(&said);
        let moves = |now: &StreamCard| !same_times(&now.meetings, &card.meetings);
        if self.card.as_ref().is_some_and(moves) && self.seated != *told {
            return Err(StreamError::SeatsChanged);
        }
        let said = (card != said).then(|| Box::new(said));
        let imported = StreamEvent::Imported { stream, card, said, origin };
        Ok(self.with_offers(stream, vec![imported], at))
    }

    /// What it is once another system has said that of it.
    pub fn imported(&self, said: &StreamCard) -> StreamCard {
        let (Some(now), Some(before)) = (&self.card, self.said_before()) else {
            return said.clone();
        };
        let card = now.following(before, said);
        // Nobody is named who would have to leave: it falls to the seats and no further.
        let seats = self.taken().saturating_add(self.held());
        let least = now.limit.map_or(seats, |limit| limit.min(seats));
        StreamCard { limit: card.limit.map(|limit| limit.max(least)), ..card }
    }

    /// What another system said of it the last time; of one that was opened here, what it is.
    fn said_before(&self) -> Option<&StreamCard> {
        self.said.as_deref().or(self.card.as_ref())
    }
}

impl StreamCard {
    /// What of `said` is otherwise than it was said before, and for the rest what is here.
    fn following(&self, before: &Self, said: &Self) -> Self {
        Self {
            subject: *anew(&self.subject, &before.subject, &said.subject),
            term: *anew(&self.term, &before.term, &said.term),
            kind: *anew(&self.kind, &before.kind, &said.kind),
            configuration: anew(&self.configuration, &before.configuration, &said.configuration)
                .clone(),
            component: anew(&self.component, &before.component, &said.component).clone(),
            group: anew(&self.group, &before.group, &said.group).clone(),
            parent: *anew(&self.parent, &before.parent, &said.parent),
            limit: *anew(&self.limit, &before.limit, &said.limit),
            meetings: meetings(&self.meetings, &before.meetings, &said.meetings),
            // They are added to those who are there.
            teachers: said.teachers.clone(),
        }
    }
}

/// A field: as it is said now, if it was said otherwise before.
fn anew<'a, T: PartialEq>(now: &'a T, before: &T, said: &'a T) -> &'a T {
    if said == before { now } else { said }
}

/// Times and rooms are fields by themselves: a room that was changed here outlives other times, and the other way
/// round, as far as it can be said which meeting is which.
fn meetings(now: &[Meeting], before: &[Meeting], said: &[Meeting]) -> Vec<Meeting> {
    let same_rooms = rooms(before).eq(rooms(said));
    match (same_times(before, said), same_rooms) {
        (true, true) => now.to_vec(),
        (true, false) => in_rooms(now, said),
        (false, true) if now.len() == said.len() => in_rooms(said, now),
        (false, _) => said.to_vec(),
    }
}

fn rooms(meetings: &[Meeting]) -> impl Iterator<Item = &Option<String>> + Clone {
    meetings.iter().map(|meeting| &meeting.room)
}

/// These meetings in the rooms of others, in their order; where there are more, again from the first.
fn in_rooms(meetings: &[Meeting], others: &[Meeting]) -> Vec<Meeting> {
    let rooms = rooms(others).cycle();
    let placed = meetings.iter().zip(rooms);
    placed.map(|(meeting, room)| Meeting { room: room.clone(), ..meeting.clone() }).collect()
}
