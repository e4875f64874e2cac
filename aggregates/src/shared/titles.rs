//! What something is called in languages, beside the title that whoever set it up typed (docs/decisions/0020).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Language, Text};

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
