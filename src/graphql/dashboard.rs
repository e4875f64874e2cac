//! The dashboard: the figures of a student's first page, in one document (manual 2.1, 2.2).

use aggregates::{
    academic_calendar::{PeriodKind, TermKind},
    shared::{IepId, TermId},
};
use async_graphql::{Context, Enum, Object, SimpleObject};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use projections::{
    enrollment::Enrollments,
    term::academic_year,
    transcript::{self, Transcripts},
};
use tokio::sync::OnceCell;

use super::{
    calendar::{Term, all_terms},
    ieps::Iep,
    registration::Year,
    request::{Ask, stored},
    scalars::{DateTime, Gpa},
    student_tests::StudentTest,
    students::Student,
    study_plan::{CreditCount, told},
    theses::Thesis,
};

/// The most events that are told of.
const MOST_EVENTS: usize = 10;

/// How many subjects there are, by the terms they are taken in.
#[derive(Debug, Default, Clone, Copy, SimpleObject)]
pub struct SubjectCount {
    /// In terms that are over.
    past: i32,
    /// In terms that are on.
    current: i32,
    /// In terms to come.
    coming: i32,
}

/// What is coming.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ComingEventKind {
    /// Registering for subjects opens.
    Registration,
    /// Choosing streams opens.
    ChoosingStreams,
    /// Re-registration opens.
    AddDrop,
    /// Teaching begins.
    Study,
    /// Controls begin.
    Controls,
    /// Exams begin.
    Exams,
    /// Holidays begin.
    Holidays,
    /// What the university named itself begins.
    Other,
    /// A test opens.
    Test,
}

impl From<PeriodKind> for ComingEventKind {
    fn from(kind: PeriodKind) -> Self {
        match kind {
            PeriodKind::Registration => Self::Registration,
            PeriodKind::ChoosingStreams => Self::ChoosingStreams,
            PeriodKind::AddDrop => Self::AddDrop,
            PeriodKind::Study => Self::Study,
            PeriodKind::Controls => Self::Controls,
            PeriodKind::Exams => Self::Exams,
            PeriodKind::Holidays => Self::Holidays,
            PeriodKind::Other => Self::Other,
        }
    }
}

/// Something that is coming.
#[derive(Debug, Clone, SimpleObject)]
pub struct ComingEvent {
    /// What.
    kind: ComingEventKind,
    /// What it is called: the period's own name or else the term's, or the test's.
    title: String,
    /// When it begins.
    starts_at: DateTime,
}

/// The figures of a student's first page.
pub struct Dashboard<'a> {
    student: &'a Student,
    terms: Vec<Term>,
    today: Date,
    now: Timestamp,
    /// Read once, by whoever of its fields comes first.
    tests: OnceCell<Vec<StudentTest>>,
}

impl<'a> Dashboard<'a> {
    /// Of that student, by today.
    pub async fn of(ctx: &Context<'_>, student: &'a Student) -> async_graphql::Result<Self> {
        let cabinet = &ctx.services()?.cabinet;
        let terms = stored(all_terms(ctx.views()?, None).await)?;
        let (today, now) = (cabinet.today(), cabinet.now());
        Ok(Self { student, terms, today, now, tests: OnceCell::new() })
    }

    async fn tests(&self, ctx: &Context<'_>) -> async_graphql::Result<&[StudentTest]> {
        let read = self.tests.get_or_try_init(|| StudentTest::of(ctx, self.student));
        read.await.map(Vec::as_slice)
    }

    fn known(&self, term: TermId) -> Option<&Term> {
        self.terms.iter().find(|known| known.id == term)
    }

    /// The teaching term that is on; of several the one that began last.
    fn current(&self) -> Option<&Term> {
        let on = self.terms.iter().filter(|term| {
            let about = term.document.term.as_ref();
            about.is_some_and(|about| {
                about.kind != TermKind::Year
                    && (about.starts_on..=about.ends_on).contains(&self.today)
            })
        });
        on.max_by_key(|term| (term.document.starts_day, term.id))
    }

