//! Streams beside the registration they are chosen for, and what taking and leaving them asks of whom (manual 2.4.1).

use std::{collections::BTreeSet, sync::Arc};

use aggregates::{
    Act,
    academic_calendar::{Cohort, PeriodKind},
    enrollment::{Choice, EnrollmentCommand, StreamSeat},
    iep::{ChosenStream, IepCommand, Placement},
    shared::{EnrollmentId, IepId, PersonId, Refusal, Refuse, Role, StreamId, SubjectId, TermId},
    stream::{Standing, StreamCard, StreamCommand},
    student::{StudentError, StudentStatus},
};
use async_graphql::{Context, ID};
use jiff::Timestamp;
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    iep::{IepDocument, IepTrails},
    stream::{StreamDocument, Streams},
    student::{StudentDocument, Students},
    term::{TermDocument, Terms},
};

use super::{
    enrollments::must_be_theirs,
    errors::{Fault, UserError, internal},
    grounds::Grounds,
    holds::refusals,
    mutation::Plan,
    periods::window_of,
    request::{Ask, input_id},
    years::Year,
};

/// Streams beside the registration they are chosen for.
pub struct Chosen {
    /// The registration.
    pub enrollment: EnrollmentId,
    document: Arc<EnrollmentDocument>,
    /// Whose it is.
    pub student: PersonId,
    about_student: Arc<StudentDocument>,
    /// Its term.
    pub term: TermId,
    subject: SubjectId,
    streams: Vec<(StreamId, StreamCard)>,
    /// The streams that are listed under the registration's subject beside their own.
    listed: Vec<StreamId>,
    /// Of which programme and year the student is.
    pub standing: Standing,
    /// Now.
    pub at: Timestamp,
    /// Whether streams may be chosen now.
    open: bool,
    /// The year in which the academic year begins.
    year: i16,
    /// The student's plan of that year, if it is open.
    iep: Option<Arc<IepDocument>>,
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
        let listed = known.iter().filter(|(_, known)| known.listed.contains(&subject));
        let listed = listed.map(|(stream, _)| *stream).collect();
        let streams = with_cards(known);
        if streams.len() < chosen.len() {
            return Err(Fault::user("STREAM_UNKNOWN", "streamId"));
        }
        let about = ctx.document::<Terms>(term).await?;
        let about = about.ok_or_else(|| Fault::user("TERM_UNKNOWN", "enrollmentId"))?;
        let about_student = ctx.document::<Students>(student).await?.unwrap_or_default();
        let at = ctx.services()?.cabinet.now();
        let is_registrar = ctx.viewer()?.is(Role::Registrar);
        let open = is_registrar || choosing_is_open(ctx, &about, &about_student, at)?;
        let year = about.year;
        let iep = ctx.document::<IepTrails>(IepId::of(student, year)).await?;
        let standing = standing(&about_student, year);
        Ok(Self {
            enrollment,
            document,
            student,
            about_student,
            term,
            subject,
            streams,
            listed,
            standing,
            at,
            open,
            year,
            iep,
        })
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

    /// Streams are chosen in their time, or by a registrar.
    pub fn must_be_open(&self) -> Result<(), Fault> {
        if self.open { Ok(()) } else { Err(Fault::user("CHOOSING_STREAMS_CLOSED", "streamId")) }
    }

