//! The study plan: what can be taken when, and why not (manual 2.3).

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    sync::Arc,
};

use aggregates::{
    academic_calendar::PeriodKind,
    enrollment,
    shared::{EnrollmentId, PersonId, TermId},
};
use async_graphql::{Context, Enum, Object, SimpleObject};
use projections::term::academic_year;

use super::{
    calendar::{Term, all_terms},
    catalogue::Offered,
    errors::{Fault, UserError},
    grounds::Grounds,
    own_curriculum::terms_of_study,
    periods::window_of,
    programmes::local_group,
    registration::Asked,
    request::{Ask, stored},
    scalars::{Credits, DateTime},
    semesters::{StudySemester, semesters},
    students::Student,
    subject_abouts::LocalText,
    subjects::Subject,
    years::Year,
};

/// How a student stands with a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "enrollment::SubjectStatus")]
pub enum SubjectStatus {
    /// Not taken, or given up.
    NotPassed,
    /// Taken without success.
    Failed,
    /// On the plan, without a grade yet.
    InProgress,
    /// Has a satisfactory grade.
    Passed,
}

/// Which subjects a term of the study plan shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum StudyPlanScope {
    /// The programme's: those of the term of study, those of other terms that are offered in it, and whatever the
    /// student has taken.
    Programme,
    /// Those, and all others that are offered.
    All,
}

/// A student's study plan.
pub struct StudyPlan<'a>(pub &'a Student);

/// A term of the study plan.
#[derive(SimpleObject)]
pub struct StudyPlanTerm {
    /// The term.
    term: Term,
    /// The term of study that it is for the student, from 1; none where it is no semester, and for a student whose year
    /// of study is not known.
    term_of_study: Option<i32>,
    /// When one may register; none where no window is set.
    registration_window: Option<RegistrationWindow>,
    /// How the credits stand.
    credits: CreditCount,
    /// The subjects, by code.
    subjects: Vec<StudyPlanSubject>,
}

/// When one may register.
#[derive(SimpleObject)]
pub struct RegistrationWindow {
    /// From when.
    opens_at: DateTime,
    /// Until when.
    closes_at: DateTime,
    /// Whether it is open now.
    open: bool,
}

/// How credits stand in a term, or in a year (manual 2.3.1).
#[derive(Clone, Copy, SimpleObject)]
#[graphql(name = "CreditCount")]
pub struct CreditCount {
    /// The most credits.
    pub plan: Credits,
    /// The credits gathered on the plan.
    pub fact: Credits,
    /// What is still missing.
    pub remainder: Credits,
}

impl CreditCount {
    /// Of a limit and what is gathered.
    pub fn of(plan: aggregates::shared::Credits, fact: aggregates::shared::Credits) -> Self {
        let remainder = fact.missing_to(plan).into();
        Self { plan: plan.into(), fact: fact.into(), remainder }
    }
}

/// A subject of a term.
#[derive(SimpleObject)]
pub struct StudyPlanSubject {
    /// The subject.
    subject: Subject,
    /// How the student stands with it, over all terms.
    status: SubjectStatus,
    /// The group of the curriculum that it is chosen of; none for what everybody studies, and outside the programme.
    group: Option<String>,
    /// The group's name in the reader's language, or else `group` with `language` null: what to show people.
    local_group: Option<LocalText>,
    /// Whether everybody studies it: by the programme, or by the catalogue for a student without a curriculum.
    compulsory: bool,
    /// The term of study that the programme places it in, from 1; it may be taken in another.
    term_of_study: Option<i32>,
    /// Whether the student's programme has it.
    in_programme: bool,
    /// Whether it can be registered for now.
    registration: RegistrationVerdict,
}

/// Whether something can be done now, and why not.
#[derive(SimpleObject)]
pub struct RegistrationVerdict {
    /// Whether it can.
    allowed: bool,
    /// Everything that speaks against it, all at once.
    reasons: Vec<UserError>,
}

#[Object]
impl StudyPlan<'_> {
    /// The terms of this academic year and of those to come, and earlier ones with registrations,
    /// the oldest first.
    async fn terms(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Which subjects. A student whose programme has no curriculum for them sees all.",
            default_with = "StudyPlanScope::Programme"
        )]
        scope: StudyPlanScope,
    ) -> async_graphql::Result<Vec<StudyPlanTerm>> {
        let StudyPlan(student) = self;
        let cabinet = &ctx.services()?.cabinet;
        let this_year = academic_year(cabinet.today());
        let terms = stored(all_terms(ctx.views()?, None).await)?;
        let grounds = told(Grounds::of_student(ctx, student.id).await)?;
        let shown = Shown::of(ctx, &grounds, scope, &terms).await?;
        let (mut plan, mut years) = (Vec::new(), BTreeMap::new());
        for term in terms {
            let taken = student.document.enrollments.contains_key(&term.id);
            let number = term.document.year;
            if !taken && number < this_year {
                continue;
            }
            let year = match years.entry(number) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(planned(ctx, student.id, number).await?),
            };
            if let Some(year) = year {
                plan.push(shown.in_term(ctx, term, Arc::clone(year)).await?);
            }
        }
        Ok(plan)
    }

    /// The plan over all semesters of study, also those that the calendar does not have yet: the programme's subjects
    /// where it places them, and in a semester of the calendar what was taken beside them.
    async fn semesters(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<StudySemester>> {
        let StudyPlan(student) = self;
        let terms = stored(all_terms(ctx.views()?, None).await)?;
        let grounds = told(Grounds::of_student(ctx, student.id).await)?;
        semesters(ctx, &grounds, &terms_of_study(&grounds.document, &terms)).await
    }
}

