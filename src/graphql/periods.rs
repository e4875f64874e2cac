//! The periods of the calendar: what is when and for whom, what is current, and who changed it (manual 2.9).

use std::collections::BTreeMap;

use aggregates::{
    Event,
    academic_calendar::{self, AcademicCalendarEvent, Cohort, PeriodKind},
    shared::{CalendarId, PeriodId, TermId, Text, Window},
};
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use jiff::{ToSpan, civil};
use projections::{
    student::{StudentDocument, Students},
    term::{TermDocument, midnight},
};

use super::{
    calendar::{Term, all_terms},
    local_titles,
    people::{Person, RoleEnum},
    request::{Ask, found, query_id, stored},
    scalars::{Date, DateTime, PositionScalar},
    subject_abouts::LocalText,
    timetable::beyond,
};
use crate::log::{self, Filter};

/// What a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "PeriodKind", remote = "PeriodKind")]
pub enum PeriodKindEnum {
    /// Registering for subjects.
    Registration,
    /// Choosing streams.
    ChoosingStreams,
    /// Re-registration, week 1 of a semester.
    AddDrop,
    /// Teaching.
    Study,
    /// Controls: the weeks of ratings and midterms.
    Controls,
    /// Exams.
    Exams,
    /// Holidays.
    Holidays,
    /// What the university names itself, by its title.
    Other,
}

/// A period of the calendar.
#[derive(Clone, SimpleObject)]
pub struct Period {
    /// The same however often it is moved.
    id: ID,
    /// The term.
    term: Term,
    /// What it is.
    kind: PeriodKindEnum,
    /// What it is called, where the kind does not say it all; in whatever language it was typed.
    title: Option<String>,
    /// The same in the reader's language (`Accept-Language`), or else `title` with `language` null: what to show people.
    local_title: Option<LocalText>,
    /// What it is called in languages, as far as that is said.
    titles: Vec<LocalText>,
    /// Whom it is for; none for everybody.
    audience: Option<PeriodAudience>,
    /// From when.
    opens_at: DateTime,
    /// Until when.
    closes_at: DateTime,
    /// Whether it is now.
    open: bool,
    /// Whether nobody has set it: add/drop is the first seven days of a semester until it is set.
    by_default: bool,
}

/// Whom a period is for. Whoever has a window of their own goes by that one, everybody else by the general one;
/// a programme goes before a faculty, that before all of the university, and of each a year before all years.
#[derive(Clone, SimpleObject)]
pub struct PeriodAudience {
    /// The students of these faculties; of all where there are none.
    faculties: Vec<String>,
    /// The students of these programmes; of all where there are none.
    programme_ids: Vec<ID>,
    /// Those who are in these years of study in the term; in any where there are none.
    years_of_study: Vec<i32>,
}

/// A change of the calendar.
#[derive(SimpleObject)]
pub struct CalendarChange {
    /// Its place in the log.
    position: PositionScalar,
    /// When it was recorded.
    recorded_at: DateTime,
    /// Who acted; none at the command line.
    actor: Option<Person>,
    /// In which role.
    role: Option<RoleEnum>,
    /// What was done.
    kind: CalendarChangeKind,
    /// The period as it was set, or as it was when it was taken out; none for the term itself.
    period: Option<Period>,
    /// From when it was before, where it was moved.
    opened_at: Option<DateTime>,
    /// Until when it was before, where it was moved.
    closed_at: Option<DateTime>,
}

/// What was done to the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum CalendarChangeKind {
    /// The term was added, or changed by an import.
    TermAdded,
    /// The term was revised: its title, its first or its last day.
    TermRevised,
    /// A period was set.
    PeriodSet,
    /// A period was moved.
    PeriodMoved,
    /// A period was taken out.
    PeriodRemoved,
}

