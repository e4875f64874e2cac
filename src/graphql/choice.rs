//! What speaks against choosing streams, and waiting for them: all of it at once, each beside the stream that it
//! concerns (manual 2.4.1). The aggregates decide; this tells beforehand what they would say of what the views know.

use std::{collections::BTreeMap, sync::Arc};

use aggregates::{
    shared::{Refusal, Refuse, StreamId},
    stream::{Standing, StreamError},
};
use async_graphql::SimpleObject;
use jiff::Timestamp;
use projections::{stream::StreamDocument, wish::WishDocument};

use super::errors::UserError;

/// How a seat is to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It is free, or held for who asks.
    Taken,
    /// It is held for who asks.
    Accepted,
    /// There is none yet.
    Waited,
}

/// By which field an input names its streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// By `streamId`, the only one.
    One,
    /// By the list `streamIds`.
    Several,
    /// The first by `streamId`, the others by the list `withIds`.
    First,
}

impl Named {
    /// The field of the stream at a place.
    fn field(self, place: usize) -> Vec<String> {
        let item = |list: &str, place: usize| vec![list.to_owned(), place.to_string()];
        match self {
            Self::Several => item("streamIds", place),
            Self::First if place > 0 => item("withIds", place - 1),
            Self::First | Self::One => vec!["streamId".to_owned()],
        }
    }

    /// A refusal of the stream at a place; without one, of those that are left. What the registration itself refuses is of
    /// no stream.
    pub fn told(self, place: Option<usize>, refusal: &Refusal) -> UserError {
        let error = UserError::of(refusal);
        if refusal.field == Some("enrollmentId") {
            return error;
        }
        let left = || vec!["leaveIds".to_owned()];
        let field = place.map_or_else(left, |place| self.field(place));
        UserError { field: Some(field), ..error }
    }

    /// The same of all of them.
    pub fn of_all(self, error: UserError) -> UserError {
        let field = if self == Self::Several { "streamIds" } else { "streamId" };
        UserError { field: Some(vec![field.to_owned()]), ..error }
    }
}

/// Whether a stream can be chosen now, and why not.
#[derive(SimpleObject)]
pub struct StreamChoice {
    /// Whether it can.
    pub allowed: bool,
    /// Everything that speaks against it, all at once.
    pub reasons: Vec<UserError>,
}

impl From<Vec<UserError>> for StreamChoice {
    fn from(reasons: Vec<UserError>) -> Self {
        Self { allowed: reasons.is_empty(), reasons }
    }
}

/// What somebody waits for, and waited, by stream.
pub type Lines = BTreeMap<StreamId, Arc<WishDocument>>;

/// Somebody who asks for a seat.
pub struct Asker<'a> {
    /// Of which programme and year they are.
    pub standing: Standing,
    /// What they wait for.
    pub lines: &'a Lines,
    /// Now.
    pub at: Timestamp,
}

impl Asker<'_> {
    /// Why they get no seat in a stream in that way, if they don't.
    pub fn against_seat(
        &self,
        stream: StreamId,
        known: &StreamDocument,
        way: Way,
    ) -> Option<StreamError> {
        if known.closed {
            return Some(StreamError::Closed);
        }
        let waits = self.lines.get(&stream).filter(|wish| wish.ended.is_none());
        let until = waits.and_then(|wish| wish.offered_until);
        match (way, waits, until) {
            (Way::Waited, Some(_), _) => Some(StreamError::WaitingAlready),
            (Way::Waited, None, _) => {
                let free = known.seats().is_free_to(self.standing, self.at);
                free.then_some(StreamError::SeatFree)
            }
            (Way::Taken, _, None) => known.seats().refused_to(self.standing, self.at),
            (Way::Accepted, None, _) => {
                let lapsed = self.lines.get(&stream).and_then(|wish| wish.lapsed());
                let lapsed = lapsed.map(|until| StreamError::OfferLapsed { until });
                Some(lapsed.unwrap_or(StreamError::NotWaiting))
            }
            (Way::Accepted, Some(_), None) => Some(StreamError::NotOffered),
            (Way::Taken | Way::Accepted, _, Some(until)) => {
                (until <= self.at).then_some(StreamError::OfferLapsed { until })
            }
        }
    }
}

/// Whether a refusal speaks against choosing a stream beside others, and not against waiting for it.
pub fn is_of_choosing(refusal: &Refusal) -> bool {
    [
        "STREAM_CONFIGURATION_MIXED",
        "STREAM_COMPONENT_TWICE",
        "PARENT_STREAM_NOT_CHOSEN",
        "CHILD_STREAM_HELD",
    ]
    .contains(&refusal.code)
}

/// These in the order of the streams asked for, what concerns none of them at the end.
pub fn in_order(mut against: Vec<(Option<usize>, Refusal)>, named: Named) -> Vec<UserError> {
    against.sort_by_key(|(place, _)| place.unwrap_or(usize::MAX));
    against.iter().map(|(place, refusal)| named.told(*place, refusal)).collect()
}

/// Each refused as the aggregate that owns it would.
pub fn refused<E: Refuse>(
    errors: impl IntoIterator<Item = (Option<usize>, E)>,
) -> impl Iterator<Item = (Option<usize>, Refusal)> {
    errors.into_iter().map(|(place, error)| (place, error.refusal()))
}
