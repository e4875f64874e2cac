//! The streams of what is supposed: for which subject each is taken, what speaks against it, and what would be at the same
//! time (manual 2.4.1).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aggregates::{
    enrollment::{Choice, EnrollmentError, StreamNames, StreamSeat, Taken, Wanted},
    iep::IepError,
    shared::{self, Codes, Refusal, Refuse, StreamId, SubjectId, Text},
    stream::StreamCard,
};
use async_graphql::Context;
use projections::stream::{StreamDocument, Streams};

use super::{
    super::{
        catalogue::{self, codes},
        choice::{Asker, Way},
        chosen::{name, seat, standing},
        errors::{Fault, UserError},
        giving_up::closed,
        holds::refusals,
        request::Ask,
        streams::{Meeting, Stream},
        what_if::{StreamClash, WhatIfStream},
    },
    Supposed,
};

impl Supposed {
    /// Finds for which subject each stream is taken: that of the registration that stays, or that would come.
    pub(super) fn take_seats(&mut self) {
        let subjects = self.taken();
        let seated = |(id, known): &(StreamId, Arc<StreamDocument>)| {
            let card = known.card.as_ref()?;
            let own = self.kept.iter().find(|kept| kept.streams.contains(id));
            let own = own.and_then(|kept| Some(kept.performance.taken.as_ref()?.subject));
            let subject = own.or_else(|| subject_of(known, &subjects)).unwrap_or(card.subject);
            Some((*id, seat(*id, subject, card)))
        };
        self.seats = self.asked.iter().chain(&self.held).filter_map(seated).collect();
    }

    /// The streams that stay: to choose gives up the one of the same component.
    fn staying(&self) -> impl Iterator<Item = &(StreamId, Arc<StreamDocument>)> {
        let asked = |id: &StreamId| {
            self.asked.iter().any(|(other, _)| id == other || same(&self.seats, id, other))
        };
        self.held.iter().filter(move |(id, _)| !asked(id))
    }

    /// What speaks against each of the streams that are asked for.
    pub(super) fn streams(&self, codes: &Codes) -> Vec<WhatIfStream> {
        let taken = self.taken();
        let of_another = self.of_another_subject(codes);
        let holds = self.grounds.forbidding_status().into_iter();
        let holds: Vec<_> = holds.chain(refusals(self.grounds.held())).collect();
        let standing = standing(&self.student.document, self.term.document.year);
        let asker = Asker { standing, lines: &self.lines, at: self.now };
        let told = |(id, document): &(StreamId, Arc<StreamDocument>)| {
            let card = document.card.as_ref()?;
            let fits = card.term == self.term.id && subject_of(document, &taken).is_some();
            let seatless = asker.against_seat(*id, document, Way::Taken);
            let seatless = seatless.filter(|_| !self.own.contains(id)).map(|error| error.refusal());
            let apart = match fits {
                true => self.apart(self.seats.get(id)?).iter().map(Refuse::refusal).collect(),
                false => vec![of_another.clone()],
            };
            let speaking = apart.iter().chain(&seatless).chain(&holds);
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

    /// What the registration itself would say to a seat that is chosen together with the others of its subject. It is
    /// asked for after these, so that of two for one component each is told.
    fn apart(&self, seat: &StreamSeat) -> Vec<EnrollmentError> {
        let taken = match self.registration(seat.subject) {
            Some(Ok(taken)) => taken,
            Some(Err(closed)) => return vec![closed],
            None => return vec![],
        };
        let of_subject =
            |other: &&StreamSeat| (other.subject, other.term) == (seat.subject, seat.term);
        let seats = |of: &[(StreamId, Arc<StreamDocument>)]| {
            let seats = of.iter().filter_map(|(id, _)| self.seats.get(id));
            seats.filter(of_subject).collect::<Vec<_>>()
        };
        let (held, mut asked) = (seats(&self.held), seats(&self.asked));
        asked.sort_by_key(|other| other.stream == seat.stream);
        let choice = |seat: &StreamSeat| {
            let same = |held: &&&StreamSeat| {
                held.stream != seat.stream && held.component == seat.component
            };
            Choice { seat: seat.clone(), gives_up: held.iter().find(same).map(|held| held.stream) }
        };
        let choices: Vec<_> = asked.into_iter().map(choice).collect();
        let (leaves, names) = (BTreeSet::new(), &self.names);
        let wanted = Wanted { taken: &taken, held, choices: &choices, leaves: &leaves, names };
        let of_seat = |place: Option<usize>| place.is_none_or(|place| place + 1 == choices.len());
        let against = wanted.against().into_iter().filter(|(place, _)| of_seat(*place));
        against.map(|(_, error)| error).collect()
    }

    /// The registration for a subject of the term, as it stands or would; or why it is changed no more.
    fn registration(&self, subject: SubjectId) -> Option<Result<Taken, EnrollmentError>> {
        let kept =
            self.kept.iter().filter_map(|kept| Some((kept, kept.performance.taken.as_ref()?)));
        let of = |taken: &Taken| (taken.subject, taken.term) == (subject, self.term.id);
        if let Some((kept, taken)) =
            kept.filter(|(kept, _)| !kept.dropped).find(|(_, taken)| of(taken))
        {
            return Some(closed(kept).map_or_else(|| Ok(taken.clone()), Err));
        }
        let asked = self.subjects.iter().find(|asked| asked.id == subject)?;
        let card = asked.document.card.as_ref()?;
        Some(Ok(catalogue::taken(self.student.id, subject, self.term.id, card)))
    }

    /// What of it would be at the same time.
    pub(super) fn clashes(&self) -> Vec<StreamClash> {
        let mut clashes = Vec::new();
        for (place, asked) in self.asked.iter().enumerate() {
            let others = self.asked[place + 1..].iter();
            for other in others.filter(|(other, _)| !same(&self.seats, &asked.0, other)) {
                clashes.extend(self.clashing(asked, other, false));
            }
            for other in self.staying() {
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
        let then = self.asked.iter().chain(self.staying());
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