/// Which periods; all that are set have to fit.
#[derive(Default, InputObject)]
pub struct CalendarFilter {
    /// Of that term.
    term_id: Option<ID>,
    /// Of these kinds.
    kinds: Option<Vec<PeriodKindEnum>>,
    /// That are now.
    current: Option<bool>,
    /// That are on that day or later.
    from: Option<Date>,
    /// That are on that day or before.
    to: Option<Date>,
    /// That concern whoever asks: of a student their own windows in place of everybody's.
    mine: Option<bool>,
}

/// The calendar's periods.
#[derive(Default)]
pub struct PeriodQueries;

#[Object]
impl PeriodQueries {
    /// The periods of the academic calendar, by their beginning.
    async fn calendar(
        &self,
        ctx: &Context<'_>,
        filter: Option<CalendarFilter>,
    ) -> async_graphql::Result<Option<Vec<Period>>> {
        let filter = filter.unwrap_or_default();
        let zone = &ctx.services()?.cabinet.time_zone;
        let terms = match &filter.term_id {
            Some(id) => vec![found(Term::load(ctx, query_id(id)?).await?)?],
            None => stored(all_terms(ctx.views()?, None).await)?,
        };
        let from = filter.from.map(|from| midnight(from.0, zone).ok_or_else(beyond)).transpose()?;
        let after = |to: civil::Date| midnight(to.checked_add(1.day()).ok()?, zone);
        let to = filter.to.map(|to| after(to.0).ok_or_else(beyond)).transpose()?;
        let student = match filter.mine {
            Some(true) => Some(ctx.document::<Students>(ctx.viewer()?.person).await?),
            Some(false) | None => None,
        };
        let mut periods = Vec::new();
        for term in terms {
            let cohort = student.as_ref().map(|student| match student {
                Some(student) => student.cohort(term.document.year),
                None => Cohort::default(),
            });
            let mut of_term = periods_of(ctx, &term, cohort)?;
            of_term.retain(|period| {
                period.fits(filter.kinds.as_deref(), filter.current)
                    && from.is_none_or(|from| period.closes_at.0 > from)
                    && to.is_none_or(|to| period.opens_at.0 < to)
            });
            periods.extend(of_term);
        }
        periods.sort_by_key(|period| period.opens_at.0);
        Ok(Some(periods))
    }

    /// Who changed what of a term in the calendar, the newest change first.
    async fn calendar_changes(
        &self,
        ctx: &Context<'_>,
        term_id: ID,
    ) -> async_graphql::Result<Option<Vec<CalendarChange>>> {
        let term = found(Term::load(ctx, query_id(&term_id)?).await?)?;
        changes(ctx, term).await.map(Some)
    }
}

/// The periods of a term, all or those of a cohort.
pub fn periods_of(
    ctx: &Context<'_>,
    term: &Term,
    cohort: Option<Cohort>,
) -> async_graphql::Result<Vec<Period>> {
    let cabinet = &ctx.services()?.cabinet;
    let (document, zone) = (&term.document, &cabinet.time_zone);
    let periods = match cohort {
        Some(cohort) => document.calendar_of(&cohort, zone),
        None => document.calendar(zone),
    };
    let shown = periods.into_iter().map(|(id, period)| {
        let set = document.periods.contains_key(&id);
        Period::of(term, id, period, cabinet.now(), set)
    });
    Ok(shown.collect())
}

impl Period {
    /// A period of a term.
    pub async fn load(
        ctx: &Context<'_>,
        term: TermId,
        id: PeriodId,
    ) -> async_graphql::Result<Option<Self>> {
        let Some(term) = Term::load(ctx, term).await? else { return Ok(None) };
        let id = ID::from(id.to_string());
        Ok(periods_of(ctx, &term, None)?.into_iter().find(|period| period.id == id))
    }

    /// Whether it is of one of these kinds, and now where that is asked.
    pub fn fits(&self, kinds: Option<&[PeriodKindEnum]>, current: Option<bool>) -> bool {
        kinds.is_none_or(|kinds| kinds.contains(&self.kind)) && (self.open || current != Some(true))
    }

