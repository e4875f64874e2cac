//! What is supposed in *what if*, beside what is there, and what would come of it: decided as registering, choosing and
//! giving up decide (manual 2.3.1, 2.4.1).

mod streams;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aggregates::{
    enrollment::{StreamNames, StreamSeat},
    iep::{Authority, Entry},
    shared::{self, Fact, Requirement, StreamId, SubjectId, TermDays, TermId},
};
use async_graphql::Context;
use jiff::Timestamp;
use projections::{
    enrollment::{EnrollmentDocument, Enrollments},
    stream::{StreamDocument, Streams},
};

use super::{
    calendar::Term,
    catalogue::{Offered, codes},
    choice::Lines,
    chosen::choosing_is_closed,
    enrollments::Enrollment,
    errors::{UserError, not_found},
    giving_up::GivingUp,
    grounds::Grounds,
    programme_standing::programme_standing,
    registration::{Asked, openness},
    request::Ask,
    speaking::lines,
    students::Student,
    study_plan::{CreditCount, told},
    subjects::Subject,
    what_if::{WhatIf, WhatIfGiveUp, WhatIfSubject},
    years::{Year, days_of},
};

/// What is supposed, beside what is there.
pub struct Supposed {
    student: Student,
    term: Term,
    grounds: Grounds,
    year: Arc<Year>,
    /// What is given up for it.
    given: Vec<GivingUp>,
    /// Why streams of the term may not be chosen now, if so.
    closed: Option<UserError>,
    subjects: Vec<Offered>,
    /// The streams asked for.
    asked: Vec<(StreamId, Arc<StreamDocument>)>,
    /// The registrations that would stay, also those of terms that are taught at the same time.
    kept: Vec<Arc<EnrollmentDocument>>,
    /// The streams that these have.
    held: Vec<(StreamId, Arc<StreamDocument>)>,
    /// The seats in all of these.
    seats: BTreeMap<StreamId, StreamSeat>,
    /// Those in which the student is already, given up or not.
    own: BTreeSet<StreamId>,
    /// What the student waits for.
    lines: Lines,
    /// What the streams are called.
    names: StreamNames,
    now: Timestamp,
    /// The days of the terms in which the student is registered.
    terms: TermDays,
}

impl Supposed {
    /// With everything that decides about it.
    pub async fn of(
        ctx: &Context<'_>,
        student: Student,
        term: Term,
        subjects: Vec<Offered>,
        streams: Vec<StreamId>,
        given: Vec<GivingUp>,
    ) -> async_graphql::Result<Self> {
        let grounds = told(Grounds::of_student(ctx, student.id).await)?;
        let year = Arc::new(told(Year::of(ctx, student.id, term.document.year).await)?);
        let now = ctx.services()?.cabinet.now();
        let closed = choosing_is_closed(ctx, &term.document, &student.document, now)?;
        let wanted = streams.len();
        let asked = ctx.each::<Streams, _>(streams).await?;
        if asked.len() < wanted {
            return Err(not_found());
        }
        let terms = student.document.enrollments.keys().copied().chain([term.id]);
        let terms = days_of(ctx, terms).await?;
        let enrollments = student.document.enrolled_in(terms.at_once(term.id)).collect::<Vec<_>>();
        let taken = ctx.each::<Enrollments, _>(enrollments).await?;
        let own: BTreeSet<_> =
            taken.iter().flat_map(|(_, taken)| taken.streams.iter().copied()).collect();
        let left: BTreeSet<_> =
            given.iter().flat_map(|given| given.known.streams.iter().copied()).collect();
        let held = ctx.each::<Streams, _>(own.difference(&left).copied()).await?;
        let stays = |id| given.iter().all(|given| given.enrollment != id);
        let kept = taken.into_iter().filter(|(id, _)| stays(*id)).map(|(_, known)| known);
        let kept = kept.collect();
        let known = asked.iter().chain(&held).map(|(id, known)| (*id, known.as_ref()));
        let names = told(streams::names_of(ctx, known.collect()).await)?;
        let lines = told(lines(ctx, student.id, asked.iter().map(|(id, _)| *id).collect()).await)?;
        let mut supposed = Self {
            student,
            term,
            grounds,
            year,
            given,
            closed,
            subjects,
            asked,
            kept,
            held,
            seats: BTreeMap::new(),
            own,
            lines,
            names,
            now,
            terms,
        };
        supposed.take_seats();
        Ok(supposed)
    }

    /// What would come of it.
    pub async fn told(&self, ctx: &Context<'_>) -> async_graphql::Result<WhatIf> {
        let subjects = self.subjects(ctx).await?;
        let codes = codes(ctx, self.taken()).await?;
        let streams = self.streams(&codes);
        let clashes = self.clashes();
        let give_ups = self.give_ups(ctx)?;
        let allowed = subjects.iter().all(|subject| subject.allowed)
            && streams.iter().all(|stream| stream.allowed)
            && give_ups.iter().all(|given| given.allowed)
            && clashes.is_empty();
        let mut coming: BTreeSet<_> = self.grounds.in_progress();
        self.given_subjects().for_each(|(subject, _)| {
            coming.remove(&subject);
        });
        coming.extend(self.subjects.iter().map(|subject| subject.id));
        let (id, document) = (self.student.id, &self.student.document);
        let programme = programme_standing(ctx, id, document, &coming).await?;
        Ok(WhatIf {
            allowed,
            subjects,
            streams,
            clashes,
            give_ups,
            warnings: self.warnings(ctx).await?,
            credits: self.credits(),
            year_credits: self.year_credits(),
            programme,
        })
    }