    fn periods_to_come<'b>(&'b self, zone: &'b TimeZone) -> impl Iterator<Item = ComingEvent> + 'b {
        self.terms.iter().flat_map(|term| {
            let document = &term.document;
            let titled = document.term.as_ref().map(|about| &about.title);
            let theirs = document.calendar_of(&self.student.document.cohort(document.year), zone);
            theirs.into_iter().map(move |(_, period)| ComingEvent {
                kind: period.kind.into(),
                title: period
                    .title
                    .as_ref()
                    .or(titled)
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                starts_at: DateTime(period.window.opens_at),
            })
        })
    }
}

#[Object]
impl Dashboard<'_> {
    /// The grade point average, as the transcript has it.
    async fn gpa(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Gpa>> {
        let document = ctx.document::<Transcripts>(self.student.id).await?.unwrap_or_default();
        let day = |id| self.known(id).map(|term| term.document.starts_day);
        let transcript::Statement { gpa, .. } = document.statement(day);
        Ok(gpa.map(Into::into))
    }

    /// The term that is on; none between terms.
    async fn term(&self) -> Option<Term> {
        self.current().map(|term| Term { id: term.id, document: term.document.clone() })
    }

    /// How the credits of that term stand.
    async fn credits(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CreditCount>> {
        let Some(term) = self.current() else { return Ok(None) };
        let year = told(Year::of(ctx, self.student.id, term.document.year).await)?;
        let fact = year.iep.as_ref().map(|iep| iep.credits(term.id)).unwrap_or_default();
        Ok(Some(CreditCount::of(year.limit(term.id).unwrap_or_default(), fact)))
    }

    /// How many subjects the student took, takes and will take; given-up ones are left out.
    async fn subjects(&self, ctx: &Context<'_>) -> async_graphql::Result<SubjectCount> {
        let mut count = SubjectCount::default();
        for (term, taken) in &self.student.document.enrollments {
            let taken = ctx.each::<Enrollments, _>(taken.iter().copied()).await?;
            let kept = taken.iter().filter(|(_, known)| !known.dropped).count();
            let about = self.known(*term).and_then(|term| term.document.term.as_ref());
            let group = match about {
                Some(about) if self.today > about.ends_on => &mut count.past,
                Some(about) if self.today < about.starts_on => &mut count.coming,
                _ => &mut count.current,
            };
            *group = group.saturating_add(i32::try_from(kept).unwrap_or(i32::MAX));
        }
        Ok(count)
    }

    /// The plan of this academic year, and whom it waits for.
    async fn iep(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Iep>> {
        Iep::load(ctx, IepId::of(self.student.id, academic_year(self.today))).await
    }

    /// What begins next, the soonest first.
    async fn coming_events(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ComingEvent>> {
        let tests = self.tests(ctx).await?;
        let tests = tests.iter().map(|known| {
            let card = known.test.card()?;
            let starts_at = DateTime(card.window.opens_at);
            Ok(ComingEvent {
                kind: ComingEventKind::Test,
                title: card.title.to_string(),
                starts_at,
            })
        });
        let tests: Vec<_> = tests.collect::<async_graphql::Result<_>>()?;
        let mut coming: Vec<_> = self
            .periods_to_come(&ctx.services()?.cabinet.time_zone)
            .chain(tests)
            .filter(|event| event.starts_at.0 > self.now)
            .collect();
        coming.sort_by_key(|event| event.starts_at.0);
        coming.truncate(MOST_EVENTS);
        Ok(coming)
    }

    /// How many theses are on their way: neither passed nor given up.
    async fn open_thesis_check_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        let theses = Thesis::of_student(ctx, self.student.id).await?;
        let open = theses.iter().filter(|thesis| thesis.is_open()).count();
        Ok(i32::try_from(open).unwrap_or(i32::MAX))
    }

    /// How many tests can be started or gone on with now.
    async fn open_test_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        let tests = self.tests(ctx).await?;
        let open = tests.iter().filter(|test| test.is_open()).count();
        Ok(i32::try_from(open).unwrap_or(i32::MAX))
    }
}
