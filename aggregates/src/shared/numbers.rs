//! Fixed-point numbers, never floats: hundredths of a percent, a credit or a grade point.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number as somebody gave it, in hundredths, not yet held to any range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hundredths(pub i64);

impl Hundredths {
    /// Reads a decimal number of at most two places (`-3`, `79.5`, `8e1`); none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let shift = exponent.checked_add(2)?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        let trimmed = all.trim_start_matches('0');
        let value: i64 = if trimmed.is_empty() {
            0
        } else if shift >= 0 {
            let factor = 10_i64.checked_pow(shift.unsigned_abs())?;
            trimmed.parse::<i64>().ok()?.checked_mul(factor)?
        } else {
            let cut = trimmed.len().checked_sub(shift.unsigned_abs() as usize)?;
            let (kept, lost) = trimmed.split_at(cut);
            if lost.bytes().any(|byte| byte != b'0') {
                return None;
            }
            if kept.is_empty() { 0 } else { kept.parse().ok()? }
        };
        Some(Self(if negative { -value } else { value }))
    }
}

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let sign = if self.0 < 0 { "-" } else { "" };
        match part {
            0 => write!(f, "{sign}{whole}"),
            part if part % 10 == 0 => write!(f, "{sign}{whole}.{}", part / 10),
            part => write!(f, "{sign}{whole}.{part:02}"),
        }
    }
}

macro_rules! hundredths {
    ($( $(#[$meta:meta])* $name:ident($inner:ty), up to $most:literal; )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(try_from = "i64", into = "i64")]
        pub struct $name($inner);

        impl $name {
            /// The most there may be.
            pub const MOST: Self = Self($most);

            /// From hundredths; none outside the type's range.
            pub const fn from_hundredths(value: i64) -> Option<Self> {
                if value < 0 || value > $most { None } else { Some(Self(value as $inner)) }
            }

            /// A whole number, held to the type's range.
            pub const fn whole(value: u16) -> Self {
                let value = value as i64 * 100;
                Self(if value > $most { $most } else { value } as $inner)
            }

            /// In hundredths.
            pub const fn hundredths(self) -> i64 {
                self.0 as i64
            }
        }

        impl TryFrom<i64> for $name {
            type Error = String;
            fn try_from(value: i64) -> Result<Self, Self::Error> {
                Self::from_hundredths(value).ok_or_else(|| format!("{value} is out of range"))
            }
        }

        impl From<$name> for i64 {
            fn from(value: $name) -> i64 {
                value.hundredths()
            }
        }

        impl From<$name> for Hundredths {
            fn from(value: $name) -> Self {
                Self(value.hundredths())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Hundredths::from(*self).fmt(f)
            }
        }
    )* };
}

hundredths! {
    /// A percentage from 0 to 100, in hundredths of a percent.
    Percent(u16), up to 10_000;
    /// Credits (ECTS), in hundredths of a credit.
    Credits(u32), up to 100_000_000;
    /// The points of a test, in hundredths.
    Score(u32), up to 100_000_000;
    /// Grade points of the scale (4.0 is the most by default), in hundredths.
    Points(u16), up to 10_000;
}

macro_rules! sums {
    ($( $name:ident ),*) => { $(
        impl std::ops::Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }

        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
                all.fold(Self(0), |sum, next| sum + next)
            }
        }
    )* };
}

sums!(Credits, Score);

/// A number in an answer, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Number(i64);

impl Number {
    /// Nought.
    pub const ZERO: Self = Self(0);
    /// How far from nought it may be, to either side.
    pub const MOST: i64 = 1_000_000_000;

    /// The millionth nearest to a number; none outside a billion to either side.
    pub fn from_f64(value: f64) -> Option<Self> {
        (value.is_finite() && value.abs() <= Self::MOST as f64)
            .then(|| Self((value * 1e6).round() as i64))
    }

    /// As a floating-point number, for a JSON number.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// How far it is to another one, in millionths.
    pub fn distance(self, other: Self) -> u64 {
        self.0.abs_diff(other.0)
    }
}

impl Credits {
    /// What is missing up to `goal`; nothing where it is reached.
    pub fn missing_to(self, goal: Self) -> Self {
        Self(goal.0.saturating_sub(self.0))
    }
}

impl Percent {
    /// The weighted mean, rounded half up to a hundredth; none where the weights add up to nothing.
    pub fn mean(parts: impl IntoIterator<Item = (Percent, Percent)>) -> Option<Self> {
        let (sum, weights) = weighed(parts);
        (weights > 0).then(|| Self(((2 * sum + weights) / (2 * weights)) as u16))
    }

    /// The share of a part in a whole, rounded half up to a hundredth; nothing where the whole is
    /// nothing.
    pub fn share(part: i64, whole: i64) -> Self {
        let (part, whole) = (part.clamp(0, whole.max(0)), whole.max(0));
        if whole == 0 { Self(0) } else { Self(((part * 20_000 + whole) / (2 * whole)) as u16) }
    }

    /// The weighted mean, rounded half up to a whole percent.
    pub fn whole_mean(parts: impl IntoIterator<Item = (Percent, Percent)>) -> Option<Self> {
        let (sum, weights) = weighed(parts);
        let unit = weights * 100;
        (weights > 0).then(|| Self(((2 * sum + unit) / (2 * unit) * 100) as u16))
    }
}

/// The sum of value x weight, and of the weights.
fn weighed(parts: impl IntoIterator<Item = (Percent, Percent)>) -> (u64, u64) {
    parts.into_iter().fold((0, 0), |(sum, weights), (value, weight)| {
        (sum + u64::from(value.0) * u64::from(weight.0), weights + u64::from(weight.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_to_the_hundredth_and_no_further() {
        for (text, value) in [
            ("79.5", Some(7950)),
            ("-3", Some(-300)),
            ("8e1", Some(8000)),
            ("0.10", Some(10)),
            ("100.000", Some(10_000)),
            ("1.005", None),
            ("5e-3", None),
            ("0.0", Some(0)),
            ("", None),
            ("1e400", None),
            ("1e2147483647", None),
            ("1e-2147483648", None),
            (".5", Some(50)),
            ("x", None),
        ] {
            assert_eq!(Hundredths::parse(text), value.map(Hundredths), "{text}");
        }
    }

    #[test]
    fn they_print_without_needless_zeros() {
        let printed = [8000, 8050, 8005, -5].map(|value| Hundredths(value).to_string());
        assert_eq!(printed, ["80", "80.5", "80.05", "-0.05"]);
    }

    #[test]
    fn a_mean_is_rounded_half_up() {
        let half = Percent::whole(50);
        let mean = |a, b| Percent::mean([(Percent(a), half), (Percent(b), half)]);
        assert_eq!(mean(7933, 8000), Some(Percent(7967)));
        let whole = |a, b| Percent::whole_mean([(Percent(a), half), (Percent(b), half)]);
        assert_eq!(whole(8900, 9000), Some(Percent(9000)));
        assert_eq!(whole(8899, 9000), Some(Percent(8900)));
        assert_eq!(Percent::mean([]), None);
    }
}
