//! Streams: what each is, how many seats are taken, and how many wait for one.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::{
    Event,
    shared::{PersonId, Recorded, SittingId, SubjectId, TermId, Text},
    stream::{Reservation, Seats, Sitting, Standing, StreamCard, StreamEvent, follow_reserved},
};
use serde::{Deserialize, Serialize};

use crate::{Column, ColumnType, View, alphabet::sort_key};

/// One document a stream.
pub struct Streams;

/// A stream.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct StreamDocument {
    /// What it is.
    pub card: Option<StreamCard>,
    /// How many seats are taken.
    pub taken: u32,
    /// How many are held for those to whom they are offered.
    pub held: u32,
    /// How many wait, those to whom a seat is offered aside.
    pub waiting: u32,
    /// The seats that are kept for some.
    pub reserved: Vec<Reservation>,
    /// Whose seat, taken or held, is one that is kept, and for whom.
    pub on_reserved: BTreeMap<PersonId, Standing>,
    /// Whether it was closed.
    pub closed: bool,
    /// Under which subjects it is listed beside its own.
    pub listed: BTreeSet<SubjectId>,
    /// The address of the online class.
    pub link: Option<Text>,
    /// When and where those are examined who are in it.
    pub sittings: BTreeMap<SittingId, Sitting>,
    /// Its subject and term, what lists filter by.
    pub offering: String,
    /// What lists sort by: component and group.
    pub sort_key: String,
    /// The term, while it is open: what lists filter by.
    pub term: Option<TermId>,
}

/// What a list of the streams of a subject in a term filters by.
pub fn offering(subject: SubjectId, term: TermId) -> String {
    format!("{subject}:{term}")
}

impl View for Streams {
    const NAME: &'static str = "stream";
    const VERSION: u32 = 7;
    const COLUMNS: &'static [Column] = &[
        Column { name: "offering", kind: ColumnType::Text },
        Column { name: "sort_key", kind: ColumnType::Text },
        Column { name: "term", kind: ColumnType::Text },
    ];
    const OWN: bool = true;
    type Document = StreamDocument;

    fn keys(event: &Event) -> Vec<String> {
        let Event::Stream(event) = event else { return vec![] };
        vec![event.stream().to_string()]
    }

    fn apply(document: &mut StreamDocument, _: &str, recorded: &Recorded) {
        let Event::Stream(event) = &recorded.event else { return };
        follow_reserved(&mut document.reserved, &mut document.on_reserved, event);
        match event {
            StreamEvent::Opened { card, .. } => document.describe(card.clone()),
            StreamEvent::Imported { card, .. } => {
                let mut card = card.clone();
                let before = document.card.take().map(|card| card.teachers);
                for teacher in before.unwrap_or_default() {
                    card.add_teacher(teacher);
                }
                document.describe(card);
            }
            StreamEvent::TeacherAssigned { teacher, .. } => {
                if let Some(card) = &mut document.card {
                    card.add_teacher(*teacher);
                }
            }
            StreamEvent::SeatTaken { .. } | StreamEvent::SeatImported { .. } => document.taken += 1,
            StreamEvent::SeatReleased { .. } => document.taken = document.taken.saturating_sub(1),
            StreamEvent::LineJoined { .. } => document.waiting += 1,
            StreamEvent::SeatOffered { .. } => {
                document.waiting = document.waiting.saturating_sub(1);
                document.held += 1;
            }
            StreamEvent::OfferWithdrawn { .. } => {
                document.held = document.held.saturating_sub(1);
                document.waiting += 1;
            }
            StreamEvent::LineLeft { offered: true, .. } => {
                document.held = document.held.saturating_sub(1);
            }
            StreamEvent::SeatsReserved { .. }
            | StreamEvent::ReservationEnded { .. }
            | StreamEvent::ReservedSeatUsed { .. } => {}
            StreamEvent::LimitChanged { limit, .. } => {
                if let Some(card) = &mut document.card {
                    card.limit = *limit;
                }
            }
            StreamEvent::Closed { .. } => document.closed = true,
            StreamEvent::Listed { subject, .. } => {
                document.listed.insert(*subject);
            }
            StreamEvent::PlaceChanged { rooms, link, .. } => {
                document.link.clone_from(link);
                if let Some(card) = &mut document.card {
                    card.move_to(rooms);
                }
            }
            StreamEvent::MeetingsChanged { meetings, .. } => {
                if let Some(card) = &mut document.card {
                    card.meetings.clone_from(meetings);
                }
            }
            StreamEvent::SittingScheduled { sitting, about, .. } => {
                document.sittings.insert(*sitting, about.clone());
            }
            StreamEvent::SittingCancelled { sitting, .. } => {
                document.sittings.remove(sitting);
            }
            StreamEvent::LineLeft { offered: false, .. } => {
                document.waiting = document.waiting.saturating_sub(1);
            }
        }
        let open = document.card.as_ref().filter(|_| !document.closed);
        document.term = open.map(|card| card.term);
    }
}

impl StreamDocument {
    /// Its seats.
    pub fn seats(&self) -> Seats<'_> {
        Seats {
            limit: self.card.as_ref().and_then(|card| card.limit),
            taken: self.taken,
            held: self.held,
            waiting: self.waiting,
            reserved: &self.reserved,
            on_reserved: &self.on_reserved,
        }
    }

    /// Whether the subject is taught in it in that term, as its own or beside it.
    pub fn teaches(&self, subject: SubjectId, term: TermId) -> bool {
        !self.closed && self.is_of(subject, term)
    }

    /// Whether it is a stream of the subject in that term, its own or one that is listed under it, open or not.
    pub fn is_of(&self, subject: SubjectId, term: TermId) -> bool {
        let Some(card) = &self.card else { return false };
        card.term == term && (card.subject == subject || self.listed.contains(&subject))
    }

    fn describe(&mut self, card: StreamCard) {
        self.offering = offering(card.subject, card.term);
        self.sort_key = sort_key(&card.name_key());
        self.card = Some(card);
    }
}
