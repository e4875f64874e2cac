//! What a subject is about, in the reader's language (manual 2.8).

use std::sync::Arc;

use aggregates::{
    shared::{self, SubjectId},
    subject::{About, SubjectCommand},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use projections::subject_about::{SubjectAboutDocument, SubjectAbouts};

use super::{
    errors::Fault,
    mutation::{Plan, run},
    request::{Ask, input_id, long, optional_short, short},
    settings::Language,
    subjects::{SubjectPayload, shown},
};
use crate::titles;

/// A text in one of several languages.
#[derive(Clone, SimpleObject)]
pub struct LocalText {
    /// The text.
    text: String,
    /// The language it is in; none where nobody has said.
    language: Option<Language>,
}

impl LocalText {
    /// The text, in whatever language.
    pub fn into_text(self) -> String {
        self.text
    }

    /// A text in a language.
    pub fn of((language, text): (shared::Language, &shared::Text)) -> Self {
        Self { text: text.to_string(), language: Some(language.into()) }
    }

    /// A text of which nobody has said what language it is in.
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), language: None }
    }
}

/// What a subject is about.
pub struct Told(Arc<SubjectAboutDocument>);

impl Told {
    /// What is said of that subject.
    pub async fn of(ctx: &Context<'_>, subject: SubjectId) -> async_graphql::Result<Self> {
        Ok(Self(ctx.document::<SubjectAbouts>(subject).await?.unwrap_or_default()))
    }

    /// A part of it in the reader's language, or else in another.
    fn part<'a, T>(
        &'a self,
        part: impl Fn(&'a About) -> Option<T>,
    ) -> Option<(shared::Language, T)> {
        self.0.told(titles::language(), part)
    }

    /// The title in the reader's language; the one in the catalogue where none is said in it.
    pub fn title(&self, catalogue: &str) -> LocalText {
        let language = titles::language();
        let title = language.zip(self.0.title(language));
        title.map_or_else(|| LocalText::plain(catalogue), LocalText::of)
    }

    /// What is taught.
    pub fn description(&self) -> Option<LocalText> {
        self.part(|about| about.description.as_ref()).map(LocalText::of)
    }

    /// What whoever passes it can do.
    pub fn competences(&self) -> Vec<LocalText> {
        let told = self.part(|about| Some(&about.competences).filter(|said| !said.is_empty()));
        let each = told.into_iter().flat_map(|(language, competences)| {
            competences.iter().map(move |competence| LocalText::of((language, competence)))
        });
        each.collect()
    }
}

input! {
    /// What a subject is about, in one language: all of it, in the place of what was said before.
    DescribeSubjectInput {
        /// The subject.
        subject_id: ID,
        /// In which language.
        language: Language,
        /// Its title in that language.
        title: Option<String>,
        /// What is taught.
        description: Option<String>,
        /// What whoever passes it can do.
        #[graphql(default)]
        competences: Vec<String>,
    }
}

/// What a registrar says of subjects.
#[derive(Default)]
pub struct DescribingMutations;

#[Object]
impl DescribingMutations {
    /// Says what a subject is about in a language; with nothing in it, it is said in that language no longer.
    async fn describe_subject(
        &self,
        ctx: &Context<'_>,
        input: DescribeSubjectInput,
    ) -> async_graphql::Result<Option<SubjectPayload>> {
        let done = run(ctx, &input, async {
            let subject: SubjectId = input_id(&input.subject_id, "subjectId")?;
            let (language, about) = (input.language.into(), about(&input)?);
            let describe = SubjectCommand::Describe { subject, language, about };
            Ok(Plan::of(vec![describe.of(subject)], subject))
        });
        shown(ctx, done.await?).await
    }
}

fn about(input: &DescribeSubjectInput) -> Result<About, Fault> {
    let description = input.description.as_deref().map(|text| long(text, "description"));
    let competences = input.competences.iter().map(|text| short(text, "competences"));
    Ok(About {
        title: optional_short(input.title.as_ref(), "title")?,
        description: description.transpose()?,
        competences: competences.collect::<Result<_, _>>()?,
    })
}
