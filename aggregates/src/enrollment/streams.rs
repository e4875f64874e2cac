//! The streams of a registration: one of each component, all of one configuration.

use std::collections::{BTreeMap, BTreeSet};

use super::{Choice, Enrollment, EnrollmentError, EnrollmentEvent, StreamSeat, Taken};
use crate::shared::{StreamId, TextRef};

/// What streams are called, where somebody is told of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamNames(pub BTreeMap<StreamId, String>);

impl StreamNames {
    /// How a stream is told of.
    pub fn of(&self, stream: StreamId) -> String {
        self.0.get(&stream).cloned().unwrap_or_else(|| stream.to_string())
    }
}

impl StreamSeat {
    /// Why it can't be held with all of these, if it can't: they are of one configuration, and its parent is among them.
    fn against_going_with(&self, all: &[Self], names: &StreamNames) -> Vec<EnrollmentError> {
        let other = all.iter().find(|other| other.configuration != self.configuration);
        let mixed = other.map(|other| EnrollmentError::ConfigurationMixed {
            chosen: other.configuration.clone(),
            asked: self.configuration.clone(),
        });
        let missing = |parent: &StreamId| all.iter().all(|other| other.stream != *parent);
        let orphan = self
            .parent
            .filter(missing)
            .map(|parent| EnrollmentError::ParentNotChosen { stream: names.of(parent), parent });
        mixed.into_iter().chain(orphan).collect()
    }
}

/// Streams that are asked for, beside what the registration holds.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// The registration.
    pub taken: &'a Taken,
    /// The streams that it has.
    pub held: Vec<&'a StreamSeat>,
    /// What is asked for.
    pub choices: &'a [Choice],
    /// What is given up with it.
    pub leaves: &'a BTreeSet<StreamId>,
    /// What the streams are called.
    pub names: &'a StreamNames,
}

impl Wanted<'_> {
    /// Everything that speaks against it, each with the place of the choice that it concerns; without one where it
    /// concerns what is left.
    pub fn against(&self) -> Vec<(Option<usize>, EnrollmentError)> {
        let then = self.then();
        let mut against = Vec::new();
        for (place, choice) in self.choices.iter().enumerate() {
            let one = self.against_one(place, choice, &then);
            against.extend(one.into_iter().map(|error| (Some(place), error)));
        }
        against.extend(self.orphans());
        against
    }

    fn against_one(
        &self,
        place: usize,
        choice: &Choice,
        then: &[StreamSeat],
    ) -> Vec<EnrollmentError> {
        let seat = &choice.seat;
        let held = self.held.iter().any(|held| held.stream == seat.stream);
        if let Err(error) = must_fit(self.taken, held, seat) {
            return vec![error];
        }
        let component = &seat.component;
        let before = &self.choices[..place];
        let twice = before.iter().any(|other| other.seat.component == *component);
        let twice = twice.then(|| EnrollmentError::ComponentTwice { component: component.clone() });
        let together = seat.against_going_with(then, self.names);
        twice.into_iter().chain(together).collect()
    }

    /// What is held then of the registration's subject.
    fn then(&self) -> Vec<StreamSeat> {
        let of_subject =
            |seat: &&StreamSeat| (seat.subject, seat.term) == (self.taken.subject, self.taken.term);
        let chosen = self.choices.iter().map(|choice| &choice.seat).filter(of_subject);
        self.staying().chain(chosen).cloned().collect()
    }

    fn staying(&self) -> impl Iterator<Item = &StreamSeat> {
        self.held.iter().copied().filter(|held| !self.is_given_up(held.stream))
    }

    fn is_given_up(&self, stream: StreamId) -> bool {
        self.leaves.contains(&stream) || self.replacing(stream).is_some()
    }

    /// The place of the choice for which a stream is given up.
    fn replacing(&self, stream: StreamId) -> Option<usize> {
        self.choices.iter().position(|choice| choice.gives_up == Some(stream))
    }

    /// What stays without its parent.
    fn orphans(&self) -> impl Iterator<Item = (Option<usize>, EnrollmentError)> {
        self.staying().filter_map(|held| {
            let parent = held.parent.filter(|parent| self.is_given_up(*parent))?;
            Some((self.replacing(parent), child_held(held, self.names)))
        })
    }
}

/// A stream is one of the registration's subject's, and the student is not in it.
fn must_fit(taken: &Taken, is_held: bool, seat: &StreamSeat) -> Result<(), EnrollmentError> {
    if seat.subject != taken.subject || seat.term != taken.term {
        return Err(EnrollmentError::StreamOfAnotherSubject { code: taken.code.clone() });
    }
    if is_held { Err(EnrollmentError::StreamHeld) } else { Ok(()) }
}

fn child_held(child: &StreamSeat, names: &StreamNames) -> EnrollmentError {
    EnrollmentError::ChildStreamHeld { stream: names.of(child.stream), child: child.stream }
}

impl Enrollment {
    /// `gives_up` is what the asker knew to be given up; where it is no longer so, nothing happens.
    pub(super) fn choose_streams(
        &self,
        choices: Vec<Choice>,
        leaves: &BTreeSet<StreamId>,
        names: &StreamNames,
    ) -> Result<Vec<EnrollmentEvent>, EnrollmentError> {
        let about = self.open()?;
        let taken = about.into();
        if leaves.iter().any(|left| !self.streams.contains_key(left)) {
            return Err(EnrollmentError::StreamNotHeld);
        }
        choices.iter().try_for_each(|choice| self.must_replace(choice, leaves))?;
        let held = self.streams.values().collect();
        let wanted = Wanted { taken: about, held, choices: &choices, leaves, names };
        if let Some((_, error)) = wanted.against().into_iter().next() {
            return Err(error);
        }
        let left = leaves.iter().map(|stream| EnrollmentEvent::StreamLeft {
            taken,
            stream: *stream,
            because: None,
        });
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

    /// The registration, where the stream is one of its subject's and the student is not in it.
    pub(super) fn must_fit(&self, seat: &StreamSeat) -> Result<&Taken, EnrollmentError> {
        let taken = self.open()?;
        must_fit(taken, self.streams.contains_key(&seat.stream), seat)?;
        Ok(taken)
    }

    pub(super) fn leave_stream(
        &self,
        stream: StreamId,
        names: &StreamNames,
        because: Option<TextRef>,
    ) -> Result<Vec<EnrollmentEvent>, EnrollmentError> {
        let taken = self.open()?.into();
        if !self.streams.contains_key(&stream) {
            return Err(EnrollmentError::StreamNotHeld);
        }
        // It can't be given up while another one that needs it is held.
        match self.streams.values().find(|held| held.parent == Some(stream)) {
            Some(child) => Err(child_held(child, names)),
            None => Ok(vec![EnrollmentEvent::StreamLeft { taken, stream, because }]),
        }
    }
}
