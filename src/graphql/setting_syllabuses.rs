//! Setting syllabuses: what a teacher of the subject in the term, or a registrar, does (manual 2.8).

use aggregates::{
    shared::FileId,
    syllabus::{Content, Link, Planned, SyllabusCommand, SyllabusOf},
};
use async_graphql::{Context, ID, InputObject, Object};
use projections::term::Terms;

use super::{
    errors::{Fault, internal},
    files::{Upload, handed_in},
    mutation::{Done, Plan, run},
    request::{Ask, input_id, long, optional_short, short},
    subjects::{known_subject, known_term},
    syllabuses::Syllabus,
    teaching::must_plan,
};
use crate::files::PartOf;

/// The most weeks that a syllabus has, however long its term is.
const MOST_WEEKS: i32 = 60;

/// A class.
#[derive(Debug, InputObject)]
pub struct SyllabusClassInput {
    /// Its number, where the week has it already: it keeps its files so. A new class gets one.
    number: Option<u32>,
    /// Which part of taking the subject it belongs to, as its streams call it: lecture, practice, laboratory.
    component: String,
    /// What it is about.
    topic: String,
    /// What is taught and done in it.
    content: Option<String>,
    /// Where more is on the web.
    #[graphql(default)]
    links: Vec<SyllabusLinkInput>,
    /// Books and papers.
    #[graphql(default)]
    references: Vec<String>,
}

/// A link.
#[derive(Debug, InputObject)]
pub struct SyllabusLinkInput {
    /// The address, which begins with `http://` or `https://`.
    url: String,
    /// What it is called.
    label: Option<String>,
}

input! {
    /// A week of a syllabus, whole.
    SetSyllabusWeekInput {
        /// The subject.
        subject_id: ID,
        /// The term.
        term_id: ID,
        /// Which week of the term, from 1.
        week: i32,
        /// All its classes, in the place of those before; one that is left out must have no files.
        classes: Vec<SyllabusClassInput>,
    }
}

input! {
    /// A file for a class.
    AddSyllabusFileInput {
        /// The subject.
        subject_id: ID,
        /// The term.
        term_id: ID,
        /// The number of the class.
        class: u32,
        /// The file: PDF, DOCX, PNG or JPEG.
        file: Upload,
    }
}

input! {
    /// A file that is taken away.
    RemoveSyllabusFileInput {
        /// The subject.
        subject_id: ID,
        /// The term.
        term_id: ID,
        /// Which file.
        file_id: ID,
    }
}

payload! {
    /// What came of it.
    SyllabusPayload {
        /// The syllabus.
        syllabus: Syllabus,
    }
}

/// What is done with syllabuses.
#[derive(Default)]
pub struct SyllabusMutations;

#[Object]
impl SyllabusMutations {
    /// Sets a week of the syllabus of a subject in a term.
    async fn set_syllabus_week(
        &self,
        ctx: &Context<'_>,
        input: SetSyllabusWeekInput,
    ) -> async_graphql::Result<Option<SyllabusPayload>> {
        let done = run(ctx, &input, async {
            let of = planned(ctx, &input.subject_id, &input.term_id).await?;
            let term = ctx.document::<Terms>(of.term).await?;
            let term = term.as_ref().and_then(|known| known.term.as_ref()).ok_or_else(internal)?;
            let weeks = u8::try_from(term.days().weeks().min(MOST_WEEKS)).unwrap_or_default();
            let classes = input.classes.iter().map(class).collect::<Result<_, _>>()?;
            let set = SyllabusCommand::SetWeek { of, week: input.week, weeks, classes };
            Ok(Plan::of(vec![set.of(of.syllabus)], of.syllabus))
        });
        shown(ctx, done.await?).await
    }

    /// Gives a class a file.
    async fn add_syllabus_file(
        &self,
        ctx: &Context<'_>,
        input: AddSyllabusFileInput,
    ) -> async_graphql::Result<Option<SyllabusPayload>> {
        let done = run(ctx, &input, async {
            let of = planned(ctx, &input.subject_id, &input.term_id).await?;
            let by = ctx.viewer()?.person;
            let part_of = PartOf::Syllabus(of.syllabus);
            let (file, written) = handed_in(ctx, &input.file, by, part_of)?;
            let add = SyllabusCommand::AddFile { of, class: input.class, file, by };
            Ok(Plan::of(vec![add.of(of.syllabus)], of.syllabus).writing(written))
        });
        shown(ctx, done.await?).await
    }

    /// Takes a file away: nobody reads it any more but an auditor.
    async fn remove_syllabus_file(
        &self,
        ctx: &Context<'_>,
        input: RemoveSyllabusFileInput,
    ) -> async_graphql::Result<Option<SyllabusPayload>> {
        let done = run(ctx, &input, async {
            let of = planned(ctx, &input.subject_id, &input.term_id).await?;
            let file: FileId = input_id(&input.file_id, "fileId")?;
            let remove = SyllabusCommand::RemoveFile { of, file };
            Ok(Plan::of(vec![remove.of(of.syllabus)], of.syllabus))
        });
        shown(ctx, done.await?).await
    }
}

/// The syllabus that the viewer may set.
async fn planned(ctx: &Context<'_>, subject: &ID, term: &ID) -> Result<SyllabusOf, Fault> {
    let subject = known_subject(ctx, subject, "subjectId").await?;
    let term = known_term(ctx, term, "termId").await?;
    must_plan(ctx, subject, term, "subjectId").await?;
    Ok(SyllabusOf::of(subject, term))
}

fn class(input: &SyllabusClassInput) -> Result<Planned, Fault> {
    let field = "classes";
    let link = |input: &SyllabusLinkInput| {
        let label = optional_short(input.label.as_ref(), field)?;
        Ok(Link { address: long(&input.url, field)?, label })
    };
    let content = Content {
        component: short(&input.component, field)?,
        topic: short(&input.topic, field)?,
        text: input.content.as_deref().map(|text| long(text, field)).transpose()?,
        links: input.links.iter().map(link).collect::<Result<_, Fault>>()?,
        references: input
            .references
            .iter()
            .map(|text| long(text, field))
            .collect::<Result<_, _>>()?,
    };
    Ok(Planned { number: input.number, content })
}

async fn shown(
    ctx: &Context<'_>,
    mut done: Done,
) -> async_graphql::Result<Option<SyllabusPayload>> {
    let syllabus = done.show(0, |id| Syllabus::load(ctx, id)).await?;
    Ok(Some(SyllabusPayload::of(done, syllabus)))
}
