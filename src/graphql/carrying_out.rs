//! What an accepted request does: the student's own acts, made by the same code as theirs, in their name (manual 2.3.2,
//! 2.16.1).

use std::{collections::BTreeSet, sync::Arc};

use aggregates::{
    Act,
    enrollment::{Choice, EnrollmentError, StreamNames},
    iep::{ChosenStream, Openness},
    request::{AddDrop, Change, Subject},
    shared::{Fact, PersonId, Refusal, Refuse, RequestId, StreamId},
    stream::{StreamCard, StreamCommand, StreamError},
};
use async_graphql::Context;
use jiff::Timestamp;
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    performance::Performance,
};

use super::{
    choice::Way,
    chosen::Chosen,
    errors::{Fault, UserError},
    giving_up::{GivingUp, closed},
    grounds::Grounds,
    mutation::Plan,
    registration::Asked,
    request::Ask,
    requested::of_another_component,
    student_requests::Request,
};

/// What is asked of whom so that a request is carried out, `first` what is asked of the request; or everything that speaks
/// against it, all at once.
///
/// The aggregates decide again: what is full, clashed or changed since is refused by them, and with it the whole.
pub async fn carrying_out(ctx: &Context<'_>, request: &Request, first: Act) -> Result<Plan, Fault> {
    let mut carried = CarriedOut {
        request: request.id,
        student: request.whose()?,
        add_drop: request.add_drop()?,
        asked_at: request.document.asked_at,
        at: ctx.services()?.cabinet.now(),
        acts: vec![first],
        names: StreamNames::default(),
        reasons: vec![],
    };
    match &carried.add_drop.change {
        Change::GiveUp { gives_up } => {
            carried.give_up(ctx, gives_up).await?;
        }
        Change::Add { takes, streams } => carried.take(ctx, takes, streams, None).await?,
        Change::Swap { gives_up, takes, streams } => {
            let given = carried.give_up(ctx, gives_up).await?;
            carried.take(ctx, takes, streams, Some((gives_up, &given))).await?;
        }
        Change::ChangeStream { of, from, to } => {
            carried.change_stream(ctx, of, *from, *to).await?;
        }
    }
    let CarriedOut { acts, names, reasons, .. } = carried;
    match reasons.is_empty() {
        true => Ok(Plan::of(acts, request.id).naming(names)),
        false => Err(Fault::User(reasons)),
    }
}

/// A request as it is carried out.
struct CarriedOut<'a> {
    request: RequestId,
    student: PersonId,
    add_drop: &'a AddDrop,
    /// When the student asked: what was open then counts.
    asked_at: Timestamp,
    /// Now.
    at: Timestamp,
    acts: Vec<Act>,
    /// What the streams are called of which something is asked.
    names: StreamNames,
    reasons: Vec<UserError>,
}

