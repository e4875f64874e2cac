//! What an accepted request does: the student's own acts, made by the same code as theirs, in their name (manual 2.3.2,
//! 2.16.1).

use std::collections::BTreeSet;

use aggregates::{
    Act,
    enrollment::{Choice, EnrollmentError, StreamNames},
    iep::Openness,
    request::{AddDrop, Change, Exchange, Subject},
    shared::{Fact, PersonId, Refusal, Refuse, RequestId, StreamId},
    stream::StreamCommand,
};
use async_graphql::Context;
use jiff::Timestamp;
use projections::enrollment::Enrollments;

use super::{
    choice::Way,
    chosen::Chosen,
    errors::{Fault, UserError},
    giving_up::{GivingUp, closed},
    grounds::Grounds,
    mutation::Plan,
    registration::Asked,
    request::Ask,
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
        Change::ChangeStream { of, exchanges, leaves } => {
            carried.change_streams(ctx, of, exchanges, leaves).await?;
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
        let taken = registration.taken.clone();
        self.acts.extend(asked.acts(registration, &[], None));
        if streams.is_empty() {
            return Ok(());
        }
        let given = given.map(|(_, given)| given.known.streams.iter().copied().collect());
        let chosen = Chosen::anew(ctx, taken, streams).await?;
        let chosen = chosen.in_place_of(given.unwrap_or_default());
        let leaves = BTreeSet::new();
        self.choose(ctx, &chosen, chosen.choices(&leaves), &leaves).await
    }

    async fn change_streams(
        &mut self,
        ctx: &Context<'_>,
        subject: &Subject,
        exchanges: &[Exchange],
        leaves: &BTreeSet<StreamId>,
    ) -> Result<(), Fault> {
        let document = ctx.document::<Enrollments>(subject.enrollment).await?.unwrap_or_default();
        let streams: Vec<_> = exchanges.iter().map(|exchange| exchange.to).collect();
        let chosen = Chosen::with(ctx, subject.enrollment, document, &streams).await?;
        let choices = chosen.choices(leaves);
        self.against(chosen.forbidding_status().into_iter().chain(chosen.held()));
        if closed(chosen.document()).is_none() {
            // What would be given up is what the student named.
            let each = exchanges.iter().zip(&choices);
            let otherwise = each.filter(|(asked, choice)| asked.from != choice.gives_up);
            let changed = otherwise.map(|(asked, _)| {
                let other = asked.from.and_then(|from| chosen.of_another_component(from, asked.to));
                other.unwrap_or(EnrollmentError::StreamsChanged).refusal()
            });
            self.against(changed);
        }
        self.choose(ctx, &chosen, choices, leaves).await
    }

    async fn choose(
        &mut self,
        ctx: &Context<'_>,
        chosen: &Chosen,
        choices: Vec<Choice>,
        leaves: &BTreeSet<StreamId>,
    ) -> Result<(), Fault> {
        self.names.0.extend(chosen.names.0.clone());
        let lines = chosen.lines(ctx).await?;
        let placement = chosen.placement(ctx, &choices, leaves).await?;
        let speaking = chosen.speaking(&choices, leaves, &placement, &lines, |_| Way::Taken);
        // The request may name several streams.
        self.told(speaking.iter().map(|(place, refusal)| chosen.told(*place, refusal)));
        let Chosen { student, enrollment, standing, at, .. } = *chosen;
        let take = |stream| StreamCommand::TakeSeat { stream, student, enrollment, standing, at };
        self.acts.extend(chosen.acts(choices, leaves.clone(), placement, take));
        Ok(())
    }
}
