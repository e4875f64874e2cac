//! The scalars of the API.

use aggregates::shared::{Hundredths, Position, TimeOfDay};
use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use jiff::{Timestamp, civil};

/// An instant, RFC 3339 in UTC (`2026-09-01T04:00:00Z`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DateTime(pub Timestamp);

#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(text(&value)?.parse().map_err(InputValueError::custom)?))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A day of the calendar (`2026-09-01`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Date(pub civil::Date);

#[Scalar]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(&value)?;
        let strict = text.len() == 10;
        let date = text.parse().ok().filter(|_| strict);
        date.map(Self).ok_or_else(|| InputValueError::custom("not a day, as in 2026-09-01"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A time of day in the university's time zone (`09:30`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalTime(pub TimeOfDay);

#[Scalar]
impl ScalarType for LocalTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let time = text(&value)?.parse();
        time.map(Self).map_err(|()| InputValueError::custom("not a time of day, as in 09:30"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

macro_rules! hundredths {
    ($( $(#[doc = $doc:literal])* $name:ident ),* $(,)?) => { $(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $name(pub Hundredths);

        #[Scalar]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                decimal(&value).map(Self)
            }

            fn to_value(&self) -> Value {
                number(self.0)
            }
        }

        impl<T: Into<Hundredths>> From<T> for $name {
            fn from(value: T) -> Self {
                Self(value.into())
            }
        }
    )* };
}

hundredths! {
    /// A percentage, a number with at most two decimals.
    Percent,
    /// The points of a test, a number with at most two decimals.
    Points,
    /// Grade points or their average, a number with at most two decimals.
    Gpa,
    /// Credits (ECTS), a number with at most two decimals.
    Credits,
}

/// A place in the log: 1, 2, 3, ... without gaps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PositionScalar(pub Position);

#[Scalar(name = "Position")]
impl ScalarType for PositionScalar {
    fn parse(value: Value) -> InputValueResult<Self> {
        let number = match &value {
            Value::Number(number) => number.as_i64().filter(|number| *number >= 0),
            _ => None,
        };
        let position = number.map(|number| Self(Position(number)));
        position.ok_or_else(|| InputValueError::custom("not a position, which is 0 or more"))
    }

    fn to_value(&self) -> Value {
        Value::from(self.0.0)
    }
}

/// Any JSON: the data of an event, as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Json(pub serde_json::Value);

#[Scalar]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(value.into_json()?))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

fn text<T: async_graphql::InputType>(value: &Value) -> Result<&str, InputValueError<T>> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(InputValueError::custom("not a text")),
    }
}

fn decimal<T: async_graphql::InputType>(value: &Value) -> Result<Hundredths, InputValueError<T>> {
    let number = match value {
        Value::Number(number) => Hundredths::parse(&number.to_string()),
        _ => None,
    };
    number.ok_or_else(|| InputValueError::custom("not a number with at most two decimals"))
}

/// A JSON number; two decimals of this size are exact in it.
fn number(value: Hundredths) -> Value {
    if value.0 % 100 == 0 {
        Value::from(value.0 / 100)
    } else {
        Value::from(value.0 as f64 / 100.0)
    }
}
