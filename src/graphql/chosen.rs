//! Streams beside the registration they are chosen for, and what taking and leaving them asks of whom (manual 2.4.1).

mod placing;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aggregates::{
    Act,
    academic_calendar::{Cohort, PeriodKind},
    enrollment::{Choice, EnrollmentCommand, StreamNames, StreamSeat, Taken},
    iep::{ChosenStream, IepCommand, Placement},
    shared::{
        EnrollmentId, Fact, IepId, PersonId, Refusal, Refuse, Role, StreamId, SubjectId, TermDays,
        TermId, Window,
    },
    stream::{Standing, StreamCard, StreamCommand},
    student::{StudentError, StudentStatus},
};
use async_graphql::{Context, ID};
use jiff::Timestamp;
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    iep::{IepDocument, IepTrails},
    performance::Performance,
    stream::{StreamDocument, Streams},
    student::{StudentDocument, Students},
    term::{TermDocument, Terms},
};
use tokio::sync::OnceCell;

pub use placing::{chosen, have_no_others};

use super::{
    enrollments::must_be_theirs,
    errors::{Fault, UserError},
    holds::refusals,
    mutation::Plan,
    periods::window_of,
    request::{Ask, input_id},
    years::days,
};

/// Streams beside the registration they are chosen for.
pub struct Chosen {
    /// The registration.
    pub enrollment: EnrollmentId,
    pub(super) document: Arc<EnrollmentDocument>,
    /// Whose it is.
    pub student: PersonId,
    about_student: Arc<StudentDocument>,
    /// Its term.
    pub term: TermId,
    subject: SubjectId,
    pub(super) streams: Vec<(StreamId, StreamCard)>,
    /// The same with their seats.
    pub(super) known: Vec<Arc<StreamDocument>>,
    /// The streams that the registration has.
    pub(super) held: Vec<(StreamId, StreamCard)>,
    /// The streams of another registration, which is given up in the same act.
    pub(super) given: BTreeSet<StreamId>,
    /// What all of them are called.
    pub(super) names: StreamNames,
    /// Of which programme and year the student is.
    pub standing: Standing,
    /// Now.
    pub at: Timestamp,
    /// Why streams may not be chosen now, if so.
    pub(super) closed: Option<UserError>,
    /// The year in which the academic year begins.
    year: i16,
    /// The student's plan of that year, if it is open.
    iep: Option<Arc<IepDocument>>,
    /// The days of the terms in which the student is registered.
    pub(super) terms: TermDays,
    /// Those of them that are taught at the same time and belong to another academic year.
    of_other_years: BTreeMap<TermId, i16>,
    imported: OnceCell<Vec<ChosenStream>>,
}

impl Chosen {
    /// With everything that decides about them.
    pub async fn of(
        ctx: &Context<'_>,
        enrollment: &ID,
        streams: &[StreamId],
    ) -> Result<Self, Fault> {
        let enrollment: EnrollmentId = input_id(enrollment, "enrollmentId")?;
        let document = ctx.document::<Enrollments>(enrollment).await?;
        let document = document.ok_or_else(|| Fault::user("ENROLLMENT_UNKNOWN", "enrollmentId"))?;
        if let Some(taken) = &document.performance.taken {
            must_be_theirs(ctx.viewer()?, taken.student, "enrollmentId")?;
        }
        Self::with(ctx, enrollment, document, streams).await
    }

    /// The same of a registration as it stands, or as it would.
    pub async fn with(
        ctx: &Context<'_>,
        enrollment: EnrollmentId,
        document: Arc<EnrollmentDocument>,
        chosen: &[StreamId],
    ) -> Result<Self, Fault> {
        let taken = document.performance.taken.as_ref();
        let taken = taken.ok_or_else(|| Fault::user("ENROLLMENT_UNKNOWN", "enrollmentId"))?;
        let (student, term, subject) = (taken.student, taken.term, taken.subject);
        let known = ctx.each::<Streams, _>(chosen.iter().copied()).await?;
        let documents = known.iter().map(|(_, known)| Arc::clone(known)).collect();
        let streams = with_cards(known);
        if streams.len() < chosen.len() {
            return Err(Fault::user("STREAM_UNKNOWN", "streamId"));
        }
        let held = cards(ctx, document.streams.iter().copied()).await?;
        let names = names(ctx, taken.code.as_str(), &streams, &held).await?;
        let about_student = ctx.document::<Students>(student).await?.unwrap_or_default();
        let registered: BTreeSet<_> =
            about_student.enrollments.keys().copied().chain([term]).collect();
        let registered = ctx.each::<Terms, _>(registered).await?;
        let about = registered.iter().find(|(id, _)| *id == term).map(|(_, about)| about);
        let about = about.ok_or_else(|| Fault::user("TERM_UNKNOWN", "enrollmentId"))?;
        let at = ctx.services()?.cabinet.now();
        let closed = match ctx.viewer()?.is(Role::Registrar) {
            true => None,
            false => choosing_is_closed(ctx, about, &about_student, at)?,
        };
        let year = about.year;
        let iep = ctx.document::<IepTrails>(IepId::of(student, year)).await?;
        let standing = standing(&about_student, year);
        let terms = days(ctx, registered.iter().map(|(id, term)| (*id, &**term)))?;
        let at_once: BTreeSet<_> = terms.at_once(term).collect();
        let of_other_years = registered.iter().map(|(id, known)| (*id, known.year));
        let of_other_years = of_other_years.filter(|(id, of)| at_once.contains(id) && *of != year);
        let of_other_years = of_other_years.collect();
        Ok(Self {
            enrollment,
            document,
            student,
            about_student,
            term,
            subject,
            streams,
            known: documents,
            held,
            given: BTreeSet::new(),
            names,
            standing,
            at,
            closed,
            year,
            iep,
            terms,
            of_other_years,
            imported: OnceCell::new(),
        })
    }

