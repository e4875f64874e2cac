//! Seats that are held for students: what each may take or decline now, over all lines (manual 2.4.1).

use std::collections::BTreeMap;

use aggregates::{
    Event,
    shared::{EnrollmentId, Recorded, StreamId},
    stream::StreamEvent,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::View;

/// One document for a student to whom a seat was ever offered.
pub struct SeatOffers;

/// The seats that are held for a student.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SeatOffersDocument {
    /// By stream.
    pub offers: BTreeMap<StreamId, Offer>,
}

/// A seat that is held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// The registration that it would be for.
    pub enrollment: EnrollmentId,
    /// Until when.
    pub until: Timestamp,
}

impl View for SeatOffers {
    const NAME: &'static str = "seat_offer";
    const VERSION: u32 = 2;
    type Document = SeatOffersDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::Stream(
                StreamEvent::SeatOffered { student, .. }
                | StreamEvent::OfferWithdrawn { student, .. }
                | StreamEvent::LineLeft { student, offered: true, .. },
            ) => vec![student.to_string()],
            _ => vec![],
        }
    }

    fn apply(document: &mut SeatOffersDocument, _: &str, recorded: &Recorded) {
        match &recorded.event {
            Event::Stream(StreamEvent::SeatOffered { stream, enrollment, until, .. }) => {
                let offer = Offer { enrollment: *enrollment, until: *until };
                document.offers.insert(*stream, offer);
            }
            Event::Stream(
                StreamEvent::OfferWithdrawn { stream, .. } | StreamEvent::LineLeft { stream, .. },
            ) => {
                document.offers.remove(stream);
            }
            _ => {}
        }
    }
}
