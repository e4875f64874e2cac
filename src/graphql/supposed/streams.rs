//! The streams of what is supposed: for which subject each is taken, what speaks against it, and what would be at the same
//! time (manual 2.4.1).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aggregates::{
    enrollment::{EnrollmentError, StreamNames, StreamSeat},
    iep::IepError,
    shared::{self, Codes, EnrollmentId, Refusal, Refuse, StreamId, SubjectId, Text},
    stream::StreamCard,
};
use async_graphql::Context;
use projections::{
    enrollment::EnrollmentDocument,
    stream::{StreamDocument, Streams},
};

use super::{
    super::{
        catalogue::codes,
        choice::{Asker, Way},
        chosen::{name, seat, standing},
        errors::{Fault, UserError},
        holds::refusals,
        request::Ask,
        streams::{Meeting, Stream},
        what_if::{StreamClash, WhatIfStream},
    },
    Supposed,
};

impl Supposed {
    /// Finds for which subject each stream is taken: that of the registration that stays, or that would come. To choose
    /// gives up the stream of the same component.
    pub(super) fn take_seats(&mut self, taken: &[(EnrollmentId, Arc<EnrollmentDocument>)]) {
        let given = |id: &EnrollmentId| self.given.iter().any(|given| given.enrollment == *id);
        let stays = taken.iter().filter(|(id, _)| !given(id)).map(|(_, known)| known);
        let stays =
            stays.filter_map(|known| Some((known, known.performance.taken.as_ref()?.subject)));
        let stays: Vec<_> = stays.collect();
        let subjects = self.taken();
        let seated = |(id, known): &(StreamId, Arc<StreamDocument>)| {
            let card = known.card.as_ref()?;
            let own = stays.iter().find(|(known, _)| known.streams.contains(id));
            let subject = own.map(|(_, subject)| *subject).or_else(|| subject_of(known, &subjects));
            Some((*id, seat(*id, subject.unwrap_or(card.subject), card)))
        };
        self.seats = self.asked.iter().chain(&self.held).filter_map(seated).collect();
        let Self { asked, seats, .. } = &*self;
        let is_asked =
            |id: &StreamId| asked.iter().any(|(other, _)| id == other || same(seats, id, other));
        let staying = self.held.iter().filter(|(id, _)| !is_asked(id)).cloned().collect();
        self.held = staying;
    }

    /// What speaks against each of the streams that are asked for.
    pub(super) fn streams(&self, codes: &Codes) -> Vec<WhatIfStream> {
        let taken = self.taken();
        let of_another = self.of_another_subject(codes);
        let then = self.asked.iter().chain(&self.held);
        let then: Vec<_> = then.filter_map(|(id, _)| self.seats.get(id).cloned()).collect();
        let holds = self.grounds.forbidding_status().into_iter();
        let holds: Vec<_> = holds.chain(refusals(self.grounds.held())).collect();
        let standing = standing(&self.student.document, self.term.document.year);
        let asker = Asker { standing, lines: &self.lines, at: self.now };
        let told = |(id, document): &(StreamId, Arc<StreamDocument>)| {
            let card = document.card.as_ref()?;
            let fits = card.term == self.term.id && subject_of(document, &taken).is_some();
            let other = (!fits).then(|| of_another.clone());
            let seatless = asker.against_seat(*id, document, Way::Taken);
            let seatless = seatless.filter(|_| !self.own.contains(id)).map(|error| error.refusal());
            let apart = self.against_going_together(self.seats.get(id)?, &then);
            let apart: Vec<_> = apart.iter().map(Refuse::refusal).collect();
            let speaking = other.iter().chain(&apart).chain(&seatless).chain(&holds);
            let reasons = speaking.map(UserError::of).chain(self.closed.clone());
            let reasons: Vec<_> = reasons.collect();
            let stream = Stream::now(*id, Arc::clone(document))?;
            Some(WhatIfStream { stream, allowed: reasons.is_empty(), reasons })
        };
        self.asked.iter().filter_map(told).collect()
    }

    /// What a stream is refused by that belongs to none of the subjects that would be taken: it names those asked for, or
    /// those there are.
    fn of_another_subject(&self, codes: &Codes) -> Refusal {
        let asked: Vec<_> = self.subjects.iter().map(|asked| asked.id).collect();
        let meant = if asked.is_empty() { self.taken().into_iter().collect() } else { asked };
        let meant: Vec<_> = meant.into_iter().map(|subject| codes.of(subject)).collect();
        match Text::long(&meant.join(", ")) {
            Ok(code) => EnrollmentError::StreamOfAnotherSubject { code }.refusal(),
            Err(_) => IepError::SubjectNotInPlan.refusal(),
        }
    }

