//! Windows of the calendar, and meetings of a stream.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// From when until when something is open: `opens_at` belongs to it, `closes_at` does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The first instant.
    pub opens_at: Timestamp,
    /// The instant it is over.
    pub closes_at: Timestamp,
}

impl Window {
    /// Whether it is over before it begins, or as it does.
    pub fn is_empty(&self) -> bool {
        self.closes_at <= self.opens_at
    }

    /// Whether `at` lies in it.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.opens_at <= at && at < self.closes_at
    }

    /// Whether the whole of another one lies in it.
    pub fn covers(&self, other: &Self) -> bool {
        self.opens_at <= other.opens_at && other.closes_at <= self.closes_at
    }

    /// Whether both are open at some instant.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.opens_at < other.closes_at && other.opens_at < self.closes_at
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl fmt::Display for Weekday {
    /// As programs know it: `monday`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        })
    }
}

impl Weekday {
    /// From Monday on.
    pub const ALL: [Weekday; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// How many days it is after Monday.
    pub fn days_after_monday(self) -> i64 {
        self as i64
    }
}

/// A time of day in the university's time zone, in minutes after midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// Midnight at the end of the day.
    pub const END_OF_DAY: Self = Self(24 * 60);

    /// From minutes after midnight; none past the end of the day.
    pub fn from_minutes(minutes: u32) -> Option<Self> {
        u16::try_from(minutes).ok().map(Self).filter(|time| *time <= Self::END_OF_DAY)
    }

    /// Minutes after midnight.
    pub fn minutes(self) -> u32 {
        self.0.into()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = ();

    /// `HH:MM`, also with `:SS` behind it, which must be zero.
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split(':');
        let mut next = || {
            let part = parts.next()?;
            (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| part.parse::<u32>().ok())?
        };
        let (hours, minutes) = (next().ok_or(())?, next().ok_or(())?);
        let seconds_fit = text.len() == 5 || (text.len() == 8 && text.ends_with(":00"));
        if hours > 24 || minutes > 59 || !seconds_fit {
            return Err(());
        }
        Self::from_minutes(hours * 60 + minutes).ok_or(())
    }
}

/// The weeks of a term in which a meeting takes place: one `0` or `1` a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weeks(String);

impl Weeks {
    /// Every week.
    pub fn every() -> Self {
        Self(String::new())
    }

    /// Takes `0` and `1` only, at most 60 of them; an empty text means every week.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() <= usize::from(Self::MOST)
            && text.bytes().all(|byte| matches!(byte, b'0' | b'1')))
        .then(|| Self(text.to_owned()))
    }

    /// Those weeks for which it is so, from the first on; for no week at all it is every week.
    pub(super) fn of(held: impl Iterator<Item = bool>) -> Self {
        Self(held.map(|held| if held { '1' } else { '0' }).collect())
    }

    /// One `0` or `1` a week; empty: every week.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many weeks may be told one by one.
    pub const MOST: u8 = 60;

    /// The number of the last one, from 1; none where it is every week.
    pub fn last(&self) -> Option<usize> {
        self.0.rfind('1').map(|place| place + 1)
    }

    /// Whether the week of that number, from 0, is one of them.
    pub fn holds(&self, week: usize) -> bool {
        self.0.is_empty() || self.0.as_bytes().get(week) == Some(&b'1')
    }

    /// Whether there is a week in both.
    pub fn meets(&self, other: &Self) -> bool {
        if self.0.is_empty() || other.0.is_empty() {
            return self.0.contains('1') || other.0.contains('1') || self.0 == other.0;
        }
        let pairs = self.0.bytes().zip(other.0.bytes());
        pairs.into_iter().any(|pair| pair == (b'1', b'1'))
    }

    /// The weeks that are in both.
    pub fn common(&self, other: &Self) -> Self {
        match (self.0.is_empty(), other.0.is_empty()) {
            (true, _) => other.clone(),
            (_, true) => self.clone(),
            (false, false) => {
                let pairs = self.0.bytes().zip(other.0.bytes());
                Self::of(pairs.map(|pair| pair == (b'1', b'1')))
            }
        }
    }
}

impl fmt::Display for Weeks {
    /// The numbers of the weeks, from 1: `1-3, 5`; `every` where they are all.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("every");
        }
        let held = (1..).zip(self.0.bytes()).filter(|(_, held)| *held == b'1');
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (week, _) in held {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == week => *last = week,
                _ => runs.push((week, week)),
            }
        }
        let told = runs.iter().map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        });
        f.write_str(&told.collect::<Vec<_>>().join(", "))
    }
}

