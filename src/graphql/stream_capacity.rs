//! What a registrar does with the seats of a stream: keeping some for a programme or a year of study, another
//! limit, closing it (manual 2.4.1).

use aggregates::{
    Act,
    enrollment::EnrollmentCommand,
    iep::IepCommand,
    shared::{EnrollmentId, IepId, PersonId, ProgrammeId, StreamId, Text},
    stream::{GivesUp, Leaving, Reservation, Standing, StreamCommand},
};
use async_graphql::{Context, ID, Object};
use projections::{enrollment::Enrollments, iep::IepTrails, seat_offer::SeatOffers, term::Terms};

use super::{
    chosen::names_of,
    errors::{Fault, UserError, internal},
    mutation::{Plan, run},
    named_students::{NamedStudent, NamedStudents},
    opening_streams::{StreamPayload, stream_shown},
    people::display_name,
    programmes::programme_of_code,
    request::{Ask, input_id, long, optional_short, short, year_of_study},
    scalars::DateTime,
};
use crate::people::{PersonWrite, text_about};

input! {
    /// Seats to keep for a programme, a year of study or both, in place of those that were kept for them.
    ReserveSeatsInput {
        /// The stream.
        stream_id: ID,
        /// The code of a programme that is set up, or that somebody studies; none for all of that year.
        programme_code: Option<String>,
        /// The year of study; none for all of that programme.
        year_of_study: Option<i32>,
        /// How many; 0 to keep none any longer.
        seats: i32,
        /// Until when.
        until: DateTime,
    }
}

input! {
    /// Another number of seats.
    ChangeStreamLimitInput {
        /// The stream.
        stream_id: ID,
        /// The most seats; no limit where none is stated.
        limit: Option<i32>,
        /// The registrations that give up for it their seats, or the seats that are held for them: no more than do not
        /// fit any more.
        #[graphql(default)]
        leaving: Vec<ID>,
        /// Why; compulsory where somebody leaves, who reads it.
        reason: Option<String>,
    }
}

input! {
    /// A stream to close.
    CloseStreamInput {
        /// The stream.
        stream_id: ID,
        /// The registrations that give up their seats, or the seats that are held for them: all that have one.
        #[graphql(default)]
        leaving: Vec<ID>,
        /// Why; compulsory where somebody leaves, who reads it.
        reason: Option<String>,
    }
}

/// What is done with the seats of streams.
#[derive(Default)]
pub struct CapacityMutations;

type Done = async_graphql::Result<Option<StreamPayload>>;

#[Object]
impl CapacityMutations {
    /// Keeps seats for a programme, a year of study or both until a time; then they are free for all, who
    /// waits first.
    async fn reserve_seats(&self, ctx: &Context<'_>, input: ReserveSeatsInput) -> Done {
        let done = run(ctx, &input, async {
            let stream: StreamId = input_id(&input.stream_id, "streamId")?;
            let reservation = reservation(ctx, &input).await?;
            let at = ctx.services()?.cabinet.now();
            let reserve = StreamCommand::ReserveSeats { stream, reservation, at };
            Ok(Plan::of(vec![reserve.of(stream)], stream))
        });
        stream_shown(ctx, done.await?).await
    }

    /// Changes how many seats there are. Below those that are taken and held it is refused, unless it is said who leaves,
    /// and why; nobody leaves who need not (`LEAVING_NEEDLESS`). Seats that come to be free go to those who wait. For whom
    /// a seat is held waits again, in their place of the line: those who are behind them are named first, so that nobody
    /// passes it (`LINE_PASSED`).
    async fn change_stream_limit(&self, ctx: &Context<'_>, input: ChangeStreamLimitInput) -> Done {
        let done = run(ctx, &input, async {
            let stream: StreamId = input_id(&input.stream_id, "streamId")?;
            let limit = input.limit.map(|limit| whole(limit, "limit")).transpose()?;
            let reason = input.reason.as_deref();
            let mut left = Left::of(ctx, stream, &input.leaving, reason).await?;
            let (leaving, at) = (left.leaving, ctx.services()?.cabinet.now());
            left.acts.push(StreamCommand::ChangeLimit { stream, limit, leaving, at }.of(stream));
            Ok(Plan::of(left.acts, stream).writing(left.reasons).of_students(left.named))
        });
        stream_shown(ctx, done.await?).await
    }

    /// Closes a stream. Where students have a seat in it, or seats are held for some, it is refused unless it is said that
    /// all of them leave, and why; who else waits is told by the end of their wish.
    async fn close_stream(&self, ctx: &Context<'_>, input: CloseStreamInput) -> Done {
        let done = run(ctx, &input, async {
            let stream: StreamId = input_id(&input.stream_id, "streamId")?;
            let reason = input.reason.as_deref();
            let mut left = Left::of(ctx, stream, &input.leaving, reason).await?;
            let leaving = left.leaving;
            left.acts.push(StreamCommand::Close { stream, leaving }.of(stream));
            Ok(Plan::of(left.acts, stream).writing(left.reasons).of_students(left.named))
        });
        stream_shown(ctx, done.await?).await
    }
}

