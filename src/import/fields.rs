//! The fields of a row as what they stand for.

use aggregates::shared::{Fact, Text, TextFlaw};
use jiff::civil::Date;

use super::{decimal::Decimal, flaw::Flaw, table::Row};

impl Row {
    /// What has to be there.
    pub(super) fn required(&self, column: &str) -> Result<&str, Flaw> {
        self.get(column).ok_or_else(|| Flaw::empty(column))
    }

    /// A name, a title or a code.
    pub(super) fn text(&self, column: &str) -> Result<Option<Text>, Flaw> {
        self.get(column).map(|text| short(column, text)).transpose()
    }

    /// A name, a title or a code that has to be there.
    pub(super) fn required_text(&self, column: &str) -> Result<Text, Flaw> {
        short(column, self.required(column)?)
    }

    /// An id of the source system.
    pub(super) fn id(&self, column: &str) -> Result<String, Flaw> {
        self.required_text(column).map(String::from)
    }

    /// A day, `2026-09-01`.
    pub(super) fn date(&self, column: &str) -> Result<Option<Date>, Flaw> {
        let Some(text) = self.get(column) else { return Ok(None) };
        // Longer forms (with a time, without hyphens) would be read too, and are no dates here.
        let date = Some(text).filter(|text| text.len() == 10).and_then(|text| text.parse().ok());
        date.map(Some).ok_or_else(|| Flaw::of_text(column, "NO_DATE", text))
    }

    /// A day that has to be there.
    pub(super) fn required_date(&self, column: &str) -> Result<Date, Flaw> {
        self.date(column)?.ok_or_else(|| Flaw::empty(column))
    }

    /// A decimal number.
    pub(super) fn number(&self, column: &str) -> Result<Option<Decimal>, Flaw> {
        let Some(text) = self.get(column) else { return Ok(None) };
        let number = Decimal::parse(text);
        number.map(Some).ok_or_else(|| Flaw::of_text(column, "NO_NUMBER", text))
    }

    /// Ids behind one another, with commas between them.
    pub(super) fn list(&self, column: &str) -> impl Iterator<Item = &str> {
        let parts = self.get(column).unwrap_or_default().split(',');
        parts.map(str::trim).filter(|part| !part.is_empty())
    }
}

pub(super) fn short(column: &str, text: &str) -> Result<Text, Flaw> {
    Text::short(text).map_err(|flaw| match flaw {
        TextFlaw::Empty => Flaw::empty(column),
        TextFlaw::TooLong { most, .. } => {
            Flaw::told(column, "TOO_LONG", &[Fact::new("most", most)])
        }
        TextFlaw::Control => Flaw::told(column, "CONTROL", &[]),
    })
}
