//! Seats that a registrar took away, where a limit was lowered or a stream closed, with the reason (manual 2.4.1).

use std::collections::BTreeSet;

use async_graphql::{Context, Object};
use projections::{enrollment, wish};

use super::{
    enrollments::Enrollment, giving_up::closed, open_streams::cards, people::Person, request::Ask,
    scalars::DateTime, streams::Stream,
};

/// Why a registrar took a seat away, by whom and when.
pub struct TakenAway(pub wish::TakenAway);

#[Object]
impl TakenAway {
    /// Why; none where the text was erased.
    async fn reason(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        ctx.text(self.0.because.id).await
    }

    /// By whom.
    async fn by(&self) -> Option<Person> {
        self.0.by.map(Person)
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

/// A seat that a registrar took away.
pub struct LostSeat {
    enrollment: Enrollment,
    lost: enrollment::LostSeat,
}

impl LostSeat {
    /// All of a registration, the first first.
    pub fn all(enrollment: &Enrollment) -> Vec<Self> {
        let lost = enrollment.document.lost.iter().cloned();
        lost.map(|lost| Self { enrollment: enrollment.clone(), lost }).collect()
    }

    /// Those in whose place the registration has no other seat yet, nothing where it is over.
    pub async fn not_replaced(
        ctx: &Context<'_>,
        enrollment: &Enrollment,
    ) -> async_graphql::Result<Vec<Self>> {
        let mut all = Self::all(enrollment);
        if all.is_empty() || closed(&enrollment.document).is_some() {
            return Ok(vec![]);
        }
        let held = Stream::each(ctx, enrollment.document.streams.iter().copied()).await?;
        let held: BTreeSet<_> = cards(&held).map(|card| &card.component).collect();
        let lost = Stream::each(ctx, all.iter().map(|seat| seat.lost.stream)).await?;
        let replaced = |seat: &Self| {
            let stream = lost.iter().find(|stream| stream.id == seat.lost.stream);
            let card = stream.and_then(|stream| stream.document.card.as_ref());
            card.is_some_and(|card| held.contains(&card.component))
        };
        all.retain(|seat| !replaced(seat));
        Ok(all)
    }
}

#[Object]
impl LostSeat {
    /// In which stream.
    async fn stream(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Stream>> {
        Stream::load(ctx, self.lost.stream).await
    }

    /// The registration that it was for.
    async fn enrollment(&self) -> Enrollment {
        self.enrollment.clone()
    }

    /// Why, by whom and when it was taken away.
    async fn taken_away(&self) -> TakenAway {
        TakenAway(self.lost.taken_away.clone())
    }
}