    /// Why a seat does not go together with those of its subject that would be held then, if it does not.
    fn against_going_together(
        &self,
        seat: &StreamSeat,
        then: &[StreamSeat],
    ) -> Vec<EnrollmentError> {
        let of_subject =
            |other: &&StreamSeat| (other.subject, other.term) == (seat.subject, seat.term);
        let then: Vec<_> = then.iter().filter(of_subject).cloned().collect();
        let twice =
            |other: &StreamSeat| other.component == seat.component && other.stream != seat.stream;
        let twice = then.iter().any(twice);
        let component = seat.component.clone();
        let twice = twice.then_some(EnrollmentError::ComponentTwice { component });
        let together = seat.against_going_with(&then, &self.names);
        twice.into_iter().chain(together).collect()
    }

    /// What of it would be at the same time.
    pub(super) fn clashes(&self) -> Vec<StreamClash> {
        let mut clashes = Vec::new();
        for (place, asked) in self.asked.iter().enumerate() {
            let others = self.asked[place + 1..].iter();
            for other in others.filter(|(other, _)| !same(&self.seats, &asked.0, other)) {
                clashes.extend(self.clashing(asked, other, false));
            }
            for other in &self.held {
                clashes.extend(self.clashing(asked, other, true));
            }
        }
        clashes
    }

    /// Where two streams meet at the same time.
    fn clashing(
        &self,
        (id, asked): &(StreamId, Arc<StreamDocument>),
        (other_id, other): &(StreamId, Arc<StreamDocument>),
        held: bool,
    ) -> Vec<StreamClash> {
        let (Some(card), Some(with)) = (&asked.card, &other.card) else { return vec![] };
        let (ours, theirs) = ((card.term, &*card.meetings), (with.term, &*with.meetings));
        let clash =
            |(ours, theirs, both): (&shared::Meeting, &shared::Meeting, shared::Meeting)| {
                Some(StreamClash {
                    stream: Stream::now(*id, Arc::clone(asked))?,
                    meeting: Meeting::of(ours),
                    with: Stream::now(*other_id, Arc::clone(other))?,
                    with_meeting: Meeting::of(theirs),
                    overlap: Meeting::of(&both),
                    held,
                })
            };
        self.terms.overlaps(ours, theirs).filter_map(clash).collect()
    }

    /// The streams that a registration for a subject would have.
    pub(super) fn streams_of(&self, subject: SubjectId) -> Vec<StreamCard> {
        let then = self.asked.iter().chain(&self.held);
        let own = |seat: &StreamSeat| (seat.subject, seat.term) == (subject, self.term.id);
        let own = then.filter(|(id, _)| self.seats.get(id).is_some_and(own));
        own.filter_map(|(_, known)| known.card.clone()).collect()
    }
}

/// For which of these subjects a stream is taken: its own, or one under which it is listed.
fn subject_of(document: &StreamDocument, taken: &BTreeSet<SubjectId>) -> Option<SubjectId> {
    let own = document.card.iter().map(|card| &card.subject);
    own.chain(&document.listed).copied().find(|subject| taken.contains(subject))
}

/// What streams, and those without which they can't be taken, are called.
pub(super) async fn names_of(
    ctx: &Context<'_>,
    known: Vec<(StreamId, &StreamDocument)>,
) -> Result<StreamNames, Fault> {
    let parents = known.iter().filter_map(|(_, known)| known.card.as_ref()?.parent);
    let parents = ctx.each::<Streams, _>(parents.collect::<BTreeSet<_>>()).await?;
    let parents = parents.iter().map(|(id, known)| (*id, known.as_ref()));
    let all = known.into_iter().chain(parents);
    let all: Vec<_> = all.filter_map(|(id, known)| Some((id, known.card.as_ref()?))).collect();
    let codes = codes(ctx, all.iter().map(|(_, card)| card.subject).collect()).await?;
    let named = |(id, card): &(StreamId, &StreamCard)| (*id, name(&codes.of(card.subject), card));
    Ok(StreamNames(all.iter().map(named).collect()))
}

/// Whether two streams are taken for the same component of a subject.
fn same(seats: &BTreeMap<StreamId, StreamSeat>, one: &StreamId, other: &StreamId) -> bool {
    let component = |id| seats.get(id).map(|seat| (seat.subject, seat.term, &seat.component));
    component(one).is_some_and(|known| component(other) == Some(known))
}
