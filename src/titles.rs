//! What subjects, programmes, terms and periods are called in the reader's language (docs/decisions/0019, 0020).

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use aggregates::shared::{self, Language, SubjectId, Text};
use projections::subject_about::{SubjectAboutDocument, SubjectAbouts};

use crate::{database::StoreError, messages, views::Views};

/// What some subjects are called.
pub struct Titles(HashMap<String, Arc<SubjectAboutDocument>>);

impl Titles {
    /// Of these subjects, in one read.
    pub async fn of(
        views: &Views,
        subjects: impl IntoIterator<Item = SubjectId>,
    ) -> Result<Self, StoreError> {
        let subjects: BTreeSet<_> = subjects.into_iter().collect();
        let keys: Vec<_> = subjects.iter().map(ToString::to_string).collect();
        Ok(Self(views.get_many::<SubjectAbouts>(&keys).await?))
    }

    /// What a subject is called in the reader's language, where it has a title in it; where not, what the catalogue
    /// calls it, or called it then.
    pub fn title<'t>(&'t self, subject: SubjectId, catalogue: &'t Text) -> &'t Text {
        let about = self.0.get(&subject.to_string());
        about.and_then(|about| about.title(language())).unwrap_or(catalogue)
    }
}

/// What something is called in the reader's language, where it has a title in it; where not, the one that was typed.
pub fn local<'t>(typed: &'t Text, titles: &'t shared::Titles) -> &'t Text {
    titles.title(language()).unwrap_or(typed)
}

/// The reader's language as things are said in it.
pub fn language() -> Option<Language> {
    Language::named(messages::language())
}
