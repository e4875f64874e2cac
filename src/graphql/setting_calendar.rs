//! What a registrar does with the academic calendar: terms and periods (manual 2.9).

use aggregates::{
    academic_calendar::{self, AcademicCalendarCommand, Audience, PeriodKind},
    shared::{CalendarId, TermId, Text, Titles, Window},
};
use async_graphql::{Context, ID, Object};
use jiff::civil;
use projections::term::{Terms, academic_year, midnight};

use super::{
    audiences::{PeriodAudienceInput, nobody},
    calendar::{Term, TermKindEnum},
    errors::{Fault, UserError},
    local_titles::{self, LocalTextInput},
    mutation::{Done, Plan, run},
    periods::PeriodKindEnum,
    request::{Ask, day_at, input_id, optional_short, short, stored},
    scalars::{Date, DateTime},
    term_warnings,
};
use crate::regulation;

input! {
    /// A term for the calendar.
    CreateTermInput {
        /// The title, in whatever language.
        title: String,
        /// What it is called in languages.
        titles: Option<Vec<LocalTextInput>>,
        /// The kind.
        kind: TermKindEnum,
        /// The first day.
        starts_on: Date,
        /// The last day.
        ends_on: Date,
        /// The year in which its academic year begins; by its first day where none is stated.
        academic_year: Option<i32>,
    }
}

input! {
    /// What is said of a term from now on; what is left out stays.
    ReviseTermInput {
        /// The term.
        term_id: ID,
        /// The title, in whatever language.
        title: Option<String>,
        /// What it is called in languages, all of it.
        titles: Option<Vec<LocalTextInput>>,
        /// The first day.
        starts_on: Option<Date>,
        /// The last day.
        ends_on: Option<Date>,
    }
}

input! {
    /// A period of a term.
    SetPeriodInput {
        /// The term.
        term_id: ID,
        /// What it is.
        kind: PeriodKindEnum,
        /// What it is called; needed for a period of no set kind, and for a second one of a kind.
        title: Option<String>,
        /// What it is called in languages, all of it, where it has a title; left out, that stays as it is.
        titles: Option<Vec<LocalTextInput>>,
        /// Whom it is for; left out for everybody.
        audience: Option<PeriodAudienceInput>,
        /// From when.
        opens_at: DateTime,
        /// Until when.
        closes_at: DateTime,
    }
}

input! {
    /// Taking a period out.
    RemovePeriodInput {
        /// The term.
        term_id: ID,
        /// The period.
        period_id: ID,
    }
}

payload! {
    /// What came of it.
    TermPayload {
        /// The term.
        term: Term,
        /// What may be a mistake in what was done all the same.
        warnings: Vec<UserError>,
    }
}

/// What a registrar does with the calendar.
#[derive(Default)]
pub struct CalendarMutations;

#[Object]
impl CalendarMutations {
    /// Adds a term.
    async fn create_term(
        &self,
        ctx: &Context<'_>,
        input: CreateTermInput,
    ) -> async_graphql::Result<Option<TermPayload>> {
        let done = run(ctx, &input, async {
            let year = match input.academic_year {
                Some(year) => read_year(year)?,
                None => academic_year(input.starts_on.0),
            };
            let term = academic_calendar::Term {
                id: TermId::new(),
                title: short(&input.title, "title")?,
                titles: local_titles::read(input.titles.as_ref(), "titles")?.unwrap_or_default(),
                kind: input.kind.into(),
                starts_on: input.starts_on.0,
                ends_on: input.ends_on.0,
            };
            let shows = term.id;
            let add = AcademicCalendarCommand::AddTerm { year, term, origin: None };
            Ok(Plan::of(vec![add.of(CalendarId::of(year))], shows))
        });
        shown(ctx, done.await?, vec![]).await
    }

    /// Revises a term's title or days; that it was is on record. Its periods, and what was registered, chosen and
    /// signed, stay as they are; refused where what belongs within its days (add/drop, teaching, controls, holidays, the
    /// beginning of exams) would lie outside, and where no regulation is in force on the first day. What is decided from
    /// then on is decided by the regulation of that day. What stands there stays; `warnings` names the first twenty of
    /// each: sittings to come that are outside now (`SITTINGS_OUTSIDE`), classes in weeks that the term has not got
    /// (`CLASSES_OUTSIDE`), and students with classes at once in two terms that are taught at the same time
    /// (`STREAMS_AT_ONCE`).
    async fn revise_term(
        &self,
        ctx: &Context<'_>,
        input: ReviseTermInput,
    ) -> async_graphql::Result<Option<TermPayload>> {
        let done = run(ctx, &input, async {
            let (term, year) = known_term(ctx, &input.term_id).await?;
            let title = optional_short(input.title.as_ref(), "title")?;
            let titles = local_titles::read(input.titles.as_ref(), "titles")?;
            let zone = &ctx.services()?.cabinet.time_zone;
            let first = |day| midnight(day, zone);
            let after = |day: civil::Date| midnight(day.tomorrow().ok()?, zone);
            let starts = day_at(input.starts_on.as_ref(), "startsOn", first)?;
            let ends = day_at(input.ends_on.as_ref(), "endsOn", after)?;
            if let Some((first, _)) = starts {
                must_be_ruled(ctx, first).await?;
            }
            let calendar = CalendarId::of(year);
            let revise =
                AcademicCalendarCommand::ReviseTerm { year, term, title, titles, starts, ends };
            Ok(Plan::of(vec![revise.of(calendar)], term))
        });
        let done = done.await?;
        let moved = input.starts_on.is_some() || input.ends_on.is_some();
        let warnings = match moved {
            true => done.warnings(async |term| term_warnings::of_days(ctx, term).await).await,
            false => vec![],
        };
        shown(ctx, done, warnings).await
    }