/// An academic year; none where it can't be planned yet, because it has no regulation.
async fn planned(
    ctx: &Context<'_>,
    student: PersonId,
    year: i16,
) -> async_graphql::Result<Option<Arc<Year>>> {
    match Year::of(ctx, student, year).await {
        Ok(year) => Ok(Some(Arc::new(year))),
        Err(Fault::User(_)) => Ok(None),
        Err(Fault::Top(error)) => Err(error),
    }
}

/// What the terms of a study plan show.
struct Shown<'a> {
    grounds: &'a Grounds,
    /// Which term of study each semester is for the student.
    numbers: BTreeMap<TermId, u8>,
    /// Whether it does not end with the programme.
    everything: bool,
    /// What is shown in one term or another, by code.
    subjects: Vec<Offered>,
}

impl<'a> Shown<'a> {
    async fn of(
        ctx: &Context<'_>,
        grounds: &'a Grounds,
        scope: StudyPlanScope,
        terms: &[Term],
    ) -> async_graphql::Result<Self> {
        let own = grounds.curriculum.as_ref().filter(|_| scope == StudyPlanScope::Programme);
        let subjects = match own {
            Some(own) => {
                let mut subjects: BTreeSet<_> = grounds.status.subjects.keys().copied().collect();
                subjects.extend(own.curriculum().places().map(|place| place.subject));
                Offered::these(ctx, subjects).await?
            }
            None => Offered::all(ctx).await?,
        };
        let numbers = terms_of_study(&grounds.document, terms);
        Ok(Self { grounds, numbers, everything: own.is_none(), subjects })
    }

    /// Whether a term shows a subject: what the student has taken in it, what belongs to it, and what else is offered.
    fn shows(&self, subject: &Offered, term: TermId) -> bool {
        let enrollment = EnrollmentId::of(self.grounds.student, subject.id, term);
        let taken = self.grounds.document.enrollments.get(&term);
        if taken.is_some_and(|taken| taken.contains(&enrollment)) {
            return true;
        }
        let place = self.grounds.place(subject.id);
        let belongs = place.is_some_and(|place| self.numbers.get(&term) == Some(&place.term));
        belongs || (subject.is_offered(term) && (self.everything || place.is_some()))
    }

    async fn in_term(
        &self,
        ctx: &Context<'_>,
        term: Term,
        year: Arc<Year>,
    ) -> async_graphql::Result<StudyPlanTerm> {
        let limit = year.term_limit(term.id).unwrap_or_default();
        let fact = year.iep.as_ref().map(|iep| iep.credits(term.id)).unwrap_or_default();
        let mut subjects = Vec::new();
        for subject in self.subjects.iter().filter(|subject| self.shows(subject, term.id)) {
            let asked = Asked::with(ctx, self.grounds, Arc::clone(&year), &term, subject).await;
            let Some(asked) = told(asked)? else { continue };
            subjects.extend(self.told(subject, &asked));
        }
        let now = ctx.services()?.cabinet.now();
        let about = &self.grounds.document;
        let window = window_of(ctx, &term.document, about, PeriodKind::Registration)?;
        let registration_window = window.map(|window| RegistrationWindow {
            opens_at: DateTime(window.opens_at),
            closes_at: DateTime(window.closes_at),
            open: window.contains(now),
        });
        let term_of_study = self.numbers.get(&term.id).copied().map(Into::into);
        let credits = CreditCount::of(limit, fact);
        Ok(StudyPlanTerm { term, term_of_study, registration_window, credits, subjects })
    }

    fn told(&self, subject: &Offered, asked: &Asked<'_>) -> Option<StudyPlanSubject> {
        let place = self.grounds.place(subject.id);
        let reasons: Vec<_> = asked.reasons().iter().map(UserError::of).collect();
        let card = subject.document.card.as_ref()?;
        // Where there is no curriculum, the catalogue says what is compulsory.
        let by_catalogue = self.grounds.curriculum.is_none() && card.compulsory;
        Some(StudyPlanSubject {
            subject: Subject::now(subject.id, Arc::clone(&subject.document))?,
            status: self.grounds.standing(subject.id).into(),
            group: place.and_then(|place| place.group).map(|group| group.name.to_string()),
            local_group: place.and_then(|place| place.group).map(local_group),
            compulsory: place.map_or(by_catalogue, |place| place.group.is_none()),
            term_of_study: place.map(|place| place.term.into()),
            in_programme: place.is_some(),
            registration: RegistrationVerdict { allowed: reasons.is_empty(), reasons },
        })
    }
}

/// In a query there is no payload to put a user error into.
pub fn told<T>(result: Result<T, Fault>) -> async_graphql::Result<T> {
    result.map_err(|fault| match fault {
        Fault::Top(error) => error,
        Fault::User(errors) => {
            errors.into_iter().next().map_or_else(super::errors::internal, super::errors::untold)
        }
    })
}
