//! The streams of a registration: one of each component, all of one configuration.

use std::collections::BTreeSet;

use super::{Choice, Enrollment, EnrollmentError, EnrollmentEvent, StreamSeat, Taken};
use crate::shared::StreamId;

impl StreamSeat {
    /// Whether it can be held with all of these: they are of one configuration, and its parent is among them.
    pub fn must_go_with(&self, all: &[Self]) -> Result<(), EnrollmentError> {
        let other = all.iter().find(|other| other.configuration != self.configuration);
        if let Some(other) = other {
            return Err(EnrollmentError::ConfigurationMixed {
                chosen: other.configuration.clone(),
                asked: self.configuration.clone(),
            });
        }
        match self.parent {
            Some(parent) if all.iter().all(|other| other.stream != parent) => {
                Err(EnrollmentError::ParentNotChosen { parent })
            }
            _ => Ok(()),
        }
    }
}

impl Enrollment {
    /// `gives_up` is what the asker knew to be given up; where it is no longer so, nothing happens.
    pub(super) fn choose_streams(
        &self,
        choices: Vec<Choice>,
        leaves: &BTreeSet<StreamId>,
    ) -> Result<Vec<EnrollmentEvent>, EnrollmentError> {
        let taken = self.open()?.into();
        if leaves.iter().any(|left| !self.streams.contains_key(left)) {
            return Err(EnrollmentError::StreamNotHeld);
        }
        for (number, choice) in choices.iter().enumerate() {
            self.must_replace(choice, leaves)?;
            let component = &choice.seat.component;
            if choices[..number].iter().any(|other| other.seat.component == *component) {
                return Err(EnrollmentError::ComponentTwice { component: component.clone() });
            }
        }
        self.must_go_together(&choices, leaves)?;
        let left =
            leaves.iter().map(|stream| EnrollmentEvent::StreamLeft { taken, stream: *stream });
        let chosen = choices.into_iter().map(|Choice { seat, gives_up }| {
            EnrollmentEvent::StreamChosen { taken, seat, gives_up }
        });
        Ok(left.chain(chosen).collect())
    }

    /// A choice gives up the stream of the same component, if there is one that is not left anyway.
    fn must_replace(
        &self,
        choice: &Choice,
        leaves: &BTreeSet<StreamId>,
    ) -> Result<(), EnrollmentError> {
        self.must_fit(&choice.seat)?;
        let same = |held: &&StreamSeat| {
            held.component == choice.seat.component && !leaves.contains(&held.stream)
        };
        let replaced = self.streams.values().find(same).map(|held| held.stream);
        if replaced == choice.gives_up { Ok(()) } else { Err(EnrollmentError::StreamsChanged) }
    }

    /// What is held with these choices is of one configuration, and each stream with its parent.
    fn must_go_together(
        &self,
        choices: &[Choice],
        leaves: &BTreeSet<StreamId>,
    ) -> Result<(), EnrollmentError> {
        let replaced = choices.iter().filter_map(|choice| choice.gives_up);
        let given_up: BTreeSet<_> = replaced.chain(leaves.iter().copied()).collect();
        let staying = || self.streams.values().filter(|held| !given_up.contains(&held.stream));
        let then: Vec<_> =
            staying().chain(choices.iter().map(|choice| &choice.seat)).cloned().collect();
        for choice in choices {
            choice.seat.must_go_with(&then)?;
        }
        let orphan = |held: &&StreamSeat| held.parent.is_some_and(|old| given_up.contains(&old));
        match staying().find(orphan) {
            Some(child) => Err(EnrollmentError::ChildStreamHeld { child: child.stream }),
            None => Ok(()),
        }
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