fn whole(number: i32, field: &str) -> Result<u32, Fault> {
    u32::try_from(number).map_err(|_| Fault::out_of_range(field, 0, i32::MAX))
}

async fn reservation(ctx: &Context<'_>, input: &ReserveSeatsInput) -> Result<Reservation, Fault> {
    let code = optional_short(input.programme_code.as_ref(), "programmeCode")?;
    let year = input.year_of_study.map(|year| year_of_study(year, "yearOfStudy")).transpose()?;
    let name = match (&code, year) {
        (Some(code), Some(year)) => format!("{code}, {year}"),
        (Some(code), None) => code.to_string(),
        (None, Some(year)) => format!("*, {year}"),
        (None, None) => "*".to_owned(),
    };
    let programme = match &code {
        // What is kept no longer may be for a programme of whatever code.
        Some(code) if input.seats == 0 => Some(ProgrammeId::derived(&[code.as_str()])),
        Some(code) => Some(programme_of_code(ctx, code, "programmeCode").await?),
        None => None,
    };
    Ok(Reservation {
        of: Standing { programme, year },
        name: short(&name, "programmeCode")?,
        seats: whole(input.seats, "seats")?,
        until: input.until.0,
    })
}

/// The list of those who leave, in the input.
const LEAVING: &str = "leaving";

/// Who leaves a stream, and what happens to their registrations and plans by it; their seats are given up by
/// the stream itself, all at once.
#[derive(Default)]
struct Left {
    leaving: Vec<Leaving>,
    acts: Vec<Act>,
    /// Whose registration or plan it is of which something is asked.
    named: NamedStudents,
    /// The reason, once for each: it goes with whoever's record is erased.
    reasons: Vec<PersonWrite>,
}

impl Left {
    async fn of(
        ctx: &Context<'_>,
        stream: StreamId,
        registrations: &[ID],
        reason: Option<&str>,
    ) -> Result<Self, Fault> {
        let mut left = Self::default();
        if registrations.is_empty() {
            return Ok(left);
        }
        let reason = long(reason.unwrap_or_default(), "reason")?;
        for (place, id) in registrations.iter().enumerate() {
            left.leave(ctx, stream, place, id, &reason).await?;
        }
        Ok(left)
    }

    async fn leave(
        &mut self,
        ctx: &Context<'_>,
        stream: StreamId,
        place: usize,
        id: &ID,
        reason: &Text,
    ) -> Result<(), Fault> {
        let field = format!("{LEAVING}.{place}");
        let enrollment: EnrollmentId = input_id(id, &field)?;
        let known = ctx.document::<Enrollments>(enrollment).await?;
        let taken = known.as_ref().and_then(|known| known.performance.taken.as_ref());
        let taken = taken.ok_or_else(|| Fault::user("ENROLLMENT_UNKNOWN", &field))?;
        let student = taken.student;
        let named = NamedStudent { list: LEAVING, place, name: display_name(ctx, student).await? };
        if self.leaving.iter().any(|known| known.student == student) {
            return Err(named.told(UserError::own("NAMED_TWICE", None, vec![])));
        }
        let (because, text) = text_about(student, reason.as_str());
        self.reasons.push(text);
        let is_seated = known.iter().any(|known| known.streams.contains(&stream));
        if !is_seated && is_held(ctx, stream, student).await? {
            self.leaving.push(Leaving { student, gives_up: GivesUp::Offer, because });
            return Ok(());
        }
        let term = ctx.document::<Terms>(taken.term).await?.ok_or_else(internal)?;
        let iep = IepId::of(student, term.year);
        let held = known.iter().flat_map(|known| known.streams.iter().copied());
        let names = names_of(ctx, taken.code.as_str(), held).await?;
        let leave =
            EnrollmentCommand::LeaveStream { stream, names, because: Some(because.clone()) };
        self.acts.push(leave.of(enrollment));
        self.named.insert(enrollment.to_string(), named.clone());
        let plan = ctx.document::<IepTrails>(iep).await?;
        if plan.is_some_and(|plan| plan.streams.contains_key(&stream)) {
            self.acts.push(IepCommand::LeaveStream { stream }.of(iep));
            self.named.insert(iep.to_string(), named);
        }
        self.leaving.push(Leaving { student, gives_up: GivesUp::Seat, because });
        Ok(())
    }
}

/// Whether a seat is held for somebody who waits.
async fn is_held(
    ctx: &Context<'_>,
    stream: StreamId,
    student: PersonId,
) -> async_graphql::Result<bool> {
    let offers = ctx.document::<SeatOffers>(student).await?;
    Ok(offers.is_some_and(|offers| offers.offers.contains_key(&stream)))
}
