//! What is supposed in *what if*, beside what is there, and what would come of it: decided as registering, choosing and
//! giving up decide (manual 2.3.1, 2.4.1).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aggregates::{
    enrollment::{EnrollmentError, StreamNames, StreamSeat},
    iep::{Authority, Entry, IepError},
    shared::{
        self, Codes, EnrollmentId, Fact, Refusal, Refuse, Requirement, StreamId, SubjectId, TermId,
        Text,
    },
    stream::StreamCard,
};
use async_graphql::Context;
use jiff::Timestamp;
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    stream::{StreamDocument, Streams},
};

use super::{
    calendar::Term,
    catalogue::{Offered, codes},
    choice::{Asker, Lines, Way},
    chosen::{choosing_is_closed, name, seat, standing},
    enrollments::Enrollment,
    errors::{Fault, UserError, not_found},
    giving_up::GivingUp,
    grounds::Grounds,
    holds::refusals,
    programme_standing::programme_standing,
    registration::{Asked, openness},
    request::Ask,
    speaking::lines,
    streams::{Meeting, Stream},
    students::Student,
    study_plan::{CreditCount, told},
    subjects::Subject,
    what_if::{StreamClash, WhatIf, WhatIfGiveUp, WhatIfStream, WhatIfSubject},
    years::Year,
};

/// What is supposed, beside what is there.
pub struct Supposed {
    student: Student,
    term: Term,
    grounds: Grounds,
    year: Arc<Year>,
    /// What is given up for it.
    given: Vec<GivingUp>,
    /// Why streams of the term may not be chosen now, if so.
    closed: Option<UserError>,
    subjects: Vec<Offered>,
    /// The streams asked for.
    asked: Vec<(StreamId, Arc<StreamDocument>)>,
    /// The streams that the student is in, and would stay in.
    held: Vec<(StreamId, Arc<StreamDocument>)>,
    /// The seats in all of these.
    seats: BTreeMap<StreamId, StreamSeat>,
    /// Those in which the student is already, given up or not.
    own: BTreeSet<StreamId>,
    /// What the student waits for.
    lines: Lines,
    /// What the streams are called.
    names: StreamNames,
    now: Timestamp,
}

impl Supposed {
    /// With everything that decides about it.
    pub async fn of(
        ctx: &Context<'_>,
        student: Student,
        term: Term,
        subjects: Vec<Offered>,
        streams: Vec<StreamId>,
        given: Vec<GivingUp>,
    ) -> async_graphql::Result<Self> {
        let grounds = told(Grounds::of_student(ctx, student.id).await)?;
        let year = Arc::new(told(Year::of(ctx, student.id, term.document.year).await)?);
        let now = ctx.services()?.cabinet.now();
        let closed = choosing_is_closed(ctx, &term.document, &student.document, now)?;
        let wanted = streams.len();
        let asked = ctx.each::<Streams, _>(streams).await?;
        if asked.len() < wanted {
            return Err(not_found());
        }
        let enrollments = student.document.enrollments.get(&term.id).into_iter().flatten().copied();
        let taken = ctx.each::<Enrollments, _>(enrollments).await?;
        let own: BTreeSet<_> =
            taken.iter().flat_map(|(_, taken)| taken.streams.iter().copied()).collect();
        let left: BTreeSet<_> =
            given.iter().flat_map(|given| given.known.streams.iter().copied()).collect();
        let held = ctx.each::<Streams, _>(own.difference(&left).copied()).await?;
        let known = asked.iter().chain(&held).map(|(id, known)| (*id, known.as_ref()));
        let names = told(names_of(ctx, known.collect()).await)?;
        let lines = told(lines(ctx, student.id, asked.iter().map(|(id, _)| *id).collect()).await)?;
        let mut supposed = Self {
            student,
            term,
            grounds,
            year,
            given,
            closed,
            subjects,
            asked,
            held,
            seats: BTreeMap::new(),
            own,
            lines,
            names,
            now,
        };
        supposed.take_seats(&taken);
        Ok(supposed)
    }

