//! Academic years: the terms of one with what each may hold, the rules in force, and a student's plan of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aggregates::{
    academic_calendar::TermKind,
    enrollment::InForce,
    iep::{Entry, Opening, Room, TermPlan},
    shared::{Credits, EnrollmentId, IepId, PersonId, Rules, TermDays, TermId},
};
use async_graphql::Context;
use jiff::civil::Date;
use projections::{
    iep::{IepDocument, IepTrails},
    regulation::RegulationDocument,
    term::{TermDocument, Terms},
};

use super::{
    calendar::{Term, all_terms},
    errors::Fault,
    grounds::Grounds,
    request::{Ask, stored},
};
use crate::regulation;

/// The academic year of a term: its terms, its plan, its rules.
pub struct Year {
    /// The year in which it begins.
    pub year: i16,
    /// What each of its terms may hold.
    pub terms: BTreeMap<TermId, TermPlan>,
    /// The version of the regulation in force on its first day.
    pub regulation: String,
    /// The regulation of each of its terms: the one in force on the term's first day.
    regulations: BTreeMap<TermId, Arc<RegulationDocument>>,
    /// The most credits of the year: of a plan that is open, those that it was opened with.
    pub limit: Credits,
    /// The student's plan of that year.
    pub iep: Option<Arc<IepDocument>>,
}

impl Year {
    /// The year of a term, for a student.
    pub async fn of(ctx: &Context<'_>, student: PersonId, year: i16) -> Result<Self, Fault> {
        let views = ctx.views()?;
        let (mut terms, mut regulations) = (BTreeMap::new(), BTreeMap::new());
        let mut first: Option<Arc<RegulationDocument>> = None;
        for term in stored(all_terms(views, Some(year.into())).await)? {
            let Some(about) = &term.document.term else { continue };
            let regulation = in_force(ctx, about.starts_on).await?;
            terms.insert(term.id, term_plan(&term, &regulation)?);
            first.get_or_insert(Arc::clone(&regulation));
            regulations.insert(term.id, regulation);
        }
        let regulation = first.ok_or_else(missing)?;
        let iep = ctx.document::<IepTrails>(IepId::of(student, year)).await?;
        let ruled = rules(&regulation)?.credits.year;
        let limit = iep.as_ref().map_or(ruled, |plan| plan.year_limit);
        let regulation = regulation.version.clone();
        Ok(Self { year, terms, regulation, regulations, limit, iep })
    }

    /// The version of the regulation of a term.
    pub fn regulation_of(&self, term: TermId) -> &str {
        self.regulations.get(&term).map_or(&self.regulation, |regulation| &regulation.version)
    }

    /// Whether, in a term, a prerequisite in progress counts as met where its own term has ended before.
    pub fn in_progress_counts(&self, term: TermId) -> bool {
        let rules = self.regulations.get(&term).and_then(|regulation| regulation.rules.as_ref());
        rules.is_some_and(Rules::prerequisites_in_progress_count)
    }

    /// What the student's plan of the year is opened with.
    pub fn opening(&self, grounds: &Grounds) -> Opening {
        Opening {
            iep: IepId::of(grounds.student, self.year),
            student: grounds.student,
            year: self.year,
            advisor: grounds.document.advisor,
            regulation: self.regulation.clone(),
            year_limit: self.limit,
        }
    }

    /// The most credits of a term.
    pub fn term_limit(&self, term: TermId) -> Option<Credits> {
        self.terms.get(&term).map(|plan| plan.limit)
    }

    /// The room in a term, without what is given up.
    pub fn room(&self, term: TermId, given_up: &BTreeSet<EnrollmentId>) -> Option<Room> {
        let entries = self.entries().filter(|entry| !given_up.contains(&entry.enrollment));
        Room::of(term, &self.terms, self.limit, entries)
    }

    /// The subjects on the student's plan.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> + Clone {
        self.iep.iter().flat_map(|iep| iep.entries())
    }

    /// Whether the credits of a term count to the year's.
    pub fn counts(&self, term: TermId) -> bool {
        self.terms.get(&term).is_none_or(|plan| plan.counts_to_year)
    }
}

/// The days of these terms, by which streams of several are compared.
pub async fn days_of(
    ctx: &Context<'_>,
    terms: impl IntoIterator<Item = TermId>,
) -> async_graphql::Result<TermDays> {
    let terms: BTreeSet<_> = terms.into_iter().collect();
    days(ctx, ctx.each::<Terms, _>(terms).await?.iter().map(|(id, term)| (*id, &**term)))
}

/// The same of terms that are read.
pub fn days<'t>(
    ctx: &Context<'_>,
    terms: impl Iterator<Item = (TermId, &'t TermDocument)>,
) -> async_graphql::Result<TermDays> {
    let zone = &ctx.services()?.cabinet.time_zone;
    Ok(terms.filter_map(|(id, term)| Some((id, term.days(zone)?))).collect())
}

/// All terms of the calendar, with their days.
pub async fn calendar(ctx: &Context<'_>) -> async_graphql::Result<(Vec<Term>, TermDays)> {
    let terms = stored(all_terms(ctx.views()?, None).await)?;
    let days = days(ctx, terms.iter().map(|term| (term.id, &*term.document)))?;
    Ok((terms, days))
}

/// The regulation in force on a day.
async fn in_force(ctx: &Context<'_>, day: Date) -> Result<Arc<RegulationDocument>, Fault> {
    let views = ctx.views()?;
    stored(regulation::in_force(views, day).await)?.map(Arc::new).ok_or_else(missing)
}

/// The regulation of a term, as the aggregates take it.
pub async fn of_term(ctx: &Context<'_>, term: TermId) -> Result<InForce, Fault> {
    let views = ctx.views()?;
    stored(regulation::of_term(views, term).await)?.ok_or_else(missing)
}

fn term_plan(term: &Term, regulation: &RegulationDocument) -> Result<TermPlan, Fault> {
    let limits = &rules(regulation)?.credits;
    let kind = term.document.term.as_ref().map(|term| term.kind);
    Ok(TermPlan {
        term: term.id,
        limit: match kind {
            Some(TermKind::Summer) => limits.summer,
            Some(TermKind::Year) => limits.year,
            Some(TermKind::Semester) | None => limits.semester,
        },
        counts_to_year: kind != Some(TermKind::Summer),
    })
}

fn rules(regulation: &RegulationDocument) -> Result<&Rules, Fault> {
    regulation.rules.as_ref().ok_or_else(missing)
}

fn missing() -> Fault {
    Fault::user("REGULATION_MISSING", "termId")
}