    /// The same of a registration that there is not yet.
    pub async fn anew(ctx: &Context<'_>, taken: Taken, chosen: &[StreamId]) -> Result<Self, Fault> {
        let enrollment = taken.enrollment;
        let performance = Performance { taken: Some(taken), ..Performance::default() };
        let document = Arc::new(EnrollmentDocument { performance, ..Default::default() });
        Self::with(ctx, enrollment, document, chosen).await
    }

    /// The same, once a registration is given up that has these streams.
    pub fn in_place_of(self, given: BTreeSet<StreamId>) -> Self {
        Self { given, ..self }
    }

    /// The same of one stream.
    pub async fn one(
        ctx: &Context<'_>,
        enrollment: &ID,
        stream: &ID,
    ) -> Result<(Self, StreamId), Fault> {
        let stream = input_id(stream, "streamId")?;
        Ok((Self::of(ctx, enrollment, &[stream]).await?, stream))
    }

    /// Why the student's standing forbids it, if it does; of who was taken over from another system none is known.
    pub fn forbidding_status(&self) -> Option<Refusal> {
        let status = self.about_student.status.filter(|is| *is != StudentStatus::Studying);
        status.map(|status| StudentError::StatusForbids { status }.refusal())
    }

    /// What the holds on the student refuse.
    pub fn held(&self) -> Vec<Refusal> {
        refusals(self.about_student.held())
    }

    /// The seats in the streams.
    pub fn seats(&self) -> impl Iterator<Item = StreamSeat> {
        self.streams.iter().map(|(stream, card)| self.seat(*stream, card))
    }

    /// The seat in a stream, for the registration's subject where it is listed under that.
    pub(super) fn seat(&self, stream: StreamId, card: &StreamCard) -> StreamSeat {
        let listed = self.known(stream).is_some_and(|known| known.listed.contains(&self.subject));
        let own = listed || self.document.streams.contains(&stream);
        seat(stream, if own { self.subject } else { card.subject }, card)
    }

    /// The registration as it stands, or would.
    pub fn document(&self) -> &EnrollmentDocument {
        &self.document
    }

    /// Whether a stream is given up in the same act, beside those that are replaced.
    pub(super) fn goes(&self, stream: &StreamId, leaves: &BTreeSet<StreamId>) -> bool {
        leaves.contains(stream) || self.given.contains(stream)
    }

    /// Whether streams may be chosen now.
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// The seats, each with the stream of the same component that is given up for it, where it is not left anyway.
    pub fn choices(&self, leaves: &BTreeSet<StreamId>) -> Vec<Choice> {
        let choice = |seat: StreamSeat| {
            let same = self.held.iter().find(|(held, card)| {
                let stays = *held != seat.stream && !leaves.contains(held);
                stays && card.component == seat.component
            });
            Choice { seat, gives_up: same.map(|(held, _)| *held) }
        };
        self.seats().map(choice).collect()
    }

    /// What is asked of the registration, of the streams and of the plan.
    pub fn acts(
        &self,
        choices: Vec<Choice>,
        leaves: BTreeSet<StreamId>,
        placement: Placement,
        take_seat: impl Fn(StreamId) -> StreamCommand,
    ) -> Vec<Act> {
        let (iep, student, at) = (IepId::of(self.student, self.year), self.student, self.at);
        let replaced = choices.iter().filter_map(|choice| choice.gives_up);
        let release = |stream| StreamCommand::ReleaseSeat { stream, student, at }.of(stream);
        let mut acts: Vec<_> = replaced.chain(leaves.iter().copied()).map(release).collect();
        // The plan decides by the times that the views know.
        let known = placement.streams.iter().map(|(chosen, _)| chosen);
        acts.extend(known.map(|ChosenStream { stream, meetings, .. }| {
            let (stream, meetings) = (*stream, meetings.clone());
            StreamCommand::MustMeet { stream, meetings }.of(stream)
        }));
        let seats = choices.iter().map(|choice| choice.seat.stream);
        acts.extend(seats.map(|stream| take_seat(stream).of(stream)));
        acts.extend(leaves.iter().map(|left| IepCommand::LeaveStream { stream: *left }.of(iep)));
        acts.push(IepCommand::PlaceStreams(placement).of(iep));
        acts.extend(self.other_plans());
        let names = self.names.clone();
        let choose = EnrollmentCommand::ChooseStreams { choices, leaves, names };
        acts.insert(0, choose.of(self.enrollment));
        acts
    }

