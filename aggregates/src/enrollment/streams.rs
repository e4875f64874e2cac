//! The streams of a registration: one of each component, all of one configuration.

use super::{Enrollment, EnrollmentError, EnrollmentEvent, StreamSeat, Taken};
use crate::shared::StreamId;

impl Enrollment {
    /// `gives_up` is what the asker knew to be given up; where it is no longer so, nothing happens.
    pub(super) fn choose_stream(
        &self,
        seat: StreamSeat,
        gives_up: Option<StreamId>,
    ) -> Result<Vec<EnrollmentEvent>, EnrollmentError> {
        let taken = self.must_fit(&seat)?;
        let replaced = self.streams.values().find(|held| held.component == seat.component);
        if replaced.map(|held| held.stream) != gives_up {
            return Err(EnrollmentError::StreamsChanged);
        }
        let staying = || self.streams.values().filter(|held| Some(held.stream) != gives_up);
        if let Some(other) = staying().find(|held| held.configuration != seat.configuration) {
            return Err(EnrollmentError::ConfigurationMixed {
                chosen: other.configuration.clone(),
                asked: seat.configuration,
            });
        }
        if let Some(parent) = seat.parent
            && !staying().any(|held| held.stream == parent)
        {
            return Err(EnrollmentError::ParentNotChosen { parent });
        }
        if let Some(old) = gives_up {
            self.must_have_no_child(old)?;
        }
        let taken = taken.into();
        Ok(vec![EnrollmentEvent::StreamChosen { taken, seat, gives_up }])
    }

    /// The registration, where the stream is one of its subject's and the student is not in it.
    pub(super) fn must_fit(&self, seat: &StreamSeat) -> Result<&Taken, EnrollmentError> {
        let taken = self.open()?;
        if seat.subject != taken.subject || seat.term != taken.term {
            return Err(EnrollmentError::StreamOfAnotherSubject { code: taken.code.clone() });
        }
        if self.streams.contains_key(&seat.stream) {
            return Err(EnrollmentError::StreamHeld);
        }
        Ok(taken)
    }

    pub(super) fn leave_stream(
        &self,
        stream: StreamId,
    ) -> Result<Vec<EnrollmentEvent>, EnrollmentError> {
        let taken = self.open()?.into();
        if !self.streams.contains_key(&stream) {
            return Err(EnrollmentError::StreamNotHeld);
        }
        self.must_have_no_child(stream)?;
        Ok(vec![EnrollmentEvent::StreamLeft { taken, stream }])
    }

    /// A stream can't be given up while another one that needs it is held.
    fn must_have_no_child(&self, stream: StreamId) -> Result<(), EnrollmentError> {
        match self.streams.values().find(|held| held.parent == Some(stream)) {
            Some(child) => Err(EnrollmentError::ChildStreamHeld { child: child.stream }),
            None => Ok(()),
        }
    }
}
