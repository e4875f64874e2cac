//! What can be asked of a replay.

use std::str::FromStr;

use aggregates::{Event, shared::Position};
use clap::builder::PossibleValuesParser;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use uuid::Uuid;

/// All event types; another one is refused with those that are like it.
pub(super) fn event_types() -> PossibleValuesParser {
    let types = Event::CATALOGUE.iter().flat_map(|(_, types)| types.iter().map(|(name, _)| *name));
    PossibleValuesParser::new(types)
}

/// An aggregate, `TYPE/ID`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AggregateName {
    pub(super) kind: &'static str,
    pub(super) id: String,
}

impl FromStr for AggregateName {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, id) = text.split_once('/').ok_or("it has to be TYPE/ID")?;
        let mut kinds = Event::CATALOGUE.iter().map(|(kind, _)| *kind);
        let known = kinds.clone().collect::<Vec<_>>().join(", ");
        let kind = kinds
            .find(|known| known.eq_ignore_ascii_case(kind))
            .ok_or_else(|| format!("no aggregate type `{kind}`; there are {known}"))?;
        let id: Uuid = id.parse().map_err(|error| format!("`{id}` is no id: {error}"))?;
        Ok(Self { kind, id: id.to_string() })
    }
}

/// A time, as somebody writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Moment {
    /// Anywhere.
    Instant(Timestamp),
    /// At the university.
    Local(DateTime),
    /// All day long, at the university.
    Day(Date),
}

impl Moment {
    /// Its first microsecond since 1970.
    pub(super) fn first(&self, zone: &TimeZone) -> Result<i64, jiff::Error> {
        let instant = match self {
            Self::Instant(instant) => *instant,
            Self::Local(local) => zone.to_timestamp(*local)?,
            Self::Day(day) => zone.to_timestamp(day.at(0, 0, 0, 0))?,
        };
        Ok(instant.as_microsecond())
    }

    /// Its last microsecond since 1970.
    pub(super) fn last(&self, zone: &TimeZone) -> Result<i64, jiff::Error> {
        match self {
            Self::Instant(_) | Self::Local(_) => self.first(zone),
            Self::Day(day) => Ok(Self::Day(day.checked_add(1.day())?).first(zone)? - 1),
        }
    }
}

impl FromStr for Moment {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let read = if text.len() <= 10 {
            text.parse().map(Self::Day)
        } else {
            text.parse().map(Self::Instant).or_else(|_| text.parse().map(Self::Local))
        };
        read.map_err(|_| {
            format!(
                "`{text}` is no time; write 2026-09-01, 2026-09-01T08:30 or 2026-09-01T03:30:00Z"
            )
        })
    }
}

/// Up to when, or up to where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Until {
    Moment(Moment),
    Position(Position),
}

impl FromStr for Until {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(position) => Ok(Self::Position(Position(position))),
            Err(_) => text
                .parse()
                .map(Self::Moment)
                .map_err(|error: String| format!("{error}, or a position")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_lasts_from_midnight_to_midnight_at_the_university() {
        let zone = TimeZone::get("Asia/Almaty").unwrap();
        let day: Moment = "2026-09-01".parse().unwrap();
        let micros = |text: &str| text.parse::<Timestamp>().unwrap().as_microsecond();
        assert_eq!(day.first(&zone).unwrap(), micros("2026-08-31T19:00:00Z"));
        assert_eq!(day.last(&zone).unwrap(), micros("2026-09-01T19:00:00Z") - 1);
    }

    #[test]
    fn times_are_read_with_and_without_a_zone() {
        let zone = TimeZone::get("Asia/Almaty").unwrap();
        let first = |text: &str| text.parse::<Moment>().unwrap().first(&zone).unwrap();
        let instant = first("2026-09-01T03:30:00Z");
        assert_eq!(instant, first("2026-09-01T08:30"));
        assert_eq!(instant, first("2026-09-01 08:30:00"));
        assert_eq!(instant, first("2026-09-01T05:30:00+02:00"));
        for bad in ["", "yesterday", "2026-13-01", "2026-09-01T25:00", "20260"] {
            assert!(bad.parse::<Moment>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_number_is_a_position() {
        assert_eq!("17".parse(), Ok(Until::Position(Position(17))));
        assert!(matches!("2026-09-01".parse(), Ok(Until::Moment(Moment::Day(_)))));
        assert!("x".parse::<Until>().is_err());
    }

    #[test]
    fn an_aggregate_is_named_by_type_and_id() {
        let name: AggregateName = "iep/6B29FC40-CA47-1067-B31D-00DD010662DA".parse().unwrap();
        assert_eq!((name.kind, name.id.as_str()), ("Iep", "6b29fc40-ca47-1067-b31d-00dd010662da"));
        assert!("Iep".parse::<AggregateName>().is_err());
        assert!("Iep/7".parse::<AggregateName>().is_err());
        let error = "Ipe/6b29fc40-ca47-1067-b31d-00dd010662da".parse::<AggregateName>();
        assert!(error.unwrap_err().contains("Enrollment"));
    }
}
