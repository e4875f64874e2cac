//! What a registration is decided on: looked up from the views, passed to the aggregates as facts,
//! and shown beforehand as *why not*.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aggregates::{
    Act,
    academic_calendar::PeriodKind,
    enrollment::{EnrollmentCommand, EnrollmentError, Registration, SubjectStatus},
    iep::{Authority, Entry, IepCommand, IepError, Openness, RevisionCause},
    shared::{
        Credits, Decision, Demand, ElectiveGroup, EnrollmentId, Fact, IepId, Override, Refusal,
        Refuse, Requirement, SubjectId, TermId,
    },
    subject::SubjectCard,
};
use async_graphql::Context;
use projections::{iep::IepDocument, student::StudentDocument, term::TermDocument};

use super::{
    calendar::Term,
    catalogue::{Offered, taken},
    errors::{Fault, UserError, internal},
    grounds::{Grounds, beside_prerequisites},
    periods::window_of,
    request::Ask,
    years::Year,
};

/// A subject asked for in a term.
pub struct Asked<'a> {
    grounds: &'a Grounds,
    year: Arc<Year>,
    /// The plan it would go on.
    pub iep: IepId,
    term: TermId,
    subject: SubjectId,
    card: SubjectCard,
    offered: bool,
    demand: Demand,
    /// The group of the curriculum that it is chosen of.
    group: Option<ElectiveGroup>,
    /// What has to be so of the student's plans for the subject, and that group, still to stand so.
    unchanged: Vec<(IepId, IepCommand)>,
    /// The subjects that are taken in the term together with it.
    beside: Vec<(SubjectId, Credits)>,
    /// What is given up for it.
    given_up: BTreeSet<EnrollmentId>,
    openness: Openness,
}

impl<'a> Asked<'a> {
    /// With everything that decides about it.
    pub async fn of(
        ctx: &Context<'_>,
        grounds: &'a Grounds,
        subject: SubjectId,
        term: TermId,
    ) -> Result<Self, Fault> {
        let asked = Self::each(ctx, grounds, &[subject], term).await?.pop();
        Ok(asked.ok_or_else(internal)?)
    }

    /// Each of these subjects of a term, beside all the others.
    pub async fn each(
        ctx: &Context<'_>,
        grounds: &'a Grounds,
        subjects: &[SubjectId],
        term: TermId,
    ) -> Result<Vec<Self>, Fault> {
        let unknown = || Fault::user("SUBJECT_UNKNOWN", "subjectId");
        let mut offered = Vec::new();
        for subject in subjects {
            offered.push(Offered::load(ctx, *subject).await?.ok_or_else(unknown)?);
        }
        let term = Term::load(ctx, term).await?;
        let term = term.ok_or_else(|| Fault::user("TERM_UNKNOWN", "termId"))?;
        if let Some(refusal) = grounds.forbidding_status() {
            return Err(Fault::User(vec![UserError::of(&refusal)]));
        }
        let year = Arc::new(Year::of(ctx, grounds.student, term.document.year).await?);
        let mut asked = Vec::new();
        for subject in &offered {
            let one = Self::with(ctx, grounds, Arc::clone(&year), &term, subject).await?;
            asked.push(one.ok_or_else(unknown)?.beside(&offered));
        }
        let contested = asked.iter().zip(&offered).map(|(one, subject)| one.contested(subject));
        let contested: Vec<_> = contested.collect();
        if contested.iter().any(|of| !of.is_empty()) {
            let plans = grounds.plans(ctx, year.year).await?;
            for (one, of) in asked.iter_mut().zip(&contested).filter(|(_, of)| !of.is_empty()) {
                one.unchanged = grounds.unchanged(&plans, of);
            }
        }
        Ok(asked)
    }

    /// The subjects of which nothing may come in between: those of its group, itself among them, and itself where it is
    /// offered in more terms than this one.
    fn contested(&self, subject: &Offered) -> BTreeSet<SubjectId> {
        let elsewhere = subject.document.offered.len() != 1;
        let group = self.group.iter().flat_map(|group| &group.subjects).copied();
        group.chain(elsewhere.then_some(subject.id)).collect()
    }

    /// The same, where year, term and subject are read already; none for a subject without a card.
    pub async fn with(
        ctx: &Context<'_>,
        grounds: &'a Grounds,
        year: Arc<Year>,
        term: &Term,
        subject: &Offered,
    ) -> Result<Option<Self>, Fault> {
        let document = &subject.document;
        let Some(card) = document.card.clone() else { return Ok(None) };
        let counts = year.in_progress_counts(term.id);
        let demand = grounds.demand(ctx, subject, term.id, counts).await?;
        Ok(Some(Self {
            grounds,
            iep: IepId::of(grounds.student, year.year),
            year,
            term: term.id,
            offered: subject.is_offered(term.id),
            openness: openness(ctx, &term.document, &grounds.document, Authority::Student)?,
            subject: subject.id,
            card,
            demand,
            group: grounds.electives(ctx, subject.id).await?,
            unchanged: vec![],
            beside: vec![],
            given_up: BTreeSet::new(),
        }))
    }