    /// Whoever is held neither chooses streams nor waits for one; a registrar does it for them. Whoever studies no
    /// longer does neither.
    pub fn must_be_free(&self, ctx: &Context<'_>) -> Result<(), Fault> {
        let held = if ctx.viewer()?.is(Role::Registrar) { vec![] } else { self.held() };
        let speaking = self.forbidding_status().into_iter().chain(held);
        let speaking: Vec<_> = speaking.map(|refusal| UserError::of(&refusal)).collect();
        if speaking.is_empty() { Ok(()) } else { Err(Fault::User(speaking)) }
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

    /// The streams that the student's plan of the year has in its timetable.
    pub fn placed(&self) -> impl Iterator<Item = &ChosenStream> + Clone {
        self.iep.iter().flat_map(|iep| iep.streams.values())
    }

    /// The seats in the streams.
    pub fn seats(&self) -> impl Iterator<Item = StreamSeat> {
        let seats = self.streams.iter();
        seats.map(|(stream, card)| seat(*stream, self.subject_of(*stream, card), card))
    }

    /// The subject for which the stream is taken, where it is one of those that it is listed under.
    fn subject_of(&self, stream: StreamId, card: &StreamCard) -> SubjectId {
        if self.listed.contains(&stream) { self.subject } else { card.subject }
    }

    /// The registration as it stands, or would.
    pub fn document(&self) -> &EnrollmentDocument {
        &self.document
    }

    /// Whether streams may be chosen now.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Takes the seats by that command, each in place of the one of the same component, and leaves these.
    pub async fn take(
        self,
        ctx: &Context<'_>,
        leaves: BTreeSet<StreamId>,
        take_seat: impl Fn(StreamId) -> StreamCommand,
    ) -> Result<Plan, Fault> {
        self.must_be_free(ctx)?;
        let choices = self.choices(ctx, &leaves).await?;
        let goes = |held: &ChosenStream| leaves.contains(&held.stream);
        let placement = self.placement(ctx, &choices, goes).await?;
        let acts = self.acts(choices, leaves, placement, take_seat);
        Ok(Plan::of(acts, self.enrollment))
    }

    /// The seats, each with the stream of the same component that is given up for it, where it is not left anyway.
    pub async fn choices(
        &self,
        ctx: &Context<'_>,
        leaves: &BTreeSet<StreamId>,
    ) -> Result<Vec<Choice>, Fault> {
        let held = cards(ctx, self.document.streams.iter().copied()).await?;
        let choices = self
            .seats()
            .map(|seat| {
                let same = held.iter().find(|(held, card)| {
                    let stays = *held != seat.stream && !leaves.contains(held);
                    stays && card.component == seat.component
                });
                Choice { seat, gives_up: same.map(|(held, _)| *held) }
            })
            .collect();
        Ok(choices)
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
        let seats = choices.iter().map(|choice| choice.seat.stream);
        acts.extend(seats.map(|stream| take_seat(stream).of(stream)));
        acts.extend(leaves.iter().map(|left| IepCommand::LeaveStream { stream: *left }.of(iep)));
        acts.push(IepCommand::PlaceStreams(placement).of(iep));
        acts.insert(0, EnrollmentCommand::ChooseStreams { choices, leaves }.of(self.enrollment));
        acts
    }

    /// The streams in the timetable, which no longer has those that go by the same act.
    pub async fn placement(
        &self,
        ctx: &Context<'_>,
        choices: &[Choice],
        goes: impl Fn(&ChosenStream) -> bool,
    ) -> Result<Placement, Fault> {
        let unplanned = if self.is_planned(self.enrollment) {
            None
        } else {
            let grounds = Grounds::of_student(ctx, self.student).await?;
            Some(Year::of(ctx, self.student, self.year).await?.opening(&grounds))
        };
        let streams = self.streams.iter().zip(choices).map(|((stream, card), choice)| {
            let placed = chosen(*stream, self.enrollment, &self.document, card)?;
            Ok((placed, choice.gives_up))
        });
        let streams = streams.collect::<Result<_, Fault>>()?;
        let mut imported = self.imported(ctx).await?;
        imported.retain(|held| !goes(held));
        Ok(Placement { streams, unplanned, imported })
    }

    fn is_planned(&self, enrollment: EnrollmentId) -> bool {
        self.iep.as_ref().is_some_and(|iep| iep.holds(enrollment))
    }

    fn is_placed(&self, stream: &StreamId) -> bool {
        self.iep.as_ref().is_some_and(|iep| iep.streams.contains_key(stream))
    }

    /// The student's streams of the term that are in no plan: those that were taken over from another
    /// system.
    async fn imported(&self, ctx: &Context<'_>) -> Result<Vec<ChosenStream>, Fault> {
        let taken = self.about_student.enrollments.get(&self.term).into_iter().flatten();
        let unplanned: Vec<_> = taken.copied().filter(|taken| !self.is_planned(*taken)).collect();
        let mut imported = Vec::new();
        for (id, document) in ctx.each::<Enrollments, _>(unplanned).await? {
            let held = document.streams.iter().copied().filter(|held| !self.is_placed(held));
            for (held, card) in cards(ctx, held).await? {
                imported.push(chosen(held, id, &document, &card)?);
            }
        }
        Ok(imported)
    }

    /// Gives a seat up.
    pub fn leave(self, stream: StreamId) -> Plan {
        let Self { enrollment, student, at, .. } = self;
        let acts = vec![
            EnrollmentCommand::LeaveStream { stream }.of(enrollment),
            StreamCommand::ReleaseSeat { stream, student, at }.of(stream),
            IepCommand::LeaveStream { stream }.of(IepId::of(student, self.year)),
        ];
        Plan::of(acts, enrollment)
    }
}

/// Of which programme and year of study a student is in an academic year, as far as it is known.
fn standing(student: &StudentDocument, year: i16) -> Standing {
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

/// Whether a student may choose streams of a term then.
pub fn choosing_is_open(
    ctx: &Context<'_>,
    term: &TermDocument,
    student: &StudentDocument,
    at: Timestamp,
) -> async_graphql::Result<bool> {
    for kind in [PeriodKind::ChoosingStreams, PeriodKind::AddDrop] {
        let window = window_of(ctx, term, student, kind)?;
        if window.is_some_and(|window| window.contains(at)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A stream with its times, for the timetable.
fn chosen(
    stream: StreamId,
    enrollment: EnrollmentId,
    document: &EnrollmentDocument,
    card: &StreamCard,
) -> Result<ChosenStream, Fault> {
    let taken = document.performance.taken.as_ref().ok_or_else(internal)?;
    let (term, code, meetings) = (card.term, taken.code.clone(), card.meetings.clone());
    Ok(ChosenStream { stream, enrollment, term, code, meetings })
}
