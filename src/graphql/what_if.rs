//! What if: the decisions of registering and choosing over a set that is not saved (manual 2.3.1, 2.4.1). A query: it
//! writes nothing.

use std::{collections::BTreeSet, sync::Arc};

use aggregates::{
    enrollment::{EnrollmentError, StreamNames, StreamSeat},
    shared::{self, Fact, Refuse, StreamId, SubjectId},
    stream::StreamCard,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use jiff::Timestamp;
use projections::{
    enrollment::Enrollments,
    stream::{StreamDocument, Streams},
};

use super::{
    calendar::Term,
    catalogue::{Offered, codes},
    choice::{Asker, Lines, Way},
    chosen::{choosing_is_open, seat, standing},
    errors::{Fault, UserError, denied, not_found, top_of},
    grounds::Grounds,
    holds::refusals,
    programme_standing::{ProgrammeStanding, programme_standing},
    registration::Asked,
    request::{Ask, query_id},
    speaking::lines,
    streams::{Meeting, Stream},
    students::{Student, readable_student},
    study_plan::{CreditCount, told},
    subjects::Subject,
    years::Year,
};
use crate::{identity::policy::Denied, troubles};

/// How many subjects, and how many streams, are looked at together.
const MOST: usize = 50;

/// What would come of taking subjects and streams together.
#[derive(SimpleObject)]
pub struct WhatIf {
    /// Whether all of it could be done now.
    allowed: bool,
    /// The subjects in the order asked, each beside all the others.
    subjects: Vec<WhatIfSubject>,
    /// The streams in the order asked.
    streams: Vec<WhatIfStream>,
    /// What would be at the same time, one by one: among the streams, and with those that the student has.
    clashes: Vec<StreamClash>,
    /// How the credits of the term would stand.
    credits: CreditCount,
    /// What would still be missing for the programme, once this and all that is in progress were passed; none without a
    /// curriculum for the student.
    programme: Option<ProgrammeStanding>,
}

/// A subject beside the others.
#[derive(SimpleObject)]
pub struct WhatIfSubject {
    /// The subject.
    subject: Subject,
    /// Whether it could be registered for now, together with the others.
    allowed: bool,
    /// Everything that speaks against it, all at once.
    reasons: Vec<UserError>,
}

/// A stream beside the subjects.
#[derive(SimpleObject)]
pub struct WhatIfStream {
    /// The stream.
    stream: Stream,
    /// Whether a seat could be taken in it.
    allowed: bool,
    /// Everything that speaks against it; what it clashes with is told in `clashes`.
    reasons: Vec<UserError>,
}

/// Two streams at the same time.
#[derive(SimpleObject)]
pub struct StreamClash {
    /// The stream that was asked for.
    stream: Stream,
    /// When it meets.
    meeting: Meeting,
    /// The other one.
    with: Stream,
    /// When that meets.
    with_meeting: Meeting,
    /// Whether the student is in the other one already.
    held: bool,
}

/// What if.
#[derive(Default)]
pub struct WhatIfQueries;

#[Object]
impl WhatIfQueries {
    /// What would come of taking these subjects and streams together in a term, decided as registering and choosing
    /// decide. It writes nothing.
    async fn what_if(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who would take them; oneself without it.")] student_id: Option<ID>,
        #[graphql(desc = "The term.")] term_id: ID,
        #[graphql(desc = "The subjects, 50 at the most.")] subject_ids: Vec<ID>,
        #[graphql(desc = "The streams, 50 at the most.", default)] stream_ids: Vec<ID>,
    ) -> async_graphql::Result<Option<WhatIf>> {
        if subject_ids.len() > MOST || stream_ids.len() > MOST {
            return Err(top_of(troubles::TOO_MANY_TOGETHER, &[Fact::new("most", MOST)]));
        }
        let student = match &student_id {
            Some(id) => query_id(id)?,
            None => ctx.viewer()?.person,
        };
        let student = readable_student(ctx, student).await??;
        if !student.is_told_to(ctx)? {
            return Err(denied(Denied::Forbidden));
        }
        let term = Term::load(ctx, query_id(&term_id)?).await?.ok_or_else(not_found)?;
        let mut subjects = Vec::new();
        for id in distinct::<SubjectId>(&subject_ids)? {
            subjects.push(Offered::load(ctx, id).await?.ok_or_else(not_found)?);
        }
        let streams = distinct::<StreamId>(&stream_ids)?;
        Supposed::of(ctx, student, term, subjects, streams).await?.told(ctx).await.map(Some)
    }
}

/// These ids in their order, each once.
fn distinct<T: Copy + Ord + std::str::FromStr>(ids: &[ID]) -> async_graphql::Result<Vec<T>> {
    let mut known = BTreeSet::new();
    let ids: Result<Vec<T>, _> = ids.iter().map(query_id).collect();
    Ok(ids?.into_iter().filter(|id| known.insert(*id)).collect())
}

/// What is supposed, beside what is there.
struct Supposed {
    student: Student,
    term: Term,
    grounds: Grounds,
    year: Arc<Year>,
    /// Whether streams of the term may be chosen now.
    choosing: bool,
    subjects: Vec<Offered>,
    /// The streams asked for.
    asked: Vec<(StreamId, Arc<StreamDocument>)>,
    /// The streams that the student is in, and would stay in.
    held: Vec<(StreamId, Arc<StreamDocument>)>,
    /// Those of the streams asked for in which the student is already.
    own: BTreeSet<StreamId>,
    /// What the student waits for.
    lines: Lines,
    /// What the streams are called.
    names: StreamNames,
    now: Timestamp,
}

impl Supposed {
    async fn of(
        ctx: &Context<'_>,
        student: Student,
        term: Term,
        subjects: Vec<Offered>,
        streams: Vec<StreamId>,
    ) -> async_graphql::Result<Self> {
        let grounds = told(Grounds::of_student(ctx, student.id).await)?;
        let year = Arc::new(told(Year::of(ctx, student.id, term.document.year).await)?);
        let now = ctx.services()?.cabinet.now();
        let choosing = choosing_is_open(ctx, &term.document, &student.document, now)?;
        let wanted = streams.len();
        let asked = ctx.each::<Streams, _>(streams).await?;
        if asked.len() < wanted {
            return Err(not_found());
        }
        let enrollments = student.document.enrollments.get(&term.id).into_iter().flatten().copied();
        let taken = ctx.each::<Enrollments, _>(enrollments).await?;
        let held = taken.iter().flat_map(|(_, taken)| taken.streams.iter().copied());
        let mut held = ctx.each::<Streams, _>(held).await?;
        let own = held.iter().map(|(id, _)| *id).collect();
        let known = asked.iter().chain(&held).map(|(id, known)| (*id, known.as_ref()));
        let names = told(names_of(ctx, known.collect()).await)?;
        let lines = told(lines(ctx, student.id, asked.iter().map(|(id, _)| *id).collect()).await)?;
        // Choosing gives up the stream of the same component.
        held.retain(|(id, held)| {
            !asked.iter().any(|(other, asked)| id == other || same(held, asked))
        });
        Ok(Self {
            student,
            term,
            grounds,
            year,
            choosing,
            subjects,
            asked,
            held,
            own,
            lines,
            names,
            now,
        })
    }

    async fn told(&self, ctx: &Context<'_>) -> async_graphql::Result<WhatIf> {
        let subjects = self.subjects(ctx).await?;
        let streams = self.streams();
        let clashes = self.clashes();
        let allowed = subjects.iter().all(|subject| subject.allowed)
            && streams.iter().all(|stream| stream.allowed)
            && clashes.is_empty();
        let mut coming: BTreeSet<_> = self.grounds.in_progress();
        coming.extend(self.subjects.iter().map(|subject| subject.id));
        let (id, document) = (self.student.id, &self.student.document);
        let programme = programme_standing(ctx, id, document, &coming).await?;
        Ok(WhatIf { allowed, subjects, streams, clashes, credits: self.credits(), programme })
    }

    /// Each subject beside all the others.
    async fn subjects(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<WhatIfSubject>> {
        let mut all = Vec::new();
        for subject in &self.subjects {
            let year = Arc::clone(&self.year);
            let asked = told(Asked::with(ctx, &self.grounds, year, &self.term, subject).await)?;
            let asked = asked.ok_or_else(not_found)?.beside(&self.subjects);
            let reasons: Vec<_> = asked.reasons().iter().map(UserError::of).collect();
            let allowed = reasons.is_empty();
            let shown = Subject::now(subject.id, Arc::clone(&subject.document));
            all.extend(shown.map(|subject| WhatIfSubject { subject, allowed, reasons }));
        }
        Ok(all)
    }

    fn streams(&self) -> Vec<WhatIfStream> {
        let registered = self.grounds.registered(self.term.id);
        let taken = |subject: &SubjectId| {
            registered.contains(subject) || self.subjects.iter().any(|asked| asked.id == *subject)
        };
        let holds = refusals(self.grounds.held());
        let not_now =
            (!self.choosing).then(|| UserError::own("CHOOSING_STREAMS_CLOSED", None, vec![]));
        let standing = standing(&self.student.document, self.term.document.year);
        let asker = Asker { standing, lines: &self.lines, at: self.now };
        let told = |(id, document): &(StreamId, Arc<StreamDocument>)| {
            let card = document.card.as_ref()?;
            let fits = std::iter::once(&card.subject).chain(&document.listed).any(taken);
            let other = card.term != self.term.id || !fits;
            let code = card.group.clone();
            let other = other.then(|| EnrollmentError::StreamOfAnotherSubject { code }.refusal());
            let seatless = asker.against_seat(*id, document, Way::Taken);
            let seatless = seatless.filter(|_| !self.own.contains(id)).map(|error| error.refusal());
            let apart = self.against_going_together(*id, document);
            let apart: Vec<_> = apart.iter().map(Refuse::refusal).collect();
            let speaking = other.iter().chain(&apart).chain(&seatless).chain(&holds);
            let reasons = speaking.map(UserError::of).chain(not_now.clone());
            let reasons: Vec<_> = reasons.collect();
            let stream = Stream::now(*id, Arc::clone(document))?;
            Some(WhatIfStream { stream, allowed: reasons.is_empty(), reasons })
        };
        self.asked.iter().filter_map(told).collect()
    }

    /// Why a stream does not go together with those of its subject that would be held then, if it does not.
    fn against_going_together(
        &self,
        stream: StreamId,
        document: &StreamDocument,
    ) -> Vec<EnrollmentError> {
        let Some(seat) = self.seat(stream, document) else { return vec![] };
        let then = self.asked.iter().chain(&self.held);
        let then = then.filter_map(|(id, known)| self.seat(*id, known));
        let of_subject =
            |other: &StreamSeat| (other.subject, other.term) == (seat.subject, seat.term);
        let then: Vec<_> = then.filter(of_subject).collect();
        let twice =
            |other: &&StreamSeat| other.component == seat.component && other.stream != seat.stream;
        let twice = then.iter().any(|other| twice(&other));
        let component = seat.component.clone();
        let twice = twice.then_some(EnrollmentError::ComponentTwice { component });
        let together = seat.against_going_with(&then, &self.names);
        twice.into_iter().chain(together).collect()
    }

    /// The seat in a stream: of the subject among those taken under which it is listed, if it is under one.
    fn seat(&self, stream: StreamId, document: &StreamDocument) -> Option<StreamSeat> {
        let card = document.card.as_ref()?;
        let asked = |subject: &&SubjectId| self.subjects.iter().any(|other| other.id == **subject);
        let registered = self.grounds.registered(self.term.id);
        let taken = |subject: &&SubjectId| asked(subject) || registered.contains(*subject);
        let own = std::iter::once(&card.subject).chain(&document.listed).find(taken);
        Some(seat(stream, *own.unwrap_or(&card.subject), card))
    }

    fn clashes(&self) -> Vec<StreamClash> {
        let mut clashes = Vec::new();
        for (place, asked) in self.asked.iter().enumerate() {
            for other in &self.asked[place + 1..] {
                clashes.extend(clashing(asked, other, false));
            }
            for other in &self.held {
                clashes.extend(clashing(asked, other, true));
            }
        }
        clashes
    }

    /// The credits of the term with the subjects that are not on the plan yet.
    fn credits(&self) -> CreditCount {
        let term = self.term.id;
        let limit = self.year.limit(term).unwrap_or_default();
        let planned = self.year.iep.as_ref().map(|iep| iep.credits(term)).unwrap_or_default();
        let registered = self.grounds.registered(term);
        let new = self.subjects.iter().filter(|subject| !registered.contains(&subject.id));
        let new: shared::Credits = new.map(Offered::credits).sum();
        CreditCount::of(limit, planned + new)
    }
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
    let name = |(id, card): &(StreamId, &StreamCard)| {
        (*id, format!("{}, {} {}", codes.of(card.subject), card.component, card.group))
    };
    Ok(StreamNames(all.iter().map(name).collect()))
}

/// Whether two streams are of the same component of a subject.
fn same(one: &StreamDocument, other: &StreamDocument) -> bool {
    let component = |document: &StreamDocument| {
        document.card.as_ref().map(|card| (card.subject, card.term, card.component.clone()))
    };
    component(one) == component(other)
}

/// Where two streams of a term meet at the same time.
fn clashing(
    (id, asked): &(StreamId, Arc<StreamDocument>),
    (other_id, other): &(StreamId, Arc<StreamDocument>),
    held: bool,
) -> Vec<StreamClash> {
    let (Some(card), Some(with)) = (&asked.card, &other.card) else { return vec![] };
    if card.term != with.term || same(asked, other) {
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