    /// The same, if all of these were taken in the term together.
    pub fn beside(mut self, all: &[Offered]) -> Self {
        let others = all.iter().filter(|other| other.id != self.subject);
        for other in others {
            if self.demand.known.registered.insert(other.id) {
                self.beside.push((other.id, other.credits()));
            }
            if let Some(group) = &mut self.group {
                group.choose(other.id, other.credits());
            }
        }
        self
    }

    /// The same in that right.
    pub fn by(mut self, by: Authority) -> Self {
        self.openness.by = by;
        self
    }

    /// That the student is registered for it in the term already, or has passed it there, if so and they do not give that up.
    fn registered_already(&self) -> Option<Refusal> {
        let enrollment = EnrollmentId::of(self.grounds.student, self.subject, self.term);
        let registered = self.grounds.registered(self.term).contains(&self.subject);
        let status = self.grounds.status.status_without(self.subject, &self.given_up);
        let (code, passed) = (self.card.code.clone(), status == SubjectStatus::Passed);
        (registered && !self.given_up.contains(&enrollment))
            .then(|| EnrollmentError::taken_already(code, passed).refusal())
    }

    /// The same, once a registration of theirs is given up.
    pub fn in_place_of(
        mut self,
        enrollment: EnrollmentId,
        subject: SubjectId,
        term: TermId,
    ) -> Self {
        if term == self.term {
            self.demand.known.registered.remove(&subject);
        }
        self.given_up.insert(enrollment);
        let stays = self.grounds.status.status_without(subject, &self.given_up).is_taken();
        if let Some(group) = self.group.as_mut().filter(|_| !stays) {
            group.chosen.remove(&subject);
        }
        if !stays {
            self.demand.known.assumed.remove(&subject);
        }
        self
    }

    /// The same, with the windows as they were when it was asked for.
    pub fn opened(mut self, openness: Openness) -> Self {
        self.openness = openness;
        self
    }

    /// What the enrollment decides on.
    pub fn registration(&self, over: Option<Override>) -> Registration {
        let status = self.grounds.status.status_without(self.subject, &self.given_up);
        let mut facts = vec![
            Fact::new("status", status),
            Fact::new("prerequisites_missing", self.missing()),
            Fact::new("read_at", self.grounds.read_at),
        ];
        facts.extend(self.assumed());
        facts.extend(self.asked_beside());
        facts.extend(self.known_of_student());
        facts.extend(self.group.iter().flat_map(ElectiveGroup::facts));
        if let Some(window) = self.openness.registration {
            facts.push(Fact::new("opens_at", window.opens_at));
            facts.push(Fact::new("closes_at", window.closes_at));
        }
        Registration {
            taken: taken(self.grounds.student, self.subject, self.term, &self.card),
            status,
            retake_due: self.grounds.status.retake_due(self.subject),
            demand: self.demand.clone(),
            group: self.group.clone(),
            holds: self.grounds.held(),
            offered: self.offered,
            over,
            decision: Decision {
                rule: "registration".into(),
                regulation: self.year.regulation_of(self.term).to_owned(),
                facts,
                verdict: "allowed".into(),
            },
        }
    }

    /// The codes of the prerequisites that are not passed.
    fn missing(&self) -> String {
        let unmet = self.demand.requirement.unmet(&self.demand.known).into_iter();
        let missing = unmet.filter(|part| matches!(part, Requirement::Passed(_)));
        let codes = missing.filter_map(Requirement::subject).map(|id| self.demand.codes.of(id));
        codes.collect::<Vec<_>>().join(", ")
    }

    /// The codes of the prerequisites in progress that count as met, where there are any.
    fn assumed(&self) -> Option<Fact> {
        let assumed = self.demand.requirement.assumed(&self.demand.known).into_iter();
        let codes: Vec<_> = assumed.map(|subject| self.demand.codes.of(subject)).collect();
        (!codes.is_empty()).then(|| Fact::new("prerequisites_assumed", codes.join(", ")))
    }

    /// What the subject asks for beside its prerequisites, and of that what the student meets.
    fn asked_beside(&self) -> Vec<Fact> {
        let Demand { requirement, known, codes } = &self.demand;
        let beside: Vec<_> = beside_prerequisites(requirement).collect();
        if beside.is_empty() {
            return vec![];
        }
        let told = |parts: Vec<&Requirement>| {
            parts.into_iter().map(|part| part.told(codes)).collect::<Vec<_>>().join(", ")
        };
        let single = beside.iter().flat_map(|part| part.everything());
        let met = single.filter(|part| part.is_single() && part.is_met(known)).collect();
        vec![Fact::new("requirement", told(beside)), Fact::new("met", told(met))]
    }

    /// Of the student's own record, what the subject asks for.
    fn known_of_student(&self) -> Vec<Fact> {
        let Demand { requirement, known, .. } = &self.demand;
        let mut facts = BTreeMap::new();
        for part in requirement.everything() {
            let told = match part {
                Requirement::YearOfStudyAtLeast(_) => {
                    known.year_of_study.map(|year| ("year_of_study", year.to_string()))
                }
                Requirement::CreditsGathered(_) => {
                    Some(("credits_gathered", known.credits.to_string()))
                }
                Requirement::InProgramme(_) => {
                    known.programme.map(|programme| ("programme", programme.to_string()))
                }
                Requirement::InGroup(_) => {
                    known.group.as_ref().map(|group| ("group", group.to_string()))
                }
                Requirement::ApprovedByHead => {
                    Some(("approved_by_head", known.approved.to_string()))
                }
                _ => None,
            };
            facts.extend(told);
        }
        facts.into_iter().map(|(name, value)| Fact::new(name, value)).collect()
    }

