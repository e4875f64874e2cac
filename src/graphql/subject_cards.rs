//! My subjects: cards of past, current and coming subjects (manual 2.8).

use std::cmp::Reverse;

use async_graphql::{Context, Enum, Object};
use projections::term::Terms;

use super::{
    calendar::Term,
    enrollments::{Enrollment, EnrollmentStatus, FinalGrade},
    errors::internal,
    request::Ask,
    scalars::Credits,
    students::Student,
    subject_teachers::{SubjectTeacher, teachers},
    subjects::Subject,
    syllabuses::{Syllabus, may_read},
};

/// When a subject is studied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum SubjectCardTime {
    /// Its term is over.
    Past,
    /// Its term is now.
    Current,
    /// Its term is to come.
    Coming,
}

/// A subject of a student's, in the term in which they take it.
pub struct SubjectCard {
    enrollment: Enrollment,
    term: Term,
    when: SubjectCardTime,
    /// Whether the viewer reads all that the student reads.
    told: bool,
}

impl SubjectCard {
    /// The cards of a student: the current ones first, then the coming ones, then the past ones from the newest on;
    /// within a term by code.
    pub async fn of(
        ctx: &Context<'_>,
        student: &Student,
        when: Option<SubjectCardTime>,
    ) -> async_graphql::Result<Vec<Self>> {
        let taken = &student.document.enrollments;
        let mut terms = Vec::new();
        for (id, document) in ctx.each::<Terms, _>(taken.keys().copied()).await? {
            let term = Term { id, document };
            let time = term.time(ctx)?;
            if when.is_none_or(|wanted| wanted == time) {
                terms.push((time, term));
            }
        }
        let ids = terms.iter().filter_map(|(_, term)| taken.get(&term.id)).flatten().copied();
        let ids: Vec<_> = ids.collect();
        let told = student.is_told_to(ctx)?;
        let mut cards = Vec::new();
        for enrollment in Enrollment::each(ctx, ids.into_iter()).await? {
            let of = enrollment.taken()?.term;
            let found = terms.iter().find(|(_, term)| term.id == of).ok_or_else(internal)?;
            if !enrollment.document.dropped {
                cards.push(Self { when: found.0, term: found.1.clone(), enrollment, told });
            }
        }
        cards.sort_by_cached_key(Self::place);
        Ok(cards)
    }

    fn place(&self) -> (u8, Reverse<i64>, i64, String) {
        let (day, code) = (self.term.document.starts_day, self.enrollment.taken());
        let code = code.map(|taken| taken.code.to_string()).unwrap_or_default();
        match self.when {
            SubjectCardTime::Current => (0, Reverse(0), day, code),
            SubjectCardTime::Coming => (1, Reverse(0), day, code),
            SubjectCardTime::Past => (2, Reverse(day), 0, code),
        }
    }
}

impl Term {
    fn time(&self, ctx: &Context<'_>) -> async_graphql::Result<SubjectCardTime> {
        let (term, today) = (self.term()?, ctx.services()?.cabinet.today());
        Ok(if term.ends_on < today {
            SubjectCardTime::Past
        } else if term.starts_on <= today {
            SubjectCardTime::Current
        } else {
            SubjectCardTime::Coming
        })
    }
}

#[Object]
impl SubjectCard {
    /// The subject: code, title and credits as they were then, what it is about as it is said now.
    async fn subject(&self) -> async_graphql::Result<Subject> {
        self.enrollment.subject_then()
    }

    /// The term in which it is taken; `currentWeek` is the week that is now.
    async fn term(&self) -> Term {
        self.term.clone()
    }

    /// Whether the term is over, now, or to come.
    async fn when(&self) -> SubjectCardTime {
        self.when
    }

    /// What became of the registration.
    async fn status(&self) -> EnrollmentStatus {
        self.enrollment.standing()
    }

    /// The credits that it counts.
    async fn credits(&self) -> async_graphql::Result<Credits> {
        Ok(self.enrollment.taken()?.credits.into())
    }

    /// The final grade, where there is one.
    async fn grade(&self) -> Option<FinalGrade> {
        self.enrollment.document.performance.grade.as_ref().map(FinalGrade::from)
    }

    /// The registration, with streams, ratings and journal.
    async fn enrollment(&self) -> Enrollment {
        Enrollment { id: self.enrollment.id, document: self.enrollment.document.clone() }
    }

    /// Who teaches it in the term, those of the student's own streams first, then by name.
    async fn teachers(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<SubjectTeacher>> {
        let taken = self.enrollment.taken()?;
        teachers(ctx, taken.subject, taken.term, &self.enrollment.document.streams).await
    }

    /// What is taught week by week; none where nothing is set, or the viewer may not read it.
    async fn syllabus(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Syllabus>> {
        let taken = self.enrollment.taken()?;
        if self.told || may_read(ctx, taken.subject, taken.term).await? {
            Syllabus::of(ctx, taken.subject, taken.term).await
        } else {
            Ok(None)
        }
    }
}
