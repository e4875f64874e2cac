//! What a registrar does with a stream that has students: another limit, and closing it. Who has to leave is
//! named, or nobody does (manual 2.4.1).

use jiff::Timestamp;

use super::{LineEnd, Standing, Stream, StreamError, StreamEvent};
use crate::shared::{PersonId, StreamId};

impl Stream {
    pub(super) fn change_limit(
        &self,
        stream: StreamId,
        limit: Option<u32>,
        leaving: &[PersonId],
        at: Timestamp,
    ) -> Result<Vec<StreamEvent>, StreamError> {
        let now = self.card()?.limit;
        let mut events = self.releases(stream, leaving)?;
        let staying = self.taken().saturating_sub(u32::try_from(events.len()).unwrap_or(u32::MAX));
        let held = self.held();
        if let Some(limit) = limit
            && staying.saturating_add(held) > limit
        {
            return Err(StreamError::LimitBelowSeats { limit, taken: self.taken(), held });
        }
        let mut then = self.clone();
        events.iter().cloned().for_each(|event| then.evolve(event));
        let reserved = then.reservations().kept_from(Standing::default(), at);
        if let Some(limit) = limit
            && staying.saturating_add(held).saturating_add(reserved) > limit
        {
            return Err(StreamError::LimitBelowReserved { limit, taken: staying, held, reserved });
        }
        if limit != now {
            events.push(StreamEvent::LimitChanged { stream, limit });
        }
        Ok(self.with_offers(stream, events, at))
    }

    /// Who waits is told by the end of their wish.
    pub(super) fn close(
        &self,
        stream: StreamId,
        leaving: &[PersonId],
    ) -> Result<Vec<StreamEvent>, StreamError> {
        self.card()?;
        let mut events = self.releases(stream, leaving)?;
        if events.len() < self.seated.len() {
            return Err(StreamError::SeatsTaken { taken: self.taken() });
        }
        events.extend(self.line.iter().map(|wish| wish.ends(stream, LineEnd::Closed)));
        events.push(StreamEvent::Closed { stream });
        Ok(events)
    }

    /// Those who leave give their seats up, each once.
    fn releases(
        &self,
        stream: StreamId,
        leaving: &[PersonId],
    ) -> Result<Vec<StreamEvent>, StreamError> {
        let mut leaving = leaving.to_vec();
        leaving.sort_unstable();
        leaving.dedup();
        let released = leaving.into_iter().map(|student| match self.seated.contains(&student) {
            true => Ok(StreamEvent::SeatReleased { stream, student }),
            false => Err(StreamError::NoSeat),
        });
        released.collect()
    }
}
