//! What lists filter and sort by: some top-level fields of a document, beside it in its row.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

/// A column of a view's table, beside the document, with an index.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name, which is also the document's top-level field.
    pub name: &'static str,
    /// Its type.
    pub kind: ColumnType,
}

/// The type of a column.
#[derive(Debug, Clone, Copy)]
pub enum ColumnType {
    /// Text, ordered by code points.
    Text,
    /// An integer; times are microseconds since 1970, days are days since 1970.
    Integer,
}

/// What a column says of a document; none where its field is null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnValue {
    /// A text.
    Text(Option<String>),
    /// An integer.
    Integer(Option<i64>),
}

impl Column {
    fn none(&self) -> ColumnValue {
        match self.kind {
            ColumnType::Text => ColumnValue::Text(None),
            ColumnType::Integer => ColumnValue::Integer(None),
        }
    }
}

/// What these columns say of a document as it is stored, in their order; an error where a field is of another type.
pub fn columns_of(
    columns: &[Column],
    payload: &str,
) -> Result<Vec<ColumnValue>, serde_json::Error> {
    if columns.is_empty() {
        return Ok(vec![]);
    }
    serde_json::Deserializer::from_str(payload).deserialize_map(Fields(columns))
}

/// The name of a field, not copied.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads the fields that have a column, and passes over the others.
struct Fields<'a>(&'a [Column]);

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = Vec<ColumnValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let mut values: Vec<_> = self.0.iter().map(Column::none).collect();
        while let Some(Name(name)) = fields.next_key()? {
            match self.0.iter().position(|column| column.name == name) {
                None => drop(fields.next_value::<IgnoredAny>()?),
                Some(place) => match &mut values[place] {
                    ColumnValue::Text(text) => *text = fields.next_value()?,
                    ColumnValue::Integer(number) => *number = fields.next_value()?,
                },
            }
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column { name: "due", kind: ColumnType::Integer },
        Column { name: "status", kind: ColumnType::Text },
        Column { name: "advisor", kind: ColumnType::Text },
    ];

    #[test]
    fn the_top_level_fields_alone_are_looked_at() {
        let document =
            r#"{"card":{"status":"inner","due":1},"status":"ә \"new\"","due":-5,"advisor":null}"#;
        let said = columns_of(&COLUMNS, document).unwrap();
        let status = ColumnValue::Text(Some("ә \"new\"".into()));
        assert_eq!(said, [ColumnValue::Integer(Some(-5)), status, ColumnValue::Text(None)]);
    }

    #[test]
    fn a_field_that_is_not_there_says_nothing() {
        let none = [ColumnValue::Integer(None), ColumnValue::Text(None), ColumnValue::Text(None)];
        assert_eq!(columns_of(&COLUMNS, "{}").unwrap(), none);
    }

    #[test]
    fn a_field_of_another_type_is_an_error() {
        assert!(columns_of(&COLUMNS, r#"{"due":"tomorrow"}"#).is_err());
        assert!(columns_of(&COLUMNS, r#"{"status":{"name":"new"}}"#).is_err());
        assert!(columns_of(&COLUMNS, "[]").is_err());
    }
}