    /// Gives a seat up.
    pub fn leave(self, stream: StreamId) -> Plan {
        let Self { enrollment, student, at, names, .. } = self;
        let acts = vec![
            EnrollmentCommand::LeaveStream { stream, names, because: None }.of(enrollment),
            StreamCommand::ReleaseSeat { stream, student, at }.of(stream),
            IepCommand::LeaveStream { stream }.of(IepId::of(student, self.year)),
        ];
        Plan::of(acts, enrollment)
    }
}

/// What streams, and those without which they can't be taken, are called: `MATH1, lecture A`.
async fn names(
    ctx: &Context<'_>,
    code: &str,
    asked: &[(StreamId, StreamCard)],
    held: &[(StreamId, StreamCard)],
) -> Result<StreamNames, Fault> {
    let known = || asked.iter().chain(held);
    let parents: BTreeSet<_> = known().filter_map(|(_, card)| card.parent).collect();
    let unknown = parents.into_iter().filter(|parent| known().all(|(id, _)| id != parent));
    let parents = cards(ctx, unknown.collect::<Vec<_>>().into_iter()).await?;
    let named = |(id, card): &(StreamId, StreamCard)| (*id, name(code, card));
    Ok(StreamNames(known().chain(&parents).map(named).collect()))
}

/// What a stream is called, of a subject with that code.
pub fn name(code: &str, card: &StreamCard) -> String {
    format!("{code}, {} {}", card.component, card.group)
}

/// The same of streams that a registration has.
pub async fn names_of(
    ctx: &Context<'_>,
    code: &str,
    held: impl Iterator<Item = StreamId> + Send,
) -> Result<StreamNames, Fault> {
    let held = cards(ctx, held).await?;
    names(ctx, code, &[], &held).await
}

/// Of which programme and year of study a student is in an academic year, as far as it is known.
pub fn standing(student: &StudentDocument, year: i16) -> Standing {
    let Cohort { programme, year_of_study, .. } = student.cohort(year);
    Standing { programme, year: year_of_study }
}

/// The streams with what they are, in their order, as far as there are.
async fn cards(
    ctx: &Context<'_>,
    streams: impl Iterator<Item = StreamId> + Send,
) -> Result<Vec<(StreamId, StreamCard)>, Fault> {
    Ok(with_cards(ctx.each::<Streams, _>(streams).await?))
}

fn with_cards(known: Vec<(StreamId, Arc<StreamDocument>)>) -> Vec<(StreamId, StreamCard)> {
    let known = known.into_iter();
    known.filter_map(|(stream, known)| Some((stream, known.card.clone()?))).collect()
}

/// The seat in a stream, for who takes that subject.
pub fn seat(stream: StreamId, subject: SubjectId, card: &StreamCard) -> StreamSeat {
    StreamSeat {
        stream,
        subject,
        term: card.term,
        configuration: card.configuration.clone(),
        component: card.component.clone(),
        parent: card.parent,
    }
}

/// Why a student may not choose streams of a term then, if so: with the time for it that comes next, or else was last.
pub fn choosing_is_closed(
    ctx: &Context<'_>,
    term: &TermDocument,
    student: &StudentDocument,
    at: Timestamp,
) -> async_graphql::Result<Option<UserError>> {
    let windows = choosing_windows(ctx, term, student)?;
    if windows.iter().any(|window| window.contains(at)) {
        return Ok(None);
    }
    let next = windows.iter().filter(|window| at < window.opens_at);
    let next = next.min_by_key(|window| window.opens_at);
    let window = next.or_else(|| windows.iter().max_by_key(|window| window.closes_at));
    let told = |end: fn(&Window) -> Timestamp| {
        window.map_or_else(|| "none".to_owned(), |window| end(window).to_string())
    };
    let facts = vec![
        Fact::new("opens_at", told(|window| window.opens_at)),
        Fact::new("closes_at", told(|window| window.closes_at)),
        Fact::new("now", at),
    ];
    Ok(Some(UserError::own("CHOOSING_STREAMS_CLOSED", None, facts)))
}

/// When a student chooses streams of a term.
pub fn choosing_windows(
    ctx: &Context<'_>,
    term: &TermDocument,
    student: &StudentDocument,
) -> async_graphql::Result<Vec<Window>> {
    let kinds = [PeriodKind::ChoosingStreams, PeriodKind::AddDrop].into_iter();
    let windows = kinds.map(|kind| window_of(ctx, term, student, kind));
    Ok(windows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}
