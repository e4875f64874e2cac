//! The waiting lists of streams: first come, first served; a freed seat is held for the next, who accepts or
//! declines it in time (manual 2.4.1).

use std::sync::Arc;

use aggregates::{
    enrollment::EnrollmentCommand,
    shared::{EnrollmentId, PersonId, StreamId, WaitingRules},
    stream::{LineEnd, StreamCommand},
    student::StudentCommand,
};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use projections::{
    seat_offer::{Offer, SeatOffers, SeatOffersDocument},
    wish::{WishDocument, Wishes, in_line, wish},
};

use super::{
    choice::{Named, Way},
    choosing::{leaving, shown},
    chosen::Chosen,
    enrollments::Enrollment,
    errors::{Fault, internal},
    lost_seats::TakenAway,
    mutation::{Plan, run},
    request::{Ask, input_id, input_ids, stored},
    scalars::{DateTime, PositionScalar},
    streams::Stream,
    years::of_term,
};

/// How many lines of one registration are shown.
const MOST_WAITING: usize = 1_000;
/// How many streams are taken with one that is held.
const MOST_WITH: usize = 19;

/// Why somebody waits for a seat no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "LineEnd")]
pub enum WaitingEnd {
    /// They have the seat.
    Seated,
    /// They left the line.
    Withdrew,
    /// They declined the seat that was held for them.
    Declined,
    /// The seat was held for them as long as it is held, and they did not take it.
    Lapsed,
    /// Their registration was given up.
    Dropped,
    /// The stream was closed.
    Closed,
    /// They study no longer, or are on leave.
    NotStudying,
}

/// A seat that is held for somebody.
#[derive(SimpleObject)]
pub struct SeatOffer {
    /// Until when; then it goes to the next in line.
    until: DateTime,
}

/// A seat that is held for a student, to be accepted or declined.
pub struct OfferedSeat {
    stream: StreamId,
    offer: Offer,
}

impl OfferedSeat {
    /// All that a student is offered, what runs out first at the beginning.
    pub fn all(document: &SeatOffersDocument) -> Vec<Self> {
        let offers = document.offers.iter();
        let offers = offers.map(|(stream, offer)| Self { stream: *stream, offer: offer.clone() });
        let mut offers: Vec<_> = offers.collect();
        offers.sort_by_key(|held| (held.offer.until, held.stream));
        offers
    }

    /// The same as they are now, those whose time is over aside.
    pub async fn now(ctx: &Context<'_>, student: PersonId) -> async_graphql::Result<Vec<Self>> {
        let document = ctx.document::<SeatOffers>(student).await?.unwrap_or_default();
        let now = ctx.services()?.cabinet.now();
        let mut offers = Self::all(&document);
        offers.retain(|held| now < held.offer.until);
        Ok(offers)
    }
}

