//! What is followed as it happens, each item with its place in the log: whoever comes back with the last
//! one misses nothing and gets nothing twice.

use std::{sync::Arc, time::Duration};

use aggregates::{
    iep,
    shared::{AttemptId, EnrollmentId, IepId, PersonId, Position, StreamId},
    test_attempt,
};
use async_graphql::{Context, ID, SimpleObject, Subscription};
use cqrs_es::Aggregate;
use futures::{Stream, stream};
use projections::{
    View,
    iep::IepTrails,
    seat_offer::SeatOffers,
    test_attempt::{AttemptDocument, Attempts},
    wish::{WishDocument, Wishes, wish},
};
use tokio::time::timeout;

use super::{
    enrollments::Enrollment,
    errors::{denied, top},
    ieps::Iep,
    request::{Ask, found, query_id, stored},
    scalars::PositionScalar,
    students::readable_student,
    test_attempts::TestAttempt,
    waiting::{OfferedSeat, Waiting},
};
use crate::{
    identity::policy::Denied,
    log, troubles,
    views::{Fed, Following},
};

/// How often what changes with the time, or with others, is told anew: the time that an attempt has left, a place in a
/// line.
const TOLD_ANEW: Duration = Duration::from_secs(10);

/// A plan as it stood at a place in the log.
#[derive(SimpleObject)]
pub struct IepUpdate {
    /// The place: subscribe again with it as `afterPosition` to go on from here.
    position: PositionScalar,
    /// The plan as it stood there; what it refers to is as it is now.
    iep: Iep,
}

/// An attempt as it stood at a place in the log.
#[derive(SimpleObject)]
pub struct TestAttemptUpdate {
    /// The place: subscribe again with it as `afterPosition` to go on from here.
    position: PositionScalar,
    /// The attempt as it stood there, with the time that is left now.
    attempt: TestAttempt,
}

/// How somebody's waiting for a seat stood at a place in the log.
#[derive(SimpleObject)]
pub struct WaitingUpdate {
    /// The place: subscribe again with it as `afterPosition` to go on from here.
    position: PositionScalar,
    /// The waiting as it stood there; its place in the line, and its stream, are as they are now.
    waiting: Waiting,
}

/// The seats that are held for a student at a place in the log.
#[derive(SimpleObject)]
pub struct SeatOffersUpdate {
    /// The place: subscribe again with it as `afterPosition` to go on from here.
    position: PositionScalar,
    /// What was held there, in all lines; the streams are as they are now.
    seat_offers: Vec<OfferedSeat>,
}

/// All subscriptions.
#[derive(Default)]
pub struct Subscriptions;

#[Subscription(name = "Subscription")]
impl Subscriptions {
    /// Each change of a plan behind a position, in the order of the log. Without a position, how it stands
    /// now comes first.
    async fn iep_changed<'c>(
        &self,
        ctx: &'c Context<'_>,
        iep_id: ID,
        after_position: Option<PositionScalar>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<Option<IepUpdate>>> + 'c>
    {
        let id: IepId = query_id(&iep_id)?;
        let student = found(Iep::readable(ctx, id).await?)?.owner()?;
        let fed_by = Fed::ByOne(iep::Iep::TYPE, id.to_string());
        let feed = Feed::<IepTrails>::open(ctx, student, fed_by, id, after_position).await?;
        Ok(feed.items(move |position, document| IepUpdate { position, iep: Iep::of(id, document) }))
    }

    /// Each change of an attempt behind a position, in the order of the log, and every ten seconds the time
    /// that is left; completes when the attempt has ended. Without a position, how it stands now comes
    /// first.
    async fn test_attempt_changed<'c>(
        &self,
        ctx: &'c Context<'_>,
        attempt_id: ID,
        after_position: Option<PositionScalar>,
    ) -> async_graphql::Result<
        impl Stream<Item = async_graphql::Result<Option<TestAttemptUpdate>>> + 'c,
    > {
        let id: AttemptId = query_id(&attempt_id)?;
        let series = found(TestAttempt::readable(ctx, id).await?)?.series()?;
        let fed_by = Fed::ByOne(test_attempt::TestAttempt::TYPE, series.id.to_string());
        let feed = Feed::<Attempts>::open(ctx, series.student, fed_by, id, after_position).await?;
        let feed = Feed { every: Some(TOLD_ANEW), over: has_ended, ..feed };
        Ok(feed.items(move |position, document| TestAttemptUpdate {
            position,
            attempt: TestAttempt { id, document },
        }))
    }

    /// What comes of a student's waiting for a seat in a stream, behind a position, in the order of the log: a
    /// seat that is offered, or the line that is left; and every ten seconds the place, which is that of now. Completes
    /// when the student waits no longer. Without a position, how it stands now comes first.
    async fn waiting_changed<'c>(
        &self,
        ctx: &'c Context<'_>,
        enrollment_id: ID,
        stream_id: ID,
        after_position: Option<PositionScalar>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<Option<WaitingUpdate>>> + 'c>
    {
        let (enrollment, id): (EnrollmentId, StreamId) =
            (query_id(&enrollment_id)?, query_id(&stream_id)?);
        let student = found(Enrollment::readable(ctx, enrollment).await?)?.taken()?.student;
        // A stream's own log has what all others do in it.
        let fed_by = Fed::ByStudent(aggregates::stream::Stream::TYPE, student);
        let key = wish(id, student);
        let feed = Feed::<Wishes>::open(ctx, student, fed_by, key, after_position).await?;
        let feed = Feed { every: Some(TOLD_ANEW), over: waits_no_longer, ..feed };
        Ok(feed.items(move |position, document| WaitingUpdate {
            position,
            waiting: Waiting(document),
        }))
    }

    /// Each seat that comes to be held for a student, in whatever line, and each that is held no longer, behind a
    /// position, in the order of the log. Without a position, what is held now comes first.
    async fn seat_offers_changed<'c>(
        &self,
        ctx: &'c Context<'_>,
        #[graphql(desc = "Whose; one's own without it.")] student_id: Option<ID>,
        after_position: Option<PositionScalar>,
    ) -> async_graphql::Result<
        impl Stream<Item = async_graphql::Result<Option<SeatOffersUpdate>>> + 'c,
    > {
        let student = match &student_id {
            Some(id) => query_id(id)?,
            None => ctx.viewer()?.person,
        };
        readable_student(ctx, student).await??;
        let fed_by = Fed::ByStudent(aggregates::stream::Stream::TYPE, student);
        let feed = Feed::<SeatOffers>::open(ctx, student, fed_by, student, after_position).await?;
        let feed = feed.begun(after_position.is_none());
        Ok(feed.items(|position, document| SeatOffersUpdate {
            position,
            seat_offers: OfferedSeat::all(&document),
        }))
    }
}

