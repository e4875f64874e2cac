//! Taking seats and joining lines, and everything that the views know to speak against it, told at once (manual 2.4.1).

use std::collections::BTreeSet;

use aggregates::{
    Act,
    enrollment::{Choice, EnrollmentError, Wanted},
    iep::{ChosenStream, Placement},
    shared::{Fact, PersonId, Refusal, Role, StreamId},
    stream::{StreamCard, StreamCommand},
};
use async_graphql::Context;
use projections::{
    stream::StreamDocument,
    wish::{Wishes, wish},
};

use super::{
    choice::{Asker, Lines, Named, StreamChoice, Way, in_order, is_of_choosing, refused},
    chosen::Chosen,
    errors::{Fault, UserError},
    giving_up::closed,
    mutation::Plan,
    request::Ask,
};

impl Chosen {
    /// Streams are chosen in their time, or by a registrar.
    pub fn must_be_open(&self) -> Result<(), Fault> {
        self.not_open(Named::One).map_or(Ok(()), |closed| Err(Fault::User(vec![closed])))
    }

    fn not_open(&self, named: Named) -> Option<UserError> {
        self.closed.clone().map(|closed| named.of_all(closed))
    }

    /// Why nothing can be chosen now, nor waited for: whoever is held does neither, unless a registrar does it for them,
    /// nor who studies no longer; and streams have their time, unless a seat is held.
    fn barred(
        &self,
        ctx: &Context<'_>,
        named: Named,
        way: impl Fn(StreamId) -> Way,
    ) -> Result<Vec<UserError>, Fault> {
        let held = if ctx.viewer()?.is(Role::Registrar) { vec![] } else { self.held() };
        let speaking = self.forbidding_status().into_iter().chain(held);
        let in_time = self.streams.iter().any(|(stream, _)| way(*stream) != Way::Accepted);
        let closed = self.not_open(named).filter(|_| in_time);
        let speaking = speaking.map(|refusal| UserError::of(&refusal));
        Ok(speaking.chain(closed).collect())
    }

    /// Has the seats in that way, each in place of the one of the same component, and leaves these. All that the views
    /// know to speak against any of them is told together.
    pub async fn take(
        self,
        ctx: &Context<'_>,
        leaves: BTreeSet<StreamId>,
        named: Named,
        way: impl Fn(StreamId) -> Way,
    ) -> Result<Plan, Fault> {
        let choices = self.choices(&leaves);
        let placement = self.placement(ctx, &choices, &leaves).await?;
        let lines = self.lines(ctx).await?;
        let speaking = self.speaking(&choices, &leaves, &placement, &lines, &way);
        let speaking = in_order(speaking, named);
        let barred = self.barred(ctx, named, &way)?;
        if !barred.is_empty() {
            return Err(Fault::User(barred.into_iter().chain(speaking).collect()));
        }
        let Self { student, enrollment, standing, at, .. } = self;
        let take_seat = |stream| match way(stream) {
            Way::Accepted => StreamCommand::AcceptSeat { stream, student, enrollment, at },
            _ => StreamCommand::TakeSeat { stream, student, enrollment, standing, at },
        };
        let acts = self.acts(choices, leaves, placement, take_seat);
        Ok(Plan::of(acts, enrollment).spoken_against(speaking))
    }

    /// Everything that the views know to speak against these seats, each with the place of the stream it concerns.
    pub fn speaking(
        &self,
        choices: &[Choice],
        leaves: &BTreeSet<StreamId>,
        placement: &Placement,
        lines: &Lines,
        way: impl Fn(StreamId) -> Way,
    ) -> Vec<(Option<usize>, Refusal)> {
        if let Some(closed) = closed(&self.document) {
            return refused([(Some(0), closed)]).collect();
        }
        let asker = self.asker(lines);
        let own = |stream: &StreamId| {
            self.document.streams.contains(stream) || self.given.contains(stream)
        };
        let anew = |choice: &Choice| !own(&choice.seat.stream);
        let places = choices.iter().enumerate().filter(|(_, choice)| anew(choice));
        let of_seats = places.filter_map(|(place, choice)| {
            let stream = choice.seat.stream;
            Some((Some(place), asker.against_seat(stream, self.known(stream)?, way(stream))?))
        });
        let stays = |placed: &&ChosenStream| !self.goes(&placed.stream, leaves);
        let clashes = placement.clashes(self.placed().filter(stays));
        let clashes = clashes.map(|(place, clash)| (Some(place), clash));
        let together = refused(self.apart(choices, leaves));
        together.chain(refused(of_seats)).chain(refused(clashes)).collect()
    }

