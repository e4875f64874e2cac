//! The dashboard: the figures of a student's first page, in one document (manual 2.1, 2.2).

use aggregates::{
    academic_calendar::{PeriodKind, TermKind},
    shared::{IepId, TermId},
};
use async_graphql::{Context, Enum, Object, SimpleObject};
use jiff::{SignedDuration, Timestamp, civil::Date};
use projections::{
    enrollment::Enrollments,
    term::{TermDocument, academic_year},
    timetable::{About, Entry},
    transcript::{self, Transcripts},
};
use tokio::sync::OnceCell;

use super::{
    calendar::{Term, all_terms},
    chosen::choosing_windows,
    enrollments::Enrollment,
    iep_warnings::{self, IepWarning},
    ieps::Iep,
    lost_seats::LostSeat,
    open_streams::{MissingComponents, missing_components},
    request::{Ask, stored},
    scalars::{DateTime, Gpa},
    sittings::Sitting,
    student_tests::StudentTest,
    students::Student,
    study_plan::{CreditCount, told},
    subjects::Subject,
    theses::Thesis,
    waiting::OfferedSeat,
    years::Year,
};
use crate::{timetable, titles::local};

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
    /// An exam, a control or a consultation that is held.
    Sitting,
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
#[derive(SimpleObject)]
pub struct ComingEvent {
    /// What.
    kind: ComingEventKind,
    /// What it is called in the reader's language, as far as that is said: the period or else the term, the test, or the
    /// subject of a sitting.
    title: String,
    /// When it begins.
    starts_at: DateTime,
    /// The sitting, of a `SITTING`: whether it is an exam, a control or a consultation, and where it is held.
    sitting: Option<Sitting>,
}

impl ComingEvent {
    async fn of(ctx: &Context<'_>, entry: Entry) -> async_graphql::Result<Self> {
        let title = entry.title.as_ref().map(|title| local(title, &entry.titles).to_string());
        let (kind, title) = match (&entry.about, title, entry.subject) {
            (About::Period { kind, .. }, title, _) => ((*kind).into(), title),
            (About::Sitting { .. }, _, Some(subject)) => {
                let title = match Subject::load(ctx, subject).await? {
                    Some(subject) => Some(subject.titled(ctx).await?.into_text()),
                    None => None,
                };
                (ComingEventKind::Sitting, title)
            }
            (_, title, _) => (ComingEventKind::Test, title),
        };
        let starts_at = DateTime(entry.window.opens_at);
        let sitting = match &entry.about {
            About::Sitting { sitting, .. } => Some(Sitting::of(entry.id.clone(), sitting)),
            _ => None,
        };
        Ok(Self { kind, title: title.unwrap_or_default(), starts_at, sitting })
    }
}

/// A registration for which streams are still to be chosen.
#[derive(SimpleObject)]
pub struct ToChoose {
    /// The registration.
    enrollment: Enrollment,
    /// What is missing, for each way of taking the subject that fits what is held.
    components: Vec<MissingComponents>,
}

/// How long before streams are chosen it is told what there is to choose.
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);

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

    /// Whether the student chooses streams of a term now, or in the days to come.
    fn is_time_to_choose(
        &self,
        ctx: &Context<'_>,
        term: &TermDocument,
    ) -> async_graphql::Result<bool> {
        let soon = self.now.checked_add(SOON).unwrap_or(Timestamp::MAX);
        let windows = choosing_windows(ctx, term, &self.student.document)?;
        Ok(windows.iter().any(|window| window.opens_at <= soon && self.now < window.closes_at))
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
        Ok(Some(CreditCount::of(year.term_limit(term.id).unwrap_or_default(), fact)))
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

    /// What has gone wrong with the subjects of their plans that are in progress, also of plans signed long ago; for
    /// them, their advisor, registrars and auditors.
    async fn warnings(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<IepWarning>>> {
        match self.student.is_told_to(ctx)? {
            true => iep_warnings::of_student(ctx, self.student.id).await.map(Some),
            false => Ok(None),
        }
    }

    /// What begins next, the soonest first.
    async fn coming_events(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ComingEvent>> {
        let cabinet = &ctx.services()?.cabinet;
        let student = &self.student.document;
        let made_of = timetable::of_student(&cabinet.database, ctx.views()?, student).await;
        let planned = stored(made_of)?.planned(&cabinet.time_zone).into_iter();
        let coming = planned.filter(|entry| entry.window.opens_at > self.now);
        let mut events = Vec::new();
        for entry in coming.take(MOST_EVENTS) {
            events.push(ComingEvent::of(ctx, entry).await?);
        }
        Ok(events)
    }

    /// The registrations for which streams are still to be chosen, while they are chosen or soon will be.
    async fn to_choose(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ToChoose>> {
        let mut all = Vec::new();
        for (term, taken) in &self.student.document.enrollments {
            let Some(term) = self.known(*term) else { continue };
            if !self.is_time_to_choose(ctx, &term.document)? {
                continue;
            }
            for enrollment in Enrollment::each(ctx, taken.iter().copied()).await? {
                let missing = missing_components(ctx, &enrollment).await?;
                if !missing.is_empty() {
                    all.push(ToChoose { enrollment, components: missing });
                }
            }
        }
        Ok(all)
    }

    /// The seats that are held for the student, what runs out first at the beginning.
    async fn seat_offers(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<OfferedSeat>> {
        OfferedSeat::now(ctx, self.student.id).await
    }

    /// The seats that a registrar took away, of registrations that have no other in their place yet; for the student, their
    /// advisor, registrars and auditors.
    async fn lost_seats(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<LostSeat>>> {
        if !self.student.is_told_to(ctx)? {
            return Ok(None);
        }
        let taken = self.student.document.enrollments.values().flatten().copied();
        let mut all = Vec::new();
        for enrollment in Enrollment::each(ctx, taken).await? {
            all.extend(LostSeat::not_replaced(ctx, &enrollment).await?);
        }
        Ok(Some(all))
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
