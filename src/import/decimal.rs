//! Decimal numbers, exactly as they are written: scores and weights are never floats.

use aggregates::shared::Percent;
use serde::{Deserialize, Serialize};

/// The most digits, before and behind the point together.
const MAX_DIGITS: usize = 15;

/// `units` / 10^`places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Decimal {
    units: i64,
    places: u8,
}

impl Decimal {
    /// Reads `78`, `-0.5`, `+12.50` or `1.2e2`; none for anything else, or with too many digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i16>().ok()?),
            None => (text, 0),
        };
        let negative = mantissa.starts_with('-');
        let digits = mantissa.strip_prefix(['-', '+']).unwrap_or(mantissa);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let all = format!("{whole}{fraction}");
        let digits_only = all.bytes().all(|byte| byte.is_ascii_digit());
        if digits.len() <= usize::from(digits.contains('.')) || !digits_only {
            return None;
        }
        let places = i32::try_from(fraction.len()).ok()? - i32::from(exponent);
        let zeros = usize::try_from(-places).unwrap_or(0);
        let all = all.trim_start_matches('0');
        if all.is_empty() {
            return Some(Self { units: 0, places: 0 });
        }
        if all.len() + zeros > MAX_DIGITS || places > MAX_DIGITS as i32 {
            return None;
        }
        let units: i64 = format!("{all}{}", "0".repeat(zeros)).parse().ok()?;
        let places = u8::try_from(places.max(0)).ok()?;
        Some(Self { units: if negative { -units } else { units }, places })
    }

    /// Where it lies between `least` and `most`, in percent, rounded half up to a hundredth; none
    /// outside of them, or where they are not in order.
    pub(super) fn percent_between(self, least: Self, most: Self) -> Option<Percent> {
        let places = self.places.max(least.places).max(most.places);
        let from_least = |number: Self| number.scaled(places) - least.scaled(places);
        let (part, whole) = (from_least(self), from_least(most));
        if whole <= 0 || part < 0 || part > whole {
            return None;
        }
        let hundredths = (2 * part * 10_000 + whole) / (2 * whole);
        Percent::from_hundredths(i64::try_from(hundredths).ok()?)
    }

    /// As a percentage from 0 to 100, rounded half up to a hundredth.
    pub(super) fn as_percent(self) -> Option<Percent> {
        self.percent_between(Self { units: 0, places: 0 }, Self { units: 100, places: 0 })
    }

    /// Whether it is less than another.
    pub(super) fn is_below(self, other: Self) -> bool {
        let places = self.places.max(other.places);
        self.scaled(places) < other.scaled(places)
    }

    /// In units of so many places, at least its own.
    fn scaled(self, places: u8) -> i128 {
        i128::from(self.units) * 10_i128.pow(u32::from(places - self.places))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    fn percent(score: &str, least: &str, most: &str) -> Option<i64> {
        number(score).percent_between(number(least), number(most)).map(Percent::hundredths)
    }

    #[test]
    fn numbers_are_read_as_written_or_not_at_all() {
        assert_eq!(number("12.50"), Decimal { units: 125, places: 1 });
        assert_eq!(number("-.5"), Decimal { units: -5, places: 1 });
        assert_eq!(number("1.2e2"), number("120"));
        assert_eq!(number("5e-3"), number("0.005"));
        assert_eq!(number("0.0"), number("00"));
        for bad in ["", ".", "-", "+-1", "1,5", "1.2.3", "x", "NaN", "1e", "1e400", "0x10", "١"] {
            assert_eq!(Decimal::parse(bad), None, "{bad}");
        }
        assert_eq!(Decimal::parse("1234567890123456"), None);
    }

    #[test]
    fn a_score_is_its_share_of_the_range_rounded_half_up() {
        assert_eq!(percent("78", "0.0", "100.0"), Some(7800));
        assert_eq!(percent("1", "0", "3"), Some(3333));
        assert_eq!(percent("2", "0", "3"), Some(6667));
        assert_eq!(percent("0.00005", "0", "1"), Some(1));
        assert_eq!(percent("0.000049", "0", "1"), Some(0));
        assert_eq!(percent("-1", "-5", "5"), Some(4000));
        assert_eq!(percent("10", "0", "10"), Some(10_000));
    }

    #[test]
    fn a_score_outside_of_its_range_has_no_percent() {
        assert_eq!(percent("10.001", "0", "10"), None);
        assert_eq!(percent("-0.001", "0", "10"), None);
        assert_eq!(percent("1", "1", "1"), None);
        assert_eq!(percent("1", "10", "0"), None);
    }
}