    /// Sets a period of a term. Set again, with the same kind, title and audience, it moves. Teaching, controls, exams,
    /// holidays and add/drop open on one of the term's days, add/drop before them too; exams also after them, within half
    /// a year. Where nobody who studies now belongs to the audience it is set, with a warning; so it is where exams leave
    /// sittings to come outside (`SITTINGS_OUTSIDE`), and teaching where students have classes at once in two terms now
    /// (`STREAMS_AT_ONCE`).
    async fn set_period(
        &self,
        ctx: &Context<'_>,
        input: SetPeriodInput,
    ) -> async_graphql::Result<Option<TermPayload>> {
        let mut said = None;
        let done = run(ctx, &input, async {
            let (term, year) = known_term(ctx, &input.term_id).await?;
            let audience = match &input.audience {
                Some(audience) => audience.read(ctx).await?,
                None => Audience::default(),
            };
            let (title, titles) = titled(&input)?;
            let period = academic_calendar::Period {
                kind: input.kind.into(),
                title,
                titles: Titles::default(),
                audience,
                window: Window { opens_at: input.opens_at.0, closes_at: input.closes_at.0 },
            };
            let zone = &ctx.services()?.cabinet.time_zone;
            let opens_on = zone.to_datetime(period.window.opens_at).date();
            said = Some((period.audience.clone(), year));
            let set = AcademicCalendarCommand::SetPeriod { year, term, period, titles, opens_on };
            Ok(Plan::of(vec![set.of(CalendarId::of(year))], term))
        });
        let done = done.await?;
        let mut warnings = match input.kind {
            PeriodKindEnum::Exams => sittings_outside(ctx, &done).await,
            PeriodKindEnum::Study => classes_at_once(ctx, &done).await,
            _ => vec![],
        };
        if let Some((audience, year)) = said
            && !audience.is_everybody()
        {
            let nobodys =
                async |_: TermId| Ok(nobody(ctx, &audience, year).await?.into_iter().collect());
            warnings.extend(done.warnings(nobodys).await);
        }
        shown(ctx, done, warnings).await
    }

    /// Takes a period out; what it was stays on record. Sittings to come that are outside their term now are told as
    /// warnings (`SITTINGS_OUTSIDE`), and where it was teaching, classes that students have at once now
    /// (`STREAMS_AT_ONCE`).
    async fn remove_period(
        &self,
        ctx: &Context<'_>,
        input: RemovePeriodInput,
    ) -> async_graphql::Result<Option<TermPayload>> {
        let mut was_teaching = false;
        let done = run(ctx, &input, async {
            let (term, year) = known_term(ctx, &input.term_id).await?;
            let period = input_id(&input.period_id, "periodId")?;
            let known = ctx.document::<Terms>(term).await?;
            let known = known.as_ref().and_then(|known| known.periods.get(&period));
            was_teaching = known.is_some_and(|known| known.kind == PeriodKind::Study);
            let remove = AcademicCalendarCommand::RemovePeriod { year, term, period };
            Ok(Plan::of(vec![remove.of(CalendarId::of(year))], term))
        });
        let done = done.await?;
        let mut warnings = sittings_outside(ctx, &done).await;
        if was_teaching {
            warnings.extend(classes_at_once(ctx, &done).await);
        }
        shown(ctx, done, warnings).await
    }
}

/// The sittings to come of the term that are outside it, or its exams, now.
async fn sittings_outside(ctx: &Context<'_>, done: &Done) -> Vec<UserError> {
    done.warnings(async |term| term_warnings::of_exams(ctx, term).await).await
}

/// The classes that students have at once by its days now.
async fn classes_at_once(ctx: &Context<'_>, done: &Done) -> Vec<UserError> {
    done.warnings(async |term| term_warnings::of_teaching(ctx, term).await).await
}

/// The year in which an academic year begins.
pub fn read_year(year: i32) -> Result<i16, Fault> {
    let year = i16::try_from(year).ok().filter(|year| (1900..3000).contains(year));
    year.ok_or_else(|| Fault::out_of_range("academicYear", 1900, 2999))
}

/// What a period is called: in languages only where it has a title, by which it is known.
fn titled(input: &SetPeriodInput) -> Result<(Option<Text>, Option<Titles>), Fault> {
    let title = optional_short(input.title.as_ref(), "title")?;
    let titles = local_titles::read(input.titles.as_ref(), "titles")?;
    match titles.as_ref().is_some_and(|titles| !titles.is_empty()) && title.is_none() {
        true => Err(Fault::no_text("title")),
        false => Ok((title, titles)),
    }
}

/// The rules of a term are those in force on its first day: it is moved to no day on which there are none.
async fn must_be_ruled(ctx: &Context<'_>, first: civil::Date) -> Result<(), Fault> {
    let ruled = stored(regulation::in_force(ctx.views()?, first).await)?.is_some();
    ruled.then_some(()).ok_or_else(|| Fault::user("REGULATION_MISSING", "startsOn"))
}

/// A term that is in the calendar, and the year of its calendar.
async fn known_term(ctx: &Context<'_>, id: &ID) -> Result<(TermId, i16), Fault> {
    let term: TermId = input_id(id, "termId")?;
    let known = ctx.document::<Terms>(term).await?;
    Ok((term, known.ok_or_else(|| Fault::user("TERM_UNKNOWN", "termId"))?.year))
}

async fn shown(
    ctx: &Context<'_>,
    mut done: Done,
    warnings: Vec<UserError>,
) -> async_graphql::Result<Option<TermPayload>> {
    let term = done.show(0, |id| Term::load(ctx, id)).await?;
    Ok(Some(TermPayload::of(done, term, Some(warnings))))
}