    /// Each subject beside all the others.
    async fn subjects(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<WhatIfSubject>> {
        let mut all = Vec::new();
        for subject in &self.subjects {
            let year = Arc::clone(&self.year);
            let asked = told(Asked::with(ctx, &self.grounds, year, &self.term, subject).await)?;
            let mut asked = asked.ok_or_else(not_found)?;
            for given in &self.given {
                if let Some(taken) = &given.known.performance.taken {
                    asked = asked.in_place_of(given.enrollment, taken.subject, taken.term);
                }
            }
            let asked = asked.beside(&self.subjects);
            let reasons: Vec<_> = asked.reasons().iter().map(UserError::of).collect();
            let allowed = reasons.is_empty();
            let shown = Subject::now(subject.id, Arc::clone(&subject.document));
            let (term, id, streams) = (self.term.id, subject.id, self.streams_of(subject.id));
            all.extend(shown.map(|subject| WhatIfSubject {
                subject,
                allowed,
                reasons,
                term,
                id,
                streams,
            }));
        }
        Ok(all)
    }

    /// The subjects of the term that would be taken then.
    fn taken(&self) -> BTreeSet<SubjectId> {
        let mut taken = self.registered();
        taken.extend(self.subjects.iter().map(|asked| asked.id));
        taken
    }

    /// The subjects of the term for which the student would stay registered.
    fn registered(&self) -> BTreeSet<SubjectId> {
        let mut registered = self.grounds.registered(self.term.id);
        for (subject, term) in self.given_subjects() {
            if term == self.term.id {
                registered.remove(&subject);
            }
        }
        registered
    }

    fn given_subjects(&self) -> impl Iterator<Item = (SubjectId, TermId)> {
        let taken = self.given.iter().filter_map(|given| given.known.performance.taken.as_ref());
        taken.map(|taken| (taken.subject, taken.term))
    }

    fn give_ups(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<WhatIfGiveUp>> {
        let mut all = Vec::new();
        for given in &self.given {
            let openness = told(openness(ctx, &given.term, &given.about, Authority::Student))?;
            let reasons = given.reasons(&openness);
            let reasons: Vec<_> = reasons.iter().map(UserError::of).collect();
            let enrollment =
                Enrollment { id: given.enrollment, document: Arc::clone(&given.known) };
            all.push(WhatIfGiveUp { enrollment, allowed: reasons.is_empty(), reasons });
        }
        Ok(all)
    }

    /// The subjects that would stay without one that has to be taken in the same term.
    async fn warnings(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<UserError>> {
        let gone: BTreeSet<_> = self.given_subjects().map(|(subject, _)| subject).collect();
        let mut warnings = Vec::new();
        if gone.is_empty() {
            return Ok(warnings);
        }
        let staying = self.registered();
        let codes = codes(ctx, gone.union(&staying).copied().collect()).await?;
        for id in &staying {
            let Some(subject) = Offered::load(ctx, *id).await? else { continue };
            let counts = self.year.in_progress_counts(self.term.id);
            let demand = self.grounds.demand(ctx, &subject, self.term.id, counts).await;
            let mut demand = told(demand)?;
            demand.known.registered = staying.iter().copied().filter(|other| other != id).collect();
            demand.known.registered.extend(self.subjects.iter().map(|asked| asked.id));
            let unmet = demand.requirement.unmet(&demand.known).into_iter();
            let with = unmet.flat_map(Requirement::everything).filter_map(|part| match part {
                Requirement::RegisteredNow(other) if gone.contains(other) => Some(*other),
                _ => None,
            });
            warnings.extend(with.map(|other| {
                let subject = Fact::new("subject", codes.of(*id));
                let facts = vec![subject, Fact::new("corequisite", codes.of(other))];
                UserError::own("COREQUISITE_GIVEN_UP", None, facts)
            }));
        }
        Ok(warnings)
    }

    /// The credits of the term with the subjects that are not on the plan yet.
    fn credits(&self) -> CreditCount {
        let term = self.term.id;
        let limit = self.year.term_limit(term).unwrap_or_default();
        CreditCount::of(limit, self.planned(|entry| entry.term == term) + self.added())
    }

    /// The same of the academic year.
    fn year_credits(&self) -> CreditCount {
        let planned = self.planned(|entry| self.year.counts(entry.term));
        let added = if self.year.counts(self.term.id) { self.added() } else { Default::default() };
        CreditCount::of(self.year.limit, planned + added)
    }

    /// The credits on the plan that would stay there.
    fn planned(&self, counts: impl Fn(&Entry) -> bool) -> shared::Credits {
        let given =
            |entry: &&Entry| self.given.iter().any(|given| given.enrollment == entry.enrollment);
        let staying = self.year.entries().filter(|entry| !given(entry));
        staying.filter(|entry| counts(entry)).map(|entry| entry.credits).sum()
    }

    /// The credits of the subjects that would come to it.
    fn added(&self) -> shared::Credits {
        let registered = self.registered();
        let new = self.subjects.iter().filter(|subject| !registered.contains(&subject.id));
        new.map(Offered::credits).sum()
    }
}
