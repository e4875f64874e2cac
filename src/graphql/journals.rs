//! The journal: performance and attendance, subject by subject (manual 2.12).

use aggregates::shared::{MarkKind, TermId};
use async_graphql::{Context, Enum, Object, SimpleObject};
use projections::{
    journal::{Journals, key},
    performance::{MarkLine, Performance},
};

use super::{
    calendar::Term,
    enrollments::FinalGrade,
    errors::internal,
    request::Ask,
    scalars::{Date, DateTime, Percent},
    students::Student,
    subjects::Subject,
};

/// What a mark is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "MarkKind", remote = "MarkKind")]
pub enum MarkKindEnum {
    /// A mark of current work in class.
    Current,
    /// A practice class.
    Practice,
    /// A laboratory.
    Laboratory,
    /// Self-work, homework.
    SelfWork,
    /// The midterm control of a rating period.
    Midterm,
    /// The rating of a period, recorded directly.
    Rating,
    /// The exam.
    Exam,
    /// The exam taken again.
    Retake,
}

/// A student's journal of one term.
#[derive(SimpleObject)]
pub struct Journal {
    /// The term.
    term: Term,
    /// An entry a subject, by its code.
    entries: Vec<JournalEntry>,
}

/// The ratings of a registration.
#[derive(SimpleObject)]
pub struct Rating {
    /// The first rating (R1).
    first: Option<Percent>,
    /// The second rating (R2).
    second: Option<Percent>,
    /// The admission rating (RD), once both ratings are there.
    admission: Option<Percent>,
    /// Whether it admits to the exam.
    admitted: Option<bool>,
}

impl Rating {
    /// As the newest mark left them.
    pub fn of(performance: &Performance) -> Self {
        let ratings = performance.ratings.as_ref();
        Self {
            first: ratings.and_then(|ratings| ratings.first).map(Into::into),
            second: ratings.and_then(|ratings| ratings.second).map(Into::into),
            admission: ratings.and_then(|ratings| ratings.admission).map(Into::into),
            admitted: ratings.and_then(|ratings| ratings.admitted),
        }
    }
}

/// A mark.
#[derive(SimpleObject)]
pub struct Mark {
    /// What it is called.
    title: Option<String>,
    /// The category it had in the system it was imported from.
    category: Option<String>,
    /// What it is for.
    kind: MarkKindEnum,
    /// The rating period, 1 or 2, or none.
    period: Option<i32>,
    /// The percent.
    percent: Percent,
    /// Its weight among marks of its kind; a full one where none is stated.
    weight: Option<Percent>,
    /// The day it is for.
    day: Option<Date>,
    /// When it was entered.
    recorded_at: DateTime,
}

impl From<&MarkLine> for Mark {
    fn from(line: &MarkLine) -> Self {
        let mark = &line.mark;
        Self {
            title: mark.title.as_ref().map(ToString::to_string),
            category: mark.category.as_ref().map(ToString::to_string),
            kind: mark.kind.into(),
            period: mark.period.map(i32::from),
            percent: mark.percent.into(),
            weight: mark.weight.map(Into::into),
            day: mark.day.map(Date),
            recorded_at: DateTime(line.recorded_at),
        }
    }
}

/// A student's performance in one subject.
pub struct JournalEntry(pub Performance);

#[Object]
impl JournalEntry {
    /// The subject, as it was then.
    async fn subject(&self) -> async_graphql::Result<Subject> {
        let taken = self.0.taken.as_ref().ok_or_else(internal)?;
        Ok(Subject::then(taken.subject, &taken.code, &taken.title, taken.credits))
    }

    /// How often the student was absent, excused or not.
    async fn absences(&self) -> usize {
        self.0.absences()
    }

    /// The ratings.
    async fn rating(&self) -> Rating {
        Rating::of(&self.0)
    }

    /// The exam's percent.
    async fn exam(&self) -> Option<Percent> {
        self.0.newest(MarkKind::Exam).map(Into::into)
    }

    /// The percent of the exam taken again, where it was.
    async fn retake(&self) -> Option<Percent> {
        self.0.newest(MarkKind::Retake).map(Into::into)
    }

    /// The final grade.
    #[graphql(name = "final")]
    async fn final_grade(&self) -> Option<FinalGrade> {
        self.0.grade.as_ref().map(FinalGrade::from)
    }

    /// All marks, in the order in which they were entered.
    async fn marks(&self) -> Vec<Mark> {
        self.0.marks.iter().map(Mark::from).collect()
    }
}

/// One journal a term, the current one first, the others from the newest on.
pub async fn journals(ctx: &Context<'_>, student: &Student) -> async_graphql::Result<Vec<Journal>> {
    let today = ctx.services()?.cabinet.today();
    let mut journals = Vec::new();
    for term in student.document.enrollments.keys() {
        journals.extend(journal(ctx, student, *term).await?);
    }
    journals.sort_by_key(|journal| {
        let about = journal.term.document.term.as_ref();
        let current = about.is_some_and(|term| term.starts_on <= today && today <= term.ends_on);
        (!current, std::cmp::Reverse(journal.term.document.starts_day), journal.term.id)
    });
    Ok(journals)
}

async fn journal(
    ctx: &Context<'_>,
    student: &Student,
    term: TermId,
) -> async_graphql::Result<Option<Journal>> {
    let document = ctx.document::<Journals>(key(student.id, term)).await?;
    let Some(document) = document.filter(|document| !document.entries.is_empty()) else {
        return Ok(None);
    };
    let Some(term) = Term::load(ctx, term).await? else { return Ok(None) };
    let mut entries: Vec<_> = document.entries.values().cloned().collect();
    entries.sort_by(|one, other| code(one).cmp(&code(other)));
    Ok(Some(Journal { term, entries: entries.into_iter().map(JournalEntry).collect() }))
}

fn code(performance: &Performance) -> Option<&str> {
    performance.taken.as_ref().map(|taken| taken.code.as_str())
}
