//! What a list lets through, as it grows filter by filter.

use projections::alphabet::sort_key;

use crate::database::Value;

/// Conditions that all have to hold, with what fills their placeholders.
#[derive(Default)]
pub struct Conditions {
    tests: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    /// One more; its `?` stands for the value.
    pub fn test(&mut self, text: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        self.tests.push(text.replace('?', &format!("${}", self.values.len())));
    }

    /// One more, which says all by itself.
    pub fn hold(&mut self, text: &str) {
        self.tests.push(text.to_owned());
    }

    /// One more: a column has one of these values; where there is none, nothing is let through.
    pub fn among<V: Into<Value>>(&mut self, column: &str, values: impl IntoIterator<Item = V>) {
        let first = self.values.len() + 1;
        self.values.extend(values.into_iter().map(Into::into));
        let places: Vec<_> = (first..=self.values.len()).map(|place| format!("${place}")).collect();
        self.tests.push(match places.is_empty() {
            true => "1 = 0".to_owned(),
            false => format!("{column} IN ({})", places.join(", ")),
        });
    }

    /// One more: a name, by what lists of people sort by, begins so.
    pub fn begin(&mut self, name: &str, prefix: &str) {
        let key = sort_key(prefix.trim());
        self.test(&format!("{name} >= ?"), key.as_str());
        self.test(&format!("{name} < ?"), format!("{key}\u{10ffff}"));
    }

    /// As a database takes them; none lets everything through.
    pub fn written(mut self) -> (String, Vec<Value>) {
        if self.tests.is_empty() {
            self.hold("1 = 1");
        }
        (self.tests.join(" AND "), self.values)
    }
}
