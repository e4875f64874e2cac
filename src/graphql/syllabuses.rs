//! Syllabuses: what is taught in a subject in a term, week by week (manual 2.8).

use std::sync::Arc;

use aggregates::{
    shared::{FileRef, SubjectId, SyllabusId, TermId},
    syllabus::{Class, Link},
};
use async_graphql::{Context, Object, SimpleObject};
use projections::syllabus::{SyllabusDocument, Syllabuses};

use super::{
    calendar::Term,
    errors::denied,
    files::StoredFile,
    request::{Ask, stored},
    scalars::Date,
    subjects::Subject,
};
use crate::identity::{policy::Denied, reads_syllabus};

/// What is taught in a subject in a term.
pub struct Syllabus {
    subject: SubjectId,
    term: Term,
    document: Arc<SyllabusDocument>,
}

impl Syllabus {
    /// The syllabus with that id, whoever asks.
    pub async fn load(ctx: &Context<'_>, id: SyllabusId) -> async_graphql::Result<Option<Self>> {
        let document = ctx.document::<Syllabuses>(id).await?;
        let Some((document, of)) = document.and_then(|found| Some((found.clone(), found.of?)))
        else {
            return Ok(None);
        };
        let term = Term::load(ctx, of.term).await?;
        Ok(term.map(|term| Self { subject: of.subject, term, document }))
    }

    /// The one of a subject in a term, whoever asks.
    pub async fn of(
        ctx: &Context<'_>,
        subject: SubjectId,
        term: TermId,
    ) -> async_graphql::Result<Option<Self>> {
        Self::load(ctx, SyllabusId::of(subject, term)).await
    }

    /// The same, if the viewer may read it.
    pub async fn readable(
        ctx: &Context<'_>,
        subject: SubjectId,
        term: TermId,
    ) -> async_graphql::Result<Option<Self>> {
        if may_read(ctx, subject, term).await? {
            Self::of(ctx, subject, term).await
        } else {
            Err(denied(Denied::Forbidden))
        }
    }
}

/// Whether the viewer may read the syllabus of a subject in a term.
pub async fn may_read(
    ctx: &Context<'_>,
    subject: SubjectId,
    term: TermId,
) -> async_graphql::Result<bool> {
    stored(reads_syllabus(ctx.views()?, ctx.viewer()?, subject, term).await)
}

#[Object]
impl Syllabus {
    /// The subject.
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Subject>> {
        Subject::load(ctx, self.subject).await
    }

    /// The term.
    async fn term(&self) -> Term {
        self.term.clone()
    }

    /// The weeks for which something is set, in their order.
    async fn weeks(&self) -> Vec<SyllabusWeek> {
        let weeks = self.document.weeks.keys();
        weeks.map(|number| SyllabusWeek::of(self, *number)).collect()
    }

    /// The week that is now; none outside the term, or where nothing is set for it.
    async fn current_week(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<SyllabusWeek>> {
        let now = self.term.week(ctx)?.and_then(|week| u8::try_from(week).ok());
        let set = now.filter(|week| self.document.weeks.contains_key(week));
        Ok(set.map(|week| SyllabusWeek::of(self, week)))
    }
}

/// A week of a syllabus.
pub struct SyllabusWeek {
    number: u8,
    term: Term,
    document: Arc<SyllabusDocument>,
}

impl SyllabusWeek {
    fn of(syllabus: &Syllabus, number: u8) -> Self {
        let (term, document) = (syllabus.term.clone(), Arc::clone(&syllabus.document));
        Self { number, term, document }
    }

    fn days(&self) -> async_graphql::Result<Option<(Date, Date)>> {
        let days = self.term.term()?.days().days_of(self.number);
        Ok(days.map(|(first, last)| (Date(first), Date(last))))
    }
}

#[Object]
impl SyllabusWeek {
    /// Its number in the term, from 1; weeks are those of the calendar, from Monday on.
    async fn number(&self) -> i32 {
        self.number.into()
    }

    /// Its first day in the term; none where the term has been shortened since.
    async fn starts_on(&self) -> async_graphql::Result<Option<Date>> {
        Ok(self.days()?.map(|(first, _)| first))
    }

    /// Its last day in the term.
    async fn ends_on(&self) -> async_graphql::Result<Option<Date>> {
        Ok(self.days()?.map(|(_, last)| last))
    }

    /// Whether it is now.
    async fn current(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(self.term.week(ctx)? == Some(self.number.into()))
    }

    /// Its classes, in the order in which they were set.
    async fn classes(&self) -> Vec<SyllabusClass> {
        let classes = self.document.weeks.get(&self.number).into_iter().flatten();
        let files = |number| self.document.files.get(&number).cloned().unwrap_or_default();
        let with_files =
            |class: &Class| SyllabusClass { files: files(class.number), class: class.clone() };
        classes.map(with_files).collect()
    }
}

/// A class of a week.
pub struct SyllabusClass {
    class: Class,
    files: Vec<FileRef>,
}

/// Where more is on the web.
#[derive(SimpleObject)]
pub struct SyllabusLink {
    /// The address.
    url: String,
    /// What it is called.
    label: Option<String>,
}

impl From<&Link> for SyllabusLink {
    fn from(link: &Link) -> Self {
        let label = link.label.as_ref().map(ToString::to_string);
        Self { url: link.address.to_string(), label }
    }
}

#[Object]
impl SyllabusClass {
    /// Its number in the syllabus, which it keeps when its week is set anew.
    async fn number(&self) -> u32 {
        self.class.number
    }

    /// Which part of taking the subject it belongs to, as its streams call it: lecture, practice, laboratory.
    async fn component(&self) -> &str {
        self.class.content.component.as_str()
    }

    /// What it is about.
    async fn topic(&self) -> &str {
        self.class.content.topic.as_str()
    }

    /// What is taught and done in it.
    async fn content(&self) -> Option<&str> {
        self.class.content.text.as_ref().map(|text| text.as_str())
    }

    /// Where more is on the web.
    async fn links(&self) -> Vec<SyllabusLink> {
        self.class.content.links.iter().map(SyllabusLink::from).collect()
    }

    /// Books and papers.
    async fn references(&self) -> Vec<&str> {
        self.class.content.references.iter().map(|text| text.as_str()).collect()
    }

    /// Its files, in the order in which they were added; for whoever may read the syllabus.
    async fn files(&self) -> Vec<StoredFile> {
        self.files.iter().cloned().map(StoredFile).collect()
    }
}