    /// The other subjects of the term that are on the plan when this one is put there, where it asks for them; `before`
    /// are put there first. Of what the plan has only what the decision knew of: it was read at another moment, and what
    /// came in between is for the plan to refuse.
    fn on_plan(&self, before: &[SubjectId]) -> Option<BTreeSet<SubjectId>> {
        let asks = self.demand.requirement.asks_beside();
        let stays = |entry: &&Entry| !self.given_up.contains(&entry.enrollment);
        let here = self.year.entries().filter(stays).filter(|entry| entry.term == self.term);
        let known = &self.demand.known.registered;
        let here = here.map(|entry| entry.subject).filter(|subject| known.contains(subject));
        asks.then(|| here.chain(before.iter().copied()).collect())
    }

    /// What is asked of the registration and of the plan; `before` are put there by the same act.
    pub fn acts(
        &self,
        registration: Registration,
        before: &[SubjectId],
        over: Option<Override>,
    ) -> Vec<Act> {
        let enrollment = registration.taken.enrollment;
        let mut acts = self.unchanged(before);
        acts.push(EnrollmentCommand::Register { registration: registration.into() }.of(enrollment));
        acts.push(self.add_subject(before, over).of(self.iep));
        acts
    }

    /// What is asked of the student's plans so that nothing of it comes in between; `before` are put on this
    /// one by the same act.
    fn unchanged(&self, before: &[SubjectId]) -> Vec<Act> {
        let mut asked = self.unchanged.clone();
        for (iep, command) in &mut asked {
            if let (true, IepCommand::HaveNothingElse { known, .. }) = (*iep == self.iep, command) {
                let (student, term) = (self.grounds.student, self.term);
                known.extend(before.iter().map(|other| EnrollmentId::of(student, *other, term)));
            }
        }
        asked.into_iter().map(|(iep, command)| command.of(iep)).collect()
    }

    /// What the plan decides on.
    fn add_subject(&self, before: &[SubjectId], over: Option<Override>) -> IepCommand {
        let taken = self.registration(None).taken;
        IepCommand::AddSubject {
            opening: Box::new(self.year.opening(self.grounds)),
            terms: self.year.terms.values().cloned().collect(),
            entry: Entry {
                enrollment: taken.enrollment,
                subject: taken.subject,
                term: taken.term,
                code: taken.code,
                title: taken.title,
                credits: taken.credits,
            },
            beside: self.on_plan(before),
            openness: self.openness.clone(),
            over: over.map(Box::new),
        }
    }

    /// Everything that speaks against it now, all at once. Where the student is registered for it, that says it all: what
    /// the term and the subject ask for was met by this very registration.
    pub fn reasons(&self) -> Vec<Refusal> {
        if let Some(refusal) = self.registered_already() {
            return vec![refusal];
        }
        let standing = self.grounds.forbidding_status();
        let registration = self.registration(None);
        let enrollment = registration.reasons();
        let closed = may_not_change(self.year.iep.as_deref(), &self.openness, self.term);
        let beside = self.beside.iter().map(|(_, credits)| *credits).sum();
        let room = self.year.room(self.term, &self.given_up).map(|room| room.beside(beside));
        let full = room.map(|room| room.reasons(self.card.credits)).unwrap_or_default();
        standing
            .into_iter()
            .chain(enrollment.iter().map(Refuse::refusal))
            .chain(closed.iter().map(Refuse::refusal))
            .chain(full.iter().map(Refuse::refusal))
            .collect()
    }
}

/// Why subjects of a term on a plan can't change, if they can't.
pub fn may_not_change(
    plan: Option<&IepDocument>,
    openness: &Openness,
    term: TermId,
) -> Option<IepError> {
    let newest = plan.and_then(|plan| plan.newest());
    let signed_by =
        newest.and_then(|newest| newest.signatures.last()).map(|signature| signature.role);
    let sent_back = newest.is_some_and(|newest| newest.cause == Some(RevisionCause::SentBack));
    openness.may_change(term, signed_by, sent_back).err()
}

/// By what of a term a student may change subjects.
pub fn openness(
    ctx: &Context<'_>,
    term: &TermDocument,
    student: &StudentDocument,
    by: Authority,
) -> Result<Openness, Fault> {
    let window = |kind| window_of(ctx, term, student, kind);
    let cabinet = &ctx.services()?.cabinet;
    let today = cabinet.today();
    Ok(Openness {
        by,
        registration: window(PeriodKind::Registration)?,
        add_drop: window(PeriodKind::AddDrop)?,
        ended: term.term.as_ref().is_some_and(|about| about.ends_on < today),
        at: cabinet.now(),
    })
}