    /// Of that what the registration itself says: what does not go together, whoever has the seats and when they meet.
    pub fn apart(
        &self,
        choices: &[Choice],
        leaves: &BTreeSet<StreamId>,
    ) -> Vec<(Option<usize>, EnrollmentError)> {
        let Some(taken) = &self.document.performance.taken else { return vec![] };
        let held: Vec<_> = self.held.iter().map(|(id, card)| self.seat(*id, card)).collect();
        let not_held = |left: &StreamId| held.iter().all(|held| held.stream != *left);
        let not_left = leaves.iter().any(not_held);
        let not_left = not_left.then_some((None, EnrollmentError::StreamNotHeld));
        let names = &self.names;
        let wanted = Wanted { taken, held: held.iter().collect(), choices, leaves, names };
        not_left.into_iter().chain(wanted.against()).collect()
    }

    /// Why one of the streams is not taken in the place of a held one, if it is of another component.
    pub fn of_another_component(&self, from: StreamId, to: StreamId) -> Option<EnrollmentError> {
        let component = |of: &[(StreamId, StreamCard)], id| {
            let known = of.iter().find(|(known, _)| *known == id);
            known.map(|(_, card)| card.component.clone())
        };
        let (component, wanted) = component(&self.held, from).zip(component(&self.streams, to))?;
        let differs = component != wanted;
        differs.then_some(EnrollmentError::StreamOfAnotherComponent { component, wanted })
    }

    /// What refuses the stream at a place, told with what that is called, where it does not say itself which it is of.
    pub fn told(&self, place: Option<usize>, refusal: &Refusal) -> UserError {
        let error = UserError::of(refusal);
        let says = |fact: &Fact| ["stream", "code"].contains(&&*fact.name);
        let is_of_stream = refusal.field == Some("streamId") && !refusal.facts.iter().any(says);
        match place.and_then(|place| self.streams.get(place)).filter(|_| is_of_stream) {
            Some((stream, _)) => error.of_stream(&self.names.of(*stream)),
            None => error,
        }
    }

    /// The student's own standing and lines, by which seats are had.
    pub fn asker<'l>(&self, lines: &'l Lines) -> Asker<'l> {
        Asker { standing: self.standing, lines, at: self.at }
    }

    /// A stream with its seats, of those that are asked for.
    pub fn known(&self, stream: StreamId) -> Option<&StreamDocument> {
        let place = self.streams.iter().position(|(known, _)| *known == stream)?;
        self.known.get(place).map(AsRef::as_ref)
    }

    /// What the student waits for, of the streams in which somebody does.
    pub async fn lines(&self, ctx: &Context<'_>) -> Result<Lines, Fault> {
        let streams = self.streams.iter().zip(&self.known);
        let waited = streams.filter(|(_, known)| known.held > 0 || known.waiting > 0);
        let waited: Vec<_> = waited.map(|((stream, _), _)| *stream).collect();
        lines(ctx, self.student, waited).await
    }

    /// Joins the lines; what is known to speak against it is told with what refuses it.
    pub async fn waiting(
        &self,
        ctx: &Context<'_>,
        acts: Vec<Act>,
        named: Named,
    ) -> Result<Plan, Fault> {
        let way = |_| Way::Waited;
        let lines = self.lines(ctx).await?;
        let (choices, leaves) = (self.choices(&BTreeSet::new()), BTreeSet::new());
        let nothing = Placement::default();
        let mut speaking = self.speaking(&choices, &leaves, &nothing, &lines, way);
        speaking.retain(|(_, refusal)| !is_of_choosing(refusal));
        let (speaking, barred) = (in_order(speaking, named), self.barred(ctx, named, way)?);
        if barred.is_empty() {
            return Ok(Plan::of(acts, self.enrollment).spoken_against(speaking));
        }
        Err(Fault::User(barred.into_iter().chain(speaking).collect()))
    }

    /// Each of the streams with what speaks against choosing it now, by itself.
    pub async fn verdicts(&self, ctx: &Context<'_>) -> Result<Vec<StreamChoice>, Fault> {
        let (lines, imported) = (self.lines(ctx).await?, self.imported(ctx).await?);
        let (leaves, way) = (BTreeSet::new(), |_| Way::Taken);
        let barred = self.barred(ctx, Named::One, way)?;
        let mut verdicts = Vec::new();
        for choice in self.choices(&leaves) {
            let choices = [choice];
            let streams = self.placing(&choices)?;
            let (imported, terms) = (imported.to_vec(), self.terms.clone());
            let placement = Placement { streams, unplanned: None, imported, terms };
            let speaking = self.speaking(&choices, &leaves, &placement, &lines, way);
            let reasons = barred.iter().cloned().chain(in_order(speaking, Named::One));
            verdicts.push(reasons.collect::<Vec<_>>().into());
        }
        Ok(verdicts)
    }
}

/// What somebody waits for, and waited, of these streams.
pub async fn lines(
    ctx: &Context<'_>,
    student: PersonId,
    streams: Vec<StreamId>,
) -> Result<Lines, Fault> {
    let keys = streams.iter().map(|stream| wish(*stream, student));
    let found = ctx.each::<Wishes, _>(keys.collect::<Vec<_>>()).await?.into_iter();
    Ok(found.filter_map(|(_, wish)| Some((wish.stream?, wish))).collect())
}