impl CarriedOut<'_> {
    /// What the student could change when they asked.
    fn openness(&self, subject: &Subject) -> Openness {
        let windows = self.add_drop.windows(subject.term);
        Openness::of_student(windows.registration, windows.add_drop, self.asked_at)
    }

    /// These speak against it, each once.
    fn against(&mut self, reasons: impl IntoIterator<Item = Refusal>) {
        self.told(reasons.into_iter().map(|reason| UserError::of(&reason)));
    }

    fn told(&mut self, reasons: impl IntoIterator<Item = UserError>) {
        for reason in reasons {
            if !self.reasons.iter().any(|known| known.says_the_same(&reason)) {
                self.reasons.push(reason);
            }
        }
    }

    async fn give_up(&mut self, ctx: &Context<'_>, subject: &Subject) -> Result<GivingUp, Fault> {
        let given = GivingUp::of(ctx, subject.enrollment).await?;
        let openness = self.openness(subject);
        self.against(given.reasons(&openness));
        self.acts.extend(given.acts(openness, self.at));
        Ok(given)
    }

    async fn take(
        &mut self,
        ctx: &Context<'_>,
        subject: &Subject,
        streams: &[StreamId],
        given: Option<(&Subject, &GivingUp)>,
    ) -> Result<(), Fault> {
        let grounds = Grounds::of_student(ctx, self.student).await?;
        let asked = Asked::of(ctx, &grounds, subject.subject, subject.term).await?;
        let mut asked = asked.opened(self.openness(subject));
        if let Some((old, _)) = given {
            asked = asked.in_place_of(old.enrollment, old.subject, old.term);
        }
        self.against(asked.reasons());
        let mut registration = asked.registration(None);
        registration.decision.facts.push(Fact::new("request", self.request));
        let performance =
            Performance { taken: Some(registration.taken.clone()), ..Performance::default() };
        self.acts.extend(asked.acts(registration, &[], None));
        if streams.is_empty() {
            return Ok(());
        }
        // The registration as it will be.
        let document = Arc::new(EnrollmentDocument { performance, ..Default::default() });
        let chosen = Chosen::with(ctx, subject.enrollment, document, streams).await?;
        let choices = chosen.choices(&BTreeSet::new());
        self.choose(ctx, &chosen, choices, given.map(|(_, given)| given)).await
    }

    async fn change_stream(
        &mut self,
        ctx: &Context<'_>,
        subject: &Subject,
        from: StreamId,
        to: StreamId,
    ) -> Result<(), Fault> {
        let document = ctx.document::<Enrollments>(subject.enrollment).await?.unwrap_or_default();
        let chosen = Chosen::with(ctx, subject.enrollment, document, &[to]).await?;
        let choices = chosen.choices(&BTreeSet::new());
        self.against(chosen.forbidding_status().into_iter().chain(chosen.held()));
        let closed = closed(chosen.document());
        self.against(closed.iter().map(Refuse::refusal));
        let card = |of: &[(StreamId, StreamCard)], id| {
            of.iter().find(|(known, _)| *known == id).map(|(_, card)| card.clone())
        };
        let cards = card(&chosen.held, from).zip(card(&chosen.streams, to));
        let other = cards.and_then(|(from, to)| of_another_component(&from, &to));
        self.against(other.iter().map(Refuse::refusal));
        // What would be given up is what the student named.
        if closed.is_none()
            && other.is_none()
            && choices.iter().any(|choice| choice.gives_up != Some(from))
        {
            self.against([EnrollmentError::StreamsChanged.refusal()]);
        }
        self.choose(ctx, &chosen, choices, None).await
    }

    async fn choose(
        &mut self,
        ctx: &Context<'_>,
        chosen: &Chosen,
        choices: Vec<Choice>,
        given: Option<&GivingUp>,
    ) -> Result<(), Fault> {
        let given_up = given.map(|given| given.enrollment);
        self.names.0.extend(chosen.names.0.clone());
        let lines = chosen.lines(ctx).await?;
        let asker = chosen.asker(&lines);
        for choice in &choices {
            let stream = choice.seat.stream;
            let own = given.is_some_and(|given| given.known.streams.contains(&stream));
            let known = chosen.known(stream).filter(|_| !own);
            let against = known.and_then(|known| asker.against_seat(stream, known, Way::Taken));
            // The request may name several streams.
            let of_stream = |against: StreamError| {
                UserError::of(&against.refusal()).of_stream(&chosen.names.of(stream))
            };
            self.told(against.map(of_stream));
        }
        let goes = |held: &ChosenStream| Some(held.enrollment) == given_up;
        let placement = chosen.placement(ctx, &choices, goes).await?;
        let staying = chosen.placed().filter(|held| !goes(held));
        let clashes = placement.clashes(staying).map(|(_, clash)| clash.refusal());
        let clashes: Vec<_> = clashes.collect();
        self.against(clashes);
        let Chosen { student, enrollment, standing, at, .. } = *chosen;
        let take = |stream| StreamCommand::TakeSeat { stream, student, enrollment, standing, at };
        self.acts.extend(chosen.acts(choices, BTreeSet::new(), placement, take));
        Ok(())
    }
}