    /// Finds for which subject each stream is taken: that of the registration that stays, or that would come. To choose
    /// gives up the stream of the same component.
    fn take_seats(&mut self, taken: &[(EnrollmentId, Arc<EnrollmentDocument>)]) {
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

    /// What would come of it.
    pub async fn told(&self, ctx: &Context<'_>) -> async_graphql::Result<WhatIf> {
        let subjects = self.subjects(ctx).await?;
        let codes = codes(ctx, self.taken()).await?;
        let streams = self.streams(&codes);
        let clashes = self.clashes();
        let give_ups = self.give_ups(ctx)?;
        let allowed = subjects.iter().all(|subject| subject.allowed)
            && streams.iter().all(|stream| stream.allowed)
            && give_ups.iter().all(|given| given.allowed)
            && clashes.is_empty();
        let mut coming: BTreeSet<_> = self.grounds.in_progress();
        self.given_subjects().for_each(|(subject, _)| {
            coming.remove(&subject);
        });
        coming.extend(self.subjects.iter().map(|subject| subject.id));
        let (id, document) = (self.student.id, &self.student.document);
        let programme = programme_standing(ctx, id, document, &coming).await?;
        Ok(WhatIf {
            allowed,
            subjects,
            streams,
            clashes,
            give_ups,
            warnings: self.warnings(ctx).await?,
            credits: self.credits(),
            year_credits: self.year_credits(),
            programme,
        })
    }

    /// Each subject beside all the others.
    async fn subjects(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<WhatIfSubject>> {
        let mut all = Vec::new();
        for subject in &self.subjects {
            let year = Arc::clone(&self.year);
            let asked = told(Asked::with(ctx, &self.grounds, year, &self.term, subject).await)?;
            let mut asked = asked.ok_or_else(not_found)?;
            for given in &self.given {
                if let Some(taken) = &given.known.performance.taken {
                    asked = asked.in_place_of(given.enrollment, taken.subject, taken.term);
                }
            }
            let asked = asked.beside(&self.subjects);
            let reasons: Vec<_> = asked.reasons().iter().map(UserError::of).collect();
            let allowed = reasons.is_empty();
            let shown = Subject::now(subject.id, Arc::clone(&subject.document));
            let (term, id, streams) = (self.term.id, subject.id, self.streams_of(subject.id));
            all.extend(shown.map(|subject| WhatIfSubject {
                subject,
                allowed,
                reasons,
                term,
                id,
                streams,
            }));
        }
        Ok(all)
    }

    fn streams(&self, codes: &Codes) -> Vec<WhatIfStream> {
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

    /// The subjects of the term that would be taken then.
    fn taken(&self) -> BTreeSet<SubjectId> {
        let mut taken = self.registered();
        taken.extend(self.subjects.iter().map(|asked| asked.id));
        taken
    }

    fn clashes(&self) -> Vec<StreamClash> {
        let mut clashes = Vec::new();
        for (place, asked) in self.asked.iter().enumerate() {
            let others = self.asked[place + 1..].iter();
            for other in others.filter(|(other, _)| !same(&self.seats, &asked.0, other)) {
                clashes.extend(clashing(asked, other, false));
            }
            for other in &self.held {
                clashes.extend(clashing(asked, other, true));
            }
        }
        clashes
    }

    /// The subjects of the term for which the student would stay registered.
    fn registered(&self) -> BTreeSet<SubjectId> {
        let mut registered = self.grounds.registered(self.term.id);
        for (subject, term) in self.given_subjects() {
            if term == self.term.id {
                registered.remove(&subject);
            }
        }
        registered
    }

    fn given_subjects(&self) -> impl Iterator<Item = (SubjectId, TermId)> {
        let taken = self.given.iter().filter_map(|given| given.known.performance.taken.as_ref());
        taken.map(|taken| (taken.subject, taken.term))
    }

    fn give_ups(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<WhatIfGiveUp>> {
        let mut all = Vec::new();
        for given in &self.given {
            let openness = told(openness(ctx, &given.term, &given.about, Authority::Student))?;
            let reasons = given.reasons(&openness);
            let reasons: Vec<_> = reasons.iter().map(UserError::of).collect();
            let enrollment =
                Enrollment { id: given.enrollment, document: Arc::clone(&given.known) };
            all.push(WhatIfGiveUp { enrollment, allowed: reasons.is_empty(), reasons });
        }
        Ok(all)
    }

    /// The subjects that would stay without one that has to be taken in the same term.
    async fn warnings(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<UserError>> {
        let gone: BTreeSet<_> = self.given_subjects().map(|(subject, _)| subject).collect();
        let mut warnings = Vec::new();
        if gone.is_empty() {
            return Ok(warnings);
        }
        let staying = self.registered();
        let codes = codes(ctx, gone.union(&staying).copied().collect()).await?;
        for id in &staying {
            let Some(subject) = Offered::load(ctx, *id).await? else { continue };
            let counts = self.year.in_progress_counts(self.term.id);
            let demand = self.grounds.demand(ctx, &subject, self.term.id, counts).await;
            let mut demand = told(demand)?;
            demand.known.registered = staying.iter().copied().filter(|other| other != id).collect();
            demand.known.registered.extend(self.subjects.iter().map(|asked| asked.id));
            let unmet = demand.requirement.unmet(&demand.known).into_iter();
            let with = unmet.flat_map(Requirement::everything).filter_map(|part| match part {
                Requirement::RegisteredNow(other) if gone.contains(other) => Some(*other),
                _ => None,
            });
            warnings.extend(with.map(|other| {
                let subject = Fact::new("subject", codes.of(*id));
                let facts = vec![subject, Fact::new("corequisite", codes.of(other))];
                UserError::own("COREQUISITE_GIVEN_UP", None, facts)
            }));
        }
        Ok(warnings)
    }

    /// The streams that a registration for a subject would have.
    fn streams_of(&self, subject: SubjectId) -> Vec<StreamCard> {
        let then = self.asked.iter().chain(&self.held);
        let own =
            then.filter(|(id, _)| self.seats.get(id).is_some_and(|seat| seat.subject == subject));
        own.filter_map(|(_, known)| known.card.clone()).collect()
    }

    /// The credits of the term with the subjects that are not on the plan yet.
    fn credits(&self) -> CreditCount {
        let term = self.term.id;
        let limit = self.year.term_limit(term).unwrap_or_default();
        CreditCount::of(limit, self.planned(|entry| entry.term == term) + self.added())
    }

    /// The same of the academic year.
    fn year_credits(&self) -> CreditCount {
        let planned = self.planned(|entry| self.year.counts(entry.term));
        let added = if self.year.counts(self.term.id) { self.added() } else { Default::default() };
        CreditCount::of(self.year.limit, planned + added)
    }

    /// The credits on the plan that would stay there.
    fn planned(&self, counts: impl Fn(&Entry) -> bool) -> shared::Credits {
        let given =
            |entry: &&Entry| self.given.iter().any(|given| given.enrollment == entry.enrollment);
        let staying = self.year.entries().filter(|entry| !given(entry));
        staying.filter(|entry| counts(entry)).map(|entry| entry.credits).sum()
    }

    /// The credits of the subjects that would come to it.
    fn added(&self) -> shared::Credits {
        let registered = self.registered();
        let new = self.subjects.iter().filter(|subject| !registered.contains(&subject.id));
        new.map(Offered::credits).sum()
    }
}

/// For which of these subjects a stream is taken: its own, or one under which it is listed.
fn subject_of(document: &StreamDocument, taken: &BTreeSet<SubjectId>) -> Option<SubjectId> {
    let own = document.card.iter().map(|card| &card.subject);
    own.chain(&document.listed).copied().find(|subject| taken.contains(subject))
}

/// What streams, and those without which they can't be taken, are called.
async fn names_of(
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

/// Where two streams of a term meet at the same time.
fn clashing(
    (id, asked): &(StreamId, Arc<StreamDocument>),
    (other_id, other): &(StreamId, Arc<StreamDocument>),
    held: bool,
) -> Vec<StreamClash> {
    let (Some(card), Some(with)) = (&asked.card, &other.card) else { return vec![] };
    if card.term != with.term {
        return vec![];
    }
    let pairs = card.meetings.iter().flat_map(|ours| with.meetings.iter().map(move |t| (ours, t)));
    let clash = |(ours, theirs): (&shared::Meeting, &shared::Meeting)| {
        Some(StreamClash {
            stream: Stream::now(*id, Arc::clone(asked))?,
            meeting: Meeting::of(ours),
            with: Stream::now(*other_id, Arc::clone(other))?,
            with_meeting: Meeting::of(theirs),
            held,
        })
    };
    pairs.filter(|(ours, theirs)| ours.clashes(theirs)).filter_map(clash).collect()
}