#[Object]
impl OfferedSeat {
    /// In which stream.
    async fn stream(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Stream>> {
        Stream::load(ctx, self.stream).await
    }

    /// The registration that it would be for.
    async fn enrollment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Enrollment>> {
        Enrollment::load(ctx, self.offer.enrollment).await
    }

    /// Until when; then it goes to the next in line.
    async fn until(&self) -> DateTime {
        DateTime(self.offer.until)
    }
}

/// Waiting for a seat in a stream.
pub struct Waiting(pub Arc<WishDocument>);

impl Waiting {
    /// What a registration waited, and waits, for, the first joined first.
    pub async fn of_enrollment(
        ctx: &Context<'_>,
        enrollment: EnrollmentId,
    ) -> async_graphql::Result<Vec<Self>> {
        let values = [enrollment.to_string().into()];
        let views = ctx.views()?;
        let found = views.list::<Wishes>("enrollment = $1", &values, "view_id", MOST_WAITING).await;
        let mut wishes: Vec<_> =
            stored(found)?.documents.into_iter().map(|(_, wish)| wish).collect();
        wishes.sort_by_key(|wish| wish.joined);
        Ok(wishes.into_iter().map(|wish| Self(Arc::new(wish))).collect())
    }
}

#[Object]
impl Waiting {
    /// For a seat in which stream.
    async fn stream(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Stream>> {
        Stream::load(ctx, self.0.stream.ok_or_else(internal)?).await
    }

    /// The place in the line, from 1, as the line is now; none for who waits no longer.
    async fn place(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<i32>> {
        let (Some(here), Some(stream)) = (&self.0.in_line, self.0.stream) else { return Ok(None) };
        let student = self.0.student.ok_or_else(internal)?;
        let now = ctx.document::<Wishes>(wish(stream, student)).await?;
        if now.is_none_or(|now| now.in_line.as_ref() != Some(here)) {
            return Ok(None);
        }
        let first = in_line(stream, Default::default());
        let values = [first.into(), here.as_str().into()];
        let views = ctx.views()?;
        let place =
            stored(views.count::<Wishes>("in_line >= $1 AND in_line <= $2", &values).await)?;
        Ok(i32::try_from(place).ok())
    }

    /// Where in the log the student joined the line: whoever joined at an earlier position is before them.
    async fn position(&self) -> PositionScalar {
        PositionScalar(self.0.joined)
    }

    /// When.
    async fn joined_at(&self) -> DateTime {
        DateTime(self.0.joined_at)
    }

    /// The seat that is held for the student, if one is.
    async fn offer(&self) -> Option<SeatOffer> {
        let until = self.0.offered_until.filter(|_| self.0.ended.is_none())?;
        Some(SeatOffer { until: DateTime(until) })
    }

    /// Why the last seat that was held for the student is held no longer, where a registrar lowered the limit, and they
    /// wait on in their place, or closed the stream. None once the next is held.
    async fn offer_withdrawn(&self) -> Option<TakenAway> {
        self.0.withdrawn.clone().map(TakenAway)
    }

    /// Why the student waits no longer; none for who waits.
    async fn ended(&self) -> Option<WaitingEnd> {
        self.0.ended.map(Into::into)
    }

    /// Since when the student waits no longer.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }
}

input! {
    /// A line: a registration that waits, or is to wait, for a seat in a stream.
    WaitingInput {
        /// The registration.
        enrollment_id: ID,
        /// The stream.
        stream_id: ID,
    }
}

input! {
    /// Taking a seat that is held.
    AcceptSeatInput {
        /// The registration.
        enrollment_id: ID,
        /// The stream.
        stream_id: ID,
        /// Streams of other components that are taken in the same act, 19 at the most: held for the student too, or free
        /// while streams may be chosen.
        with_ids: Option<Vec<ID>>,
        /// The streams of other components that are given up in the same act.
        leave_ids: Option<Vec<ID>>,
    }
}

payload! {
    /// What came of it.
    WaitingPayload {
        /// The registration, with what it waits for.
        enrollment: Enrollment,
    }
}

type Done = async_graphql::Result<Option<WaitingPayload>>;

/// Waiting, and what comes of it.
#[derive(Default)]
pub struct WaitingMutations;

#[Object]
impl WaitingMutations {
    /// Joins the line for a seat in a stream that has none free.
    async fn join_waiting_list(&self, ctx: &Context<'_>, input: WaitingInput) -> Done {
        let done = run(ctx, &input, async {
            let (chosen, _) = Chosen::one(ctx, &input.enrollment_id, &input.stream_id).await?;
            joining(ctx, chosen).await
        });
        waiting_shown(ctx, done.await?).await
    }

    /// Leaves the line; a seat that is held for the student goes to the next.
    async fn leave_waiting_list(&self, ctx: &Context<'_>, input: WaitingInput) -> Done {
        let done = run(ctx, &input, async {
            let (chosen, stream) = Chosen::one(ctx, &input.enrollment_id, &input.stream_id).await?;
            let Chosen { enrollment, student, at, .. } = chosen;
            let leave = StreamCommand::LeaveLine { stream, student, at };
            Ok(Plan::of(vec![leave.of(stream)], enrollment))
        });
        waiting_shown(ctx, done.await?).await
    }

    /// Takes the seat that is held for the student, and gives up the one of the same component, with what else is
    /// named, in one act. The offer's own time counts, not that of choosing streams.
    async fn accept_seat(&self, ctx: &Context<'_>, input: AcceptSeatInput) -> Done {
        let done = run(ctx, &input, async {
            let held: StreamId = input_id(&input.stream_id, "streamId")?;
            let mut streams = vec![held];
            if let Some(with @ [_, ..]) = input.with_ids.as_deref() {
                let with: Vec<StreamId> = input_ids(with, "withIds", MOST_WITH)?;
                streams.extend(with.into_iter().filter(|with| *with != held));
            }
            let leaves = leaving(input.leave_ids.as_deref(), "leaveIds")?;
            let chosen = Chosen::of(ctx, &input.enrollment_id, &streams).await?;
            let free = chosen.is_open();
            let way = |stream| if free && stream != held { Way::Taken } else { Way::Accepted };
            chosen.take(ctx, leaves, Named::First, way).await
        });
        waiting_shown(ctx, done.await?).await
    }

    /// Leaves the seat that is held for the student to the next in line.
    async fn decline_seat(&self, ctx: &Context<'_>, input: WaitingInput) -> Done {
        let done = run(ctx, &input, async {
            let (chosen, stream) = Chosen::one(ctx, &input.enrollment_id, &input.stream_id).await?;
            let Chosen { enrollment, student, at, .. } = chosen;
            let decline = StreamCommand::DeclineSeat { stream, student, at };
            Ok(Plan::of(vec![decline.of(stream)], enrollment))
        });
        waiting_shown(ctx, done.await?).await
    }
}

async fn joining(ctx: &Context<'_>, chosen: Chosen) -> Result<Plan, Fault> {
    let in_force = of_term(ctx, chosen.term).await?;
    let (rules, regulation) = (in_force.rules.waiting, in_force.version);
    let rules = rules.unwrap_or(WaitingRules::USUAL);
    let Chosen { enrollment, student, standing, at, .. } = chosen;
    let mut acts = vec![StudentCommand::Study { student }.of(student)];
    for seat in chosen.seats() {
        let (stream, regulation) = (seat.stream, regulation.clone());
        let join = StreamCommand::JoinLine {
            stream,
            student,
            enrollment,
            standing,
            rules,
            regulation,
            at,
        };
        acts.push(EnrollmentCommand::WaitForStream { seat }.of(enrollment));
        acts.push(join.of(stream));
    }
    chosen.waiting(ctx, acts, Named::One).await
}

async fn waiting_shown(ctx: &Context<'_>, mut done: super::mutation::Done) -> Done {
    let enrollment = shown(ctx, &mut done).await?;
    Ok(Some(WaitingPayload::of(done, enrollment)))
}
