//! What subjects are about, apart from the catalogue: that is read whole, and this is long.

use std::collections::BTreeMap;

use aggregates::{
    Event,
    shared::{Language, Recorded, Text},
    subject::{About, SubjectEvent},
};
use serde::{Deserialize, Serialize};

use crate::View;

/// One document a subject that was ever described.
pub struct SubjectAbouts;

/// What a subject is about.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SubjectAboutDocument {
    /// In the languages in which something is said.
    pub said: BTreeMap<Language, About>,
}

impl SubjectAboutDocument {
    /// The title, if it is said in that language. In another than the reader's the one in the catalogue does as well,
    /// which everybody knows the subject by.
    pub fn title(&self, language: Option<Language>) -> Option<&Text> {
        self.said.get(&language?)?.title.as_ref()
    }

    /// Something that is said, in that language or else in another, with the language that it is in.
    pub fn told<'a, T>(
        &'a self,
        language: Option<Language>,
        part: impl Fn(&'a About) -> Option<T>,
    ) -> Option<(Language, T)> {
        let wanted = language.iter().chain(self.said.keys());
        wanted.copied().find_map(|language| Some((language, part(self.said.get(&language)?)?)))
    }
}

impl View for SubjectAbouts {
    const NAME: &'static str = "subject_about";
    const VERSION: u32 = 1;
    type Document = SubjectAboutDocument;

    fn keys(event: &Event) -> Vec<String> {
        match event {
            Event::Subject(SubjectEvent::Described { subject, .. }) => vec![subject.to_string()],
            _ => vec![],
        }
    }

    fn apply(document: &mut SubjectAboutDocument, _: &str, recorded: &Recorded) {
        let Event::Subject(SubjectEvent::Described { language, about, .. }) = &recorded.event
        else {
            return;
        };
        if about.is_empty() {
            document.said.remove(language);
        } else {
            document.said.insert(*language, about.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_in_a_language_is_told_in_another() {
        let text = |text| Text::short(text).ok();
        let russian =
            About {
                title: text("Анализ"), description: text("Пределы"), ..About::default()
            };
        let english =
            About { title: text("Calculus"), description: text("Limits"), ..About::default() };
        let said = [(Language::Russian, russian), (Language::English, english)].into();
        let document = SubjectAboutDocument { said };
        let description = |language| {
            let told = document.told(language, |about| about.description.as_ref());
            told.map(|(language, text)| (language, text.as_str()))
        };
        assert_eq!(description(Some(Language::English)), Some((Language::English, "Limits")));
        assert_eq!(description(Some(Language::Kazakh)), Some((Language::Russian, "Пределы")));
        assert_eq!(description(None), Some((Language::Russian, "Пределы")));
        let competences = |about: &About| (!about.competences.is_empty()).then_some(());
        assert_eq!(document.told(Some(Language::Russian), competences), None);
    }

    #[test]
    fn a_title_is_told_in_the_readers_language_or_not_at_all() {
        let english = About { title: Text::short("Calculus").ok(), ..About::default() };
        let kazakh = About { description: Text::short("Шектер").ok(), ..About::default() };
        let said = [(Language::English, english), (Language::Kazakh, kazakh)].into();
        let document = SubjectAboutDocument { said };
        let title = |language| document.title(language).map(Text::as_str);
        assert_eq!(title(Some(Language::English)), Some("Calculus"));
        assert_eq!(title(Some(Language::Russian)), None);
        assert_eq!(title(Some(Language::Kazakh)), None, "something is said in it, but no title");
        assert_eq!(title(None), None);
    }
}
