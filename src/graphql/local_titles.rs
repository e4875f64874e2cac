//! What something is called in languages: as it is said in inputs, and told in answers (docs/decisions/0020).

use aggregates::shared::{Text, Titles};
use async_graphql::InputObject;

use super::{errors::Fault, request::short, settings::Language, subject_abouts::LocalText};
use crate::titles;

/// What something is called in a language.
#[derive(Debug, InputObject)]
pub struct LocalTextInput {
    /// In which language.
    language: Language,
    /// What it is called in it.
    text: String,
}

/// What an input says of it; none where it says nothing. Each language stands in it once.
pub fn read(said: Option<&Vec<LocalTextInput>>, field: &str) -> Result<Option<Titles>, Fault> {
    let Some(said) = said else { return Ok(None) };
    let read = said.iter().map(|one| Ok((one.language.into(), short(&one.text, field)?)));
    let titles = read.collect::<Result<Titles, Fault>>()?;
    match titles.all().count() == said.len() {
        true => Ok(Some(titles)),
        false => Err(Fault::user("NAMED_TWICE", field)),
    }
}

/// What it is called in the reader's language, or else what was typed.
pub fn local(typed: &Text, titles: &Titles) -> LocalText {
    let language = titles::language();
    let title = language.zip(titles.title(language));
    title.map_or_else(|| LocalText::plain(typed.as_str()), LocalText::of)
}

/// What it is called in all languages in which that is said.
pub fn all(titles: &Titles) -> Vec<LocalText> {
    titles.all().map(LocalText::of).collect()
}
