//! The curriculum that a student studies by: where a subject stands in it, and what is chosen of its groups
//! (manual 2.3).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aggregates::{
    academic_calendar::TermKind,
    iep::IepCommand,
    programme::{Curriculum, Group, Place},
    shared::{Called, ElectiveGroup, EnrollmentId, IepId, SubjectId, TermId},
};
use async_graphql::Context;
use projections::{
    iep::{IepDocument, IepTrails},
    programme::{ProgrammeDocument, Programmes},
    student::StudentDocument,
    term::academic_year,
};

use super::{
    calendar::{Term, all_terms},
    grounds::Grounds,
    programme_standing::studied,
    request::{Ask, stored},
};

/// The fewest semesters that an academic year has.
const SEMESTERS: usize = 2;

/// The curriculum of a student's programme and year of admission.
pub struct OwnCurriculum {
    programme: Arc<ProgrammeDocument>,
    /// The first year of admission that it is for.
    pub year: i16,
}

impl OwnCurriculum {
    /// Of that student, where the programme has one for them.
    pub async fn of(
        ctx: &Context<'_>,
        student: &StudentDocument,
    ) -> async_graphql::Result<Option<Self>> {
        let Some(admission) = &student.admission else { return Ok(None) };
        let programme = ctx.document::<Programmes>(admission.programme.id).await?;
        let programme = programme.unwrap_or_default();
        let year = programme.curriculum(academic_year(admission.on)).map(|(year, _)| year);
        Ok(year.map(|year| Self { programme, year }))
    }

    /// What is studied.
    pub fn curriculum(&self) -> &Curriculum {
        // It was found under this year.
        &self.programme.curricula[&self.year]
    }

    /// Where a subject stands in it.
    pub fn place(&self, subject: SubjectId) -> Option<Place<'_>> {
        self.curriculum().place(subject)
    }
}

impl Grounds {
    /// Where a subject stands in the student's curriculum.
    pub fn place(&self, subject: SubjectId) -> Option<Place<'_>> {
        self.curriculum.as_ref()?.place(subject)
    }

    /// The group that a subject is chosen of, with what else of it is passed or in progress, in whatever term.
    pub async fn electives(
        &self,
        ctx: &Context<'_>,
        subject: SubjectId,
    ) -> async_graphql::Result<Option<ElectiveGroup>> {
        let Some(group) = self.place(subject).and_then(|place| place.group) else {
            return Ok(None);
        };
        let studied = self.studied.get_or_try_init(|| {
            let in_progress = self.in_progress();
            async move { studied(ctx, self.student, &self.status, &in_progress).await }
        });
        let mut electives = nothing_chosen(group);
        for (other, credits) in studied.await?.iter().filter(|(other, _)| **other != subject) {
            electives.choose(*other, *credits);
        }
        Ok(Some(electives))
    }

    /// The student's plans, of whichever year, that have a subject or may come to: that of the `year` in which a subject
    /// is taken among them.
    pub async fn plans(
        &self,
        ctx: &Context<'_>,
        year: i16,
    ) -> async_graphql::Result<Vec<(IepId, Arc<IepDocument>)>> {
        let years: BTreeSet<_> = self.years(ctx).await?.into_iter().chain([year]).collect();
        let ids: Vec<_> = years.into_iter().map(|year| IepId::of(self.student, year)).collect();
        let known: BTreeMap<_, _> =
            ctx.each::<IepTrails, _>(ids.clone()).await?.into_iter().collect();
        Ok(ids.into_iter().map(|id| (id, known.get(&id).cloned().unwrap_or_default())).collect())
    }

    /// What has to be so of these plans for one of these subjects to be taken: nothing of them came in between that was
    /// not known when it was decided.
    pub fn unchanged(
        &self,
        plans: &[(IepId, Arc<IepDocument>)],
        of: &BTreeSet<SubjectId>,
    ) -> Vec<(IepId, IepCommand)> {
        let asked = plans.iter().map(|(iep, plan)| {
            let (of, known) = (of.clone(), self.known_on(plan, of));
            (*iep, IepCommand::HaveNothingElse { of, known })
        });
        asked.collect()
    }

    /// The academic years that the student has a plan of, or may come to have one of.
    async fn years(&self, ctx: &Context<'_>) -> async_graphql::Result<BTreeSet<i16>> {
        let this_year = academic_year(ctx.services()?.cabinet.today());
        let terms = stored(all_terms(ctx.views()?, None).await)?.into_iter();
        let coming = terms.map(|term| term.document.year).filter(|year| *year >= this_year);
        Ok(self.document.ieps.keys().copied().chain(coming).collect())
    }

    /// Of what a plan has of these subjects only what was known: it was read at another moment, and what came in between is
    /// for the plan to refuse.
    fn known_on(&self, plan: &IepDocument, of: &BTreeSet<SubjectId>) -> BTreeSet<EnrollmentId> {
        let of_them = plan.entries().filter(|entry| of.contains(&entry.subject));
        let known = of_them.filter(|entry| {
            let known = self.status.subjects.get(&entry.subject);
            known.is_some_and(|all| all.contains_key(&entry.enrollment))
        });
        known.map(|entry| entry.enrollment).collect()
    }
}

/// A group, for somebody who has nothing of it yet.
fn nothing_chosen(group: &Group) -> ElectiveGroup {
    ElectiveGroup {
        name: Called { name: group.name.clone(), titles: group.titles.clone() },
        most: group.most(),
        subjects: group.subjects.iter().map(|placed| placed.subject).collect(),
        chosen: BTreeMap::new(),
    }
}

/// Which term of study each semester of the calendar is for a student, of terms with the oldest first: by their year of
/// study then, and by its place among the semesters of its academic year. Other terms are none.
pub fn terms_of_study(student: &StudentDocument, terms: &[Term]) -> BTreeMap<TermId, u8> {
    let mut by_year: BTreeMap<i16, Vec<TermId>> = BTreeMap::new();
    let is_semester = |term: &&Term| {
        term.document.term.as_ref().is_some_and(|about| about.kind == TermKind::Semester)
    };
    for term in terms.iter().filter(is_semester) {
        by_year.entry(term.document.year).or_default().push(term.id);
    }
    let mut numbers = BTreeMap::new();
    for (year, semesters) in by_year {
        let Some(year_of_study) = student.year_of_study(year) else { continue };
        let before = (usize::from(year_of_study) - 1) * semesters.len().max(SEMESTERS);
        for (place, term) in semesters.into_iter().enumerate() {
            numbers.insert(term, u8::try_from(before + place + 1).unwrap_or(u8::MAX));
        }
    }
    numbers
}
