//! Texts from outside: trimmed, not empty, bounded, without U+0000 and other control characters.

use serde::{Deserialize, Serialize};

/// The most characters of a name, a title or a code.
pub const MAX_SHORT_TEXT: usize = 200;
/// The most characters of a reason or a comment.
pub const MAX_LONG_TEXT: usize = 4_000;

/// Why a text is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFlaw {
    /// Nothing but white space.
    Empty,
    /// More characters than the most allowed.
    TooLong {
        /// How many it may have.
        most: usize,
        /// How many it has.
        length: usize,
    },
    /// Holds U+0000 or another control character.
    Control,
}

/// A title, a code or a name: 1 to [`MAX_SHORT_TEXT`] characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// Takes a short text, trimmed.
    pub fn short(text: &str) -> Result<Self, TextFlaw> {
        checked(text, MAX_SHORT_TEXT).map(Self)
    }

    /// Takes a long text, trimmed.
    pub fn long(text: &str) -> Result<Self, TextFlaw> {
        checked(text, MAX_LONG_TEXT).map(Self)
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it begins with a scheme of the web and a host. Nobody's name stands before the host: such an address
    /// leads elsewhere than it seems to.
    pub fn leads_to_the_web(&self) -> bool {
        let Some((scheme, rest)) = self.0.split_once("://") else { return false };
        let web = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        let whole = !self.0.contains(|letter: char| letter.is_whitespace() || letter.is_control());
        web && whole && !host.is_empty() && !host.contains('@')
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

fn checked(text: &str, most: usize) -> Result<String, TextFlaw> {
    let text = text.trim();
    let length = text.chars().count();
    if text.is_empty() {
        Err(TextFlaw::Empty)
    } else if length > most {
        Err(TextFlaw::TooLong { most, length })
    } else if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        Err(TextFlaw::Control)
    } else {
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flaws_are_told_apart() {
        assert_eq!(Text::short("  \n").unwrap_err(), TextFlaw::Empty);
        assert_eq!(Text::short("a\0b").unwrap_err(), TextFlaw::Control);
        let flaw = TextFlaw::TooLong { most: 200, length: 201 };
        assert_eq!(Text::short(&"ә".repeat(201)).unwrap_err(), flaw);
        assert_eq!(Text::short(" Алгебра ").unwrap().as_str(), "Алгебра");
    }
}
