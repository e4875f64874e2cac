//! Uses of rooms: the streams that were ever to meet in a room, and the sittings that are held in one. One document for a
//! stream and a room, and one a sitting. Whether a stream still meets there, and when, the stream says.

use std::collections::BTreeSet;

use aggregates::{
    Event,
    shared::{Meeting, Recorded, StreamId, TermId, Text, Window},
    stream::{Stream, StreamEvent},
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View};

/// One document for a stream and a room, and one a sitting.
pub struct RoomUses;

/// A use of a room.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RoomUseDocument {
    /// The stream.
    pub stream: Option<StreamId>,
    /// What lists filter by: the room with the term, as far as that is known, or with the day of a sitting.
    pub place: Option<String>,
}

/// How a room is told from others, whatever is written in capitals.
pub fn room_key(room: &str) -> String {
    room.trim().to_lowercase()
}

/// Where the streams are that were ever to meet in a room in a term, and those of which no event said both.
pub fn places_in_term(room: &str, term: TermId) -> [String; 2] {
    [of_term(&room_key(room), Some(term)), of_term(&room_key(room), None)]
}

/// Where the sittings are that can be held in a room within a span of time.
pub fn places_within(room: &str, within: &Window) -> Vec<String> {
    let longest = SignedDuration::from_hours(Stream::LONGEST_SITTING);
    let first = within.opens_at.checked_sub(longest).unwrap_or(Timestamp::MIN);
    let (first, last) = (day_of(first), day_of(within.closes_at));
    let days = first.series(1.day()).take_while(|day| *day <= last);
    days.map(|day| of_day(&room_key(room), day)).collect()
}

fn of_term(room: &str, term: Option<TermId>) -> String {
    format!("{}:{room}", term.map(|term| term.to_string()).unwrap_or_default())
}

fn of_day(room: &str, day: Date) -> String {
    format!("{day}:{room}")
}

fn day_of(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

impl View for RoomUses {
    const NAME: &'static str = "room_use";
    const VERSION: u32 = 1;
    const COLUMNS: &'static [Column] = &[Column { name: "place", kind: ColumnType::Text }];
    type Document = RoomUseDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Stream(event) = event else { return vec![] };
        let of_meetings = |meetings: &[Meeting]| {
            keys(event.stream(), meetings.iter().filter_map(|meeting| meeting.room.as_deref()))
        };
        match event {
            StreamEvent::Opened { card, .. } | StreamEvent::Imported { card, .. } => {
                of_meetings(&card.meetings)
            }
            StreamEvent::MeetingsChanged { meetings, .. } => of_meetings(meetings),
            StreamEvent::PlaceChanged { stream, rooms, .. } => {
                keys(*stream, rooms.iter().flatten().map(Text::as_str))
            }
            StreamEvent::SittingScheduled { sitting, .. }
            | StreamEvent::SittingCancelled { sitting, .. } => vec![sitting.to_string()],
            _ => vec![],
        }
    }

    fn apply(document: &mut RoomUseDocument, key: &str, recorded: &Recorded) {
        let Event::Stream(event) = &recorded.event else { return };
        document.stream = Some(event.stream());
        let meets_in = key.split_once('@').map(|(_, room)| room);
        match (event, meets_in) {
            (StreamEvent::Opened { card, .. } | StreamEvent::Imported { card, .. }, Some(room)) => {
                document.place = Some(of_term(room, Some(card.term)))
            }
            (StreamEvent::SittingScheduled { about, .. }, _) => {
                let day = day_of(about.window.opens_at);
                document.place =
                    about.room.as_ref().map(|room| of_day(&room_key(room.as_str()), day));
            }
            (StreamEvent::SittingCancelled { .. }, _) => document.place = None,
            (_, Some(room)) if document.place.is_none() => {
                document.place = Some(of_term(room, None));
            }
            _ => {}
        }
    }
}

/// The documents of a stream and these rooms.
fn keys<'r>(stream: StreamId, rooms: impl Iterator<Item = &'r str>) -> Vec<String> {
    let rooms: BTreeSet<_> = rooms.map(room_key).collect();
    rooms.into_iter().map(|room| format!("{stream}@{room}")).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_sitting_of_a_night_is_found_from_both_of_its_days() {
        let at = |time: &str| time.parse::<Timestamp>().unwrap();
        let begun = of_day("301", day_of(at("2027-01-19T22:00Z")));
        let within = |opens_at, closes_at| {
            let window = Window { opens_at: at(opens_at), closes_at: at(closes_at) };
            places_within("301", &window).contains(&begun)
        };
        assert!(within("2027-01-19T20:00Z", "2027-01-19T23:00Z"));
        assert!(within("2027-01-20T09:00Z", "2027-01-20T11:00Z"));
        assert!(!within("2027-01-20T12:00Z", "2027-01-20T13:00Z"));
        assert!(!within("2027-01-18T09:00Z", "2027-01-18T11:00Z"));
    }

    #[test]
    fn a_room_is_the_same_whatever_is_written_in_capitals() {
        let term = TermId::new();
        assert_eq!(places_in_term(" Зал 2", term), places_in_term("ЗАЛ 2", term));
        assert_ne!(places_in_term("Зал 2", term), places_in_term("Зал 2", TermId::new()));
    }
}