fn has_ended(attempt: &AttemptDocument) -> bool {
    attempt.ending.is_some()
}

fn waits_no_longer(wish: &WishDocument) -> bool {
    wish.ended.is_some()
}

/// A document that somebody follows.
struct Feed<'c, V: View> {
    ctx: &'c Context<'c>,
    /// Whose record it belongs to.
    student: PersonId,
    following: Following<V>,
    /// Whether how it stands comes next.
    afresh: bool,
    /// How often it is told anew while nothing happens.
    every: Option<Duration>,
    /// Whether nothing more can come.
    over: fn(&V::Document) -> bool,
}

impl<'c, V: View<Document: Clone>> Feed<'c, V> {
    async fn open(
        ctx: &'c Context<'_>,
        student: PersonId,
        fed_by: Fed,
        key: impl ToString,
        after: Option<PositionScalar>,
    ) -> async_graphql::Result<Self> {
        let cabinet = &ctx.services()?.cabinet;
        let from = match after {
            Some(after) => after.0,
            None => stored(log::head(&cabinet.database).await)?.position,
        };
        if !cabinet.wait_for(from).await {
            return Err(top(troubles::NOT_IN_LOG));
        }
        let following = cabinet.followers.follow(fed_by, key.to_string(), from);
        let following = stored(following.await)?;
        let afresh = after.is_none() && following.document().is_some();
        Ok(Self { ctx, student, following, afresh, every: None, over: |_| false })
    }

    /// With how it stands first also where nothing has happened yet.
    fn begun(mut self, afresh: bool) -> Self {
        self.following.begin();
        Self { afresh, ..self }
    }

    fn items<T>(
        self,
        item: impl Fn(PositionScalar, Arc<V::Document>) -> T + 'c,
    ) -> impl Stream<Item = async_graphql::Result<Option<T>>> + 'c
    where
        V: 'c,
        T: 'c,
    {
        stream::try_unfold((self, item), |(mut feed, item)| async move {
            let next = feed.next().await?;
            let next = next.map(|(position, document)| item(PositionScalar(position), document));
            Ok(next.map(|next| (Some(next), (feed, item))))
        })
    }

    /// What comes next; none where nothing more can.
    async fn next(&mut self) -> async_graphql::Result<Option<(Position, Arc<V::Document>)>> {
        loop {
            let goes_on = std::mem::take(&mut self.afresh) || self.go_on().await?;
            if !goes_on {
                return Ok(None);
            }
            self.may_go_on().await?;
            if let Some(document) = self.following.document() {
                return Ok(Some((self.following.position(), Arc::new(document.clone()))));
            }
        }
    }

    /// Waits until something happens, or it is time to tell it anew; false where nothing more can come.
    async fn go_on(&mut self) -> async_graphql::Result<bool> {
        if self.following.document().is_some_and(self.over) {
            return Ok(false);
        }
        let going_on = self.following.go_on();
        stored(match self.every {
            Some(every) => timeout(every, going_on).await.unwrap_or(Ok(true)),
            None => going_on.await,
        })
    }

    /// Whether who follows may still see it: sessions end and roles change meanwhile.
    async fn may_go_on(&self) -> async_graphql::Result<()> {
        let known = self.ctx.viewer()?;
        let sessions = &self.ctx.services()?.sessions;
        let viewer = stored(sessions.find_hashed(known.token_sha256.clone()).await)?;
        let viewer = viewer.ok_or_else(|| denied(Denied::Unauthenticated))?;
        if viewer.roles != known.roles {
            return Err(top(troubles::SUBSCRIBE_AGAIN));
        }
        readable_student(self.ctx, self.student).await?.map(drop)
    }
}
