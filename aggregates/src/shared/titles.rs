//! What something is called in languages, beside the title that whoever set it up typed (docs/decisions/0020).

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{Fact, Language, Text};

/// What something is called, in those languages in which that is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Titles(BTreeMap<Language, Text>);

impl Titles {
    /// The title, if it is said in that language. In another than the reader's the one that was typed does as well.
    pub fn title(&self, language: Option<Language>) -> Option<&Text> {
        self.0.get(&language?)
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All that is said.
    pub fn all(&self) -> impl Iterator<Item = (Language, &Text)> {
        self.0.iter().map(|(language, title)| (*language, title))
    }
}

impl FromIterator<(Language, Text)> for Titles {
    fn from_iter<I: IntoIterator<Item = (Language, Text)>>(said: I) -> Self {
        Self(said.into_iter().collect())
    }
}

/// A name that was typed, with what it is called in languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// As it was typed.
    pub name: Text,
    /// What it is called in languages.
    pub titles: Titles,
}

impl Called {
    /// As facts: the name that was typed, and beside it (`group_kk` beside `group`) those in languages.
    pub fn facts(&self, name: &str) -> impl Iterator<Item = Fact> {
        let titles = self.titles.all();
        let titles = titles.map(move |(language, title)| Fact::new(&language.of_fact(name), title));
        [Fact::new(name, self)].into_iter().chain(titles)
    }
}

impl Language {
    /// The name of the fact that tells in this language what another one tells as it was typed.
    pub fn of_fact(self, name: &str) -> String {
        format!("{name}_{}", self.name())
    }
}

impl fmt::Display for Called {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(formatter)
    }
}
