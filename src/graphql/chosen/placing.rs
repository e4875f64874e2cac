//! The chosen streams in the timetable, beside what else the student has at the same time (manual 2.4.1).

use std::collections::{BTreeMap, BTreeSet};

use aggregates::{
    Act,
    enrollment::Choice,
    iep::{ChosenStream, IepCommand, Placement},
    shared::{EnrollmentId, IepId, Meeting, PersonId, StreamId, TermId},
    stream::StreamCard,
};
use async_graphql::Context;
use projections::enrollment::{EnrollmentDocument, Enrollments};

use super::{
    super::{
        errors::{Fault, internal},
        grounds::Grounds,
        request::Ask,
        years::Year,
    },
    Chosen, cards,
};

impl Chosen {
    /// The streams that the student's plan of the year has in its timetable.
    pub fn placed(&self) -> impl Iterator<Item = &ChosenStream> + Clone {
        self.iep.iter().flat_map(|iep| iep.streams.values())
    }

    /// The streams in the timetable, which no longer has those that go by the same act.
    pub async fn placement(
        &self,
        ctx: &Context<'_>,
        choices: &[Choice],
        leaves: &BTreeSet<StreamId>,
    ) -> Result<Placement, Fault> {
        let unplanned = if self.is_planned(self.enrollment) {
            None
        } else {
            let grounds = Grounds::of_student(ctx, self.student).await?;
            Some(Year::of(ctx, self.student, self.year).await?.opening(&grounds))
        };
        let streams = self.placing(choices)?;
        let mut imported = self.imported(ctx).await?.to_vec();
        imported.retain(|held| !self.goes(&held.stream, leaves));
        Ok(Placement { streams, unplanned, imported, terms: self.terms.clone() })
    }

    /// The chosen streams with their times.
    pub(in super::super) fn placing(
        &self,
        choices: &[Choice],
    ) -> Result<Vec<(ChosenStream, Option<StreamId>)>, Fault> {
        let asked = |choice: &&Choice| {
            let known = self.streams.iter().find(|(known, _)| *known == choice.seat.stream);
            known.map(|(stream, card)| (*stream, card, choice.gives_up))
        };
        let placed = choices.iter().filter_map(|choice| asked(&choice));
        let placed = placed.map(|(stream, card, gives_up)| {
            Ok((chosen(stream, self.enrollment, &self.document, card)?, gives_up))
        });
        placed.collect()
    }

    /// What has to be so of the plans of other years: they have no streams at the same time that were not known when it
    /// was placed.
    pub(super) fn other_plans(&self) -> impl Iterator<Item = Act> {
        let known = self.imported.get().into_iter().flatten();
        let known: BTreeMap<_, _> =
            known.map(|held| (held.stream, held.meetings.clone())).collect();
        have_no_others(self.student, &self.of_other_years, known)
    }

    fn is_planned(&self, enrollment: EnrollmentId) -> bool {
        self.iep.as_ref().is_some_and(|iep| iep.holds(enrollment))
    }

    fn is_placed(&self, stream: &StreamId) -> bool {
        self.iep.as_ref().is_some_and(|iep| iep.streams.contains_key(stream))
    }

    /// The student's streams of the term, and of those that are taught at the same time, that are not in the plan of the
    /// year: those that were taken over from another system, or are in another year's.
    pub(in super::super) async fn imported(
        &self,
        ctx: &Context<'_>,
    ) -> Result<&[ChosenStream], Fault> {
        let imported = self.imported.get_or_try_init(|| self.read_imported(ctx)).await?;
        Ok(imported)
    }

    async fn read_imported(&self, ctx: &Context<'_>) -> Result<Vec<ChosenStream>, Fault> {
        let taken = self.about_student.enrolled_in(self.terms.at_once(self.term));
        let unplanned: Vec<_> = taken.filter(|taken| !self.is_planned(*taken)).collect();
        let mut imported = Vec::new();
        for (id, document) in ctx.each::<Enrollments, _>(unplanned).await? {
            let held = document.streams.iter().copied().filter(|held| !self.is_placed(held));
            for (held, card) in cards(ctx, held).await? {
                imported.push(chosen(held, id, &document, &card)?);
            }
        }
        Ok(imported)
    }
}

/// What has to be so of the plans of these terms' years: of these terms they have no streams, at these times, that were not
/// known.
pub fn have_no_others(
    student: PersonId,
    terms: &BTreeMap<TermId, i16>,
    known: BTreeMap<StreamId, Vec<Meeting>>,
) -> impl Iterator<Item = Act> + use<> {
    let years: BTreeSet<_> = terms.values().copied().collect();
    let terms: BTreeSet<_> = terms.keys().copied().collect();
    years.into_iter().map(move |year| {
        let (terms, known) = (terms.clone(), known.clone());
        IepCommand::HaveNoOtherStreams { terms, known }.of(IepId::of(student, year))
    })
}

/// A stream with its times, for the timetable.
pub fn chosen(
    stream: StreamId,
    enrollment: EnrollmentId,
    document: &EnrollmentDocument,
    card: &StreamCard,
) -> Result<ChosenStream, Fault> {
    let taken = document.performance.taken.as_ref().ok_or_else(internal)?;
    let (term, code, meetings) = (card.term, taken.code.clone(), card.meetings.clone());
    Ok(ChosenStream { stream, enrollment, term, code, meetings })
}