    fn of(
        term: &Term,
        id: PeriodId,
        period: academic_calendar::Period,
        now: jiff::Timestamp,
        set: bool,
    ) -> Self {
        let academic_calendar::Period { kind, title, titles, audience, window } = period;
        Self {
            id: id.to_string().into(),
            term: term.clone(),
            kind: kind.into(),
            local_title: title.as_ref().map(|title| local_titles::local(title, &titles)),
            titles: local_titles::all(&titles),
            title: title.map(|title| title.to_string()),
            audience: (!audience.is_everybody()).then(|| PeriodAudience {
                faculties: audience.faculties.iter().map(Text::to_string).collect(),
                programme_ids: audience.programmes.iter().map(|id| id.to_string().into()).collect(),
                years_of_study: audience.years_of_study.iter().map(|year| (*year).into()).collect(),
            }),
            opens_at: DateTime(window.opens_at),
            closes_at: DateTime(window.closes_at),
            open: window.contains(now),
            by_default: !set,
        }
    }
}

/// The window of a term that a student goes by now.
pub fn window_of(
    ctx: &Context<'_>,
    term: &TermDocument,
    student: &StudentDocument,
    kind: PeriodKind,
) -> async_graphql::Result<Option<Window>> {
    let cabinet = &ctx.services()?.cabinet;
    Ok(term.window(kind, &student.cohort(term.year), &cabinet.time_zone, cabinet.now()))
}

/// The changes of a term, from the log.
async fn changes(ctx: &Context<'_>, term: Term) -> async_graphql::Result<Vec<CalendarChange>> {
    let cabinet = &ctx.services()?.cabinet;
    let filter = Filter {
        aggregate_type: Some("AcademicCalendar".into()),
        aggregate_id: Some(CalendarId::of(term.document.year).to_string()),
        ..Filter::default()
    };
    let mut recorded = Vec::new();
    let mut snapshot = stored(cabinet.database.snapshot().await)?;
    let read = log::read_each(&mut snapshot, filter, |event| {
        recorded.extend(event.decode()?);
        Ok(())
    });
    stored(read.await)?;
    stored(snapshot.rollback().await)?;
    let (now, mut before, mut changes) = (cabinet.now(), BTreeMap::new(), Vec::new());
    for recorded in recorded {
        let Event::AcademicCalendar(event) = &recorded.event else { continue };
        if event.term() != term.id {
            continue;
        }
        let (kind, period, moved) = told(event, term.id, &mut before);
        let period = period.map(|period| Period::of(&term, period.id(term.id), period, now, true));
        changes.push(CalendarChange {
            position: PositionScalar(recorded.position),
            recorded_at: DateTime(recorded.recorded_at),
            actor: recorded.metadata.actor.map(Person),
            role: recorded.metadata.role.map(RoleEnum::from),
            kind,
            period,
            opened_at: moved.map(|window| DateTime(window.opens_at)),
            closed_at: moved.map(|window| DateTime(window.closes_at)),
        });
    }
    changes.reverse();
    Ok(changes)
}

/// What an event did, to which period, and where that was before.
fn told(
    event: &AcademicCalendarEvent,
    term: TermId,
    before: &mut BTreeMap<PeriodId, Window>,
) -> (CalendarChangeKind, Option<academic_calendar::Period>, Option<Window>) {
    match event {
        AcademicCalendarEvent::TermAdded { .. } => (CalendarChangeKind::TermAdded, None, None),
        AcademicCalendarEvent::TermRevised { .. } => (CalendarChangeKind::TermRevised, None, None),
        AcademicCalendarEvent::PeriodSet { period, .. } => {
            let moved = before.insert(period.id(term), period.window);
            let kind = match moved {
                Some(_) => CalendarChangeKind::PeriodMoved,
                None => CalendarChangeKind::PeriodSet,
            };
            (kind, Some(period.clone()), moved)
        }
        AcademicCalendarEvent::PeriodRemoved { period, .. } => {
            before.remove(&period.id(term));
            (CalendarChangeKind::PeriodRemoved, Some(period.clone()), None)
        }
    }
}