/// When and where a stream meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// The day.
    pub weekday: Weekday,
    /// From.
    pub starts_at: TimeOfDay,
    /// To.
    pub ends_at: TimeOfDay,
    /// In which weeks of the term.
    pub weeks: Weeks,
    /// Where, as far as known.
    pub room: Option<String>,
}

impl Meeting {
    /// Whether both are at the same time in at least one week.
    pub fn clashes(&self, other: &Self) -> bool {
        self.is_at_the_hour_of(other) && self.weeks.meets(&other.weeks)
    }

    /// The same, whatever the weeks.
    pub(super) fn is_at_the_hour_of(&self, other: &Self) -> bool {
        self.weekday == other.weekday
            && self.starts_at < other.ends_at
            && other.starts_at < self.ends_at
    }

    /// The last week in which one of these is, where a term of so many weeks has not got it.
    pub fn week_beyond(meetings: &[Self], weeks: i32) -> Option<usize> {
        let last = meetings.iter().filter_map(|meeting| meeting.weeks.last()).max();
        last.filter(|last| usize::try_from(weeks).is_ok_and(|weeks| *last > weeks))
    }

    /// A meeting of the subject with that code: `MATH1 monday 09:00-10:40`.
    pub fn told(&self, code: impl fmt::Display) -> String {
        let Self { weekday, starts_at, ends_at, .. } = self;
        format!("{code} {weekday} {starts_at}-{ends_at}")
    }

    /// When both are, if they ever are: on which day, from when to when, and in which weeks.
    pub fn overlap(&self, other: &Self) -> Option<Self> {
        self.clashes(other).then(|| Self {
            weekday: self.weekday,
            starts_at: self.starts_at.max(other.starts_at),
            ends_at: self.ends_at.min(other.ends_at),
            weeks: self.weeks.common(&other.weeks),
            room: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meeting(from: &str, to: &str, weeks: &str) -> Meeting {
        Meeting {
            weekday: Weekday::Monday,
            starts_at: from.parse().unwrap(),
            ends_at: to.parse().unwrap(),
            weeks: Weeks::parse(weeks).unwrap(),
            room: None,
        }
    }

    #[test]
    fn meetings_clash_only_at_the_same_time_in_the_same_week() {
        let first = meeting("09:00", "10:00", "1010");
        assert!(first.clashes(&meeting("09:59", "11:00", "0010")));
        assert!(!first.clashes(&meeting("10:00", "11:00", "1010")));
        assert!(!first.clashes(&meeting("09:00", "10:00", "0101")));
        assert!(first.clashes(&meeting("09:00", "10:00", "")));
        assert!(meeting("09:00", "10:00", "").clashes(&meeting("09:00", "10:00", "")));
        assert!(!meeting("09:00", "10:00", "").clashes(&meeting("09:00", "10:00", "00")));
    }

    #[test]
    fn what_two_meetings_have_in_common_is_told() {
        let told = |one: &Meeting, other: &Meeting| {
            let Meeting { weekday, starts_at, ends_at, weeks, .. } = one.overlap(other)?;
            Some(format!("{weekday} {starts_at}-{ends_at}, weeks {weeks}"))
        };
        let first = meeting("09:00", "10:00", "1110101");
        let later = meeting("09:30", "11:00", "1111110");
        let both = Some("monday 09:30-10:00, weeks 1-3, 5".to_owned());
        assert_eq!(told(&first, &later), both);
        assert_eq!(told(&later, &first), both);
        let always = meeting("08:00", "12:00", "");
        let whole = Some("monday 09:00-10:00, weeks 1-3, 5, 7".to_owned());
        assert_eq!(told(&always, &first), whole);
        assert_eq!(told(&first, &always), whole);
        let every = Some("monday 08:00-12:00, weeks every".to_owned());
        assert_eq!(told(&always, &always), every);
        assert_eq!(told(&first, &meeting("10:00", "11:00", "")), None);
    }

    #[test]
    fn the_last_week_is_the_last_one_in_which_it_meets() {
        let last = |weeks: &str| Weeks::parse(weeks).unwrap().last();
        assert_eq!(["1", "010100", "000", ""].map(last), [Some(1), Some(4), None, None]);
        let meetings = ["1", "010100", ""].map(|weeks| meeting("09:00", "10:00", weeks));
        assert_eq!(Meeting::week_beyond(&meetings, 4), None);
        assert_eq!(Meeting::week_beyond(&meetings, 3), Some(4));
    }

    #[test]
    fn times_of_day_are_read_strictly() {
        for bad in ["9:00", "24:01", "12:60", "12", "12:00:30", "ab:cd", "+1:00"] {
            assert!(bad.parse::<TimeOfDay>().is_err(), "{bad}");
        }
        assert_eq!("23:05:00".parse::<TimeOfDay>().unwrap().to_string(), "23:05");
    }
}
